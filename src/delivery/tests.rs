//! Tests of delivery as a whole: the bytes, the outbox, and a server that behaves badly.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use chrono::DateTime;
use rusqlite::Connection;

use super::message::{EarlierLetters, Message};
use super::transport::{Encryption, SmtpSettings};
use super::*;
use crate::config::language::Language;
use crate::config::rules::Attached;
use crate::config::{DeliveryPlan, mailbox};
use crate::digest::{Digest, VerdictKind};
use crate::output::{Look, render_all};

pub(super) fn three() -> Vec<Message> {
    let digest = Digest::sample(VerdictKind::Drop, Language::RU);
    let rendered = render_all(&digest, &Look::shipped(Language::RU)).expect("rendered");
    let person = |text: &str| mailbox::parse(text).expect("an address");
    let delivery = DeliveryPlan {
        from: person("Воронка · Окна-Север <digest@voronka.example>"),
        to: [
            "Мария <a@example.com>",
            "b@example.com",
            "C <c@example.com>",
        ]
        .map(person)
        .into(),
        reply_to: Some(person("analyst@example.com")),
        attach: vec![Attached::Pdf, Attached::Xlsx],
        unsubscribe: Some("https://r.example/u/{token}".to_owned()),
    };
    made(&Letters::of(
        &rendered,
        &digest,
        &delivery,
        &EarlierLetters::new(),
    ))
}

fn made(letters: &Letters<'_>) -> Vec<Message> {
    let letters = letters.each().collect::<anyhow::Result<_>>();
    letters.expect("letters")
}

/// Sends letters that are there already.
pub(super) fn send(
    conn: &Connection,
    messages: &[Message],
    transport: &Transport,
    now: DateTime<chrono::Utc>,
    which: Which,
) -> anyhow::Result<Vec<Receipt>> {
    super::send(
        conn,
        messages.iter().cloned().map(Ok),
        transport,
        now,
        which,
    )
}

fn freeze_these(messages: &[Message], dir: &Path) {
    let readers = messages.iter().map(|message| message.recipient.clone());
    let letters = messages.iter().cloned().map(Ok);
    let frozen = outbox::freeze_each(readers, letters, dir).expect("frozen");
    assert_eq!(frozen, messages.len());
}

fn thawed(dir: &Path) -> Vec<Message> {
    let frozen = thaw(dir).expect("an outbox");
    let letters = frozen.each().collect::<anyhow::Result<_>>();
    letters.expect("letters")
}

#[test]
fn a_reader_whose_domain_is_in_another_script_gets_a_letter() {
    let digest = Digest::sample(VerdictKind::Drop, Language::RU);
    let rendered = render_all(&digest, &Look::shipped(Language::RU)).expect("rendered");
    let person = |text: &str| mailbox::parse(text).expect("an address");
    let (from, to) = (
        person("digest@voronka.example"),
        vec![person("имя <info@пример.рф>")],
    );
    let delivery = DeliveryPlan {
        from,
        to,
        reply_to: None,
        attach: Vec::new(),
        unsubscribe: None,
    };
    let earlier = EarlierLetters::new();
    let letters = Letters::of(&rendered, &digest, &delivery, &earlier);
    let folder = tempfile::tempdir().expect("a folder");
    assert_eq!(freeze(&letters, folder.path()).expect("frozen"), 1);
    let letters = made(&letters);
    assert_eq!(letters[0].recipient, "info@xn--e1afmkfd.xn--p1ai");
    assert_eq!(thawed(folder.path()), letters);
}

pub(super) fn state() -> Connection {
    let conn = Connection::open_in_memory().expect("a state");
    for migration in [
        include_str!("../lake/migrations/2-delivery.sql"),
        include_str!("../lake/migrations/7-outbox.sql"),
        include_str!("../lake/migrations/14-conclusions.sql"),
    ] {
        conn.execute_batch(migration).expect("the tables");
    }
    conn
}

pub(super) fn now() -> DateTime<chrono::Utc> {
    DateTime::from_timestamp(1_794_805_200, 0).expect("a time")
}

