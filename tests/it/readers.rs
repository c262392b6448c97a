//! Letters that leave later, and readers who are left out.

use std::fs;

use crate::smtp::Server;
use crate::support::Firm;

const WEEKLY: &str = "\n[schedule]\nweekly = \"Monday 08:00\"\ntime_zone = \"Europe/Moscow\"\n";

#[test]
fn a_letter_that_a_server_puts_off_leaves_with_a_later_tick_and_once() {
    let Some(server) = Server::start(
        "operations: greylisting",
        &["--greylist", "boris@firm.example"],
    ) else {
        return;
    };
    let firm = Firm::of_ten_weeks_with(WEEKLY);
    let first = firm
        .tick_with("2026-03-09T05:00:00Z", &server.environment())
        .expect_code(4);
    assert!(
        first.stdout.contains("send b…@firm.example: deferred"),
        "{first:?}"
    );
    firm.tick_with("2026-03-09T05:04:00Z", &server.environment())
        .expect_code(0);
    assert_eq!(server.taken(), ["anna@firm.example"]);
    let list = firm
        .voronka("outbox", &["list", "--now", "2026-03-09T05:05:00Z"])
        .expect_code(0);
    assert!(
        list.stdout
            .contains("boris@firm.example  deferred, again at 2026-03-09 05:0"),
        "{list:?}"
    );
    let later = firm
        .tick_with("2026-03-09T05:10:00Z", &server.environment())
        .expect_code(0);
    assert!(
        later.stdout.contains("send b…@firm.example: sent"),
        "{later:?}"
    );
    firm.tick_with("2026-03-09T08:00:00Z", &server.environment())
        .expect_code(0);
    assert_eq!(server.taken(), ["anna@firm.example", "boris@firm.example"]);
}

#[test]
fn a_reader_without_a_mailbox_is_left_out_until_taken_in_again() {
    let refusing = ["--refuse", "boris@firm.example"];
    let Some(server) = Server::start("operations: no mailbox", &refusing) else {
        return;
    };
    let firm = Firm::of_ten_weeks_with(&format!(
        "{WEEKLY}\n[notices]\nto = [\"admin@firm.example\"]\n"
    ));
    let first = firm
        .tick_with("2026-03-09T05:00:00Z", &server.environment())
        .expect_code(4);
    assert!(
        first
            .stdout
            .contains("notice ten-weeks: readers have no mailbox"),
        "{first:?}"
    );
    assert_eq!(server.taken(), ["anna@firm.example", "admin@firm.example"]);
    let readers = firm.voronka("recipients", &[]).expect_code(0);
    assert!(
        readers
            .stdout
            .contains("boris@firm.example  left out since 2026-03-09"),
        "{readers:?}"
    );
    assert!(
        readers
            .stdout
            .contains("anna@firm.example  gets every digest"),
        "{readers:?}"
    );
    firm.voronka("recipients", &["allow", "boris@firm.example"])
        .expect_code(0);
    firm.voronka("recipients", &["allow", "boris@firm.example"])
        .expect_code(2);
}

#[test]
fn what_comes_back_leaves_readers_out_and_counts_once() {
    let firm = Firm::of_ten_weeks();
    let bounce = "From MAILER-DAEMON Mon Mar  9 09:00:00 2026\nContent-Type: multipart/report; report-type=delivery-status; boundary=B\n\n\
        --B\n\nFinal-Recipient: rfc822; Boris@firm.example\nAction: failed\nStatus: 5.1.1\n--B--\n\n";
    let wish = "From anna Mon Mar  9 10:00:00 2026\nFrom: Anna <anna@firm.example>\nSubject: unsubscribe ten-weeks\n\n\n";
    let answer = "From anna Mon Mar  9 11:00:00 2026\nFrom: Anna <anna@firm.example>\nSubject: Re: 21 inquiries\n\nthanks\n";
    firm.write("mbox", [bounce, wish, answer].concat());
    let read = || {
        firm.voronka("recipients", &["read", "mbox"])
            .expect_code(0)
            .stdout
    };
    assert_eq!(
        read(),
        "Boris@firm.example: a letter came back: 5.1.1; gets nothing from now on\n\
         anna@firm.example: asked for no more letters; gets nothing from now on\n"
    );
    firm.voronka("recipients", &["allow", "anna@firm.example"])
        .expect_code(0);
    assert_eq!(read(), "");
    let readers = firm.voronka("recipients", &[]).expect_code(0).stdout;
    assert!(
        readers.contains("anna@firm.example  gets every digest"),
        "{readers}"
    );
    assert!(
        readers.contains("boris@firm.example  left out since 2026-11-16"),
        "{readers}"
    );
    let ran = firm
        .voronka("run", &["--period", "2026-W10"])
        .expect_code(0);
    assert!(
        ran.stdout
            .contains("send b…@firm.example: suppressed: a letter came back: 5.1.1"),
        "{ran:?}"
    );
}

#[test]
fn who_is_no_reader_is_said_to_be_none_and_a_name_is_no_part_of_an_address() {
    let firm = Firm::of_ten_weeks();
    let suppressed = |address: &str| {
        firm.voronka("recipients", &["suppress", address])
            .expect_code(0)
            .stdout
    };
    assert_eq!(
        suppressed("ana@firm.example"),
        "ana@firm.example: no reader of this pipeline; would get nothing\n"
    );
    assert_eq!(
        suppressed("Anna <anna@firm.example>"),
        "anna@firm.example: gets nothing from now on\n"
    );
    firm.voronka("recipients", &["suppress", "anna@"])
        .expect_code(2);
}

#[test]
fn a_wish_of_another_pipelines_letters_and_a_forwarded_letter_are_told_apart() {
    let firm = Firm::of_ten_weeks();
    firm.voronka("run", &["--period", "2026-W10"])
        .expect_code(0);
    let letter = fs::read_to_string(
        firm.report("2026-W10")
            .join("outbox/boris@firm.example.eml"),
    )
    .expect("a letter");
    let id = letter.lines().find(|line| line.starts_with("Message-ID: "));
    // Boris has his mail sent on to another mailbox, which is not there.
    let bounce = format!(
        "From MAILER-DAEMON Mon Mar  9 09:00:00 2026\nContent-Type: multipart/report; report-type=delivery-status; boundary=B\n\n\
         --B\n\nFinal-Recipient: rfc822; b@home.example\nAction: failed\nStatus: 5.1.1\n\n--B\n\n{}\n--B--\n\n",
        id.expect("a Message-ID")
    );
    let wish = "From anna Mon Mar  9 10:00:00 2026\nFrom: anna@firm.example\nSubject: unsubscribe okna-sever\n\n\n";
    firm.write("mbox", [&bounce, wish].concat());
    let read = firm
        .voronka("recipients", &["read", "mbox"])
        .expect_code(0)
        .stdout;
    assert_eq!(
        read,
        "boris@firm.example: a letter came back: 5.1.1; gets nothing from now on\n\
         anna@firm.example: asked for no more letters of okna-sever: not this pipeline\n"
    );
    let none = firm.voronka("recipients", &["read", "firm"]).expect_code(1);
    assert!(none.stderr.contains("no maildir"), "{none:?}");
}
