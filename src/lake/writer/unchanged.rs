//! Months that the lake has as they are: exports are downloaded whole again and again, and most of their rows say nothing new.

use anyhow::Result;

use super::BatchWriter;
use crate::lake::catalog::{NewPart, Part};
use crate::lake::keys::{HashMap, frame_keys, frame_rows, read};

impl BatchWriter<'_> {
    /// Leaves out the parts of this batch whose every row earlier batches hold word for word: those stay as they are, and
    /// what is not in this batch replaces nothing. To the account of a file such rows are in the lake.
    ///
    /// A part with a single new row is written whole, so that a month does not fall into ever more parts.
    pub(super) fn drop_unchanged(&mut self) -> Result<()> {
        if self.earlier.is_empty() {
            return Ok(());
        }
        let numbers: Vec<i32> = self.months.keys().copied().collect();
        for number in numbers {
            for stored in self.take_parts(number) {
                if self.is_unchanged(&stored.part)? {
                    self.remove(&stored.part)?;
                } else {
                    self.add_part(number, stored);
                }
            }
        }
        Ok(())
    }

    fn is_unchanged(&self, new: &NewPart) -> Result<bool> {
        // A row that is equal in everything is of the same day.
        let near: Vec<&Part> = self
            .earlier
            .iter()
            .filter(|part| overlap(part, new))
            .collect();
        if near.iter().map(|part| part.rows).sum::<u64>() < new.rows {
            return Ok(false);
        }
        let mut known: HashMap<u64, u64> = HashMap::default();
        for part in near {
            let frame = read(&self.lake.dir.join(&part.path))?;
            let keys = frame_keys(&frame, self.table)?;
            known.extend(keys.into_iter().zip(frame_rows(&frame)?));
        }
        let frame = read(&self.lake.dir.join(&new.path))?;
        let keys = frame_keys(&frame, self.table)?;
        let mut rows = keys.iter().zip(frame_rows(&frame)?);
        Ok(rows.all(|(key, row)| known.get(key) == Some(&row)))
    }
}

fn overlap(part: &Part, new: &NewPart) -> bool {
    part.min_day <= new.max_day && part.max_day >= new.min_day
}
