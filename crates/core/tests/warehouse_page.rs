//! A page of a collection that is told or appended, as `npm run warehouse` asks for it: what comes of refused rows, of documents that are
//! gone, and of those of another database.

use boma_core::{
    jobs::warehouse::page::Page,
    kernel::timestamp::Timestamp,
    protocol::{
        function::{Function, Trigger},
        step::{Answer, Call, RefusedRow, Reply, Step},
    },
    store::{
        document::{Document, UpdateTime},
        path::DocumentPath,
        query::Row,
        snapshot::Stored,
        value::Value,
    },
    warehouse::row::Row as TableRow,
};
use serde_json::{Value as Json, json};

const FUNCTION: Function = Function::of_job::<Page>();
const NOW: &str = "2026-03-01T10:00:00Z";
const READ_AT: &str = "2026-03-01T09:00:00Z";
const READ_AT_MICROS: i64 = 1_772_355_600_000_000;

/// The answer of a job, and the rows of each append. `refused` says which rows of which append are.
fn run(params: &Json, ids: &[&str], refused: &[&[usize]]) -> (Json, Vec<Vec<TableRow>>) {
    run_reading(params, Some(ids), refused)
}

/// Without ids nothing may be read.
fn run_reading(params: &Json, ids: Option<&[&str]>, refused: &[&[usize]]) -> (Json, Vec<Vec<TableRow>>) {
    let Trigger::Schedule { open } = FUNCTION.trigger else { panic!("not a job") };
    let mut protocol = open(params.to_string().as_bytes());
    let (mut answer, mut appends) = (Answer::Begin, Vec::new());
    loop {
        let reply = Reply { answer, now: Timestamp::parse(NOW).expect("a time"), random: 7 };
        answer = match protocol.next(reply) {
            Step::Call(Call::Query { query, .. }) => {
                assert_eq!(query.read_at, Timestamp::parse(READ_AT).ok());
                Answer::Rows(ids.expect("it isn't read").iter().map(|id| lead(id)).collect())
            }
            Step::Call(Call::Append { rows, .. }) => {
                let indexes = refused.get(appends.len()).copied().unwrap_or_default();
                appends.push(rows);
                let row = |index: &usize| RefusedRow { index: *index, reason: "FIELDS_ERROR".to_owned() };
                Answer::Appended { refused: indexes.iter().map(row).collect() }
            }
            Step::Done(response) => {
                let answer = serde_json::from_str(response.body.as_deref().expect("an answer")).expect("JSON");
                return (answer, appends);
            }
            step @ (Step::Call(Call::Read { .. } | Call::Commit { .. } | Call::Publish { .. }) | Step::Wait { .. }) => {
                panic!("a page is read and appended: {step:?}")
            }
        };
    }
}

fn lead(id: &str) -> Row {
    let fields = [("score".to_owned(), Value::Int(7))].into();
    let stored = Stored { document: Document { fields }, updated_at: UpdateTime { seconds: 1_000, nanos: 5_000 } };
    Row { path: DocumentPath::named(&format!("leads/{id}")).expect("a path"), stored }
}

fn asked(more: &Json) -> Json {
    let mut params = json!({ "collection": "leads", "readAt": READ_AT, "append": "all" });
    for (name, value) in more.as_object().expect("an object") {
        params[name] = value.clone();
    }
    params
}

fn ids(rows: &[TableRow]) -> Vec<&str> {
    rows.iter().map(|row| row.id.as_str()).collect()
}

#[test]
fn what_is_no_page_is_named() {
    for (wrong, why) in [
        (json!({ "collection": "markets" }), "collection: has no table"),
        (json!({ "after": "a/b" }), "after: no document's id"),
        (json!({ "limit": 0 }), "limit: not an integer from 1 to 1000"),
        (json!({ "readAt": "yesterday" }), "readAt: not an RFC 3339 time"),
        (json!({ "every": true }), "every: unknown"),
    ] {
        assert_eq!(run(&asked(&wrong), &[], &[]).0["error"], why);
    }
}

#[test]
fn a_refused_row_is_named_and_the_others_go_again_in_their_order() {
    let (told, appends) = run(&asked(&json!({})), &["a", "b", "c", "d"], &[&[1, 3]]);
    assert_eq!(appends.iter().map(|rows| ids(rows)).collect::<Vec<_>>(), [vec!["a", "b", "c", "d"], vec!["a", "c"]]);
    assert_eq!((&told["read"], &told["appended"]), (&json!(4), &json!(2)));
    let refused = |id: &str| json!({ "id": id, "reason": "FIELDS_ERROR" });
    assert_eq!(told["refused"], json!([refused("b"), refused("d")]));
    assert_eq!(told["faults"], json!([]));
}

#[test]
fn a_refusal_of_no_row_that_was_sent_is_a_fault_and_not_repeated_for_ever() {
    let (told, appends) = run(&asked(&json!({})), &["a"], &[&[9]]);
    assert_eq!((appends.len(), &told["appended"]), (1, &json!(0)));
    assert_eq!(told["faults"], json!(["protocol: a row was refused that wasn't sent"]));
}

#[test]
fn of_some_only_those_are_appended_with_deletions_and_rows_that_count_from_the_reading_on() {
    let params = asked(&json!({ "append": "only", "only": ["a", "c"], "restated": ["c"], "deleted": ["z"] }));
    let (_, appends) = run(&params, &["a", "b", "c"], &[]);
    let versions: Vec<_> =
        appends[0].iter().map(|row| (row.id.as_str(), row.version.micros, row.version.is_deleted)).collect();
    assert_eq!(versions, [("a", 1_000_000_005, false), ("c", READ_AT_MICROS, false), ("z", READ_AT_MICROS, true)]);
}

#[test]
fn whatever_the_id_it_is_a_place_to_begin_and_to_end_at_and_a_document_like_others() {
    let ids = ["__id7__", "a%2Fb", "with space", "käse", &"\u{1}".repeat(1_500)];
    let params = asked(&json!({ "append": "only", "after": ids[0], "upTo": ids[4], "only": ids, "limit": 5 }));
    let (told, appends) = run(&params, &ids, &[]);
    assert_eq!(
        (appends[0].iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), &told["error"]),
        (ids.to_vec(), &json!(null))
    );
    assert_eq!((&told["last"], &told["read"]), (&json!(ids[4]), &json!(5)));
}

#[test]
fn where_deletions_alone_are_meant_nothing_is_read_whatever_the_rows_are_called() {
    let longest = "金".repeat(500);
    let gone = ["a/b", ".", "with space", &longest, &"y".repeat(1_500)];
    let (told, appends) = run_reading(&asked(&json!({ "append": "only", "only": [], "deleted": gone })), None, &[]);
    let rows: Vec<_> = appends[0].iter().map(|row| (row.id.as_str(), row.version.is_deleted)).collect();
    assert_eq!(rows, gone.map(|id| (id, true)));
    assert_eq!((&told["read"], &told["appended"], &told["last"]), (&json!(0), &json!(5), &json!(null)));
}

#[test]
fn told_rows_are_not_appended() {
    let (told, appends) = run(&asked(&json!({ "append": "none", "limit": 1 })), &["a"], &[]);
    assert!(appends.is_empty());
    assert_eq!((&told["rows"][0]["columns"], &told["last"]), (&json!({ "score": "7" }), &json!("a")));
}
