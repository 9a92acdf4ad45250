//! Words within a block: text, phrases, raised and lowered characters, cross-references.

use casemill_plugin_sdk::model::FigureCall;
use casemill_plugin_sdk::prelude::Span;

use crate::article::Walker;
use crate::entity;
use crate::index::Target;
use crate::script::{Join, list_of_numbers, superscript};
use crate::tag::{Attr, Tag};
use crate::tree::Id;

/// Longest superscript whose words decide how it is joined; longer ones are a phrase that is printed small.
const MAX_SCRIPT: usize = 24;
/// Most bytes of the file that are looked through for a superscript or for the mark of a note.
const MAX_RAISED: usize = 1000;

impl Walker<'_, '_> {
    /// All words within an element.
    pub(crate) fn inline(&mut self, parent: Id) {
        let mut before = Tag::Text;
        let mut next = self.tree.first(parent);
        while let Some(node) = next {
            if let Some(last) = self.citation_run(node) {
                self.citation(node, last);
                next = self.tree.next(last);
            } else {
                if !(before.is_phrase() && self.is_stray_space(node)) {
                    self.inline_node(node);
                }
                next = self.tree.next(node);
            }
            before = self.tree.tag(node);
        }
    }

    /// True for the space that PubMed Central's conversion leaves between a phrase and what is raised or lowered behind
    /// it: `<italic>I</italic> <sup>2</sup>`. Before an isotope the space is the author's.
    fn is_stray_space(&self, node: Id) -> bool {
        let script = || self.tree.next(node).map(|n| (n, self.tree.tag(n)));
        self.tree.tag(node) == Tag::Text
            && self.tree.raw(node).trim().is_empty()
            && match script() {
                Some((_, Tag::Sub)) => true,
                Some((sup, Tag::Sup)) => !self.follower(sup).is_some_and(char::is_alphanumeric),
                _ => false,
            }
    }

    /// A node within a block.
    pub(crate) fn inline_node(&mut self, node: Id) {
        let tag = self.tree.tag(node);
        match tag {
            Tag::Text => {
                let (start, end) = self.tree.range(node);
                self.flat.characters(start, end);
            }
            Tag::Entity => self.reference_to_character(node),
            Tag::Sup => self.raised(node),
            Tag::Sub => self.lowered(node),
            Tag::Xref => self.cross_reference(node),
            Tag::Break | Tag::Mspace => self.flat.space(),
            Tag::InlineFormula | Tag::DispFormula | Tag::Math => self.formula(node),
            Tag::Alternatives => self.alternative(node).into_iter().for_each(|chosen| self.inline_node(chosen)),
            _ if tag.is_left_out() => {}
            _ if tag.is_float() => {
                self.floats.push(node);
                self.flat.go_elsewhere();
            }
            _ if tag.is_block() && !self.in_line => self.block(node),
            _ if tag.is_part() => {
                self.flat.space();
                self.inline(node);
                self.flat.space();
            }
            _ => self.inline(node),
        }
    }

    fn reference_to_character(&mut self, node: Id) {
        let (start, end) = self.tree.range(node);
        match entity::resolve(&self.tree.xml[start + 1..end - 1]) {
            Some(characters) => self.flat.reference(start, end, &characters),
            None => {
                self.unknown.0 += 1;
                self.unknown.1.get_or_insert(node);
                self.flat.characters(start, end);
            }
        }
    }

    /// `sup`.
    fn raised(&mut self, node: Id) {
        let (start, end) = self.tree.range(node);
        if end - start > MAX_RAISED {
            self.flat.space();
            return self.script(node);
        }
        let words = self.tree.words(node);
        if words.is_empty() || self.is_note_mark(node) {
            return;
        }
        let starts_word = self.follower(node).is_some_and(char::is_alphanumeric);
        if !starts_word && self.is_torn_off(&words) {
            self.flat.no_space();
        }
        let join = match words.len() {
            _ if self.flat.is_apart() => Join::Plain,
            ..=MAX_SCRIPT => superscript(self.flat.run(), &words, starts_word),
            _ => Join::Word,
        };
        match join {
            Join::Plain => self.script(node),
            Join::Caret => self.caret(node),
            Join::Word => {
                self.flat.space();
                self.script(node);
            }
            Join::Mark => self.unlinked_mark(node, &words),
        }
    }

    /// True for a superscript that must belong to the word before the space: `Cu <sup>+</sup>`, `10 <sup>9</sup>/L`.
    fn is_torn_off(&self, words: &str) -> bool {
        let signs = !words.contains(char::is_alphanumeric);
        let power = words.bytes().all(|b| b.is_ascii_digit()) && self.flat.run().ends_with("10");
        (signs || power) && self.flat.run().ends_with(char::is_alphanumeric)
    }

