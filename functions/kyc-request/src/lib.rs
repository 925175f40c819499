//! Asks for the identity check of a customer who has registered.

use boma_core::{
    domain::{
        customer::profile::facts::{REGISTRATIONS, Registration},
        kyc::documents::kyc_case,
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

    fn decide(event: &Event<Registration>, snapshot: &Snapshot, now: Timestamp) -> Result<Decision, Unreadable> {
        let user = event.envelope.user();
        let path = DocumentPath::kyc_case(user);
        // Somebody has begun: this function at an earlier registration, or a provider that didn't wait to be asked. A
        // second request would only have the customer checked twice. A suspension alone begins no check.
        if snapshot.read(&path, kyc_case::is_begun)?.unwrap_or(false) {
            return Ok(Decision::Ignore("AlreadyBegun"));
        }
        let case = snapshot.read(&path, kyc_case::read)?.unwrap_or_default().begun(now);
        let requested =
            NewEvent::new(EventType::KycRequested, event.envelope.subject.clone()).with("cycle", case.cycle);
        // With a day by which it is due, a customer who never does anything is found, too.
        let write = match snapshot.get(&path) {
            None => kyc_case::opened(user, case),
            Some(_) => kyc_case::asked(user, &case),
        };
        Ok(Decision::Accept(Effects { writes: vec![write], events: vec![requested], ..Effects::default() }))
    }
}
