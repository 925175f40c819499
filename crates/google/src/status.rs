//! gRPC's status codes, as far as it matters for what to do next.

use boma_core::protocol::step::{Failure, FailureClass};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    Read,
    Commit,
    Publish,
    Append,
}

/// None for OK. A precondition that fails means a race only where there was one: in a Commit.
pub fn classify(call: Call, code: i32) -> Option<Failure> {
    use FailureClass::{Permanent, Raced, Unknown};
    let race = match call {
        Call::Commit => Raced,
        Call::Read | Call::Publish | Call::Append => Permanent,
    };
    let (status, class) = match code {
        0 => return None,
        1 => ("CANCELLED", Unknown),
        3 => ("INVALID_ARGUMENT", Permanent),
        4 => ("DEADLINE_EXCEEDED", Unknown),
        5 => ("NOT_FOUND", race),
        6 => ("ALREADY_EXISTS", race),
        7 => ("PERMISSION_DENIED", Permanent),
        // Nothing was done, and it may well be done in a moment.
        8 => ("RESOURCE_EXHAUSTED", Unknown),
        9 => ("FAILED_PRECONDITION", race),
        10 => ("ABORTED", Raced),
        11 => ("OUT_OF_RANGE", Permanent),
        12 => ("UNIMPLEMENTED", Permanent),
        13 => ("INTERNAL", Unknown),
        14 => ("UNAVAILABLE", Unknown),
        15 => ("DATA_LOSS", Permanent),
        16 => ("UNAUTHENTICATED", Permanent),
        // 2, and whatever gRPC adds one day.
        _ => ("UNKNOWN", Unknown),
    };
    Some(Failure { class, status: status.to_owned() })
}

/// An answer whose bytes can't be read. The call may have been carried out or not.
pub(crate) fn undecodable() -> Failure {
    Failure { class: FailureClass::Unknown, status: "UNDECODABLE".to_owned() }
}
