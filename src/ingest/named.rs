//! Rows of files without an id: their content is their name, so that the same row of two files counts once.

use xxhash_rust::xxh3::xxh3_64;

use crate::model::columns::{Columns, Dictionary, NO_TEXT, Values};
use crate::model::more_keys::MORE_KEYS;

/// Fills the id of a table by the values of all other columns.
pub(super) fn by_content(columns: &mut Columns, texts: &mut [Dictionary]) {
    let table = columns.table;
    let key = table.position(table.key[0]);
    let key = key.expect("the key is a column of the table");
    let names: Vec<u64> = (0..columns.rows())
        .map(|row| name(columns, texts, row))
        .collect();
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
        by_content(&mut columns, &mut texts);
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
}
