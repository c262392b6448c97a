//! Files of an export by pattern: `*` and `?` inside one name, `**` over any number of folders.

use std::io;
use std::path::{Path, PathBuf};

use super::plan::ExportPlan;

/// The files of an export that are there now, sorted by path, each once.
///
/// A folder that does not exist holds no files; hidden names are matched only by a pattern that begins with a dot.
///
/// # Errors
/// When a folder on the way cannot be read, with its path.
pub fn files(export: &ExportPlan) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for pattern in &export.patterns {
        let steps: Vec<&str> = pattern
            .split(['/', '\\'])
            .filter(|step| !step.is_empty() && *step != ".")
            .collect();
        let root = if Path::new(pattern).is_absolute() {
            Path::new("/")
        } else {
            &export.base
        };
        walk(root.to_path_buf(), &steps, &mut found)?;
    }
    found.sort();
    found.dedup();
    Ok(found)
}

fn walk(at: PathBuf, steps: &[&str], found: &mut Vec<PathBuf>) -> io::Result<()> {
    let Some((step, rest)) = steps.split_first() else {
        // A link to nothing is found too: reading it says what is wrong, passing it over would hide that.
        if at.is_file() || (at.is_symlink() && !at.is_dir()) {
            found.push(at);
        }
        return Ok(());
    };
    match *step {
        ".." => walk(parent(&at), rest, found),
        "**" => {
            walk(at.clone(), rest, found)?;
            for (name, folder) in entries(&at)? {
                if !name.starts_with('.') && folder.is_dir() && !folder.is_symlink() {
                    walk(folder, steps, found)?;
                }
            }
            Ok(())
        }
        literal if !literal.contains(['*', '?']) => walk(at.join(literal), rest, found),
        pattern => {
            for (name, path) in entries(&at)? {
                if matches(pattern, &name) {
                    walk(path, rest, found)?;
                }
            }
            Ok(())
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

fn entries(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let with_path =
        |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", folder.display()));
    let reader = match std::fs::read_dir(folder) {
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            return Ok(Vec::new());
        }
        reader => reader.map_err(with_path)?,
    };
    let mut entries = Vec::new();
    for entry in reader {
        let entry = entry.map_err(with_path)?;
        entries.push((
            entry.file_name().to_string_lossy().into_owned(),
            entry.path(),
        ));
    }
    Ok(entries)
}

/// Whether a name fits a pattern of letters, `*` (any run) and `?` (any one).
fn matches(pattern: &str, name: &str) -> bool {
    if name.starts_with('.') && !pattern.starts_with('.') {
        return false;
    }
    let (pattern, name): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut seen) = (0, 0);
    let mut last_star = None;
    while seen < name.len() {
        match pattern.get(at) {
            Some('*') => {
                last_star = Some((at, seen));
                at += 1;
            }
            Some(letter) if *letter == '?' || *letter == name[seen] => {
                at += 1;
                seen += 1;
            }
            _ => match last_star {
                Some((star, from)) => {
                    last_star = Some((star, from + 1));
                    at = star + 1;
                    seen = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|letter| *letter == '*')
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
            ("отчёт-*.csv", "отчёт-май.csv", true),
            ("", "a", false),
        ];
        for (pattern, name, fits) in cases {
            assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
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
            .map(str::to_owned)
            .to_vec();
        let found = files(&export).expect("files");
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
}
