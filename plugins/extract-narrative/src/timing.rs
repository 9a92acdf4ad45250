//! Times as stated to times of facts: what each counts from.

use std::collections::{BTreeMap, HashMap};

use case_model::{Anchor, AnchorKind, Case, Extent, FactId, Relation, Timing};

use crate::reading::Reading;
use crate::time::{Hint, Stated, anchor_kind};

/// A time that is to be written into a fact: where it stands, and into which place of which fact.
pub(crate) struct Pending {
    /// Byte where it takes effect in the order of the text.
    pub(crate) at: u32,
    pub(crate) fact: FactId,
    pub(crate) stated: Stated,
    pub(crate) sentence: usize,
    pub(crate) place: Place,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
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
pub(crate) struct Course {
    pub(crate) at: u32,
    pub(crate) fact: FactId,
    pub(crate) tokens: Vec<usize>,
    pub(crate) anticancer: bool,
    pub(crate) surgery: bool,
}

/// The course under way at a byte of the text: the last anticancer drug begun before it. `courses` stand in the order of
/// the text.
pub(crate) fn under_way(courses: &[Course], at: u32) -> Option<&Course> {
    let begun = &courses[..courses.partition_point(|c| c.at < at)];
    begun.iter().rfind(|c| c.anticancer).or_else(|| courses.iter().rfind(|c| c.anticancer))
}

/// Turns stated times into timings, in the order of the text, so that "later" finds what was told before.
pub(crate) fn resolve(reading: &Reading<'_>, case: &mut Case, mut pending: Vec<Pending>, courses: &[Course]) {
    pending.sort_by_key(|p| (p.at, p.stated.span.start));
    // What the facts of a sentence count from, for times that leave it open: "at 1 month of treatment and ... at 4 months".
    let mut explicit: BTreeMap<usize, Hint> = BTreeMap::new();
    for item in &pending {
        if !matches!(item.stated.hint, Hint::Open | Hint::Previous) && item.stated.extent.is_some() {
            explicit.entry(item.sentence).or_insert(item.stated.hint);
        }
    }
    let mut named: HashMap<usize, &Course> = HashMap::new();
    for course in courses {
        for token in &course.tokens {
            named.entry(*token).or_insert(course);
        }
    }
    let mut last_event: Option<(FactId, bool)> = None;
    // All facts of one stated time count from the same event.
    let mut shared: BTreeMap<(u32, bool), Anchor> = BTreeMap::new();
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
        let key = (item.stated.span.start, item.place == Place::Stop);
        let known = shared.get(&key).filter(|a| a.fact.as_ref() != Some(&item.fact)).cloned();
        let is_first = known.is_none();
        let anchor = known.unwrap_or_else(|| anchor(hint, &item, courses, &named, last_event.as_ref()));
        shared.entry(key).or_insert_with(|| anchor.clone());
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
        if item.place != Place::Length && is_first {
            last_event = Some((item.fact.clone(), item.place == Place::Stop));
        }
        timings.push((item.fact, item.place, timing));
    }
    write_timings(case, timings);
}

/// What a time counts from. `named` are the courses by the tokens that name them.
fn anchor(
    hint: Hint,
    item: &Pending,
    courses: &[Course],
    named: &HashMap<usize, &Course>,
    last_event: Option<&(FactId, bool)>,
) -> Anchor {
    let of = |kind: AnchorKind, course: Option<&Course>| Anchor {
        kind,
        fact: course.map(|c| c.fact.clone()).filter(|f| *f != item.fact || item.place != Place::Own),
    };
    match hint {
        Hint::Kind("surgery") => of(AnchorKind::Surgery, courses.iter().rfind(|c| c.surgery && c.at < item.at)),
        Hint::Kind(kind) => Anchor { kind: anchor_kind(kind), fact: None },
        Hint::StartOf(token) => of(AnchorKind::TreatmentStart, named.get(&token).copied()),
        Hint::EndOf(token) => of(AnchorKind::TreatmentStop, named.get(&token).copied()),
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
    let mut own: HashMap<FactId, Timing> = HashMap::new();
    let mut parts: HashMap<FactId, Vec<(Place, Timing)>> = HashMap::new();
    for (id, place, timing) in timings {
        match place {
            Place::Own => drop(own.insert(id, timing)),
            _ => parts.entry(id).or_default().push((place, timing)),
        }
    }
    for treatment in &mut case.treatments {
        for (place, timing) in parts.remove(&treatment.id).unwrap_or_default() {
            if place == Place::Stop {
                treatment.value.stop = Some(timing);
            } else if !treatment.value.durations.iter().any(|d| d.span == timing.span) {
                treatment.value.durations.push(timing);
            }
        }
    }
    for event in &mut case.adverse_events {
        for (_, timing) in parts.remove(&event.id).unwrap_or_default() {
            event.value.resolved = Some(timing);
        }
    }
    macro_rules! lists {
        ($($list:ident),+) => {
            $(for fact in &mut case.$list {
                if let Some(timing) = own.remove(&fact.id) {
                    fact.timing = Some(timing);
                }
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

/// The sentence that holds a byte.
pub(crate) fn sentence_at(reading: &Reading<'_>, at: u32) -> usize {
    reading.sentences.partition_point(|s| s.span.start <= at).saturating_sub(1)
}
