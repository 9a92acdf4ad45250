//! Item 3. The four parts of the abstract, found by what the patients' facts there are about and by the words of
//! claims to novelty and of lessons.

use casemill_plugin_sdk::model::{Evidence, SectionKind, Severity};

use super::{Item, Rule, is_whole};
use crate::cues::Cue;
use crate::reading::{Reading, Sentence};
use crate::verdict::{Head, Judged, Verdict};

pub(super) const ITEM: Item = Item {
    head: ("3", "Abstract"),
    judge,
    rule: Rule {
        code: "CR003",
        name: "abstract-missing",
        severity: Severity::Info,
        page: include_str!("report_abstract.md"),
        message: "the report has no abstract",
        help: "sum up what is new, what the patient had, what was done with which outcome, and the lesson",
        expected: |reading| is_whole(reading) && !reading.is_letter(),
    },
};

const HEADS: [Head; 4] = [
    ("3a", "What this case adds"),
    ("3b", "Main concerns and clinical findings"),
    ("3c", "Main diagnoses, interventions and outcomes"),
    ("3d", "Main lesson"),
];

/// Lists of facts that are outcomes or what led to them.
const COURSE: [&str; 5] = ["diagnoses", "treatments", "responses", "follow_up", "adverse_events"];
/// Lists of facts that are concerns and findings.
const FINDINGS: [&str; 5] = ["findings", "measurements", "imaging", "tumour_sizes", "age"];

fn judge(reading: &Reading<'_>) -> Judged {
    let sentences: Vec<&Sentence> = reading.sentences.iter().filter(|s| s.section == SectionKind::Abstract).collect();
    let (Some(first), Some(last)) = (sentences.first(), sentences.last()) else {
        let verdict = Verdict::absent("an abstract");
        return Judged::once(if reading.is_letter() { verdict.remark("letter") } else { verdict });
    };
    let (start, end) = (first.span.start, last.span.end);
    let facts = |lists: &[&str]| -> Vec<Evidence> {
        let mut out = Vec::new();
        for case in &reading.report.cases {
            case.visit(&mut |list, fact| {
                if out.len() < 3 && lists.contains(&list) {
                    out.extend(fact.evidence().iter().find(|e| start <= e.span.start && e.span.end <= end).cloned());
                }
            });
        }
        out
    };
    let cue = |cue| reading.with(sentences.iter().copied(), cue);
    let mut new = cue(Cue::Unique);
    if new.is_empty() {
        new = cue(Cue::Intent);
    }
    let mut concerns = facts(&FINDINGS);
    if concerns.is_empty() {
        concerns = cue(Cue::Presented);
    }
    let parts = [
        Verdict::shown("what is new", new),
        Verdict::shown("concerns and findings", concerns),
        Verdict::shown("diagnoses, interventions, outcomes", facts(&COURSE)),
        Verdict::shown("lesson", cue(Cue::Lesson)),
    ];
    let mut whole = Verdict::of(parts.clone());
    if whole.is_absent() {
        whole = Verdict::shown("an abstract", vec![reading.quote(first)]).part(whole);
        whole.status = casemill_plugin_sdk::model::ItemStatus::Partial;
    }
    Judged { whole: vec![whole], parts: HEADS.into_iter().zip(parts.map(|p| vec![p])).collect() }
}
