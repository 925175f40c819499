//! Asks for the identity check of a customer who has registered.

use boma_core::{
    domain::{
        customer::profile::facts::{REGISTRATIONS, Registration},
        kyc::{documents::kyc_case, machine::Case},
    },
    prelude::*,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KycRequestHandler;

pub const FUNCTION: Function = Function::of_handler::<KycRequestHandler>();

impl Handler for KycRequestHandler {
    type Fact = Registration;
    const CONSUMER: &'static str = "kyc-request";
    const HEARS: &'static [(EventType, Reader<Registration>)] = REGISTRATIONS;

    fn read_set(event: &Event<Registration>) -> Vec<DocumentPath> {
        vec![DocumentPath::kyc_case(event.envelope.user())]
    }

    fn decide(event: &Event<Registration>, snapshot: &Snapshot, _: Timestamp) -> Result<Decision, Unreadable> {
        let user = event.envelope.user();
        // Somebody has begun: this function at an earlier registration, or a provider that didn't wait to be asked. A
        // second request would only have the customer checked twice.
        if snapshot.get(&DocumentPath::kyc_case(user)).is_some() {
            return Ok(Decision::Ignore("AlreadyBegun"));
        }
        // With a day by which it is due, a customer who never does anything is found, too.
        let case = Case::begun(event.envelope.time);
        let requested =
            NewEvent::new(EventType::KycRequested, event.envelope.subject.clone()).with("cycle", case.cycle);
        Ok(Decision::Accept(Effects {
            writes: vec![kyc_case::write(user, case)],
            events: vec![requested],
            ..Effects::default()
        }))
    }
}
