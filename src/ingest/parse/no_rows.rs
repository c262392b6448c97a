//! A report without rows says so in words, where the first row would stand.

/// What is said in place of rows, in lower case and without the point behind it.
const SAID: &[&str] = &[
    "no data",
    "no data available",
    "no data found",
    "no data to display",
    "no data for the selected period",
    "no records",
    "no records found",
    "no results",
    "no results found",
    "no rows",
    "there is no data",
    "there is no data for this report",
    "this report returned no results",
    "нет данных",
    "нет данных за период",
    "нет данных за выбранный период",
    "данных нет",
    "данные отсутствуют",
    "данные не найдены",
    "записей не найдено",
    "ничего не найдено",
    "нет записей",
];

/// Whether a text says that there are no rows.
pub(in crate::ingest) fn says_no_rows(text: &str) -> bool {
    let text = text.trim().trim_matches('"').trim().to_lowercase();
    SAID.contains(&text.trim_end_matches(['.', '!']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_no_rows_are_the_whole_text() {
        for said in [
            "No data available",
            "\"No data available.\"",
            "Нет данных за период",
        ] {
            assert!(says_no_rows(said), "{said}");
        }
        for said in ["", "No data plan", "нет данных о клиенте", "0"] {
            assert!(!says_no_rows(said), "{said}");
        }
    }
}
