//! Files that are whole or absent: written beside their place, made durable, then moved there.

use std::ffi::OsStr;
use std::fs::{self, DirEntry, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use tempfile::{Builder, NamedTempFile, TempPath};

/// How the name of a draft begins and ends.
const DRAFT: (&str, &str) = (".voronka-", ".part");
/// Where files cannot be locked: a draft that nobody touched for so long has no process any more that writes it.
const ABANDONED_AFTER: Duration = Duration::from_secs(3600);

/// Writes a file. Under its name it is whole from the first moment on, and whom the umask allows may read it.
///
/// # Errors
/// When the folder cannot be written or the disk is full; what was there before stays.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let written = fill_whole(path, |file| Ok(file.write_all(bytes)?));
    written.with_context(|| format!("cannot write {}", path.display()))
}

/// Writes a file as [`write_whole`] does, with what `fill` puts into it.
///
/// # Errors
/// When the folder cannot be written, the disk is full, or `fill` fails; what was there before stays.
pub fn fill_whole(path: &Path, fill: impl FnOnce(&mut File) -> Result<()>) -> Result<()> {
    place(path, fill)?;
    Ok(sync(folder(path))?)
}

/// Puts a whole file into its place; that it is there is durable when its folder is.
fn place(path: &Path, fill: impl FnOnce(&mut File) -> Result<()>) -> Result<()> {
    let draft = filled(path, fill)?;
    draft.as_file().sync_all()?;
    name(draft, path)
}

/// A draft with all that goes into a file.
fn filled(path: &Path, fill: impl FnOnce(&mut File) -> Result<()>) -> Result<NamedTempFile> {
    let mut draft = draft(folder(path), 0o666)?;
    fill(draft.as_file_mut())?;
    Ok(draft)
}

/// Gives a draft that is on the disk its name.
fn name(draft: NamedTempFile, path: &Path) -> Result<()> {
    draft.persist(path).map_err(|failed| failed.error)?;
    Ok(())
}

/// So many drafts are open at once.
const TOGETHER: usize = 64;

/// Writes several files of one folder as [`write_whole`] does; their names are made durable together. One at a time is asked for
/// and held: what all of them are need not fit into memory.
///
/// # Errors
/// When a file cannot be made, the folder cannot be written or the disk is full; each file is whole, or what it was before.
pub fn write_all_whole<B: AsRef<[u8]>>(
    dir: &Path,
    files: impl IntoIterator<Item = Result<(PathBuf, B)>>,
) -> Result<()> {
    let mut files = files.into_iter().peekable();
    while files.peek().is_some() {
        write_some_whole(files.by_ref().take(TOGETHER))?;
    }
    sync(dir).with_context(|| format!("cannot write {}", dir.display()))
}

/// All are written before the first is waited for, and all are on the disk before the first gets its name: the disk takes them
/// together, and not one after the other.
fn write_some_whole<B: AsRef<[u8]>>(
    files: impl Iterator<Item = Result<(PathBuf, B)>>,
) -> Result<()> {
    let failed = |path: &Path| format!("cannot write {}", path.display());
    let mut drafts = Vec::new();
    for file in files {
        let (path, bytes) = file?;
        let draft = filled(&path, |file| Ok(file.write_all(bytes.as_ref())?));
        let draft = draft.with_context(|| failed(&path))?;
        drafts.push((path, draft));
    }
    for (path, draft) in &drafts {
        let synced = draft.as_file().sync_all();
        synced.with_context(|| failed(path))?;
    }
    for (path, draft) in drafts {
        name(draft, &path).with_context(|| failed(&path))?;
    }
    Ok(())
}

/// A file that is kept for the time; it goes when this does.
pub type Aside = TempPath;

/// Keeps all that a reader gives in a file that its owner alone may read, and that goes when what is returned does.
///
/// # Errors
/// When the folder of temporary files cannot be written or is full.
pub fn keep_aside(reader: &mut dyn Read) -> Result<Aside> {
    let mut file = NamedTempFile::new()?;
    io::copy(reader, file.as_file_mut())?;
    Ok(file.into_temp_path())
}

/// Writes a file that its owner alone may read, where there is none yet.
///
/// # Errors
/// When there is one already, or it cannot be written.
pub fn write_secret(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut draft = draft(folder(path), 0o600)?;
    draft.as_file_mut().write_all(bytes)?;
    draft.as_file().sync_all()?;
    let placed = draft.persist_noclobber(path);
    placed.map_err(|failed| failed.error)?;
    Ok(sync(folder(path))?)
}

/// Removes the drafts of a folder that no process writes any more: a kill left them.
pub fn remove_drafts(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten();
    for entry in entries.flatten().filter(is_draft) {
        // One that stays takes room and does no other harm.
        let _ = remove_abandoned(&entry.path());
    }
}

