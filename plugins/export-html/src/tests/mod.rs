//! Tests of the whole page.

mod html;
mod ntrk;

use std::collections::HashSet;
use std::time::Instant;

use casemill_plugin_sdk::model::*;
use casemill_plugin_sdk::serde_json::json;
use casemill_plugin_sdk::testkit::{self, Writer};

use crate::page::{Theme, render};
use html::Page;

fn page(report: &Report) -> String {
    render(report, Theme::Auto).unwrap()
}

fn samples() -> [Report; 5] {
    [ntrk::report(), testkit::sample_report(), testkit::two_patients(), testkit::empty_case(), tables()]
}

/// A report with a table, a reference list, a heading and a second language.
fn tables() -> Report {
    let text = "Un caso clínico\n\nCase report\nA man took drugs (Table 1) as others did.2\n\nTable 1 Doses\nDrug\tDose\n\
        crizotinib\t250 mg\nalectinib\t\n\nAll doses per day.\n\nReferences\n\n1. First.\n\n2. Second.";
    let mut w = Writer::new(text);
    let mut case = Case { id: "case-1".into(), ..Case::default() };
    case.treatments
        .push(w.fact("crizotinib\t250 mg", Treatment { agent: "crizotinib".into(), ..Treatment::default() }));
    let spans: Vec<Span> =
        ["Drug", "Dose\n", "crizotinib", "250 mg", "alectinib"].iter().map(|words| w.span(words)).collect();
    let empty = Span::new(spans[4].end + 1, spans[4].end + 1);
    let dose = Span::new(spans[1].start, spans[1].end - 1);
    let table = Table {
        label: "Table 1".into(),
        span: w.span("Table 1 Doses").hull(w.span("per day.")),
        caption: Some(w.span("Table 1 Doses")),
        rows: vec![vec![spans[0], dose], vec![spans[2], spans[3]], vec![spans[4], empty]],
    };
    let section = |kind, from: &str, to: &str, heading: Option<&str>| Section {
        kind,
        span: w.span(from).hull(w.span(to)),
        heading: heading.map(|words| w.span(words)),
        language: None,
    };
    let sections = vec![
        Section { language: Some("es".into()), ..section(SectionKind::Title, "Un caso", "clínico", None) },
        section(SectionKind::Case, "Case report", "did.2", Some("Case report")),
        section(SectionKind::Table, "Table 1 Doses", "per day.", None),
        section(SectionKind::References, "References", "Second.", Some("References")),
    ];
    let references = [(1, "1. First."), (2, "2. Second.")];
    let references = references.map(|(n, words)| Reference { number: Some(n), span: w.span(words) }).into();
    let mark = w.span("did.2").end;
    let call = FigureCall { span: w.span("Table 1)"), target: "Table 1".into() };
    let mut report = w.report("tables", vec![case]);
    report.document.sections = sections;
    report.document.tables = vec![table];
    report.document.references = references;
    report.document.citations = vec![Citation { span: Span::new(mark - 1, mark), numbers: vec![2] }];
    report.document.figure_calls = vec![call];
    report
}

#[test]
fn the_records_by_hand_keep_the_rules_of_the_record() {
    for report in [ntrk::report(), tables()] {
        assert_eq!(check(&report), []);
    }
}

/// The page without what is the same on all pages.
fn own_part(html: &str) -> String {
    let mut out = html.to_owned();
    for (from, to) in [("<style>", "</style>"), ("<script>", "</script>"), ("content=\"default-src", "\">")] {
        let start = out.find(from).unwrap() + from.len();
        let end = start + out[start..].find(to).unwrap();
        out.replace_range(start..end, " … ");
    }
    out
}

#[test]
fn pages_of_the_samples() {
    insta::assert_snapshot!("sample", own_part(&page(&testkit::sample_report())));
    insta::assert_snapshot!("two-patients", own_part(&page(&testkit::two_patients())));
    insta::assert_snapshot!("empty-case", own_part(&page(&testkit::empty_case())));
    insta::assert_snapshot!("tables", own_part(&page(&tables())));
}

