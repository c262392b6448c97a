use super::*;

fn read(cell: &str, countries: &Countries) -> Result<String, Found> {
    let mut key = Vec::new();
    match read_phone(cell.as_bytes(), countries, &mut key) {
        Found::Person => Ok(String::from_utf8(key).expect("keys are ASCII")),
        other => Err(other),
    }
}

fn in_russia(cell: &str) -> Result<String, Found> {
    read(cell, &Countries::default())
}

fn at_home_in(codes: &[&str]) -> Countries {
    let codes: Vec<String> = codes.iter().map(ToString::to_string).collect();
    let countries = Countries::named(&codes).expect("the plans are known");
    countries.expect("there is a home")
}

#[test]
fn one_number_in_all_its_spellings_is_one_key() {
    for cell in [
        "89245550000",
        "+7 924 555-00-00",
        "79245550000",
        "8107 924 555 00 00",
        "00 7 924 555 00 00",
        "9245550000",
        "8 (924) 555-00-00, 8 900 111-22-33",
        "+8 924 555 00 00",
        "+7 8 924 555-00-00",
        "8/924/555-00-00",
        "8.924.555.00.00",
        "'+7 924 555-00-00",
        "７ ９２４ ５５５ ００ ００",
        "+7\u{a0}924\u{a0}555‑00‑00",
        "79245550000.0",
        "7.9245550000E+10",
    ] {
        assert_eq!(in_russia(cell).as_deref(), Ok("9245550000"), "{cell}");
    }
}

#[test]
fn what_stands_beside_a_number_is_not_of_it() {
    for cell in [
        "+7 924 555-00-00 доб. 12",
        "8 (924) 555-00-00 ext. 7",
        "+79245550000x12",
        "+79245550000,12",
        "+79245550000#12",
        "+7 924 555-00-00;ext=12",
        "+7 924 555-00-00 (доб. 12)",
        "+7 924 555-00-00 (12)",
        "8 924 555 00 00 12",
        "+7 924 555-00-00 WhatsApp",
        "whatsapp: +7 924 555-00-00",
        "tel:+79245550000",
        "https://wa.me/79245550000",
        "sip:79245550000@10.0.0.1:5060",
        "Анна, 8 924 555-00-00 (после 18)",
        "кв. 12, 89245550000",
        "(Security Alert: Suspicious content is detected. See https://contactform7.com/x for details.) +7 924 555-00-00",
    ] {
        assert_eq!(in_russia(cell).as_deref(), Ok("9245550000"), "{cell}");
    }
}

#[test]
fn of_several_numbers_the_first_counts() {
    for cell in [
        "+7 924 555-00-00 / +7 900 111-22-33",
        "+7 924 555-00-00 ::: 8 900 111 22 33",
        "89245550000 89001112233",
        "8 924 555 00 00 8 900 111 22 33",
        "+79245550000+79001112233",
        "89245550000 или 89001112233",
        "89245550000\n89001112233",
        "0000000000, 89245550000",
    ] {
        assert_eq!(in_russia(cell).as_deref(), Ok("9245550000"), "{cell}");
    }
}

#[test]
fn national_and_international_spellings_are_one_number() {
    for (abroad, at_home) in [
        ("+375 29 123-45-67", "80291234567"),
        ("+998 90 123 45 67", "901234567"),
        ("+49 30 1234567", "030 1234567"),
        ("+49 (0)30 1234567", "030 1234567"),
        ("+372 5123 4567", "51234567"),
        ("+380 67 123 45 67", "0671234567"),
        ("+7 701 123 45 67", "87011234567"),
        ("375291234567", "8 029 123-45-67"),
        ("810 375 29 123 45 67", "80291234567"),
    ] {
        let key = in_russia(abroad);
        assert!(key.is_ok(), "{abroad}");
        assert_eq!(key, in_russia(at_home), "{abroad} {at_home}");
    }
    let british = at_home_in(&["GB"]);
    for cell in ["+44 7700 900592", "07700900592", "0044 (0)7700 900592"] {
        assert_eq!(read(cell, &british).as_deref(), Ok("7700900592"), "{cell}");
    }
}

