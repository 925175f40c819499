//! Every customer's money is what the table makes of the applied facts. Balances equal the sums of the postings and the
//! auditors' own book. Failures and refusals are right, and notifications are owed.

mod book;
mod limits;
mod stored;
mod table;
mod transaction;
mod verdict;

use std::collections::BTreeMap;

use serde_json::Value as Json;

pub(super) use self::stored::is_held_below_zero;
use self::{
    book::Book,
    stored::BALANCES,
    verdict::{Decision, Standing, Verdict},
};
use super::{
    Violation, as_of,
    kyc_state::{State, Told},
};
use crate::{
    content::Claim,
    history::{Commit, RecordWrite},
    world::World,
};

/// A customer's status, and whether they may trade, after each commit that changed one of the two.
type History = Vec<(i64, (String, bool))>;

pub(super) fn audit(world: &World) -> Option<Violation> {
    let mut book = Book::default();
    let mut standings: BTreeMap<&str, (State, bool)> = BTreeMap::new();
    let mut histories: BTreeMap<&str, History> = BTreeMap::new();
    let unchecked = State::default();
    let beginning = Standing { status: unchecked.status(), may_trade: false };
    for commit in &world.history.commits {
        let Some(record) = &commit.record else { continue };
        let Some(claim) = world.history.claim_of(record) else { continue };
        let (kyc, may_trade) = standings.entry(&claim.subject).or_default();
        let history = histories.entry(&claim.subject).or_default();
        match (record.consumer.as_str(), record.outcome.as_str()) {
            ("kyc", "APPLIED") => {
                let data = Json::Object(claim.data.clone());
                _ = kyc.take(Told::of(claim, &data, &record.processed_at()));
                history.push((commit.number, (kyc.status().to_owned(), *may_trade)));
            }
            ("access", "APPLIED") => {
                *may_trade = claim.kind == "UserActive";
                history.push((commit.number, (kyc.status().to_owned(), *may_trade)));
            }
            ("payments", _) => {
                // A refusal guards nothing that it rests on, so it may be a moment old.
                let seen = as_of(history, commit.seen_commits);
                let standing = seen.map_or(beginning, |(status, may_trade)| Standing { status, may_trade: *may_trade });
                if let Some(what) = misjudged(world, &mut book, commit, record, claim, standing) {
                    let what = format!("{} {}: {} {what}", claim.kind, claim.id, record.outcome);
                    return Some(Violation::new(BALANCES, what).about(&claim.subject));
                }
            }
            _ => {}
        }
    }
    stored::other_than(world, &book)
}

/// Compares one decision with the book's verdict.
fn misjudged(
    world: &World,
    book: &mut Book,
    commit: &Commit,
    record: &RecordWrite,
    claim: &Claim,
    standing: Standing<'_>,
) -> Option<String> {
    // An applied event is guarded by the versions that were read. Other outcomes may rest on an older state.
    let seen = if record.outcome == "APPLIED" { commit.number } else { commit.seen_commits };
    let now_micros = record.processed_micros;
    let verdict = book.verdict(Decision { world, claim, standing, seen, now_micros });
    let is_right = match (record.outcome.as_str(), &verdict) {
        ("APPLIED", Verdict::Taken(_) | Verdict::Fails(_)) | ("IGNORED", Verdict::Stale) => true,
        ("REFUSED", Verdict::Refused(reason)) => record.reason == *reason,
        _ => false,
    };
    if !is_right {
        return Some(format!("({}), should be {verdict:?}", record.reason));
    }
    let due = match verdict {
        Verdict::Taken(edge) => book.book(claim, Ok(edge), commit.number, now_micros),
        Verdict::Fails(reason) => book.book(claim, Err(reason), commit.number, now_micros),
        Verdict::Stale | Verdict::Awaits | Verdict::Refused(_) => Vec::new(),
    };
    // A follow-up that was never published is another auditor's finding.
    let notified: Option<Vec<_>> = record.outgoing_ids.iter().map(|id| template(world, id)).collect();
    let is_notified = record.outgoing_ids.len() == due.len() && notified.is_none_or(|notified| notified == due);
    (!is_notified).then(|| format!("and tells {:?}, should tell {due:?}", record.outgoing_ids))
}

fn template<'a>(world: &'a World, event_id: &str) -> Option<&'a str> {
    world.history.claim_of_id(event_id)?.text("template")
}
