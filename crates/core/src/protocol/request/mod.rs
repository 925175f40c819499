//! HTTP requests: their heads, which every trigger has, and the protocol of a function that is called by HTTP for its own sake.

mod head;

pub use self::head::RequestHead;
use crate::protocol::{response::HttpResponse, run::Task};

/// A request, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub head: RequestHead,
    pub body: Vec<u8>,
}

/// An HTTP function: a task that ends with its response.
pub trait Endpoint: Task<Outcome = HttpResponse> {
    const FUNCTION: &'static str;

    /// The response to a head that isn't accepted; None where the body is wanted.
    fn reject(head: &RequestHead) -> Option<HttpResponse>;

    fn receive(request: Request) -> Self;
}
