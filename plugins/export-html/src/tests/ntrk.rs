//! A record of `tests/reports/ntrk-letter.txt` written by hand, in which every part of the page has something to show.

use casemill_plugin_sdk::model::*;
use casemill_plugin_sdk::testkit::Writer;

/// The letter after repair.
const TEXT: &str = include_str!("ntrk-letter.txt");

/// The letter as a report with case, claims, background, diagnostics and a checklist.
pub(super) fn report() -> Report {
    let mut w = Writer::new(TEXT);
    let mut case = Case { id: "case-1".into(), presentation: Some(w.statement("was seen with")), ..Case::default() };
    let treatment = treatments(&mut w, &mut case);
    presentation(&mut w, &mut case);
    imaging(&mut w, &mut case);
    pathology(&mut w, &mut case);
    genomics(&mut w, &mut case);
    course(&mut w, &mut case, &treatment);
    case.not_reported = ["body weight", "stage", "response criteria", "CTCAE grade"]
        .map(|field| NotReported { field: field.into(), reason: "no statement in the case or its caption".into() })
        .into();
    case.figures.push("Figure 1".into());
    let (claims, background) = others(&mut w);
    let audit = audit(&w);
    let parts = Parts::of(&w);
    case_timeline::resolve(&mut case);
    let mut report = w.report("ntrk-letter", vec![case]);
    parts.place(&mut report.document);
    report.claims = claims;
    report.background = background;
    report.audit = audit;
    report.casemill = "0.1.0".into();
    report.plugins = ["read-text", "extract-narrative", "validate-care", "validate-consistency"]
        .map(|id| PluginUse { id: id.into(), version: "0.1.0".into() })
        .into();
    for (prefix, release) in [("DRUGBANK", "unverified"), ("HGNC", "2025-01-07"), ("HP", "2025-01-16")] {
        report.terminologies.retain(|t| t.prefix != prefix);
        report.terminologies.push(Terminology { prefix: prefix.into(), release: release.into() });
    }
    report
}

/// What a reader finds in the text.
struct Parts {
    titles: [Span; 2],
    body: Span,
    caption: Span,
    rest: Span,
    call: Span,
    citations: Vec<(Span, Vec<u32>)>,
}

impl Parts {
    fn of(w: &Writer) -> Self {
        let paragraph = |start: &str| {
            let from = w.span(start).start;
            let length = TEXT[from as usize..].find("\n\n").unwrap_or(TEXT.len() - from as usize) as u32;
            Span::new(from, from + length)
        };
        let mark = |words: &str, length: u32, numbers: &[u32]| {
            let end = w.span(words).end;
            (Span::new(end - length, end), numbers.to_vec())
        };
        let caption = paragraph("Figure 1 (A)");
        Self {
            titles: [paragraph("Targeted treatment"), paragraph("Traitement")],
            body: Span::new(w.span("To the Editor").start, caption.start - 2),
            caption,
            rest: Span::new(w.span("RNA sequencing eventually").start, TEXT.len() as u32),
            call: w.span("Fig. 1"),
            citations: vec![mark("patients.1", 1, &[1]), mark("cases.2,3", 3, &[2, 3]), mark("ISF.2", 1, &[2])],
        }
    }

    fn place(self, document: &mut Document) {
        let section = |kind, span| Section { kind, span, ..Section::default() };
        document.kind = ReportKind::Letter;
        document.titles =
            self.titles.iter().zip(["en", "fr"]).map(|(s, l)| Title { span: *s, language: l.into() }).collect();
        document.identifiers = vec![Identifier { scheme: "doi".into(), value: "10.0000/sample".into() }];
        document.sections = vec![
            section(SectionKind::Title, self.titles[0]),
            Section { language: Some("fr".into()), ..section(SectionKind::Title, self.titles[1]) },
            section(SectionKind::Body, self.body),
            section(SectionKind::Caption, self.caption),
            section(SectionKind::Body, self.rest),
        ];
        document.figures = vec![Figure { label: "Figure 1".into(), span: self.caption, ..Figure::default() }];
        document.figure_calls = vec![FigureCall { span: self.call, target: "Figure 1".into() }];
        document.citations = self.citations.into_iter().map(|(span, numbers)| Citation { span, numbers }).collect();
    }
}

