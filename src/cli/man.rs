//! `voronka man`: manual pages.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::CommandFactory;

use super::console;
use super::exit::Outcome;

/// Writes the manual pages of the program and of each command into a folder.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  voronka man ~/.local/share/man/man1 && man voronka-run")]
pub struct Args {
    /// The folder; made when it is not there
    folder: PathBuf,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Outcome> {
    let folder = &args.folder;
    let shown = folder.display();
    fs::create_dir_all(folder).with_context(|| format!("cannot make {shown}"))?;
    clap_mangen::generate_to(super::Cli::command(), folder)
        .with_context(|| format!("cannot write the manual pages into {shown}"))?;
    console::print(&format!("manual pages: {shown}"))?;
    Ok(Outcome::Done)
}
