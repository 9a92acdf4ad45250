//! Items 1 to 12 on small documents.

use casemill_plugin_sdk::model::*;
use casemill_plugin_sdk::testkit::Writer;

use super::{codes, man, report, state};

fn case_of(sentences: &str) -> Report {
    report(&format!("Case report\n\nA man {sentences}"), man)
}

#[test]
fn titles() {
    let titled = |title: &str| {
        let mut report = report(&format!("{title}\n\nCase report\n\nA man had pain."), man);
        let span = Span::new(0, title.len() as u32);
        report.document.titles = vec![Title { span, language: "en".into() }];
        report.document.sentences.retain(|s| s.start >= span.end);
        report.document.sentences.insert(0, span);
        state(&report, "1")
    };
    assert_eq!(titled("Pain of the knee: a case report"), "present");
    assert_eq!(titled("Three cases of pain of the knee"), "present");
    assert_eq!(titled("Pain of the knee and its causes"), "partial");
    assert_eq!(state(&case_of("had pain."), "1"), "absent");
}

#[test]
fn key_words_and_abstract() {
    let with = |front: &str| report(&format!("{front}\n\nCase report\n\nA man had pain."), man);
    assert_eq!(state(&with("Keywords: pain, knee, case report"), "2"), "present");
    assert_eq!(state(&with("Keywords: pain"), "2"), "partial");
    assert_eq!(state(&with("Introduction\n\nPain is common [1]. We report a man."), "2"), "absent");
    let summed = with("Abstract\n\nThis is the first report of such pain. Physicians should be aware of it.");
    assert_eq!(state(&summed, "3"), "partial");
    assert_eq!((state(&summed, "3a"), state(&summed, "3d")), ("present".into(), "present".into()));
    assert_eq!((state(&summed, "3b"), state(&summed, "3c")), ("absent".into(), "absent".into()));
}

#[test]
fn introductions() {
    let with = |front: &str| state(&report(&format!("{front}Case report\n\nA man had pain."), man), "4");
    assert_eq!(with("Introduction\n\nPain is common [1]. It is rarely reported [2]. We report a case.\n\n"), "present");
    assert_eq!(with("Introduction\n\nWe report a case.\n\n"), "partial");
    assert_eq!(with(""), "absent");
}

#[test]
fn histories() {
    let history = |sentences: &str| state(&case_of(sentences), "5c");
    assert_eq!(history("had pain. He had a history of gout and was a smoker."), "present");
    assert_eq!(
        history("had pain. His medical history was unremarkable. There was no family history of cancer."),
        "present"
    );
    assert_eq!(history("had pain. His past medical history included gout."), "partial");
    assert_eq!(history("had a 2-month history of pain."), "absent");
    // What is said of others is no history of the patient.
    let text = "Case report\n\nA man had pain.\n\nDiscussion\n\nA history of gout and smoking are risk factors.";
    assert_eq!(state(&report(text, man), "5c"), "absent");
    let text = "Case report\n\nA man had pain.\n\nDiscussion\n\nOur patient had a history of gout and was a smoker.";
    assert_eq!(state(&report(text, man), "5c"), "present");
}

#[test]
fn examinations() {
    let exam = |sentences: &str| state(&case_of(sentences), "6");
    assert_eq!(exam("had pain. Physical examination was normal."), "present");
    assert_eq!(exam("had pain. His blood pressure was 120/80 mmHg."), "partial");
    assert_eq!(exam("had pain. MRI showed a mass."), "absent");
}

#[test]
fn timelines() {
    let text = "Case report\n\nA man had pain. CT was done.\n\nTable 1. Timeline of the case\nDay\tEvent\n1\tpain";
    assert_eq!(state(&report(text, man), "7"), "present");
    let text = "Case report\n\nA man had pain after 2 days. After 3 weeks he had fever.";
    let timed = report(text, |w: &mut Writer, case| {
        man(w, case);
        for (words, time, days) in [("pain", "after 2 days", 2.0), ("fever", "After 3 weeks", 21.0)] {
            let mut finding = w.fact(words, Finding { label: words.into(), ..Finding::default() });
            let anchor = Anchor { kind: AnchorKind::Presentation, fact: None };
            finding.timing = Some(w.timing(time, Relation::After, Some(IsoDuration::from_days(days)), anchor));
            case.findings.push(finding);
        }
    });
    assert_eq!(state(&timed, "7"), "partial");
    assert_eq!(state(&case_of("had pain."), "7"), "absent");
    assert!(codes(&case_of("had pain.")).contains(&"CR007".to_owned()));
}

