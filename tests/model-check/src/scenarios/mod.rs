//! The scenarios. `events` says how many of its events each publishes.

pub mod customer;
pub mod payments;

use crate::scenario::Scenario;

pub fn all(events: usize) -> Vec<Scenario> {
    vec![
        customer::kyc(events),
        customer::kyc_and_access(events),
        customer::given_up(events),
        customer::given_up_and_replayed(events),
        customer::refused_and_replayed(events),
        customer::breaking(events),
        customer::conflicting(events),
        customer::not_registered_yet(events),
        payments::money(events),
    ]
}
