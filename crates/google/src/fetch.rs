//! One HTTPS request to Google where it has no gRPC, and the answer to it.

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetch {
    pub method: &'static str,
    /// The host takes a few of Google's own hosts, and no other.
    pub url: String,
    /// JSON.
    pub body: Option<String>,
    /// In the name of the function's own service account.
    pub with_access_token: bool,
    pub timeout_ms: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    /// 0: nobody answered in time.
    pub status: u16,
    /// The header `cache-control`, empty where there is none.
    pub cache_control: String,
    pub body: Vec<u8>,
}

impl Fetch {
    pub(crate) fn get(url: &str) -> Fetch {
        Fetch { method: "GET", url: url.to_owned(), body: None, with_access_token: false, timeout_ms: TIMEOUT_MS }
    }

    pub(crate) fn post_as_function(url: String, body: String) -> Fetch {
        Fetch { method: "POST", url, body: Some(body), with_access_token: true, timeout_ms: TIMEOUT_MS }
    }
}

/// Somebody waits for it at a page.
const TIMEOUT_MS: u32 = 5_000;
