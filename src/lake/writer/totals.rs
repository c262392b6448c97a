//! A batch of totals: files that tell the same days in two ways replace each other, also over batches.

use anyhow::Result;
use polars::prelude::*;

use super::BatchWriter;
use super::replacing::Replaced;
use crate::lake::keys::{key_hashes, read, sort};
use crate::lake::months::month_label;
use crate::lake::tellings::{Retellings, standing, told, told_before};
use crate::model::columns::{Columns, Dictionary, Values};

impl BatchWriter<'_> {
    /// Writes the rows that stand, and takes those that do not any more out of earlier batches. Rows of the same days are of
    /// the same month, so that months are settled one by one.
    pub(super) fn settle_totals(&mut self, texts: &[Dictionary]) -> Result<Replaced> {
        let mut texts = texts.to_vec();
        let mut replaced = Replaced::default();
        let mut retellings = Retellings::default();
        let earlier = std::mem::take(&mut self.earlier);
        let numbers: Vec<i32> = self.months.keys().copied().collect();
        for number in numbers {
            let Some((mut columns, files)) = self.take_waiting(number) else {
                continue;
            };
            self.name_files(&mut columns, &files, &mut texts);
            let mut rows = told(&columns, &texts, &files)?;
            let label = month_label(number);
            let of_month: Vec<_> = earlier.iter().filter(|part| part.month == label).collect();
            for part in &of_month {
                let frame = read(&self.lake.dir.join(&part.path))?;
                rows.extend(told_before(&frame, self.table)?);
            }
            let stands = standing(&rows);
            retellings.add(&rows, &stands);
            let (of_batch, mut of_earlier) = stands.split_at(files.len());
            self.write_standing(number, columns, &texts, &files, of_batch)?;
            for part in of_month {
                let (of_part, rest) = of_earlier.split_at(part.rows as usize);
                let mask: BooleanChunked = of_part.iter().copied().collect();
                self.take_out(part, &mask, &mut replaced)?;
                of_earlier = rest;
            }
        }
        replaced.otherwise = retellings.told();
        Ok(replaced)
    }

    /// Says in each row which file it is of, and by what that file breaks its totals down.
    fn name_files(&self, columns: &mut Columns, files: &[u32], texts: &mut [Dictionary]) {
        let at = |name| columns.table.position(name);
        let (Some(breakdown), Some(telling)) = (at("breakdown"), at("telling")) else {
            return;
        };
        let told = &self.incoming.files;
        let code = |file: &u32| {
            let text = told[*file as usize].breakdown.as_bytes();
            let code = texts[breakdown].code(text);
            code.expect("names of columns are UTF-8")
        };
        columns.values[breakdown] = Values::Text(files.iter().map(code).collect());
        let id = |file: &u32| told[*file as usize].id;
        columns.values[telling] = Values::Key(files.iter().map(id).collect());
    }

    fn write_standing(
        &mut self,
        number: i32,
        columns: Columns,
        texts: &[Dictionary],
        files: &[u32],
        stands: &[bool],
    ) -> Result<()> {
        let mut order = Vec::new();
        for (row, (file, stands)) in files.iter().zip(stands).enumerate() {
            if *stands {
                order.push(row as u32);
            } else {
                self.replaced[*file as usize] += 1;
            }
        }
        let keys = key_hashes(&columns, texts);
        sort(&columns, &keys, &mut order);
        self.write_rows(number, columns, texts, &order, files)
    }
}
