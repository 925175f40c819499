//! An error as its sender is told of it: RFC 9457, `application/problem+json`.

use serde_json::{Value as Json, json};

use crate::{kernel::malformed::Malformed, protocol::outcome::Fault};

/// Its kind is the status alone: `type` is left out, which means `about:blank`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub status: u16,
    /// What is wrong with this very request, for the sender and for the log. A value of the request stands in none.
    pub detail: Option<String>,
    /// Those that go with the status, such as `allow`.
    pub headers: Vec<(&'static str, String)>,
    /// For the log alone.
    pub fault: Option<Fault>,
}

impl Problem {
    pub fn new(status: u16) -> Problem {
        Problem { status, detail: None, headers: Vec::new(), fault: None }
    }

    pub fn not_found() -> Problem {
        Problem::new(404)
    }

    /// `allow`: the methods that this path has.
    pub fn method_not_allowed(allow: &str) -> Problem {
        Problem::new(405).with_header("allow", allow)
    }

    /// `accept`: the media types that are understood.
    pub fn unsupported_media_type(accept: &str) -> Problem {
        Problem::new(415).with_header("accept", accept)
    }

    pub fn with_detail(self, detail: impl Into<String>) -> Problem {
        Problem { detail: Some(detail.into()), ..self }
    }

    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Problem {
        self.headers.push((name, value.into()));
        self
    }

    /// Why, for the log.
    pub(crate) fn reason(&self) -> Option<String> {
        self.fault.as_ref().map(Fault::to_string).or_else(|| self.detail.clone())
    }

    pub(crate) fn to_json(&self) -> Json {
        let mut json = json!({ "title": title(self.status), "status": self.status });
        if let Some(detail) = &self.detail {
            json["detail"] = detail.as_str().into();
        }
        json
    }
}

impl From<Malformed> for Problem {
    fn from(malformed: Malformed) -> Problem {
        Problem::new(400).with_detail(malformed.reason())
    }
}

/// How a call failed is not for the sender. 503 says that it may be better later.
impl From<Fault> for Problem {
    fn from(fault: Fault) -> Problem {
        let status = match fault {
            Fault::Call { .. } | Fault::OutOfTime => 503,
            Fault::Unreadable(_) | Fault::Trap(_) | Fault::Protocol(_) => 500,
        };
        Problem { fault: Some(fault), ..Problem::new(status) }
    }
}

/// HTTP's own words for a status, as RFC 9457 wants them for `about:blank`.
fn title(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Error",
    }
}
