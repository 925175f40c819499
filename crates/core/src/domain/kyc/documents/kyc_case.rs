//! kyc_cases/{userId}

use super::earlier;
use crate::{
    domain::{
        customer::documents::user,
        kyc::{
            facts::CheckDecision,
            machine::{Case, Check, Claim, LastResult, Reviews, Standing, Suspension, Suspensions},
        },
    },
    kernel::ids::{Id, SuspensionId, UserId},
    store::{
        document::{Document, Unreadable},
        path::DocumentPath,
        value::{Map, Value, map},
        write::Write,
    },
};

/// Where a customer stands, by both documents: the user counts the edges, and the case says what they came to. A customer whom
/// nobody has asked for anything yet has no case.
pub fn standing(id: UserId, user: &Document, case: Option<&Document>) -> Result<Standing, Unreadable> {
    let (status, version) = (user::kyc_status(user)?, user::kyc_version(user)?);
    let Some(document) = case else {
        let case = Case::default();
        return Ok(Standing {
            check: status.check(),
            suspensions: earlier::suspensions(id, status, user, &case)?,
            version,
            case,
        });
    };
    let case = read(document)?;
    Ok(match check(document)? {
        Some(check) => Standing { check, suspensions: suspensions(document)?, version, case },
        None => {
            let case = earlier::of_present_cycle(case, status);
            Standing {
                check: status.check(),
                suspensions: earlier::suspensions(id, status, user, &case)?,
                version,
                case: earlier::completed(case, status, version),
            }
        }
    })
}

/// None where an earlier release wrote the case: its check is the user's status.
pub fn check(case: &Document) -> Result<Option<Check>, Unreadable> {
    case.optional_word("check", Check::from_name)
}

/// Whether somebody has begun the check, or asked for it: a customer may be suspended before.
pub fn is_begun(case: &Document) -> Result<bool, Unreadable> {
    Ok(check(case)? != Some(Check::Pending) || case.optional_timestamp("dueAt")?.is_some())
}

pub fn read(document: &Document) -> Result<Case, Unreadable> {
    let result = |review_id: &str| {
        Ok(LastResult {
            provider: document.string("provider")?.to_owned(),
            review_id: review_id.to_owned(),
            decision: document.word("decision", CheckDecision::from_name)?,
            at: document.optional_timestamp("lastResultAt")?,
            version: document.optional_int("lastResultVersion")?,
        })
    };
    let claim = |operator: &str| Ok(Claim { operator: operator.to_owned(), at: document.timestamp("assignedAt")? });
    Ok(Case {
        cycle: document.int("cycle")?,
        attempt: document.int("attempt")?,
        last_result: document.optional_string("reviewId")?.map(result).transpose()?,
        reasons: document.strings("reasons")?,
        valid_until: document.optional_timestamp("validUntil")?,
        due_at: document.optional_timestamp("dueAt")?,
        reviews: Reviews {
            old: optional_strings(document, "oldReviewIds")?,
            superseded: optional_strings(document, "supersededReviewIds")?,
        },
        claim: document.optional_string("assignedTo")?.map(claim).transpose()?,
    })
}

fn optional_strings(document: &Document, field: &str) -> Result<Vec<String>, Unreadable> {
    Ok(document.optional_array(field)?.map(|_| document.strings(field)).transpose()?.unwrap_or_default())
}

fn suspensions(document: &Document) -> Result<Suspensions, Unreadable> {
    let one = |key: &String| {
        let id = SuspensionId::parse_stored(key).map_err(|rule| Unreadable::new("suspensions", rule))?;
        let field = |name: &str| format!("suspensions.{key}.{name}");
        let reason = document.string(&field("reason"))?.to_owned();
        Ok((id, Suspension { reason, since: document.timestamp(&field("since"))? }))
    };
    let keys = document.optional_map("suspensions")?.into_iter().flat_map(Map::keys);
    keys.map(one).collect::<Result<_, _>>().map(Suspensions)
}

/// A new case.
pub fn opened(user: UserId, case: Case) -> Write {
    write(user, Check::Pending, &Suspensions::default(), case)
}

/// A case that was there before anybody asked for the check.
pub fn asked(user: UserId, case: &Case) -> Write {
    Write::to(DocumentPath::kyc_case(user)).set_or_clear("dueAt", case.due_at)
}

pub fn write(user: UserId, check: Check, suspensions: &Suspensions, case: Case) -> Write {
    let last = case.last_result.as_ref();
    let claim = case.claim.as_ref();
    let listed = |all: Vec<String>| Some(all).filter(|all| !all.is_empty());
    Write::to(DocumentPath::kyc_case(user))
        .set("check", check.name())
        .set("cycle", case.cycle)
        .set("attempt", case.attempt)
        .set_or_clear("provider", last.map(|last| last.provider.as_str()))
        .set_or_clear("reviewId", last.map(|last| last.review_id.as_str()))
        .set_or_clear("decision", last.map(|last| last.decision.name()))
        .set("reasons", case.reasons)
        .set_or_clear("validUntil", case.valid_until)
        .set_or_clear("dueAt", case.due_at)
        .set("suspensions", stored(suspensions))
        .set_or_clear("lastResultAt", last.and_then(|last| last.at))
        .set_or_clear("lastResultVersion", last.and_then(|last| last.version))
        .set_or_clear("oldReviewIds", listed(case.reviews.old))
        .set_or_clear("supersededReviewIds", listed(case.reviews.superseded))
        .set_or_clear("assignedTo", claim.map(|claim| claim.operator.as_str()))
        .set_or_clear("assignedAt", claim.map(|claim| claim.at))
}

fn stored(suspensions: &Suspensions) -> Map {
    let one = |(id, suspension): (&SuspensionId, &Suspension)| {
        let fields = map([("reason", suspension.reason.as_str().into()), ("since", suspension.since.into())]);
        (id.to_string(), Value::Map(fields))
    };
    suspensions.0.iter().map(one).collect()
}
