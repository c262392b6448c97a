//! What a person is told when something around the exports is wrong, whole: the folders, the formats, the look, the lake,
//! the mail server. What is wrong inside of exports is in `awkward`.

use std::fs;

use crate::awkward::FIRM;
use crate::awkward::files::{HEADER, forms, visits, with_row};
use crate::snapshots::Snapshots;
use crate::support::{Firm, files_below, run};

/// One fault of a firm whose forms are in the lake: a name, what is spoilt, the command that meets it.
type Fault = (&'static str, fn(&Firm), &'static [&'static str]);

const CHECK: &[&str] = &["check"];
const INGEST: &[&str] = &["ingest"];

const FAULTS: &[Fault] = &[
    ("check-nothing-wrong", |_| {}, CHECK),
    (
        "check-no-files",
        |firm| remove(firm, "exports/forms.csv"),
        CHECK,
    ),
    (
        "check-no-pipeline",
        |firm| remove(firm, "firm/firm.toml"),
        CHECK,
    ),
    (
        "check-pipeline-in-windows-1251",
        |firm| {
            firm.write(
                "firm/firm.toml",
                b"name = \"firm\"\ntitle = \"\xCE\xEA\xED\xE0\"\n",
            )
        },
        CHECK,
    ),
    (
        "check-broken-format",
        |firm| firm.write("firm/formats/mine.toml", "name = \"mine\"\ntitle = \"\"\n"),
        CHECK,
    ),
    (
        "check-no-such-format",
        |firm| with_format(firm, "site-form"),
        CHECK,
    ),
    (
        "check-format-in-windows-1251",
        |firm| {
            firm.write(
                "firm/formats/mine.toml",
                b"name = \"mine\"\ntitle = \"\xCE\xEA\xED\xE0\"\n",
            )
        },
        CHECK,
    ),
    (
        "check-broken-template",
        |firm| {
            firm.write(
                "firm/templates/mail/blocks/text.html",
                "<p>\n{% if x %}\n</p>",
            )
        },
        CHECK,
    ),
    (
        "check-template-with-an-unknown-place",
        |firm| {
            firm.write(
                "firm/templates/mail/blocks/text.html",
                "<p>\n{{ nobody.fills }}\n</p>",
            )
        },
        CHECK,
    ),
    (
        "check-template-that-nothing-reads",
        |firm| firm.write("firm/templates/mail/blocks/tables.html", "x"),
        CHECK,
    ),
    (
        "check-no-colour",
        |firm| firm.write("firm/templates/colours.toml", "[light]\nink = \"black\"\n"),
        CHECK,
    ),
    (
        "check-unknown-colour",
        |firm| {
            firm.write(
                "firm/templates/colours.toml",
                "[light]\ninc = \"#000000\"\n",
            )
        },
        CHECK,
    ),
    (
        "check-unknown-words",
        |firm| {
            firm.write(
                "firm/templates/lang/en.toml",
                "[footer]\nreplay = \"Ask Olga.\"\n",
            )
        },
        CHECK,
    ),
    (
        "check-part-of-the-lake-cut",
        |firm| fs::write(part(firm), "PAR1").expect("a part is cut"),
        CHECK,
    ),
    (
        "check-part-of-the-lake-gone",
        |firm| fs::remove_file(part(firm)).expect("a part is removed"),
        CHECK,
    ),
    (
        "check-no-catalog",
        |firm| firm.write("lake/firm/state.db", "no database".repeat(99)),
        CHECK,
    ),
    ("check-broken-key", |firm| write_key(firm, "0123"), CHECK),
    (
        "check-mail-without-host",
        |_| {},
        &["check", "VORONKA_SMTP_USER=anna"],
    ),
    (
        "run-mail-in-the-clear",
        |_| {},
        &[
            "run",
            "VORONKA_SMTP_HOST=mail.example",
            "VORONKA_SMTP_TLS=none",
        ],
    ),
    (
        "run-mail-without-password",
        |_| {},
        &[
            "run",
            "VORONKA_SMTP_HOST=mail.example",
            "VORONKA_SMTP_USER=anna",
        ],
    ),
    (
        "run-mail-unknown-encryption",
        |_| {},
        &[
            "run",
            "VORONKA_SMTP_HOST=mail.example",
            "VORONKA_SMTP_TLS=ssl",
        ],
    ),
    (
        "run-mail-no-port",
        |_| {},
        &[
            "run",
            "VORONKA_SMTP_HOST=mail.example",
            "VORONKA_SMTP_PORT=smtp",
        ],
    ),
    ("ingest-nothing-new", |_| {}, INGEST),
    (
        "ingest-no-files",
        |firm| remove(firm, "exports/forms.csv"),
        INGEST,
    ),
    (
        "ingest-header-only",
        |firm| firm.write("exports/new.csv", HEADER),
        INGEST,
    ),
    (
        "ingest-no-exports",
        |firm| firm.write("firm/firm.toml", "name = \"new\"\ntitle = \"New\"\n"),
        INGEST,
    ),
    ("ingest-a-folder", |_| {}, &["ingest", "exports"]),
    (
        "ingest-a-file-that-is-not-there",
        |_| {},
        &["ingest", "exports/april.csv"],
    ),
    (
        "ingest-a-file-of-no-export",
        |firm| firm.write("downloads/forms.csv", forms()),
        &["ingest", "downloads/forms.csv"],
    ),
    (
        "ingest-two-kinds",
        |firm| {
            firm.write("exports/2.csv", forms().replace(".03.", ".04."));
            firm.write("exports/visits.tsv", visits());
        },
        INGEST,
    ),
    (
        "ingest-no-such-format",
        |firm| with_format(firm, "site-form"),
        INGEST,
    ),
    (
        "ingest-another-format",
        |firm| with_format(firm, "hubspot-deals"),
        INGEST,
    ),
    ("ingest-broken-key", |firm| write_key(firm, "0123"), INGEST),
    ("ingest-too-many-rejects", with_bad_row, INGEST),
    (
        "run-too-many-rejects",
        with_bad_row,
        &["run", "--period", "2026-W10", "--no-send"],
    ),
    (
        "run-no-such-week",
        |_| {},
        &["run", "--period", "2026-W54", "--no-send"],
    ),
    (
        "inspect-not-there",
        |_| {},
        &["inspect", "exports/april.csv"],
    ),
    ("inspect-a-folder", |_| {}, &["inspect", "exports"]),
    (
        "inspect-no-such-format",
        |_| {},
        &["inspect", "--format", "site-form", "exports/forms.csv"],
    ),
    (
        "inspect-another-format",
        |_| {},
        &["inspect", "--format", "hubspot-deals", "exports/forms.csv"],
    ),
    (
        "inspect-draft-of-a-known-file",
        |_| {},
        &["inspect", "--draft", "exports/forms.csv"],
    ),
    (
        "inspect-draft",
        |firm| firm.write("exports/new.csv", "Kunde;Datum\nA;1\n"),
        &["inspect", "--draft", "exports/new.csv"],
    ),
];

fn remove(firm: &Firm, inside: &str) {
    fs::remove_file(firm.path(inside)).expect("the file is there");
}

/// The one file with rows in the lake.
fn part(firm: &Firm) -> std::path::PathBuf {
    let mut parts = files_below(&firm.lake()).into_iter();
    parts
        .find(|path| path.extension().is_some_and(|kind| kind == "parquet"))
        .expect("the lake has a part")
}

fn write_key(firm: &Firm, text: &str) {
    fs::write(firm.lake().join("identity.key"), text).expect("the key is there");
}

fn with_format(firm: &Firm, name: &str) {
    let line = format!("name = \"in\"\nformat = \"{name}\"");
    firm.write("firm/firm.toml", FIRM.replace("name = \"in\"", &line));
    firm.write("exports/new.csv", forms().replace(".03.", ".04."));
}

fn with_bad_row(firm: &Firm) {
    firm.write("firm/firm.toml", FIRM.replace("1.0", "0.05"));
    firm.write("exports/new.csv", with_row("01.01.1970 00:00;З;;;;;904"));
}

#[test]
fn every_fault_around_the_exports_is_told_in_the_words_of_its_snapshot() {
    let mut snapshots = Snapshots::in_folder("tests/it/snapshots/faults");
    for (name, spoil, words) in FAULTS {
        let firm = Firm::new(FIRM);
        firm.write("exports/forms.csv", forms());
        firm.voronka("ingest", &[]).expect_code(0);
        spoil(&firm);
        let (set, rest): (Vec<&str>, Vec<&str>) = words[1..]
            .iter()
            .partition(|word| word.starts_with("VORONKA_"));
        let mut command = firm.command(words[0], &rest);
        command.envs(set.iter().filter_map(|word| word.split_once('=')));
        let transcript = firm.transcript(&run(&mut command));
        let line = [&set[..], &["voronka", words[0]], &rest[..]]
            .concat()
            .join(" ");
        snapshots.hold(name, &line, || insta::assert_snapshot!(*name, transcript));
    }
    snapshots.end();
}