fn number(digits: &str) -> Decimal {
    Decimal::new(digits).unwrap()
}

fn counted(
    w: &Writer,
    words: &str,
    relation: Relation,
    offset: IsoDuration,
    kind: AnchorKind,
    fact: Option<&FactId>,
) -> Timing {
    w.timing(words, relation, Some(offset), Anchor { kind, fact: fact.cloned() })
}

fn presentation(w: &mut Writer, case: &mut Case) {
    case.subject.age.push(w.fact("14-year-old", Age { value: IsoDuration::from_years(14.0), approximate: false }));
    case.subject.sex.push(w.fact("boy", Sex::Male));
    let swelling = Finding {
        label: "Painful swelling of the thigh".into(),
        laterality: Some(Laterality::Left),
        site: Some("thigh".into()),
        ..Finding::default()
    };
    let asthma = Diagnosis { label: "asthma".into(), role: DiagnosisRole::History, ..Diagnosis::default() };
    case.diagnoses.push(w.fact("asthma", asthma));
    let named = |label: &str| Finding { label: label.into(), ..Finding::default() };
    let presenting = [
        ("painful swelling of the left thigh", swelling, None),
        ("night sweats", named("Night sweats"), Some("HP:0030166")),
        ("loss of appetite", named("Poor appetite"), Some("HP:0004396")),
    ];
    for (words, finding, code) in presenting {
        let label = finding.label.clone();
        let mut fact = w.fact(words, finding);
        fact.codings.extend(code.map(|code| Coding::new(code, label)));
        let history = IsoDuration::from_months(3.0);
        fact.timing = Some(counted(w, "3-month history", Relation::Before, history, AnchorKind::Presentation, None));
        case.findings.push(fact);
    }
    for (words, label, code) in [("fever", "Fever", "HP:0001945"), ("weight loss", "Weight loss", "HP:0001824")] {
        let mut fact = w.fact(words, named(label));
        fact.assertion = Assertion::Absent;
        fact.codings.push(Coding::new(code, label));
        case.findings.push(fact);
    }
}

fn imaging(w: &mut Writer, case: &mut Case) {
    let imaging = |label: &str| Finding { label: label.into(), kind: FindingKind::Imaging, ..Finding::default() };
    case.findings.push(w.fact("heterogeneous enhancement", imaging("Heterogeneous enhancement")));
    case.findings.push(w.fact("areas of necrosis", imaging("Necrosis")));
    let mut displaced =
        w.fact("appeared to displace the femoral artery", imaging("Displacement of the femoral artery"));
    displaced.assertion = Assertion::Uncertain;
    case.findings.push(displaced);
    for (words, label) in [("pulmonary nodules", "Pulmonary nodules"), ("lymphadenopathy", "Lymphadenopathy")] {
        let mut fact = w.fact(words, imaging(label));
        fact.assertion = Assertion::Absent;
        case.findings.push(fact);
    }
    let study = |modality: &str, region: Option<&str>, contrast: Option<&str>| ImagingStudy {
        modality: modality.into(),
        region: region.map(Into::into),
        contrast: contrast.map(Into::into),
        figure: None,
    };
    let mri = study("MRI", Some("thigh"), Some("gadolinium"));
    let mut mri = w.fact("Magnetic resonance imaging (MRI)", mri);
    mri.timing = Some(Timing::default());
    case.imaging.push(mri);
    case.imaging.push(w.fact("chest CT", study("CT", Some("chest"), None)));
    case.imaging.push(w.fact("brain MRI", study("MRI", Some("brain"), None)));
    case.sites.push(w.fact(
        "left vastus lateralis muscle",
        Site { label: "vastus lateralis muscle".into(), role: SiteRole::Primary, laterality: Some(Laterality::Left) },
    ));
    let size = |modality: &str, figure: Option<&str>| TumourSize {
        dimensions: ["8", "5", "6.5"].map(number).into(),
        unit: "cm".into(),
        lesion: "mass".into(),
        modality: Some(modality.into()),
        figure: figure.map(Into::into),
        ..TumourSize::default()
    };
    let mut by_mri = w.fact("8 × 5 × 6.5 cm", size("MRI", None));
    let mut by_pet = w.fact("thigh mass of 8 × 5 × 6.5 cm", size("PET-CT", Some("Figure 1")));
    by_mri.conflicts_with.push(by_pet.id.clone());
    by_pet.conflicts_with.push(by_mri.id.clone());
    case.tumour_sizes.extend([by_mri, by_pet]);
}

