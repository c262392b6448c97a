//! The templates by their paths in `report-templates/`, compiled in; a file of the same path in the user's folder wins.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use crate::model::fault::Fault;
use anyhow::{Context as _, Result};

/// Lists files of `report-templates/` with their text.
macro_rules! shipped {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../../report-templates/", $path)))),*]
    };
}

const SHIPPED: &[(&str, &str)] = shipped![
    "mail/parts.html",
    "mail/digest.html",
    "mail/inline.css",
    "mail/head-base.css",
    "mail/head-width.css",
    "mail/head-dark.css",
    "mail/blocks/headline.html",
    "mail/blocks/answers.html",
    "mail/blocks/notice.html",
    "mail/blocks/table.html",
    "mail/blocks/funnel.html",
    "mail/blocks/chart.html",
    "mail/blocks/text.html",
    "mail/blocks/list.html",
    "mail/blocks/definitions.html",
    "mail/blocks/link.html",
    "pdf/report.typ",
    "page/parts.html",
    "page/report.html",
    "page/index.html",
    "page/style.css",
    "page/script.js",
];

/// Every template with its text.
#[derive(Debug, Clone)]
pub(super) struct Templates(Vec<(&'static str, Cow<'static, str>)>);

impl Templates {
    pub(super) fn shipped() -> Self {
        Self(
            SHIPPED
                .iter()
                .map(|(path, text)| (*path, Cow::Borrowed(*text)))
                .collect(),
        )
    }

    pub(super) fn load(folder: Option<&Path>) -> Result<Self> {
        let mut templates = Self::shipped();
        let Some(folder) = folder else {
            return Ok(templates);
        };
        for file in files(folder)? {
            let path = file
                .strip_prefix(folder)
                .unwrap_or(&file)
                .to_string_lossy()
                .replace('\\', "/");
            let Some(template) = templates.0.iter_mut().find(|(known, _)| *known == path) else {
                let fault = Fault::usage("nothing reads a file of this name")
                    .at(file.display().to_string());
                let near = nearest(&path);
                return Err(match near {
                    Some(known) => fault.hint(format!("did you mean {known}?")),
                    None => fault,
                }
                .into());
            };
            let text = fs::read_to_string(&file)
                .with_context(|| format!("cannot read {}", file.display()))?;
            template.1 = Cow::Owned(text);
        }
        Ok(templates)
    }

    /// The templates that Tera fills: pages and their stylesheets.
    pub(super) fn of_engine(&self) -> impl Iterator<Item = (&str, &str)> {
        let is_filled = |path: &str| {
            [".html", ".css"]
                .iter()
                .any(|suffix| path.ends_with(suffix))
        };
        self.0
            .iter()
            .filter(move |(path, _)| is_filled(path))
            .map(|(path, text)| (*path, text.as_ref()))
    }

    pub(super) fn text(&self, path: &str) -> &str {
        self.0
            .iter()
            .find(|(known, _)| *known == path)
            .map_or("", |(_, text)| text)
    }
}

/// The files of a folder that may be templates: strings, colours and hidden files are not.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(at) = folders.pop() {
        for entry in
            fs::read_dir(&at).with_context(|| format!("cannot read the folder {}", at.display()))?
        {
            let path = entry?.path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            match path.is_dir() {
                _ if name.starts_with('.') => {}
                true if at == folder && name == "lang" => {}
                true => folders.push(path),
                false if at == folder && name == "colours.toml" => {}
                false => files.push(path),
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The shipped file whose path begins most alike.
fn nearest(path: &str) -> Option<&'static str> {
    let shared = |known: &str| {
        known
            .bytes()
            .zip(path.bytes())
            .take_while(|(one, other)| one == other)
            .count()
    };
    let known = SHIPPED.iter().map(|(known, _)| *known).chain([
        "colours.toml",
        "lang/en.toml",
        "lang/ru.toml",
    ]);
    known.max_by_key(|known| shared(known))
}
