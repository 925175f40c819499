//! Auditors judge a run. They share no code with the handlers: from the claims of the sources and the history of commits and
//! publications they compute what the documents should be.

mod access;
mod audit_log;
mod commits;
mod coverage_marks;
mod durable;
mod ended;
mod engagement;
mod followups;
mod jobs;
mod kyc;
pub mod kyc_state;
pub mod kyc_table;
mod leads;
mod letters;
mod mail;
mod notes;
mod order;
mod pairs;
mod payments;
mod prices;
mod profile;
mod reading;
mod releases;
mod requests;
mod timeline;
mod violation;

use self::reading::{
    as_of, customers, document, documents, has_letter, has_open_letter, is_too_late_to_publish, letter, records,
};
pub use self::{
    audit_log::AuditLog,
    commits::at_commit,
    coverage_marks::mark_follow_up,
    durable::{PushResponse, at_push_response},
    jobs::at_job_response,
    releases::at_replay,
    violation::Violation,
};
use crate::world::World;

type Auditor = fn(&World) -> Option<Violation>;

const AUDITORS: [Auditor; 17] = [
    pairs::audit,
    followups::audit,
    order::audit,
    payments::audit,
    kyc::audit,
    ended::audit,
    jobs::audit,
    access::audit,
    profile::audit,
    leads::audit,
    letters::audit,
    timeline::audit,
    mail::audit,
    notes::audit,
    requests::audit,
    engagement::audit,
    prices::audit,
];

pub fn at_the_end(world: &World) -> Vec<Violation> {
    AUDITORS.iter().filter_map(|audit| audit(world)).collect()
}
