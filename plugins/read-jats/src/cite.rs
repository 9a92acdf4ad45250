//! Citation marks.
//!
//! A mark of numbers must not be read as a number, nor stick to the word before it. So one that is raised, or that
//! nothing encloses, is put in brackets behind a space: `recurrence.<sup><xref>1</xref>,<xref>2</xref></sup>` is read
//! `recurrence. [1,2]`. The numbers are those of the references that `@rid` names, not what is printed. Marks by
//! author and year stay as they are.

use casemill_plugin_sdk::model::Citation;
use casemill_plugin_sdk::prelude::Span;

use crate::article::Walker;
use crate::index::Target;
use crate::script::{add_number, list_of_numbers};
use crate::tag::{Attr, Tag};
use crate::tree::Id;

/// Most bytes of a cross-reference that is a mark; a longer one holds something else.
const MAX_MARK: usize = 2000;

/// What stands between the cross-references of one mark: `, `, `–`, ` and `.
fn is_joiner(words: &str) -> bool {
    let rest = || words.trim_matches(|c: char| c.is_whitespace() || is_joint(c));
    words.len() <= 16 && matches!(rest(), "" | "and" | "&")
}

fn is_joint(c: char) -> bool {
    is_dash(c) || matches!(c, ',' | ';' | '[' | ']' | '(' | ')')
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// What a node is to a citation mark.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// A cross-reference to a reference, or a superscript with one.
    Mark {
        /// True if it is printed as a number.
        numeric: bool,
    },
    /// Between two.
    Joiner,
    /// A superscript bracket that opens a mark.
    Opening,
    /// One that closes it.
    Closing,
    /// Not part of it.
    None,
}

impl Walker<'_, '_> {
    /// True for a cross-reference to an entry of the reference list.
    pub(crate) fn is_citation(&self, node: Id) -> bool {
        let (start, end) = self.tree.range(node);
        if self.tree.tag(node) != Tag::Xref || end - start > MAX_MARK {
            return false;
        }
        match self.tree.attribute(node, Attr::RefType) {
            Some("bibr") => true,
            Some("" | "other") | None => {
                let rid = self.tree.attribute(node, Attr::Rid).and_then(|r| r.split_whitespace().next());
                matches!(rid.and_then(|r| self.index.find(r)), Some(Target::Reference(_)))
            }
            Some(_) => false,
        }
    }

    fn role(&self, node: Id) -> Role {
        let joins = |raw: &str| if is_joiner(raw) { Role::Joiner } else { Role::None };
        match self.tree.tag(node) {
            Tag::Xref if self.is_citation(node) => Role::Mark { numeric: is_numeric(&self.tree.words(node)) },
            Tag::Text => joins(self.tree.raw(node)),
            Tag::Entity => joins(&self.tree.words(node)),
            Tag::Sup => self.role_of_sup(node),
            _ => Role::None,
        }
    }

    fn role_of_sup(&self, node: Id) -> Role {
        let mut marks = false;
        for child in self.tree.children(node) {
            match self.tree.tag(child) {
                Tag::Xref if self.is_citation(child) => marks = true,
                Tag::Text
                    if self.tree.raw(child).chars().all(|c| c.is_whitespace() || is_joint(c) || c.is_ascii_digit()) => {
                }
                Tag::Entity if self.role(child) == Role::Joiner => {}
                _ => return Role::None,
            }
        }
        let words = if marks { String::new() } else { self.tree.words(node) };
        match words.as_str() {
            _ if marks => Role::Mark { numeric: true },
            "[" | "(" => Role::Opening,
            "]" | ")" => Role::Closing,
            words if is_joiner(words) => Role::Joiner,
            _ => Role::None,
        }
    }

    /// The last node of the citation mark that starts with `node`, if one does.
    pub(crate) fn citation_run(&self, node: Id) -> Option<Id> {
        let (mut last, numbers) = match self.role(node) {
            Role::Mark { numeric } => (Some(node), numeric),
            Role::Opening => (None, true),
            _ => return None,
        };
        let mut at = node;
        while let Some(next) = self.tree.next(at) {
            match self.role(next) {
                Role::Mark { numeric } if numeric == numbers => last = Some(next),
                Role::Joiner => {}
                Role::Closing if last.is_some() => {
                    last = Some(next);
                    break;
                }
                _ => break,
            }
            at = next;
        }
        last
    }

    /// Writes a citation mark.
    pub(crate) fn citation(&mut self, first: Id, last: Id) {
        let nodes: Vec<Id> =
            std::iter::successors(Some(first), |n| self.tree.next(*n).filter(|_| *n != last)).collect();
        let mut printed = String::new();
        nodes.iter().for_each(|n| self.tree.characters(*n, &mut printed));
        let numbers = self.numbers_of(&nodes);
        if is_numeric(&printed) {
            let raised = nodes.iter().any(|n| self.is_raised(*n));
            self.numeric_mark(&nodes, &printed, raised, numbers);
        } else {
            let start = self.flat.place();
            for node in nodes {
                match self.tree.tag(node) {
                    Tag::Xref => self.inline(node),
                    _ => self.inline_node(node),
                }
            }
            self.add_citation(start, numbers);
        }
    }

