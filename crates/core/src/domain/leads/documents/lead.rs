//! leads/{leadId}

use crate::{
    domain::leads::machine::{Conversion, Lead, Status},
    kernel::ids::{Id, LeadId, UserId},
    store::{
        document::{Document, Unreadable},
        path::DocumentPath,
        write::Write,
    },
};

/// A lead of an earlier release has no `qualifiedScore`: its whole score counts as that of contacts.
pub fn read(document: &Document) -> Result<Lead, Unreadable> {
    let qualified_score = document.optional_int("qualifiedScore")?;
    let conversion = |at| Ok(Conversion { user: document.word("userId", |id| UserId::parse_stored(id).ok())?, at });
    Ok(Lead {
        status: document.word("status", Status::from_name)?,
        region: document.string("region")?.to_owned(),
        channel: document.string("channel")?.to_owned(),
        contacts_score: document.int("score")?.saturating_sub(qualified_score.unwrap_or(0)),
        qualified_score,
        created_at: document.timestamp("createdAt")?,
        conversion: document.optional_timestamp("convertedAt")?.map(conversion).transpose()?,
        lost_because: document.optional_string("reason")?.map(str::to_owned),
    })
}

pub fn write(id: LeadId, lead: Lead) -> Write {
    let score = lead.score();
    Write::to(DocumentPath::lead(id))
        .set("status", lead.status.name())
        .set("region", lead.region)
        .set("channel", lead.channel)
        .set("score", score)
        .set_or_clear("qualifiedScore", lead.qualified_score)
        .set("createdAt", lead.created_at)
        .set_or_clear("convertedAt", lead.conversion.map(|conversion| conversion.at))
        .set_or_clear("userId", lead.conversion.map(|conversion| conversion.user.to_string()))
        .set_or_clear("reason", lead.lost_because)
}
