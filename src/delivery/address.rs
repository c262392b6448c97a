//! Who gets the digest: `Name <address>` as pipelines write it, made safe for headers.

use std::collections::BTreeSet;

use anyhow::{Context, bail};
use lettre::Address;
use lettre::message::Mailbox;

/// A sender or recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The name that mail programs show.
    pub name: Option<String>,
    /// The address.
    pub address: Address,
}

impl Person {
    /// Reads `Name <address>` or a bare address. Control and direction marks are taken out of the name.
    ///
    /// # Errors
    /// When the address is none, or holds a control character.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let (name, address) = match text.trim().rsplit_once('<') {
            Some((name, address)) => (name, address.strip_suffix('>').unwrap_or(address)),
            None => ("", text.trim()),
        };
        if address.chars().any(is_unsafe) {
            bail!("the address \"{}\" holds a control character", address.escape_debug());
        }
        let address: Address =
            address.trim().parse().with_context(|| format!("no mail address: \"{}\"", text.escape_debug()))?;
        if !address.to_string().is_ascii() {
            bail!("the address \"{address}\" is not ASCII: write its domain as xn--…, other names cannot be sent to");
        }
        let name: String = name.chars().filter(|symbol| !is_unsafe(*symbol)).collect();
        let name = name.trim().trim_matches('"').trim();
        Ok(Self { name: (!name.is_empty()).then(|| name.to_owned()), address })
    }

    /// As a header needs it.
    pub(super) fn mailbox(&self) -> Mailbox {
        Mailbox::new(self.name.clone(), self.address.clone())
    }
}

/// The recipients of a list, each address once, in the order written.
///
/// # Errors
/// When one of them cannot be read; none is left out silently.
pub fn people(list: &[String]) -> anyhow::Result<Vec<Person>> {
    let mut seen = BTreeSet::new();
    let mut people = Vec::new();
    for text in list {
        let person = Person::parse(text)?;
        if seen.insert(person.address.to_string().to_lowercase()) {
            people.push(person);
        }
    }
    Ok(people)
}

/// Line ends break headers, and direction marks make a name look like another.
fn is_unsafe(symbol: char) -> bool {
    symbol.is_control() || matches!(symbol, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_would_break_a_header_are_cleaned() {
        let person = Person::parse("x\r\nBcc: e@x\0\u{202E} <a@example.com>").expect("a person");
        assert_eq!(person.name.as_deref(), Some("xBcc: e@x"));
        assert!(person.mailbox().to_string().ends_with("<a@example.com>"));
    }

    #[test]
    fn addresses_that_are_none_are_refused() {
        for text in [
            "",
            "Мария",
            "a@",
            "<a@example.com\r\nRCPT TO:b@example.com>",
            "<a@b\0c>",
            "a b@example.com",
            "имя@example.com",
        ] {
            assert!(Person::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn one_address_gets_one_message() {
        let list = ["A <a@example.com>", "a@EXAMPLE.com", "b@example.com"].map(str::to_owned);
        assert_eq!(people(&list).expect("people").len(), 2);
    }
}
