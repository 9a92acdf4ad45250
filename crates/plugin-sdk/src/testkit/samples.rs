//! Sample reports.

use case_model::*;

use super::Writer;

/// Every sample: all fields filled, two patients, a case without facts, no patient, unusual characters.
pub fn samples() -> Vec<Report> {
    vec![sample_report(), two_patients(), empty_case(), no_patient(), unusual_characters()]
}

const SAMPLE: &str = "Case 1. A 46-year-old woman presented with a 2-month history of cough and weight loss. \
    She denied fever. She had a history of hypertension. Her mother had breast cancer. \
    Chest CT showed a 4.2 × 3.1 cm mass in the right upper lobe with enlarged hilar lymph nodes. \
    Hemoglobin was 10.2 g/dL (12.0-16.0). A core needle biopsy of the lung revealed poorly differentiated adenocarcinoma. \
    Tumor cells were strongly positive for TTF-1 (90%) and ALK (clone D5F3), and negative for p40. \
    Next-generation sequencing detected an EML4-ALK fusion and no EGFR mutation; PD-L1 was 5%. \
    Stage IVA (cT2bN1M1a) lung adenocarcinoma was diagnosed in March 2020. \
    Alectinib 600 mg twice daily was started as first-line treatment; surgery was not considered feasible. \
    A partial response by RECIST 1.1 was seen on CT after 2 months of treatment. \
    After 5 months she developed grade 3 hepatitis attributed to alectinib, which was stopped 1 week later. \
    The hepatitis resolved within 4 weeks. At 18 months after diagnosis she is alive with stable disease.";

fn anchor(kind: AnchorKind, fact: Option<&FactId>) -> Anchor {
    Anchor { kind, fact: fact.cloned() }
}

