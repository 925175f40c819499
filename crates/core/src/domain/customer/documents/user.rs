//! users/{userId}. Each field has one owner, which alone writes it once the user is there:
//!
//! | function | fields |
//! |---|---|
//! | profile | profileData, createdAt |
//! | kyc | kycStatus, kycVersion |
//! | access | tradingEnabled, accessVersion |
//! | payments | balances: `domain/payments/documents/balances.rs` |
//! | notes | assignedTo, which is there while somebody is assigned |
//! | each of them | updatedAt |

use crate::{
    domain::{
        customer::profile::facts::{Profile, ProfileFields},
        kyc::machine::Status,
    },
    kernel::{ids::UserId, timestamp::Timestamp},
    store::{
        document::{Document, Unreadable},
        path::DocumentPath,
        value::Map,
        write::Write,
    },
};

const PROFILE_DATA: &str = "profileData";
const KYC_STATUS: &str = "kycStatus";
const KYC_VERSION: &str = "kycVersion";
const TRADING_ENABLED: &str = "tradingEnabled";
const ACCESS_VERSION: &str = "accessVersion";
pub(in crate::domain) const BALANCES: &str = "balances";
const ASSIGNED_TO: &str = "assignedTo";
const CREATED_AT: &str = "createdAt";
const UPDATED_AT: &str = "updatedAt";

pub fn email(user: &Document) -> Result<&str, Unreadable> {
    user.string(&format!("{PROFILE_DATA}.email"))
}

pub fn kyc_status(user: &Document) -> Result<Status, Unreadable> {
    user.word(KYC_STATUS, Status::from_name)
}

pub fn kyc_version(user: &Document) -> Result<i64, Unreadable> {
    user.int(KYC_VERSION)
}

pub fn trading_is_enabled(user: &Document) -> Result<bool, Unreadable> {
    user.bool(TRADING_ENABLED)
}

pub fn access_version(user: &Document) -> Result<i64, Unreadable> {
    user.int(ACCESS_VERSION)
}

/// The operator who looks after the customer, where somebody does.
pub fn assigned_to(user: &Document) -> Result<Option<&str>, Unreadable> {
    user.optional_string(ASSIGNED_TO)
}

/// The time of the registration that made the customer.
pub fn created_at(user: &Document) -> Result<Timestamp, Unreadable> {
    user.timestamp(CREATED_AT)
}

/// When any function wrote the user last.
pub fn updated_at(user: &Document) -> Result<Timestamp, Unreadable> {
    user.timestamp(UPDATED_AT)
}

/// Every field of a user, also those that other functions own later, so that none is ever missing.
pub fn create(id: UserId, profile: Profile, created_at: Timestamp, now: Timestamp) -> Write {
    let profile_data: Map = profile.fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let user = Write::to(DocumentPath::user(id))
        .set(PROFILE_DATA, profile_data)
        .set(KYC_STATUS, Status::Pending.name())
        .set(KYC_VERSION, 0)
        .set(TRADING_ENABLED, false)
        .set(ACCESS_VERSION, 0)
        .set(BALANCES, Map::new())
        .set(CREATED_AT, created_at);
    updated(user, now)
}

/// Only these fields of the profile; an address as a whole.
pub fn set_profile(id: UserId, fields: ProfileFields, now: Timestamp) -> Write {
    let set = |user: Write, (name, value)| user.set(&format!("{PROFILE_DATA}.{name}"), value);
    updated(fields.into_iter().fold(Write::to(DocumentPath::user(id)), set), now)
}

pub fn set_kyc(id: UserId, status: Status, version: i64, now: Timestamp) -> Write {
    let user = Write::to(DocumentPath::user(id)).set(KYC_STATUS, status.name()).set(KYC_VERSION, version);
    updated(user, now)
}

pub fn set_access(id: UserId, trading_enabled: bool, version: i64, now: Timestamp) -> Write {
    let user = Write::to(DocumentPath::user(id)).set(TRADING_ENABLED, trading_enabled).set(ACCESS_VERSION, version);
    updated(user, now)
}

pub fn set_assigned_to(id: UserId, operator: Option<&str>, now: Timestamp) -> Write {
    updated(Write::to(DocumentPath::user(id)).set_or_clear(ASSIGNED_TO, operator), now)
}

/// The user's next version, with nothing else changed.
pub fn touch(id: UserId, now: Timestamp) -> Write {
    updated(Write::to(DocumentPath::user(id)), now)
}

fn updated(user: Write, now: Timestamp) -> Write {
    user.set(UPDATED_AT, now)
}
