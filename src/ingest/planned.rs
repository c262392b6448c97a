//! What a planned file is called in the lake and before people.

use super::Planned;
use super::format::Format;

/// The columns that say which days a row of totals is of, and not of what it is a total.
const DAYS: &[&str] = &["from_day", "day"];

/// The breakdown of a file that has none. Nothing at all would mean that it is not known.
const WHOLE: &str = "-";

impl Planned {
    /// A number that the file keeps under every name.
    pub fn number(&self) -> u64 {
        // Zero stands for "not known" in the lake.
        self.beginning.max(1)
    }

    /// The key columns of the table that the file has cells for: by these it breaks its totals down. A file of totals alone
    /// breaks them down by nothing, and says so.
    pub fn breakdown(&self, format: &Format) -> String {
        let is_filled = |name: &&&str| {
            let rules = format.columns.iter().zip(&self.layout.feeds);
            let mut rules = rules.filter(|(rule, _)| rule.to == **name);
            !DAYS.contains(*name) && rules.any(|(_, cells)| !cells.is_empty())
        };
        let names: Vec<&str> = format
            .table()
            .key
            .iter()
            .filter(is_filled)
            .copied()
            .collect();
        if names.is_empty() {
            return WHOLE.to_owned();
        }
        names.join(" ")
    }

    /// The header cell that should tell the rows of the file apart; the table's name for it where no cell is read.
    pub fn key_cell(&self, format: &Format) -> &str {
        let key = format.table().key[0];
        let rules = format.columns.iter().zip(&self.layout.feeds);
        let mut rules = rules.filter(|(rule, _)| rule.to == key);
        let cell = rules.find_map(|(_, cells)| self.layout.header.get(*cells.first()?));
        cell.map_or(key, String::as_str)
    }
}
