//! A caption that cuts a sentence.
//!
//! In the input a caption stands within a sentence, as page layout put it there. Extraction reads the sentence as one and the caption
//! after its paragraph.
//!
//! ## Why it matters
//!
//! Other programs read two half sentences; a negation or subject in the first half is lost for the second.
//!
//! ## Example
//!
//! Neuropathy had been described as a / Figure 1. PET-CT of ... / common side effect.
//!
//! ## What to write
//!
//! Nothing: it is a fault of the conversion, shown so that a reader can check the repair.

use casemill_plugin_sdk::model::{Diagnostic, RepairKind, Severity, Span};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CL006", name: "spliced-caption", severity: Severity::Info };

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    let repairs = &reading.document.repairs;
    for (i, moved) in repairs.iter().enumerate().filter(|(_, r)| r.kind == RepairKind::Moved) {
        // Reading jumps over the caption where the sentence goes on.
        let Some(joint) = repairs[..i].iter().rev().find(|r| r.kind == RepairKind::Jump) else { continue };
        let at = joint.span.start;
        let Some(number) = reading.sentence_at(at.saturating_sub(1)) else { continue };
        let sentence = &reading.sentences[number];
        let figure = reading.document.figures.iter().find(|f| f.span.start >= moved.span.start);
        let caption = figure.map_or(moved.span, |f| f.span);
        let (left, right) = (at.saturating_sub(1).max(sentence.span.start), at.min(sentence.span.end));
        if sentence.span.end <= right {
            continue;
        }
        RULE.found("a caption stands within this sentence")
            .at(Span::new(sentence.span.start, left), "first part")
            .at(Span::new(right, sentence.span.end), "second part")
            .at(caption, "the caption")
            .push(out);
    }
}
