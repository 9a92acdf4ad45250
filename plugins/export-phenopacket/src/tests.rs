use std::collections::{BTreeSet, HashSet};

use casemill_plugin_sdk::model::*;
use casemill_plugin_sdk::serde_json::{Value, json};
use casemill_plugin_sdk::testkit::{self, Exported, Writer};

use crate::Phenopackets;

const LETTER: &str = "A girl aged 6 had been unwell for 2 months: belly ache, tiredness, fever, loss of weight. \
    On MRI a mass of 6 × 4 × 6 cm lay in the mesentery of the small intestine, to the right. \
    No lymph node was enlarged. Under the microscope: spindle cells, low grade. \
    Stains: SMA, CD117 (cytoplasm) and ALK (cytoplasm) positive, desmin and MNF116 in patches, vimentin; INI-1 kept. \
    This pointed to an inflammatory myofibroblastic tumour. An operation was talked over and not done. \
    Crizotinib, 200 mg daily, was begun at once. A small rest was left 1 month into treatment, nothing after 4 months. \
    In the fifth month she ran oddly and now and then one leg ached; crizotinib was blamed and stopped 1 month later. \
    Both complaints went away. Four years after the last dose she is well, without relapse. \
    Genome sequencing: t(2;17)(p23.2;q23.1), which joins ALK to PTRH2 or CLTC. ROS1 was intact.";

fn anchor(kind: AnchorKind, fact: Option<&FactId>) -> Anchor {
    Anchor { kind, fact: fact.cloned() }
}

fn after(writer: &Writer, words: &str, offset: IsoDuration, anchor: Anchor) -> Option<Timing> {
    Some(writer.timing(words, Relation::After, Some(offset), anchor))
}

/// A case like that of the seed letter, told in other words.
fn letter() -> Report {
    let mut w = Writer::new(LETTER);
    let mut case = Case { id: "case-1".into(), presentation: Some(w.statement("had been unwell")), ..Case::default() };
    case.subject.age.push(w.fact("aged 6", Age { value: IsoDuration::from_years(6.0), approximate: false }));
    case.subject.sex.push(w.fact("girl", Sex::Female));
    symptoms(&mut w, &mut case);
    tumour(&mut w, &mut case);
    let given = treatment(&mut w, &mut case);
    outcome(&mut w, &mut case, &given);
    genome(&mut w, &mut case);
    case_timeline::resolve(&mut case);
    let mut report = w.report("letter", vec![case]);
    report.document.identifiers = vec![Identifier { scheme: "doi".into(), value: "10.0000/example".into() }];
    assert_eq!(check(&report), []);
    report
}

fn finding(w: &mut Writer, words: &str, label: &str, code: &str) -> Fact<Finding> {
    let mut fact = w.fact(words, Finding { label: label.into(), ..Finding::default() });
    fact.codings.push(Coding::new(code, label));
    fact
}

fn symptoms(w: &mut Writer, case: &mut Case) {
    for (words, label, code) in [
        ("belly ache", "Abdominal pain", "HP:0002027"),
        ("tiredness", "Fatigue", "HP:0012378"),
        ("fever", "Fever", "HP:0001945"),
        ("loss of weight", "Weight loss", "HP:0001824"),
    ] {
        let mut fact = finding(w, words, label, code);
        let offset = Some(IsoDuration::from_months(2.0));
        let since = anchor(AnchorKind::Presentation, None);
        fact.timing = Some(w.timing("for 2 months", Relation::Before, offset, since));
        case.findings.push(fact);
    }
    let mut nodes = finding(w, "lymph node was enlarged", "Lymphadenopathy", "HP:0002716");
    nodes.assertion = Assertion::Absent;
    case.findings.push(nodes);
}

