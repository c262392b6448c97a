//! The money of a report as `digest.json` holds it. Amounts are minor units, shares run from 0 to 1.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::mean::Mean;
use crate::metrics::values::Rate;
use crate::model::money::Minor;
use crate::model::period::Period;

/// What sales brought and what is left of it: of the period, of the one before, and of its buyers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Money {
    /// The day of the first deal known: who bought earlier passes for a first-time buyer.
    pub known_from: NaiveDate,
    /// The reported period.
    pub now: PeriodMoney,
    /// The period before it; absent where its deals are not known from its beginning.
    pub before: Option<PeriodMoney>,
    /// Everybody who had bought by the period's end.
    pub buyers: Buyers,
    /// Buyers by the month of their first purchase, oldest first.
    pub months: Vec<BuyerCohort>,
    /// The same by week, where the period is one.
    pub weeks: Vec<BuyerCohort>,
    /// What a buyer brings in a life; absent where the history is too short to tell.
    pub lifetime: Option<Lifetime>,
    /// The sales formula against each base there is.
    pub formula: Vec<Formula>,
    /// That gross profit fell beyond noise and by enough to be told; absent otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profit_fall: Option<ProfitFall>,
}

/// The money of one period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PeriodMoney {
    /// The period.
    pub period: Period,
    /// Sales that were won in it.
    pub closed: Closed,
    /// Deals that were made in it, with what became of them so far.
    pub made: Made,
    /// What was given back in it.
    pub refunds: Refunds,
    /// Amount of the sales closed less what was given back in the period.
    pub revenue_net: Minor,
    /// Attracting, retaining, returning.
    pub processes: Processes,
    /// The factors of the sales formula; absent without visitors or sales.
    pub coefficients: Option<Coefficients>,
}

/// Where a gross margin comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarginSource {
    /// The cost of goods that the deals carry.
    Costs,
    /// The share of revenue that the pipeline states.
    Setting,
    /// The cost where a deal carries one, else the share that the pipeline states.
    Both,
    /// Some sales carry no cost, and no share is stated: the margin is not known.
    Unknown,
}

/// Sales closed in a period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Closed {
    /// How many.
    pub sales: u64,
    /// Their amount, before any refund of the period.
    pub revenue: Minor,
    /// Sales that carry no amount.
    pub without_amount: u64,
    /// Sales that carry the cost of their goods.
    pub with_cost: u64,
    /// Where the margin comes from.
    pub margin_source: MarginSource,
    /// Amount less cost of goods.
    pub gross_margin: Option<Minor>,
    /// The same as a share of revenue.
    pub margin_rate: Option<f64>,
    /// Revenue ÷ sales.
    pub average_check: Mean<Minor>,
    /// Different people among the buyers.
    pub buyers: u64,
    /// Sales to people who had bought before ÷ sales.
    pub repeat: Rate,
    /// Advertising cost of the period.
    pub spend: Option<Minor>,
    /// Spend ÷ sales.
    pub cac: Option<Minor>,
    /// (Revenue − spend) ÷ spend, over all sales and all spend.
    pub romi: Option<f64>,
    /// (Gross margin − spend) ÷ spend, over all sales and all spend.
    pub romi_margin: Option<f64>,
}

/// Deals made in a period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Made {
    /// How many, whatever became of them.
    pub deals: u64,
    /// Those that were won so far.
    pub sales: u64,
    /// Their amount, before any refund that has a day.
    pub revenue: Minor,
    /// First sales of their buyers among them.
    pub first: u64,
    /// Sales of people who had bought before ÷ sales.
    pub repeat: Rate,
    /// Sales of which money was given back since, on whatever day ÷ sales.
    pub refunded: Rate,
    /// How much.
    pub refunded_amount: Minor,
}

/// What was given back in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refunds {
    /// Refunds by their own day.
    pub count: u64,
    /// How much.
    pub amount: Minor,
    /// Those of them that are rows of their own: the totals' `revenue_closed` is without them already.
    pub in_rows: u64,
    /// How much.
    pub in_rows_amount: Minor,
    /// Refunds of the sales closed in the period that have no day: their sales are counted without them.
    pub undated: u64,
    /// How much.
    pub undated_amount: Minor,
}

/// Everybody who had bought by a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Buyers {
    /// Different people.
    pub count: u64,
    /// Their sales.
    pub sales: u64,
    /// Sales ÷ buyers.
    pub sales_per_buyer: Mean<f64>,
    /// Buyers with a second sale ÷ buyers.
    pub bought_again: Rate,
    /// Revenue ÷ buyers.
    pub revenue_per_buyer: Mean<Minor>,
    /// Revenue less refunds ÷ buyers.
    pub net_per_buyer: Mean<Minor>,
    /// Gross margin less refunds ÷ buyers; absent where the margin of any sale is not known.
    pub margin_per_buyer: Mean<Minor>,
    /// Buyers of whom nothing is known but one deal ÷ buyers: they cannot be seen to come back.
    pub without_keys: Rate,
}

