//! Talking to an SMTP server step by step, so that it is known on which side of DATA a connection broke.

use std::borrow::Cow;
use std::error::Error as _;
use std::fs;
use std::io::ErrorKind;
use std::time::Duration;

use anyhow::{Context, anyhow};
use lettre::address::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{Certificate, SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;

#[cfg(feature = "dkim")]
use super::dkim::Signer;
use super::message::Message;
use super::transport::{Encryption, SmtpSettings, Transport};

/// How the sending of one message ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SmtpReply {
    /// The server took it.
    Sent(String),
    /// The server asked for patience.
    Later(String),
    /// The server said goodbye, or the connection broke before the message began: it did not leave.
    Lost(String),
    /// The server refused it for good.
    Refused(String),
    /// The server knows no such mailbox.
    NoMailbox(String),
    /// The message is too large for the server.
    TooLarge(String),
    /// The server wants another login: it will refuse every message.
    Unwelcome(String),
    /// The connection broke after the message began: nobody can tell.
    Unknown(String),
    /// No server is set, and it stays in the outbox.
    Queued,
}

impl From<NoServer> for SmtpReply {
    fn from(why: NoServer) -> Self {
        match why {
            NoServer::Down(why) => Self::Later(why),
            NoServer::Unwelcome(why) => Self::Unwelcome(why),
        }
    }
}

/// Why there is no connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoServer {
    /// It cannot be reached, or not safely; later perhaps.
    Down(String),
    /// It refused the login; a second try could lock the account.
    Unwelcome(String),
}

impl SmtpReply {
    /// What the answer to a step before the message itself means.
    fn refusal(error: &Error) -> Self {
        let text = text(error);
        let Some(code) = error.status().map(u16::from) else {
            return Self::Lost(text);
        };
        let has = |enhanced: &[&str]| enhanced.iter().any(|code| text.contains(code));
        match code {
            421 => Self::Lost(text),
            // The enhanced code says more than the first: 552 is also the answer of a full mailbox (RFC 3463).
            _ if has(&["5.3.4", "5.2.3"]) => Self::TooLarge(text),
            552 if !has(&["5.2.2"]) => Self::TooLarge(text),
            400..=499 => Self::Later(text),
            530 | 534 | 535 | 538 => Self::Unwelcome(text),
            _ if has(&["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"]) => Self::NoMailbox(text),
            _ => Self::Refused(text),
        }
    }
}

/// An open connection, logged in.
pub(super) struct Server {
    connection: SmtpConnection,
    /// It ended or cannot be brought to a new beginning.
    is_broken: bool,
    timeout: Duration,
    #[cfg(feature = "dkim")]
    signer: Option<Signer>,
}

/// The answer to a message may take as long as the server needs to store it; a short wait makes duplicates.
const TIMES_FOR_STORING: u32 = 10;

impl Server {
    /// Connects, encrypts and logs in.
    pub(super) fn connect(settings: &SmtpSettings) -> Result<Self, NoServer> {
        let mut server =
            Self::reach(settings).map_err(|error| NoServer::Down(format!("{error:#}")))?;
        server.log_in(settings)?;
        Ok(server)
    }

    /// Connects and encrypts.
    fn reach(settings: &SmtpSettings) -> anyhow::Result<Self> {
        let server = format!("{}:{}", settings.host, settings.port);
        let name = ClientId::default();
        let tls = match settings.encryption {
            Encryption::None => None,
            Encryption::Tls | Encryption::StartTls => Some(parameters(settings)?),
        };
        let at_once = tls
            .as_ref()
            .filter(|_| settings.encryption == Encryption::Tls);
        let address = (settings.host.trim_matches(['[', ']']), settings.port);
        let connection =
            SmtpConnection::connect(address, Some(settings.timeout), &name, at_once, None);
        let mut connection = connection
            .map_err(plain)
            .with_context(|| format!("cannot connect to {server}"))?;
        if let (Encryption::StartTls, Some(tls)) = (settings.encryption, &tls) {
            connection
                .starttls(tls, &name)
                .map_err(plain)
                .with_context(|| format!("no STARTTLS with {server}"))?;
        }
        Ok(Self {
            connection,
            is_broken: false,
            timeout: settings.timeout,
            #[cfg(feature = "dkim")]
            signer: settings.signer.clone(),
        })
    }

