//! Which of the one-byte encodings of Russian a text is in, by the letters that it would hold in each.

use encoding_rs::Encoding;

/// The encodings, the likeliest first: of equally good ones it wins.
const CANDIDATES: [&Encoding; 4] = [
    encoding_rs::WINDOWS_1251,
    encoding_rs::IBM866,
    encoding_rs::KOI8_R,
    encoding_rs::X_MAC_CYRILLIC,
];

/// How often each letter from `а` to `я` stands in ten thousand letters of Russian text: the national corpus, rounded.
const FREQUENCIES: [u16; 32] = [
    801, 159, 454, 170, 298, 845, 94, 165, 735, 121, 349, 440, 321, 670, 1097, 281, 473, 547, 626,
    262, 26, 97, 48, 144, 73, 36, 4, 190, 174, 32, 64, 201,
];
/// Of a capital: rarer than a small letter, but whole headers are written in them.
const CAPITAL: f64 = -0.3;
/// Of any other letter of Cyrillic, and of the signs that stand in good text beside letters.
const NEUTRAL: f64 = 1.0;
/// Of what does not stand in a table: frames, mathematics, letters that no Russian word has.
const ALIEN: f64 = -4.0;
/// Of a place that text does not have: a capital behind a small letter, a letter beside a digit.
const MISPLACED: f64 = -4.0;
/// By how much another encoding must be better than windows-1251, the usual one: a few letters are no evidence.
const MARGIN: f64 = 0.3;

/// Signs of good text beyond letters.
const SIGNS: &str = "№«»–—…’“”„•·©®°±§\u{a0}€₽ё";

/// The encoding in which a text that is no UTF-8 has the most Russian letters.
pub(super) fn likeliest(raw: &[u8]) -> &'static Encoding {
    let mut best = (CANDIDATES[0], score(raw, CANDIDATES[0]) + MARGIN);
    for candidate in &CANDIDATES[1..] {
        let of_candidate = score(raw, candidate);
        if of_candidate > best.1 {
            best = (candidate, of_candidate);
        }
    }
    best.0
}

/// How well the bytes beyond ASCII read as Russian, on average.
fn score(raw: &[u8], encoding: &'static Encoding) -> f64 {
    let (text, _) = encoding.decode_without_bom_handling(raw);
    let mut sum = 0.0;
    let mut count = 0u32;
    let mut before = ' ';
    for symbol in text.chars() {
        let is_beyond = !symbol.is_ascii();
        if is_beyond {
            sum += of_symbol(symbol);
            count += 1;
        }
        if is_misplaced(before, symbol) {
            sum += MISPLACED;
        }
        before = symbol;
    }
    sum / f64::from(count.max(1))
}

fn of_symbol(symbol: char) -> f64 {
    let small = symbol.to_lowercase().next().unwrap_or(symbol);
    let place = (u32::from(small)).wrapping_sub(u32::from('а')) as usize;
    match FREQUENCIES.get(place) {
        Some(frequency) if symbol == small => f64::from(*frequency).ln(),
        Some(frequency) => f64::from(*frequency).ln() + CAPITAL,
        None if SIGNS.contains(small) || ('Ѐ'..='ӿ').contains(&symbol) => NEUTRAL,
        None => ALIEN,
    }
}

fn is_misplaced(before: char, symbol: char) -> bool {
    let is_letter = |symbol: char| ('Ѐ'..='ӿ').contains(&symbol);
    let is_capital_inside =
        before.is_lowercase() && is_letter(before) && symbol.is_uppercase() && is_letter(symbol);
    let is_beside_digit = is_letter(before) && symbol.is_ascii_digit()
        || before.is_ascii_digit() && is_letter(symbol);
    is_capital_inside || is_beside_digit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_in_each_encoding_are_told_apart() {
        let texts = [
            "Дата;Форма;Телефон\n02.11.2026;Замер;8 900 111-22-33\n",
            "ДАТА;ИСТОЧНИК;СУММА\n02.11.2026;ЯНДЕКС;1200\n",
            "Клиент;Этап\nООО «Ромашка»;Успешно реализовано\n",
            "id;name\n1;Пётр Иванов\n2;Анна Смирнова\n",
            "Менеджер\nАнна\n",
        ];
        for encoding in CANDIDATES {
            for text in texts {
                // These two have no quotation marks of this kind.
                let text = match encoding.name() {
                    "KOI8-R" | "IBM866" => text.replace(['«', '»'], "\""),
                    _ => text.to_owned(),
                };
                let (raw, _, is_lossy) = encoding.encode(&text);
                assert!(!is_lossy, "{}: {text}", encoding.name());
                // Two of them have the same capitals: what counts is the text.
                let (read, ..) = likeliest(&raw).decode(&raw);
                assert_eq!(read, text, "{}", encoding.name());
            }
        }
    }

    #[test]
    fn spaces_and_signs_alone_are_windows_1251() {
        let (raw, ..) = encoding_rs::WINDOWS_1251.encode("id;sum\n№7;1\u{a0}200,50 –\n");
        assert_eq!(likeliest(&raw), encoding_rs::WINDOWS_1251);
    }
}
