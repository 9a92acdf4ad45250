//! Item 2. Present with two key words or more, partial with one.

use casemill_plugin_sdk::model::{ItemStatus, SectionKind, Severity};

use super::{Item, Rule, is_whole};
use crate::reading::Reading;
use crate::verdict::{Judged, Verdict};

pub(super) const ITEM: Item = Item {
    head: ("2", "Key words"),
    judge,
    rule: Rule {
        code: "CR002",
        name: "key-words-missing",
        severity: Severity::Info,
        page: include_str!("key_words.md"),
        message: "the report has no key words",
        help: "name the key elements of the case in two to five words",
        expected: |reading| is_whole(reading) && !reading.is_letter(),
    },
};

fn judge(reading: &Reading<'_>) -> Judged {
    let document = reading.document();
    let Some(section) = document.sections.iter().find(|s| s.kind == SectionKind::Keywords) else {
        let verdict = Verdict::absent("key words");
        return Judged::once(if reading.is_letter() { verdict.remark("letter") } else { verdict });
    };
    let start = section.heading.map_or(section.span.start, |h| h.end.max(section.span.start));
    let words = document.words(casemill_plugin_sdk::model::Span::new(start, section.span.end));
    let count = words.split([',', ';', '\n', '·', '•', '|']).filter(|w| w.chars().any(char::is_alphabetic)).count();
    let verdict = Verdict::shown("key words", vec![reading.evidence(section.span, SectionKind::Keywords)]);
    Judged::once(match count {
        0 => Verdict::absent("key words"),
        1 => verdict.remark("one only").status(ItemStatus::Partial),
        _ => verdict,
    })
}
