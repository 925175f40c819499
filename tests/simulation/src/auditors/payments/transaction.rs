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
    pub(super) reversed: Option<i64>,
    pub(super) settled: Option<i64>,
    pub(super) expires_micros: Option<i64>,
    /// The direction of an adjustment.
    pub(super) is_credit: bool,
    /// The reason of a failed request.
    pub(super) failed_because: Option<&'static str>,
    /// The payment that it is a refund or a dispute of.
    pub(super) of: Option<String>,
}

impl Transaction {
    pub(super) fn moved(&self) -> i64 {
        self.settled.unwrap_or(self.minor)
    }

    /// Neither given back, nor claimed, nor taken back.
    pub(super) fn left(&self) -> i64 {
        (self.moved() - self.refunded - self.disputed - self.reversed.unwrap_or(0)).max(0)
    }
}
