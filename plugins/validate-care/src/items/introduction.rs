//! Item 4. Present where the text before the case gives background; partial where it only announces the case.

use casemill_plugin_sdk::model::{ItemStatus, Severity};

use super::{Item, Rule, is_whole};
use crate::cues::Cue;
use crate::reading::{Part, Reading, Sentence};
use crate::verdict::{Judged, Verdict};

pub(super) const ITEM: Item = Item {
    head: ("4", "Introduction"),
    judge,
    rule: Rule {
        code: "CR004",
        name: "introduction-missing",
        severity: Severity::Info,
        page: include_str!("introduction.md"),
        message: "the case is told without an introduction",
        help: "say in one or two paragraphs why the case is unique, with the literature",
        expected: is_whole,
    },
};

fn judge(reading: &Reading<'_>) -> Judged {
    let sentences: Vec<&Sentence> = reading.part(Part::Introduction).collect();
    let all = || sentences.iter().copied();
    let background = all().any(|s| s.elsewhere || s.cites || s.cues.has(Cue::Literature)) || sentences.len() > 2;
    let mut shown = reading.with(all(), Cue::Unique);
    if shown.is_empty() {
        shown = all().filter(|s| s.elsewhere || s.cites).take(1).map(|s| reading.quote(s)).collect();
    }
    if shown.is_empty() {
        shown = all().skip(1).take(1).map(|s| reading.quote(s)).collect();
    }
    let why = all().any(|s| s.cues.has(Cue::Unique) || s.cues.has(Cue::Intent));
    let mut verdict = Verdict::default();
    verdict =
        verdict.part(if background { Verdict::shown("background", shown) } else { Verdict::absent("background") });
    verdict = verdict.part(match why {
        true => Verdict { has: vec!["why the case is told"], ..Verdict::default() },
        false => Verdict::absent("why the case is told"),
    });
    // A heading alone, or no sentence at all, is no introduction.
    verdict.status = match (background, why) {
        (true, _) if sentences.len() > 1 => ItemStatus::Present,
        (false, false) => ItemStatus::Absent,
        _ => ItemStatus::Partial,
    };
    if verdict.status == ItemStatus::Absent {
        return Judged::once(Verdict::absent("an introduction"));
    }
    Judged::once(verdict)
}
