//! How reports look: templates, colours and strings, each shipped and each open to the user's own.

mod colours;
mod templates;

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, anyhow};
use serde::Serialize;
use tera::{Context, Tera};

use crate::config::Plan;
use crate::config::language::{Language, SHIPPED};
use crate::digest::language::Strings;
use crate::model::fault::Fault;

pub use colours::{Colour, Colours, Palette};
use templates::Templates;

/// Everything about a report that is not in its digest.
#[derive(Debug, Clone)]
pub struct Look {
    /// Words.
    pub strings: Strings,
    /// Colours of both schemes.
    pub colours: Colours,
    templates: Templates,
    engine: Tera,
}

impl Look {
    /// The look that the program comes with.
    pub fn shipped(language: Language) -> Self {
        let (strings, templates) = (Strings::shipped(language).clone(), Templates::shipped());
        Self::of(strings, Colours::shipped(), templates)
            .expect("the tests render every shipped template")
    }

    /// The look of a pipeline: the shipped one under what lies in its folder of templates.
    ///
    /// # Errors
    /// When a file there cannot be read, is none that the program knows, or is no template; the error names the line.
    pub fn of_plan(plan: &Plan) -> Result<Self> {
        Self::load(
            plan.language,
            plan.templates.is_dir().then_some(plan.templates.as_path()),
        )
        .context("the look of the reports")
    }

    /// The look of a language: the shipped one under what lies in a folder.
    ///
    /// # Errors
    /// As [`Look::of_plan`].
    pub fn load(language: Language, folder: Option<&Path>) -> Result<Self> {
        Self::of(
            strings(language, folder)?,
            Colours::load(folder)?,
            Templates::load(folder)?,
        )
    }

    fn of(strings: Strings, colours: Colours, templates: Templates) -> Result<Self> {
        let mut engine = Tera::new();
        engine
            .add_raw_templates(templates.of_engine())
            .map_err(|error| anyhow!("{error}"))?;
        Ok(Self {
            strings,
            colours,
            templates,
            engine,
        })
    }

    /// Fills a template; names that end in `.html` escape what is put into them.
    pub(super) fn fill(&self, template: &str, values: &impl Serialize) -> Result<String> {
        let context =
            Context::from_serialize(values).map_err(|error| anyhow!("{template}: {error}"))?;
        // The engine's own message names the template, the line and what stands there.
        self.engine
            .render(template, &context)
            .map_err(|error| anyhow!("{error}"))
    }

    /// A template as it is written.
    pub(super) fn raw(&self, template: &str) -> &str {
        self.templates.text(template)
    }
}

/// The strings of a language: the shipped ones under those of `<folder>/lang/<code>.toml`.
///
/// # Errors
/// When there are no strings of the language, or the file does not fit the templates.
pub fn strings(language: Language, folder: Option<&Path>) -> Result<Strings> {
    let file = folder.map(|folder| folder.join("lang").join(format!("{language}.toml")));
    if let Some(file) = file.filter(|file| file.exists()) {
        let text =
            fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        return Strings::laid_over(language, &text).with_context(|| file.display().to_string());
    }
    if language.shipped().is_some() {
        return Ok(Strings::shipped(language).clone());
    }
    let known: Vec<&str> = SHIPPED.iter().map(|(code, _)| *code).collect();
    let fault = Fault::usage(format!(
        "there are no strings of the language \"{language}\""
    ));
    let hint = format!(
        "one of {}; or translate lang/en.toml of the program to lang/{language}.toml in the folder of your templates",
        known.join(", ")
    );
    Err(fault.hint(hint).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::{Digest, VerdictKind};
    use crate::model::fault::told;
    use crate::output::render_all;

    fn with(file: &str, text: &str) -> Result<String> {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join(file);
        fs::create_dir_all(file.parent().expect("a parent")).expect("made");
        fs::write(file, text).expect("written");
        let look = Look::load(Language::EN, Some(folder.path()))?;
        Ok(render_all(&Digest::sample(VerdictKind::Drop, Language::EN), &look)?.mail_html)
    }

    #[test]
    fn a_template_a_colour_and_a_string_of_the_users_own_are_used() {
        let html = with("mail/blocks/answers.html", "<p>mine</p>").expect("rendered");
        assert!(html.contains(">mine</p>"), "{html}");
        let html = with("colours.toml", "[light]\nink = \"#010203\"\n").expect("rendered");
        assert!(html.contains("#010203") && !html.contains("#17202B"));
        let html = with("lang/en.toml", "[footer]\nreply = \"Ask Olga.\"\n").expect("rendered");
        assert!(html.contains("Ask Olga."));
    }

    #[test]
    fn a_language_without_words_says_how_to_get_them() {
        let kazakh = Language::parse("kk").expect("a code");
        let none = told(&strings(kazakh, None).expect_err("none"));
        assert!(
            none.contains("no strings of the language \"kk\"") && none.contains("hint:"),
            "{none}"
        );
    }
}
