//! Words of reports that stand for a term.
//!
//! Exact words only: what is not in a table stays a word, and goes into the loss report.

use casemill_plugin_sdk::model::{Laterality, MarkerResult, ResponseCategory};

use crate::codes::{self, Code};

type Words = &'static [(&'static str, Code)];

const SEVERITIES: Words = &[
    ("borderline", codes::BORDERLINE),
    ("mild", codes::MILD),
    ("moderate", codes::MODERATE),
    ("severe", codes::SEVERE),
    ("profound", codes::PROFOUND),
];

const ROUTES: Words = &[
    ("oral", codes::ORAL),
    ("orally", codes::ORAL),
    ("by mouth", codes::ORAL),
    ("po", codes::ORAL),
    ("p.o.", codes::ORAL),
    ("intravenous", codes::INTRAVENOUS),
    ("intravenously", codes::INTRAVENOUS),
    ("iv", codes::INTRAVENOUS),
    ("i.v.", codes::INTRAVENOUS),
    ("intrathecal", codes::INTRATHECAL),
    ("intrathecally", codes::INTRATHECAL),
    ("topical", codes::TOPICAL),
    ("topically", codes::TOPICAL),
];

const FREQUENCIES: Words = &[
    ("daily", codes::ONCE_DAILY),
    ("once daily", codes::ONCE_DAILY),
    ("once a day", codes::ONCE_DAILY),
    ("every day", codes::ONCE_DAILY),
    ("per day", codes::ONCE_DAILY),
    ("twice daily", codes::TWICE_DAILY),
    ("twice a day", codes::TWICE_DAILY),
    ("bid", codes::TWICE_DAILY),
    ("b.i.d.", codes::TWICE_DAILY),
    ("three times daily", codes::THREE_TIMES_DAILY),
    ("three times a day", codes::THREE_TIMES_DAILY),
    ("tid", codes::THREE_TIMES_DAILY),
];

const GRADES: Words = &[
    ("1", codes::GRADE_1),
    ("i", codes::GRADE_1),
    ("2", codes::GRADE_2),
    ("ii", codes::GRADE_2),
    ("3", codes::GRADE_3),
    ("iii", codes::GRADE_3),
    ("4", codes::GRADE_4),
    ("iv", codes::GRADE_4),
];

const INTENTS: Words = &[("curative", codes::CURE), ("curative intent", codes::CURE)];

const ZYGOSITIES: Words =
    &[("heterozygous", codes::HETEROZYGOUS), ("homozygous", codes::HOMOZYGOUS), ("hemizygous", codes::HEMIZYGOUS)];

const RESULTS: Words = &[
    ("positive", codes::PRESENT),
    ("present", codes::PRESENT),
    ("detected", codes::PRESENT),
    ("negative", codes::ABSENT),
    ("absent", codes::ABSENT),
    ("not detected", codes::ABSENT),
];

fn find(table: Words, words: &str) -> Option<Code> {
    let words = words.trim().to_lowercase();
    table.iter().find(|(word, _)| *word == words).map(|(_, code)| *code)
}

/// Severity of a finding.
pub(crate) fn severity(words: &str) -> Option<Code> {
    find(SEVERITIES, words)
}

/// Route of administration.
pub(crate) fn route(words: &str) -> Option<Code> {
    find(ROUTES, words)
}

/// Frequency of doses.
pub(crate) fn frequency(words: &str) -> Option<Code> {
    find(FREQUENCIES, words)
}

/// Numbered grade of a tumour: "grade 2", "WHO grade II", "G3". Low and high are no numbers.
pub(crate) fn grade(words: &str) -> Option<Code> {
    let words = words.to_lowercase();
    let words = words.trim().trim_start_matches("who ").trim_start_matches("fnclcc ");
    find(GRADES, words.trim_start_matches("grade ").trim_start_matches('g'))
}

/// Intent of a treatment.
pub(crate) fn intent(words: &str) -> Option<Code> {
    find(INTENTS, words)
}

/// Zygosity of a variant.
pub(crate) fn zygosity(words: &str) -> Option<Code> {
    find(ZYGOSITIES, words)
}

/// Result of a test in words.
pub(crate) fn result(words: &str) -> Option<Code> {
    find(RESULTS, words)
}

/// Any technique of biopsy is a biopsy.
pub(crate) fn procedure(words: &str) -> Option<Code> {
    words.to_lowercase().contains("biops").then_some(codes::BIOPSY)
}

/// Side. HPO has no term for the midline.
pub(crate) fn side(laterality: &Laterality) -> Option<Code> {
    match laterality {
        Laterality::Left => Some(codes::LEFT),
        Laterality::Right => Some(codes::RIGHT),
        Laterality::Bilateral => Some(codes::BILATERAL),
        Laterality::Unilateral => Some(codes::UNILATERAL),
        Laterality::Midline | Laterality::Other(_) => None,
    }
}

/// Value of a marker: retained expression is expression, lost expression is none.
pub(crate) fn marker(result: &MarkerResult) -> Option<Code> {
    match result {
        MarkerResult::Positive | MarkerResult::Retained => Some(codes::PRESENT),
        MarkerResult::Negative | MarkerResult::Lost => Some(codes::ABSENT),
        MarkerResult::Equivocal | MarkerResult::Other(_) => None,
    }
}

/// Responses from the best to the worst, as RECIST ranks them for a best overall response.
const RESPONSES: [(ResponseCategory, Code); 5] = [
    (ResponseCategory::Complete, codes::COMPLETE_REMISSION),
    (ResponseCategory::NoEvidence, codes::NO_EVIDENCE_OF_DISEASE),
    (ResponseCategory::Partial, codes::PARTIAL_REMISSION),
    (ResponseCategory::Stable, codes::STABLE_DISEASE),
    (ResponseCategory::Progression, codes::PROGRESSIVE_DISEASE),
];

/// Rank (0 is best) and term of a response.
pub(crate) fn response(category: &ResponseCategory) -> Option<(usize, Code)> {
    RESPONSES.iter().enumerate().find(|(_, (c, _))| c == category).map(|(rank, (_, code))| (rank, *code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbered_grades_are_grades() {
        assert_eq!(grade("WHO grade II").map(|c| c.id), Some("NCIT:C28078"));
        assert_eq!(grade("G3").map(|c| c.id), Some("NCIT:C28079"));
        assert_eq!(grade("low").map(|c| c.id), None);
        assert_eq!(grade("poorly differentiated").map(|c| c.id), None);
    }

    #[test]
    fn words_that_say_more_stay_words() {
        assert_eq!(result("weakly positive").map(|c| c.id), None);
        assert_eq!(severity("very severe").map(|c| c.id), None);
        assert_eq!(frequency("every 3 weeks").map(|c| c.id), None);
    }
}
