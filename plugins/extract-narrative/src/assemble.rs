//! Drafts of a patient to a case: merged, named, timed and tied together.

use std::collections::BTreeMap;

use case_model::{
    ActionStatus, AdverseEvent, Anchor, AnchorKind, Assertion, Case, Extent, Fact, FactId, FactValue, FollowUp,
    NotReported, Relation, ResponseCategory, Sex, Timing, Treatment, TreatmentKind, TreatmentRole, VitalStatus,
};

use crate::draft::{Draft, Maker, Pad};
use crate::reading::Reading;
use crate::scope::{About, Introduced, Scopes};
use crate::subject::Subject;
use crate::time::{Hint, Stated, anchor_kind};
use crate::{adverse, claim, disease, finding, genomics, imaging, marker, site, treatment};

/// A time that is to be written into a fact: where it stands, and into which place of which fact.
struct Pending {
    /// Byte where it takes effect in the order of the text.
    at: u32,
    fact: FactId,
    stated: Stated,
    sentence: usize,
    place: Place,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The time of the fact.
    Own,
    /// The end of a treatment.
    Stop,
    /// A length of a treatment.
    Length,
    /// When an adverse event was gone.
    Resolved,
}

/// A treatment as an anchor.
struct Course {
    at: u32,
    fact: FactId,
    tokens: Vec<usize>,
    concept: u32,
    anticancer: bool,
    surgery: bool,
}

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
    disease::main_first(&mut diagnoses);
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
    let responses = merge_responses(pad.responses, &courses, &scopes.looks_back);
    case.responses = facts(maker, responses, &mut pending);
    for response in &mut case.responses {
        response.value.treatment = under_way(&courses, response.span().start).map(|c| c.fact.clone());
    }
    case.follow_up = facts(maker, ends(pad.ends), &mut pending);
    resolve_times(maker.reading, &mut case, pending, &courses);
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
    let treatment::Given { treatment, token, concept, stop, lengths, .. } = value;
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
        let sentence = sentence_at(reading, at);
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
            concept,
            anticancer: role == TreatmentRole::Anticancer && kind != TreatmentKind::Surgery,
            surgery: kind == TreatmentKind::Surgery,
        });
    }
    case.treatments.push(fact);
}

fn sentence_at(reading: &Reading<'_>, at: u32) -> usize {
    reading.sentences.partition_point(|s| s.span.start <= at).saturating_sub(1)
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
            sentence: sentence_at(maker.reading, at),
            stated,
            place: Place::Resolved,
        });
    }
    case.adverse_events.push(fact);
}

/// The course under way at a byte of the text: the last anticancer drug begun before it.
fn under_way(courses: &[Course], at: u32) -> Option<&Course> {
    courses.iter().rfind(|c| c.anticancer && c.at < at).or_else(|| courses.iter().rfind(|c| c.anticancer))
}

/// Repeated mentions of a response are one when they have the same time, when one of them looks back, or when the disease
/// is still in the same state; a second worsening or bettering is one of its own.
fn merge_responses(
    drafts: Vec<Draft<case_model::Response>>,
    courses: &[Course],
    looks_back: &[bool],
) -> Vec<Draft<case_model::Response>> {
    use ResponseCategory as R;
    let mut out: Vec<Draft<case_model::Response>> = Vec::new();
    let course = |d: &Draft<case_model::Response>| under_way(courses, d.span.start).map(|c| c.fact.clone());
    let named = drafts.iter().any(|d| !matches!(d.value.category, R::Unclassified | R::Symptomatic));
    for draft in drafts {
        // Looking back, "an excellent response" sums up what was told.
        if looks_back[draft.sentence] && named && matches!(draft.value.category, R::Unclassified | R::Symptomatic) {
            continue;
        }
        let is_state = matches!(draft.value.category, R::Complete | R::Partial | R::Stable | R::NoEvidence);
        let same = out.iter_mut().find(|o| {
            let times = match (&o.time, &draft.time) {
                (Some(a), Some(b)) => {
                    Some(a.extent.as_ref().map(|e| &e.value) == b.extent.as_ref().map(|e| &e.value) && a.date == b.date)
                }
                _ => None,
            };
            o.value.category == draft.value.category
                && match times {
                    Some(equal) => equal,
                    None => {
                        looks_back[draft.sentence]
                            || looks_back[o.sentence]
                            || draft.sentence == o.sentence
                            || is_state && draft.time.is_none() && course(o) == course(&draft)
                    }
                }
        });
        match same {
            Some(known) => {
                known.absorb(&draft);
                known.time = known.time.take().or(draft.time);
                for modality in draft.value.modalities {
                    if !known.value.modalities.contains(&modality) {
                        known.value.modalities.push(modality);
                    }
                }
            }
            None => out.push(draft),
        }
    }
    out
}

/// Statements on the end: repeated ones merged, and nothing that comes before a death.
fn ends(drafts: Vec<Draft<FollowUp>>) -> Vec<Draft<FollowUp>> {
    let mut out: Vec<Draft<FollowUp>> = Vec::new();
    for draft in drafts {
        let key = |d: &Draft<FollowUp>| {
            (d.value.vital_status.clone(), d.value.duration.as_ref().map(|e| e.value.to_string()))
        };
        match out.iter_mut().find(|o| {
            key(o) == key(&draft)
                || o.value.vital_status == VitalStatus::Dead && draft.value.vital_status == VitalStatus::Dead
        }) {
            Some(known) => {
                known.absorb(&draft);
                if known.value.duration.is_none() {
                    known.value.duration = draft.value.duration;
                    known.time = known.time.take().or(draft.time);
                }
                known.value.disease_status = known.value.disease_status.take().or(draft.value.disease_status);
                known.value.cause_of_death = known.value.cause_of_death.take().or(draft.value.cause_of_death);
            }
            None => out.push(draft),
        }
    }
    if let Some(dead) = out.iter().position(|d| d.value.vital_status == VitalStatus::Dead) {
        // "discharged", "alive and well" before it were steps on the way.
        let dead = out.swap_remove(dead);
        out.clear();
        out.push(dead);
    }
    out
}