/// A server for so many connections; `answer` gives its reply to a command, or nothing to hang up.
pub(super) fn server(connections: usize, answer: fn(&str) -> Option<&'static str>) -> Transport {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().take(connections).flatten() {
            let mut out = stream.try_clone().expect("a stream");
            let mut is_data = false;
            let _ = out.write_all(b"220 test\r\n");
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                if is_data && line != "." {
                    continue;
                }
                is_data = line == "DATA";
                match answer(&line) {
                    Some(reply) => out
                        .write_all(format!("{reply}\r\n").as_bytes())
                        .unwrap_or_default(),
                    None => break,
                }
            }
        }
    });
    Transport::Smtp(SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port,
        encryption: Encryption::None,
        login: None,
        ca_file: None,
        sender_is_login: false,
        #[cfg(feature = "dkim")]
        signer: None,
        timeout: Duration::from_secs(5),
    })
}

pub(super) fn obliging(line: &str) -> Option<&'static str> {
    Some(if line == "DATA" {
        "354 go on"
    } else {
        "250 ok"
    })
}

pub(super) fn states(receipts: &[Receipt]) -> Vec<SendState> {
    receipts.iter().map(|receipt| receipt.state).collect()
}

#[test]
fn the_same_digest_gives_the_same_mail() {
    assert_eq!(three(), three());
    let ids: std::collections::BTreeSet<_> = three()
        .into_iter()
        .map(|message| message.message_id)
        .collect();
    assert_eq!(ids.len(), 3);
    assert!(ids.iter().all(
        |id| id.starts_with("<digest.sample.2026-W46.v1.") && id.ends_with("@voronka.example>")
    ));
}

#[test]
fn headers_are_those_of_an_automatic_mail_to_one_person() {
    for message in three() {
        let text = String::from_utf8(message.bytes).expect("mail is ASCII");
        assert!(text.is_ascii());
        let head = text.split("\r\n\r\n").next().expect("a head");
        for header in [
            "From",
            "To",
            "Reply-To",
            "Subject",
            "Date",
            "Message-ID",
            "List-ID",
            "List-Unsubscribe",
            "List-Unsubscribe-Post",
            "Auto-Submitted",
            "X-Auto-Response-Suppress",
            "MIME-Version",
        ] {
            let count = head
                .lines()
                .filter(|line| line.starts_with(&format!("{header}: ")))
                .count();
            assert_eq!(count, 1, "{header}");
        }
        let token = unsubscribe_token("sample", &message.recipient);
        let unfolded = head.replace("\r\n ", " ");
        let ways = format!(
            "List-Unsubscribe: <https://r.example/u/{token}>, <mailto:analyst@example.com?subject=unsubscribe%20sample>"
        );
        assert!(unfolded.contains(&ways), "{head}");
        assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
        assert!(head.contains("Date: Mon, 16 Nov 2026 05:00:00 +0000"));
        assert!(text.contains("multipart/alternative") && text.contains("multipart/related"));
        assert!(
            text.contains("Content-ID: <daily@voronka>")
                && text.contains("Content-Type: image/png")
        );
        assert!(text.lines().all(|line| line.len() <= 998));
    }
}

#[test]
fn an_outbox_reads_back_as_it_was_frozen() {
    let dir = tempfile::tempdir().expect("a folder");
    let messages = three();
    freeze_these(&messages, dir.path());
    assert_eq!(thawed(dir.path()), messages);
    freeze_these(&messages[..1], dir.path());
    assert_eq!(thawed(dir.path()), messages[..1]);
}

#[test]
fn a_file_of_somebody_else_in_the_outbox_is_told_before_a_letter_leaves() {
    let dir = tempfile::tempdir().expect("a folder");
    freeze_these(&three(), dir.path());
    let foreign = dir.path().join("z.eml");
    std::fs::write(&foreign, "From: a@example.com\r\n\r\nHello").expect("written");
    let error = format!("{:#}", thaw(dir.path()).expect_err("it is not ours"));
    assert!(
        error.contains("z.eml: not a message of this program"),
        "{error}"
    );
}

