//! Which marks stand on which line of the picture.

use std::collections::{HashMap, HashSet};

use case_timeline::Moment;
use casemill_plugin_sdk::model::{
    ActionStatus, Assertion, Case, DayInterval, FactId, GenomicResult, TreatmentKind, VitalStatus,
};

use super::frames::Frame;
use crate::context::Context;
use crate::topic::Topic;
use crate::view::FactLink;
use crate::wording;

/// How a mark looks. Kinds differ in form, so that they can be told apart without colour.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Glyph {
    /// A finding, or anything without a form of its own.
    Dot,
    /// Said to be absent, or not carried out.
    Ring,
    /// An investigation.
    Square,
    /// A diagnosis.
    Diamond,
    /// A procedure or operation.
    Plus,
    /// An adverse event.
    Triangle,
    /// A response, with its category inside.
    Response(String),
    /// The patient is alive.
    Arrow,
    /// The patient died.
    Cross,
    /// A bar: a treatment.
    Bar,
}

/// How a mark ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Ending {
    /// It is a point in time.
    Point,
    /// Known.
    At(DayInterval),
    /// The text leaves it open.
    Open,
    /// The text says that it goes on.
    Ongoing,
}

/// A mark: one fact, or several of a kind at the same time.
#[derive(Clone, Debug)]
pub(super) struct Mark<'a> {
    pub(super) facts: Vec<FactLink<'a>>,
    /// Names, each once.
    pub(super) labels: Vec<String>,
    pub(super) glyph: Glyph,
    /// `None` for a treatment of which the text gives the end alone.
    pub(super) start: Option<DayInterval>,
    pub(super) ending: Ending,
}

/// A line with its marks.
#[derive(Clone, Debug)]
pub(super) struct Lane<'a> {
    pub(super) name: &'static str,
    pub(super) topic: Topic,
    pub(super) marks: Vec<Mark<'a>>,
}

/// Lines from top to bottom: name and the lists of the case that stand on it.
const LANES: [(&str, &[&str]); 8] = [
    ("Findings", &["findings"]),
    ("Diagnosis", &["diagnoses"]),
    (
        "Investigations",
        &[
            "imaging",
            "measurements",
            "sites",
            "tumour_sizes",
            "specimens",
            "morphology",
            "marker_tests",
            "genomic_findings",
        ],
    ),
    ("Procedures", &["procedures"]),
    ("Treatments", &["treatments"]),
    ("Responses", &["responses"]),
    ("Adverse events", &["adverse_events"]),
    ("Follow-up", &["follow_up"]),
];

/// What the picture says of a fact beside its name.
struct Look {
    label: Option<String>,
    glyph: Glyph,
    ongoing: bool,
}

/// The lines of a frame that have marks.
pub(super) fn lanes<'a>(context: &'a Context<'a>, case: &'a Case, frame: &Frame) -> Vec<Lane<'a>> {
    let looks = looks(case);
    let mut days: HashMap<(&str, Moment), DayInterval> = HashMap::new();
    let mut order: Vec<(&str, &str)> = Vec::new();
    let mut known: HashSet<&str> = HashSet::new();
    for placed in &frame.placed {
        let id = placed.fact.as_str();
        days.insert((id, placed.moment), placed.days);
        if known.insert(id) {
            order.push((placed.list, id));
        }
    }
    let mut lanes = Vec::new();
    for (name, lists) in LANES {
        let mut marks: Vec<Mark<'a>> = Vec::new();
        for (_, id) in order.iter().filter(|(list, _)| lists.contains(list)) {
            let moments = (days.get(&(*id, Moment::Start)).copied(), days.get(&(*id, Moment::End)).copied());
            if let Some(mark) = mark(context, looks.get(id), id, lists[0], moments) {
                add(&mut marks, mark);
            }
        }
        if !marks.is_empty() {
            lanes.push(Lane { name, topic: Topic::of_list(lists[0]), marks });
        }
    }
    lanes
}

fn mark<'a>(
    context: &'a Context<'a>,
    look: Option<&Look>,
    id: &str,
    list: &str,
    (start, end): (Option<DayInterval>, Option<DayInterval>),
) -> Option<Mark<'a>> {
    let fact = context.link(&FactId::new(id))?;
    let glyph = look.map_or(Glyph::Square, |l| l.glyph.clone());
    let lasts = matches!(glyph, Glyph::Bar | Glyph::Triangle) || (list == "findings" && glyph == Glyph::Dot);
    let ending = match end {
        Some(days) => Ending::At(days),
        None if look.is_some_and(|l| l.ongoing) => Ending::Ongoing,
        None if lasts => Ending::Open,
        None => Ending::Point,
    };
    let label = look.and_then(|l| l.label.clone()).unwrap_or_else(|| fact.name.to_owned());
    Some(Mark { facts: vec![fact], labels: vec![label], glyph, start, ending })
}

/// Adds a mark; several of a kind at the same time become one. They come in the order of time.
fn add<'a>(marks: &mut Vec<Mark<'a>>, mark: Mark<'a>) {
    let same = |m: &&mut Mark<'a>| m.glyph == mark.glyph && m.ending == mark.ending;
    match marks.iter_mut().rev().take_while(|m| m.start == mark.start).find(same) {
        Some(other) if other.glyph != Glyph::Bar => {
            for label in mark.labels {
                if !other.labels.contains(&label) {
                    other.labels.push(label);
                }
            }
            other.facts.extend(mark.facts);
        }
        _ => marks.push(mark),
    }
}

fn looks(case: &Case) -> HashMap<&str, Look> {
    let look = |label, glyph, ongoing| Look { label, glyph, ongoing };
    let mut looks = HashMap::new();
    for f in &case.findings {
        let glyph = if f.assertion == Assertion::Absent { Glyph::Ring } else { Glyph::Dot };
        looks.insert(f.id.as_str(), look(None, glyph, false));
    }
    for d in &case.diagnoses {
        looks.insert(d.id.as_str(), look(None, Glyph::Diamond, false));
    }
    for g in case.genomic_findings.iter().filter(|g| g.value.result == GenomicResult::NotDetected) {
        looks.insert(g.id.as_str(), look(None, Glyph::Ring, false));
    }
    for p in &case.procedures {
        let glyph = if p.value.status == ActionStatus::Given { Glyph::Plus } else { Glyph::Ring };
        looks.insert(p.id.as_str(), look(None, glyph, false));
    }
    for t in &case.treatments {
        let name = wording::treatment(&t.value);
        let label = wording::doses(&t.value.doses).map(|doses| format!("{name} {doses}"));
        let glyph = match (&t.value.status, &t.value.kind) {
            (ActionStatus::Given, TreatmentKind::Surgery) => Glyph::Plus,
            (ActionStatus::Given, _) => Glyph::Bar,
            _ => Glyph::Ring,
        };
        looks.insert(t.id.as_str(), look(label, glyph, t.value.ongoing));
    }
    for r in &case.responses {
        looks.insert(r.id.as_str(), look(None, Glyph::Response(r.value.category.as_str().to_owned()), false));
    }
    for a in &case.adverse_events {
        let label = a.value.grade.map(|grade| format!("{} (grade {grade})", a.value.label));
        looks.insert(a.id.as_str(), look(label, Glyph::Triangle, false));
    }
    for f in &case.follow_up {
        let glyph = match f.value.vital_status {
            VitalStatus::Dead => Glyph::Cross,
            VitalStatus::Alive => Glyph::Arrow,
            _ => Glyph::Dot,
        };
        looks.insert(f.id.as_str(), look(None, glyph, false));
    }
    looks
}