fn pathology(w: &mut Writer, case: &mut Case) {
    case.procedures.push(w.fact(
        "core needle biopsy",
        Procedure { label: "core needle biopsy".into(), site: Some("thigh".into()), ..Procedure::default() },
    ));
    case.specimens.push(w.fact(
        "A core needle biopsy",
        Specimen {
            label: "thigh biopsy".into(),
            site: Some("thigh".into()),
            method: Some("core needle biopsy".into()),
        },
    ));
    let grade = Some("high-grade".to_owned());
    case.morphology.push(w.fact(
        "high-grade spindle cell neoplasm",
        Morphology { pattern: "spindle cell neoplasm".into(), grade, mitoses: None },
    ));
    let panel = [
        ("pan-TRK", "NTRK", "pan-TRK", MarkerResult::Positive, None, Some("cytoplasmic")),
        ("S100", "S100B", "S100", MarkerResult::Positive, Some("patchy"), None),
        ("CD34", "CD34", "CD34", MarkerResult::Positive, None, None),
        ("desmin", "DES", "desmin", MarkerResult::Negative, None, None),
        ("MyoD1", "MYOD1", "MyoD1", MarkerResult::Negative, None, None),
        ("SOX10", "SOX10", "SOX10", MarkerResult::Negative, None, None),
        ("H3K27me3", "H3K27me3", "H3K27me3", MarkerResult::Retained, None, None),
    ];
    for (words, marker, name, result, extent, localisation) in panel {
        let test = MarkerTest {
            marker: marker.into(),
            name: name.into(),
            result,
            extent: extent.map(Into::into),
            localisation: localisation.map(Into::into),
            ..MarkerTest::default()
        };
        case.marker_tests.push(w.fact(words, test));
    }
    let percent =
        Quantity { value: number("30"), unit: Some("%".into()), printed_unit: "%".into(), ..Quantity::default() };
    let index = Measurement {
        analyte: "Ki-67 index".into(),
        quantity: Some(percent),
        specimen: Some("tumour".into()),
        ..Measurement::default()
    };
    case.measurements.push(w.fact("Ki-67 index was 30%", index));
    let sarcoma = Diagnosis {
        label: "NTRK-rearranged spindle cell sarcoma".into(),
        certainty: Certainty::Suspected,
        neoplasm: true,
        site: Some("thigh".into()),
        laterality: Some(Laterality::Left),
        grade: Some("high-grade".into()),
        ..Diagnosis::default()
    };
    let mut sarcoma = w.fact("suggestive of an NTRK-rearranged spindle cell\u{20}sarcoma", sarcoma);
    sarcoma.codings.push(Coding { unverified: true, ..Coding::new("DOID:4235", "spindle cell sarcoma") });
    case.diagnoses.push(sarcoma);
    for (words, label) in [("Vitamin B12 deficiency", "vitamin B12 deficiency"), ("diabetes", "diabetes mellitus")] {
        let excluded = Diagnosis {
            label: label.into(),
            certainty: Certainty::RuledOut,
            role: DiagnosisRole::Comorbidity,
            ..Diagnosis::default()
        };
        let mut excluded = w.fact(words, excluded);
        excluded.assertion = Assertion::Absent;
        case.diagnoses.push(excluded);
    }
}

