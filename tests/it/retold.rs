//! Laws of files that tell the same days again: pieces add up, newer tellings replace, and runs do not matter.

use std::fs;

use crate::support::Firm;

const FIRM: &str = r#"
name = "firm"
title = "A firm"
language = "en"

[[exports]]
name = "ga4"
files = ["../exports/ga4*"]

[[exports]]
name = "costs"
files = ["../exports/direct*"]

[[exports]]
name = "crm"
files = ["../exports/amo*"]
is_contact = true
"#;

/// A firm that has nothing but its CRM, each of whose files is complete.
const CRM: &str = r#"
name = "firm"
title = "A firm"
language = "en"

[[exports]]
name = "crm"
files = ["../exports/amo*"]
is_contact = true
complete = true
"#;

const WEEK: &str = "2026-W46";
const GA4: &str = "# Traffic acquisition\n# Start date: 20261109\n# End date: 20261115\nDate,Session source,Session medium,Sessions\n";
const DIRECT: &str = "Дата;Кампания;№ Кампании;Показы;Клики;Расход (руб.)\n";
const AMO: &str =
    "ID;Название сделки;Этап сделки;Воронка;Бюджет;Дата создания;Дата закрытия;Рабочий телефон\n";

/// Sessions of a week by day and source: 7 × (100 + 10) = 770.
fn sessions() -> Vec<String> {
    let of_day = |day: u32| {
        [("google", 100), ("bing", 10)]
            .map(|(source, count)| format!("202611{day:02},{source},organic,{count}\n"))
    };
    (9..=15).flat_map(of_day).collect()
}

/// Costs of a week of two campaigns: 7 × (1000 + 100) = 7700.
fn costs(name: &str) -> Vec<String> {
    let of_day = |day: u32| {
        [
            format!("{day:02}.11.2026;{name};701;100;10;1000,00\n"),
            format!("{day:02}.11.2026;brand;702;20;2;100,00\n"),
        ]
    };
    (9..=15).flat_map(of_day).collect()
}

/// Deals 1 to 6, made on 9 to 14 November, the first `won` of them won for 1000 each.
fn deals(won: u32) -> Vec<String> {
    let deal = |number: u32| {
        let (stage, closed) = match number <= won {
            true => ("Успешно реализовано", "15.11.2026 12:00:00"),
            false => ("Первичный контакт", "не закрыта"),
        };
        let day = number + 8;
        format!(
            "{number};D{number};{stage};Окна;1000;{day:02}.11.2026 10:00:00;{closed};+7900555000{number}\n"
        )
    };
    (1..=6).map(deal).collect()
}

fn write(firm: &Firm, name: &str, header: &str, rows: &[String]) {
    firm.write(
        &format!("exports/{name}"),
        format!("{header}{}", rows.concat()),
    );
}

/// Sessions, spend, closed sales.
fn totals(firm: &Firm) -> [Option<f64>; 3] {
    firm.make_report(WEEK);
    let digest = firm.read_digest(WEEK);
    let total = |field: &str| digest["totals"][field].as_f64();
    [total("sessions"), total("spend"), total("sales_closed")]
}

const WHOLE: [Option<f64>; 3] = [Some(770.0), Some(770_000.0), Some(4.0)];

fn whole() -> Firm {
    let firm = Firm::new(FIRM);
    write(&firm, "ga4.csv", GA4, &sessions());
    write(&firm, "direct.csv", DIRECT, &costs("poisk"));
    write(&firm, "amo.csv", AMO, &deals(4));
    firm
}

#[test]
fn totals_cut_anywhere_add_up_in_any_order_and_in_any_number_of_runs() {
    assert_eq!(totals(&whole()), WHOLE);
    for cut in 1..14 {
        let firm = Firm::new(FIRM);
        write(&firm, "amo.csv", AMO, &deals(4));
        // The names go against the days.
        write(&firm, "ga4-b.csv", GA4, &sessions()[..cut]);
        write(&firm, "direct-b.csv", DIRECT, &costs("poisk")[..cut]);
        if cut % 2 == 0 {
            firm.voronka("ingest", &[]).expect_code(0);
        }
        write(&firm, "ga4-a.csv", GA4, &sessions()[cut..]);
        write(&firm, "direct-a.csv", DIRECT, &costs("poisk")[cut..]);
        assert_eq!(totals(&firm), WHOLE, "cut at {cut}");
    }
}

