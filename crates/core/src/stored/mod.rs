//! Stored documents on one side, what the machines know on the other: how the one is read as the other and written back. A
//! document may outlive a release; what this one can't read is an error that names the field, never a guess.

pub mod balances;
pub mod engagement;
pub mod kyc_case;
pub mod lead;
pub mod mail;
pub mod market;
pub mod price_alerts;
pub mod transaction;
pub mod withdrawals;
