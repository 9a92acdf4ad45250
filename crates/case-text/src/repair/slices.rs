//! The input as slices in reading order: lines, or halves of lines where two columns stand side by side.

use std::collections::HashMap;

use case_model::RepairKind;

/// A part of a line. The slices of an input, in the order of the input, cover it without gap or overlap:
/// each owns its words and the white space behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slice {
    /// First byte of its words.
    pub(super) start: usize,
    /// One past its words.
    pub(super) end: usize,
    /// One past the white space and line breaks behind it.
    pub(super) tail: usize,
    /// Number of line breaks in the tail.
    pub(super) breaks: u32,
    /// True if a page ends in the tail (form feed).
    pub(super) page_end: bool,
    /// Left out of the text, and why.
    pub(super) dropped: Option<Dropped>,
}

/// Why a slice is left out of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dropped {
    /// White space before the first words.
    Space,
    /// Line number of a manuscript.
    LineNumber,
    /// Header, footer or number of a page.
    Page,
    /// Navigation of a web page.
    Web,
}

impl Dropped {
    pub(super) fn repair(self) -> RepairKind {
        match self {
            Self::Space => RepairKind::Spaces,
            Self::LineNumber => RepairKind::LineNumber,
            Self::Page => RepairKind::PageFurniture,
            Self::Web => RepairKind::WebFurniture,
        }
    }
}

impl Slice {
    pub(super) fn words<'t>(&self, input: &'t str) -> &'t str {
        &input[self.start..self.end]
    }

    /// True if an empty line follows.
    pub(super) fn before_blank(&self) -> bool {
        self.breaks > 1 || self.page_end
    }
}

/// Cuts the input into slices and marks those that are page furniture, line numbers or web furniture.
pub(super) fn read(input: &str) -> Vec<Slice> {
    let mut slices = lines(input);
    drop_line_numbers(input, &mut slices);
    drop_page_furniture(input, &mut slices);
    drop_web_furniture(input, &mut slices);
    columns(input, slices)
}

fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{c}' | '\u{b}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// One slice for each line with words. White space before the first is a slice of its own without words.
fn lines(input: &str) -> Vec<Slice> {
    let mut out = Vec::with_capacity(input.len() / 60 + 1);
    let lead = input.len() - input.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').len();
    if lead > 0 {
        out.push(Slice { start: 0, end: 0, tail: lead, breaks: 0, page_end: false, dropped: Some(Dropped::Space) });
    }
    let mut at = lead;
    while at < input.len() {
        let line = &input[at..];
        let end = line.find(is_break).unwrap_or(line.len());
        let words = line[..end].trim_end();
        let rest = &line[words.len()..];
        let space = rest.len() - rest.trim_start().len();
        let tail = &rest[..space];
        let breaks = tail.matches('\n').count().max(tail.matches(['\r', '\u{85}', '\u{2028}', '\u{2029}']).count());
        out.push(Slice {
            start: at,
            end: at + words.len(),
            tail: at + words.len() + space,
            breaks: breaks as u32,
            page_end: tail.contains('\u{c}'),
            dropped: None,
        });
        at += words.len() + space;
    }
    out
}

