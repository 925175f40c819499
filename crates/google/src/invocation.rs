//! One call of a function: who calls, what its trigger brings, and then the protocol.

use crate::{
    action::{Action, Answer, Invocation, Tick},
    adapter::Adapter,
    appending::{Appending, Nothing, ToBigQuery},
    authentication::{AuthError, Caller, authenticate},
    host::HostConfig,
    identity::{Token, Verifying, refused},
    pool::present_pool,
    push::read_push,
    trigger::read_trigger,
};
use boma_core::{
    kernel::timestamp::Timestamp,
    protocol::{
        change::DocumentChange,
        function::{Function, Protocol, Trigger},
        request::{Problem, Request, RequestHead},
        response::HttpResponse,
    },
};

/// The context of a request, beside its head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The one caller that is expected; None where anybody may call.
    pub caller: Option<Caller>,
    /// The text of the panic with which the request has just broken an instance.
    pub panic_text: Option<String>,
}

/// Begins with a whole request, from a caller that is known; with the text of the panic if it has just broken an instance.
pub type Begin = fn(&Function, Request, HostConfig, Option<String>) -> Box<dyn Invocation>;

/// How the invocations of a function begin. To be asked in a constant: a module then holds the code of its own trigger and of no
/// other, and that of the warehouse where its function appends to it.
pub const fn begin_of(function: &Function) -> Begin {
    match (&function.trigger, function.appends) {
        (Trigger::Message { .. }, _) => begin_message,
        (Trigger::Schedule { .. }, false) => begin_job::<Nothing>,
        (Trigger::Schedule { .. }, true) => begin_job::<ToBigQuery>,
        (Trigger::Change { .. }, false) => begin_change::<Nothing>,
        (Trigger::Change { .. }, true) => begin_change::<ToBigQuery>,
        (Trigger::PooledChange { .. }, _) => begin_pooled_change,
        (Trigger::Http { operators: None, .. }, _) => begin_request,
        (Trigger::Http { operators: Some(_), .. }, _) => begin_operators_request,
    }
}

/// Begins with the head of a request: its caller is authenticated before the body is taken.
pub fn open(function: &'static Function, begin: Begin, head: RequestHead, settings: Settings) -> Box<dyn Invocation> {
    Box::new(Opened { function, begin, settings, at: At::Head(head) })
}

/// Begins with the body of a POST without headers, as Cloud Scheduler and Pub/Sub make it.
pub fn open_post(
    function: &Function,
    body: Vec<u8>,
    config: HostConfig,
    panic_text: Option<String>,
) -> Box<dyn Invocation> {
    let head = RequestHead { method: "POST".to_owned(), path: "/".to_owned(), headers: Vec::new() };
    begin_of(function)(function, Request { head, body: body.into(), caller: None }, config, panic_text)
}

fn begin_message(
    function: &Function,
    request: Request,
    config: HostConfig,
    panic_text: Option<String>,
) -> Box<dyn Invocation> {
    let Trigger::Message { open, open_after_trap, .. } = function.trigger else { return wrong_trigger(function) };
    let received = read_push(request.body, config.first_edition);
    let protocol = match panic_text {
        None => open(received),
        Some(text) => open_after_trap(received, text),
    };
    Box::new(Adapter::<Nothing>::of(protocol, config))
}

/// A run that broke its instance isn't taken up: the next one begins anew. The same holds for changes and requests.
fn begin_job<A: Appending>(
    function: &Function,
    request: Request,
    config: HostConfig,
    panic_text: Option<String>,
) -> Box<dyn Invocation> {
    let Trigger::Schedule { open } = function.trigger else { return wrong_trigger(function) };
    match panic_text {
        None => Box::new(Adapter::<A>::of(open(&request.body.bytes), config)),
        Some(text) => Box::new(Ended(HttpResponse::crashed(function.name, &text))),
    }
}

fn begin_change<A: Appending>(
    function: &Function,
    request: Request,
    config: HostConfig,
    panic_text: Option<String>,
) -> Box<dyn Invocation> {
    let Trigger::Change { open } = function.trigger else { return wrong_trigger(function) };
    with_change::<A>(function, &request, config, panic_text, open)
}

/// In the pool of this instance. After a trap it is another one, so what the old one had counted and not written is counted there.
fn begin_pooled_change(
    function: &Function,
    request: Request,
    config: HostConfig,
    panic_text: Option<String>,
) -> Box<dyn Invocation> {
    let Trigger::PooledChange { pool } = function.trigger else { return wrong_trigger(function) };
    with_change::<Nothing>(function, &request, config, panic_text, |change| present_pool(pool).open(change))
}

fn with_change<A: Appending>(
    function: &Function,
    request: &Request,
    config: HostConfig,
    panic_text: Option<String>,
    open: impl FnOnce(DocumentChange) -> Box<dyn Protocol>,
) -> Box<dyn Invocation> {
    let response = match (panic_text, read_trigger(request)) {
        (None, Ok(change)) => return Box::new(Adapter::<A>::of(open(change), config)),
        (None, Err(malformed)) => HttpResponse::malformed(function.name, &malformed),
        (Some(text), _) => HttpResponse::crashed(function.name, &text),
    };
    Box::new(Ended(response))
}

