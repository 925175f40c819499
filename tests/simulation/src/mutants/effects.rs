//! Mutants with a wrong effect: the commit isn't what the handler decided.

use boma_core::event::{
    envelope::Envelope,
    origin::{FirstEdition, Origin},
};
use boma_google::{Action, Answer, Invocation, Rpc, Tick, read_push};
use googleapis_tonic_google_firestore_v1::google::firestore::v1::{
    BatchGetDocumentsResponse, Document, MapValue, Value, Write, batch_get_documents_response::Result as Found,
    value::ValueType, write::Operation,
};
use prost::Message as _;
use prost_types::Timestamp;

use super::requests::{is_commit, is_of, with_writes};
use crate::stored::{Fields, integer, map, text};

/// Each debit is taken twice.
pub(super) struct TakenTwice {
    real: Box<dyn Invocation>,
    /// The balances by currency, as they were read.
    before: Fields,
}

impl TakenTwice {
    pub(super) fn of(real: Box<dyn Invocation>) -> Self {
        Self { real, before: Fields::new() }
    }

    fn note(&mut self, message: &[u8]) {
        let Ok(answer) = BatchGetDocumentsResponse::decode(message) else { return };
        if let Some(Found::Found(document)) = answer.result.filter(|it| matches!(it, Found::Found(it) if is_user(it))) {
            self.before = map(&document.fields, "balances").cloned().unwrap_or_default();
        }
    }
}

impl Invocation for TakenTwice {
    fn next(&mut self, answer: Answer, tick: Tick) -> Action {
        if let Answer::Rpc { messages, .. } = &answer {
            messages.iter().for_each(|message| self.note(message));
        }
        let before = &self.before;
        commits(self.real.next(answer, tick), |write| twice(write, before))
    }
}

fn twice(mut write: Write, before: &Fields) -> Option<Write> {
    if let Some(Operation::Update(document)) = write.operation.as_mut().filter(|_| write.update_mask.is_some())
        && is_user(document)
        && let Some(Value { value_type: Some(ValueType::MapValue(after)) }) = document.fields.get_mut("balances")
    {
        for (currency, held) in &mut after.fields {
            let Some(ValueType::MapValue(held)) = &mut held.value_type else { continue };
            for (account, now) in &mut held.fields {
                let Some(ValueType::IntegerValue(now)) = &mut now.value_type else { continue };
                let then = map(before, currency).and_then(|held| integer(held, account)).unwrap_or(0);
                *now += (*now - then).min(0);
            }
        }
    }
    Some(write)
}

/// Each mail gets an id that doesn't come from its event.
pub(super) struct MailUnderAnotherId {
    real: Box<dyn Invocation>,
}

impl MailUnderAnotherId {
    pub(super) fn of(real: Box<dyn Invocation>) -> Self {
        Self { real }
    }
}

impl Invocation for MailUnderAnotherId {
    fn next(&mut self, answer: Answer, tick: Tick) -> Action {
        commits(self.real.next(answer, tick), |mut write| {
            let is_mail = is_of(&write, "mail");
            if let Some(Operation::Update(mail)) = write.operation.as_mut().filter(|_| is_mail) {
                mail.name.push_str(&format!("-{}", tick.now));
            }
            Some(write)
        })
    }
}

/// A price that triggers an alert doesn't remove it.
pub(super) struct MetAlertsStay {
    real: Box<dyn Invocation>,
}

impl MetAlertsStay {
    pub(super) fn of(real: Box<dyn Invocation>) -> Self {
        Self { real }
    }
}

impl Invocation for MetAlertsStay {
    fn next(&mut self, answer: Answer, tick: Tick) -> Action {
        commits(self.real.next(answer, tick), |write| {
            let removes = matches!(&write.operation, Some(Operation::Update(alerts)) if alerts.fields.is_empty());
            (!removes || !is_of(&write, "price_alerts")).then_some(write)
        })
    }
}

/// At an approval the suspensions are gone.
pub(super) struct SuspensionLost {
    real: Box<dyn Invocation>,
}

impl SuspensionLost {
    pub(super) fn of(real: Box<dyn Invocation>) -> Self {
        Self { real }
    }
}

