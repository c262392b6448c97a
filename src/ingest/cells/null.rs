//! What databases and programs write where there is no value at all.

/// The words, in lower case. No campaign, person or line is called so.
const NULLS: &[&[u8]] = &[b"null", b"\\n", b"(null)", b"<null>", b"nan", b"<na>"];
/// Dates that stand for none.
const NO_DATES: &[&[u8]] = &[
    b"0000-00-00",
    b"0000-00-00 00:00:00",
    b"00.00.0000",
    b"00.00.0000 00:00:00",
];
/// No text of the lists has more bytes.
const LONGEST: usize = 19;

/// Whether a cell stands for no value, whatever its column holds.
pub fn is_null(cell: &[u8]) -> bool {
    // Most cells are told by their first byte.
    let Some(first) = cell.first().filter(|_| cell.len() <= LONGEST) else {
        return false;
    };
    match first {
        b'n' | b'N' | b'\\' | b'(' | b'<' => {
            NULLS.iter().any(|null| null.eq_ignore_ascii_case(cell))
        }
        b'0' => NO_DATES.contains(&cell),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_databases_write_for_no_value_is_null_and_words_are_not() {
        for cell in ["NULL", "\\N", "NaN", "(null)", "0000-00-00 00:00:00"] {
            assert!(is_null(cell.as_bytes()), "{cell}");
        }
        for cell in ["", "nullable", "0", "нет", "Nan Goldin"] {
            assert!(!is_null(cell.as_bytes()), "{cell}");
        }
    }
}
