//! Spreadsheets: XLSX, XLSB, XLS and ODS, sheet by sheet. A sheet of XLSX goes by row by row; the others are held whole.

use std::io::Cursor;

use anyhow::{Context, Result};
use calamine::{
    Cell, Data, DataRef, Dimensions, Ods, Reader, SheetType, SheetVisible, Xls, Xlsb, Xlsx,
};
use memchr::memmem;

use super::Source;
use super::amounts::Currencies;
use super::grid::{Grid, Stopped};
use super::merged::Merged;
use super::moment;
use super::seekable::{Seekable, seekable};
use super::sheet_rows::Rows;
use crate::ingest::cells::TYPED;
use crate::model::fault::Fault;

/// What old office files begin with, and new ones under a password.
pub(super) const OLD: &[u8] = b"\xD0\xCF\x11\xE0";

/// Bytes that the parts of a book may unpack to: ten times the largest sheet that a spreadsheet program opens.
const MOST_UNPACKED: u64 = 4 << 30;
/// Bytes of the parts that are held in memory: texts shared by all sheets, and whole ODS documents.
const MOST_HELD: u64 = 512 << 20;

/// An opened book.
enum Book {
    Xlsx(Xlsx<Seekable>),
    Xlsb(Xlsb<Seekable>),
    Xls(Xls<Seekable>),
    Ods(Ods<Seekable>),
}

/// Whether a zip archive is a file of an office program: these name their parts in a list.
pub(super) fn is_office<R: std::io::Read + std::io::Seek>(archive: &zip::ZipArchive<R>) -> bool {
    let lists: [&[u8]; 3] = [b"[Content_Types].xml", b"mimetype", b"Index/Document.iwa"];
    archive.file_names_raw().any(|name| lists.contains(&name))
}

/// The names of a book's sheets that hold something.
#[derive(Debug, Default)]
pub(super) struct Sheets {
    /// Those that count.
    pub(super) shown: Vec<String>,
    /// Those that are hidden beside them: drafts, lists for menus, an older copy. Who looks at the book does not see them.
    pub(super) hidden: Vec<String>,
}

/// The sheets of a book. Where all that hold something are hidden, they count.
pub(super) fn sheets(source: &Source) -> Result<Sheets> {
    let mut book = open(source)?;
    let mut sheets = Sheets::default();
    for (name, is_hidden) in book.names() {
        if book.holds_something(&name)? {
            let of_kind = if is_hidden {
                &mut sheets.hidden
            } else {
                &mut sheets.shown
            };
            of_kind.push(name);
        }
    }
    if sheets.shown.is_empty() {
        sheets.shown = std::mem::take(&mut sheets.hidden);
    }
    if sheets.shown.is_empty() {
        let fault = Fault::new("the spreadsheet is empty: none of its sheets holds anything");
        return Err(fault.hint("download the export again").into());
    }
    Ok(sheets)
}

/// A row and a column, from 0.
pub(super) type Place = (u32, u32);

/// Gets a cell that holds something.
type EachCell<'e> = dyn FnMut(Place, &str) -> Result<()> + 'e;

impl Book {
    /// The currencies that the cells of a sheet show; unknown in carriers that the library does not read styles of.
    fn currencies(&mut self, sheet: &str) -> Result<Currencies> {
        match self {
            Self::Xlsx(book) => Currencies::of(book, sheet),
            Self::Xlsb(_) | Self::Xls(_) | Self::Ods(_) => Ok(Currencies::default()),
        }
    }

    /// Calls `each` with the cells of a sheet that hold something, row by row.
    fn each_cell(
        &mut self,
        sheet: &str,
        mut currencies: Currencies,
        each: &mut EachCell<'_>,
    ) -> Result<()> {
        match self {
            Self::Xlsx(book) => {
                let mut cells = book.worksheet_cells_reader(sheet).map_err(broken)?;
                while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(broken)? {
                    let is_uncomputed = cell.formula.is_some() && cell.value == DataRef::Empty;
                    if is_uncomputed {
                        return Err(uncomputed(cell.pos).into());
                    }
                    match currencies.at(cell.pos) {
                        Some(currency) if is_number(&cell.value) => {
                            let number = text_of(&Data::from(cell.value));
                            let number = number.trim_end_matches(TYPED);
                            each(cell.pos, &format!("{number} {currency}{TYPED}"))?;
                        }
                        _ => give(&Cell::new(cell.pos, cell.value), each)?,
                    }
                }
                Ok(())
            }
            Self::Xlsb(book) => {
                let mut cells = book.worksheet_cells_reader(sheet).map_err(broken)?;
                while let Some(cell) = cells.next_cell().map_err(broken)? {
                    give(&cell, each)?;
                }
                Ok(())
            }
            Self::Xls(book) => give_all(&book.worksheet_range(sheet).map_err(broken)?, each),
            Self::Ods(book) => give_all(&book.worksheet_range(sheet).map_err(broken)?, each),
        }
    }

