//! What a trial balance came to.

use std::collections::BTreeMap;

use serde_json::{Map as JsonMap, Value as Json, json};

use super::sums::{self, Account, BalanceReader, Balances};
use crate::{
    protocol::{
        job::{Finding, Severity, Summary},
        outcome::Fault,
    },
    store::document::Document,
};

/// After so many it ends, and says where: what has gone that wrong is looked at first.
const MOST_FINDINGS: usize = 1_000;

#[derive(Clone, Debug, Default)]
pub(super) struct Findings {
    pub(super) pages: u64,
    pub(super) users: usize,
    pub(super) transactions: usize,
    differences: Vec<Difference>,
    /// Transactions that are wrong by themselves, and why.
    pub(super) unbalanced: BTreeMap<String, String>,
    /// Customers who have transactions and no document.
    pub(super) missing: Vec<String>,
    /// Customers whose document changed each time that it was read.
    pub(super) unsettled: Vec<String>,
    /// Whose balances can't be read, and why.
    unreadable: Vec<(String, String)>,
    pub(super) fault: Option<Fault>,
}

#[derive(Clone, Debug)]
struct Difference {
    user: String,
    account: Account,
    stored: i128,
    recomputed: i128,
}

impl Findings {
    pub(super) fn compare<B: BalanceReader>(&mut self, user: &str, document: &Document, recomputed: &Balances) {
        let user = user.to_owned();
        match B::balances(document) {
            Err(unreadable) => self.unreadable.push((user, unreadable.to_string())),
            Ok(stored) => {
                let differences = sums::differences(&stored, recomputed).into_iter();
                self.differences.extend(differences.map(|(account, stored, recomputed)| Difference {
                    user: user.clone(),
                    account,
                    stored,
                    recomputed,
                }));
            }
        }
    }

    fn count(&self) -> usize {
        self.differences.len() + self.unbalanced.len() + self.missing.len() + self.unreadable.len()
    }

    pub(super) fn is_full(&self) -> bool {
        self.count() >= MOST_FINDINGS
    }

    pub(super) fn summary(&self) -> Summary {
        let pair = |names: [&str; 2], (what, why): (&String, &String)| json!({ names[0]: what, names[1]: why });
        let unreadable = self.unreadable.iter().map(|(user, why)| pair(["userId", "why"], (user, why)));
        let answer = json!({
            "pages": self.pages,
            "users": self.users,
            "transactions": self.transactions,
            "wrong": self.count(),
            "differences": self.differences.iter().map(Difference::to_json).collect::<Vec<_>>(),
            "unbalanced": self.unbalanced.iter().map(|each| pair(["document", "why"], each)).collect::<Vec<_>>(),
            "missing": self.missing,
            "unreadable": unreadable.collect::<Vec<_>>(),
            "unsettled": self.unsettled,
        });
        Summary {
            answer: object(answer),
            findings: self.findings(),
            faults: self.fault.iter().map(Fault::to_string).collect(),
        }
    }

    fn findings(&self) -> Vec<Finding> {
        let error = |text: String, fields: Json| Finding { severity: Severity::Error, text, fields: object(fields) };
        let differences = self.differences.iter().map(|it| error(it.text(), it.to_json()));
        let unbalanced = self.unbalanced.iter().map(|(document, why)| {
            error(format!("wrong transaction {document}: {why}"), json!({ "document": document, "reason": why }))
        });
        let missing = self
            .missing
            .iter()
            .map(|user| error(format!("users/{user} isn't there, and has transactions"), json!({ "userId": user })));
        let unreadable = self.unreadable.iter().map(|(user, why)| {
            error(format!("users/{user} can't be read: {why}"), json!({ "userId": user, "reason": why }))
        });
        let unsettled = self.unsettled.iter().map(|user| Finding {
            severity: Severity::Warning,
            text: format!("users/{user} never came to rest; it was not compared"),
            fields: object(json!({ "userId": user })),
        });
        differences.chain(unbalanced).chain(missing).chain(unreadable).chain(unsettled).collect()
    }
}

impl Difference {
    fn to_json(&self) -> Json {
        json!({
            "userId": self.user,
            "currency": self.account.currency,
            "account": self.account.name,
            "stored": minor(self.stored),
            "recomputed": minor(self.recomputed),
        })
    }

    fn text(&self) -> String {
        let Difference { user, account: Account { currency, name }, stored, recomputed } = self;
        format!("difference: users/{user} {currency} {name} is {stored}, its postings sum to {recomputed}")
    }
}

/// An integer, or its digits where JSON's readers know none so wide.
fn minor(amount: i128) -> Json {
    i64::try_from(amount).map_or_else(|_| amount.to_string().into(), Json::from)
}

fn object(json: Json) -> JsonMap<String, Json> {
    if let Json::Object(map) = json { map } else { JsonMap::new() }
}
