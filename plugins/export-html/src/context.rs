//! The report while the page is made: who can be linked to, and which places of the text links lead to.

use std::borrow::Cow;
use std::cell::RefCell;

use casemill_plugin_sdk::model::{AnyFact, Assertion, Document, Evidence, FactId, Report, Scope, Span, Statement};

use crate::index::{Entry, Index};
use crate::view::{Cell, Codes, Derived, FactLink, Head, Part, Proof, Row, Words};
use crate::wording;

/// Quotes longer than this are shortened in the middle; the link leads to the whole.
const QUOTE: usize = 140;
/// Letters kept after the gap of a shortened quote.
const QUOTE_END: usize = 40;

/// What all parts of the page share.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    /// The text.
    pub(crate) document: &'a Document,
    /// All facts.
    pub(crate) index: Index<'a>,
    /// Offsets of the text that links lead to.
    linked: RefCell<Vec<u32>>,
}

impl<'a> Context<'a> {
    /// The context of a report's page.
    pub(crate) fn new(report: &'a Report) -> Self {
        Self { document: &report.document, index: Index::of(report), linked: RefCell::default() }
    }

    /// The place of a span as target of a link. `None` if the span does not fit the text.
    pub(crate) fn place(&self, span: Span) -> Option<u32> {
        span.of(&self.document.text)?;
        self.linked.borrow_mut().push(span.start);
        Some(span.start)
    }

    /// All offsets that links lead to, sorted.
    pub(crate) fn linked(&self) -> Vec<u32> {
        let mut offsets = self.linked.borrow().clone();
        offsets.sort_unstable();
        offsets.dedup();
        offsets
    }

    /// Language of the text, where it is not that of the page.
    pub(crate) fn language(&self) -> Option<&'a str> {
        language(&self.document.language).filter(|code| *code != "en")
    }

    /// Words of the text.
    pub(crate) fn words(&self, span: Span, quote: &'a str) -> Words<'a> {
        Words { place: self.place(span), quote: shortened(quote), language: self.language(), tip: String::new() }
    }

    /// A part of a fact that is left in the words of the text.
    pub(crate) fn said(&self, lead: &'static str, statement: &'a Statement) -> Part<'a> {
        Part::Said(lead, self.words(statement.span, &statement.quote))
    }

    /// Words that back a fact.
    pub(crate) fn evidence(&self, evidence: &'a Evidence) -> Words<'a> {
        let section = evidence.section.as_ref().map(|s| format!("section: {}", wording::plain(s.as_str())));
        let by = (!evidence.by.is_empty()).then(|| format!("found by {}", evidence.by));
        let tip = [section, by].into_iter().flatten().collect::<Vec<_>>().join("; ");
        Words { tip, ..self.words(evidence.span, &evidence.quote) }
    }

    /// A link to a fact. `None` if the record has no such fact.
    pub(crate) fn link(&self, id: &FactId) -> Option<FactLink<'_>> {
        self.index.get(id).map(Entry::link)
    }

    /// The row of a fact.
    pub(crate) fn row(&'a self, fact: &'a dyn AnyFact, head: Head<'a>, cells: Vec<Cell<'a>>) -> Option<Row<'a>> {
        let about = match fact.scope() {
            Scope::Patient => None,
            Scope::Family if fact.kind() == "family" => None,
            other => Some(wording::plain(other.as_str())),
        };
        let proof = Proof {
            words: fact.evidence().iter().map(|e| self.evidence(e)).collect(),
            derived: fact
                .derived()
                .map(|d| Derived { formula: &d.formula, from: d.from.iter().filter_map(|id| self.link(id)).collect() }),
            conflicts: fact.conflicts_with().iter().filter_map(|id| self.link(id)).collect(),
            about,
        };
        Some(Row { fact: self.link(fact.id())?, id: fact.id().as_str(), head, cells, proof })
    }

    /// The first cell of a row: the name of the fact, its state where that is not `present`, its codes.
    pub(crate) fn head(&self, fact: &'a dyn AnyFact, name: impl Into<Cow<'a, str>>) -> Head<'a> {
        let other = Some(fact.assertion()).filter(|a| **a != Assertion::Present);
        Head { codes: Codes(fact.codings()), ..Head::named(name).badged(other.map(wording::badge::assertion)) }
    }
}

/// A language code that can stand in a `lang` attribute (BCP 47, as far as codes of reports go).
pub(crate) fn language(code: &str) -> Option<&str> {
    let ok = code.len() >= 2 && code.len() <= 35 && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    (ok && code.as_bytes()[..2].iter().all(u8::is_ascii_alphabetic)).then_some(code)
}

/// A quote cut in the middle at character boundaries.
fn shortened(quote: &str) -> Cow<'_, str> {
    if quote.len() <= QUOTE {
        return Cow::Borrowed(quote);
    }
    let head = boundary(quote, QUOTE - QUOTE_END);
    let tail = boundary(quote, quote.len() - QUOTE_END);
    Cow::Owned(format!("{} … {}", quote[..head].trim_end(), quote[tail..].trim_start()))
}

/// The last character boundary at or before `at`.
pub(crate) fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_quotes_lose_their_middle() {
        assert_eq!(shortened("short"), "short");
        let long = shortened(&"é".repeat(200)).into_owned();
        assert!(long.contains(" … ") && long.chars().count() < QUOTE, "{long}");
    }

    #[test]
    fn only_language_codes_are_languages() {
        assert_eq!(language("pt-BR"), Some("pt-BR"));
        for wrong in ["", "x", "en\" onclick", "12"] {
            assert_eq!(language(wrong), None);
        }
    }
}
