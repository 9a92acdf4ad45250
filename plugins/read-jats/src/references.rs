//! The reference list.
//!
//! A `mixed-citation` has its punctuation in the file; an `element-citation` has none, and its parts are set apart as
//! the NLM style prints them: "Smith J, Doe A. Title. Journal. 2020; 12(3): 45-9. doi:10.1000/1".

use casemill_plugin_sdk::model::{Reference, SectionKind};

use crate::article::Walker;
use crate::tag::{Attr, Tag};
use crate::tree::Id;

impl Walker<'_, '_> {
    /// `ref-list`.
    pub(crate) fn references(&mut self, node: Id) {
        let around = std::mem::replace(&mut self.kind, SectionKind::References);
        self.outline.fresh = true;
        self.heading(node);
        for part in self.tree.children(node) {
            match self.tree.tag(part) {
                Tag::Ref => self.reference(part),
                _ => self.block(part),
            }
        }
        self.finish_paragraph();
        self.floats();
        self.kind = around;
        self.outline.fresh = true;
    }

    /// `ref`: its label and its citations in one paragraph.
    fn reference(&mut self, node: Id) {
        self.finish_paragraph();
        self.in_line = true;
        for part in self.tree.children(node) {
            let part = match self.tree.tag(part) {
                Tag::Alternatives => self.alternative(part).unwrap_or(part),
                _ => part,
            };
            self.flat.space();
            self.cited(part);
        }
        self.in_line = false;
        if let Some(span) = self.finish_paragraph() {
            self.outline.references.push(Reference { number: self.index.reference(node), span });
        }
    }

    /// A part of a reference and what separates it from the part before.
    fn cited(&mut self, node: Id) {
        let has_words = self.tree.children(node).any(|n| {
            self.tree.tag(n) == Tag::Entity || self.tree.tag(n) == Tag::Text && !self.tree.raw(n).trim().is_empty()
        });
        if has_words && self.tree.tag(node) != Tag::Citation || !self.tree.has_text(node) {
            return self.inline_node(node);
        }
        let mut before = Tag::Text;
        for part in self.tree.children(node) {
            let tag = self.tree.tag(part);
            if matches!(tag, Tag::Text | Tag::Entity) {
                self.inline_node(part);
                if !self.tree.raw(part).trim().is_empty() {
                    before = Tag::Text;
                }
                continue;
            }
            if !self.tree.has_text(part) || tag.is_left_out() {
                continue;
            }
            self.part_from(before, tag, has_words);
            self.identifier_scheme(part);
            match tag {
                Tag::PersonGroup | Tag::Name | Tag::Collab => self.cited(part),
                _ => self.inline_node(part),
            }
            if tag == Tag::Issue && !has_words {
                self.flat.no_space();
                self.flat.insert(")");
            }
            before = tag;
        }
    }

    /// Writes what stands between two parts of a reference that the file leaves without punctuation.
    fn part_from(&mut self, before: Tag, tag: Tag, has_words: bool) {
        if before == Tag::Text || self.flat.run().is_empty() {
            return;
        }
        if has_words {
            // Parts that touch: "9.<pub-id>".
            return self.flat.space();
        }
        let names = |t: Tag| matches!(t, Tag::Name | Tag::Collab | Tag::Etal | Tag::PersonGroup);
        match tag {
            Tag::GivenNames | Tag::Surname | Tag::Suffix | Tag::Prefix => self.flat.space(),
            Tag::Issue => {
                self.flat.no_space();
                self.flat.insert("(");
            }
            Tag::Lpage if before == Tag::Fpage => {
                self.flat.no_space();
                self.flat.insert("-");
            }
            Tag::Fpage | Tag::ElocationId if matches!(before, Tag::Volume | Tag::Issue) => self.separate(":"),
            Tag::Volume if before == Tag::Year => self.separate(";"),
            _ if names(tag) && names(before) => self.separate(","),
            _ if self.flat.run().ends_with(['.', '?', '!']) => self.flat.space(),
            _ => self.separate("."),
        }
    }

    /// Says which identifier follows where the file says it by an attribute only.
    fn identifier_scheme(&mut self, node: Id) {
        if self.tree.tag(node) != Tag::PubId {
            return;
        }
        let name = match self.tree.attribute(node, Attr::PubIdType) {
            Some("doi") => "doi:",
            Some("pmid") => "PMID:",
            Some("pmc" | "pmcid") => "PMCID:",
            _ => return,
        };
        let run = self.flat.run().trim_end();
        let said = run.len() >= name.len()
            && run.get(run.len() - name.len()..).is_some_and(|end| end.eq_ignore_ascii_case(name));
        if !said && !run.ends_with('/') {
            self.flat.space();
            self.flat.insert(name);
        }
    }
}
