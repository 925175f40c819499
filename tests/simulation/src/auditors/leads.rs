//! Every lead is what the table makes of its applied events, and converts once.

use std::collections::BTreeMap;

use super::{Violation, as_of, document, records};
use crate::{
    content::Claim,
    stored::{Fields, integer, text},
    world::World,
};

const LEADS: &str = "leads";

#[derive(Clone, Debug, Default, PartialEq)]
struct Lead {
    status: &'static str,
    /// Region and channel.
    came_from: (String, String),
    contacts: i64,
    qualified: Option<i64>,
    reason: String,
    customer: String,
}

enum Verdict {
    Applied(Lead),
    Stale,
    Refused,
}

pub(super) fn audit(world: &World) -> Option<Violation> {
    let mut histories: BTreeMap<&str, Vec<(i64, Lead)>> = BTreeMap::new();
    for (commit, record, claim) in records(world, "leads") {
        let wrong = |why: &str| {
            let what = format!("{} {}: {} {why}", claim.kind, claim.id, record.outcome);
            Some(Violation::new(LEADS, what).about(&claim.subject))
        };
        let Some(id) = claim.text("leadId") else {
            if record.outcome != "IGNORED" {
                return wrong("without a lead");
            }
            continue;
        };
        let history = histories.entry(id).or_default();
        let seen = if record.outcome == "APPLIED" { commit.number } else { commit.seen_commits };
        let from = as_of(history, seen).cloned();
        // What awaits its lead has a letter, and no record.
        match (record.outcome.as_str(), verdict(from.as_ref(), claim)) {
            ("APPLIED", Some(Verdict::Applied(to)))
                if (to.status == "CONVERTED") == (record.outgoing_ids.len() == 1) =>
            {
                history.push((commit.number, to));
            }
            ("IGNORED", Some(Verdict::Stale)) | ("REFUSED", Some(Verdict::Refused)) => {}
            _ => return wrong(&format!("from {from:?}")),
        }
    }
    histories.iter().find_map(|(id, history)| {
        let should = history.last().map(|(_, lead)| lead);
        let is = document(world, "leads", id);
        let is_right = match (is, should) {
            (Some(is), Some(should)) => is_stored(is, should),
            (is, should) => is.is_none() && should.is_none(),
        };
        (!is_right).then(|| Violation::new(LEADS, format!("{id} is {is:?}, should be {should:?}")).about(id))
    })
}

fn is_stored(is: &Fields, should: &Lead) -> bool {
    let score = should.contacts + should.qualified.unwrap_or(0);
    (text(is, "status"), text(is, "reason"), text(is, "userId")) == (should.status, &*should.reason, &*should.customer)
        && (integer(is, "score"), integer(is, "qualifiedScore")) == (Some(score), should.qualified)
}

/// None: nothing is decided before the lead is there.
fn verdict(from: Option<&Lead>, claim: &Claim) -> Option<Verdict> {
    let said = |name: &str| claim.text(name).unwrap_or_default().to_owned();
    let came_from = (said("region"), said("channel"));
    let Some(from) = from else {
        let begun = Lead { status: "NEW", came_from, ..Lead::default() };
        return (claim.kind == "LeadCreated").then_some(Verdict::Applied(begun));
    };
    let mut lead = Lead { reason: String::new(), ..from.clone() };
    let is_open = ["NEW", "CONTACTED", "QUALIFIED"].contains(&from.status);
    match (claim.kind.as_str(), from.status) {
        ("LeadCreated", _) if from.came_from == came_from => return Some(Verdict::Stale),
        ("LeadLost", "LOST") | ("LeadReopened", "CONTACTED") => return Some(Verdict::Stale),
        ("UserRegistered", "CONVERTED") if from.customer == claim.subject => return Some(Verdict::Stale),
        ("LeadContacted", _) if is_open => {
            lead.status = if from.status == "QUALIFIED" { "QUALIFIED" } else { "CONTACTED" };
            lead.contacts += 10;
        }
        ("LeadQualified", _) if is_open => {
            (lead.status, lead.qualified) = ("QUALIFIED", claim.number("score").or(from.qualified));
        }
        ("LeadLost", _) if is_open => (lead.status, lead.reason) = ("LOST", said("reason")),
        ("LeadReopened", "LOST") => lead.status = "CONTACTED",
        ("UserRegistered", status) if status != "CONVERTED" => {
            (lead.status, lead.customer) = ("CONVERTED", claim.subject.clone());
        }
        _ => return Some(Verdict::Refused),
    }
    Some(Verdict::Applied(lead))
}
