//! The help of every command, whole.

use clap::{Command, CommandFactory};

use super::Cli;
use crate::snapshots::Snapshots;

/// Wide enough for the examples, whatever the terminal of whoever runs the tests.
const WIDTH: usize = 100;

#[test]
fn every_command_says_in_its_help_what_its_snapshot_says() {
    let mut program = Cli::command().term_width(WIDTH);
    program.build();
    let mut snapshots = Snapshots::in_folder("src/cli/snapshots");
    hold_help(&mut snapshots, &mut program, "voronka");
    snapshots.end();
}

/// The command's own help, then that of each command below it.
fn hold_help(snapshots: &mut Snapshots, command: &mut Command, name: &str) {
    let help = command.render_long_help().to_string();
    snapshots.hold(name, &format!("{} --help", name.replace('-', " ")), || {
        insta::assert_snapshot!(name, help);
    });
    for below in command.get_subcommands_mut() {
        // The list of commands that clap adds is the list above.
        if below.get_name() != "help" {
            let name = format!("{name}-{}", below.get_name());
            hold_help(snapshots, below, &name);
        }
    }
}