    fn caret(&mut self, node: Id) {
        self.flat.insert("^");
        self.script(node);
    }

    /// A raised number without a cross-reference. Behind a stop it is a mark, if only of a note; behind a word, where
    /// the references have such numbers and no citation of the article is linked.
    fn unlinked_mark(&mut self, node: Id, words: &str) {
        let numbers = self.index.known(list_of_numbers(words));
        let behind_word = self.flat.run().ends_with(char::is_alphabetic);
        if behind_word && (numbers.is_empty() || self.index.cites) {
            return self.caret(node);
        }
        self.plain_mark(node, numbers);
    }

    /// `sub`. Two numbers never touch.
    fn lowered(&mut self, node: Id) {
        let digit = |c: char| c.is_ascii_digit();
        if !self.flat.is_apart() && self.flat.run().ends_with(digit) && self.tree.words(node).starts_with(digit) {
            self.flat.insert("_");
        }
        self.script(node);
    }

    /// The words of a superscript or subscript, without the space that conversion puts around them.
    fn script(&mut self, node: Id) {
        let padded = self.tree.first(node).is_some_and(|n| self.tree.raw(n).starts_with(char::is_whitespace));
        self.flat.set_tight(true);
        self.inline(node);
        self.flat.set_tight(false);
        if padded {
            self.flat.no_space();
        }
    }

    /// The first character behind an element, within the same phrase or right behind it.
    pub(crate) fn follower(&self, node: Id) -> Option<char> {
        let mut at = node;
        loop {
            match self.tree.next(at) {
                Some(next) => match self.tree.first_character(next) {
                    Some(c) => return Some(c),
                    None => at = next,
                },
                None => at = self.tree.parent(at).filter(|p| self.tree.tag(*p).is_phrase())?,
            }
        }
    }

    /// `xref`.
    fn cross_reference(&mut self, node: Id) {
        if self.is_citation(node) {
            return self.citation(node, node);
        }
        let target =
            self.tree.attribute(node, Attr::Rid).and_then(|rid| self.index.find(rid.split_whitespace().next()?));
        match target {
            Some(Target::Float(label)) if !label.is_empty() => {
                let label = label.clone();
                self.call(node, label);
            }
            _ if self.is_note_mark(node) => {}
            _ => self.inline(node),
        }
    }

    /// True for the mark of a note and for a superscript of such marks. They say where the note is and nothing else,
    /// and would stick to the word or number before them.
    fn is_note_mark(&self, node: Id) -> bool {
        let (start, end) = self.tree.range(node);
        match self.tree.tag(node) {
            _ if end - start > MAX_RAISED => false,
            Tag::Xref => {
                let points_to_note = match self.tree.attribute(node, Attr::RefType) {
                    Some("fn" | "table-fn" | "author-notes" | "corresp" | "aff") => true,
                    Some(_) => false,
                    None => self
                        .tree
                        .attribute(node, Attr::Rid)
                        .and_then(|rid| self.index.find(rid))
                        .is_some_and(|t| *t == Target::Other(Tag::Fn)),
                };
                points_to_note && self.tree.words(node).chars().count() <= 3
            }
            Tag::Sup => {
                let mut marks = self.tree.children(node).filter(|n| self.tree.tag(*n) == Tag::Xref).peekable();
                marks.peek().is_some()
                    && self.tree.children(node).all(|n| match self.tree.tag(n) {
                        Tag::Text => self.tree.raw(n).chars().all(|c| c.is_whitespace() || matches!(c, ',' | ';')),
                        _ => self.is_note_mark(n),
                    })
            }
            _ => false,
        }
    }

    /// A call-out to a figure or table; "Figure" in front of the cross-reference is part of it.
    fn call(&mut self, node: Id, target: String) {
        const NAMES: [&str; 10] =
            ["Figures", "Figure", "Figs.", "Figs", "Fig.", "Fig", "figure", "fig.", "Tables", "Table"];
        let run = self.flat.run();
        let length = NAMES.iter().find(|name| run.ends_with(*name)).map_or(0, |name| name.len() as u32);
        let bare = self.flat.len() - length;
        let place = self.flat.place();
        self.inline(node);
        let starts_with_number =
            self.flat.words(Span::new(place, self.flat.len())).starts_with(|c: char| !c.is_lowercase());
        let start = if length > 0 && starts_with_number { bare } else { place };
        self.outline.calls.push(FigureCall { span: Span::new(start, self.flat.len()), target });
    }
}
