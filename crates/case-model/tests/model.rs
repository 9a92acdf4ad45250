//! The promises of the record, from outside.

use case_model::*;
use proptest::prelude::*;

fn fact<T: FactValue>(ids: &mut IdSource, text: &str, words: &str, value: T) -> Fact<T>
where
    Fact<T>: Default,
{
    let start = text.find(words).expect("the words stand in the text") as u32;
    let span = Span::new(start, start + words.len() as u32);
    let id = ids.id(T::KIND, &value.label(), span, words);
    let evidence = vec![Evidence { span, quote: words.to_owned(), ..Evidence::default() }];
    Fact { id, value, evidence, ..Fact::default() }
}

const TEXT: &str = "A 6-year-old girl had fever. Crizotinib was started.";

fn report() -> Report {
    let mut ids = IdSource::new();
    let mut case = Case { id: "case-1".into(), ..Case::default() };
    case.subject.age.push(fact(
        &mut ids,
        TEXT,
        "6-year-old",
        Age { value: IsoDuration::from_years(6.0), approximate: false },
    ));
    case.subject.sex.push(fact(&mut ids, TEXT, "girl", Sex::Female));
    let mut fever = fact(&mut ids, TEXT, "fever", Finding { label: "Fever".into(), ..Finding::default() });
    fever.codings.push(Coding::new("HP:0001945", "Fever"));
    case.findings.push(fever);
    case.treatments.push(fact(
        &mut ids,
        TEXT,
        "Crizotinib",
        Treatment { agent: "crizotinib".into(), ..Treatment::default() },
    ));
    let document = Document { text: TEXT.into(), ..Document::default() };
    let terminologies = vec![Terminology { prefix: "HP".into(), release: "2024-08-13".into() }];
    Report::new(document, Extraction { cases: vec![case], terminologies, ..Extraction::default() })
}

#[test]
fn a_sound_report_has_no_violation() {
    assert_eq!(check(&report()), []);
}

#[test]
fn every_violation_is_listed_at_once() {
    let mut bad = report();
    let case = &mut bad.cases[0];
    case.findings[0].evidence[0].span = Span::new(22, 26);
    case.findings[0].codings[0] = Coding::new("HP 1945", "");
    case.treatments[0].evidence.clear();
    case.treatments[0].scope = Scope::Literature;
    case.treatments[0].conflicts_with = vec![FactId::new("treatment-none")];
    case.subject.age[0].value.value = IsoDuration::from_years(200.0);
    let second = case.findings[0].clone();
    case.findings.push(second);
    let listed: Vec<String> = check(&bad).iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(listed.join("\n"));
}

#[test]
fn a_joined_symbol_is_not_a_gene() {
    let mut bad = report();
    let mut ids = IdSource::new();
    let genes = vec![GeneInvolved { symbol: "PTRH2/CLTC".into(), ..GeneInvolved::default() }];
    bad.cases[0].genomic_findings.push(fact(
        &mut ids,
        TEXT,
        "girl",
        GenomicFinding { genes, ..GenomicFinding::default() },
    ));
    assert!(check(&bad).iter().any(|v| v.message.contains("is not one gene")));
}

#[test]
fn what_plugins_add_is_held_to_the_same_rules() {
    let mut bad = report();
    let mut ids = IdSource::new();
    let value = |type_name: &str, label: &str| PluginFact {
        type_name: type_name.into(),
        label: label.into(),
        fields: [("list".to_owned(), serde_json::json!([1]))].into(),
    };
    bad.cases[0].plugin_facts.push(fact(&mut ids, TEXT, "fever", value("extract-exposure/exposure", "fever")));
    bad.cases[0].plugin_facts.push(fact(&mut ids, TEXT, "girl", value("exposure", " ")));
    bad.cases[0].plugin_facts[1].evidence[0].quote = "boy".into();
    let extension = serde_json::json!({ "notes": [{ "span": [2, 12], "quote": "6-year-old" }, { "span": [2, 9], "quote": "six" }] });
    bad.cases[0].extensions.insert("Not An Id".into(), extension);
    let listed: Vec<String> = check(&bad).iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(listed.join("\n"));
}

