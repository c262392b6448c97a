//! `voronka install` and `uninstall`: a systemd timer that ticks.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::console;
use super::exit::Outcome;
use super::tick::pipelines;
use crate::config;
use crate::disk::write_whole;
use crate::model::fault::Fault;

/// Lets systemd tick: writes a service and a timer and enables them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  voronka install --user pipelines/                     for this account, no root needed
  sudo voronka install --account voronka --env /etc/voronka/env /srv/voronka/pipelines
  voronka install --print pipelines/                    only show the units")]
pub struct Args {
    /// Pipeline files, or folders of them
    #[arg(required = true, value_name = "FILE|DIR")]
    pipelines: Vec<PathBuf>,
    /// For this account instead of the system
    #[arg(long)]
    user: bool,
    /// The account that the service runs as
    #[arg(long, conflicts_with = "user", value_name = "NAME")]
    account: Option<String>,
    /// A file of NAME=value lines: the mail server and its password
    #[arg(long, value_name = "FILE")]
    env: Option<PathBuf>,
    /// Minutes from one look at the clock to the next
    #[arg(long, default_value_t = 10, value_name = "MINUTES", value_parser = clap::value_parser!(u32).range(1..=30))]
    every: u32,
    /// Show the units and change nothing
    #[arg(long)]
    print: bool,
    /// Write the units into this folder and enable nothing
    #[arg(long, value_name = "DIR", conflicts_with = "print")]
    into: Option<PathBuf>,
}

/// Stops the timer and removes the service and the timer.
#[derive(Debug, clap::Args)]
pub struct UninstallArgs {
    /// Those of this account instead of the system's
    #[arg(long)]
    user: bool,
    /// The units lie in this folder and are not enabled
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,
}

const SERVICE: &str = "voronka.service";
const TIMER: &str = "voronka.timer";

/// Runs `install`.
pub fn run(args: &Args) -> Result<Outcome> {
    let units = [(SERVICE, service(args)?), (TIMER, timer(args.every))];
    if args.print {
        for (name, text) in &units {
            console::print(&format!("# {name}\n{text}"))?;
        }
        return Ok(Outcome::Done);
    }
    let folder = match &args.into {
        Some(folder) => folder.clone(),
        None => unit_folder(args.user)?,
    };
    std::fs::create_dir_all(&folder).with_context(|| format!("make {}", folder.display()))?;
    for (name, text) in &units {
        write_whole(&folder.join(name), text.as_bytes())?;
        console::print(&format!("{}", folder.join(name).display()))?;
    }
    if args.into.is_none() {
        systemctl(args.user, &["daemon-reload"])?;
        systemctl(args.user, &["enable", "--now", TIMER])?;
        console::print(&format!("{TIMER}: enabled, every {} minutes", args.every))?;
    }
    Ok(Outcome::Done)
}

/// Runs `uninstall`.
pub fn uninstall(args: &UninstallArgs) -> Result<Outcome> {
    let folder = match &args.from {
        Some(folder) => folder.clone(),
        None => unit_folder(args.user)?,
    };
    let is_there = folder.join(TIMER).exists();
    if args.from.is_none() && is_there {
        systemctl(args.user, &["disable", "--now", TIMER])?;
    }
    for name in [TIMER, SERVICE] {
        let path = folder.join(name);
        match std::fs::remove_file(&path) {
            Ok(()) => console::print(&format!("{}: removed", path.display()))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("remove {}", path.display())),
        }
    }
    if args.from.is_none() {
        systemctl(args.user, &["daemon-reload"])?;
    }
    Ok(Outcome::Done)
}

/// The service: one tick, with no more rights than it needs. It writes into the lakes and reports of the pipelines only.
fn service(args: &Args) -> Result<String> {
    let program = std::env::current_exe().context("find this program")?;
    let given: Vec<PathBuf> = args
        .pipelines
        .iter()
        .map(|path| std::path::absolute(path).with_context(|| format!("find {}", path.display())))
        .collect::<Result<_>>()?;
    let mut words = vec![quoted(&program), "tick".to_owned()];
    words.extend(given.iter().map(|path| quoted(path)));
    // There, and there alone, a dollar sign stands for a variable.
    let command = words.join(" ").replace('$', "$$");
    let mut text = format!(
        "[Unit]\nDescription=Voronka: funnel digests that are due\nAfter=network-online.target\nWants=network-online.target\n\n\
         [Service]\nType=oneshot\nExecStart={command}\n"
    );
    let mut line = |line: &str| writeln!(text, "{line}").expect("a string takes all");
    if let Some(account) = &args.account {
        line(&format!("User={account}"));
    }
    if let Some(env) = &args.env {
        let env = std::path::absolute(env).with_context(|| format!("find {}", env.display()))?;
        line(&format!("EnvironmentFile={}", environment_file(&env)?));
    }
    let folders = written_folders(&given)?;
    if !args.print {
        make(&folders, args.account.as_deref())?;
    }
    SANDBOX.iter().for_each(|setting| line(setting));
    // The manager of one account may not set up file systems and capabilities: a service that asks for it does not start.
    if !args.user {
        for folder in folders {
            line(&format!("ReadWritePaths={}", quoted(&folder)));
        }
        OF_SYSTEM.iter().for_each(|setting| line(setting));
    }
    Ok(text)
}

