//! The pipeline file as it is written, one struct per table. Every default stands in `pipelines/defaults.toml`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::language::Language;

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
    /// Calendar of working days and holidays: `ru`, `gb`, `none`, or `auto` by the language.
    pub calendar: String,
    /// Where data is kept and written, relative to the pipeline file.
    pub paths: Paths,
    /// The exports to read.
    #[serde(default)]
    pub exports: Vec<Export>,
    /// Which sessions are which channel.
    pub channels: Channels,
    /// Telephone lines (numbers that clients call).
    #[serde(default)]
    pub lines: Vec<Line>,
    /// What an inquiry is.
    pub inquiry: InquiryRules,
    /// How an inquiry finds its channel.
    pub attribution: Attribution,
    /// What a sale is and how cohorts mature.
    pub sales: SalesRules,
    /// When a number may be stated.
    pub thresholds: Thresholds,
    /// What the diagnosis reads goals, stages and loss reasons by.
    pub diagnosis: DiagnosisRules,
    /// Funnel stages between the session and the inquiry, in order.
    #[serde(default)]
    pub stages: Vec<StageRule>,
    /// Who gets the digest.
    pub delivery: Delivery,
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
    pub source_category: Option<String>,
}

/// A telephone line.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The number in any usual form.
    pub number: String,
    /// Its name for people.
    pub name: String,
    /// The channel of every call to it that nothing else explains (a number printed on a billboard).
    pub channel: Option<String>,
}

/// What is counted as an inquiry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InquiryRules {
    /// Contacts of one person within so many days of the first are one inquiry.
    pub uniqueness_days: u32,
    /// An answered inbound call counts from so many seconds of talk.
    pub target_call_min_s: u32,
    /// Whether a missed inbound call is an inquiry.
    pub count_missed_calls: bool,
}

/// How credit for an inquiry is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribution {
    /// The model that the report shows.
    pub model: AttributionModel,
    /// Sessions up to so many days before the contact count.
    pub lookback_days: u32,
    /// Half-life of `time_decay`, days.
    pub half_life_days: u32,
    /// Share that `position_based` gives to the first and to the last session each, percent.
    pub position_ends_percent: u32,
}

/// The six attribution models, all read from one path table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributionModel {
    /// The last session that is not direct; direct when there is no other.
    LastNonDirect,
    /// The last session.
    Last,
    /// The first session.
    First,
    /// Equal shares to all sessions.
    Linear,
    /// Fixed shares to the first and last, the rest spread evenly between.
    PositionBased,
    /// Shares that halve with every half-life before the contact.
    TimeDecay,
}

/// What is counted as a sale.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SalesRules {
    /// A deal belongs to the person's last inquiry up to so many days before the deal was created.
    pub deal_window_days: u32,
    /// Sales later than so many days after the inquiry no longer count for its cohort.
    pub horizon_days: u32,
    /// A cohort is called mature after so many days.
    pub mature_days: u32,
    /// Stage names that mean "won", over those of the formats, compared in lower case.
    pub won_stages: Vec<String>,
    /// Stage names that mean "lost", over those of the formats.
    pub lost_stages: Vec<String>,
}

/// When a number may be stated.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// Fewer events than this: a count without a rate or a change.
    pub min_events: u32,
    /// No percentage change on a smaller base.
    pub min_base: u32,
    /// One-sided false alarm rate of a single test.
    pub alpha: f64,
    /// False discovery rate over the channels.
    pub channels_fdr: f64,
    /// Periods before the reported one that the usual range is learnt from.
    pub base_periods: u32,
    /// Over this share of rejected rows in a run, nothing is reported or sent.
    pub max_reject_share: f64,
}

/// What the diagnosis reads goals, stages and loss reasons by. Words are looked for inside a name, in lower case.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiagnosisRules {
    /// Goals of the analytics that mean "began to fill in a form".
    pub form_start: Vec<String>,
    /// Goals that mean "sent a form".
    pub form_sent: Vec<String>,
    /// Goals that mean "tapped the telephone number".
    pub phone_tap: Vec<String>,
    /// Words in the name of a stage in which nobody has touched the deal yet.
    pub new_stages: Vec<String>,
    /// Words in a loss reason that say that the person was no customer at all.
    pub untargeted_reasons: Vec<String>,
    /// Words in a loss reason that say that nobody got through to the person.
    pub unreached_reasons: Vec<String>,
    /// Words in a loss reason that say that the deal was entered twice.
    pub duplicate_reasons: Vec<String>,
    /// A loss of fewer inquiries than this is not worth a finding.
    pub smallest_loss: f64,
}

/// A funnel stage before the inquiry.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageRule {
    /// Code, kebab-case.
    pub code: String,
    /// Title for people.
    pub title: String,
    /// The stage is reached by a session that has one of these goals of the analytics.
    pub goals: Vec<String>,
}

/// Who gets the digest. Server and secrets come from the environment, never from here.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// `Name <address>` of the sender.
    pub from: String,
    /// Recipients, one message each.
    pub to: Vec<String>,
    /// Where answers go; left out, the sender.
    pub reply_to: Option<String>,
    /// Files of the report that come with every letter.
    pub attach: Vec<Attached>,
}

/// A file that comes with a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Attached {
    /// The printed report.
    Pdf,
    /// The workbook of all tables.
    Xlsx,
}

impl Attached {
    /// The file in the report's folder.
    pub fn file(self) -> &'static str {
        match self {
            Self::Pdf => "report.pdf",
            Self::Xlsx => "tables.xlsx",
        }
    }
}
