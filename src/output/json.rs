//! `digest.json`: the public contract, as it is.

use anyhow::Context;

use super::form::{Input, Output};

pub(super) const OUTPUT: Output = Output {
    file: "digest.json",
    media_type: "application/json",
    render,
};

fn render(input: &Input) -> anyhow::Result<Vec<u8>> {
    let mut json = serde_json::to_vec_pretty(input.digest).context("cannot write digest.json")?;
    json.push(b'\n');
    Ok(json)
}