#[test]
fn diagnostics_need_methods_and_alternatives() {
    let with = |end: &str| {
        let text = format!("Case report\n\nA man had pain. CT showed a mass. CRP was 5 mg/L. {end}");
        report(&text, |w, case| {
            man(w, case);
            case.imaging.push(w.fact("CT", ImagingStudy { modality: "CT".into(), ..ImagingStudy::default() }));
            case.measurements
                .push(w.fact("CRP was 5 mg/L", Measurement { analyte: "CRP".into(), ..Measurement::default() }));
        })
    };
    assert_eq!(state(&with("The differential diagnosis included gout."), "8"), "present");
    assert_eq!(state(&with("This was suggestive of gout."), "8"), "partial");
    assert_eq!(state(&with(""), "8c"), "absent");
    assert_eq!(state(&case_of("had pain."), "8"), "absent");
    assert!(codes(&case_of("had pain.")).contains(&"CR008".to_owned()));
}

fn treated(text: &str, treatment: impl FnOnce(&Writer) -> Treatment) -> Report {
    report(&format!("Case report\n\nA man had pain. {text}"), |w, case| {
        man(w, case);
        let treatment = treatment(w);
        case.treatments.push(w.fact("crizotinib", treatment));
    })
}

#[test]
fn interventions_need_dose_route_and_duration() {
    let dose = |w: &Writer, route: Option<&str>| Dose {
        printed: w.statement("250 mg"),
        route: route.map(str::to_owned),
        ..Dose::default()
    };
    let text = "He was given crizotinib 250 mg orally for 6 cycles.";
    let full = |w: &Writer| Treatment {
        agent: "crizotinib".into(),
        doses: vec![dose(w, Some("orally"))],
        cycles: Some(6),
        ..Treatment::default()
    };
    assert_eq!(state(&treated(text, full), "9"), "present");
    let no_route = |w: &Writer| Treatment {
        agent: "crizotinib".into(),
        doses: vec![dose(w, None)],
        cycles: Some(6),
        ..Treatment::default()
    };
    assert_eq!(state(&treated(text, no_route), "9"), "partial");
    let stopped = format!("{text} It was stopped.");
    assert_eq!(state(&treated(&stopped, full), "9c"), "partial");
    assert_eq!(state(&treated(&stopped, full), "9"), "partial");
    let reason = format!("{text} It was stopped due to nausea.");
    assert_eq!(state(&treated(&reason, full), "9"), "present");
    assert_eq!(state(&case_of("had pain."), "9"), "absent");
    // A refused treatment is an answer.
    let refused =
        |_: &Writer| Treatment { agent: "crizotinib".into(), status: ActionStatus::Declined, ..Treatment::default() };
    assert!(!codes(&treated("He refused crizotinib.", refused)).contains(&"CR009".to_owned()));
}

#[test]
fn outcomes() {
    let with = |end: &str| {
        report(
            &format!("Case report\n\nA man had pain. MRI showed a partial response. He had rash. {end}"),
            |w, case| {
                man(w, case);
                let response = Response {
                    category: ResponseCategory::Partial,
                    modalities: vec!["MRI".into()],
                    ..Response::default()
                };
                case.responses.push(w.fact("partial response", response));
                case.adverse_events
                    .push(w.fact("rash", AdverseEvent { label: "rash".into(), ..AdverseEvent::default() }));
            },
        )
    };
    assert_eq!(state(&with("Treatment was well tolerated."), "10"), "present");
    assert_eq!(state(&with(""), "10"), "partial");
    assert_eq!(state(&case_of("had pain."), "10"), "absent");
    assert!(codes(&case_of("had pain.")).contains(&"CR010".to_owned()));
}

#[test]
fn discussions() {
    let with = |end: &str| {
        state(
            &report(
                &format!("Case report\n\nA man had pain.\n\nDiscussion\n\nPain was described before [1]. {end}"),
                man,
            ),
            "11",
        )
    };
    assert_eq!(
        with("It is likely due to gout. Physicians should ask for it. A limitation is that we did no MRI."),
        "present"
    );
    assert_eq!(with("It is likely due to gout. Physicians should ask for it. Further studies are needed."), "present");
    assert_eq!(with("It is likely due to gout. Physicians should ask for it."), "partial");
    assert_eq!(state(&case_of("had pain."), "11"), "absent");
}

#[test]
fn perspectives() {
    let with = |end: &str| state(&report(&format!("Case report\n\nA man had pain. {end}"), man), "12");
    assert_eq!(with("\n\nPatient perspective\n\nI was glad to walk again."), "present");
    assert_eq!(with("He was satisfied with the result."), "partial");
    assert_eq!(with("He was discharged."), "absent");
}
