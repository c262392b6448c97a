use super::*;

fn amounts(cells: &[&str]) -> Amounts {
    let mut amounts = Amounts::default();
    for (at, cell) in cells.iter().enumerate() {
        amounts.look(at as u32 + 2, cell.as_bytes());
    }
    amounts
}

fn decimal(cells: &[&str]) -> Result<super::super::cells::Decimal, String> {
    amounts(cells)
        .decide("a.csv", "Cost")
        .map(|decimal| decimal.expect("texts have one mark"))
        .map_err(|fault| fault.to_string())
}

#[test]
fn the_fraction_mark_is_that_of_the_one_amount_that_shows_it() {
    use super::super::cells::Decimal::{Comma, Dot};
    assert_eq!(decimal(&["100", "101", "1234,56"]), Ok(Comma));
    assert_eq!(decimal(&["1,234", "9,380", "0.92"]), Ok(Dot));
    assert_eq!(decimal(&["1.234", "1.234.567", "15"]), Ok(Comma));
    assert_eq!(decimal(&["100", "", "--", "n/a, см. счёт"]), Ok(Dot));
}

#[test]
fn three_digits_behind_the_only_mark_are_thousands() {
    use super::super::cells::Decimal::{Comma, Dot};
    assert_eq!(decimal(&["2.250", "3.250", "500"]), Ok(Comma));
    assert_eq!(decimal(&["1,234"]), Ok(Dot));
}

#[test]
fn a_column_with_both_marks_is_an_error_that_names_two_lines() {
    let said = decimal(&["5", "1,234.50", "12,5"]).expect_err("both marks");
    assert_eq!(
        said,
        "a.csv:3: Cost: two ways of writing amounts in one column: \"1,234.50\" here, \"12,5\" in line 4"
    );
    assert!(decimal(&["1.250", "1,250"]).is_err());
}

/// The mark of a column with numbers and texts: nothing where each cell shows its own.
fn mixed(numbers: &[&str], texts: &[&str]) -> Result<Option<super::super::cells::Decimal>, String> {
    let mut column = amounts(texts);
    for (at, number) in numbers.iter().enumerate() {
        column.look_at_number(at as u32 + 100, number.as_bytes());
    }
    let told = column.decide("a.xlsx", "Cost");
    told.map_err(|fault| fault.to_string())
}

#[test]
fn a_number_has_a_point_whatever_the_texts_beside_it_have() {
    use super::super::cells::Decimal::Dot;
    assert_eq!(mixed(&["12.345"], &[]), Ok(Some(Dot)));
    assert_eq!(mixed(&["12.345"], &["1,234", "0.5"]), Ok(Some(Dot)));
    assert_eq!(mixed(&["1000.5"], &["999,50", "1.234,5"]), Ok(None));
    assert_eq!(mixed(&["1000.5"], &["2.250"]), Ok(None), "two thousand");
    for (number, text) in [("12.345", "999,5"), ("12.345", "2.250")] {
        let said = mixed(&[number], &[text]).expect_err("either may be thousands");
        assert!(said.contains("two ways of writing"), "{said}");
    }
    assert!(mixed(&["1000.5"], &["999,5", "1,234"]).is_err());
}

#[test]
fn a_line_of_units_below_the_header_is_an_error_where_they_are_not_whole() {
    let said = decimal(&["тыс. руб.", "1,5", "2,5"]).expect_err("thousands");
    assert!(said.starts_with("a.csv:2: тыс. руб.: amounts in"), "{said}");
    assert!(decimal(&["руб.", "1,5"]).is_ok());
    assert!(decimal(&["1,5", "1 500 тыс."]).is_ok());
}

/// The order of a column that the format reads by `stated`, on 16 November 2026; or what is said.
fn order(stated: DateOrder, cells: &[&str]) -> Result<DateOrder, String> {
    let last = "2026-11-17".parse().expect("a day");
    let mut dates = Dates::new(stated, last);
    for (at, cell) in cells.iter().enumerate() {
        dates.look(at as u32 + 2, cell.as_bytes());
    }
    let told = dates.decide("a.csv", "Date", None);
    told.map(|told| told.order)
        .map_err(|fault| fault.to_string())
}

