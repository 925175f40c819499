//! Which fields are personal: the one inventory of the stored fields, by collection.
//!
//! Every field of every document that Boma writes stands here, in one of two lists. `tests/cases/runner/tests/personal.rs` finds
//! a field that is missing here, and an entry that no document has.

use std::slice;

use crate::store::value::Value;

/// The fields of one collection.
///
/// A field is named by its path. `*` stands for any one name, `**` at the end for all that is below. The maps in a list are on
/// the path like any map: `postings.account`.
#[derive(Clone, Copy, Debug)]
pub struct Collection {
    /// As the export names it: `users`, `users.timeline`.
    pub name: &'static str,
    /// What a customer is called, how they are reached, and texts that carry this along. Whom it belongs to may ask to be
    /// forgotten.
    pub personal: &'static [&'static str],
    pub others: &'static [&'static str],
}

pub const INVENTORY: &[Collection] = &[
    Collection {
        name: "users",
        personal: &[
            "profileData.email",
            "profileData.fullName",
            "profileData.country",
            "profileData.region",
            "profileData.phone",
            "profileData.birthDate",
            "profileData.language",
            "profileData.address.*",
            "profileData.kind",
        ],
        others: &[
            "assignedTo", // An operator: no customer.
            "kycStatus",
            "kycVersion",
            "tradingEnabled",
            "accessVersion",
            "balances.*.available",
            "balances.*.pending",
            "balances.*.reserved",
            "createdAt",
            "updatedAt",
        ],
    },
    Collection {
        name: "users.timeline",
        personal: &[],
        others: &[
            "at",
            "recordedAt",
            "type",
            // An operator or a source: no customer.
            "by",
            // The second operator.
            "approvedBy",
            "source",
            "from",
            "to",
            "changes.document",
            "changes.field",
            // Values of fields that aren't personal: those that are stand here as `omitted`.
            "changes.old.**",
            "changes.new.**",
            "changes.omitted",
            "moreChanges",
        ],
    },
    Collection {
        name: "transactions",
        // The other end of the payment, and the free texts of its source.
        personal: &["counterparty.name", "counterparty.account", "description", "metadata.*"],
        others: &[
            "userId",
            "kind",
            "amount",
            "currency",
            "status",
            "timestamp",
            "method",
            "postings.account",
            "postings.amount",
            "paymentId",
            "settledAmount",
            "refunded",
            "disputed",
            "reversedAmount",
            "expiresAt",
            "reason",
            "operator",
            "approvedBy",
            "reference",
        ],
    },
    Collection {
        name: "leads",
        personal: &[],
        others: &[
            "status",
            "region",
            "channel",
            "score",
            "qualifiedScore",
            "createdAt",
            "convertedAt",
            "userId",
            "reason",
        ],
    },
    Collection {
        name: "kyc_cases",
        personal: &[],
        others: &[
            "check",
            "cycle",
            "attempt",
            "provider",
            "reviewId",
            "decision",
            "reasons",
            "validUntil",
            "dueAt",
            "suspensions.*.reason",
            "suspensions.*.since",
            "lastResultAt",
            "lastResultVersion",
            // Fingerprints.
            "oldReviewIds",
            "supersededReviewIds",
            // An operator: no customer.
            "assignedTo",
            "assignedAt",
        ],
    },
    Collection { name: "engagement", personal: &[], others: &["count", "lastAt", "score"] },
    Collection { name: "markets", personal: &[], others: &["price", "time"] },
    Collection {
        name: "price_alerts",
        personal: &[],
        others: &["alerts.*.userId", "alerts.*.direction", "alerts.*.threshold"],
    },
    Collection { name: "limits", personal: &[], others: &["perWithdrawal", "perDay"] },
    Collection {
        name: "withdrawal_windows",
        personal: &[],
        others: &["entries.*.transactionId", "entries.*.amount", "entries.*.at"],
    },
    Collection {
        name: "pulse",
        personal: &[],
        others: &[
            "minute",
            "shard",
            "writtenAt",
            "expireAt",
            "changes.*",
            "statuses.*",
            "amounts.*.*",
            "transactions.id",
            "transactions.userId",
            "transactions.kind",
            "transactions.amount",
            "transactions.currency",
            "transactions.status",
            "transactions.at",
            "kyc.userId",
            "kyc.status",
            "kyc.from",
            "kyc.at",
            "letters.id",
            "letters.consumer",
            "letters.kind",
            "letters.at",
        ],
    },
    Collection { name: "sweeps", personal: &[], others: &["task", "document", "at", "updatedAt"] },
    Collection {
        name: "processed_events",
        // The messages that were published, with the texts of a mail.
        personal: &["outgoing"],
        others: &[
            "consumer",
            "eventId",
            "type",
            "subject",
            "digest",
            "outcome",
            "reason",
            "outgoingIds",
            "processedAt",
            "expireAt",
        ],
    },
    Collection {
        name: "dead_letters",
        // The message as it came.
        personal: &["body", "attributes.*"],
        others: &[
            "consumer",
            "kind",
            "status",
            "reason",
            "bodyBytes",
            "truncated",
            "expireAt",
            "eventId",
            "type",
            "subject",
            "awaits",
            "receivedAt",
            "replays",
            "discardReason",
            // Operators.
            "discardedBy",
            "approvedBy",
        ],
    },
    Collection {
        name: "approvals",
        // A command's, with its free texts.
        personal: &["data.**"],
        others: &[
            "type",
            "subject",
            "digest",
            "requestedBy", // Operators, as the two below.
            "requestedById",
            "requestedAt",
            "status",
            "decidedBy",
            "decidedAt",
            "reason",
            "expireAt",
        ],
    },
    // What operators write about somebody; they themselves are no customers.
    Collection { name: "users.notes", personal: &["text"], others: &["by", "at"] },
    Collection { name: "mail", personal: &["to", "template.data.*"], others: &["template.name", "expireAt"] },
];

