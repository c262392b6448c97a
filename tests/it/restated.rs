//! Numbers that earlier reports said and that late data changed, from outside.

use crate::smtp::Server;
use crate::support::{self, Firm};

const FIRST: &str = "2026-03-09T06:00:00Z";
const LATER: &str = "2026-03-10T06:00:00Z";
const ANNA: &str = "anna@firm.example";

/// The subject of the newest letter to Anna.
fn subject(firm: &Firm) -> String {
    let digest =
        std::fs::read_to_string(firm.report("2026-W10").join("digest.html")).expect("a page");
    let title = digest
        .split("<title>")
        .nth(1)
        .and_then(|rest| rest.split("</title>").next());
    title.expect("a title").to_owned()
}

/// Ten weeks reported on Monday; on Tuesday two more forms of that Sunday arrive.
fn late_forms() -> Firm {
    let firm = Firm::of_ten_weeks();
    firm.voronka("run", &["--period", "2026-W10", "--now", FIRST])
        .expect_code(0);
    let forms = std::fs::read_to_string(firm.path("exports/forms.csv")).expect("the forms");
    let late = "08.03.2026 20:00;Форма;+7 911 000-00-01;;;late1\n08.03.2026 21:00;Форма;+7 911 000-00-02;;;late2\n";
    firm.write("exports/forms.csv", forms + late);
    firm
}

#[test]
fn a_report_made_again_says_what_its_first_version_said() {
    let firm = late_forms();
    let first = firm.read_digest("2026-W10");
    assert_eq!(
        (
            &first["report_version"],
            first["restated"].as_array().map(Vec::len)
        ),
        (&1.into(), Some(0))
    );
    assert_eq!(first["totals"]["inquiries"], 21.0);
    assert!(!subject(&firm).starts_with("Update"));

    firm.voronka("run", &["--period", "2026-W10", "--now", LATER])
        .expect_code(0);
    let second = firm.read_digest("2026-W10");
    assert_eq!(second["report_version"], 2);
    let counts = &second["restated"][0]["counts"];
    assert_eq!(
        (&counts["inquiries"]["was"], &counts["inquiries"]["now"]),
        (&21.0.into(), &23.0.into())
    );
    // 20 visits a day and 0 to 6 more, by the day's number: days 63 to 69 have 20 × 7 + 21.
    assert_eq!(
        (&counts["conv1"]["was"], &counts["conv1"]["now"]),
        (&(21.0 / 161.0).into(), &(23.0 / 161.0).into())
    );
    assert!(counts.get("sessions").is_none(), "{counts}");
    assert!(subject(&firm).starts_with("Update: "), "{}", subject(&firm));
    let text = std::fs::read_to_string(firm.report("2026-W10").join("digest.txt")).expect("a text");
    assert!(text.contains("RESTATED NUMBERS"), "{text}");
}

#[test]
fn made_again_without_new_data_a_report_is_the_same() {
    let firm = Firm::of_ten_weeks();
    firm.voronka("run", &["--period", "2026-W10", "--now", FIRST])
        .expect_code(0);
    let first = std::fs::read(firm.report("2026-W10").join("digest.json")).expect("a digest");
    firm.voronka("run", &["--period", "2026-W10", "--now", LATER])
        .expect_code(0);
    assert_eq!(
        std::fs::read(firm.report("2026-W10").join("digest.json")).expect("a digest"),
        first
    );
}

#[test]
fn the_next_report_tells_of_the_week_before() {
    let firm = Firm::of_ten_weeks();
    firm.voronka("run", &["--period", "2026-W09", "--now", FIRST])
        .expect_code(0);
    let forms = std::fs::read_to_string(firm.path("exports/forms.csv")).expect("the forms");
    firm.write(
        "exports/forms.csv",
        forms + "01.03.2026 20:00;Форма;+7 911 000-00-01;;;late\n",
    );
    firm.voronka("run", &["--period", "2026-W10", "--now", LATER])
        .expect_code(0);
    let digest = firm.read_digest("2026-W10");
    assert_eq!(
        (
            &digest["report_version"],
            &digest["restated"][0]["period"]["label"]
        ),
        (&1.into(), &"2026-W09".into())
    );
}

#[test]
fn a_report_that_readers_never_had_is_not_restated() {
    let firm = Firm::of_ten_weeks();
    firm.voronka("ingest", &["--now", FIRST]).expect_code(0);
    firm.voronka("preview", &["--period", "2026-W10", "--now", FIRST])
        .expect_code(0);
    assert!(
        !firm.report("2026-W10").join("outbox").exists(),
        "a preview touches no letter"
    );
    let forms = std::fs::read_to_string(firm.path("exports/forms.csv")).expect("the forms");
    firm.write(
        "exports/forms.csv",
        forms + "08.03.2026 20:00;Форма;+7 911 000-00-01;;;late\n",
    );
    firm.voronka("run", &["--period", "2026-W10", "--now", LATER])
        .expect_code(0);
    assert_eq!(firm.read_digest("2026-W10")["report_version"], 1);
}

