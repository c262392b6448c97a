//! What stands around the digits of a number: signs, accounting brackets, currencies.

/// A number without what stands around it.
pub(super) struct Bare<'a> {
    pub(super) is_negative: bool,
    /// Digits with their marks, and perhaps an exponent.
    pub(super) digits: &'a str,
}

/// Takes off a sign on either side, brackets that mean "negative", and one currency; `None` when there are two signs.
pub(super) fn bare(cell: &[u8]) -> Option<Bare<'_>> {
    let text = std::str::from_utf8(cell).ok()?.trim();
    // The usual cell is digits and marks, and nothing has to be looked for.
    if text
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b',' | b'.'))
    {
        return Some(Bare {
            is_negative: false,
            digits: text,
        });
    }
    let inside = text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'));
    let mut signs = u8::from(inside.is_some());
    let mut is_negative = inside.is_some();
    let mut digits = without_cents(without_currency(inside.unwrap_or(text).trim()));
    if let Some((sign, rest)) = leading_sign(digits) {
        signs += 1;
        is_negative = sign;
        digits = rest.trim_start();
    } else if let Some(rest) = digits.strip_suffix(MINUSES) {
        signs += 1;
        is_negative = true;
        digits = rest.trim_end();
    }
    // `-$5` and `$-5` are one amount: the currency may stand on either side of the sign.
    let digits = without_currency(digits);
    (signs <= 1).then_some(Bare {
        is_negative,
        digits,
    })
}

/// A number without the dash that stands for no cents: `1 250,-`. A minus stands directly behind a digit.
fn without_cents(text: &str) -> &str {
    let whole = text.strip_suffix(MINUSES);
    whole
        .and_then(|whole| whole.strip_suffix([',', '.']))
        .unwrap_or(text)
}

/// The hyphen, the minus, and the dash that word processors make of it.
const MINUSES: [char; 3] = ['-', '\u{2212}', '\u{2013}'];

/// Whether a sign is a minus, and what follows it.
fn leading_sign(text: &str) -> Option<(bool, &str)> {
    let minus = text.strip_prefix(MINUSES).map(|rest| (true, rest));
    minus.or_else(|| Some((false, text.strip_prefix('+')?)))
}

/// A number without a currency before or behind it.
fn without_currency(text: &str) -> &str {
    let before = text.find(|symbol: char| symbol.is_ascii_digit() || MINUSES.contains(&symbol));
    let (front, rest) = text.split_at(before.unwrap_or(0));
    // A mark may be the first of a number: `.5`.
    if is_currency(front.trim()) {
        return rest.trim();
    }
    let behind = text.rfind(|symbol: char| symbol.is_ascii_digit() || MINUSES.contains(&symbol));
    let last = behind.and_then(|at| Some(at + text[at..].chars().next()?.len_utf8()));
    let (rest, back) = text.split_at(last.unwrap_or(text.len()));
    if is_currency(back.trim()) {
        rest.trim()
    } else {
        text
    }
}

/// A sign (`₽`, `US$`), a code or a word for money.
pub fn is_currency(text: &str) -> bool {
    let sign = text.strip_suffix(is_sign);
    if let Some(country) = sign {
        return country.len() <= 3 && country.bytes().all(|byte| byte.is_ascii_alphabetic());
    }
    let word = text.trim_end_matches('.').to_lowercase();
    WORDS.contains(&word.as_str())
}

fn is_sign(symbol: char) -> bool {
    matches!(symbol, '$' | '£' | '¥' | '\u{20a0}'..='\u{20cf}')
}

/// Codes and words of the currencies that exports hold. A word that is not here may be a unit (`тыс.`, `шт.`) and change
/// the number's meaning.
const WORDS: &[&str] = &[
    "р",
    "руб",
    "рубль",
    "рубля",
    "рубли",
    "рублей",
    "рублях",
    "rub",
    "rur",
    "usd",
    "долл",
    "доллар",
    "доллара",
    "долларов",
    "долларах",
    "dollar",
    "dollars",
    "eur",
    "евро",
    "euro",
    "euros",
    "gbp",
    "kzt",
    "тг",
    "тенге",
    "byn",
    "uah",
    "грн",
    "uzs",
    "сум",
    "kgs",
    "сом",
    "amd",
    "gel",
    "azn",
    "pln",
    "zł",
    "czk",
    "kč",
    "chf",
    "sek",
    "nok",
    "dkk",
    "kr",
    "huf",
    "ft",
    "ron",
    "lei",
    "try",
    "ils",
    "aed",
    "inr",
    "rs",
    "cny",
    "jpy",
    "cad",
    "aud",
    "nzd",
    "brl",
    "mxn",
    "zar",
];
