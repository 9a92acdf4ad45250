//! What the ids of the file stand for: references with their numbers, figures and tables with their labels.

use std::collections::HashMap;

use crate::tag::{Attr, Tag};
use crate::tree::{Id, Tree};

/// What a cross-reference points to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// An entry of a reference list, with its number.
    Reference(Option<u32>),
    /// A figure or table, with its label in full: `Figure 1`.
    Float(String),
    /// Anything else: a note, a section, an appendix, a supplement.
    Other(Tag),
}

/// The ids of a file.
#[derive(Debug, Default)]
pub(crate) struct Index<'a> {
    targets: HashMap<&'a str, Target>,
    /// Number of each reference, in the order of the file.
    numbers: HashMap<Id, Option<u32>>,
    /// Highest number of a reference.
    last_number: u32,
    /// True if the numbers are printed.
    numbered: bool,
    /// True if cross-references cite references.
    pub(crate) cites: bool,
}

impl<'a> Index<'a> {
    /// Reads the ids within the article.
    pub(crate) fn of(tree: &Tree<'a>, article: Id) -> Self {
        let mut index = Self::default();
        index.number(tree, article);
        for node in tree.within(article) {
            if tree.tag(node) == Tag::Xref && tree.attribute(node, Attr::RefType) == Some("bibr") {
                index.cites = true;
            }
            if let Some(id) = tree.attribute(node, Attr::Id) {
                let target = index.target(tree, node);
                index.targets.entry(id).or_insert(target);
            }
        }
        index
    }

    /// Numbers the references: as printed, or by their place in the list where none is printed.
    fn number(&mut self, tree: &Tree<'a>, article: Id) {
        let references: Vec<Id> = tree.within(article).filter(|n| tree.tag(*n) == Tag::Ref).collect();
        let printed: Vec<Option<u32>> = references.iter().map(|r| printed_number(tree, *r)).collect();
        self.numbered = printed.iter().any(Option::is_some);
        for (place, (reference, printed)) in (1..).zip(references.into_iter().zip(printed)) {
            let number = if self.numbered { printed } else { Some(place) };
            self.last_number = self.last_number.max(number.unwrap_or_default());
            self.numbers.insert(reference, number);
        }
    }

    fn target(&self, tree: &Tree<'a>, node: Id) -> Target {
        match tree.tag(node) {
            Tag::Ref => Target::Reference(self.reference(node)),
            // Some point to the citation within the entry.
            Tag::Citation => match tree.parent(node).filter(|p| tree.tag(*p) == Tag::Ref) {
                Some(reference) => Target::Reference(self.reference(reference)),
                None => Target::Other(Tag::Citation),
            },
            Tag::Fig | Tag::FigGroup | Tag::TableWrap | Tag::TableWrapGroup => Target::Float(float_label(tree, node)),
            other => Target::Other(other),
        }
    }

    /// The number of a reference.
    pub(crate) fn reference(&self, reference: Id) -> Option<u32> {
        self.numbers.get(&reference).copied().flatten()
    }

    /// The numbers of a mark that are printed numbers of references.
    pub(crate) fn known(&self, numbers: Vec<u32>) -> Vec<u32> {
        let known = |n: &u32| self.numbered && (1..=self.last_number).contains(n);
        if numbers.iter().all(known) { numbers } else { Vec::new() }
    }

    /// What an id stands for.
    pub(crate) fn find(&self, id: &str) -> Option<&Target> {
        self.targets.get(id)
    }
}

fn printed_number(tree: &Tree<'_>, reference: Id) -> Option<u32> {
    let label = tree.words(tree.child(reference, Tag::Label)?);
    let digits = label.trim_matches(|c: char| !c.is_ascii_digit());
    digits.parse().ok().filter(|_| digits.len() <= 4)
}

/// The label of a figure or table in full, empty when it has none: `Fig. 1.` is `Figure 1`.
///
/// A panel without number of its own belongs to the figure around it.
pub(crate) fn float_label(tree: &Tree<'_>, float: Id) -> String {
    let own = tree.child(float, Tag::Label).map(|label| full_label(&tree.words(label)));
    let group = tree.parent(float).filter(|p| matches!(tree.tag(*p), Tag::FigGroup | Tag::TableWrapGroup));
    match own {
        Some(label) if label.chars().any(|c| c.is_ascii_digit()) || group.is_none() => label,
        own => group.map(|g| float_label(tree, g)).filter(|l| !l.is_empty()).or(own).unwrap_or_default(),
    }
}

fn full_label(printed: &str) -> String {
    let bare = printed.trim_end_matches(['.', ':', ' ', '|', '—', '–']);
    let lower = bare.to_ascii_lowercase();
    for (start, name) in [("figure", "Figure"), ("fig", "Figure"), ("table", "Table"), ("tab", "Table")] {
        let number = || bare[start.len()..].trim_start_matches(['.', ' ', '\u{a0}']);
        if lower.starts_with(start) && number().starts_with(|c: char| c.is_ascii_digit() || c.is_ascii_uppercase()) {
            return format!("{name} {}", number());
        }
    }
    bare.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_written_in_full() {
        for (printed, full) in [
            ("Fig. 1.", "Figure 1"),
            ("FIGURE 2", "Figure 2"),
            ("Fig.3A", "Figure 3A"),
            ("TABLE II", "Table II"),
            ("Scheme 1:", "Scheme 1"),
            ("A", "A"),
        ] {
            assert_eq!(full_label(printed), full);
        }
    }

    #[test]
    fn references_have_their_printed_number_or_their_place() {
        let read = |xml: &str| {
            let tree = Tree::parse(xml).unwrap();
            let index = Index::of(&tree, tree.all().next().unwrap());
            ["a", "b", "c"].map(|id| index.find(id).cloned())
        };
        let number = |n| Some(Target::Reference(n));
        assert_eq!(
            read("<x><ref id='a'><label>[7]</label></ref><ref id='b'><citation id='c'/></ref></x>"),
            [number(Some(7)), number(None), number(None)]
        );
        assert_eq!(
            read("<x><ref id='a'/><ref id='b'><citation id='c'/></ref></x>"),
            [number(Some(1)), number(Some(2)), number(Some(2))]
        );
    }
}
