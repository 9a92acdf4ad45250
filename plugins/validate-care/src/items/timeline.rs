//! Item 7. CARE asks for a figure or table with the milestones: present with one, partial where the running text gives
//! times, absent without times.

use casemill_plugin_sdk::model::{Evidence, ItemStatus, Severity, Timing};

use super::{Item, Rule, has_patient};
use crate::cues::Cue;
use crate::reading::{Part, Reading};
use crate::verdict::{Judged, Verdict};

pub(super) const ITEM: Item = Item {
    head: ("7", "Timeline"),
    judge,
    rule: Rule {
        code: "CR007",
        name: "times-missing",
        severity: Severity::Info,
        page: include_str!("timeline.md"),
        message: "the report gives no times for what happened",
        help: "show the milestones of diagnosis and treatment in a table or figure",
        expected: has_patient,
    },
};

/// Dated facts that make a course.
const TIMES: usize = 2;

fn judge(reading: &Reading<'_>) -> Judged {
    // "Clinical course" as a heading is no timeline, "Timeline" is.
    let exhibits = reading.sentences.iter().filter(|s| {
        s.cues.has(Cue::Timeline)
            && (s.part == Part::Exhibit
                || (s.part == Part::Case
                    && reading.is_heading(s)
                    && reading.document().words(s.span).to_lowercase().contains("timeline")))
    });
    let shown: Vec<Evidence> = exhibits.take(2).map(|s| reading.quote(s)).collect();
    if !shown.is_empty() {
        return Judged::once(Verdict::shown("a figure or table of the course", shown));
    }
    let mut times: Vec<Evidence> = Vec::new();
    let mut take = |timing: &Timing| {
        let Some(span) =
            timing.span.filter(|_| timing.offset.is_some() || timing.date.is_some() || timing.age.is_some())
        else {
            return;
        };
        if !times.iter().any(|e| e.span == span) {
            let section = reading.document().section_at(span.start).map(|s| s.kind.clone()).unwrap_or_default();
            times.push(reading.evidence(span, section));
        }
    };
    for case in &reading.report.cases {
        case.visit(&mut |_, fact| fact.timings(&mut take));
    }
    times.sort_by_key(|e| e.span);
    Judged::once(if times.len() < TIMES {
        Verdict::absent("times").part(Verdict { lacks: vec!["a figure or table of the course"], ..Verdict::default() })
    } else {
        Verdict::shown("times in the running text", times)
            .part(Verdict::absent("a figure or table of the course"))
            .status(ItemStatus::Partial)
    })
}
