//! A pipeline checked and resolved: what every later stage may rely on without asking again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use lettre::message::Mailbox;

use super::check;
use super::error::ConfigError;
use super::language::{Language, SHIPPED};
use super::settings::{
    Attached, Attribution, Channels, DiagnosisRules, InquiryRules, Line, SalesRules, Settings,
    StageRule, Thresholds,
};
use super::source::Source;
use crate::model::calendar::Calendar;
use crate::model::channel::ChannelId;

/// A pipeline that passed every check.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The settings as written over the defaults, for the definitions that the digest prints.
    pub settings: Settings,
    /// The pipeline file, absolute.
    pub file: PathBuf,
    /// Short name for folders and the command line, kebab-case.
    pub name: String,
    /// Name for people.
    pub title: String,
    /// Language of everything that people read.
    pub language: Language,
    /// Zone of business days.
    pub zone: Tz,
    /// ISO 4217 code of every amount.
    pub currency: String,
    /// Working days and holidays; the lake's own days go over it.
    pub calendar: Calendar,
    /// Folder of the lake, absolute.
    pub lake: PathBuf,
    /// Folder of the reports, absolute.
    pub out: PathBuf,
    /// Folder of the user's own formats, absolute.
    pub formats: PathBuf,
    /// Folder of the user's own templates, colours and strings, absolute; it need not be there.
    pub templates: PathBuf,
    /// The exports, in the pipeline's order.
    pub exports: Vec<ExportPlan>,
    /// Channel rules; every regular expression in them compiles and the base is a shipped one.
    pub channels: Channels,
    /// Telephone lines; the numbers are digits only, as the country writes them.
    pub lines: Vec<Line>,
    /// What an inquiry is.
    pub inquiry: InquiryRules,
    /// How an inquiry finds its channel.
    pub attribution: Attribution,
    /// What a sale is.
    pub sales: SalesRules,
    /// When a number may be stated.
    pub thresholds: Thresholds,
    /// What the diagnosis reads goals, stages and loss reasons by.
    pub diagnosis: DiagnosisRules,
    /// Funnel stages between the session and the inquiry.
    pub stages: Vec<StageRule>,
    /// Who gets the digest.
    pub delivery: DeliveryPlan,
}

/// One export, resolved.
#[derive(Debug, Clone)]
pub struct ExportPlan {
    /// Name of the system, unique in the pipeline, kebab-case.
    pub name: String,
    /// The folder that the patterns start from, absolute.
    pub base: PathBuf,
    /// File patterns as written; [`super::files()`] finds what fits them.
    pub patterns: Vec<String>,
    /// Format by name; `None` is found from the file's content.
    pub format: Option<String>,
    /// Zone of the export's clock; `None` is the format's own, else the pipeline's.
    pub zone: Option<Tz>,
    /// Currency when the file does not say; `None` is the pipeline's.
    pub currency: Option<String>,
    /// The channel that every row belongs to, whatever the rules say.
    pub channel: Option<ChannelId>,
    /// Words that make a row spam, in lower case.
    pub spam_words: Vec<String>,
    /// Numbers and addresses of tests and spammers, as written.
    pub spam_contacts: Vec<String>,
    /// Whether each row also counts as a contact by itself.
    pub is_contact: bool,
    /// Settings of the format's adapter.
    pub options: BTreeMap<String, toml::Value>,
}

/// Who gets the digest, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryPlan {
    /// The sender.
    pub from: Mailbox,
    /// Recipients, one message each; no address twice.
    pub to: Vec<Mailbox>,
    /// Where answers go; `None` is the sender.
    pub reply_to: Option<Mailbox>,
    /// Files of the report that come with every letter.
    pub attach: Vec<Attached>,
}

impl Plan {
    /// Whether an amount of an export is in the pipeline's currency: the row's own word first, then the export's.
    pub fn is_own_currency(&self, export: &str, currency: &str) -> bool {
        let of_export = || {
            self.exports
                .iter()
                .find(|known| known.name == export)?
                .currency
                .as_deref()
        };
        let currency = if currency.is_empty() {
            of_export().unwrap_or(&self.currency)
        } else {
            currency
        };
        currency.eq_ignore_ascii_case(&self.currency)
    }
}

impl ExportPlan {
    /// An export with nothing but a name and a folder.
    pub fn named(name: impl Into<String>, base: impl Into<PathBuf>) -> Self {
        Self {
            name: name.into(),
            base: base.into(),
            patterns: Vec::new(),
            format: None,
            zone: None,
            currency: None,
            channel: None,
            spam_words: Vec::new(),
            spam_contacts: Vec::new(),
            is_contact: false,
            options: BTreeMap::new(),
        }
    }
}

