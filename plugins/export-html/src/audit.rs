//! What the validators found: diagnostics with their places quoted, and checklists.

use std::borrow::Cow;

use askama::Template;
use casemill_plugin_sdk::model::{
    Audit, Checklist, ChecklistItem, Diagnostic, ItemStatus, Label, Report, Severity, Span,
};

use crate::context::{Context, boundary};
use crate::view::{Badge, Words};
use crate::wording;

/// Letters shown before and after the words of a place.
const AROUND: usize = 60;
/// Letters of the words of a place; the link leads to the whole.
const WORDS: usize = 200;

/// A place of a diagnostic with the words around it.
#[derive(Debug)]
pub(crate) struct PlaceView<'a> {
    /// Offset in the text.
    pub(crate) place: Option<u32>,
    /// Words before it in its sentence.
    pub(crate) before: Cow<'a, str>,
    /// The words.
    pub(crate) words: Cow<'a, str>,
    /// Words after it in its sentence.
    pub(crate) after: Cow<'a, str>,
    /// What the validator says of this place.
    pub(crate) message: &'a str,
    /// Line and column of the input.
    pub(crate) input: Option<String>,
}

/// A diagnostic.
#[derive(Debug)]
pub(crate) struct FindingView<'a> {
    /// Its number in the audit, from 1.
    pub(crate) number: usize,
    /// Severity.
    pub(crate) badge: Badge<'a>,
    /// Code of the rule.
    pub(crate) rule: &'a str,
    /// What is found.
    pub(crate) message: &'a str,
    /// What can be done.
    pub(crate) help: Option<&'a str>,
    /// Number of the patient it concerns, in a report of several.
    pub(crate) patient: Option<usize>,
    /// Where.
    pub(crate) places: Vec<PlaceView<'a>>,
}

/// An item of a checklist.
#[derive(Debug)]
pub(crate) struct ItemView<'a> {
    /// 0 for an item, 1 for a sub-item.
    pub(crate) depth: usize,
    /// Number in the guideline.
    pub(crate) number: &'a str,
    /// Name.
    pub(crate) title: &'a str,
    /// State.
    pub(crate) badge: Badge<'a>,
    /// What is there and what is missing.
    pub(crate) note: &'a str,
    /// The words that show it.
    pub(crate) words: Vec<Words<'a>>,
}

/// A guideline held against the report.
#[derive(Debug)]
pub(crate) struct ChecklistView<'a> {
    /// Its position, from 1.
    pub(crate) number: usize,
    /// Name.
    pub(crate) title: &'a str,
    /// How many items there are in each state, as words; sub-items left out.
    pub(crate) counts: Vec<Badge<'a>>,
    /// Items and sub-items in order.
    pub(crate) items: Vec<ItemView<'a>>,
}

/// All of the audit.
#[derive(Debug, Template)]
#[template(path = "audit.html")]
pub(crate) struct AuditView<'a> {
    /// Diagnostics, the gravest first, then in the order of the text.
    pub(crate) findings: Vec<FindingView<'a>>,
    /// How many of each severity, as words.
    pub(crate) counts: Vec<Badge<'a>>,
    /// Checklists.
    pub(crate) checklists: Vec<ChecklistView<'a>>,
    /// Rules that the user switched off.
    pub(crate) switched_off: &'a [String],
}

