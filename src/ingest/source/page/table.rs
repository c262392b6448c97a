//! The tokens of a page on their way into the rows of one of its tables.

use std::cell::RefCell;

use anyhow::Result;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    CharacterTokens, Tag, TagKind, TagToken, Token, TokenSink, TokenSinkResult,
};

use crate::ingest::source::grid::{Grid, Stopped};

/// Cells that one cell may stand for: no sheet is wider, and a page may claim anything.
const MOST_SPAN: usize = 1000;
/// Rows that an index may leave empty: no sheet has more.
const MOST_ROWS: usize = 1_048_576;

/// Gets the tokens of a page. The tokenizer gives it out shared only.
pub(super) struct Page<'g, 'a> {
    pub(super) state: RefCell<State<'g, 'a>>,
}

/// Where the reading of a page stands.
pub(super) struct State<'g, 'a> {
    grid: &'g mut Grid<'a>,
    /// The table whose rows are wanted, counted from 0.
    wanted: usize,
    /// Tables that have begun so far.
    pub(super) tables: usize,
    /// Tables inside which the reading is, from the wanted one on; 0 outside of it.
    depth: usize,
    /// The text of the cell at hand.
    cell: Option<String>,
    /// Cells that the cell at hand stands for: to the right, and in how many rows.
    span: (usize, usize),
    /// The next column of the row at hand.
    column: usize,
    is_in_row: bool,
    /// Rows that have ended.
    row: usize,
    /// For each column the rows below in which a cell from above holds it.
    held: Vec<usize>,
    is_in_title: bool,
    pub(super) title: String,
    /// Inside a script or a style sheet, whose text is no text.
    is_hidden: bool,
    is_stopped: bool,
}

impl<'g, 'a> Page<'g, 'a> {
    /// Tokens for the table at a position.
    pub(super) fn new(wanted: usize, grid: &'g mut Grid<'a>) -> Self {
        let state = State {
            grid,
            wanted,
            tables: 0,
            depth: 0,
            cell: None,
            span: (1, 1),
            column: 0,
            is_in_row: false,
            row: 0,
            held: Vec::new(),
            is_in_title: false,
            title: String::new(),
            is_hidden: false,
            is_stopped: false,
        };
        Self {
            state: RefCell::new(state),
        }
    }
}

