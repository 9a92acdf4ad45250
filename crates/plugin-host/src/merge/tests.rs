use case_model::*;

use super::merge;

const TEXT: &str = "Case 1. A 46-year-old woman had fever and grade 3 hepatitis. Alectinib was started. \
    Case 2. A 16-year-old boy had no fever. Crizotinib was started.";

fn span(words: &str, nth: usize) -> Span {
    let start = TEXT.match_indices(words).nth(nth).unwrap_or_else(|| panic!("{words:?} stands there")).0 as u32;
    Span::new(start, start + words.len() as u32)
}

/// Builds facts as one plugin does.
struct By(&'static str, IdSource);

impl By {
    fn new(plugin: &'static str) -> Self {
        Self(plugin, IdSource::new())
    }

    fn fact<T: FactValue>(&mut self, words: &str, nth: usize, value: T) -> Fact<T>
    where
        Fact<T>: Default,
    {
        let span = span(words, nth);
        let evidence = Evidence { span, quote: words.to_owned(), by: self.0.into(), ..Evidence::default() };
        let id = self.1.id(T::KIND, &value.label(), span, words);
        Fact { id, value, evidence: vec![evidence], ..Fact::default() }
    }
}

fn years(years: f64) -> Age {
    Age { value: IsoDuration::from_years(years), approximate: false }
}

fn finding(label: &str) -> Finding {
    Finding { label: label.into(), ..Finding::default() }
}

fn one(plugin: &str, case: Case) -> (String, Extraction) {
    let terminologies = ["HP", "DOID"].map(|p| Terminology { prefix: p.into(), release: "1".into() }).to_vec();
    (plugin.to_owned(), Extraction { cases: vec![case], terminologies, ..Extraction::default() })
}

/// Merges in both orders, which must make no difference, and checks that the result keeps the rules of the record.
fn both_ways(a: (String, Extraction), b: (String, Extraction)) -> Extraction {
    let merged = merge(vec![a.clone(), b.clone()]);
    assert_eq!(merged, merge(vec![b, a]));
    assert_eq!(check_extraction(TEXT, &merged), []);
    merged
}

fn case(id: &str) -> Case {
    Case { id: id.into(), ..Case::default() }
}

#[test]
fn the_same_fact_is_one_with_both_evidences_and_what_either_knows() {
    let (mut a, mut b) = (By::new("a"), By::new("b"));
    let (mut x, mut y) = (case("case-1"), case("case-1"));
    let mut fever = a.fact("fever", 0, finding("Fever"));
    fever.codings.push(Coding::new("HP:0001945", "Fever"));
    x.findings.push(fever);
    let mut pyrexia = b.fact("had fever", 0, Finding { severity: Some("mild".into()), ..finding("Pyrexia") });
    pyrexia.codings = vec![Coding::new("HP:0001945", "Fever"), Coding::new("DOID:1", "fever")];
    pyrexia.timing = Some(Timing { span: Some(span("Case 1", 0)), quote: "Case 1".into(), ..Timing::default() });
    y.findings.push(pyrexia);
    x.subject.age.push(a.fact("46-year-old", 0, years(46.0)));
    y.subject.age.push(b.fact("46-year-old", 0, years(46.0)));
    let merged = both_ways(one("a", x), one("b", y));
    assert_eq!(merged.diagnostics, []);
    let [fever] = &merged.cases[0].findings[..] else { panic!("{:?}", merged.cases[0].findings) };
    assert_eq!(fever.value, Finding { severity: Some("mild".into()), ..finding("Fever") });
    assert_eq!(
        fever.evidence.iter().map(|e| (e.by.as_str(), e.quote.as_str())).collect::<Vec<_>>(),
        [("a", "fever"), ("b", "had fever")]
    );
    assert_eq!(fever.codings.len(), 2);
    assert!(fever.timing.is_some());
    assert_eq!(merged.cases[0].subject.age.len(), 1);
    assert_eq!(merged.cases[0].subject.age[0].evidence.len(), 2);
}

#[test]
fn readings_that_differ_are_both_kept_and_reported() {
    let (mut a, mut b) = (By::new("a"), By::new("b"));
    let (mut x, mut y) = (case("case-1"), case("case-1"));
    x.findings.push(a.fact("fever", 0, finding("Fever")));
    y.findings.push(Fact { assertion: Assertion::Absent, ..b.fact("fever", 0, finding("Fever")) });
    x.subject.age.push(a.fact("46-year-old", 0, years(46.0)));
    y.subject.age.push(b.fact("16-year-old", 0, years(16.0)));
    let event = |grade| AdverseEvent { label: "Hepatitis".into(), grade: Some(grade), ..AdverseEvent::default() };
    x.adverse_events.push(a.fact("grade 3 hepatitis", 0, event(3)));
    y.adverse_events.push(b.fact("hepatitis", 0, event(2)));
    let merged = both_ways(one("a", x), one("b", y));
    let case = &merged.cases[0];
    for (facts, what) in [
        (case.findings.iter().map(|f| f as &dyn AnyFact).collect::<Vec<_>>(), "assertion"),
        (case.subject.age.iter().map(|f| f as &dyn AnyFact).collect(), "value"),
        (case.adverse_events.iter().map(|f| f as &dyn AnyFact).collect(), "grade"),
    ] {
        assert_eq!(facts.len(), 2);
        assert_eq!(facts[0].conflicts_with(), [facts[1].id().clone()]);
        assert_eq!(facts[1].conflicts_with(), [facts[0].id().clone()]);
        assert_ne!(facts[0].id(), facts[1].id());
        let told = |d: &&Diagnostic| d.rule == super::DISAGREE && d.message.ends_with(what) && d.labels.len() == 2;
        assert_eq!(merged.diagnostics.iter().filter(told).count(), 1, "{what}: {:?}", merged.diagnostics);
    }
    assert_eq!(merged.diagnostics.len(), 3);
}

#[test]
fn what_names_a_fact_follows_it() {
    let (mut a, mut b) = (By::new("a"), By::new("b"));
    let (mut x, mut y) = (case("case-1"), case("case-1"));
    let drug = Treatment { agent: "alectinib".into(), ..Treatment::default() };
    x.treatments.push(a.fact("Alectinib was started", 0, drug.clone()));
    let theirs = b.fact("Alectinib", 0, drug);
    let suspects = vec![Suspect { agent: "alectinib".into(), treatment: Some(theirs.id.clone()) }];
    assert_ne!(theirs.id, x.treatments[0].id);
    y.treatments.push(theirs);
    let event = AdverseEvent { label: "Hepatitis".into(), suspects, ..AdverseEvent::default() };
    y.adverse_events.push(b.fact("hepatitis", 0, event));
    let merged = both_ways(one("a", x), one("b", y));
    let case = &merged.cases[0];
    assert_eq!(case.treatments.len(), 1);
    assert_eq!(case.adverse_events[0].value.suspects[0].treatment.as_ref(), Some(&case.treatments[0].id));
}

#[test]
fn patients_are_matched_by_the_text() {
    let (mut a, mut b) = (By::new("a"), By::new("b"));
    let (mut first, mut second) = (case("case-1"), case("case-2"));
    first.subject.age.push(a.fact("46-year-old", 0, years(46.0)));
    first.treatments.push(a.fact("Alectinib", 0, Treatment { agent: "alectinib".into(), ..Treatment::default() }));
    second.subject.age.push(a.fact("16-year-old", 0, years(16.0)));
    // The other plugin sees the second patient alone, and calls him the first.
    let mut only = case("case-1");
    only.treatments.push(b.fact("Crizotinib", 0, Treatment { agent: "crizotinib".into(), ..Treatment::default() }));
    second.findings.push(a.fact("Crizotinib was started", 0, finding("Crizotinib")));
    let (name, mut two) = one("b", first);
    two.cases.push(second);
    let merged = both_ways((name, two), one("a", only));
    assert_eq!(merged.cases.len(), 2);
    assert_eq!(merged.cases[0].treatments[0].value.agent, "alectinib");
    assert_eq!(merged.cases[1].treatments[0].value.agent, "crizotinib");
    assert_eq!(merged.diagnostics, []);
}

#[test]
fn what_belongs_to_no_patient_is_left_out_and_told() {
    let (mut a, mut b) = (By::new("a"), By::new("b"));
    let (mut first, mut second) = (case("case-1"), case("case-2"));
    first.subject.age.push(a.fact("46-year-old", 0, years(46.0)));
    second.subject.age.push(a.fact("16-year-old", 0, years(16.0)));
    second.treatments.push(a.fact("Crizotinib", 0, Treatment { agent: "crizotinib".into(), ..Treatment::default() }));
    let mut all = case("case-1");
    // After the last words about the first patient, within those about the second.
    all.findings.push(b.fact("hepatitis", 0, finding("Hepatitis")));
    all.findings.push(b.fact("fever", 1, finding("Fever")));
    let (name, mut two) = one("a", first);
    two.cases.push(second);
    let merged = both_ways((name, two), one("b", all));
    assert_eq!(merged.cases[0].findings, []);
    assert_eq!(merged.cases[1].findings.len(), 1);
    let told: Vec<&str> = merged.diagnostics.iter().map(|d| d.rule.as_str()).collect();
    assert_eq!(told, [super::UNPLACED]);
    assert!(merged.diagnostics[0].message.contains("Hepatitis"));
}

#[test]
fn background_and_claims_stand_once() {
    let (mut a, mut b) = (By::new("a"), By::new("b"));
    let item = |by: &mut By, words: &str, label: &str| {
        let fact = by.fact(words, 0, finding(label));
        let (kind, label) = ("finding".to_owned(), label.to_owned());
        Background { id: fact.id, kind, label, scope: Scope::Literature, evidence: fact.evidence, codings: vec![] }
    };
    let extraction = |background| Extraction { cases: vec![case("case-1")], background, ..Extraction::default() };
    let ours = extraction(vec![item(&mut a, "fever", "Fever")]);
    let theirs = extraction(vec![item(&mut b, "fever", "fever"), item(&mut b, "hepatitis", "Hepatitis")]);
    let merged = both_ways(("a".into(), ours), ("b".into(), theirs));
    assert_eq!(merged.background.len(), 2);
    assert_eq!(merged.background[0].evidence.len(), 2);
}

#[test]
fn three_plugins_in_any_order() {
    let make = |plugin: &'static str, label: &str, words: &str| {
        let mut by = By::new(plugin);
        let mut case = case("case-1");
        case.findings.push(by.fact(words, 0, finding(label)));
        one(plugin, case)
    };
    let all = [make("a", "Fever", "fever"), make("b", "Fever", "fever"), make("c", "Hepatitis", "hepatitis")];
    let merged = merge(all.to_vec());
    assert_eq!(merged.cases[0].findings.len(), 2);
    for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        assert_eq!(merge(order.map(|i| all[i].clone()).to_vec()), merged);
    }
}
