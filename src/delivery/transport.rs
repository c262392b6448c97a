//! How messages leave: kept as files by default, or by an SMTP server that the environment names.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

#[cfg(feature = "dkim")]
use super::dkim::Signer;
use super::presets::{self, PRESETS, Preset};
use crate::model::fault::Fault;

/// How messages leave.
#[derive(Debug, Clone)]
pub enum Transport {
    /// They stay in the outbox.
    File,
    /// A server takes them.
    Smtp(SmtpSettings),
}

/// A server and how to talk to it.
#[derive(Debug, Clone)]
pub struct SmtpSettings {
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Whether and when the connection is encrypted.
    pub encryption: Encryption,
    /// Login and password.
    pub login: Option<(String, Secret)>,
    /// A private certificate authority, PEM.
    pub ca_file: Option<PathBuf>,
    /// Whether the sender's address must be the login.
    pub sender_is_login: bool,
    /// What signs the letters.
    #[cfg(feature = "dkim")]
    pub signer: Option<Signer>,
    /// For each command; the answer to the message itself may take ten times as long.
    pub timeout: Duration,
}

/// Whether and when the connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// From the first byte.
    Tls,
    /// After STARTTLS, which the server must offer.
    StartTls,
    /// Never: on this machine only.
    None,
}

/// Text that must not be seen.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Submission over TLS from the first byte (RFC 8314), submission that turns to TLS (RFC 6409), and a relay on this machine.
const TLS_PORT: u16 = 465;
const SUBMISSION_PORT: u16 = 587;
const RELAY_PORT: u16 = 25;
/// A server that says nothing for so long is taken for gone, seconds.
const TIMEOUT_S: u16 = 60;

/// A setting of the environment that cannot be used, and what to do about it; never holds a secret.
pub(super) fn unusable(what: impl Into<String>, hint: impl Into<String>) -> Fault {
    Fault::usage(what).hint(hint)
}

impl Transport {
    /// The transport that the environment asks for: `VORONKA_SMTP_PRESET` or `VORONKA_SMTP_HOST`, `_PORT`, `_TLS`, `_USER`, `_PASSWORD` or
    /// `_PASSWORD_FILE`, `_CA_FILE`, `_TIMEOUT_S`. Without a host, files.
    ///
    /// # Errors
    /// When a setting cannot be used.
    pub fn from_env() -> Result<Self, Fault> {
        Self::from_vars(|name| std::env::var(name).ok())
    }

    /// The same from any source of variables.
    ///
    /// # Errors
    /// When a setting cannot be used.
    pub fn from_vars(var: impl Fn(&str) -> Option<String>) -> Result<Self, Fault> {
        let var = |name: &str| {
            var(&format!("VORONKA_SMTP_{name}"))
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
        };
        let preset = var("PRESET").map(|name| preset(&name)).transpose()?;
        let Some(host) = var("HOST").or_else(|| Some(preset?.host.to_owned())) else {
            return no_host(var);
        };
        let port = var("PORT").map(|text| number("PORT", &text)).transpose()?;
        let port = port.or_else(|| Some(preset?.port));
        let encryption = match var("TLS").as_deref() {
            None if preset.is_some_and(|preset| Some(preset.port) == port) => {
                preset.map_or(Encryption::StartTls, |preset| preset.encryption)
            }
            None if port == Some(TLS_PORT) => Encryption::Tls,
            None | Some("starttls") => Encryption::StartTls,
            Some("tls") => Encryption::Tls,
            Some("none") => Encryption::None,
            Some(other) => {
                let what = format!("VORONKA_SMTP_TLS is \"{other}\"");
                return Err(unusable(
                    what,
                    "write tls (port 465), starttls (port 587) or none (this machine only)",
                ));
            }
        };
        if encryption == Encryption::None && !is_loopback(&host) {
            let what =
                format!("VORONKA_SMTP_TLS is \"none\" for \"{host}\", which is not this machine");
            return Err(unusable(
                what,
                "use tls or starttls: reports and passwords must not travel in the clear",
            ));
        }
        let port = port.unwrap_or(match encryption {
            Encryption::Tls => TLS_PORT,
            Encryption::StartTls => SUBMISSION_PORT,
            Encryption::None => RELAY_PORT,
        });
        #[cfg(not(feature = "dkim"))]
        if var("DKIM_SELECTOR").is_some() {
            let what = "VORONKA_SMTP_DKIM_SELECTOR is set, and this voronka was built without DKIM";
            return Err(unusable(what, "build it with the feature `dkim`"));
        }
        let timeout = var("TIMEOUT_S")
            .map(|text| number("TIMEOUT_S", &text))
            .transpose()?
            .unwrap_or(TIMEOUT_S)
            .max(1);
        Ok(Self::Smtp(SmtpSettings {
            host,
            port,
            encryption,
            login: login(&var)?,
            #[cfg(feature = "dkim")]
            signer: super::dkim::signer(&var)?,
            ca_file: var("CA_FILE").map(PathBuf::from),
            sender_is_login: preset.is_some_and(|preset| preset.sender_is_login),
            timeout: Duration::from_secs(u64::from(timeout)),
        }))
    }
}

