//! Lets a customer trade, or stops it, as the customer's KYC says.

use boma_core::{
    domain::customer::access::{
        facts::{AccessFact, FACTS},
        machine::{Step, transition},
    },
    prelude::*,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AccessHandler;

pub const FUNCTION: Function = Function::of_handler::<AccessHandler>();

impl Handler for AccessHandler {
    type Fact = AccessFact;
    const CONSUMER: &'static str = "access";
    const HEARS: &'static [(EventType, Reader<AccessFact>)] = FACTS;

    fn read_set(event: &Event<AccessFact>) -> Vec<DocumentPath> {
        vec![DocumentPath::user(event.envelope.user())]
    }

    fn decide(event: &Event<AccessFact>, snapshot: &Snapshot, now: Timestamp) -> Result<Decision, Unreadable> {
        let path = DocumentPath::user(event.envelope.user());
        let Some(user) = snapshot.get(&path) else {
            return Ok(Decision::Await(path));
        };
        Ok(match transition(user.int("accessVersion")?, event.fact) {
            Step::Stale => Decision::Ignore("StaleVersion"),
            Step::Set { trading_enabled, version } => {
                let write = Write::to(path)
                    .set("tradingEnabled", trading_enabled)
                    .set("accessVersion", version)
                    .set("updatedAt", now);
                Decision::Accept(Effects { writes: vec![write], ..Effects::default() })
            }
        })
    }
}