#[test]
fn a_later_minor_version_is_read() {
    let mut json = serde_json::to_value(report()).unwrap();
    json["model"] = "1.7".into();
    json["new_part"] = serde_json::json!({"anything": [1, 2]});
    json["cases"][0]["findings"][0]["new_field"] = 3.into();
    json["cases"][0]["findings"][0]["assertion"] = "presumed".into();
    let read = Report::from_json(json.to_string().as_bytes()).unwrap();
    assert_eq!(read.cases[0].findings[0].assertion, Assertion::Other("presumed".into()));
    assert_eq!(serde_json::to_value(&read).unwrap()["cases"][0]["findings"][0]["assertion"], "presumed");
}

#[test]
fn another_major_version_is_refused_whatever_its_shape() {
    let error = Report::from_json(br#"{"model": "2.0", "cases": "elsewhere"}"#).unwrap_err();
    assert!(error.to_string().contains("\"2.0\""), "{error}");
    let error = Report::from_json(b"{\"model\": \"1.0\",\n \"document\": 7}").unwrap_err();
    assert!(error.to_string().contains("line 2"), "{error}");
}

#[test]
fn ids_follow_from_content_alone() {
    let (mut a, mut b) = (IdSource::new(), IdSource::new());
    let span = Span::new(3, 8);
    assert_eq!(a.id("finding", "Fever", span, "fever"), b.id("finding", "Fever", span, "fever"));
    assert_ne!(a.id("finding", "Fever", span, "fever"), b.id("finding", "Cough", span, "fever"));
    let again = b.id("finding", "Fever", span, "fever");
    assert!(again.as_str().ends_with("-2"), "{again}");
}

#[test]
fn the_map_goes_through_moved_text() {
    // Input "ab[CAP]cd", text "abcd\nCAP": the caption moved behind the sentence it interrupts.
    let jump =
        |at, to| Repair { span: Span::new(at, at), origin: Span::new(to, to), kind: RepairKind::Jump, original: None };
    let line = Repair {
        span: Span::new(4, 5),
        origin: Span::new(9, 9),
        kind: RepairKind::Inserted,
        original: Some(String::new()),
    };
    let repairs = [jump(2, 7), line, jump(5, 3)];
    let origin = Origin::new(&repairs, 8);
    assert_eq!(origin.ranges(Span::new(0, 2)), [Span::new(0, 2)]);
    assert_eq!(origin.ranges(Span::new(1, 3)), [Span::new(1, 2), Span::new(7, 8)]);
    assert_eq!(origin.ranges(Span::new(5, 8)), [Span::new(3, 6)]);
}

#[test]
fn durations_print_what_they_read() {
    for text in ["P6Y", "-P2M", "P1.5M", "P6Y2M10DT3H", "P2W", "PT90M", "P0D"] {
        assert_eq!(text.parse::<IsoDuration>().unwrap().to_string(), text);
    }
    for text in ["", "P", "6Y", "P6", "PT", "P2M1Y", "P6Yx", "P1H"] {
        assert!(text.parse::<IsoDuration>().is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn any_duration_survives_a_round_trip(y in 0u32..200, m in 0u32..50, d in 0u32..400, h in 0u32..48, negative: bool) {
        let duration = IsoDuration { years: y.into(), months: m.into(), days: d.into(), hours: h.into(), negative, ..IsoDuration::default() };
        let back: IsoDuration = duration.to_string().parse().unwrap();
        prop_assert_eq!(back.days(), duration.days());
    }

    #[test]
    fn no_text_makes_a_duration_or_date_panic(text in "\\PC{0,20}") {
        let _ = text.parse::<IsoDuration>();
        let _ = text.parse::<PartialDate>();
        let _ = Decimal::new(&text);
    }
}
