//! The patient's events in time: drawn, and told as a list.
//!
//! ```text
//! Case ──frames──> Frame* ──lanes──> Lane* ──scale, svg──> picture
//! ```
//!
//! A case report often says when things happened "after 2 months of treatment" without saying when the treatment began.
//! Such events cannot stand on one axis with those that count from presentation. Each set of events that the text ties
//! together gets a frame, a picture with its own time zero; what is tied to nothing is listed in the order of the text.

mod frames;
mod lanes;
mod scale;
mod svg;

use std::collections::HashSet;

use case_timeline::{Conflict, Moment, Timeline};
use casemill_plugin_sdk::model::{ActionStatus, Case, DayInterval};

use crate::context::Context;
use crate::patient::Chart;
use crate::view::{FactLink, Words};
use crate::wording;

use frames::Frame;

/// Events in one picture at most. Beyond, the list is the better view.
const DRAWN: usize = 250;

/// Everything the page shows of a patient's times.
#[derive(Debug)]
pub(crate) struct TimelineView<'a> {
    /// Pictures, the one from presentation first.
    pub(crate) panels: Vec<Panel<'a>>,
    /// Events whose time the text leaves open, in its order.
    pub(crate) open: Vec<FactLink<'a>>,
    /// Sets of times that cannot all hold.
    pub(crate) conflicts: Vec<Vec<Words<'a>>>,
}

/// One picture with its events as a list.
#[derive(Debug)]
pub(crate) struct Panel<'a> {
    /// What time zero is: `presentation`, `the start of larotrectinib`.
    pub(crate) origin: String,
    /// True if the text does not say how long after presentation time zero is.
    pub(crate) floating: bool,
    /// The picture; `None` for more events than one can show.
    pub(crate) svg: Option<String>,
    /// Its events in order.
    pub(crate) events: Vec<Event<'a>>,
    /// True if a long stretch without events is drawn short.
    pub(crate) shortened: bool,
}

/// An event in a list.
#[derive(Debug)]
pub(crate) struct Event<'a> {
    /// When, in words.
    pub(crate) when: String,
    /// The fact.
    pub(crate) fact: FactLink<'a>,
    /// What of it: empty for the fact itself or its beginning, else `ends`.
    pub(crate) what: &'static str,
}

/// Makes the timeline of a case.
pub(crate) fn view<'a>(chart: &Chart<'a>, timeline: &'a Timeline) -> TimelineView<'a> {
    let (context, case) = (chart.context, chart.case);
    let frames = frames::frames(case, timeline);
    let placed: HashSet<&str> = frames.iter().flat_map(|f| &f.placed).map(|p| p.fact.as_str()).collect();
    let excluded = not_done(case);
    let mut open: Vec<FactLink<'a>> = Vec::new();
    for event in timeline.events.iter().filter(|e| e.moment == Moment::Start && e.list != frames::FAMILY) {
        let id = event.fact.as_str();
        if !placed.contains(id) && !excluded.contains(id) {
            open.extend(context.link(&event.fact));
        }
    }
    let panels = frames.iter().map(|frame| panel(context, case, frame)).collect();
    TimelineView { panels, open, conflicts: conflicts(context, &timeline.conflicts) }
}

/// Treatments and procedures that did not take place: no events, unless the text gives them a time.
fn not_done(case: &Case) -> HashSet<&str> {
    let treatments = case.treatments.iter().filter(|t| t.value.status != ActionStatus::Given).map(|t| t.id.as_str());
    let procedures = case.procedures.iter().filter(|p| p.value.status != ActionStatus::Given).map(|p| p.id.as_str());
    treatments.chain(procedures).collect()
}

fn panel<'a>(context: &'a Context<'a>, case: &'a Case, frame: &Frame) -> Panel<'a> {
    let origin = match &frame.origin {
        None => "presentation".to_owned(),
        Some((fact, moment)) => {
            let name = context.link(fact).map_or("an event", |link| link.name);
            let treatment = case.treatments.iter().any(|t| t.id == *fact);
            match moment {
                Moment::End => format!("the end of {name}"),
                Moment::Start if treatment => format!("the start of {name}"),
                Moment::Start => name.to_owned(),
            }
        }
    };
    let mut placed: Vec<_> = frame.placed.iter().collect();
    placed.sort_by(|a, b| a.days.middle().total_cmp(&b.days.middle()));
    let events: Vec<Event<'a>> = placed
        .into_iter()
        .filter_map(|p| {
            let what = if p.moment == Moment::End { "ends" } else { "" };
            Some(Event { when: when(p.days, &origin), fact: context.link(&p.fact)?, what })
        })
        .collect();
    let picture = (events.len() <= DRAWN).then(|| svg::draw(&lanes::lanes(context, case, frame), &origin, &events));
    let shortened = picture.as_ref().is_some_and(|p| p.shortened);
    Panel { floating: frame.origin.is_some(), svg: picture.map(|p| p.svg), shortened, events, origin }
}

fn when(days: DayInterval, origin: &str) -> String {
    wording::sentence(&wording::time::interval(days, origin)).into_owned()
}

fn conflicts<'a>(context: &Context<'a>, conflicts: &[Conflict]) -> Vec<Vec<Words<'a>>> {
    let words = |conflict: &Conflict| {
        conflict.statements.iter().map(|span| context.words(*span, context.document.words(*span))).collect()
    };
    conflicts.iter().map(words).collect()
}
