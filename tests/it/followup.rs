//! What became of what the report before had found: told where its readers had that report, and nowhere else.

use std::fs;

use crate::support::{self, Firm};

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
        "done",
        "--note",
        "looked at",
    ];
    firm.voronka("answer", &answer).expect_code(0);
    firm.voronka("send", &["--period", FOUND]).expect_code(0);
    answer_by_mail(
        &firm,
        "Исправлено: the campaign is off\r\n\r\n> Что сделать\r\n",
    );
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

/// The first reader answers the letter, as a mail program writes it, and the mailbox is read.
fn answer_by_mail(firm: &Firm, text: &str) {
    let letters = support::files_below(&firm.report(FOUND).join("outbox"));
    let letter = fs::read_to_string(&letters[0]).expect("a letter");
    let header = |name: &str| {
        let mut lines = letter.lines().filter_map(|line| line.split_once(": "));
        let found = lines.find(|(key, _)| *key == name);
        found.expect("the header").1.to_owned()
    };
    let (reader, id) = (header("To"), header("Message-ID"));
    firm.write(
        "mbox",
        format!(
            "From reader Mon Aug 24 09:00:00 2026\r\nFrom: {reader}\r\nSubject: Re: digest\r\nIn-Reply-To: {id}\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\n{text}"
        ),
    );
    let read = firm
        .voronka("recipients", &["read", "mbox"])
        .expect_code(0)
        .stdout;
    assert!(
        read.ends_with(": says of mix_shift in 2026-W34: fixed\n"),
        "{read}"
    );
}
