//! Every state x event pair of every machine, against LIFECYCLES as data: `lifecycles/*.csv`, transcribed by hand. A pair
//! that has no row is refused, and a row that no pair has is a mistake.

#[path = "lifecycles/leads.rs"]
mod leads;
#[path = "lifecycles/others.rs"]
mod others;
#[path = "lifecycles/payments.rs"]
mod payments;
#[path = "lifecycles/table.rs"]
mod table;
