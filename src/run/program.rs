//! Programs of the pipeline's own, which are given one line of JSON.

use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// A program that takes longer is stopped: the next digest waits behind it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Starts a program, gives it a value on its standard input, and waits for its end.
///
/// # Errors
/// When it does not start, ends badly or takes too long.
pub(super) fn give(command: &[String], value: &Value) -> Result<()> {
    let Some((program, words)) = command.split_first() else {
        return Ok(());
    };
    let mut child = Command::new(program)
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("start {program}"))?;
    if let Some(mut to) = child.stdin.take() {
        // One that does not read its input may still do its work.
        let _ = writeln!(to, "{value}");
    }
    wait(&mut child, program)
}

fn wait(child: &mut Child, program: &str) -> Result<()> {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            if !status.success() {
                bail!("{program} ended with {status}");
            }
            return Ok(());
        }
        if begun.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            let patience = PATIENCE.as_secs();
            bail!("{program} took longer than {patience} s and was stopped");
        }
        thread::sleep(Duration::from_millis(20));
    }
}
