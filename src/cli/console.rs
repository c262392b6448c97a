//! What people see: plain lines on standard output, a bar and errors on standard error.

use std::cell::RefCell;
use std::io::{IsTerminal, Write};

use indicatif::{ProgressBar, ProgressStyle};
use tracing_subscriber::EnvFilter;

use super::timings::{self, TimingsArg};
use crate::model::fault;
use crate::run::{Console, Staged};

/// The terminal, or whatever stands in its place.
#[derive(Default)]
pub struct Terminal {
    bar: RefCell<Option<ProgressBar>>,
    tells_timings: bool,
}

impl Terminal {
    /// A terminal that says what each stage took, where that was asked for.
    pub fn timed(asked: &TimingsArg) -> Self {
        Self {
            tells_timings: asked.timings,
            ..Self::default()
        }
    }
}

impl Console for Terminal {
    fn line(&self, text: &str) {
        // A reader that went away is noticed by `print` of the command's own result; progress lines may be lost.
        let _ = print(text);
    }

    fn error(&self, error: &anyhow::Error) {
        self::error(error);
    }

    fn progress(&self, file: &str, of: u64, bytes: u64) {
        if !std::io::stderr().is_terminal() {
            return;
        }
        let mut bar = self.bar.borrow_mut();
        let bar = bar.get_or_insert_with(|| {
            let style = ProgressStyle::with_template(
                "{msg} {bar:30} {bytes} of about {total_bytes}, {bytes_per_sec}",
            );
            let bar = ProgressBar::new(of);
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        bar.set_message(file.to_owned());
        // Archives unpack to more than their size on disk.
        bar.set_length(of.max(bar.position() + bytes));
        bar.inc(bytes);
    }

    fn stage(&self, staged: &Staged) {
        if self.tells_timings {
            // Nobody is left to be told that standard error cannot be written.
            let _ = writeln!(std::io::stderr().lock(), "{}", timings::line(staged));
        }
    }

    fn progress_done(&self) {
        if let Some(bar) = self.bar.borrow_mut().take() {
            bar.finish_and_clear();
        }
    }
}

/// Writes one line to standard output.
pub fn print(text: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout().lock(), "{}", harmless(text))
}

/// The text without control characters other than line ends: names of files are hostile, too.
fn harmless(text: &str) -> String {
    let shown = |symbol: char| {
        if symbol.is_control() && symbol != '\n' && symbol != '\t' {
            '\u{fffd}'
        } else {
            symbol
        }
    };
    text.chars().map(shown).collect()
}

/// Writes an error to standard error: what went wrong, then each hint on a line of its own.
pub fn error(error: &anyhow::Error) {
    let told = harmless(&fault::told(error));
    // Nobody is left to be told that standard error cannot be written.
    let _ = writeln!(std::io::stderr().lock(), "error: {told}");
}

/// Writes to standard error what one should know of a result that is right.
pub fn note(text: &str) {
    let _ = writeln!(std::io::stderr(), "note: {text}");
}

/// Structured logs to standard error: `VORONKA_LOG` says how much (`warn` unless set), `VORONKA_LOG_FORMAT=json` how.
pub fn start_logging() {
    let filter = EnvFilter::try_from_env("VORONKA_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if std::env::var("VORONKA_LOG_FORMAT").is_ok_and(|format| format == "json") {
        builder.json().init();
    } else {
        builder.init();
    }
}
