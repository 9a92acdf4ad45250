//! Drafts of a patient to a case: merged, named, timed and tied together.

use case_model::{
    ActionStatus, AdverseEvent, Assertion, Case, Fact, FactId, FactValue, NotReported, Sex, Treatment, TreatmentKind,
    TreatmentRole,
};

use crate::draft::{Draft, Maker, Pad};
use crate::reading::Reading;
use crate::scope::{About, Introduced, Scopes};
use crate::subject::Subject;
use crate::time::Stated;
use crate::timing::{Course, Pending, Place, under_way};
use crate::{
    adverse, claim, disease, finding, follow_up, genomics, imaging, marker, response, site, stage, timing, treatment,
};

/// Makes the case of patient `number`.
pub(crate) fn case(
    maker: &mut Maker<'_, '_>,
    number: usize,
    introduced: &Introduced,
    subject: Subject,
    pad: Pad,
    scopes: &Scopes,
) -> Case {
    let mut case = Case { id: format!("case-{}", number + 1), ..pad.case };
    case.label.clone_from(&introduced.label);
    case.presentation.clone_from(&introduced.presentation);
    fill_subject(maker, subject, &mut case);

    let vocabulary = maker.reading.vocabulary;
    let class_of = |concept: u32| vocabulary.concept(concept).attr("class").map(str::to_owned);
    let treatments = treatment::merge(pad.treatments, class_of);
    let mut pending: Vec<Pending> = Vec::new();
    let mut courses: Vec<Course> = Vec::new();
    for draft in treatments {
        add_treatment(maker, draft, &mut case, &mut pending, &mut courses);
    }
    case.findings = facts(maker, finding::merge(pad.findings), &mut pending);
    case.morphology = facts(maker, finding::merge_microscopy(pad.microscopy), &mut pending);
    case.measurements = facts(maker, pad.measurements, &mut pending);
    case.imaging = facts(maker, pad.imaging, &mut pending);
    case.sites = facts(maker, site::merge(pad.sites), &mut pending);
    case.tumour_sizes = facts(maker, pad.sizes, &mut pending);
    case.marker_tests = facts(maker, marker::merge(pad.markers), &mut pending);
    case.genomic_findings = facts(maker, genomics::merge(pad.genomics), &mut pending);
    let mut diagnoses = disease::merge(pad.diagnoses, &scopes.looks_back);
    stage::attach(pad.stages, &mut diagnoses);
    case.diagnoses = facts(maker, diagnoses, &mut pending);
    case.procedures = facts(maker, imaging::merge_procedures(pad.procedures), &mut pending);
    case.family_history = facts(maker, pad.family, &mut pending);
    for fact in &mut case.family_history {
        fact.scope = case_model::Scope::Family;
    }
    for draft in adverse::merge(pad.adverse) {
        add_event(maker, draft, &mut case, &mut pending);
    }
    courses.sort_by_key(|c| c.at);
    let responses = response::merge(pad.responses, &courses, &scopes.looks_back);
    case.responses = facts(maker, responses, &mut pending);
    for response in &mut case.responses {
        response.value.treatment = under_way(&courses, response.span().start).map(|c| c.fact.clone());
    }
    case.follow_up = facts(maker, follow_up::merge(pad.ends), &mut pending);
    timing::resolve(maker.reading, &mut case, pending, &courses);
    case.figures = figures(maker.reading, scopes, number);
    case.not_reported = not_reported(maker.reading, &case);
    case
}

fn facts<T: FactValue>(maker: &mut Maker<'_, '_>, drafts: Vec<Draft<T>>, pending: &mut Vec<Pending>) -> Vec<Fact<T>>
where
    Fact<T>: Default,
{
    drafts
        .into_iter()
        .map(|mut draft| {
            let (stated, sentence, at) = (draft.time.take(), draft.sentence, draft.span.start);
            let fact = maker.fact(draft);
            if let Some(stated) = stated {
                pending.push(Pending { at, fact: fact.id.clone(), stated, sentence, place: Place::Own });
            }
            fact
        })
        .collect()
}