    fn log_in(&mut self, settings: &SmtpSettings) -> Result<(), NoServer> {
        let Some((user, password)) = &settings.login else {
            return Ok(());
        };
        let credentials = Credentials::new(user.clone(), password.reveal().to_owned());
        let answer = self.connection.auth(DEFAULT_MECHANISMS, &credentials);
        let Err(error) = answer else { return Ok(()) };
        let server = format!("{}:{}", settings.host, settings.port);
        let why = format!(
            "{server} did not accept the login of \"{user}\": {}",
            codes(&text(&error))
        );
        // 454 is a passing fault of the server's own; a broken connection says nothing about the login.
        Err(match error.is_permanent() || error.is_client() {
            true => NoServer::Unwelcome(why),
            false => NoServer::Down(why),
        })
    }

    /// Sends one message. `before_data` is called when everything is agreed and the message itself is next.
    pub(super) fn send(
        &mut self,
        message: &Message,
        before_data: impl FnOnce() -> anyhow::Result<()>,
    ) -> anyhow::Result<SmtpReply> {
        let envelope = message
            .from
            .parse::<Address>()
            .and_then(|from| Ok((from, message.recipient.parse::<Address>()?)));
        let (from, to) = match envelope {
            Ok(addresses) => addresses,
            Err(error) => return Ok(SmtpReply::Refused(error.to_string())),
        };
        let bytes = match self.signed(message, from.domain()) {
            Ok(bytes) => bytes,
            Err(why) => return Ok(SmtpReply::Refused(why)),
        };
        let greeted = self.connection.command(Mail::new(Some(from), Vec::new()));
        if let Err(error) = greeted.and_then(|_| self.connection.command(Rcpt::new(to, Vec::new())))
        {
            return Ok(self.refused(&error));
        }
        before_data()?;
        if let Err(error) = self.connection.command(Data) {
            return Ok(self.refused(&error));
        }
        self.wait(self.timeout * TIMES_FOR_STORING);
        let answer = self.connection.message(&bytes);
        self.wait(self.timeout);
        Ok(match answer {
            Ok(reply) => SmtpReply::Sent(line(&reply)),
            // A code is definite: the message was not taken.
            Err(error) if error.status().is_some() => match SmtpReply::refusal(&error) {
                SmtpReply::Lost(text) => SmtpReply::Later(text),
                refusal => refusal,
            },
            Err(error) => {
                self.is_broken = true;
                SmtpReply::Unknown(text(&error))
            }
        })
    }

    /// The letter as it leaves: as it was frozen, with a signature before it where a key is set.
    #[cfg(feature = "dkim")]
    fn signed<'m>(&self, message: &'m Message, domain: &str) -> Result<Cow<'m, [u8]>, String> {
        match &self.signer {
            None => Ok(Cow::Borrowed(&message.bytes)),
            Some(signer) => signer.signed(&message.bytes, domain).map(Cow::Owned),
        }
    }

    /// The letter as it leaves: as it was frozen.
    #[cfg(not(feature = "dkim"))]
    #[allow(clippy::unnecessary_wraps, clippy::unused_self)]
    fn signed<'m>(&self, message: &'m Message, _domain: &str) -> Result<Cow<'m, [u8]>, String> {
        Ok(Cow::Borrowed(&message.bytes))
    }

    /// Whether the connection may carry another message. One that the server gave up meanwhile shows at that one's first word,
    /// before it has left: asking each time would cost every message a round trip.
    pub(super) fn is_alive(&self) -> bool {
        !self.is_broken
    }

    /// Says goodbye; that nobody listens any more changes nothing.
    pub(super) fn close(mut self) {
        let _ = self.connection.quit();
    }

    /// What the answer to a step before the message itself means. A half-agreed message is forgotten; a connection that cannot
    /// do that, or is given up, is replaced before the next message.
    fn refused(&mut self, error: &Error) -> SmtpReply {
        let reply = SmtpReply::refusal(error);
        self.is_broken =
            matches!(reply, SmtpReply::Lost(_)) || self.connection.command(Rset).is_err();
        reply
    }

    fn wait(&mut self, timeout: Duration) {
        // Without a timeout of its own the connection keeps the one it has.
        let _ = self.connection.set_timeout(Some(timeout));
    }
}

