//! Re-saving an export in another carrier changes nothing.

mod written_tests;

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use proptest::prelude::*;

use self::written_tests::{Cell, Written};
use super::identity::IdentityKey;
use super::{ExportRules, formats, plan, read, source};

const HEADER: &[&str] = &[
    "ID",
    "Дата создания",
    "Этап сделки",
    "Воронка",
    "Бюджет",
    "Ответственный",
    "Рабочий телефон",
    "не закрыта?",
];

/// All that is read of a file: the values of its rows and their texts, and how many rows were rejected.
fn read_all(name: &str, bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("written");
    let formats = formats::load_all(std::path::Path::new("")).expect("formats");
    let options = BTreeMap::new();
    let key = IdentityKey::new([7; 32]);
    let rules = rules(&options, &key);
    let sources = source::sources(&path).expect("sources");
    let (planned, errors) = plan(sources, &formats, &rules);
    assert!(errors.is_empty(), "{name}: {errors:?}");
    let mut seen = String::new();
    let mut sink = |_, columns: &crate::model::columns::Columns, texts: &mut Vec<_>| {
        seen += &format!("{:?} {texts:?}\n", columns.values);
        Ok(())
    };
    let (outcomes, _) = read(&planned, &formats, &rules, &mut sink, &|_| {})
        .unwrap_or_else(|error| panic!("{name}: {error:#}"));
    for outcome in outcomes {
        seen += &format!("{} read, {:?}", outcome.read, outcome.rejects.len());
    }
    seen
}

fn rules<'a>(options: &'a BTreeMap<String, toml::Value>, key: &'a IdentityKey) -> ExportRules<'a> {
    ExportRules {
        format: None,
        zone: None,
        business_zone: chrono_tz::Europe::Moscow,
        spam_words: &[],
        spam_contacts: &[],
        options,
        key,
        now: "2027-01-01T00:00:00Z".parse().expect("a time"),
    }
}

/// A text as people write it: no space at its ends and no two in a row, but every sign that mark-up and tables use.
fn text() -> impl Strategy<Value = Cell> {
    let words = prop::collection::vec("[А-Яа-яA-Za-z0-9&<>;,.|#'\"«»№]{1,8}", 1..4);
    words.prop_map(|words| Cell::Text(words.join(" ")))
}

fn time() -> impl Strategy<Value = Cell> {
    let first: NaiveDateTime = "2026-01-01T00:00:00".parse().expect("a time");
    (0i64..300 * 86_400)
        .prop_map(move |seconds| Cell::Time(first + chrono::TimeDelta::seconds(seconds)))
}

fn row() -> impl Strategy<Value = Vec<Cell>> {
    let stages = prop::sample::select(vec!["Успешно реализовано", "Переговоры"]);
    let amount = prop_oneof![
        Just(Cell::Empty),
        (1i64..9_000_000).prop_map(|kopecks| Cell::Number(kopecks as f64 / 100.0)),
    ];
    (
        1u32..1_000_000_000,
        time(),
        stages,
        text(),
        amount,
        text(),
        9_000_000_000_u64..9_999_999_999,
    )
        .prop_map(|(id, at, stage, funnel, amount, manager, phone)| {
            let phone = Cell::Number((70_000_000_000 + phone) as f64);
            vec![
                Cell::Number(f64::from(id)),
                at,
                Cell::Text(stage.to_owned()),
                funnel,
                amount,
                manager,
                phone,
                Cell::Empty,
            ]
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn re_saving_in_another_carrier_changes_nothing(rows in prop::collection::vec(row(), 1..12)) {
        let export = Written { header: HEADER, rows: &rows };
        let of_text = read_all("leads.csv", &export.csv());
        for (name, bytes) in export.other_carriers() {
            prop_assert_eq!(&read_all(name, &bytes), &of_text, "{}", name);
        }
    }
}

#[test]
fn a_sheet_of_notes_is_passed_over_and_a_sheet_with_a_renamed_column_is_not() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheets: [(&str, &[&[&str]]); 3] = [
        (
            "Ноябрь",
            &[
                &["Дата", "Форма", "Телефон", "ID заявки"],
                &["02.11.2026", "Замер", "89001112233", "1"],
            ],
        ),
        ("Заметки", &[&["Выгружено для Анны"]]),
        ("Пусто", &[]),
    ];
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(name).expect("a name");
        for (at, row) in rows.iter().enumerate() {
            sheet
                .write_row(at as u32, 0, row.iter().copied())
                .expect("a row");
        }
    }
    assert!(read_all("forms.xlsx", &book.save_to_buffer().expect("a book")).ends_with("1 read, 0"));

    let sheet = book.add_worksheet().set_name("Декабрь").expect("a name");
    sheet
        .write_row(0, 0, ["Когда", "Форма", "Телефон", "ID заявки"])
        .expect("a row");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("forms.xlsx");
    book.save(&path).expect("a book");
    let formats = formats::load_all(std::path::Path::new("")).expect("formats");
    let (options, key) = (BTreeMap::new(), IdentityKey::new([7; 32]));
    let sources = source::sources(&path).expect("sources");
    let (planned, errors) = plan(sources, &formats, &rules(&options, &key));
    assert_eq!(planned.len(), 1);
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(
        errors[0].to_string().starts_with("forms.xlsx/Декабрь"),
        "{errors:?}"
    );
}

#[test]
fn an_old_excel_file_is_read() {
    // Made with xlwt: a title, an empty row, the header, and two leads with a real date, numbers and a telephone number.
    let bytes = include_bytes!("carriers_tests/leads.xls");
    let rows = vec![
        vec![
            Cell::Number(101.0),
            Cell::Time("2026-11-02T10:05:00".parse().expect("a time")),
            Cell::Text("Успешно реализовано".to_owned()),
            Cell::Text("Продажи".to_owned()),
            Cell::Number(1234.5),
            Cell::Text("Анна".to_owned()),
            Cell::Number(79_001_112_233.0),
            Cell::Empty,
        ],
        vec![
            Cell::Number(102.0),
            Cell::Time("2026-11-03T00:00:00".parse().expect("a time")),
            Cell::Text("Переговоры".to_owned()),
            Cell::Text("Продажи".to_owned()),
            Cell::Empty,
            Cell::Text("Борис".to_owned()),
            Cell::Number(79_004_445_566.0),
            Cell::Empty,
        ],
    ];
    let export = Written {
        header: HEADER,
        rows: &rows,
    };
    assert_eq!(
        read_all("leads.xls", bytes),
        read_all("leads.csv", &export.csv())
    );
}
