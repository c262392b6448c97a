//! `digest.json`: the public contract, as it is.

use anyhow::Context;

use super::{Output, Source};

pub(super) const OUTPUT: Output = Output {
    file: "digest.json",
    media_type: "application/json",
    render,
};

fn render(source: &Source) -> anyhow::Result<Vec<u8>> {
    let mut json = serde_json::to_vec_pretty(source.digest).context("cannot write digest.json")?;
    json.push(b'\n');
    Ok(json)
}