fn tumour(w: &mut Writer, case: &mut Case) {
    let dimensions = ["6", "4", "6"].into_iter().filter_map(Decimal::new).collect();
    let size = TumourSize {
        dimensions,
        unit: "cm".into(),
        lesion: "mass".into(),
        modality: Some("MRI".into()),
        ..TumourSize::default()
    };
    let mut size = w.fact("6 × 4 × 6 cm", size);
    let now = anchor(AnchorKind::Presentation, None);
    size.timing = Some(Timing { anchor: now, ..Timing::default() });
    case.tumour_sizes.push(size);
    let site = Site {
        label: "mesentery of small intestine".into(),
        role: SiteRole::Primary,
        laterality: Some(Laterality::Right),
    };
    let mut site = w.fact("mesentery of the small intestine", site);
    site.codings.push(Coding::new("UBERON:0001170", "mesentery of small intestine"));
    case.sites.push(site);
    case.imaging.push(w.fact("MRI", ImagingStudy { modality: "MRI".into(), ..ImagingStudy::default() }));
    let pattern = Morphology { pattern: "spindle cell".into(), grade: Some("low grade".into()), mitoses: None };
    case.morphology.push(w.fact("spindle cells, low grade", pattern));
    for (words, symbol, localisation, extent) in [
        ("SMA", "ACTA2", None, None),
        ("CD117", "KIT", Some("cytoplasmic"), None),
        ("ALK", "ALK", Some("cytoplasmic"), None),
        ("desmin", "DES", None, Some("patchy")),
        ("MNF116", "MNF116", None, Some("patchy")),
        ("vimentin", "VIM", None, None),
        ("INI-1", "SMARCB1", None, None),
    ] {
        let result = if symbol == "SMARCB1" { MarkerResult::Retained } else { MarkerResult::Positive };
        let test = MarkerTest {
            marker: symbol.into(),
            name: words.into(),
            result,
            localisation: localisation.map(Into::into),
            extent: extent.map(Into::into),
            ..MarkerTest::default()
        };
        case.marker_tests.push(w.fact(words, test));
    }
    let diagnosis = Diagnosis {
        label: "inflammatory myofibroblastic tumour".into(),
        certainty: Certainty::Suspected,
        neoplasm: true,
        ..Diagnosis::default()
    };
    let mut diagnosis = w.fact("inflammatory myofibroblastic tumour", diagnosis);
    diagnosis.codings.push(Coding::new("ONCOTREE:IMT", "Inflammatory Myofibroblastic Tumor"));
    diagnosis.codings.push(Coding::new("NCIT:C6481", "Inflammatory Myofibroblastic Tumor"));
    case.diagnoses.push(diagnosis);
}

fn treatment(w: &mut Writer, case: &mut Case) -> FactId {
    let operation = Treatment {
        agent: "operation".into(),
        kind: TreatmentKind::Surgery,
        status: ActionStatus::Considered,
        ..Treatment::default()
    };
    case.treatments.push(w.fact("operation", operation));
    let amount = Quantity {
        value: Decimal::new("200").unwrap(),
        unit: Some("mg".into()),
        printed_unit: "mg".into(),
        ..Quantity::default()
    };
    let dose = Dose { printed: w.statement("200 mg"), amount, frequency: Some(w.statement("daily")), route: None };
    let crizotinib = Treatment {
        agent: "crizotinib".into(),
        doses: vec![dose],
        stop_reason: Some(w.statement("crizotinib was blamed")),
        ..Treatment::default()
    };
    let mut crizotinib = w.fact("Crizotinib", crizotinib);
    crizotinib.codings.push(Coding::new("DRUGBANK:DB08865", "Crizotinib"));
    let now = anchor(AnchorKind::Presentation, None);
    crizotinib.timing = Some(w.timing("at once", Relation::At, None, now));
    let given = crizotinib.id.clone();
    case.treatments.push(crizotinib);
    given
}

