//! A machine as a table and as a diagram.

use std::collections::BTreeMap;

/// One edge, as a row of a table and as an arrow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edge {
    pub from: &'static str,
    pub event: String,
    pub to: &'static str,
    /// What happens besides.
    pub also: &'static str,
}

#[derive(Debug)]
pub(crate) struct Machine {
    pub name: &'static str,
    /// Of which field of which document it is.
    pub of: &'static str,
    pub edges: Vec<Edge>,
}

/// No state yet.
pub(crate) const NOTHING: &str = "-";

impl Machine {
    /// A row for each event and what it comes to, with all the states that it may come from.
    pub(crate) fn table(&self) -> String {
        let mut table = "| from | event | to | also |\n|---|---|---|---|\n".to_owned();
        let mut rows: Vec<(Vec<&str>, &Edge)> = Vec::new();
        for edge in &self.edges {
            let is_same = |row: &&mut (Vec<&str>, &Edge)| {
                (&row.1.event, row.1.to, row.1.also) == (&edge.event, edge.to, edge.also)
            };
            match rows.iter_mut().find(is_same) {
                Some((from, _)) => from.push(edge.from),
                None => rows.push((vec![edge.from], edge)),
            }
        }
        for (from, Edge { event, to, also, .. }) in rows {
            table += &format!("| {} | {event} | {to} | {also} |\n", from.join(", "));
        }
        table
    }

    /// Arrows between the same two states are one, with all its events.
    pub(crate) fn diagram(&self) -> String {
        let mut arrows: BTreeMap<(usize, &str), Vec<&str>> = BTreeMap::new();
        let states: Vec<_> = self.edges.iter().map(|edge| edge.from).collect();
        for edge in &self.edges {
            let first_seen = states.iter().position(|state| *state == edge.from).unwrap_or_default();
            arrows.entry((first_seen, edge.to)).or_default().push(&edge.event);
        }
        let mut diagram = "```mermaid\nstateDiagram-v2\n".to_owned();
        for ((from, to), events) in arrows {
            let from = if states[from] == NOTHING { "[*]" } else { states[from] };
            diagram += &format!("  {from} --> {to}: {}\n", events.join("<br>"));
        }
        diagram + "```\n"
    }
}
