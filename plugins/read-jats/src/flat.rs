//! The text laid bare: runs of words without markup, with the way back to the file.
//!
//! Everything is written in runs. A run is a paragraph, a heading or a cell: words between which at most one stretch of
//! space stands, none at the ends. Between runs stand separators that are nowhere in the file. Places are bytes of the
//! text laid bare; [`finish`](Flat::finish) repairs its characters and says where the places have gone.

use case_text::repair::{Block, BlockKind, Builder, Forward, Repaired, chain, write_plain};
use casemill_plugin_sdk::model::{Repair, RepairKind};
use casemill_plugin_sdk::prelude::Span;

/// Space that is written when more words follow in the same run.
#[derive(Clone, Copy, Debug)]
enum Gap {
    /// Bytes of the file that are space.
    Source(usize, usize),
    /// Bytes of the file that stand for a space: `&nbsp;`.
    Reference(usize, usize),
    /// An element parts the words.
    Element,
}

/// Writes the text laid bare.
#[derive(Debug)]
pub(crate) struct Flat<'a> {
    xml: &'a str,
    out: Builder<'a>,
    /// End of the bytes of the file written last.
    cursor: usize,
    /// True if what comes next stands at another place of the file than behind what was written last.
    elsewhere: bool,
    runs: Vec<Span>,
    blocks: Vec<Block>,
    /// Where the open run starts.
    run: Option<u32>,
    gap: Option<Gap>,
    /// True behind a citation mark: letters and digits keep their distance.
    behind_mark: bool,
    /// True if space before the next words is not meant.
    tight: bool,
}

impl<'a> Flat<'a> {
    /// A writer for a file that starts at byte `base` of the user's bytes.
    pub(crate) fn new(xml: &'a str, base: usize) -> Self {
        Self {
            xml,
            out: Builder::new(xml, base),
            cursor: 0,
            elsewhere: false,
            runs: Vec::new(),
            blocks: Vec::new(),
            run: None,
            gap: None,
            behind_mark: false,
            tight: false,
        }
    }

    /// Number of bytes so far.
    pub(crate) fn len(&self) -> u32 {
        self.out.len()
    }

    /// The words of the open run so far.
    pub(crate) fn run(&self) -> &str {
        self.run.map_or("", |start| &self.out.text()[start as usize..])
    }

    /// The words at a place.
    pub(crate) fn words(&self, span: Span) -> &str {
        span.of(self.out.text()).unwrap_or_default()
    }

    /// True if space or nothing stands before what comes next.
    pub(crate) fn is_apart(&self) -> bool {
        self.gap.is_some() || self.run().is_empty()
    }

    /// Says that reading goes on at another place of the file.
    pub(crate) fn go_elsewhere(&mut self) {
        self.elsewhere = true;
    }

    /// Leaves out the markup up to byte `start` of the file.
    fn seek(&mut self, start: usize) {
        if start > self.cursor && !self.elsewhere {
            self.out.replace_markup(self.cursor, start, "", RepairKind::Markup);
        }
        self.elsewhere = false;
        self.cursor = start;
    }

    /// Starts a run unless one is open, and writes the space that is owed before `next`.
    fn ready(&mut self, next: &str) {
        self.tight = false;
        if matches!(self.gap, Some(Gap::Source(..))) && (self.run().ends_with(['(', '[']) || is_closing(next)) {
            self.gap = None;
        }
        match self.run {
            None => {
                if !self.out.is_empty() {
                    self.out.insert("\n\n");
                }
                self.run = Some(self.out.len());
                self.gap = None;
            }
            Some(_) => match self.gap.take() {
                Some(Gap::Source(start, end)) => self.keep(start, end),
                Some(Gap::Reference(start, end)) => self.resolved(start, end, " "),
                Some(Gap::Element) => self.out.insert(" "),
                None => {}
            },
        }
    }

    fn keep(&mut self, start: usize, end: usize) {
        self.seek(start);
        self.out.keep(start, end);
        self.cursor = end;
    }

    fn resolved(&mut self, start: usize, end: usize, with: &str) {
        self.seek(start);
        self.out.replace_markup(start, end, with, RepairKind::Markup);
        self.cursor = end;
    }

    /// Keeps a letter or digit away from the citation mark before it.
    fn step_away(&mut self, first: char) {
        if std::mem::take(&mut self.behind_mark) && self.gap.is_none() && first.is_alphanumeric() {
            self.gap = Some(Gap::Element);
        }
    }

    /// Writes characters of the file.
    pub(crate) fn characters(&mut self, start: usize, end: usize) {
        let all = &self.xml[start..end];
        let words = all.trim_start_matches(is_space);
        let from = end - words.len();
        if from > start {
            self.owe(Gap::Source(start, from));
        }
        let words = words.trim_end_matches(is_space);
        let Some(first) = words.chars().next() else { return };
        self.step_away(first);
        self.ready(words);
        self.keep(from, from + words.len());
        if from + words.len() < end {
            self.owe(Gap::Source(from + words.len(), end));
        }
    }