/// Makes the view of a report's audit.
pub(crate) fn view<'a>(context: &Context<'a>, report: &'a Report) -> AuditView<'a> {
    let Audit { diagnostics, checklists, switched_off } = &report.audit;
    let mut order: Vec<(usize, &'a Diagnostic)> = diagnostics.iter().enumerate().collect();
    order.sort_by_key(|(_, d)| std::cmp::Reverse(d.severity));
    let counts = [Severity::Error, Severity::Warning, Severity::Info].into_iter().filter_map(|severity| {
        let n = diagnostics.iter().filter(|d| d.severity == severity).count();
        let badge = wording::badge::severity(severity);
        let word = if severity == Severity::Info { format!("{n} info") } else { wording::count(n, &badge.word) };
        (n > 0).then(|| Badge { word: word.into(), ..badge })
    });
    AuditView {
        counts: counts.collect(),
        findings: order.into_iter().map(|(i, d)| finding(context, report, i + 1, d)).collect(),
        checklists: checklists.iter().enumerate().map(|(i, c)| checklist(context, i + 1, c)).collect(),
        switched_off,
    }
}

fn finding<'a>(
    context: &Context<'a>,
    report: &'a Report,
    number: usize,
    diagnostic: &'a Diagnostic,
) -> FindingView<'a> {
    let patient = diagnostic.case.as_ref().and_then(|id| report.cases.iter().position(|c| c.id == *id));
    FindingView {
        number,
        badge: wording::badge::severity(diagnostic.severity),
        rule: &diagnostic.rule,
        message: &diagnostic.message,
        help: diagnostic.help.as_deref(),
        patient: patient.filter(|_| report.cases.len() > 1).map(|i| i + 1),
        places: diagnostic.labels.iter().map(|label| place(context, label)).collect(),
    }
}

fn place<'a>(context: &Context<'a>, label: &'a Label) -> PlaceView<'a> {
    let document = context.document;
    let sentence = sentence(&document.sentences, label.span);
    let (from, to) = (label.span.start as usize, label.span.end as usize);
    let before = document.text.get(sentence.start as usize..from).unwrap_or_default();
    let after = document.text.get(to..sentence.end as usize).unwrap_or_default();
    PlaceView {
        place: context.place(label.span),
        before: last_words(before),
        words: first_words(document.words(label.span), WORDS),
        after: first_words(after, AROUND),
        message: &label.message,
        input: label.place.map(|p| format!("line {}, column {}", p.line, p.column)),
    }
}

/// The start of a text, with a sign that there is more. Cut between words where it has any.
fn first_words(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most {
        return Cow::Borrowed(text);
    }
    let head = &text[..boundary(text, most)];
    let words = head.rfind(char::is_whitespace).map_or(head, |at| &head[..at]);
    Cow::Owned(format!("{words} …"))
}

/// The end of a text, with a sign that there is more before it.
fn last_words(text: &str) -> Cow<'_, str> {
    if text.len() <= AROUND {
        return Cow::Borrowed(text);
    }
    let tail = &text[boundary(text, text.len() - AROUND)..];
    let words = tail.find(char::is_whitespace).map_or(tail, |at| &tail[at..]);
    Cow::Owned(format!("…{words}"))
}

/// The sentence that holds the start of a span; the span itself where there is none.
fn sentence(sentences: &[Span], span: Span) -> Span {
    let next = sentences.partition_point(|s| s.start <= span.start);
    let found = next.checked_sub(1).map(|i| sentences[i]).filter(|s| span.start < s.end);
    found.map_or(span, |s| s.hull(span))
}

fn checklist<'a>(context: &Context<'a>, number: usize, checklist: &'a Checklist) -> ChecklistView<'a> {
    let mut items = Vec::new();
    flatten(context, &checklist.items, 0, &mut items);
    let states = [ItemStatus::Present, ItemStatus::Partial, ItemStatus::Absent, ItemStatus::NotApplicable];
    let counts = states.iter().filter_map(|state| {
        let n = checklist.items.iter().filter(|i| i.status == *state).count();
        let Badge { sign, word, tone } = wording::badge::item(state);
        (n > 0).then(|| Badge { sign, word: format!("{n} {word}").into(), tone })
    });
    ChecklistView { number, title: &checklist.title, counts: counts.collect(), items }
}

fn flatten<'a>(context: &Context<'a>, items: &'a [ChecklistItem], depth: usize, out: &mut Vec<ItemView<'a>>) {
    for item in items {
        out.push(ItemView {
            depth,
            number: &item.number,
            title: &item.title,
            badge: wording::badge::item(&item.status),
            note: &item.note,
            words: item.evidence.iter().map(|e| context.evidence(e)).collect(),
        });
        flatten(context, &item.items, depth + 1, out);
    }
}
