//! The tags that exports of contacts carry.

use std::sync::Arc;

use anyhow::Result;

use crate::marts::rows::Rows;
use crate::model::origin::Origin;
use crate::model::placeholder::{is_no_source, is_placeholder};

/// The tags on each row; `None` when a row has none.
pub(in crate::marts) fn decode(rows: &Rows) -> Result<Vec<Option<Origin>>> {
    let sources = rows.shared("utm_source")?;
    let mediums = rows.shared("utm_medium")?;
    let campaigns = rows.shared("utm_campaign")?;
    // Lakes of older programs hold placeholders, too.
    let says_nothing = |text: &str| is_placeholder(text.as_bytes()) || is_no_source(text);
    let is_tag = |text: &str| !text.is_empty() && !says_nothing(text);
    let present = |text: &Arc<str>| is_tag(text).then(|| text.to_string());
    let tags = |row: usize| {
        let origin = Origin {
            source: present(&sources[row]),
            medium: present(&mediums[row]),
            campaign: present(&campaigns[row]),
            ..Origin::default()
        };
        (origin != Origin::default()).then_some(origin)
    };
    Ok((0..rows.len()).map(tags).collect())
}
