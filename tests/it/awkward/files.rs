//! Awkward files and what has to come of each.

use super::bytes::{cp1251, locked, locked_book, tar, utf16, zip_of, zstd};
pub use super::bytes::{cut, gzip};

/// What has to come of a file.
pub enum Expect {
    /// Exit code 3, an error with a hint on standard error, not one row in the lake.
    Refused,
    /// Exit code 0, so many rows kept.
    Kept(i64),
    /// Exit code 0, so many rows kept and so many rejected.
    Rejects(i64, i64),
}
use Expect::{Kept, Refused, Rejects};

/// One awkward file: name, bytes, what has to come of it.
pub type Awkward = (&'static str, Vec<u8>, Expect);

/// The first line of an export of forms.
pub const HEADER: &str = "Дата;Форма;Телефон;E-mail;ClientID;utm_source;ID заявки\n";

/// Three good rows under the header.
pub fn forms() -> String {
    format!("{HEADER}{}", rows(&["01", "02", "03"]))
}

fn rows(numbers: &[&str]) -> String {
    numbers
        .iter()
        .map(|n| format!("{n}.03.2026 10:00;Замер;+7 900 555-09-{n};;;yandex;9{n}\n"))
        .collect()
}

/// Three good visits.
pub fn visits() -> String {
    "ym:s:visitID\tym:s:clientID\tym:s:dateTime\tym:s:pageViews\tym:s:lastsignTrafficSource\n\
     801\t501\t2026-03-01 10:00:00\t1\torganic\n\
     802\t502\t2026-03-02 10:00:00\t2\torganic\n\
     803\t503\t2026-03-03 10:00:00\t3\torganic\n"
        .to_owned()
}

/// The three good rows and another one.
pub fn with_row(row: &str) -> Vec<u8> {
    format!("{}{row}\n", forms()).into_bytes()
}

fn visits_with(row: &str) -> Vec<u8> {
    format!("{}{row}\n", visits()).into_bytes()
}

fn in_encoding(encoding: &'static encoding_rs::Encoding) -> Vec<u8> {
    encoding.encode(&forms()).0.into_owned()
}

/// A file in UTF-8 one of whose four rows holds half a character.
fn with_broken_byte() -> Vec<u8> {
    let mut bytes = with_row("04.03.2026 10:00;Замер;+7 900 555-09-04;;;;904");
    let at = memchr::memmem::rfind(&bytes, "З".as_bytes()).expect("the row is there");
    bytes.remove(at);
    bytes
}

/// A file in UTF-16 one of whose four rows holds half of a pair that only together is a character.
fn with_half_a_pair() -> Vec<u8> {
    let row = "04.03.2026 10:00;З?;+7 900 555-09-04;;;;904\n";
    let mut bytes = utf16(&format!("{}{row}", forms()));
    let at = bytes.len() - 2 * row.chars().count()
        + 2 * row
            .chars()
            .position(|symbol| symbol == '?')
            .expect("it is there");
    bytes[at..at + 2].copy_from_slice(&0xD83D_u16.to_le_bytes());
    bytes
}

/// Files that are no table at all, or no table of a known kind.
pub fn refused() -> Vec<Awkward> {
    let many: String = (0..5000)
        .map(|n| {
            format!(
                "{:02}.03.2026 10:00;Замер;+7 900 {n:07};;;;{n}\n",
                n % 28 + 1
            )
        })
        .collect();
    let long = format!("{HEADER}{many}").into_bytes();
    vec![
        ("empty.csv", Vec::new(), Refused),
        ("only-a-mark.csv", b"\xEF\xBB\xBF".to_vec(), Refused),
        ("only-line-ends.csv", b"\r\n\r\n\n".to_vec(), Refused),
        (
            "report.csv",
            b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n".to_vec(),
            Refused,
        ),
        (
            "picture.csv",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(),
            Refused,
        ),
        (
            "old-excel.csv",
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0\0\0".to_vec(),
            Refused,
        ),
        (
            "new-excel.csv",
            zip_of(&[
                ("[Content_Types].xml", b"<Types/>"),
                ("xl/workbook.xml", b"<workbook>"),
            ]),
            Refused,
        ),
        ("locked.xlsx", locked_book(), Refused),
        (
            "letter.docx",
            zip_of(&[
                ("[Content_Types].xml", b"<Types/>"),
                ("word/document.xml", b"<w/>"),
            ]),
            Refused,
        ),
        (
            "archive.7z",
            b"7z\xBC\xAF\x27\x1C\0\x04 and more".to_vec(),
            Refused,
        ),
        (
            "archive.rar",
            b"Rar!\x1A\x07\x01\0 and more".to_vec(),
            Refused,
        ),
        ("archive.tar", tar(), Refused),
        ("archive.tar.gz", gzip(&tar()), Refused),
        ("empty-lines.csv.gz", gzip(&vec![b'\n'; 80 << 20]), Refused),
        (
            "cut.json",
            b"{\"data\": [{\"id\": 1, \"phone\": \"+7 900 555-09-01\"}, {".to_vec(),
            Refused,
        ),
        ("no-calls.json", b"{\"data\": []}".to_vec(), Refused),
        (
            "zip-inside.zip",
            zip_of(&[("a.zip", &zip_of(&[("forms.csv", forms().as_bytes())]))]),
            Refused,
        ),
        ("lake.csv", b"PAR1\x15\x04\x15\x20PAR1".to_vec(), Refused),
        ("zeros.csv", vec![0; 4096], Refused),
        (
            "login.csv",
            b"<!DOCTYPE html><html><title>Sign in</title></html>\n".to_vec(),
            Refused,
        ),
        (
            "error.tsv",
            b"{\"code\":403,\"message\":\"Access is denied\"}\n".to_vec(),
            Refused,
        ),
        ("cut.csv.gz", cut(gzip(&long)), Refused),
        (
            "garbage.csv.gz",
            b"\x1f\x8b\x08\0garbage that is no deflate stream at all".to_vec(),
            Refused,
        ),
        ("cut.zip", cut(zip_of(&[("forms.csv", &long)])), Refused),
        (
            "locked.zip",
            locked(zip_of(&[("forms.csv", forms().as_bytes())])),
            Refused,
        ),
        ("nothing-inside.zip", zip_of(&[]), Refused),
        (
            "pdf-inside.zip",
            zip_of(&[("report.csv", b"%PDF-1.7\n")]),
            Refused,
        ),
        (
            "no-date.csv",
            forms().replacen("Дата", "Когда", 1).into_bytes(),
            Refused,
        ),
        ("unknown.csv", b"a;b;c\n1;2;3\n".to_vec(), Refused),
    ]
}

/// Files as people and systems re-save them: everything is read.
pub fn re_saved() -> Vec<Awkward> {
    let commas = forms().replace(';', ",");
    let quoted: String = rows(&["01", "02"])
        .lines()
        .map(|row| format!("\"{}\"\n", row.replace(';', "\";\"")))
        .collect();
    vec![
        ("header-only.csv", HEADER.into(), Kept(0)),
        (
            "mark-and-crlf.csv",
            format!("\u{feff}{}", forms().replace('\n', "\r\n")).into(),
            Kept(3),
        ),
        ("old-mac.csv", forms().replace('\n', "\r").into(), Kept(3)),
        (
            "excel-trailing.csv",
            forms().replace('\n', ";;;\r\n").into(),
            Kept(3),
        ),
        (
            "excel-sep.csv",
            format!("sep=;\r\n{}", forms()).into(),
            Kept(3),
        ),
        ("commas.csv", commas.into(), Kept(3)),
        ("tabs.tsv", forms().replace(';', "\t").into(), Kept(3)),
        (
            "mixed-quoting.csv",
            format!("{HEADER}{quoted}{}", rows(&["03"])).into(),
            Kept(3),
        ),
        ("utf16.csv", utf16(&forms().replace(';', "\t")), Kept(3)),
        ("windows.csv", cp1251(&forms()), Kept(3)),
        ("dos.csv", in_encoding(encoding_rs::IBM866), Kept(3)),
        ("unix.csv", in_encoding(encoding_rs::KOI8_R), Kept(3)),
        ("mac.csv", in_encoding(encoding_rs::X_MAC_CYRILLIC), Kept(3)),
        ("forms.csv.zst", zstd(forms().as_bytes()), Kept(3)),
        (
            "packed-inside.zip",
            zip_of(&[
                ("1.csv.gz", &gzip(forms().as_bytes())),
                (
                    "2.csv.zst",
                    &zstd(with_row("04.03.2026;З;;;;;904").as_slice()),
                ),
            ]),
            Kept(4),
        ),
        ("no-last-line-end.csv", forms().trim_end().into(), Kept(3)),
        (
            "blank-lines.csv",
            format!("{}\n\n   \n\r\n", forms()).into(),
            Kept(3),
        ),
        (
            "parts.csv",
            format!("{}{HEADER}{}", forms(), rows(&["04"])).into(),
            Kept(4),
        ),
        ("forms.csv.gz", gzip(forms().as_bytes()), Kept(3)),
        (
            "two-members.csv.gz",
            [gzip(forms().as_bytes()), gzip(rows(&["04"]).as_bytes())].concat(),
            Kept(4),
        ),
        (
            "forms.zip",
            zip_of(&[
                ("a/forms.csv", forms().as_bytes()),
                ("__MACOSX/._forms.csv", b"\0\x05\x16"),
            ]),
            Kept(3),
        ),
        (
            "two-in-one.zip",
            zip_of(&[
                ("1.csv", forms().as_bytes()),
                ("2.csv", with_row("04.03.2026;З;;;;;904").as_slice()),
            ]),
            Kept(4),
        ),
        (
            "spaced-header.csv",
            forms().replacen("Дата;Форма", " дата ; ФОРМА ", 1).into(),
            Kept(3),
        ),
        (
            "doubled-header.csv",
            forms()
                .replace("utm_source;", "utm_source;utm_source;")
                .replace("yandex;", "a;yandex;")
                .into(),
            Kept(3),
        ),
        ("bracket[1] copy (2).csv", forms().into(), Kept(3)),
    ]
}

/// Files with rows that cannot be taken, and rows that look as if they could not.
pub fn odd_rows() -> Vec<Awkward> {
    let long = format!(
        "04.03.2026 10:00;{};+7 900 555-09-04;;;;904",
        "x".repeat(20 << 20)
    );
    let formula = "04.03.2026 10:00;\"=HYPERLINK(\"\"http://evil.example\"\";\"\"click\"\")\";+7 900 555-09-04;;;@SUM(1+1)*cmd|' /C calc'!A0;904";
    vec![
        (
            "y1970.csv",
            with_row("01.01.1970 00:00;З;+7 900 555-09-04;;;;904"),
            Rejects(3, 1),
        ),
        (
            "no-such-day.csv",
            with_row("31.02.2026 10:00;З;+7 900 555-09-04;;;;904"),
            Rejects(3, 1),
        ),
        (
            "no-date-in-row.csv",
            with_row(";З;+7 900 555-09-04;;;;904"),
            Rejects(3, 1),
        ),
        (
            "too-few-cells.csv",
            with_row("04.03.2026 10:00;З"),
            Rejects(3, 1),
        ),
        (
            "too-many-cells.csv",
            with_row("04.03.2026 10:00;З;1;2;3;4;5;6;7;8"),
            Rejects(3, 1),
        ),
        (
            "open-quote.csv",
            with_row(
                "04.03.2026 10:00;\"З;+7 900 555-09-04;;;;904\n05.03.2026 10:00;З;+7 900 555-09-05;;;;905",
            ),
            Rejects(4, 1),
        ),
        (
            "quote-inside.csv",
            with_row("04.03.2026 10:00;Окно 5\" белое;+7 900 555-09-04;;;;904"),
            Kept(4),
        ),
        (
            "line-end-inside.csv",
            with_row("04.03.2026 10:00;\"Окно\nбелое\";+7 900 555-09-04;;;;904"),
            Kept(4),
        ),
        ("formulas.csv", with_row(formula), Kept(4)),
        (
            "long-line.csv",
            [with_row(&long), rows(&["05"]).into()].concat(),
            Rejects(4, 1),
        ),
        (
            "breaks-off.csv",
            with_row("04.03.2026 10:00;За").trim_ascii_end().to_vec(),
            Rejects(3, 1),
        ),
        ("broken-utf16.csv", with_half_a_pair(), Kept(4)),
        ("broken-byte.csv", with_broken_byte(), Rejects(3, 1)),
        (
            "id-2-64-less-1.tsv",
            visits_with("18446744073709551615\t18446744073709551615\t2026-03-04 10:00:00\t1\tad"),
            Kept(4),
        ),
        (
            "id-2-64.tsv",
            visits_with(
                "18446744073709551616\t99999999999999999999999\t2026-03-04 10:00:00\t1\tad",
            ),
            Kept(4),
        ),
        (
            "id-0.tsv",
            visits_with("0\t0\t2026-03-04 10:00:00\t1\tad"),
            Rejects(3, 1),
        ),
        (
            "minus-one.tsv",
            visits_with("804\t504\t2026-03-04 10:00:00\t-1\tad"),
            Rejects(3, 1),
        ),
        (
            "too-large-count.tsv",
            visits_with("804\t504\t2026-03-04 10:00:00\t4294967296\tad"),
            Rejects(3, 1),
        ),
        (
            "same-id-twice.tsv",
            visits_with("803\t503\t2026-03-03 10:00:00\t9\torganic"),
            Kept(3),
        ),
        (
            "skipped-hour.tsv",
            visits_with("804\t504\t2011-03-27 02:30:00\t1\tad"),
            Kept(4),
        ),
    ]
}
