//! Origins: the distinct combinations of what decides a session's channel. Sessions carry an id, rules are asked once.

use anyhow::Result;
use hashbrown::HashMap;
use rusqlite::types::Value;
use rusqlite::{Transaction, params_from_iter};

use super::Lake;
use crate::model::columns::{Columns, Dictionary, NO_TEXT, Values};
use crate::model::tables::ORIGIN_FIELDS;

/// The texts of one origin as codes of their columns.
type Codes = [u32; ORIGIN_FIELDS.len()];

/// The origins of the lake: known ones by their fields, and those that this batch adds.
pub(super) struct Origins {
    known: std::collections::HashMap<Vec<String>, u32>,
    /// Ids and fields that the catalog has not.
    pub(super) new: Vec<(u32, Vec<String>)>,
}

impl Origins {
    pub(super) fn load(lake: &Lake) -> Result<Self> {
        let stored = lake.catalog.origins()?;
        let known = stored
            .into_iter()
            .map(|(id, fields)| (fields, id))
            .collect();
        Ok(Self {
            known,
            new: Vec::new(),
        })
    }

    /// Fills the `origin` column from the columns that decide a session's channel.
    pub(super) fn fill(&mut self, columns: &mut Columns, texts: &[Dictionary]) {
        let Some(target) = columns.table.position("origin") else {
            return;
        };
        let place_of = |name: &&str| columns.table.position(name);
        let places: Vec<usize> = ORIGIN_FIELDS.iter().filter_map(place_of).collect();
        let codes_at = |at: &usize| match &columns.values[*at] {
            Values::Text(codes) => codes.as_slice(),
            _ => unreachable!("origin columns hold text"),
        };
        let codes: Vec<&[u32]> = places.iter().map(codes_at).collect();
        // Rows are told apart by the codes of their texts, so that texts are compared once an origin, not once a row.
        let mut seen: HashMap<Codes, u32, foldhash::fast::FixedState> = HashMap::default();
        let rows = columns.rows();
        let mut ids = Vec::with_capacity(rows);
        for row in 0..rows {
            let mut origin: Codes = [NO_TEXT; ORIGIN_FIELDS.len()];
            for (code, column) in origin.iter_mut().zip(&codes) {
                *code = column[row];
            }
            let id = *seen.entry(origin).or_insert_with(|| {
                let mut fields = Vec::with_capacity(places.len());
                for (&at, &code) in places.iter().zip(&origin) {
                    fields.push(texts[at].text(code).to_owned());
                }
                self.id(fields)
            });
            ids.push(id);
        }
        columns.values[target] = Values::Count(ids);
    }

    /// The id of an origin: the known one, else the next. They are numbered from 1.
    fn id(&mut self, fields: Vec<String>) -> u32 {
        if let Some(id) = self.known.get(&fields) {
            return *id;
        }
        let id = u32::try_from(self.known.len() + 1);
        let id = id.expect("fewer than four billion distinct origins");
        self.known.insert(fields.clone(), id);
        self.new.push((id, fields));
        id
    }
}

/// Adds the new origins of a batch: id and the six fields.
pub(super) fn insert(transaction: &Transaction<'_>, origins: &[(u32, Vec<String>)]) -> Result<()> {
    let sql = "INSERT INTO origins VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    for (id, fields) in origins {
        let mut row = vec![Value::from(i64::from(*id))];
        row.extend(fields.iter().cloned().map(Value::from));
        transaction.execute(sql, params_from_iter(row))?;
    }
    Ok(())
}
