//! Rows that say of themselves that they are sums of others, and rows that are of nothing at all.

use hashbrown::HashMap;

use super::view::{Sum, Sums, View};
use super::{Found, Held, Shape, quoted};
use crate::ingest::parse::total_words::Said;
use crate::model::columns::Dictionary;

/// Rows that a total without a name must be the sum of, when it has one number only: one other row with the same number
/// is no proof.
const ENOUGH_ROWS: u64 = 2;
/// A total that is marked so may be off by a quarter of what its rows come to: users are counted in several rows, and some
/// rows are left out of a table. Beyond that it is of something else.
const OFF_DIVISOR: i64 = 4;
/// Hundredths by which a row without a name may miss the sum of the others and still be told of.
const NEARLY_PERCENT: i64 = 2;
/// Minor units in a major one: amounts may be rounded to these.
const MAJOR: i64 = 100;

/// What becomes of a row that is marked.
enum Fate {
    Total,
    /// It is one, but its rows come to something else.
    Inexact(i64),
    /// It is made of others, or a part of one.
    Derived,
    Data,
    /// The only row of its day.
    Alone,
    Reject(i64),
}

/// Takes out the rows that are totals by their words, as far as their numbers bear it out.
pub(super) fn find(view: &mut View<'_>, found: &mut Found, texts: &[Dictionary], held: &Held) {
    let told: Vec<usize> = (0..view.rows.len())
        .filter(|row| view.rows[*row].said.is_some() && !held.marked.contains(row))
        .collect();
    if told.is_empty() {
        return;
    }
    let mut judge = Judge::new(view);
    let mut fates = Vec::new();
    for row in told {
        let fate = judge.fate(row);
        if matches!(fate, Fate::Total | Fate::Inexact(_)) {
            judge.last_total = row;
        }
        fates.push((row, fate));
    }
    let mut derived: Vec<usize> = Vec::new();
    let mut inexact: Vec<(usize, i64)> = Vec::new();
    for (row, fate) in fates {
        let (_, bit) = view.rows[row].said.expect("only such rows are judged");
        let name = quoted(view.shape, held, texts, row, bit);
        let main = view.shape.shown(view.main(row).unwrap_or(0));
        match fate {
            Fate::Total => found.totals.push(row),
            Fate::Inexact(sum) => {
                found.totals.push(row);
                inexact.push((row, sum));
            }
            Fate::Derived => {
                found.totals.push(row);
                derived.push(row);
            }
            Fate::Data => view.rows[row].is_out = false,
            Fate::Alone => {
                view.rows[row].is_out = false;
                found.notes.push(format!(
                    "line {}: \"{name}\" ({main}) is the only row of its day: counted as it stands",
                    view.rows[row].line
                ));
            }
            Fate::Reject(sum) => {
                let sum = view.shape.shown(sum);
                found.rejects.push((
                    row,
                    format!("\"{name}\" says {main}, but its rows add up to {sum}: neither their sum nor a name, correct or delete the row"),
                ));
            }
        }
    }
    found
        .notes
        .extend(told_inexact(view, &inexact, texts, held));
    found
        .notes
        .extend(told_derived(view, &derived, texts, held));
}

/// Says which totals are not what their rows add up to.
fn told_inexact(
    view: &View<'_>,
    inexact: &[(usize, i64)],
    texts: &[Dictionary],
    held: &Held,
) -> Option<String> {
    let (row, sum) = *inexact.first()?;
    let (_, bit) = view.rows[row].said?;
    let name = quoted(view.shape, held, texts, row, bit);
    let main = view.shape.shown(view.main(row).unwrap_or(0));
    let sum = view.shape.shown(sum);
    let line = view.rows[row].line;
    Some(format!(
        "{} not what the rows add up to: \"{name}\" in line {line} says {main}, the rows {sum}; the rows count",
        match inexact.len() {
            1 => "1 total is".to_owned(),
            many => format!("{many} totals are"),
        }
    ))
}

/// Says which rows were passed over since they are made of others.
fn told_derived(
    view: &View<'_>,
    derived: &[usize],
    texts: &[Dictionary],
    held: &Held,
) -> Option<String> {
    if derived.is_empty() {
        return None;
    }
    let told = derived.iter().take(3).map(|row| {
        let bit = view.rows[*row].said.map_or(0, |(_, bit)| bit);
        let name = quoted(view.shape, held, texts, *row, bit);
        let main = view.shape.shown(view.main(*row).unwrap_or(0));
        format!("\"{name}\" {main} (line {})", view.rows[*row].line)
    });
    let told: Vec<String> = told.collect();
    Some(format!(
        "{} made of other rows, or a part of one, and no more to add: {}",
        match derived.len() {
            1 => "1 row is".to_owned(),
            many => format!("{many} rows are"),
        },
        told.join(", ")
    ))
}

/// Holds marked rows against the rows of data.
struct Judge<'v, 'a> {
    view: &'v View<'a>,
    /// Sums of data by the bits that do not matter.
    sums: HashMap<u64, Sums>,
    /// Data rows and what they come to before each row.
    before: Vec<(u64, i64)>,
    /// The last row that was a total.
    last_total: usize,
}

impl<'v, 'a> Judge<'v, 'a> {
    fn new(view: &'v View<'a>) -> Self {
        let mut before = Vec::with_capacity(view.rows.len() + 1);
        let mut sum = (0, 0);
        for (row, known) in view.rows.iter().enumerate() {
            before.push(sum);
            if !known.is_out {
                sum = (sum.0 + 1, sum.1 + view.main(row).unwrap_or(0));
            }
        }
        before.push(sum);
        Self {
            view,
            sums: HashMap::new(),
            before,
            last_total: 0,
        }
    }

