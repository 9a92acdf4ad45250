//! Fixtures: what each rule finds and what it lets stand, as a clinician would mark it.
//!
//! A fixture is a block of text. Its head names the rule that must speak, or `none`; under the text, carets mark the words that its
//! findings underline, all of them and no others. A `~CODE` in the head lets that rule speak, too. Where the head says `(facts)`, the
//! extractor reads the text first.
//!
//! ```text
//! == CN003 a share that is not its percentage
//! Response was seen in 3 of 12 patients (30%).
//!                      ^^^^^^^          ^^^
//! ```

use std::collections::BTreeSet;
use std::path::PathBuf;

use casemill_plugin_host::{Lane, Pipeline, Registry, SearchPath, Transport};
use casemill_plugin_sdk::model::{Case, Diagnostic, Extraction, Report, Span};
use casemill_plugin_sdk::testkit;

use crate::Consistency;
use crate::rules::RULES;

const FIXTURES: &[(&str, &str)] = &[
    ("time", include_str!("../fixtures/time.txt")),
    ("numbers", include_str!("../fixtures/numbers.txt")),
    ("sections", include_str!("../fixtures/sections.txt")),
    ("language", include_str!("../fixtures/language.txt")),
    ("doses", include_str!("../fixtures/doses.txt")),
    ("genomics", include_str!("../fixtures/genomics.txt")),
    ("pathology", include_str!("../fixtures/pathology.txt")),
];

#[derive(Debug, Default)]
struct Fixture {
    name: String,
    /// The rule that must speak.
    code: Option<String>,
    /// Rules that may.
    also: Vec<String>,
    facts: bool,
    text: String,
    /// What the carets mark.
    marked: BTreeSet<(u32, u32)>,
}

fn fixtures() -> Vec<Fixture> {
    let mut out: Vec<Fixture> = Vec::new();
    for (file, content) in FIXTURES {
        let mut line_start = 0;
        for line in content.lines().filter(|l| !l.starts_with('#')) {
            if let Some(head) = line.strip_prefix("== ") {
                let (code, rest) = head.split_once(' ').unwrap_or((head, ""));
                out.push(Fixture {
                    name: format!("{file}: {head}"),
                    code: (code != "none").then(|| code.to_owned()),
                    also: rest.split(' ').filter_map(|w| w.strip_prefix('~')).map(str::to_owned).collect(),
                    facts: rest.contains("(facts)"),
                    ..Fixture::default()
                });
                continue;
            }
            let Some(fixture) = out.last_mut() else { continue };
            if !line.is_empty() && line.chars().all(|c| matches!(c, ' ' | '^')) {
                // Columns are characters of the line above.
                let above = &fixture.text[line_start..];
                let byte = |column: usize| {
                    let at = above.char_indices().nth(column).map_or(above.trim_end_matches('\n').len(), |(i, _)| i);
                    (line_start + at) as u32
                };
                let carets: Vec<char> = line.chars().collect();
                let mut i = 0;
                while i < carets.len() {
                    let end = (i..carets.len()).find(|j| carets[*j] != carets[i]).unwrap_or(carets.len());
                    if carets[i] == '^' {
                        fixture.marked.insert((byte(i), byte(end)));
                    }
                    i = end;
                }
                continue;
            }
            line_start = fixture.text.len();
            fixture.text.push_str(line);
            fixture.text.push('\n');
        }
    }
    for fixture in &mut out {
        let length = fixture.text.trim_end().len();
        fixture.text.truncate(length);
    }
    out
}

/// The extractor's library beside the test program, or the one that `CASEMILL_EXTRACTOR` names.
fn extractor() -> Option<PathBuf> {
    let beside = || {
        let program = std::env::current_exe().ok()?;
        let folder = program.parent()?.parent()?.to_owned();
        ["libextract_narrative.so", "libextract_narrative.dylib", "extract_narrative.dll"]
            .iter()
            .map(|name| folder.join(name))
            .find(|path| path.exists())
    };
    std::env::var_os("CASEMILL_EXTRACTOR").map(PathBuf::from).or_else(beside)
}

