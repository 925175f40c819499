//! approvals/{commandId}

use serde_json::{Map as JsonMap, Value as Json};

use super::json;
use crate::{
    domain::approvals::{
        facts::Matter,
        machine::{Approval, Decided, Status},
    },
    kernel::{
        digest::Digest,
        ids::{EventId, Id},
        malformed::Malformed,
        operator::Operator,
        timestamp::Timestamp,
    },
    store::{
        document::{Document, Unreadable},
        path::DocumentPath,
        value::{Value, map},
        write::Write,
    },
};

/// It is deleted then. The events that came of it tell longer who stood behind them.
pub const KEPT_DAYS: u32 = 90;

const REQUESTED_BY_ID: &str = "requestedById";

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    pub matter: Matter,
    pub subject: String,
    pub data: JsonMap<String, Json>,
}

impl Asked {
    pub fn digest(&self) -> Digest {
        Digest::of(self.matter.name(), &self.subject, &self.data)
    }
}

/// An approval as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    pub asked: Asked,
    pub approval: Approval,
}

pub fn read(document: &Document) -> Result<Stored, Unreadable> {
    let asked = Asked {
        matter: document.word("type", Matter::from_name)?,
        subject: document.string("subject")?.to_owned(),
        data: json::from_map(document.map("data")?)?,
    };
    let decided_by = document.optional_string("decidedBy")?;
    let decided = decided_by.map(|by| Ok(Decided { by: by.to_owned(), at: document.timestamp("decidedAt")? }));
    let approval = Approval {
        status: document.word("status", Status::from_name)?,
        digest: document.word("digest", |text| Some(Digest::stored(text)))?,
        digest_now: asked.digest(),
        requested_by: document.string("requestedBy")?.to_owned(),
        requested_by_id: document.optional_string(REQUESTED_BY_ID)?.map(str::to_owned),
        requested_at: document.timestamp("requestedAt")?,
        decided: decided.transpose()?,
    };
    Ok(Stored { asked, approval })
}

pub fn request(id: EventId, asked: &Asked, by: &Operator, now: Timestamp) -> Result<Write, Malformed> {
    let mut fields = map([
        ("type", asked.matter.name().into()),
        ("subject", asked.subject.as_str().into()),
        ("data", Value::Map(json::to_map("data", &asked.data)?)),
        ("digest", asked.digest().as_str().into()),
        ("requestedBy", by.email.as_str().into()),
        ("requestedAt", now.into()),
        ("status", Status::Pending.name().into()),
        ("expireAt", now.plus_days(KEPT_DAYS).into()),
    ]);
    fields.extend(by.account.as_deref().map(|account| (REQUESTED_BY_ID.to_owned(), account.into())));
    Ok(Write::whole(DocumentPath::approval(id), fields))
}

pub fn decide(id: EventId, status: Status, by: &Operator, reason: Option<&str>, now: Timestamp) -> Write {
    let write = Write::to(DocumentPath::approval(id)).set("status", status.name()).set("decidedBy", by.email.as_str());
    let write = write.set("decidedAt", now);
    match reason {
        Some(reason) => write.set("reason", reason),
        None => write,
    }
}

/// Nobody has decided.
pub fn expire(id: EventId) -> Write {
    Write::to(DocumentPath::approval(id)).set("status", Status::Expired.name())
}

/// The id of the command that a path names.
pub fn parse_id(text: &str) -> Option<EventId> {
    EventId::parse(text).ok()
}