/// The people who bought first in one span, and all that they have bought by the end of the reported period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BuyerCohort {
    /// The month or week.
    pub period: Period,
    /// Its first day that is known.
    pub from: NaiveDate,
    /// Its last day that is reported.
    pub to: NaiveDate,
    /// Different people.
    pub buyers: u64,
    /// Those with a second sale by now ÷ buyers.
    pub bought_again: Rate,
    /// Their sales.
    pub sales: u64,
    /// Sales ÷ buyers: how often they bought by now.
    pub sales_per_buyer: Mean<f64>,
    /// Revenue ÷ sales.
    pub average_check: Mean<Minor>,
    /// Amount of their sales.
    pub revenue: Minor,
    /// What was given back of them.
    pub refunds: Minor,
    /// Gross margin less refunds.
    pub margin: Option<Minor>,
    /// Revenue ÷ buyers.
    pub revenue_per_buyer: Mean<Minor>,
    /// Revenue less refunds ÷ buyers.
    pub net_per_buyer: Mean<Minor>,
    /// Gross margin less refunds ÷ buyers.
    pub margin_per_buyer: Mean<Minor>,
    /// Advertising cost of the span.
    pub spend: Option<Minor>,
    /// Spend ÷ buyers: what a new buyer cost.
    pub cac: Option<Minor>,
    /// Margin less refunds ÷ spend: from 1 on the cohort has paid for itself.
    pub paid_back: Option<f64>,
    /// The day from which on the margin less refunds covers the spend.
    pub paid_back_on: Option<NaiveDate>,
    /// Days from the cohort's first day to that day.
    pub payback_days: Option<u32>,
}

/// What a buyer brings in a life: average check × frequency × life.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lifetime {
    /// The span that frequency and life are counted in, days: the pipeline's `silence_days`.
    pub window_days: u32,
    /// Average check of the last window, minor units.
    pub average_check: Minor,
    /// Sales ÷ buyers of the last window.
    pub frequency: f64,
    /// Buyers of the window before who bought in the last one ÷ buyers of the window before.
    pub retained: Rate,
    /// Expected life in windows, 1 ÷ (1 − retained).
    pub windows: f64,
    /// Average check × frequency × life.
    pub revenue: Minor,
    /// The same at the lower end of `retained`.
    pub low: Minor,
    /// The same at its upper end; absent where that is everybody.
    pub high: Option<Minor>,
    /// The same of gross margin; absent where it is not known.
    pub margin: Option<Minor>,
}

/// The three processes of a business. Their sales and amounts add up to those closed in the period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Processes {
    /// First sales of new buyers.
    pub attract: Process,
    /// Sales to buyers whose last purchase was not long ago.
    pub retain: Process,
    /// Sales to buyers who had been silent for longer than `silence_days`.
    pub reactivate: Process,
}

/// One process: how many of those who could buy did, and what they brought.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Process {
    /// Sales closed.
    pub sales: u64,
    /// Different people among their buyers.
    pub buyers: u64,
    /// Amount of the sales.
    pub revenue: Minor,
    /// Their gross margin.
    pub gross_margin: Option<Minor>,
    /// Buyers ÷ those who could have become ones: visitors, buyers of late, silent buyers at the period's beginning.
    pub rate: Rate,
    /// Advertising cost ÷ new buyers; of attracting alone.
    pub cac: Option<Minor>,
}

/// What a visitor is in the sales formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visitors {
    /// Distinct clients of the analytics.
    Users,
    /// Sessions, where clients are not known.
    Sessions,
}

/// The factors of the sales formula in one period.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Coefficients {
    /// What a visitor is.
    pub visitors_are: Visitors,
    /// Potential buyers: visitors.
    pub visitors: u64,
    /// Buyers ÷ visitors.
    pub conversion: Rate,
    /// Sales ÷ buyers.
    pub sales_per_buyer: Mean<f64>,
    /// Revenue ÷ sales.
    pub average_check: Mean<Minor>,
    /// Gross margin ÷ revenue; absent where it is not known.
    pub margin_rate: Option<f64>,
}

/// A factor of the sales formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SalesFactor {
    /// Visitors.
    Visitors,
    /// Buyers ÷ visitors.
    Conversion,
    /// Sales ÷ buyers.
    SalesPerBuyer,
    /// Revenue ÷ sales, minor units.
    AverageCheck,
    /// Gross margin ÷ revenue.
    Margin,
}

/// Which base the formula is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormulaBase {
    /// The period before.
    Previous,
    /// As many days right before the period.
    SameLength,
}

/// What the factors multiply to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormulaResult {
    /// Gross profit: five factors.
    GrossProfit,
    /// Revenue: four factors, where the margin is not known.
    Revenue,
}

/// The change of gross profit, or of revenue, by factor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Formula {
    /// Which base it is.
    pub against: FormulaBase,
    /// The base.
    pub base_period: Period,
    /// What a visitor is, on both sides.
    pub visitors_are: Visitors,
    /// What the factors multiply to.
    pub result: FormulaResult,
    /// It in the base.
    pub base: Minor,
    /// It in the reported period.
    pub now: Minor,
    /// `now − base`.
    pub change: Minor,
    /// A line for each factor; they add up to `change`, to the minor unit.
    pub lines: Vec<FormulaLine>,
}

/// What one factor did.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FormulaLine {
    /// The factor.
    pub factor: SalesFactor,
    /// It in the base.
    pub base: f64,
    /// It in the reported period.
    pub now: f64,
    /// Its contribution to the change.
    pub amount: Minor,
    /// Lower end of its 95 % interval.
    pub low: Minor,
    /// Upper end.
    pub high: Minor,
}

/// A fall of gross profit that is worth telling.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProfitFall {
    /// What it is compared with.
    pub base_period: Period,
    /// What a visitor is.
    pub visitors_are: Visitors,
    /// Gross profit of the base.
    pub base: Minor,
    /// Gross profit of the reported period.
    pub now: Minor,
    /// `now − base`.
    pub change: Minor,
    /// The factors that fell beyond noise, the one that took most first.
    pub taken_by: Vec<SalesFactor>,
}
