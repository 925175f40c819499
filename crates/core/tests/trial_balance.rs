//! The trial balance goes through all customers, and compares those whose ids no function writes, too.

use boma_core::{
    jobs::trial_balance::{Account, BalanceReader, Balances, Posting, TrialBalance},
    kernel::timestamp::Timestamp,
    protocol::{
        function::{Function, Trigger},
        step::{Answer, Call, Reply, Step},
    },
    store::{
        document::{Document, Unreadable, UpdateTime},
        path::DocumentPath,
        query::{Query, Row},
        snapshot::{Snapshot, Stored},
        value::Value,
    },
};
use serde_json::{Value as Json, json};

/// A customer has what the document says, in one account; nothing was ever booked.
#[derive(Clone, Debug)]
struct Savings;

impl BalanceReader for Savings {
    const FUNCTION: &'static str = "trial-balance";

    fn balances(user: &Document) -> Result<Balances, Unreadable> {
        let account = Account { currency: "CZK".to_owned(), name: "available".to_owned() };
        Ok([(account, user.int("savings")?.into())].into())
    }

    fn postings(_: &Document) -> Result<Vec<Posting>, Unreadable> {
        Ok(Vec::new())
    }
}

const FUNCTION: Function = Function::of_job::<TrialBalance<Savings>>();

fn customer(id: &str, savings: i64) -> Row {
    let fields = [("savings".to_owned(), Value::Int(savings))].into();
    let stored = Stored { document: Document { fields }, updated_at: UpdateTime { seconds: 1_000, nanos: 0 } };
    Row { path: DocumentPath::named(&format!("users/{id}")).expect("a path"), stored }
}

fn page(customers: &[Row], query: &Query) -> Vec<Row> {
    if query.collection != "users" {
        return Vec::new();
    }
    let is_behind = |row: &&Row| query.after.as_ref().is_none_or(|after| row.path > after.path);
    customers.iter().filter(is_behind).take(query.limit as usize).cloned().collect()
}

fn answer_of(params: &Json, customers: &[Row]) -> Json {
    let Trigger::Schedule { open } = FUNCTION.trigger else { panic!("not a job") };
    let mut protocol = open(params.to_string().as_bytes());
    let mut answer = Answer::Begin;
    loop {
        let now = Timestamp::parse("2026-03-01T10:00:00Z").expect("a time");
        answer = match protocol.next(Reply { answer, now, random: 7 }) {
            Step::Call(Call::Query { query, .. }) => Answer::Rows(page(customers, &query)),
            Step::Call(Call::Read { paths, .. }) => {
                let mut snapshot = Snapshot::default();
                for path in paths {
                    let found = customers.iter().find(|row| row.path == path);
                    snapshot.insert(path, found.map(|row| row.stored.clone()));
                }
                Answer::Found(snapshot)
            }
            Step::Done(response) => return serde_json::from_str(&response.body.expect("an answer")).expect("JSON"),
            step @ (Step::Call(Call::Commit { .. } | Call::Publish { .. } | Call::Append { .. })
            | Step::Wait { .. }) => {
                panic!("customers are read: {step:?}")
            }
        };
    }
}

#[test]
fn behind_a_customer_with_a_foreign_id_it_goes_on_and_all_are_compared() {
    let mut customers: Vec<_> = (0..250).map(|index| customer(&format!("u{index:03}"), 0)).collect();
    customers.extend([customer("u000 two", 5), customer("u099 two", 7), customer("käse", 0), customer("u249 last", 9)]);
    customers.sort_by(|a, b| a.path.cmp(&b.path));
    let whole = answer_of(&json!({ "pages": 9 }), &customers);
    assert_eq!((&whole["users"], &whole["missing"]), (&json!(254), &json!([])), "{whole}");
    let told = whole["differences"].to_string();
    for id in ["u000 two", "u099 two", "u249 last"] {
        assert!(told.contains(id), "{whole}");
    }
}
