//! Which project and database the calls are about, and what is set for all functions of a deployment.

use boma_core::{event::origin::FirstEdition, store::path::DocumentPath};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HostConfig {
    pub project: String,
    pub database: String,
    pub first_edition: FirstEdition,
    pub tokens: Tokens,
}

/// Which ID tokens of operators are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tokens {
    /// Of this project's Identity Platform, signed by Google.
    Signed,
    /// Of the emulators, signed by nobody. A deployed function's host never says so.
    Unsigned,
}

impl HostConfig {
    pub fn new(project: impl Into<String>, database: impl Into<String>) -> HostConfig {
        HostConfig {
            project: project.into(),
            database: database.into(),
            first_edition: FirstEdition::Drained,
            tokens: Tokens::Signed,
        }
    }

    pub(crate) fn database_name(&self) -> String {
        format!("projects/{}/databases/{}", self.project, self.database)
    }

    pub(crate) fn document_name(&self, path: &DocumentPath) -> String {
        format!("{}/documents/{path}", self.database_name())
    }

    pub(crate) fn topic_name(&self, topic: boma_core::event::catalog::Topic) -> String {
        format!("projects/{}/topics/{topic}", self.project)
    }
}
