//! Files of an export by pattern: `*` and `?` inside one name, `**` over any number of folders.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use glob::Pattern;
use walkdir::{DirEntry, WalkDir};

use super::plan::ExportPlan;

/// A pattern of files, taken apart at its folders.
#[derive(Debug, Clone)]
pub struct FilePattern {
    written: String,
    is_absolute: bool,
    steps: Vec<PathPiece>,
}

/// What stands between two separators.
#[derive(Debug, Clone)]
enum PathPiece {
    Above,
    AnyFolders,
    Named(String),
    Fitting(NamePattern),
}

/// A pattern of one name. The walk of [`glob`] itself would follow links out of the folder and could not read a name
/// that is no UTF-8, so the crate judges single names only.
#[derive(Debug, Clone)]
struct NamePattern(Pattern);

impl FilePattern {
    /// A pattern as it is written in a pipeline; both slashes stand between folders.
    pub fn new(written: impl Into<String>) -> Self {
        let written = written.into();
        let steps = written
            .split(['/', '\\'])
            .filter(|step| !step.is_empty() && *step != ".")
            .map(PathPiece::new)
            .collect();
        Self {
            is_absolute: Path::new(&written).is_absolute(),
            steps,
            written,
        }
    }
}

impl fmt::Display for FilePattern {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.written)
    }
}

impl PathPiece {
    fn new(written: &str) -> Self {
        match written {
            ".." => Self::Above,
            "**" => Self::AnyFolders,
            name if !name.contains(['*', '?']) => Self::Named(name.to_owned()),
            pattern => Self::Fitting(NamePattern::new(pattern)),
        }
    }
}

/// What the names of such locks begin with: `~$costs.xlsx`.
const OFFICE_LOCK: &str = "~$";

impl NamePattern {
    /// Sets in brackets are not understood here: exports are called `calls [2].csv`.
    fn new(written: &str) -> Self {
        let mut plain = written.replace('[', "[[]");
        while plain.contains("**") {
            plain = plain.replace("**", "*");
        }
        Self(Pattern::new(&plain).expect("brackets are escaped and stars stand alone"))
    }

    /// A hidden name is meant only by a pattern that begins with its dot, and so is that of the lock which a spreadsheet
    /// program lays beside a book while it is open.
    fn fits(&self, name: &str) -> bool {
        let mut marks = [".", OFFICE_LOCK].into_iter();
        let mark = marks.find(|mark| name.starts_with(mark));
        let is_meant = mark.is_none_or(|mark| self.0.as_str().starts_with(mark));
        is_meant && self.0.matches(name)
    }
}

/// The files of an export that were found, and the folders that could not be looked into.
#[derive(Debug, Default)]
pub struct FoundFiles {
    /// Sorted by path, each once.
    pub paths: Vec<PathBuf>,
    /// With the path of each folder; what lies in them is not among the files.
    pub errors: Vec<io::Error>,
}

/// The files of an export that are there now.
///
/// A folder that does not exist holds no files; hidden names are matched only by a pattern that begins with a dot. One that
/// may not be read keeps no other out.
pub fn files(export: &ExportPlan) -> FoundFiles {
    let mut found = FoundFiles::default();
    for pattern in &export.patterns {
        let root = match pattern.is_absolute {
            true => Path::new("/"),
            false => &export.base,
        };
        walk(root.to_path_buf(), &pattern.steps, &mut found);
    }
    found.paths.sort();
    found.paths.dedup();
    // Two patterns may lead to one folder.
    found.errors.dedup_by_key(|error| error.to_string());
    found
}

fn walk(at: PathBuf, steps: &[PathPiece], found: &mut FoundFiles) {
    let Some((step, rest)) = steps.split_first() else {
        // A link to nothing is found too: reading it says what is wrong, passing it over would hide that.
        if at.is_file() || (at.is_symlink() && !at.is_dir()) {
            found.paths.push(at);
        }
        return;
    };
    match step {
        PathPiece::Above => walk(parent(&at), rest, found),
        PathPiece::Named(name) => {
            let named = at.join(name);
            // A folder stands for the files in it; so does no folder that a pattern comes by.
            if rest.is_empty() && named.is_dir() {
                return walk(named, &[PathPiece::Fitting(NamePattern::new("*"))], found);
            }
            walk(named, rest, found);
        }
        PathPiece::Fitting(pattern) => {
            for entry in inside(&at, &mut found.errors) {
                if pattern.fits(&entry.file_name().to_string_lossy()) {
                    walk(entry.into_path(), rest, found);
                }
            }
        }
        PathPiece::AnyFolders => {
            walk(at.clone(), rest, found);
            for folder in folders_below(&at, &mut found.errors) {
                walk(folder.into_path(), rest, found);
            }
        }
    }
}

/// The folder above, without a `..` in it where the path allows, so that one file has one path.
fn parent(at: &Path) -> PathBuf {
    match (at.file_name(), at.parent()) {
        (Some(_), Some(above)) => above.to_path_buf(),
        _ => at.join(".."),
    }
}

fn inside(folder: &Path, errors: &mut Vec<io::Error>) -> Vec<DirEntry> {
    there(WalkDir::new(folder).min_depth(1).max_depth(1), errors)
}

