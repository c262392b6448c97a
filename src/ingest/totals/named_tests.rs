//! Rows that name what they are the sum of.

use super::tests::{OWN, RUB, TRAFFIC, assert_comes, came_to, week};

/// A week of two campaigns of one system and one of another, with the subtotals of both.
fn with_subtotals(direct: &str, vk: &str, of_search: impl Fn(i64) -> i64) -> String {
    week(OWN, |day, at| {
        let search = of_search(at);
        let sum = search + 500;
        format!(
            "{day};Директ;Поиск;{search}\n{day};Директ;РСЯ;500\n{day};{direct};;{sum}\n\
             {day};VK;Таргет;300\n{day};{vk};;300\n"
        )
    })
}

#[test]
fn subtotals_that_name_their_system_are_passed_over() {
    for (direct, vk) in [
        ("Директ итого", "VK итого"),
        ("Итого Директ", "Итого VK"),
        ("Директ - всего", "VK — всего"),
        ("Директ (итого)", "VK (итого)"),
        ("Яндекс Директ сумма", "vk total"),
    ] {
        let round = with_subtotals(direct, vk, |_| 1000);
        assert_comes("c.csv", &round, 7 * 1800 * RUB, 14);
        let odd = with_subtotals(direct, vk, |at| 1000 + 37 * at);
        // 9 + … + 15 = 84
        let sum = 7 * 1800 + 37 * 84;
        assert_comes("c.csv", &odd, sum * RUB, 14);
    }
    let said = assert_comes(
        "c.csv",
        &with_subtotals("Директ итого", "VK итого", |_| 1000),
        7 * 1800 * RUB,
        14,
    );
    assert!(
        said.contains("14 rows like \"директ итого\" are the sums of the rows that they name (the first in line 4)"),
        "{said}"
    );
}

#[test]
fn a_subtotal_of_channels_is_of_those_whose_names_begin_so() {
    let visits = week(TRAFFIC, |day, at| {
        let search = 100 + at;
        format!(
            "{day};Директ поиск;{search};90\n{day};Директ РСЯ;50;45\n{day};Директ итого;{};120\n{day};SEO;80;70\n",
            search + 50
        )
    });
    assert_comes("t.csv", &visits, 7 * 230 + 84, 7);
}

#[test]
fn subtotals_of_a_spreadsheet_have_no_day() {
    let days = |name: &str, cost: i64| -> String {
        let rows = (2..9).map(|day| format!("{name};{day:02}.11.2026;а;{}\n", cost + 3 * day));
        rows.collect()
    };
    // 2 + … + 8 = 35
    let file = format!(
        "Площадка;Дата;Кампания;Расход\n{}Директ Итог;;;{}\n{}VK Итог;;;{}\nОбщий итог;;;9310\n",
        days("Директ", 1000),
        7105,
        days("VK", 300),
        2205
    );
    assert_comes("c.csv", &file, 9310 * RUB, 3);
    let off = file.replace(";2205", ";2200");
    let came = came_to("c.csv", &off).expect("readable");
    assert_eq!((came.sum, came.rejected), (9310 * RUB, 1), "{came:?}");
}

#[test]
fn campaigns_with_words_of_sums_in_their_names_count() {
    let file = week(OWN, |day, _| {
        format!(
            "{day};Директ;war;1000\n{day};Директ;brand;500\n{day};Директ;Total war;1500\n\
             {day};Директ;Итоги года;1000\n{day};Директ;Окна всего;2000\n"
        )
    });
    let came = came_to("c.csv", &file).expect("readable");
    assert_eq!((came.sum, came.skipped), (7 * 6000 * RUB, 0), "{came:?}");
}

#[test]
fn subtotals_that_are_off_are_told_or_refused() {
    let off = |days: std::ops::Range<i64>| {
        week(OWN, |day, at| {
            let sum = 1500 + i64::from(days.contains(&at)) * 10;
            format!("{day};Директ;Поиск;1000\n{day};Директ;РСЯ;500\n{day};Директ итого;;{sum}\n")
        })
    };
    let said = assert_comes("c.csv", &off(9..11), 7 * 1500 * RUB, 7);
    assert!(
        said.contains("line 4 says 1510.00, the rows 1500.00"),
        "{said}"
    );
    let said = came_to("c.csv", &off(9..14)).expect_err("1510 for 1500");
    assert!(said.contains("nearly the sums"), "{said}");
}
