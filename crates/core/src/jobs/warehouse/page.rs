//! One page of a collection as it was at one moment: its rows, told or appended. `npm run warehouse` goes through whole collections with it,
//! several ranges at a time, to fill the warehouse and to compare it.

use std::{
    collections::{BTreeSet, VecDeque},
    mem,
};

use serde_json::{Map as JsonMap, Value as Json, json};

use crate::{
    event::fields::Fields,
    jobs::warehouse::refused::{Apart, apart},
    kernel::{malformed::Malformed, timestamp::Timestamp},
    protocol::{
        job::{Checkpoint, End, Job, Summary},
        outcome::Fault,
        step::{Answer, Call, RefusedRow, Step},
    },
    store::{
        path::{DocumentPath, MAX_NAMED_ID_BYTES},
        query::{ALL_FIELDS, Cursor, Query, Row as Found, is_last_page},
    },
    warehouse::{
        change::{Changed, row_of},
        row::{Row, Version},
        spelled::spelled,
        table::Table,
    },
};

const MOST_DOCUMENTS: i64 = 1_000;

/// AppendRows takes 10 MB at once.
const MOST_BYTES: usize = 4 << 20;

/// A thousand ids in each list, whatever signs they have.
const MOST_PARAMS_BYTES: usize = 16 << 20;

#[derive(Clone, Debug)]
pub struct Page {
    table: &'static Table,
    after: Option<DocumentPath>,
    up_to: Option<DocumentPath>,
    read_at: Timestamp,
    limit: u32,
    wants: Wants,
    /// Documents that aren't there any more, and whose rows say otherwise.
    deleted: Vec<String>,
    /// Documents whose rows say that they were changed later than they were: of another database, before this one was restored. They are
    /// as they were read, from then on.
    restated: BTreeSet<String>,
    left: VecDeque<Row>,
    under_way: Vec<Row>,
    told: Told,
    fault: Option<Fault>,
    at: At,
}

#[derive(Clone, Debug)]
enum Wants {
    /// The rows themselves.
    Telling,
    /// To append them: all, or these alone.
    Appending { only: Option<BTreeSet<String>> },
}

#[derive(Clone, Debug, Default)]
struct Told {
    read: usize,
    bytes: usize,
    appended: usize,
    /// The last document of a page that others follow.
    last: Option<String>,
    rows: Vec<Json>,
    refused: Vec<Json>,
}

#[derive(Clone, Copy, Debug, Default)]
enum At {
    #[default]
    Start,
    Reading,
    Appending,
}

impl Job for Page {
    const FUNCTION: &'static str = "warehouse-page";
    const PARAMS: &'static [&'static str] =
        &["collection", "after", "upTo", "readAt", "limit", "append", "only", "deleted", "restated"];
    const MAX_PARAMS_BYTES: usize = MOST_PARAMS_BYTES;
    const MAX_PARAM_CHARS: usize = MAX_NAMED_ID_BYTES;

    fn from_params(params: &Fields<'_>) -> Result<Self, Malformed> {
        let name = params.string("collection")?;
        let table = Table::of(name).ok_or_else(|| params.refuse("collection", "has no table"))?;
        let path = |field: &str| match params.optional_string(field)? {
            None => Ok(None),
            Some(id) => DocumentPath::named(&format!("{name}/{id}"))
                .map(Some)
                .ok_or_else(|| params.refuse(field, "no document's id")),
        };
        let most = usize::try_from(MOST_DOCUMENTS).unwrap_or_default();
        let only = params.optional_strings("only", most)?;
        let wants = match params.one_of("append", &["all", "only", "none"], |word| word)? {
            "none" => Wants::Telling,
            "only" => Wants::Appending { only: Some(only.unwrap_or_default().into_iter().collect()) },
            _ => Wants::Appending { only: None },
        };
        let limit = params.optional_integer("limit", 1, MOST_DOCUMENTS, "not an integer from 1 to 1000")?;
        Ok(Page {
            table,
            after: path("after")?,
            up_to: path("upTo")?,
            read_at: params.timestamp("readAt")?,
            limit: limit.and_then(|limit| u32::try_from(limit).ok()).unwrap_or(300),
            wants,
            deleted: params.optional_strings("deleted", most)?.unwrap_or_default(),
            restated: params.optional_strings("restated", most)?.unwrap_or_default().into_iter().collect(),
            left: VecDeque::new(),
            under_way: Vec::new(),
            told: Told::default(),
            fault: None,
            at: At::Start,
        })
    }

    fn keeps_checkpoint(&self) -> bool {
        false
    }

    fn resume_at(&mut self, _: Checkpoint) {}

    fn next(&mut self, answer: Answer<Fault>, now: Timestamp) -> Step<End> {
        match (mem::take(&mut self.at), answer) {
            (At::Start, Answer::Begin) if self.wants_no_document() => self.append_wanted(Vec::new(), now),
            (At::Start, Answer::Begin) => self.read(),
            (At::Reading, Answer::Rows(found)) => self.found(&found, now),
            (At::Appending, Answer::Appended { refused }) => self.appended(&refused, now),
            (At::Start | At::Reading | At::Appending, answer) => {
                self.fault = Some(answer.into_fault());
                Step::Done(End::Finished)
            }
        }
    }

    fn checkpoint(&self) -> Option<Checkpoint> {
        None
    }

    fn summary(&self) -> Summary {
        let Told { read, bytes, appended, last, rows, refused } = &self.told;
        let answer = json!({
            "read": read, "bytes": bytes, "appended": appended, "last": last, "rows": rows, "refused": refused,
        });
        let answer = if let Json::Object(answer) = answer { answer } else { JsonMap::new() };
        Summary { answer, findings: Vec::new(), faults: self.fault.iter().map(ToString::to_string).collect() }
    }
}

