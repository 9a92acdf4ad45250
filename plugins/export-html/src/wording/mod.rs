//! Words of the record in the words of the clinic.
//!
//! Each enumeration of the record may hold a word that a later minor version added; it is shown as it stands.

pub(crate) mod badge;
pub(crate) mod time;

use std::borrow::Cow;

use casemill_plugin_sdk::model::{
    ActionStatus, Age, Certainty, Comparator, Diagnosis, Dose, Fact, FamilyHistory, FollowUp, GeneInvolved, GeneRole,
    GenomicFinding, GenomicKind, GenomicResult, Laterality, MarkerTest, Procedure, Quantity, ReportKind,
    ResponseCategory, Sex, Treatment, VitalStatus,
};

use crate::view::Badge;

/// A word of the record with blanks for underscores.
pub(crate) fn plain(word: &str) -> Cow<'_, str> {
    if word.contains('_') { Cow::Owned(word.replace('_', " ")) } else { Cow::Borrowed(word) }
}

/// The first letter in upper case.
pub(crate) fn sentence(text: &str) -> Cow<'_, str> {
    match text.chars().next() {
        Some(first) if first.is_lowercase() => {
            Cow::Owned(first.to_uppercase().chain(text[first.len_utf8()..].chars()).collect())
        }
        _ => Cow::Borrowed(text),
    }
}

/// `1 fact`, `2 facts`.
pub(crate) fn count(n: usize, one: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") }
}

/// Kind of publication.
pub(crate) fn report_kind(kind: &ReportKind) -> Cow<'_, str> {
    match kind {
        ReportKind::Unknown => "Kind of publication not determined".into(),
        ReportKind::Letter => "Letter with a case report".into(),
        ReportKind::NotAReport => "Not a case report".into(),
        other => sentence(&plain(other.as_str())).into_owned().into(),
    }
}

/// Sex and age in one line: `Male, 14 years`.
pub(crate) fn patient(sex: Option<&Fact<Sex>>, age: Option<&Fact<Age>>) -> Option<String> {
    let sex = sex.map(|s| plain(s.value.as_str()).into_owned());
    let age = age.map(|a| time::age(&a.value));
    let line = [sex, age].into_iter().flatten().collect::<Vec<_>>().join(", ");
    (!line.is_empty()).then(|| sentence(&line).into_owned())
}

/// A marker as a pathologist names it.
pub(crate) fn marker(test: &MarkerTest) -> &str {
    if test.name.is_empty() { &test.marker } else { &test.name }
}

/// A response in full.
pub(crate) fn response(category: &ResponseCategory) -> Cow<'_, str> {
    Cow::Borrowed(match category {
        ResponseCategory::Complete => "complete response",
        ResponseCategory::Partial => "partial response",
        ResponseCategory::Stable => "stable disease",
        ResponseCategory::Progression => "progression",
        ResponseCategory::NoEvidence => "no evidence of disease",
        ResponseCategory::Symptomatic => "symptoms better",
        ResponseCategory::Unclassified => "response, not classified",
        other => return plain(other.as_str()),
    })
}

/// A follow-up in a few words.
pub(crate) fn follow_up(end: &FollowUp) -> String {
    match end.vital_status {
        _ if end.lost => "lost to follow-up".to_owned(),
        VitalStatus::Alive => "alive".to_owned(),
        VitalStatus::Dead => "died".to_owned(),
        _ => "follow-up".to_owned(),
    }
}

/// A treatment or procedure, with its state if it did not take place.
fn action(name: &str, status: &ActionStatus, badge: &Badge<'_>) -> String {
    match status {
        ActionStatus::Given => name.to_owned(),
        _ => format!("{name} ({})", badge.word),
    }
}

/// A treatment as other parts of the page call it.
pub(crate) fn treatment(treatment: &Treatment) -> String {
    action(&treatment.agent, &treatment.status, &badge::action(&treatment.status))
}

/// A procedure as other parts of the page call it.
pub(crate) fn procedure(procedure: &Procedure) -> String {
    action(&procedure.label, &procedure.status, &badge::procedure(&procedure.status))
}

/// A diagnosis, with its certainty unless it is confirmed.
pub(crate) fn diagnosis(diagnosis: &Diagnosis) -> String {
    match diagnosis.certainty {
        Certainty::Confirmed => diagnosis.label.clone(),
        ref other => format!("{} ({})", diagnosis.label, plain(other.as_str())),
    }
}

/// A genomic finding, with its result if it was not found.
pub(crate) fn genomic(finding: &GenomicFinding) -> String {
    match finding.result {
        GenomicResult::Detected => finding.label.clone(),
        ref other => format!("{} {}", finding.label, plain(other.as_str())),
    }
}

/// A statement of the family history.
pub(crate) fn family(history: &FamilyHistory) -> String {
    let disease = if history.label.is_empty() { "family history" } else { &history.label };
    match &history.relative {
        Some(relative) => format!("{relative}: {disease}"),
        None => disease.to_owned(),
    }
}

