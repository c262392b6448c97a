//! Tables of measures over many periods: one reading of the lake, no report, no diagnosis.

use std::path::Path;

use anyhow::{Context, Result};

use super::examine::Snapshot;
use super::settings;
use crate::digest::MEASURES;
use crate::digest::language::Strings;
use crate::lake::export;
use crate::marts::{self, Known};
use crate::metrics::table::{ManagerCounts, TableRow, managers, table};
use crate::model::channel::ChannelId;
use crate::model::money::Minor;
use crate::model::period::Period;
use crate::model::tabulated::{RowsOf, TableFacts};

/// A table of numbers: rows of some periods, told apart by texts.
pub struct MeasureTable {
    /// Names of the columns that tell the rows of a period apart.
    pub keys: &'static [&'static str],
    /// Names of the columns of numbers. Amounts are in the pipeline's currency, rates are shares of one.
    pub measures: Vec<&'static str>,
    /// The rows, period by period.
    pub rows: Vec<MeasureRow>,
    /// Why it lacks measures that tables of channels have.
    pub lacks: Option<&'static str>,
}

/// One row of a table.
pub struct MeasureRow {
    /// The period.
    pub period: Period,
    /// What it is of, in the order of [`MeasureTable::keys`].
    pub keys: Vec<String>,
    /// Its numbers, in the order of [`MeasureTable::measures`]; `None` is unknown.
    pub numbers: Vec<Option<f64>>,
}

/// Measures that come of costs, which name no landing page.
const OF_COSTS: [&str; 9] = [
    "spend",
    "impressions",
    "clicks",
    "cpl",
    "cac",
    "cpc",
    "ctr",
    "romi",
    "romi_margin",
];

/// The measure that reports do not have.
const BOUNCES: &str = "bounces";

/// Measures of managers' deals.
const OF_MANAGERS: [&str; 7] = [
    "deals",
    "inquiries",
    "sales",
    "revenue",
    "sales_closed",
    "revenue_closed",
    "conv2",
];

impl Snapshot<'_> {
    /// All measures of periods.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub fn table(&self, periods: &[Period], of: RowsOf) -> Result<MeasureTable> {
        let known = Known::at(self.stored(), None);
        let facts = marts::table(&known, periods, of).context("make the facts")?;
        let strings = Strings::shipped(self.plan.language);
        let plan = settings::of_metrics(self.plan, strings, &facts.firm);
        if of == RowsOf::Manager {
            let paths = facts.firm.deal_paths.as_ref();
            let counted = paths.map(|paths| managers(paths, periods, &plan));
            return Ok(of_managers(
                counted.unwrap_or_default(),
                facts.firm.has_deals,
            ));
        }
        Ok(measured(&facts, table(&facts, &plan)))
    }
}

fn measured(facts: &TableFacts, tables: Vec<(Period, Vec<TableRow>)>) -> MeasureTable {
    let (keys, lacks): (&[&str], _) = match facts.of {
        RowsOf::Campaign => (&["channel", "campaign"], None),
        RowsOf::Page => (
            &["channel", "page"],
            Some("money spent is left out: costs name no landing page"),
        ),
        RowsOf::Channel | RowsOf::Manager => (&["channel"], None),
    };
    let is_told = |name: &&str| facts.of != RowsOf::Page || !OF_COSTS.contains(name);
    let told = MEASURES.iter().filter(|measure| is_told(&measure.name));
    let names = told.clone().map(|measure| measure.name);
    let row = |period: &Period, row: TableRow| {
        let numbers = told.clone().map(|measure| (measure.of)(&row.row));
        let bounces = row.bounces.map(|bounces| bounces as f64);
        MeasureRow {
            period: period.clone(),
            numbers: numbers.chain([bounces]).collect(),
            keys: [row.row.channel.to_string(), row.name]
                .into_iter()
                .take(keys.len())
                .collect(),
        }
    };
    let rows = tables.into_iter().flat_map(|(period, rows)| {
        let rows = rows.into_iter().map(|of| row(&period, of));
        rows.collect::<Vec<_>>()
    });
    MeasureTable {
        keys,
        measures: names.chain([BOUNCES]).collect(),
        rows: rows.collect(),
        lacks,
    }
}

/// The rows of each period by manager, `None` all of them.
type ManagerRows = Vec<(Period, Vec<(Option<String>, ManagerCounts)>)>;

fn of_managers(periods: ManagerRows, has_deals: bool) -> MeasureTable {
    let mut rows = Vec::new();
    for (period, of_period) in periods {
        for (name, counts) in of_period {
            rows.push(MeasureRow {
                period: period.clone(),
                keys: vec![name.unwrap_or_else(|| ChannelId::TOTAL.to_owned())],
                numbers: numbers_of_manager(&counts, has_deals),
            });
        }
    }
    MeasureTable {
        keys: &["manager"],
        measures: OF_MANAGERS.to_vec(),
        rows,
        lacks: Some(
            "visits, users, bounces, conv1 and money spent are left out: neither visits nor costs name a manager",
        ),
    }
}

/// Where it cannot be told which deals are sales, their number is unknown and not zero.
fn numbers_of_manager(counts: &ManagerCounts, has_deals: bool) -> Vec<Option<f64>> {
    let count = |count: u64| Some(count as f64);
    let sale = |number: f64| has_deals.then_some(number);
    let amount = |amount: Minor| sale(amount.major());
    vec![
        count(counts.deals),
        count(counts.inquiries),
        sale(counts.sales as f64),
        amount(counts.revenue),
        sale(counts.sales_closed as f64),
        amount(counts.revenue_closed),
        counts.conv2.filter(|_| has_deals),
    ]
}

impl MeasureTable {
    /// Writes it as a parquet file: `period`, `from`, `to`, the keys as texts, the measures as floating-point numbers.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_parquet(&self, path: &Path) -> Result<()> {
        let texts = self.keys.iter().enumerate().map(|(at, name)| {
            let column = self.rows.iter().map(|row| row.keys[at].as_str());
            (*name, column.collect())
        });
        let labels = self.rows.iter().map(|row| row.period.label.as_str());
        let days = |of: fn(&Period) -> chrono::NaiveDate| {
            self.rows.iter().map(|row| of(&row.period)).collect()
        };
        let numbers = self.measures.iter().enumerate().map(|(at, name)| {
            let column = self.rows.iter().map(|row| row.numbers[at]);
            (*name, column.collect())
        });
        export::write(
            path,
            &export::Columns {
                texts: [("period", labels.collect())]
                    .into_iter()
                    .chain(texts)
                    .collect(),
                days: vec![
                    ("from", days(|period| period.from)),
                    ("to", days(|period| period.to)),
                ],
                numbers: numbers.collect(),
            },
        )
    }
}