fn report(fixture: &Fixture, lane: Option<&mut Lane<'_>>) -> Report {
    let document = case_text::read_text(&fixture.text, casemill_plugin_sdk::model::Source::default());
    match lane.filter(|_| fixture.facts) {
        Some(lane) => lane.extract(document).unwrap_or_else(|e| panic!("{}: {e}", fixture.name)),
        None => {
            let cases = vec![Case { id: "case-1".into(), ..Case::default() }];
            Report::new(document, Extraction { cases, ..Extraction::default() })
        }
    }
}

/// What the labels of a rule's findings underline in the input.
fn underlined(report: &Report, findings: &[Diagnostic], code: &str) -> BTreeSet<(u32, u32)> {
    let origin = report.document.origin();
    let place = |span: Span| {
        let ranges = origin.ranges(span);
        let whole = ranges.iter().copied().reduce(Span::hull).unwrap_or(span);
        (whole.start, whole.end)
    };
    findings.iter().filter(|d| d.rule == code).flat_map(|d| &d.labels).map(|l| place(l.span)).collect()
}

#[test]
fn rules_find_what_is_marked_and_nothing_else() {
    let search = SearchPath { files: extractor().into_iter().collect(), ..SearchPath::default() };
    let registry = Registry::discover(&search, Transport::InProcess, &Default::default());
    let ready = registry.plugin("extract-narrative").is_some();
    let pipeline = Pipeline { registry, transport: Transport::InProcess, ..Pipeline::default() };
    let mut lane = pipeline.lane();
    let (mut wrong, mut skipped) = (Vec::new(), 0);
    for fixture in fixtures() {
        if fixture.facts && !ready {
            skipped += 1;
            continue;
        }
        let report = report(&fixture, ready.then_some(&mut lane));
        let findings =
            testkit::validate::<Consistency>(&report, serde_json()).expect("the validator works").diagnostics;
        let words = |spans: &BTreeSet<(u32, u32)>| -> Vec<String> {
            spans.iter().map(|(a, b)| fixture.text[*a as usize..*b as usize].to_owned()).collect()
        };
        if let Some(code) = &fixture.code {
            let found = underlined(&report, &findings, code);
            if found != fixture.marked || found.is_empty() {
                wrong.push(format!(
                    "{}\n  marked {:?}\n  found  {:?}",
                    fixture.name,
                    words(&fixture.marked),
                    words(&found)
                ));
            }
        }
        for other in
            findings.iter().filter(|d| Some(&d.rule) != fixture.code.as_ref() && !fixture.also.contains(&d.rule))
        {
            let places: Vec<&str> = other.labels.iter().map(|l| report.document.words(l.span)).collect();
            wrong.push(format!("{}\n  {} speaks, too: {} {places:?}", fixture.name, other.rule, other.message));
        }
    }
    if skipped > 0 {
        eprintln!("skipped: {skipped} fixtures that need the extractor; `cargo build -p extract-narrative` first");
    }
    assert!(wrong.is_empty(), "{} of the fixtures fail:\n{}", wrong.len(), wrong.join("\n"));
}

fn serde_json() -> casemill_plugin_sdk::serde_json::Value {
    casemill_plugin_sdk::serde_json::json!({})
}

#[test]
fn every_rule_has_fixtures_and_a_page() {
    let fixtures = fixtures();
    let mut codes = BTreeSet::new();
    for rule in RULES {
        let info = rule.info();
        assert!(codes.insert(info.code.clone()), "{} stands twice", info.code);
        let has = fixtures.iter().any(|f| f.code.as_ref() == Some(&info.code)) || info.code == "CT004";
        assert!(has, "{} has no fixture", info.code);
        for heading in ["## Why it matters", "## Example", "## What to write"] {
            assert!(info.page.contains(heading), "{}: no {heading}", info.code);
        }
        assert!(
            !info.page.starts_with('#') && info.page.lines().next().is_some_and(|l| l.ends_with('.')),
            "{}",
            info.code
        );
    }
}