#[test]
fn a_date_that_only_one_order_can_read_shows_the_order() {
    use DateOrder::{Dmy, Mdy};
    assert_eq!(order(Dmy, &["11/3/2026", "11/13/2026 12:00 AM"]), Ok(Mdy));
    assert_eq!(order(Mdy, &["3/11/2026", "13/11/2026"]), Ok(Dmy));
    assert_eq!(order(Dmy, &["13/11/2026", "9/11/2026"]), Ok(Dmy));
    assert_eq!(order(Dmy, &["9/11/2026", "10/11/2026"]), Ok(Dmy));
    // One slip of the hand is a fault of its row.
    assert_eq!(
        order(Dmy, &["05.13.2026", "05.11.2026", "25.11.2026"]),
        Ok(Dmy)
    );
    assert_eq!(order(Dmy, &["2026-11-09", "не закрыта"]), Ok(Dmy));
}

#[test]
fn dates_in_two_orders_are_an_error_that_names_two_lines() {
    let said = order(DateOrder::Dmy, &["13/11/2026", "1/1/2026", "11/13/2026"]);
    assert_eq!(
        said,
        Err("a.csv:2: Date: two orders of dates in one column: \"13/11/2026\" here has the day first, \"11/13/2026\" in line 4 the month".to_owned())
    );
    // An American spreadsheet turns what it takes for dates, and leaves the rest as text.
    assert!(order(DateOrder::Dmy, &["13.11.2026", "11/9/2026"]).is_err());
    assert!(order(DateOrder::Dmy, &["13.11.2026", "11/19/2026"]).is_err());
}

#[test]
fn dates_that_lie_ahead_in_one_order_only_are_in_doubt() {
    let said = order(DateOrder::Dmy, &["11/9/2026 14:14", "11/12/2026 13:13"]);
    assert_eq!(
        said,
        Err("a.csv:2: Date: day and month may have changed places, as in \"11/9/2026 14:14\"; one date is 2026-12-11 or 2026-11-12".to_owned())
    );
    // A single date of the future is one row's mistake where points say that the day comes first.
    assert_eq!(
        order(DateOrder::Dmy, &["09.11.2026", "11.12.2026"]),
        Ok(DateOrder::Dmy)
    );
}

#[test]
fn months_that_run_while_the_day_stands_still_are_in_doubt() {
    let dmy = |cells: &[&str]| order(DateOrder::Dmy, cells);
    assert!(dmy(&["11/8/2025", "11/9/2025", "11/10/2025"]).is_err());
    // 11 November reads alike either way, and is one of the week all the same.
    assert!(dmy(&["11/9/2025", "11/10/2025", "11/11/2025"]).is_err());
    assert!(dmy(&["1/8/2025 10:00", "1/9/2025 11:00", "1/10/2025 12:00"]).is_err());
    // A table by months has the first of each.
    assert!(dmy(&["1/8/2025", "1/9/2025", "1/10/2025"]).is_ok());
    assert!(dmy(&["11/8/2025", "5/9/2025", "7/10/2025"]).is_ok());
}

#[test]
fn dates_with_points_and_the_month_first_are_an_error() {
    let dmy = |cells: &[&str]| order(DateOrder::Dmy, cells);
    let said = dmy(&["11.1.26", "11.2.26", "11.13.26"]).expect_err("a month in front");
    assert!(said.starts_with("a.csv:4: Date: dates with points have the day first, as \"11.1.26\" in line 2, and \"11.13.26\""), "{said}");
    // The first eleven days of November, or the eleventh of every month.
    let days: Vec<String> = (1..=11)
        .map(|day| format!("11.{day:02}.2026 10:00"))
        .collect();
    let days: Vec<&str> = days.iter().map(String::as_str).collect();
    assert!(dmy(&days).is_err());
    let said = dmy(&["08.10.2026", "08.11.2026", "09.11.2026", "08.12.2026"]);
    assert!(said.is_err(), "ahead with the day first alone");
    let slips = ["13.11.2026", "11.13.2026", "11.14.2026"];
    assert!(dmy(&slips).is_err(), "two slips are none");
}

