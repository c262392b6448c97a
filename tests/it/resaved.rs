//! Laws of what people do to files before they give them: in another encoding, in another carrier, in another order, in
//! pieces, the numbers are the same.

use rust_xlsxwriter::Workbook;

use crate::laws::{
    COSTS, DEALS, FORMS, VISITS, WEEK, all, costs, deals, forms, numbers, visits, whole,
};
use crate::support::{Firm, assert_same};

/// The exports of the firm of these laws: name, text, and what parts its cells.
fn exports() -> [(&'static str, String, char); 4] {
    [
        ("visits.tsv", all(VISITS, &visits()), '\t'),
        ("forms.csv", all(FORMS, &forms()), ';'),
        ("deals.csv", all(DEALS, &deals(false)), ','),
        ("google.csv", all(COSTS, &costs()), ','),
    ]
}

/// The firm with each of its files as `save` gives it, under the name that it gives.
fn saved(save: impl Fn(&str, &str, char) -> (String, Vec<u8>)) -> Firm {
    let firm = whole();
    for (name, text, delimiter) in exports() {
        std::fs::remove_file(firm.path(&format!("exports/{name}"))).expect("the file is there");
        let (name, bytes) = save(name, &text, delimiter);
        firm.write(&format!("exports/{name}"), bytes);
    }
    firm
}

/// The rows below the header, as `turn` leaves them.
fn turned(text: &str, turn: impl Fn(&mut Vec<&str>)) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let header = lines.remove(0);
    turn(&mut lines);
    format!("{header}{}", lines.concat())
}

/// The text as a workbook; as texts and numbers, as a person would type them in.
fn book(text: &str, delimiter: char) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in (0..).zip(text.lines()) {
        for (column, cell) in (0..).zip(line.split(delimiter)) {
            match cell.parse::<f64>() {
                // A telephone number in digits is a number to a spreadsheet, too.
                Ok(number) => sheet.write_number(row, column, number),
                Err(_) => sheet.write_string(row, column, cell),
            }
            .expect("a cell is written");
        }
    }
    book.save_to_buffer().expect("a workbook")
}

#[test]
fn another_encoding_changes_no_number() {
    let expected = numbers(&whole(), WEEK);
    let encodings: [fn(&str) -> Vec<u8>; 3] = [
        |text| encoding_rs::WINDOWS_1251.encode(text).0.into_owned(),
        |text| {
            let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
            units.flat_map(u16::to_le_bytes).collect()
        },
        |text| text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    ];
    for encode in encodings {
        let firm = saved(|name, text, _| (name.to_owned(), encode(text)));
        assert_same(&numbers(&firm, WEEK), &expected);
    }
}

#[test]
fn a_workbook_has_the_numbers_of_the_text_that_it_was_made_of() {
    let expected = numbers(&whole(), WEEK);
    let firm = saved(|name, text, delimiter| (format!("{name}.xlsx"), book(text, delimiter)));
    assert_same(&numbers(&firm, WEEK), &expected);
}

#[test]
fn the_order_of_rows_changes_no_number() {
    let expected = numbers(&whole(), WEEK);
    let orders: [fn(&mut Vec<&str>); 2] = [
        |rows| rows.reverse(),
        |rows| rows.sort_by_key(|row| xxhash_rust::xxh3::xxh3_64(row.as_bytes())),
    ];
    for order in orders {
        let firm = saved(|name, text, _| (name.to_owned(), turned(text, order).into_bytes()));
        assert_same(&numbers(&firm, WEEK), &expected);
    }
}
