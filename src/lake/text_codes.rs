//! Text columns of a frame as the codes that they are kept by: most work on sessions needs to tell texts apart, not to read
//! them.

use std::sync::Arc;

use anyhow::Result;
use polars::prelude::*;

/// The code of an absent text.
pub const NO_CODE: u32 = u32::MAX;

/// A text column: for each row the code of its text.
pub struct TextCodes {
    /// Codes, [`NO_CODE`] where there is no text. Of equal texts they are equal, whatever file a row came from.
    pub codes: Vec<u32>,
    texts: Arc<CategoricalMapping>,
    bound: usize,
}

impl TextCodes {
    /// The codes of a column.
    ///
    /// # Errors
    /// When it is not there or holds no text.
    pub fn of(frame: &DataFrame, name: &str) -> Result<Self> {
        let column = frame.column(name)?.cat32()?;
        let mut codes = Vec::with_capacity(frame.height());
        for chunk in column.physical().downcast_iter() {
            match chunk.validity() {
                None => codes.extend_from_slice(chunk.values()),
                Some(_) => codes.extend(chunk.iter().map(|code| code.copied().unwrap_or(NO_CODE))),
            }
        }
        let used = codes.iter().filter(|code| **code != NO_CODE);
        Ok(Self {
            // Not of the list of texts, to which other readers add.
            bound: used.max().map_or(0, |largest| *largest as usize + 1),
            codes,
            texts: column.get_mapping().clone(),
        })
    }

    /// The text of a code; of an absent one it is empty.
    pub fn text(&self, code: u32) -> &str {
        match code {
            NO_CODE => "",
            code => self.texts.cat_to_str(code).unwrap_or_default(),
        }
    }

    /// Every code is below it, but for [`NO_CODE`].
    pub fn bound(&self) -> usize {
        self.bound
    }

    /// What each row's text is to somebody, who is asked once a text.
    pub fn each<T: Copy>(&self, mut of: impl FnMut(&str) -> T) -> Vec<T> {
        let mut known: Vec<Option<T>> = vec![None; self.bound + 1];
        let absent = self.bound;
        let mut answers = Vec::with_capacity(self.codes.len());
        for &code in &self.codes {
            let at = if code == NO_CODE {
                absent
            } else {
                code as usize
            };
            answers.push(*known[at].get_or_insert_with(|| of(self.text(code))));
        }
        answers
    }
}