    fn is_raised(&self, node: Id) -> bool {
        self.tree.tag(node) == Tag::Sup
            || self.tree.within(node).any(|n| self.tree.tag(n) == Tag::Sup)
            || self.tree.parent(node).is_some_and(|p| self.tree.tag(p) == Tag::Sup)
    }

    /// A raised list of numbers that the file does not mark as a citation.
    pub(crate) fn plain_mark(&mut self, node: Id, numbers: Vec<u32>) {
        self.numeric_mark(&[node], "", true, numbers);
    }

    fn numeric_mark(&mut self, nodes: &[Id], printed: &str, raised: bool, numbers: Vec<u32>) {
        let own = printed.trim_start().starts_with(['[', '(']);
        let wrap = !own && !is_enclosed(self.flat.run(), raised);
        if (wrap || raised) && !self.flat.run().ends_with(['(', '[']) {
            self.flat.space();
        }
        let start = self.flat.place();
        if wrap {
            self.flat.insert("[");
        }
        if printed.trim().is_empty() && !nodes.iter().any(|n| self.tree.has_text(*n)) {
            let list: Vec<String> = numbers.iter().map(u32::to_string).collect();
            self.flat.insert(&list.join(","));
        }
        for node in nodes {
            self.mark_words(*node, raised);
        }
        self.flat.set_tight(false);
        if wrap {
            self.flat.no_space();
            self.flat.insert("]");
        }
        self.add_citation(start, numbers);
        self.flat.end_mark();
    }

    /// The characters of a mark. Within a raised one no space is meant, nor around what a cross-reference holds.
    fn mark_words(&mut self, node: Id, raised: bool) {
        for leaf in std::iter::once(node).chain(self.tree.within(node)) {
            // Two marks with nothing between them.
            let starts = self.tree.tag(leaf) == Tag::Xref && self.tree.has_text(leaf);
            if starts && self.flat.run().ends_with(char::is_alphanumeric) {
                if raised {
                    self.flat.no_space();
                }
                if !self.flat.is_apart() {
                    self.flat.insert(",");
                }
            }
            if matches!(self.tree.tag(leaf), Tag::Text | Tag::Entity) {
                if raised {
                    self.flat.no_space();
                }
                if raised || self.is_within_mark(leaf) {
                    self.flat.set_tight(true);
                }
                self.inline_node(leaf);
            }
        }
    }

    fn add_citation(&mut self, start: u32, numbers: Vec<u32>) {
        let span = Span::new(start, self.flat.len());
        if !span.is_empty() {
            self.outline.citations.push(Citation { span, numbers });
        }
    }

    /// Numbers of the references that a mark names; a dash between two names those between them, too.
    fn numbers_of(&self, nodes: &[Id]) -> Vec<u32> {
        let mut out = Vec::new();
        let mut range = false;
        for node in nodes.iter().flat_map(|n| std::iter::once(*n).chain(self.tree.within(*n))) {
            match self.tree.tag(node) {
                Tag::Xref => {
                    self.numbers_at(node, &mut out, range);
                    range = false;
                }
                Tag::Text if !self.is_within_mark(node) => range |= self.tree.raw(node).contains(is_dash),
                Tag::Entity if !self.is_within_mark(node) => range |= self.tree.words(node).contains(is_dash),
                _ => {}
            }
        }
        out
    }

    fn is_within_mark(&self, node: Id) -> bool {
        let parents = std::iter::successors(self.tree.parent(node), |n| self.tree.parent(*n));
        parents.take(4).any(|n| self.tree.tag(n) == Tag::Xref)
    }

    fn numbers_at(&self, mark: Id, out: &mut Vec<u32>, range: bool) {
        let rids = self.tree.attribute(mark, Attr::Rid).unwrap_or_default().split_whitespace();
        let named: Vec<u32> = rids
            .filter_map(|rid| match self.index.find(rid) {
                Some(Target::Reference(number)) => *number,
                _ => None,
            })
            .collect();
        let words = self.tree.words(mark);
        let printed = if is_numeric(&words) { list_of_numbers(&words) } else { Vec::new() };
        // "1-3" that names the first only, or names what the file does not hold.
        let numbers = if named.len() < printed.len() { printed } else { named };
        for (i, number) in numbers.into_iter().enumerate() {
            add_number(out, number, range && i == 0);
        }
    }

    /// Takes in the brackets around the marks of the paragraph that ends, and joins those within the same brackets.
    pub(crate) fn close_citations(&mut self) {
        let run = self.flat.run();
        let base = self.flat.len() - run.len() as u32;
        let first = self.outline.citations.partition_point(|c| c.span.start < base);
        let marks = self.outline.citations.split_off(first);
        for mark in marks {
            let span = Span::new(mark.span.start - base, mark.span.end - base);
            let span = enclosed_span(run, span);
            let span = Span::new(span.start + base, span.end + base);
            match self.outline.citations[first..].last_mut().filter(|last| last.span.overlaps(span)) {
                Some(last) => {
                    last.span = last.span.hull(span);
                    mark.numbers.into_iter().for_each(|n| add_number(&mut last.numbers, n, false));
                }
                None => self.outline.citations.push(Citation { span, ..mark }),
            }
        }
    }
}

