//! Numbers of the business itself.

/// Digits of the shortest number that is not an extension: a town's number without its code.
const FEWEST_DIGITS: usize = 7;
/// Digits of the longest number that there is (E.164).
const MOST_DIGITS: usize = 15;
/// Digits by which two ways to write one line are compared: those behind the country's code, whose prefix varies.
const KEPT_DIGITS: usize = 10;

/// Writes the digits that identify a line of the business into `digits`: the last ten without leading zeros. Extensions
/// and text give `false`. Of a cell with several numbers the first counts.
pub fn normal_phone(cell: &[u8], digits: &mut Vec<u8>) -> bool {
    digits.clear();
    let first = cell
        .split(|byte| matches!(byte, b',' | b';' | b'\n'))
        .find(|part| count_digits(part) >= FEWEST_DIGITS);
    let Some(number) = first else { return false };
    let tail = number
        .iter()
        .rposition(u8::is_ascii_alphabetic)
        .map_or(number, |at| &number[at + 1..]);
    digits.extend(tail.iter().filter(|byte| byte.is_ascii_digit()));
    if digits.len() > MOST_DIGITS {
        return false;
    }
    let beyond_ten = digits.len().saturating_sub(KEPT_DIGITS);
    digits.drain(..beyond_ten);
    let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
    digits.drain(..zeros);
    digits.len() >= FEWEST_DIGITS
}

fn count_digits(part: &[u8]) -> usize {
    part.iter().filter(|byte| byte.is_ascii_digit()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_known_by_its_last_ten_digits() {
        let mut digits = Vec::new();
        for cell in ["88142000001", "+7 814 200-00-01", "8142000001"] {
            assert!(normal_phone(cell.as_bytes(), &mut digits), "{cell}");
            assert_eq!(digits, b"8142000001");
        }
        assert!(!normal_phone(b"201", &mut digits));
    }
}
