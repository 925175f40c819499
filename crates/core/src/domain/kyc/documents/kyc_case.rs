//! kyc_cases/{userId}

use crate::{
    domain::kyc::{
        facts::CheckDecision,
        machine::{Case, LastCheck},
    },
    kernel::ids::UserId,
    store::{
        document::{Document, Unreadable},
        path::DocumentPath,
        write::Write,
    },
};

pub fn read(document: &Document) -> Result<Case, Unreadable> {
    let check = |review_id: &str| {
        Ok(LastCheck {
            provider: document.string("provider")?.to_owned(),
            review_id: review_id.to_owned(),
            decision: document.word("decision", CheckDecision::from_name)?,
        })
    };
    Ok(Case {
        cycle: document.int("cycle")?,
        attempt: document.int("attempt")?,
        last_check: document.optional_string("reviewId")?.map(check).transpose()?,
        reasons: document.strings("reasons")?,
        valid_until: document.optional_timestamp("validUntil")?,
        due_at: document.optional_timestamp("dueAt")?,
    })
}

pub fn write(user: UserId, case: Case) -> Write {
    let check = case.last_check.as_ref();
    Write::to(DocumentPath::kyc_case(user))
        .set("cycle", case.cycle)
        .set("attempt", case.attempt)
        .set_or_clear("provider", check.map(|check| check.provider.as_str()))
        .set_or_clear("reviewId", check.map(|check| check.review_id.as_str()))
        .set_or_clear("decision", check.map(|check| check.decision.name()))
        .set("reasons", case.reasons)
        .set_or_clear("validUntil", case.valid_until)
        .set_or_clear("dueAt", case.due_at)
}
