//! What became of letters, for the answer of the operators' job.

use serde_json::{Value as Json, json};

use crate::{
    jobs::replay::outcome::{LetterOutcome, Report},
    store::path::DocumentPath,
};

#[derive(Clone, Debug, Default)]
pub(super) struct Results(Vec<(DocumentPath, LetterOutcome)>);

impl Report for Results {
    fn letter(&mut self, path: &DocumentPath, outcome: LetterOutcome) {
        self.0.push((path.clone(), outcome));
    }
}

impl Results {
    /// Whether anything was published.
    pub(super) fn has_published(&self) -> bool {
        self.0.iter().any(|(_, outcome)| *outcome == LetterOutcome::Published)
    }

    pub(super) fn to_json(&self) -> Json {
        self.0.iter().map(|(path, outcome)| result(path.id(), outcome)).collect()
    }
}

fn result(letter: &str, outcome: &LetterOutcome) -> Json {
    let word = match outcome {
        LetterOutcome::Published => "PUBLISHED",
        LetterOutcome::Replayed => "REPLAYED",
        LetterOutcome::Returned { kind, reason } => {
            return json!({ "letter": letter, "outcome": "RETURNED", "kind": kind.name(), "reason": reason });
        }
        LetterOutcome::Refused(why) => return json!({ "letter": letter, "outcome": "REFUSED", "why": why }),
        LetterOutcome::Unsettled => "UNSETTLED",
        LetterOutcome::Gone | LetterOutcome::Stale => "GONE",
        LetterOutcome::Failed(fault) => {
            return json!({ "letter": letter, "outcome": "FAILED", "why": fault.to_string() });
        }
        LetterOutcome::Held => "HELD",
    };
    json!({ "letter": letter, "outcome": word })
}