/// What a program that reads files, writes files and talks to a mail server does not need (systemd.exec).
const SANDBOX: &[&str] = &[
    "UMask=0077",
    "NoNewPrivileges=yes",
    "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
    "RestrictNamespaces=yes",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
    "LockPersonality=yes",
    "MemoryDenyWriteExecute=yes",
    "SystemCallArchitectures=native",
    "SystemCallFilter=@system-service",
];

/// The same as only the system's manager can do it.
const OF_SYSTEM: &[&str] = &[
    "ProtectSystem=strict",
    "ProtectHome=read-only",
    "PrivateTmp=yes",
    "PrivateDevices=yes",
    "ProtectKernelTunables=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelLogs=yes",
    "ProtectControlGroups=yes",
    "ProtectClock=yes",
    "ProtectHostname=yes",
    "CapabilityBoundingSet=",
];

fn timer(minutes: u32) -> String {
    format!(
        "[Unit]\nDescription=Voronka: looks every {minutes} minutes whether a digest is due\n\n\
         [Timer]\nOnCalendar=*:0/{minutes}\nPersistent=yes\n\n[Install]\nWantedBy=timers.target\n"
    )
}

/// The file of variables as a unit names it: unquoted, and it is there, for without it the service does not start.
fn environment_file(path: &Path) -> Result<String> {
    if !path.is_file() {
        let fault =
            Fault::usage("is no file, and a service without its file of variables never starts");
        let fault = fault.at(path.display().to_string());
        return Err(fault.hint("write it first: lines of NAME=value").into());
    }
    Ok(path.display().to_string().replace('%', "%%"))
}

/// Lakes and report folders of all pipelines, each once.
fn written_folders(given: &[PathBuf]) -> Result<BTreeSet<PathBuf>> {
    let mut folders = BTreeSet::new();
    for file in pipelines(given)? {
        let plan = config::load(&file)?;
        folders.extend([plan.lake, plan.out]);
    }
    Ok(folders)
}

/// Makes the folders that are not there, for the service may not; they are the account's that it runs as.
fn make(folders: &BTreeSet<PathBuf>, account: Option<&str>) -> Result<()> {
    for folder in folders {
        let is_there = folder.is_dir();
        std::fs::create_dir_all(folder).with_context(|| format!("make {}", folder.display()))?;
        match account {
            // Left there, it would pass for one that was there before.
            Some(account) if !is_there => give(folder, account).inspect_err(|_| {
                let _ = std::fs::remove_dir(folder);
            })?,
            Some(account) if !belongs_to(folder, account) => console::note(&format!(
                "{} is not {account}'s, and the service will not write there: chown -R {account}: {}",
                folder.display(),
                quoted(folder)
            )),
            _ => {}
        }
    }
    Ok(())
}

/// Gives a folder to an account.
fn give(folder: &Path, account: &str) -> Result<()> {
    let mut command = Command::new("chown");
    let status = command.arg(format!("{account}:")).arg(folder).status();
    let is_given = status.is_ok_and(|status| status.success());
    let fault = || {
        let fault = Fault::usage(format!("cannot give {} to {account}", folder.display()));
        fault.hint("is there such an account? Run this as root")
    };
    is_given.then_some(()).ok_or_else(|| fault().into())
}

/// Whether a folder is an account's; where nobody can tell, it is.
#[cfg(unix)]
fn belongs_to(folder: &Path, account: &str) -> bool {
    use std::os::unix::fs::MetadataExt;
    let asked = Command::new("id").args(["-u", account]).output();
    let number = asked.map(|said| String::from_utf8_lossy(&said.stdout).trim().parse::<u32>());
    match (number, folder.metadata()) {
        (Ok(Ok(number)), Ok(metadata)) => metadata.uid() == number,
        _ => true,
    }
}

#[cfg(not(unix))]
fn belongs_to(_folder: &Path, _account: &str) -> bool {
    true
}

/// A path as one word of a unit: quoted, percent signs doubled (systemd.unit).
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let text = text
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('%', "%%");
    format!("\"{text}\"")
}

fn unit_folder(is_user: bool) -> Result<PathBuf> {
    if !is_user {
        return Ok(PathBuf::from("/etc/systemd/system"));
    }
    let config = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from);
    let home = || std::env::var_os("HOME").map(|home| Path::new(&home).join(".config"));
    let config = config.or_else(home);
    let fault = || Fault::usage("neither XDG_CONFIG_HOME nor HOME is set: whose units are meant?");
    Ok(config.ok_or_else(fault)?.join("systemd").join("user"))
}

fn systemctl(is_user: bool, words: &[&str]) -> Result<()> {
    let mut command = Command::new("systemctl");
    if is_user {
        command.arg("--user");
    }
    let hint = "without systemd, let cron run `voronka tick`, or keep `voronka serve` running";
    let failed =
        |what: String| Fault::new(format!("systemctl {}: {what}", words.join(" "))).hint(hint);
    match command.args(words).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(failed(status.to_string()).into()),
        Err(error) => Err(failed(error.to_string()).into()),
    }
}
