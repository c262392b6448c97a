//! One thing goes by several names: a telephone is `phone` in one export and `mobile` in another, a page has its host in one
//! and not in the other.

use std::collections::HashMap;

use super::codes::Coder;
use crate::model::observations::{Code, OTHER};

/// The name of a kind of device that all exports share; one that is not known stands as it is.
pub(super) fn device(text: &str) -> String {
    let word = text.trim().to_lowercase();
    let known = match word.as_str() {
        "phone" | "mobile" | "smartphone" | "mobile phone" | "телефон" | "смартфон"
        | "мобильный" => "mobile",
        "desktop" | "pc" | "computer" | "компьютер" | "десктоп" | "пк" | "ноутбук" => {
            "desktop"
        }
        "tablet" | "планшет" => "tablet",
        _ => return text.to_owned(),
    };
    known.to_owned()
}

/// A page without its host: `/price` of `shop.example/price`; the first page is `/`.
pub(super) fn path(page: &str) -> &str {
    match page.find('/') {
        Some(slash) => &page[slash..],
        // A host alone is its first page; a word without a dot is no host.
        None if page.contains('.') => "/",
        None => page,
    }
}

/// Codes of pages, also of those that another export names with or without their host.
pub(super) struct Pages<'a> {
    codes: &'a Coder,
    by_path: HashMap<String, Code>,
}

impl<'a> Pages<'a> {
    /// Pages by their codes; of several with one path the most visited one has it.
    pub(super) fn of(codes: &'a Coder) -> Self {
        let mut by_path = HashMap::new();
        for (code, text) in codes
            .texts()
            .iter()
            .enumerate()
            .filter(|(_, text)| !text.is_empty() && *text != OTHER)
        {
            // Texts that are pooled have the code of another.
            let code = codes.known(text).unwrap_or(code as Code);
            by_path.entry(path(text).to_owned()).or_insert(code);
        }
        Self { codes, by_path }
    }

    /// The code of a page that has one, by its name, else by its path.
    pub(super) fn known(&self, page: &str) -> Option<Code> {
        self.codes
            .known(page)
            .or_else(|| self.by_path.get(path(page)).copied())
    }

    /// The code of any page.
    pub(super) fn code(&self, page: &str) -> Code {
        self.known(page).unwrap_or_else(|| self.codes.code(page))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_found_with_its_host_and_without() {
        let codes = Coder::fixed(["shop.example", "shop.example/price", "/contacts"].into_iter());
        let pages = Pages::of(&codes);
        assert_eq!(pages.code("/price"), codes.code("shop.example/price"));
        assert_eq!(pages.code("/"), codes.code("shop.example"));
        assert_eq!(pages.code("shop.example/contacts"), codes.code("/contacts"));
        assert_eq!(pages.code("/nowhere"), 0);
    }

    #[test]
    fn a_telephone_is_one_device_by_whatever_name() {
        assert_eq!(
            ["phone", "Mobile", "смартфон", "TV"].map(device),
            ["mobile", "mobile", "mobile", "TV"]
        );
    }
}