/// Side of the body.
pub(crate) fn side(side: Option<&Laterality>) -> Option<Cow<'_, str>> {
    Some(match side? {
        Laterality::Unilateral => Cow::Borrowed("one side, not said which"),
        other => plain(other.as_str()),
    })
}

/// Kind of genomic finding.
pub(crate) fn genomic_kind(kind: &GenomicKind) -> Cow<'_, str> {
    Cow::Borrowed(match kind {
        GenomicKind::Snv => "substitution",
        GenomicKind::CopyNumber => "copy number",
        GenomicKind::MsiTmb => "microsatellites or mutational burden",
        other => return plain(other.as_str()),
    })
}

/// Part of a gene; empty for the gene that is simply changed, and for candidates, which are told apart by their place.
pub(crate) fn gene_role(role: &GeneRole) -> Cow<'_, str> {
    Cow::Borrowed(match role {
        GeneRole::Affected | GeneRole::CandidatePartner => "",
        GeneRole::FivePrime => "5′ partner",
        GeneRole::ThreePrime => "3′ partner",
        other => return plain(other.as_str()),
    })
}

/// A gene with its part, band and exon.
pub(crate) fn gene(gene: &GeneInvolved) -> String {
    let exon = gene.exon.as_deref().map(|e| if e.contains("exon") { e.to_owned() } else { format!("exon {e}") });
    let details = [gene_role(&gene.role).into_owned(), exon.unwrap_or_default(), gene.band.clone().unwrap_or_default()];
    let details = details.into_iter().filter(|d| !d.is_empty()).collect::<Vec<_>>().join(", ");
    if details.is_empty() { gene.symbol.clone() } else { format!("{} ({details})", gene.symbol) }
}

fn comparator(comparator: &Comparator) -> Cow<'_, str> {
    Cow::Borrowed(match comparator {
        Comparator::Equal => "",
        Comparator::Less => "< ",
        Comparator::AtMost => "≤ ",
        Comparator::More => "> ",
        Comparator::AtLeast => "≥ ",
        Comparator::About => "≈ ",
        other => return Cow::Owned(format!("{} ", other.as_str())),
    })
}

/// A number with its unit, as printed where it is.
pub(crate) fn quantity(quantity: &Quantity) -> String {
    let upper = quantity.upper.as_ref().map(|u| format!("–{u}")).unwrap_or_default();
    let printed = Some(quantity.printed_unit.as_str()).filter(|u| !u.is_empty());
    let unit = printed.or(quantity.unit.as_deref()).unwrap_or_default();
    let gap = if unit.is_empty() || unit == "%" { "" } else { " " };
    format!("{}{}{upper}{gap}{unit}", comparator(&quantity.comparator), quantity.value)
}

/// A dose as printed, with frequency and route: `200 mg daily, orally`.
pub(crate) fn dose(dose: &Dose) -> String {
    let printed = if dose.printed.quote.is_empty() { quantity(&dose.amount) } else { dose.printed.quote.clone() };
    let frequency = dose.frequency.iter().map(|f| f.quote.as_str()).filter(|f| !printed.contains(f));
    let timed = std::iter::once(printed.as_str()).chain(frequency).collect::<Vec<_>>().join(" ");
    match dose.route.as_deref() {
        Some(route) => format!("{timed}, {route}"),
        None => timed,
    }
}

/// All doses in the order of the text.
pub(crate) fn doses(doses: &[Dose]) -> Option<String> {
    (!doses.is_empty()).then(|| doses.iter().map(dose).collect::<Vec<_>>().join(" → "))
}

#[cfg(test)]
mod tests {
    use casemill_plugin_sdk::model::{Decimal, Statement};

    use super::*;

    fn number(digits: &str) -> Decimal {
        Decimal::new(digits).unwrap()
    }

    #[test]
    fn quantities_keep_their_digits_and_signs() {
        let dose = Quantity { value: number("7.80"), printed_unit: "mg/dL".into(), ..Quantity::default() };
        assert_eq!(quantity(&dose), "7.80 mg/dL");
        let range = Quantity {
            value: number("5"),
            upper: Some(number("10")),
            comparator: Comparator::AtMost,
            unit: Some("%".into()),
            ..Quantity::default()
        };
        assert_eq!(quantity(&range), "≤ 5–10%");
    }

    #[test]
    fn a_dose_is_told_as_printed() {
        let words = |quote: &str| Statement { quote: quote.into(), ..Statement::default() };
        let twice = Dose {
            printed: words("100 mg"),
            frequency: Some(words("twice daily")),
            route: Some("orally".into()),
            ..Dose::default()
        };
        assert_eq!(super::dose(&twice), "100 mg twice daily, orally");
        let within = Dose { printed: words("200 mg daily"), frequency: Some(words("daily")), ..Dose::default() };
        assert_eq!(doses(&[within, twice]).unwrap(), "200 mg daily → 100 mg twice daily, orally");
    }

    #[test]
    fn a_word_of_a_later_version_is_shown_as_it_stands() {
        assert_eq!(response(&ResponseCategory::from("near_complete")), "near complete");
        assert_eq!(report_kind(&ReportKind::from("data_note")), "Data note");
    }
}
