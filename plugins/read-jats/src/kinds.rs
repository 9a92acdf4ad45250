//! What a section is about, by its title, its `@sec-type` and the section that holds it.

use case_text::structure::heading_kind;
use casemill_plugin_sdk::model::{ReportKind, SectionKind};

use SectionKind as K;

/// Starts of titles, in small letters, where a title is longer than the headings that `case-text` knows.
const STARTS: &[(&str, SectionKind)] = &[
    ("abbreviation", K::Abbreviations),
    ("acknowledg", K::BackMatter),
    ("additional file", K::BackMatter),
    ("additional information", K::BackMatter),
    ("ai statement", K::BackMatter),
    ("author contribution", K::BackMatter),
    ("author disclosure", K::BackMatter),
    ("authors' ", K::BackMatter),
    ("availability of data", K::BackMatter),
    ("background", K::Introduction),
    ("case description", K::Case),
    ("case detail", K::Case),
    ("case discussion", K::Discussion),
    ("case example", K::Case),
    ("case histor", K::Case),
    ("case illustration", K::Case),
    ("case presentation", K::Case),
    ("case report", K::Case),
    ("case series", K::Case),
    ("case stud", K::Case),
    ("case summar", K::Case),
    ("case vignette", K::Case),
    ("clinical case", K::Case),
    ("clinical course", K::Case),
    ("clinical histor", K::Case),
    ("clinical presentation", K::Case),
    ("clinical vignette", K::Case),
    ("competing interest", K::BackMatter),
    ("concluding", K::Conclusion),
    ("conclusion", K::Conclusion),
    ("conflict of interest", K::BackMatter),
    ("conflicts of interest", K::BackMatter),
    ("consent", K::Consent),
    ("credit author", K::BackMatter),
    ("data accessibility", K::BackMatter),
    ("data availab", K::BackMatter),
    ("declaration", K::BackMatter),
    ("discussion", K::Discussion),
    ("ethic", K::Consent),
    ("financial disclosure", K::BackMatter),
    ("funding", K::BackMatter),
    ("history and physical", K::Case),
    ("human ethics", K::Consent),
    ("informed consent", K::Consent),
    ("introduction", K::Introduction),
    ("key message", K::Conclusion),
    ("key point", K::Conclusion),
    ("learning point", K::Conclusion),
    ("literature review", K::Discussion),
    ("material and method", K::Methods),
    ("materials", K::Methods),
    ("method", K::Methods),
    ("narrative", K::Case),
    ("patient and method", K::Methods),
    ("patient consent", K::Consent),
    ("patient description", K::Case),
    ("patient presentation", K::Case),
    ("patient's perspective", K::PatientPerspective),
    ("patients and method", K::Methods),
    ("perspective of the patient", K::PatientPerspective),
    ("presentation of", K::Case),
    ("publisher's note", K::BackMatter),
    ("report of a case", K::Case),
    ("report of case", K::Case),
    ("result", K::Results),
    ("review of the literature", K::Discussion),
    ("statistical", K::Methods),
    ("supplementary", K::BackMatter),
    ("supporting information", K::BackMatter),
    ("twitter", K::BackMatter),
];

/// `@sec-type` of JATS and what publishers write there; parts of it where it names several.
const TYPES: &[(&str, SectionKind)] = &[
    ("abbreviation", K::Abbreviations),
    ("ack", K::BackMatter),
    ("ai-statement", K::BackMatter),
    ("associated-data", K::BackMatter),
    ("author-contribution", K::BackMatter),
    ("background", K::Introduction),
    ("case", K::Case),
    ("coi", K::BackMatter),
    ("conclusion", K::Conclusion),
    ("conflict", K::BackMatter),
    ("data-availability", K::BackMatter),
    ("disclaimer", K::BackMatter),
    ("discussion", K::Discussion),
    ("ethic", K::Consent),
    ("funding", K::BackMatter),
    ("intro", K::Introduction),
    ("material", K::Methods),
    ("method", K::Methods),
    ("ref-list", K::References),
    ("result", K::Results),
    ("subjects", K::Methods),
    ("supplementary", K::BackMatter),
];

/// What a title says.
pub(crate) fn by_title(title: &str) -> Option<SectionKind> {
    let plain = title.replace(['\u{2019}', '\u{2018}'], "'");
    let bare = plain.trim_start_matches(|c: char| !c.is_alphabetic()).trim_end_matches([' ', '.', ':']);
    let mut capital = String::with_capacity(bare.len());
    let mut characters = bare.chars();
    capital.extend(characters.next().into_iter().flat_map(char::to_uppercase));
    capital.push_str(characters.as_str());
    if let Some(heading) = heading_kind(&capital).filter(|h| h.alone) {
        return Some(heading.kind);
    }
    let lower = bare.to_lowercase();
    if names_a_patient(&lower) {
        return Some(K::Case);
    }
    STARTS.iter().find(|(start, _)| lower.starts_with(start)).map(|(_, kind)| kind.clone())
}

/// `case 2: ...`, `patient A`, `first case`, `case #1`.
fn names_a_patient(title: &str) -> bool {
    let mut words = title.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    match (words.next(), words.next()) {
        (Some("case" | "patient"), Some(number)) => {
            number.bytes().all(|b| b.is_ascii_digit())
                || matches!(number, "ii" | "iii" | "iv" | "one" | "two" | "three")
                || number.len() == 1 && (number != "a" || words.next().is_none())
        }
        (Some("first" | "second" | "third" | "fourth" | "index"), Some("case" | "patient")) => true,
        _ => false,
    }
}

