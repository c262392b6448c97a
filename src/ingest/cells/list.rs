//! Several identifiers in one cell: `1762679102334455,1700000001`, `101;102`.

/// Digits of an id that no thousands have between their marks.
const LONG: usize = 8;

/// The ids of a cell; a cell that is no list is one.
pub fn ids(cell: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mark = match memchr::memchr3(b',', b';', b'|', cell) {
        Some(at) if is_list(cell, cell[at]) => Some(cell[at]),
        _ => None,
    };
    let parts = cell.split(move |byte| Some(*byte) == mark);
    parts
        .map(<[u8]>::trim_ascii)
        .filter(|part| !part.is_empty())
}

/// Whether a cell is a list with this mark. With a comma it may be a number, and is none only where a part is as long as
/// no part of a number is.
fn is_list(cell: &[u8], mark: u8) -> bool {
    let parts = || cell.split(|byte| *byte == mark).map(<[u8]>::trim_ascii);
    let is_id = |part: &[u8]| {
        let is_digits = part
            .iter()
            .all(|byte| byte.is_ascii_digit() || *byte == b'.');
        is_digits && part.iter().any(|byte| matches!(byte, b'1'..=b'9'))
    };
    let is_long = |part: &[u8]| part.len() >= LONG;
    parts().all(|part| part.is_empty() || is_id(part)) && (mark != b',' || parts().any(is_long))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_told_apart_where_the_cell_is_a_list() {
        let list = |cell: &'static str| ids(cell.as_bytes()).collect::<Vec<_>>();
        assert_eq!(list("991,1700000001"), [&b"991"[..], b"1700000001"]);
        assert_eq!(list("101;102;"), [&b"101"[..], b"102"]);
        assert_eq!(list("1.23456789|4.56789"), [&b"1.23456789"[..], b"4.56789"]);
        for one in [
            "1762679102334455",
            "1,234,567",
            "7,9E+10",
            "a,b",
            "1762679102334455,0",
        ] {
            assert_eq!(list(one), [one.as_bytes()]);
        }
    }
}
