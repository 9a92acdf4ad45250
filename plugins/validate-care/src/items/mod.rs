//! The 13 items of CARE 2013, one file each with the manual page of its rule beside it.
//!
//! Gagnier JJ, Kienle G, Altman DG, Moher D, Sox H, Riley D; CARE Group. The CARE guidelines: consensus-based clinical
//! case report guideline development. J Med Case Rep 2013;7:223, doi 10.1186/1752-1947-7-223. The guideline says what
//! to report and defines neither states nor a score; `present`, `partial` and `absent` are readings of its words, and
//! each file says how it reads them.

mod clinical_findings;
mod consent;
mod diagnostic_assessment;
mod discussion;
mod follow_up;
mod introduction;
mod key_words;
mod patient_information;
mod patient_perspective;
mod report_abstract;
mod therapeutic_intervention;
mod timeline;
mod title;

use casemill_plugin_sdk::model::{Case, Certainty, Diagnosis, DiagnosisRole, Fact};
use casemill_plugin_sdk::prelude::*;

use crate::reading::{Patient, Reading};
use crate::verdict::{Head, Judged, Verdict};

/// The rule that goes with an item: it speaks where the item is absent.
pub(crate) struct Rule {
    /// Code.
    pub(crate) code: &'static str,
    /// Name.
    pub(crate) name: &'static str,
    /// Usual severity.
    pub(crate) severity: Severity,
    /// Manual page.
    pub(crate) page: &'static str,
    /// What is said.
    pub(crate) message: &'static str,
    /// What can be done.
    pub(crate) help: &'static str,
    /// Whether the text could be expected to hold the item at all.
    pub(crate) expected: fn(&Reading<'_>) -> bool,
}

impl Rule {
    /// The rule as `casemill rule` shows it.
    pub(crate) fn info(&self) -> RuleInfo {
        RuleInfo {
            code: self.code.to_owned(),
            name: self.name.to_owned(),
            severity: self.severity,
            page: self.page.to_owned(),
            ..RuleInfo::default()
        }
    }
}

/// An item of the guideline.
pub(crate) struct Item {
    /// Number and title.
    pub(crate) head: Head,
    /// How it is judged.
    pub(crate) judge: fn(&Reading<'_>) -> Judged,
    /// What is said where it is absent.
    pub(crate) rule: Rule,
}

/// All items in the order of the guideline.
pub(crate) static ITEMS: [Item; 13] = [
    title::ITEM,
    key_words::ITEM,
    report_abstract::ITEM,
    introduction::ITEM,
    patient_information::ITEM,
    clinical_findings::ITEM,
    timeline::ITEM,
    diagnostic_assessment::ITEM,
    therapeutic_intervention::ITEM,
    follow_up::ITEM,
    discussion::ITEM,
    patient_perspective::ITEM,
    consent::ITEM,
];

/// The rule on consent that was not obtained, beside those of the items.
pub(crate) use consent::{NOT_OBTAINED, not_obtained};

/// Judges each patient by the sub-items; the whole follows from them. A text without patients has none of it.
fn per_patient<const N: usize>(
    reading: &Reading<'_>,
    heads: [Head; N],
    parts: fn(&Reading<'_>, Patient<'_>) -> [Verdict; N],
    whole: fn(&[Verdict; N]) -> Verdict,
) -> Judged {
    let mut judged = Judged { whole: Vec::new(), parts: heads.into_iter().map(|h| (h, Vec::new())).collect() };
    for patient in reading.patients() {
        let verdicts = parts(reading, patient);
        judged.whole.push(whole(&verdicts));
        for ((_, column), verdict) in judged.parts.iter_mut().zip(verdicts) {
            column.push(verdict);
        }
    }
    if judged.whole.is_empty() {
        judged.whole.push(Verdict::absent("a patient"));
        judged.parts.clear();
    }
    judged
}

/// The tumours that the patient has.
pub(crate) fn tumours(case: &Case) -> impl Iterator<Item = &Fact<Diagnosis>> {
    case.diagnoses.iter().filter(|d| {
        d.value.neoplasm
            && d.is_present()
            && matches!(d.value.certainty, Certainty::Confirmed | Certainty::Suspected)
            && matches!(d.value.role, DiagnosisRole::Primary | DiagnosisRole::Metastasis)
    })
}

/// The text can be expected to be the whole publication: it has a title, and a discussion or a list of references.
fn is_whole(reading: &Reading<'_>) -> bool {
    let document = reading.document();
    !document.titles.is_empty() && (!document.references.is_empty() || has_discussion(reading))
}

fn has_discussion(reading: &Reading<'_>) -> bool {
    reading.part(crate::reading::Part::Discussion).next().is_some()
}

/// The text tells of a patient.
fn has_patient(reading: &Reading<'_>) -> bool {
    !reading.report.cases.is_empty()
}