/// Numbers that a journal prints before each line of a manuscript: at least eight lines in a row, counting up by one.
fn drop_line_numbers(input: &str, slices: &mut Vec<Slice>) {
    let number = |s: &Slice| -> Option<(u32, usize)> {
        let words = s.words(input);
        let digits = words.bytes().take_while(u8::is_ascii_digit).count();
        let gap = words[digits..].len() - words[digits..].trim_start().len();
        (digits > 0 && digits <= 4 && (gap > 0 || digits == words.len()))
            .then(|| Some((words[..digits].parse().ok()?, digits + gap)))?
    };
    let mut numbered: Vec<usize> = Vec::new();
    let mut run: Vec<usize> = Vec::new();
    let mut last = None;
    for (i, slice) in slices.iter().enumerate().filter(|(_, s)| s.dropped.is_none()) {
        let found = number(slice).map(|(n, _)| n);
        if found.is_some() && found == last.map(|n: u32| n + 1) {
            run.push(i);
        } else {
            if run.len() >= 8 {
                numbered.append(&mut run);
            }
            run.clear();
            run.extend(found.map(|_| i));
        }
        last = found;
    }
    if run.len() >= 8 {
        numbered.append(&mut run);
    }
    if numbered.is_empty() {
        return;
    }
    let mut out = Vec::with_capacity(slices.len() + numbered.len());
    let mut next = numbered.iter().peekable();
    for (i, slice) in slices.iter().enumerate() {
        if next.next_if_eq(&&i).is_some() {
            let length = number(slice).map_or(0, |(_, length)| length);
            let cut = slice.start + length;
            let tail = if cut >= slice.end { slice.tail } else { cut };
            out.push(Slice {
                end: cut.min(slice.end),
                tail,
                breaks: 0,
                page_end: false,
                dropped: Some(Dropped::LineNumber),
                ..*slice
            });
            if cut < slice.end {
                out.push(Slice { start: cut, ..*slice });
            }
        } else {
            out.push(*slice);
        }
    }
    *slices = out;
}

/// Headers, footers and page numbers: a short line that comes back at least three times but for its digits, alone
/// between empty lines or at a page end; or a bare page number there.
fn drop_page_furniture(input: &str, slices: &mut [Slice]) {
    let shape = |words: &str| -> String {
        let mut out = String::with_capacity(words.len());
        for c in words.chars() {
            let c = if c.is_ascii_digit() { '#' } else { c.to_ascii_lowercase() };
            let repeated = c == '#' && out.ends_with('#') || c.is_whitespace() && out.ends_with(' ');
            if !repeated {
                out.push(if c.is_whitespace() { ' ' } else { c });
            }
        }
        out
    };
    let alone = |i: usize| {
        let before = i == 0 || slices[i - 1].before_blank();
        before && (slices[i].before_blank() || i + 1 == slices.len())
    };
    let mut seen: HashMap<String, Vec<usize>> = HashMap::new();
    for (i, slice) in slices.iter().enumerate() {
        let length = slice.end - slice.start;
        if slice.dropped.is_none() && (1..=90).contains(&length) && (alone(i) || slice.page_end) {
            seen.entry(shape(slice.words(input))).or_default().push(i);
        }
    }
    let has_pages = slices.iter().any(|s| s.page_end);
    let mut furniture: Vec<usize> = Vec::new();
    for (shape, places) in seen {
        let is_number = matches!(shape.as_str(), "#" | "page #" | "page # of #" | "# of #" | "#/#" | "- # -");
        if is_number && (has_pages || places.len() >= 3)
            || places.len() >= 3 && shape.len() >= 4 && !shape.starts_with("fig") && !shape.starts_with("table")
        {
            furniture.extend(places);
        }
    }
    for i in furniture {
        slices[i].dropped = Some(Dropped::Page);
    }
}

/// Lines of the page around an article on the web. Whole lines only, compared without case.
const WEB_FURNITURE: &[&str] = &[
    "accept all cookies",
    "accept cookies",
    "advertisement",
    "article menu",
    "back to top",
    "cite this article",
    "cookie settings",
    "copy link",
    "download article",
    "download citation",
    "download pdf",
    "export citation",
    "full text pdf",
    "get access",
    "hide details",
    "jump to section",
    "log in",
    "manage cookies",
    "open in a new tab",
    "open in new tab",
    "open in viewer",
    "pdf download",
    "permissions",
    "permissions & reprints",
    "previous article",
    "next article",
    "print this page",
    "purchase access",
    "related articles",
    "request permissions",
    "rights and permissions",
    "save to library",
    "see more",
    "share on facebook",
    "share on twitter",
    "share this article",
    "show all",
    "show details",
    "show less",
    "show more",
    "sign in",
    "sign up",
    "sign up for alerts",
    "similar articles",
    "skip to main content",
    "skip to navigation",
    "subscribe",
    "track citation",
    "view affiliations",
    "view all",
    "view article",
    "view full size",
    "view large image",
    "view metrics",
    "view pdf",
];

