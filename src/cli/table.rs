//! `voronka table`: measures by period and channel, campaign, page or manager, for analysts and other tools.

use std::path::PathBuf;

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::common::{self, PipelineArgs};
use super::console::{self, Terminal};
use super::exit::Outcome;
use super::timings::TimingsArg;
use crate::config::Plan;
use crate::disk;
use crate::lake::Lake;
use crate::marts;
use crate::model::fault::Fault;
use crate::model::period::Period;
use crate::model::tabulated::RowsOf;
use crate::run::{self, MeasureRow, MeasureTable, Stage};

/// Prints sessions and exact users by period and channel as CSV, straight from the lake; with `--all` or `--of` every measure,
/// as the digests of the periods have them. The lake is read once, whatever the number of periods.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  voronka table -p pipelines/okna-sever.toml --period 2026-W40..2026-W46 > weeks.csv
  voronka table -p pipelines/okna-sever.toml --period 2026-W40..2026-W46 --all
  voronka table -p pipelines/okna-sever.toml --period 2026-11 --by day --all
  voronka table -p pipelines/okna-sever.toml --period 2026-W40..2026-W46 --of campaign --save campaigns.parquet")]
pub struct Args {
    #[command(flatten)]
    pipeline: PipelineArgs,
    #[command(flatten)]
    timings: TimingsArg,
    /// A period, or a run of equal ones: 2026-W46, 2025-W34..2026-W46
    #[arg(long)]
    period: String,
    /// Only what was known by then: 2026-11-16 or 2026-11-16T07:00:00Z
    #[arg(long, value_name = "TIME", value_parser = common::as_of)]
    as_of: Option<DateTime<Utc>>,
    /// Every measure: bounces, inquiries, sales, revenue, costs, conversions, as the digest of the period has them
    #[arg(long)]
    all: bool,
    /// What rows are told apart by, with every measure that has it
    #[arg(long, value_name = "WHAT")]
    of: Option<Of>,
    /// A row for each whole day, week or month of the period, and not for the period itself
    #[arg(long, value_name = "SPAN")]
    by: Option<By>,
    /// Write it to a file, .csv or .parquet, and not to the terminal
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
}

/// What a period is cut into.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum By {
    Day,
    Week,
    Month,
}

/// What rows are told apart by.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Of {
    Channel,
    Campaign,
    Page,
    Manager,
}

impl Of {
    fn rows(self) -> RowsOf {
        match self {
            Self::Channel => RowsOf::Channel,
            Self::Campaign => RowsOf::Campaign,
            Self::Page => RowsOf::Page,
            Self::Manager => RowsOf::Manager,
        }
    }
}

/// The form of a file, by its name.
enum Form {
    Csv,
    Parquet,
}

/// The whole days, weeks or months of periods.
fn cut(periods: &[Period], by: By) -> Vec<Period> {
    let of = |day| match by {
        By::Day => Period::day(day),
        By::Week => Period::week_of(day),
        By::Month => Period::month_of(day),
    };
    let mut parts = Vec::new();
    for period in periods {
        let days = period.from.iter_days().take_while(|day| *day <= period.to);
        let inside = |part: &Period| part.from >= period.from && part.to <= period.to;
        parts.extend(days.map(of).filter(inside));
    }
    parts.dedup();
    parts
}

/// Runs the command.
pub fn run(args: &Args, now: DateTime<Utc>) -> Result<Outcome> {
    // A name that nothing can be written under is told before anything is counted.
    let form = args.save.as_deref().map(form_of).transpose()?;
    let plan = args.pipeline.plan()?;
    let lake = common::lake(&plan)?;
    let periods = common::periods(&plan, &lake, &args.period, now)?;
    let periods = args
        .by
        .map_or_else(|| periods.clone(), |by| cut(&periods, by));
    let known_at = args.as_of.unwrap_or(DateTime::<Utc>::MAX_UTC);
    let terminal = Terminal::timed(&args.timings);
    let table = match args.of.or(args.all.then_some(Of::Channel)) {
        Some(of) => {
            let stage = Stage::begin("read");
            let snapshot = run::Snapshot::open(&lake, &plan, known_at)?;
            stage.end(&terminal, 0, 0);
            let stage = Stage::begin("count");
            let table = snapshot.table(&periods, of.rows())?;
            stage.end(&terminal, 0, table.rows.len() as u64);
            table
        }
        None => traffic(&plan, &lake, &periods, known_at)?,
    };
    let stage = Stage::begin("write");
    if let Some(lacks) = table.lacks {
        console::note(lacks);
    }
    match (&args.save, form) {
        (Some(file), Some(Form::Parquet)) => table.write_parquet(file)?,
        (Some(file), _) => {
            let text: Vec<String> = lines(&table).map(|line| line + "\n").collect();
            disk::write_whole(file, text.concat().as_bytes())?;
        }
        (None, _) => {
            for line in lines(&table) {
                console::print(&line)?;
            }
        }
    }
    stage.end(&terminal, 1, table.rows.len() as u64);
    Ok(Outcome::Done)
}

