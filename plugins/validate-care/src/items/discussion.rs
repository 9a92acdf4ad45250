//! Item 11. Present where literature, reasons and a lesson are there and limitations are at least implied by what the
//! authors leave open or ask for.

use casemill_plugin_sdk::model::{ItemStatus, Severity};

use super::{Item, Rule, is_whole};
use crate::cues::Cue;
use crate::reading::{Part, Reading};
use crate::verdict::{Head, Judged, Verdict};

pub(super) const ITEM: Item = Item {
    head: ("11", "Discussion"),
    judge,
    rule: Rule {
        code: "CR011",
        name: "discussion-missing",
        severity: Severity::Info,
        page: include_str!("discussion.md"),
        message: "the case is not discussed",
        help: "discuss the strengths and limitations of the approach, the literature, your reasons and the lesson",
        // Without a list of references, what follows the case may have been cut off.
        expected: |reading| is_whole(reading) && !reading.document().references.is_empty(),
    },
};

const HEADS: [Head; 4] = [
    ("11a", "Strengths and limitations"),
    ("11b", "Relevant literature"),
    ("11c", "Rationale for conclusions"),
    ("11d", "Main lessons"),
];

fn judge(reading: &Reading<'_>) -> Judged {
    let cue = |cue| reading.with(reading.part(Part::Discussion), cue);
    if reading.part(Part::Discussion).next().is_none() {
        return Judged::once(Verdict::absent("a discussion"));
    }
    let named = cue(Cue::Limitation);
    let limitations = if named.is_empty() {
        match Verdict::shown("limitations implied", cue(Cue::OpenQuestion)) {
            implied if implied.is_present() => implied.status(ItemStatus::Partial),
            _ => Verdict::absent("strengths and limitations"),
        }
    } else {
        Verdict::shown("strengths and limitations", named)
    };
    let mut literature: Vec<_> =
        reading.part(Part::Discussion).filter(|s| s.cites || s.elsewhere).take(2).map(|s| reading.quote(s)).collect();
    if literature.is_empty() {
        literature = cue(Cue::Literature);
    }
    let parts = [
        limitations,
        Verdict::shown("literature", literature),
        Verdict::shown("reasons", cue(Cue::Rationale)),
        Verdict::shown("lesson", cue(Cue::Lesson)),
    ];
    let whole = Verdict::of(parts.clone());
    let status = if parts[0].is_given() && parts[1..].iter().all(Verdict::is_present) {
        ItemStatus::Present
    } else {
        // A discussion is there, whatever it lacks.
        ItemStatus::Partial
    };
    Judged { whole: vec![whole.status(status)], parts: HEADS.into_iter().zip(parts.map(|p| vec![p])).collect() }
}