/// Folders at any depth, but for hidden ones and links.
fn folders_below(folder: &Path, errors: &mut Vec<io::Error>) -> Vec<DirEntry> {
    let is_open_folder = |entry: &DirEntry| {
        entry.depth() == 0
            || entry.file_type().is_dir() && !entry.file_name().to_string_lossy().starts_with('.')
    };
    let walk = WalkDir::new(folder).min_depth(1).into_iter();
    there(walk.filter_entry(is_open_folder), errors)
}

/// What a walk comes by; a folder that is not there holds nothing.
fn there(
    entries: impl IntoIterator<Item = walkdir::Result<DirEntry>>,
    errors: &mut Vec<io::Error>,
) -> Vec<DirEntry> {
    let mut found = Vec::new();
    for entry in entries {
        match entry {
            Ok(entry) => found.push(entry),
            Err(error) if is_absence(&error) => {}
            Err(error) => errors.push(with_path(error)),
        }
    }
    found
}

fn is_absence(error: &walkdir::Error) -> bool {
    let kind = error.io_error().map(io::Error::kind);
    matches!(
        kind,
        Some(io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
    )
}

fn with_path(error: walkdir::Error) -> io::Error {
    let folder = error.path().map(Path::to_owned).unwrap_or_default();
    match error.into_io_error() {
        Some(error) => io::Error::new(error.kind(), format!("{}: {error}", folder.display())),
        None => io::Error::other(format!("{}: links in a circle", folder.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks_fit_inside_one_name() {
        let cases = [
            ("*.csv", "a.csv", true),
            ("*.csv", "a.csv.gz", false),
            ("visits-??.tsv", "visits-07.tsv", true),
            ("visits-??.tsv", "visits-7.tsv", false),
            ("*a*b*", "xxaxxbxx", true),
            ("*a*b", "xxaxxbx", false),
            ("*", ".hidden", false),
            ("*.csv", ".csv", false),
            (".h*", ".hidden", true),
            ("calls [?].csv", "calls [2].csv", true),
            ("[ab]?.csv", "a1.csv", false),
            ("calls***.csv", "calls-1.csv", true),
            ("отчёт-*.csv", "отчёт-май.csv", true),
            ("", "a", false),
        ];
        for (pattern, name, fits) in cases {
            let of_name = NamePattern::new(pattern);
            assert_eq!(of_name.fits(name), fits, "{pattern} {name}");
        }
    }

    #[test]
    fn files_come_sorted_and_once() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in [
            "b/2.csv",
            "b/1.csv",
            "b/deep/er/3.csv",
            "b/1.txt",
            "b/.4.csv",
        ] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
            std::fs::write(path, "x").expect("a file");
        }
        let mut export = ExportPlan::named("any", folder.path().join("b"));
        export.patterns = ["../b/*.csv", "**/*.csv", "none/*.csv", "1.csv"]
            .map(FilePattern::new)
            .to_vec();
        let found = files(&export).paths;
        let names: Vec<_> = found
            .iter()
            .map(|path| {
                path.strip_prefix(folder.path())
                    .expect("inside")
                    .to_string_lossy()
            })
            .collect();
        assert_eq!(names, ["b/1.csv", "b/2.csv", "b/deep/er/3.csv"]);
    }

    #[test]
    fn a_folder_that_cannot_be_looked_into_keeps_no_file_out() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("1.csv"), "x").expect("a file");
        let mut export = ExportPlan::named("any", folder.path());
        // No system opens a folder of such a name; one without permission fails in the same way, but not for root.
        let beyond = format!("{}/*", "x".repeat(300));
        export.patterns = [beyond.as_str(), "*.csv"].map(FilePattern::new).to_vec();
        let found = files(&export);
        assert_eq!(found.paths, [folder.path().join("1.csv")]);
        assert_eq!(found.errors.len(), 1);
    }

    #[test]
    fn a_folder_stands_for_the_files_in_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        std::fs::create_dir_all(root.join("exports/older")).expect("folders");
        for name in ["exports/1.csv", "exports/.2.csv", "exports/older/3.csv"] {
            std::fs::write(root.join(name), "x").expect("a file");
        }
        let mut export = ExportPlan::named("any", root);
        export.patterns = vec![FilePattern::new("exports/")];
        assert_eq!(files(&export).paths, [root.join("exports/1.csv")]);
        // A folder that a pattern comes by is none of its files.
        export.patterns = vec![FilePattern::new("exports/o*")];
        assert!(files(&export).paths.is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn links_to_nothing_are_found_and_links_to_folders_are_not_walked() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        std::fs::create_dir_all(root.join("a/b")).expect("folders");
        std::fs::write(root.join("a/b/1.csv"), "x").expect("a file");
        symlink("gone.csv", root.join("a/2.csv")).expect("a link");
        symlink(root, root.join("a/round")).expect("a link");
        let mut export = ExportPlan::named("any", root);
        export.patterns = vec![
            FilePattern::new(r"**\*.csv"),
            FilePattern::new("a/b/1.csv/*"),
        ];
        let expected = [root.join("a/2.csv"), root.join("a/b/1.csv")];
        assert_eq!(files(&export).paths, expected);
    }
}
