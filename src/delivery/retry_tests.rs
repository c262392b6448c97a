//! Tests of letters that do not leave at once: tried again, given up, decided by a person.

use chrono::DateTime;

use super::message::Message;
use super::tests::{now, obliging, send, server, smtp_of, state, states, three};
use super::transport::SmtpSettings;
use super::*;

fn after(minutes: i64) -> DateTime<chrono::Utc> {
    now() + chrono::TimeDelta::minutes(minutes)
}

#[test]
fn a_server_that_asks_for_patience_is_asked_again_after_a_while() {
    let greylists = |line: &str| match line {
        line if line.starts_with("RCPT") && line.contains("b@") => {
            Some("450 4.2.0 greylisted, come back")
        }
        line => obliging(line),
    };
    let (conn, messages) = (state(), three());
    let first = send(&conn, &messages, &server(1, greylists), now(), Which::New).expect("sent");
    assert_eq!(
        states(&first),
        [SendState::Sent, SendState::Deferred, SendState::Sent]
    );
    assert!(Summary::of(&first).is_incomplete());
    let willing = server(2, obliging);
    let early = send(&conn, &messages, &willing, after(4), Which::Due).expect("looked");
    assert_eq!(early, []);
    let later = send(&conn, &messages, &willing, after(7), Which::Due).expect("sent");
    assert_eq!(states(&later), [SendState::Sent]);
    assert_eq!(
        (later[0].attempts, later[0].recipient.as_str()),
        (2, "b@example.com")
    );
    let done = send(&conn, &messages, &willing, after(600), Which::Due).expect("looked");
    assert_eq!(done, []);
}

#[test]
fn a_letter_that_no_server_takes_for_a_day_is_given_up() {
    let nobody = Transport::Smtp(SmtpSettings {
        port: 1,
        ..smtp_of(server(0, obliging))
    });
    let (conn, messages) = (state(), three());
    let first = send(&conn, &messages[..1], &nobody, now(), Which::New).expect("tried");
    assert_eq!(states(&first), [SendState::Deferred]);
    let mut tries = 0;
    for minute in 1..24 * 60 {
        tries += send(&conn, &messages[..1], &nobody, after(minute), Which::Due)
            .expect("tried")
            .len();
    }
    // After 5, 15, 30, 60 and then every 120 minutes, each up to a fifth longer.
    assert!((13..=15).contains(&tries), "{tries}");
    let ended = send(&conn, &messages[..1], &nobody, after(24 * 60), Which::Due).expect("looked");
    assert_eq!(states(&ended), [SendState::Expired]);
    assert!(
        ended[0].reply.contains("given up after a day; last: "),
        "{}",
        ended[0].reply
    );
    let rest = send(&conn, &messages[..1], &nobody, after(48 * 60), Which::Due).expect("looked");
    assert_eq!(rest, []);
}

#[test]
fn a_letter_of_which_nobody_can_tell_is_sent_once_more_with_the_same_id() {
    let breaks = |line: &str| if line == "." { None } else { obliging(line) };
    let (conn, messages) = (state(), three());
    let first = send(&conn, &messages[..1], &server(1, breaks), now(), Which::New).expect("sent");
    assert_eq!(states(&first), [SendState::Unknown]);
    let breaking = server(2, breaks);
    assert_eq!(
        send(&conn, &messages[..1], &breaking, after(29), Which::Due).expect("looked"),
        []
    );
    let again = send(&conn, &messages[..1], &breaking, after(30), Which::Due).expect("sent");
    assert_eq!(states(&again), [SendState::Unknown]);
    assert_eq!(again[0].message_id, first[0].message_id);
    assert_eq!(
        send(&conn, &messages[..1], &breaking, after(90), Which::Due).expect("looked"),
        []
    );
}

