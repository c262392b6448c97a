//! What the tests share: a folder for one firm, a run of the program in it, and peers.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// The moment at which all tests take place unless they say otherwise: the Monday after the sample's last week.
pub const NOW: &str = "2026-11-16T06:00:00Z";

const TEN_WEEKS: &str = r#"
name = "ten-weeks"
title = "Ten weeks"
language = "en"

[[exports]]
name = "site"
files = ["../exports/visits.tsv"]

[[exports]]
name = "forms"
files = ["../exports/forms.csv"]

[delivery]
from = "Voronka <voronka@firm.example>"
to = ["Анна <anna@firm.example>", "boris@firm.example"]
"#;

/// Root of the repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What a run of a program left behind.
#[derive(Debug)]
pub struct Ran {
    /// Exit code; -1 when a signal ended it.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Ran {
    /// The same, when it ended with this code; the test fails with all that was printed when not.
    #[track_caller]
    pub fn expect_code(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "exit code\n--- stdout\n{}--- stderr\n{}",
            self.stdout, self.stderr
        );
        self
    }

    /// Both streams together.
    pub fn said(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }
}

/// Runs a command to its end.
pub fn run(command: &mut Command) -> Ran {
    let output = command
        .stdin(Stdio::null())
        .output()
        .expect("the program starts");
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A folder of one firm: its pipeline, exports, lake and reports, gone when dropped.
pub struct Firm {
    dir: tempfile::TempDir,
    pipeline: String,
}

impl Firm {
    /// A firm whose pipeline is the given text, in `firm/firm.toml`.
    pub fn new(pipeline: &str) -> Self {
        let firm = Self {
            dir: tempfile::tempdir().expect("a temporary folder"),
            pipeline: "firm/firm.toml".into(),
        };
        firm.write(&firm.pipeline, pipeline);
        firm
    }

    /// A copy of a folder that holds a `pipeline.toml`.
    pub fn of_case(folder: &Path) -> Self {
        let firm = Self {
            dir: tempfile::tempdir().expect("a temporary folder"),
            pipeline: "case/pipeline.toml".into(),
        };
        copy_folder(folder, &firm.path("case"));
        firm
    }

    /// A shipped sample firm: its own pipeline, reading the exports where they lie, with a lake of its own.
    pub fn of_sample(name: &str) -> Self {
        let pipeline = format!("pipelines/{name}.toml");
        let firm = Self {
            dir: tempfile::tempdir().expect("a temporary folder"),
            pipeline: pipeline.clone(),
        };
        let text = fs::read_to_string(root().join(&pipeline)).expect("the pipeline is shipped");
        let exports = root().join("sample-exports").display().to_string();
        firm.write(&pipeline, text.replace("../sample-exports", &exports));
        for format in
            fs::read_dir(root().join("pipelines/formats")).expect("formats of the samples")
        {
            let path = format.expect("an entry").path();
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            let text = fs::read_to_string(&path).expect("a format");
            firm.write(&format!("pipelines/formats/{name}"), text);
        }
        firm
    }

    /// A path inside the folder.
    pub fn path(&self, inside: &str) -> PathBuf {
        self.dir.path().join(inside)
    }

    /// Writes a file with all its folders.
    pub fn write(&self, inside: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(inside);
        fs::create_dir_all(path.parent().expect("the file has a folder"))
            .expect("folders can be made");
        fs::write(path, bytes).expect("the file can be written");
    }

    /// The program, ready to be run in this folder: with the pipeline, a fixed clock and no mail server.
    pub fn command(&self, subcommand: &str, rest: &[&str]) -> Command {
        let mut command = bare(&[subcommand, "-p", &self.pipeline]);
        command.args(rest).current_dir(self.dir.path());
        if !rest.contains(&"--now") {
            command.args(["--now", NOW]);
        }
        command
    }

    /// Runs `tick` on the pipeline at a time.
    pub fn tick(&self, now: &str) -> Ran {
        self.tick_with(now, &[])
    }

    /// The same in an environment.
    pub fn tick_with(&self, now: &str, environment: &[(&str, &str)]) -> Ran {
        let mut command = bare(&["tick", &self.pipeline, "--now", now]);
        run(command
            .current_dir(self.dir.path())
            .envs(environment.iter().copied()))
    }

    /// Runs a subcommand.
    pub fn voronka(&self, subcommand: &str, rest: &[&str]) -> Ran {
        run(&mut self.command(subcommand, rest))
    }

    /// All that a person sees of a run in this folder, without the folder's name, which differs from run to run.
    pub fn transcript(&self, ran: &Ran) -> String {
        let Ran {
            code,
            stdout,
            stderr,
        } = ran;
        let folder = self.dir.path().display().to_string();
        format!("exit code {code}\n--- stdout\n{stdout}--- stderr\n{stderr}")
            .replace(&folder, "<folder>")
    }

    /// A firm with ten weeks of visits and forms, to 2026-W10, and two readers, Anna and Boris.
    pub fn of_ten_weeks() -> Self {
        Self::of_ten_weeks_with("")
    }

    /// The same with more settings in its pipeline.
    pub fn of_ten_weeks_with(settings: &str) -> Self {
        let firm = Self::new(&format!("{TEN_WEEKS}{settings}"));
        let mut visits = String::from(
            "ym:s:visitID\tym:s:clientID\tym:s:dateTime\tym:s:lastsignTrafficSource\n",
        );
        let mut forms = String::from("Дата;Форма;Телефон;E-mail;ClientID;ID заявки\n");
        let monday: chrono::NaiveDate = "2025-12-29".parse().expect("a day");
        for n in 0..70_u64 {
            let day = monday + chrono::Days::new(n);
            for visit in 0..20 + n % 7 {
                let (id, source) = (
                    1000 * n + visit,
                    ["organic", "direct", "referral"][(visit % 3) as usize],
                );
                visits += &format!(
                    "{}\t{}\t{day} 12:{visit:02}:00\t{source}\n",
                    id + 1,
                    id + 500_000
                );
            }
            for form in 0..3 {
                let at = day.format("%d.%m.%Y");
                forms += &format!(
                    "{at} 13:{form:02};Форма;+7 900 {:03}-{form:02}-55;;{};{n}{form}\n",
                    n + 100,
                    1000 * n + form + 500_000
                );
            }
        }
        firm.write("exports/visits.tsv", visits);
        firm.write("exports/forms.csv", forms);
        firm
    }

    /// Runs the main job for a period without sending; the report is made, whole (0) or called incomplete (3).
    #[track_caller]
    pub fn make_report(&self, period: &str) -> Ran {
        let ran = self.voronka("run", &["--period", period, "--no-send"]);
        assert!([0, 3].contains(&ran.code), "{ran:?}");
        ran
    }

    /// The digest of a period that was made before.
    #[track_caller]
    pub fn read_digest(&self, period: &str) -> Value {
        read_json(&self.report(period).join("digest.json"))
    }

    /// The folder of a period's report.
    #[track_caller]
    pub fn report(&self, period: &str) -> PathBuf {
        let firms = fs::read_dir(self.path("out"))
            .expect("reports were written")
            .flatten();
        let of_period = firms
            .map(|firm| firm.path().join(period))
            .find(|folder| folder.is_dir());
        of_period.unwrap_or_else(|| panic!("there is no report of {period}"))
    }

    /// The one lake of the firm; it exists after the first ingest.
    pub fn lake(&self) -> PathBuf {
        let lakes = fs::read_dir(self.path("lake"))
            .into_iter()
            .flatten()
            .flatten();
        lakes
            .map(|entry| entry.path())
            .next()
            .unwrap_or_else(|| self.path("lake/none"))
    }

    /// Rows that the lake shows of each table, from the catalog.
    pub fn live_rows(&self) -> Vec<(String, i64)> {
        let state = self.lake().join("state.db");
        if !state.exists() {
            return Vec::new();
        }
        let catalog = rusqlite::Connection::open(state).expect("the catalog opens");
        let sql = "SELECT table_name, sum(rows) FROM parts WHERE removed_at IS NULL GROUP BY 1 ORDER BY 1";
        let mut statement = catalog.prepare(sql).expect("the catalog has its tables");
        let rows = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .expect("the catalog answers");
        rows.map(|row| row.expect("a row of the catalog"))
            .filter(|(_, rows)| *rows > 0)
            .collect()
    }

    /// Rows that the lake shows of one table.
    pub fn rows_of(&self, table: &str) -> i64 {
        self.live_rows()
            .iter()
            .filter(|(name, _)| name == table)
            .map(|(_, rows)| rows)
            .sum()
    }
}

/// The program with arguments, without anything of the caller's environment that would change what it does.
pub fn bare(arguments: &[impl AsRef<OsStr>]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_voronka"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("VORONKA_") {
            command.env_remove(name);
        }
    }
    command.args(arguments);
    command
}

