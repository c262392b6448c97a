//! `voronka inspect`: what files are, without taking them in.

mod tell;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use self::tell::tell;
use super::console::{self, print};
use super::exit::Outcome;
use crate::config::files::FilePattern;
use crate::config::{self, ExportPlan, Plan};
use crate::disk::{self, Aside};
use crate::ingest::ExportRules;
use crate::ingest::format::Format;
use crate::ingest::formats;
use crate::ingest::identity::IdentityKey;
use crate::ingest::inspect::{Inspection, drafted, inspect};
use crate::ingest::sheets;
use crate::ingest::source::{self, Source};
use crate::model::fault::Fault;

/// Tells which format fits each file, which columns were found and what would be rejected; drafts a format for an
/// unknown file. Takes nothing into any lake.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  voronka inspect Downloads/*.csv
  voronka inspect -p pipelines/okna-sever.toml export.tsv.gz    with the pipeline's own formats and zone
  voronka inspect --save booking unknown.csv                     drafts formats/booking.toml for an unknown file
  voronka inspect --draft unknown.csv                            prints the draft")]
pub struct Args {
    /// Files to look at, folders of them, or - for standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// A pipeline whose formats and time zone to use
    #[arg(short, long, value_name = "FILE")]
    pipeline: Option<PathBuf>,
    /// Expect this format
    #[arg(long, value_name = "NAME")]
    format: Option<String>,
    /// Print nothing but a draft format for the file, which no format fits
    #[arg(long, conflicts_with = "save")]
    draft: bool,
    /// Write the draft as a format of this name into the pipeline's folder of formats, else into `formats/`
    #[arg(long, value_name = "NAME")]
    save: Option<String>,
}

/// Where drafts go, and are found again, without a pipeline.
const FORMATS: &str = "formats";

/// Runs the command.
pub fn run(args: &Args, now: DateTime<Utc>) -> Result<Outcome> {
    let plan = args.pipeline.as_deref().map(config::load).transpose()?;
    let formats = formats(plan.as_ref())?;
    let no_options = BTreeMap::new();
    // Contacts are only counted here, never kept, so any key will do.
    let key = IdentityKey::new([0; 32]);
    let key = match &plan {
        Some(plan) => key.in_countries(plan.countries.clone()),
        None => key,
    };
    let zone = plan.as_ref().map_or(Tz::UTC, |plan| plan.zone);
    let rules = |path: &Path| {
        let export = plan.as_ref().and_then(|plan| export_of(plan, path));
        ExportRules {
            format: args.format.as_deref(),
            zone: export.and_then(|export| export.zone),
            business_zone: zone,
            spam_words: &[],
            spam_contacts: &[],
            options: export.map_or(&no_options, |export| &export.options),
            key: &key,
            now,
        }
    };
    let first = args.files.first();
    let first = first.expect("the command line demands a file");
    if args.draft {
        print(&draft(first, &formats, &rules(first), "my-format")?)?;
        return Ok(Outcome::Done);
    }
    if let Some(name) = &args.save {
        let folder = formats_of(plan.as_ref());
        let saved = save(folder, name, &draft(first, &formats, &rules(first), name)?)?;
        if plan.is_none() {
            print(
                "a pipeline reads the folder `formats` beside it: move the file there, or give -p PIPELINE",
            )?;
        }
        return Ok(saved);
    }
    let mut outcome = Outcome::Done;
    for path in &listed(&args.files)? {
        let rules = rules(path);
        let looked = given(path).and_then(|given| {
            let sources = given.sources.into_iter();
            let looked = sources.map(|source| inspect(source, &formats, &rules));
            looked.collect::<Result<Vec<_>>>()
        });
        match looked {
            Ok(inspections) => {
                for inspection in &inspections {
                    outcome = if is_passed_over(inspection, &inspections) {
                        tell_passed_over(inspection)?
                    } else {
                        tell(inspection, &formats)?
                    }
                    .unwrap_or(outcome);
                }
            }
            Err(error) => {
                outcome = Outcome::Exports;
                console::error(&error);
            }
        }
    }
    Ok(outcome)
}

