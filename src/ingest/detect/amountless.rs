//! Deals of which no column is read as the amount, while one looks like it.

use crate::ingest::format::Format;
use crate::model::tables::DEALS;

/// What stands in the names of such columns, in lower case.
const NAMES: &[&str] = &[
    "сумм",
    "бюджет",
    "стоимост",
    "цена",
    "выручк",
    "оплачено",
    "amount",
    "budget",
    "revenue",
    "value",
    "price",
    "total",
];

/// What is said of a file of deals without an amount, by the cells of its header that nothing is read from.
pub(super) fn note(
    format: &Format,
    header: &[String],
    feeds: &[Vec<usize>],
    unused: &[usize],
) -> Option<String> {
    let rules = format.columns.iter().zip(feeds);
    let mut amounts = rules.filter(|(rule, _)| rule.to == "amount").peekable();
    let has_none = amounts.peek().is_some()
        && amounts.all(|(rule, cells)| cells.is_empty() && rule.constant.is_none());
    if format.table != DEALS.name || !has_none {
        return None;
    }
    let looks_so = |name: &&String| {
        let name = name.to_lowercase();
        NAMES.iter().any(|part| name.contains(part))
    };
    let name = unused.iter().map(|at| &header[*at]).find(looks_so)?;
    Some(format!(
        "no column is read as the amount of a deal, so that revenue is not known; the file has \"{name}\": if that is it, add the \
         name to a copy of the format in the pipeline's `formats` folder"
    ))
}