/// Reads a JSON file.
#[track_caller]
pub fn read_json(path: &Path) -> Value {
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Copies a folder with all that is in it.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("folders can be made");
    for entry in fs::read_dir(from)
        .expect("the folder can be read")
        .flatten()
    {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("the file can be copied");
        }
    }
}

/// All files below a folder, by their path inside it.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Python with the peers of `tests/requirements.txt`, or `None` after saying on the terminal what is skipped.
///
/// Under `tests/run`, which has installed them, a peer that is not there fails the test.
pub fn python(test: &str) -> Option<Command> {
    if let Some(python) = std::env::var_os("VORONKA_TEST_PYTHON") {
        let mut command = Command::new(python);
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        return Some(command);
    }
    let required = std::env::var_os("VORONKA_TEST_PEERS").is_some();
    assert!(
        !required,
        "{test} needs Python, and VORONKA_TEST_PYTHON does not say where it is"
    );
    skip(test, "Python with DuckDB and more");
    None
}

/// Says which test is skipped for want of what. Not through print!: the harness would swallow it.
pub fn skip(test: &str, needs: &str) {
    let _ = writeln!(
        std::io::stderr(),
        "skipped: {test} needs {needs} (run tests/run)"
    );
}

/// Two digests are alike, told apart line by line.
#[track_caller]
pub fn assert_same(found: &Value, expected: &Value) {
    assert_eq!(
        serde_json::to_string_pretty(found).ok(),
        serde_json::to_string_pretty(expected).ok()
    );
}