/// A report of one patient in which every list of the case has a fact.
pub fn sample_report() -> Report {
    let mut w = Writer::new(SAMPLE);
    let mut case = Case { id: "case-1".into(), ..Case::default() };
    case.label = Some(w.statement("Case 1"));
    case.presentation = Some(w.statement("presented"));
    case.subject.age.push(w.fact("46-year-old", Age { value: IsoDuration::from_years(46.0), approximate: false }));
    case.subject.sex.push(w.fact("woman", Sex::Female));

    for (words, label, code) in [("cough", "Cough", "HP:0012735"), ("weight loss", "Weight loss", "HP:0001824")] {
        let mut finding = w.fact(words, Finding { label: label.into(), ..Finding::default() });
        finding.codings.push(Coding::new(code, label));
        let since = anchor(AnchorKind::Presentation, None);
        finding.timing =
            Some(w.timing("2-month history", Relation::Before, Some(IsoDuration::from_months(2.0)), since));
        case.findings.push(finding);
    }
    let mut fever = w.fact("fever", Finding { label: "Fever".into(), ..Finding::default() });
    fever.codings.push(Coding::new("HP:0001945", "Fever"));
    fever.assertion = Assertion::Absent;
    case.findings.push(fever);
    let nodes = Finding {
        label: "Enlarged lymph nodes".into(),
        kind: FindingKind::Imaging,
        site: Some("hilar".into()),
        ..Finding::default()
    };
    case.findings.push(w.fact("enlarged hilar lymph nodes", nodes));

    let hemoglobin = Measurement {
        analyte: "hemoglobin".into(),
        quantity: Some(Quantity {
            value: Decimal::new("10.2").unwrap_or_default(),
            unit: Some("g/dL".into()),
            printed_unit: "g/dL".into(),
            ..Quantity::default()
        }),
        reference: Some(ReferenceRange {
            low: Decimal::new("12.0"),
            high: Decimal::new("16.0"),
            printed: w.statement("12.0-16.0"),
        }),
        abnormality: Some(Abnormality::Low),
        ..Measurement::default()
    };
    case.measurements.push(w.fact("Hemoglobin was 10.2 g/dL", hemoglobin));
    case.imaging.push(w.fact(
        "Chest CT",
        ImagingStudy { modality: "CT".into(), region: Some("Chest".into()), ..ImagingStudy::default() },
    ));
    let mut lobe = w.fact(
        "right upper lobe",
        Site { label: "upper lobe of lung".into(), role: SiteRole::Primary, laterality: Some(Laterality::Right) },
    );
    lobe.codings.push(Coding::new("UBERON:0008948", "upper lobe of lung"));
    case.sites.push(lobe);
    let size = TumourSize {
        dimensions: ["4.2", "3.1"].into_iter().filter_map(Decimal::new).collect(),
        unit: "cm".into(),
        lesion: "mass".into(),
        modality: Some("CT".into()),
        ..TumourSize::default()
    };
    case.tumour_sizes.push(w.fact("4.2 × 3.1 cm", size));
    case.specimens.push(w.fact(
        "biopsy of the lung",
        Specimen { label: "lung biopsy".into(), site: Some("lung".into()), method: Some("core needle biopsy".into()) },
    ));
    case.morphology.push(w.fact(
        "poorly differentiated",
        Morphology { pattern: "adenocarcinoma".into(), grade: Some("poorly differentiated".into()), mitoses: None },
    ));

    let marker = |marker: &str, name: &str, result| MarkerTest {
        marker: marker.into(),
        name: name.into(),
        result,
        ..MarkerTest::default()
    };
    let ttf1 = MarkerTest {
        score: Some("90%".into()),
        intensity: Some("strong".into()),
        ..marker("NKX2-1", "TTF-1", MarkerResult::Positive)
    };
    case.marker_tests.push(w.fact("TTF-1", ttf1));
    let alk = MarkerTest { clone: Some("D5F3".into()), ..marker("ALK", "ALK", MarkerResult::Positive) };
    let alk = w.fact("ALK (clone D5F3)", alk);
    case.marker_tests.push(alk);
    case.marker_tests.push(w.fact("p40", marker("TP63", "p40", MarkerResult::Negative)));
    case.marker_tests.push(w.fact(
        "PD-L1 was 5%",
        MarkerTest { score: Some("5%".into()), ..marker("CD274", "PD-L1", MarkerResult::Positive) },
    ));

    let gene = |symbol: &str, role, code: &str, band: &str| GeneInvolved {
        symbol: symbol.into(),
        role,
        coding: Some(Coding::new(code, symbol)),
        band: Some(band.into()),
        exon: None,
    };
    let fusion = GenomicFinding {
        kind: GenomicKind::Fusion,
        label: "EML4-ALK fusion".into(),
        genes: vec![
            gene("EML4", GeneRole::FivePrime, "HGNC:1316", "2p21"),
            gene("ALK", GeneRole::ThreePrime, "HGNC:427", "2p23.2-p23.1"),
        ],
        assay: Some("Next-generation sequencing".into()),
        ..GenomicFinding::default()
    };
    case.genomic_findings.push(w.fact("EML4-ALK fusion", fusion));
    let egfr = GenomicFinding {
        kind: GenomicKind::Mutation,
        result: GenomicResult::NotDetected,
        label: "EGFR mutation".into(),
        genes: vec![gene("EGFR", GeneRole::Affected, "HGNC:3236", "7p11.2")],
        assay: Some("Next-generation sequencing".into()),
        ..GenomicFinding::default()
    };
    let mut egfr = w.fact("no EGFR mutation", egfr);
    egfr.assertion = Assertion::Absent;
    case.genomic_findings.push(egfr);

    let diagnosis = Diagnosis {
        label: "lung adenocarcinoma".into(),
        neoplasm: true,
        site: Some("lung".into()),
        stages: vec![
            Stage { system: String::new(), value: "IVA".into() },
            Stage { system: "TNM".into(), value: "cT2bN1M1a".into() },
        ],
        ..Diagnosis::default()
    };
    let mut diagnosis = w.fact("lung adenocarcinoma", diagnosis);
    diagnosis.codings.push(Coding::new("ONCOTREE:LUAD", "Lung Adenocarcinoma"));
    diagnosis.timing = Some(Timing {
        date: Some(PartialDate { year: 2020, month: Some(3), day: None }),
        span: Some(w.span("March 2020")),
        quote: "March 2020".into(),
        anchor: anchor(AnchorKind::Presentation, None),
        ..Timing::default()
    });
    let past = Diagnosis { label: "hypertension".into(), role: DiagnosisRole::Comorbidity, ..Diagnosis::default() };
    let mut past = w.fact("hypertension", past);
    past.codings.push(Coding::new("DOID:10763", "hypertension"));
    let diagnosed = diagnosis.id.clone();
    case.diagnoses.extend([diagnosis, past]);

    let dose = Dose {
        printed: w.statement("600 mg"),
        amount: Quantity {
            value: Decimal::new("600").unwrap_or_default(),
            unit: Some("mg".into()),
            printed_unit: "mg".into(),
            ..Quantity::default()
        },
        frequency: Some(w.statement("twice daily")),
        route: None,
    };
    let alectinib = Treatment {
        agent: "alectinib".into(),
        doses: vec![dose],
        line: Some(1),
        stop_reason: Some(w.statement("hepatitis")),
        ..Treatment::default()
    };
    let mut alectinib = w.fact("Alectinib", alectinib);
    alectinib.codings.push(Coding::new("DRUGBANK:DB11363", "Alectinib"));
    let given = alectinib.id.clone();
    let surgery = Treatment {
        agent: "surgery".into(),
        kind: TreatmentKind::Surgery,
        status: ActionStatus::Considered,
        ..Treatment::default()
    };
    let surgery = w.fact("surgery", surgery);
    case.procedures.push(w.fact(
        "core needle biopsy",
        Procedure { label: "core needle biopsy".into(), site: Some("lung".into()), ..Procedure::default() },
    ));
    let response = Response {
        category: ResponseCategory::Partial,
        criteria: Some("RECIST 1.1".into()),
        modalities: vec!["CT".into()],
        treatment: Some(given.clone()),
        change: None,
    };
    let mut response = w.fact("partial response", response);
    let treated = anchor(AnchorKind::TreatmentStart, Some(&given));
    response.timing = Some(w.timing(
        "after 2 months of treatment",
        Relation::After,
        Some(IsoDuration::from_months(2.0)),
        treated.clone(),
    ));
    case.responses.push(response);

    let event = AdverseEvent {
        label: "Hepatitis".into(),
        grade: Some(3),
        suspects: vec![Suspect { agent: "alectinib".into(), treatment: Some(given) }],
        causality: Some(w.statement("attributed to alectinib")),
        action: Some(w.statement("stopped")),
        dechallenge: Some(Challenge::Positive),
        outcome: Some("resolved".into()),
        outcome_words: Some(w.statement("The hepatitis resolved")),
        ..AdverseEvent::default()
    };
    let mut event = w.fact("hepatitis", event);
    event.timing = Some(w.timing("After 5 months", Relation::After, Some(IsoDuration::from_months(5.0)), treated));
    alectinib.value.stop = Some(w.timing(
        "1 week later",
        Relation::After,
        Some(IsoDuration::from_weeks(1.0)),
        anchor(AnchorKind::Event, Some(&event.id)),
    ));
    case.treatments.extend([alectinib, surgery]);
    case.adverse_events.push(event);

    let end = FollowUp {
        duration: Some(Extent::exact(IsoDuration::from_months(18.0))),
        vital_status: VitalStatus::Alive,
        disease_status: Some(w.statement("stable disease")),
        ..FollowUp::default()
    };
    let mut end = w.fact("At 18 months after diagnosis she is alive", end);
    end.timing = Some(w.timing(
        "18 months after diagnosis",
        Relation::After,
        Some(IsoDuration::from_months(18.0)),
        anchor(AnchorKind::Diagnosis, Some(&diagnosed)),
    ));
    case.follow_up.push(end);
    let mut mother =
        w.fact("breast cancer", FamilyHistory { label: "breast cancer".into(), relative: Some("mother".into()) });
    mother.scope = Scope::Family;
    case.family_history.push(mother);
    let refusal = PluginFact {
        type_name: "sample-plugin/denial".into(),
        label: "denied fever".into(),
        fields: [("symptom".to_owned(), "fever".into()), ("count".to_owned(), 1.into())].into(),
    };
    case.plugin_facts.push(w.fact("She denied fever", refusal));
    case.not_reported.push(NotReported { field: "body weight".into(), reason: "not stated".into() });
    w.report("sample", vec![case])
}