fn outcome(w: &mut Writer, case: &mut Case, given: &FactId) {
    let treated = anchor(AnchorKind::TreatmentStart, Some(given));
    for (words, category, time, months) in [
        ("small rest", ResponseCategory::Partial, "1 month into treatment", 1.0),
        ("nothing after 4 months", ResponseCategory::Complete, "after 4 months", 4.0),
    ] {
        let response = Response { category, treatment: Some(given.clone()), ..Response::default() };
        let mut response = w.fact(words, response);
        response.timing = after(w, time, IsoDuration::from_months(months), treated.clone());
        case.responses.push(response);
    }
    let mut gait = finding(w, "ran oddly", "Gait disturbance", "HP:0001288");
    let mut ache = finding(w, "one leg ached", "Lower limb pain", "HP:0012514");
    ache.value.laterality = Some(Laterality::Unilateral);
    let episodic = Some(Coding::new("HP:0025303", "Episodic"));
    ache.value.modifiers.push(Modifier { label: "now and then".into(), coding: episodic });
    for fact in [&mut gait, &mut ache] {
        fact.timing = after(w, "In the fifth month", IsoDuration::from_months(5.0), treated.clone());
        let event = AdverseEvent {
            label: fact.value.label.clone(),
            finding: Some(fact.id.clone()),
            suspects: vec![Suspect { agent: "crizotinib".into(), treatment: Some(given.clone()) }],
            causality: Some(w.statement("crizotinib was blamed")),
            action: Some(w.statement("stopped")),
            dechallenge: Some(Challenge::Positive),
            outcome: Some("resolved".into()),
            outcome_words: Some(w.statement("Both complaints went away")),
            ..AdverseEvent::default()
        };
        let words = fact.evidence[0].quote.clone();
        let mut event = w.fact(&words, event);
        event.codings.clone_from(&fact.codings);
        event.timing.clone_from(&fact.timing);
        case.adverse_events.push(event);
    }
    let stop = anchor(AnchorKind::Event, Some(&gait.id));
    case.findings.extend([gait, ache]);
    case.treatments[1].value.stop = after(w, "1 month later", IsoDuration::from_months(1.0), stop);
    let end = FollowUp {
        vital_status: VitalStatus::Alive,
        disease_status: Some(w.statement("without relapse")),
        ..FollowUp::default()
    };
    let mut end = w.fact("she is well, without relapse", end);
    let stopped = anchor(AnchorKind::TreatmentStop, Some(given));
    end.timing = after(w, "Four years after the last dose", IsoDuration::from_years(4.0), stopped);
    case.follow_up.push(end);
}

fn genome(w: &mut Writer, case: &mut Case) {
    let gene = |symbol: &str, role, code: &str| GeneInvolved {
        symbol: symbol.into(),
        role,
        coding: Some(Coding::new(code, symbol)),
        ..GeneInvolved::default()
    };
    let fusion = GenomicFinding {
        kind: GenomicKind::Fusion,
        label: "ALK fusion".into(),
        genes: vec![
            gene("ALK", GeneRole::Affected, "HGNC:427"),
            gene("PTRH2", GeneRole::CandidatePartner, "HGNC:24265"),
            gene("CLTC", GeneRole::CandidatePartner, "HGNC:2092"),
        ],
        iscn: Some("t(2;17)(p23.2;q23.1)".into()),
        assay: Some("whole genome sequencing".into()),
        ..GenomicFinding::default()
    };
    case.genomic_findings.push(w.fact("t(2;17)(p23.2;q23.1), which joins ALK to PTRH2 or CLTC", fusion));
    let intact = GenomicFinding {
        kind: GenomicKind::Rearrangement,
        result: GenomicResult::NotDetected,
        label: "ROS1 rearrangement".into(),
        genes: vec![gene("ROS1", GeneRole::Affected, "HGNC:10261")],
        ..GenomicFinding::default()
    };
    case.genomic_findings.push(w.fact("ROS1 was intact", intact));
}

fn sample() -> Report {
    let mut report = testkit::sample_report();
    report.cases.iter_mut().for_each(case_timeline::resolve);
    report
}

fn export(report: &Report) -> Exported {
    testkit::export::<Phenopackets>(std::slice::from_ref(report), json!({})).unwrap()
}

/// The loss report, a line each.
fn losses(exported: &Exported) -> String {
    let fact = |id: Option<&FactId>| id.map_or("-", FactId::as_str).to_owned();
    exported.losses.iter().map(|l| format!("{}: {}: {}\n", fact(l.fact.as_ref()), l.what, l.reason)).collect()
}

fn json_of(exported: &Exported, path: &str) -> Value {
    exported.text(path).parse().unwrap()
}

/// Facts of a case, by id.
fn fact_ids(case: &Case) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    case.visit(&mut |_, fact| _ = ids.insert(fact.id().to_string()));
    ids
}

#[test]
fn the_letter() {
    let exported = export(&letter());
    insta::assert_snapshot!("letter", exported.text("letter-1.phenopacket.json"));
    insta::assert_snapshot!("letter_evidence", exported.text("letter-1.phenopacket.evidence.json"));
    insta::assert_snapshot!("letter_losses", losses(&exported));
}

#[test]
fn the_sample() {
    let exported = export(&sample());
    insta::assert_snapshot!("sample", exported.text("sample-1.phenopacket.json"));
    insta::assert_snapshot!("sample_losses", losses(&exported));
}