fn preset(name: &str) -> Result<&'static Preset, Fault> {
    presets::named(name).ok_or_else(|| {
        let known: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
        let what = format!("VORONKA_SMTP_PRESET is \"{name}\", which is no service that is known");
        unusable(
            what,
            format!("one of {}; or set VORONKA_SMTP_HOST", known.join(", ")),
        )
    })
}

impl Transport {
    /// Why a server of these settings may refuse letters of a sender: the service takes mail of the login's own address, and the
    /// sender has another. It may be an alias of the login, so this is no fault yet.
    pub fn doubt_of_sender(&self, sender: &str) -> Option<String> {
        let Self::Smtp(settings) = self else {
            return None;
        };
        let (login, _) = settings.login.as_ref()?;
        let is_other = settings.sender_is_login && !login.eq_ignore_ascii_case(sender);
        is_other.then(|| {
            let host = &settings.host;
            format!("{host} takes mail of its login {login} and its aliases only; `from` in [delivery] is {sender}")
        })
    }
}

/// Other settings without a host are a mistake: mail that was meant to leave would stay.
fn no_host(var: impl Fn(&str) -> Option<String>) -> Result<Transport, Fault> {
    let others = [
        "PORT",
        "TLS",
        "USER",
        "PASSWORD",
        "PASSWORD_FILE",
        "CA_FILE",
        "DKIM_SELECTOR",
    ];
    match others.into_iter().find(|name| var(name).is_some()) {
        None => Ok(Transport::File),
        Some(name) => {
            let what = format!("VORONKA_SMTP_{name} is set, VORONKA_SMTP_HOST is not");
            Err(unusable(
                what,
                "set VORONKA_SMTP_HOST, or unset the others to keep mails in the outbox",
            ))
        }
    }
}

fn number(name: &str, text: &str) -> Result<u16, Fault> {
    let wrong = || {
        unusable(
            format!("VORONKA_SMTP_{name} is \"{text}\""),
            "write a number from 1 to 65535",
        )
    };
    text.parse()
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(wrong)
}

fn login(var: &impl Fn(&str) -> Option<String>) -> Result<Option<(String, Secret)>, Fault> {
    let password = match (var("PASSWORD"), var("PASSWORD_FILE")) {
        (Some(_), Some(_)) => {
            let what = "both VORONKA_SMTP_PASSWORD and VORONKA_SMTP_PASSWORD_FILE are set";
            return Err(unusable(what, "keep one of them"));
        }
        (Some(password), None) => Some(password),
        (None, Some(path)) => Some(password_in(&path)?),
        (None, None) => None,
    };
    match (var("USER"), password) {
        (Some(user), Some(password)) => Ok(Some((user, Secret(password)))),
        (None, None) => Ok(None),
        (Some(_), None) => {
            let hint =
                "set VORONKA_SMTP_PASSWORD, or VORONKA_SMTP_PASSWORD_FILE to a file that holds it";
            Err(unusable(
                "VORONKA_SMTP_USER is set without a password",
                hint,
            ))
        }
        (None, Some(_)) => Err(unusable(
            "a password for SMTP is set without VORONKA_SMTP_USER",
            "set VORONKA_SMTP_USER",
        )),
    }
}

