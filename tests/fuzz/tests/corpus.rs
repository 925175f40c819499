//! Runs every target over its corpus and over mutations of it, always the same: no panic, and memory in proportion to the
//! input.

use std::{fs, path::Path};

use fuzz::{TARGETS, run};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const MUTATIONS_OF_EACH: u64 = 200;
/// A tree of JSON nodes takes some 30 bytes for each byte of `[[[[...`, and several are alive at once.
const BYTES_PER_BYTE: usize = 400;
const BYTES_ANYWAY: usize = 256 * 1024;

#[test]
fn no_input_panics_or_takes_more_memory_than_its_share() {
    for (target, _) in TARGETS {
        let inputs = corpus(target);
        assert!(inputs.len() >= 5, "{target} has {} inputs", inputs.len());
        for (name, bytes) in &inputs {
            checked(target, name, bytes);
            for round in 0..MUTATIONS_OF_EACH {
                checked(target, &format!("{name}, mutation {round}"), &mutated(bytes, round, &inputs));
            }
        }
    }
}

fn checked(target: &str, name: &str, bytes: &[u8]) {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let outcome = std::panic::catch_unwind(|| run(target, bytes));
    let taken = MEMORY.peak_usage().saturating_sub(before);
    assert!(outcome.is_ok(), "{target}: {name} panics; its bytes: {:?}", String::from_utf8_lossy(bytes));
    let most = BYTES_ANYWAY + BYTES_PER_BYTE * bytes.len();
    assert!(taken <= most, "{target}: {name} takes {taken} bytes of memory for {} of input", bytes.len());
}

/// corpus/{target}/*, by name.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    let entries = fs::read_dir(&folder).unwrap_or_else(|_| panic!("no corpus of {target}"));
    let mut inputs: Vec<_> = entries
        .map(|entry| entry.expect("an entry"))
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).expect("bytes")))
        .collect();
    inputs.sort();
    inputs
}

/// One to four changes: a bit flipped, a byte replaced by one that matters to parsers, a piece repeated, removed, or taken from
/// another input.
fn mutated(bytes: &[u8], round: u64, inputs: &[(String, Vec<u8>)]) -> Vec<u8> {
    const TELLING: &[u8] = b"\"\\{}[]:,.-+0019eE \0\xff\xc0\x80";
    let mut chance = Chance(round.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ bytes.len() as u64);
    let mut mutated = bytes.to_vec();
    for _ in 0..=chance.below(4) {
        let at = chance.below(mutated.len() + 1);
        let end = (at + chance.below(16)).min(mutated.len());
        match chance.below(5) {
            0 if at < mutated.len() => mutated[at] ^= 1 << chance.below(8),
            1 if at < mutated.len() => mutated[at] = TELLING[chance.below(TELLING.len())],
            2 => {
                let piece = mutated[at..end].repeat(chance.below(64));
                mutated.splice(at..at, piece);
            }
            3 => drop(mutated.drain(at..end)),
            _ => {
                let (_, other) = &inputs[chance.below(inputs.len())];
                let from = chance.below(other.len() + 1);
                mutated.truncate(at);
                mutated.extend_from_slice(&other[from..]);
            }
        }
    }
    mutated
}

/// SplitMix64: the same numbers on every machine.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let bound = u64::try_from(bound.max(1)).expect("a length");
        usize::try_from((mixed ^ (mixed >> 31)) % bound).expect("below a length")
    }
}
