//! The pipeline file as it is written, one struct per table. Every default stands in `pipelines/defaults.toml`.
//!
//! Nobody outside `config` sees these: what is checked and typed is in [`super::plan`] and [`super::rules`].

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;

use super::categories::SourceCategory;
use super::language::Language;
use super::rules::{
    AtDeadline, Attached, AttributionRules, CatchUp, DiagnosisRules, FunnelRules, HolidayRule,
    InquiryRules, LakeRules, MoneyRules, PeriodRules, PlanRules, SalesRules, Stage, Thresholds,
};
use crate::model::experiment::{ExperimentDimension, ExperimentMetric};
use crate::model::role::Role;

/// A pipeline file merged over the defaults.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Short name for folders and the command line, lower-case kebab-case.
    pub name: String,
    /// Name for people: the heading of the digest.
    pub title: String,
    /// Language of everything that people read.
    pub language: Language,
    /// IANA zone of business days, e.g. `Europe/Moscow`.
    pub time_zone: String,
    /// ISO 4217 code of every amount, e.g. `RUB`.
    pub currency: String,
    /// Countries whose telephone numbers are understood as people there write them, that of the business first; none is told
    /// from the time zone.
    pub countries: Vec<String>,
    /// Calendar of working days and holidays: `ru`, `gb`, `none`, or `auto` by the language.
    pub calendar: String,
    /// Where data is kept and written, relative to the pipeline file.
    pub paths: Paths,
    /// How far back the lake can be looked at as it was.
    pub lake: LakeRules,
    /// The exports to read.
    #[serde(default)]
    pub exports: Vec<Export>,
    /// Which sessions are which channel.
    pub channels: Channels,
    /// Telephone lines (numbers that clients call).
    #[serde(default)]
    pub lines: Vec<WrittenLine>,
    /// What an inquiry is.
    pub inquiry: InquiryRules,
    /// How an inquiry finds its channel.
    pub attribution: AttributionRules,
    /// What a sale is and how cohorts mature.
    pub sales: SalesRules,
    /// What money is counted by beside the amounts of the exports.
    pub money: MoneyRules,
    /// When a number may be stated.
    pub thresholds: Thresholds,
    /// How the funnel is shown.
    pub funnel: FunnelRules,
    /// What the diagnosis reads goals, stages and loss reasons by.
    pub diagnosis: DiagnosisRules,
    /// How the plan is spread over its days.
    pub plan: PlanRules,
    /// How weeks are told apart.
    pub periods: PeriodRules,
    /// Funnel stages between the session and the inquiry, in order.
    #[serde(default)]
    pub stages: Vec<Stage>,
    /// Experiments (A/B tests).
    #[serde(default)]
    pub experiments: Vec<WrittenExperiment>,
    /// Who gets the digest.
    pub delivery: Delivery,
    /// Parts of the firm that some readers see instead of all of it.
    #[serde(default)]
    pub views: Vec<View>,
    /// When digests are due by themselves.
    pub schedule: Schedule,
    /// Who is told when something goes wrong.
    pub notices: Notices,
    /// What else a digest is told to.
    #[serde(default)]
    pub hooks: Hooks,
    /// Names of those who check, by role.
    #[serde(default)]
    pub people: BTreeMap<Role, String>,
    /// Where readers find the reports.
    pub links: Links,
}

/// Folders, relative to the pipeline file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paths {
    /// The lake.
    pub lake: String,
    /// Reports.
    pub out: String,
    /// The user's own formats.
    pub formats: String,
    /// The user's own templates, colours and strings.
    pub templates: String,
}

