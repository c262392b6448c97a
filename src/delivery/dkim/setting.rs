//! What the environment says of signatures.

use std::fs;

use super::Signer;
use crate::delivery::transport::unusable;
use crate::model::fault::Fault;

/// What signs letters: `VORONKA_SMTP_DKIM_SELECTOR` with `_DKIM_KEY` or `_DKIM_KEY_FILE`.
pub(in crate::delivery) fn signer(
    var: &impl Fn(&str) -> Option<String>,
) -> Result<Option<Signer>, Fault> {
    let (selector, key, file) = (var("DKIM_SELECTOR"), var("DKIM_KEY"), var("DKIM_KEY_FILE"));
    let name = match file.is_some() {
        true => "VORONKA_SMTP_DKIM_KEY_FILE",
        false => "VORONKA_SMTP_DKIM_KEY",
    };
    let pem = match (key, file) {
        (Some(_), Some(_)) => {
            let what = "both VORONKA_SMTP_DKIM_KEY and VORONKA_SMTP_DKIM_KEY_FILE are set";
            return Err(unusable(what, "keep one of them"));
        }
        (Some(pem), None) => Some(pem),
        (None, Some(path)) => Some(fs::read_to_string(&path).map_err(|error| {
            let what = format!("{name}: cannot read {path}: {error}");
            unusable(
                what,
                "the file must be readable by the user that runs voronka",
            )
        })?),
        (None, None) => None,
    };
    let (selector, pem) = match (selector, pem) {
        (None, None) => return Ok(None),
        (Some(selector), Some(pem)) if is_selector(&selector) => (selector, pem),
        (Some(selector), Some(_)) => {
            let what = format!("VORONKA_SMTP_DKIM_SELECTOR is \"{selector}\"");
            return Err(unusable(
                what,
                "letters, digits, hyphens and dots, such as mail2026",
            ));
        }
        (Some(_), None) => {
            let what = "VORONKA_SMTP_DKIM_SELECTOR is set without a key";
            return Err(unusable(
                what,
                "set VORONKA_SMTP_DKIM_KEY_FILE to a private key in PEM",
            ));
        }
        (None, Some(_)) => {
            let what = format!("{name} is set without VORONKA_SMTP_DKIM_SELECTOR");
            return Err(unusable(what, "the name before ._domainkey in the DNS"));
        }
    };
    let signer = Signer::from_pem(&selector, &pem).map_err(|why| {
        let hint = "`openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048` makes one";
        unusable(format!("{name}: {why}"), hint)
    })?;
    Ok(Some(signer))
}

/// Bytes of a label of the DNS (RFC 1035, 2.3.4); selectors of more labels are none that anybody uses.
const LONGEST_LABEL: usize = 63;

/// A name of the DNS.
fn is_selector(text: &str) -> bool {
    let is_fit = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    text.len() <= LONGEST_LABEL && text.bytes().all(is_fit)
}
