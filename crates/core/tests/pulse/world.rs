//! An instance with many changes in flight, a clock and a database, in which writes take time and fail.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
    rc::Rc,
};

use boma_core::{
    jobs::pulse::pool,
    protocol::{
        change::DocumentChange,
        function::{Pool, Protocol},
        response::HttpResponse,
        step::{Answer, Call, Failure, FailureClass, Reply, Step},
    },
    store::{
        value::{Map, Value},
        write::{Expected, GuardedWrite},
    },
};

use crate::changes::{MadeUp, at};

/// What becomes of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Done,
    /// It is answered that it may have been.
    Unknown {
        is_done: bool,
    },
    Refused,
}

/// A write that was begun.
#[derive(Clone, Debug)]
pub(crate) struct Begun {
    pub(crate) ms: i64,
    pub(crate) ended_ms: i64,
    pub(crate) fate: Fate,
}

pub(crate) struct World {
    pool: Rc<dyn Pool>,
    now_ms: i64,
    calls: Vec<Option<Box<dyn Protocol>>>,
    /// When, which call, and the answer's place in `answers`.
    queue: BinaryHeap<Reverse<(i64, usize, usize)>>,
    answers: Vec<Answer>,
    fates: Vec<(Fate, i64)>,
    pub(crate) begun: Vec<Begun>,
    /// Path -> the document's fields.
    pub(crate) stored: BTreeMap<String, Map>,
    /// By call: when it came, when it ended, and how.
    pub(crate) came_ms: Vec<i64>,
    pub(crate) ended: Vec<Option<(i64, HttpResponse)>>,
}

impl World {
    /// `fates`: what becomes of each write, and how long it takes. Those after are done at once.
    pub(crate) fn new(fates: Vec<(Fate, i64)>) -> World {
        World {
            pool: pool(),
            now_ms: 0,
            calls: Vec::new(),
            queue: BinaryHeap::new(),
            answers: Vec::new(),
            fates,
            begun: Vec::new(),
            stored: BTreeMap::new(),
            came_ms: Vec::new(),
            ended: Vec::new(),
        }
    }

    /// A change comes at that time; the number of its call.
    pub(crate) fn comes(&mut self, ms: i64, change: &MadeUp) -> usize {
        let number = self.calls.len();
        let MadeUp { path, before, after } = change.clone();
        let event_id = format!("e-{number}");
        let change = DocumentChange { event_id, time: None, path, before, after, is_cut: false, traceparent: None };
        self.calls.push(Some(Rc::clone(&self.pool).open(change)));
        self.came_ms.push(ms);
        self.ended.push(None);
        self.answered(ms, number, Answer::Begin);
        number
    }

    /// Until all has ended, or this time.
    pub(crate) fn runs_until(&mut self, ms: i64) {
        while let Some(Reverse((at_ms, number, answer))) = self.queue.pop() {
            if at_ms > ms {
                self.queue.push(Reverse((at_ms, number, answer)));
                break;
            }
            self.now_ms = at_ms;
            let Some(call) = &mut self.calls[number] else { continue };
            let answer = self.answers[answer].clone();
            match call.next(Reply { answer, now: at(at_ms), random: 0xfeed }) {
                Step::Wait { ms } => self.answered(at_ms + i64::from(ms), number, Answer::Waited),
                Step::Call(Call::Commit { writes, .. }) => self.writes(number, writes),
                Step::Call(call) => panic!("{}", call.name()),
                Step::Done(response) => {
                    self.ended[number] = Some((at_ms, response));
                    self.calls[number] = None;
                }
            }
        }
    }

    /// The host gives the call up.
    pub(crate) fn breaks_off(&mut self, number: usize) {
        self.calls[number] = None;
    }

    pub(crate) fn status(&self, number: usize) -> Option<u16> {
        self.ended[number].as_ref().map(|(_, response)| response.status)
    }

    /// The sums of a stored document, without the time at which it was written.
    pub(crate) fn sums(&self, path: &str) -> Option<Map> {
        let mut fields = self.stored.get(path)?.clone();
        for field in ["minute", "shard", "writtenAt", "expireAt"] {
            fields.remove(field).unwrap_or_else(|| panic!("{path} has no {field}"));
        }
        Some(fields)
    }

    fn writes(&mut self, number: usize, writes: Vec<GuardedWrite>) {
        let (fate, ms) = self.fates.get(self.begun.len()).copied().unwrap_or((Fate::Done, 0));
        self.begun.push(Begun { ms: self.now_ms, ended_ms: self.now_ms + ms, fate });
        let failed = |class, status: &str| Answer::Failed(Failure { class, status: status.to_owned() });
        let answer = match fate {
            Fate::Done => Answer::Committed,
            Fate::Unknown { .. } => failed(FailureClass::Unknown, "UNAVAILABLE"),
            Fate::Refused => failed(FailureClass::Permanent, "PERMISSION_DENIED"),
        };
        if matches!(fate, Fate::Done | Fate::Unknown { is_done: true }) {
            for GuardedWrite { path, changes, expected } in writes {
                assert_eq!(expected, Expected::Whatever);
                let field = |name: &[String], value: Option<Value>| Some((name.first()?.clone(), value?));
                let fields = changes.into_iter().filter_map(|change| field(&change.field, change.value)).collect();
                self.stored.insert(path.to_string(), fields);
            }
        }
        self.answered(self.now_ms + ms, number, answer);
    }

    fn answered(&mut self, ms: i64, number: usize, answer: Answer) {
        self.queue.push(Reverse((ms, number, self.answers.len())));
        self.answers.push(answer);
    }
}
