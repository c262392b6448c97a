//! Rows of totals in tables of records: of deals, calls or forms, below each day or among them.

use super::marks::Marks;
use super::{Context, FileParser, total_words};
use crate::ingest::records::Chunk;
use crate::model::columns::{Columns, Dictionary, Values};
use crate::model::tables::{ColumnKind, Replace, TableSchema};

impl FileParser<'_> {
    /// Passes over the rows of totals in a table of records: those that are marked so, and name no record and no person.
    /// Of totals among rows that are added up, the sums tell.
    pub(super) fn pass_over_totals(
        &self,
        chunk: &Chunk,
        columns: &Columns,
        context: &Context<'_>,
        marks: &mut Marks<'_>,
    ) {
        if !is_of_people(self.table) || !total_words::may_hold_total(&chunk.data) {
            return;
        }
        for row in 0..chunk.rows.len() {
            let bytes = chunk.row_bytes(row);
            if marks.keep[row]
                && total_words::may_hold_total(bytes)
                && self.no_data.is_marked_total(bytes)
                && self.is_nobodys(columns, row, &context.dictionaries)
            {
                marks.skip(row);
            }
        }
    }

    /// Whether a row has neither the key of a person nor an identifier; a word of totals is none.
    fn is_nobodys(&self, columns: &Columns, row: usize, texts: &[Dictionary]) -> bool {
        let mut fields = self.table.fields.iter().zip(&columns.values).zip(texts);
        fields.all(|((field, values), texts)| match values {
            Values::Key(_) => values.is_absent(row),
            Values::Text(codes) if field.name.ends_with("_id") => {
                let id = texts.text(codes[row]);
                id.is_empty() || total_words::is_total(&id.to_lowercase())
            }
            _ => true,
        })
    }
}

/// Whether the rows of a table are records that may name a person, and need not: a plan may be for "total".
fn is_of_people(table: &TableSchema) -> bool {
    let keys = || {
        table
            .fields
            .iter()
            .filter(|field| field.kind == ColumnKind::Key)
    };
    table.replace == Replace::Row && keys().count() > 0 && keys().all(|field| !field.required)
}
