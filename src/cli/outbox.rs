//! `voronka outbox`: letters and what became of them.

use anyhow::Result;
use chrono::{DateTime, Utc};
use clap::{Subcommand, ValueEnum};

use super::common::{self, PipelineArgs};
use super::console;
use super::exit::Outcome;
use crate::delivery::{self, Receipt, SendState};
use crate::lake::Lake;
use crate::model::fault::Fault;
use crate::run;

/// Lists letters and what became of them, and takes decisions on those that cannot go on by themselves.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  voronka outbox -p pipelines/okna-sever.toml list             what has not arrived
  voronka outbox -p pipelines/okna-sever.toml list --all
  voronka outbox -p pipelines/okna-sever.toml retry 12 13      with the next tick or send
  voronka outbox -p pipelines/okna-sever.toml resolve 14 sent  the reader says that it is there")]
pub struct Args {
    #[command(flatten)]
    pipeline: PipelineArgs,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List letters that have not arrived for certain
    List {
        /// Those that were sent, too
        #[arg(long)]
        all: bool,
    },
    /// Show all that is known of a letter
    Show {
        /// Its number in the list
        id: i64,
    },
    /// Let letters leave again, with the next tick or send
    Retry {
        /// Their numbers in the list
        #[arg(required = true)]
        ids: Vec<i64>,
    },
    /// Give letters up
    Cancel {
        /// Their numbers in the list
        #[arg(required = true)]
        ids: Vec<i64>,
    },
    /// Say what became of a letter of which nobody can tell
    Resolve {
        /// Its number in the list
        id: i64,
        /// What its reader says
        end: End,
    },
}

/// What became of a letter.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum End {
    /// It is there
    Sent,
    /// It never came: it leaves again
    Lost,
}

/// Runs the command.
pub fn run(args: &Args, now: DateTime<Utc>) -> Result<Outcome> {
    let plan = args.pipeline.plan()?;
    let lake = common::lake(&plan)?;
    let _lock = lake.lock_outbox()?;
    let letter = |id: i64| letter(&lake, &plan.name, id);
    let decide = |receipt: &Receipt, state: SendState, why: &str| -> Result<()> {
        delivery::decide(lake.catalog.connection(), receipt.id, state, why, now)?;
        Ok(console::print(&format!(
            "letter {}: {}",
            receipt.id,
            state.code()
        ))?)
    };
    match &args.what {
        What::List { all } => list(&lake, &plan.name, *all)?,
        What::Show { id } => {
            let receipt = letter(*id)?;
            let file = run::outbox_of(&plan, &receipt.period);
            show(&receipt, &file.display().to_string())?;
        }
        What::Retry { ids } => {
            let refusal = "was sent; `voronka send --resend` sends it again";
            for receipt in unsent(&lake, &plan.name, ids, refusal)? {
                decide(&receipt, SendState::Queued, "to be tried again, by hand")?;
            }
        }
        What::Cancel { ids } => {
            let refusal = "was sent: nothing is left to give up";
            for receipt in unsent(&lake, &plan.name, ids, refusal)? {
                decide(&receipt, SendState::Suppressed, "given up by hand")?;
            }
        }
        What::Resolve { id, end } => {
            let receipt = letter(*id)?;
            let is_open = matches!(receipt.state, SendState::Unknown | SendState::Sending);
            refuse_when(!is_open, &receipt, "is not in doubt")?;
            match end {
                End::Sent => decide(
                    &receipt,
                    SendState::Sent,
                    "its reader has it, resolved by hand",
                )?,
                End::Lost => decide(
                    &receipt,
                    SendState::Queued,
                    "it never came, resolved by hand",
                )?,
            }
        }
    }
    Ok(Outcome::Done)
}

fn letter(lake: &Lake, pipeline: &str, id: i64) -> Result<Receipt> {
    let found = delivery::numbered(lake.catalog.connection(), pipeline, id)?;
    let missing = || {
        let fault = Fault::usage(format!("there is no letter {id} of {pipeline}"));
        fault.hint("`voronka outbox -p … list --all` has the numbers")
    };
    Ok(found.ok_or_else(missing)?)
}

/// Letters of these numbers; one that was sent refuses them all, so that no half of a decision is taken.
fn unsent(lake: &Lake, pipeline: &str, ids: &[i64], refusal: &str) -> Result<Vec<Receipt>> {
    let mut receipts = Vec::with_capacity(ids.len());
    for id in ids {
        let receipt = letter(lake, pipeline, *id)?;
        refuse_when(receipt.state == SendState::Sent, &receipt, refusal)?;
        receipts.push(receipt);
    }
    Ok(receipts)
}

fn refuse_when(is_refused: bool, receipt: &Receipt, why: &str) -> Result<()> {
    if !is_refused {
        return Ok(());
    }
    let (id, state) = (receipt.id, receipt.state.code());
    Err(Fault::usage(format!("letter {id} is {state}: it {why}")).into())
}

fn list(lake: &Lake, pipeline: &str, all: bool) -> Result<()> {
    let mut receipts = delivery::in_states(lake.catalog.connection(), pipeline, &SendState::ALL)?;
    receipts.retain(|receipt| all || receipt.state != SendState::Sent);
    for receipt in &receipts {
        let next = match receipt.next_at {
            Some(next) => format!(", again at {}", moment(next)),
            None => String::new(),
        };
        console::print(&format!(
            "{:>5}  {}  {:<10} {}  {}{next}  {}",
            receipt.id,
            moment(receipt.changed_at),
            receipt.period,
            receipt.recipient,
            receipt.state.code(),
            receipt.reply
        ))?;
    }
    if receipts.is_empty() {
        console::print("no letters that have not arrived")?;
    }
    Ok(())
}

fn show(receipt: &Receipt, folder: &str) -> Result<()> {
    let lines = [
        (
            "period",
            format!("{}, report {}", receipt.period, receipt.version),
        ),
        ("reader", receipt.recipient.clone()),
        ("state", receipt.state.code().to_owned()),
        ("reply", receipt.reply.clone()),
        ("tries", receipt.attempts.to_string()),
        ("first", moment(receipt.first_at)),
        ("changed", moment(receipt.changed_at)),
        (
            "next",
            receipt.next_at.map_or_else(|| "-".to_owned(), moment),
        ),
        ("Message-ID", receipt.message_id.clone()),
        ("letters", folder.to_owned()),
    ];
    for (name, value) in lines {
        console::print(&format!("{name:<11} {value}"))?;
    }
    Ok(())
}

fn moment(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M UTC").to_string()
}
