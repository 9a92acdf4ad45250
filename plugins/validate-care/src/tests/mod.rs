//! Tests of the whole validator on small documents.

mod consent;
mod items;

use casemill_plugin_sdk::model::*;
use casemill_plugin_sdk::prelude::{Findings, Validator};
use casemill_plugin_sdk::testkit::{self, Writer};

use crate::Care;

/// A report on a text: its structure is read as plain text is, its facts are given.
fn report(text: &str, fill: impl FnOnce(&mut Writer, &mut Case)) -> Report {
    let document = case_text::read_text(text, Source { name: "sample.txt".into(), ..Source::default() });
    let mut writer = Writer::new(document.text.clone());
    let mut case = Case { id: "case-1".into(), ..Case::default() };
    fill(&mut writer, &mut case);
    let report = Report::new(document, Extraction { cases: vec![case], ..Extraction::default() });
    assert_eq!(check(&report), [], "the sample keeps the rules of the record");
    report
}

/// A patient of whom nothing but the words "a man" is known.
fn man(writer: &mut Writer, case: &mut Case) {
    case.subject.sex.push(writer.fact("man", Sex::Male));
    case.presentation = Some(writer.statement("man"));
}

fn validate(report: &Report) -> Findings {
    let findings = testkit::validate::<Care>(report, serde_json::json!({})).unwrap();
    for evidence in findings.checklists.iter().flat_map(|c| &c.items).flat_map(quotes) {
        assert_eq!(evidence.span.of(&report.document.text), Some(evidence.quote.as_str()));
    }
    findings
}

use casemill_plugin_sdk::serde_json;

fn quotes(item: &ChecklistItem) -> Vec<&Evidence> {
    item.evidence.iter().chain(item.items.iter().flat_map(quotes)).collect()
}

/// State of an item or sub-item of CARE: `5`, `5c`.
fn state(report: &Report, number: &str) -> String {
    let findings = validate(report);
    let items = findings.checklists[0].items.iter().flat_map(|i| [i].into_iter().chain(&i.items));
    items.filter(|i| i.number == number).map(|i| i.status.as_str().to_owned()).collect()
}

fn codes(report: &Report) -> Vec<String> {
    validate(report).diagnostics.into_iter().map(|d| d.rule).collect()
}

/// Checklists as text.
fn page(findings: &Findings) -> String {
    let mut out = String::new();
    for checklist in &findings.checklists {
        out += &format!("{}: {}\n", checklist.id, checklist.title);
        for item in &checklist.items {
            for (indent, item) in [("", item)].into_iter().chain(item.items.iter().map(|i| ("  ", i))) {
                out += &format!("{indent}{} {}: {}", item.number, item.title, item.status.as_str());
                out += &if item.note.is_empty() { "\n".to_owned() } else { format!(" ({})\n", item.note) };
                for evidence in &item.evidence {
                    out += &format!("{indent}    > {}\n", evidence.quote);
                }
            }
        }
    }
    for diagnostic in &findings.diagnostics {
        out += &format!("{} {}: {}\n", diagnostic.rule, diagnostic.severity.as_str(), diagnostic.message);
    }
    out
}

#[test]
fn the_sample_of_a_patient_in_full() {
    insta::assert_snapshot!(page(&validate(&testkit::sample_report())));
}

#[test]
fn two_patients_are_judged_apart() {
    insta::assert_snapshot!(page(&validate(&testkit::two_patients())));
}

#[test]
fn a_patient_without_facts() {
    insta::assert_snapshot!(page(&validate(&testkit::empty_case())));
}

#[test]
fn rules_have_codes_in_order_and_pages() {
    let rules = Care::rules();
    for (i, rule) in rules.iter().enumerate() {
        assert_eq!(rule.code, format!("CR{:03}", i + 1));
        assert!(rule.page.starts_with(&format!("# {} ({})", rule.name, rule.code)), "{}", rule.page);
        for heading in ["What it does", "Why it matters", "Example", "What to write instead", "References"] {
            assert!(rule.page.contains(&format!("\n## {heading}\n")), "{} lacks {heading}", rule.code);
        }
    }
}

#[test]
fn what_is_no_case_report_is_not_measured_by_care() {
    for kind in [ReportKind::ResearchArticle, ReportKind::NotAReport, ReportKind::Review] {
        let mut trial = report("Methods\n\nWe enrolled 40 patients. Consent was obtained from all.", |_, _| ());
        trial.cases.clear();
        trial.document.kind = kind;
        let findings = validate(&trial);
        assert_eq!(findings.diagnostics, []);
        assert_eq!(findings.checklists.len(), 1);
        assert!(findings.checklists[0].items.iter().all(|i| i.status == ItemStatus::NotApplicable));
    }
}

#[test]
fn a_text_without_patients_gives_no_diagnostics_on_patients() {
    let mut none = report("Case report\n\nA man had pain.\n\nDiscussion\n\nPain is common. It should be treated.", man);
    none.cases.clear();
    assert_eq!(state(&none, "5"), "absent");
    assert_eq!(state(&none, "11"), "partial");
    assert_eq!(codes(&none), [""; 0]);
    let empty = Report::new(Document::default(), Extraction::default());
    assert_eq!(validate(&empty).checklists[0].items.len(), 13);
}

#[test]
fn the_oncology_list_is_for_tumours() {
    let mut benign = testkit::sample_report();
    assert_eq!(validate(&benign).checklists.len(), 2);
    benign.cases[0].diagnoses.iter_mut().for_each(|d| d.value.neoplasm = false);
    assert_eq!(validate(&benign).checklists.len(), 1);
}

/// Time of one validation of a report of `length` bytes, the best of several.
fn time_of(length: usize) -> std::time::Duration {
    let story = "A man had pain [1]. On examination the blood pressure was normal. Informed consent was obtained from the \
        patient. The differential diagnosis included gout. Further studies are needed. ";
    let text = format!("Case report\n\n{}", story.repeat(length / story.len()));
    let report = report(&text, man);
    let mut care = Care::default();
    let mut one = || {
        let start = std::time::Instant::now();
        care.validate(&report).unwrap();
        start.elapsed()
    };
    (0..20).map(|_| one()).min().unwrap()
}

#[test]
fn time_grows_with_the_length_of_the_text() {
    let (short, long) = (time_of(15_000), time_of(150_000));
    eprintln!("15 kB: {short:?}, 150 kB: {long:?}");
    // Ten times the text; a walk over all pairs of sentences would take a hundred times as long.
    assert!(long < short * 40, "{short:?} for 15 kB, {long:?} for 150 kB");
}