#[test]
fn two_patients_are_two_packets() {
    let exported = export(&testkit::two_patients());
    insta::assert_snapshot!("first_patient", exported.text("two-patients-1.1.phenopacket.json"));
    insta::assert_snapshot!("second_patient", exported.text("two-patients-1.2.phenopacket.json"));
}

#[test]
fn a_case_without_facts_is_a_packet() {
    let exported = export(&testkit::empty_case());
    insta::assert_snapshot!("empty", exported.text("empty-1.phenopacket.json"));
    assert_eq!(exported.losses, []);
}

#[test]
fn every_fact_is_held_or_lost() {
    for report in [letter(), sample(), testkit::two_patients()] {
        let exported = export(&report);
        let mut found: HashSet<String> =
            exported.losses.iter().filter_map(|l| Some(l.fact.as_ref()?.to_string())).collect();
        for (path, _) in exported.files.iter().filter(|(path, _)| path.ends_with(".evidence.json")) {
            let elements = json_of(&exported, path)["elements"].as_array().unwrap().clone();
            found.extend(elements.iter().map(|e| e["fact"].as_str().unwrap().to_owned()));
        }
        for id in report.cases.iter().flat_map(fact_ids) {
            assert!(found.contains(&id), "{id} of {} is neither held nor lost", report.document.source.name);
        }
    }
}

#[test]
fn every_pointer_of_the_evidence_leads_to_an_element() {
    for report in [letter(), sample(), testkit::two_patients()] {
        let exported = export(&report);
        for (path, _) in exported.files.iter().filter(|(path, _)| path.ends_with(".evidence.json")) {
            let trace = json_of(&exported, path);
            let packet = json_of(&exported, trace["phenopacket"].as_str().unwrap());
            for element in trace["elements"].as_array().unwrap() {
                let pointer = element["pointer"].as_str().unwrap();
                assert!(packet.pointer(pointer).is_some(), "{path}: {pointer}");
            }
        }
    }
}

#[test]
fn every_list_of_the_packet_has_evidence() {
    let exported = export(&letter());
    let packet = json_of(&exported, "letter-1.phenopacket.json");
    let trace = json_of(&exported, "letter-1.phenopacket.evidence.json");
    let elements = trace["elements"].as_array().unwrap();
    let pointers: HashSet<&str> = elements.iter().map(|e| e["pointer"].as_str().unwrap()).collect();
    for list in ["phenotypicFeatures", "measurements", "diseases", "medicalActions"] {
        for i in 0..packet[list].as_array().unwrap().len() {
            assert!(pointers.contains(format!("/{list}/{i}").as_str()), "/{list}/{i}");
        }
    }
}

#[test]
fn the_same_case_gives_the_same_bytes() {
    assert_eq!(export(&letter()), export(&letter()));
}

#[test]
fn created_is_what_the_user_says() {
    let report = testkit::empty_case();
    let with =
        |created: &str| testkit::export::<Phenopackets>(std::slice::from_ref(&report), json!({ "created": created }));
    let packet = json_of(&with("2024-05-31T14:00:00+02:00").unwrap(), "empty-1.phenopacket.json");
    assert_eq!(packet["metaData"]["created"], "2024-05-31T12:00:00Z");
    let error = with("yesterday").unwrap_err().to_string();
    assert_eq!(error, "option `created`: \"yesterday\" is no RFC 3339 time such as 2024-05-31T12:00:00Z");
}

/// A report of one patient, who has what the closure says.
fn report(text: &str, fill: impl FnOnce(&mut Writer, &mut Case)) -> Report {
    let report = unchecked_report(text, fill);
    assert_eq!(check(&report), []);
    report
}

/// A report that may break the rules of the record.
fn unchecked_report(text: &str, fill: impl FnOnce(&mut Writer, &mut Case)) -> Report {
    let mut w = Writer::new(text);
    let mut case = Case { id: "case-1".into(), ..Case::default() };
    fill(&mut w, &mut case);
    case_timeline::resolve(&mut case);
    w.report("made", vec![case])
}

fn packet(report: &Report) -> (Value, String) {
    let exported = export(report);
    (json_of(&exported, "made-1.phenopacket.json"), losses(&exported))
}

