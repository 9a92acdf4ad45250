//! What a phenopacket cannot hold, and why.

use std::collections::{HashMap, HashSet};

use casemill_plugin_sdk::model::{AnyFact, Case, Coding, FactId};

/// A fact, or a part of one, that is not in the packet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Lost {
    /// The fact.
    pub(crate) fact: Option<FactId>,
    /// The fact or its part, in words.
    pub(crate) what: String,
    /// Why.
    pub(crate) reason: String,
}

/// The losses of a case.
#[derive(Debug, Default)]
pub(crate) struct Losses(Vec<Lost>);

impl Losses {
    /// A fact is lost.
    pub(crate) fn whole(&mut self, fact: &dyn AnyFact, reason: impl Into<String>) {
        self.part(fact, name(fact), reason);
    }

    /// A part of a fact is lost.
    pub(crate) fn part(&mut self, fact: &dyn AnyFact, what: impl Into<String>, reason: impl Into<String>) {
        self.0.push(Lost { fact: Some(fact.id().clone()), what: what.into(), reason: reason.into() });
    }

    /// A part in the words of the text is lost, if the text has it.
    pub(crate) fn words(&mut self, fact: &dyn AnyFact, what: &str, words: Option<&str>, reason: &str) {
        if let Some(words) = words.filter(|w| !w.is_empty()) {
            self.part(fact, format!("{what} `{words}`"), reason);
        }
    }

    /// Adds what the elements could not see: contradictions, codes left out, facts that no element took.
    pub(crate) fn complete(&mut self, case: &Case, held: &HashSet<&FactId>, with_unverified: bool) {
        let told: HashSet<FactId> = self.0.iter().filter_map(|l| l.fact.clone()).collect();
        let for_code = |l: &&Lost| l.reason.starts_with(ONLY_UNVERIFIED);
        let for_code: HashSet<FactId> = self.0.iter().filter(for_code).filter_map(|l| l.fact.clone()).collect();
        case.visit(&mut |list, fact| {
            let (id, is_held) = (fact.id(), held.contains(fact.id()));
            if is_held && !fact.conflicts_with().is_empty() {
                let others: Vec<&str> = fact.conflicts_with().iter().map(FactId::as_str).collect();
                self.part(
                    fact,
                    format!("contradiction with {}", others.join(", ")),
                    "both statements stand side by side",
                );
            }
            if !is_held && !told.contains(id) {
                self.whole(fact, no_element(list));
            }
            // Where the fact is lost for another reason, its codes are not what is missing.
            if !with_unverified && (is_held || for_code.contains(id)) {
                let unverified = fact.codings().iter().filter(|c| c.unverified);
                unverified.for_each(|coding| self.part(fact, unverified_code(coding), UNVERIFIED));
            }
        });
    }

    /// The losses in the order of the record.
    pub(crate) fn into_sorted(mut self, case: &Case) -> Vec<Lost> {
        let mut order: HashMap<FactId, usize> = HashMap::new();
        case.visit(&mut |_, fact| {
            let next = order.len();
            order.entry(fact.id().clone()).or_insert(next);
        });
        let mut told = HashSet::new();
        self.0.retain(|lost| told.insert(lost.clone()));
        self.0.sort_by_key(|lost| lost.fact.as_ref().and_then(|f| order.get(f)).copied().unwrap_or(usize::MAX));
        self.0
    }
}

/// How a reason begins that a fact is lost for want of a verified code.
pub(crate) const ONLY_UNVERIFIED: &str = "its only code is unverified";

/// Why a code is left out that nobody could check.
pub(crate) const UNVERIFIED: &str =
    "its label could not be compared with a copy of the terminology; the option `unverified` writes it";

/// A code, for the loss report.
pub(crate) fn unverified_code(coding: &Coding) -> String {
    format!("code {} `{}`", coding.code, coding.label)
}

/// A fact, for the loss report.
fn name(fact: &dyn AnyFact) -> String {
    let kind = match fact.kind() {
        "genomic" => "genomic finding",
        "marker" => "marker test",
        "size" => "tumour size",
        "family" => "family history",
        kind => kind,
    };
    format!("{} `{}`", kind.replace('_', " "), fact.label())
}

/// Why facts of a list have no place.
fn no_element(list: &str) -> &'static str {
    match list {
        "age" | "sex" => "the subject has one of it; the clearest statement is written",
        "imaging" => "a phenopacket has no element for imaging studies",
        "sites" => "a disease has one primary site and no place for further ones",
        "specimens" => "a biosample is written only for a specimen of the patient",
        "responses" => {
            "a medical action holds one response, and only where the report says which treatment it answers to"
        }
        "adverse_events" => "adverse events are terms of the treatment that is suspected",
        "follow_up" => "the subject has one last encounter and one vital status",
        "family_history" => "a phenopacket describes one individual; relatives need a family message",
        "plugin_facts" => "it is of a type that a plugin adds",
        _ => "no element of a phenopacket holds it",
    }
}
