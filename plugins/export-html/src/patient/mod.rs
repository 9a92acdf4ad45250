//! One patient: summary, timeline and tables.

mod adverse;
mod diagnoses;
mod findings;
mod genomics;
mod imaging;
mod outcome;
mod pathology;
mod subject;
mod summary;
mod treatment;

use std::borrow::Cow;
use std::collections::HashMap;

use askama::Template;
use case_timeline::{Moment, Timeline};
use casemill_plugin_sdk::model::{AnchorKind, AnyFact, Case, DayInterval, Fact, Statement, Timing};
use casemill_plugin_sdk::serde_json;

use crate::context::Context;
use crate::timeline::{self, TimelineView};
use crate::view::{Badge, Cell, Group, Head, Part, Row, Table, Words, note, value};
use crate::wording;

use summary::Item;

/// A field that readers expect and the text does not give.
#[derive(Debug)]
pub(crate) struct Missing<'a> {
    /// The field.
    pub(crate) field: &'a str,
    /// Why it counts as not reported.
    pub(crate) reason: &'a str,
}

/// Data of a plugin that the record has no place for.
#[derive(Debug)]
pub(crate) struct Extension<'a> {
    /// The plugin.
    pub(crate) plugin: &'a str,
    /// Its data.
    pub(crate) json: String,
}

/// One patient on the page.
#[derive(Debug, Template)]
#[template(path = "patient.html")]
pub(crate) struct PatientView<'a> {
    /// Start of the ids of its parts: `p:1`.
    pub(crate) anchor: String,
    /// `Patient 1`, or `Patient` in a report of one.
    pub(crate) heading: String,
    /// Sex, age and diagnosis in one line.
    pub(crate) line: String,
    /// The text's own name for the case.
    pub(crate) label: Option<Words<'a>>,
    /// The words with which the patient presents.
    pub(crate) presentation: Option<Words<'a>>,
    /// The case in the order in which a clinician tells it.
    pub(crate) summary: Vec<Item<'a>>,
    /// What a clinician would tell and the record does not hold.
    pub(crate) untold: String,
    /// Events in time.
    pub(crate) timeline: TimelineView<'a>,
    /// All facts.
    pub(crate) tables: Vec<Table<'a>>,
    /// What the text does not give.
    pub(crate) missing: Vec<Missing<'a>>,
    /// Figures that show the patient, each with its place in the text.
    pub(crate) figures: Vec<Words<'a>>,
    /// Data of plugins.
    pub(crate) extensions: Vec<Extension<'a>>,
}

/// A case while its part of the page is made.
#[derive(Debug)]
pub(crate) struct Chart<'a> {
    pub(crate) context: &'a Context<'a>,
    pub(crate) case: &'a Case,
    anchor: String,
    moments: HashMap<(&'a str, Moment), DayInterval>,
}

impl<'a> Chart<'a> {
    fn new(context: &'a Context<'a>, case: &'a Case, anchor: String, timeline: &'a Timeline) -> Self {
        let resolved = timeline.events.iter().filter_map(|e| Some(((e.fact.as_str(), e.moment), e.interval?)));
        Self { context, case, anchor, moments: resolved.collect() }
    }

    /// Id of a part.
    fn part(&self, name: &str) -> String {
        format!("{}:{name}", self.anchor)
    }

