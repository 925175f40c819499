use std::fmt;

/// A broken promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub auditor: &'static str,
    pub what: String,
    /// The ordering key that it is about.
    pub key: Option<String>,
}

impl Violation {
    pub fn new(auditor: &'static str, what: impl Into<String>) -> Violation {
        Violation { auditor, what: what.into(), key: None }
    }

    pub fn about(self, key: &str) -> Violation {
        Violation { key: Some(key.to_owned()), ..self }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.auditor, self.what)
    }
}