/// One kind of export of one system.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Export {
    /// Name for people; left out, what people call exports of its format.
    pub title: Option<String>,
    /// Name of the system, unique in the pipeline: rows of one name replace each other by key.
    pub name: String,
    /// Files, relative to the pipeline file; `*`, `?` and `**` are understood.
    pub files: Vec<String>,
    /// Format by name; left out, it is found from the file's content.
    pub format: Option<String>,
    /// Zone of the export's clock; left out, the format's own or the pipeline's.
    pub time_zone: Option<String>,
    /// Currency of the export when the file does not say; left out, the pipeline's.
    pub currency: Option<String>,
    /// A channel that every row of this export belongs to (an ad account, say); rules are not asked then.
    pub channel: Option<String>,
    /// Words that make a row spam when any of its cells holds one (compared in lower case).
    #[serde(default)]
    pub spam_words: Vec<String>,
    /// Telephone numbers and e-mail addresses of tests and known spammers.
    #[serde(default)]
    pub spam_contacts: Vec<String>,
    /// Whether each row also counts as a contact by itself (deals of a firm that has no telephony or form export).
    #[serde(default)]
    pub is_contact: bool,
    /// Whether each file is all there is of its days: deals that a newer file lacks are taken out.
    #[serde(default)]
    pub complete: bool,
    /// The CRM that its ids of people are of, where several exports of one CRM share them; left out, one of its own.
    pub crm: Option<String>,
    /// Settings of the format's adapter, e.g. trunks of a PBX.
    #[serde(default)]
    pub options: BTreeMap<String, toml::Value>,
}

/// Channel rules: the pipeline's own first, then a shipped set.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channels {
    /// A shipped set: `ru-default` or `ga4-default`.
    pub base: String,
    /// Own rules, asked before the shipped ones, in order.
    #[serde(default)]
    pub rules: Vec<ChannelRule>,
    /// Titles by channel id, over those of the shipped set.
    #[serde(default)]
    pub titles: BTreeMap<String, String>,
}

/// One ordered rule: all the conditions that are present must hold. Compared in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelRule {
    /// The channel that the rule gives.
    pub channel: String,
    /// The analytics' own traffic type (`organic`, `ad`, `direct`, …) is one of these.
    pub traffic_type: Option<Vec<String>>,
    /// The analytics' own detail (advertising engine, search engine, network, messenger) is one of these.
    pub engine: Option<Vec<String>>,
    /// The analytics' own channel group is one of these (exports that carry only groups).
    pub group: Option<Vec<String>>,
    /// UTM source is one of these; `""` matches an absent one.
    pub source: Option<Vec<String>>,
    /// UTM medium is one of these.
    pub medium: Option<Vec<String>>,
    /// UTM campaign is one of these.
    pub campaign: Option<Vec<String>>,
    /// UTM source matches this regular expression.
    pub source_matches: Option<String>,
    /// UTM medium matches this regular expression.
    pub medium_matches: Option<String>,
    /// UTM campaign matches this regular expression.
    pub campaign_matches: Option<String>,
    /// Referrer host matches this regular expression.
    pub referrer_matches: Option<String>,
    /// UTM source is in a shipped category: `search`, `social`, `shopping`, `video`.
    pub source_category: Option<SourceCategory>,
}

/// A telephone line.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenLine {
    /// The number in any usual form.
    pub number: String,
    /// Its name for people.
    pub name: String,
    /// The channel of every call to it that nothing else explains (a number printed on a billboard).
    pub channel: Option<String>,
}

/// An experiment (A/B test).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenExperiment {
    /// Name, kebab-case, unique.
    pub name: String,
    /// Name for people; left out, the name.
    pub title: Option<String>,
    /// What tells its variants apart: `landing`, `utm_content`, `utm_campaign` or an attribute of sessions.
    pub dimension: ExperimentDimension,
    /// First day.
    pub from: NaiveDate,
    /// Last day; left out, it goes on.
    pub to: Option<NaiveDate>,
    /// What it is judged by: `inquiries` or `goal`.
    pub metric: ExperimentMetric,
    /// Goals of the analytics, any of which counts.
    #[serde(default)]
    pub goals: Vec<String>,
    /// Relative change of the control's rate that is worth finding: 0.2 is a fifth more or less.
    #[serde(default = "usual_effect")]
    pub effect: f64,
    /// Variants, the control first.
    #[serde(default)]
    pub variants: Vec<WrittenVariant>,
}

/// A fifth: smaller changes of a page are rarely found by the traffic of one firm.
fn usual_effect() -> f64 {
    0.2
}

