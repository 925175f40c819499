//! The table of payments of LIFECYCLES, written a second time for the auditors.

use std::sync::LazyLock;

/// kind, from, event, to, and where the money goes: x is the world outside, a, p and r are the customer's available, pending
/// and reserved.
const EDGES: &str = "
DEPOSIT     -           PaymentInitiated     PENDING     .
DEPOSIT     -           PaymentReceived      SETTLED     x>a
DEPOSIT     PENDING     PaymentReceived      SETTLED     x>a
DEPOSIT     FAILED      PaymentReceived      SETTLED     x>a
DEPOSIT     CANCELED    PaymentReceived      SETTLED     x>a
DEPOSIT     PENDING     PaymentFailed        FAILED      .
DEPOSIT     PENDING     PaymentCanceled      CANCELED    .
DEPOSIT     SETTLED     PaymentReversed      REVERSED    a>x
PAYMENT     -           PaymentSent          SETTLED     a>x
PAYMENT     SETTLED     PaymentReversed      REVERSED    x>a
FEE         -           FeeCharged           SETTLED     a>x
ADJUSTMENT  -           BalanceAdjusted      SETTLED     .
WITHDRAWAL  -           WithdrawalRequested  AUTHORIZED  a>p
WITHDRAWAL  -           PayoutOrdered        AUTHORIZED  a>p
WITHDRAWAL  AUTHORIZED  WithdrawalSettled    SETTLED     p>x
WITHDRAWAL  FAILED      WithdrawalSettled    SETTLED     a>x
WITHDRAWAL  CANCELED    WithdrawalSettled    SETTLED     a>x
WITHDRAWAL  EXPIRED     WithdrawalSettled    SETTLED     a>x
WITHDRAWAL  AUTHORIZED  WithdrawalFailed     FAILED      p>a
WITHDRAWAL  SETTLED     WithdrawalFailed     REVERSED    x>a
WITHDRAWAL  AUTHORIZED  WithdrawalCanceled   CANCELED    p>a
WITHDRAWAL  AUTHORIZED  WithdrawalExpired    EXPIRED     p>a
REFUND      -           RefundRequested      PENDING     a>p
REFUND      -           RefundSettled        SETTLED     a>x
REFUND      PENDING     RefundSettled        SETTLED     p>x
REFUND      FAILED      RefundSettled        SETTLED     a>x
REFUND      PENDING     RefundFailed         FAILED      p>a
REFUND      SETTLED     RefundFailed         FAILED      x>a
DISPUTE     -           DisputeOpened        PENDING     a>r
DISPUTE     PENDING     DisputeWon           CANCELED    r>a
DISPUTE     SETTLED     DisputeWon           CANCELED    x>a
DISPUTE     PENDING     DisputeLost          SETTLED     r>x
DISPUTE     CANCELED    DisputeLost          SETTLED     a>x
";

/// The states in which an event says nothing new.
const STALE: &str = "
PaymentInitiated    PENDING SETTLED FAILED CANCELED REVERSED
PaymentFailed       SETTLED REVERSED FAILED CANCELED
PaymentCanceled     SETTLED REVERSED FAILED CANCELED
PaymentReversed     REVERSED
WithdrawalFailed    FAILED CANCELED EXPIRED REVERSED
WithdrawalCanceled  FAILED CANCELED EXPIRED
WithdrawalExpired   FAILED CANCELED EXPIRED SETTLED REVERSED
RefundSettled       SETTLED
RefundFailed        FAILED
DisputeLost         SETTLED
DisputeWon          CANCELED
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

pub(super) fn is_stale(event: &str, status: &str) -> bool {
    let of_the_event = |line: &&str| line.split_ascii_whitespace().next() == Some(event);
    STALE.lines().find(of_the_event).is_some_and(|line| line.split_ascii_whitespace().skip(1).any(|it| it == status))
}