fn genomics(w: &mut Writer, case: &mut Case) {
    let gene = |symbol: &str, role, code: &str, band: &str| GeneInvolved {
        symbol: symbol.into(),
        role,
        coding: Some(Coding::new(code, symbol)),
        band: Some(band.into()),
        exon: None,
    };
    let fusion = GenomicFinding {
        kind: GenomicKind::Fusion,
        label: "NTRK1 fusion".into(),
        genes: vec![
            gene("NTRK1", GeneRole::Affected, "HGNC:8031", "1q23.1"),
            gene("LMNA", GeneRole::CandidatePartner, "HGNC:6636", "1q22"),
            gene("TPM3", GeneRole::CandidatePartner, "HGNC:12012", "1q21.3"),
        ],
        assay: Some("RNA sequencing".into()),
        ..GenomicFinding::default()
    };
    case.genomic_findings.push(w.fact("fusion of NTRK1 with LMNA/TPM3 at 1q22-23", fusion));
    let wild = GenomicFinding {
        kind: GenomicKind::Mutation,
        result: GenomicResult::NotDetected,
        label: "TP53 mutation".into(),
        genes: vec![gene("TP53", GeneRole::Affected, "HGNC:11998", "17p13.1")],
        assay: Some("RNA sequencing".into()),
        ..GenomicFinding::default()
    };
    let mut wild = w.fact("no mutation of TP53", wild);
    wild.assertion = Assertion::Absent;
    case.genomic_findings.push(wild);
}

/// Adds the treatments and returns the id of larotrectinib.
fn treatments(w: &mut Writer, case: &mut Case) -> FactId {
    let dose = Dose {
        printed: w.statement("100 mg"),
        amount: Quantity {
            value: number("100"),
            unit: Some("mg".into()),
            printed_unit: "mg".into(),
            ..Quantity::default()
        },
        frequency: Some(w.statement("twice daily")),
        route: None,
    };
    let larotrectinib = Treatment {
        agent: "larotrectinib".into(),
        doses: vec![dose],
        line: Some(1),
        durations: vec![w.timing(
            "total duration of treatment 9 months",
            Relation::For,
            Some(IsoDuration::from_months(9.0)),
            Anchor::default(),
        )],
        stop_reason: Some(w.statement("The complaints were attributed to larotrectinib")),
        ..Treatment::default()
    };
    let mut larotrectinib = w.fact("Larotrectinib (100 mg twice daily)", larotrectinib);
    larotrectinib.codings.push(Coding::new("DRUGBANK:DB14723", "Larotrectinib"));
    larotrectinib.evidence.push(w.evidence("larotrectinib, which was stopped"));
    let id = larotrectinib.id.clone();
    let other = |agent: &str, kind, status, stop_reason| Treatment {
        agent: agent.into(),
        kind,
        status,
        stop_reason,
        ..Treatment::default()
    };
    let disarticulation = other(
        "hip disarticulation",
        TreatmentKind::Surgery,
        ActionStatus::Declined,
        Some(w.statement("declined by the family")),
    );
    let radiotherapy = Treatment {
        intent: Some("neoadjuvant".into()),
        ..other(
            "radiotherapy",
            TreatmentKind::Radiation,
            ActionStatus::NotGiven,
            Some(w.statement("because of the risk of growth arrest")),
        )
    };
    case.treatments.push(larotrectinib);
    case.treatments.push(w.fact("Hip disarticulation", disarticulation));
    case.treatments.push(w.fact("Neoadjuvant radiotherapy", radiotherapy));
    id
}