    /// The merged cells of a sheet; unknown in carriers that the library does not read them of.
    fn merged(&mut self, sheet: &str) -> Result<Vec<Dimensions>> {
        match self {
            Self::Xlsx(book) => book.merge_cells_by_sheet_name(sheet).map_err(broken),
            Self::Xls(book) => Ok(book.merge_cells_by_sheet_name(sheet).unwrap_or_default()),
            Self::Xlsb(_) | Self::Ods(_) => Ok(Vec::new()),
        }
    }

    /// The names of all sheets, and whether each is hidden.
    fn names(&self) -> Vec<(String, bool)> {
        let sheets = match self {
            Self::Xlsx(book) => book.sheets_metadata(),
            Self::Xlsb(book) => book.sheets_metadata(),
            Self::Xls(book) => book.sheets_metadata(),
            Self::Ods(book) => book.sheets_metadata(),
        };
        let is_table = |sheet: &&calamine::Sheet| sheet.typ == SheetType::WorkSheet;
        sheets
            .iter()
            .filter(is_table)
            .map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible))
            .collect()
    }

    fn holds_something(&mut self, sheet: &str) -> Result<bool> {
        let mut is_empty = true;
        // One cell is enough to know.
        let seen = self.each_cell(sheet, Currencies::default(), &mut |_, _| {
            is_empty = false;
            Err(Stopped.into())
        });
        match seen {
            Err(error) if !error.is::<Stopped>() => Err(error),
            _ => Ok(!is_empty),
        }
    }
}

/// Writes the rows of a sheet. Lines are the sheet's own row numbers, empty rows included.
pub(super) fn rows(source: &Source, sheet: &str, grid: &mut Grid<'_>) -> Result<()> {
    // A book in which no sheet was found goes by no name: it says why.
    if sheet.is_empty() {
        sheets(source)?;
    }
    let mut book = open(source)?;
    let mut rows = Rows::new(grid, Merged::new(book.merged(sheet)?));
    let currencies = book.currencies(sheet)?;
    book.each_cell(sheet, currencies, &mut |place, text| rows.put(place, text))?;
    rows.end()
}

fn open(source: &Source) -> Result<Book> {
    let mut reader = seekable(source, MOST_HELD)?;
    if reader.begins_with(OLD)? {
        return open_old(reader);
    }
    let archive = zip::ZipArchive::new(reader).map_err(broken)?;
    let kind = Kind::of(&archive);
    let reader = measured(archive)?;
    Ok(match kind {
        Kind::Xlsx => Book::Xlsx(Xlsx::new(reader).map_err(broken)?),
        Kind::Xlsb => Book::Xlsb(Xlsb::new(reader).map_err(broken)?),
        Kind::Ods => Book::Ods(Ods::new(reader).map_err(broken)?),
        Kind::Other(what) => return Err(no_spreadsheet(what).into()),
    })
}

