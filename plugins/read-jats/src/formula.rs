//! Formulas in a line: MathML 3 presentation markup as the characters that a keyboard has.

use crate::article::Walker;
use crate::script::{Join, superscript};
use crate::tag::{Attr, Tag};
use crate::tree::Id;

impl Walker<'_, '_> {
    /// `inline-formula`, `disp-formula` or `math`. A formula given as TeX or as a picture only has no words.
    pub(crate) fn formula(&mut self, node: Id) {
        let displayed = self.tree.tag(node) == Tag::DispFormula;
        if displayed {
            self.flat.space();
        }
        let math = std::iter::once(node).chain(self.tree.within(node)).find(|n| self.tree.tag(*n) == Tag::Math);
        let words = || self.tree.within(node).any(|n| self.is_worded(n));
        match math {
            Some(math) => self.math_children(math),
            None if words() => self.inline(node),
            None => self.formulas += 1,
        }
        if displayed {
            self.flat.space();
        }
    }

    /// Text of a formula that is no TeX.
    fn is_worded(&self, node: Id) -> bool {
        let parent = self.tree.parent(node).map(|p| self.tree.tag(p));
        matches!(self.tree.tag(node), Tag::Text | Tag::Entity)
            && !self.tree.raw(node).trim().is_empty()
            && !matches!(parent, Some(Tag::TexMath | Tag::AltText | Tag::Label))
    }

    fn math_children(&mut self, node: Id) {
        for child in self.tree.children(node) {
            self.math(child);
        }
    }

    /// The element children, which scripts and fractions tell apart by their place.
    fn operands(&self, node: Id) -> Vec<Id> {
        self.tree.children(node).filter(|n| !matches!(self.tree.tag(*n), Tag::Text | Tag::Entity)).collect()
    }

    fn math(&mut self, node: Id) {
        let operands = self.operands(node);
        match (self.tree.tag(node), operands.as_slice()) {
            // Space between elements is layout.
            (Tag::Text, _) if self.tree.raw(node).trim().is_empty() => {}
            (Tag::Text | Tag::Entity | Tag::Mtext | Tag::Mspace, _) => self.inline_node(node),
            (Tag::Msub, [base, script]) => {
                self.math(*base);
                self.math(*script);
            }
            (Tag::Msup, [base, script]) => {
                self.math(*base);
                self.power(*script);
            }
            (Tag::Msubsup, [base, lower, upper]) => {
                self.math(*base);
                self.math(*lower);
                self.power(*upper);
            }
            (Tag::Mfrac, [above, below]) => {
                self.group(*above);
                self.flat.insert("/");
                self.group(*below);
            }
            (Tag::Msqrt, _) => {
                self.flat.insert("√(");
                self.math_children(node);
                self.flat.insert(")");
            }
            (Tag::Mroot, [base, degree]) => {
                self.group(*base);
                self.flat.insert("^(1/");
                self.math(*degree);
                self.flat.insert(")");
            }
            (Tag::Mfenced, _) => self.fenced(node, &operands),
            (Tag::Mtr | Tag::Mtd, _) => {
                self.flat.space();
                self.math_children(node);
                self.flat.space();
            }
            (tag, _) if tag.is_left_out() => {}
            _ => self.math_children(node),
        }
    }

    fn power(&mut self, script: Id) {
        let words = self.tree.words(script);
        match superscript(self.flat.run(), &words, false) {
            _ if words.is_empty() => {}
            Join::Plain => self.math(script),
            _ => {
                self.flat.insert("^");
                self.math(script);
            }
        }
    }

    /// A part of a fraction, in brackets if it is more than one thing.
    fn group(&mut self, node: Id) {
        let several = self.operands(node).len() > 1;
        if several {
            self.flat.insert("(");
        }
        self.math(node);
        if several {
            self.flat.insert(")");
        }
    }

    fn fenced(&mut self, node: Id, operands: &[Id]) {
        let sign = |attribute, default: &'static str| {
            let given = self.tree.attribute(node, attribute);
            given.filter(|g| !g.contains('&')).unwrap_or(default).to_owned()
        };
        let (open, close, separators) = (sign(Attr::Open, "("), sign(Attr::Close, ")"), sign(Attr::Separators, ","));
        let separator = separators.chars().next().map(String::from);
        if !open.is_empty() {
            self.flat.insert(&open);
        }
        for (i, operand) in operands.iter().enumerate() {
            if i > 0
                && let Some(separator) = &separator
            {
                self.flat.insert(separator);
            }
            self.math(*operand);
        }
        if !close.is_empty() {
            self.flat.insert(&close);
        }
    }
}
