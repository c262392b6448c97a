//! The lake: typed parquet files by table and month, and the catalog that says which of them are live.

pub mod catalog;
pub mod cube;
pub mod export;
pub mod frame;
pub mod kept;
mod keys;
mod migrations;
mod months;
pub mod nameless;
mod origins;
mod parts;
pub mod rejects;
mod remarks;
pub mod scan;
pub mod seen;
pub mod stamps;
mod states;
mod tellings;
pub mod text_codes;
pub mod vacuum;
mod vanished;
pub mod verify;
pub mod writer;

use std::collections::HashSet;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use self::catalog::Catalog;
use crate::disk::remove_drafts;
use crate::model::fault::Fault;
use crate::model::table::Table;

/// An open lake.
pub struct Lake {
    /// Its folder.
    pub dir: PathBuf,
    /// Its catalog.
    pub catalog: Catalog,
}

/// The right to do something with a lake; one process at a time. Given up when dropped.
pub struct WriteLock {
    _file: File,
}

impl Lake {
    /// Opens a lake, making it when it is not there.
    ///
    /// # Errors
    /// When the folder cannot be made or the catalog cannot be opened.
    pub fn open(dir: &Path) -> Result<Self> {
        std::fs::create_dir_all(dir).with_context(|| format!("make {}", dir.display()))?;
        let catalog = Catalog::open(&dir.join("state.db"))?;
        Ok(Self {
            dir: dir.to_owned(),
            catalog,
        })
    }

    /// Where the identity key lies when the environment holds none.
    pub fn key_file(&self) -> PathBuf {
        self.dir.join("identity.key")
    }

    /// Takes the right to change the lake and removes what a killed run left behind.
    ///
    /// # Errors
    /// When another process is changing it.
    pub fn lock(&self) -> Result<WriteLock> {
        let lock = self.try_lock("write.lock")?;
        let lock = lock.ok_or_else(|| self.is_being_changed())?;
        // Only now: without the lock they might be files of a run that goes on.
        self.remove_orphans()?;
        remove_drafts(&self.dir);
        Ok(lock)
    }

    /// Takes the right to do what the schedule says; `None` when another process has it. The system gives it up with the
    /// process, however that ends.
    ///
    /// # Errors
    /// When the lock cannot be made.
    pub fn lock_schedule(&self) -> Result<Option<WriteLock>> {
        self.try_lock("schedule.lock")
    }

    /// Waits for the right to hand letters over: two processes never ask at once who has which.
    ///
    /// # Errors
    /// When the lock cannot be made.
    pub fn lock_outbox(&self) -> Result<WriteLock> {
        let (path, file) = self.lock_file("outbox.lock")?;
        file.lock()
            .with_context(|| format!("lock {}", path.display()))?;
        Ok(WriteLock { _file: file })
    }

    /// A right that nobody has now; `None` when another process has it.
    fn try_lock(&self, name: &str) -> Result<Option<WriteLock>> {
        let (path, file) = self.lock_file(name)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(WriteLock { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("lock {}", path.display()))
            }
        }
    }

    fn lock_file(&self, name: &str) -> Result<(PathBuf, File)> {
        let path = self.dir.join(name);
        let file = File::create(&path).with_context(|| format!("make {}", path.display()))?;
        Ok((path, file))
    }

    fn is_being_changed(&self) -> Fault {
        Fault::new("another voronka is changing this lake")
            .at(self.dir.display().to_string())
            .hint("wait until it ends, then run again")
    }

    /// Files that no commit made visible: a run was killed between writing them and its commit.
    fn remove_orphans(&self) -> Result<()> {
        let mut known = HashSet::new();
        for path in self.catalog.all_paths()? {
            known.insert(self.dir.join(path));
        }
        for table in folders(&self.dir)? {
            for month in folders(&table)? {
                for file in std::fs::read_dir(&month)? {
                    let path = file?.path();
                    if !known.contains(&path) {
                        std::fs::remove_file(&path)
                            .with_context(|| format!("remove {}", path.display()))?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// The folders of the lake in a folder.
fn folders(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).with_context(|| format!("read {}", dir.display()))? {
        let entry = entry?;
        let name = entry.file_name();
        if entry.file_type()?.is_dir() && is_of_the_lake(&name.to_string_lossy()) {
            found.push(entry.path());
        }
    }
    Ok(found)
}

/// Whether a folder is one that the lake makes: files are removed in no other.
fn is_of_the_lake(folder: &str) -> bool {
    let is_beside_tables = ["rejects", cube::CUBE.name, states::DEAL_STATES].contains(&folder);
    folder.starts_with("month=") || Table::named(folder).is_some() || is_beside_tables
}
