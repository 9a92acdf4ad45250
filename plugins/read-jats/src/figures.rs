//! Figures: label and caption, and the panels of a group.

use case_text::repair::BlockKind;
use casemill_plugin_sdk::model::{Figure, Panel, SectionKind};
use casemill_plugin_sdk::prelude::Span;

use crate::article::Walker;
use crate::index::float_label;
use crate::tag::Tag;
use crate::tree::Id;

impl Walker<'_, '_> {
    /// `fig`, `fig-group`, `chem-struct-wrap`.
    pub(crate) fn figure(&mut self, node: Id) {
        self.outline.fresh = true;
        let around = std::mem::replace(&mut self.kind, SectionKind::Caption);
        let start = self.flat.len();
        self.caption(node);
        let panels = self.panels(node);
        self.kind = around;
        self.outline.fresh = true;
        if let Some(span) = self.written_since(start) {
            let label = float_label(self.tree, node);
            self.outline.figures.push(Figure { label, span, panels });
        }
    }

    /// The figures of a group are its panels where they have no number of their own, and figures otherwise.
    fn panels(&mut self, group: Id) -> Vec<Panel> {
        let mut out = Vec::new();
        for node in self.tree.children(group) {
            match self.tree.tag(node) {
                Tag::Fig | Tag::FigGroup if self.is_panel(node) => {
                    let start = self.flat.len();
                    self.caption(node);
                    let inner = self.panels(node);
                    if let Some(span) = self.written_since(start) {
                        let label = self.tree.child(node, Tag::Label).map_or_else(String::new, |l| self.tree.words(l));
                        let label = label.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
                        out.push(Panel { label, span });
                        out.extend(inner);
                    }
                }
                Tag::Fig | Tag::FigGroup => self.figure(node),
                Tag::Label | Tag::Caption | Tag::Title => {}
                tag if tag.is_left_out() => {}
                _ => self.block(node),
            }
        }
        self.finish_paragraph();
        self.floats();
        out
    }

    fn is_panel(&self, node: Id) -> bool {
        let label = self.tree.child(node, Tag::Label).map_or_else(String::new, |l| self.tree.words(l));
        !label.contains(|c: char| c.is_ascii_digit())
    }

    /// `label` and `caption`: label and title, or label and first paragraph, in one block; the other paragraphs in
    /// one each.
    pub(crate) fn caption(&mut self, node: Id) -> Option<Span> {
        let start = self.flat.len();
        let caption = self.tree.child(node, Tag::Caption);
        let parts: Vec<Id> = caption.into_iter().flat_map(|c| self.tree.children(c)).collect();
        let label = self.tree.child(node, Tag::Label);
        let title = parts.iter().copied().find(|p| self.tree.tag(*p) == Tag::Title);
        self.in_line = true;
        for part in label.into_iter().chain(title) {
            self.flat.space();
            self.inline(part);
        }
        self.in_line = false;
        if title.is_some_and(|t| self.tree.has_text(t)) {
            self.end_caption();
        }
        for part in parts.into_iter().filter(|p| Some(*p) != title && Some(*p) != label) {
            self.flat.space();
            match self.tree.tag(part) {
                Tag::P => self.inline(part),
                _ => self.block(part),
            }
            if self.tree.has_text(part) {
                self.end_caption();
            }
        }
        self.end_caption();
        self.floats();
        self.written_since(start)
    }

    fn end_caption(&mut self) {
        if let Some(span) = self.end_run(BlockKind::Caption) {
            self.outline.add(span, &self.kind, self.language.as_deref());
        }
    }

    /// The words written since the text had `start` bytes, without the separator in front of them.
    pub(crate) fn written_since(&self, start: u32) -> Option<Span> {
        let words = self.flat.words(Span::new(start, self.flat.len()));
        let lead = words.len() - words.trim_start_matches('\n').len();
        (lead < words.len()).then(|| Span::new(start + lead as u32, self.flat.len()))
    }
}
