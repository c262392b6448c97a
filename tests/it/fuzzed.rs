//! The corpora of the fuzzers, as they are and damaged at random, are read without a panic: what fuzzers do compiles, and
//! stays right where no fuzzer runs.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use crate::support::{files_below, root};

#[path = "../../fuzz/read.rs"]
mod read;

/// What is fed with bytes.
type Target = fn(&[u8]);

/// The targets, and how often a file of their corpus is damaged: cells are read in no time, formats are not.
const TARGETS: [(&str, Target, usize); 3] = [
    ("detection", read::detection, 3),
    ("decoding", read::decoding, 20),
    ("cells", read::cells, 300),
];
/// Multiplies how often each file is damaged, for whoever has the time.
const TIMES: &str = "VORONKA_FUZZ_TIMES";
/// Damages of one file, at most.
const MOST_DAMAGES: usize = 8;
/// What breaks readers more often than chance would find it.
const PIECES: &[&[u8]] = &[
    b"\"",
    b";",
    b",",
    b"\t",
    b"\r",
    b"\n",
    b"\n\n",
    b"\0",
    b"\xEF\xBB\xBF",
    b"\xFF\xFE",
    b"\x80",
    b"{",
    b"[",
    b"]}",
    b"<",
    b"</",
    b"&#x110000;",
    b"&amp",
    b"PK\x03\x04",
    b"\x1F\x8B",
    b"99999999999999999999",
    b"-0",
    b"1e308",
    b"0000-00-00",
    b"29.02.2026",
    b"24:00",
    "\u{202f}".as_bytes(),
    "\u{c9}\u{301}".as_bytes(),
    "Итого".as_bytes(),
    b"Total",
];

#[test]
fn the_corpora_of_the_fuzzers_are_read_without_a_panic() {
    for (target, read, _) in TARGETS {
        for bytes in corpus(target) {
            read(&bytes);
        }
    }
}

#[test]
fn damaged_files_of_the_corpora_are_read_without_a_panic() {
    let times = std::env::var(TIMES).map_or(1, |text| text.parse().expect("a number"));
    for (at, (target, read, rounds)) in TARGETS.into_iter().enumerate() {
        let corpus = corpus(target);
        let mut random = Pcg64Mcg::seed_from_u64(at as u64);
        for round in 0..rounds * times {
            for whole in &corpus {
                let bytes = damaged(whole, &corpus, &mut random);
                let outcome = catch_unwind(AssertUnwindSafe(|| read(&bytes)));
                if outcome.is_err() {
                    let kept = std::env::temp_dir().join(format!("voronka-{target}-{round}"));
                    fs::write(&kept, &bytes).expect("written");
                    panic!("{target} panics on {}", kept.display());
                }
            }
        }
    }
}

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let files = files_below(&root().join("fuzz/corpus").join(target));
    assert!(!files.is_empty(), "{target} has no corpus");
    let read = |file| fs::read(file).expect("a file of the corpus");
    files.into_iter().map(read).collect()
}

/// A file with some bytes changed, lost, doubled, or taken from another one.
fn damaged(whole: &[u8], corpus: &[Vec<u8>], random: &mut Pcg64Mcg) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..random.random_range(1..=MOST_DAMAGES) {
        let from = random.random_range(0..=bytes.len());
        let to = (from + random.random_range(0..64)).min(bytes.len());
        let stretch = from..to;
        match random.random_range(0..6) {
            0 if from < bytes.len() => bytes[from] = random.random(),
            1 => drop(bytes.drain(stretch)),
            2 => {
                let again = bytes[stretch].to_vec();
                drop(bytes.splice(from..from, again));
            }
            3 => {
                let other = &corpus[random.random_range(0..corpus.len())];
                let part = other.get(from..).unwrap_or(other);
                let part = part[..part.len().min(64)].to_vec();
                drop(bytes.splice(stretch, part));
            }
            4 => bytes.truncate(from),
            _ => {
                let piece = PIECES[random.random_range(0..PIECES.len())];
                drop(bytes.splice(from..from, piece.iter().copied()));
            }
        }
    }
    bytes
}
