//! `--timings`: what each stage of a command took.

use crate::run::Staged;

/// The argument.
#[derive(Debug, clap::Args)]
pub struct TimingsArg {
    /// Say on standard error what each stage took: time, processor time, files, rows, memory
    #[arg(long)]
    pub timings: bool,
}

/// A stage in a line.
pub fn line(staged: &Staged) -> String {
    let memory = staged.peak_bytes.map_or_else(
        || "unknown".to_owned(),
        |bytes| format!("{} MB", bytes / 1_000_000),
    );
    let cpu = staged.cpu_ms.map_or_else(
        || "unknown".to_owned(),
        |ms| format!("{:>7.2} s", ms as f64 / 1000.0),
    );
    format!(
        "       {:<7} {:>8.2} s  cpu {cpu}  {:>5} files  {:>9} rows  peak memory {memory}",
        staged.stage,
        staged.wall_ms as f64 / 1000.0,
        staged.files,
        staged.rows
    )
}
