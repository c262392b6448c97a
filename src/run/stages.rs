//! How long each stage of a run took, and what it went through.

use std::time::Instant;

use anyhow::Result;
use rusqlite::params;

use super::account::RunRecord;
use super::environment::Console;
use crate::lake::Lake;

/// A stage that has begun.
pub struct Stage {
    name: &'static str,
    begun: Instant,
    cpu_ms: Option<u64>,
}

/// A stage as listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staged {
    /// `ingest`, `report`, `send` or `vacuum`; of a table `read`, `count` and `write`.
    pub stage: String,
    /// Wall time, milliseconds.
    pub wall_ms: u64,
    /// Processor time of all threads, milliseconds; `None` where the system does not tell.
    pub cpu_ms: Option<u64>,
    /// Files read, reports made, letters handled.
    pub files: u64,
    /// Rows read.
    pub rows: u64,
    /// Most memory of the process up to the stage's end, bytes; `None` where the system does not tell.
    pub peak_bytes: Option<u64>,
}

impl Stage {
    /// A stage begins.
    pub fn begin(name: &'static str) -> Self {
        Self {
            name,
            begun: Instant::now(),
            cpu_ms: cpu_ms(),
        }
    }

    /// It has ended, having gone through so much: told to the log and to the console.
    pub fn end(self, console: &dyn Console, files: usize, rows: u64) -> Staged {
        let cpu_ms = cpu_ms().zip(self.cpu_ms);
        let staged = Staged {
            stage: self.name.to_owned(),
            wall_ms: u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            cpu_ms: cpu_ms.map(|(now, begun)| now.saturating_sub(begun)),
            files: files as u64,
            rows,
            peak_bytes: peak_bytes(),
        };
        let (wall_ms, cpu_ms, peak) = (staged.wall_ms, staged.cpu_ms, staged.peak_bytes);
        let stage = self.name;
        tracing::info!(stage, wall_ms, cpu_ms, files, rows, peak, "stage ended");
        console.stage(&staged);
        staged
    }
}

impl Staged {
    /// Notes it in the record of a run.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn keep(&self, lake: &Lake, run: &RunRecord) -> Result<()> {
        lake.catalog.connection().execute(
            "INSERT INTO run_stages VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                run.id(),
                self.stage,
                self.wall_ms,
                self.files,
                self.rows,
                self.peak_bytes,
                self.cpu_ms
            ],
        )?;
        Ok(())
    }
}

/// The stages of a run, in their order.
///
/// # Errors
/// When the catalog cannot be read.
pub fn of_run(lake: &Lake, run: i64) -> Result<Vec<Staged>> {
    let sql = "SELECT stage, wall_ms, files, rows, peak_bytes, cpu_ms FROM run_stages WHERE run = ?1 ORDER BY rowid";
    let mut statement = lake.catalog.connection().prepare(sql)?;
    let rows = statement.query_map([run], |row| {
        Ok(Staged {
            stage: row.get(0)?,
            wall_ms: row.get(1)?,
            files: row.get(2)?,
            rows: row.get(3)?,
            peak_bytes: row.get(4)?,
            cpu_ms: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Ticks of the kernel's account in a second: what proc(5) calls `sysconf(_SC_CLK_TCK)`, 100 for every program on Linux.
const TICKS_A_SECOND: u64 = 100;

/// Processor time of this process so far, all threads together (proc(5), `utime` and `stime`).
fn cpu_ms() -> Option<u64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The second field, the program's name in brackets, may hold anything.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut times = fields.split_whitespace().skip(11);
    let user: u64 = times.next()?.parse().ok()?;
    let system: u64 = times.next()?.parse().ok()?;
    Some((user + system) * 1000 / TICKS_A_SECOND)
}

/// The most memory that this process has had, by the kernel's account (proc(5), `VmHWM`).
fn peak_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kib * 1024)
}
