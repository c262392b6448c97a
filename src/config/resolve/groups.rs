//! Groups of recipients, in a file of their own: people come and go, and the pipeline stays as it is.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use lettre::message::Mailbox;

use super::delivery::EXPECTED;
use crate::config::hint::expected_one_of;
use crate::config::mailbox;
use crate::config::source::SettingsText;
use crate::model::fault::Fault;

/// Recipients by group.
#[derive(Default)]
pub(super) struct Groups {
    file: Option<PathBuf>,
    by_name: BTreeMap<String, Vec<Mailbox>>,
}

impl Groups {
    /// Reads the file of groups: TOML, a list of recipients for each name.
    pub(super) fn load(
        source: &SettingsText<'_>,
        written: Option<&str>,
        folder: &Path,
    ) -> Result<Self, Fault> {
        let Some(written) = written else {
            return Ok(Self::default());
        };
        let file = folder.join(written);
        let shown = file.display().to_string();
        let text = fs::read_to_string(&file).map_err(|error| {
            let message = format!("cannot read the groups of recipients {shown}: {error}");
            let hint = "a TOML file of lists, such as owners = [\"Name <name@example.com>\"]";
            source.refuse("delivery.groups", message).hint(hint)
        })?;
        let lists: BTreeMap<String, Vec<String>> = toml::from_str(&text).map_err(|error| {
            let line = error
                .span()
                .map_or(1, |span| text[..span.start].lines().count().max(1));
            let fault = Fault::usage(error.message().to_owned()).at(format!("{shown}:{line}"));
            fault.hint("expected lists, such as owners = [\"Name <name@example.com>\"]")
        })?;
        let mut by_name = BTreeMap::new();
        for (name, list) in lists {
            let parsed = list.iter().map(|text| mailbox::parse(text));
            let parsed = parsed.collect::<Result<Vec<_>, _>>().map_err(|message| {
                let fault = Fault::usage(format!("group \"{name}\": {message}"));
                fault.at(&shown).hint(EXPECTED)
            })?;
            by_name.insert(name, parsed);
        }
        Ok(Self {
            file: Some(file),
            by_name,
        })
    }

    /// The recipients of a group.
    pub(super) fn named(
        &self,
        source: &SettingsText<'_>,
        path: &str,
        name: &str,
    ) -> Result<&[Mailbox], Fault> {
        if let Some(group) = self.by_name.get(name) {
            return Ok(group);
        }
        let fault = source.refuse(path, format!("there is no group \"{name}\" of recipients"));
        Err(match &self.file {
            None => fault.hint("name a file of groups: groups = \"recipients.toml\" in [delivery]"),
            Some(_) => {
                let names: Vec<&str> = self.by_name.keys().map(String::as_str).collect();
                fault.hint(expected_one_of(name, &names))
            }
        })
    }
}
