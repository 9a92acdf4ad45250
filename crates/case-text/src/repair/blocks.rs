//! Slices to blocks: which lines make a paragraph, a heading, a caption, a table; and what stands between them.

use case_model::RepairKind;

use super::hyphen::{Division, WordEvidence};
use super::slices::Slice;
use super::{BlockKind, Builder};
use crate::structure::{caption_start, heading_kind};

/// A planned block: slices in reading order.
#[derive(Debug)]
struct Planned {
    kind: BlockKind,
    slices: Vec<Slice>,
    /// True if it interrupts the block before it and is put behind it.
    moved: bool,
}

/// All blocks in reading order.
#[derive(Debug)]
pub(super) struct Plan {
    blocks: Vec<Planned>,
    evidence: WordEvidence,
}

/// Decides what the slices make.
pub(super) fn plan(input: &str, slices: Vec<Slice>) -> Plan {
    let wrapped = is_wrapped(input, &slices);
    let width = usual_width(input, &slices);
    let mut planner =
        Planner { input, wrapped, width, blocks: vec![], lead: vec![], open: None, caption: None, lifted: vec![] };
    for slice in split_captions(input, slices) {
        planner.add(slice);
    }
    let blocks = planner.finish();
    let evidence = if wrapped { WordEvidence::gather(input) } else { WordEvidence::default() };
    Plan { blocks, evidence }
}

/// True if lines end where the column ends and not where a thought ends.
fn is_wrapped(input: &str, slices: &[Slice]) -> bool {
    let (mut pairs, mut inside) = (0, 0);
    let mut lines = slices.iter().filter(|s| s.dropped.is_none());
    let Some(mut last) = lines.next() else { return false };
    for line in lines {
        if last.breaks == 1 && last.end - last.start > 25 {
            pairs += 1;
            let words = last.words(input);
            let next = line.words(input);
            if !ends_sentence(words) && next.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit() || c == '(') {
                inside += 1;
            }
        }
        last = line;
    }
    pairs >= 3 && inside * 4 > pairs
}

fn ends_sentence(words: &str) -> bool {
    let bare = words.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, ',' | '-' | '–' | '[' | ']'));
    [words, bare].iter().any(|w| w.ends_with(['.', '!', '?', ':', ';']) || w.ends_with(".\"") || w.ends_with(".)"))
}

/// Length of a full line.
fn usual_width(input: &str, slices: &[Slice]) -> usize {
    let mut widths: Vec<usize> = slices.iter().filter(|s| s.dropped.is_none()).map(|s| s.words(input).len()).collect();
    widths.sort_unstable();
    widths.get(widths.len() * 3 / 4).copied().unwrap_or(0)
}

/// Cuts a caption off that is glued to the end of a sentence: `symptoms.Fig. 1 Rash on the left flank.`
fn split_captions(input: &str, slices: Vec<Slice>) -> Vec<Slice> {
    let mut out = Vec::with_capacity(slices.len());
    for mut slice in slices {
        if slice.dropped.is_none() {
            let words = slice.words(input);
            let mut from = 0;
            while let Some(at) = words[from..].find(".Fig").map(|i| i + from + 1) {
                from = at;
                if caption_start(&words[at..]).is_some() {
                    let cut = slice.start + at;
                    out.push(Slice { end: cut, tail: cut, breaks: 2, page_end: false, ..slice });
                    slice.start = cut;
                    break;
                }
            }
        }
        out.push(slice);
    }
    out
}

struct Planner<'a> {
    input: &'a str,
    wrapped: bool,
    width: usize,
    blocks: Vec<Planned>,
    /// Slices without words before the first block.
    lead: Vec<Slice>,
    /// The block being filled.
    open: Option<Planned>,
    /// A caption that interrupts the open block, or seems to.
    caption: Option<Planned>,
    /// Captions lifted out of the open block.
    lifted: Vec<Planned>,
}

