//! The measures of a row as a table has them: one number each, in the pipeline's currency and in shares of one.

use super::blocks::Unit;
use crate::config::words::{self, Key};
use crate::metrics::scorecard::ChannelRow;
use crate::model::money::Minor;
use crate::model::table::Table;

/// A measure: its name, its number in a row, and the tables that it is made of.
#[derive(Debug)]
pub struct Measure {
    /// Name of the column.
    pub name: &'static str,
    /// Name for people.
    pub title: Key,
    /// What it is counted in.
    pub unit: Unit,
    /// Whether it goes on growing by itself: sales of a cohort are made for months after its period.
    pub grows: bool,
    /// Its number; `None` is unknown.
    pub of: fn(&ChannelRow) -> Option<f64>,
    /// What it is made of.
    pub tables: &'static [Table],
}

/// The measure of a name.
pub fn named(name: &str) -> Option<&'static Measure> {
    MEASURES.iter().find(|measure| measure.name == name)
}

const TRAFFIC: &[Table] = &[Table::Sessions, Table::TrafficDaily];
const CONTACTS: &[Table] = &[
    Table::Sessions,
    Table::Calls,
    Table::ClientLinks,
    Table::Forms,
    Table::Deals,
];
const MONEY: &[Table] = &[Table::Costs];
const ALL: &[Table] = &[
    Table::Sessions,
    Table::TrafficDaily,
    Table::Calls,
    Table::ClientLinks,
    Table::Forms,
    Table::Deals,
    Table::Costs,
];

type Number = fn(&ChannelRow) -> Option<f64>;

const fn measure(
    name: &'static str,
    title: Key,
    unit: Unit,
    tables: &'static [Table],
    of: Number,
) -> Measure {
    Measure {
        name,
        title,
        unit,
        grows: false,
        of,
        tables,
    }
}

const fn growing(measure: Measure) -> Measure {
    Measure {
        grows: true,
        ..measure
    }
}

/// Every measure, in the order of its column.
pub const MEASURES: &[Measure] = &[
    measure(
        "sessions",
        words::measure::SESSIONS,
        Unit::Count,
        TRAFFIC,
        |row| whole(row.measures.sessions),
    ),
    measure(
        "users",
        words::measure::USERS,
        Unit::Count,
        TRAFFIC,
        |row| whole(row.measures.users),
    ),
    measure(
        "inquiries",
        words::measure::INQUIRIES,
        Unit::Count,
        CONTACTS,
        |row| row.measures.inquiries,
    ),
    growing(measure(
        "sales",
        words::measure::SALES,
        Unit::Count,
        CONTACTS,
        |row| row.measures.sales,
    )),
    growing(measure(
        "revenue",
        words::measure::REVENUE,
        Unit::Money,
        CONTACTS,
        |row| money(row.measures.revenue),
    )),
    measure(
        "sales_closed",
        words::measure::SALES_CLOSED,
        Unit::Count,
        CONTACTS,
        |row| row.measures.sales_closed,
    ),
    measure(
        "revenue_closed",
        words::measure::REVENUE_CLOSED,
        Unit::Money,
        CONTACTS,
        |row| money(row.measures.revenue_closed),
    ),
    measure("spend", words::measure::SPEND, Unit::Money, MONEY, |row| {
        money(row.measures.spend)
    }),
    measure(
        "impressions",
        words::measure::IMPRESSIONS,
        Unit::Count,
        MONEY,
        |row| whole(row.measures.impressions),
    ),
    measure(
        "clicks",
        words::measure::CLICKS,
        Unit::Count,
        MONEY,
        |row| whole(row.measures.clicks),
    ),
    measure("conv1", words::measure::CONV1, Unit::Share, ALL, |row| {
        row.conv1.value
    }),
    growing(measure(
        "conv2",
        words::measure::CONV2,
        Unit::Share,
        CONTACTS,
        |row| row.conv2.rate.value,
    )),
    measure("cpl", words::measure::CPL, Unit::Money, ALL, |row| {
        money(row.costs.cpl)
    }),
    measure("cac", words::measure::CAC, Unit::Money, ALL, |row| {
        money(row.costs.cac)
    }),
    growing(measure(
        "overall",
        words::measure::OVERALL,
        Unit::Share,
        ALL,
        |row| row.overall.value,
    )),
    measure(
        "gross_margin",
        words::measure::GROSS_MARGIN,
        Unit::Money,
        CONTACTS,
        |row| money(row.measures.gross_margin),
    ),
    measure("cpc", words::measure::CPC, Unit::Money, MONEY, |row| {
        money(row.costs.cpc)
    }),
    measure("ctr", words::measure::CTR, Unit::Share, MONEY, |row| {
        row.costs.ctr
    }),
    measure(
        "average_check",
        words::measure::AVERAGE_CHECK,
        Unit::Money,
        CONTACTS,
        |row| money(row.costs.average_check),
    ),
    measure("romi", words::measure::ROMI, Unit::Share, ALL, |row| {
        row.costs.romi
    }),
    measure(
        "romi_margin",
        words::measure::ROMI_MARGIN,
        Unit::Share,
        ALL,
        |row| row.costs.romi_margin,
    ),
];

fn whole(count: Option<u64>) -> Option<f64> {
    count.map(|count| count as f64)
}

fn money(amount: Option<Minor>) -> Option<f64> {
    amount.map(Minor::major)
}
