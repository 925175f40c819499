//! The contract of one type of event: its fields, and the readers that check them.

use std::fmt;

use boma_core::{
    domain::{customer, engagement, kyc, leads, market, notes, notifications, payments},
    event::{
        catalog::EventType,
        description::{Description, describe},
        envelope::Envelope,
        origin::{FirstEdition, Origin},
        reader::Reader,
    },
    kernel::malformed::Malformed,
};
use boma_functions::ALL;
use serde_json::Value as Json;

use crate::{answers, schema};

pub struct Contract {
    pub description: Description,
    /// The readers of all its consumers. Each must accept what the contract accepts.
    readers: Vec<Check>,
}

type Check = Box<dyn Fn(&Envelope) -> Result<(), Malformed>>;

impl Contract {
    pub fn event_type(&self) -> EventType {
        self.description.event_type
    }

    pub fn schema(&self) -> Json {
        schema::of(&self.description)
    }

    /// Reads an event as its consumers would.
    pub fn read(&self, event: &[u8]) -> Result<(), Malformed> {
        let envelope = Envelope::parse(event, Origin::Published(self.event_type().topic(), FirstEdition::Drained))
            .map_err(|(malformed, _)| malformed)?;
        self.readers.iter().try_for_each(|read| read(&envelope))
    }

    /// The functions that hear it.
    pub fn consumers(&self) -> Vec<&'static str> {
        ALL.iter()
            .filter(|function| function.hears().contains(&self.event_type()))
            .map(|function| function.name)
            .collect()
    }

    /// # Panics
    /// If two readers of one type ask for different fields.
    fn join(&mut self, other: Contract) {
        assert_eq!(self.description, other.description, "two readers of {} differ", self.event_type());
        self.readers.extend(other.readers);
    }
}

impl fmt::Debug for Contract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contract").field("description", &self.description).finish_non_exhaustive()
    }
}

/// In the order of the catalogue.
pub fn all() -> Vec<Contract> {
    let mut contracts: Vec<Contract> = Vec::new();
    let read = of(customer::access::facts::FACTS)
        .chain(of(engagement::facts::FACTS))
        .chain(of(kyc::facts::FACTS))
        .chain(of(kyc::facts::PUBLISHED))
        .chain(of(leads::facts::FACTS))
        .chain(of(leads::facts::PUBLISHED))
        .chain(of(market::facts::FACTS))
        .chain(of(notes::facts::FACTS))
        .chain(of(notifications::facts::FACTS))
        .chain(of(payments::facts::FACTS))
        .chain(of(customer::profile::facts::FACTS));
    for contract in read {
        match contracts.iter_mut().find(|known| known.event_type() == contract.event_type()) {
            Some(known) => known.join(contract),
            None => contracts.push(contract),
        }
    }
    contracts.sort_by_key(Contract::event_type);
    contracts
}

fn of<F>(facts: &'static [(EventType, Reader<F>)]) -> impl Iterator<Item = Contract> {
    facts.iter().map(|(event_type, read)| {
        let description = describe(*event_type, *read, answers::to)
            .unwrap_or_else(|malformed| panic!("the example of {event_type} isn't accepted: {malformed}"));
        let check = |envelope: &Envelope| read(envelope).map(|_| ());
        Contract { description, readers: vec![Box::new(check)] }
    })
}