fn fill_subject(maker: &mut Maker<'_, '_>, mut subject: Subject, case: &mut Case) {
    subject.finish();
    let mut ages: Vec<Draft<case_model::Age>> = Vec::new();
    for age in subject.ages {
        match ages.iter_mut().find(|a| a.value == age.value) {
            Some(known) => known.absorb(&age),
            None => ages.push(age),
        }
    }
    let mut sexes: Vec<Draft<Sex>> = Vec::new();
    for sex in subject.sexes {
        match sexes.iter_mut().find(|s| s.value == sex.value) {
            Some(known) => known.absorb(&sex),
            None => sexes.push(sex),
        }
    }
    case.subject.age = ages.into_iter().map(|d| maker.fact(d)).collect();
    case.subject.sex = sexes.into_iter().map(|d| maker.fact(d)).collect();
    conflict(&mut case.subject.age);
    conflict(&mut case.subject.sex);
}

/// Facts that state the same thing differently name each other.
fn conflict<T>(facts: &mut [Fact<T>]) {
    let ids: Vec<FactId> = facts.iter().map(|f| f.id.clone()).collect();
    if ids.len() > 1 {
        for fact in facts {
            fact.conflicts_with = ids.iter().filter(|id| **id != fact.id).cloned().collect();
        }
    }
}

fn add_treatment(
    maker: &mut Maker<'_, '_>,
    draft: Draft<treatment::Given>,
    case: &mut Case,
    pending: &mut Vec<Pending>,
    courses: &mut Vec<Course>,
) {
    let reading = maker.reading;
    let Draft { value, span, sentence, assertion, codings, time, more, by } = draft;
    let treatment::Given { treatment, token, stop, lengths, .. } = value;
    let places: Vec<usize> =
        more.iter().map(|(s, _)| reading.tokens.partition_point(|t| t.span.start < s.start)).chain([token]).collect();
    let given = treatment.status == ActionStatus::Given;
    let (role, kind) = (treatment.role.clone(), treatment.kind.clone());
    let plain = Draft { value: treatment, span, sentence, assertion, codings, time: None, more, by };
    let mut fact = maker.fact::<Treatment>(plain);
    if !given {
        fact.assertion =
            if fact.value.status == ActionStatus::NotGiven { Assertion::Absent } else { Assertion::Present };
    }
    let mut push = |stated: Stated, place: Place| {
        let at = stated.span.start;
        let sentence = timing::sentence_at(reading, at);
        pending.push(Pending { at, fact: fact.id.clone(), stated, sentence, place });
    };
    if let Some(time) = time {
        push(time, Place::Own);
    }
    if let Some(stop) = stop {
        push(stop, Place::Stop);
    }
    lengths.into_iter().for_each(|l| push(l, Place::Length));
    if given {
        courses.push(Course {
            at: span.start,
            fact: fact.id.clone(),
            tokens: places,
            anticancer: role == TreatmentRole::Anticancer && kind != TreatmentKind::Surgery,
            surgery: kind == TreatmentKind::Surgery,
        });
    }
    case.treatments.push(fact);
}