/// What an office file in a zip archive is.
enum Kind {
    Xlsx,
    Xlsb,
    Ods,
    Other(&'static str),
}

impl Kind {
    fn of(archive: &zip::ZipArchive<Seekable>) -> Self {
        let has = |part: &str| {
            archive
                .file_names_raw()
                .any(|name| name.starts_with(part.as_bytes()))
        };
        if !is_office(archive) {
            Self::Other("an archive inside of an archive")
        } else if has("Index/Document.iwa") {
            Self::Other("an Apple Numbers or Pages file")
        } else if has("xl/workbook.bin") {
            Self::Xlsb
        } else if has("xl/") {
            Self::Xlsx
        } else if has("word/") {
            Self::Other("a Word document")
        } else if has("ppt/") {
            Self::Other("a presentation")
        } else if has("content.xml") {
            Self::Ods
        } else {
            Self::Other("an office document without a sheet")
        }
    }
}

fn no_spreadsheet(what: &str) -> Fault {
    Fault::new(format!("is {what}, expected a table")).hint("download the export as CSV or XLSX")
}

/// Refuses a book that unpacks to more than any real one. What the archive says of itself may be a lie: it is unpacked
/// once to be measured, into nothing.
fn measured(mut archive: zip::ZipArchive<Seekable>) -> Result<Seekable> {
    let mut all = 0;
    for member in 0..archive.len() {
        let part = archive.by_index(member).context("a part of the book")?;
        let name = part.name_raw();
        let is_held = [&b"haredStrings"[..], b"content.xml", b"styles"]
            .iter()
            .any(|held| memmem::find(name, held).is_some());
        let most = if is_held { MOST_HELD } else { MOST_UNPACKED };
        let bytes = std::io::copy(
            &mut std::io::Read::take(part, most + 1),
            &mut std::io::sink(),
        )?;
        all += bytes;
        if bytes > most || all > MOST_UNPACKED {
            let fault = Fault::new("unpacks to more than any spreadsheet holds");
            return Err(fault.hint("split the export into shorter spans").into());
        }
    }
    Ok(archive.into_inner())
}

/// An old Excel file, or what else lies in the same kind of container.
fn open_old(reader: Seekable) -> Result<Book> {
    let bytes = reader.into_bytes(MOST_HELD)?;
    // The names of the container's streams, in UTF-16.
    let has = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memmem::find(&bytes, &name).is_some()
    };
    if has("EncryptedPackage") {
        return Err(locked().into());
    }
    if has("WordDocument") {
        return Err(no_spreadsheet("a Word document").into());
    }
    if !has("Workbook") && !has("Book") {
        return Err(no_spreadsheet("an office file without a sheet").into());
    }
    let reader = Seekable::Memory(Cursor::new(bytes));
    Ok(Book::Xls(Xls::new(reader).map_err(broken)?))
}

fn locked() -> Fault {
    Fault::new("is locked by a password").hint("save it without a password, or as CSV")
}

/// What is said of a book that cannot be taken apart.
pub(super) fn broken(error: impl std::error::Error + Send + Sync + 'static) -> anyhow::Error {
    let said = error.to_string();
    if said.contains("assword") {
        return locked().into();
    }
    if said.contains("MIME") {
        return no_spreadsheet("an OpenDocument file that is no spreadsheet").into();
    }
    let fault = Fault::new("the spreadsheet is cut or damaged").because(error);
    fault.hint(super::COPY_AGAIN).into()
}

/// A script writes formulas, but only a spreadsheet program writes what they come to.
fn uncomputed((row, column): Place) -> Fault {
    let mut letters = String::new();
    let mut left = column + 1;
    while left > 0 {
        left -= 1;
        letters.insert(0, char::from(b'A' + (left % 26) as u8));
        left /= 26;
    }
    let message = format!(
        "cell {letters}{} holds a formula whose value is not in the file",
        row + 1
    );
    Fault::new(message)
        .hint("open the file in a spreadsheet program and save it, or write values from the script")
}

fn is_number(value: &DataRef<'_>) -> bool {
    matches!(value, DataRef::Float(_) | DataRef::Int(_))
}

fn give(cell: &Cell<DataRef<'_>>, each: &mut EachCell<'_>) -> Result<()> {
    let place = cell.get_position();
    match cell.get_value() {
        // A cell that has nothing but a style is none; books have thousands behind their last row.
        DataRef::Empty => Ok(()),
        DataRef::SharedString(text) => each(place, text),
        DataRef::String(text) => each(place, text),
        other => each(place, &text_of(&Data::from(other.clone()))),
    }
}

fn give_all(range: &calamine::Range<Data>, each: &mut EachCell<'_>) -> Result<()> {
    let (first_row, first_column) = range.start().unwrap_or_default();
    for (row, cells) in (first_row..).zip(range.rows()) {
        for (column, cell) in (first_column..).zip(cells) {
            if !matches!(cell, Data::Empty) {
                each((row, column), &text_of(cell))?;
            }
        }
    }
    Ok(())
}

/// A cell as text: what it holds, not how the sheet shows it.
fn text_of(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => super::grid::typed(*number),
        Data::Bool(is_so) => is_so.to_string(),
        Data::DateTime(at) => moment::of_sheet(at),
        Data::DateTimeIso(text) => moment::of_iso(text),
        Data::DurationIso(text) => moment::of_iso_duration(text),
        Data::Error(error) => error.to_string(),
    }
}
