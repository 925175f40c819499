//! A sweep as the host sees it: the same few words as a delivery's.

use boma_core::{
    document::DocumentPath,
    sweep::{self, Chore, Reply, Step, Sweep},
};

use crate::{
    conversation::{Action, Answer, Conversation, Tick},
    firestore::{commit_request, decode_read, read_request},
    host::HostConfig,
    pubsub::publish_request,
    query::{decode_rows, query_request},
    settled::Settled,
    status::{Call, classify, undecodable},
};

/// Begins a run of the scheduled function `C`. `body` is what was posted.
pub fn open_sweep<C: Chore + 'static>(body: Vec<u8>, config: HostConfig) -> Box<dyn Conversation> {
    Box::new(Swept { sweep: Sweep::<C>::new(&body), config, asked: Asked::Nothing })
}

/// A run that broke its instance isn't taken up: the next one begins anew.
pub fn open_sweep_after_trap<C: Chore + 'static>(
    _body: Vec<u8>,
    _config: HostConfig,
    panic_text: String,
) -> Box<dyn Conversation> {
    Box::new(Broken { function: C::FUNCTION, panic_text })
}

struct Swept<C> {
    sweep: Sweep<C>,
    config: HostConfig,
    asked: Asked,
}

/// What the last action asked, so that its answer can be read.
enum Asked {
    Nothing,
    Query,
    Read(Vec<DocumentPath>),
    Publish,
    Commit,
}

impl<C: Chore> Conversation for Swept<C> {
    fn next(&mut self, answer: Answer, tick: Tick) -> Action {
        let answer = self.understand(answer);
        match self.sweep.next(Reply { answer, now: tick.now, random: tick.random }) {
            Step::Query { query, timeout_ms } => {
                self.asked = Asked::Query;
                Action::Rpc(query_request(&self.config, &query, timeout_ms))
            }
            Step::Read { paths, timeout_ms } => {
                let rpc = read_request(&self.config, &paths, timeout_ms);
                self.asked = Asked::Read(paths);
                Action::Rpc(rpc)
            }
            Step::Publish { batch, timeout_ms } => {
                self.asked = Asked::Publish;
                Action::Rpc(publish_request(&self.config, batch, timeout_ms))
            }
            Step::Commit { writes, timeout_ms } => {
                self.asked = Asked::Commit;
                Action::Rpc(commit_request(&self.config, writes, timeout_ms))
            }
            Step::Wait { ms } => Action::Wait { ms },
            Step::Done(report) => Action::Done(report.into()),
        }
    }
}

impl<C: Chore> Swept<C> {
    fn understand(&mut self, answer: Answer) -> sweep::Answer {
        let asked = std::mem::replace(&mut self.asked, Asked::Nothing);
        let (messages, status) = match answer {
            Answer::Begin => return sweep::Answer::Begin,
            Answer::Waited => return sweep::Answer::Waited,
            Answer::Rpc { messages, status } => (messages, status),
        };
        let (call, read) = match asked {
            Asked::Query => (Call::Read, decode_rows(&self.config, &messages).map(sweep::Answer::Rows)),
            Asked::Read(paths) => (Call::Read, decode_read(&self.config, &paths, &messages).map(sweep::Answer::Found)),
            Asked::Publish => (Call::Publish, Some(sweep::Answer::Published)),
            Asked::Commit => (Call::Commit, Some(sweep::Answer::Committed)),
            Asked::Nothing => (Call::Read, None),
        };
        let failure = classify(call, status).or_else(|| read.is_none().then(undecodable));
        failure.map_or_else(|| read.unwrap_or(sweep::Answer::Waited), sweep::Answer::Failed)
    }
}

/// Ends at once, as a fault.
struct Broken {
    function: &'static str,
    panic_text: String,
}

impl Conversation for Broken {
    fn next(&mut self, _: Answer, _: Tick) -> Action {
        Action::Done(Settled::broken(self.function, &self.panic_text))
    }
}
