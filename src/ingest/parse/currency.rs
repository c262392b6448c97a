//! The currency of rows whose file has no column for it: the amount's own, else that of its header.

use super::{Context, FileParser};
use crate::ingest::cells;
use crate::ingest::format::Reading;
use crate::ingest::records::Chunk;
use crate::model::columns::{NO_TEXT, Values};

impl FileParser<'_> {
    /// Whether a rule is for the currency, and the file has nothing for it but perhaps its header.
    pub(super) fn tells_no_currency(&self, rule: usize) -> bool {
        let has_no_cell = self.slots.rules[rule].is_empty();
        let rule = &self.format.columns[rule];
        rule.to == "currency" && has_no_cell && rule.constant.is_none()
    }

    /// Gives each row the currency that is written with its amount, else the header's. A column may hold amounts of several:
    /// they must not be added up.
    pub(super) fn fill_currency(
        &self,
        at: usize,
        into: &mut Values,
        chunk: &Chunk,
        context: &mut Context<'_>,
    ) {
        let Values::Text(codes) = into else { return };
        let slots = self.slots_of_amounts();
        let dictionary = &mut context.dictionaries[at];
        let of_header = self.layout.currency.as_deref().unwrap_or_default();
        let of_header = dictionary.code(of_header.as_bytes());
        for row in 0..chunk.rows.len() {
            let mut cells = slots.iter().map(|slot| cells::trim(chunk.cell(row, *slot)));
            let own = cells.find_map(cells::currency_of_amount);
            let code = match own {
                Some(currency) => dictionary.code(currency.as_bytes()),
                None => of_header,
            };
            codes.push(code.unwrap_or(NO_TEXT));
        }
    }

    fn slots_of_amounts(&self) -> Vec<usize> {
        let is_amount = |read: Reading| matches!(read, Reading::Money | Reading::MoneyMicros);
        let rules = self.format.columns.iter().zip(&self.slots.rules);
        let amounts = rules.filter(|(rule, _)| is_amount(rule.read));
        amounts.flat_map(|(_, slots)| slots).copied().collect()
    }
}
