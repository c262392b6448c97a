//! Lines of words below a table: who made it, when, and that it is confidential.

/// Whether the only filled cell of a line is words: a heading, or a remark. A date, a number or a name of one word is none.
pub(super) fn is_words<'c>(mut cells: impl Iterator<Item = &'c str>) -> bool {
    let Some(only) = cells.find(|cell| !cell.is_empty()) else {
        return false;
    };
    let is_word = |word: &&str| word.chars().filter(|symbol| symbol.is_alphabetic()).count() >= 2;
    let words = only.split_whitespace().filter(is_word).count();
    words >= 2 && cells.all(str::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_words_has_one_cell_and_no_number_stands_alone_in_it() {
        let told = |line: &'static str| is_words(line.split(';'));
        assert!(told("Составил: Иванов;;"));
        assert!(told("Confidential Information - Do Not Distribute"));
        assert!(told(";Отчёт сформирован 16.11.2026;"));
        for line in [
            "",
            ";;",
            "79005550001;;",
            "9 ноября;;",
            "Яндекс;;",
            "Остаток на счёте;;100",
        ] {
            assert!(!told(line), "{line}");
        }
    }
}
