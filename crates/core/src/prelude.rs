//! The names that nearly every function needs.

pub use crate::{
    event::{
        catalog::EventType,
        outbox::NewEvent,
        reader::{Event, Reader},
    },
    kernel::timestamp::Timestamp,
    protocol::{
        decision::{Decision, Effects, Move},
        function::Function,
        handler::Handler,
    },
    store::{document::Unreadable, path::DocumentPath, snapshot::Snapshot, write::Write},
};
