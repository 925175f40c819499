//! An edge of one of the tables, and what else a table says.

use super::{Flow, Refusal};
use crate::domain::IllegalTransition;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Edge<S> {
    pub to: S,
    pub flow: Option<Flow>,
}

/// What a table says of a state and an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step<S> {
    Taken(Edge<S>),
    /// It says again what is so, or announces what has come.
    Stale,
    /// The event can't begin what it is about.
    Awaits,
}

impl<S> Edge<S> {
    /// Without money.
    pub(super) fn to(to: S) -> Result<Step<S>, Refusal> {
        Ok(Step::Taken(Edge { to, flow: None }))
    }

    pub(super) fn along(flow: Flow, to: S) -> Result<Step<S>, Refusal> {
        Ok(Step::Taken(Edge { to, flow: Some(flow) }))
    }
}

/// Of a fact whose transaction is there: with the same amount it says nothing new, with another it can't be believed.
pub(super) fn repeated<S>(is_same: bool) -> Result<Step<S>, Refusal> {
    if is_same { Ok(Step::Stale) } else { Err(Refusal::AmountMismatch) }
}

/// From nothing where there is no transaction.
pub(super) fn illegal(from: Option<&'static str>, event: &'static str) -> Refusal {
    IllegalTransition { from: from.unwrap_or("-"), event }.into()
}
