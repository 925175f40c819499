//! Which reviews are of earlier cycles: their results count no more, however late they come.

use crate::kernel::digest::sha256_hex;

/// What a provider calls its reviews may be personal and of any length: kept is a fingerprint.
const FINGERPRINT_DIGITS: usize = 16;
const MOST_REVIEWS: usize = 100;

/// Fingerprints, the newest last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Reviews {
    /// Of earlier cycles.
    pub old: Vec<String>,
    /// Of this cycle, but for the last one: they are old when the cycle ends.
    pub superseded: Vec<String>,
}

impl Reviews {
    pub(super) fn is_of_an_earlier_cycle(&self, review_id: &str) -> bool {
        self.old.contains(&fingerprint(review_id))
    }

    /// A review whose result isn't the last one any more.
    pub(super) fn superseded(&mut self, review_id: &str, by: &str) {
        if review_id != by {
            self.superseded = newest([self.superseded.clone(), vec![fingerprint(review_id)]].concat());
        }
    }

    pub(super) fn of_next_cycle(&self, last: Option<&str>) -> Reviews {
        let last = last.map(fingerprint).into_iter().collect();
        let old = newest([self.old.clone(), self.superseded.clone(), last].concat());
        Reviews { old, superseded: Vec::new() }
    }
}

fn fingerprint(review_id: &str) -> String {
    sha256_hex(review_id.as_bytes())[..FINGERPRINT_DIGITS].to_owned()
}

/// Each once, where it stands last.
fn newest(all: Vec<String>) -> Vec<String> {
    let is_last = |(at, one): &(usize, &String)| !all[at + 1..].contains(one);
    let each: Vec<_> = all.iter().enumerate().filter(is_last).map(|(_, one)| one.clone()).collect();
    each[each.len().saturating_sub(MOST_REVIEWS)..].to_vec()
}
