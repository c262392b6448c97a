//! `voronka completions`: completions for a shell.

use anyhow::Result;
use clap::CommandFactory;
use clap_complete::Shell;

use super::exit::Outcome;

/// Prints a completion script.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  voronka completions bash > ~/.local/share/bash-completion/completions/voronka")]
pub struct Args {
    /// The shell
    shell: Shell,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Outcome> {
    let mut command = super::Cli::command();
    clap_complete::generate(args.shell, &mut command, "voronka", &mut std::io::stdout());
    Ok(Outcome::Done)
}