impl TokenSink for Page<'_, '_> {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.state.borrow_mut();
        match token {
            TagToken(tag) if tag.kind == TagKind::StartTag => {
                state.open(&tag);
                return text_behind(&tag);
            }
            TagToken(tag) => state.close(&tag.name),
            CharacterTokens(text) => state.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// Tells the tokenizer that what stands in a script or a style sheet is no mark-up.
fn text_behind(tag: &Tag) -> TokenSinkResult<()> {
    match &*tag.name {
        "script" => TokenSinkResult::RawData(RawKind::ScriptData),
        "style" => TokenSinkResult::RawData(RawKind::Rawtext),
        _ => TokenSinkResult::Continue,
    }
}

impl State<'_, '_> {
    pub(super) fn outcome(&self) -> Result<()> {
        if self.is_stopped {
            return Err(Stopped.into());
        }
        Ok(())
    }

    fn open(&mut self, tag: &Tag) {
        match &*tag.name {
            "table" => self.open_table(),
            "title" => self.is_in_title = self.tables == 0,
            "script" | "style" => self.is_hidden = !tag.self_closing,
            "tr" | "row" if self.depth == 1 => self.open_row(tag),
            "td" | "th" | "cell" if self.depth == 1 => self.open_cell(tag),
            // A line of its own inside a cell.
            "br" => self.put("\n"),
            "p" | "div" | "li" => self.put(" "),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "table" if self.depth > 0 => {
                if self.depth == 1 {
                    self.end_row();
                }
                self.depth -= 1;
            }
            "title" => self.is_in_title = false,
            "script" | "style" => self.is_hidden = false,
            "tr" | "row" if self.depth == 1 => self.end_row(),
            "td" | "th" | "cell" if self.depth == 1 => self.end_cell(),
            _ => {}
        }
    }

    fn open_table(&mut self) {
        let is_inside = self.depth > 0;
        if is_inside || self.tables == self.wanted {
            self.depth += 1;
        }
        self.tables += 1;
    }

    fn open_row(&mut self, tag: &Tag) {
        self.end_row();
        // Rows of a sheet before the one that the index names are empty.
        let before = number(tag, "ss:index").unwrap_or(0).min(MOST_ROWS);
        while self.row + 1 < before && !self.is_stopped {
            self.is_in_row = true;
            self.end_row();
        }
        self.is_in_row = true;
    }

    fn open_cell(&mut self, tag: &Tag) {
        self.end_cell();
        self.is_in_row = true;
        let before = number(tag, "ss:index").unwrap_or(0).min(MOST_SPAN);
        while self.column + 1 < before {
            self.grid.cell("");
            self.hold(0);
        }
        let right = span(tag, "colspan").max(span_beyond(tag, "ss:mergeacross"));
        let below = span(tag, "rowspan").max(span_beyond(tag, "ss:mergedown"));
        self.span = (right, below);
        self.cell = Some(String::new());
    }

    fn text(&mut self, text: &str) {
        if self.is_hidden {
            return;
        }
        if self.is_in_title {
            self.title.push_str(text);
        }
        // Line ends and runs of spaces in the source of a page are one space on it.
        for (at, word) in text
            .split(|symbol: char| symbol.is_ascii_whitespace())
            .enumerate()
        {
            if at > 0 {
                self.put(" ");
            }
            self.put(word);
        }
    }

    fn put(&mut self, text: &str) {
        let Some(cell) = &mut self.cell else { return };
        let is_space_again = text == " " && cell.ends_with([' ', '\n']);
        if !is_space_again {
            cell.push_str(text);
        }
    }

    fn end_cell(&mut self) {
        let Some(text) = self.cell.take() else { return };
        self.pass_held();
        let (right, below) = self.span;
        for at in 0..right {
            self.grid.cell(if at == 0 { text.trim() } else { "" });
            self.hold(below - 1);
        }
    }

    /// Cells of this row that a cell from above holds are empty.
    fn pass_held(&mut self) {
        while let Some(rows) = self.held.get_mut(self.column).filter(|rows| **rows > 0) {
            *rows -= 1;
            self.grid.cell("");
            self.column += 1;
        }
    }

    /// The column at hand is held for so many rows below.
    fn hold(&mut self, rows: usize) {
        if self.held.len() <= self.column {
            self.held.resize(self.column + 1, 0);
        }
        self.held[self.column] = rows;
        self.column += 1;
    }

    pub(super) fn end_row(&mut self) {
        self.end_cell();
        if !self.is_in_row {
            return;
        }
        // Behind the last cell of the row there may be held ones; they have nothing to say but count as passed.
        for rows in self.held.iter_mut().skip(self.column) {
            *rows = rows.saturating_sub(1);
        }
        self.is_in_row = false;
        self.row += 1;
        self.column = 0;
        self.is_stopped |= self.grid.end_row().is_err();
    }
}

/// How many cells an attribute says that a cell stands for.
fn span(tag: &Tag, name: &str) -> usize {
    number(tag, name).unwrap_or(1).clamp(1, MOST_SPAN)
}

/// The same of an attribute that does not count the cell itself.
fn span_beyond(tag: &Tag, name: &str) -> usize {
    number(tag, name).unwrap_or(0).min(MOST_SPAN - 1) + 1
}

fn number(tag: &Tag, name: &str) -> Option<usize> {
    let mut attributes = tag.attrs.iter();
    let attribute = attributes.find(|attribute| &*attribute.name.local == name)?;
    attribute.value.trim().parse().ok()
}
