//! Every lead is what the table makes of its applied events, and converts once.

use std::collections::BTreeMap;

use super::{Violation, as_of, document, records};
use crate::{
    content::Claim,
    stored::{integer, text},
    world::World,
};

const LEADS: &str = "leads";

pub(super) fn audit(world: &World) -> Option<Violation> {
    let mut histories: BTreeMap<&str, Vec<(i64, &'static str)>> = BTreeMap::new();
    let mut scores: BTreeMap<&str, i64> = BTreeMap::new();
    for (commit, record, claim) in records(world, "leads") {
        let wrong = |why: &str| {
            let what = format!("{} {}: {} {why}", claim.kind, claim.id, record.outcome);
            Some(Violation::new(LEADS, what).about(&claim.subject))
        };
        let Some(lead) = claim.text("leadId") else {
            if record.outcome != "IGNORED" {
                return wrong("without a lead");
            }
            continue;
        };
        let history = histories.entry(lead).or_default();
        let seen = if record.outcome == "APPLIED" { commit.number } else { commit.seen_commits };
        let from = as_of(history, seen).copied();
        match (record.outcome.as_str(), to(from, claim)) {
            ("APPLIED", Some(to)) if (to == "CONVERTED") == (record.outgoing_ids.len() == 1) => {
                history.push((commit.number, to));
                *scores.entry(lead).or_default() += worth(claim);
            }
            ("REFUSED", None) => {}
            _ => return wrong(&format!("from {from:?}")),
        }
    }
    histories.iter().find_map(|(id, history)| {
        let status = history.last().map(|(_, status)| *status);
        let stored = document(world, "leads", id);
        let is = stored.map(|lead| (text(lead, "status"), integer(lead, "score"), !text(lead, "reason").is_empty()));
        let should = status.map(|status| (status, scores.get(id).copied(), status == "LOST"));
        (is != should).then(|| Violation::new(LEADS, format!("{id} is {is:?}, should be {should:?}")).about(id))
    })
}

fn worth(claim: &Claim) -> i64 {
    match claim.kind.as_str() {
        "LeadContacted" => 10,
        "LeadQualified" => claim.number("score").unwrap_or(0),
        _ => 0,
    }
}

fn to(from: Option<&'static str>, claim: &Claim) -> Option<&'static str> {
    match (from, claim.kind.as_str()) {
        (None, "LeadCreated") => Some("NEW"),
        (Some("NEW"), "LeadContacted") | (Some("LOST"), "LeadReopened") => Some("CONTACTED"),
        (Some("NEW" | "CONTACTED"), "LeadQualified") => Some("QUALIFIED"),
        (Some("NEW" | "CONTACTED" | "QUALIFIED"), "LeadLost") => Some("LOST"),
        (Some("NEW" | "CONTACTED" | "QUALIFIED" | "LOST"), "UserRegistered") => Some("CONVERTED"),
        _ => None,
    }
}
