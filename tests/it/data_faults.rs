//! Exports that arrive whole and are not to be read as they stand: the digest says so, or is held back.

use std::fs;

use serde_json::{Value, json};

use crate::support::{self, Firm};

pub const PERIOD: &str = "2026-W10";
/// The first visit of that week: visits of the n-th day are numbered from 1000 n + 1.
const FIRST_VISIT: u64 = 63_001;

/// The firm's visits, each as its cells, and what comes of them when those of the last week are changed.
pub fn with_last_week(firm: &Firm, change: impl Fn(&[&str]) -> Vec<String>) {
    let path = firm.path("exports/visits.tsv");
    let text = fs::read_to_string(&path).expect("the export");
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        match cells[0].parse::<u64>() {
            Ok(id) if id >= FIRST_VISIT => lines.extend(change(&cells)),
            _ => lines.push(line.to_owned()),
        }
    }
    fs::write(path, lines.join("\n") + "\n").expect("it can be written");
}

pub fn digest(firm: &Firm) -> Value {
    support::read_json(&firm.report(PERIOD).join("digest.json"))
}

fn site(digest: &Value) -> &Value {
    let sources = digest["data_health"].as_array().expect("sources");
    sources
        .iter()
        .find(|source| source["source"] == "site")
        .expect("the site")
}

