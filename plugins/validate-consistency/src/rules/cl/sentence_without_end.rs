//! A sentence without an end.
//!
//! A paragraph of running text ends in a word although it holds a verb: the full stop is missing, or a part of the sentence.
//!
//! ## Why it matters
//!
//! It may be a heading that is a sentence, or a sentence whose end was lost.
//!
//! ## Example
//!
//! The findings were suggestive of an IMT
//!
//! ## What to write
//!
//! The full stop, or the rest.

use case_text::context::is_finite_verb;
use casemill_plugin_sdk::model::{Diagnostic, SectionKind, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CL005", name: "sentence-without-end", severity: Severity::Info };

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (i, sentence) in reading.sentences.iter().enumerate() {
        let prose = sentence.is_prose() && !matches!(sentence.section, SectionKind::Consent);
        let next = reading.sentences.get(i + 1);
        // The last one may be cut by whoever gave the text.
        let Some(next) = next.filter(|n| prose && n.paragraph != sentence.paragraph) else { continue };
        let tokens = sentence.tokens.clone();
        let words = tokens.clone().filter(|i| reading.tokens[*i].is_word()).count();
        let Some(last) = tokens.clone().next_back() else { continue };
        let ends_in_word = reading.tokens[last].is_word() && !reading.document.citations.iter().any(|c| c.span.overlaps(reading.tokens[last].span));
        let capital = reading.written(tokens.start).starts_with(char::is_uppercase);
        // A heading has no finite verb, or is a question or title in capitals.
        let verb = tokens.clone().any(|i| matches!(reading.word(i), "was" | "were" | "is" | "are" | "had" | "has") || is_finite_verb(reading.word(i)));
        let titled = tokens.clone().filter(|i| reading.written(*i).starts_with(char::is_uppercase)).count() * 2 > words;
        if (5..60).contains(&words) && ends_in_word && capital && verb && !titled {
            let end = reading.tokens[last].span;
            RULE.found("a sentence without a full stop")
                .at(sentence.span, "ends here")
                .at(reading.span(next.tokens.start, next.tokens.start.max((next.tokens.start + 2).min(next.tokens.end.saturating_sub(1)))), "the next paragraph")
                .help(format!("\"{}\" is its last word", reading.words(end)))
                .push(out);
        }
    }
}
