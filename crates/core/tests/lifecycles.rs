//! Tries every pair of state and event of every machine against LIFECYCLES, transcribed by hand to `lifecycles/*.csv`. A pair
//! without a row must be refused. A row without a pair fails the test.

#[path = "lifecycles/approvals.rs"]
mod approvals;
#[path = "lifecycles/kyc.rs"]
mod kyc;
#[path = "lifecycles/leads.rs"]
mod leads;
#[path = "lifecycles/others.rs"]
mod others;
#[path = "lifecycles/payments.rs"]
mod payments;
#[path = "lifecycles/table.rs"]
mod table;