/// Turns stated times into timings, in the order of the text, so that "later" finds what was told before.
fn resolve_times(reading: &Reading<'_>, case: &mut Case, mut pending: Vec<Pending>, courses: &[Course]) {
    pending.sort_by_key(|p| (p.at, p.stated.span.start));
    // What the facts of a sentence count from, for times that leave it open: "at 1 month of treatment and ... at 4 months".
    let mut explicit: BTreeMap<usize, Hint> = BTreeMap::new();
    for item in &pending {
        if !matches!(item.stated.hint, Hint::Open | Hint::Previous) && item.stated.extent.is_some() {
            explicit.entry(item.sentence).or_insert(item.stated.hint);
        }
    }
    let mut last_event: Option<(FactId, bool)> = None;
    let mut timings: Vec<(FactId, Place, Timing)> = Vec::new();
    for item in pending {
        let mut hint = item.stated.hint;
        if hint == Hint::Open && item.stated.date.is_none() && item.stated.age.is_none() {
            hint = explicit.get(&item.sentence).copied().unwrap_or(match under_way(courses, item.at) {
                Some(course) if course.at < item.at && course.fact != item.fact && item.place != Place::Stop => {
                    Hint::Treatment
                }
                _ => Hint::Previous,
            });
        }
        let anchor = anchor(hint, &item, courses, last_event.as_ref());
        let timing = Timing {
            span: Some(item.stated.span),
            quote: item.stated.span.of(reading.text).unwrap_or_default().to_owned(),
            relation: if item.place == Place::Length { Relation::For } else { item.stated.relation.clone() },
            offset: item.stated.extent.clone().map(|e: Extent| e),
            anchor,
            date: item.stated.date,
            age: item.stated.age,
            interval: None,
        };
        if item.place != Place::Length {
            last_event = Some((item.fact.clone(), item.place == Place::Stop));
        }
        timings.push((item.fact, item.place, timing));
    }
    write_timings(case, timings);
}

fn anchor(hint: Hint, item: &Pending, courses: &[Course], last_event: Option<&(FactId, bool)>) -> Anchor {
    let named = |token: usize| courses.iter().find(|c| c.tokens.contains(&token));
    let of = |kind: AnchorKind, course: Option<&Course>| Anchor {
        kind,
        fact: course.map(|c| c.fact.clone()).filter(|f| *f != item.fact || item.place != Place::Own),
    };
    match hint {
        Hint::Kind("surgery") => of(AnchorKind::Surgery, courses.iter().rfind(|c| c.surgery && c.at < item.at)),
        Hint::Kind(kind) => Anchor { kind: anchor_kind(kind), fact: None },
        Hint::StartOf(token) => of(AnchorKind::TreatmentStart, named(token)),
        Hint::EndOf(token) => of(AnchorKind::TreatmentStop, named(token)),
        Hint::Treatment => of(AnchorKind::TreatmentStart, under_way(courses, item.at)),
        Hint::TreatmentEnd => of(AnchorKind::TreatmentStop, under_way(courses, item.at)),
        Hint::Open | Hint::Previous => match last_event {
            Some((fact, ended)) if *fact != item.fact || item.place == Place::Stop => {
                let kind = if *ended { AnchorKind::TreatmentStop } else { AnchorKind::Event };
                Anchor { kind, fact: Some(fact.clone()) }
            }
            _ if item.stated.date.is_some() => Anchor::default(),
            _ => Anchor { kind: AnchorKind::PreviousEvent, fact: None },
        },
    }
}

fn write_timings(case: &mut Case, timings: Vec<(FactId, Place, Timing)>) {
    for (id, place, timing) in timings {
        match place {
            Place::Own => {
                let mut timing = Some(timing);
                set_own(case, &id, &mut timing);
            }
            Place::Stop | Place::Length => {
                if let Some(treatment) = case.treatments.iter_mut().find(|t| t.id == id) {
                    if place == Place::Stop {
                        treatment.value.stop = Some(timing);
                    } else if !treatment.value.durations.iter().any(|d| d.span == timing.span) {
                        treatment.value.durations.push(timing);
                    }
                }
            }
            Place::Resolved => {
                if let Some(event) = case.adverse_events.iter_mut().find(|e| e.id == id) {
                    event.value.resolved = Some(timing);
                }
            }
        }
    }
}

fn set_own(case: &mut Case, id: &FactId, timing: &mut Option<Timing>) {
    macro_rules! lists {
        ($($list:ident),+) => {
            $(if let Some(fact) = case.$list.iter_mut().find(|f| f.id == *id) {
                fact.timing = timing.take();
                return;
            })+
        };
    }
    lists!(
        treatments,
        findings,
        responses,
        adverse_events,
        follow_up,
        imaging,
        measurements,
        diagnoses,
        procedures,
        tumour_sizes,
        genomic_findings,
        sites,
        marker_tests,
        family_history
    );
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