fn begin_request(
    function: &Function,
    request: Request,
    config: HostConfig,
    panic_text: Option<String>,
) -> Box<dyn Invocation> {
    let Trigger::Http { open, .. } = function.trigger else { return wrong_trigger(function) };
    match panic_text {
        None => Box::new(Adapter::<Nothing>::of(open(request), config)),
        Some(text) => Box::new(crashed_request(function, &text)),
    }
}

/// Its caller is verified first.
fn begin_operators_request(
    function: &Function,
    request: Request,
    config: HostConfig,
    panic_text: Option<String>,
) -> Box<dyn Invocation> {
    let Trigger::Http { open, operators: Some(rests_on_present_rights), .. } = function.trigger else {
        return wrong_trigger(function);
    };
    match panic_text {
        None => Box::new(Verifying::new(function.name, request, config, open, rests_on_present_rights)),
        Some(text) => Box::new(crashed_request(function, &text)),
    }
}

fn crashed_request(function: &Function, panic_text: &str) -> Ended {
    Ended(HttpResponse::crashed(function.name, panic_text).with_problem(&Problem::new(500)))
}

fn wrong_trigger(function: &Function) -> Box<dyn Invocation> {
    Box::new(Ended(HttpResponse::crashed(function.name, "begun by another trigger than its own")))
}

struct Opened {
    function: &'static Function,
    begin: Begin,
    settings: Settings,
    at: At,
}

enum At {
    Head(RequestHead),
    Body(RequestHead),
    Running(Box<dyn Invocation>),
    Done,
}

impl Invocation for Opened {
    fn next(&mut self, answer: Answer, tick: Tick) -> Action {
        match (std::mem::replace(&mut self.at, At::Done), answer) {
            (At::Head(head), _) => match self.reject(&head, tick.now) {
                Some(response) => Action::Done(response),
                None => {
                    self.at = At::Body(head);
                    Action::Body
                }
            },
            (At::Body(_), Answer::Body(body, _)) if self.is_http() && body.is_cut() => Action::Done(too_large().into()),
            (At::Body(head), Answer::Body(body, host)) => {
                let panic_text = self.settings.panic_text.take();
                let running = (self.begin)(self.function, Request { head, body, caller: None }, host, panic_text);
                self.run(running, Answer::Begin, tick)
            }
            (At::Running(running), answer) => self.run(running, answer, tick),
            (At::Body(_) | At::Done, _) => Action::Done(HttpResponse::crashed(self.function.name, "no body came")),
        }
    }
}

impl Opened {
    fn run(&mut self, mut running: Box<dyn Invocation>, answer: Answer, tick: Tick) -> Action {
        let action = running.next(answer, tick);
        self.at = At::Running(running);
        action
    }

    fn is_http(&self) -> bool {
        matches!(self.function.trigger, Trigger::Http { .. })
    }

    /// The caller first; then method and encoding.
    fn reject(&self, head: &RequestHead, now: Timestamp) -> Option<HttpResponse> {
        let name = self.function.name;
        let authenticated = self.settings.caller.as_ref().map_or(Ok(()), |caller| authenticate(head, caller, now));
        let forbidden = |error: &AuthError| HttpResponse::forbidden(name, error.status(), &error.to_string());
        match (&self.function.trigger, authenticated) {
            (Trigger::Http { .. }, Err(error)) => Some(forbidden(&error).with_problem(&Problem::new(error.status()))),
            (Trigger::Http { reject, operators, .. }, Ok(())) => {
                let problem = reject(head).or_else(|| head.is_encoded().then(not_decoded)).map(HttpResponse::from);
                // Its body isn't read of anybody who has no token at all.
                let token = || operators.and_then(|_| Token::read(head, now).err());
                problem.or_else(|| token().map(|error| refused(name, error)))
            }
            (
                Trigger::Message { .. }
                | Trigger::Schedule { .. }
                | Trigger::Change { .. }
                | Trigger::PooledChange { .. },
                authenticated,
            ) => authenticated.map_or_else(|error| Some(forbidden(&error)), |()| reject_post(head)),
        }
    }
}

/// Google's services use POST and never compress. A compressed body was changed on its way, and is refused until that is mended:
/// filed as it is, it could never be read again.
fn reject_post(head: &RequestHead) -> Option<HttpResponse> {
    if head.method != "POST" {
        Some(HttpResponse::not_accepted(405, ("allow", "POST")))
    } else if head.is_encoded() {
        Some(HttpResponse::not_accepted(415, ACCEPT_IDENTITY))
    } else {
        None
    }
}

const ACCEPT_IDENTITY: (&str, &str) = ("accept-encoding", "identity");

fn not_decoded() -> Problem {
    Problem::new(415).with_header(ACCEPT_IDENTITY.0, ACCEPT_IDENTITY.1)
}

fn too_large() -> Problem {
    Problem::new(413)
}

/// Responds at once.
struct Ended(HttpResponse);

impl Invocation for Ended {
    fn next(&mut self, _: Answer, _: Tick) -> Action {
        Action::Done(self.0.clone())
    }
}
