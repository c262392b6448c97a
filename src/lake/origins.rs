//! Origins: the distinct combinations of what decides a session's channel. Sessions carry an id, rules are asked once.

use std::collections::HashMap;

use anyhow::Result;

use super::Lake;
use crate::model::columns::{Columns, Dictionary, Values};
use crate::model::tables::ORIGIN_FIELDS;

/// The origins of the lake: known ones by their fields, and those that this batch adds.
pub(super) struct Origins {
    known: HashMap<Vec<String>, u32>,
    pub(super) new: Vec<(u32, Vec<String>)>,
}

impl Origins {
    pub(super) fn load(lake: &Lake) -> Result<Self> {
        let known = lake
            .catalog
            .origins()?
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
        let positions: Vec<usize> = ORIGIN_FIELDS
            .iter()
            .filter_map(|name| columns.table.position(name))
            .collect();
        let codes: Vec<&[u32]> = positions
            .iter()
            .map(|&at| match &columns.values[at] {
                Values::Text(codes) => codes.as_slice(),
                _ => unreachable!("origin columns hold text"),
            })
            .collect();
        let mut seen: hashbrown::HashMap<[u32; 6], u32, foldhash::fast::FixedState> =
            hashbrown::HashMap::default();
        let rows = columns.rows();
        let mut ids = Vec::with_capacity(rows);
        for row in 0..rows {
            let mut tuple = [0; 6];
            codes
                .iter()
                .zip(&mut tuple)
                .for_each(|(column, code)| *code = column[row]);
            ids.push(*seen.entry(tuple).or_insert_with(|| {
                let fields: Vec<String> = tuple
                    .iter()
                    .zip(&positions)
                    .map(|(&code, &at)| texts[at].text(code).to_owned())
                    .collect();
                self.id(fields)
            }));
        }
        columns.values[target] = Values::Count(ids);
    }

    fn id(&mut self, fields: Vec<String>) -> u32 {
        if let Some(id) = self.known.get(&fields) {
            return *id;
        }
        let id =
            u32::try_from(self.known.len() + 1).expect("fewer than four billion distinct origins");
        self.known.insert(fields.clone(), id);
        self.new.push((id, fields));
        id
    }
}