#[test]
fn strangers_whose_numbers_end_alike_stay_strangers() {
    // A Briton and a Kazakh, a Belarusian and a Russian: the last ten digits are the same.
    assert_ne!(in_russia("+44 7700 900592"), in_russia("+7 770 090-05-92"));
    assert_ne!(
        in_russia("+375 29 123-45-67"),
        in_russia("+7 529 123-45-67")
    );
}

#[test]
fn the_home_country_is_read_first_and_only_named_countries_after_it() {
    let german = at_home_in(&["DE"]);
    assert_eq!(read("0671 234567", &german).as_deref(), Ok("671234567"));
    assert_eq!(read("+49 671 234567", &german).as_deref(), Ok("671234567"));
    // Without Uzbekistan among the countries nothing is known of it.
    let russian = at_home_in(&["RU"]);
    assert_eq!(read("901234567", &russian).as_deref(), Ok("901234567"));
    assert_eq!(Countries::named(&["XX".to_owned()]).err(), Some("XX"));
    let minsk = Countries::of_zone("Europe/Minsk");
    assert_eq!(read("029 123-45-67", &minsk).as_deref(), Ok("291234567"));
}

#[test]
fn numbers_that_nobody_has_are_placeholders() {
    for cell in [
        "+7 (000) 000-00-00",
        "0000000",
        "+7 999 999-99-99",
        "70000000000",
        "1111111",
        "1234567",
        "12345678910",
        "+7 (123) 456-78-90",
        "9876543210",
        "+7 900 000-00-00",
        "undefined",
        "{phone}",
        "anonymous",
    ] {
        assert_eq!(in_russia(cell), Err(Found::Placeholder), "{cell}");
    }
}

#[test]
fn damaged_and_hidden_numbers_are_unreadable() {
    for cell in ["7,9001E+10", "7.9E10", "+7 900 ***-**-01", "7900555XX12"] {
        let found = in_russia(cell);
        assert!(
            matches!(found, Err(Found::Unreadable | Found::Nobody)),
            "{cell}: {found:?}"
        );
    }
    assert_eq!(in_russia("7,9001E+10"), Err(Found::Unreadable));
    assert_eq!(in_russia("7900555XX12"), Err(Found::Unreadable));
}

#[test]
fn extensions_and_words_are_nobody() {
    for cell in [
        "201",
        "",
        "перезвонить",
        "+",
        "123456",
        "anna1234567@mail.ru",
    ] {
        let found = in_russia(cell);
        assert!(
            matches!(found, Err(Found::Nobody | Found::Placeholder)),
            "{cell}: {found:?}"
        );
    }
    assert_eq!(in_russia("201"), Err(Found::Nobody));
}

#[test]
fn every_number_of_a_cell_is_found_where_it_fits_a_plan() {
    let all = |cell: &str| {
        let mut found = Vec::new();
        each_phone(cell.as_bytes(), &Countries::default(), &mut |key| {
            found.push(String::from_utf8(key.to_vec()).expect("digits"));
        });
        found
    };
    let two = ["9001112233", "9005550001"];
    for cell in [
        "+7 900 111-22-33, +7 900 555-00-01",
        "89001112233 89005550001",
        "8 (900) 111-22-33 / 8 900 555 00 01",
        "79001112233;79005550001",
        "моб. 8-900-111-22-33, жена 8-900-555-00-01",
    ] {
        assert_eq!(all(cell), two, "{cell}");
    }
    assert_eq!(all("+7 900 111-22-33 доб. 1234567"), ["9001112233"]);
    assert_eq!(all("79xxxxxxx12, 1111111111"), [""; 0]);
}
