//! The corpora of the fuzzers are read without a panic: what fuzzers do compiles, and stays right.

use std::fs;

use crate::support::{files_below, root};

#[path = "../../fuzz/read.rs"]
mod read;

/// What is fed with bytes.
type Target = fn(&[u8]);

#[test]
fn the_corpora_of_the_fuzzers_are_read_without_a_panic() {
    let targets: [(&str, Target); 3] = [
        ("detection", read::detection),
        ("decoding", read::decoding),
        ("cells", read::cells),
    ];
    for (target, read) in targets {
        let corpus = files_below(&root().join("fuzz/corpus").join(target));
        assert!(!corpus.is_empty(), "{target} has no corpus");
        for file in corpus {
            read(&fs::read(file).expect("a file of the corpus"));
        }
    }
}