#[test]
fn the_exporter_writes_one_page_and_loses_nothing() {
    let written = testkit::export::<crate::Html>(&[ntrk::report()], json!({ "theme": "dark" })).unwrap();
    assert_eq!(written.files.len(), 1);
    assert!(written.text("ntrk-letter-1.html").contains("data-theme=\"dark\""));
    assert_eq!(written.losses, []);
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    for report in samples() {
        assert_eq!(page(&report), page(&report.clone()));
    }
}

#[test]
fn every_link_has_a_target_and_ids_are_unique() {
    for report in samples() {
        let name = &report.document.source.name;
        let page = Page::read(&page(&report));
        let mut ids = HashSet::new();
        for id in page.values("id") {
            assert!(ids.insert(id), "{name}: the id {id} stands twice");
            assert!(!id.is_empty() && !id.contains(char::is_whitespace), "{name}: {id:?} is no id");
        }
        for href in page.values("href") {
            let target = href.strip_prefix('#').expect("links stay on the page");
            assert!(ids.contains(target), "{name}: nothing has the id {target}");
        }
        for referred in ["aria-labelledby", "for"] {
            for id in page.values(referred) {
                assert!(ids.contains(id), "{name}: nothing has the id {id} for {referred}");
            }
        }
    }
}

#[test]
fn every_fact_has_a_row_with_its_id() {
    let report = ntrk::report();
    let html = page(&report);
    let page = Page::read(&html);
    let rows: HashSet<&str> = page
        .tags
        .iter()
        .filter(|t| t.name == "tr")
        .filter_map(|t| t.attributes.get("id"))
        .map(String::as_str)
        .collect();
    let mut seen = 0;
    let mut row = |id: &FactId| {
        assert!(rows.contains(id.as_str()), "{id} has no row");
        seen += 1;
    };
    report.cases[0].visit(&mut |_, fact| row(fact.id()));
    report.claims.iter().for_each(|c| row(&c.id));
    report.background.iter().for_each(|b| row(&b.id));
    assert_eq!(seen, rows.len(), "and nothing else has one");
}

#[test]
fn every_evidence_links_back_to_its_fact() {
    let report = ntrk::report();
    let page = Page::read(&page(&report));
    let back: HashSet<&str> = page
        .tags
        .iter()
        .filter(|t| t.attributes.get("class").is_none_or(|c| !["w", "v", "id", "pl"].contains(&c.as_str())))
        .filter_map(|t| t.attributes.get("href")?.strip_prefix('#'))
        .collect();
    report.cases[0].visit(&mut |_, fact| assert!(back.contains(fact.id().as_str()), "{} has no way back", fact.id()));
}

#[test]
fn the_source_is_the_text_letter_for_letter() {
    for report in samples() {
        let html = page(&report);
        let source = &html[html.find("<section class=\"source\"").unwrap()..html.find("</main>").unwrap()];
        let text = &source[source.find("<div class=\"text\"").unwrap()..];
        let page = Page::read(&format!("<!DOCTYPE html>{}", text.trim_end().trim_end_matches("</section>")));
        let words = page.texts.iter().filter(|(around, _)| !around.iter().any(|e| e == "sup")).map(|(_, text)| text);
        let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let shown: String = words.map(|text| letters(text)).collect();
        assert_eq!(shown, letters(&report.document.text), "{}", report.document.source.name);
    }
}

#[test]
fn nothing_is_asked_of_the_network_and_nothing_runs_inline() {
    for report in samples() {
        let html = page(&report);
        let page = Page::read(&html);
        for tag in &page.tags {
            for attribute in tag.attributes.keys() {
                let active =
                    attribute.starts_with("on") || ["src", "style", "srcset", "action"].contains(&attribute.as_str());
                assert!(!active, "<{} {attribute}>", tag.name);
            }
        }
        assert_eq!((page.count("script"), page.count("style"), page.count("link"), page.count("img")), (1, 1, 0, 0));
        assert!(
            !html.contains("http:") && !html.contains("https:") && !html.contains("url(") && !html.contains("@import")
        );
        assert!(html.contains("default-src &#39;none&#39;"));
    }
}