#[test]
fn a_file_for_each_campaign_and_source_adds_up() {
    let every_other = |rows: Vec<String>, first: usize| -> Vec<String> {
        rows.into_iter().skip(first).step_by(2).collect()
    };
    let firm = Firm::new(FIRM);
    write(&firm, "amo.csv", AMO, &deals(4));
    for (first, name) in [(0, "x"), (1, "y")] {
        write(
            &firm,
            &format!("ga4-{name}.csv"),
            GA4,
            &every_other(sessions(), first),
        );
        write(
            &firm,
            &format!("direct-{name}.csv"),
            DIRECT,
            &every_other(costs("poisk"), first),
        );
    }
    assert_eq!(totals(&firm), WHOLE);
    // One of them again, with another name for its campaign: it replaces its like, and the other stays.
    write(
        &firm,
        "direct-z.csv",
        DIRECT,
        &every_other(costs("poisk_okna"), 0),
    );
    assert_eq!(totals(&firm), WHOLE);
}

#[test]
fn a_newer_telling_replaces_the_older_one_in_one_run_and_in_two() {
    for runs in [1, 2] {
        let firm = Firm::new(FIRM);
        // Until Friday: fewer days, another name, fewer deals won.
        write(&firm, "ga4-2026-11-13.csv", GA4, &sessions()[..10]);
        write(
            &firm,
            "direct-2026-11-13.csv",
            DIRECT,
            &costs("poisk")[..10],
        );
        write(&firm, "amo-2026-11-13.csv", AMO, &deals(0));
        if runs == 2 {
            firm.voronka("ingest", &[]).expect_code(0);
        }
        write(&firm, "ga4-2026-11-16.csv", GA4, &sessions());
        write(&firm, "direct-2026-11-16.csv", DIRECT, &costs("poisk_okna"));
        write(&firm, "amo-2026-11-16.csv", AMO, &deals(4));
        assert_eq!(totals(&firm), WHOLE, "{runs} runs");
    }
}

#[test]
fn content_says_which_file_is_newer_whatever_it_is_called() {
    let firm = Firm::new(CRM);
    write(&firm, "amo-2026-11-01.csv", AMO, &deals(4));
    write(&firm, "amo-2026-11-30.csv", AMO, &deals(2));
    firm.voronka("ingest", &[]).expect_code(0);
    // Both close their last deal at one time: only the names can tell.
    assert_eq!(totals(&firm)[2], Some(2.0));
    // The first has the later content: that the other is written last, and named as the newest, does not matter.
    let firm = Firm::new(CRM);
    write(&firm, "amo-2026-11-01.csv", AMO, &deals(4));
    write(&firm, "amo-2026-11-30.csv", AMO, &deals(0));
    assert_eq!(totals(&firm)[2], Some(4.0));
}

fn without(deal: usize) -> Vec<String> {
    let mut rows = deals(4);
    rows.remove(deal - 1);
    rows
}

#[test]
fn a_deal_that_a_full_download_lacks_is_named_and_goes_where_files_are_complete() {
    let firm = whole();
    assert_eq!(totals(&firm), WHOLE);
    // Deal 2 of 10 November was merged into another.
    write(&firm, "amo-2.csv", AMO, &without(2));
    let ran = firm.voronka("ingest", &[]).expect_code(0);
    let notice = "1 deal of 2026-11-10 is no longer in the export (amo-2.csv): kept in the lake";
    assert!(ran.stdout.contains(notice), "{ran:?}");
    assert_eq!(totals(&firm), WHOLE);

    let firm = Firm::new(CRM);
    write(&firm, "amo-1.csv", AMO, &deals(4));
    firm.voronka("ingest", &[]);
    write(&firm, "amo-2.csv", AMO, &without(2));
    let ran = firm.voronka("ingest", &[]);
    assert!(ran.stdout.contains("taken out of the lake"), "{ran:?}");
    assert_eq!(totals(&firm)[2], Some(3.0));
    // A download of two changed deals takes nothing out, nor do the pages of a full one.
    write(
        &firm,
        "amo-3.csv",
        AMO,
        &[deals(4)[0].clone(), deals(4)[5].clone()],
    );
    firm.voronka("ingest", &[]).expect_code(0);
    assert_eq!(totals(&firm)[2], Some(3.0));
    write(&firm, "amo-4.csv", AMO, &without(2)[..2]);
    write(&firm, "amo-5.csv", AMO, &without(2)[2..]);
    firm.voronka("ingest", &[]).expect_code(0);
    assert_eq!(totals(&firm)[2], Some(3.0));
}

