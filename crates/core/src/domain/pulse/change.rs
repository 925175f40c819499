//! What one change of a document adds.

use std::collections::BTreeMap;

use crate::{
    domain::pulse::{
        newest::{Detail, Entry, Newest},
        sums::Sums,
    },
    kernel::timestamp::Timestamp,
    store::{document::Document, snapshot::Stored},
};

/// The collections whose changes count.
const USERS: &str = "users";
const TRANSACTIONS: &str = "transactions";
const LEADS: &str = "leads";
const KYC_CASES: &str = "kyc_cases";
const DEAD_LETTERS: &str = "dead_letters";
const COUNTED: [&str; 5] = [USERS, TRANSACTIONS, LEADS, KYC_CASES, DEAD_LETTERS];

const SETTLED: &str = "SETTLED";
const OPEN: &str = "OPEN";

/// A document as it was and as it is.
#[derive(Clone, Copy, Debug)]
pub struct Changed<'a> {
    /// Below the database's root: `users/{userId}`.
    pub path: &'a str,
    pub before: Option<&'a Stored>,
    pub after: Option<&'a Stored>,
    /// What it was and is isn't known: the change was too large to be told.
    pub is_cut: bool,
}

impl Changed<'_> {
    /// None where nothing changed, or a document that doesn't count. `now`: for one of which the database doesn't say when it was written.
    pub fn sums(&self, now: Timestamp) -> Option<Sums> {
        let (collection, id) = self.path.split_once('/')?;
        let collection = COUNTED.into_iter().find(|known| *known == collection && !id.contains('/'))?;
        let (before, after) = (self.before.map(|it| &it.document), self.after.map(|it| &it.document));
        if before == after && !self.is_cut {
            return None;
        }
        let mut sums = Sums { changes: [(collection, 1)].into(), ..Sums::default() };
        if let Some(after) = self.after {
            let change = Change { id, before, after: &after.document, at: written_at(after).unwrap_or(now) };
            change.count(collection, &mut sums);
        }
        Some(sums)
    }
}

/// A document that was created or changed, and is there.
struct Change<'a> {
    id: &'a str,
    before: Option<&'a Document>,
    after: &'a Document,
    at: Timestamp,
}

impl Change<'_> {
    fn count(&self, collection: &'static str, sums: &mut Sums) {
        // Registering is no step of the check, though a customer begins with a status.
        if collection == USERS && self.before.is_none() {
            sums.statuses.insert("users.created".to_owned(), 1);
            return;
        }
        let field = match collection {
            USERS => "kycStatus",
            KYC_CASES => "check",
            _ => "status",
        };
        let Some(status) = word(self.after, field) else { return };
        let from = self.before.and_then(|before| word(before, field));
        if from == Some(status) {
            return;
        }
        sums.statuses.insert(format!("{collection}.{status}"), 1);
        match collection {
            TRANSACTIONS => self.count_transaction(status, sums),
            USERS => sums.kyc = self.listed([("status", text(Some(status))), ("from", text(from))]),
            DEAD_LETTERS if status == OPEN => {
                sums.letters = self.listed(["consumer", "kind"].map(|name| (name, text(self.text(name)))));
            }
            _ => {}
        }
    }

    fn count_transaction(&self, status: &str, sums: &mut Sums) {
        let (kind, currency) = (word(self.after, "kind"), word(self.after, "currency"));
        let amount = ["settledAmount", "amount"].into_iter().find_map(|field| self.after.int(field).ok());
        let amount = amount.filter(|minor_units| *minor_units >= 0);
        if let (SETTLED, Some(kind), Some(currency), Some(amount)) = (status, kind, currency, amount) {
            sums.amounts.insert(kind.to_owned(), BTreeMap::from([(currency.to_owned(), amount)]));
        }
        sums.transactions = self.listed([
            ("userId", text(self.text("userId"))),
            ("kind", text(kind)),
            ("amount", amount.map(Detail::Number)),
            ("currency", text(currency)),
            ("status", text(Some(status))),
        ]);
    }

    fn listed<const N: usize>(&self, details: [(&'static str, Option<Detail>); N]) -> Newest {
        let details = details.into_iter().filter_map(|(name, detail)| Some((name, detail?))).collect();
        Newest::of(Some(Entry { at: self.at, id: self.id.to_owned(), details }))
    }

    fn text(&self, field: &str) -> Option<&str> {
        short(self.after.string(field).ok()?)
    }
}

fn text(text: Option<&str>) -> Option<Detail> {
    text.map(|text| Detail::Text(text.to_owned()))
}

/// A word of ours. Anything else is a hand-made edit, and no name of a field.
fn word<'a>(document: &'a Document, field: &str) -> Option<&'a str> {
    let word = short(document.string(field).ok()?)?;
    (!word.is_empty() && word.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')).then_some(word)
}

/// No text of ours is longer; and the document of a minute stays small.
fn short(text: &str) -> Option<&str> {
    const LONGEST: usize = 64;
    (text.len() <= LONGEST).then_some(text)
}

/// By the database's own clock, so that the changes of one document are in their order however they come.
fn written_at(stored: &Stored) -> Option<Timestamp> {
    let at = stored.updated_at;
    let micros = at.seconds.checked_mul(1_000_000)?.checked_add(i64::from(at.nanos) / 1_000)?;
    (micros > 0).then(|| Timestamp::from_micros(micros)).flatten()
}
