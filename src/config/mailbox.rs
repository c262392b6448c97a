//! Addresses of people, as mail programs write them: the one parser of them.

use lettre::Address;
use lettre::message::Mailbox;

/// Reads `Name <address>` or a bare address; a domain in letters of any script is written as mail needs it (`xn--…`).
///
/// # Errors
/// What is wrong, in words. A control character is refused before anything is parsed: in a name it could end a header line
/// and start another. So is a direction mark, which makes a name look like another.
pub fn parse(text: &str) -> Result<Mailbox, String> {
    if text.chars().any(is_unsafe) {
        return Err(format!(
            "\"{}\" holds a control character or a direction mark",
            text.escape_debug()
        ));
    }
    let (name, address) = match text.trim().rsplit_once('<') {
        Some((name, address)) => (name, address.strip_suffix('>').unwrap_or(address)),
        None => ("", text.trim()),
    };
    let name = name.trim().trim_matches('"').trim();
    let address =
        ascii_address(address.trim()).ok_or_else(|| format!("\"{text}\" is no e-mail address"))?;
    Ok(Mailbox::new(
        (!name.is_empty()).then(|| name.to_owned()),
        address,
    ))
}

/// An address that every mail server takes; `None` when it is none.
fn ascii_address(address: &str) -> Option<Address> {
    let (user, domain) = address
        .rsplit_once('@')
        .filter(|(user, _)| user.is_ascii())?;
    Address::new(user, idna::domain_to_ascii(domain).ok()?).ok()
}

fn is_unsafe(symbol: char) -> bool {
    symbol.is_control()
        || matches!(symbol, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    // "пример.рф" in Punycode (RFC 3492), as every registry shows it.
    #[test]
    fn domains_of_any_script_are_written_as_mail_needs_them() {
        let mailbox = parse("имя <info@пример.рф>").expect("an address");
        assert_eq!(mailbox.email.to_string(), "info@xn--e1afmkfd.xn--p1ai");
        assert_eq!(mailbox.name.as_deref(), Some("имя"));
    }

    #[test]
    fn names_keep_their_commas_and_lose_their_quotes() {
        let mailbox = parse("\"Иванов, И. И.\" <a@example.com>").expect("an address");
        assert_eq!(mailbox.name.as_deref(), Some("Иванов, И. И."));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "Мария",
            "a@",
            "@example.com",
            "<a@example.com\r\nRCPT TO:b@example.com>",
            "x\r\nBcc: e@x <a@example.com>",
            "\u{202E}boss <a@example.com>",
            "<a@b\0c>",
            "a b@example.com",
            "имя@example.com",
        ] {
            assert!(parse(text).is_err(), "{text:?}");
        }
    }
}