impl Planner<'_> {
    fn add(&mut self, slice: Slice) {
        if slice.dropped.is_some() {
            // Furniture goes where it stands; it opens and closes nothing.
            match self.caption.as_mut().or(self.open.as_mut()) {
                Some(block) => block.slices.push(slice),
                None => self.lead.push(slice),
            }
            return;
        }
        let words = slice.words(self.input);
        let kind = self.kind_of(words);
        if let Some(caption) = &mut self.caption {
            // It ends with the line that ends its last sentence, if the interrupted sentence goes on there.
            if !caption_done(self.input, &caption.slices) {
                caption.slices.push(slice);
                return;
            }
            if kind == BlockKind::Paragraph && !words.starts_with(char::is_uppercase) {
                self.lifted.extend(self.caption.take().map(|c| Planned { moved: true, ..c }));
                self.open.iter_mut().for_each(|open| open.slices.push(slice));
                return;
            }
        } else if self.goes_on(kind, words) {
            self.open.iter_mut().for_each(|open| open.slices.push(slice));
            return;
        } else if self.wrapped && kind == BlockKind::Caption && self.interrupted() {
            self.caption = Some(Planned { kind, slices: vec![slice], moved: false });
            return;
        }
        self.close();
        let mut slices = std::mem::take(&mut self.lead);
        slices.push(slice);
        self.open = Some(Planned { kind, slices, moved: false });
    }

    fn close(&mut self) {
        self.blocks.extend(self.open.take());
        self.blocks.append(&mut self.lifted);
        self.blocks.extend(self.caption.take());
    }

    fn finish(mut self) -> Vec<Planned> {
        self.close();
        if !self.lead.is_empty() {
            self.blocks.push(Planned { kind: BlockKind::Paragraph, slices: self.lead, moved: false });
        }
        self.blocks
    }

    fn kind_of(&self, words: &str) -> BlockKind {
        let in_table = self.open.as_ref().is_some_and(|open| open.kind == BlockKind::Table);
        let cells = words.matches('\t').count();
        if !self.wrapped && (cells >= 2 || cells == 1 && in_table) {
            return BlockKind::Table;
        }
        match caption_start(words) {
            Some(crate::structure::CaptionOf::Figure) => BlockKind::Caption,
            Some(crate::structure::CaptionOf::Table) => BlockKind::Table,
            None if heading_kind(words).is_some_and(|h| h.alone) => BlockKind::Heading,
            None => BlockKind::Paragraph,
        }
    }

    /// True if the open paragraph ends within a sentence.
    fn interrupted(&self) -> bool {
        self.open.as_ref().is_some_and(|open| {
            open.kind == BlockKind::Paragraph
                && open.slices.iter().rfind(|s| s.dropped.is_none()).is_some_and(|s| {
                    let words = s.words(self.input);
                    !ends_sentence(words) && !words.ends_with(')') && words.len() * 5 > self.width * 2
                })
        })
    }

    /// True if a line of `kind` belongs to the open block.
    fn goes_on(&self, kind: BlockKind, words: &str) -> bool {
        let Some(open) = &self.open else { return false };
        let Some(last) = open.slices.iter().rfind(|s| s.dropped.is_none()) else { return true };
        let before = last.words(self.input);
        match (open.kind, kind) {
            (BlockKind::Table, BlockKind::Table) => caption_start(words).is_none() && words.contains('\t'),
            (BlockKind::Table, BlockKind::Paragraph) if !self.wrapped => {
                // Rows without cells, and the list of abbreviations under a table.
                let notes = before.contains('\t') && words.matches(';').count() >= 2 && words.contains(", ");
                notes || words.len() < 40 && !words.ends_with('.') && before.contains('\t')
            }
            // A label on a line of its own, its caption on the next.
            (BlockKind::Caption, BlockKind::Paragraph) if before.len() < 14 && open.slices.len() == 1 => true,
            (BlockKind::Heading, _) | (_, BlockKind::Heading | BlockKind::Caption | BlockKind::Table) => false,
            _ if !self.wrapped => false,
            (BlockKind::Table, _) => !last.before_blank(),
            _ if last.before_blank() => {
                // Across an empty line only within a sentence: a page or column ended there.
                open.kind != BlockKind::Table
                    && !ends_sentence(before)
                    && (words.starts_with(|c: char| c.is_lowercase() || c == '(') || ends_divided(before))
            }
            _ => {
                // A short line that ends a sentence ends its paragraph.
                let short = before.len() * 10 < self.width * 6;
                !(short && ends_sentence(before) && words.starts_with(char::is_uppercase))
            }
        }
    }
}