fn add_event(maker: &mut Maker<'_, '_>, draft: Draft<adverse::Event>, case: &mut Case, pending: &mut Vec<Pending>) {
    let Draft { value, span, sentence, assertion, codings, time, more, by } = draft;
    let adverse::Event { mut event, resolved } = value;
    for suspect in &mut event.suspects {
        let treatment = case.treatments.iter().find(|t| {
            t.value.status == ActionStatus::Given
                && (t.value.agent.eq_ignore_ascii_case(&suspect.agent)
                    || t.value.agent.trim_end_matches(" (class)").eq_ignore_ascii_case(&suspect.agent))
        });
        if let Some(treatment) = treatment {
            suspect.agent.clone_from(&treatment.value.agent);
            suspect.treatment = Some(treatment.id.clone());
        }
    }
    let code = codings.first().map(|c| c.code.clone());
    let same = |f: &&Fact<case_model::Finding>| {
        f.evidence.iter().any(|e| e.span == span)
            || code.is_some() && f.codings.first().map(|c| &c.code) == code.as_ref()
    };
    event.finding = case.findings.iter().filter(|f| f.assertion == Assertion::Present).find(same).map(|f| f.id.clone());
    if let Some(stop) = case
        .treatments
        .iter()
        .find(|t| event.suspects.iter().any(|s| s.treatment.as_ref() == Some(&t.id)))
        .and_then(|t| t.value.stop_reason.clone())
        && event.action.is_none()
    {
        event.action = Some(stop);
    }
    let plain = Draft { value: event, span, sentence, assertion, codings, time: None, more, by };
    let fact = maker.fact::<AdverseEvent>(plain);
    if let Some(stated) = time {
        pending.push(Pending { at: span.start, fact: fact.id.clone(), stated, sentence, place: Place::Own });
    }
    if let Some(stated) = resolved {
        let at = stated.span.start;
        pending.push(Pending {
            at,
            fact: fact.id.clone(),
            sentence: timing::sentence_at(maker.reading, at),
            stated,
            place: Place::Resolved,
        });
    }
    case.adverse_events.push(fact);
}

/// Figures whose captions speak of the patient.
fn figures(reading: &Reading<'_>, scopes: &Scopes, number: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for (sentence, about) in reading.sentences.iter().zip(&scopes.about) {
        if let Some(figure) = sentence.figure.filter(|_| *about == About::Patient(number)) {
            let label = &reading.document.figures[figure].label;
            if !out.contains(label) {
                out.push(label.clone());
            }
        }
    }
    out
}

/// What readers of a case expect and the text does not give.
fn not_reported(reading: &Reading<'_>, case: &Case) -> Vec<NotReported> {
    let measured = |names: &[&str]| {
        case.measurements.iter().any(|m| names.iter().any(|n| m.value.analyte.to_lowercase().contains(n)))
    };
    let scaled = |names: &[&str]| {
        reading.sentences.iter().any(|s| {
            reading.mentions_of(s).iter().any(|m| {
                m.is(crate::class::Kind::Scale)
                    && names.contains(&reading.vocabulary.concept(m.concept).attr("class").unwrap_or_default())
            })
        })
    };
    let past = case
        .diagnoses
        .iter()
        .any(|d| matches!(d.value.role, case_model::DiagnosisRole::History | case_model::DiagnosisRole::Comorbidity));
    let consent = reading.sentences.iter().any(|s| claim::gives_consent(reading, s));
    let graded = case.adverse_events.is_empty() || case.adverse_events.iter().any(|e| e.value.grade.is_some());
    let checks = [
        ("age", !case.subject.age.is_empty()),
        ("sex", !case.subject.sex.is_empty()),
        ("past medical history", past),
        ("family history", !case.family_history.is_empty()),
        ("body weight", measured(&["body weight", "body mass", "body surface"])),
        ("performance status", scaled(&["performance"])),
        ("laboratory values", !case.measurements.is_empty()),
        ("stage", case.diagnoses.iter().any(|d| !d.value.stages.is_empty())),
        ("marker panel", !case.marker_tests.is_empty()),
        ("molecular findings", !case.genomic_findings.is_empty()),
        ("treatment", !case.treatments.is_empty()),
        ("response criteria", case.responses.is_empty() || case.responses.iter().any(|r| r.value.criteria.is_some())),
        ("grade of the adverse events", graded),
        ("follow-up", !case.follow_up.is_empty()),
        ("informed consent", consent),
    ];
    let missing = checks.iter().filter(|(_, there)| !there);
    missing
        .map(|(field, _)| NotReported {
            field: (*field).to_owned(),
            reason: "no statement found in the report".to_owned(),
        })
        .collect()
}
