//! Calls, forms and deals, decoded once for all periods.

use std::collections::HashMap;

use anyhow::Result;

use super::calls::{Calls, Talks};
use super::codes::Coder;
use super::deals::DealColumns;
use super::inquiries::{FormTexts, texts};
use crate::config::Plan;
use crate::marts::rows::Rows;

/// Pages that forms are sent from and that are told apart.
const FORM_PAGES: usize = 20;

/// Columns of the small tables in the form that observations are made of.
pub struct SmallTables {
    pub(super) calls: Option<Calls>,
    pub(super) talks: Talks,
    /// Line of every call, by its row.
    pub(super) lines: Vec<String>,
    pub(super) line_codes: Coder,
    pub(super) forms: FormTexts,
    pub(super) form_codes: Coder,
    /// The pages that most forms are sent from.
    pub(super) form_pages: Vec<String>,
    pub(super) deals: Option<DealColumns>,
    pub(super) has_forms: bool,
}

impl SmallTables {
    /// Decodes the tables that have arrived.
    ///
    /// # Errors
    /// When a table lacks a column.
    pub fn read(
        plan: &Plan,
        calls: Option<&Rows>,
        forms: Option<&Rows>,
        deals: Option<&Rows>,
    ) -> Result<Self> {
        let lines = texts(calls, "line")?;
        let form_texts = FormTexts::read(forms)?;
        Ok(Self {
            line_codes: Coder::fixed(lines.iter().map(String::as_str)),
            form_codes: Coder::fixed(form_texts.forms.iter().map(String::as_str)),
            form_pages: largest(&form_texts.pages),
            calls: calls.map(|rows| Calls::read(rows, plan)).transpose()?,
            talks: Talks::of(calls)?,
            deals: deals.map(DealColumns::read).transpose()?,
            has_forms: forms.is_some(),
            forms: form_texts,
            lines,
        })
    }
}

/// The most frequent texts, the most frequent first.
fn largest(texts: &[String]) -> Vec<String> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    texts
        .iter()
        .filter(|text| !text.is_empty())
        .for_each(|text| *counts.entry(text).or_default() += 1);
    let mut sorted: Vec<(&str, usize)> = counts.into_iter().collect();
    sorted.sort_by(|left, right| right.1.cmp(&left.1).then(left.0.cmp(right.0)));
    sorted
        .into_iter()
        .take(FORM_PAGES)
        .map(|(text, _)| text.to_owned())
        .collect()
}