#[test]
fn unverified_codes_are_left_out_unless_asked_for() {
    let report = report("She had a cough.", |w, case| {
        let mut cough = finding(w, "cough", "Cough", "HP:0012735");
        cough.codings[0].unverified = true;
        case.findings.push(cough);
    });
    let (without, losses) = packet(&report);
    assert_eq!(without.get("phenotypicFeatures"), None);
    assert!(losses.contains("finding `Cough`: its only code is unverified"), "{losses}");
    assert!(losses.contains("code HP:0012735 `Cough`: its label could not be compared"), "{losses}");
    let with = testkit::export::<Phenopackets>(&[report], json!({ "unverified": true })).unwrap();
    assert_eq!(json_of(&with, "made-1.phenopacket.json")["phenotypicFeatures"][0]["type"]["id"], "HP:0012735");
    assert_eq!(with.losses, []);
}

#[test]
fn what_is_uncertain_or_another_patients_is_lost() {
    // The record forbids the fever in this list; the exporter does not rely on it.
    let report = unchecked_report("Perhaps a rash; fever in other patients.", |w, case| {
        let mut rash = finding(w, "rash", "Skin rash", "HP:0000988");
        rash.assertion = Assertion::Uncertain;
        case.findings.push(rash);
        let mut fever = finding(w, "fever", "Fever", "HP:0001945");
        fever.scope = Scope::Literature;
        case.findings.push(fever);
    });
    let exported = testkit::export::<Phenopackets>(std::slice::from_ref(&report), json!({})).unwrap();
    assert_eq!(json_of(&exported, "made-1.phenopacket.json").get("phenotypicFeatures"), None);
    assert_eq!(exported.losses.len(), 2);
}

#[test]
fn a_term_is_never_both_present_and_excluded() {
    let report = report("No fever at first; fever later.", |w, case| {
        let mut none = finding(w, "No fever", "Fever", "HP:0001945");
        none.assertion = Assertion::Absent;
        case.findings.extend([none, finding(w, "fever later", "Fever", "HP:0001945")]);
    });
    let (packet, losses) = packet(&report);
    assert_eq!(packet["phenotypicFeatures"].as_array().unwrap().len(), 1);
    assert_eq!(packet["phenotypicFeatures"][0].get("excluded"), None);
    assert!(losses.contains("HP:0001945 is present at another time"), "{losses}");
}

#[test]
fn two_names_of_one_finding_are_one_feature() {
    let report = report("Fatigue; she was tired.", |w, case| {
        case.findings.push(finding(w, "Fatigue", "Fatigue", "HP:0012378"));
        case.findings.push(finding(w, "tired", "Fatigue", "HP:0012378"));
    });
    let (packet, losses) = packet(&report);
    assert_eq!(packet["phenotypicFeatures"].as_array().unwrap().len(), 1);
    assert_eq!(packet["phenotypicFeatures"][0]["evidence"].as_array().unwrap().len(), 2);
    assert_eq!(losses, "");
}

#[test]
fn an_excluded_disease_is_excluded_and_a_differential_one_is_lost() {
    let report = report("Lymphoma was ruled out; sarcoma was considered.", |w, case| {
        for (words, certainty, code) in
            [("Lymphoma", Certainty::RuledOut, "NCIT:C3208"), ("sarcoma", Certainty::Differential, "NCIT:C9118")]
        {
            let diagnosis = Diagnosis { label: words.into(), certainty, ..Diagnosis::default() };
            let mut fact = w.fact(words, diagnosis);
            fact.codings.push(Coding::new(code, words));
            case.diagnoses.push(fact);
        }
    });
    let (packet, losses) = packet(&report);
    assert_eq!(packet["diseases"].as_array().unwrap().len(), 1);
    assert_eq!(packet["diseases"][0]["excluded"], true);
    assert!(losses.contains("its certainty is `differential`"), "{losses}");
}

#[test]
fn a_suspicion_and_its_confirmation_are_one_disease() {
    let report = report("Sarcoma was suspected. Sarcoma it was.", |w, case| {
        for (words, certainty) in [("Sarcoma was", Certainty::Suspected), ("Sarcoma it", Certainty::Confirmed)] {
            let diagnosis = Diagnosis { label: "sarcoma".into(), certainty, ..Diagnosis::default() };
            let mut fact = w.fact(words, diagnosis);
            fact.codings.push(Coding::new("NCIT:C9118", "Sarcoma"));
            case.diagnoses.push(fact);
        }
    });
    let (packet, _) = packet(&report);
    assert_eq!(packet["diseases"].as_array().unwrap().len(), 1);
}

