//! Invariants of the record.

use std::collections::HashSet;
use std::fmt;

use serde_json::Value;

use crate::{
    Audit, Background, Case, ChecklistItem, Claim, Coding, Document, Evidence, Extraction, FactId, Report, Scope, Span,
    Statement, Timing,
};

/// A way in which a record breaks its rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Where in the record: `cases[0].findings[3] (finding-4k2v7q1c)`.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}

/// Lists every violation of the invariants in a report. An empty list means that the record keeps its promises:
///
/// - every span lies in the text on character boundaries, and every quote is the text at its span;
/// - every fact has at least one evidence, or says from which facts it follows;
/// - facts of a case are about the patient, but for the family history; background and claims are not;
/// - ids are unique and every named fact exists;
/// - every code is a CURIE with a label, and the release of its prefix is named;
/// - times are ordered; grades and lines are in range; sections and sentences stand in order;
/// - facts and data of plugins name the plugin, and quote the text where they quote.
pub fn check(report: &Report) -> Vec<Violation> {
    let mut checker = Checker::new(&report.document.text);
    checker.document(&report.document);
    checker.content(&report.cases, &report.claims, &report.background);
    checker.prefixes = Some(report.terminologies.iter().map(|t| t.prefix.as_str()).collect());
    checker.finish();
    checker.audit(&report.audit);
    checker.found
}

/// Lists every violation in what an extractor made of a document with this text.
pub fn check_extraction(text: &str, extraction: &Extraction) -> Vec<Violation> {
    let mut checker = Checker::new(text);
    checker.content(&extraction.cases, &extraction.claims, &extraction.background);
    checker.prefixes = Some(extraction.terminologies.iter().map(|t| t.prefix.as_str()).collect());
    checker.finish();
    for (i, diagnostic) in extraction.diagnostics.iter().enumerate() {
        for label in &diagnostic.labels {
            checker.at(label.span, || format!("diagnostics[{i}] ({})", diagnostic.rule));
        }
    }
    checker.found
}

struct Checker<'a> {
    text: &'a str,
    found: Vec<Violation>,
    ids: HashSet<&'a str>,
    named: Vec<(String, &'a FactId)>,
    codes: HashSet<&'a str>,
    prefixes: Option<HashSet<&'a str>>,
}

