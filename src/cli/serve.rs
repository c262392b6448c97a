//! `voronka serve`: tick in a loop.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use signal_hook::consts::TERM_SIGNALS;
use signal_hook::flag;

use super::console;
use super::exit::Outcome;
use super::health::{Health, listen};
use super::tick::{pipelines, tick_all};
use crate::model::fault::Fault;

/// Does what is due by the schedules of pipelines, again and again, until it is stopped: for machines without cron or systemd.
///
/// Pipeline files are read anew each time, so a change counts from the next look on. SIGTERM and SIGINT let the work at hand end
/// and then stop it; a second one stops it at once, and the next start takes up what was left.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  voronka serve pipelines/
  voronka serve pipelines/ --health 127.0.0.1:8090 --metrics /var/lib/node_exporter/voronka.prom")]
pub struct Args {
    /// Pipeline files, or folders of them
    #[arg(required = true, value_name = "FILE|DIR")]
    pipelines: Vec<PathBuf>,
    /// How many pipelines at a time
    #[arg(long, default_value_t = 1, value_name = "N")]
    jobs: usize,
    /// Seconds from one look at the clock to the next
    #[arg(long, default_value_t = 60, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    every: u64,
    /// Answer GET /health here, on this machine only
    #[arg(long, value_name = "ADDRESS:PORT")]
    health: Option<SocketAddr>,
    /// Write metrics for Prometheus into this file after each look
    #[arg(long, value_name = "FILE")]
    metrics: Option<PathBuf>,
}

/// How soon a signal is seen while nothing is due.
const NAP: Duration = Duration::from_millis(200);

/// Runs the command. `fixed` stands for the clock at every look.
pub fn run(args: &Args, fixed: Option<DateTime<Utc>>) -> Result<Outcome> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in TERM_SIGNALS {
        // In this order: the first signal finds the flag down and raises it, the second finds it up and ends the process.
        flag::register_conditional_shutdown(*signal, 1, Arc::clone(&stop))
            .context("watch signals")?;
        flag::register(*signal, Arc::clone(&stop)).context("watch signals")?;
    }
    let every = Duration::from_secs(args.every);
    let health = Health::new(every);
    if let Some(address) = args.health {
        if !address.ip().is_loopback() {
            let fault = Fault::usage(format!(
                "--health {address} could be reached from other machines"
            ));
            return Err(fault.hint("listen on 127.0.0.1 or [::1]").into());
        }
        let port = listen(address, health.clone())?;
        console::print(&format!("health: http://{port}/health"))?;
    }
    while !stop.load(Ordering::Relaxed) {
        let begun = Instant::now();
        // Files come and go; a folder that is empty for a while is no reason to end.
        match pipelines(&args.pipelines)
            .and_then(|files| tick_all(&files, args.jobs, fixed.unwrap_or_else(Utc::now)))
        {
            Ok(ends) => health.note(&ends, begun.elapsed()),
            Err(error) => {
                console::error(&error);
                health.fail();
            }
        }
        if let Some(file) = &args.metrics
            && let Err(error) = crate::disk::write_whole(file, health.metrics().as_bytes())
        {
            console::error(&error);
        }
        while begun.elapsed() < every && !stop.load(Ordering::Relaxed) {
            thread::sleep(NAP);
        }
    }
    console::print("serve: stopped")?;
    Ok(Outcome::Done)
}
