//! A draft leaves out or asks what it cannot tell.

use super::tests::{drafted, reads_its_file, rows};

#[test]
fn a_time_of_day_is_no_length_and_ringing_is_no_talk() {
    let calls = rows(
        "Дата;Время;Тип;Клиент;Сотрудник;Длительность",
        |row| format!("0{row}.11.2026;10:0{row}:00;Входящий;+7900555010{row};Анна;{row} мин 5 сек"),
    );
    // What is asked has to be answered before the file is read.
    let toml = drafted(&calls);
    assert!(!toml.contains("to = \"talk_s\""), "{toml}");
    assert!(toml.contains("to = \"answered\"\nfrom = [\"?\"]"), "{toml}");
    assert!(toml.contains("clock = [\"Время\"]"), "{toml}");
    let other = rows(
        "Call Time,Direction,Caller ID,Status,Ringing,Talking",
        |row| {
            format!(
                "2026-11-0{row} 10:00:00,Inbound,+7900555010{row},Answered,00:00:0{row},00:01:0{row}"
            )
        },
    );
    let toml = reads_its_file(&other);
    for rule in [
        "to = \"talk_s\"\nfrom = [\"Talking\"]",
        "to = \"wait_s\"\nfrom = [\"Ringing\"]",
        "to = \"phone\"\nfrom = [\"Caller ID\"]",
    ] {
        assert!(toml.contains(rule), "{rule} in {toml}");
    }
    assert!(
        !toml.contains("to = \"call_id\""),
        "who called is no id: {toml}"
    );
}

#[test]
fn which_way_a_call_went_is_asked_but_of_a_tracking_service() {
    let calls = |to: &dyn Fn(usize) -> String| {
        let row = |row: usize| {
            format!(
                "2026-11-09 10:{row}:00,+790055501{row},{},00:01:{row}",
                to(row)
            )
        };
        let rows: Vec<String> = (10..22).map(row).collect();
        format!("Start time,Caller,Called,Talk time\n{}\n", rows.join("\n"))
    };
    let tracked = drafted(&calls(&|_| "+78142000001".to_owned()));
    assert!(tracked.contains("constant = \"inbound\""), "{tracked}");
    let named = drafted(&calls(&|row| format!("Anna (2{row})")));
    assert!(
        named.contains("to = \"direction\"\nfrom = [\"?\"]"),
        "{named}"
    );
}

#[test]
fn a_number_that_several_rows_share_is_asked_for() {
    let operations = "Дата операции;Сумма;Номер заказа;Статус\n\
        02.11.2026;20 000,00;77;Проведён\n03.11.2026;5 000,00;77;Проведён\n";
    let toml = drafted(operations);
    assert!(toml.contains("to = \"deal_id\"\nfrom = [\"?\"]"), "{toml}");
    assert!(
        toml.contains("# look: \"Номер заказа\" is the same in several rows"),
        "{toml}"
    );
}

#[test]
fn a_column_of_states_goes_before_that_of_stages() {
    let deals = "Сделка - ID,Сделка - Ценность,Сделка - Этап,Сделка - Статус,Сделка создана\n\
        1,1000,КП,Выиграно,2026-11-02 09:00:00\n2,300,КП,Открыто,2026-11-02 09:00:00\n";
    let toml = reads_its_file(deals);
    let rule = "to = \"status\"\nfrom = [\"Сделка - Статус\"]\nmap = { \"выиграно\" = \"won\", \"открыто\" = \"open\", \"*\" = \"\" }";
    assert!(toml.contains(rule), "{toml}");
    assert!(
        toml.contains("to = \"amount\"\nfrom = [\"Сделка - Ценность\"]"),
        "{toml}"
    );
}

#[test]
fn a_prepayment_is_no_amount_and_spam_is_no_request() {
    let orders = rows("number,created,status,prepay_sum,total_sum", |row| {
        format!("{row},2026-11-0{row},new,100,{row}000")
    });
    let toml = reads_its_file(&orders);
    assert!(
        toml.contains("to = \"amount\"\nfrom = [\"total_sum\"]"),
        "{toml}"
    );
    let entries = "Email,Phone,Entry Date,Entry ID,Status\n\
        a@firm.example,,2026-11-02 10:00,11,\nb@firm.example,,2026-11-03 10:00,12,Spam\n";
    let toml = reads_its_file(entries);
    assert!(
        toml.contains("to = \"spam\"\nfrom = [\"Status\"]"),
        "{toml}"
    );
}
