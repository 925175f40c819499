//! Operators: who they are, and what they may do.

use super::{names::names, text::is_visible, timestamp::Timestamp};

names! {
    /// Each may do what those before it may.
    Role {
        Viewer = "viewer",
        Auditor = "auditor",
        Operator = "operator",
        Supervisor = "supervisor",
    }
}

impl Role {
    /// Whether commands are taken from it.
    pub fn may_act(self) -> bool {
        self >= Role::Operator
    }

    /// Whether it may decide on what somebody else asks for.
    pub fn may_approve(self) -> bool {
        self == Role::Supervisor
    }
}

/// A person whose token was verified.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Operator {
    pub email: String,
    /// Of a verified token the account: it stays the same when the person changes the address. None: nobody has signed the token.
    pub account: Option<String>,
    pub role: Role,
    /// When the person last showed who they are.
    pub signed_in_at: Timestamp,
}

impl Operator {
    pub fn is(&self, name: &str) -> bool {
        is_same(&self.email, name)
    }
}

/// Whether two names are one person's: one person in two spellings is one person, or two would be had from one.
pub fn is_same(a: &str, b: &str) -> bool {
    let letters = |name: &str| name.chars().filter(|c| is_visible(*c)).flat_map(char::to_lowercase).collect::<String>();
    letters(a) == letters(b)
}
