//! The steps of a request between its body and its protocol: keys, signature, and the rights of this moment where it rests on them.

use boma_core::{
    kernel::operator::Operator,
    protocol::{
        function::Protocol,
        request::{Request, RequestReport},
        response::HttpResponse,
    },
};

use super::{TokenError, keys, present_rights, token::Token};
use crate::{
    action::{Action, Answer, Invocation, Tick},
    adapter::Adapter,
    appending::Nothing,
    host::{HostConfig, Tokens},
};

pub(crate) struct Verifying {
    pub(crate) function: &'static str,
    pub(crate) open: fn(Request) -> Box<dyn Protocol>,
    pub(crate) rests_on_present_rights: fn(&Request) -> bool,
    pub(crate) config: HostConfig,
    at: At,
}

enum At {
    Start(Request),
    Keys { request: Request, token: Token, kid: String },
    PresentRights { request: Request, token: Token, operator: Operator },
    Running(Box<Adapter<Nothing>>),
    Done,
}

type Next = Result<Action, TokenError>;

impl Verifying {
    pub(crate) fn new(
        function: &'static str,
        request: Request,
        config: HostConfig,
        open: fn(Request) -> Box<dyn Protocol>,
        rests_on_present_rights: fn(&Request) -> bool,
    ) -> Verifying {
        Verifying { function, open, rests_on_present_rights, config, at: At::Start(request) }
    }

    fn step(&mut self, answer: Answer, tick: Tick) -> Next {
        match (std::mem::replace(&mut self.at, At::Done), answer) {
            (At::Running(mut running), answer) => {
                let action = running.next(answer, tick);
                self.at = At::Running(running);
                Ok(action)
            }
            (At::Start(request), _) => {
                let token = Token::read(&request.head, tick.now)?;
                match self.config.tokens {
                    Tokens::Unsigned => {
                        token.check_unsigned()?;
                        let operator = token.operator()?;
                        Ok(self.run(request, operator, tick))
                    }
                    Tokens::Signed => {
                        let kid = token.check_project(&self.config.project)?.to_owned();
                        if let Some(fetch) = keys::missing(&kid, tick.now) {
                            self.at = At::Keys { request, token, kid };
                            return Ok(Action::Fetch(fetch));
                        }
                        self.verify(request, token, &kid, tick)
                    }
                }
            }
            (At::Keys { request, token, kid }, Answer::Fetched(answer)) => {
                keys::keep(&answer, tick.now)?;
                self.verify(request, token, &kid, tick)
            }
            (At::PresentRights { request, token, operator }, Answer::Fetched(answer)) => {
                present_rights::check(&answer, &token, &operator)?;
                Ok(self.run(request, operator, tick))
            }
            (At::Keys { .. } | At::PresentRights { .. } | At::Done, _) => {
                Err(TokenError::Unavailable("an answer to another step"))
            }
        }
    }

    fn verify(&mut self, request: Request, token: Token, kid: &str, tick: Tick) -> Next {
        keys::verify(&token, kid)?;
        let operator = token.verified_operator()?;
        if !(self.rests_on_present_rights)(&request) {
            return Ok(self.run(request, operator, tick));
        }
        token.check_second_factor()?;
        let fetch = present_rights::ask(&token, &self.config.project);
        self.at = At::PresentRights { request, token, operator };
        Ok(Action::Fetch(fetch))
    }

    fn run(&mut self, request: Request, operator: Operator, tick: Tick) -> Action {
        let request = Request { caller: Some(operator), ..request };
        let mut running = Box::new(Adapter::of((self.open)(request), self.config.clone()));
        let action = running.next(Answer::Begin, tick);
        self.at = At::Running(running);
        action
    }
}

impl Invocation for Verifying {
    fn next(&mut self, answer: Answer, tick: Tick) -> Action {
        self.step(answer, tick).unwrap_or_else(|error| Action::Done(refused(self.function, error)))
    }
}

/// Anybody may send a request to it, so a refusal is no error of ours.
pub(crate) fn refused(function: &'static str, error: TokenError) -> HttpResponse {
    RequestReport { function, outcome: Err(error.into()) }.into()
}
