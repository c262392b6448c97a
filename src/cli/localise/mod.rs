//! `voronka localise`: which segments of a table of counts explain a drop.

mod read;
mod totals;

use std::path::PathBuf;

use anyhow::Result;
use serde_json::json;

use super::console::{self, print};
use super::exit::Outcome;
use crate::diagnosis::localise::{Direction, Findings, ScanOptions, Segment, scan};

/// Names the smallest segments that explain a drop of a ratio (inquiries per visit, say) against a base, or says that
/// there is nothing beyond noise. More or less traffic is no drop: what is expected follows the visits of the period.
///
/// FILE is a CSV with a header: any columns are dimensions, but for base_n and base_k (visits and inquiries of the base,
/// which may be several periods), n and k (those of the period in question).
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  voronka localise week.csv
  voronka localise week.csv --json
  voronka localise week.csv --rise    where it went up instead

A file looks like this:
  channel,device,page,base_n,base_k,n,k
  cpc,mobile,/lp,4000,120,1010,2
  cpc,desktop,/lp,3000,90,760,24")]
pub struct Args {
    /// The table: comma, semicolon or tab between cells
    file: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Look for rises instead of drops
    #[arg(long)]
    rise: bool,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Outcome> {
    let table = match read::cube(&args.file) {
        Ok(table) => table,
        Err(error) => {
            console::error(&error);
            return Ok(Outcome::Exports);
        }
    };
    if let Some(line) = table.totals {
        console::note(&format!(
            "line {line} is the sum of all other rows: totals, passed over"
        ));
    }
    let direction = if args.rise {
        Direction::Rise
    } else {
        Direction::Drop
    };
    let findings = scan(
        &table.cube,
        &ScanOptions {
            direction,
            ..ScanOptions::default()
        },
    );
    if args.json {
        print(&as_json(&findings)?)?
    } else {
        print_table(&findings, direction)?
    }
    Ok(Outcome::Done)
}

fn as_json(findings: &Findings) -> Result<String> {
    let rounded = |number: f64| (number * 1e4).round() / 1e4;
    let segment = |found: &Segment| {
        json!({
            "dimensions": found.dimensions,
            "observed": rounded(found.observed),
            "expected": rounded(found.expected),
            "score": rounded(found.score),
        })
    };
    let segments: Vec<_> = findings.segments.iter().map(segment).collect();
    let whole = json!({ "segments": segments, "common_factor": rounded(findings.common_factor) });
    Ok(serde_json::to_string_pretty(&whole)?)
}

fn print_table(findings: &Findings, direction: Direction) -> Result<()> {
    let (kind, change) = match direction {
        Direction::Drop => ("drop", "loss"),
        Direction::Rise => ("rise", "gain"),
    };
    if findings.segments.is_empty() {
        print(&format!("no {kind}: nothing beyond noise in any segment"))?;
    } else {
        let names: Vec<String> = findings.segments.iter().map(name).collect();
        let width = names
            .iter()
            .map(|name| name.chars().count())
            .max()
            .unwrap_or(0)
            .max("segment".len());
        print(&format!(
            "{:width$}  {:>9}  {:>9}  {change:>6}  {:>6}",
            "segment", "observed", "expected", "score"
        ))?;
        for (name, found) in names.iter().zip(&findings.segments) {
            let percent = 100.0 * (found.observed / found.expected - 1.0).abs();
            print(&format!(
                "{name:width$}  {:>9}  {:>9.1}  {percent:>4.0} %  {:>6.1}",
                found.observed, found.expected, found.score
            ))?;
        }
    }
    let rest = 100.0 * (findings.common_factor - 1.0);
    let rest = if rest.abs() < 0.5 {
        "as expected".to_owned()
    } else {
        format!("{rest:+.0} %")
    };
    print(&format!("everything else: {rest}"))?;
    Ok(())
}

/// `device=phone & page=/lp`.
fn name(segment: &Segment) -> String {
    let shown = |value: &str| {
        if value.is_empty() {
            "(empty)".to_owned()
        } else {
            value.to_owned()
        }
    };
    let parts: Vec<String> = segment
        .dimensions
        .iter()
        .map(|(dimension, value)| format!("{dimension}={}", shown(value)))
        .collect();
    parts.join(" & ")
}