impl<'a> Checker<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, found: Vec::new(), ids: HashSet::new(), named: Vec::new(), codes: HashSet::new(), prefixes: None }
    }

    fn say(&mut self, path: String, message: impl Into<String>) {
        self.found.push(Violation { path, message: message.into() });
    }

    fn at(&mut self, span: Span, path: impl Fn() -> String) -> Option<&'a str> {
        let words = if span.start <= span.end { span.of(self.text) } else { None };
        if words.is_none() {
            let problem = if span.start > span.end {
                "ends before it starts"
            } else if span.end as usize > self.text.len() {
                "lies beyond the end of the text"
            } else {
                "does not lie on character boundaries"
            };
            self.say(path(), format!("span [{}, {}) {problem}", span.start, span.end));
        }
        words
    }

    fn quote(&mut self, span: Span, quote: &str, path: impl Fn() -> String) {
        if let Some(words) = self.at(span, &path)
            && words != quote
        {
            self.say(path(), format!("quotes {quote:?} where the text at [{}, {}) is {words:?}", span.start, span.end));
        }
    }

    fn statement(&mut self, statement: &Statement, path: impl Fn() -> String) {
        self.quote(statement.span, &statement.quote, path);
    }

    fn evidence(&mut self, evidence: &[Evidence], path: &impl Fn() -> String) {
        for e in evidence {
            self.quote(e.span, &e.quote, path);
            if e.quote.is_empty() {
                self.say(path(), "has an evidence without words");
            }
        }
    }

    fn timing(&mut self, timing: &Timing, path: &impl Fn() -> String) {
        if let Some(span) = timing.span {
            self.quote(span, &timing.quote, path);
        }
        if let Some(interval) = timing.interval
            && interval.min.partial_cmp(&interval.max).is_none_or(std::cmp::Ordering::is_gt)
        {
            self.say(path(), format!("has a time from day {} to day {}", interval.min, interval.max));
        }
    }

    fn coding(&mut self, coding: &'a Coding, path: &impl Fn() -> String) {
        let prefix = coding.prefix();
        let curie = !prefix.is_empty()
            && prefix.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
            && !coding.local().is_empty()
            && !coding.code.contains(char::is_whitespace);
        if !curie {
            self.say(path(), format!("code {:?} is not of the form PREFIX:LOCAL", coding.code));
        } else {
            self.codes.insert(prefix);
        }
        if coding.label.trim().is_empty() {
            self.say(path(), format!("code {} has no label", coding.code));
        }
    }

    fn document(&mut self, document: &'a Document) {
        if self.text.len() > u32::MAX as usize {
            self.say("document.text".into(), "is longer than 4 GiB");
        }
        let mut end = 0;
        for (i, section) in document.sections.iter().enumerate() {
            let path = || format!("document.sections[{i}] ({})", section.kind);
            self.at(section.span, path);
            if let Some(heading) = section.heading {
                self.at(heading, path);
                if !section.span.contains(heading) {
                    self.say(path(), "does not hold its heading");
                }
            }
            if section.span.start < end {
                self.say(path(), "overlaps the section before it");
            }
            end = section.span.end;
        }
        let mut end = 0;
        for (i, span) in document.sentences.iter().enumerate() {
            self.at(*span, || format!("document.sentences[{i}]"));
            if span.start < end {
                self.say(format!("document.sentences[{i}]"), "overlaps the sentence before it");
            }
            end = span.end;
        }
        let mut all = |name: &'static str, spans: &mut dyn Iterator<Item = Span>| {
            for (i, span) in spans.enumerate() {
                self.at(span, || format!("document.{name}[{i}]"));
            }
        };
        all("titles", &mut document.titles.iter().map(|t| t.span));
        all(
            "figures",
            &mut document.figures.iter().flat_map(|f| std::iter::once(f.span).chain(f.panels.iter().map(|p| p.span))),
        );
        all(
            "tables",
            &mut document
                .tables
                .iter()
                .flat_map(|t| std::iter::once(t.span).chain(t.caption).chain(t.rows.iter().flatten().copied())),
        );
        all("figure_calls", &mut document.figure_calls.iter().map(|c| c.span));
        all("citations", &mut document.citations.iter().map(|c| c.span));
        all("references", &mut document.references.iter().map(|r| r.span));
        all(
            "abbreviations",
            &mut document
                .abbreviations
                .iter()
                .flat_map(|a| [a.span, a.long_span].into_iter().chain(a.variants.iter().copied())),
        );
        let mut end = 0;
        for (i, repair) in document.repairs.iter().enumerate() {
            self.at(repair.span, || format!("document.repairs[{i}] ({})", repair.kind));
            if repair.span.start < end {
                self.say(format!("document.repairs[{i}] ({})", repair.kind), "overlaps the repair before it");
            }
            end = repair.span.end;
        }
    }

    fn content(&mut self, cases: &'a [Case], claims: &'a [Claim], background: &'a [Background]) {
        let mut names = HashSet::new();
        for (i, case) in cases.iter().enumerate() {
            if case.id.is_empty() || !names.insert(case.id.as_str()) {
                self.say(format!("cases[{i}]"), format!("its id {:?} is empty or taken", case.id));
            }
            self.case(i, case);
        }
        for (i, claim) in claims.iter().enumerate() {
            let path = || format!("claims[{i}] ({})", claim.id);
            self.id(&claim.id, &path);
            self.evidence(&claim.evidence, &path);
            if claim.evidence.is_empty() {
                self.say(path(), "has no evidence");
            }
            if claim.scope == Scope::Patient {
                self.say(path(), "is a claim about the patient; claims are about others");
            }
        }
        for (i, item) in background.iter().enumerate() {
            let path = || format!("background[{i}] ({})", item.id);
            self.id(&item.id, &path);
            self.evidence(&item.evidence, &path);
            for coding in &item.codings {
                self.coding(coding, &path);
            }
            if item.evidence.is_empty() {
                self.say(path(), "has no evidence");
            }
            if item.scope == Scope::Patient {
                self.say(path(), "is background about the patient; background is about others");
            }
        }
    }

    fn id(&mut self, id: &'a FactId, path: &impl Fn() -> String) {
        if id.as_str().is_empty() {
            self.say(path(), "has no id");
        } else if !self.ids.insert(id.as_str()) {
            self.say(path(), "its id is taken by another fact");
        }
    }

    fn case(&mut self, index: usize, case: &'a Case) {
        for statement in case.label.iter().chain(&case.presentation) {
            self.statement(statement, || format!("cases[{index}]"));
        }
        let (mut list, mut position) = ("", 0);
        case.visit(&mut |name, fact| {
            position = if name == list { position + 1 } else { 0 };
            list = name;
            let path = || format!("cases[{index}].{list}[{position}] ({})", fact.id());
            self.id(fact.id(), &path);
            self.evidence(fact.evidence(), &path);
            if fact.evidence().is_empty() && fact.derived().is_none_or(|d| d.from.is_empty()) {
                self.say(path(), "has neither evidence nor facts it is derived from");
            }
            let wanted = if list == "family_history" { Scope::Family } else { Scope::Patient };
            if *fact.scope() != wanted {
                self.say(path(), format!("has scope {}, this list holds {wanted}", fact.scope()));
            }
            for coding in fact.codings() {
                self.coding(coding, &path);
            }
            fact.statements(&mut |s| self.statement(s, path));
            fact.timings(&mut |t| {
                self.timing(t, &path);
            });
            for id in fact.conflicts_with().iter().chain(fact.derived().iter().flat_map(|d| &d.from)) {
                self.named.push((path(), id));
            }
        });
        self.values(index, case);
        self.additions(index, case);
    }

    /// Rules on the values of single lists.
    fn values(&mut self, index: usize, case: &'a Case) {
        for (i, age) in case.subject.age.iter().enumerate() {
            let years = age.value.value.in_years();
            if !(0.0..=130.0).contains(&years) {
                self.say(format!("cases[{index}].age[{i}]"), format!("an age of {years} years"));
            }
        }
        for (i, size) in case.tumour_sizes.iter().enumerate() {
            let n = size.value.dimensions.len();
            if !(1..=3).contains(&n) {
                self.say(format!("cases[{index}].tumour_sizes[{i}]"), format!("{n} dimensions"));
            }
        }
        for (i, event) in case.adverse_events.iter().enumerate() {
            let path = || format!("cases[{index}].adverse_events[{i}]");
            if event.value.grade.is_some_and(|g| !(1..=5).contains(&g)) {
                self.say(path(), "a CTCAE grade is 1 to 5");
            }
            let suspects = event.value.suspects.iter().filter_map(|s| s.treatment.as_ref());
            for id in suspects.chain(&event.value.finding) {
                self.named.push((path(), id));
            }
        }
        for (i, response) in case.responses.iter().enumerate() {
            if let Some(id) = &response.value.treatment {
                self.named.push((format!("cases[{index}].responses[{i}]"), id));
            }
        }
        for (i, finding) in case.genomic_findings.iter().enumerate() {
            let path = || format!("cases[{index}].genomic_findings[{i}]");
            for gene in &finding.value.genes {
                if gene.symbol.is_empty() || gene.symbol.contains(['/', ' ']) {
                    self.say(path(), format!("{:?} is not one gene", gene.symbol));
                }
                if let Some(coding) = &gene.coding {
                    self.coding(coding, &path);
                }
            }
        }
    }

    /// Rules on what plugins add to a case.
    fn additions(&mut self, index: usize, case: &Case) {
        for (i, fact) in case.plugin_facts.iter().enumerate() {
            let path = || format!("cases[{index}].plugin_facts[{i}] ({})", fact.id);
            let (owner, name) = fact.value.owner_and_type();
            if !is_plugin_id(owner) || name.is_empty() {
                self.say(path(), format!("its type {:?} is not of the form PLUGIN/TYPE", fact.value.type_name));
            }
            if fact.value.label.trim().is_empty() {
                self.say(path(), "has no label");
            }
            for (name, value) in &fact.value.fields {
                if value.is_array() || value.is_object() || value.is_null() {
                    self.say(path(), format!("its field {name:?} is neither a text, a number, nor yes or no"));
                }
            }
        }
        for (plugin, data) in &case.extensions {
            let path = format!("cases[{index}].extensions[{plugin:?}]");
            if !is_plugin_id(plugin) {
                self.say(path.clone(), "is not the id of a plugin");
            }
            self.data(data, &path);
        }
    }

    /// Every object of a plugin's data that has a span and a quote must quote the text.
    fn data(&mut self, data: &Value, path: &str) {
        match data {
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(i, item)| self.data(item, &format!("{path}[{i}]")));
            }
            Value::Object(members) => {
                if let (Some(span), Some(Value::String(quote))) = (members.get("span"), members.get("quote")) {
                    match <Span as serde::Deserialize>::deserialize(span) {
                        Ok(span) => self.quote(span, quote, || path.to_owned()),
                        Err(_) => self.say(path.to_owned(), "its span is not a pair of offsets"),
                    }
                }
                members.iter().for_each(|(name, item)| self.data(item, &format!("{path}.{name}")));
            }
            _ => {}
        }
    }

    fn finish(&mut self) {
        for (path, id) in std::mem::take(&mut self.named) {
            if !self.ids.contains(id.as_str()) {
                self.say(path, format!("names the fact {id}, which does not exist"));
            }
        }
        let prefixes = self.prefixes.take().unwrap_or_default();
        let mut missing: Vec<&str> = self.codes.difference(&prefixes).copied().collect();
        missing.sort_unstable();
        for prefix in missing {
            self.say("terminologies".into(), format!("the release of {prefix} is not named"));
        }
    }

    fn audit(&mut self, audit: &Audit) {
        for (i, diagnostic) in audit.diagnostics.iter().enumerate() {
            for label in &diagnostic.labels {
                self.at(label.span, || format!("audit.diagnostics[{i}] ({})", diagnostic.rule));
            }
        }
        for checklist in &audit.checklists {
            self.items(&checklist.id, &checklist.items);
        }
    }

    fn items(&mut self, checklist: &str, items: &[ChecklistItem]) {
        for item in items {
            self.evidence(&item.evidence, &|| format!("audit.checklists ({checklist} {})", item.number));
            self.items(checklist, &item.items);
        }
    }
}

/// The id of a plugin: small letters, digits and hyphens, at most 64.
pub fn is_plugin_id(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}
