//! What else a digest is told to when its letters have left: a program and a chat.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{self, Receiver};
use std::thread;

use serde_json::Value;

use crate::support::{self, Firm, Ran};

const PERIOD: &str = "2026-W10";

/// A chat that answers each request with a status, and hands its path and body on.
fn chat(status: &'static str) -> (u16, Receiver<(String, Value)>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let mut text = String::new();
            let mut block = [0; 4096];
            let body = loop {
                let read = stream.read(&mut block).expect("a request");
                text += &String::from_utf8_lossy(&block[..read]);
                let whole = text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
                if let Some(body) = whole.and_then(|body| serde_json::from_str(&body).ok()) {
                    break body;
                }
            };
            let path = text.split(' ').nth(1).unwrap_or_default().to_owned();
            write!(
                stream,
                "HTTP/1.1 {status}\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
            )
            .expect("an answer");
            if tell.send((path, body)).is_err() {
                return;
            }
        }
    });
    (port, told)
}

fn run(firm: &Firm, port: u16, now: &str) -> Ran {
    let mut command = firm.command("run", &["--period", PERIOD, "--now", now]);
    command
        .env(
            "VORONKA_WEBHOOK_SALES_TEAM",
            format!("http://127.0.0.1:{port}/bot-secret/send"),
        )
        .env("VORONKA_LOG", "trace");
    support::run(&mut command)
}

const HOOKS: &str = "\n[links]\nbase = \"https://reports.firm.example\"\n\n[hooks]\nwebhook = \"sales-team\"\nchat = \"-1001\"\n";

#[test]
fn a_headline_is_posted_once_with_its_link_and_the_address_is_in_no_log() {
    let (port, told) = chat("200 OK");
    let firm = Firm::of_ten_weeks_with(HOOKS);
    let ran = run(&firm, port, "2026-03-09T06:00:00Z").expect_code(0);
    assert!(ran.stdout.contains("hook webhook: told"), "{ran:?}");
    assert!(!ran.said().contains("bot-secret"), "{ran:?}");
    let (path, message) = told.recv().expect("a message");
    assert_eq!(path, "/bot-secret/send");
    assert_eq!(message["chat_id"], "-1001");
    let text = message["text"].as_str().expect("a text");
    assert!(text.starts_with("Ten weeks: "), "{text}");
    assert!(
        text.ends_with("\nhttps://reports.firm.example/ten-weeks/2026-W10/report.html"),
        "{text}"
    );
    let again = run(&firm, port, "2026-03-09T07:00:00Z").expect_code(0);
    assert!(!again.stdout.contains("hook webhook"), "{again:?}");
    assert!(told.try_recv().is_err(), "it was told twice");
}

#[test]
fn a_chat_that_refuses_is_an_error_without_its_address_and_is_tried_again() {
    let (port, _) = chat("403 Forbidden");
    let firm = Firm::of_ten_weeks_with(HOOKS);
    let ran = run(&firm, port, "2026-03-09T06:00:00Z").expect_code(0);
    assert!(
        ran.stderr.contains("webhook sales-team: answered 403"),
        "{ran:?}"
    );
    assert!(!ran.said().contains("bot-secret"), "{ran:?}");
    let (port, told) = chat("204 No Content");
    run(&firm, port, "2026-03-09T07:00:00Z").expect_code(0);
    told.recv().expect("it is told now");
}

#[test]
fn a_program_is_given_the_headline_as_json() {
    let firm = Firm::of_ten_weeks_with("");
    let kept = firm.path("told.json");
    let pipeline = firm.path("firm/firm.toml");
    let settings = fs::read_to_string(&pipeline).expect("the pipeline");
    let hook = format!(
        "\n[hooks]\ncommand = [\"sh\", \"-c\", \"cat > '{}'\"]\n",
        kept.display()
    );
    fs::write(&pipeline, settings + &hook).expect("written");
    firm.voronka("run", &["--period", PERIOD]).expect_code(0);
    let told = support::read_json(&kept);
    assert_eq!(
        (&told["pipeline"], &told["period"], &told["version"]),
        (&"ten-weeks".into(), &PERIOD.into(), &1.into())
    );
    assert!(
        told["headline"].is_string() && told["link"].is_null(),
        "{told}"
    );
}
