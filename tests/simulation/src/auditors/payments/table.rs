//! The table of payments of LIFECYCLES, written a second time for the auditors.

use std::sync::LazyLock;

/// kind, from, event, to, and where the money goes: x is the world outside, a, p and r are the customer's available, pending
/// and reserved.
const EDGES: &str = "
DEPOSIT     -           PaymentInitiated     PENDING     .
DEPOSIT     -           PaymentReceived      SETTLED     x>a
DEPOSIT     PENDING     PaymentReceived      SETTLED     x>a
DEPOSIT     PENDING     PaymentFailed        FAILED      .
DEPOSIT     PENDING     PaymentCanceled      CANCELED    .
DEPOSIT     SETTLED     PaymentReversed      REVERSED    a>x
PAYMENT     -           PaymentSent          SETTLED     a>x
PAYMENT     SETTLED     PaymentReversed      REVERSED    x>a
WITHDRAWAL  -           WithdrawalRequested  AUTHORIZED  a>p
WITHDRAWAL  AUTHORIZED  WithdrawalSettled    SETTLED     p>x
WITHDRAWAL  AUTHORIZED  WithdrawalFailed     FAILED      p>a
WITHDRAWAL  AUTHORIZED  WithdrawalCanceled   CANCELED    p>a
WITHDRAWAL  AUTHORIZED  WithdrawalExpired    EXPIRED     p>a
REFUND      -           RefundRequested      PENDING     a>p
REFUND      PENDING     RefundSettled        SETTLED     p>x
REFUND      PENDING     RefundFailed         FAILED      p>a
DISPUTE     -           DisputeOpened        PENDING     a>r
DISPUTE     PENDING     DisputeWon           CANCELED    r>a
DISPUTE     PENDING     DisputeLost          SETTLED     r>x
";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) kind: &'static str,
    pub(super) from: &'static str,
    pub(super) event: &'static str,
    pub(super) to: &'static str,
    pub(super) flow: &'static str,
}

static TABLE: LazyLock<Vec<Edge>> = LazyLock::new(|| EDGES.lines().filter_map(read).collect());

fn read(line: &'static str) -> Option<Edge> {
    let mut words = line.split_ascii_whitespace();
    let mut word = || words.next();
    Some(Edge { kind: word()?, from: word()?, event: word()?, to: word()?, flow: word()? })
}

/// Whether the table has the event for transactions of this kind.
pub(super) fn knows(kind: &str, event: &str) -> bool {
    TABLE.iter().any(|edge| edge.kind == kind && edge.event == event)
}

/// The edge of an event. Without a transaction the event decides the kind.
pub(super) fn edge(kind: Option<&str>, from: &str, event: &str) -> Option<Edge> {
    TABLE
        .iter()
        .find(|edge| edge.event == event && edge.from == from && kind.is_none_or(|kind| kind == edge.kind))
        .copied()
}
