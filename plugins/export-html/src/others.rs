//! What the report says of everybody but its patients: literature, opinions, recommendations, concepts in passing.

use std::borrow::Cow;
use std::collections::HashMap;

use askama::Template;
use casemill_plugin_sdk::model::{Background, Claim, ClaimKind, Report, Scope, Span};

use crate::context::Context;
use crate::topic::Topic;
use crate::view::{Badge, Cell, Codes, Group, Head, Part, Proof, Row, Table, Words, joined, note, value};
use crate::wording;

/// The part of the page on others.
#[derive(Debug, Template)]
#[template(path = "others.html")]
pub(crate) struct OthersView<'a> {
    /// Statements by kind.
    pub(crate) claims: Option<Table<'a>>,
    /// Concepts by kind.
    pub(crate) background: Option<Table<'a>>,
}

/// What the authors themselves say first.
const KINDS: [(ClaimKind, &str); 5] = [
    (ClaimKind::Recommendation, "recommendation of the authors"),
    (ClaimKind::Opinion, "opinion of the authors"),
    (ClaimKind::OpenQuestion, "open question"),
    (ClaimKind::ResearchNeed, "research that the authors ask for"),
    (ClaimKind::Statement, "statement on the literature"),
];

/// Makes the view.
pub(crate) fn view<'a>(context: &'a Context<'a>, report: &'a Report) -> OthersView<'a> {
    OthersView { claims: claims(context, &report.claims), background: background(context, &report.background) }
}

fn claims<'a>(context: &'a Context<'a>, claims: &'a [Claim]) -> Option<Table<'a>> {
    let entries: HashMap<u32, Span> =
        context.document.references.iter().filter_map(|r| Some((r.number?, r.span))).collect();
    let mut groups: Vec<(&ClaimKind, Group<'a>)> = Vec::new();
    for claim in claims {
        let row = Row {
            fact: match context.link(&claim.id) {
                Some(link) => link,
                None => continue,
            },
            id: claim.id.as_str(),
            head: Head { parts: statement(context, claim), ..Head::default() },
            cells: vec![about(claim), numbers(claim), citations(context, &entries, claim)],
            proof: Proof::default(),
        };
        add(&mut groups, &claim.kind, row, || {
            let name = KINDS.iter().find(|(kind, _)| *kind == claim.kind).map(|(_, name)| Cow::Borrowed(*name));
            name.unwrap_or_else(|| wording::plain(claim.kind.as_str()))
        });
    }
    groups.sort_by_key(|(kind, _)| KINDS.iter().position(|(k, _)| k == *kind).unwrap_or(KINDS.len()));
    let groups = groups.into_iter().map(|(_, group)| group).collect();
    let columns = ("Statement", &["About", "Numbers and population", "Cites"][..]);
    Table::new("o:claims".to_owned(), "Statements", Topic::Literature, columns, groups)
}

fn add<'a, K: PartialEq>(groups: &mut Vec<(K, Group<'a>)>, key: K, row: Row<'a>, name: impl FnOnce() -> Cow<'a, str>) {
    match groups.iter_mut().find(|(k, _)| *k == key) {
        Some((_, group)) => group.rows.push(row),
        None => {
            let badge = Some(Badge { sign: "", word: name(), tone: "plain" });
            groups.push((key, Group { badge, rows: vec![row] }));
        }
    }
}

fn statement<'a>(context: &Context<'a>, claim: &'a Claim) -> Cell<'a> {
    // A statement is its words: they stand here in full, not shortened as beside a value.
    claim
        .evidence
        .iter()
        .map(|e| Part::Said("", Words { quote: Cow::Borrowed(&e.quote), ..context.evidence(e) }))
        .collect()
}

fn about(claim: &Claim) -> Cell<'_> {
    let subjects = joined(claim.subjects.iter().map(|s| Cow::Borrowed(s.as_str())), ", ").map(value);
    let scope = Some(&claim.scope).filter(|s| **s != Scope::Literature);
    subjects.into_iter().chain(scope.map(|s| note(wording::plain(s.as_str())))).collect()
}

fn numbers(claim: &Claim) -> Cell<'_> {
    let values = claim.values.iter().flat_map(|v| {
        let gap = if v.unit.is_empty() || v.unit == "%" { "" } else { " " };
        let what = Some(v.what.as_str()).filter(|w| !w.is_empty()).map(note);
        std::iter::once(value(format!("{}{gap}{}", v.value, v.unit))).chain(what)
    });
    values.chain(claim.population.iter().map(|p| note(format!("population: {p}")))).collect()
}

fn citations<'a>(context: &Context<'a>, entries: &HashMap<u32, Span>, claim: &'a Claim) -> Cell<'a> {
    let reference = |number: &u32| {
        let entry = entries.get(number).copied();
        Part::Place(Words {
            place: entry.and_then(|span| context.place(span)),
            quote: number.to_string().into(),
            language: None,
            tip: entry.map(|span| context.document.words(span).to_owned()).unwrap_or_default(),
        })
    };
    claim.citations.iter().map(reference).collect()
}

fn background<'a>(context: &'a Context<'a>, background: &'a [Background]) -> Option<Table<'a>> {
    let mut groups: Vec<(&str, Group<'a>)> = Vec::new();
    for item in background {
        let Some(fact) = context.link(&item.id) else { continue };
        let head = Head { codes: Codes(&item.codings), ..Head::named(item.label.as_str()) };
        let said_of = match &item.scope {
            Scope::Literature => "literature".into(),
            other => wording::plain(other.as_str()),
        };
        let proof = Proof { words: item.evidence.iter().map(|e| context.evidence(e)).collect(), ..Proof::default() };
        let row = Row { fact, id: item.id.as_str(), head, cells: vec![vec![value(said_of)]], proof };
        add(&mut groups, item.kind.as_str(), row, || wording::plain(&item.kind));
    }
    let groups = groups.into_iter().map(|(_, group)| group).collect();
    let columns = ("Concept", &["Said of"][..]);
    Table::new("o:background".to_owned(), "Concepts in passing", Topic::Literature, columns, groups)
}