#[test]
fn hostile_text_stays_text() {
    let hostile = "<script>alert(1)</script> \"' onmouseover=\"x\" </style> &amp; \u{202e}evil\u{2066} \u{0}";
    let text = format!("{hostile} {} end.", "W".repeat(3000));
    let mut w = Writer::new(text.as_str());
    let mut case = Case { id: "<i>".into(), label: Some(w.statement(hostile)), ..Case::default() };
    let mut finding = w.fact(
        hostile,
        Finding {
            label: hostile.into(),
            site: Some(hostile.into()),
            severity: Some(hostile.into()),
            ..Finding::default()
        },
    );
    finding.id = FactId::new("a b\"><script>");
    finding.codings.push(Coding::new("X:\"><b>", hostile));
    let treatment = Treatment { agent: hostile.into(), ..Treatment::default() };
    let mut treatment = w.fact("end", treatment);
    treatment.timing = Some(Timing::default());
    treatment.value.stop = Some(w.timing("W", Relation::After, Some(IsoDuration::from_days(9.0)), Anchor::default()));
    case.treatments.push(treatment);
    case.not_reported.push(NotReported { field: hostile.into(), reason: hostile.into() });
    case.extensions.insert(hostile.into(), json!({ hostile: hostile }));
    case.findings.push(finding);
    let label = Label::new(w.span(hostile), hostile);
    let mut report = w.report("hostile", vec![case]);
    report.document.language = "\"><script>".into();
    report.document.titles = vec![Title { span: Span::new(0, hostile.len() as u32), language: "x\" y".into() }];
    report.audit.diagnostics = vec![Diagnostic {
        rule: hostile.into(),
        message: hostile.into(),
        help: Some(hostile.into()),
        labels: vec![label],
        ..Diagnostic::default()
    }];
    report.audit.switched_off.push(hostile.into());
    report.plugins.push(PluginUse { id: hostile.into(), version: hostile.into() });
    let html = page(&report);
    let page = Page::read(&html);
    assert_eq!(page.count("script"), 1);
    assert!(page.tags.iter().all(|t| !t.attributes.contains_key("onmouseover")));
    assert!(page.values("id").any(|id| id == "a.20b.22.3e.3cscript.3e"));
    assert!(!html.contains(['\u{202e}', '\u{2066}', '\u{0}']) && html.contains("⟨U+202E⟩"));
}

#[test]
fn spans_that_do_not_fit_the_text_do_no_harm() {
    let mut report = testkit::sample_report();
    let beyond = Span::new(90_000, 90_010);
    report.cases[0].findings[0].evidence[0].span = beyond;
    report.audit.diagnostics =
        vec![Diagnostic { labels: vec![Label::new(beyond, "nowhere")], ..Diagnostic::default() }];
    let page = Page::read(&page(&report));
    assert!(page.texts.iter().any(|(_, text)| text.contains("place outside of the text")));
}

#[test]
fn two_facts_on_the_same_words_both_have_a_way_back() {
    let mut w = Writer::new("He had a rash.");
    let named = |label: &str| Finding { label: label.into(), ..Finding::default() };
    let (first, second) = (w.fact("rash", named("Rash")), w.fact("rash", named("Exanthem")));
    let case = Case { id: "case-1".into(), findings: vec![first, second], ..Case::default() };
    let html = page(&w.report("same", vec![case]));
    assert_eq!(html.matches("class=\"also").count(), 1);
    assert_eq!(html.matches("data-f=\"2 1\"").count() + html.matches("data-f=\"1 2\"").count(), 1);
}

#[test]
fn times_that_count_from_a_treatment_get_a_picture_of_their_own() {
    let html = page(&ntrk::report());
    assert!(html.contains("<title>Timeline from presentation</title>"));
    assert!(html.contains("<title>Timeline from the start of larotrectinib</title>"));
    assert!(html.contains("5.5 to 6.5 months after the start of larotrectinib"));
}

#[test]
fn what_was_not_given_is_no_event_and_says_so() {
    let html = page(&ntrk::report());
    let timeline = &html[html.find(":timeline\">").unwrap()..html.find("<nav class=\"mini\"").unwrap()];
    assert!(!timeline.contains("disarticulation") && !timeline.contains("radiotherapy"));
    assert!(
        html.contains("Hip disarticulation</span> <span class=\"b off\"><span aria-hidden=\"true\">✕</span> declined")
    );
}

