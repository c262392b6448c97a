//! A pipeline checked and resolved: what every later stage may rely on without asking again.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use lettre::message::Mailbox;
use regex::Regex;

use super::channels::ChannelRules;
use super::files::FilePattern;
use super::language::Language;
use super::rules::{
    AtDeadline, Attached, AttributionRules, CatchUp, DiagnosisRules, FunnelRules, HolidayRule,
    InquiryRules, LakeRules, MoneyRules, PlanRules, SalesRules, Stage, Thresholds, Weeks, Words,
};
use crate::model::calendar::Calendar;
use crate::model::channel::ChannelId;
use crate::model::contact::Countries;
use crate::model::experiment::{ExperimentDimension, ExperimentMetric};
use crate::model::period::PeriodKind;
use crate::model::record_links::RecordLinks;
use crate::model::recurrence::Recurrence;
use crate::model::restriction::Restriction;
use crate::model::role::Role;

/// A pipeline that passed every check.
#[derive(Debug, Clone)]
pub struct Plan {
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
    /// Countries whose national telephone numbers are understood, home first.
    pub countries: Countries,
    /// Working days and holidays; the lake's own days go over it.
    pub calendar: Calendar,
    /// Folder of the lake, absolute.
    pub lake: PathBuf,
    /// How far back it can be looked at as it was.
    pub upkeep: LakeRules,
    /// Folder of the reports, absolute.
    pub out: PathBuf,
    /// Folder of the user's own formats, absolute.
    pub formats: PathBuf,
    /// Folder of the user's own templates, colours and strings, absolute; it need not be there.
    pub templates: PathBuf,
    /// The exports, in the pipeline's order.
    pub exports: Vec<ExportPlan>,
    /// Channel rules: the pipeline's own, then those of a shipped set.
    pub channels: ChannelRules,
    /// Telephone lines.
    pub lines: Vec<Line>,
    /// What an inquiry is.
    pub inquiry: InquiryRules,
    /// How an inquiry finds its channel.
    pub attribution: AttributionRules,
    /// What a sale is.
    pub sales: SalesRules,
    /// What money is counted by.
    pub money: MoneyRules,
    /// When a number may be stated.
    pub thresholds: Thresholds,
    /// How the funnel is shown.
    pub funnel: FunnelRules,
    /// What the diagnosis reads goals, stages and loss reasons by.
    pub diagnosis: DiagnosisRules,
    /// How the plan is spread over its days.
    pub targets: PlanRules,
    /// Whether a week ends with its month.
    pub weeks: Weeks,
    /// Funnel stages between the session and the inquiry.
    pub stages: Vec<Stage>,
    /// Funnel stages of deals, between the inquiry and the sale.
    pub deal_stages: Vec<Stage>,
    /// Experiments (A/B tests).
    pub experiments: Vec<Experiment>,
    /// Who gets the digest.
    pub delivery: DeliveryPlan,
    /// What of the firm this plan is of; all of it but for the plan of a view.
    pub view: ViewPlan,
    /// Parts of the firm that some readers see instead of all of it.
    pub views: Vec<ViewPlan>,
    /// When digests are due by themselves.
    pub schedule: SchedulePlan,
    /// Who is told when something goes wrong.
    pub notices: NoticesPlan,
    /// What else a digest is told to.
    pub hooks: HooksPlan,
    /// Names of those who check, by role.
    pub people: BTreeMap<Role, String>,
    /// Address that the folder of the reports is served at, without a slash at its end.
    pub reports_at: Option<String>,
    /// Addresses of deals and of records of exports.
    pub records: RecordLinks,
}

