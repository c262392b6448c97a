//! What the typesetting engine may see: the templates, the digest as data, the charts and two fonts. No disk, no clock.

use std::sync::LazyLock;

use anyhow::{Context as _, Result};
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::output::chart::FONTS;

/// The engine's own things, made once.
struct Engine {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let fonts: Vec<Font> = FONTS
        .into_iter()
        .filter_map(|font| Font::new(Bytes::new(font), 0))
        .collect();
    Engine {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
    }
});

/// What stands for a character that no font has.
const BOX: char = '□';

/// The text as the fonts can set it: names of campaigns hold emoji and letters of any script, and one of them would stop the
/// whole report. A character that no font has becomes a box; one that only joins or varies others goes.
pub(super) fn printable(text: &str) -> String {
    text.chars().filter_map(shown).collect()
}

fn shown(symbol: char) -> Option<char> {
    // No font has them, and nobody sees them.
    if symbol.is_control() && !symbol.is_whitespace() {
        return Some(' ');
    }
    let is_covered = |font: &Font| font.info().coverage.contains(u32::from(symbol));
    if symbol.is_ascii() || symbol.is_whitespace() || ENGINE.fonts.iter().all(is_covered) {
        return Some(symbol);
    }
    // Joiners, marks of direction, selectors of variants, tones of skin.
    let is_unseen = matches!(
        u32::from(symbol),
        0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0xFE00..=0xFE0F | 0xFEFF
            | 0x1F3FB..=0x1F3FF | 0xE0000..=0xE0FFF
    );
    (!is_unseen).then_some(BOX)
}

/// The files of one report.
pub(super) struct Desk {
    main: FileId,
    sources: Vec<Source>,
    files: Vec<(FileId, Bytes)>,
}

impl Desk {
    /// Lays out the template and the files that it reads, by their names.
    ///
    /// # Errors
    /// When a name is no path.
    pub(super) fn new(template: (&str, &str), files: Vec<(String, Vec<u8>)>) -> Result<Self> {
        let main = file_id(template.0)?;
        let file = |(name, bytes): (String, Vec<u8>)| Ok((file_id(&name)?, Bytes::new(bytes)));
        Ok(Self {
            main,
            sources: vec![Source::new(main, template.1.to_owned())],
            files: files.into_iter().map(file).collect::<Result<_>>()?,
        })
    }
}

fn file_id(name: &str) -> Result<FileId> {
    let path = VirtualPath::new(name)
        .ok()
        .with_context(|| format!("{name} is no path"))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &ENGINE.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &ENGINE.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.sources
            .iter()
            .find(|source| source.id() == id)
            .cloned()
            .ok_or_else(|| absent(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files
            .iter()
            .find(|(known, _)| *known == id)
            .map(|(_, bytes)| bytes.clone())
            .ok_or_else(|| absent(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        ENGINE.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn absent(id: FileId) -> FileError {
    FileError::NotFound(id.vpath().get_without_slash().into())
}