#[test]
fn a_release_that_nobody_could_check_is_not_named_for_the_exporters_own_codes() {
    let mut report = letter();
    report.terminologies.iter_mut().filter(|t| t.prefix == "NCIT").for_each(|t| t.release = "unverified".into());
    for diagnosis in &mut report.cases[0].diagnoses {
        diagnosis.codings.retain(|c| c.prefix() != "NCIT");
    }
    let packet = json_of(&export(&report), "letter-1.phenopacket.json");
    let resources = packet["metaData"]["resources"].as_array().unwrap();
    let ncit = resources.iter().find(|r| r["namespacePrefix"] == "NCIT").unwrap();
    assert_eq!(ncit["version"], "21.05d");
}

#[test]
fn a_cube_has_one_further_dimension() {
    let report = report("A mass of 3 × 3 × 3 cm.", |w, case| {
        let dimensions = vec![Decimal::new("3").unwrap(); 3];
        let size = TumourSize { dimensions, unit: "cm".into(), ..TumourSize::default() };
        case.tumour_sizes.push(w.fact("3 × 3 × 3 cm", size));
    });
    let (packet, losses) = packet(&report);
    assert_eq!(packet["measurements"][0]["complexValue"]["typedQuantities"].as_array().unwrap().len(), 2);
    assert!(losses.contains("typed quantities must not repeat"), "{losses}");
}

#[test]
fn a_laboratory_value_keeps_its_number_unit_and_range() {
    let value = |comparator| {
        report("Hemoglobin was 10.2 g/dL (12.0-16.0).", |w, case| {
            let quantity = Quantity {
                value: Decimal::new("10.2").unwrap(),
                unit: Some("g/dL".into()),
                printed_unit: "g/dL".into(),
                comparator,
                ..Quantity::default()
            };
            let reference = ReferenceRange {
                low: Decimal::new("12.0"),
                high: Decimal::new("16.0"),
                printed: w.statement("12.0-16.0"),
            };
            let hemoglobin = Measurement {
                analyte: "hemoglobin".into(),
                quantity: Some(quantity),
                reference: Some(reference),
                ..Measurement::default()
            };
            let mut fact = w.fact("Hemoglobin was 10.2 g/dL", hemoglobin);
            fact.codings.push(Coding::new("LOINC:718-7", "Hemoglobin [Mass/volume] in Blood"));
            case.measurements.push(fact);
        })
    };
    let (equal, losses) = packet(&value(Comparator::Equal));
    insta::assert_snapshot!("laboratory", format!("{:#}", equal["measurements"]));
    assert_eq!(losses, "");
    let (less, losses) = packet(&value(Comparator::Less));
    assert_eq!(less.get("measurements"), None);
    assert!(losses.contains("a quantity has no comparator `<`"), "{losses}");
}

#[test]
fn doses_are_written_where_the_report_dates_them() {
    let report = report("Alectinib 600 mg twice daily from 3 May 2020 to 9 June 2021.", |w, case| {
        let amount = Quantity { value: Decimal::new("600").unwrap(), unit: Some("mg".into()), ..Quantity::default() };
        let frequency = Some(w.statement("twice daily"));
        let dose = Dose { printed: w.statement("600 mg"), amount, frequency, route: Some("orally".into()) };
        let date = |w: &Writer, words: &str, iso: &str| {
            let date = Some(iso.parse().unwrap());
            Some(Timing { date, span: Some(w.span(words)), quote: words.into(), ..Timing::default() })
        };
        let stop = date(w, "9 June 2021", "2021-06-09");
        let alectinib = Treatment { agent: "alectinib".into(), doses: vec![dose], stop, ..Treatment::default() };
        let mut fact = w.fact("Alectinib", alectinib);
        fact.timing = date(w, "3 May 2020", "2020-05-03");
        fact.codings.push(Coding::new("DRUGBANK:DB11363", "Alectinib"));
        case.treatments.push(fact);
    });
    let (packet, _) = packet(&report);
    insta::assert_snapshot!("dated_dose", format!("{:#}", packet["medicalActions"]));
}

