//! A function as data: its name, its trigger, and how its protocol begins. The hosts and the tests are given this and nothing else.

use std::rc::Rc;

use crate::{
    event::catalog::EventType,
    protocol::{
        change::{ChangeHandler, ChangeRun, DocumentChange},
        delivery::{Crashed, Delivery, EventProcessor, Processor, ReceivedMessage, Receiver},
        handler::Handler,
        job::{Job, JobRun},
        request::{Endpoint, Problem, Request, RequestHead, RequestRun},
        response::HttpResponse,
        step::{Reply, Step},
    },
};

#[derive(Clone, Copy, Debug)]
pub struct Function {
    pub name: &'static str,
    pub trigger: Trigger,
    /// Whether it appends to the warehouse. The others need not carry the code for that along.
    pub appends: bool,
}

/// What a function is called by, and how the call begins.
#[derive(Clone, Copy, Debug)]
pub enum Trigger {
    Message {
        open: fn(ReceivedMessage) -> Box<dyn Protocol>,
        /// The same message, taken up in a fresh instance after it has broken one; with the text of the panic.
        open_after_trap: fn(ReceivedMessage, String) -> Box<dyn Protocol>,
        /// The types of events that it handles.
        hears: fn() -> Vec<EventType>,
    },
    Schedule {
        open: fn(&[u8]) -> Box<dyn Protocol>,
    },
    Change {
        open: fn(DocumentChange) -> Box<dyn Protocol>,
    },
    /// Changes that are acted on together. The host has one pool in each instance, and makes it anew after a trap.
    PooledChange {
        pool: fn() -> Rc<dyn Pool>,
    },
    Http {
        reject: fn(&RequestHead) -> Option<Problem>,
        open: fn(Request) -> Box<dyn Protocol>,
        /// Of an endpoint that operators call: whether a request rests on their rights of this moment.
        operators: Option<fn(&Request) -> bool>,
    },
}

/// One call of a function, from its first step to its response.
pub trait Protocol {
    /// The next step, given the answer to the last one.
    fn next(&mut self, reply: Reply) -> Step<HttpResponse>;

    /// Whether the wait that it has just asked for is one for a document. Few calls of an instance may wait so at once; where that is
    /// too many, the wait is answered with a failure.
    fn awaits_document(&self) -> bool {
        false
    }
}

/// What the calls of one instance have in common, for as long as the instance lasts.
pub trait Pool {
    fn open(self: Rc<Self>, change: DocumentChange) -> Box<dyn Protocol>;
}

impl Function {
    /// A function that handles events.
    pub const fn of_handler<H: Handler + 'static>() -> Function {
        fn hears<H: Handler>() -> Vec<EventType> {
            H::HEARS.iter().map(|(event_type, _)| *event_type).collect()
        }
        Function::message::<EventProcessor<H>>(hears::<H>)
    }

    /// A function with a processor of its own, which handles no type of event.
    pub const fn of_receiver<R: Receiver + 'static>() -> Function {
        Function::message::<R>(Vec::new)
    }

    const fn message<R: Receiver + 'static>(hears: fn() -> Vec<EventType>) -> Function {
        let trigger = Trigger::Message {
            open: |received| Box::new(Delivery::<R>::to(received)),
            open_after_trap: |received, panic_text| Box::new(Delivery::<Crashed<R>>::after_trap(received, panic_text)),
            hears,
        };
        Function::named(R::FUNCTION, trigger)
    }

    pub const fn of_job<J: Job + 'static>() -> Function {
        let trigger = Trigger::Schedule { open: |body| Box::new(JobRun::<J>::new(body)) };
        Function::named(J::FUNCTION, trigger)
    }

    pub const fn of_change<H: ChangeHandler + 'static>() -> Function {
        let trigger = Trigger::Change { open: |change| Box::new(ChangeRun::<H>::new(change)) };
        Function::named(H::FUNCTION, trigger)
    }

    pub const fn of_pooled_changes(name: &'static str, pool: fn() -> Rc<dyn Pool>) -> Function {
        Function::named(name, Trigger::PooledChange { pool })
    }

    pub const fn of_endpoint<E: Endpoint + 'static>() -> Function {
        let operators: Option<fn(&Request) -> bool> =
            if E::FOR_OPERATORS { Some(E::rests_on_present_rights) } else { None };
        let open = |request| -> Box<dyn Protocol> { Box::new(RequestRun::<E>::new(request)) };
        let trigger = Trigger::Http { reject: E::reject, open, operators };
        Function::named(E::FUNCTION, trigger)
    }

    const fn named(name: &'static str, trigger: Trigger) -> Function {
        Function { name, trigger, appends: false }
    }

    pub const fn appending(self) -> Function {
        Function { appends: true, ..self }
    }

    /// The types of events that it handles.
    pub fn hears(&self) -> Vec<EventType> {
        match self.trigger {
            Trigger::Message { hears, .. } => hears(),
            Trigger::Schedule { .. } | Trigger::Change { .. } | Trigger::PooledChange { .. } | Trigger::Http { .. } => {
                Vec::new()
            }
        }
    }
}

impl Trigger {
    /// Its name in a function's settings.
    pub fn name(&self) -> &'static str {
        match self {
            Trigger::Message { .. } => "pubsub",
            Trigger::Schedule { .. } => "schedule",
            Trigger::Change { .. } | Trigger::PooledChange { .. } => "firestore",
            Trigger::Http { .. } => "http",
        }
    }
}

impl<P: Processor> Protocol for Delivery<P> {
    fn next(&mut self, reply: Reply) -> Step<HttpResponse> {
        Delivery::next(self, reply).map(HttpResponse::from)
    }

    fn awaits_document(&self) -> bool {
        Delivery::awaits_document(self)
    }
}

impl<J: Job> Protocol for JobRun<J> {
    fn next(&mut self, reply: Reply) -> Step<HttpResponse> {
        JobRun::next(self, reply).map(HttpResponse::from)
    }
}

impl<H: ChangeHandler> Protocol for ChangeRun<H> {
    fn next(&mut self, reply: Reply) -> Step<HttpResponse> {
        ChangeRun::next(self, reply).map(HttpResponse::from)
    }
}

impl<E: Endpoint> Protocol for RequestRun<E> {
    fn next(&mut self, reply: Reply) -> Step<HttpResponse> {
        RequestRun::next(self, reply).map(HttpResponse::from)
    }
}