fn course(w: &mut Writer, case: &mut Case, drug: &FactId) {
    let since = |w: &Writer, words: &str, months: f64| {
        let start = AnchorKind::TreatmentStart;
        counted(w, words, Relation::After, IsoDuration::from_months(months), start, Some(drug))
    };
    let response = |category| Response {
        category,
        modalities: vec!["MRI".into(), "PET-CT".into()],
        treatment: Some(drug.clone()),
        ..Response::default()
    };
    let mut partial = w.fact("partial response", response(ResponseCategory::Partial));
    partial.timing = Some(since(w, "after 2 months of treatment", 2.0));
    let mut complete = w.fact("complete response at 6 months", response(ResponseCategory::Complete));
    complete.timing = Some(since(w, "at 6 months", 6.0));
    complete.evidence.push(w.evidence("complete response after 6 months of larotrectinib"));
    let better = Response { modalities: Vec::new(), ..response(ResponseCategory::Symptomatic) };
    let mut better = w.fact("Pain improved", better);
    better.timing = Some(counted(
        w,
        "within 10 days",
        Relation::During,
        IsoDuration::from_days(10.0),
        AnchorKind::TreatmentStart,
        Some(drug),
    ));
    case.responses.extend([better, partial, complete]);

    let events = [
        ("unsteady gait", "Unsteady gait", true, Some("his parents")),
        ("dizziness", "Dizziness", false, None),
        ("burning pain of the right foot", "Burning pain of the foot", false, None),
        ("symmetrical neuropathy of both legs", "Peripheral neuropathy", false, None),
    ];
    for (words, label, gone, reporter) in events {
        let finding = Finding {
            label: label.into(),
            laterality: label.contains("foot").then_some(Laterality::Right),
            ..Finding::default()
        };
        let mut finding = w.fact(words, finding);
        finding.timing = Some(since(w, "After 7 months of treatment", 7.0));
        let stopped = counted(
            w,
            "within 6 weeks of stopping the drug",
            Relation::During,
            IsoDuration::from_weeks(6.0),
            AnchorKind::TreatmentStop,
            Some(drug),
        );
        let event = AdverseEvent {
            label: label.into(),
            finding: Some(finding.id.clone()),
            suspects: vec![Suspect { agent: "larotrectinib".into(), treatment: Some(drug.clone()) }],
            causality: Some(w.statement("The complaints were attributed to larotrectinib")),
            action: Some(w.statement("which was stopped 2 months later")),
            dechallenge: gone.then_some(Challenge::Positive),
            outcome: gone.then(|| "resolved".to_owned()),
            outcome_words: gone.then(|| w.statement("The unsteady gait and the foot numbness resolved")),
            resolved: gone.then_some(stopped),
            reporter: reporter.map(Into::into),
            ..AdverseEvent::default()
        };
        let mut event = w.fact(words, event);
        event.timing = finding.timing.clone();
        case.findings.push(finding);
        case.adverse_events.push(event);
    }
    let onset = case.adverse_events[0].id.clone();
    let later = IsoDuration::from_months(2.0);
    case.treatments[0].value.stop =
        Some(counted(w, "2 months later", Relation::After, later, AnchorKind::Event, Some(&onset)));

    let end = FollowUp {
        duration: Some(Extent::exact(IsoDuration::from_months(18.0))),
        vital_status: VitalStatus::Alive,
        disease_status: Some(w.statement("no evidence of disease")),
        ..FollowUp::default()
    };
    let mut end = w.fact("Eighteen months after the end of treatment the patient is alive", end);
    let words = "Eighteen months after the end of treatment";
    end.timing =
        Some(counted(w, words, Relation::After, IsoDuration::from_months(18.0), AnchorKind::TreatmentStop, Some(drug)));
    end.evidence.push(w.evidence("has now been off treatment for 18 months"));
    end.derived = Some(Derivation {
        formula: "27 mo since the start = 9 mo + 18 mo".into(),
        from: vec![drug.clone(), case.responses[2].id.clone()],
    });
    case.follow_up.push(end);
}

fn others(w: &mut Writer) -> (Vec<Claim>, Vec<Background>) {
    let mut ids = IdSource::new();
    let mut claim =
        |words: &str, kind: ClaimKind, subjects: &[&str], values: &[(&str, &str, &str)], citations: &[u32]| {
            let evidence = w.evidence(words);
            Claim {
                id: ids.id("claim", kind.as_str(), evidence.span, words),
                kind,
                scope: Scope::Literature,
                subjects: subjects.iter().map(|s| (*s).to_owned()).collect(),
                values: values
                    .iter()
                    .map(|(v, u, what)| ClaimValue { value: (*v).into(), unit: (*u).into(), what: (*what).into() })
                    .collect(),
                population: None,
                citations: citations.to_vec(),
                evidence: vec![evidence],
            }
        };
    let claims = vec![
        claim(
            "About 70% of IFS carry the ETV6-NTRK3 fusion, and metastases occur in 10% of patients.1",
            ClaimKind::Statement,
            &["infantile fibrosarcoma", "ETV6-NTRK3 fusion"],
            &[("70", "%", "carry the fusion"), ("10", "%", "metastases")],
            &[1],
        ),
        claim(
            "conventional chemotherapy with vincristine and dactinomycin achieves a response in 71% of cases.2,3",
            ClaimKind::Statement,
            &["vincristine", "dactinomycin"],
            &[("71", "%", "response")],
            &[2, 3],
        ),
        claim(
            "We suggest that stopping TRK inhibitors should be discussed once a complete response is confirmed.",
            ClaimKind::Recommendation,
            &["TRK inhibitor"],
            &[],
            &[],
        ),
        claim(
            "Prospective studies are needed to define the optimal duration.",
            ClaimKind::ResearchNeed,
            &["treatment duration"],
            &[],
            &[],
        ),
    ];
    let mut concept = |words: &str, kind: &str, label: &str, scope| {
        let evidence = w.evidence(words);
        Background {
            id: ids.id(kind, label, evidence.span, words),
            kind: kind.into(),
            label: label.into(),
            scope,
            codings: Vec::new(),
            evidence: vec![evidence],
        }
    };
    let background = vec![
        concept("vincristine", "drug", "vincristine", Scope::Literature),
        concept("dactinomycin", "drug", "dactinomycin", Scope::Literature),
        concept("selitrectinib", "drug", "selitrectinib", Scope::Hypothetical),
        concept("Entrectinib", "drug", "entrectinib", Scope::Hypothetical),
        concept("ETV6", "gene", "ETV6", Scope::Literature),
        concept("anaemia", "finding", "Anaemia", Scope::Literature),
        concept("constipation", "finding", "Constipation", Scope::Literature),
        concept("NTRK3 G623R", "variant", "NTRK3 G623R", Scope::OtherPatient),
    ];
    (claims, background)
}

