//! Words by which rows of totals, and of parts of them, are known.

/// Words of totals rows in any export, in lower case. They count where they are all of a cell, or where a colon or a number
/// follows: `Total: Account`, `Итого: 12`. A campaign may begin with any of them.
const TOTALS: &[&str] = &[
    "total",
    "totals",
    "grand total",
    "grand totals",
    "total rows",
    "итого",
    "всего",
    "итог",
    "общий итог",
    "итого и средние",
    "общая сумма",
    "общий расход",
    "всего расход",
    "итого расход",
    "total cost",
    "total spend",
];

/// Beginnings of the words that mark a subtotal whatever follows them, in lower case.
const SUBTOTALS: &[&str] = &[
    "subtotal",
    "sub-total",
    "sub total",
    "итого с ндс",
    "итого без ндс",
    "итого с учетом",
    "итого с учётом",
    "всего с ндс",
    "всего без ндс",
    "всего с учетом",
    "всего с учётом",
    "total with vat",
    "total without vat",
    "total incl",
    "total excl",
    "итого за ",
    "итого по ",
    "итого на ",
    "итог за ",
    "итог по ",
    "промежуточный итог",
    "промежуточные итоги",
    "подытог",
    "подитог",
];

/// Beginnings that mark a subtotal when a span of days follows: «Всего за 990 рублей» is a campaign.
const TOTALS_OF_SPANS: &[&str] = &[
    "всего за ",
    "total for ",
    "totals for ",
    "total of ",
    "day total",
    "daily total",
    "weekly total",
    "monthly total",
];

/// Beginnings of the words for a span of days.
const SPANS: &[&str] = &[
    "день",
    "дня",
    "сутки",
    "недел",
    "месяц",
    "период",
    "смен",
    "квартал",
    "год",
    "январ",
    "феврал",
    "март",
    "апрел",
    "май",
    "мая",
    "июн",
    "июл",
    "август",
    "сентябр",
    "октябр",
    "ноябр",
    "декабр",
    "day",
    "the day",
    "week",
    "the week",
    "month",
    "the month",
    "period",
    "the period",
    "quarter",
    "year",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// What a row that stands for several others says it is of all of: «все каналы», `all platforms`.
const ALL: &[&str] = &["все ", "всё ", "all ", "по всем "];

/// Beginnings of the words behind these, in lower case.
const OF_ALL: &[&str] = &[
    "канал",
    "источник",
    "площадк",
    "систем",
    "рекламны",
    "кампани",
    "групп",
    "объявлен",
    "устройств",
    "регион",
    "город",
    "сегмент",
    "визит",
    "посетител",
    "пользовател",
    "трафик",
    "вместе",
    "channel",
    "platform",
    "source",
    "campaign",
    "traffic",
    "medi",
    "network",
    "system",
    "device",
    "ads",
    "ad ",
    "group",
    "segment",
    "users",
    "visit",
    "session",
    "account",
];

/// Words that stand for all others where the numbers say so, and may be names where they do not.
const WEAK: &[&str] = &[
    "all",
    "все",
    "всё",
    "сумма",
    "sum",
    "overall",
    "общее",
    "в целом",
    "суммарно",
];

/// Words of a row that is no part of a sum, but made of it.
const DERIVED: &[&str] = &[
    "среднее",
    "средние",
    "средняя",
    "в среднем",
    "среднее за день",
    "среднее в день",
    "среднее значение",
    "average",
    "avg",
    "avg.",
    "mean",
    "медиана",
    "median",
];

/// Beginnings of the words of a row that is a part of another.
const PARTS: &[&str] = &[
    "в т.ч",
    "в т. ч",
    "в том числе",
    "из них",
    "из него",
    "of which",
    "thereof",
    "incl. ",
    "including ",
];

/// Taxes on the sum of the others, alone or with their rate.
const TAXES: &[&str] = &["ндс", "vat", "sales tax", "налог"];

/// Whether a text holds letters of a word of totals at all. Quick: most files hold none.
pub(in crate::ingest) fn may_hold_total(text: &[u8]) -> bool {
    const LETTERS: [&str; 6] = ["тог", "ТОГ", "сего", "СЕГО", "otal", "OTAL"];
    let mut letters = LETTERS.iter();
    letters.any(|part| memchr::memmem::find(text, part.as_bytes()).is_some())
}

/// Whether a cell, in lower case, marks a row of totals, of the whole table or of a part of it.
pub(in crate::ingest) fn is_total(cell: &str) -> bool {
    is_total_word(cell) || is_subtotal(cell)
}

/// Whether a cell, in lower case, marks the totals of a part of the table: of a day, of a group.
pub(in crate::ingest) fn is_subtotal(cell: &str) -> bool {
    let behind = |words: &[&str]| words.iter().find_map(|word| cell.strip_prefix(word));
    let of_span = |rest: &str| {
        let rest = rest.trim_start_matches([' ', ':']);
        rest.is_empty() || is_date(rest) || SPANS.iter().any(|span| rest.starts_with(span))
    };
    // «02.11.2026 итого»
    let dated = TOTALS.iter().find_map(|word| cell.strip_suffix(word));
    behind(SUBTOTALS).is_some()
        || behind(TOTALS_OF_SPANS).is_some_and(of_span)
        || dated.is_some_and(|date| is_date(date.trim_end_matches([' ', ':', ','])))
}

/// Whether a cell looks like a date, with a time of day or without.
pub(in crate::ingest) fn is_date(cell: &str) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    let is_part = |symbol: char| {
        symbol.is_ascii_digit() || matches!(symbol, '.' | '-' | '/' | ' ' | ':' | 't' | 'z')
    };
    digits >= 4 && cell.contains(['.', '-', '/']) && cell.chars().all(is_part)
}

