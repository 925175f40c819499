//! The functions that consume messages.

/// A subscription of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Consumer {
    Kyc,
    Payments,
    Access,
    DeadLetters,
}

impl Consumer {
    pub fn name(self) -> &'static str {
        match self {
            Consumer::Kyc => "kyc",
            Consumer::Payments => "payments",
            Consumer::Access => "access",
            Consumer::DeadLetters => "dead-letters",
        }
    }
}
