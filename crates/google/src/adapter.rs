//! A protocol of the core, in bytes: its calls as requests to Google, Google's answers as its own.

use crate::{
    action::{Action, Answer, Invocation, Tick},
    appending::Appending,
    firestore::{commit_request, decode_read, read_request},
    host::HostConfig,
    pubsub::publish_request,
    query::{decode_rows, query_request},
    rpc::Rpc,
    status::{self, classify, undecodable},
    waiting::WaitingPlace,
};
use std::marker::PhantomData;

use boma_core::{
    protocol::{
        function::Protocol,
        step::{self, Call, Failure, FailureClass, Reply, Step},
    },
    store::path::DocumentPath,
};

pub(crate) struct Adapter<A> {
    protocol: Box<dyn Protocol>,
    config: HostConfig,
    pending: Pending,
    /// While it waits for a document.
    place: Option<WaitingPlace>,
    appending: PhantomData<A>,
}

/// The call that is under way, so that its answer can be read.
enum Pending {
    Nothing,
    Read(Vec<DocumentPath>),
    Query,
    Commit,
    Publish,
    Append,
}

impl<A: Appending> Adapter<A> {
    pub(crate) fn of(protocol: Box<dyn Protocol>, config: HostConfig) -> Self {
        Adapter { protocol, config, pending: Pending::Nothing, place: None, appending: PhantomData }
    }

    fn request(&mut self, call: Call) -> Rpc {
        match call {
            Call::Read { paths, fields, timeout_ms } => {
                let rpc = read_request(&self.config, &paths, fields, timeout_ms);
                self.pending = Pending::Read(paths);
                rpc
            }
            Call::Query { query, timeout_ms } => {
                self.pending = Pending::Query;
                query_request(&self.config, &query, timeout_ms)
            }
            Call::Commit { writes, timeout_ms } => {
                self.pending = Pending::Commit;
                commit_request(&self.config, writes, timeout_ms)
            }
            Call::Publish { batch, timeout_ms } => {
                self.pending = Pending::Publish;
                publish_request(&self.config, batch, timeout_ms)
            }
            Call::Append { rows, ingested_at, timeout_ms } => {
                self.pending = Pending::Append;
                A::request(&self.config, &rows, ingested_at, timeout_ms)
            }
        }
    }

    fn answered(&mut self, messages: &[Vec<u8>], status: i32) -> step::Answer {
        let (call, read) = match std::mem::replace(&mut self.pending, Pending::Nothing) {
            Pending::Read(paths) => {
                (status::Call::Read, decode_read(&self.config, &paths, messages).map(step::Answer::Found))
            }
            Pending::Query => (status::Call::Read, decode_rows(&self.config, messages).map(step::Answer::Rows)),
            Pending::Commit => (status::Call::Commit, Some(step::Answer::Committed)),
            Pending::Publish => (status::Call::Publish, Some(step::Answer::Published)),
            Pending::Append => (status::Call::Append, appended::<A>(messages)),
            Pending::Nothing => (status::Call::Read, None),
        };
        match (classify(call, status), read) {
            (Some(failure), _) => step::Answer::Failed(failure),
            (None, Some(answer)) => answer,
            (None, None) => step::Answer::Failed(undecodable()),
        }
    }
}

impl<A: Appending> Invocation for Adapter<A> {
    fn next(&mut self, answer: Answer, Tick { now, random }: Tick) -> Action {
        let answer = match answer {
            Answer::Begin | Answer::Body(..) => step::Answer::Begin,
            Answer::Waited => step::Answer::Waited,
            Answer::Rpc { messages, status } => self.answered(&messages, status),
            Answer::Fetched(_) => step::Answer::Failed(undecodable()),
        };
        let mut step = self.protocol.next(Reply { answer, now, random });
        if matches!(step, Step::Wait { .. }) && self.protocol.awaits_document() && !self.has_place() {
            step = self.protocol.next(Reply { answer: step::Answer::Failed(no_place()), now, random });
        }
        match step {
            Step::Call(call) => Action::Rpc(self.request(call)),
            Step::Wait { ms } => Action::Wait { ms },
            Step::Done(response) => {
                self.place = None;
                Action::Done(response)
            }
        }
    }
}

impl<A> Adapter<A> {
    /// Whether it may wait for a document. Once it may, it may until it ends.
    fn has_place(&mut self) -> bool {
        self.place = self.place.take().or_else(WaitingPlace::take);
        self.place.is_some()
    }
}

/// None: only the status says what came of it.
fn appended<A: Appending>(messages: &[Vec<u8>]) -> Option<step::Answer> {
    Some(A::decode(messages).map_or_else(step::Answer::Failed, |refused| step::Answer::Appended { refused }))
}

fn no_place() -> Failure {
    Failure { class: FailureClass::Permanent, status: "RESOURCE_EXHAUSTED".to_owned() }
}
