//! Rows of files without an id: their content is their name, so that the same row of two files counts once.

use hashbrown::HashSet;
use xxhash_rust::xxh3::xxh3_64;

use crate::model::columns::{Columns, Dictionary, NO_TEXT, Values};
use crate::model::fault::Fault;
use crate::model::more_keys::MORE_KEYS;

/// Rows of a file that are looked at for equal ones: enough to tell, and no more memory for a larger file.
const LOOKED_AT: usize = 100_000;
/// Fewest equal rows by which the columns that are read are judged. A judgement: a few may be sent twice.
const FEWEST_EQUAL: usize = 10;

/// The names of the first rows of a file, by which it is told whether its rows can be told apart at all.
#[derive(Debug, Default)]
pub(super) struct Names {
    seen: HashSet<u64>,
    rows: usize,
}

impl Names {
    /// What is wrong with a file most of whose rows are equal in all that is read: they would count once, and what tells them
    /// apart stands in a column that is not read.
    pub(super) fn fault(&self, format: &str) -> Option<Fault> {
        let equal = self.rows - self.seen.len();
        let is_most = equal * 2 > self.rows;
        if equal < FEWEST_EQUAL || !is_most {
            return None;
        }
        let rows = self.rows;
        let message = format!(
            "{equal} of {rows} rows are equal to others in all that the format \"{format}\" reads, and would count once"
        );
        let hint = "map the column that tells them apart (an id, or the time of day) in a format of your own; is it this \
                    kind of file at all?";
        Some(Fault::new(message).hint(hint))
    }
}

/// Fills the id of a table by the values of all other columns.
pub(super) fn by_content(columns: &mut Columns, texts: &mut [Dictionary], seen: &mut Names) {
    let table = columns.table;
    let key = table.position(table.key[0]);
    let key = key.expect("the key is a column of the table");
    let names: Vec<u64> = (0..columns.rows())
        .map(|row| name(columns, texts, row))
        .collect();
    let left = LOOKED_AT.saturating_sub(seen.rows);
    seen.rows += names.len().min(left);
    seen.seen.extend(names.iter().take(left));
    columns.values[key] = match &columns.values[key] {
        Values::Text(_) => {
            let code = |name: &u64| {
                let code = texts[key].code(format!("{name:016x}").as_bytes());
                code.unwrap_or(NO_TEXT)
            };
            Values::Text(names.iter().map(code).collect())
        }
        // Zero stands for "absent".
        _ => Values::Key(names.into_iter().map(|name| name.max(1)).collect()),
    };
}

/// The number of a row's content. Texts by themselves, so that it does not depend on what other rows hold; the key is
/// still absent in every row.
fn name(columns: &Columns, texts: &[Dictionary], row: usize) -> u64 {
    let mut content = Vec::new();
    let fields = columns.table.fields.iter().zip(&columns.values);
    for ((field, values), dictionary) in fields.zip(texts) {
        // They came to the tables later, and a row keeps the name that it had.
        if field.name == MORE_KEYS {
            continue;
        }
        match values {
            Values::Text(codes) => {
                let text = dictionary.text(codes[row]);
                content.extend_from_slice(&(text.len() as u64).to_le_bytes());
                content.extend_from_slice(text.as_bytes());
            }
            other => content.extend_from_slice(&other.raw(row).to_le_bytes()),
        }
    }
    xxh3_64(&content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::columns::dictionaries;
    use crate::model::tables::CALLS;

    /// The names of calls at these instants on these lines.
    fn names(rows: &[(i64, &str)]) -> Vec<String> {
        let mut columns = Columns::empty(&CALLS);
        let mut texts = dictionaries(&CALLS);
        let line = CALLS.position("line").expect("calls have lines");
        for (field, values) in CALLS.fields.iter().zip(&mut columns.values) {
            match (field.name, values) {
                ("at", Values::Long(times)) => times.extend(rows.iter().map(|row| row.0)),
                ("line", Values::Text(codes)) => {
                    let code = |row: &(i64, &str)| texts[line].code(row.1.as_bytes());
                    codes.extend(rows.iter().filter_map(code));
                }
                (_, values) => values.push_absent(rows.len()),
            }
        }
        by_content(&mut columns, &mut texts, &mut Names::default());
        let Values::Text(codes) = columns.column("call_id") else {
            unreachable!("ids of calls are texts")
        };
        let id = CALLS.position("call_id").expect("calls have ids");
        let name = |code: &u32| texts[id].text(*code).to_owned();
        codes.iter().map(name).collect()
    }

    #[test]
    fn equal_rows_have_one_name_in_every_file_and_other_rows_others() {
        let first = names(&[(1, "a"), (1, "b"), (1, "a"), (2, "a")]);
        assert_eq!(first[0], first[2]);
        assert!(first[0] != first[1] && first[0] != first[3]);
        assert_eq!(names(&[(7, "b"), (1, "a")])[1], first[0]);
    }

    // By hand: of thirty rows ten are of their own, and twenty copies of one of them: more than half.
    #[test]
    fn a_file_of_equal_rows_is_told_and_one_with_a_few_is_not() {
        let fault = |rows: std::ops::Range<i64>, equal: usize| {
            let mut seen = Names::default();
            let distinct: HashSet<u64> = rows.map(|row| row as u64).collect();
            seen.rows = distinct.len() + equal;
            seen.seen = distinct;
            seen.fault("surveys").map(|fault| fault.to_string())
        };
        let told = fault(0..10, 20).expect("most rows are equal");
        assert!(told.contains("20 of 30 rows are equal"), "{told}");
        assert_eq!(fault(0..20, 10), None);
        assert_eq!(fault(0..2, 9), None, "a few may be sent twice");
    }
}
