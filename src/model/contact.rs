//! Telephone numbers and e-mail addresses in the one form that people are joined by.

/// Writes the digits that identify a number into `digits`: the last ten without leading zeros, whatever country or
/// trunk code stands before (`8`, `+7`, `8107`, `+44`, `0`). Extensions, hidden numbers and text give `false`.
///
/// Of a cell with several numbers the first counts. A sentence before the number (guards against formulas in cells
/// write one) is passed over.
pub fn normal_phone(cell: &[u8], digits: &mut Vec<u8>) -> bool {
    digits.clear();
    let first = cell
        .split(|byte| matches!(byte, b',' | b';' | b'\n'))
        .find(|part| count_digits(part) >= 7);
    let Some(number) = first else { return false };
    let tail = number
        .iter()
        .rposition(u8::is_ascii_alphabetic)
        .map_or(number, |at| &number[at + 1..]);
    digits.extend(tail.iter().filter(|byte| byte.is_ascii_digit()));
    if digits.len() > 15 {
        return false;
    }
    let beyond_ten = digits.len().saturating_sub(10);
    digits.drain(..beyond_ten);
    let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
    digits.drain(..zeros);
    digits.len() >= 7
}

fn count_digits(part: &[u8]) -> usize {
    part.iter().filter(|byte| byte.is_ascii_digit()).count()
}

/// Writes the address in lower case into `address`; of several the first counts.
pub fn normal_email(cell: &[u8], address: &mut Vec<u8>) -> bool {
    address.clear();
    let first = cell
        .split(|byte| matches!(byte, b',' | b';' | b' '))
        .find(|part| part.contains(&b'@'));
    let Some(found) = first else { return false };
    address.extend_from_slice(&found.to_ascii_lowercase());
    address.len() >= 5
        && address.len() <= 254
        && !address.starts_with(b"@")
        && !address.ends_with(b"@")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(cell: &str) -> Option<String> {
        let mut digits = Vec::new();
        normal_phone(cell.as_bytes(), &mut digits)
            .then(|| String::from_utf8(digits).expect("digits are ASCII"))
    }

    #[test]
    fn one_number_in_all_its_spellings_is_one_key() {
        for cell in [
            "89245550000",
            "+7 924 555-00-00",
            "79245550000",
            "8107 924 555 00 00",
            "9245550000",
            "8 (924) 555-00-00, 8 900 111-22-33",
        ] {
            assert_eq!(digits(cell).as_deref(), Some("9245550000"), "{cell}");
        }
    }

    #[test]
    fn a_british_number_with_and_without_its_country_code_is_one_key() {
        assert_eq!(digits("+44 7700 900592").as_deref(), Some("7700900592"));
        assert_eq!(digits("07700900592").as_deref(), Some("7700900592"));
    }

    #[test]
    fn a_formula_guard_before_the_number_is_passed_over() {
        let guarded = "(Security Alert: Suspicious content is detected. See https://contactform7.com/x for details.) +7 924 555-00-00";
        assert_eq!(digits(guarded).as_deref(), Some("9245550000"));
        assert_eq!(digits("'+7 924 555-00-00").as_deref(), Some("9245550000"));
    }

    #[test]
    fn extensions_and_hidden_numbers_are_nobody() {
        for cell in ["201", "anonymous", "", "unknown", "+", "123456"] {
            assert_eq!(digits(cell), None, "{cell}");
        }
    }
}