#[test]
fn a_germline_variant_is_of_the_subject() {
    let report = report("Li-Fraumeni syndrome with TP53 c.743G>A, pathogenic, heterozygous, in blood.", |w, case| {
        let diagnosis = Diagnosis { label: "Li-Fraumeni syndrome".into(), ..Diagnosis::default() };
        let mut diagnosis = w.fact("Li-Fraumeni syndrome", diagnosis);
        diagnosis.codings.push(Coding::new("MONDO:0018875", "Li-Fraumeni syndrome"));
        case.diagnoses.push(diagnosis);
        let variant = GenomicFinding {
            kind: GenomicKind::Snv,
            label: "TP53 c.743G>A".into(),
            genes: vec![GeneInvolved {
                symbol: "TP53".into(),
                coding: Some(Coding::new("HGNC:11998", "TP53")),
                ..GeneInvolved::default()
            }],
            hgvs: vec!["c.743G>A".into()],
            origin: VariantOrigin::Germline,
            zygosity: Some("heterozygous".into()),
            classification: Some("pathogenic".into()),
            ..GenomicFinding::default()
        };
        case.genomic_findings.push(w.fact("TP53 c.743G>A", variant));
    });
    let (packet, _) = packet(&report);
    insta::assert_snapshot!("germline", format!("{:#}", packet["interpretations"]));
    assert_eq!(packet.get("biosamples"), None);
}

#[test]
fn tissue_of_a_metastatic_tumour_may_be_of_a_metastasis() {
    let packet = json_of(&export(&sample()), "sample-1.phenopacket.json");
    assert_eq!(packet["biosamples"][0].get("tumorProgression"), None, "stage IVA, M1a");
    let packet = json_of(&export(&letter()), "letter-1.phenopacket.json");
    assert_eq!(packet["biosamples"][0]["tumorProgression"]["id"], "NCIT:C8509");
}

#[test]
fn a_conflict_is_told() {
    let report = report("A girl, elsewhere a boy.", |w, case| {
        let (mut girl, mut boy) = (w.fact("girl", Sex::Female), w.fact("boy", Sex::Male));
        girl.conflicts_with.push(boy.id.clone());
        boy.conflicts_with.push(girl.id.clone());
        case.subject.sex.extend([girl, boy]);
    });
    let (packet, losses) = packet(&report);
    assert_eq!(packet["subject"]["sex"], "FEMALE");
    insta::assert_snapshot!("conflict_losses", losses);
}

#[test]
fn an_adverse_event_that_is_no_finding_is_a_feature_too() {
    let report = report("A man aged 50 had severe hepatitis 2 months later.", |w, case| {
        case.subject.age.push(w.fact("aged 50", Age { value: IsoDuration::from_years(50.0), approximate: false }));
        let event =
            AdverseEvent { label: "Hepatitis".into(), severity: Some("severe".into()), ..AdverseEvent::default() };
        let mut event = w.fact("hepatitis", event);
        event.codings.push(Coding::new("HP:0012115", "Hepatitis"));
        let presented = anchor(AnchorKind::Presentation, None);
        event.timing = after(w, "2 months later", IsoDuration::from_months(2.0), presented);
        case.adverse_events.push(event);
    });
    let (packet, losses) = packet(&report);
    let feature = &packet["phenotypicFeatures"][0];
    assert_eq!(feature["onset"]["age"]["iso8601duration"], "P50Y2M");
    assert_eq!(feature["severity"]["id"], "HP:0012828");
    insta::assert_snapshot!("event_losses", losses);
}

#[test]
fn regimens_operations_and_radiotherapy_are_actions() {
    let report = report("FOLFOX, then right hemicolectomy, then radiotherapy to 50 Gy.", |w, case| {
        for (words, kind) in [
            ("FOLFOX", TreatmentKind::Regimen),
            ("right hemicolectomy", TreatmentKind::Surgery),
            ("radiotherapy", TreatmentKind::Radiation),
        ] {
            let mut treatment = Treatment { agent: words.into(), kind, ..Treatment::default() };
            if words == "radiotherapy" {
                let amount =
                    Quantity { value: Decimal::new("50").unwrap(), unit: Some("Gy".into()), ..Quantity::default() };
                treatment.doses = vec![Dose { printed: w.statement("50 Gy"), amount, frequency: None, route: None }];
            }
            case.treatments.push(w.fact(words, treatment));
        }
    });
    let (packet, losses) = packet(&report);
    insta::assert_snapshot!("other_actions", format!("{:#}", packet["medicalActions"]));
    insta::assert_snapshot!("other_actions_losses", losses);
}