impl Invocation for SuspensionLost {
    fn next(&mut self, answer: Answer, tick: Tick) -> Action {
        match self.real.next(answer, tick) {
            Action::Rpc(rpc) if is_commit(&rpc) => Action::Rpc(with_writes(rpc, without_suspensions)),
            action @ (Action::Body | Action::Rpc(_) | Action::Fetch(_) | Action::Wait { .. } | Action::Done(_)) => {
                action
            }
        }
    }
}

fn without_suspensions(mut writes: Vec<Write>) -> Vec<Write> {
    let says = |write: &Write, collection: &str, field: &str, value: &str| {
        is_of(write, collection)
            && matches!(&write.operation, Some(Operation::Update(document)) if text(&document.fields, field) == value)
    };
    let is_result = writes.iter().any(|write| says(write, "processed_events", "type", "KycCompleted"));
    let approves = writes.iter().any(|write| says(write, "kyc_cases", "check", "APPROVED"));
    let decides = writes.iter().any(|write| says(write, "kyc_cases", "decision", "APPROVED"));
    if is_result && approves && decides {
        for document in writes.iter_mut().filter_map(updated) {
            if let Some(suspensions) = document.fields.get_mut("suspensions") {
                suspensions.value_type = Some(ValueType::MapValue(MapValue::default()));
            }
            if let Some(status) = document.fields.get_mut("kycStatus") {
                status.value_type = Some(ValueType::StringValue("APPROVED".to_owned()));
            }
        }
    }
    writes
}

fn updated(write: &mut Write) -> Option<&mut Document> {
    match &mut write.operation {
        Some(Operation::Update(document)) => Some(document),
        _ => None,
    }
}

/// A withdrawal counts for the limits at the time that its event names.
pub(super) struct LimitByEventTime {
    real: Box<dyn Invocation>,
    /// The withdrawal, and the time of its event.
    told: Option<(String, Timestamp)>,
}

impl LimitByEventTime {
    pub(super) fn of(real: Box<dyn Invocation>, body: &[u8]) -> Self {
        let event =
            Envelope::parse(&read_push(body.to_vec().into(), FirstEdition::Drained).body, Origin::Anywhere).ok();
        let told = event.and_then(|event| {
            let withdrawal = event.data().optional_string("transactionId").ok()??.to_owned();
            let (seconds, nanos) =
                (event.time.micros().div_euclid(1_000_000), event.time.micros().rem_euclid(1_000_000));
            Some((withdrawal, Timestamp { seconds, nanos: i32::try_from(nanos * 1_000).ok()? }))
        });
        Self { real, told }
    }
}

impl Invocation for LimitByEventTime {
    fn next(&mut self, answer: Answer, tick: Tick) -> Action {
        let told = &self.told;
        commits(self.real.next(answer, tick), |mut write| {
            let is_window = is_of(&write, "withdrawal_windows");
            if let (Some(Operation::Update(window)), Some((withdrawal, at)), true) =
                (write.operation.as_mut(), told, is_window)
            {
                window.fields.values_mut().for_each(|value| redate(value, withdrawal, *at));
            }
            Some(write)
        })
    }
}

fn redate(value: &mut Value, withdrawal: &str, at: Timestamp) {
    match &mut value.value_type {
        Some(ValueType::ArrayValue(list)) => list.values.iter_mut().for_each(|value| redate(value, withdrawal, at)),
        Some(ValueType::MapValue(map)) if text(&map.fields, "transactionId") == withdrawal => {
            map.fields.insert("at".to_owned(), Value { value_type: Some(ValueType::TimestampValue(at)) });
        }
        Some(ValueType::MapValue(map)) => map.fields.values_mut().for_each(|value| redate(value, withdrawal, at)),
        _ => {}
    }
}

fn commits(action: Action, change: impl Fn(Write) -> Option<Write>) -> Action {
    match action {
        Action::Rpc(rpc) if is_commit(&rpc) => changed(rpc, change),
        action @ (Action::Body | Action::Rpc(_) | Action::Fetch(_) | Action::Wait { .. } | Action::Done(_)) => action,
    }
}

fn changed(rpc: Rpc, change: impl Fn(Write) -> Option<Write>) -> Action {
    Action::Rpc(with_writes(rpc, |writes| writes.into_iter().filter_map(change).collect()))
}

fn is_user(document: &Document) -> bool {
    document.name.contains("/documents/users/")
}