/// True for numbers with what joins them, and not for a year.
fn is_numeric(printed: &str) -> bool {
    printed.split(|c: char| c.is_whitespace() || is_joint(c)).filter(|part| !matches!(*part, "" | "and" | "&")).all(
        |part| {
            let digits = part.bytes().take_while(u8::is_ascii_digit).count();
            let suffix = &part[digits..];
            digits > 0 && digits <= 4 && (suffix.is_empty() || suffix.len() == 1 && suffix.is_ascii()) && !is_year(part)
        },
    )
}

/// `2011`, `2011a`.
fn is_year(part: &str) -> bool {
    let digits = part.bytes().take_while(u8::is_ascii_digit).count();
    digits == 4 && matches!(&part[..2], "18" | "19" | "20")
}

/// True if what comes next stands in brackets that hold marks: behind `[`, or behind `(` with nothing but marks since.
fn is_enclosed(before: &str, raised: bool) -> bool {
    let mut from = before.len().saturating_sub(200);
    while !before.is_char_boundary(from) {
        from += 1;
    }
    let tail = &before[from..];
    let open = |open: char, close: char| tail.rfind([open, close]).filter(|i| tail[*i..].starts_with(open));
    if open('[', ']').is_some_and(|i| !tail[i..].contains(['.', '('])) {
        return true;
    }
    !raised && open('(', ')').is_some_and(|i| !tail[i..].contains(char::is_alphabetic))
}

/// A mark with the brackets right around it; one by author and year with the brackets that hold nothing but such marks.
fn enclosed_span(run: &str, span: Span) -> Span {
    let before = &run[..span.start as usize];
    let after = &run[span.end as usize..];
    for (open, close) in [('[', ']'), ('(', ')')] {
        let head = before.trim_end();
        let tail = after.trim_start();
        if head.ends_with(open) && tail.starts_with(close) {
            let end = span.end as usize + (after.len() - tail.len()) + 1;
            return Span::new(head.len() as u32 - 1, end as u32);
        }
    }
    by_author(run, before, after).unwrap_or(span)
}

/// Most bytes on either side of a mark within brackets full of authors and years.
const MAX_AUTHORS: usize = 400;

fn by_author(run: &str, before: &str, after: &str) -> Option<Span> {
    let is_bracket = |(_, byte): &(usize, u8)| matches!(byte, b'(' | b')');
    let (open, _) = before.bytes().enumerate().rev().take(MAX_AUTHORS).find(is_bracket).filter(|(_, b)| *b == b'(')?;
    let (length, _) = after.bytes().enumerate().take(MAX_AUTHORS).find(is_bracket).filter(|(_, b)| *b == b')')?;
    let close = run.len() - after.len() + length;
    let names_only = run[open + 1..close]
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’')))
        .all(|word| word.is_empty() || word.starts_with(char::is_uppercase) || is_year(word) || is_between_names(word));
    names_only.then(|| Span::new(open as u32, close as u32 + 1))
}

fn is_between_names(word: &str) -> bool {
    matches!(
        word,
        "and"
            | "et"
            | "al"
            | "e"
            | "g"
            | "see"
            | "also"
            | "in"
            | "cf"
            | "reviewed"
            | "by"
            | "de"
            | "da"
            | "del"
            | "der"
            | "di"
            | "du"
            | "la"
            | "le"
            | "van"
            | "von"
            | "den"
            | "ten"
            | "te"
            | "dos"
            | "bin"
            | "el"
            | "al-"
            | "a"
            | "b"
            | "c"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_numbers_and_of_years() {
        for numeric in ["1", "[1]", "1, 2", "3–5", "12a", "", "1 and 2"] {
            assert!(is_numeric(numeric), "{numeric}");
        }
        for other in ["2011", "2011a", "Smith et al., 2020", "a", "S1"] {
            assert!(!is_numeric(other), "{other}");
        }
    }

    #[test]
    fn brackets_before_a_mark() {
        assert!(is_enclosed("as shown [", false));
        assert!(is_enclosed("as shown [1, see ", false));
        assert!(is_enclosed("as shown (1, ", false));
        assert!(!is_enclosed("as shown (", true));
        assert!(!is_enclosed("as shown (ALK inhibitors ", false));
        assert!(!is_enclosed("as shown [1] and ", false));
    }

    #[test]
    fn brackets_around_a_mark() {
        let around = |run: &str, mark: &str| {
            let start = run.find(mark).unwrap() as u32;
            enclosed_span(run, Span::new(start, start + mark.len() as u32)).of(run).unwrap().to_owned()
        };
        assert_eq!(around("seen [1, 2].", "1, 2"), "[1, 2]");
        assert_eq!(
            around("seen (Pachulski et al. 2005; De Maria 2015).", "2005"),
            "(Pachulski et al. 2005; De Maria 2015)"
        );
        assert_eq!(around("Smith et al. (2005) found", "2005"), "(2005)");
        assert_eq!(around("seen (in 12% by Smith 2005)", "2005"), "2005");
    }
}
