use super::*;
use crate::ingest::detect::{Headers, detect};
use crate::ingest::formats;
use crate::ingest::source::{Head, Numbers, sources};

fn head(text: &str) -> Head {
    Head {
        bytes: text.as_bytes().to_vec(),
        encoding: encoding_rs::UTF_8,
        line_end: b'\n',
        dialect: None,
        numbers: Numbers::Written,
        whole: true,
    }
}

pub(super) fn drafted(text: &str) -> String {
    draft("export.csv", &head(text), "mine").expect("a table")
}

/// A draft must be a format that the program takes, and that knows the file it was drafted from.
pub(super) fn reads_its_file(text: &str) -> String {
    let toml = drafted(text);
    let format =
        formats::parse(&toml, "mine.toml").unwrap_or_else(|fault| panic!("{fault:?}\n{toml}"));
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), text).expect("written");
    let source = sources(file.path()).expect("a source").remove(0);
    let found = detect(
        &source,
        &head(text),
        &[format],
        None,
        &mut Headers::default(),
    );
    assert!(found.is_ok(), "{toml}");
    toml
}

const REQUESTS: &str = "Когда;Имя;Контактный телефон;Почта;Страница\n\
    13.11.2026 10:05;Анна;+7 900 111-22-33;anna@firm.example;https://firm.example/a\n\
    14.11.2026 11:15;Пётр;8 (900) 111-22-34;;https://firm.example/b\n\
    Итого;2;;;\n";

#[test]
fn requests_are_told_by_their_contacts_and_no_person_goes_into_the_draft() {
    let toml = reads_its_file(REQUESTS);
    assert!(toml.contains("table = \"forms\""), "{toml}");
    assert!(toml.contains("order = \"dmy\""), "{toml}");
    assert!(toml.contains("totals = [\"Итого\"]"), "{toml}");
    assert!(toml.contains("# Not read: \"Имя\""), "{toml}");
    for person in ["Анна", "anna", "111-22", "firm.example/a"] {
        assert!(!toml.contains(person), "{person} in {toml}");
    }
}

const CALLS: &str = "Дата и время,Тип звонка,Номер клиента,Номер линии,Статус,Длительность разговора\n\
    2026-11-09 10:00:00,Входящий,79001112233,78142000001,Принят,00:01:05\n\
    2026-11-09 10:05:00,Входящий,79001112234,78142000001,Пропущен,00:00:00\n\
    2026-11-09 10:10:00,Исходящий,79001112235,78142000001,Принят,00:00:30\n\
    2026-11-09 10:15:00,Входящий,79001112236,78142000001,Принят,00:02:00\n\
    2026-11-09 10:20:00,Входящий,79001112237,78142000001,Пропущен,00:00:00\n\
    2026-11-09 10:25:00,Исходящий,79001112238,78142000001,Принят,00:00:12\n";

#[test]
fn calls_are_told_by_their_length_and_their_words_are_mapped() {
    let toml = reads_its_file(CALLS);
    assert!(toml.contains("table = \"calls\""), "{toml}");
    assert!(toml.contains("\"входящий\" = \"inbound\""), "{toml}");
    assert!(
        toml.contains("map = { \"принят\" = \"yes\", \"пропущен\" = \"no\" }"),
        "{toml}"
    );
    assert!(
        toml.contains("to = \"talk_s\"\nfrom = [\"Длительность разговора\"]"),
        "{toml}"
    );
}

/// The calls of a clinic: a number of each day, the firm's own telephone before the caller's, words that no list has.
fn calls_of_a_clinic() -> String {
    let mut text =
        "№;Дата;Время;Вид вызова;Городской номер;Абонент А;Принял;Разговор;Итог\n".to_owned();
    for call in 10..30 {
        let (talk, end) = match call % 3 {
            0 => ("00:00", "нет ответа"),
            1 => ("02:13", "разговор"),
            _ => ("00:00", "автоответ"),
        };
        text += &format!(
            "1;09.11.2026;12:{call};входящий вызов;+7 814 200-02-01;+7 921 555-00-{call};Анна;{talk};{end}\n"
        );
    }
    text
}

#[test]
fn the_number_of_the_firm_is_no_callers_and_words_that_say_nothing_are_rejects() {
    let toml = reads_its_file(&calls_of_a_clinic());
    for rule in [
        "to = \"phone\"\nfrom = [\"Абонент А\"]",
        "to = \"line\"\nfrom = [\"Городской номер\"]",
        "map = { \"входящий вызов\" = \"inbound\" }",
        "map = { \"нет ответа\" = \"no\", \"разговор\" = \"yes\" }",
        "clock = [\"Время\"]",
        "no_id = true",
    ] {
        assert!(toml.contains(rule), "{rule} in {toml}");
    }
    assert!(!toml.contains("from = [\"?\"]"), "{toml}");
}

const COSTS: &str = "День\tКампания\tПоказы\tКлики\tРасход, руб\n\
    2026-11-09\tокна\t1000\t20\t1 250,50\n2026-11-10\tдвери\t900\t10\t300\n";