    /// What the data rows come to that are of the same as a row, but for some bits.
    fn sum(&mut self, row: usize, but: u64, days: (i32, i32)) -> Sum {
        let view = self.view;
        let sums = self
            .sums
            .entry(but)
            .or_insert_with(|| view.sums(but, |_| true));
        sums.inside(view.key(row, but), days)
    }

    fn fate(&mut self, row: usize) -> Fate {
        let view = self.view;
        let Some((said, bit)) = view.rows[row].said else {
            return Fate::Data;
        };
        let but = view.rows[row].wild | (1 << bit) | view.all_labels();
        let is_lone = but & view.all() == view.all();
        let ever = self.sum(row, but, (i32::MIN, i32::MAX));
        let of_days = self.sum(row, but, view.days(row));
        match said {
            Said::Derived if ever.rows > 0 => Fate::Derived,
            Said::Derived => Fate::Data,
            Said::MaybeTotal if is_whole(view.shape, &of_days, |at| view.number(row, at)) => {
                Fate::Total
            }
            Said::MaybeTotal => Fate::Data,
            Said::Total => self.fate_of_total(row, bit, is_lone, &of_days, &ever),
        }
    }

    fn fate_of_total(
        &mut self,
        row: usize,
        bit: usize,
        is_lone: bool,
        of_days: &Sum,
        ever: &Sum,
    ) -> Fate {
        let view = self.view;
        let Some(main) = view.main(row) else {
            return Fate::Data;
        };
        let main_of = |sum: &Sum| {
            (
                sum.rows,
                sum.numbers.get(view.shape.main()).copied().unwrap_or(0),
            )
        };
        let mut sums = vec![main_of(of_days), main_of(ever)];
        if is_lone {
            let (all, last) = (self.before[row], self.before[self.last_total]);
            sums.extend([(all.0 - last.0, all.1 - last.1), all]);
        }
        sums.retain(|(rows, _)| *rows > 0);
        if sums
            .iter()
            .any(|(rows, sum)| is_rounded(view.shape, main, *sum, *rows))
        {
            return Fate::Total;
        }
        let whole = self.sum(row, u64::MAX, view.days(row));
        if is_whole(view.shape, &whole, |at| view.number(row, at)) {
            return Fate::Total;
        }
        let is_system = view.shape.dimensions[bit].is_system;
        let is_plain = is_system || is_lone;
        if of_days.rows > 0 {
            let (_, sum) = main_of(of_days);
            return match (is_plain && is_near(main, sum), is_system) {
                (true, _) => Fate::Inexact(sum),
                (false, true) => Fate::Reject(sum),
                (false, false) => Fate::Data,
            };
        }
        // A total below a month stands on a day of which no other row may be.
        let near = sums.iter().find(|(_, sum)| is_plain && is_near(main, *sum));
        match near {
            Some((_, sum)) => Fate::Inexact(*sum),
            None if is_system && !sums.is_empty() => Fate::Alone,
            None => Fate::Data,
        }
    }
}

fn is_near(main: i64, sum: i64) -> bool {
    (main - sum).abs() * OFF_DIVISOR <= sum.abs()
}

/// Whether a number is a sum, as far as rounding goes: a total may be rounded to whole units, its rows not.
fn is_rounded(shape: &Shape, main: i64, sum: i64, rows: u64) -> bool {
    let measure = shape.main();
    let is_major = shape.measures[measure].is_money && main % MAJOR == 0 && main != 0;
    let off = (main - sum).abs();
    off <= shape.rounding(measure, rows) || (is_major && off < MAJOR)
}

/// Whether a row has the same as a sum in every number that it has.
pub(super) fn is_whole(shape: &Shape, sum: &Sum, number: impl Fn(usize) -> Option<i64>) -> bool {
    let mut equal = 0;
    for (measure, total) in sum.numbers.iter().enumerate() {
        match number(measure) {
            Some(number) if (number - total).abs() > shape.rounding(measure, sum.rows) => {
                return false;
            }
            Some(0) | None => {}
            Some(_) => equal += 1,
        }
    }
    equal > 0 && (sum.rows >= ENOUGH_ROWS || (sum.rows > 0 && equal > 1))
}

/// Takes out the rows without any name that are the sum of all rows of their days. Those that the file itself marks as totals
/// are out whatever they come to: `Total: Account` counts what a report of search terms does not list.
pub(super) fn find_bare(view: &mut View<'_>, found: &mut Found, held: &Held) {
    let is_asked = |row: &usize| {
        view.rows[*row].is_bare && view.rows[*row].is_out && !held.marked.contains(row)
    };
    let bare: Vec<usize> = (0..view.rows.len()).filter(is_asked).collect();
    if bare.is_empty() {
        return;
    }
    let sums = view.sums(u64::MAX, |_| true);
    for row in bare {
        let sum = sums.inside(view.key(row, u64::MAX), view.days(row));
        if is_whole(view.shape, &sum, |at| view.number(row, at)) {
            found.totals.push(row);
            continue;
        }
        view.rows[row].is_out = false;
        let total = sum.numbers.get(view.shape.main()).copied().unwrap_or(0);
        let main = view.main(row).unwrap_or(0);
        if sum.rows > ENOUGH_ROWS && (main - total).abs() * 100 <= main.abs() * NEARLY_PERCENT {
            let (main, total) = (view.shape.shown(main), view.shape.shown(total));
            found.notes.push(format!(
                "line {}: a row without a name has {main}, all others of its days {total}: is it their total? it is counted",
                view.rows[row].line
            ));
        }
    }
}
