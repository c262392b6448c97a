//! What became of what the report before had found: told where its readers had that report, and nowhere else.

use std::fs;

use crate::support::Firm;

/// In the first of these weeks of the sample a weak channel brings far more visits, in the second it is over
/// (sample-exports/README.md).
const FOUND: &str = "2026-W34";
const AFTER: &str = "2026-W35";

#[test]
fn a_finding_is_followed_up_with_its_answer_where_it_was_reported() {
    let firm = Firm::of_sample("okna-sever");
    firm.voronka("ingest", &[]).expect_code(0);
    firm.voronka("report", &["--period", AFTER]).expect_code(0);
    assert!(
        firm.read_digest(AFTER)["followup"].is_null(),
        "nobody was told of anything"
    );
    firm.voronka("run", &["--period", FOUND, "--no-send"])
        .expect_code(0);
    let answer = [
        "--period",
        FOUND,
        "--cause",
        "mix_shift",
        "fixed",
        "--note",
        "the campaign is off",
    ];
    firm.voronka("answer", &answer).expect_code(0);
    firm.voronka("report", &["--period", AFTER]).expect_code(0);
    let followup = &firm.read_digest(AFTER)["followup"];
    assert_eq!(followup["period"]["label"], FOUND);
    assert_eq!(
        (&followup["found"]["code"], &followup["goes_on"]),
        (&"mix_shift".into(), &false.into())
    );
    assert_eq!(followup["answer"]["outcome"], "fixed");
    let text = fs::read_to_string(firm.report(AFTER).join("digest.txt")).expect("the letter");
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    assert!(text.contains("the campaign is off"), "{text}");
    // The visits of this week are no number of the finding of the week before.
    let now = followup["counted"]["now"].as_f64().expect("visits of now");
    let told = format!("{now} визитов");
    assert_eq!(text.matches(&told).count(), 1, "{text}");
}