/// One export, resolved.
#[derive(Debug, Clone)]
pub struct ExportPlan {
    /// Name for people; `None` is that of its format.
    pub title: Option<String>,
    /// Name of the system, unique in the pipeline, kebab-case.
    pub name: String,
    /// The folder that the patterns start from, absolute.
    pub base: PathBuf,
    /// Patterns of its files; [`super::files()`] finds what fits them.
    pub patterns: Vec<FilePattern>,
    /// Format by name; `None` is found from the file's content.
    pub format: Option<String>,
    /// Zone of the export's clock; `None` is the format's own, else the pipeline's.
    pub zone: Option<Tz>,
    /// Currency when the file does not say; `None` is the pipeline's.
    pub currency: Option<String>,
    /// The channel that every row belongs to, whatever the rules say.
    pub channel: Option<ChannelId>,
    /// Words that make a row spam.
    pub spam_words: Words,
    /// Numbers and addresses of tests and spammers, as written.
    pub spam_contacts: Vec<String>,
    /// Whether each row also counts as a contact by itself.
    pub is_contact: bool,
    /// Whether each file is all there is of its days: records that it lacks go.
    pub complete: bool,
    /// The CRM that its ids of people are of; `None` is one of its own.
    pub crm: Option<String>,
    /// Settings of the format's adapter.
    pub options: BTreeMap<String, toml::Value>,
}

/// A telephone line (a number that clients call).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number as the lake keeps numbers: see [`normal_phone`](crate::model::contact::normal_phone).
    pub number: String,
    /// Its name for people.
    pub name: String,
    /// The channel of every call to it that nothing else explains.
    pub channel: Option<ChannelId>,
}

/// An experiment (A/B test), checked.
#[derive(Debug, Clone)]
pub struct Experiment {
    /// Name, kebab-case, unique.
    pub name: String,
    /// Name for people.
    pub title: String,
    /// What tells its variants apart.
    pub dimension: ExperimentDimension,
    /// First day.
    pub from: NaiveDate,
    /// Last day; `None` goes on.
    pub to: Option<NaiveDate>,
    /// What it is judged by.
    pub metric: ExperimentMetric,
    /// Goals of the analytics, any of which counts.
    pub goals: Vec<String>,
    /// Relative change of the control's rate that is worth finding.
    pub effect: f64,
    /// Variants, the control first.
    pub variants: Vec<Variant>,
}

/// One variant of an experiment.
#[derive(Debug, Clone)]
pub struct Variant {
    /// Its name for people.
    pub name: String,
    /// What its sessions match.
    pub pattern: Regex,
    /// Its stated share of sessions; those of an experiment add up to 1.
    pub share: f64,
}

impl Experiment {
    /// The place of the first variant that a text of the dimension's column matches.
    pub fn variant_of(&self, text: &str) -> Option<usize> {
        let value = self.dimension.value(text)?;
        let mut variants = self.variants.iter();
        variants.position(|variant| variant.pattern.is_match(value))
    }

    /// Whether a list of goals, separated by commas, holds one of the experiment's.
    pub fn reaches_goal(&self, list: &str) -> bool {
        list.split(',')
            .any(|goal| self.goals.iter().any(|wanted| wanted == goal))
    }
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
    /// Address at which a reader asks for no more letters; `{token}` stands for the reader.
    pub unsubscribe: Option<String>,
}

/// What some readers see instead of the whole digest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ViewPlan {
    /// Short name, for its folder; empty is the whole digest.
    pub name: String,
    /// Name for people.
    pub title: String,
    /// The rows that they see.
    pub rows: Restriction,
    /// Sections that they see, by code; none: all.
    pub sections: Vec<String>,
    /// Its readers.
    pub to: Vec<Mailbox>,
    /// Its language; `None` is the pipeline's.
    pub language: Option<Language>,
    /// Files that come with its letters; `None` is as for all others.
    pub attach: Option<Vec<Attached>>,
}

