//! One call of Google's, ready to be sent.

/// Which of Google's services.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    Firestore,
    PubSub,
    BigQuery,
}

impl Target {
    pub fn as_str(self) -> &'static str {
        match self {
            Target::Firestore => "firestore",
            Target::PubSub => "pubsub",
            Target::BigQuery => "bigquery",
        }
    }
}

/// How messages go to and fro. A Bidi is one message and its one answer, by a stream that the host keeps for others of the same metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallKind {
    Unary,
    ServerStream,
    Bidi,
}

impl CallKind {
    pub fn as_str(self) -> &'static str {
        match self {
            CallKind::Unary => "unary",
            CallKind::ServerStream => "serverStream",
            CallKind::Bidi => "bidi",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rpc {
    pub target: Target,
    /// `/package.Service/Method`
    pub path: &'static str,
    pub kind: CallKind,
    pub timeout_ms: u32,
    /// Headers by which Google routes the call to the right region.
    pub metadata: Vec<(&'static str, String)>,
    pub bytes: Vec<u8>,
}

/// The header that names the resource a call is about.
pub(crate) fn routing(parameter: &str, resource: &str) -> (&'static str, String) {
    ("x-goog-request-params", format!("{parameter}={}", resource.replace('/', "%2F")))
}