#[test]
fn a_mailbox_that_is_not_there_gets_nothing_any_more() {
    let picky = |line: &str| match line {
        line if line.starts_with("RCPT") && line.contains("b@") => Some("550 5.1.1 no such user"),
        line => obliging(line),
    };
    let (conn, messages) = (state(), three());
    let first = send(&conn, &messages, &server(1, picky), now(), Which::New).expect("sent");
    assert_eq!(
        states(&first),
        [SendState::Sent, SendState::Failed, SendState::Sent]
    );
    let of_next_week = |message: &Message| Message {
        period: "2026-W47".to_owned(),
        ..message.clone()
    };
    let next: Vec<Message> = messages.iter().map(of_next_week).collect();
    let second = send(&conn, &next, &server(1, obliging), after(60), Which::New).expect("sent");
    assert_eq!(
        states(&second),
        [SendState::Sent, SendState::Suppressed, SendState::Sent]
    );
    assert!(!Summary::of(&second).is_incomplete());
    // Somebody sends the first letter again: the mailbox is there now, and the reader is taken in again.
    let again = send(
        &conn,
        &messages,
        &server(1, obliging),
        after(90),
        Which::New,
    )
    .expect("sent");
    assert_eq!(again[1].state, SendState::Sent);
    assert_eq!(suppressed(&conn, "sample").expect("read"), []);
}

#[test]
fn a_letter_that_is_too_large_goes_without_its_files() {
    // The letter with its files is refused once its end has come; so is anything that a size is told of.
    static LETTERS: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    let narrow = |line: &str| match line {
        "." if LETTERS.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0 => {
            Some("552 5.3.4 message too big")
        }
        line => obliging(line),
    };
    let (conn, messages) = (state(), three());
    let sent = send(&conn, &messages[..1], &server(1, narrow), now(), Which::New).expect("sent");
    assert_eq!(states(&sent), [SendState::Sent]);
    assert!(
        sent[0].reply.contains("without its files"),
        "{}",
        sent[0].reply
    );
    let smaller = messages[0].without_files().expect("it has files");
    let text = String::from_utf8(smaller.bytes.clone()).expect("mail is ASCII");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    assert_eq!(head.matches("Content-Type:").count(), 1, "{head}");
    assert!(
        head.contains("multipart/alternative") && head.contains("Message-ID: "),
        "{head}"
    );
    assert!(body.contains("image/png") && !body.contains("application/pdf"));
    assert!(smaller.without_files().is_none());
}

#[test]
fn a_refused_login_stops_the_whole_queue_and_is_not_tried_by_itself() {
    let strict = |line: &str| match line {
        line if line.starts_with("MAIL") => Some("530 5.7.0 authentication required"),
        line => obliging(line),
    };
    let (conn, messages) = (state(), three());
    // One connection: after the first refusal the server is left alone.
    let receipts = send(&conn, &messages, &server(1, strict), now(), Which::New).expect("tried");
    assert_eq!(states(&receipts), [SendState::Failed; 3]);
    let later = send(
        &conn,
        &messages,
        &server(1, obliging),
        after(60),
        Which::Due,
    )
    .expect("looked");
    assert_eq!(later, []);
}

#[test]
fn a_goodbye_between_letters_is_answered_with_a_new_connection() {
    static MAILS: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    let tired = |line: &str| match line {
        line if line.starts_with("MAIL")
            && MAILS.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 1 =>
        {
            Some("421 4.7.0 too many letters, goodbye")
        }
        line => obliging(line),
    };
    let receipts = send(&state(), &three(), &server(2, tired), now(), Which::New).expect("sent");
    assert_eq!(states(&receipts), [SendState::Sent; 3]);
}

#[test]
fn a_person_decides_what_becomes_of_a_letter() {
    let (conn, messages) = (state(), three());
    let first = send(&conn, &messages[..1], &Transport::File, now(), Which::New).expect("kept");
    let id = first[0].id;
    decide(
        &conn,
        id,
        SendState::Suppressed,
        "given up by hand",
        after(5),
    )
    .expect("decided");
    let due = |minutes| {
        send(
            &conn,
            &messages[..1],
            &server(1, obliging),
            after(minutes),
            Which::Due,
        )
    };
    assert_eq!(due(10).expect("looked"), []);
    let sent_by_hand = send(
        &conn,
        &messages[..1],
        &server(0, obliging),
        after(15),
        Which::New,
    );
    let left = sent_by_hand.expect("looked");
    assert_eq!(
        (left[0].state, left[0].was_done_before),
        (SendState::Suppressed, true)
    );
    // Two days later it leaves again: its day begins anew.
    decide(&conn, id, SendState::Queued, "again", after(2880)).expect("decided");
    assert_eq!(states(&due(2890).expect("sent")), [SendState::Sent]);
    let found = numbered(&conn, "sample", id)
        .expect("read")
        .expect("it is there");
    assert_eq!((found.state, found.attempts), (SendState::Sent, 1));
}