/// One variant of an experiment.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenVariant {
    /// Its name for people.
    pub name: String,
    /// Regular expression that its sessions match; case does not matter.
    pub matches: String,
    /// Its stated share of sessions.
    pub share: f64,
}

/// Who gets the digest. Server and secrets come from the environment, never from here.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// `Name <address>` of the sender.
    pub from: String,
    /// Recipients, one message each; `@name` stands for all of a group.
    pub to: Vec<String>,
    /// File of groups of recipients, relative to the pipeline file; left out, there are none.
    pub groups: Option<String>,
    /// Where answers go; left out, the sender.
    pub reply_to: Option<String>,
    /// Files of the report that come with every letter.
    pub attach: Vec<Attached>,
    /// Address at which a reader asks for no more letters with one click; `{token}` stands for the reader.
    pub unsubscribe: Option<String>,
}

/// What some readers see instead of the whole digest. Several lists must all let a row pass.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// Short name, for its folder.
    pub name: String,
    /// Name for people; left out, the name.
    pub title: Option<String>,
    /// Its readers, as in `delivery.to`.
    pub to: Vec<String>,
    /// Channels that they see, by id; left out, all.
    #[serde(default)]
    pub channels: Vec<String>,
    /// Telephone lines, by number or by their names in `[[lines]]`.
    #[serde(default)]
    pub lines: Vec<String>,
    /// Cities of sessions, as the analytics writes them.
    #[serde(default)]
    pub cities: Vec<String>,
    /// Managers of deals, as the CRM writes them.
    #[serde(default)]
    pub managers: Vec<String>,
    /// Sections that they see, by code; left out, all.
    #[serde(default)]
    pub sections: Vec<String>,
    /// Its language; left out, the pipeline's.
    pub language: Option<Language>,
    /// Files that come with its letters; left out, as for all others.
    pub attach: Option<Vec<Attached>>,
}

/// When digests are due by themselves: `voronka tick` and `voronka serve` make them then.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// When the digest of the week before is due, in words or as a cron expression; left out, never.
    pub weekly: Option<String>,
    /// The same for the month before.
    pub monthly: Option<String>,
    /// The same for the quarter before.
    pub quarterly: Option<String>,
    /// The same for the day before.
    pub daily: Option<String>,
    /// The same for the year before.
    pub yearly: Option<String>,
    /// The same for the month up to the day before.
    pub month_to_date: Option<String>,
    /// Zone of these times; left out, the pipeline's.
    pub time_zone: Option<String>,
    /// What becomes of a time that falls on a holiday.
    pub holidays: HolidayRule,
    /// What becomes of times that nobody was there for.
    pub catch_up: CatchUp,
    /// How long a digest waits for exports that are not there or not whole, hours.
    pub wait_hours: u32,
    /// What happens when they are not there by then.
    pub at_deadline: AtDeadline,
}

/// Who is told when something goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notices {
    /// Recipients of notices: those who run the program, not those who read the digest.
    pub to: Vec<String>,
    /// A command that is given each notice on its standard input, as JSON.
    pub command: Option<Vec<String>>,
    /// Short name of a chat that each notice is posted to; its address is in the environment.
    pub webhook: Option<String>,
    /// Which chat of a bot, for Telegram.
    pub chat: Option<String>,
}

/// What a digest is told to when its letters have left.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hooks {
    /// A command that is given each digest on its standard input, in one line of JSON.
    pub command: Option<Vec<String>>,
    /// Short name of a chat that each headline is posted to; its address is in the environment.
    pub webhook: Option<String>,
    /// Which chat of a bot, for Telegram.
    pub chat: Option<String>,
}

/// Where readers find the reports.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Links {
    /// Address that the folder of the reports is served at; left out, letters point at what is attached.
    pub base: Option<String>,
    /// Address of a deal in the CRM, with `{id}` in it.
    pub crm: Option<String>,
    /// The same of records of single exports, by name.
    #[serde(default)]
    pub exports: BTreeMap<String, String>,
}