fn by_type(sec_type: &str) -> Option<SectionKind> {
    let lower = sec_type.to_lowercase();
    TYPES.iter().find(|(start, _)| lower.starts_with(start)).map(|(_, kind)| kind.clone())
}

/// What a section within one of kind `parent` is about. The author's title says more than the publisher's type.
///
/// Within the parts of an article a title has a narrower meaning: "Treatment" in a discussion is not about the patient,
/// "Background" in a case is the patient's. There only titles count that leave no doubt.
pub(crate) fn section_kind(title: &str, sec_type: Option<&str>, parent: &SectionKind) -> SectionKind {
    let Some(named) = by_title(title).or_else(|| by_type(sec_type?)) else { return parent.clone() };
    match (parent, &named) {
        (K::Abstract | K::Keywords | K::References | K::Abbreviations, _) => parent.clone(),
        // A summary at the end of the body.
        (K::Body, K::Abstract) if !title.to_lowercase().contains("abstract") => K::Conclusion,
        (K::Body | K::BackMatter, _) => named,
        (_, K::Conclusion | K::Consent | K::PatientPerspective | K::BackMatter | K::Abbreviations | K::References) => {
            named
        }
        (K::Case | K::Results, K::Discussion) => named,
        (_, K::Case) if says_case(title) => named,
        _ => parent.clone(),
    }
}

fn says_case(title: &str) -> bool {
    let lower = title.to_lowercase();
    names_a_patient(&lower) || ["case", "clinical vignette", "patient presentation"].iter().any(|w| lower.contains(w))
}

/// Kind of publication by `@article-type` (JATS 1.3, with the values of PubMed Central's tagging guidelines) and by the
/// subjects under which the journal files it. [`ReportKind::Unknown`] where these leave it to the words.
pub(crate) fn report_kind(article_type: &str, subjects: &str) -> ReportKind {
    let subjects = subjects.to_lowercase();
    let by_subject = if subjects.contains("case series") {
        Some(ReportKind::CaseSeries)
    } else if ["case report", "case study", "clinical case", "case presentation", "case of the"]
        .iter()
        .any(|s| subjects.contains(s))
    {
        Some(ReportKind::CaseReport)
    } else {
        None
    };
    match article_type.to_ascii_lowercase().as_str() {
        "case-report" | "case-study" | "clinical-case" => by_subject.unwrap_or(ReportKind::CaseReport),
        "case-series" => ReportKind::CaseSeries,
        "letter" | "correspondence" | "letter-to-editor" => ReportKind::Letter,
        "review-article" | "systematic-review" | "meta-analysis" | "review" => ReportKind::Review,
        "research-article" | "clinical-trial" => by_subject.unwrap_or(ReportKind::ResearchArticle),
        "" | "other" | "brief-report" | "rapid-communication" | "abstract" | "report" | "article" | "discussion" => {
            by_subject.unwrap_or(ReportKind::Unknown)
        }
        _ => ReportKind::NotAReport,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_in_the_body() {
        for (title, sec_type, kind) in [
            ("Case presentation", None, K::Case),
            ("2. CASE REPORT", None, K::Case),
            ("Case 2: a boy with fever", None, K::Case),
            ("Patient 1", None, K::Case),
            ("Case–control analysis", Some("results"), K::Results),
            ("Case definition", Some("methods"), K::Methods),
            ("Clinical presentation and findings", None, K::Case),
            ("Conclusions and perspectives", None, K::Conclusion),
            ("Patient’s perspective", None, K::PatientPerspective),
            ("Summary", None, K::Conclusion),
            ("Our observations", Some("cases"), K::Case),
            ("A tale of two worms", Some("intro"), K::Introduction),
            ("A tale of two worms", None, K::Body),
            ("Materials|Methods", Some("materials|methods"), K::Methods),
            ("Ethics approval and consent to participate", None, K::Consent),
        ] {
            assert_eq!(section_kind(title, sec_type, &K::Body), kind, "{title}");
        }
    }

    #[test]
    fn titles_within_sections() {
        for (parent, title, kind) in [
            (K::Discussion, "Treatment", K::Discussion),
            (K::Discussion, "Conclusion", K::Conclusion),
            (K::Case, "Background", K::Case),
            (K::Case, "Investigations", K::Case),
            (K::Case, "Discussion", K::Discussion),
            (K::Results, "Case 1", K::Case),
            (K::Methods, "Outcomes", K::Methods),
            (K::Methods, "Ethics statement", K::Consent),
            (K::Abstract, "Case presentation", K::Abstract),
            (K::BackMatter, "Informed consent", K::Consent),
        ] {
            assert_eq!(section_kind(title, None, &parent), kind, "{parent} > {title}");
        }
    }

    #[test]
    fn kinds_of_publication() {
        assert_eq!(report_kind("case-report", "Case Report"), ReportKind::CaseReport);
        assert_eq!(report_kind("research-article", "Oncology; Case Series"), ReportKind::CaseSeries);
        assert_eq!(report_kind("letter", "Case Reports"), ReportKind::Letter);
        assert_eq!(report_kind("other", ""), ReportKind::Unknown);
        assert_eq!(report_kind("retraction", ""), ReportKind::NotAReport);
    }
}
