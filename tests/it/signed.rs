//! Signatures of letters, looked at by a verifier that shares no code with the program.

use std::fs;
use std::path::{Path, PathBuf};

use crate::smtp::Server;
use crate::support::{self, Firm};

const PERIOD: &str = "2026-W10";

/// What the verifier says; `None` without it.
fn verifier(test: &str, folder: &Path, words: &[&str], letters: &[PathBuf]) -> Option<String> {
    let mut command = support::python(test)?;
    command.arg(support::root().join("tests/peers/dkim_verifier.py"));
    command.arg(words[0]).arg(folder).args(letters);
    let ran = support::run(&mut command);
    assert_eq!(ran.code, 0, "{ran:?}");
    Some(ran.stdout)
}

fn send_signed(kind: &str) {
    let test = "signed: a verifier of signatures";
    let folder = tempfile::tempdir().expect("a temporary folder");
    if verifier(test, folder.path(), &["keys"], &[]).is_none() {
        return;
    }
    let Some(server) = Server::start(test, &[]) else {
        return;
    };
    // Ways to unsubscribe are among what is signed.
    let firm = Firm::of_ten_weeks_with(
        "reply_to = \"analyst@firm.example\"\nunsubscribe = \"https://firm.example/u/{token}\"\n",
    );
    firm.voronka("run", &["--period", PERIOD, "--no-send"])
        .expect_code(0);
    let key = folder.path().join(format!("{kind}.pem"));
    let key = key.to_str().expect("a path in UTF-8");
    let mut command = firm.command("send", &["--period", PERIOD]);
    command
        .envs(server.environment())
        .env("VORONKA_SMTP_DKIM_SELECTOR", kind)
        .env("VORONKA_SMTP_DKIM_KEY_FILE", key)
        .env("VORONKA_LOG", "trace");
    let ran = support::run(&mut command).expect_code(0);
    assert!(!ran.said().contains("PRIVATE KEY"), "{ran:?}");
    let letters = server.letters();
    assert_eq!(letters.len(), 2);
    let said = verifier(test, folder.path(), &["verify"], &letters);
    assert_eq!(said.as_deref(), Some("pass\npass\n"));
    // The frozen letter is what was signed, and a letter that somebody changed is told.
    let signed = fs::read_to_string(&letters[0]).expect("a letter");
    let frozen = firm.report(PERIOD).join("outbox/anna@firm.example.eml");
    let frozen = fs::read_to_string(frozen).expect("the frozen letter");
    let is_signature = |line: &&str| !line.starts_with("From:");
    let unsigned: Vec<&str> = signed.lines().skip_while(is_signature).collect();
    let frozen: Vec<&str> = frozen.lines().collect();
    assert_eq!(unsigned.join("\n").trim_end(), frozen.join("\n").trim_end());
    let changed = folder.path().join("changed.eml");
    fs::write(&changed, signed.replacen("Subject: ", "Subject: not ", 1)).expect("written");
    let said = verifier(test, folder.path(), &["verify"], &[changed]);
    assert_eq!(said.as_deref(), Some("fail\n"));
}

#[test]
fn letters_are_signed_with_rsa() {
    send_signed("rsa");
}

#[test]
fn letters_are_signed_with_ed25519() {
    send_signed("ed25519");
}

#[test]
fn half_a_setting_of_signatures_is_refused() {
    let firm = Firm::of_ten_weeks();
    let mut command = firm.command("check", &[]);
    command
        .env("VORONKA_SMTP_HOST", "localhost")
        .env("VORONKA_SMTP_TLS", "none")
        .env("VORONKA_SMTP_DKIM_SELECTOR", "mail");
    let ran = support::run(&mut command).expect_code(2);
    assert!(ran.stderr.contains("without a key"), "{ran:?}");
}
