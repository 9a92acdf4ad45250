//! A "no" that the sense asks for.
//!
//! Two patterns in which harm stands where its absence is meant: harm among the conditions for going on ("treatment is prolonged if the
//! patient maintains response and has significant adverse effects"), and good tolerance explained by harm ("was well tolerated, with
//! severe adverse effects"). The rule asks; it does not correct.
//!
//! ## Why it matters
//!
//! A lost "no" turns a statement into its opposite, and no later reader can tell.
//!
//! ## Example
//!
//! Treatment is continued as long as the patient responds and has severe toxicity.
//!
//! ## What to write
//!
//! "... and has no severe toxicity", if that is meant.

use std::ops::Range;

use casemill_plugin_sdk::model::{Diagnostic, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CL001", name: "missing-negation", severity: Severity::Warning };

const GO_ON: &[&str] = &[
    "prolonged", "continued", "maintained", "extended", "continue", "continues", "continuing", "prolong", "maintain", "extend",
    "given", "recommended", "indicated", "administered",
];
const STOP: &[&str] = &[
    "stopped", "discontinued", "interrupted", "reduced", "withheld", "withdrawn", "stop", "discontinue", "interrupt", "reduce", "not",
    "never", "switched", "changed", "suspended", "cannot", "until",
];
const BENEFIT: &[&str] =
    &["response", "responds", "respond", "responded", "benefit", "benefits", "remission", "stable", "improvement", "improves", "tolerates"];
const HARM: &[&str] = &[
    "adverse", "toxicity", "toxicities", "side", "intolerance", "complications", "progression",
];
const NEGATIONS: &[&str] =
    &["no", "not", "without", "never", "neither", "nor", "few", "little", "minimal", "mild", "absence", "lack", "lacks", "free",
      "acceptable", "manageable", "tolerable", "only", "minor", "avoid", "avoids", "less", "fewer", "transient", "controlled", "limited"];

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for sentence in reading.sentences.iter().filter(|s| s.is_prose()) {
        condition(reading, sentence.tokens.clone(), out);
        tolerance(reading, sentence.tokens.clone(), out);
    }
}

/// The word of harm at or behind `from` that is no part of a longer clause: "has significant adverse effects".
fn harm(reading: &Reading<'_>, tokens: Range<usize>) -> Option<(usize, usize)> {
    let at = reading.find_any(tokens.clone(), HARM)?;
    let next = reading.word(at + 1);
    match reading.word(at) {
        "adverse" | "side" => {
            let known = matches!(next, "effects" | "effect" | "events" | "event" | "reactions" | "reaction");
            known.then_some((at, at + 1))
        }
        _ => Some((at, at)),
    }
}

fn condition(reading: &Reading<'_>, tokens: Range<usize>, out: &mut Vec<Diagnostic>) {
    let conditional = tokens.clone().find(|i| {
        matches!(reading.word(*i), "if" | "provided" | "while" | "whilst")
            || reading.phrase_at(*i, "as long as").is_some()
            || reading.phrase_at(*i, "so long as").is_some()
    });
    let Some(conditional) = conditional else { return };
    // The main clause before the condition says that something goes on.
    let Some(goes_on) = reading.find_any(tokens.start..conditional, GO_ON) else { return };
    let clause = tokens.start.max(goes_on.saturating_sub(4))..conditional;
    if reading.has_any(clause, STOP) {
        return;
    }
    let Some(benefit) = reading.find_any(conditional..tokens.end, BENEFIT) else { return };
    let Some(and) = (benefit + 1..(benefit + 4).min(tokens.end)).find(|i| reading.word(*i) == "and") else { return };
    let verb = (and + 1..(and + 5).min(tokens.end)).find(|i| {
        matches!(reading.word(*i), "has" | "have" | "had" | "with" | "experiences" | "experience" | "develops" | "develop" | "shows" | "suffers")
    });
    let Some(verb) = verb else { return };
    let Some((_, last)) = harm(reading, verb + 1..(verb + 6).min(tokens.end)) else { return };
    if reading.has_any(conditional..last, NEGATIONS) {
        return;
    }
    let start = goes_on.saturating_sub(3).max(tokens.start);
    RULE.found("harm among the conditions for going on: is a \"no\" missing?")
        .at(reading.span(verb, last), "the sense asks for the opposite")
        .at(reading.span(start, benefit), "going on, and a benefit")
        .push(out);
}

fn tolerance(reading: &Reading<'_>, tokens: Range<usize>, out: &mut Vec<Diagnostic>) {
    let Some(well) = reading.find_phrase(tokens.clone(), &["well tolerated", "tolerated well"]) else { return };
    if reading.has_any(well.start.saturating_sub(3).max(tokens.start)..well.start, NEGATIONS) {
        return;
    }
    let mut with = well.end;
    if reading.word(with) == "," {
        with += 1;
    }
    if reading.word(with) == "and" {
        with += 1;
    }
    if reading.word(with) != "with" {
        return;
    }
    let serious = reading.find_any(with + 1..(with + 3).min(tokens.end), &["severe", "serious", "significant", "major", "unacceptable"]);
    let Some(serious) = serious else { return };
    let Some((_, last)) = harm(reading, serious + 1..(serious + 4).min(tokens.end)) else { return };
    RULE.found("well tolerated with serious harm: is a \"no\" missing?")
        .at(reading.span(with, last), "the sense asks for the opposite")
        .at(reading.span(well.start, well.end - 1), "well tolerated")
        .push(out);
}
