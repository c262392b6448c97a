//! What the marts hand to the metrics: small typed rows, one shape for every pipeline.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::bought::Bought;
use super::calendar::Calendar;
use super::channel::ChannelId;
use super::data_fault::DataFault;
use super::deal_paths::DealPaths;
use super::doubt::SalesDoubt;
use super::experiment::ExperimentCounts;
use super::link::{AbsentManager, ClickPrice, DealAmounts, LinkCounts};
use super::money::Minor;
use super::period::Period;
use super::survey::Answer;
use super::table::Table;
use super::target::{PlanScope, Target};
use super::work::WorkLists;

/// Traffic of one channel in one period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traffic {
    /// Sessions that started in the period.
    pub sessions: u64,
    /// Distinct clients among them; channels do not add up to the total, because a client may use several. `None` when
    /// the exports carry totals that cannot be added up.
    pub users: Option<u64>,
}

/// Advertising of one channel in one period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spend {
    /// Times the ads were shown.
    pub impressions: u64,
    /// Paid clicks.
    pub clicks: u64,
    /// Cost as the export states it (with or without VAT as exported), minor units.
    pub cost: Minor,
}

/// Everything that is counted by period and channel before any rate is made. `None` = the source did not arrive.
#[derive(Debug, Clone, PartialEq)]
pub struct PeriodFacts {
    /// The period that these facts are of.
    pub period: Period,
    /// Traffic by channel.
    pub traffic: Option<BTreeMap<ChannelId, Traffic>>,
    /// Distinct clients over all channels.
    pub users_total: Option<u64>,
    /// Advertising by channel.
    pub spend: Option<BTreeMap<ChannelId, Spend>>,
    /// Sessions that reached each funnel stage of the pipeline, in the pipeline's order, by channel.
    pub stages: Vec<BTreeMap<ChannelId, u64>>,
    /// Distinct clients that reached each of them; empty where clients are not told apart.
    pub stage_users: Vec<StageUsers>,
}

/// Distinct clients that reached a stage.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageUsers {
    /// By channel; they do not add up to the total, because a client may use several.
    pub by_channel: BTreeMap<ChannelId, u64>,
    /// Over all channels.
    pub all: u64,
}

/// How a person got in touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactKind {
    /// A call that somebody answered.
    Call,
    /// A call that nobody answered: an inquiry all the same, the business lost it.
    MissedCall,
    /// A site form.
    Form,
    /// A chat or a message.
    Chat,
    /// A CRM record that stands for a contact by itself (pipelines without telephony or forms).
    Deal,
}

/// One inquiry: the contacts of one person inside the uniqueness window, counted once.
#[derive(Debug, Clone, PartialEq)]
pub struct Inquiry {
    /// First contact, UTC.
    pub at: DateTime<Utc>,
    /// First contact's day in the pipeline's zone.
    pub day: NaiveDate,
    /// Kind of the first contact; a missed call that was answered later inside the window stays `MissedCall`.
    pub kind: ContactKind,
    /// Contacts joined into this inquiry.
    pub contacts: u32,
    /// Shares of the credit by the pipeline's attribution model; they add up to 1.
    pub credit: Vec<(ChannelId, f64)>,
    /// Whether the credit comes from a session (client id), a tag on the contact, the line, or nothing.
    pub matched_by: MatchedBy,
    /// The sales that belong to this inquiry, oldest first.
    pub sales: Vec<Sale>,
    /// What was given back of them, oldest first: amounts below zero, which are no sales.
    pub refunds: Vec<Sale>,
}

/// What an inquiry's channel was found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchedBy {
    /// The client id's own sessions.
    Client,
    /// UTM tags or a source written on the contact itself.
    Tag,
    /// The line's static channel.
    Line,
    /// Nothing: the inquiry is unattributed.
    Nothing,
}

/// A won deal, or money of one that was given back.
#[derive(Debug, Clone, PartialEq)]
pub struct Sale {
    /// When it was won, UTC.
    pub won_at: DateTime<Utc>,
    /// The day it was won in the pipeline's zone.
    pub day: NaiveDate,
    /// Its amount, minor units of the pipeline's currency.
    pub amount: Minor,
    /// What its goods cost, where the export says.
    pub cost: Option<Minor>,
}

