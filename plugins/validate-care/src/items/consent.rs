//! Item 13. Present where a sentence says that the patient, or who may speak for the patient, consented to the report;
//! partial where consent is addressed and was not obtained or not sought, or was consent to a treatment or study.
//!
//! Approval by an ethics committee is no consent, nor is the consent of the authors.

use casemill_plugin_sdk::model::{Diagnostic, ItemStatus, Label, SectionKind, Severity};

use super::{Item, Rule, has_discussion, has_patient};
use crate::cues::{Cue, Mark};
use crate::reading::{Part, Reading, Sentence};
use crate::verdict::{Judged, Verdict};

pub(super) const ITEM: Item = Item {
    head: ("13", "Informed consent"),
    judge,
    rule: Rule {
        code: "CR013",
        name: "consent-missing",
        severity: Severity::Info,
        page: include_str!("consent.md"),
        message: "informed consent to the report is not stated",
        help: "say whether the patient, or who may speak for them, consented to the publication",
        // As for the perspective: a text that ends with the case says nothing of what stood behind it.
        expected: |reading| has_patient(reading) && has_discussion(reading),
    },
};

/// The rule for consent that the report says was not obtained.
pub(crate) const NOT_OBTAINED: Rule = Rule {
    code: "CR014",
    name: "consent-not-obtained",
    severity: Severity::Info,
    page: include_str!("consent_not_obtained.md"),
    message: "consent to the report was not obtained or not sought",
    help: "where the patient cannot be asked, name who consented for them or what waived the consent",
    expected: has_patient,
};

/// What a sentence says of consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Statement {
    /// Consent to the report was given.
    Given,
    /// Consent was given to something else: a treatment, a study.
    Other,
    /// Consent was not obtained, not sought, not needed.
    Not,
}

const NOT_SAID: &str = "consent said to be not obtained or not needed";

fn judge(reading: &Reading<'_>) -> Judged {
    let mut said: [Vec<&Sentence>; 3] = Default::default();
    let mut before: Option<&Sentence> = None;
    for sentence in &reading.sentences {
        let headed = before.is_some_and(|b| b.cues.has(Cue::Consent) && reading.is_heading(b));
        before = Some(sentence);
        if let Some(statement) = statement(reading, sentence, headed) {
            said[statement as usize].push(sentence);
        }
    }
    let quotes = |s: &[&Sentence]| s.iter().take(2).map(|s| reading.quote(s)).collect();
    let [given, other, not] = &said;
    Judged::once(if !given.is_empty() {
        Verdict::shown("consent to the report", quotes(given))
    } else if !not.is_empty() {
        Verdict::shown(NOT_SAID, quotes(not)).status(ItemStatus::Partial)
    } else if !other.is_empty() {
        Verdict::shown("consent to a treatment or study", quotes(other))
            .part(Verdict::absent("consent to the report"))
            .status(ItemStatus::Partial)
    } else {
        Verdict::absent("a statement on consent")
    })
}

/// What a sentence says, `headed` if the heading right before it names consent ("Consent for publication: Not applicable.").
fn statement(reading: &Reading<'_>, sentence: &Sentence, headed: bool) -> Option<Statement> {
    if headed && !sentence.cues.has(Cue::Consent) {
        let has = |cue| sentence.cues.has(cue);
        return match (has(Cue::NotGiven), has(Cue::Given) && has(Cue::Person)) {
            (true, _) => Some(Statement::Not),
            (false, true) => Some(Statement::Given),
            (false, false) => None,
        };
    }
    if !sentence.cues.has(Cue::Consent)
        || !matches!(sentence.part, Part::Case | Part::Discussion | Part::Back | Part::Introduction)
    {
        return None;
    }
    let marks = reading.marks(sentence);
    let consent = marks.iter().position(|m| m.cues.has(Cue::Consent))?;
    if is_refused(marks, consent) {
        return Some(Statement::Not);
    }
    // "Consent for publication: Not applicable."
    let in_consent = sentence.section == SectionKind::Consent;
    let has = |cue| sentence.cues.has(cue);
    if !(has(Cue::Person) && (has(Cue::Given) || in_consent && has(Cue::Publication))) {
        return None;
    }
    let reports = has(Cue::Publication)
        && marks.iter().skip(consent + 1).chain(&marks[..consent]).any(|m| m.cues.has(Cue::Publication));
    match (has(Cue::StudyConsent), reports) {
        (false, _) => Some(Statement::Given),
        (true, true) if sentence.part != Part::Case => Some(Statement::Given),
        (true, _) => Some(Statement::Other),
    }
}

/// True if consent is what was not given: the refusal takes in the word ("before consent", "no consent"), or follows it
/// with no word for giving between, or precedes it with none after it ("does not require consent").
fn is_refused(marks: &[Mark], consent: usize) -> bool {
    let is = |m: &Mark, cue| m.cues.has(cue);
    let around = |refusal: &Mark| {
        marks.iter().any(|m| is(m, Cue::Consent) && refusal.span.start < m.span.start && m.span.end <= refusal.span.end)
    };
    if marks.iter().any(|m| is(m, Cue::NotGiven) && around(m)) {
        return true;
    }
    let last = marks.iter().rposition(|m| is(m, Cue::Consent)).unwrap_or(consent);
    let Some(refusal) = marks.iter().position(|m| is(m, Cue::NotGiven)) else { return false };
    if refusal > consent {
        return !marks[consent..refusal].iter().any(|m| is(m, Cue::Given));
    }
    last - refusal <= 2 && !marks[last..].iter().any(|m| is(m, Cue::Given))
}

/// The note that consent was not obtained, at the words that say so.
pub(crate) fn not_obtained(judged: &Judged) -> Option<Diagnostic> {
    let verdict = judged.whole.first().filter(|v| v.has.contains(&NOT_SAID))?;
    Some(Diagnostic {
        rule: NOT_OBTAINED.code.to_owned(),
        severity: NOT_OBTAINED.severity,
        message: NOT_OBTAINED.message.to_owned(),
        labels: verdict.evidence.iter().map(|e| Label::new(e.span, "")).collect(),
        help: Some(NOT_OBTAINED.help.to_owned()),
        case: None,
    })
}
