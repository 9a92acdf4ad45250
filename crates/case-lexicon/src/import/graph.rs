//! Terms as a graph: codes that stand twice, cycles, ancestors.

use std::collections::HashMap;

use super::{ImportError, Terminology};

/// Refuses codes that stand twice and terms that are their own ancestors.
pub(super) fn check(terminology: &Terminology) -> Result<(), ImportError> {
    let mut first: HashMap<&str, usize> = HashMap::with_capacity(terminology.terms.len());
    for (i, term) in terminology.terms.iter().enumerate() {
        if let Some(known) = first.insert(&term.code, i) {
            let known = &terminology.terms[known];
            return Err(ImportError::at(
                term.line,
                format!("{} ({}) stands on line {} already, as {}", term.code, term.label, known.line, known.label),
            )
            .with_help("each code may stand for one term only; remove one of the two"));
        }
    }
    cycle(terminology, &first)
}

/// Depth first, without recursion: an ontology may be deep.
fn cycle(terminology: &Terminology, index: &HashMap<&str, usize>) -> Result<(), ImportError> {
    const NEW: u8 = 0;
    const OPEN: u8 = 1;
    const DONE: u8 = 2;
    let terms = &terminology.terms;
    let mut state = vec![NEW; terms.len()];
    let mut path: Vec<(usize, usize)> = Vec::new();
    for start in 0..terms.len() {
        if state[start] != NEW {
            continue;
        }
        state[start] = OPEN;
        path.push((start, 0));
        while let Some((term, next)) = path.last_mut() {
            let Some(parent) = terms[*term].parents.get(*next) else {
                state[*term] = DONE;
                path.pop();
                continue;
            };
            *next += 1;
            let Some(parent) = index.get(parent.as_str()).copied() else { continue };
            if state[parent] == OPEN {
                let from = path.iter().position(|(t, _)| *t == parent).unwrap_or_default();
                let mut names: Vec<&str> = path[from..].iter().take(6).map(|(t, _)| terms[*t].code.as_str()).collect();
                if path.len() - from > 6 {
                    names.push("...");
                }
                names.push(&terms[parent].code);
                let line = path[from..].iter().map(|(t, _)| terms[*t].line).max().unwrap_or_default();
                return Err(ImportError::at(line, format!("a term is its own ancestor: {}", names.join(" is a "))));
            }
            if state[parent] == NEW {
                state[parent] = OPEN;
                path.push((parent, 0));
            }
        }
    }
    Ok(())
}

/// Which terms lie below which.
#[derive(Debug)]
pub struct Ancestry<'t> {
    index: HashMap<&'t str, usize>,
    terminology: &'t Terminology,
}

impl<'t> Ancestry<'t> {
    /// The ancestry of a terminology without cycles.
    pub fn new(terminology: &'t Terminology) -> Self {
        let index = terminology.terms.iter().enumerate().map(|(i, t)| (t.code.as_str(), i)).collect();
        Self { index, terminology }
    }

    /// For each term whether it is one of `roots` or lies below one.
    pub fn below(&self, roots: &[&str]) -> Vec<bool> {
        let terms = &self.terminology.terms;
        let mut known: Vec<Option<bool>> = vec![None; terms.len()];
        for start in 0..terms.len() {
            let mut stack = vec![start];
            while let Some(term) = stack.last().copied() {
                if known[term].is_some() {
                    stack.pop();
                    continue;
                }
                if roots.contains(&terms[term].code.as_str()) {
                    known[term] = Some(true);
                    continue;
                }
                let parents = || terms[term].parents.iter().filter_map(|p| self.index.get(p.as_str()).copied());
                if let Some(open) = parents().find(|p| known[*p].is_none()) {
                    stack.push(open);
                } else {
                    known[term] = Some(parents().any(|p| known[p] == Some(true)));
                }
            }
        }
        known.into_iter().map(Option::unwrap_or_default).collect()
    }
}
