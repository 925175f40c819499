//! An edge of one of the tables, and what is said where there is none.

use super::Flow;
use crate::domain::IllegalTransition;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Edge<S> {
    pub to: S,
    pub flow: Option<Flow>,
}

impl<S> Edge<S> {
    /// Without money.
    pub(super) fn to(to: S) -> Result<Edge<S>, IllegalTransition> {
        Ok(Edge { to, flow: None })
    }

    pub(super) fn along(flow: Flow, to: S) -> Result<Edge<S>, IllegalTransition> {
        Ok(Edge { to, flow: Some(flow) })
    }
}

/// From nothing where there is no transaction.
pub(super) fn illegal(from: Option<&'static str>, event: &'static str) -> IllegalTransition {
    IllegalTransition { from: from.unwrap_or("-"), event }
}