/// A report of two patients with a few facts each.
pub fn two_patients() -> Report {
    let mut w = Writer::new(
        "First case: a 72-year-old woman had gingival bleeding. Second case: a 16-year-old boy had vomiting and died.",
    );
    let mut patient =
        |number: usize, label: &str, age: &str, years: f64, sex: (&str, Sex), finding: (&str, &str, &str)| {
            let mut case = Case { id: format!("case-{number}"), label: Some(w.statement(label)), ..Case::default() };
            case.subject.age.push(w.fact(age, Age { value: IsoDuration::from_years(years), approximate: false }));
            case.subject.sex.push(w.fact(sex.0, sex.1));
            let mut fact = w.fact(finding.0, Finding { label: finding.1.into(), ..Finding::default() });
            fact.codings.push(Coding::new(finding.2, finding.1));
            case.findings.push(fact);
            case
        };
    let first = patient(
        1,
        "First case",
        "72-year-old",
        72.0,
        ("woman", Sex::Female),
        ("gingival bleeding", "Gingival bleeding", "HP:0000225"),
    );
    let mut second =
        patient(2, "Second case", "16-year-old", 16.0, ("boy", Sex::Male), ("vomiting", "Vomiting", "HP:0002013"));
    second.follow_up.push(w.fact("died", FollowUp { vital_status: VitalStatus::Dead, ..FollowUp::default() }));
    w.report("two-patients", vec![first, second])
}

