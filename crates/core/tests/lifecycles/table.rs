//! Compares a state machine with its table in a CSV file.

use std::{collections::BTreeMap, fmt::Debug};

use boma_core::domain::IllegalTransition;

/// The state of a thing that doesn't exist.
pub(crate) const NOTHING: &str = "-";

/// The next state, and the side effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edge {
    pub to: String,
    pub also: String,
}

pub(crate) fn edge(to: &str, also: &str) -> Edge {
    Edge { to: to.to_owned(), also: also.to_owned() }
}

/// An input, with its name in the table and its event type in a refusal. The table may name a variant of the event.
#[derive(Clone, Debug)]
pub(crate) struct Named<I> {
    pub input: I,
    pub row: String,
    pub event: &'static str,
}

/// Tries every pair of state and input. Answers with the number of pairs that were taken and refused.
pub(crate) fn walk<S: Copy + Debug, I: Copy + Debug, R: PartialEq + Debug + From<IllegalTransition>>(
    csv: &str,
    states: &[(S, &'static str)],
    inputs: &[Named<I>],
    transition: impl Fn(S, I) -> Result<Edge, R>,
) -> (usize, usize) {
    let mut listed = rows(csv);
    let (mut taken, mut refused) = (0, 0);
    for (state, from) in states {
        for Named { input, row, event } in inputs {
            let actual = transition(*state, *input);
            match listed.remove(&((*from).to_owned(), row.clone())) {
                Some(expected) => {
                    taken += 1;
                    assert_eq!(actual, Ok(expected), "{from} + {row}");
                }
                None => {
                    refused += 1;
                    assert_eq!(actual, Err(IllegalTransition { from, event }.into()), "{from} + {row}");
                }
            }
        }
    }
    assert!(listed.is_empty(), "rows that no state or event has: {listed:?}");
    (taken, refused)
}

/// (from, event) -> edge
fn rows(csv: &str) -> BTreeMap<(String, String), Edge> {
    let mut table = BTreeMap::new();
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("from,event,to,also"));
    for line in lines {
        let cells: Vec<_> = line.split(',').collect();
        let [from, event, to, also] = cells[..] else { panic!("not four cells: {line}") };
        let before = table.insert((from.to_owned(), event.to_owned()), edge(to, also));
        assert!(before.is_none(), "{from} + {event} stands twice");
    }
    table
}

/// The states of a thing that may not exist.
pub(crate) fn with_nothing<S: Copy>(all: &[S], name: fn(S) -> &'static str) -> Vec<(Option<S>, &'static str)> {
    let present = all.iter().map(|state| (Some(*state), name(*state)));
    std::iter::once((None, NOTHING)).chain(present).collect()
}
