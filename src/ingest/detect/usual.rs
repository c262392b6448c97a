//! Names of columns that stand in many systems' exports: none of them tells what a file is.

use crate::ingest::format::Format;

/// In lower case.
const USUAL: &[&str] = &[
    "id",
    "name",
    "имя",
    "название",
    "номер",
    "number",
    "дата",
    "дата*",
    "дата и время",
    "дата создания",
    "date",
    "day",
    "day*",
    "день",
    "время",
    "time",
    "at",
    "created",
    "created at",
    "created date",
    "create date",
    "start",
    "end",
    "from",
    "to",
    "email",
    "e-mail",
    "почта",
    "phone",
    "телефон",
    "клиент",
    "контакт",
    "status",
    "статус",
    "state",
    "состояние",
    "stage",
    "этап",
    "type",
    "тип",
    "title",
    "owner",
    "менеджер",
    "ответственный",
    "amount",
    "сумма",
    "сумма*",
    "value",
    "total",
    "currency",
    "валюта",
    "cost",
    "spend",
    "расход",
    "расход*",
    "clicks",
    "клики",
    "impressions",
    "показы",
    "source",
    "источник",
    "channel",
    "канал",
    "campaign",
    "кампания",
    "platform",
    "account",
    "city",
    "country",
    "company",
    "компания",
    "direction",
    "направление",
    "duration",
    "длительность",
    "score",
    "оценка",
    "rating",
    "page",
    "url",
    "comment",
    "комментарий",
    "*",
];

/// Whether a name is one of those, or asks for no more than a word that many names have: `*email*`.
fn is_usual(name: &str) -> bool {
    let name = name.to_lowercase();
    name.starts_with('*') || USUAL.contains(&name.as_str())
}

/// Whether a file that has these of a format's names is told by them. A format of usual names alone (a table of one's own)
/// has no others to be told by.
pub(super) fn tells(format: &Format, has: impl Fn(&str) -> bool) -> bool {
    let recognise = &format.recognise;
    let names = || recognise.header.iter().chain(&recognise.any_of);
    let mut own = names().filter(|name| !is_usual(name));
    own.clone().next().is_none() || own.any(|name| has(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_many_names_and_what_any_table_has_tell_nothing() {
        for name in ["ID", "*email*", "Дата", "Clicks", "*"] {
            assert!(is_usual(name), "{name}");
        }
        for name in [
            "Record ID",
            "Avg. CPC",
            "Время создания",
            "Session*channel group*",
        ] {
            assert!(!is_usual(name), "{name}");
        }
    }
}
