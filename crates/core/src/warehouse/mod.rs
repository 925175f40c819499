//! Documents as rows of the warehouse: typed columns instead of a document's free fields.
//!
//! The tables are files, `analytics/tables/*.json`: from them come the rows here, the protobuf that they are sent in (`boma-google`) and
//! the tables themselves (`analytics/`). A row loses nothing: what no column takes is kept in its `rest`.

pub mod change;
mod json;
pub mod row;
pub mod spelled;
pub mod table;
mod typed;