/// Connects, encrypts and logs in, and sends nothing. Says what was agreed.
///
/// # Errors
/// When the server cannot be reached, its certificate is not trusted, or it refuses the login.
pub fn check(transport: &Transport) -> anyhow::Result<String> {
    let settings = match transport {
        Transport::File => return Ok("no mail server is set: mails stay in the outbox".to_owned()),
        Transport::Smtp(settings) => settings,
    };
    let server = Server::connect(settings).map_err(|error| match error {
        NoServer::Down(why) | NoServer::Unwelcome(why) => anyhow!(why),
    })?;
    let how = match settings.encryption {
        Encryption::Tls => "TLS",
        Encryption::StartTls => "STARTTLS",
        Encryption::None => "no encryption (this machine)",
    };
    let login = settings.login.as_ref().map_or_else(
        || "no login".to_owned(),
        |(user, _)| format!("logged in as {user}"),
    );
    server.close();
    Ok(format!(
        "{}:{}, {how}, {login}",
        settings.host, settings.port
    ))
}

fn parameters(settings: &SmtpSettings) -> anyhow::Result<TlsParameters> {
    let mut builder = TlsParameters::builder(settings.host.clone());
    if let Some(path) = &settings.ca_file {
        let pem = fs::read(path)
            .with_context(|| format!("VORONKA_SMTP_CA_FILE: cannot read {}", path.display()))?;
        let certificate = Certificate::from_pem(&pem).map_err(plain);
        let certificate = certificate.with_context(|| {
            format!(
                "VORONKA_SMTP_CA_FILE: {} is no PEM certificate",
                path.display()
            )
        })?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build().map_err(plain).context("cannot set up TLS")
}

fn plain(error: Error) -> anyhow::Error {
    anyhow!(text(&error))
}

/// An error in one line: the server's words where it said any, and what to do where that is known.
fn text(error: &Error) -> String {
    let cause = error
        .source()
        .and_then(|cause| cause.downcast_ref::<std::io::Error>());
    if cause
        .is_some_and(|cause| matches!(cause.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut))
    {
        return "no answer in time".to_owned();
    }
    let text = error.to_string();
    let hint = if text.contains("UnknownIssuer") {
        "; if its authority is private, set VORONKA_SMTP_CA_FILE"
    } else {
        ""
    };
    one_line(&(text + hint))
}

/// The codes of a refused login: `535 5.7.8`. The server's words are left out, for it may repeat the password in them; an
/// answer without a code is the connection's, and stays.
fn codes(text: &str) -> String {
    let is_code = |word: &&str| {
        word.bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
    };
    let trimmed = text
        .split_whitespace()
        .map(|word| word.trim_matches(['(', ')', ':', '.']));
    let words = trimmed.filter(|word| (3..=8).contains(&word.len()));
    let codes: Vec<&str> = words.filter(is_code).collect();
    if codes.is_empty() {
        return text.to_owned();
    }
    format!("the server answered {}", codes.join(" "))
}

fn line(reply: &Response) -> String {
    let words: Vec<&str> = reply.message().collect();
    one_line(&format!("{} {}", reply.code(), words.join(" ")))
}

/// Characters of a server's reply that are kept: some write pages.
const REPLY_LENGTH: usize = 300;

fn one_line(text: &str) -> String {
    text.chars()
        .map(|symbol| if symbol.is_control() { ' ' } else { symbol })
        .take(REPLY_LENGTH)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_login_is_told_by_its_codes_alone() {
        let told = codes("permanent error (535): 5.7.8 bad password hunter2 for aHVudGVyMg==");
        assert_eq!(told, "the server answered 535 5.7.8");
        assert_eq!(codes("no answer in time"), "no answer in time");
    }
}