fn audit(w: &Writer) -> Audit {
    let label = |words: &str, message: &str| Label {
        place: Some(Place { origin: w.span(words), line: 12, column: 5 }),
        ..Label::new(w.span(words), message)
    };
    let diagnostic = |rule: &str, severity, message: &str, labels: Vec<Label>, help: Option<&str>| Diagnostic {
        rule: rule.into(),
        severity,
        message: message.into(),
        labels,
        help: help.map(Into::into),
        case: Some("case-1".into()),
    };
    let diagnostics = vec![
        diagnostic(
            "CL001",
            Severity::Info,
            "A negation seems to be missing: toxicity is told as a reason to continue",
            vec![label("the patient has relevant toxicity", "reads as a condition for going on")],
            Some("Check whether \u{201c}no relevant toxicity\u{201d} was meant."),
        ),
        diagnostic(
            "CN002",
            Severity::Warning,
            "The same size is told of two modalities",
            vec![label("8 × 5 × 6.5 cm", "by MRI"), label("thigh mass of 8 × 5 × 6.5 cm", "by PET-CT")],
            None,
        ),
        diagnostic(
            "CX004",
            Severity::Warning,
            "An event resolves that is not told before",
            vec![label("foot numbness", "resolves"), label("burning pain of the right foot", "told at onset")],
            Some("Say whether numbness and burning pain are the same complaint."),
        ),
        diagnostic(
            "CG003",
            Severity::Error,
            "The fusion partner is left open",
            vec![label("LMNA/TPM3", "two genes at one place")],
            Some("Name the partner, or say that the assay cannot tell."),
        ),
    ];
    let item = |number: &str, title: &str, status, note: &str, words: &[&str]| ChecklistItem {
        number: number.into(),
        title: title.into(),
        status,
        note: note.into(),
        evidence: words.iter().map(|words| w.evidence(words)).collect(),
        items: Vec::new(),
    };
    let mut title = item("1", "Title", ItemStatus::Present, "", &["Lessons from a case report"]);
    title.items = vec![
        item("1a", "Names the main intervention", ItemStatus::Present, "", &["Targeted treatment"]),
        item("1b", "Says that it is a case report", ItemStatus::Present, "", &["from a case report"]),
    ];
    let care = Checklist {
        id: "care-2013".into(),
        title: "CARE checklist".into(),
        items: vec![
            title,
            item("2", "Key words", ItemStatus::Absent, "no key words", &[]),
            item("5", "Patient information", ItemStatus::Partial, "family history is missing", &["14-year-old boy"]),
            item("12", "Patient perspective", ItemStatus::Absent, "", &[]),
            item("13", "Informed consent", ItemStatus::Present, "", &["written informed consent"]),
            item("14", "Randomisation", ItemStatus::NotApplicable, "", &[]),
        ],
    };
    Audit { diagnostics, checklists: vec![care], switched_off: vec!["CD002".into()] }
}
