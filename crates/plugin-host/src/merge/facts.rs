//! Facts of two extractions as one.

use std::collections::{HashMap, HashSet};

use case_model::{
    AnyFact, Background, Case, Claim, Coding, Diagnostic, Evidence, Extraction, Fact, FactId, FactValue, Label,
    PairVisitor, Severity,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::unify::{Reading, values};
use super::{DISAGREE, free_id};

/// Joins one extraction to what is there.
pub(super) struct Joiner {
    /// Ids in use.
    taken: HashSet<FactId>,
    /// Ids that were in use before this extraction.
    before: HashSet<FactId>,
    /// What facts of the extraction are called now.
    renamed: HashMap<FactId, FactId>,
    /// Facts that came with the extraction, by their new names.
    added: HashSet<FactId>,
    /// Pairs that cannot both hold, and what is said of them.
    disagreements: Vec<([FactId; 2], Diagnostic)>,
    /// The case at work.
    case: String,
}

impl Joiner {
    pub(super) fn new(out: &Extraction) -> Self {
        let mut taken = HashSet::new();
        for case in &out.cases {
            case.visit(&mut |_, fact| _ = taken.insert(fact.id().clone()));
        }
        taken.extend(out.claims.iter().map(|c| c.id.clone()));
        taken.extend(out.background.iter().map(|b| b.id.clone()));
        Self {
            before: taken.clone(),
            taken,
            renamed: HashMap::new(),
            added: HashSet::new(),
            disagreements: Vec::new(),
            case: String::new(),
        }
    }

    /// Joins a case to the case of the same patient.
    pub(super) fn case(&mut self, known: &mut Case, next: &mut Case) {
        self.case.clone_from(&known.id);
        known.label = known.label.take().or(next.label.take());
        known.presentation = known.presentation.take().or(next.presentation.take());
        known.pair(next, self);
        for field in std::mem::take(&mut next.not_reported) {
            if !known.not_reported.iter().any(|f| f.field == field.field) {
                known.not_reported.push(field);
            }
        }
        for figure in std::mem::take(&mut next.figures) {
            if !known.figures.contains(&figure) {
                known.figures.push(figure);
            }
        }
        for (plugin, data) in std::mem::take(&mut next.extensions) {
            known.extensions.entry(plugin).or_insert(data);
        }
    }

    /// Joins statements on others: the same statement is there once.
    pub(super) fn claims(&mut self, known: &mut Vec<Claim>, next: Vec<Claim>) {
        for mut claim in next {
            let spans = |c: &Claim| c.evidence.iter().map(|e| e.span).collect::<Vec<_>>();
            match known.iter_mut().find(|k| k.kind == claim.kind && k.scope == claim.scope && spans(k) == spans(&claim))
            {
                Some(same) => add_evidence(&mut same.evidence, claim.evidence),
                None => {
                    claim.id = self.name(&claim.id);
                    known.push(claim);
                }
            }
        }
    }

    /// Joins concepts that belong to nobody: one entry for a concept and whom it is said of.
    pub(super) fn background(&mut self, known: &mut Vec<Background>, next: Vec<Background>) {
        for mut item in next {
            let same = |k: &&mut Background| {
                k.kind == item.kind && k.scope == item.scope && k.label.to_lowercase() == item.label.to_lowercase()
            };
            match known.iter_mut().find(same) {
                Some(same) => {
                    add_codings(&mut same.codings, item.codings);
                    add_evidence(&mut same.evidence, item.evidence);
                }
                None => {
                    item.id = self.name(&item.id);
                    known.push(item);
                }
            }
        }
    }

    /// Lets all references follow the new names, and reports what differs.
    pub(super) fn finish(self, out: &mut Extraction) {
        for case in &mut out.cases {
            case.visit_mut(&mut |_, fact| {
                let added = self.added.contains(fact.id());
                fact.links_mut(&mut |link| {
                    if let Some(now) = self.renamed.get(link)
                        && (added || !self.before.contains(link))
                    {
                        *link = now.clone();
                    }
                });
            });
        }
        for (pair, diagnostic) in self.disagreements {
            for case in &mut out.cases {
                case.visit_mut(&mut |_, fact| mark(fact, &pair));
            }
            out.diagnostics.push(diagnostic);
        }
    }

    /// A free name for a fact of the extraction.
    fn name(&mut self, id: &FactId) -> FactId {
        let name = free_id(id, |id| self.taken.contains(id));
        self.taken.insert(name.clone());
        self.added.insert(name.clone());
        self.renamed.insert(id.clone(), name.clone());
        name
    }

    fn disagree<T: FactValue>(&mut self, first: &Fact<T>, second: &Fact<T>, differs: &[String]) {
        let label = |fact: &Fact<T>| {
            let by = fact.evidence.first().map_or("", |e| e.by.as_str());
            Label::new(fact.span(), format!("{by}: {} ({})", fact.value.label(), fact.assertion))
        };
        let diagnostic = Diagnostic {
            rule: DISAGREE.into(),
            severity: Severity::Warning,
            message: format!(
                "plugins read the {} `{}` differently: {}",
                T::KIND.replace('_', " "),
                first.value.label(),
                differs.join(", ")
            ),
            labels: vec![label(first), label(second)],
            help: Some("both readings are kept; the underlined words say which is right".into()),
            case: Some(self.case.clone()),
        };
        self.disagreements.push(([first.id.clone(), second.id.clone()], diagnostic));
    }
}

/// Notes on each of the pair that the other contradicts it.
fn mark(fact: &mut dyn AnyFact, pair: &[FactId; 2]) {
    let other = match pair.iter().position(|id| id == fact.id()) {
        Some(i) => &pair[1 - i],
        None => return,
    };
    if !fact.conflicts_with().contains(other) {
        fact.add_conflict(other.clone());
    }
}

/// True if both facts are about the same thing: the one age, the one sex, or the same concept in the same words.
fn is_same_thing<T: FactValue>(list: &str, first: &Fact<T>, second: &Fact<T>) -> bool {
    if matches!(list, "age" | "sex") {
        return true;
    }
    let overlap = |a: &Evidence| second.evidence.iter().any(|b| a.span.overlaps(b.span));
    let derived = first.evidence.is_empty() && second.evidence.is_empty();
    let code = |a: &Coding| second.codings.iter().any(|b| a.code == b.code);
    let named = first.value.label().to_lowercase() == second.value.label().to_lowercase();
    (first.evidence.iter().any(overlap) || derived) && (named || first.codings.iter().any(code))
}

fn add_codings(known: &mut Vec<Coding>, next: Vec<Coding>) {
    for coding in next {
        if !known.iter().any(|c| c.code == coding.code) {
            known.push(coding);
        }
    }
}

fn add_evidence(known: &mut Vec<Evidence>, next: Vec<Evidence>) {
    for evidence in next {
        if !known.iter().any(|e| e.span == evidence.span && e.by == evidence.by) {
            known.push(evidence);
        }
    }
}

impl PairVisitor for Joiner {
    fn pair<T: FactValue + Clone + PartialEq + Serialize + DeserializeOwned>(
        &mut self,
        list: &'static str,
        first: &mut Vec<Fact<T>>,
        second: Vec<Fact<T>>,
    ) {
        let own = first.len();
        for mut fact in second {
            let mut same = None;
            let mut differs: Vec<(usize, Vec<String>)> = Vec::new();
            // Facts of the same extraction are never joined to each other.
            for (i, known) in first.iter().enumerate().filter(|(_, k)| !self.added.contains(&k.id)) {
                if is_same_thing(list, known, &fact) {
                    match values(known, &fact) {
                        Reading::Same(value) => {
                            same = Some((i, value));
                            break;
                        }
                        Reading::Differs(what) => differs.push((i, what)),
                    }
                }
            }
            if let Some((i, value)) = same {
                let known = &mut first[i];
                self.renamed.insert(fact.id, known.id.clone());
                known.value = value;
                known.timing = known.timing.take().or(fact.timing);
                known.derived = known.derived.take().or(fact.derived);
                add_codings(&mut known.codings, fact.codings);
                add_evidence(&mut known.evidence, fact.evidence);
                for id in fact.conflicts_with {
                    if !known.conflicts_with.contains(&id) {
                        known.conflicts_with.push(id);
                    }
                }
                continue;
            }
            fact.id = self.name(&fact.id);
            for (i, what) in differs {
                self.disagree(&first[i], &fact, &what);
            }
            // Lists stand in the order of the text; age and sex begin with the clearest statement of the ground.
            let at = if matches!(list, "age" | "sex") || own == 0 {
                first.len()
            } else {
                first.iter().position(|f| f.span() > fact.span()).unwrap_or(first.len())
            };
            first.insert(at, fact);
        }
    }
}
