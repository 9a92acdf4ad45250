//! A drug or marker in two spellings.
//!
//! A word that stands once in the text differs by one or two letters from a drug, gene product or marker that the patient has in another
//! sentence: "myognesin" beside "myogenin".
//!
//! ## Why it matters
//!
//! The misspelt one is found by no search and by no program.
//!
//! ## Example
//!
//! positive for myognesin and desmin (...) negative for desmin and myogenin
//!
//! ## What to write
//!
//! One spelling.

use std::collections::HashMap;

use casemill_plugin_sdk::model::{AnyFact as _, Diagnostic, Severity, Span};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CL007", name: "name-mistyped", severity: Severity::Info };

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    // Names of drugs and markers as written, in lower case, one word, long enough to be told from others.
    let mut names: Vec<(&str, Span)> = Vec::new();
    let mut add = |span: Span| {
        let words = reading.lower(span);
        if words.len() >= 8 && words.bytes().all(|b| b.is_ascii_lowercase()) && !names.iter().any(|(n, _)| *n == words) {
            names.push((words, span));
        }
    };
    for (case, _) in reading.cases() {
        case.marker_tests.iter().flat_map(|m| m.evidence()).for_each(|e| add(e.span));
        case.treatments.iter().flat_map(|t| t.evidence()).for_each(|e| add(e.span));
    }
    if names.is_empty() {
        return;
    }
    // Names that the text has of others are names, too.
    let background: Vec<&str> =
        reading.report.background.iter().flat_map(|b| &b.evidence).map(|e| reading.lower(e.span)).collect();
    let mut counts: HashMap<&str, (usize, usize)> = HashMap::new();
    for i in 0..reading.tokens.len() {
        if reading.tokens[i].is_word() && reading.tokens[i].span.len() >= 7 {
            counts.entry(reading.word(i)).or_insert((0, i)).0 += 1;
        }
    }
    let mut once: Vec<(&str, usize)> = counts.iter().filter(|(_, (n, _))| *n == 1).map(|(w, (_, i))| (*w, *i)).collect();
    once.sort_by_key(|(_, i)| *i);
    for (word, i) in once {
        let near = names.iter().find(|(name, _)| {
            // The beginning and the end of a misspelt name are right; a plural or adjective is no misspelling.
            *name != word
                && name.as_bytes()[..3] == word.as_bytes()[..word.len().min(3)]
                && name.as_bytes()[name.len() - 2..] == word.as_bytes()[word.len() - 2..]
                && distance(name.as_bytes(), word.as_bytes(), 2).is_some_and(|d| d <= 2)
        });
        if let Some((name, span)) = near.filter(|_| !names.iter().any(|(n, _)| *n == word) && !background.contains(&word))
        {
            RULE.found(format!("\"{word}\" is probably \"{name}\""))
                .at(reading.tokens[i].span, "stands once")
                .at(*span, "so written elsewhere")
                .push(out);
        }
    }
}

/// Edits (insert, delete, replace, exchange neighbours) between two words, if at most `most`.
fn distance(a: &[u8], b: &[u8], most: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let width = b.len() + 1;
    let mut rows = vec![0usize; (a.len() + 1) * width];
    (0..width).for_each(|j| rows[j] = j);
    for i in 1..=a.len() {
        rows[i * width] = i;
        for j in 1..=b.len() {
            let change = usize::from(a[i - 1] != b[j - 1]);
            let mut least = (rows[(i - 1) * width + j] + 1).min(rows[i * width + j - 1] + 1).min(rows[(i - 1) * width + j - 1] + change);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[(i - 2) * width + j - 2] + 1);
            }
            rows[i * width + j] = least;
        }
    }
    Some(rows[a.len() * width + b.len()]).filter(|d| *d <= most)
}
