/// As it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Transaction {
    pub(super) user: String,
    pub(super) kind: &'static str,
    pub(super) status: &'static str,
    pub(super) currency: String,
    pub(super) minor: i64,
    pub(super) refunded: i64,
    pub(super) disputed: i64,
    pub(super) settled: Option<i64>,
    /// The reason of a failed request.
    pub(super) failed_because: Option<&'static str>,
    /// The payment that it is a refund or a dispute of.
    pub(super) of: Option<String>,
}
