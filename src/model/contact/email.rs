//! An e-mail address out of what people write around it.

use super::Found;
use super::masked::hides_letters;
use crate::model::placeholder::is_placeholder;

/// Bytes of the longest address that mail can be sent to: RFC 5321, 4.5.3.1.3, less the angle brackets.
const LONGEST_ADDRESS: usize = 254;

/// Names before the `@` that people type who have no address or do not want to give it. Each says so, in any domain.
const NO_NAMES: &[&str] = &[
    "no",
    "none",
    "net",
    "nomail",
    "no-mail",
    "no_mail",
    "noemail",
    "no-email",
    "no_email",
    "no.email",
    "notemail",
    "netmail",
    "netemail",
    "net-email",
    "netpochty",
    "net-pochty",
    "net_pochty",
    "netpochti",
    "nopochta",
    "bezpochty",
    "noreply",
    "no-reply",
    "no_reply",
    "test",
    "test1",
    "test123",
    "тест",
    "нет",
    "нетпочты",
    "нет-почты",
    "безпочты",
    "fake",
    "fakeemail",
    "asdf",
    "qwerty",
];

/// A name of so many letters that is the domain as well (`a@a.ru`, `qwe@qwe.ru`) is typed to fill the field. Longer ones
/// are the usual address of a firm: `okna@okna.ru`.
const LONGEST_ECHO: usize = 3;

/// Writes the address in lower case into `key`, its domain in one form; of several the first counts.
pub fn read_email(cell: &[u8], key: &mut Vec<u8>) -> Found {
    key.clear();
    let text = String::from_utf8_lossy(cell);
    let mut parts = text.split(is_between);
    let Some((name, domain)) = parts.find_map(address) else {
        let says_nothing = is_placeholder(text.trim().as_bytes());
        return if says_nothing {
            Found::Placeholder
        } else {
            Found::Nobody
        };
    };
    if is_nobodys(&name, &domain) {
        return Found::Placeholder;
    }
    if hides_letters(&name) || hides_letters(&domain) {
        return Found::Unreadable;
    }
    key.extend_from_slice(name.as_bytes());
    key.push(b'@');
    key.extend_from_slice(domain.as_bytes());
    if key.len() > LONGEST_ADDRESS {
        Found::Nobody
    } else {
        Found::Person
    }
}

/// All addresses of a cell that are somebody's, in their order, in the form that people are joined by.
pub fn each_email(cell: &[u8], take: &mut dyn FnMut(&[u8])) {
    let text = String::from_utf8_lossy(cell);
    let mut key = Vec::new();
    for part in text.split(is_between) {
        if read_email(part.as_bytes(), &mut key) == Found::Person {
            take(&key);
        }
    }
}

fn is_between(letter: char) -> bool {
    letter.is_whitespace() || ",;|/<>()[]\"'«»".contains(letter)
}

/// Name and domain of an address, in lower case.
fn address(part: &str) -> Option<(String, String)> {
    let part = part.trim_end_matches(['.', ':', '!']);
    let (before, domain) = part.rsplit_once('@')?;
    // `mailto:anna@…`, `e-mail:anna@…`, `mailto:anna@…?subject=…`.
    let name = before.rsplit(':').next()?.to_lowercase();
    let domain = domain.split('?').next()?.to_lowercase();
    let has_two_labels = domain.contains('.') && !domain.starts_with('.');
    (!name.is_empty() && has_two_labels).then(|| (name, in_one_form(domain)))
}

/// `почта.рф` and `xn--80a1acny.xn--p1ai` are one domain.
fn in_one_form(domain: String) -> String {
    if domain.is_ascii() {
        return domain;
    }
    idna::domain_to_ascii(&domain).unwrap_or(domain)
}

fn is_nobodys(name: &str, domain: &str) -> bool {
    let (domain, _) = idna::domain_to_unicode(domain);
    let first_label = domain.split('.').next().unwrap_or_default();
    let is_echo = name == first_label && name.chars().count() <= LONGEST_ECHO;
    let says_no = |word: &str| NO_NAMES.contains(&word) || is_placeholder(word.as_bytes());
    let domain_says_no =
        ["noemail", "nomail", "no-email", "no-mail", "нетпочты"].contains(&first_label);
    is_echo || says_no(name) || domain_says_no
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cell: &str) -> Result<String, Found> {
        let mut key = Vec::new();
        match read_email(cell.as_bytes(), &mut key) {
            Found::Person => Ok(String::from_utf8(key).expect("addresses are UTF-8")),
            other => Err(other),
        }
    }

    #[test]
    fn one_address_in_all_its_spellings_is_one_key() {
        for cell in [
            "anna@mail.example",
            "Anna@Mail.Example",
            "mailto:anna@mail.example",
            "mailto:anna@mail.example?subject=Hi",
            "Anna Petrova <anna@mail.example>",
            "\"Anna\" <anna@mail.example>",
            "anna@mail.example.",
            "anna@mail.example, boris@mail.example",
            "e-mail: anna@mail.example;",
        ] {
            assert_eq!(read(cell).as_deref(), Ok("anna@mail.example"), "{cell}");
        }
    }

    #[test]
    fn a_domain_in_cyrillic_is_one_with_its_wire_form() {
        assert!(read("info@почта.рф").is_ok());
        assert_eq!(read("info@почта.рф"), read("info@xn--80a1acny.xn--p1ai"));
    }

    #[test]
    fn dots_of_a_name_tell_people_apart() {
        assert_ne!(read("an.na@gmail.example"), read("anna@gmail.example"));
    }

    #[test]
    fn addresses_that_are_typed_to_fill_the_field_are_placeholders() {
        for cell in [
            "net@net.ru",
            "no@no.no",
            "test@test.ru",
            "a@a.ru",
            "qwe@qwe.ru",
            "noemail@mail.example",
            "нет@почта.рф",
            "ivan@noemail.ru",
            "undefined@mail.example",
            "undefined",
            "нет",
            "none",
        ] {
            assert_eq!(read(cell), Err(Found::Placeholder), "{cell}");
        }
    }

    #[test]
    fn a_firm_that_is_called_like_its_domain_is_somebody() {
        assert!(read("okna@okna.ru").is_ok());
        assert!(read("info@net.ru").is_ok());
        assert_eq!(read("anna at mail"), Err(Found::Nobody));
    }
}