#[test]
fn what_is_known_differently_is_listed_cell_by_cell_with_the_file_that_came() {
    let firm = Firm::of_ten_weeks();
    let run = |now: &str| firm.voronka("run", &["--period", "2026-W10", "--no-send", "--now", now]);
    run("2026-03-09T05:00:00Z").expect_code(0);
    let visits = std::fs::read_to_string(firm.path("exports/visits.tsv")).expect("the export");
    // Five visits of five people more on the last Sunday, from search.
    let late = (0..5).map(|n| {
        format!(
            "{}\t{}\t2026-03-08 20:0{n}:00\torganic\n",
            990_001 + n,
            880_001 + n
        )
    });
    firm.write("exports/visits.tsv", visits + &late.collect::<String>());
    run("2026-03-16T05:00:00Z").expect_code(0);
    let diff = |times: &[&str]| {
        let rest: Vec<&str> = times.iter().flat_map(|time| ["--as-of", time]).collect();
        firm.voronka("diff", &[&["--period", "2026-W10"], &rest[..]].concat())
            .expect_code(0)
            .stdout
    };
    let told = diff(&["2026-03-09T12:00:00Z"]);
    let lines: Vec<&str> = told.lines().collect();
    // 20 to 26 visits a day, each third from search, and 21 forms: 161 and 56; conv1 is 21 of 161, then of 166.
    let search = lines[1].split(',').nth(1).expect("a channel");
    let file = "\"site/visits.tsv\"";
    let expected = [
        "period,channel,measure,was,now,files".to_owned(),
        format!("2026-W10,{search},sessions,56,61,{file}"),
        format!("2026-W10,{search},users,56,61,{file}"),
        format!("2026-W10,total,sessions,161,166,{file}"),
        format!("2026-W10,total,users,161,166,{file}"),
        format!(
            "2026-W10,total,conv1,{},{},{file}",
            21.0 / 161.0,
            21.0 / 166.0
        ),
    ];
    assert_eq!(lines, expected);
    assert!(search.contains("organic"), "{search}");
    assert_eq!(
        diff(&["2026-03-09T12:00:00Z", "2026-03-10T12:00:00Z"])
            .lines()
            .count(),
        1
    );
}

/// The headers of a reader's letter, folded lines joined.
pub fn head(firm: &Firm, reader: &str) -> String {
    let outbox = firm.report("2026-W10").join("outbox");
    let letter = outbox.join(format!("{reader}.eml"));
    let letter = std::fs::read_to_string(letter).expect("a letter");
    let (head, _) = letter.split_once("\r\n\r\n").expect("a head");
    head.replace("\r\n ", " ")
}

/// One of them.
pub fn header(head: &str, name: &str) -> Option<String> {
    let mut lines = head.lines();
    let found = lines.find_map(|line| line.strip_prefix(&format!("{name}: ")));
    found.map(str::to_owned)
}

// 20 forms more of one Sunday are no other week than the others had; 200 are.
#[test]
fn a_correction_is_mailed_as_an_answer_only_when_it_concludes_something_else() {
    let Some(server) = Server::start("restated: corrections", &[]) else {
        return;
    };
    let run = |firm: &Firm, now: &str| {
        let mut command = firm.command("run", &["--period", "2026-W10", "--now", now]);
        support::run(command.envs(server.environment())).expect_code(0)
    };
    let add = |firm: &Firm, forms: std::ops::Range<u32>| {
        let mut text = std::fs::read_to_string(firm.path("exports/forms.csv")).expect("the forms");
        for n in forms {
            text += &format!(
                "08.03.2026 20:{:02};Форма;+7 911 {n:03}-00-01;;;late{n}\n",
                n % 60
            );
        }
        firm.write("exports/forms.csv", text);
    };
    let firm = Firm::of_ten_weeks();
    run(&firm, FIRST);
    assert_eq!(server.taken().len(), 2);
    let first = head(&firm, ANNA);
    assert_eq!(header(&first, "In-Reply-To"), None);

    add(&firm, 100..102);
    let second = run(&firm, LATER);
    assert_eq!(firm.read_digest("2026-W10")["report_version"], 2);
    assert!(second.stdout.contains("before, left alone"), "{second:?}");
    assert_eq!(server.taken().len(), 2);

    add(&firm, 200..400);
    run(&firm, "2026-03-11T06:00:00Z");
    assert_eq!(server.taken().len(), 4);
    assert_eq!(firm.read_digest("2026-W10")["report_version"], 3);
    let third = head(&firm, ANNA);
    let answered = header(&third, "In-Reply-To");
    assert!(answered.is_some(), "{third}");
    assert_eq!(answered, header(&first, "Message-ID"));
    assert_eq!(header(&third, "References"), answered);
    run(&firm, "2026-03-12T06:00:00Z");
    assert_eq!(server.taken().len(), 4);
}

#[test]
fn every_number_that_differs_is_listed_with_the_file_that_came_between() {
    let firm = late_forms();
    firm.voronka("run", &["--period", "2026-W10", "--now", LATER])
        .expect_code(0);
    let digest = firm.read_digest("2026-W10");
    let cells = digest["restated"][0]["cells"].as_array().expect("cells");
    let told: Vec<(String, String)> = cells
        .iter()
        .map(|cell| (cell["channel"].to_string(), cell["measure"].to_string()))
        .collect();
    let of_total =
        |measure: &str| told.contains(&("\"total\"".to_owned(), format!("\"{measure}\"")));
    assert!(of_total("inquiries") && of_total("conv1"), "{told:?}");
    // Nobody knows where the two came from.
    let unattributed = ("\"unattributed\"".to_owned(), "\"inquiries\"".to_owned());
    assert!(told.contains(&unattributed), "{told:?}");
    assert!(
        !told.iter().any(|(_, measure)| measure == "\"sessions\""),
        "{told:?}"
    );
    for cell in cells {
        assert_eq!(
            cell["files"],
            serde_json::json!(["forms/forms.csv"]),
            "{cell}"
        );
    }
    let page =
        std::fs::read_to_string(firm.report("2026-W10").join("report.html")).expect("a page");
    assert!(page.contains("Files that came between") && page.contains("forms/forms.csv"));
}