/// Whether a cell, in lower case, is one of the words of totals, alone or with what it counts.
pub(in crate::ingest) fn is_total_word(cell: &str) -> bool {
    let is_number = |rest: &str| rest.trim_start().parse::<f64>().is_ok();
    is_plain_total(cell) || behind_total(cell).any(is_number)
}

/// Whether a cell, in lower case, is a word of totals and nothing else: a number behind it may be that of a year.
pub(in crate::ingest) fn is_plain_total(cell: &str) -> bool {
    behind_total(cell).any(|rest| {
        let rest = rest.trim_start();
        rest.is_empty() || rest.starts_with([':', '('])
    })
}

/// What stands behind the words of totals that a cell begins with.
fn behind_total(cell: &str) -> impl Iterator<Item = &str> {
    TOTALS.iter().filter_map(|word| cell.strip_prefix(word))
}

/// What a cell says of its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::ingest) enum Said {
    /// It may be the sum of others, or have a name that sounds so.
    MaybeTotal,
    /// It is the sum of others.
    Total,
    /// It is made of others, or a part of one: an average, a tax, «в т.ч.».
    Derived,
}

/// What a cell says of its row, as far as totals go; nothing for a name.
pub(in crate::ingest) fn said(cell: &str) -> Option<Said> {
    let cell = cell.to_lowercase();
    let cell = cell.trim();
    let is_tax = || {
        let mut behind = TAXES.iter().filter_map(|tax| cell.strip_prefix(tax));
        let is_rate = |symbol: char| symbol.is_ascii_digit() || " .,%()+:".contains(symbol);
        behind.any(|rest| rest.chars().all(is_rate))
    };
    if DERIVED.contains(&cell) || PARTS.iter().any(|part| cell.starts_with(part)) || is_tax() {
        return Some(Said::Derived);
    }
    let mut of_all = ALL.iter().filter_map(|all| cell.strip_prefix(all));
    let is_all = |rest: &str| OF_ALL.iter().any(|what| rest.starts_with(what));
    if is_plain_total(cell) || of_all.any(is_all) {
        return Some(Said::Total);
    }
    (WEAK.contains(&cell) || is_total_word(cell)).then_some(Said::MaybeTotal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_begins_like_totals_is_none() {
        for cell in [
            "total",
            "total: account",
            "total : campagnes",
            "итого",
            "total rows: 12",
            "grand totals (3 records)",
            "всего 12",
        ] {
            assert!(is_total_word(cell), "{cell}");
        }
        for cell in [
            "total comfort windows",
            "totally new doors",
            "итоговая скидка",
            "brand total",
            "",
        ] {
            assert!(!is_total_word(cell), "{cell}");
        }
    }

    #[test]
    fn subtotals_are_told_from_names_that_begin_like_them() {
        for cell in [
            "итого за день",
            "итого за 02.11.2026",
            "итого по менеджеру анна",
            "subtotal",
            "subtotal: 3",
            "промежуточный итог",
            "всего за ноябрь",
            "total for 2026-11-02",
            "02.11.2026 итого",
        ] {
            assert!(is_subtotal(cell), "{cell}");
        }
        for cell in [
            "всего за 990 рублей",
            "total for you",
            "окна итого",
            "02.11.2026",
            "итоговая скидка за день",
            "",
        ] {
            assert!(!is_subtotal(cell), "{cell}");
        }
    }

    #[test]
    fn what_a_row_says_of_its_sum_is_told_from_names() {
        for cell in ["Итого", "Все каналы", "All platforms", "по всем кампаниям"]
        {
            assert_eq!(said(cell), Some(Said::Total), "{cell}");
        }
        for cell in [
            "Среднее",
            "в т.ч. бренд",
            "НДС 22%",
            "НДС (20 %)",
            "of which brand",
        ] {
            assert_eq!(said(cell), Some(Said::Derived), "{cell}");
        }
        for cell in ["all", "Все", "Итого 2026"] {
            assert_eq!(said(cell), Some(Said::MaybeTotal), "{cell}");
        }
        for cell in [
            "Total, brand",
            "НДС для бухгалтеров",
            "Все окна",
            "allegro",
            "Средняя Азия",
            "",
        ] {
            assert_eq!(said(cell), None, "{cell}");
        }
    }
}
