//! Lets a customer trade, or stops it, as the customer's KYC says.

use boma_core::{
    domain::customer::{
        access::{
            facts::{AccessFact, FACTS},
            machine::{Step, transition},
        },
        documents::user,
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
        let id = event.envelope.user();
        let path = DocumentPath::user(id);
        let Some(customer) = snapshot.get(&path) else {
            return Ok(Decision::Await(path));
        };
        Ok(match transition(user::access_version(customer)?, user::kyc_version(customer)?, event.fact) {
            Err(ahead) => Decision::Refuse(ahead.to_string()),
            Ok(Step::Stale) => Decision::Ignore("StaleVersion"),
            Ok(Step::Set { trading_enabled, version }) => {
                let write = user::set_access(id, trading_enabled, version, now);
                Decision::write(write)
            }
        })
    }
}
