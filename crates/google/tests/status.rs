//! The failure class of each gRPC status for each call: retried, read again, or given up.

use boma_core::protocol::step::FailureClass::{self, Permanent, Raced, Unknown};
use boma_google::{Call, classify};

#[test]
fn each_status_has_one_consequence_for_each_call() {
    // code, of a Read, of a Commit, of a Publish
    let table: [(i32, FailureClass, FailureClass, FailureClass); 17] = [
        (1, Unknown, Unknown, Unknown),        // CANCELLED
        (2, Unknown, Unknown, Unknown),        // UNKNOWN
        (3, Permanent, Permanent, Permanent),  // INVALID_ARGUMENT
        (4, Unknown, Unknown, Unknown),        // DEADLINE_EXCEEDED
        (5, Permanent, Raced, Permanent),      // NOT_FOUND
        (6, Permanent, Raced, Permanent),      // ALREADY_EXISTS
        (7, Permanent, Permanent, Permanent),  // PERMISSION_DENIED
        (8, Unknown, Unknown, Unknown),        // RESOURCE_EXHAUSTED
        (9, Permanent, Raced, Permanent),      // FAILED_PRECONDITION
        (10, Raced, Raced, Raced),             // ABORTED
        (11, Permanent, Permanent, Permanent), // OUT_OF_RANGE
        (12, Permanent, Permanent, Permanent), // UNIMPLEMENTED
        (13, Unknown, Unknown, Unknown),       // INTERNAL
        (14, Unknown, Unknown, Unknown),       // UNAVAILABLE
        (15, Permanent, Permanent, Permanent), // DATA_LOSS
        (16, Permanent, Permanent, Permanent), // UNAUTHENTICATED
        (99, Unknown, Unknown, Unknown),       // not one of today's
    ];
    for (code, read, commit, publish) in table {
        for (call, expected) in [(Call::Read, read), (Call::Commit, commit), (Call::Publish, publish)] {
            assert_eq!(classify(call, code).map(|failure| failure.class), Some(expected), "{call:?} {code}");
        }
    }
    assert_eq!(classify(Call::Commit, 0), None);
}
