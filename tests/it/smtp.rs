//! Mail over a real server: each reader once, whatever happens on the way.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Stdio};

use crate::support::{self, Firm, Ran};

const PERIOD: &str = "2026-W10";
const ANNA: &str = "anna@firm.example";
const BORIS: &str = "boris@firm.example";

/// A firm with a finished report for two readers, whose letters nobody has yet.
fn firm_with_report() -> Firm {
    let firm = Firm::of_ten_weeks();
    firm.voronka("run", &["--period", PERIOD, "--no-send"])
        .expect_code(0);
    firm
}

/// A mail server that is stopped when dropped.
pub struct Server {
    process: Child,
    port: String,
    folder: tempfile::TempDir,
}

impl Server {
    /// Starts one; `None` without the peer.
    pub fn start(test: &str, options: &[&str]) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut command = support::python(test)?;
        command
            .arg(support::root().join("tests/peers/smtp_server.py"))
            .arg(folder.path())
            .args(options);
        let mut process = command
            .stdout(Stdio::piped())
            .spawn()
            .expect("the mail server starts");
        let mut port = String::new();
        let stdout = process.stdout.take().expect("its output is piped");
        BufReader::new(stdout)
            .read_line(&mut port)
            .expect("the mail server says its port");
        assert!(!port.is_empty(), "the mail server did not start");
        Some(Self {
            process,
            port: port.trim().to_owned(),
            folder,
        })
    }

    /// Sends the firm's letters to this server.
    fn send(&self, firm: &Firm, rest: &[&str], variables: &[(&str, &str)]) -> Ran {
        let arguments = [&["--period", PERIOD], rest].concat();
        let mut command = firm.command("send", &arguments);
        command
            .env("VORONKA_SMTP_PORT", &self.port)
            .env("VORONKA_SMTP_TIMEOUT_S", "5");
        if !variables
            .iter()
            .any(|(name, _)| *name == "VORONKA_SMTP_TLS")
        {
            command.env("VORONKA_SMTP_TLS", "none");
        }
        command.env("VORONKA_SMTP_HOST", "localhost");
        support::run(command.envs(variables.iter().copied()))
    }

    /// The environment of a program that mails over this server.
    pub fn environment(&self) -> [(&'static str, &str); 4] {
        [
            ("VORONKA_SMTP_HOST", "localhost"),
            ("VORONKA_SMTP_PORT", &self.port),
            ("VORONKA_SMTP_TLS", "none"),
            ("VORONKA_SMTP_TIMEOUT_S", "5"),
        ]
    }

    /// Readers of the letters taken so far, in order.
    pub fn taken(&self) -> Vec<String> {
        let files = support::files_below(self.folder.path());
        let envelopes = files
            .iter()
            .filter(|path| path.extension().is_some_and(|kind| kind == "to"));
        envelopes
            .map(|path| fs::read_to_string(path).expect("the envelope can be read"))
            .collect()
    }

    /// Files of the letters taken so far, in order.
    pub fn letters(&self) -> Vec<PathBuf> {
        let mut files = support::files_below(self.folder.path());
        files.retain(|path| path.extension().is_some_and(|kind| kind == "eml"));
        files.sort();
        files
    }

    fn letter(&self, number: u32) -> Vec<u8> {
        fs::read(self.folder.path().join(format!("{number:03}.eml"))).expect("the letter was taken")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn each_reader_gets_the_frozen_letter_once_and_again_only_when_told() {
    let Some(server) = Server::start("smtp: delivery", &[]) else {
        return;
    };
    let firm = firm_with_report();
    server.send(&firm, &[], &[]).expect_code(0);
    assert_eq!(server.taken(), [ANNA, BORIS]);
    for (number, reader) in [(1, ANNA), (2, BORIS)] {
        let letter = server.letter(number);
        let frozen = fs::read(firm.report(PERIOD).join(format!("outbox/{reader}.eml")))
            .expect("the letter is frozen");
        assert!(
            lines(&letter) == lines(&frozen),
            "what arrived is not what was frozen for {reader}"
        );
        let text = String::from_utf8_lossy(&letter).into_owned();
        let other = if reader == ANNA { BORIS } else { ANNA };
        assert!(!text.contains(other), "{reader} sees {other}");
        for part in [
            "multipart/alternative",
            "text/plain",
            "text/html",
            "\nMessage-ID: <",
        ] {
            assert!(
                text.contains(part),
                "the letter has no {part}:\n{}",
                &text[..text.len().min(2000)]
            );
        }
    }
    server.send(&firm, &[], &[]).expect_code(0);
    assert_eq!(server.taken().len(), 2, "a second run sends nothing");
    server.send(&firm, &["--resend"], &[]).expect_code(0);
    assert_eq!(server.taken(), [ANNA, BORIS, ANNA, BORIS]);
    let receipts = firm.voronka("runs", &["--period", PERIOD]).expect_code(0);
    assert!(
        receipts.stdout.contains(ANNA) && receipts.stdout.contains("sent"),
        "{receipts:?}"
    );
}

fn lines(letter: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(letter)
        .trim_end()
        .lines()
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_letter_is_well_formed_mail() {
    const PARSE: &str = "
import email, email.policy, sys
letter = email.message_from_bytes(open(sys.argv[1], 'rb').read(), policy=email.policy.default)
assert not letter.defects, letter.defects
kinds = [part.get_content_type() for part in letter.walk()]
assert 'multipart/alternative' in kinds and 'text/plain' in kinds and 'text/html' in kinds, kinds
page = letter.get_body(('html',)).get_content()
pictures = {part['Content-ID'].strip('<>') for part in letter.walk() if part.get_content_type() == 'image/png'}
# A quiet week has none; a letter with one is a unit test of the delivery.
assert all('cid:' + one in page for one in pictures), pictures
assert page.count('cid:') == len(pictures)
assert max(len(line) for line in open(sys.argv[1], 'rb').read().splitlines()) <= 998
print(letter['To'], '|', letter['Subject'], '|', letter.get_body(('plain',)).get_content()[:40])
";
    let Some(mut python) = support::python("smtp: form of a letter") else {
        return;
    };
    let firm = firm_with_report();
    let letter = firm.report(PERIOD).join(format!("outbox/{ANNA}.eml"));
    let said = support::run(python.args(["-c", PARSE]).arg(letter))
        .expect_code(0)
        .stdout;
    assert!(said.starts_with("Анна <anna@firm.example> | "), "{said}");
}

#[test]
fn a_refused_reader_does_not_stop_the_other() {
    let Some(server) = Server::start("smtp: a refused reader", &["--refuse", ANNA]) else {
        return;
    };
    let firm = firm_with_report();
    let ran = server.send(&firm, &[], &[]).expect_code(4);
    assert!(ran.said().contains("no such user"), "{ran:?}");
    assert_eq!(server.taken(), [BORIS]);
    let Some(later) = Server::start("smtp: a refused reader", &[]) else {
        return;
    };
    later.send(&firm, &[], &[]).expect_code(0);
    assert_eq!(later.taken(), [ANNA], "only the one who has no letter yet");
}

#[test]
fn a_server_that_is_not_there_is_tried_again_by_the_next_run() {
    let Some(server) = Server::start("smtp: a server that is not there", &[]) else {
        return;
    };
    let firm = firm_with_report();
    // A port that was free a moment ago.
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|socket| socket.local_addr())
        .expect("a free port");
    let port = closed.port().to_string();
    server
        .send(&firm, &[], &[("VORONKA_SMTP_PORT", &port)])
        .expect_code(4);
    server.send(&firm, &[], &[]).expect_code(0);
    assert_eq!(server.taken(), [ANNA, BORIS]);
}

#[test]
fn a_letter_that_may_have_arrived_is_not_sent_again_by_itself() {
    let Some(server) = Server::start("smtp: a broken answer", &["--drop"]) else {
        return;
    };
    let firm = firm_with_report();
    let ran = server.send(&firm, &[], &[]).expect_code(4);
    assert!(ran.said().contains("unknown"), "{ran:?}");
    assert_eq!(server.taken(), [ANNA, BORIS]);
    let Some(later) = Server::start("smtp: a broken answer", &[]) else {
        return;
    };
    later.send(&firm, &[], &[]).expect_code(4);
    assert!(later.taken().is_empty(), "{:?}", later.taken());
    later.send(&firm, &["--resend"], &[]).expect_code(0);
    assert_eq!(later.taken(), [ANNA, BORIS]);
}

#[test]
fn starttls_trusts_a_private_authority_only_when_told() {
    let options = ["--tls", "--login", "reports:correct horse"];
    let Some(server) = Server::start("smtp: STARTTLS", &options) else {
        return;
    };
    let firm = firm_with_report();
    let tls = ("VORONKA_SMTP_TLS", "starttls");
    let user = ("VORONKA_SMTP_USER", "reports");
    let right = ("VORONKA_SMTP_PASSWORD", "correct horse");
    let ran = server.send(&firm, &[], &[tls, user, right]).expect_code(4);
    assert!(ran.said().contains("VORONKA_SMTP_CA_FILE"), "{ran:?}");
    let authority = server.folder.path().join("ca.pem").display().to_string();
    let trusted = ("VORONKA_SMTP_CA_FILE", authority.as_str());
    let wrong = ("VORONKA_SMTP_PASSWORD", "hunter2 hunter2");
    let ran = server
        .send(&firm, &[], &[tls, trusted, user, wrong])
        .expect_code(4);
    assert!(!ran.said().contains("hunter2"), "{ran:?}");
    assert!(server.taken().is_empty());
    let logs = "trace,lettre=trace,lettre::transport::smtp::client=trace";
    let all = [tls, trusted, user, right, ("VORONKA_LOG", logs)];
    let ran = server.send(&firm, &[], &all).expect_code(0);
    assert_eq!(server.taken(), [ANNA, BORIS]);
    // However much is logged: neither the login, in plain or in base64, nor a letter.
    for secret in [
        "correct horse",
        "AUTH PLAIN AH",
        "Y29ycmVjdCBob3JzZ",
        "Subject: ",
    ] {
        assert!(!ran.said().contains(secret), "{ran:?}");
    }
}

#[test]
fn a_server_without_starttls_gets_nothing() {
    let Some(server) = Server::start("smtp: no STARTTLS", &[]) else {
        return;
    };
    let firm = firm_with_report();
    let ran = server
        .send(&firm, &[], &[("VORONKA_SMTP_TLS", "starttls")])
        .expect_code(4);
    assert!(ran.said().contains("STARTTLS"), "{ran:?}");
    assert!(server.taken().is_empty());
}

#[test]
fn mail_in_the_clear_to_another_machine_is_refused_before_anything_is_made() {
    let firm = firm_with_report();
    let mut command = firm.command("send", &["--period", PERIOD]);
    command.envs([
        ("VORONKA_SMTP_HOST", "mail.firm.example"),
        ("VORONKA_SMTP_TLS", "none"),
    ]);
    let ran = support::run(&mut command).expect_code(2);
    assert!(
        ran.stderr.contains("mail.firm.example") && ran.stderr.contains("hint:"),
        "{ran:?}"
    );
}

#[test]
fn without_a_server_letters_stay_in_the_outbox_and_are_mailed_when_there_is_one() {
    let firm = firm_with_report();
    firm.voronka("send", &["--period", PERIOD]).expect_code(0);
    let outbox = support::files_below(&firm.report(PERIOD).join("outbox"));
    assert_eq!(
        outbox
            .iter()
            .filter(|path| path.extension().is_some_and(|kind| kind == "eml"))
            .count(),
        2
    );
    let Some(server) = Server::start("smtp: from the outbox", &[]) else {
        return;
    };
    server.send(&firm, &[], &[]).expect_code(0);
    assert_eq!(server.taken(), [ANNA, BORIS]);
}
