//! A complaint that changes its name on the way.
//!
//! At its end a complaint is called otherwise than at its beginning: "leg pain" that resolves as "joint pain". Another part of
//! the body is a warning; another word for the same function ("running pattern", later "gait") is for information.
//!
//! ## Why it matters
//!
//! What resolved is then not literally what began; in an adverse event report the outcome hangs on it.
//!
//! ## Example
//!
//! She developed leg pain. (...) The joint pain resolved after stopping crizotinib.
//!
//! ## What to write
//!
//! The same words for the same complaint, or say that a second one came.

use casemill_plugin_sdk::model::{Diagnostic, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CX007", name: "word-drift", severity: Severity::Warning };

const GONE: &[&str] = &["resolved", "disappeared", "subsided", "vanished", "abated", "ceased", "remitted", "resolve"];
/// Complaints that are named with the part of the body.
const HEADS: &[&str] =
    &["pain", "pains", "ache", "weakness", "swelling", "numbness", "stiffness", "tenderness", "oedema", "edema", "discomfort", "cramps"];
/// Parts of the body; those of one line are the same part.
const PARTS: &[&[&str]] = &[
    &["leg", "limb", "extremity", "thigh", "calf"], &["arm", "limb", "extremity", "forearm"], &["joint", "articular"],
    &["abdominal", "stomach", "epigastric", "belly"], &["back", "lumbar", "spinal"], &["chest", "thoracic"], &["neck", "cervical"],
    &["bone", "skeletal"], &["muscle", "muscular"], &["shoulder"], &["hip"], &["knee"], &["ankle"], &["foot"], &["hand"], &["wrist"],
    &["elbow"], &["eye", "ocular", "orbital"], &["flank", "loin"], &["pelvic"], &["groin", "inguinal"], &["jaw"], &["facial", "face"],
    &["throat"], &["ear"], &["testicular"], &["breast"],
];
/// Words for one function.
const FUNCTIONS: &[&[&str]] = &[
    &["gait", "running", "walking", "limp", "limping", "ambulation"],
    &["paresthesia", "paraesthesia", "tingling", "numbness"],
    &["rash", "eruption", "exanthema", "exanthem"],
    &["seizures", "convulsions"],
];

fn parts(word: &str) -> impl Iterator<Item = usize> + '_ {
    PARTS.iter().enumerate().filter(move |(_, p)| p.contains(&word)).map(|(i, _)| i)
}

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (number, sentence) in reading.sentences.iter().enumerate() {
        if !sentence.is_told() {
            continue;
        }
        let tokens = sentence.tokens.clone();
        let Some(gone) = reading.find_any(tokens.clone(), GONE) else { continue };
        // The subject: back to the determiner that starts it.
        let start = (tokens.start.max(gone.saturating_sub(12))..gone)
            .find(|i| matches!(reading.word(*i), "the" | "his" | "her" | "these" | "both"));
        let Some(start) = start else { continue };
        for i in start + 1..gone {
            let word = reading.word(i);
            if i + 1 < gone && HEADS.contains(&reading.word(i + 1)) && parts(word).next().is_some() {
                part_drift(reading, number, i, out);
            }
            if let Some(group) = FUNCTIONS.iter().find(|g| g.contains(&word)) {
                function_drift(reading, number, i, group, out);
            }
        }
    }
}

/// "joint pain" that never began: another part with the same complaint before it.
fn part_drift(reading: &Reading<'_>, number: usize, at: usize, out: &mut Vec<Diagnostic>) {
    let (part, head) = (reading.word(at), reading.word(at + 1));
    let mut earlier = None;
    for sentence in reading.sentences[..number].iter().filter(|s| s.is_told()) {
        for i in sentence.tokens.clone() {
            if reading.word(i + 1) == head && i + 1 < sentence.tokens.end && parts(reading.word(i)).next().is_some() {
                earlier = Some(i);
            }
        }
        // "pain in both knees"
        let named = sentence.tokens.clone().any(|i| {
            let word = reading.word(i);
            let stem = word.strip_suffix('s').unwrap_or(word);
            parts(part).any(|p| PARTS[p].contains(&word) || PARTS[p].contains(&stem))
        });
        if named && reading.has_any(sentence.tokens.clone(), &[head]) {
            return;
        }
    }
    let Some(i) = earlier.filter(|i| !parts(reading.word(*i)).any(|p| parts(part).any(|q| p == q))) else { return };
    RULE.found(format!("what resolves as \"{part} {head}\" began as \"{} {head}\"", reading.word(i)))
        .at(reading.span(at, at + 1), "so called at its end")
        .at(reading.span(i, i + 1), "so called before")
        .push(out);
}

/// "gait" that was not spoken of before, while "running pattern" was.
fn function_drift(reading: &Reading<'_>, number: usize, at: usize, group: &[&str], out: &mut Vec<Diagnostic>) {
    let word = reading.word(at);
    let mut other = None;
    for sentence in reading.sentences[..number].iter().filter(|s| s.is_told()) {
        for i in sentence.tokens.clone() {
            if reading.word(i) == word {
                return;
            }
            if group.contains(&reading.word(i)) {
                other = Some(i);
            }
        }
    }
    let Some(i) = other else { return };
    RULE.found(format!("\"{word}\" at the end of an event that began as \"{}\"", reading.word(i)))
        .level(Severity::Info)
        .at(reading.span(at, at), "so called at its end")
        .at(reading.span(i, i), "so called before")
        .push(out);
}
