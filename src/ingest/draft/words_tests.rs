use super::tests::{reads_its_file, rows};

/// Rows of orders with a state each.
fn with_states(states: &[&str]) -> String {
    let mut text = "Номер;Дата создания;Статус;Сумма;Телефон\n".to_owned();
    for (row, state) in states.iter().enumerate() {
        text += &format!(
            "A-{row};0{}.11.2026 10:00;{state};1000,50;+7900000000{row}\n",
            row + 1
        );
    }
    text
}

#[test]
fn a_stage_that_is_renamed_later_is_not_called_open_before() {
    let states = ["Продажа", "Продажа", "Отказ", "Отказ", "Думает", "Думает"];
    let toml = reads_its_file(&with_states(&states));
    assert!(
        toml.contains("map = { \"отказ\" = \"lost\", \"продажа\" = \"won\", \"*\" = \"\" }"),
        "{toml}"
    );
    assert!(
        toml.contains(
            "no list has \"думает\": add each to the map as \"won\", \"lost\" or \"open\""
        ),
        "{toml}"
    );
}

#[test]
fn a_direction_and_a_state_that_no_list_has_are_named_and_hide_no_others() {
    let mut text = "Сотрудник;Тип звонка;Номер;Дата звонка;Продолжительность;Статус\n".to_owned();
    for (row, (way, end)) in [
        ("Входящий", "Успешный звонок"),
        ("Входящий", "Пропущенный звонок"),
        ("Исходящий", "Успешный звонок"),
        ("Исходящий", "Пропущенный звонок"),
        ("Входящий с перенаправлением", "Успешный звонок"),
        ("Обратный звонок", "Перезвонили"),
    ]
    .into_iter()
    .enumerate()
    {
        text += &format!(
            "Анна;{way};+7900555000{row};0{}.11.2026 10:00;0:01:0{row};{end}\n",
            row + 1
        );
    }
    let toml = reads_its_file(&text);
    for rule in [
        "map = { \"входящий\" = \"inbound\", \"входящий с перенаправлением\" = \"inbound\", \"исходящий\" = \"outbound\" }",
        "no list has \"обратный звонок\"",
        "map = { \"пропущенный звонок\" = \"no\", \"успешный звонок\" = \"yes\" }",
        "no list has \"перезвонили\"",
    ] {
        assert!(toml.contains(rule), "{rule} in {toml}");
    }
}

#[test]
fn calls_without_a_direction_are_read_by_who_called_whom() {
    let mut text = "Дата звонка;Кто;Кому;Длительность, сек;Результат\n".to_owned();
    for row in 1..=6 {
        text += &format!("0{row}.11.2026 10:01:00;+7900555000{row};+74950000000;60;Успешный\n");
        text += &format!("0{row}.11.2026 11:01:00;101;+7900666000{row};0;Неуспешный\n");
    }
    let toml = reads_its_file(&text);
    for rule in [
        "adapter = \"call-legs\"",
        "to = \"source_number\"\nfrom = [\"Кто\"]",
        "to = \"caller\"\nfrom = [\"Кто\"]\nread = \"phone\"",
        "to = \"destination\"\nfrom = [\"Кому\"]",
    ] {
        assert!(toml.contains(rule), "{rule} in {toml}");
    }
    assert!(!toml.contains("no_id"), "{toml}");
}

#[test]
fn an_order_comes_to_what_is_to_be_paid_and_the_other_sum_is_named() {
    let orders = rows(
        "Номер заказа;Дата заказа;Статус заказа;Сумма товаров;Доставка;Итого к оплате;Валюта",
        |row| format!("100{row};0{row}.11.2026;Доставлен;{row}000.00;300.00;{row}300.00;US Dollar"),
    );
    let toml = reads_its_file(&orders);
    assert!(
        toml.contains("to = \"amount\"\nfrom = [\"Итого к оплате\"]"),
        "{toml}"
    );
    assert!(
        toml.contains("\"Итого к оплате\" is taken, \"Сумма товаров\" may be it as well"),
        "{toml}"
    );
    assert!(
        toml.contains("to = \"currency\"\nfrom = [\"Валюта\"]\nread = \"currency\""),
        "{toml}"
    );
}

#[test]
fn requests_with_a_manager_and_a_number_are_no_deals_without_a_stage() {
    let requests = rows(
        "№;Дата заявки;Менеджер;Телефон менеджера;Телефон клиента;Сообщение",
        |row| format!("{row};0{row}.11.2026 10:01;Анна;+79161112233;+7900555000{row};звоните"),
    );
    let toml = reads_its_file(&requests);
    assert!(toml.contains("table = \"forms\""), "{toml}");
    assert!(toml.contains("to = \"form_id\"\nfrom = [\"№\"]"), "{toml}");
    assert!(!toml.contains("from = [\"?\"]"), "{toml}");
}

#[test]
fn a_dash_in_the_row_of_totals_makes_no_other_column_of_dates() {
    let costs = rows(
        "Gregorian date,Campaign name,Clicks,Spend",
        |row| match row {
            6 => "-,-,15,75.00".to_owned(),
            row => format!("11/1{row}/2026,Brand,{row},{row}5.00"),
        },
    );
    let toml = reads_its_file(&costs);
    let day = "to = \"day\"\nfrom = [\"Gregorian date\"]\nread = \"day\"\norder = \"mdy\"";
    assert!(toml.contains(day), "{toml}");
}

#[test]
fn a_clock_of_twelve_hours_beside_a_date_is_its_time() {
    let calls = rows(
        "Direction,From,To,Date,Time,Action Result,Duration",
        |row| {
            let end = ["Accepted", "Voicemail"][row % 2];
            let people = format!("\"(415) 555-010{row}\",\"(415) 555-0001\"");
            format!("Incoming,{people},11/1{row}/2026,1:0{row} PM,{end},0:01:0{row}")
        },
    );
    let toml = reads_its_file(&calls);
    assert!(toml.contains("clock = [\"Time\"]"), "{toml}");
    let words = "map = { \"accepted\" = \"yes\", \"voicemail\" = \"no\" }";
    assert!(toml.contains(words), "{toml}");
}
