//! The results of jobs. The clock publishes only expiries, at their deadline, always under the same id and with the same bytes.
//! The trial balance covers every customer and finds no difference.

use super::{
    Violation, customers, documents,
    ended::{Standings, standings, withdrawals},
    kyc_state::micros,
};
use crate::{
    content::Claim,
    coverage::Sometimes,
    history::{JobRun, Origin, Publication},
    pubsub::timestamp,
    world::World,
};
use boma_core::protocol::response::HttpResponse;
use serde_json::Value as Json;
use uuid::Uuid;

const CLOCK: &str = "what the clock says";
const BALANCE: &str = "trial balance";
const WORK: &str = "a sweep does its work";

/// UUIDv5 of `//boma/clock` in the namespace of URLs.
const NAMESPACE: Uuid = uuid::uuid!("6927b5bf-8f66-5a03-9acd-08e794858ccd");

/// The most by which a clock is ahead.
const SKEW_MICROS: i64 = 1_000_000;

pub fn at_job_response(world: &mut World, run: &JobRun, response: &HttpResponse) -> Option<Violation> {
    let answer: Json = response.body.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let complain = |auditor, what: String| Some(Violation::new(auditor, format!("{}: {what}", run.function)));
    if world.is_closing() && run.outcome != "FINISHED" {
        return complain(WORK, format!("{} in calm weather: {answer}", run.outcome));
    }
    // A job that trapped has no result.
    if run.function != "trial-balance" || answer["users"].is_null() {
        return None;
    }
    if answer["wrong"] != 0 {
        return complain(BALANCE, answer.to_string());
    }
    if answer["transactions"].as_u64().is_some_and(|count| count > 0) {
        world.coverage.see(Sometimes::Balanced);
    }
    let counts = [customers(world).count(), documents(world, "transactions").len()];
    let is_everybody =
        ["users", "transactions"].map(|name| answer[name].as_u64()) == counts.map(|it| u64::try_from(it).ok());
    let is_whole = is_everybody && answer["unsettled"].as_array().is_some_and(Vec::is_empty);
    (world.is_closing() && !run.is_resumed && !is_whole)
        .then(|| complain(WORK, format!("there are {counts:?}, and it saw {answer}")))
        .flatten()
}

pub(super) fn audit(world: &World) -> Option<Violation> {
    let (standings, withdrawals) = (standings(world), withdrawals(world));
    let own = world.history.publications.iter().filter(|it| it.origin == Origin::Clock);
    for publication in own.filter(|it| !it.attributes.contains_key("replayOf")) {
        let content = &world.history.contents[publication.content];
        let Some(claim) = &content.claim else { return Some(Violation::new(CLOCK, "what can't be read")) };
        let due = match claim.kind.as_str() {
            "WithdrawalExpired" => withdrawals
                .get(claim.text("transactionId").unwrap_or_default())
                .filter(|(user, _)| *user == claim.subject)
                .map(|(_, due)| due.as_str()),
            _ => due_of(&standings, claim),
        };
        let what = match due {
            None => Some("nothing like that has ended"),
            Some(due) if claim.time != due => Some("it ended at another moment"),
            Some(due) if is_early(due, publication) => Some("it hasn't ended yet"),
            Some(_) => wrongly_said(world, publication, claim),
        };
        if let Some(what) = what {
            let what = format!("{} {} of {}: {what} (due {due:?})", claim.kind, claim.id, claim.time);
            return Some(Violation::new(CLOCK, what).about(&claim.subject));
        }
    }
    None
}

/// The deadline of the KYC version that the clock names, if it has one.
fn due_of<'a>(standings: &'a Standings<'_>, claim: &Claim) -> Option<&'a str> {
    let state = standings.get(claim.subject.as_str())?.get(&claim.number("kycVersion")?)?;
    let is_ended_so = match claim.kind.as_str() {
        "KycExpired" => state.check == "APPROVED",
        "KycLapsed" => matches!(state.check.as_str(), "PENDING" | "RESUBMISSION_REQUIRED"),
        _ => false,
    };
    state.due.as_deref().filter(|_| is_ended_so)
}

fn is_early(due: &str, publication: &Publication) -> bool {
    micros(due) > timestamp(publication.at_ms).micros() + SKEW_MICROS
}

/// Checks that the id comes from the expiry alone, and that the bytes are always the same.
fn wrongly_said(world: &World, publication: &Publication, claim: &Claim) -> Option<&'static str> {
    let of = match claim.kind.as_str() {
        "WithdrawalExpired" => claim.text("transactionId").unwrap_or_default().to_owned(),
        _ => format!("{}/{}", claim.subject, claim.number("kycVersion").unwrap_or(-1)),
    };
    let name = format!("clock/{}/{of}", claim.kind);
    if claim.id != Uuid::new_v5(&NAMESPACE, name.as_bytes()).to_string() {
        return Some("its id is another");
    }
    if world.history.texts_of(&claim.id).len() > 1 {
        return Some("it was said in other words before");
    }
    (publication.key != claim.subject).then_some("it isn't ordered by its subject")
}
