//! The measures of a row as a table has them: one number each, in the pipeline's currency and in shares of one.

use crate::metrics::scorecard::ChannelRow;
use crate::model::money::Minor;
use crate::model::table::Table;

/// A measure: its name, its number in a row, and the tables that it is made of.
pub struct Measure {
    /// Name of the column.
    pub name: &'static str,
    /// Its number; `None` is unknown.
    pub of: fn(&ChannelRow) -> Option<f64>,
    /// What it is made of.
    pub tables: &'static [Table],
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

const fn measure(
    name: &'static str,
    tables: &'static [Table],
    of: fn(&ChannelRow) -> Option<f64>,
) -> Measure {
    Measure { name, of, tables }
}

/// Every measure, in the order of its column.
pub const MEASURES: &[Measure] = &[
    measure("sessions", TRAFFIC, |row| whole(row.measures.sessions)),
    measure("users", TRAFFIC, |row| whole(row.measures.users)),
    measure("inquiries", CONTACTS, |row| row.measures.inquiries),
    measure("sales", CONTACTS, |row| row.measures.sales),
    measure("revenue", CONTACTS, |row| money(row.measures.revenue)),
    measure("sales_closed", CONTACTS, |row| row.measures.sales_closed),
    measure("revenue_closed", CONTACTS, |row| {
        money(row.measures.revenue_closed)
    }),
    measure("spend", MONEY, |row| money(row.measures.spend)),
    measure("impressions", MONEY, |row| whole(row.measures.impressions)),
    measure("clicks", MONEY, |row| whole(row.measures.clicks)),
    measure("conv1", ALL, |row| row.conv1.value),
    measure("conv2", CONTACTS, |row| row.conv2.rate.value),
    measure("cpl", ALL, |row| money(row.costs.cpl)),
    measure("cac", ALL, |row| money(row.costs.cac)),
];

fn whole(count: Option<u64>) -> Option<f64> {
    count.map(|count| count as f64)
}

fn money(amount: Option<Minor>) -> Option<f64> {
    amount.map(Minor::major)
}
