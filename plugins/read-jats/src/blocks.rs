//! Sections, paragraphs, lists, boxes and notes.

use case_text::repair::BlockKind;
use case_text::structure::{Heading, heading_kind};
use casemill_plugin_sdk::model::SectionKind;
use casemill_plugin_sdk::prelude::Span;

use crate::article::Walker;
use crate::kinds::section_kind;
use crate::tag::{Attr, Tag};
use crate::tree::Id;

impl Walker<'_, '_> {
    /// The blocks within an element. Its title and label are left to who knows what they head.
    pub(crate) fn blocks(&mut self, parent: Id) {
        let mut next = self.tree.first(parent);
        while let Some(node) = next {
            next = self.tree.next(node);
            self.block(node);
        }
        self.finish_paragraph();
        self.floats();
    }

    /// A block, or words that stand among blocks without one.
    pub(crate) fn block(&mut self, node: Id) {
        let tag = self.tree.tag(node);
        if matches!(tag, Tag::Title | Tag::Label | Tag::Caption | Tag::Subtitle | Tag::KwdGroup) {
            return;
        }
        if matches!(tag, Tag::Text | Tag::Entity) || !(tag.is_block() || tag.is_matter() || self.holds_blocks(node)) {
            return self.inline_node(node);
        }
        self.finish_paragraph();
        match tag {
            Tag::P | Tag::Code | Tag::VerseLine => self.paragraph(node),
            Tag::Sec => self.section(node),
            Tag::Fn | Tag::Note => self.note(node),
            Tag::List => self.list(node),
            Tag::DefList => self.definitions(node),
            Tag::RefList => self.references(node),
            Tag::Fig | Tag::FigGroup => self.figure(node),
            Tag::TableWrap | Tag::TableWrapGroup | Tag::Array => self.table(node),
            Tag::Alternatives => self.alternative(node).into_iter().for_each(|chosen| self.block(chosen)),
            _ if tag.is_matter() => self.matter(node),
            _ => {
                self.heading(node);
                self.blocks(node);
            }
        }
    }

    fn holds_blocks(&self, node: Id) -> bool {
        !self.tree.tag(node).is_left_out() && self.tree.children(node).any(|n| self.tree.tag(n).is_block())
    }

    /// The first of several forms of the same thing that is words: a table rather than its picture.
    pub(crate) fn alternative(&self, node: Id) -> Option<Id> {
        let mut forms = self.tree.children(node).filter(|n| !matches!(self.tree.tag(*n), Tag::Text | Tag::Entity));
        forms.find(|n| !self.tree.tag(*n).is_left_out())
    }

    /// `p`, with what is anchored in it behind it.
    fn paragraph(&mut self, node: Id) {
        self.inline(node);
        // A body without sections has its headings among the paragraphs.
        if self.tree.parent(node).is_some_and(|p| self.tree.tag(p) == Tag::Body)
            && let Some(heading) = heading_kind(self.flat.run())
        {
            self.kind = body_kind(&heading);
            self.end_headed(&heading);
        }
        self.finish_paragraph();
        self.floats();
    }

    /// Ends a paragraph that starts with a heading or is one, and starts a section with it.
    fn end_headed(&mut self, heading: &Heading) {
        let block = if heading.alone { BlockKind::Heading } else { BlockKind::Paragraph };
        if let Some(span) = self.end_run(block) {
            let words = Span::new(span.start, span.start + heading.length as u32);
            self.outline.head(span, words, &self.kind, self.language.as_deref());
        }
    }

    /// Figures, tables, boxes and notes anchored in what was written last.
    pub(crate) fn floats(&mut self) {
        while !self.floats.is_empty() && !self.in_line {
            for float in std::mem::take(&mut self.floats) {
                self.flat.go_elsewhere();
                self.block(float);
            }
            self.flat.go_elsewhere();
        }
    }

    /// `sec`.
    fn section(&mut self, node: Id) {
        let title = self.tree.child(node, Tag::Title).map_or_else(String::new, |t| self.tree.words(t));
        let kind = section_kind(&title, self.tree.attribute(node, Attr::SecType), &self.kind);
        self.within(kind, node);
    }

    /// Parts of the back matter and boxes, each with a title that may say what they are.
    fn matter(&mut self, node: Id) {
        let holder = match self.tree.tag(node) {
            Tag::App => SectionKind::Body,
            Tag::Glossary => SectionKind::Abbreviations,
            Tag::Ack | Tag::FnGroup | Tag::Notes => SectionKind::BackMatter,
            _ => self.kind.clone(),
        };
        let title = self.title_of(node).map_or_else(String::new, |t| self.tree.words(t));
        self.within(section_kind(&title, None, &holder), node);
    }

    /// A section of a kind, with its heading.
    fn within(&mut self, kind: SectionKind, node: Id) {
        let around = std::mem::replace(&mut self.kind, kind);
        self.outline.fresh = true;
        self.heading(node);
        self.blocks(node);
        self.kind = around;
        self.outline.fresh = true;
    }