/// What the extractor does not give yet: an age told for a past event that is dated from the presentation.
#[test]
fn an_age_against_the_other_times() {
    use casemill_plugin_sdk::model::{Age, Anchor, AnchorKind, Finding, IsoDuration, Relation};

    let mut writer = testkit::Writer::new(
        "A 30-year-old man presented with a mass. At the age of 12 he had asthma, which was 10 years before presentation.",
    );
    let mut case = Case { id: "case-1".into(), ..Case::default() };
    let age = Age { value: IsoDuration::from_years(30.0), approximate: false };
    case.subject.age.push(writer.fact("30-year-old", age));
    let presentation = Anchor { kind: AnchorKind::Presentation, fact: None };
    let mut asthma = writer.fact("asthma", Finding { label: "Asthma".into(), ..Finding::default() });
    let before = Some(IsoDuration::from_years(10.0));
    let mut timing = writer.timing("10 years before presentation", Relation::Before, before, presentation);
    timing.age = Some(IsoDuration::from_years(12.0));
    asthma.timing = Some(timing);
    case.findings.push(asthma);
    let report = writer.report("age", vec![case]);
    let findings = testkit::validate::<Consistency>(&report, serde_json()).expect("the validator works").diagnostics;
    let [finding] = &findings[..] else { panic!("{findings:?}") };
    let places: Vec<&str> = finding.labels.iter().map(|l| report.document.words(l.span)).collect();
    assert_eq!((finding.rule.as_str(), places), ("CT004", vec!["30-year-old", "10 years before presentation"]));
}

#[test]
fn samples_of_the_testkit_raise_nothing_grave() {
    for report in [testkit::sample_report(), testkit::two_patients(), testkit::empty_case()] {
        let findings = testkit::validate::<Consistency>(&report, serde_json()).expect("the validator works");
        assert_eq!(findings.diagnostics, [], "{}", report.document.source.name);
    }
}

/// Run with `cargo test --release -p validate-consistency -- --ignored --nocapture`: prints the time for a report.
#[test]
#[ignore = "measures time; run it alone and optimised"]
fn time_grows_with_the_text() {
    let search = SearchPath { files: extractor().into_iter().collect(), ..SearchPath::default() };
    let registry = Registry::discover(&search, Transport::InProcess, &Default::default());
    let pipeline = Pipeline { registry, transport: Transport::InProcess, ..Pipeline::default() };
    let paragraph: String = fixtures()
        .iter()
        .filter(|f| f.facts)
        .map(|f| f.text.clone() + "\n\n")
        .collect::<String>()
        .replace("Case report\n", "");
    let mut last = 0.0;
    for size in [15_000, 60_000] {
        let text = paragraph.repeat(size / paragraph.len() + 1);
        let end = (0..=size).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
        let document = case_text::read_text(&text[..end], casemill_plugin_sdk::model::Source::default());
        let report = match pipeline.registry.plugin("extract-narrative") {
            Some(_) => pipeline.lane().extract(document).expect("a case"),
            None => Report::new(document, Extraction::default()),
        };
        let rounds = 200;
        let start = std::time::Instant::now();
        for _ in 0..rounds {
            let findings = casemill_plugin_sdk::Validator::validate(&mut Consistency, &report).expect("findings");
            std::hint::black_box(findings);
        }
        let each = start.elapsed().as_secs_f64() * 1e6 / f64::from(rounds);
        let facts: usize = report.cases.iter().map(Case::fact_count).sum();
        eprintln!("{size} bytes, {facts} facts: {each:.0} us");
        assert!(last == 0.0 || each < last * 8.0, "four times the text takes {:.1} times as long", each / last);
        last = each;
    }
}