fn form_of(file: &std::path::Path) -> Result<Form, Fault> {
    let kind = file.extension().and_then(|kind| kind.to_str());
    match kind.map(str::to_lowercase).as_deref() {
        Some("csv") => Ok(Form::Csv),
        Some("parquet") => Ok(Form::Parquet),
        _ => {
            let message = format!("\"{}\" is no table's name", file.display());
            Err(Fault::usage(message).hint("end it with .csv or .parquet"))
        }
    }
}

/// Sessions and users alone: contacts, deals and costs are not read for them.
fn traffic(
    plan: &Plan,
    lake: &Lake,
    periods: &[Period],
    as_of: DateTime<Utc>,
) -> Result<MeasureTable> {
    let counted = marts::traffic_table(lake, plan, as_of, periods)?;
    let mut rows = Vec::new();
    for (period, traffic) in periods.iter().zip(counted) {
        let Some(traffic) = traffic else { continue };
        let mut add = |channel: &str, sessions: u64, users: Option<u64>| {
            rows.push(MeasureRow {
                period: period.clone(),
                keys: vec![channel.to_owned()],
                numbers: vec![Some(sessions as f64), users.map(|users| users as f64)],
            });
        };
        for (channel, own) in &traffic.channels {
            add(channel.as_str(), own.sessions, own.users);
        }
        let all = traffic.channels.values().map(|own| own.sessions).sum();
        add("total", all, traffic.users);
    }
    Ok(MeasureTable {
        keys: &["channel"],
        measures: vec!["sessions", "users"],
        rows,
        lacks: None,
    })
}

/// The table as lines of CSV, its head first; an unknown number is an empty cell, not a zero.
fn lines(table: &MeasureTable) -> impl Iterator<Item = String> {
    let names = table.keys.iter().chain(&table.measures).copied();
    let head: Vec<&str> = ["period"].into_iter().chain(names).collect();
    std::iter::once(head.join(",")).chain(table.rows.iter().map(line))
}

fn line(row: &MeasureRow) -> String {
    let mut cells = vec![row.period.label.clone()];
    cells.extend(row.keys.iter().map(|key| text_cell(key)));
    let shown = |number: &Option<f64>| number.map_or_else(String::new, |number| number.to_string());
    cells.extend(row.numbers.iter().map(shown));
    cells.join(",")
}

/// A text of an export as a cell: quoted where it would be several, and never a formula.
fn text_cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@']);
    let text = match is_formula {
        true => format!("'{text}"),
        false => text.to_owned(),
    };
    match text.contains([',', '"', '\n', '\r']) {
        true => format!(
            "\"{}\"",
            text.replace('"', "\"\"").replace(['\n', '\r'], " ")
        ),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_cell_and_no_formula() {
        assert_eq!(text_cell("окна, двери"), "\"окна, двери\"");
        assert_eq!(text_cell("а \"б\""), "\"а \"\"б\"\"\"");
        assert_eq!(text_cell("=1+1"), "'=1+1");
        assert_eq!(text_cell("paid-search"), "paid-search");
    }

    #[test]
    fn a_file_says_its_form_by_its_name() {
        let form = |name: &str| form_of(std::path::Path::new(name));
        assert!(matches!(form("a.CSV"), Ok(Form::Csv)));
        assert!(matches!(form("a.parquet"), Ok(Form::Parquet)));
        assert!(form("a.xlsx").is_err() && form("csv").is_err());
    }
}