    /// `title`, also within `caption`.
    fn title_of(&self, node: Id) -> Option<Id> {
        let caption = || self.tree.child(node, Tag::Caption);
        self.tree.child(node, Tag::Title).or_else(|| self.tree.child(caption()?, Tag::Title))
    }

    /// Label and title of an element as the heading of a section.
    pub(crate) fn heading(&mut self, node: Id) {
        self.in_line = true;
        if let Some(label) = self.tree.child(node, Tag::Label) {
            self.inline(label);
            self.flat.space();
        }
        if let Some(title) = self.title_of(node) {
            self.inline(title);
        }
        if let Some(subtitle) = self.tree.child(node, Tag::Subtitle) {
            self.separate(":");
            self.inline(subtitle);
        }
        self.in_line = false;
        if let Some(span) = self.end_run(BlockKind::Heading) {
            self.outline.head(span, span, &self.kind, self.language.as_deref());
        }
        if let Some(caption) = self.tree.child(node, Tag::Caption) {
            self.blocks(caption);
        }
    }

    /// `fn`: its mark and its words. In the back matter the first words may say what it is: "Patient consent:
    /// obtained".
    pub(crate) fn note(&mut self, node: Id) {
        let around = self.kind.clone();
        self.begin_item(node);
        if around == SectionKind::BackMatter
            && let Some(heading) = heading_kind(self.flat.run())
        {
            self.kind = heading.kind.clone();
            self.end_headed(&heading);
        }
        self.finish_item(node);
        self.kind = around;
    }

    /// `list`: each item a paragraph of its own.
    fn list(&mut self, node: Id) {
        self.heading_of_list(node);
        for item in self.tree.children(node) {
            if self.tree.tag(item) == Tag::ListItem {
                self.begin_item(item);
                self.finish_item(item);
            }
        }
    }

    fn heading_of_list(&mut self, node: Id) {
        if let Some(title) = self.tree.child(node, Tag::Title) {
            self.inline(title);
            self.finish_paragraph();
        }
    }

    /// The label and title of an item and, in the same paragraph, its first words.
    fn begin_item(&mut self, node: Id) {
        self.in_line = true;
        for part in [Tag::Label, Tag::Title].iter().filter_map(|tag| self.tree.child(node, *tag)) {
            self.inline(part);
            self.flat.space();
        }
        self.in_line = false;
        if let Some(first) = self.first_paragraph(node) {
            self.inline(first);
        }
    }

    /// The other blocks of an item.
    fn finish_item(&mut self, node: Id) {
        let first = self.first_paragraph(node);
        for block in self.tree.children(node).filter(|n| Some(*n) != first) {
            self.block(block);
        }
        self.finish_paragraph();
        self.floats();
    }

    /// The paragraph that an item starts with.
    fn first_paragraph(&self, node: Id) -> Option<Id> {
        let is_head = |n: &Id| matches!(self.tree.tag(*n), Tag::Label | Tag::Title);
        let mut blocks = self.tree.children(node).filter(|n| !is_head(n) && self.tree.has_text(*n));
        blocks.next().filter(|n| self.tree.tag(*n) == Tag::P)
    }

    /// `def-list`. A list of abbreviations becomes one paragraph, "ALT, alanine transaminase; AST, ...", as journals
    /// print it; of any other each term stands with its definition in a paragraph.
    fn definitions(&mut self, node: Id) {
        self.heading_of_list(node);
        let abbreviations = self.kind == SectionKind::Abbreviations;
        for item in self.tree.children(node) {
            match self.tree.tag(item) {
                Tag::DefItem => self.definition(item, abbreviations),
                Tag::DefList => self.block(item),
                _ => {}
            }
        }
        self.finish_paragraph();
        self.floats();
    }

    fn definition(&mut self, item: Id, abbreviation: bool) {
        self.in_line = true;
        if abbreviation {
            self.separate(";");
        }
        for part in self.tree.children(item) {
            if self.tree.tag(part) == Tag::Def {
                self.separate(if abbreviation { "," } else { ":" });
            }
            self.inline_node(part);
        }
        self.in_line = false;
        if !abbreviation {
            self.finish_paragraph();
        }
    }

    /// Ends a paragraph and adds it to the section being written.
    pub(crate) fn finish_paragraph(&mut self) -> Option<Span> {
        if self.in_line {
            return None;
        }
        let span = self.end_run(BlockKind::Paragraph)?;
        self.outline.add(span, &self.kind, self.language.as_deref());
        Some(span)
    }

    /// Ends what is being written as a block.
    pub(crate) fn end_run(&mut self, kind: BlockKind) -> Option<Span> {
        self.close_citations();
        self.flat.end_block(kind)
    }
}

/// Kind that a heading among the paragraphs of a body gives to what follows.
fn body_kind(heading: &Heading) -> SectionKind {
    match heading.kind {
        SectionKind::Abstract => SectionKind::Conclusion,
        ref kind => kind.clone(),
    }
}
