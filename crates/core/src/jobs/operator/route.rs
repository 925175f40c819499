//! Which request is for what, and by which method and body.

use super::{command, letter};
use crate::{
    domain::approvals::documents::approval,
    kernel::ids::EventId,
    protocol::{
        dead_letter::COLLECTION,
        request::{Problem, RequestHead},
    },
    store::path::DocumentPath,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Route {
    Me,
    Commands,
    Approval(EventId),
    Letter(DocumentPath),
}

const JSON: &str = "application/json";

impl Route {
    /// None: there is no such path, or none that could be.
    pub(super) fn of(head: &RequestHead) -> Option<Route> {
        let path = head.pathname();
        match path {
            "/me" => return Some(Route::Me),
            "/commands" => return Some(Route::Commands),
            _ => {}
        }
        if let Some(id) = path.strip_prefix("/approvals/") {
            return approval::parse_id(id).map(Route::Approval);
        }
        DocumentPath::parse(&format!("{COLLECTION}/{}", path.strip_prefix("/letters/")?)).map(Route::Letter)
    }

    fn method(&self) -> &'static str {
        match self {
            Route::Me => "GET",
            Route::Commands | Route::Approval(_) | Route::Letter(_) => "POST",
        }
    }

    /// Whether it is one that two people stand behind. Who has just been removed can't be one of them.
    pub(super) fn rests_on_present_rights(&self, body: &[u8]) -> bool {
        match self {
            Route::Me => false,
            Route::Approval(_) => true,
            Route::Commands => command::needs_two_people(body),
            Route::Letter(_) => letter::is_discarding(body),
        }
    }
}

pub(super) fn reject(head: &RequestHead) -> Option<Problem> {
    let Some(route) = Route::of(head) else { return Some(Problem::not_found()) };
    if head.method != route.method() {
        return Some(Problem::method_not_allowed(route.method()));
    }
    let is_json = head.media_type().as_deref() == Some(JSON);
    (route.method() == "POST" && !is_json).then(|| Problem::unsupported_media_type(JSON))
}
