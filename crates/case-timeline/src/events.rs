//! A case as points and statements, and the solved network as a timeline.

use std::collections::HashMap;

use case_model::{ActionStatus, Anchor, AnchorKind, AnyFact, Case, DayInterval, Fact, FactId, Relation, Span, Timing};

use crate::date;
use crate::network::Network;

/// Which moment of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Moment {
    /// The fact itself, or its beginning.
    Start,
    /// Its end: a treatment is stopped, a symptom is gone.
    End,
}

/// An event of a case.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineEvent {
    /// The fact.
    pub fact: FactId,
    /// Its list in the case.
    pub list: &'static str,
    /// Its label.
    pub label: String,
    /// Which moment of it.
    pub moment: Moment,
    /// Days from presentation, where the text ties it to that.
    pub interval: Option<DayInterval>,
    /// Where its time is stated, or where it stands itself.
    pub span: Span,
}

/// Statements that cannot all hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// Where they stand, in the order of the text.
    pub statements: Vec<Span>,
    /// The facts they belong to.
    pub facts: Vec<FactId>,
}

/// Events of a case in the order of time; those whose time is open stand where the text tells them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timeline {
    /// Events.
    pub events: Vec<TimelineEvent>,
    /// Contradictions.
    pub conflicts: Vec<Conflict>,
}

/// Sets the [`Timing::interval`] of every time in a case.
pub fn resolve(case: &mut Case) {
    let (builder, _) = Builder::build(case);
    let (points, statements) = (builder.points, builder.statements);
    let solved = builder.network.solve(|s| statements[s].implied);
    case.visit_mut(&mut |_, fact| {
        let id = fact.id().clone();
        let mut first = true;
        let has_timing = fact.timing().is_some();
        fact.timings_mut(&mut |timing| {
            let moment = if first && has_timing { Moment::Start } else { Moment::End };
            first = false;
            if timing.relation == Relation::For {
                return;
            }
            timing.interval = points.get(&Key::Fact(id.clone(), moment)).and_then(|p| interval(solved.days[*p]));
        });
    });
}

/// The timeline of a case and the contradictions of its times.
pub fn timeline(case: &Case) -> Timeline {
    let (Builder { network, points, statements: told }, mut events) = Builder::build(case);
    let solved = network.solve(|s| told[s].implied);
    for event in &mut events {
        let key = Key::Fact(event.fact.clone(), event.moment);
        event.interval = points.get(&key).and_then(|p| interval(solved.days[*p]));
    }
    // A stable order: by day where known, each open event behind the one it follows in the text.
    let mut day = f64::NEG_INFINITY;
    events.sort_by_key(|e| (e.span, e.moment));
    let mut keyed: Vec<(f64, usize, TimelineEvent)> = Vec::with_capacity(events.len());
    for (i, event) in events.into_iter().enumerate() {
        if let Some(interval) = event.interval {
            day = interval.middle();
        }
        keyed.push((event.interval.map_or(day, DayInterval::middle), i, event));
    }
    keyed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let conflicts = solved
        .conflicts
        .into_iter()
        .filter_map(|statements| {
            let mut spans: Vec<Span> = statements.iter().filter_map(|s| told[*s].span).collect();
            spans.sort_unstable();
            spans.dedup();
            let mut facts: Vec<FactId> = statements.iter().map(|s| told[*s].fact.clone()).collect();
            facts.sort_unstable();
            facts.dedup();
            (spans.len() > 1).then_some(Conflict { statements: spans, facts })
        })
        .collect();
    Timeline { events: keyed.into_iter().map(|(_, _, e)| e).collect(), conflicts }
}

fn interval((min, max): (f64, f64)) -> Option<DayInterval> {
    let round = |days: f64| (days * 100.0).round() / 100.0;
    (min.is_finite() && max.is_finite()).then(|| DayInterval { min: round(min), max: round(max) })
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    /// Time zero.
    Presentation,
    Birth,
    /// 2000-01-01.
    Epoch,
    /// An event that is no fact of its own: admission, discharge, diagnosis.
    Named(AnchorKind),
    Fact(FactId, Moment),
}

/// Where a statement stands and which fact it belongs to.
struct Told {
    span: Option<Span>,
    fact: FactId,
    /// True for the anchor of a time that is given as a date or age: those are what is written, the anchor is a reading.
    implied: bool,
}

#[derive(Default)]
struct Builder {
    network: Network,
    points: HashMap<Key, usize>,
    statements: Vec<Told>,
}

impl Builder {
    fn build(case: &Case) -> (Self, Vec<TimelineEvent>) {
        let mut builder = Self::default();
        builder.point(Key::Presentation);
        if let Some(age) = case.age() {
            // Seven years old: from the seventh birthday to the eighth.
            let days = age.value.value.days();
            let slack = if age.value.approximate { 10.0 * 365.25 } else { age.value.value.grain() };
            let statement = builder.statement(Some(age.span()), &age.id);
            let birth = builder.point(Key::Birth);
            builder.network.state(birth, 0, days, days + slack, statement);
        }
        let mut events = Vec::new();
        case.visit(&mut |list, fact| {
            if let Some(timing) = fact.timing() {
                builder.timing(fact, Moment::Start, timing);
            }
            if is_event(list, fact) {
                events.push(event(list, fact, Moment::Start, fact.timing()));
            }
        });
        for treatment in &case.treatments {
            builder.treatment(treatment, &mut events);
        }
        for finding in &case.findings {
            if let Some(resolved) = &finding.value.resolved {
                builder.timing(finding, Moment::End, resolved);
                events.push(event("findings", finding, Moment::End, Some(resolved)));
            }
        }
        for adverse in &case.adverse_events {
            if let Some(resolved) = &adverse.value.resolved {
                builder.timing(adverse, Moment::End, resolved);
            }
        }
        (builder, events)
    }

