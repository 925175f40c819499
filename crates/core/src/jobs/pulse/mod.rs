//! What changes, added up minute by minute for the operators' page: each instance has a document of its own a minute, and writes it at most
//! once a second, for all the changes that came meanwhile. A change is acknowledged after the write that has it.
//!
//! Eventarc delivers at least once: a change that comes twice counts twice. So these are rates to look at, and no books.

mod call;
mod shard;

use std::{cell::RefCell, rc::Rc};

pub use self::call::FUNCTION;
use self::{call::Call, shard::Shard};
use crate::protocol::{
    change::DocumentChange,
    function::{Pool, Protocol},
};

/// A fresh one counts from nothing, into documents of its own.
pub fn pool() -> Rc<dyn Pool> {
    Rc::new(Shards(Rc::new(RefCell::new(Shard::default()))))
}

struct Shards(Rc<RefCell<Shard>>);

impl Pool for Shards {
    fn open(self: Rc<Self>, change: DocumentChange) -> Box<dyn Protocol> {
        Box::new(Call::of(change, Rc::clone(&self.0)))
    }
}
