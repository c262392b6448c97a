use super::*;

#[test]
fn numbers_are_read_with_either_mark() {
    let dot = |cell: &str| milli(cell.as_bytes(), Decimal::Dot);
    let comma = |cell: &str| milli(cell.as_bytes(), Decimal::Comma);
    assert_eq!(dot("9,380"), Some(9_380_000));
    assert_eq!(dot("1,23,456.5"), Some(123_456_500));
    assert_eq!(dot("1'234.5"), Some(1_234_500));
    assert_eq!(dot("1’234.5"), Some(1_234_500));
    assert_eq!(dot("-0.0005"), Some(-1));
    assert_eq!(dot("1.23456"), Some(1_235));
    assert_eq!(dot(".5"), Some(500));
    assert_eq!(dot("5."), Some(5_000));
    assert_eq!(comma("1 234,56"), Some(1_234_560));
    assert_eq!(comma("1\u{a0}234\u{a0}567,5"), Some(1_234_567_500));
    assert_eq!(comma("1\u{202f}234\u{202f}567,5"), Some(1_234_567_500));
    assert_eq!(comma("1\u{2009}234,5"), Some(1_234_500));
    assert_eq!(comma("1.234.567,89"), Some(1_234_567_890));
}

#[test]
fn what_is_not_understood_whole_is_no_number() {
    let cells = [
        "",
        "-",
        "--",
        " --",
        ".",
        "< 10%",
        "12%",
        "12 шт.",
        "12 тыс. руб.",
        "1.2.3e4",
        "1,2",
        "12,50",
        "1,234,5",
        "1 2345",
        "1,234 567",
        "#N/A",
        "#REF!",
        "1 200 руб. 50 коп.",
        "--5",
        "(-5)",
        "1,25E+06",
        "12 13",
        "0x10",
    ];
    for cell in cells {
        assert_eq!(milli(cell.as_bytes(), Decimal::Dot), None, "{cell}");
    }
}

#[test]
fn currencies_signs_and_brackets_stand_around_an_amount() {
    let cases = [
        ("US$1.92", Decimal::Dot, 192),
        ("$1,234.50", Decimal::Dot, 123_450),
        ("-$5", Decimal::Dot, -500),
        ("$-5", Decimal::Dot, -500),
        ("€ 3.500,00", Decimal::Comma, 350_000),
        ("3.500,00\u{a0}€", Decimal::Comma, 350_000),
        ("R$ 100.000", Decimal::Comma, 10_000_000),
        ("1 200 руб.", Decimal::Dot, 120_000),
        ("1\u{202f}200,50\u{a0}₽", Decimal::Comma, 120_050),
        ("1200 р.", Decimal::Dot, 120_000),
        ("EUR 12,5", Decimal::Comma, 1_250),
        ("(1 200,50)", Decimal::Comma, -120_050),
        ("(₽1200)", Decimal::Dot, -120_000),
        ("1200-", Decimal::Dot, -120_000),
        ("1250.-", Decimal::Dot, 125_000),
        ("1 250,–", Decimal::Comma, 125_000),
        ("-1 250,-", Decimal::Comma, -125_000),
        ("500,- Kč", Decimal::Comma, 50_000),
        ("100 евро", Decimal::Comma, 10_000),
        ("\u{2212}1200", Decimal::Dot, -120_000),
        ("–10", Decimal::Dot, -1_000),
        ("1e3", Decimal::Dot, 100_000),
        ("1.5e+06", Decimal::Dot, 150_000_000),
        ("1,234e1", Decimal::Comma, 1_234),
        ("1e-2", Decimal::Dot, 1),
    ];
    for (cell, decimal, kopecks) in cases {
        assert_eq!(minor(cell.as_bytes(), decimal), Some(kopecks), "{cell}");
    }
}

#[test]
fn amounts_become_minor_units() {
    assert_eq!(minor(b"1234,50", Decimal::Comma), Some(123_450));
    assert_eq!(minor_of_micros(b"1234500000", Decimal::Dot), Some(123_450));
    assert_eq!(minor(b"-10", Decimal::Dot), Some(-1_000));
}

#[test]
fn an_amount_shows_its_fraction_mark_unless_it_may_be_one_of_thousands() {
    use Decimal::{Comma, Dot};
    let cases = [
        ("1,234.56", Some(Shown::Fraction(Dot))),
        ("1.234,56 €", Some(Shown::Fraction(Comma))),
        ("1.234.567", Some(Shown::Fraction(Comma))),
        ("1250,5", Some(Shown::Fraction(Comma))),
        ("2.250", Some(Shown::Open(Dot))),
        ("R$ 100.000", Some(Shown::Open(Dot))),
        ("-1,234", Some(Shown::Open(Comma))),
        ("0.250", Some(Shown::Fraction(Dot))),
        ("1234.250", Some(Shown::Fraction(Dot))),
        ("1 234,250", Some(Shown::Fraction(Comma))),
        ("1 234", None),
        ("12.11.2026 г.", None),
        ("руб., всего", None),
    ];
    for (cell, shown) in cases {
        assert_eq!(mark_shown(cell.as_bytes()), shown, "{cell}");
    }
}

#[test]
fn counts_have_no_fraction_and_are_never_the_mark_of_absence() {
    for cell in [
        "1234", "1,234", "1.234", "1 234", "1234.0", "1234,00", "1e3",
    ] {
        let expected = if cell == "1e3" { 1_000 } else { 1_234 };
        assert_eq!(count(cell.as_bytes(), None), Some(expected), "{cell}");
    }
    for cell in [
        "4294967295",
        "4294967295.0",
        "4,294,967,295",
        "-1",
        "1.5",
        "12%",
        "1,5",
        "1.234,5",
    ] {
        assert_eq!(count(cell.as_bytes(), None), None, "{cell}");
    }
    assert_eq!(count(b"1.000", Some(Decimal::Dot)), Some(1));
}

#[test]
fn durations_are_seconds_or_clock_times() {
    assert_eq!(duration(b"95"), Some(95));
    assert_eq!(duration(b"01:02:03"), Some(3723));
    assert_eq!(duration(b"75:00"), Some(4500));
    for cell in ["1:xx", "1:2:3:4", "00:61", "1:"] {
        assert_eq!(duration(cell.as_bytes()), None, "{cell}");
    }
}

#[test]
fn an_amount_is_rounded_once() {
    let minor = |cell: &str| minor(cell.as_bytes(), Decimal::Dot);
    assert_eq!(minor("1.4346"), Some(143));
    assert_eq!(minor("1.4346e0"), Some(143));
    assert_eq!(minor("1.435"), Some(144));
    assert_eq!(minor("-1.435"), Some(-144));
    assert_eq!(minor("0.00499999"), Some(0));
    assert_eq!(minor("0.01998045"), Some(2));
}
