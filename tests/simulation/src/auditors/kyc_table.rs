//! The KYC table once more, from LIFECYCLES and from nothing else: a list of edges of the check.

use std::sync::LazyLock;

/// The check, event, the check after. `any` is each but CLOSED, `=` the same.
const EDGES: &str = "
PENDING,RESUBMISSION_REQUIRED                                    KycSubmitted           SUBMITTED
PENDING,SUBMITTED,IN_REVIEW,RESUBMISSION_REQUIRED,ABANDONED,EXPIRED KycCompleted_APPROVED APPROVED
PENDING,SUBMITTED,IN_REVIEW,RESUBMISSION_REQUIRED,ABANDONED,EXPIRED KycCompleted_REJECTED REJECTED
PENDING,SUBMITTED,IN_REVIEW,RESUBMISSION_REQUIRED,ABANDONED,EXPIRED KycCompleted_RESUBMIT RESUBMISSION_REQUIRED
PENDING,SUBMITTED,RESUBMISSION_REQUIRED,ABANDONED,EXPIRED        KycCompleted_REVIEW    IN_REVIEW
APPROVED                                                         KycCompleted_APPROVED  APPROVED
APPROVED                                                         KycCompleted_REJECTED  APPROVED
ON_HOLD                                                          KycCompleted_REJECTED  REJECTED
ON_HOLD                                                          KycCompleted_APPROVED  ON_HOLD
ON_HOLD                                                          KycCompleted_RESUBMIT  ON_HOLD
ON_HOLD                                                          KycCompleted_REVIEW    ON_HOLD
PENDING,SUBMITTED,IN_REVIEW,RESUBMISSION_REQUIRED                KycHeld                ON_HOLD
ON_HOLD                                                          KycReleased            IN_REVIEW
IN_REVIEW,ON_HOLD                                                KycReviewed_APPROVED   APPROVED
IN_REVIEW,ON_HOLD                                                KycReviewed_REJECTED   REJECTED
PENDING,RESUBMISSION_REQUIRED                                    KycLapsed              ABANDONED
ABANDONED,EXPIRED                                                KycRestarted           PENDING
REJECTED                                                         KycAppealed            PENDING
APPROVED                                                         KycExpired             EXPIRED
any                                                              KycSuspended           =
any                                                              KycReinstated          =
any                                                              KycSuspensionConfirmed REJECTED
any                                                              AccountClosed          CLOSED
IN_REVIEW,ON_HOLD                                                ReviewClaimed          =
any,CLOSED                                                       ReviewReturned         =
";

/// Every event there is, those with a decision once for each.
pub const EVENTS: &[&str] = &[
    "KycSubmitted",
    "KycCompleted APPROVED",
    "KycCompleted REJECTED",
    "KycCompleted RESUBMIT",
    "KycCompleted REVIEW",
    "KycHeld",
    "KycReleased",
    "KycReviewed APPROVED",
    "KycReviewed REJECTED",
    "KycLapsed",
    "KycRestarted",
    "KycAppealed",
    "KycExpired",
    "KycSuspended",
    "KycReinstated",
    "KycSuspensionConfirmed",
    "AccountClosed",
    "ReviewClaimed",
    "ReviewReturned",
];

static TABLE: LazyLock<Vec<(Vec<&'static str>, String, &'static str)>> =
    LazyLock::new(|| EDGES.lines().filter_map(read_edge).collect());

fn read_edge(line: &'static str) -> Option<(Vec<&'static str>, String, &'static str)> {
    let mut words = line.split_ascii_whitespace();
    let (from, event, to) = (words.next()?, words.next()?, words.next()?);
    Some((from.split(',').collect(), event.replace('_', " "), to))
}

/// Where the table leads; what else an event needs isn't asked.
pub fn edge<'a>(check: &'a str, event: &str) -> Option<&'a str> {
    let leads = |from: &str| from == check || from == "any" && check != "CLOSED";
    let (_, _, to) = TABLE.iter().find(|(from, of, _)| of == event && from.iter().any(|from| leads(from)))?;
    Some(if *to == "=" { check } else { to })
}