/// Reads a pipeline file, lays it over the defaults, checks and resolves it.
///
/// # Errors
/// [`ConfigError`] with the file, the line and what is wrong there; the first one found in the file's order of checks.
pub fn load(path: &Path) -> Result<Plan, ConfigError> {
    let shown = path.display().to_string();
    let cannot = |error: std::io::Error| {
        ConfigError::new(&shown, format!("cannot read the pipeline: {error}"))
    };
    let bytes = std::fs::read(path).map_err(cannot)?;
    let text = String::from_utf8(bytes).map_err(|error| not_utf8(&shown, &error))?;
    let file = std::path::absolute(path).map_err(cannot)?;
    from_text(&shown, text.trim_start_matches('\u{feff}'), file)
}

fn not_utf8(shown: &str, error: &std::string::FromUtf8Error) -> ConfigError {
    let line = error.as_bytes()[..error.utf8_error().valid_up_to()]
        .split(|byte| *byte == b'\n')
        .count();
    ConfigError::new(format!("{shown}:{line}"), "the text is not UTF-8")
        .hint("save the file as UTF-8")
}

/// Makes the plan of a text; `shown` is the file's name in errors, `file` its absolute path.
pub(super) fn from_text(shown: &str, text: &str, file: PathBuf) -> Result<Plan, ConfigError> {
    let (source, settings) = Source::read(shown, text)?;
    let checked = check::all(&source, &settings)?;
    let plan = resolve(settings, checked, file);
    let own = plan
        .templates
        .join("lang")
        .join(format!("{}.toml", plan.language));
    if plan.language.shipped().is_none() && !own.is_file() {
        let known: Vec<&str> = SHIPPED.iter().map(|(code, _)| *code).collect();
        let message = format!("there are no words of the language \"{}\"", plan.language);
        let hint = format!("one of {}, or a file {}", known.join(", "), own.display());
        return Err(source.refuse("language", message).hint(hint));
    }
    Ok(plan)
}

fn resolve(settings: Settings, checked: check::Checked, file: PathBuf) -> Plan {
    let folder = file.parent().map(Path::to_path_buf).unwrap_or_default();
    let place = |path: &str| tidy(&folder.join(path.replace("{name}", &settings.name)));
    let paths = &settings.paths;
    let (lake, out) = (place(&paths.lake), place(&paths.out));
    let (formats, templates) = (place(&paths.formats), place(&paths.templates));
    let all = settings.clone();
    let exports = settings.exports.into_iter().zip(checked.export_zones);
    Plan {
        settings: all,
        lake,
        out,
        formats,
        templates,
        exports: exports
            .map(|(export, zone)| resolve_export(export, zone, &folder))
            .collect(),
        file,
        name: settings.name,
        title: settings.title,
        language: settings.language,
        zone: checked.zone,
        currency: settings.currency,
        calendar: calendar(&settings.calendar, settings.language),
        channels: settings.channels,
        lines: settings
            .lines
            .into_iter()
            .map(|line| Line {
                number: digits(&line.number),
                ..line
            })
            .collect(),
        inquiry: settings.inquiry,
        attribution: settings.attribution,
        sales: settings.sales,
        thresholds: settings.thresholds,
        diagnosis: lowered(settings.diagnosis),
        stages: settings.stages,
        delivery: checked.delivery,
    }
}

/// Words are compared in lower case.
fn lowered(rules: DiagnosisRules) -> DiagnosisRules {
    let lower = |words: Vec<String>| words.iter().map(|word| word.to_lowercase()).collect();
    DiagnosisRules {
        new_stages: lower(rules.new_stages),
        untargeted_reasons: lower(rules.untargeted_reasons),
        unreached_reasons: lower(rules.unreached_reasons),
        duplicate_reasons: lower(rules.duplicate_reasons),
        ..rules
    }
}

/// The calendar of a name that the checks know.
fn calendar(name: &str, language: Language) -> Calendar {
    let name = if name == "auto" {
        language.calendar()
    } else {
        name
    };
    Calendar::shipped(name).unwrap_or_default()
}

fn resolve_export(export: super::settings::Export, zone: Option<Tz>, folder: &Path) -> ExportPlan {
    ExportPlan {
        name: export.name,
        base: folder.to_path_buf(),
        patterns: export.files,
        format: export.format,
        zone,
        currency: export.currency,
        channel: export.channel.map(ChannelId::new),
        spam_words: export
            .spam_words
            .iter()
            .map(|word| word.to_lowercase())
            .collect(),
        spam_contacts: export.spam_contacts,
        is_contact: export.is_contact,
        options: export.options,
    }
}

/// The digits of a telephone number.
pub(super) fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// The path without `.` and, as far as its own names allow, without `..`: `a/b/../c` is `a/c`.
fn tidy(path: &Path) -> PathBuf {
    use std::path::Component;
    let mut tidy = PathBuf::new();
    for step in path.components() {
        match step {
            Component::CurDir => {}
            Component::ParentDir if tidy.file_name().is_some() => {
                tidy.pop();
            }
            _ => tidy.push(step),
        }
    }
    tidy
}
