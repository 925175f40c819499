//! What a scheduled function has to do. The protocol around it is the same for all: [`super::Sweep`].

use serde_json::{Map as JsonMap, Value as Json};

use super::{
    place::Place,
    query::{Query, Row},
    report::Remark,
};
use crate::{
    document::DocumentPath, fields::Fields, handler::Snapshot, malformed::Malformed, outcome::Fault, outgoing::Batch,
    timestamp::Timestamp,
};

/// Says one thing that it wants, hears what came of it, and so on until it is through. Pure: all that it keeps is what it was
/// told.
pub trait Chore: Sized {
    /// The name of the function that it works in.
    const FUNCTION: &'static str;

    /// The fields that whoever calls may give; any other is refused.
    const ORDERS: &'static [&'static str];

    fn ordered(orders: &Fields<'_>) -> Result<Self, Malformed>;

    /// Whether it goes on where the last run stopped, and leaves word where it stops itself.
    fn keeps_place(&self) -> bool;

    /// Begins there instead of at the beginning.
    fn go_on_at(&mut self, place: Place);

    fn next(&mut self, heard: Heard, now: Timestamp) -> Ask;

    /// Up to where everything is done.
    fn place(&self) -> Option<Place>;

    fn account(&self) -> Account;
}

#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    Query(Query),
    Read(Vec<DocumentPath>),
    Publish(Batch),
    Pause {
        ms: u32,
    },
    /// Nothing more; or nothing more now, and [`Chore::place`] says where to go on.
    Finish,
    Stop,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    Begin,
    Rows(Vec<Row>),
    Found(Snapshot),
    Published,
    Paused,
    /// What was asked failed for good, or once too often.
    Failed(Fault),
}

/// What it came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Account {
    /// For whoever called, and for the log line where it is a number.
    pub answer: JsonMap<String, Json>,
    /// What somebody has to look at.
    pub remarks: Vec<Remark>,
    /// What failed, so that not everything was done. The next run tries again.
    pub faults: Vec<String>,
}