    fn point(&mut self, key: Key) -> usize {
        let network = &mut self.network;
        *self.points.entry(key).or_insert_with(|| network.point())
    }

    fn statement(&mut self, span: Option<Span>, fact: &FactId) -> usize {
        self.statements.push(Told { span, fact: fact.clone(), implied: false });
        self.statements.len() - 1
    }

    fn treatment(&mut self, fact: &Fact<case_model::Treatment>, events: &mut Vec<TimelineEvent>) {
        if fact.value.status != ActionStatus::Given {
            return;
        }
        let (start, end) = (Key::Fact(fact.id.clone(), Moment::Start), Key::Fact(fact.id.clone(), Moment::End));
        if let Some(stop) = &fact.value.stop {
            self.timing(fact, Moment::End, stop);
            events.push(event("treatments", fact, Moment::End, Some(stop)));
            let statement = self.statement(stop.span, &fact.id);
            let (from, to) = (self.point(start.clone()), self.point(end.clone()));
            self.network.state(from, to, 0.0, f64::INFINITY, statement);
        }
        for duration in &fact.value.durations {
            if let Some(extent) = &duration.offset {
                let (min, max) = extent.bounds();
                let statement = self.statement(duration.span, &fact.id);
                let (from, to) = (self.point(start.clone()), self.point(end.clone()));
                self.network.state(from, to, min.max(0.0), max, statement);
            }
        }
    }

    fn timing(&mut self, fact: &dyn AnyFact, moment: Moment, timing: &Timing) {
        let at = self.point(Key::Fact(fact.id().clone(), moment));
        if let Some((first, last)) = timing.date.and_then(date::days) {
            let statement = self.statement(timing.span, fact.id());
            let epoch = self.point(Key::Epoch);
            self.network.state(epoch, at, first, last, statement);
        }
        if let Some(age) = timing.age {
            let statement = self.statement(timing.span, fact.id());
            let birth = self.point(Key::Birth);
            self.network.state(birth, at, age.days(), age.days() + age.grain(), statement);
        }
        let Some(anchor) = self.anchor(&timing.anchor) else { return };
        if anchor == at {
            return;
        }
        let bounds = match (&timing.relation, &timing.offset) {
            (Relation::At | Relation::During, None) => Some((0.0, 0.0)),
            (Relation::After | Relation::Since | Relation::At, Some(extent)) => Some(extent.bounds()),
            (Relation::Before | Relation::Until, Some(extent)) => {
                let (min, max) = extent.bounds();
                Some((-max, -min))
            }
            (Relation::During, Some(extent)) => Some((0.0, extent.bounds().1)),
            (Relation::After | Relation::Since, None) => Some((0.0, f64::INFINITY)),
            (Relation::Before | Relation::Until, None) => Some((f64::NEG_INFINITY, 0.0)),
            _ => None,
        };
        if let Some((min, max)) = bounds {
            let statement = self.statement(timing.span, fact.id());
            self.statements[statement].implied =
                timing.offset.is_none() && (timing.date.is_some() || timing.age.is_some());
            self.network.state(anchor, at, min, max, statement);
        }
    }

    /// The point that an anchor names. `None` where it names nothing that the case knows.
    fn anchor(&mut self, anchor: &Anchor) -> Option<usize> {
        let key = match (&anchor.kind, &anchor.fact) {
            (AnchorKind::Presentation, None) => Key::Presentation,
            (AnchorKind::Birth, _) => Key::Birth,
            (AnchorKind::TreatmentStop, Some(fact)) => Key::Fact(fact.clone(), Moment::End),
            (_, Some(fact)) => Key::Fact(fact.clone(), Moment::Start),
            (kind @ (AnchorKind::Admission | AnchorKind::Discharge | AnchorKind::Diagnosis), None) => {
                Key::Named(kind.clone())
            }
            _ => return None,
        };
        Some(self.point(key))
    }
}

/// True for facts that a timeline shows: those with a time, treatments, responses, adverse events, the end.
fn is_event(list: &str, fact: &dyn AnyFact) -> bool {
    match list {
        "treatments" | "responses" | "adverse_events" | "follow_up" | "genomic_findings" => true,
        "age" | "sex" => false,
        _ => fact.timing().is_some(),
    }
}

fn event(list: &'static str, fact: &dyn AnyFact, moment: Moment, timing: Option<&Timing>) -> TimelineEvent {
    let own = fact.evidence().first().map(|e| e.span).unwrap_or_default();
    TimelineEvent {
        fact: fact.id().clone(),
        list,
        label: fact.label().into_owned(),
        moment,
        interval: None,
        span: timing.and_then(|t| t.span).unwrap_or(own),
    }
}
