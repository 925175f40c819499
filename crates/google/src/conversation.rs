//! A delivery as the host sees it: call this, wait that long, done. The host knows nothing more.

use boma_core::{
    Delivery, Timestamp,
    delivery::{self, Crashed, Failure, Function, Mind, Reply, Step},
    document::DocumentPath,
};

use crate::{
    firestore::{commit_request, decode_read, read_request},
    host::HostConfig,
    pubsub::publish_request,
    push::read_push,
    rpc::Rpc,
    settled::Settled,
    status::{Call, classify, undecodable},
};

/// What the host shall do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    Rpc(Rpc),
    Wait { ms: u32 },
    Done(Settled),
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Begin,
    /// The messages that came back and gRPC's status code.
    Rpc {
        messages: Vec<Vec<u8>>,
        status: i32,
    },
    Waited,
}

/// All that a delivery learns of the world outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick {
    pub now: Timestamp,
    pub random: u64,
}

pub trait Conversation {
    fn next(&mut self, answer: Answer, tick: Tick) -> Action;
}

/// Begins the delivery of one push body at the function `F`.
pub fn open<F: Function + 'static>(body: Vec<u8>, config: HostConfig) -> Box<dyn Conversation> {
    carried(Delivery::<F>::to(read_push(body)), config)
}

/// Takes up, in a fresh instance, the delivery of a push body that has just broken one.
pub fn open_after_trap<F: Function + 'static>(
    body: Vec<u8>,
    config: HostConfig,
    panic_text: String,
) -> Box<dyn Conversation> {
    carried(Delivery::<Crashed<F>>::after_trap(read_push(body), panic_text), config)
}

fn carried<M: Mind + 'static>(delivery: Delivery<M>, config: HostConfig) -> Box<dyn Conversation> {
    Box::new(Carried { delivery, config, asked: Asked::Nothing })
}

struct Carried<M: Mind> {
    delivery: Delivery<M>,
    config: HostConfig,
    asked: Asked,
}

/// What the last action asked, so that its answer can be read.
enum Asked {
    Nothing,
    Read(Vec<DocumentPath>),
    Commit,
    Publish,
}

impl<M: Mind> Conversation for Carried<M> {
    fn next(&mut self, answer: Answer, tick: Tick) -> Action {
        let answer = self.understand(answer);
        match self.delivery.next(Reply { answer, now: tick.now, random: tick.random }) {
            Step::Read { paths, timeout_ms } => {
                let rpc = read_request(&self.config, &paths, timeout_ms);
                self.asked = Asked::Read(paths);
                Action::Rpc(rpc)
            }
            Step::Commit { writes, timeout_ms } => {
                self.asked = Asked::Commit;
                Action::Rpc(commit_request(&self.config, writes, timeout_ms))
            }
            Step::Publish { batch, timeout_ms } => {
                self.asked = Asked::Publish;
                Action::Rpc(publish_request(&self.config, batch, timeout_ms))
            }
            Step::Wait { ms } => Action::Wait { ms },
            Step::Done(report) => Action::Done(report.into()),
        }
    }
}

impl<M: Mind> Carried<M> {
    fn understand(&mut self, answer: Answer) -> delivery::Answer {
        match (std::mem::replace(&mut self.asked, Asked::Nothing), answer) {
            (Asked::Read(paths), Answer::Rpc { messages, status }) => or_failure(classify(Call::Read, status), || {
                decode_read(&self.config, &paths, &messages).map(delivery::Answer::Found)
            }),
            (Asked::Commit, Answer::Rpc { status, .. }) => {
                or_failure(classify(Call::Commit, status), || Some(delivery::Answer::Committed))
            }
            (Asked::Publish, Answer::Rpc { status, .. }) => {
                or_failure(classify(Call::Publish, status), || Some(delivery::Answer::Published))
            }
            (_, Answer::Begin) => delivery::Answer::Begin,
            (_, Answer::Waited) => delivery::Answer::Waited,
            (Asked::Nothing, Answer::Rpc { .. }) => delivery::Answer::Failed(undecodable()),
        }
    }
}

fn or_failure(failure: Option<Failure>, read: impl FnOnce() -> Option<delivery::Answer>) -> delivery::Answer {
    failure.map_or_else(|| read().unwrap_or_else(|| delivery::Answer::Failed(undecodable())), delivery::Answer::Failed)
}
