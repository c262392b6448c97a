//! Cells that become texts: tags, pages, currencies, identifiers.

use super::column::{RuleColumn, Wrong, refuse_damage};
use crate::ingest::cells::{self, TagUse};
use crate::ingest::direction::Direction;
use crate::ingest::format::Reading;
use crate::model::contact::normal_phone;
use crate::model::target::PlanMetric;

impl RuleColumn<'_> {
    /// The code of a text in the column's dictionary.
    pub(super) fn text(&mut self, cell: &[u8]) -> Result<Option<u32>, Wrong> {
        if let Some(tag_use) = self.tag_use {
            return Ok(self.tag(cell, tag_use));
        }
        if self.is_id {
            return self.id_text(cell);
        }
        if self.is_direction {
            return self.direction(cell);
        }
        Ok(match self.rule.read {
            Reading::Page => self.dictionary.code(cells::page(cell)),
            Reading::Host => self.dictionary.code(cells::host(cell)),
            Reading::Lower => self.lower(cell),
            Reading::Goals => {
                cells::goals(cell, &mut self.scratch);
                self.dictionary.code(&self.scratch)
            }
            Reading::Line => {
                refuse_damage(cell)?;
                let is_number = normal_phone(cell, &mut self.scratch);
                let line = if is_number { &self.scratch } else { cell };
                self.dictionary.code(line)
            }
            Reading::Currency => self.currency(cell)?,
            Reading::PlanMetric => self.plan_metric(cell)?,
            _ => self.dictionary.code(&cells::plain_spaces(cell)),
        })
    }

    /// The table's word for the way that a call went.
    fn direction(&mut self, cell: &[u8]) -> Result<Option<u32>, Wrong> {
        let text = std::str::from_utf8(cell).map_err(|_| Wrong::Unread)?;
        let direction = Direction::of_word(text).ok_or(Wrong::Unread)?;
        Ok(self.dictionary.code(direction.word().as_bytes()))
    }

    /// The code of the metric that a plan names: one that there is none of would be lost without a word later.
    fn plan_metric(&mut self, cell: &[u8]) -> Result<Option<u32>, Wrong> {
        let text = std::str::from_utf8(cell).map_err(|_| Wrong::Unread)?;
        let metric = PlanMetric::parse(text).ok_or(Wrong::Unread)?;
        Ok(self.dictionary.code(metric.code().as_bytes()))
    }

    /// The currency that a cell names or its amount is written with. An unknown word is a currency as well, of which no
    /// amount may be added to the report's; an amount alone names none.
    fn currency(&mut self, cell: &[u8]) -> Result<Option<u32>, Wrong> {
        let text = std::str::from_utf8(cell).map_err(|_| Wrong::Unread)?;
        if cells::unit(text).is_some() {
            return Err(Wrong::Unread);
        }
        let has_amount = text.bytes().any(|byte| byte.is_ascii_digit());
        let unknown = if has_amount { "" } else { text };
        let currency = cells::currency(text).unwrap_or(unknown);
        Ok(self.dictionary.code(currency.as_bytes()))
    }

    /// An identifier that is kept as text.
    fn id_text(&mut self, cell: &[u8]) -> Result<Option<u32>, Wrong> {
        refuse_damage(cell)?;
        let id = cells::as_written(cell);
        Ok(match self.rule.read {
            Reading::Lower => self.lower(&id),
            _ => self.dictionary.code(&id),
        })
    }

    /// A tag in the one form that tags are compared by. Channel rules compare in lower case, and so do people: tags that
    /// differ in capitals only are one.
    fn tag(&mut self, cell: &[u8], tag_use: TagUse) -> Option<u32> {
        // What stands in the dictionary has been cleaned: each distinct tag is looked at once, not once a row. A coded one
        // never stands there.
        let is_coded = memchr::memchr2(b'%', b'+', cell).is_some();
        if !is_coded && let Some(code) = self.dictionary.find(cell) {
            return Some(code);
        }
        let clean = cells::tag(std::str::from_utf8(cell).ok()?, tag_use);
        let keeps_case = self.rule.read == Reading::Text;
        if keeps_case {
            return self.dictionary.code(clean.as_bytes());
        }
        self.dictionary.code(clean.to_lowercase().as_bytes())
    }

    fn lower(&mut self, cell: &[u8]) -> Option<u32> {
        let is_lower = |byte: &u8| byte.is_ascii() && !byte.is_ascii_uppercase();
        // Most cells are lower-case ASCII already, and need no copy.
        if cell.iter().all(is_lower) {
            return self.dictionary.code(cell);
        }
        let plain = cells::plain_spaces(cell);
        let lower = std::str::from_utf8(&plain).ok()?.to_lowercase();
        self.dictionary.code(lower.as_bytes())
    }
}
