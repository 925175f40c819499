//! engagement/{userId}

use crate::{
    domain::engagement::machine::Engagement,
    kernel::ids::UserId,
    store::{
        document::{Document, Unreadable},
        path::DocumentPath,
        write::Write,
    },
};

pub fn read(document: &Document) -> Result<Engagement, Unreadable> {
    Ok(Engagement {
        count: document.int("count")?,
        last_at: document.timestamp("lastAt")?,
        score: document.int("score")?,
    })
}

pub fn write(user: UserId, engagement: Engagement) -> Write {
    Write::to(DocumentPath::engagement(user))
        .set("count", engagement.count)
        .set("lastAt", engagement.last_at)
        .set("score", engagement.score)
}
