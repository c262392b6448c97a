//! Records by hand, and the law that blocks may be cut anywhere.

use proptest::prelude::*;

use super::split::MAX_RECORD;
use super::*;

fn dialect(quoting: bool) -> Dialect {
    Dialect {
        delimiter: b';',
        quoting,
        line_end: b'\n',
    }
}

/// Rows as text with their lines, and faults with theirs.
type Found = (Vec<(u32, Vec<String>)>, Vec<(u32, RowFault)>);

/// Rows as text, and faults with their lines, of a file of three columns read in blocks of the given sizes.
fn read(text: &[u8], quoting: bool, sizes: &[usize]) -> Found {
    let mut splitter = Splitter::new(dialect(quoting), 3, &[0, 1, 2], 1);
    let (mut rows, mut faults, mut at) = (Vec::new(), Vec::new(), 0);
    let mut sizes = sizes.iter().cycle();
    loop {
        let size = (*sizes.next().unwrap())
            .clamp(1, text.len() - at + 1)
            .min(text.len() - at);
        let last = at + size == text.len();
        let chunk = splitter.push(text[at..at + size].to_vec(), last);
        for row in 0..chunk.rows.len() {
            let cells = (0..3)
                .map(|slot| String::from_utf8_lossy(chunk.cell(row, slot)).into_owned())
                .collect();
            rows.push((chunk.rows[row].line, cells));
        }
        let of_lines = chunk.faults.into_iter();
        faults.extend(of_lines.map(|(row, fault)| (row.line, fault)));
        at += size;
        if last {
            return (rows, faults);
        }
    }
}

fn whole(text: &str) -> Found {
    read(text.as_bytes(), true, &[usize::MAX])
}

fn cells(cells: [&str; 3]) -> Vec<String> {
    cells.map(str::to_owned).to_vec()
}

#[test]
fn quotes_hold_delimiters_line_ends_and_doubled_quotes() {
    let (rows, faults) = whole("a;\"b;\"\"c\"\"\nd\";e\r\n1;2;3");
    assert_eq!(
        rows,
        [
            (1, cells(["a", "b;\"c\"\nd", "e"])),
            (3, cells(["1", "2", "3"]))
        ]
    );
    assert_eq!(faults, []);
}

#[test]
fn text_behind_a_closing_quote_belongs_to_the_cell() {
    assert_eq!(
        whole("\"User 9\" <113>;b;c\n").0,
        [(1, cells(["User 9 <113>", "b", "c"]))]
    );
}

#[test]
fn an_extra_delimiter_at_the_end_of_the_line_is_no_cell() {
    assert_eq!(
        whole("\"1\";\"2\";\"3\";\n4;5;6;;;\n").0,
        [(1, cells(["1", "2", "3"])), (2, cells(["4", "5", "6"]))]
    );
}

#[test]
fn a_quote_that_never_closes_costs_its_own_line_only() {
    let (rows, faults) = whole("1;2;3\n4;\"5;6\n7;8;9\na;b;c\n");
    assert_eq!(
        rows,
        [
            (1, cells(["1", "2", "3"])),
            (3, cells(["7", "8", "9"])),
            (4, cells(["a", "b", "c"]))
        ]
    );
    assert_eq!(faults, [(2, RowFault::OpenQuote)]);
}

#[test]
fn a_stray_quote_that_meets_a_later_one_costs_one_line_too() {
    let (rows, faults) = whole("1;\"2;3\n4;5;6\n7;\"8\";9\n");
    assert_eq!(
        rows,
        [(2, cells(["4", "5", "6"])), (3, cells(["7", "8", "9"]))]
    );
    assert_eq!(faults, [(1, RowFault::OpenQuote)]);
}

#[test]
fn rows_with_other_numbers_of_cells_are_faults_and_blank_lines_are_nothing() {
    let (rows, faults) = whole("1;2\n\n   \n1;2;3;4\n5;6;7\n");
    assert_eq!(rows, [(5, cells(["5", "6", "7"]))]);
    assert_eq!(faults, [(1, RowFault::Cells(2)), (4, RowFault::Cells(4))]);
}

#[test]
fn a_row_beyond_all_measure_is_one_fault_and_the_next_row_is_read() {
    let mut text = vec![b'x'; 3 * MAX_RECORD];
    text.extend_from_slice(b"\n1;2;3\n");
    let (rows, faults) = read(&text, true, &[1 << 18]);
    assert_eq!(rows, [(2, cells(["1", "2", "3"]))]);
    assert_eq!(faults, [(1, RowFault::TooLong)]);
}

proptest! {
    #[test]
    fn where_blocks_are_cut_changes_nothing(
        text in proptest::collection::vec(prop_oneof![Just(b';'), Just(b'\n'), Just(b'"'), Just(b'a'), Just(b'\r')], 1..200),
        sizes in proptest::collection::vec(1usize..40, 1..8),
        quoting in any::<bool>(),
    ) {
        prop_assert_eq!(read(&text, quoting, &sizes), read(&text, quoting, &[usize::MAX]));
    }
}

#[test]
fn a_mark_in_the_middle_of_a_file_is_no_part_of_a_cell() {
    for quoting in [true, false] {
        let text = "1;2;3\n\u{feff}4;5;6\n".as_bytes();
        let (rows, faults) = read(text, quoting, &[7]);
        assert_eq!(
            rows,
            [(1, cells(["1", "2", "3"])), (2, cells(["4", "5", "6"]))]
        );
        assert_eq!(faults, []);
    }
}

#[test]
fn rows_longer_than_most_are_told_and_lines_that_all_end_in_a_delimiter_are_not() {
    let counted = |rows: &[(usize, u32)]| {
        let mut padded = Padded::default();
        for (cells, line) in rows {
            padded.count(*cells, *line);
        }
        padded.longer()
    };
    assert_eq!(counted(&[(0, 2), (1, 3), (0, 4), (2, 5)]), Some((2, 3)));
    assert_eq!(counted(&[(1, 2), (1, 3), (1, 4)]), None);
    assert_eq!(counted(&[(1, 2), (1, 3), (2, 4)]), Some((1, 4)));
    assert_eq!(counted(&[]), None);
}
