use crate::ingest::formats;
use crate::model::fault::told;
use crate::snapshots::Snapshots;

const GOOD: &str = r#"name = "calls-of-ours"
title = "Calls"
table = "forms"

[recognise]
names = ["at", "form"]
cells = { 0 = '^\d' }

[bytes]
delimiters = [";"]
time_zone = "Asia/Vladivostok"

[rows]
totals = ["Итого"]

[[column]]
to = "form_id"
from = ["form"]

[[column]]
to = "at"
from = ["at"]
read = "time"
"#;

#[test]
fn a_sound_format_is_compiled() {
    let format = formats::parse(GOOD, "my.toml").expect("a sound format");
    assert_eq!(format.bytes.zone, Some(chrono_tz::Asia::Vladivostok));
    assert_eq!(format.recognise.patterns.len(), 1);
}

/// Bad formats: a name, a piece of the good one and what stands in its place.
const FAULTS: &[(&str, &str, &str)] = &[
    ("no-toml", "name = ", "name "),
    ("no-table", "table = \"forms\"\n", ""),
    ("name-not-latin", "calls-of-ours", "звонки"),
    ("title-empty", "\"Calls\"", "\"\""),
    ("unknown-table", "\"forms\"", "\"form\""),
    (
        "unknown-adapter",
        "table = \"forms\"",
        "table = \"forms\"\nadapter = \"asterix-cdr\"",
    ),
    (
        "unknown-model",
        "table = \"forms\"",
        "table = \"forms\"\nlike = \"asterix-cdr\"",
    ),
    (
        "adapter-column-not-filled",
        "table = \"forms\"",
        "table = \"calls\"\nadapter = \"call-legs\"",
    ),
    ("nothing-to-know-it-by", "names = [\"at\", \"form\"]", ""),
    (
        "more-cells-than-names",
        "[recognise]",
        "[recognise]\nmin_cells = 3",
    ),
    ("no-pattern", "'^\\d'", "'^(\\d'"),
    ("no-such-cell", "0 = ", "5 = "),
    ("no-delimiter", "\";\"", "\";;\""),
    ("unknown-time-zone", "Vladivostok", "Vladivostock"),
    ("totals-empty", "Итого", ""),
    (
        "end-of-the-table-empty",
        "totals = [",
        "ends = [\"\"]\ntotals = [",
    ),
    (
        "one-of-nothing",
        "[rows]",
        "[one_of]\nname = \"goal\"\nwords = [\"first\"]\n\n[rows]",
    ),
    (
        "sum-of-unknown-column",
        "[rows]",
        "[group]\nsum = [\"amount\"]\n\n[rows]",
    ),
    (
        "sum-of-no-number",
        "[rows]",
        "[group]\nsum = [\"form\"]\n\n[rows]",
    ),
    (
        "any-of-no-flag",
        "[rows]",
        "[group]\nany = [\"form\"]\n\n[rows]",
    ),
    ("needed-column-not-filled", "to = \"at\"", "to = \"when\""),
    ("unknown-column", "to = \"form_id\"", "to = \"id\""),
    (
        "column-twice",
        "from = [\"form\"]",
        "from = [\"form\"]\n\n[[column]]\nto = \"form_id\"\nfrom = [\"at\"]",
    ),
    ("from-nothing", "from = [\"form\"]", "from = []"),
    (
        "clock-of-no-time",
        "from = [\"form\"]",
        "from = [\"form\"]\nclock = [\"time\"]",
    ),
    ("read-does-not-fit", "\"time\"", "\"day\""),
    ("unknown-reading", "\"time\"", "\"datetime\""),
    ("unknown-setting", "read = ", "red = "),
];

#[test]
fn every_bad_format_is_refused_in_the_words_of_its_snapshot() {
    let mut snapshots = Snapshots::in_folder("src/ingest/snapshots");
    for (name, good, bad) in FAULTS {
        let text = GOOD.replace(good, bad);
        assert_ne!(text, GOOD, "{name}");
        let said = told(&formats::parse(&text, "my.toml").expect_err(name).into());
        let change = format!("{good} becomes {bad}");
        snapshots.hold(name, &change, || insta::assert_snapshot!(*name, said));
    }
    snapshots.end();
}
