//! The columns of a table that rules of the format fill.

use super::column::{self, RuleColumn};
use super::marks::{Complaint, Marks};
use super::{Context, FileParser, tags};
use crate::ingest::cells::TagUse;
use crate::ingest::records::Chunk;
use crate::model::columns::Values;
use crate::model::tables::{CALLS, Field};

impl FileParser<'_> {
    /// The rules of a column, the first one first.
    pub(super) fn rules_of(&self, column: &str) -> Vec<usize> {
        let rules = self.format.columns.iter().enumerate();
        let own = rules.filter(|(_, rule)| rule.to == column);
        own.map(|(at, _)| at).collect()
    }

    /// Fills the rows that the rules before found nothing for.
    pub(super) fn fill_absent(
        &self,
        rule: usize,
        at: usize,
        into: &mut Values,
        chunk: &Chunk,
        context: &mut Context<'_>,
        marks: &mut Marks<'_>,
    ) {
        let mut found = Values::empty(self.table.fields[at].kind);
        self.fill_by_rule(rule, at, &mut found, chunk, context, marks);
        into.fill_absent(&found);
    }

    pub(super) fn fill_by_rule(
        &self,
        rule: usize,
        at: usize,
        into: &mut Values,
        chunk: &Chunk,
        context: &mut Context<'_>,
        marks: &mut Marks<'_>,
    ) {
        // Out of the context for the time: the column needs both.
        let mut dictionary = std::mem::take(&mut context.dictionaries[at]);
        let column_rule = &self.format.columns[rule];
        let mut column = RuleColumn {
            rule: column_rule,
            slots: &self.slots.rules[rule],
            clock: self.slots.clocks[rule],
            half: self.slots.halves[rule],
            layout: self.layout,
            decimal: self.layout.decimals[rule],
            order: self.layout.orders[rule],
            ahead: self.format.ahead(&column_rule.to),
            is_id: self.is_id(&column_rule.to),
            is_name: column::is_name(&column_rule.to),
            is_direction: self.table.name == CALLS.name && column_rule.to == "direction",
            counts_nameless: !self.is_read_before(rule),
            tag_use: tags::is_tag(self.table, self.table.fields[at].name)
                .then(|| TagUse::of_table(self.table.name)),
            dictionary: &mut dictionary,
            scratch: Vec::new(),
        };
        column.fill(into, chunk, context, marks);
        context.dictionaries[at] = dictionary;
    }

    /// Whether an earlier rule reads the same cell in the same way: that of who called, and of who is outside.
    pub(super) fn is_read_before(&self, rule: usize) -> bool {
        let (rules, cells) = (&self.format.columns, &self.slots.rules);
        let is_same = |earlier: usize| {
            rules[earlier].read == rules[rule].read && cells[earlier].first() == cells[rule].first()
        };
        !cells[rule].is_empty() && (0..rule).any(is_same)
    }

    /// Whether a column of text holds identifiers. Those of legs are left as they are: Asterisk's have a point in them.
    pub(super) fn is_id(&self, column: &str) -> bool {
        let is_key = self.table.key.contains(&column);
        is_key && column.ends_with("_id") && self.format.adapter.is_none()
    }

    pub(super) fn reject_absent(
        &self,
        field: Field,
        rule: usize,
        values: &Values,
        chunk: &Chunk,
        marks: &mut Marks<'_>,
    ) {
        let column = self.column_name(rule, field);
        for row in 0..chunk.rows.len() {
            if marks.keep[row] && values.is_absent(row) {
                let complaint = Complaint {
                    column,
                    cell: b"",
                    is_personal: false,
                    reason: "a value is missing".to_owned(),
                };
                marks.reject(row, chunk.rows[row].line, complaint);
            }
        }
    }

    pub(super) fn column_name(&self, rule: usize, field: Field) -> &str {
        let feed = self.layout.feeds[rule].first();
        let cell = feed.and_then(|cell| self.layout.header.get(*cell));
        cell.map_or(field.name, String::as_str)
    }
}
