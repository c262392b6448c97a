//! Whole outputs held against files, so that a changed sentence is a diff to be read. The library's own tests share this.

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// The snapshots of one test: all outputs are compared before it fails, so that one run shows every changed sentence.
pub struct Snapshots {
    folder: PathBuf,
    seen: BTreeSet<String>,
    changed: Vec<String>,
}

impl Snapshots {
    /// Those in a folder of the repository, which is this test's alone.
    pub fn in_folder(folder: &str) -> Self {
        Self {
            folder: Path::new(env!("CARGO_MANIFEST_DIR")).join(folder),
            seen: BTreeSet::new(),
            changed: Vec::new(),
        }
    }

    /// Holds one output against its snapshot: `compare` is an `insta::assert_snapshot!` with this name. What the output
    /// was made from stands on top of the file.
    pub fn hold(&mut self, name: &str, made_from: &str, compare: impl FnOnce()) {
        let is_first = self.seen.insert(name.to_owned());
        assert!(is_first, "two outputs are named {name}");
        let mut settings = insta::Settings::new();
        settings.set_snapshot_path(&self.folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_description(made_from);
        if catch_unwind(AssertUnwindSafe(|| settings.bind(compare))).is_err() {
            self.changed.push(name.to_owned());
        }
    }

    /// Ends the test: it fails when an output is not as its snapshot, or a snapshot is no output's.
    #[track_caller]
    pub fn end(self) {
        let files = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let names = files.map(|file| file.file_name().to_string_lossy().into_owned());
        let left: Vec<String> = names
            .filter_map(|name| Some(name.strip_suffix(".snap")?.to_owned()))
            .filter(|name| !self.seen.contains(name))
            .collect();
        assert!(
            self.changed.is_empty() && left.is_empty(),
            "in {}, new or changed: {:?}; of nothing any more: {left:?} (CONTRIBUTING.md says what to do)",
            self.folder.display(),
            self.changed
        );
    }
}