impl Collection {
    pub fn named(name: &str) -> Option<&'static Collection> {
        INVENTORY.iter().find(|known| known.name == name)
    }

    pub fn entries(&self) -> impl Iterator<Item = &'static str> {
        self.personal.iter().chain(self.others).copied()
    }

    pub fn knows(&self, field: &[String]) -> bool {
        self.entries().any(|entry| leads_to(field, entry))
    }
}

/// None: the collection isn't known, which isn't to say that nothing in it is personal.
pub fn personal_fields(collection: &str) -> Option<&'static [&'static str]> {
    Collection::named(collection).map(|known| known.personal)
}

/// Whether the value of a field tells something personal. A field that the inventory doesn't know does.
///
/// An empty map counts as the fields that it may have: `profileData` is personal, `balances` isn't. So does an empty list.
pub fn is_personal(collection: &str, field: &[String], value: &Value) -> bool {
    let Some(known) = Collection::named(collection) else { return true };
    let is_personal = |leaf: &[String]| known.personal.iter().any(|entry| leads_to(leaf, entry));
    leaves(field, value).iter().any(|leaf| is_personal(leaf) || !known.knows(leaf))
}

/// The path of each value in `value`, which is at `field`: down to what is neither map nor list, or is empty.
pub fn leaves(field: &[String], value: &Value) -> Vec<Vec<String>> {
    let below = |(name, value): (&String, &Value)| leaves(&[field, slice::from_ref(name)].concat(), value);
    if let Value::Map(fields) = value
        && !fields.is_empty()
    {
        return fields.iter().flat_map(below).collect();
    }
    if let Value::Array(items) = value
        && !items.is_empty()
    {
        return items.iter().flat_map(|item| leaves(field, item)).collect();
    }
    vec![field.to_vec()]
}

/// Whether an entry is this very field's, or has it below its `**`.
pub fn is_entry_of(entry: &str, field: &[String]) -> bool {
    field.len() >= entry.trim_end_matches(".**").split('.').count() && leads_to(field, entry)
}

/// Whether a field is the entry's, or on the way to it.
fn leads_to(field: &[String], entry: &str) -> bool {
    let (way, is_open) = entry.strip_suffix(".**").map_or((entry, false), |way| (way, true));
    let mut names = way.split('.');
    field.iter().all(|name| names.next().map_or(is_open, |known| known == "*" || known == name))
}
