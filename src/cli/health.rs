//! Whether `serve` is well: an answer on a port of this machine, and metrics for Prometheus.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde_json::json;

use super::exit::Outcome;
use super::tick::TickEnd;

/// What is known of the last look; shared with the thread that answers.
#[derive(Clone)]
pub struct Health {
    last: Arc<Mutex<Last>>,
    every: Duration,
}

struct Last {
    /// When it ended, by a clock that is not set.
    ended: Instant,
    ended_at: Option<DateTime<Utc>>,
    took: Duration,
    ends: Vec<TickEnd>,
    has_failed: bool,
}

/// A number of one pipeline.
type Gauge = fn(&TickEnd) -> usize;

/// A look that ended so many waits ago is overdue: one report takes seconds.
const OVERDUE: u32 = 10;
/// A request is one short line; who sends more or slower gets no answer.
const LONGEST_REQUEST: u64 = 4096;
const PATIENCE: Duration = Duration::from_secs(2);

impl Health {
    /// Nothing is known yet.
    pub fn new(every: Duration) -> Self {
        let last = Last {
            ended: Instant::now(),
            ended_at: None,
            took: Duration::ZERO,
            ends: Vec::new(),
            has_failed: false,
        };
        Self {
            last: Arc::new(Mutex::new(last)),
            every,
        }
    }

    /// Notes how a look ended.
    pub fn note(&self, ends: &[TickEnd], took: Duration) {
        *self.last() = Last {
            ended: Instant::now(),
            ended_at: Some(Utc::now()),
            took,
            ends: ends.to_vec(),
            has_failed: false,
        };
    }

    /// Notes that a look could not begin.
    pub fn fail(&self) {
        let mut last = self.last();
        last.has_failed = true;
        last.ended = Instant::now();
    }

    fn last(&self) -> MutexGuard<'_, Last> {
        self.last.lock().expect("nobody panics with it")
    }

    /// Whether looks happen and no pipeline is broken, and what is to be said of it.
    fn answer(&self) -> (bool, String) {
        let last = self.last();
        let broken = last
            .ends
            .iter()
            .filter(|end| end.outcome >= Outcome::Misused);
        let broken: Vec<&str> = broken.map(|end| end.pipeline.as_str()).collect();
        let is_overdue = last.ended.elapsed() > self.every * OVERDUE + last.took;
        let is_well = !is_overdue && !last.has_failed && broken.is_empty();
        let said = json!({
            "status": if is_well { "ok" } else { "failing" },
            "last_look": last.ended_at.map(|at| at.to_rfc3339()),
            "pipelines": last.ends.len(),
            "broken": broken,
            "waiting": last.ends.iter().map(|end| end.ticked.open).sum::<usize>(),
        });
        (is_well, said.to_string())
    }

    /// Metrics in the text format of Prometheus.
    pub fn metrics(&self) -> String {
        let last = self.last();
        let mut text = String::new();
        let at = last.ended_at.map_or(0, |at| at.timestamp());
        let gauges = [
            (
                "voronka_last_look_timestamp_seconds",
                "When the schedules were last looked at.",
                at.to_string(),
            ),
            (
                "voronka_last_look_duration_seconds",
                "How long that took.",
                last.took.as_secs_f64().to_string(),
            ),
        ];
        for (name, help, value) in gauges {
            put(
                &mut text,
                &format!("# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n"),
            );
        }
        let of_pipelines: [(&str, &str, Gauge); 3] = [
            (
                "voronka_exit_code",
                "How the last look at a pipeline ended, as an exit code.",
                |end| usize::from(end.outcome.code()),
            ),
            (
                "voronka_digests_open",
                "Digests that are due and wait for data or another try.",
                |end| end.ticked.open,
            ),
            (
                "voronka_digests_done",
                "Digests handed over at the last look.",
                |end| end.ticked.done,
            ),
        ];
        for (name, help, value) in of_pipelines {
            put(
                &mut text,
                &format!("# HELP {name} {help}\n# TYPE {name} gauge\n"),
            );
            for end in &last.ends {
                let pipeline = end.pipeline.replace(['\\', '"', '\n'], "_");
                put(
                    &mut text,
                    &format!("{name}{{pipeline=\"{pipeline}\"}} {}\n", value(end)),
                );
            }
        }
        text
    }
}

fn put(text: &mut String, line: &str) {
    write!(text, "{line}").expect("a string takes all");
}

/// Answers `GET /health` on a thread of its own until the process ends; says where.
///
/// # Errors
/// When the port is taken.
pub fn listen(address: SocketAddr, health: Health) -> Result<SocketAddr> {
    let listener = TcpListener::bind(address).with_context(|| format!("listen on {address}"))?;
    let port = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // Whoever hangs up before the answer wants none.
            let _ = answer(&stream, &health);
        }
    });
    Ok(port)
}

fn answer(stream: &TcpStream, health: &Health) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut request = String::new();
    BufReader::new(stream.take(LONGEST_REQUEST)).read_line(&mut request)?;
    let is_asked = request.starts_with("GET /health ");
    let (status, body) = match (is_asked, health.answer()) {
        (true, (true, body)) => ("200 OK", body),
        (true, (false, body)) => ("503 Service Unavailable", body),
        (false, _) => ("404 Not Found", "{}".to_owned()),
    };
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    let mut out = stream;
    out.write_all(format!("{head}{body}").as_bytes())
}