impl Page {
    /// Deletions alone, which say nothing that is read.
    fn wants_no_document(&self) -> bool {
        matches!(&self.wants, Wants::Appending { only: Some(only) } if only.is_empty())
    }

    fn read(&mut self) -> Step<End> {
        self.at = At::Reading;
        let after = self.after.clone().map(|path| Cursor { value: None, path });
        Step::Call(Call::query(Query {
            collection: &self.table.collection,
            filters: Vec::new(),
            order_by: None,
            after,
            up_to: self.up_to.clone(),
            read_at: Some(self.read_at),
            fields: ALL_FIELDS,
            limit: self.limit,
        }))
    }

    fn found(&mut self, found: &[Found], now: Timestamp) -> Step<End> {
        self.told.read = found.len();
        self.told.last =
            found.last().filter(|_| !is_last_page(found, self.limit)).map(|last| last.path.id().to_owned());
        let rows: Vec<_> = found.iter().filter_map(|found| self.row(found)).collect();
        self.told.bytes = rows.iter().map(Row::weight).sum();
        match &self.wants {
            Wants::Telling => {
                self.told.rows = rows.iter().map(spelled).collect();
                Step::Done(End::Finished)
            }
            Wants::Appending { only: None } => self.append_wanted(rows, now),
            Wants::Appending { only: Some(only) } => {
                let wanted = rows.into_iter().filter(|row| only.contains(&row.id)).collect();
                self.append_wanted(wanted, now)
            }
        }
    }

    fn append_wanted(&mut self, rows: Vec<Row>, now: Timestamp) -> Step<End> {
        let deleted: Vec<_> = mem::take(&mut self.deleted).into_iter().map(|id| self.deletion(id)).collect();
        self.left = rows.into_iter().chain(deleted).collect();
        self.append(now)
    }

    fn row(&self, found: &Found) -> Option<Row> {
        let changed = Changed {
            table: self.table,
            id: found.path.id(),
            before: None,
            after: Some(&found.stored),
            time: None,
            trace: None,
        };
        let mut row = row_of(&changed)?.row;
        if self.restated.contains(&row.id) {
            row.version.micros = self.read_at.micros();
            row.change_time = self.read_at;
        }
        Some(row)
    }

    /// Whatever changes of it are still on their way, they are older than the reading that didn't find it.
    fn deletion(&self, id: String) -> Row {
        let version = Version { micros: self.read_at.micros(), is_deleted: true };
        Row::without_document(self.table, id, version, self.read_at)
    }

    /// As many as go at once.
    fn append(&mut self, now: Timestamp) -> Step<End> {
        let mut bytes = 0;
        while let Some(row) = self.left.pop_front() {
            bytes += row.weight();
            if bytes > MOST_BYTES && !self.under_way.is_empty() {
                self.left.push_front(row);
                break;
            }
            self.under_way.push(row);
        }
        if self.under_way.is_empty() {
            return Step::Done(End::Finished);
        }
        self.at = At::Appending;
        Step::Call(Call::append(self.under_way.clone(), now))
    }

    /// Where some are refused none was appended: the others go again.
    fn appended(&mut self, refused: &[RefusedRow], now: Timestamp) -> Step<End> {
        let sent = mem::take(&mut self.under_way);
        if refused.is_empty() {
            self.told.appended += sent.len();
            return self.append(now);
        }
        match apart(sent, refused) {
            Ok(Apart { others, refused }) => {
                let told = |(row, reason): (Row, String)| json!({ "id": row.id, "reason": reason });
                self.told.refused.extend(refused.into_iter().map(told));
                others.into_iter().rev().for_each(|row| self.left.push_front(row));
            }
            Err(fault) => {
                self.fault = Some(fault);
                return Step::Done(End::Finished);
            }
        }
        self.append(now)
    }
}
