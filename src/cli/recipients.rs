//! `voronka recipients`: who gets the digest, and who does not any more.

use std::path::PathBuf;

use anyhow::Result;
use chrono::{DateTime, Utc};
use clap::Subcommand;

use super::common::{self, PipelineArgs};
use super::console;
use super::exit::Outcome;
use crate::config::Plan;
use crate::delivery::{self, Incoming};
use crate::lake::Lake;
use crate::model::fault::Fault;

/// Lists who gets the digest of a pipeline; leaves a reader out without a change of the pipeline, or takes one in again.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  voronka recipients -p pipelines/okna-sever.toml
  voronka recipients -p pipelines/okna-sever.toml suppress boss@firm.example --reason \"asked by phone\"
  voronka recipients -p pipelines/okna-sever.toml allow boss@firm.example
  voronka recipients -p pipelines/okna-sever.toml read ~/Maildir   bounces and wishes for no more")]
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
    /// Read what came back: letters that could not be delivered, readers who want no more
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
            console::print(&format!("{address}: gets nothing from now on"))?;
        }
        Some(What::Allow { address }) => {
            if !delivery::allow(connection, &plan.name, address)? {
                return Err(Fault::usage(format!("{address} was not left out")).into());
            }
            console::print(&format!("{address}: gets digests again"))?;
        }
        Some(What::Read { mailbox }) => {
            for message in delivery::messages_in(mailbox)? {
                if delivery::is_new(connection, &plan.name, &message, now)? {
                    take(&lake, &plan, &Incoming::of(&message), now)?;
                }
            }
        }
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
        return Ok(written.to_owned());
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

/// Leaves out whom a message that came back is about, if it is a reader.
fn take(lake: &Lake, plan: &Plan, incoming: &Incoming, now: DateTime<Utc>) -> Result<()> {
    let (address, reason) = match incoming {
        Incoming::Bounced { address, status } => (address, format!("a letter came back: {status}")),
        Incoming::Unsubscribed { address } => (address, "asked for no more letters".to_owned()),
        Incoming::Other => return Ok(()),
    };
    let is_bounce = matches!(incoming, Incoming::Bounced { .. });
    let mut readers = plan.readers().map(|(reader, _)| reader.email.to_string());
    if !readers.any(|reader| reader.eq_ignore_ascii_case(address)) {
        return Ok(console::print(&format!(
            "{address}: {reason}; no reader of this pipeline"
        ))?);
    }
    // A full mailbox or a passing fault may be well next week.
    if is_bounce && !incoming.has_no_mailbox() {
        return Ok(console::print(&format!(
            "{address}: {reason}; still gets digests"
        ))?);
    }
    delivery::suppress(lake.catalog.connection(), &plan.name, address, &reason, now)?;
    Ok(console::print(&format!(
        "{address}: {reason}; gets nothing from now on"
    ))?)
}