#[test]
fn a_file_most_of_whose_rows_share_their_id_is_refused_by_name() {
    let firm = whole();
    let same_id: Vec<String> = deals(4)
        .iter()
        .map(|row| format!("7{}", &row[1..]))
        .collect();
    write(&firm, "amo-excel.csv", AMO, &same_id);
    let ran = firm.voronka("ingest", &[]);
    let said = ran.said();
    assert!(
        said.contains("amo-excel.csv: 6 rows share 1 value of \"ID\""),
        "{said}"
    );
    assert!(said.contains("no_id = true"), "{said}");
    // The other files are read.
    assert_eq!(firm.rows_of("deals"), 6);
}

fn visits(month: u32) -> String {
    let visit = |n: u32| {
        format!(
            "{n}\t{}\t2026-{month:02}-{:02} 10:00:00\torganic\n",
            500 + n,
            9 + n
        )
    };
    let rows: String = (1..=5).map(visit).collect();
    format!("ym:s:visitID\tym:s:clientID\tym:s:dateTime\tym:s:lastsignTrafficSource\n{rows}")
}

#[test]
fn ids_that_begin_anew_after_months_are_other_records() {
    let pipeline = "name = \"firm\"\ntitle = \"A firm\"\nlanguage = \"en\"\n\n[[exports]]\nname = \"site\"\nfiles = [\"../exports/visits*\"]\n";
    for runs in [1, 2] {
        let firm = Firm::new(pipeline);
        firm.write("exports/visits-1.tsv", visits(8));
        if runs == 2 {
            firm.voronka("ingest", &[]).expect_code(0);
        }
        firm.write("exports/visits-2.tsv", visits(11));
        firm.voronka("ingest", &[]).expect_code(0);
        assert_eq!(firm.rows_of("sessions"), 10, "{runs} runs");
        // The same file again, saved anew: nothing is added.
        fs::remove_file(firm.path("exports/visits-2.tsv")).expect("it is there");
        firm.write("exports/visits-3.tsv", visits(11).replace('\n', "\r\n"));
        firm.voronka("ingest", &[]).expect_code(0);
        assert_eq!(firm.rows_of("sessions"), 10, "{runs} runs, and once more");
    }
}

#[test]
fn calls_without_an_id_are_told_apart_by_what_they_say() {
    let firm = Firm::new(
        "name = \"firm\"\ntitle = \"A firm\"\nlanguage = \"en\"\n\n[[exports]]\nname = \"calls\"\nfiles = [\"../exports/calls*\"]\n",
    );
    firm.write("firm/formats/no-ids.toml", NO_IDS);
    let rows = "2026-11-10 10:00:00,in,+79005550001,yes\n2026-11-10 10:00:00,in,+79005550002,no\n2026-11-10 10:05:00,in,+79005550001,no\n";
    firm.write(
        "exports/calls-1.csv",
        format!("When,Way,Phone,Answered\n{rows}"),
    );
    firm.voronka("ingest", &[]).expect_code(0);
    assert_eq!(firm.rows_of("calls"), 3);
    // An overlapping download has these rows again, and one more.
    let more = "2026-11-11 09:00:00,in,+79005550003,yes\n";
    firm.write(
        "exports/calls-2.csv",
        format!("When,Way,Phone,Answered\n{rows}{more}"),
    );
    firm.voronka("ingest", &[]).expect_code(0);
    assert_eq!(firm.rows_of("calls"), 4);
}

const NO_IDS: &str = r#"
name = "no-ids"
title = "Calls without ids"
table = "calls"
no_id = true

[recognise]
header = ["When", "Way", "Phone", "Answered"]

[[column]]
to = "at"
from = ["When"]
read = "time"

[[column]]
to = "direction"
from = ["Way"]
map = { "in" = "inbound", "*" = "outbound" }

[[column]]
to = "phone"
from = ["Phone"]
read = "phone"

[[column]]
to = "answered"
from = ["Answered"]
read = "flag"
"#;
