//! Events that the text ties together in time.

use std::collections::{HashMap, HashSet};

use case_timeline::{Moment, Timeline, resolve};
use casemill_plugin_sdk::model::{AnchorKind, Case, DayInterval, Fact, FactId, Relation, Timing};

/// Frames beside the one from presentation. Reports with more unconnected courses are told better as a list.
const FLOATING: usize = 3;
/// Moments tried as time zero. Each one costs a solution of the whole network.
const TRIES: usize = 8;

/// The list of a case that is not about the patient.
pub(super) const FAMILY: &str = "family_history";

/// A moment of a fact.
type Key = (FactId, Moment);

/// A moment of a fact with its days from the frame's time zero.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Placed {
    pub(super) fact: FactId,
    pub(super) list: &'static str,
    pub(super) moment: Moment,
    pub(super) days: DayInterval,
}

impl Placed {
    fn key(&self) -> Key {
        (self.fact.clone(), self.moment)
    }
}

/// Moments with one time zero.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Frame {
    /// Time zero; `None` for the presentation of the patient.
    pub(super) origin: Option<Key>,
    /// Moments in the order of time.
    pub(super) placed: Vec<Placed>,
}

/// The frames of a case, the one from presentation first. A frame has moments at two times at least.
///
/// A floating frame is what the timeline makes of a copy of the case in which one open moment is put at day 0.
pub(super) fn frames(case: &Case, timeline: &Timeline) -> Vec<Frame> {
    let mut frames = Vec::new();
    let base = Frame { origin: None, placed: placed(case, timeline) };
    let mut known: HashSet<Key> = base.placed.iter().map(Placed::key).collect();
    if worth_drawing(&base) {
        frames.push(base);
    }
    let mut tried: HashSet<Key> = HashSet::new();
    while frames.len() <= FLOATING && tried.len() < TRIES {
        let Some(origin) = next_origin(case, &known, &tried) else { break };
        tried.insert(origin.clone());
        let mut tied = case.clone();
        if !tie(&mut tied, &origin) {
            continue;
        }
        resolve(&mut tied);
        let mut placed = placed(&tied, &case_timeline::timeline(&tied));
        placed.retain(|p| !known.contains(&p.key()));
        let frame = Frame { origin: Some(origin), placed };
        if worth_drawing(&frame) {
            known.extend(frame.placed.iter().map(Placed::key));
            frames.push(frame);
        }
    }
    frames
}

/// One moment, or several at the same time, need no picture.
fn worth_drawing(frame: &Frame) -> bool {
    let first = frame.placed.first().map(|p| p.days.middle());
    frame.placed.iter().any(|p| Some(p.days.middle()) != first)
}

/// Moments of the patient with known days: the events of the timeline, and the ends of adverse events.
fn placed(case: &Case, timeline: &Timeline) -> Vec<Placed> {
    let events = timeline
        .events
        .iter()
        .filter(|e| e.list != FAMILY)
        .filter_map(|e| Some(Placed { fact: e.fact.clone(), list: e.list, moment: e.moment, days: e.interval? }));
    let ends = case.adverse_events.iter().filter_map(|a| {
        let days = a.value.resolved.as_ref()?.interval?;
        Some(Placed { fact: a.id.clone(), list: "adverse_events", moment: Moment::End, days })
    });
    events.chain(ends).collect()
}

/// The open moment that most open times count from; the first in the case among equals.
fn next_origin(case: &Case, known: &HashSet<Key>, tried: &HashSet<Key>) -> Option<Key> {
    let lasted = case.treatments.iter().filter(|t| !t.value.durations.is_empty());
    let lasted: HashSet<&FactId> = lasted.map(|t| &t.id).collect();
    let mut votes: HashMap<Key, usize> = HashMap::new();
    let mut anchors: HashMap<Key, Key> = HashMap::new();
    case.visit(&mut |_, fact| {
        fact.timings(&mut |timing| {
            if let Some(anchor) = anchor(&lasted, timing) {
                *votes.entry(anchor).or_default() += 1;
            }
        });
        let own = (fact.id().clone(), Moment::Start);
        if let Some(anchor) = fact.timing().and_then(|t| anchor(&lasted, t)).filter(|a| *a != own) {
            anchors.insert(own, anchor);
        }
    });
    for treatment in lasted {
        *votes.entry((treatment.clone(), Moment::Start)).or_default() += 1;
    }
    let mut best: Option<(usize, Key)> = None;
    case.visit(&mut |_, fact| {
        for moment in [Moment::Start, Moment::End] {
            let key = (fact.id().clone(), moment);
            let count = votes.get(&key).copied().unwrap_or(0);
            if count > best.as_ref().map_or(0, |b| b.0) && !known.contains(&key) && !tried.contains(&key) {
                best = Some((count, key));
            }
        }
    });
    let (_, origin) = best?;
    Some(root(origin, &anchors, known, tried))
}

/// Follows anchors back to the first event of the chain, so that the whole chain stands in one frame.
fn root(origin: Key, anchors: &HashMap<Key, Key>, known: &HashSet<Key>, tried: &HashSet<Key>) -> Key {
    let mut at = origin;
    // As many steps as there are anchors, in case they form a circle.
    for _ in 0..anchors.len() {
        match anchors.get(&at) {
            Some(next) if !known.contains(next) && !tried.contains(next) => at = next.clone(),
            _ => break,
        }
    }
    at
}

/// The moment that a time counts from, where that ties both together: an order alone ("after surgery") does not. The end
/// of a treatment of known length is as good as its start, and the start makes the better time zero.
fn anchor(lasted: &HashSet<&FactId>, timing: &Timing) -> Option<Key> {
    let fact = timing.anchor.fact.as_ref()?;
    if timing.offset.is_none() && !matches!(timing.relation, Relation::At | Relation::During) {
        return None;
    }
    let ends = timing.anchor.kind == AnchorKind::TreatmentStop;
    let moment = if ends && !lasted.contains(fact) { Moment::End } else { Moment::Start };
    Some((fact.clone(), moment))
}

/// Puts a moment at the presentation. False for facts that no time can count from.
fn tie(case: &mut Case, (fact, moment): &Key) -> bool {
    let zero = || Some(Timing { relation: Relation::At, ..Timing::default() });
    if *moment == Moment::End {
        let found = case.treatments.iter_mut().find(|t| t.id == *fact);
        return found.map(|t| t.value.stop = zero()).is_some();
    }
    fn find<'a, T>(facts: &'a mut [Fact<T>], id: &FactId) -> Option<&'a mut Option<Timing>> {
        facts.iter_mut().find(|f| f.id == *id).map(|f| &mut f.timing)
    }
    let timing = find(&mut case.treatments, fact)
        .or_else(|| find(&mut case.procedures, fact))
        .or_else(|| find(&mut case.adverse_events, fact))
        .or_else(|| find(&mut case.findings, fact))
        .or_else(|| find(&mut case.responses, fact))
        .or_else(|| find(&mut case.diagnoses, fact))
        .or_else(|| find(&mut case.imaging, fact))
        .or_else(|| find(&mut case.specimens, fact))
        .or_else(|| find(&mut case.measurements, fact))
        .or_else(|| find(&mut case.genomic_findings, fact))
        .or_else(|| find(&mut case.follow_up, fact));
    timing.map(|timing| *timing = zero()).is_some()
}
