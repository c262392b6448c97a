//! `voronka recipients`: who gets the digest, and who does not any more.

use std::path::{Path, PathBuf};

use anyhow::Result;
use chrono::{DateTime, Utc};
use clap::Subcommand;

use super::common::{self, PipelineArgs};
use super::console::{self, Terminal};
use super::exit::Outcome;
use crate::config::{Plan, mailbox};
use crate::delivery::{self, Incoming};
use crate::lake::Lake;
use crate::model::fault::Fault;
use crate::run::{self, Environment};

/// Lists who gets the digest of a pipeline; leaves a reader out without a change of the pipeline, or takes one in again.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  voronka recipients -p pipelines/okna-sever.toml
  voronka recipients -p pipelines/okna-sever.toml suppress boss@firm.example --reason \"asked by phone\"
  voronka recipients -p pipelines/okna-sever.toml allow boss@firm.example
  voronka recipients -p pipelines/okna-sever.toml read ~/Maildir   bounces, wishes for no more, answers")]
pub struct Args {
    #[command(flatten)]
    pipeline: PipelineArgs,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Send nothing to an address from now on
    Suppress {
        /// The address, or the token of its link to unsubscribe
        address: String,
        /// Why
        #[arg(long, default_value = "left out by hand")]
        reason: String,
    },
    /// Read what came back: letters that could not be delivered, readers who want no more, their answers
    Read {
        /// A maildir, or a file in mbox form
        mailbox: PathBuf,
    },
    /// Send to an address again
    Allow {
        /// The address
        address: String,
    },
}

/// Runs the command.
pub fn run(args: &Args, now: DateTime<Utc>) -> Result<Outcome> {
    let plan = args.pipeline.plan()?;
    let lake = common::lake(&plan)?;
    let connection = lake.catalog.connection();
    match &args.what {
        Some(What::Suppress { address, reason }) => {
            let address = &reader(&plan, address)?;
            delivery::suppress(connection, &plan.name, address, reason, now)?;
            let end = match plan.has_reader(address) {
                true => "gets nothing from now on",
                false => "no reader of this pipeline; would get nothing",
            };
            console::print(&format!("{address}: {end}"))?;
        }
        Some(What::Allow { address }) => {
            let address = &reader(&plan, address)?;
            if !delivery::allow(connection, &plan.name, address)? {
                let fault = Fault::usage(format!("{address} was not left out"));
                return Err(fault.hint("`voronka recipients -p …` lists who is").into());
            }
            console::print(&format!("{address}: gets digests again"))?;
        }
        Some(What::Read { mailbox }) => read(&lake, &plan, mailbox, now)?,
        None => {
            let left_out = delivery::suppressed(connection, &plan.name)?;
            let why = |address: &str| {
                let address = address.to_lowercase();
                left_out.iter().find(|one| one.recipient == address)
            };
            for (reader, view) in plan.readers() {
                let address = reader.email.to_string();
                let state = match (why(&address), view) {
                    (Some(one), _) => format!("left out since {}: {}", one.since, one.reason),
                    (None, None) => "gets every digest".to_owned(),
                    (None, Some(view)) => format!("gets every digest of view {}", view.name),
                };
                console::print(&format!("{address}  {state}"))?;
            }
        }
    }
    Ok(Outcome::Done)
}

/// The reader who is meant: by address, or by the token of a link.
fn reader(plan: &Plan, written: &str) -> Result<String> {
    if written.contains('@') {
        let unreadable =
            |error: String| Fault::usage(error).hint("`voronka recipients -p …` lists the readers");
        let mailbox = mailbox::parse(written).map_err(unreadable)?;
        return Ok(mailbox.email.to_string());
    }
    let mut readers = plan.readers().map(|(reader, _)| reader.email.to_string());
    let found = readers.find(|address| delivery::unsubscribe_token(&plan.name, address) == written);
    let fault = || {
        let fault = Fault::usage(format!(
            "\"{written}\" is no address and the token of no reader"
        ));
        fault.hint("`voronka recipients -p …` lists the readers")
    };
    Ok(found.ok_or_else(fault)?)
}

/// Takes in what came back, each message once.
fn read(lake: &Lake, plan: &Plan, mailbox: &Path, now: DateTime<Utc>) -> Result<()> {
    let terminal = Terminal::default();
    let environment = Environment {
        now,
        console: &terminal,
    };
    for message in delivery::messages_in(mailbox)? {
        let connection = lake.catalog.connection();
        if !delivery::is_read(connection, &plan.name, &message)? {
            run::take_returned(lake, plan, &Incoming::of(&message), &environment)?;
            delivery::note_read(connection, &plan.name, &message, now)?;
        }
    }
    Ok(())
}