/// Sessions of every channel by day, and what kind of days they were.
#[derive(Debug, Clone, PartialEq)]
pub struct DailySessions {
    /// The first day.
    pub first_day: NaiveDate,
    /// Sessions by channel, a number for each day; all lists are of one length.
    pub channels: BTreeMap<ChannelId, Vec<u32>>,
    /// Working days and holidays.
    pub calendar: Calendar,
}

impl DailySessions {
    /// How many days there are.
    pub fn days(&self) -> usize {
        self.channels.values().map(Vec::len).max().unwrap_or(0)
    }
}

/// Everything a scorecard is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// The reported period and the unbroken run of equal periods before it, oldest first; the last is the reported one.
    pub periods: Vec<PeriodFacts>,
    /// The same period a year before, when the lake reaches back that far.
    pub last_year: Option<PeriodFacts>,
    /// Sessions by day, for expected values that know weekdays and holidays; `None` where exports carry totals only.
    pub daily: Option<DailySessions>,
    /// Every inquiry known as of the report, oldest first: the reported period's, the history's and last year's.
    pub inquiries: Option<Vec<Inquiry>>,
    /// The ways of deals through their stages; `None` where nothing is known of deals.
    pub deal_paths: Option<DealPaths>,
    /// Answers of customers to surveys; `None` when no export of them has arrived.
    pub answers: Option<Vec<Answer>>,
    /// People whom nobody has answered yet.
    pub work: Option<WorkLists>,
    /// Won deals that belong to no inquiry (walk-ins, old clients), oldest first. They count in revenue, not in conv2.
    pub sales_without_inquiry: Vec<Sale>,
    /// What was given back to people of no known inquiry, oldest first. It lessens revenue alone.
    pub refunds_without_inquiry: Vec<Sale>,
    /// Who bought what; `None` where sales are not known.
    pub bought: Option<Bought>,
    /// False when no export of deals has arrived, or one hides its sales: sales are unknown, not zero.
    pub has_deals: bool,
    /// How many of the sales are traced to an inquiry.
    pub traced: Traced,
    /// False when they are too few to say of an inquiry whether it sold.
    pub sales_are_traced: bool,
    /// What reaches into the reported period; what does not is unknown in it, not zero.
    pub arrived: Arrived,
    /// Whole-day end of what is known of sales, UTC: maturity is counted up to here.
    pub known_until: DateTime<Utc>,
    /// Contacts left out by rule in the reported period, by reason (`spam`, `internal`, `outbound`, `short`).
    pub left_out: BTreeMap<String, u64>,
    /// Raw contacts of the reported period before joining, by kind.
    pub contacts: BTreeMap<ContactKind, u64>,
    /// The plan, each value with its own span of days.
    pub targets: Vec<Target>,
    /// Working days and holidays.
    pub calendar: Calendar,
    /// The month of the period's last day up to that day; `None` where the period is no part of a month.
    pub month: Option<PeriodFacts>,
    /// Advertising by the days that its rows cover; `None` when no export of costs has arrived.
    pub paid: Option<Vec<PaidDays>>,
    /// Deals with a manager, for plans of managers; `None` when no deals have arrived.
    pub managed: Option<Vec<ManagedDeal>>,
    /// What was counted of experiments, in the pipeline's order.
    pub experiments: Vec<ExperimentCounts>,
    /// State of each export, in the pipeline's order.
    pub sources: Vec<SourceState>,
    /// What the exports tell of each other; empty for readers who see a part of the rows.
    pub links: Vec<LinkCounts>,
    /// What the deals of each export are worth.
    pub amounts: Vec<DealAmounts>,
    /// What clicks were, as it is told now and was told then.
    pub click_prices: Vec<ClickPrice>,
    /// Managers who are not there any more.
    pub absent_managers: Vec<AbsentManager>,
    /// The export that tells what a channel cost.
    pub costs_of: BTreeMap<ChannelId, String>,
}