/// The text of the letter, without its line ends.
pub fn letter(firm: &Firm) -> String {
    let text = fs::read_to_string(firm.report(PERIOD).join("digest.txt")).expect("the text");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn visits_that_are_exported_twice_under_other_ids_hold_the_digest_back() {
    let firm = Firm::of_ten_weeks();
    with_last_week(&firm, |cells| {
        let again = format!("9{}", cells[0]);
        vec![
            cells.join("\t"),
            [&[again.as_str()], &cells[1..]].concat().join("\t"),
        ]
    });
    let ran = firm.voronka("run", &["--period", PERIOD]).expect_code(3);
    assert!(ran.stdout.contains("send: held back"), "{ran:?}");
    let digest = digest(&firm);
    // Twenty visits on a Monday, one more on each day after it: 161 in a week.
    assert_eq!(
        site(&digest)["data_faults"],
        json!([{"kind": "repeated", "rows": 161, "of": 322}])
    );
    assert_eq!(
        (&digest["verdict"]["kind"], &digest["verdict"]["sources"]),
        (&json!("data_not_fit"), &json!(["site"]))
    );
    let text = letter(&firm);
    assert!(
        text.contains("visits were exported twice (Yandex Metrica)"),
        "{text}"
    );
    assert!(
        text.contains("Yandex Metrica: 161 of 322 rows repeat other visits"),
        "{text}"
    );
}

#[test]
fn an_id_of_visitors_that_is_suddenly_empty_is_told() {
    let firm = Firm::of_ten_weeks();
    with_last_week(&firm, |cells| {
        vec![[&cells[..1], &[""], &cells[2..]].concat().join("\t")]
    });
    firm.voronka("run", &["--period", PERIOD]).expect_code(0);
    let digest = digest(&firm);
    let fault =
        json!({"kind": "emptied", "column": "client", "rows": 0, "of": 161, "usual_percent": 100});
    assert_eq!(site(&digest)["data_faults"], json!([fault]));
    let text = letter(&firm);
    assert!(
        text.contains("is there in 0 of 161 rows, usually in 100%"),
        "{text}"
    );
}

#[test]
fn a_firm_whose_rows_are_as_ever_has_no_data_faults() {
    let firm = Firm::of_ten_weeks();
    firm.voronka("run", &["--period", PERIOD]).expect_code(0);
    let digest = digest(&firm);
    for source in digest["data_health"].as_array().expect("sources") {
        assert_eq!(source["data_faults"], json!([]));
    }
}

#[test]
fn an_afternoon_without_visits_is_told_with_its_hours() {
    // On Wednesday nobody comes between 9 and 20; on other days each visit lies within these hours.
    let firm = with_visits_by_the_hour(|day, hour| day != 65 || !(9..20).contains(&hour));
    firm.voronka("run", &["--period", PERIOD]).expect_code(0);
    let digest = digest(&firm);
    let fault = json!({
        "kind": "silent", "from": "2026-03-04T05:50:00Z", "to": "2026-03-04T17:00:00Z", "expected": 66
    });
    assert_eq!(site(&digest)["data_faults"], json!([fault]));
    let text = letter(&firm);
    assert!(
        text.contains("there is no visit, usually about 66"),
        "{text}"
    );
}

/// Ten weeks with six visits in each hour from 6 to 22 of the days and hours that there are any.
fn with_visits_by_the_hour(is_there: impl Fn(u64, u64) -> bool) -> Firm {
    let firm = Firm::of_ten_weeks();
    let monday: chrono::NaiveDate = "2025-12-29".parse().expect("a day");
    let mut visits =
        String::from("ym:s:visitID\tym:s:clientID\tym:s:dateTime\tym:s:lastsignTrafficSource\n");
    let hours = (0..70).flat_map(|day| (6..22).map(move |hour| (day, hour)));
    for (day, hour) in hours.filter(|(day, hour)| is_there(*day, *hour)) {
        let date = monday + chrono::Days::new(day);
        for tens in 0..6 {
            let id = day * 1000 + hour * 10 + tens;
            let client = id + 500_000;
            visits += &format!(
                "{}\t{client}\t{date} {hour:02}:{tens}0:00\tdirect\n",
                id + 1
            );
        }
    }
    firm.write("exports/visits.tsv", visits);
    firm
}

/// The firm with a CRM: each form becomes a deal within the hour, but on days of the last week for which `is_entered` says no.
/// Each day somebody walks in, and is a deal that no form belongs to.
pub fn with_deals(is_entered: impl Fn(u64) -> bool) -> Firm {
    let settings = "\n[[exports]]\nname = \"crm\"\nfiles = [\"../exports/deals.csv\"]\n";
    let firm = Firm::of_ten_weeks_with(settings);
    let monday: chrono::NaiveDate = "2025-12-29".parse().expect("a day");
    let mut deals = String::from("ID;Название;Телефон;Этап;Сумма;Дата создания\n");
    for n in 0..70_u64 {
        let at = (monday + chrono::Days::new(n)).format("%d.%m.%Y");
        let phone = n + 100;
        deals +=
            &format!("w{n};Зашли;+7 901 {phone:03}-00-55;Закрыто и не реализовано;0;{at} 15:00\n");
        if n >= 63 && !is_entered(n - 63) {
            continue;
        }
        for form in 0..3 {
            let stage = if n % 3 == form {
                "Успешно реализовано"
            } else {
                "Закрыто и не реализовано"
            };
            deals += &format!(
                "{n}{form};Заявка;+7 900 {phone:03}-{form:02}-55;{stage};9000;{at} 14:{form:02}\n"
            );
        }
    }
    firm.write("exports/deals.csv", deals);
    firm
}

/// What is wrong with the rows of an export.
pub fn faults(digest: &Value, export: &str) -> Value {
    let sources = digest["data_health"].as_array().expect("sources");
    let of_export = sources.iter().find(|source| source["source"] == export);
    of_export.expect("the export")["data_faults"].clone()
}

#[test]
fn forms_that_no_deal_follows_any_more_are_told_and_mailed() {
    // Monday and Tuesday have their deals: 6 of 15 forms. Those of the weekend are not counted: nobody has had time yet.
    let firm = with_deals(|day| day < 2);
    firm.voronka("run", &["--period", PERIOD]).expect_code(0);
    let digest = digest(&firm);
    let fault = json!({
        "kind": "unlinked", "link": "forms_to_deals", "witness": "forms",
        // From Wednesday on none of three days' forms has one.
        "found": 0, "of": 9, "usual_percent": 100, "from": "2026-03-04", "to": "2026-03-06", "spoils": false
    });
    assert_eq!(faults(&digest, "crm"), json!([fault]));
    let text = letter(&firm);
    assert!(text.contains("0 of 9 inquiries by form"), "{text}");
}

#[test]
fn an_export_of_deals_that_holds_next_to_nothing_is_one_verdict_everywhere() {
    let firm = with_deals(|day| day < 1);
    let ran = firm.voronka("run", &["--period", PERIOD]).expect_code(3);
    assert!(ran.stdout.contains("send: held back"), "{ran:?}");
    let digest = digest(&firm);
    assert_eq!(digest["verdict"]["kind"], "data_not_fit");
    assert_eq!(digest["verdict"]["sources"], json!(["crm"]));
    let checked = firm
        .voronka("check", &["--now", "2026-03-09T06:00:00Z"])
        .expect_code(3);
    let said = checked.stdout;
    assert!(said.contains("data of 2026-W10: not fit"), "{said}");
    assert!(said.contains("0 of 12 inquiries by form"), "{said}");
}

#[test]
fn a_form_that_breaks_is_no_fault_of_the_data() {
    // Two of three forms a day can be sent no more from Wednesday on, and make no deals either.
    let firm = with_deals(|_| true);
    for (path, at) in [("exports/forms.csv", 5), ("exports/deals.csv", 0)] {
        let text = fs::read_to_string(firm.path(path)).expect("the export");
        let is_left = |line: &&str| {
            let is_other = line.starts_with(['Д', 'I', 'w']);
            let mut cells = line.split(';');
            is_other
                || cells.nth(at).is_some_and(|id| {
                    let (day, form) = id.split_at(id.len() - 1);
                    form == "0" || day.parse::<u64>().is_ok_and(|day| day < 65)
                })
        };
        let left: Vec<&str> = text.lines().filter(is_left).collect();
        fs::write(firm.path(path), left.join("\n") + "\n").expect("it can be written");
    }
    firm.voronka("run", &["--period", PERIOD]).expect_code(0);
    let digest = digest(&firm);
    for export in ["site", "forms", "crm"] {
        assert_eq!(faults(&digest, export), json!([]), "{export}");
    }
    assert_ne!(digest["verdict"]["kind"], "data_not_fit");
    let checked = firm
        .voronka("check", &["--now", "2026-03-09T06:00:00Z"])
        .expect_code(0);
    assert!(
        checked
            .stdout
            .contains("data of 2026-W10: fit to be mailed\n"),
        "{checked:?}"
    );
}

#[test]
fn visits_without_those_who_wrote_are_a_part_of_the_visits() {
    let firm = Firm::of_ten_weeks();
    // The first five visits of each day, and with them all three who send a form.
    with_last_week(&firm, |cells| {
        let id: u64 = cells[0].parse().expect("an id");
        let of_day = (id - 1) % 1000;
        if of_day < 5 {
            Vec::new()
        } else {
            vec![cells.join("\t")]
        }
    });
    firm.voronka("run", &["--period", PERIOD]).expect_code(3);
    let digest = digest(&firm);
    let fault = json!({
        "kind": "unlinked", "link": "contacts_to_visits", "witness": "forms",
        "found": 0, "of": 21, "usual_percent": 100, "from": "2026-03-02", "to": "2026-03-08", "spoils": true
    });
    assert_eq!(faults(&digest, "site"), json!([fault]));
    let text = letter(&firm);
    assert!(
        text.contains("The exports do not fit") || text.contains("do not fit each other"),
        "{text}"
    );
}

#[test]
fn rows_that_are_longer_than_the_others_are_remarked_in_the_digest() {
    let firm = Firm::of_ten_weeks();
    with_last_week(&firm, |cells| {
        let is_first = cells[0] == FIRST_VISIT.to_string();
        vec![cells.join("\t") + if is_first { "\t" } else { "" }]
    });
    let ran = firm.voronka("run", &["--period", PERIOD]).expect_code(0);
    assert!(
        ran.stdout.contains("1 row is longer than the others"),
        "{ran:?}"
    );
    let digest = digest(&firm);
    let expected = json!([{"kind": "remarked", "files": ["visits.tsv"]}]);
    assert_eq!(site(&digest)["data_faults"], expected);
    assert!(letter(&firm).contains("visits.tsv"), "{}", letter(&firm));
}

#[test]
fn forms_of_the_week_before_under_new_dates_hold_the_digest_back() {
    let firm = Firm::of_ten_weeks();
    let path = firm.path("exports/forms.csv");
    let text = fs::read_to_string(&path).expect("the export");
    let monday: chrono::NaiveDate = "2025-12-29".parse().expect("a day");
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let (rest, id) = line.rsplit_once(';').expect("cells");
        // The header has none.
        let day = id.get(..id.len() - 1).and_then(|day| day.parse().ok());
        let day: u64 = day.unwrap_or(0);
        if day >= 63 {
            continue;
        }
        // On each day of the week at another hour: who comes at the same minute each week has come once.
        let rest = rest.replace(" 13:", &format!(" {:02}:", 13 + day % 7));
        lines.push(format!("{rest};{id}"));
        if (56..63).contains(&day) {
            let (was, now) = (day, day + 7);
            let date = |day| {
                (monday + chrono::Days::new(day))
                    .format("%d.%m.%Y")
                    .to_string()
            };
            lines.push(format!("{};9{id}", rest.replace(&date(was), &date(now))));
        }
    }
    fs::write(path, lines.join("\n") + "\n").expect("it can be written");
    firm.voronka("run", &["--period", PERIOD]).expect_code(3);
    let digest = digest(&firm);
    let fault = json!({"kind": "redated", "rows": 21, "of": 21, "weeks": 1});
    assert_eq!(faults(&digest, "forms")[0], fault);
    assert_eq!(digest["verdict"]["kind"], "data_not_fit");
}

