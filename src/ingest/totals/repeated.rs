//! A name that comes to all others day after day is their sum, whatever it is called: «Весь сайт», "Grand sum".

use std::collections::BTreeMap;

use hashbrown::{HashMap, HashSet};

use super::levels::significant;
use super::view::{Days, View};
use super::{Found, Held, quoted};
use crate::model::columns::Dictionary;

/// Rows of a day among which one may be the sum of the others.
const FEWEST_ROWS: usize = 3;
/// Days of different numbers on which it must be, when it has one number a day, …
const ENOUGH_DAYS: usize = 3;
/// … and what these numbers must say against chance, in bits: round ones say little. A judgement.
const ENOUGH: u32 = 20;
/// The same for fewer days and several numbers.
const ENOUGH_OF_SEVERAL: u32 = 30;

/// What is known of a name.
#[derive(Default)]
struct Known {
    /// Rows that are the sum of all others of their days.
    sums: Vec<usize>,
    /// Days of which it has a row.
    days: usize,
    told: HashSet<Vec<i64>>,
    bits: u32,
    has_several: bool,
}

/// Takes out the rows of such names.
pub(super) fn find(view: &mut View<'_>, found: &mut Found, texts: &[Dictionary], held: &Held) {
    if view.shape.dimensions.is_empty() {
        return;
    }
    let mut by_days: BTreeMap<Days, Vec<usize>> = BTreeMap::new();
    for row in view.data() {
        by_days.entry(view.days(row)).or_default().push(row);
    }
    let mut names: HashMap<u64, Known> = HashMap::new();
    for rows in by_days.values().filter(|rows| rows.len() >= FEWEST_ROWS) {
        look(view, rows, &mut names);
    }
    let mut sums: Vec<Known> = names.into_values().filter(Known::is_sum).collect();
    sums.sort_unstable_by_key(|known| known.sums[0]);
    for known in sums {
        let first = known.sums[0];
        let wild = view.rows[first].wild;
        let named = (0..view.shape.dimensions.len()).find(|bit| wild & (1 << bit) == 0);
        let name = quoted(view.shape, held, texts, first, named.unwrap_or(0));
        found.notes.push(format!(
            "{} rows of \"{name}\" are the sum of all others of their days (the first in line {}): passed over",
            known.sums.len(),
            view.rows[first].line
        ));
        for row in known.sums {
            view.rows[row].is_out = true;
            found.totals.push(row);
        }
    }
}

/// Looks at the rows of some days.
fn look(view: &View<'_>, rows: &[usize], names: &mut HashMap<u64, Known>) {
    let measures = view.shape.measures.len();
    let numbers = |row: usize| (0..measures).map(move |at| view.number(row, at).unwrap_or(0));
    let mut twice = vec![0; measures];
    for row in rows {
        names.entry(view.key(*row, 0)).or_default().days += 1;
        for (total, number) in twice.iter_mut().zip(numbers(*row)) {
            *total += number;
        }
    }
    let is_half = |row: &&usize| {
        let mut pairs = numbers(**row).zip(&twice);
        pairs.all(|(number, total)| number * 2 == *total)
    };
    let halves: Vec<usize> = rows.iter().filter(is_half).copied().collect();
    if let [row] = halves[..] {
        let known = names.entry(view.key(row, 0)).or_default();
        known.add(row, numbers(row).collect());
    }
}

impl Known {
    fn add(&mut self, row: usize, numbers: Vec<i64>) {
        self.sums.push(row);
        self.has_several |= numbers.iter().filter(|number| **number != 0).count() > 1;
        if !self.told.contains(&numbers) {
            let bits = numbers.iter().map(|number| {
                let digits = significant(number.unsigned_abs());
                digits.checked_ilog2().unwrap_or(0)
            });
            self.bits += bits.sum::<u32>();
            self.told.insert(numbers);
        }
    }

    fn is_sum(&self) -> bool {
        let is_enough = self.told.len() >= ENOUGH_DAYS && self.bits >= ENOUGH;
        let is_enough_at_once = self.has_several && self.bits >= ENOUGH_OF_SEVERAL;
        !self.sums.is_empty() && self.sums.len() == self.days && (is_enough || is_enough_at_once)
    }
}