/// When digests are due by themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchedulePlan {
    /// The rules, at most one for each kind of period; none: nothing is due by itself.
    pub due: Vec<Due>,
    /// Zone of the wall clock of the rules.
    pub zone: Tz,
    /// What becomes of a time that falls on a holiday.
    pub holidays: HolidayRule,
    /// What becomes of times that nobody was there for.
    pub catch_up: CatchUp,
    /// How long a digest waits for its data.
    pub wait: TimeDelta,
    /// What happens when they are not there by then.
    pub at_deadline: AtDeadline,
}

/// When the digest of the period before is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Week, month or quarter.
    pub kind: PeriodKind,
    /// At these times of the wall clock.
    pub at: Recurrence,
}

/// Who is told when something goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticesPlan {
    /// Recipients.
    pub to: Vec<Mailbox>,
    /// A program with its arguments that is given each notice, as JSON.
    pub command: Option<Vec<String>>,
    /// A chat that each notice is posted to.
    pub webhook: Option<WebhookPlan>,
}

/// What a digest is told to when its letters have left.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HooksPlan {
    /// A program with its arguments that is given each digest in one line of JSON.
    pub command: Option<Vec<String>>,
    /// A chat that each headline is posted to.
    pub webhook: Option<WebhookPlan>,
}

/// A chat; the environment has its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookPlan {
    /// Short name.
    pub name: String,
    /// Which chat of a bot, for Telegram.
    pub chat: Option<String>,
}

impl WebhookPlan {
    /// The variable of the environment that holds its address.
    pub fn variable(&self) -> String {
        format!(
            "VORONKA_WEBHOOK_{}",
            self.name.to_uppercase().replace('-', "_")
        )
    }
}

impl Plan {
    /// The plan by which the report of a view is made. It has no link to the pages of reports: whoever opens one sees the
    /// folder beside it.
    pub fn of_view(&self, view: &ViewPlan) -> Self {
        let attach = view.attach.as_ref().unwrap_or(&self.delivery.attach);
        Self {
            language: view.language.unwrap_or(self.language),
            view: view.clone(),
            views: Vec::new(),
            delivery: DeliveryPlan {
                to: view.to.clone(),
                attach: attach.clone(),
                ..self.delivery.clone()
            },
            reports_at: None,
            ..self.clone()
        }
    }

    /// Everybody who gets a letter of a report, those of views too, with the view that each sees.
    pub fn readers(&self) -> impl Iterator<Item = (&Mailbox, Option<&ViewPlan>)> {
        let of_all = self.delivery.to.iter().map(|reader| (reader, None));
        let of_views = self
            .views
            .iter()
            .flat_map(|view| view.to.iter().map(move |reader| (reader, Some(view))));
        of_all.chain(of_views)
    }

    /// Whether an address is that of one of [`Self::readers`].
    pub fn has_reader(&self, address: &str) -> bool {
        self.readers().any(|(reader, _)| {
            let known: &str = reader.email.as_ref();
            known.eq_ignore_ascii_case(address)
        })
    }

    /// The export of a name.
    pub fn export(&self, name: &str) -> Option<&ExportPlan> {
        self.exports.iter().find(|export| export.name == name)
    }

    /// Whether an amount of an export is in the pipeline's currency: the row's own word first, then the export's.
    pub fn is_own_currency(&self, export: &str, currency: &str) -> bool {
        let of_export = || self.export(export)?.currency.as_deref();
        let stated = if currency.is_empty() {
            of_export().unwrap_or(&self.currency)
        } else {
            currency
        };
        stated.eq_ignore_ascii_case(&self.currency)
    }
}

impl ExportPlan {
    /// An export with nothing but a name and a folder.
    pub fn named(name: impl Into<String>, base: impl Into<PathBuf>) -> Self {
        Self {
            title: None,
            name: name.into(),
            base: base.into(),
            patterns: Vec::new(),
            format: None,
            zone: None,
            currency: None,
            channel: None,
            spam_words: Words::default(),
            spam_contacts: Vec::new(),
            is_contact: false,
            complete: false,
            crm: None,
            options: BTreeMap::new(),
        }
    }
}
