//! Addresses of records in the systems that they came from: a template in which `{id}` stands for the record.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::{Deserialize, Serialize};

/// What stands for the id of a record in a template.
pub const ID: &str = "{id}";

/// Templates of addresses; an id without one is told as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordLinks {
    /// Of deals of every export that has none of its own.
    #[serde(default)]
    pub crm: Option<String>,
    /// Of records of one export, by its name in the pipeline.
    #[serde(default)]
    pub exports: BTreeMap<String, String>,
}

impl RecordLinks {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.crm.is_none() && self.exports.is_empty()
    }

    /// The address of a record of an export.
    pub fn of(&self, export: &str, id: &str) -> Option<String> {
        filled(self.exports.get(export)?, id)
    }

    /// The address of a deal; `export` is absent where it is not known.
    pub fn of_deal(&self, export: Option<&str>, id: &str) -> Option<String> {
        let own = export.and_then(|export| self.exports.get(export));
        filled(own.or(self.crm.as_ref())?, id)
    }
}

/// A template with the id in it. What an address cannot hold is written in percents, so that no id leads elsewhere.
fn filled(template: &str, id: &str) -> Option<String> {
    let mut escaped = String::new();
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            write!(escaped, "%{byte:02X}").ok()?;
        }
    }
    (!id.is_empty()).then(|| template.replace(ID, &escaped))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_stands_in_its_own_template_else_in_that_of_the_crm() {
        let links = RecordLinks {
            crm: Some("https://crm.example/leads/{id}".to_owned()),
            exports: BTreeMap::from([("b24".to_owned(), "https://b24.example/{id}/".to_owned())]),
        };
        let of = |export, id| links.of_deal(export, id);
        assert_eq!(
            of(Some("amo"), "17").as_deref(),
            Some("https://crm.example/leads/17")
        );
        assert_eq!(
            of(Some("b24"), "17").as_deref(),
            Some("https://b24.example/17/")
        );
        assert_eq!(
            of(None, "a/б").as_deref(),
            Some("https://crm.example/leads/a%2F%D0%B1")
        );
        assert_eq!(of(None, ""), None);
        assert_eq!(links.of("calls", "17"), None, "calls are no deals");
    }
}