/// Does what [`remove_drafts`] does in a folder and in all that it holds.
pub fn remove_drafts_under(folder: &Path) {
    remove_drafts(folder);
    let entries = fs::read_dir(folder).into_iter().flatten();
    let is_folder = |entry: &DirEntry| entry.file_type().is_ok_and(|kind| kind.is_dir());
    for entry in entries.flatten().filter(is_folder) {
        remove_drafts_under(&entry.path());
    }
}

fn is_draft(entry: &DirEntry) -> bool {
    let name = entry.file_name();
    let is_named_so = |name: &str| name.starts_with(DRAFT.0) && name.ends_with(DRAFT.1);
    name.to_str().is_some_and(is_named_so)
}

/// Removes a draft, unless a process holds it. It is removed under the lock: who made it and has not locked it yet finds it gone.
fn remove_abandoned(path: &Path) -> io::Result<()> {
    // Some file systems lock only what is open for writing.
    let file = OpenOptions::new().read(true).write(true).open(path)?;
    match file.try_lock() {
        Ok(()) => fs::remove_file(path),
        Err(TryLockError::WouldBlock) => Ok(()),
        Err(TryLockError::Error(_)) if is_old(&file)? => fs::remove_file(path),
        Err(TryLockError::Error(_)) => Ok(()),
    }
}

fn is_old(file: &File) -> io::Result<bool> {
    let touched = file.metadata()?.modified()?;
    Ok(touched.elapsed().is_ok_and(|age| age > ABANDONED_AFTER))
}

/// A draft that is locked until it is closed: the system gives the lock up with the process, however that ends.
fn draft(folder: &Path, mode: u32) -> io::Result<NamedTempFile> {
    loop {
        let draft = unlocked(folder, mode)?;
        // Where files cannot be locked, its age tells whether somebody is at work.
        let _ = draft.as_file().lock();
        if draft.path().try_exists()? {
            return Ok(draft);
        }
    }
}

#[cfg_attr(not(unix), expect(unused_variables))]
fn unlocked(folder: &Path, mode: u32) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(DRAFT.0).suffix(DRAFT.1);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(mode));
    builder.tempfile_in(folder)
}

fn folder(path: &Path) -> &Path {
    let parent = path.parent().filter(|parent| *parent != OsStr::new(""));
    parent.unwrap_or(Path::new("."))
}

/// A name is durable when its folder is.
#[cfg(unix)]
fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync(_folder: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder");
        let mut names: Vec<String> = entries
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_that_fails_leaves_the_one_before_and_no_draft() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        write_whole(&path, b"before").expect("written");
        fill_whole(&path, |file| {
            file.write_all(b"half")?;
            anyhow::bail!("the disk is full")
        })
        .expect_err("it fails");
        assert_eq!(fs::read(&path).expect("a file"), b"before");
        assert_eq!(names(folder.path()), ["a.txt"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_is_as_open_as_any_other_and_a_secret_is_its_owners() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let mode = |name: &str| {
            let metadata = fs::metadata(folder.path().join(name)).expect("a file");
            metadata.permissions().mode() & 0o777
        };
        fs::write(folder.path().join("plain"), "x").expect("written");
        write_whole(&folder.path().join("whole"), b"x").expect("written");
        write_secret(&folder.path().join("secret"), b"x").expect("written");
        assert_eq!(mode("whole"), mode("plain"));
        assert_eq!(mode("secret"), 0o600);
    }

    #[test]
    fn a_secret_is_never_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        write_secret(&path, b"one").expect("written");
        write_secret(&path, b"two").expect_err("it is there");
        assert_eq!(fs::read(&path).expect("a file"), b"one");
        assert_eq!(names(folder.path()), ["key"]);
    }

    #[test]
    fn drafts_that_nobody_holds_are_removed_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let inner = folder.path().join("charts");
        fs::create_dir(&inner).expect("a folder");
        for name in [".voronka-left.part", "digest.json", ".hidden.part"] {
            File::create(folder.path().join(name)).expect("a file");
            File::create(inner.join(name)).expect("a file");
        }
        let held = draft(&inner, 0o666).expect("a draft");
        let held_name = held.path().file_name().expect("a name");
        let held_name = held_name.to_string_lossy().into_owned();
        remove_drafts(folder.path());
        assert_eq!(
            names(folder.path()),
            [".hidden.part", "charts", "digest.json"]
        );
        remove_drafts_under(folder.path());
        assert_eq!(names(&inner), [".hidden.part", &*held_name, "digest.json"]);
        drop(held);
    }

    #[test]
    fn a_draft_that_was_taken_away_before_it_was_locked_is_made_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        std::thread::scope(|scope| {
            let sweeps = scope.spawn(|| (0..2000).for_each(|_| remove_drafts(folder.path())));
            while !sweeps.is_finished() {
                write_whole(&path, b"whole").expect("written");
            }
        });
        assert_eq!(fs::read(&path).expect("a file"), b"whole");
        assert_eq!(names(folder.path()), ["a.txt"]);
    }
}
