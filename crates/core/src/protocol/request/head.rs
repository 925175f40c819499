//! The head of a request.

/// As it came over the wire, but for the names of headers, which are in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestHead {
    pub method: String,
    pub path: String,
    /// One entry for each value: a header may come several times.
    pub headers: Vec<(String, String)>,
}

impl RequestHead {
    /// The path without its query.
    pub fn pathname(&self) -> &str {
        self.path.split_once('?').map_or(self.path.as_str(), |(pathname, _)| pathname)
    }

    /// What follows the path's question mark, as it came.
    pub fn query(&self) -> Option<&str> {
        self.path.split_once('?').map(|(_, query)| query)
    }

    /// Whether the body is in a coding such as gzip. None of ours reads one.
    pub fn is_encoded(&self) -> bool {
        self.values("content-encoding").iter().any(|encoding| !encoding.eq_ignore_ascii_case("identity"))
    }

    /// The media type of the body, in lower case and without parameters.
    pub fn media_type(&self) -> Option<String> {
        let whole = self.value("content-type")?;
        Some(whole.split(';').next().unwrap_or(whole).trim().to_ascii_lowercase())
    }

    /// Every value of a header. `name` is in lower case.
    pub fn values(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
    }

    /// The value of a header that comes once.
    pub fn value(&self, name: &str) -> Option<&str> {
        match self.values(name)[..] {
            [value] => Some(value),
            [] | [_, _, ..] => None,
        }
    }
}
