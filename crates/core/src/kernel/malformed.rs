//! The reason why an input can't be read.

use std::fmt;

/// The path of a field, then the rule that it breaks (`data.amount: more than 2 decimals`).
/// It never quotes the value: reasons are logged, and values may be personal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Malformed {
    reason: String,
}

impl Malformed {
    pub fn new(path: &str, rule: impl fmt::Display) -> Self {
        Malformed { reason: format!("{path}: {rule}") }
    }

    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

/// `parent.key`, as reasons spell it. A key that isn't a plain name is shown as `?`: senders choose keys, and logs show paths.
pub(crate) fn path_to(parent: &str, key: &str) -> String {
    let plain = (1..=64).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let shown = if plain { key } else { "?" };
    if parent.is_empty() { shown.to_owned() } else { format!("{parent}.{shown}") }
}
