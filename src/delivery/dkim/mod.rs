//! DKIM (RFC 6376, RFC 8463): letters signed with a key whose public half stands in the DNS of the sender's domain.

mod canonical;
mod setting;

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use ring::{digest, rsa};

use self::canonical::{body, header, headers};
pub(super) use self::setting::signer;

/// What is signed of the head, where it is there: what readers see, and what mail programs act upon (RFC 8058 wants the ways
/// to unsubscribe among it).
const SIGNED: [&str; 15] = [
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "reply-to",
    "in-reply-to",
    "references",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "auto-submitted",
];

/// Base64 of a signature is broken into lines of this many characters.
const LINE: usize = 72;

/// Signs letters of one selector. The same letter gets the same signature: it carries no time.
#[derive(Clone)]
pub struct Signer {
    selector: String,
    key: Arc<Key>,
}

enum Key {
    Rsa(RsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({}, ***)", self.selector)
    }
}

impl Signer {
    /// A signer with a private key in PEM: PKCS #8 or PKCS #1, RSA of 2048 bits and more, or Ed25519.
    ///
    /// # Errors
    /// What is wrong with the key, in words that hold nothing of it.
    pub fn from_pem(selector: &str, pem: &str) -> Result<Self, String> {
        let lines = pem.lines().map(str::trim);
        let label = lines.clone().find(|line| line.starts_with("-----BEGIN"));
        let inside: String = lines.filter(|line| !line.starts_with("-----")).collect();
        let der = BASE64.decode(inside);
        let (Some(label), Ok(der)) = (label, der) else {
            return Err("it is no key in PEM".to_owned());
        };
        let key = match label.contains("RSA PRIVATE KEY") {
            true => RsaKeyPair::from_der(&der).map(Key::Rsa),
            false => Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der)
                .map(Key::Ed25519)
                .or_else(|_| RsaKeyPair::from_pkcs8(&der).map(Key::Rsa)),
        };
        let key = key.map_err(|error| {
            format!("it is no private key of RSA (2048 bits and more) or Ed25519: {error}")
        })?;
        Ok(Self {
            selector: selector.to_owned(),
            key: Arc::new(key),
        })
    }

    /// The letter with its signature before it. `domain` is the sender's.
    ///
    /// # Errors
    /// When the key does not sign: a fault of the library.
    pub(super) fn signed(&self, letter: &[u8], domain: &str) -> Result<Vec<u8>, String> {
        let text = String::from_utf8_lossy(letter);
        let (head, content) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let all = headers(head);
        let present = SIGNED.iter().filter_map(|name| {
            let found = all
                .iter()
                .rev()
                .find(|(known, _)| known.eq_ignore_ascii_case(name));
            found.map(|(_, value)| (*name, *value))
        });
        let present: Vec<(&str, &str)> = present.collect();
        let names: Vec<&str> = present.iter().map(|(name, _)| *name).collect();
        let of_body = digest::digest(&digest::SHA256, body(content).as_bytes());
        let unsigned = format!(
            "v=1; a={}; c=relaxed/relaxed; d={domain}; s={};\r\n\th={};\r\n\tbh={};\r\n\tb=",
            self.algorithm(),
            self.selector,
            names.join(":"),
            BASE64.encode(of_body.as_ref()),
        );
        let signed: String = present
            .iter()
            .map(|(name, value)| header(name, value) + "\r\n")
            .collect();
        let signature = self.sign((signed + &header(NAME, &unsigned)).as_bytes())?;
        let mut bytes = format!("{NAME}: {unsigned}{}\r\n", folded(&signature)).into_bytes();
        bytes.extend_from_slice(letter);
        Ok(bytes)
    }

    fn algorithm(&self) -> &'static str {
        match *self.key {
            Key::Rsa(_) => "rsa-sha256",
            Key::Ed25519(_) => "ed25519-sha256",
        }
    }

    /// The signature in base64.
    fn sign(&self, text: &[u8]) -> Result<String, String> {
        match &*self.key {
            Key::Rsa(key) => {
                let mut signature = vec![0; rsa_length(key.public())];
                key.sign(
                    &RSA_PKCS1_SHA256,
                    &SystemRandom::new(),
                    text,
                    &mut signature,
                )
                .map_err(|_| "the RSA key does not sign".to_owned())?;
                Ok(BASE64.encode(signature))
            }
            // RFC 8463: what is signed is the digest, not the text.
            Key::Ed25519(key) => {
                let text = digest::digest(&digest::SHA256, text);
                Ok(BASE64.encode(key.sign(text.as_ref())))
            }
        }
    }
}

const NAME: &str = "DKIM-Signature";

fn rsa_length(key: &rsa::PublicKey) -> usize {
    key.modulus_len()
}

fn folded(signature: &str) -> String {
    let symbols: Vec<char> = signature.chars().collect();
    let lines = symbols.chunks(LINE).map(String::from_iter);
    lines.collect::<Vec<_>>().join("\r\n\t")
}
