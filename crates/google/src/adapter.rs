//! A protocol of the core, in bytes: its calls as requests to Google, Google's answers as its own.

use crate::{
    action::{Action, Answer, Invocation, Tick},
    firestore::{commit_request, decode_read, read_request},
    host::HostConfig,
    pubsub::publish_request,
    query::{decode_rows, query_request},
    rpc::Rpc,
    status::{self, classify, undecodable},
};
use boma_core::{
    protocol::{
        function::Protocol,
        step::{self, Call, Reply, Step},
    },
    store::path::DocumentPath,
};

/// `QUERIES`: whether the protocol may query. The delivery of a message never does, and its module is smaller without.
pub(crate) struct Adapter<const QUERIES: bool> {
    protocol: Box<dyn Protocol>,
    config: HostConfig,
    pending: Pending,
}

pub(crate) const WITH_QUERIES: bool = true;
pub(crate) const WITHOUT_QUERIES: bool = false;

/// The call that is under way, so that its answer can be read.
enum Pending {
    Nothing,
    Read(Vec<DocumentPath>),
    Query,
    Commit,
    Publish,
}

impl<const QUERIES: bool> Adapter<QUERIES> {
    pub(crate) fn of(protocol: Box<dyn Protocol>, config: HostConfig) -> Self {
        Adapter { protocol, config, pending: Pending::Nothing }
    }

    fn request(&mut self, call: Call) -> Rpc {
        match call {
            Call::Read { paths, fields, timeout_ms } => {
                let rpc = read_request(&self.config, &paths, fields, timeout_ms);
                self.pending = Pending::Read(paths);
                rpc
            }
            Call::Query { query, timeout_ms } => {
                assert!(QUERIES, "the delivery of a message never queries");
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
        }
    }

    fn answered(&mut self, messages: &[Vec<u8>], status: i32) -> step::Answer {
        let (call, read) = match std::mem::replace(&mut self.pending, Pending::Nothing) {
            Pending::Read(paths) => {
                (status::Call::Read, decode_read(&self.config, &paths, messages).map(step::Answer::Found))
            }
            Pending::Query if QUERIES => {
                (status::Call::Read, decode_rows(&self.config, messages).map(step::Answer::Rows))
            }
            Pending::Commit => (status::Call::Commit, Some(step::Answer::Committed)),
            Pending::Publish => (status::Call::Publish, Some(step::Answer::Published)),
            Pending::Query | Pending::Nothing => (status::Call::Read, None),
        };
        match (classify(call, status), read) {
            (Some(failure), _) => step::Answer::Failed(failure),
            (None, Some(answer)) => answer,
            (None, None) => step::Answer::Failed(undecodable()),
        }
    }
}

impl<const QUERIES: bool> Invocation for Adapter<QUERIES> {
    fn next(&mut self, answer: Answer, Tick { now, random }: Tick) -> Action {
        let answer = match answer {
            Answer::Begin | Answer::Body(..) => step::Answer::Begin,
            Answer::Waited => step::Answer::Waited,
            Answer::Rpc { messages, status } => self.answered(&messages, status),
        };
        match self.protocol.next(Reply { answer, now, random }) {
            Step::Call(call) => Action::Rpc(self.request(call)),
            Step::Wait { ms } => Action::Wait { ms },
            Step::Done(response) => Action::Done(response),
        }
    }
}