#[test]
fn costs_are_told_by_clicks_and_money_and_one_day_is_both_ends() {
    let toml = reads_its_file(COSTS);
    assert!(toml.contains("table = \"costs\""), "{toml}");
    assert!(
        toml.contains("to = \"from_day\"\nfrom = [\"День\"]"),
        "{toml}"
    );
    assert!(
        toml.contains("to = \"cost\"\nfrom = [\"Расход, руб\"]\nread = \"money\""),
        "{toml}"
    );
    assert!(toml.contains("delimiters = [\"tab\"]"), "{toml}");
}

const ORDERS: &str = "0001;09.11.2026;1200,00;Иванов Иван;Закрыт;\n0002;13.11.2026;800,00;Петров Пётр;Закрыт;\n\
    0003;14.11.2026;90,00;Сидоров;Закрыт;\n0004;14.11.2026;95,00;Ким;В работе;\n\
    0005;15.11.2026;70,00;Ли;В работе;\n0006;15.11.2026;71,00;Цой;В работе;\n";

#[test]
fn a_file_without_a_header_gets_names_and_patterns() {
    let toml = reads_its_file(ORDERS);
    assert!(toml.contains("names = [\"cell_1\", \"cell_2\""), "{toml}");
    assert!(toml.contains("table = \"deals\""), "{toml}");
    assert!(
        toml.contains("to = \"stage\"\nfrom = [\"cell_5\"]"),
        "{toml}"
    );
    assert!(!toml.contains("Иванов"), "{toml}");
}

/// Nine orders, three of each state: words that come again and again are states.
fn orders(header: &str, days: [&str; 3], states: [&str; 3]) -> String {
    let [made, paid, back] = days;
    let mut text = format!("{header}\n");
    for order in 1..=9 {
        let state = states[order % 3];
        let (closed, refund, back) = match order % 3 {
            0 => (paid, "0.00", ""),
            1 => (paid, "20.00", back),
            _ => ("", "0.00", ""),
        };
        text += &format!("{order};{made};{closed};{state};20.00;12.00;{refund};{back}\n");
    }
    text
}

#[test]
fn orders_with_cost_and_refunds_are_told_in_both_languages() {
    let russian = orders(
        "Номер заказа;Создан;Оплачен;Статус;Сумма;Себестоимость;Возвращено;Дата возврата",
        ["24.08.2026 09:10", "25.08.2026 09:10", "04.09.2026 09:10"],
        ["Оплачен", "Возврат", "Не оплачен"],
    );
    let english = orders(
        "Order ID;Created;Paid at;Status;Amount;COGS;Refunded;Refund date",
        ["2026-08-24", "2026-08-25", "2026-09-04"],
        ["Paid", "Refunded", "Unpaid"],
    );
    let said = [
        (
            russian,
            [
                "Оплачен",
                "Сумма",
                "Себестоимость",
                "Возвращено",
                "Дата возврата",
            ],
            ["оплачен", "возврат", "не оплачен"],
        ),
        (
            english,
            ["Paid at", "Amount", "COGS", "Refunded", "Refund date"],
            ["paid", "refunded", "unpaid"],
        ),
    ];
    for (text, names, states) in said {
        let toml = reads_its_file(&text);
        let columns = ["closed_at", "amount", "cost", "refund", "refunded_at"];
        for (to, name) in columns.iter().zip(names) {
            let rule = format!("to = \"{to}\"\nfrom = [\"{name}\"]");
            assert!(toml.contains(&rule), "{rule} in {toml}");
        }
        for (state, meaning) in states.iter().zip(["won", "returned", "open"]) {
            let word = format!("\"{state}\" = \"{meaning}\"");
            assert!(toml.contains(&word), "{word} in {toml}");
        }
    }
}

#[test]
fn what_is_no_table_gets_no_draft() {
    assert!(draft("export.csv", &head("one line\nanother\n"), "mine").is_none());
}

/// Six rows of cells: enough to see which values come again.
pub(super) fn rows(header: &str, row: impl Fn(usize) -> String) -> String {
    let rows: Vec<String> = (1..=6).map(row).collect();
    format!("{header}\n{}\n", rows.join("\n"))
}

#[test]
fn an_id_is_the_records_own_and_tells_its_rows_apart() {
    let joined = rows("CampaignID,LeadID,LeadStatus,CreatedDate", |row| {
        format!("C{row},L{row},New,2026-11-0{row}")
    });
    let toml = reads_its_file(&joined);
    assert!(
        toml.contains("to = \"deal_id\"\nfrom = [\"LeadID\"]"),
        "{toml}"
    );
    let shared = rows("ID,Deal Stage,Created,Amount", |row| {
        format!("{},New,2026-11-0{row},10", row % 2)
    });
    assert!(drafted(&shared).contains("to = \"deal_id\"\nfrom = [\"?\"]"));
}

