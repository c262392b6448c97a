//! What a pipeline states in words and numbers that need no resolving: read as they are, their ranges checked.

use serde::{Deserialize, Serialize};

/// Words to look for in what people's systems write, in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Vec<String>")]
pub struct Words(Vec<String>);

impl From<Vec<String>> for Words {
    fn from(words: Vec<String>) -> Self {
        Self(words.iter().map(|word| word.to_lowercase()).collect())
    }
}

impl Words {
    /// The words, in lower case.
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }

    /// Whether a text is one of the words, in whatever case.
    pub fn include(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.0.contains(&text)
    }

    /// Whether a text holds one of the words, in whatever case.
    pub fn are_in(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.0.iter().any(|word| text.contains(word))
    }
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
pub struct AttributionRules {
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

impl AttributionModel {
    /// Every model.
    pub const ALL: [Self; 6] = [
        Self::LastNonDirect,
        Self::Last,
        Self::First,
        Self::Linear,
        Self::PositionBased,
        Self::TimeDecay,
    ];

    /// Its name in pipelines and in `digest.json`.
    pub fn name(self) -> &'static str {
        match self {
            Self::LastNonDirect => "last_non_direct",
            Self::Last => "last",
            Self::First => "first",
            Self::Linear => "linear",
            Self::PositionBased => "position_based",
            Self::TimeDecay => "time_decay",
        }
    }
}

/// How far back the lake can be looked at as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LakeRules {
    /// Whether a run removes what newer files replaced before then.
    pub vacuum: bool,
    /// What `--as-of` any of the last so many days needs is kept.
    pub keep_days: u32,
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
    /// Stage names that mean "won", over those of the formats.
    pub won_stages: Words,
    /// Stage names that mean "lost", over those of the formats.
    pub lost_stages: Words,
}

impl SalesRules {
    /// Whether the pipeline calls a stage won (`true`) or lost (`false`); `None` where it says nothing of it. A name that
    /// says the CRM's pipeline too, as in `Service / Closed`, goes before one that does not.
    pub fn named(&self, pipeline: &str, stage: &str) -> Option<bool> {
        // Exports hold no-break and doubled spaces where people see one.
        let stage = single_spaced(stage);
        let whole = format!("{} / {stage}", single_spaced(pipeline));
        self.word_for(&whole).or_else(|| self.word_for(&stage))
    }

    fn word_for(&self, name: &str) -> Option<bool> {
        if self.won_stages.include(name) {
            return Some(true);
        }
        self.lost_stages.include(name).then_some(false)
    }
}

fn single_spaced(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
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

/// What money is counted by beside the amounts of the exports.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoneyRules {
    /// Gross margin as a share of revenue, for sales that carry no cost of goods; left out, their margin is not known.
    pub margin: Option<f64>,
    /// A buyer who has not bought for longer than so many days is silent, and returns with the next purchase.
    pub silence_days: u32,
}

/// What the diagnosis reads goals, stages and loss reasons by.
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
    pub new_stages: Words,
    /// Words in a loss reason that say that the person was no customer at all.
    pub untargeted_reasons: Words,
    /// Words in a loss reason that say that nobody got through to the person.
    pub unreached_reasons: Words,
    /// Words in a loss reason that say that the deal was entered twice.
    pub duplicate_reasons: Words,
    /// A loss of fewer inquiries than this is not worth a finding.
    pub smallest_loss: f64,
}

/// How weeks are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeriodRules {
    /// Whether a week ends with its month.
    pub weeks: Weeks,
}

/// Whether a week ends with its month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weeks {
    /// Monday to Sunday, whatever month they are in.
    Whole,
    /// A week in which a month ends is two, one in each month.
    CutAtMonthEnds,
}

/// How the plan is spread over its days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanRules {
    /// Which days a part of a plan is told by.
    pub proration: Proration,
}

/// Which days a part of a plan is told by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proration {
    /// Working days where days off bring under half of a working day's inquiries, else all days.
    Auto,
    /// The working days of the calendar.
    WorkingDays,
    /// All days alike.
    Days,
}

/// How the funnel is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FunnelRules {
    /// What stages are a share of.
    pub base: FunnelBase,
}

/// What the stages of the funnel are a share of, beside the stage before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FunnelBase {
    /// All sessions.
    #[default]
    Sessions,
    /// All distinct visitors: those that reached the stage in any of their visits.
    Users,
}

/// A funnel stage: of visits before the inquiry, or of deals after it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Code, kebab-case.
    pub code: String,
    /// Title for people.
    pub title: String,
    /// The stage is reached by a session that has one of these goals of the analytics.
    #[serde(default)]
    pub goals: Vec<String>,
    /// The stage is reached by a deal that is or was at one of these stages of the CRM, or at a later one.
    #[serde(default)]
    pub deal_stages: Vec<String>,
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

/// What becomes of a due time that falls on a holiday of the pipeline's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HolidayRule {
    /// It stays.
    Keep,
    /// It moves to the next day on which offices work, at the same hour.
    Move,
    /// It falls out, and its digest with it.
    Skip,
}

/// What becomes of due times that nobody was there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CatchUp {
    /// The latest of each kind of period is made late, those before it are passed over.
    Latest,
    /// All are made late, in their order.
    All,
    /// None is made.
    None,
}

/// What happens when exports are not there at the deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AtDeadline {
    /// The digest goes out and says what it lacks.
    Send,
    /// Its readers get none; who is told of faults is told of this.
    Owner,
}

/// Sections of a digest that a view may ask for, by code; what its data lack and what is meant by its words always comes.
pub const SECTIONS: &[&str] = &[
    "glance",
    "picture",
    "moved",
    "ads-letter",
    "checks",
    "followup",
    "restated-period",
    "causes",
    "plan",
    "kpi",
    "trend",
    "funnel",
    "channels",
    "decomposition",
    "money",
    "work",
    "month",
    "forecast",
    "lengths",
    "stages",
    "experiments",
    "ads",
    "slices",
    "formula",
    "buyers",
    "cohort",
    "deal_stages",
    "managers",
    "satisfaction",
    "contacts",
    "restated",
];