    /// Writes what a reference at bytes `start..end` of the file stands for.
    pub(crate) fn reference(&mut self, start: usize, end: usize, characters: &str) {
        let Some(first) = characters.chars().next() else { return };
        if characters.chars().all(is_space) {
            return self.owe(Gap::Reference(start, end));
        }
        // Control characters have no place in a text.
        if characters.chars().all(char::is_control) {
            return;
        }
        self.step_away(first);
        self.ready(characters);
        self.resolved(start, end, characters);
    }

    /// Writes characters that stand nowhere in the file.
    pub(crate) fn insert(&mut self, characters: &str) {
        self.ready(characters);
        self.out.insert(characters);
    }

    fn owe(&mut self, gap: Gap) {
        if self.run.is_some_and(|start| start < self.out.len()) && self.gap.is_none() && !self.tight {
            self.gap = Some(gap);
        }
    }

    /// Parts what comes next from what was written.
    pub(crate) fn space(&mut self) {
        self.owe(Gap::Element);
    }

    /// Lets the next words follow without the space that stands between them in the file, or no longer.
    pub(crate) fn set_tight(&mut self, tight: bool) {
        self.tight = tight;
    }

    /// Takes back the space that is owed.
    pub(crate) fn no_space(&mut self) {
        self.gap = None;
    }

    /// Starts the run or writes the space that is owed, so that the next word stands at the place returned.
    pub(crate) fn place(&mut self) -> u32 {
        self.ready("");
        self.out.len()
    }

    /// Says that a citation mark ends here.
    pub(crate) fn end_mark(&mut self) {
        self.behind_mark = true;
    }

    fn end_run(&mut self) -> Option<Span> {
        self.gap = None;
        self.behind_mark = false;
        let span = Span::new(self.run.take()?, self.out.len());
        self.runs.push(span);
        Some(span)
    }

    /// Ends a block; `None` if nothing was written since the last one.
    pub(crate) fn end_block(&mut self, kind: BlockKind) -> Option<Span> {
        let span = self.end_run()?;
        self.blocks.push(Block { kind, span });
        Some(span)
    }

    /// Starts the rows of a table.
    pub(crate) fn begin_rows(&mut self) -> u32 {
        if !self.out.is_empty() {
            self.out.insert("\n\n");
        }
        self.out.len()
    }

    /// Ends a row.
    pub(crate) fn end_row(&mut self) {
        self.out.insert("\n");
    }

    /// Parts two cells.
    pub(crate) fn end_column(&mut self) {
        self.out.insert("\t");
    }

    /// Starts a cell.
    pub(crate) fn begin_cell(&mut self) {
        self.run = Some(self.out.len());
        self.gap = None;
    }

    /// Ends a cell.
    pub(crate) fn end_cell(&mut self) -> Span {
        self.end_run().unwrap_or_default()
    }

    /// Ends the rows of a table that start at `start`.
    pub(crate) fn end_rows(&mut self, start: u32) -> Span {
        let span = Span::new(start, self.out.len());
        self.blocks.push(Block { kind: BlockKind::Table, span });
        span
    }

    /// Repairs the characters of all runs.
    pub(crate) fn finish(self) -> Finished {
        let Repaired { text: bare, repairs: first, .. } = self.out.finish();
        let mut out = Builder::new(&bare, 0);
        let mut at = 0;
        for run in &self.runs {
            out.keep(at, run.start as usize);
            write_plain(&mut out, run.start as usize, run.end as usize);
            at = run.end as usize;
        }
        out.keep(at, bare.len());
        let Repaired { text, repairs: second, .. } = out.finish();
        Finished { text, blocks: self.blocks, first, second }
    }
}

/// True for signs that stand right behind a word. Conversion leaves space between the element that ends and them:
/// `<given-names>J. </given-names>, `. Not the point of `.5`.
fn is_closing(next: &str) -> bool {
    let behind = next.trim_start_matches([',', ';', ')', ']', '.']);
    behind.len() < next.len() && !(next.starts_with('.') && behind.starts_with(|c: char| c.is_ascii_digit()))
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || c == '\u{200b}'
}

/// The text, its map, and where the places of the text laid bare have gone.
#[derive(Debug)]
pub(crate) struct Finished {
    text: String,
    blocks: Vec<Block>,
    /// From the text laid bare to the file.
    first: Vec<Repair>,
    /// From the text to the text laid bare.
    second: Vec<Repair>,
}

impl Finished {
    /// The words that became of the words at a place.
    pub(crate) fn span(&self, span: Span) -> Span {
        Forward::new(&self.second).span(span, &self.text)
    }

    /// The text and its map.
    pub(crate) fn into_text(self) -> (String, Vec<Repair>) {
        let repairs = chain(&self.first, self.second, self.text.len() as u32);
        (self.text, repairs)
    }

    /// The blocks of the text.
    pub(crate) fn blocks(&self) -> Vec<Block> {
        let moved = self.blocks.iter().map(|b| Block { span: self.span(b.span), ..*b });
        moved.filter(|b| !b.span.is_empty()).collect()
    }
}