#[test]
fn dates_with_points_are_read_day_first_without_a_question() {
    let dmy = |cells: &[&str]| order(DateOrder::Dmy, cells);
    let week = [
        "02.11.2026",
        "03.11.2026",
        "04.11.2026",
        "05.11.2026",
        "06.11.2026",
    ];
    assert!(dmy(&week).is_ok());
    let months = [
        "01.01.2026",
        "01.02.2026",
        "01.03.2026",
        "01.04.2026",
        "01.05.2026",
    ];
    assert!(dmy(&months).is_ok(), "a table by months");
    let payments = [
        "10.11.2025",
        "10.12.2025",
        "10.01.2026",
        "10.02.2026",
        "10.03.2026",
    ];
    assert!(dmy(&payments).is_ok(), "payments of every month");
    assert!(dmy(&["12.09.2026", "12.10.2026", "12.11.2026"]).is_ok());
}

#[test]
fn a_column_in_which_every_date_is_open_follows_another_that_is_not() {
    let last = "2026-12-31".parse().expect("a day");
    let mut dates = Dates::new(DateOrder::Dmy, last);
    dates.look(2, b"11/9/2026");
    let told = dates
        .decide("a.csv", "Close", Some(DateOrder::Mdy))
        .expect("an order");
    assert_eq!(told.order, DateOrder::Mdy);
    assert_eq!(
        told.note.as_deref(),
        Some("Close: dates are read month first: \"11/9/2026\" in line 2")
    );
}

#[test]
fn early_days_as_dates_beside_late_ones_as_text_were_swapped() {
    use DateOrder::Dmy;
    let said = order(
        Dmy,
        &["2026-09-11", "13.11.2026", "2026-10-11", "14.11.2026"],
    );
    assert!(said.is_err_and(|said| said.contains("swapped")));
    // Either kind has days of both halves of the month: somebody has typed in two ways.
    assert_eq!(
        order(Dmy, &["2026-11-09", "2026-11-19", "13.11.2026"]),
        Ok(Dmy)
    );
    assert_eq!(
        order(Dmy, &["2026-11-09", "13.11.2026", "09.11.2026"]),
        Ok(Dmy)
    );
}

/// The same for a column whose format has the year first.
fn order_of_a_spreadsheet(cells: &[&str]) -> Result<DateOrder, String> {
    let last = "2026-11-17".parse().expect("a day");
    let mut dates = Dates::new(DateOrder::Dmy, last).of_a_spreadsheet();
    for (at, cell) in cells.iter().enumerate() {
        dates.look(at as u32 + 2, cell.as_bytes());
    }
    let told = dates.decide("a.csv", "Date", None);
    told.map(|told| {
        assert!(told.note.is_some(), "it is said");
        told.order
    })
    .map_err(|fault| fault.to_string())
}

#[test]
fn what_a_spreadsheet_has_saved_anew_has_the_order_that_it_shows_and_no_other() {
    use DateOrder::{Dmy, Mdy};
    let order = order_of_a_spreadsheet;
    assert_eq!(order(&["09-11-2026", "13-11-2026 10:00"]), Ok(Dmy));
    assert_eq!(order(&["11/9/2026", "11/13/2026"]), Ok(Mdy));
    assert_eq!(order(&["09.11.2026", "10.11.2026"]), Ok(Dmy));
    // One date of a wrong year is one row's mistake.
    assert_eq!(order(&["13/11/2026", "9/11/2027"]), Ok(Dmy));
    assert!(order(&["11/9/2026", "11/10/2026"]).is_err());
    assert!(order(&["5/9/2026"]).is_err());
}

#[test]
fn years_of_two_digits_in_front_are_an_error() {
    let week = ["26-11-09", "26-11-10", "26-11-11"];
    let said = order(DateOrder::Dmy, &week).expect_err("a week, or a decade");
    assert!(said.contains("\"26-11-09\" seems to have a year"), "{said}");
    let days = ["26.11.25", "25.11.26", "26.10.26"];
    assert_eq!(order(DateOrder::Dmy, &days), Ok(DateOrder::Dmy));
    let whole = ["26-11-2009", "26-11-2010", "26-11-2011"];
    assert_eq!(order(DateOrder::Dmy, &whole), Ok(DateOrder::Dmy));
}