/// True if the caption's last line ends a sentence.
fn caption_done(input: &str, slices: &[Slice]) -> bool {
    slices.iter().rfind(|s| s.dropped.is_none()).is_some_and(|s| s.words(input).ends_with('.'))
}

fn ends_divided(words: &str) -> bool {
    let mut chars = words.chars().rev();
    matches!(chars.next(), Some('-' | '\u{ad}' | '\u{2010}')) && chars.next().is_some_and(char::is_alphabetic)
}

/// Writes the planned blocks.
pub(super) fn write(plan: &Plan, out: &mut Builder<'_>) {
    let mut first = true;
    for block in &plan.blocks {
        let has_words = block.slices.iter().any(|s| s.dropped.is_none());
        if has_words && !first {
            out.paragraph_break();
        }
        first &= !has_words;
        if block.moved {
            out.move_here();
        }
        let start = out.len();
        write_block(block, &plan.evidence, out);
        if has_words {
            out.block(block.kind, start);
        }
    }
    out.end_of_text();
}

fn write_block(block: &Planned, evidence: &WordEvidence, out: &mut Builder<'_>) {
    let input = out.input();
    for (i, slice) in block.slices.iter().enumerate() {
        if let Some(kind) = slice.dropped {
            out.drop_range(slice.start, slice.tail, kind.repair());
            continue;
        }
        let next = block.slices[i + 1..].iter().find(|s| s.dropped.is_none());
        let Some(next) = next else {
            write_words(block.kind, slice.start, slice.end, out);
            out.hold(slice.end, slice.tail);
            continue;
        };
        if block.kind == BlockKind::Table {
            write_words(block.kind, slice.start, slice.end, out);
            out.replace(slice.end, slice.tail, "\n", RepairKind::LineBreak);
            continue;
        }
        match divided(input, slice, next) {
            Some((hyphen, first, second)) => match evidence.divide(first, second) {
                Division::Join => {
                    write_words(block.kind, slice.start, hyphen, out);
                    out.replace(hyphen, slice.tail, "", RepairKind::Hyphenation);
                }
                Division::Keep => {
                    write_words(block.kind, slice.start, slice.end, out);
                    out.replace(slice.end, slice.tail, "", RepairKind::HyphenBreak);
                }
            },
            None => {
                write_words(block.kind, slice.start, slice.end, out);
                out.replace(slice.end, slice.tail, " ", RepairKind::LineBreak);
            }
        }
    }
}

/// Writes the words of a slice; cells of a table stay apart by tabs.
fn write_words(kind: BlockKind, start: usize, end: usize, out: &mut Builder<'_>) {
    if kind != BlockKind::Table {
        return super::write_plain(out, start, end);
    }
    let input = out.input();
    let mut at = start;
    for cell in input[start..end].split('\t') {
        let cell_end = at + cell.len();
        super::write_plain(out, at, cell_end);
        if cell_end < end {
            out.keep(cell_end, cell_end + 1);
        }
        at = cell_end + 1;
    }
}

/// The parts of a word divided between two slices: (byte of the hyphen, first part, second part).
fn divided<'t>(input: &'t str, slice: &Slice, next: &Slice) -> Option<(usize, &'t str, &'t str)> {
    let words = slice.words(input);
    if !ends_divided(words) {
        return None;
    }
    let hyphen = words.char_indices().next_back()?.0;
    let stem = &words[..hyphen];
    let first = stem.rsplit(|c: char| !c.is_alphanumeric()).next()?;
    let rest = next.words(input);
    let second_len = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
    (!first.is_empty() && second_len > 0).then(|| (slice.start + hyphen, first, &rest[..second_len]))
}
