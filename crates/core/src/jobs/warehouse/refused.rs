//! Rows that were refused among others. BigQuery then took none: the others go again.

use crate::protocol::{outcome::Fault, step::RefusedRow};

/// Which may go again, and which were refused and why, each in its order.
#[derive(Debug)]
pub(super) struct Apart<T> {
    pub(super) others: Vec<T>,
    pub(super) refused: Vec<(T, String)>,
}

/// An error if none of what was sent is among the refused: the same rows would go again for ever.
pub(super) fn apart<T>(sent: Vec<T>, refused: &[RefusedRow]) -> Result<Apart<T>, Fault> {
    let mut apart = Apart { others: Vec::with_capacity(sent.len()), refused: Vec::new() };
    for (index, row) in sent.into_iter().enumerate() {
        match refused.iter().find(|refused| refused.index == index) {
            Some(refused) => apart.refused.push((row, refused.reason.clone())),
            None => apart.others.push(row),
        }
    }
    if apart.refused.is_empty() {
        return Err(Fault::Protocol("a row was refused that wasn't sent"));
    }
    Ok(apart)
}
