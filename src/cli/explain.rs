//! `voronka explain`: what a cause means, how it is found, what to check.

use anyhow::Result;

use super::console;
use super::exit::Outcome;
use crate::config::language::Language;
use crate::diagnosis::codes::CauseCode;
use crate::model::fault::Fault;
use crate::output;

/// Explains a cause: what it means, how it is told from the others, what it needs from the exports, what to check first.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  voronka explain telephony
  voronka explain lead_quality --language en")]
pub struct Args {
    /// The cause's code, as in digest.json; left out, all of them are listed
    cause: Option<String>,
    /// Language of the explanation: ru or en
    #[arg(long, default_value = "ru", value_parser = language)]
    language: Language,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Outcome> {
    let Some(name) = &args.cause else {
        for code in CauseCode::ALL {
            console::print(&output::cause_line(code, args.language))?;
        }
        return Ok(Outcome::Done);
    };
    console::print(output::cause_text(cause(name)?, args.language).trim_end())?;
    Ok(Outcome::Done)
}

/// The cause of a code.
pub(super) fn cause(name: &str) -> Result<CauseCode, Fault> {
    let wanted = name.replace('-', "_");
    let mut known = CauseCode::ALL.into_iter();
    known.find(|code| code.as_str() == wanted).ok_or_else(|| {
        let known: Vec<&str> = CauseCode::ALL.iter().map(|code| code.as_str()).collect();
        Fault::usage(format!("no such cause \"{name}\""))
            .hint(format!("one of {}", known.join(", ")))
    })
}

fn language(text: &str) -> Result<Language, String> {
    let known: Vec<String> = Language::all_shipped()
        .map(|language| language.to_string())
        .collect();
    let language = Language::parse(text).filter(|language| language.shipped().is_some());
    language.ok_or_else(|| format!("expected one of {}", known.join(", ")))
}