#[test]
fn nothing_is_sent_twice_unless_asked() {
    let (conn, messages) = (state(), three());
    let first = send(&conn, &messages, &server(1, obliging), now(), Which::New).expect("sent");
    assert_eq!(states(&first), [SendState::Sent; 3]);
    let nobody = Transport::Smtp(SmtpSettings {
        port: 1,
        ..smtp_of(server(0, obliging))
    });
    let second = send(&conn, &messages, &nobody, now(), Which::New).expect("left alone");
    assert_eq!(
        Summary::of(&second),
        Summary {
            done_before: 3,
            ..Summary::default()
        }
    );
    let third =
        send(&conn, &messages, &server(1, obliging), now(), Which::Again).expect("sent again");
    assert_eq!(Summary::of(&third).sent, 3);
    assert_eq!(third[0].attempts, 2);
}

pub(super) fn smtp_of(transport: Transport) -> SmtpSettings {
    match transport {
        Transport::Smtp(settings) => settings,
        Transport::File => panic!("a server was asked for"),
    }
}

#[test]
fn one_refused_recipient_does_not_stop_the_others() {
    let picky = |line: &str| {
        if line.contains("b@example.com") {
            Some("550 5.1.1 no such user")
        } else {
            obliging(line)
        }
    };
    let receipts = send(&state(), &three(), &server(1, picky), now(), Which::New).expect("sent");
    assert_eq!(
        states(&receipts),
        [SendState::Sent, SendState::Failed, SendState::Sent]
    );
    assert!(
        receipts[1].reply.contains("no such user"),
        "{}",
        receipts[1].reply
    );
    assert!(Summary::of(&receipts).is_incomplete());
}

#[test]
fn a_break_after_the_message_began_is_unknown_and_not_repeated() {
    let breaks = |line: &str| if line == "." { None } else { obliging(line) };
    let (conn, messages) = (state(), three());
    let receipts =
        send(&conn, &messages[..1], &server(1, breaks), now(), Which::New).expect("sent");
    assert_eq!(states(&receipts), [SendState::Unknown]);
    let again = send(
        &conn,
        &messages[..1],
        &server(1, obliging),
        now(),
        Which::New,
    )
    .expect("left alone");
    assert_eq!(
        (again[0].state, again[0].was_done_before),
        (SendState::Unknown, true)
    );
}

#[test]
fn a_break_before_the_message_is_tried_at_once_again_and_then_later() {
    let breaks = |line: &str| {
        if line.starts_with("RCPT") {
            None
        } else {
            obliging(line)
        }
    };
    let (conn, messages) = (state(), three());
    // Each letter is tried on a new connection once more.
    let receipts = send(&conn, &messages, &server(6, breaks), now(), Which::New).expect("tried");
    assert_eq!(states(&receipts), [SendState::Deferred; 3]);
    let again = send(&conn, &messages, &server(1, obliging), now(), Which::New).expect("sent");
    assert_eq!(states(&again), [SendState::Sent; 3]);
    assert_eq!(
        of_period(&conn, "sample", "2026-W46")
            .expect("receipts")
            .len(),
        3
    );
}

#[test]
fn a_crash_on_the_way_is_found_later_as_unknown() {
    let (conn, messages) = (state(), three());
    noting::note(&conn, &messages[0], SendState::Sending, "", now()).expect("noted");
    let receipts = send(
        &conn,
        &messages[..1],
        &server(0, obliging),
        now(),
        Which::New,
    )
    .expect("left alone");
    assert_eq!(states(&receipts), [SendState::Unknown]);
}

#[test]
fn without_a_server_mails_wait_in_the_outbox_and_leave_later() {
    let (conn, messages) = (state(), three());
    let kept = send(&conn, &messages, &Transport::File, now(), Which::New).expect("kept");
    assert!(Summary::of(&kept).queued == 3 && !Summary::of(&kept).is_incomplete());
    let sent = send(&conn, &messages, &server(1, obliging), now(), Which::New).expect("sent");
    assert_eq!(Summary::of(&sent).sent, 3);
}