fn password_in(path: &str) -> Result<String, Fault> {
    let read = std::fs::read_to_string(path);
    let text = read.map_err(|error| {
        let what = format!("VORONKA_SMTP_PASSWORD_FILE: cannot read {path}: {error}");
        unusable(
            what,
            "the file must be readable by the user that runs voronka",
        )
    })?;
    let password = text
        .lines()
        .next()
        .unwrap_or_default()
        .trim_end()
        .to_owned();
    if password.is_empty() {
        let what = format!("VORONKA_SMTP_PASSWORD_FILE: {path} is empty");
        return Err(unusable(what, "write the password on its first line"));
    }
    Ok(password)
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .trim_matches(['[', ']'])
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(vars: &[(&str, &str)]) -> Result<Transport, Fault> {
        let var = |name: &str| {
            vars.iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        };
        Transport::from_vars(var)
    }

    #[test]
    fn without_a_host_mails_stay_in_the_outbox() {
        assert!(matches!(from(&[]), Ok(Transport::File)));
        assert!(from(&[("VORONKA_SMTP_USER", "u")]).is_err());
    }

    #[test]
    fn ports_follow_encryption() {
        for (tls, port) in [("tls", 465), ("starttls", 587)] {
            let transport = from(&[
                ("VORONKA_SMTP_HOST", "mail.example.com"),
                ("VORONKA_SMTP_TLS", tls),
            ]);
            let Ok(Transport::Smtp(settings)) = transport else {
                panic!("{transport:?}")
            };
            assert_eq!(settings.port, port);
        }
    }

    #[test]
    fn mail_never_leaves_this_machine_in_the_clear() {
        let none = ("VORONKA_SMTP_TLS", "none");
        assert!(from(&[("VORONKA_SMTP_HOST", "mail.example.com"), none]).is_err());
        assert!(from(&[("VORONKA_SMTP_HOST", "127.0.0.1"), none]).is_ok());
        assert!(from(&[("VORONKA_SMTP_HOST", "[::1]"), none]).is_ok());
    }

    #[test]
    fn a_service_is_known_by_its_name_and_says_what_it_demands() {
        let vars = [
            ("VORONKA_SMTP_PRESET", "yandex360"),
            ("VORONKA_SMTP_USER", "reports@firm.example"),
            ("VORONKA_SMTP_PASSWORD", "p"),
        ];
        let transport = from(&vars).expect("settings");
        let Transport::Smtp(settings) = &transport else {
            panic!("{transport:?}")
        };
        assert_eq!(
            (settings.host.as_str(), settings.port),
            ("smtp.yandex.ru", 465)
        );
        assert_eq!(settings.encryption, Encryption::Tls);
        assert_eq!(transport.doubt_of_sender("Reports@firm.example"), None);
        let doubt = transport
            .doubt_of_sender("boss@firm.example")
            .expect("a doubt");
        assert!(doubt.contains("boss@firm.example"), "{doubt}");
        assert!(from(&[("VORONKA_SMTP_PRESET", "pigeon")]).is_err());
    }

    #[test]
    fn secrets_are_never_shown() {
        let vars = [
            ("VORONKA_SMTP_HOST", "h"),
            ("VORONKA_SMTP_USER", "u"),
            ("VORONKA_SMTP_PASSWORD", "hunter2"),
        ];
        let shown = format!("{:?}", from(&vars).expect("settings"));
        assert!(!shown.contains("hunter2") && shown.contains("***"));
        let error = from(&[
            ("VORONKA_SMTP_HOST", "h"),
            ("VORONKA_SMTP_PASSWORD", "hunter2"),
        ])
        .expect_err("no user");
        assert!(!format!("{error:?} {error}").contains("hunter2"));
    }
}
