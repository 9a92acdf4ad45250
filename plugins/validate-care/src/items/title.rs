//! Item 1. Present where the title names the kind of report; partial where it names the subject only.

use casemill_plugin_sdk::model::{ItemStatus, SectionKind, Severity};

use super::{Item, Rule};
use crate::cues::Cue;
use crate::reading::Reading;
use crate::verdict::{Judged, Verdict};

pub(super) const ITEM: Item = Item {
    head: ("1", "Title"),
    judge,
    rule: Rule {
        code: "CR001",
        name: "title-missing",
        severity: Severity::Info,
        page: include_str!("title.md"),
        message: "the report has no title",
        help: "give it a title that names the subject and holds the words \"case report\"",
        // Plain text without a title is mostly text from which it was cut off.
        expected: |reading| reading.document().source.media_type.contains("xml"),
    },
};

fn judge(reading: &Reading<'_>) -> Judged {
    let document = reading.document();
    let Some(first) = document.titles.first() else { return Judged::once(Verdict::absent("a title")) };
    let named = document.titles.iter().find(|title| {
        let within = |s: &&crate::reading::Sentence| s.span.start < title.span.end && s.span.end > title.span.start;
        reading.sentences.iter().filter(within).any(|s| s.cues.has(Cue::CaseReport))
    });
    let title = named.unwrap_or(first);
    let verdict = Verdict::shown("a title", vec![reading.evidence(title.span, SectionKind::Title)]);
    Judged::once(match named {
        Some(_) => verdict,
        None => verdict.part(Verdict::absent("the words \"case report\"")).status(ItemStatus::Partial),
    })
}
