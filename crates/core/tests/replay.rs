//! The operators' replay where a case file can't tell it: bodies that aren't text, thousands of letters, and a whole key from step to
//! step as the command takes it.

use std::collections::{BTreeMap, BTreeSet};

use boma_core::{
    event::outbox::Message,
    jobs::replay::replay_job::Replay,
    kernel::timestamp::Timestamp,
    protocol::{
        function::{Function, Trigger},
        step::{Answer, Call, Reply, Step},
    },
    store::{
        document::{Document, UpdateTime},
        path::DocumentPath,
        snapshot::{Snapshot, Stored},
        value::{Value, map},
    },
};
use serde_json::{Value as Json, json};

const FUNCTION: Function = Function::of_job::<Replay>();
const NOW: &str = "2026-03-01T10:00:00Z";

#[derive(Default)]
struct World {
    letters: BTreeMap<DocumentPath, Document>,
    published: Vec<Message>,
    reads: Vec<BTreeSet<&'static str>>,
}

impl World {
    fn file(&mut self, number: usize, subject: &str, body: &[u8]) -> String {
        let name = format!("kyc.{number:032x}");
        let fields = map([
            ("consumer", "kyc".into()),
            ("kind", "REFUSED".into()),
            ("status", "OPEN".into()),
            ("type", "KycHeld".into()),
            ("subject", subject.into()),
            ("body", body.to_vec().into()),
            ("receivedAt", Timestamp::parse("2026-03-01T07:00:00Z").expect("a time").into()),
            ("replays", Value::Int(0)),
            ("truncated", false.into()),
        ]);
        self.letters.insert(path(&name), Document { fields });
        name
    }

    /// One run of the job, from its parameters to its answer.
    fn run(&mut self, params: &Json) -> Json {
        let Trigger::Schedule { open } = FUNCTION.trigger else { panic!("not a job") };
        let mut protocol = open(params.to_string().as_bytes());
        let mut answer = Answer::Begin;
        loop {
            let reply = Reply { answer, now: Timestamp::parse(NOW).expect("a time"), random: 7 };
            answer = match protocol.next(reply) {
                Step::Call(Call::Read { paths, fields, .. }) => Answer::Found(self.read(paths, fields)),
                Step::Call(Call::Publish { batch, .. }) => {
                    self.published.extend(batch.messages);
                    Answer::Published
                }
                Step::Done(response) => {
                    return serde_json::from_str(response.body.as_deref().expect("an answer")).expect("JSON");
                }
                step @ (Step::Call(Call::Query { .. } | Call::Commit { .. } | Call::Append { .. })
                | Step::Wait { .. }) => {
                    panic!("a replay reads and publishes, and its caller waits: {step:?}")
                }
            };
        }
    }

    fn read(&mut self, paths: Vec<DocumentPath>, fields: &'static [&'static str]) -> Snapshot {
        assert!(paths.len() <= 300, "{} letters in one read", paths.len());
        self.reads.push(fields.iter().copied().collect());
        let mut snapshot = Snapshot::default();
        for path in paths {
            let stored = self.letters.get(&path).map(|letter| {
                let mut document = letter.clone();
                document.fields.retain(|name, _| fields.is_empty() || fields.contains(&name.as_str()));
                Stored { document, updated_at: UpdateTime { seconds: 1, nanos: 0 } }
            });
            snapshot.insert(path, stored);
        }
        snapshot
    }

    fn settle(&mut self, name: &str) {
        let letter = self.letters.get_mut(&path(name)).expect("a letter");
        letter.fields.insert("status".to_owned(), "REPLAYED".into());
        letter.fields.insert("replays".to_owned(), Value::Int(1));
    }
}

fn path(name: &str) -> DocumentPath {
    DocumentPath::parse(&format!("dead_letters/{name}")).expect("a path")
}

fn plan(names: &[String]) -> Json {
    json!({ "mode": "DRY_RUN", "choice": "BY_NAME", "letters": names, "consumers": ["kyc"] })
}

fn step(mode: &str, left: &Json, sent: &Json, waited_ms: &Json) -> Json {
    let mut params = json!({ "mode": mode, "choice": "BY_NAME", "left": left, "sent": sent, "waitedMs": waited_ms });
    if mode == "WAIT" {
        params["settleWithinMs"] = 1_000.into();
    }
    params
}

#[test]
fn a_body_that_is_no_text_is_published_unchanged() {
    let mut world = World::default();
    let name = world.file(1, "s", &[0xff, 0x0a, 0x00]);
    world.run(&step("WAIT", &json!([{ "letter": name }]), &json!([]), &json!(0)));
    assert_eq!(world.published[0].data, [0xff, 0x0a, 0x00]);
}

#[test]
fn thousands_of_letters_are_planned_without_their_bodies() {
    let mut world = World::default();
    let names: Vec<_> = (0..5_000).map(|number| world.file(number, &format!("s{}", number % 7), b"{}")).collect();
    let answer = world.run(&plan(&names));
    let keys = answer["keys"].as_array().expect("a list");
    assert_eq!(keys.iter().map(|key| key.as_array().expect("a list").len()).sum::<usize>(), 5_000);
    assert_eq!((keys.len(), &answer["refused"], world.published.len()), (7, &json!([]), 0));
    assert!(world.reads.iter().all(|fields| !fields.is_empty() && !fields.contains("body")));
}

/// As the command does: what one step answers is what the next one is given.
#[test]
fn the_letters_of_a_key_go_one_after_the_other_from_step_to_step() {
    let mut world = World::default();
    let names: Vec<_> = (0..4).map(|number| world.file(number, "s", number.to_string().as_bytes())).collect();
    let plan = world.run(&plan(&names));
    let mut answer = json!({ "left": plan["keys"][0], "sent": [], "waitedMs": 0, "pauseMs": 0 });
    let (mut outcomes, mut looks) = (Vec::new(), 0);
    while !answer["pauseMs"].is_null() {
        answer = world.run(&step("WAIT", &answer["left"], &answer["sent"], &answer["waitedMs"]));
        outcomes.extend(answer["results"].as_array().expect("a list").clone());
        let on_its_way = answer["sent"][0]["letter"].as_str().map(str::to_owned);
        looks += usize::from(answer["results"] == json!([]));
        // Each is settled only after a second look, but for the last one.
        if let Some(name) = on_its_way.filter(|_| answer["results"] == json!([]) && outcomes.len() < 7) {
            world.settle(&name);
        }
    }
    let words: Vec<_> = outcomes.iter().map(|it| (it["letter"].as_str(), it["outcome"].as_str())).collect();
    let mut expected = Vec::new();
    for (name, outcome) in names.iter().zip(["REPLAYED", "REPLAYED", "REPLAYED", "UNSETTLED"]) {
        expected.extend([(Some(name.as_str()), Some("PUBLISHED")), (Some(name.as_str()), Some(outcome))]);
    }
    assert_eq!(words, expected);
    assert_eq!(world.published.iter().map(|it| it.data[0]).collect::<Vec<_>>(), b"0123");
    // 40 ms, 60 ms and so on, each half as long again, until a second is over.
    assert_eq!(looks, 3 + 6);
}
