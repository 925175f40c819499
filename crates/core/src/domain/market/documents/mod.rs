//! How these documents are read and written.

pub mod market;
pub mod price_alerts;
