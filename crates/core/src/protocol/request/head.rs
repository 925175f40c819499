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