fn drop_web_furniture(input: &str, slices: &mut [Slice]) {
    for slice in slices.iter_mut().filter(|s| s.dropped.is_none() && s.end - s.start <= 24) {
        let words = slice.words(input).to_ascii_lowercase();
        if WEB_FURNITURE.contains(&words.trim_end_matches(['.', '»', '>', ':']).trim_end()) {
            slice.dropped = Some(Dropped::Web);
        }
    }
}

/// Smallest gap, in characters, between two columns of text.
const GUTTER: usize = 4;
/// Fewest lines with a gap at the same place that make two columns.
const COLUMN_LINES: usize = 8;

/// Puts columns that stand side by side one after the other, page by page.
///
/// Two columns are lines in a row in which a gap of [`GUTTER`] spaces or more ends at the same character, with prose on both sides.
/// Single lines without a right half belong to the left column.
fn columns(input: &str, slices: Vec<Slice>) -> Vec<Slice> {
    let right_start = |s: &Slice| -> Option<(usize, usize, usize)> {
        // Last wide gap of the line: (end of left words, start of right words, character column of the right words).
        let words = s.words(input);
        let gap = words.rfind(&"    "[..GUTTER])?;
        let left = words[..gap].trim_end();
        let right = words[gap..].trim_start();
        let line_start = input[..s.start].rfind(is_break).map_or(0, |i| i + 1);
        let right_at = s.start + words.len() - right.len();
        (left.len() >= 10 && right.len() >= 10)
            .then(|| (s.start + left.len(), right_at, input[line_start..right_at].chars().count()))
    };
    let halves: Vec<Option<(usize, usize, usize)>> =
        slices.iter().map(|s| if s.dropped.is_none() { right_start(s) } else { None }).collect();
    if halves.iter().flatten().count() < COLUMN_LINES {
        return slices;
    }
    let mut out = Vec::with_capacity(slices.len() * 2);
    let mut i = 0;
    while i < slices.len() {
        let Some((_, _, column)) = halves[i] else {
            out.push(slices[i]);
            i += 1;
            continue;
        };
        // The region goes on over lines with the same gutter, and over a few lines that lack one half.
        let (mut end, mut both, mut missing) = (i, 0, 0);
        for (j, half) in halves.iter().enumerate().skip(i) {
            match half {
                Some((_, _, c)) if c.abs_diff(column) <= 2 => {
                    both += 1;
                    missing = 0;
                    end = j + 1;
                }
                _ if missing < 3 => missing += 1,
                _ => break,
            }
            if slices[j].page_end {
                break;
            }
        }
        let prose = |range: (usize, usize)| {
            let words = &input[range.0..range.1];
            words.bytes().filter(|b| b.is_ascii_lowercase()).count() * 2 > words.len()
        };
        let prosaic = (i..end)
            .filter_map(|j| halves[j].map(|h| prose((slices[j].start, h.0)) && prose((h.1, slices[j].end))))
            .filter(|p| *p)
            .count();
        if both < COLUMN_LINES || prosaic * 3 < both * 2 {
            out.push(slices[i]);
            i += 1;
            continue;
        }
        let mut right = Vec::new();
        for j in i..end {
            let slice = slices[j];
            match halves[j] {
                Some((left_end, right_at, c)) if c.abs_diff(column) <= 2 => {
                    out.push(Slice { end: left_end, tail: right_at, ..slice });
                    right.push(Slice { start: right_at, ..slice });
                }
                _ => {
                    let line_start = input[..slice.start].rfind(is_break).map_or(0, |i| i + 1);
                    let indent = input[line_start..slice.start].chars().count();
                    if indent + 2 >= column { right.push(slice) } else { out.push(slice) }
                }
            }
        }
        if let Some(last) = out.last_mut() {
            // The left column does not end a paragraph by ending.
            last.breaks = last.breaks.min(1);
            last.page_end = false;
        }
        out.append(&mut right);
        i = end;
    }
    out
}
