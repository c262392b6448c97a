//! Files that look as any other and mislead: what is otherwise about them is said, or they are refused.

use super::FIRM;
use super::bytes::{cp1251, zip_of};
use crate::support::Firm;

/// A file, the table that it feeds, the rows that are kept of it, and what is said.
type Told<'a> = (&'a str, Vec<u8>, &'a str, i64, &'a [&'a str]);

fn check(files: Vec<Told<'_>>) {
    let mut wrong = String::new();
    for (name, bytes, table, kept, said) in files {
        let firm = Firm::new(FIRM);
        firm.write(&format!("exports/{name}"), &bytes);
        let ran = firm.voronka("ingest", &[]);
        let rows = firm.rows_of(table);
        let is_said = said.iter().all(|what| ran.said().contains(what));
        if rows != kept || !is_said {
            wrong += &format!(
                "--- {name}: {rows} rows, expected {kept} and {said:?}\n{}\n",
                ran.said()
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

const CALLS: &str = "Дата;Направление;Кто звонил;Куда звонил;Статус;Длительность\n";

#[test]
fn totals_of_a_day_are_no_rows_wherever_they_stand() {
    let costs = "Дата;Система;Кампания;Расход;Клики\n\
                 02.03.2026;Директ;Окна;100;10\n\
                 02.03.2026;Директ;Двери;50;5\n\
                 02.03.2026;Итого за день;;150;15\n\
                 03.03.2026;Директ;Окна;200;20\n\
                 03.03.2026;Директ;Subtotal;200;20\n\
                 03.03.2026;Итого за 03.03.2026;;200;20\n";
    let calls = format!(
        "{CALLS}02.03.2026 10:00;входящий;+79005550901;84951112233;отвечен;10\n\
         02.03.2026;Итого за день;1;;отвечен;10\n\
         Итого за 02.03.2026;;;;;10\n"
    );
    let deals = "ID;Дата создания;Этап;Сумма;Менеджер\n\
                 1;02.03.2026;Оплачено;1000;Анна\n\
                 Итого за 02.03.2026;02.03.2026;;1000;\n\
                 2;03.03.2026;Оплачено;700;Анна\n\
                 Subtotal;03.03.2026;-;700;\n";
    let forms = "Дата;Форма;Телефон;E-mail;ClientID;utm_source;ID заявки\n\
                 02.03.2026 10:00;Всего за 990 рублей;+79005550901;;;y;1\n\
                 02.03.2026;Итого за день;1;;;;\n";
    check(vec![
        ("costs.csv", costs.into(), "costs", 3, &["3 totals"]),
        ("calls.csv", calls.into(), "calls", 1, &["2 totals"]),
        ("deals.csv", deals.into(), "deals", 2, &["2 totals"]),
        ("forms.csv", forms.into(), "forms", 1, &["1 totals"]),
    ]);
}

#[test]
fn one_page_of_an_answer_is_told_and_all_of_them_are_not() {
    let record = |n: u32| {
        format!(
            r#"{{"Дата": "0{n}.03.2026 10:00", "Форма": "Замер", "Телефон": "+7900555090{n}", "E-mail": "", "ClientID": "", "utm_source": "", "ID заявки": "{n}"}}"#
        )
    };
    let page = |paging: &str, n: u32| format!(r#"{{{paging}, "data": [{}]}}"#, record(n));
    let told = "one page is not the whole";
    let cases = [
        r#""total": 2, "next": 1"#,
        r#""meta": {"pageTotal": 2}"#,
        r#""has_more": true"#,
    ];
    for paging in cases {
        let firm = Firm::new(FIRM);
        firm.write("exports/1.json", page(paging, 1));
        let ran = firm.voronka("ingest", &[]).expect_code(0);
        assert!(ran.stdout.contains(told), "{paging}: {ran:?}");
        let firm = Firm::new(FIRM);
        let last = paging
            .replace("true", "false")
            .replace("\"next\": 1", "\"next\": null");
        firm.write("exports/1.json", page(paging, 1));
        firm.write("exports/2.json", page(&last, 2));
        let ran = firm.voronka("ingest", &[]).expect_code(0);
        assert!(!ran.stdout.contains(told), "{paging}: {ran:?}");
        assert_eq!(firm.rows_of("forms"), 2);
    }
}

#[test]
fn a_formula_without_its_value_is_refused_with_its_cell() {
    let sheet = |cell: &str| {
        format!(
            r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Дата</t></is></c><c r="B1" t="inlineStr"><is><t>Система</t></is></c><c r="C1" t="inlineStr"><is><t>Расход</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>02.03.2026</t></is></c><c r="B2" t="inlineStr"><is><t>Директ</t></is></c>{cell}</row></sheetData></worksheet>"#
        )
    };
    let book = |cell: &str| {
        let parts: [(&str, &str); 5] = [
            (
                "[Content_Types].xml",
                r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#,
            ),
            (
                "_rels/.rels",
                r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
            ),
            (
                "xl/workbook.xml",
                r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#,
            ),
            (
                "xl/_rels/workbook.xml.rels",
                r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
            ),
            ("xl/worksheets/sheet1.xml", &sheet(cell)),
        ];
        zip_of(&parts.map(|(name, text)| (name, text.as_bytes())))
    };
    let refused: &[&str] = &["cell C2 holds a formula whose value is not in the file"];
    let computed = book(r#"<c r="C2"><f>100+50</f><v>150</v></c>"#);
    // A spreadsheet program writes an empty text for a formula that comes to nothing.
    let empty = r#"<c r="C2"><v>150</v></c><c r="D2" t="str"><f>""</f><v></v></c>"#;
    check(vec![
        (
            "bare.xlsx",
            book(r#"<c r="C2"><f>100+50</f></c>"#),
            "costs",
            0,
            refused,
        ),
        (
            "empty.xlsx",
            book(r#"<c r="C2"><f>100+50</f><v/></c>"#),
            "costs",
            0,
            refused,
        ),
        ("computed.xlsx", computed, "costs", 1, &["kept 1"]),
        ("nothing.xlsx", book(empty), "costs", 1, &["kept 1"]),
    ]);
}

#[test]
fn an_id_that_people_share_is_no_key_of_their_calls() {
    let header = format!("ID;{CALLS}");
    let call = |id: u32, hour: u32, caller: u32| {
        format!("{id};02.03.2026 {hour}:00;входящий;+7900555090{caller};84951112233;отвечен;10\n")
    };
    let shared: String = (0..4).map(|n| call(1, 10 + n, n + 1)).collect();
    // One slip of a hand: two people with one id, all others with their own.
    let slip: String = [call(1, 10, 1), call(1, 11, 2), call(2, 12, 3)].concat();
    check(vec![
        (
            "shared.csv",
            format!("{header}{shared}").into(),
            "calls",
            0,
            &[
                "4 calls of different people at different times share 1 id",
                "hint:",
            ],
        ),
        (
            "slip.csv",
            format!("{header}{slip}").into(),
            "calls",
            3,
            &["1 call has the id of an earlier one of somebody else"],
        ),
    ]);
}

#[test]
fn words_that_say_nothing_of_a_call_are_told_with_their_number() {
    let rows = "02.03.2026 10:00;обратный звонок;+79005550901;84951112233;отвечен;10\n\
                02.03.2026 11:00;обратный звонок;+79005550902;84951112233;отвечен;10\n\
                02.03.2026 12:00;;+79005550903;84951112233;отвечен;10\n\
                02.03.2026 13:00;входящий;+79005550904;84951112233;отвечен;10\n";
    check(vec![(
        "calls.csv",
        format!("{CALLS}{rows}").into(),
        "calls",
        4,
        &[
            "3 calls with directions that are not known",
            "\"обратный звонок\" ×2, nothing ×1",
        ],
    )]);
}

#[test]
fn a_forwarded_call_is_one_and_answered_where_it_went() {
    let header = "sid,parent_call_sid,from,to,start_time,end_time,duration,status,direction\n";
    let rows = "CA1,,+79005550901,+74951112233,2026-03-02 10:00:00,2026-03-02 10:02:00,120,completed,inbound\n\
                CA2,CA1,+79005550901,+79161112233,2026-03-02 10:00:05,2026-03-02 10:02:00,110,completed,outbound-dial\n\
                CA3,,+79005550902,+74951112233,2026-03-02 11:00:00,2026-03-02 11:00:20,20,completed,inbound\n\
                CA4,CA3,+79005550902,+79161112233,2026-03-02 11:00:05,2026-03-02 11:00:20,0,no-answer,outbound-dial\n";
    let console =
        "Call Sid,Parent Call Sid,From,To,Start Time,End Time,Duration,Status,Direction\n";
    for header in [header, console] {
        let firm = Firm::new(FIRM);
        firm.write("exports/twilio.csv", format!("{header}{rows}"));
        let ran = firm
            .voronka("inspect", &["exports/twilio.csv"])
            .expect_code(0);
        let said = "calls: 2 = 2 inbound (1 answered, 1 missed), 0 outbound (0 answered), 0 internal; 110 s of talk";
        assert!(ran.stdout.contains(said), "{ran:?}");
    }
}

#[test]
fn a_column_that_is_otherwise_than_in_the_file_before_is_told() {
    let rows = |month: u32, phone: bool| -> String {
        let row = |n: u32| {
            let phone = if phone {
                format!("+790055509{n}")
            } else {
                String::new()
            };
            format!("{n}.{month:02}.2026 10:00;Замер;{phone};;;;{month}{n}\n")
        };
        (11..23).map(row).collect()
    };
    let header = "Дата;Форма;Телефон;E-mail;ClientID;utm_source;ID заявки\n";
    let firm = Firm::new(FIRM);
    firm.write("exports/1.csv", format!("{header}{}", rows(1, true)));
    let ran = firm.voronka("ingest", &[]).expect_code(0);
    assert!(!ran.stdout.contains("since"), "{ran:?}");
    firm.write("exports/2.csv", format!("{header}{}", rows(2, false)));
    let ran = firm.voronka("ingest", &[]).expect_code(0);
    let emptied = "column \"Телефон\" is empty in all 12 rows, before it was filled in 12 of 12 (since 1.csv)";
    assert!(ran.stdout.contains(emptied), "{ran:?}");
    let renamed = header.replace("E-mail", "Почта клиента");
    firm.write(
        "exports/3.csv",
        format!("{renamed}{}", rows(3, true).replace("11.03", "01.03")),
    );
    let ran = firm
        .voronka("ingest", &["--now", "2026-04-01T06:00:00Z"])
        .expect_code(0);
    let said = "has no column \"E-mail\" any more, and is new with \"Почта клиента\"";
    assert!(ran.stdout.contains(said), "{ran:?}");
}

#[test]
fn a_desert_of_empty_rows_is_refused_with_its_line() {
    let forms = super::forms();
    for (name, empty) in [("lines.csv", "\n"), ("cells.csv", ";;;;;;\n")] {
        let firm = Firm::new(FIRM);
        firm.write(
            &format!("exports/{name}"),
            format!("{forms}{}", empty.repeat(1_100_000)),
        );
        let ran = firm.voronka("ingest", &[]).expect_code(3);
        let said = format!("{name}:5: more than 1048576 empty rows follow from here on");
        assert!(ran.stderr.contains(&said), "{ran:?}");
        assert_eq!(firm.rows_of("forms"), 0);
    }
}

#[test]
fn requests_of_tilda_are_known_by_their_own_number() {
    let rows = "created,formname,Name,Phone,Email,tranid,formid,utm_source,referer\n\
                2026-03-02 10:00:00,Заявка,Анна,+7 (900) 555-09-01,,101:202,form1,yandex,https://firm.example/okna?x=1\n\
                2026-03-03 11:00:00,Заявка,Олег,,oleg@firm.example,101:203,form1,,https://firm.example/\n";
    check(vec![(
        "leads.csv",
        rows.into(),
        "forms",
        2,
        &["(tilda-leads)", "rejected 0"],
    )]);
}

#[test]
fn a_deal_never_replaces_one_of_somebody_else() {
    let header = "ID;Дата создания;Этап;Сумма;Телефон\n";
    let deal = |id: u32, day: u32, phone: u32| {
        format!("{id};{day:02}.03.2026 10:00;Оплачено;100;+79005550{phone:03}\n")
    };
    let own: String = (1..11).map(|n| deal(n, 2, n)).collect();
    let others = |many: u32| -> String { (1..=many).map(|n| deal(n, 3, 100 + n)).collect() };
    // The same person and time once more: a newer state of the deal.
    let state = deal(10, 2, 10).replace("Оплачено", "Отказ");
    check(vec![
        (
            "three.csv",
            format!("{header}{own}{}", others(3)).into(),
            "deals",
            0,
            &["6 rows share 3 values of \"ID\"", "hint:"],
        ),
        (
            "one.csv",
            format!("{header}{own}{}{state}", others(1)).into(),
            "deals",
            10,
            &["1 row has the id of another one, of somebody else and of another time"],
        ),
    ]);
}

#[test]
fn dates_that_may_be_other_days_and_texts_of_two_encodings_are_refused() {
    let costs = "Дата;Система;Кампания;Расход;Клики\n";
    let row = |day: &str| format!("{day};Директ;Окна;100;10\n");
    let years_first: String = ["26-03-02", "26-03-03", "26-03-04"].map(row).concat();
    let glued = [
        cp1251(&format!("{costs}{}", row("02.03.2026"))),
        row("03.03.2026").into(),
    ];
    let no_year = format!("{CALLS}2 мар., 10:00;входящий;+79005550901;84951112233;отвечен;10\n");
    check(vec![
        (
            "years.csv",
            format!("{costs}{years_first}").into(),
            "costs",
            0,
            &["a year of two digits in front"],
        ),
        (
            "glued.csv",
            glued.concat(),
            "costs",
            0,
            &["line 3 is in UTF-8, what stands above it in windows-1251"],
        ),
        (
            "no-year.csv",
            no_year.into(),
            "calls",
            0,
            &["expected a date with time, found \"2 мар., 10:00\""],
        ),
    ]);
}

#[test]
fn rows_of_calls_that_are_equal_word_for_word_are_told() {
    let row =
        |n: u32| format!("0{n}.03.2026 10:00:07;входящий;+7900555090{n};84951112233;отвечен;10\n");
    let calls: String = (1..=4).map(row).collect();
    check(vec![(
        "calls.csv",
        format!("{CALLS}{calls}{calls}").into(),
        "calls",
        8,
        &["4 of 8 rows are equal to others word for word"],
    )]);
}
