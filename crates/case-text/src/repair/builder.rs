use case_model::{Repair, RepairKind, Span};

use super::{Block, BlockKind, Repaired};

/// Writes repaired text and logs every difference from the input.
///
/// Offsets given to it count from the start of its input, plus the base given to [`new`](Self::new) (a reader of markup
/// feeds pieces of a file, each with its place in it).
#[derive(Debug)]
pub struct Builder<'a> {
    input: &'a str,
    base: usize,
    text: String,
    repairs: Vec<Repair>,
    blocks: Vec<Block>,
    /// Where in the input an equal stretch would go on.
    cursor: usize,
    /// White space of the input behind the last words, whose replacement depends on what comes next.
    held: Option<(usize, usize)>,
    /// What the next change of place is called in the log.
    jump: RepairKind,
}

impl<'a> Builder<'a> {
    /// A builder for `input`, which starts at byte `base` of the user's bytes.
    pub fn new(input: &'a str, base: usize) -> Self {
        Self {
            input,
            base,
            text: String::with_capacity(input.len()),
            repairs: Vec::new(),
            blocks: Vec::new(),
            cursor: base,
            held: None,
            jump: RepairKind::Jump,
        }
    }

    /// The text so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Number of bytes so far.
    pub fn len(&self) -> u32 {
        self.text.len() as u32
    }

    /// True before the first byte.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The input.
    pub fn input(&self) -> &'a str {
        self.input
    }

    fn seek(&mut self, origin: usize) {
        if let Some((start, end)) = self.held.take() {
            self.replace(start, end, "", RepairKind::Spaces);
        }
        if origin != self.cursor {
            let at = self.len();
            let place = Span::new(origin as u32, origin as u32);
            self.repairs.push(Repair {
                span: Span::new(at, at),
                origin: place,
                kind: std::mem::replace(&mut self.jump, RepairKind::Jump),
                original: Some(String::new()),
            });
            self.cursor = origin;
        }
    }

    /// Copies input bytes `start..end`.
    pub fn keep(&mut self, start: usize, end: usize) {
        if start < end {
            self.seek(self.base + start);
            self.text.push_str(&self.input[start..end]);
            self.cursor = self.base + end;
        }
    }

    /// Writes `with` for input bytes `start..end` and keeps the original in the log.
    pub fn replace(&mut self, start: usize, end: usize, with: &str, kind: RepairKind) {
        let original = &self.input[start..end];
        if original == with {
            return self.keep(start, end);
        }
        self.log(start, end, with, kind, Some(original.to_owned()));
    }

    /// Writes `with` for input bytes `start..end` that are markup: the log names the place only.
    pub fn replace_markup(&mut self, start: usize, end: usize, with: &str, kind: RepairKind) {
        if start == end && with.is_empty() {
            return;
        }
        // Neighbouring markup that leaves nothing behind is one entry.
        let origin = Span::new((self.base + start) as u32, (self.base + end) as u32);
        if with.is_empty()
            && self.cursor == self.base + start
            && let Some(last) = self.repairs.last_mut()
            && last.kind == RepairKind::Markup
            && last.span.end == self.text.len() as u32
            && last.origin.end == origin.start
        {
            last.origin.end = origin.end;
            self.cursor = self.base + end;
            return;
        }
        self.log(start, end, with, kind, None);
    }

    fn log(&mut self, start: usize, end: usize, with: &str, kind: RepairKind, original: Option<String>) {
        self.seek(self.base + start);
        let at = self.len();
        self.text.push_str(with);
        self.repairs.push(Repair {
            span: Span::new(at, self.len()),
            origin: Span::new((self.base + start) as u32, (self.base + end) as u32),
            kind,
            original,
        });
        self.cursor = self.base + end;
    }

    /// Writes `with`, which stands nowhere in the input, without moving on.
    pub fn insert(&mut self, with: &str) {
        if with.is_empty() {
            return;
        }
        let at = self.len();
        let place = self.cursor as u32;
        self.text.push_str(with);
        self.repairs.push(Repair {
            span: Span::new(at, self.len()),
            origin: Span::new(place, place),
            kind: RepairKind::Inserted,
            original: Some(String::new()),
        });
    }

    /// Leaves open what becomes of the white space `start..end` until it is clear what comes next.
    pub(super) fn hold(&mut self, start: usize, end: usize) {
        self.held = (start < end).then_some((start, end));
    }

    /// Ends a block: an empty line in place of the white space that is held.
    pub fn paragraph_break(&mut self) {
        match self.held.take() {
            Some((start, end)) => self.replace(start, end, "\n\n", RepairKind::ParagraphBreak),
            None => self.insert("\n\n"),
        }
    }

    /// Leaves out input bytes `start..end`.
    pub(super) fn drop_range(&mut self, start: usize, end: usize, kind: RepairKind) {
        if start < end {
            self.replace(start, end, "", kind);
        }
    }

    /// Says that what comes next was moved here.
    pub(super) fn move_here(&mut self) {
        self.jump = RepairKind::Moved;
    }

    /// Leaves out what is still held.
    pub(super) fn end_of_text(&mut self) {
        if let Some((start, end)) = self.held.take() {
            self.replace(start, end, "", RepairKind::Spaces);
        }
    }

    /// Notes that a block went from byte `start` of the text to here. Blocks without words are not noted.
    pub fn block(&mut self, kind: BlockKind, start: u32) {
        let body = &self.text[start as usize..];
        let lead = (body.len() - body.trim_start().len()) as u32;
        let end = start + body.trim_end().len() as u32;
        if start + lead < end {
            self.blocks.push(Block { kind, span: Span::new(start + lead, end) });
        }
    }

    /// The result.
    pub fn finish(self) -> Repaired {
        Repaired { text: self.text, repairs: self.repairs, blocks: self.blocks }
    }
}