/// Which kinds of exports reach into the reported period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrived {
    /// Any export of contacts has rows in it.
    pub contacts: bool,
    /// Deals are known up to some time in it.
    pub deals: bool,
}

impl Facts {
    /// Every channel that the facts name, and the row for what cannot be traced.
    pub fn channels(&self) -> BTreeSet<ChannelId> {
        let mut channels = BTreeSet::from([ChannelId::unattributed()]);
        for period in self.periods.iter().chain(&self.last_year) {
            channels.extend(period.traffic.iter().flat_map(BTreeMap::keys).cloned());
            channels.extend(period.spend.iter().flat_map(BTreeMap::keys).cloned());
        }
        for inquiry in self.inquiries.iter().flatten() {
            channels.extend(inquiry.credit.iter().map(|(channel, _)| channel.clone()));
        }
        channels.extend(
            self.targets
                .iter()
                .filter_map(|target| match &target.scope {
                    PlanScope::Channel(channel) => Some(channel.clone()),
                    PlanScope::Total | PlanScope::Manager(_) => None,
                }),
        );
        channels
    }
}

/// Advertising of one channel over a span of days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidDays {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// The channel.
    pub channel: ChannelId,
    /// Its cost, minor units.
    pub cost: Minor,
}

/// A deal that somebody is in charge of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagedDeal {
    /// The manager, as the CRM writes the name.
    pub manager: String,
    /// The day it was entered.
    pub created: NaiveDate,
    /// The day it was won, if it was.
    pub won: Option<NaiveDate>,
    /// Its amount without what was given back of it.
    pub amount: Minor,
}

/// Deals, and how many of them are traced to an inquiry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traced {
    /// Those whose inquiry is known.
    pub traced: u64,
    /// All of them.
    pub of: u64,
    /// Those that carry a telephone, an e-mail or a client id.
    pub with_contacts: u64,
}

/// How complete one export is for the reported period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceState {
    /// The export's name in the pipeline.
    pub source: String,
    /// The table it feeds.
    #[serde(with = "super::table::or_unknown")]
    pub table: Option<Table>,
    /// `complete`, `partial`, `missing` or `rejects`.
    pub state: SourceHealth,
    /// Last day with data, in the pipeline's zone.
    pub last_day: Option<NaiveDate>,
    /// Days of the period without a single row, when the source has rows on most days.
    pub missing_days: Vec<NaiveDate>,
    /// Rows rejected in files that cover the period.
    pub rejected: u64,
    /// Rows read in those files.
    pub read: u64,
    /// Why its sales, or whose they are, cannot be told; of deals alone.
    #[serde(default)]
    pub sales_doubt: Option<SalesDoubt>,
    /// Amounts of the period that are not added up, since they are in another currency than the pipeline's; of costs alone,
    /// by currency.
    #[serde(default)]
    pub other_currencies: Vec<OtherCurrency>,
    /// What is wrong with the rows that did arrive.
    #[serde(default)]
    pub data_faults: Vec<DataFault>,
}

impl SourceState {
    /// The fault because of which none of its counts may be read.
    pub fn spoiling_fault(&self) -> Option<&DataFault> {
        self.data_faults.iter().find(|fault| fault.spoils_counts())
    }

    /// Of deals: whether what their sales brought is in doubt, or not all of it is added up.
    pub fn doubts_revenue(&self) -> bool {
        let mut faults = self.data_faults.iter();
        !self.other_currencies.is_empty() || faults.any(DataFault::is_of_revenue)
    }
}

/// Amounts in a currency that is not the pipeline's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherCurrency {
    /// ISO 4217 code, as the export or its settings have it.
    pub currency: String,
    /// Rows.
    pub rows: u64,
    /// Their sum, minor units of that currency.
    pub amount: i64,
}

/// The health of one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceHealth {
    /// Every day of the period is there.
    Complete,
    /// Some rows were rejected; the days are there.
    Rejects,
    /// Some days are absent, or it stops before the period's end.
    Partial,
    /// Nothing of the period has arrived.
    Missing,
}