#[test]
fn events_of_different_kinds_have_forms_of_their_own() {
    let mut w = Writer::new("Resected, then imatinib until now. Died. Her aunt died early.");
    let mut case = Case { id: "case-1".into(), ..Case::default() };
    let after = |months: f64| {
        let offset = Some(Extent::exact(IsoDuration::from_months(months)));
        Some(Timing { relation: Relation::After, offset, ..Timing::default() })
    };
    let surgery = Treatment { agent: "resection".into(), kind: TreatmentKind::Surgery, ..Treatment::default() };
    let drug = Treatment { agent: "imatinib".into(), ongoing: true, ..Treatment::default() };
    case.treatments = vec![w.fact("Resected", surgery), w.fact("imatinib", drug)];
    case.treatments[0].timing = after(1.0);
    case.treatments[1].timing = after(2.0);
    let mut end = w.fact("Died", FollowUp { vital_status: VitalStatus::Dead, ..FollowUp::default() });
    end.timing = after(9.0);
    case.follow_up.push(end);
    let mut aunt = w.fact("aunt", FamilyHistory { relative: Some("aunt".into()), ..FamilyHistory::default() });
    (aunt.timing, aunt.scope) = (after(5.0), Scope::Family);
    case.family_history.push(aunt);
    let html = page(&w.report("forms", vec![case]));
    let svg = &html[html.find("<svg").unwrap()..html.find("</svg>").unwrap()];
    let mark = |name: &str| {
        let start = svg.find(&format!("<title>{name}</title>")).unwrap();
        &svg[start..start + svg[start..].find("</g>").unwrap()]
    };
    assert!(mark("resection").contains("h4v4h4v4h-4v4"), "a cross for an operation");
    assert!(mark("imatinib").contains("class=\"tip\""), "an arrow for what goes on");
    assert!(mark("died").contains("l10 10m0 -10l-10 10"), "a cross of two strokes for death");
    assert!(!svg.contains("aunt"), "relatives have no place in it");
}

#[test]
fn words_for_what_is_not_so_carry_a_sign_in_the_text() {
    let html = page(&ntrk::report());
    let source = &html[html.find("<section class=\"source\"").unwrap()..];
    for (words, class) in [
        ("fever", "m t-find neg"),
        ("SOX10", "m t-path neg"),
        ("Hip disarticulation", "m t-tx neg"),
        ("appeared to displace the femoral artery", "m t-find unsure"),
        ("asthma", "m t-dx"),
    ] {
        let end = source.find(&format!(">{words}</a>")).unwrap();
        let tag = &source[source[..end].rfind("<a ").unwrap()..end];
        assert!(tag.starts_with(&format!("<a class=\"{class}\"")), "{words}: {tag}");
    }
}

/// Measured on the repaired text of a report of `times` letters, with the facts of one.
fn time_of(times: usize) -> (f64, usize, usize) {
    let mut report = ntrk::report();
    let letter = report.document.text.clone();
    let mut mentions = Vec::new();
    for _ in 1..times {
        let start = report.document.text.len() as u32 + 2;
        report.document.text.push_str("\n\n");
        report.document.text.push_str(&letter);
        mentions.extend((0..40).map(|i| Span::new(start + 40 * i, start + 40 * i + 55)));
    }
    report.document.text.truncate(report.document.text.len() / 4 * 4);
    for span in mentions {
        if let Some(quote) = span.of(&report.document.text) {
            let evidence = Evidence { span, quote: quote.into(), ..Evidence::default() };
            report.background[0].evidence.push(evidence);
        }
    }
    let rounds = 20;
    let start = Instant::now();
    let length = (0..rounds).map(|_| page(&report).len()).max().unwrap_or_default();
    (start.elapsed().as_secs_f64() * 1e3 / f64::from(rounds), report.document.text.len(), length)
}

#[test]
#[ignore = "a measurement, not a test: run it in release with --nocapture"]
fn milliseconds_per_page() {
    for times in [1, 4, 40, 400] {
        let (ms, text, length) = time_of(times);
        println!("{text:>9} bytes of text: {ms:.3} ms, {length} bytes of HTML");
    }
}
