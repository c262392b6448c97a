//! What the pipeline says of an export's writing: it goes before what the format says and what the file shows.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use crate::ingest::cells::{DateOrder, Decimal};
use crate::ingest::detect::Layout;
use crate::model::fault::Fault;

/// The settings of an export that are about its writing.
#[derive(Debug, Default)]
pub(super) struct Stated {
    /// Order of day and month, in columns that have either first.
    pub(super) order: Option<DateOrder>,
    /// Mark before the fraction.
    decimal: Option<Decimal>,
}

impl Stated {
    /// Reads `order` and `decimal` of an export's options.
    pub(super) fn read(options: &BTreeMap<String, toml::Value>) -> Result<Self, Fault> {
        let order = option(options, "order", "\"dmy\" or \"mdy\"")?;
        if matches!(order, Some(DateOrder::Ymd | DateOrder::Unix)) {
            return Err(wrong("order", "\"dmy\" or \"mdy\""));
        }
        Ok(Self {
            order,
            decimal: option(options, "decimal", "\"dot\" or \"comma\"")?,
        })
    }

    /// Puts what is said into the layout of a file.
    pub(super) fn apply(&self, layout: &mut Layout) {
        if self.decimal.is_some() {
            layout.decimals.fill(self.decimal);
        }
        let Some(said) = self.order else { return };
        for order in &mut layout.orders {
            // Dates with the year first are understood in any order.
            if *order != DateOrder::Unix {
                *order = said;
            }
        }
    }
}

fn option<T: DeserializeOwned>(
    options: &BTreeMap<String, toml::Value>,
    name: &str,
    expected: &str,
) -> Result<Option<T>, Fault> {
    let Some(value) = options.get(name) else {
        return Ok(None);
    };
    let read = value.clone().try_into();
    read.map(Some).map_err(|_| wrong(name, expected))
}

fn wrong(name: &str, expected: &str) -> Fault {
    let message = format!("the option \"{name}\" of the export has another value than expected");
    Fault::usage(message).hint(format!("write {name} = {expected} under [exports.options]"))
}