/// A report whose one patient has no facts at all.
pub fn empty_case() -> Report {
    Writer::new("A patient.").report("empty", vec![Case { id: "case-1".into(), ..Case::default() }])
}

/// A report without any patient.
pub fn no_patient() -> Report {
    Writer::new("A letter to the editor.").report("no-patient", Vec::new())
}

/// A case in characters that break what counts wrongly: right-to-left letters, letters beyond the basic plane, combining
/// marks, markup and quotes of every kind.
pub fn unusual_characters() -> Report {
    let fever = "\u{5d7}\u{5d5}\u{5dd}";
    let tumour = "tum\u{fc}e\u{301}ur <b>\u{1f9ec}\u{1f468}\u{200d}\u{2695}\u{fe0f}</b> & \"x\" 'y' =1+1;,\t|";
    let agent = "\u{1d6fc}-\u{627}\u{644}\u{642}\u{627}\u{62a}\u{644}";
    let mut w = Writer::new(format!("A \u{1d7d7}-year-old with {fever} and {tumour} was given {agent}."));
    let mut case = Case { id: "case-1".into(), label: Some(w.statement(fever)), ..Case::default() };
    case.findings.push(w.fact(fever, Finding { label: fever.into(), ..Finding::default() }));
    case.findings.push(w.fact(tumour, Finding { label: tumour.into(), ..Finding::default() }));
    case.diagnoses.push(w.fact(tumour, Diagnosis { label: tumour.into(), ..Diagnosis::default() }));
    case.treatments.push(w.fact(agent, Treatment { agent: agent.into(), ..Treatment::default() }));
    case.not_reported.push(NotReported { field: fever.into(), reason: tumour.into() });
    w.report("unusual-\u{5d7}", vec![case])
}
