//! Which project and database the calls are about.

use boma_core::store::path::DocumentPath;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HostConfig {
    pub project: String,
    pub database: String,
}

impl HostConfig {
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