    /// When: the words, what they count from, and the days from presentation where the text ties them to it.
    fn when(&self, fact: &dyn AnyFact, timing: Option<&'a Timing>, moment: Moment) -> Cell<'a> {
        let mut cell = timing.map(|t| self.stated(t)).unwrap_or_default();
        let known =
            timing.and_then(|t| t.interval).or_else(|| self.moments.get(&(fact.id().as_str(), moment)).copied());
        let direct = timing.is_some_and(|t| t.anchor.kind == AnchorKind::Presentation && t.offset.is_some());
        cell.extend(known.map(|days| {
            // The distance from presentation stands there already: the days say how exact it is.
            note(if direct { wording::time::days(days) } else { wording::time::interval(days, "presentation") })
        }));
        cell
    }

    /// A time as the text states it, and what it counts from.
    fn stated(&self, timing: &'a Timing) -> Cell<'a> {
        let mut cell = Vec::new();
        if let Some(span) = timing.span {
            cell.push(Part::Said("", self.context.words(span, &timing.quote)));
        }
        cell.extend(timing.date.map(|date| value(date.to_string())));
        cell.extend(timing.age.map(|age| value(format!("at the age of {}", wording::time::duration(age)))));
        if cell.len() < 2 {
            let event = timing.anchor.fact.as_ref().and_then(|id| self.context.link(id));
            let counted = wording::time::relation(timing, event.map(|e| e.name));
            if !counted.is_empty() {
                cell.push(note(counted));
            }
        }
        cell
    }

    /// The words for how long something lasted.
    fn lengths(&self, durations: &'a [Timing]) -> Cell<'a> {
        let mut cell = Vec::new();
        for duration in durations {
            if let Some(length) = &duration.offset {
                cell.push(value(wording::time::extent(length)));
            }
            if let Some(span) = duration.span {
                cell.push(Part::Said("", self.context.words(span, &duration.quote)));
            }
        }
        cell
    }

    /// The row of a fact.
    fn row(&self, fact: &'a dyn AnyFact, head: Head<'a>, cells: Vec<Cell<'a>>) -> Option<Row<'a>> {
        self.context.row(fact, head, cells)
    }

    /// The row head of a fact.
    fn head(&self, fact: &'a dyn AnyFact, name: impl Into<Cow<'a, str>>) -> Head<'a> {
        self.context.head(fact, name)
    }

    /// Words of a fact in a cell of their own.
    fn said(&self, statement: Option<&'a Statement>) -> Cell<'a> {
        statement.map(|s| self.context.said("", s)).into_iter().collect()
    }
}

/// Rows grouped by a state, in the order in which `order` names the states first.
fn grouped<'a, T, K: PartialEq>(
    facts: &'a [Fact<T>],
    key: impl Fn(&'a Fact<T>) -> (K, Badge<'a>),
    order: &[K],
    row: impl Fn(&'a Fact<T>) -> Option<Row<'a>>,
) -> Vec<Group<'a>> {
    let mut groups: Vec<(K, Group<'a>)> = Vec::new();
    for fact in facts {
        let (state, badge) = key(fact);
        let position = groups.iter().position(|(k, _)| *k == state).unwrap_or_else(|| {
            groups.push((state, Group { badge: Some(badge), rows: Vec::new() }));
            groups.len() - 1
        });
        groups[position].1.rows.extend(row(fact));
    }
    groups.sort_by_key(|(state, _)| order.iter().position(|k| k == state).unwrap_or(order.len()));
    groups.into_iter().map(|(_, group)| group).collect()
}

/// Facts by the order in which `order` names their states, else in the order of the text.
fn sorted<'a, T, K: PartialEq>(facts: &'a [Fact<T>], key: impl Fn(&T) -> &K, order: &[K]) -> Vec<&'a Fact<T>> {
    let mut facts: Vec<&Fact<T>> = facts.iter().collect();
    facts.sort_by_key(|f| order.iter().position(|k| k == key(&f.value)).unwrap_or(order.len()));
    facts
}

/// Makes the part of the page for the patient at `index` of `of`.
pub(crate) fn view<'a>(
    context: &'a Context<'a>,
    case: &'a Case,
    timeline: &'a Timeline,
    (index, of): (usize, usize),
) -> PatientView<'a> {
    let anchor = format!("p:{}", index + 1);
    let chart = Chart::new(context, case, anchor.clone(), timeline);
    let tables = [
        subject::patient(&chart),
        findings::findings(&chart),
        findings::measurements(&chart),
        imaging::studies(&chart),
        imaging::sites(&chart),
        imaging::sizes(&chart),
        diagnoses::diagnoses(&chart),
        pathology::specimens(&chart),
        pathology::morphology(&chart),
        pathology::markers(&chart),
        genomics::genomics(&chart),
        treatment::treatments(&chart),
        treatment::procedures(&chart),
        outcome::responses(&chart),
        adverse::adverse_events(&chart),
        outcome::follow_up(&chart),
        subject::family(&chart),
        subject::added(&chart),
    ];
    let (summary, untold) = summary::items(&chart);
    PatientView {
        heading: if of > 1 { format!("Patient {}", index + 1) } else { "Patient".to_owned() },
        line: line(case),
        label: case.label.as_ref().map(|s| context.words(s.span, &s.quote)),
        presentation: case.presentation.as_ref().map(|s| context.words(s.span, &s.quote)),
        summary,
        untold,
        timeline: timeline::view(&chart, timeline),
        tables: tables.into_iter().flatten().collect(),
        missing: case.not_reported.iter().map(|m| Missing { field: &m.field, reason: &m.reason }).collect(),
        figures: figures(context, case),
        extensions: case.extensions.iter().map(|(plugin, data)| extension(plugin, data)).collect(),
        anchor,
    }
}

/// Sex, age and main diagnosis, with its certainty unless that is beyond doubt.
pub(crate) fn line(case: &Case) -> String {
    let patient = wording::patient(case.sex(), case.age());
    let diagnosis = summary::main_diagnoses(case).first().map(|d| wording::diagnosis(&d.value));
    let parts: Vec<String> = patient.into_iter().chain(diagnosis).collect();
    if parts.is_empty() { "Age, sex and diagnosis not reported".to_owned() } else { parts.join(" · ") }
}

fn figures<'a>(context: &'a Context<'a>, case: &'a Case) -> Vec<Words<'a>> {
    let place = |label: &str| context.document.figures.iter().find(|f| f.label == label).map(|f| f.span);
    let words = |label: &'a String| Words {
        place: place(label).and_then(|span| context.place(span)),
        quote: label.as_str().into(),
        language: None,
        tip: String::new(),
    };
    case.figures.iter().map(words).collect()
}

fn extension<'a>(plugin: &'a str, data: &serde_json::Value) -> Extension<'a> {
    Extension { plugin, json: serde_json::to_string_pretty(data).unwrap_or_default() }
}
