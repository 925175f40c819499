//! How many calls of this instance wait for a document at once. Each holds one of the places at which its container takes requests, so
//! there are few; who finds none free is told so, and files its message at once.
//!
//! An instance of the Wasm has one thread, and its memory is its own: what broke it takes the count along.

use std::cell::Cell;

const PLACES: u32 = 4;

thread_local! {
    static TAKEN: Cell<u32> = const { Cell::new(0) };
}

/// A place, from the first wait until the call ends or is dropped.
#[derive(Debug)]
pub(crate) struct WaitingPlace(());

impl WaitingPlace {
    pub(crate) fn take() -> Option<WaitingPlace> {
        TAKEN.with(|taken| {
            (taken.get() < PLACES).then(|| {
                taken.set(taken.get() + 1);
                WaitingPlace(())
            })
        })
    }
}

impl Drop for WaitingPlace {
    fn drop(&mut self) {
        TAKEN.with(|taken| taken.set(taken.get() - 1));
    }
}
