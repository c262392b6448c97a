//! `digest.json`: the public contract, as it is.

use anyhow::Context;

use super::Output;
use crate::digest::{Digest, Document};

pub(super) const OUTPUT: Output =
    Output { file: "digest.json", media_type: "application/json", render, of: |rendered| &rendered.json };

fn render(digest: &Digest, _document: &Document) -> anyhow::Result<String> {
    let json = serde_json::to_string_pretty(digest).context("cannot write digest.json")?;
    Ok(json + "\n")
}