/// The export of the pipeline that a file belongs to: its clock and its options go for the file.
fn export_of<'p>(plan: &'p Plan, path: &Path) -> Option<&'p ExportPlan> {
    let path = path.canonicalize().ok()?;
    let has_file = |export: &&ExportPlan| {
        let files = config::files(export).paths;
        files
            .iter()
            .any(|file| file.canonicalize().is_ok_and(|file| file == path))
    };
    plan.exports.iter().find(has_file)
}

/// The files that are meant: those in a folder for the folder.
fn listed(given: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut listed = Vec::new();
    for path in given {
        if !path.is_dir() {
            listed.push(path.clone());
            continue;
        }
        let mut folder = ExportPlan::named("inspect", path);
        folder.patterns = vec![FilePattern::new("*")];
        let found = config::files(&folder);
        if let Some(error) = found.errors.into_iter().next() {
            return Err(error.into());
        }
        listed.extend(found.paths);
    }
    Ok(listed)
}

/// What stands for standard input.
const STDIN: &str = "-";

/// The sources behind a path, or behind standard input, which is kept aside for the time: it is read more than once.
struct Given {
    sources: Vec<Source>,
    /// Goes when the sources do.
    _aside: Option<Aside>,
}

fn given(path: &Path) -> Result<Given> {
    if path != Path::new(STDIN) {
        return Ok(Given {
            sources: source::sources(path)?,
            _aside: None,
        });
    }
    let aside = disk::keep_aside(&mut std::io::stdin().lock())?;
    let name = aside.file_name().unwrap_or_default();
    let name = name.to_string_lossy().into_owned();
    let mut sources = source::sources(&aside)?;
    for source in &mut sources {
        source.label = source.label.replacen(&name, "stdin", 1);
    }
    Ok(Given {
        sources,
        _aside: Some(aside),
    })
}

fn formats(plan: Option<&Plan>) -> Result<Vec<Format>> {
    formats::load_all(formats_of(plan))
}

/// The folder of formats of one's own: the pipeline's, else the one in which drafts are saved.
fn formats_of(plan: Option<&Plan>) -> &Path {
    plan.map_or(Path::new(FORMATS), |plan| &plan.formats)
}

/// The draft for the first of the sources behind a path.
fn draft(path: &Path, formats: &[Format], rules: &ExportRules<'_>, name: &str) -> Result<String> {
    let given = given(path)?;
    let first = given.sources.first();
    let first = first.ok_or_else(|| Fault::new("holds nothing").at(path.display().to_string()))?;
    drafted(first, formats, rules, name)
}

/// Writes a draft into a folder of formats; one that is there stays.
fn save(folder: &Path, name: &str, draft: &str) -> Result<Outcome> {
    let path = folder.join(format!("{name}.toml"));
    let place = path.display().to_string();
    // A name that is none for a format is refused before anything is written.
    formats::parse(draft, &place)?;
    if path.exists() {
        let fault = Fault::usage("is there already, and is not overwritten").at(&place);
        return Err(fault.hint("choose another name, or remove it").into());
    }
    std::fs::create_dir_all(folder).with_context(|| format!("make {}", folder.display()))?;
    disk::write_whole(&path, draft.as_bytes())?;
    print(&format!(
        "{place}: look at what follows \"look:\" in it, then run `voronka inspect` again"
    ))?;
    Ok(Outcome::Done)
}

/// Whether a sheet is no export while others of its book are.
fn is_passed_over(inspection: &Inspection, all: &[Inspection]) -> bool {
    let fitting = all.iter().filter_map(|other| {
        let layout = other.layout.as_ref().ok()?;
        Some((&other.source, layout.header.as_slice()))
    });
    inspection.layout.is_err() && sheets::is_passed_over(&inspection.source, fitting)
}

fn tell_passed_over(inspection: &Inspection) -> Result<Option<Outcome>> {
    let label = &inspection.source.label;
    print(&format!(
        "{label}: no format fits; passed over, other parts of the file are exports"
    ))?;
    Ok(None)
}