#[test]
fn a_full_download_that_lost_a_column_is_held_against_what_was_known_before() {
    let firm = Firm::of_ten_weeks();
    firm.voronka("ingest", &["--now", "2026-03-02T06:00:00Z"])
        .expect_code(0);
    let path = firm.path("exports/visits.tsv");
    let text = fs::read_to_string(&path).expect("the export");
    fs::write(
        &path,
        text.replacen("ym:s:clientID", "ym:s:counterUserIDHash", 1),
    )
    .expect("it can be written");
    let now = ["--period", PERIOD, "--now", "2026-03-09T06:00:00Z"];
    firm.voronka("run", &now).expect_code(0);
    let digest = digest(&firm);
    let fault =
        json!({"kind": "emptied", "column": "client", "rows": 0, "of": 161, "usual_percent": 100});
    assert_eq!(site(&digest)["data_faults"], json!([fault]));
}

/// The forms under running numbers; of the last week's 21 (from 0) those that came, and of these those that were exported.
fn with_numbers(came: impl Fn(usize) -> bool, is_exported: impl Fn(usize) -> bool) -> Firm {
    let firm = Firm::of_ten_weeks();
    let text = fs::read_to_string(firm.path("exports/forms.csv")).expect("the export");
    let (header, rows) = text.split_once('\n').expect("a header");
    let (mut number, mut numbered) = (7000, format!("{header}\n"));
    for (row, line) in rows.lines().enumerate() {
        let of_week = row.checked_sub(189);
        if !of_week.is_none_or(&came) {
            continue;
        }
        number += 1;
        if of_week.is_none_or(&is_exported) {
            let (cells, _) = line.rsplit_once(';').expect("an id");
            numbered += &format!("{cells};{number}\n");
        }
    }
    firm.write("exports/forms.csv", numbered);
    firm
}

#[test]
fn running_numbers_tell_a_part_of_an_export_from_a_quiet_week() {
    let firm = with_numbers(|_| true, |form| form % 3 == 2);
    firm.voronka("run", &["--period", PERIOD]).expect_code(3);
    let fault = json!({
        "kind": "unlinked", "link": "numbers_to_rows", "witness": "forms",
        "found": 7, "of": 21, "usual_percent": 100, "from": "2026-03-02", "to": "2026-03-08", "spoils": true
    });
    assert_eq!(faults(&digest(&firm), "forms"), json!([fault]));
    let firm = with_numbers(|form| form % 3 == 2, |_| true);
    firm.voronka("run", &["--period", PERIOD]).expect_code(0);
    assert_eq!(faults(&digest(&firm), "forms"), json!([]));
}
