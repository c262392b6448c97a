//! Rows without an id that are equal word for word. A switch may write two calls alike; a file that was put together from
//! downloads that overlap has many such rows.

use std::collections::BTreeMap;

use hashbrown::HashSet;

use super::super::Input;
use super::joins::Joined;
use super::rows::Rows;

/// Equal rows of people, at the least, …
const FEWEST: u32 = 3;
/// … and one in so many of a file's: nobody calls twice in one second as often.
const ONE_IN: u32 = 10;
/// The absent marker of keys.
const NOBODY: u64 = 0;

/// What is to be said of each file.
pub(super) fn told(rows: &Rows<'_>, joined: &Joined, input: &Input<'_>) -> Vec<(u32, String)> {
    let mut seen = HashSet::new();
    let mut counts: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
    for row in (0..rows.len()).filter(|row| joined.used[*row] && !rows.is_named(*row)) {
        let file = input.rows.files[row];
        let (all, equal) = counts.entry(file).or_default();
        *all += 1;
        let is_first = seen.insert((file, input.rows.hashes[row]));
        *equal += u32::from(!is_first && rows.person(row) != NOBODY);
    }
    let is_told = |(all, equal): &(u32, u32)| *equal >= FEWEST && *equal * ONE_IN >= *all;
    let told = counts.into_iter().filter(|(_, counts)| is_told(counts));
    told.map(|(file, (all, equal))| {
        let text = format!(
            "{equal} of {all} rows are equal to others word for word, and count as calls of their own: was the file put together from \
             downloads that overlap?"
        );
        (file, text)
    })
    .collect()
}