#[test]
fn the_amount_of_an_order_is_none_of_its_parts() {
    let orders = rows(
        "order_number,order_date,status,discount_amount,shipping_total,line_price,order_total",
        |row| format!("{row},2026-11-0{row},completed,1.50,5.00,20.00,{row}0.25"),
    );
    let toml = reads_its_file(&orders);
    assert!(
        toml.contains("to = \"amount\"\nfrom = [\"order_total\"]"),
        "{toml}"
    );
    assert!(
        toml.contains("to = \"deal_id\"\nfrom = [\"order_number\"]"),
        "{toml}"
    );
}

#[test]
fn the_day_of_closing_is_no_day_of_entry() {
    let deals = rows("deal_id,stage,amount,close_date", |row| {
        format!("{row},Closed Won,{row}00,2026-11-0{row}")
    });
    let toml = drafted(&deals);
    assert!(
        toml.contains("to = \"created_at\"\nfrom = [\"?\"]"),
        "{toml}"
    );
    assert!(
        toml.contains("to = \"closed_at\"\nfrom = [\"close_date\"]"),
        "{toml}"
    );
}

#[test]
fn stages_of_which_none_is_known_to_be_won_are_not_called_open() {
    let stages = |stage: &str| {
        drafted(&rows("deal_id,stage,amount,created", |row| {
            format!("{row},{stage},{row}00,2026-11-0{row}")
        }))
    };
    assert!(stages("Договор подписан").contains("map = { \"*\" = \"\" }"));
    assert!(stages("Won").contains("map = { \"won\" = \"won\", \"*\" = \"\" }"));
}

#[test]
fn a_report_of_a_period_takes_its_days_from_above_the_header() {
    let report = format!(
        "Клиент: Окна\nПериод: 01.11.2026 - 30.11.2026\n\n{}",
        rows(
            "Рекламная кампания;Пол;Затраты;Клики",
            |row| format!("окна {row};Женский;{row}00,50;{row}")
        )
    );
    let toml = reads_its_file(&report);
    assert!(
        toml.contains("to = \"from_day\"\nfrom = [\"@period_from\"]"),
        "{toml}"
    );
    assert!(toml.contains("passed_over = [\"Пол\"]"), "{toml}");
}

#[test]
fn a_table_of_totals_without_a_day_is_drafted_all_the_same() {
    let costs = rows("channel,campaign,spend,clicks", |row| {
        format!("ads,c{row},{row}0.50,{row}")
    });
    let toml = drafted(&costs);
    assert!(toml.contains("to = \"from_day\"\nfrom = [\"?\"]"), "{toml}");
    formats::parse(&toml, "mine.toml").unwrap_or_else(|fault| panic!("{fault:?}\n{toml}"));
}

#[test]
fn a_header_is_known_without_a_name_for_the_column_that_numbers_its_rows() {
    let calls = rows(",Start time,Direction,Caller,Talk time", |row| {
        format!("{row},2026-11-0{row} 10:00,Inbound,+7900555010{row},00:01:0{row}")
    });
    let toml = reads_its_file(&calls);
    assert!(toml.contains("from = [\"Start time\"]"), "{toml}");
    let questions = format!(
        "Timestamp,Имя,\"Как с вами связаться?\n(телефон)\"\n{}",
        rows("", |row| format!(
            "11/1{row}/2026 10:00:00,Анна,+7 900 555-01-0{row}"
        ))
        .trim_start()
    );
    let toml = reads_its_file(&questions);
    assert!(toml.contains("Как с вами связаться? (телефон)"), "{toml}");
}

#[test]
fn costs_of_no_system_ask_whose_they_are() {
    let costs = "Дата;Расход;Показы\n09.11.2026;100,50;1000\n10.11.2026;90,00;900\n";
    let toml = reads_its_file(costs);
    assert!(toml.contains("# look: whose costs are these?"), "{toml}");
    let named = draft("Авито.csv", &head(costs), "mine").expect("a table");
    assert!(named.contains("constant = \"avito\""), "{named}");
}

#[test]
fn rows_that_name_nobody_are_no_requests_before_somebody_says_so() {
    let sales = "Date,TV,Radio\n2026-11-09,230,37\n2026-11-10,44,39\n";
    let toml = drafted(sales);
    assert!(toml.contains("# look: is each row a request"), "{toml}");
    assert!(!reads_its_file(REQUESTS).contains("is each row a request"));
}

#[test]
fn who_answered_is_read_from_a_column_that_says_so() {
    let calls = rows(
        "id,start,direction,from,to,answered,duration (total)",
        |row| {
            let answer = ["Yes", "No"][row % 2];
            format!(
                "{row},2026-11-09 1{row}:00,inbound,+1212555010{row},+12125559999,{answer},0:01:1{row}"
            )
        },
    );
    let toml = reads_its_file(&calls);
    let rule = "to = \"answered\"\nfrom = [\"answered\"]";
    assert!(toml.contains(rule), "{toml}");
}
