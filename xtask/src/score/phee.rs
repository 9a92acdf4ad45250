//! phee: sentences of abstracts with adverse events, their drugs and effects.

use std::ops::Range;

use serde_json::Value;

use super::bench::{Bench, LEAD, Offsets, Reading, files, text_of};
use super::tally::{Errors, Figure, Tally};
use crate::Result;

/// A drug or an effect: the words and where each stretch of them stands.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Words {
    text: String,
    ranges: Vec<Range<usize>>,
}

impl Words {
    fn is(&self, found: &Found) -> bool {
        let touches = |a: &Range<usize>| found.ranges.iter().any(|b| a.start < b.end && b.start < a.end);
        self.ranges.iter().any(touches) || self.text.eq_ignore_ascii_case(&found.name)
    }
}

/// A drug or an effect of the record: its name and where it stands.
struct Found {
    name: String,
    ranges: Vec<Range<usize>>,
}

pub(crate) fn run(bench: &Bench<'_>, errors: &mut Errors) -> Result<Vec<Figure>> {
    let mut sentences: Vec<Value> = Vec::new();
    for path in files(&bench.corpus("phee"), ".json")? {
        for line in text_of(&path)?.lines() {
            sentences.push(serde_json::from_str(line)?);
        }
    }
    let texts: Vec<&str> = sentences.iter().map(|s| s["context"].as_str().unwrap_or_default()).collect();
    let readings = bench.read("phee", LEAD, &texts)?;
    let (mut pairs, mut suspects, mut of_patient) = (Tally::default(), Tally::default(), Tally::default());
    for ((sentence, text), reading) in sentences.iter().zip(&texts).zip(&readings) {
        let gold = wanted(sentence, text);
        let found = reading.as_ref().map(events).unwrap_or_default();
        // What the program reads as a statement on the literature reaches no patient, and so no adverse event.
        let literature = reading.as_ref().is_some_and(|r| is_claim(r, text));
        let before = pairs;
        let mut used = vec![false; found.len()];
        for (drug, effect) in &gold {
            let hit = found.iter().enumerate().find(|(i, (d, e))| !used[*i] && drug.is(d) && effect.is(e));
            if let Some((i, _)) = hit {
                used[i] = true;
                pairs.hits += 1;
                continue;
            }
            pairs.missed += 1;
            let cause = match (found.iter().any(|(d, _)| drug.is(d)), found.iter().any(|(_, e)| effect.is(e))) {
                (true, true) => "missed: other pairing",
                (true, false) => "missed: effect, drug found",
                (false, true) => "missed: drug, effect found",
                _ if literature => "missed: sentence read as literature",
                (false, false) if found.is_empty() => "missed: no event found",
                (false, false) => "missed: another event found",
            };
            errors.add(cause, || format!("{} -> {} | {text}", drug.text, effect.text));
        }
        for (_, (drug, effect)) in found.iter().enumerate().filter(|(i, _)| !used[*i]) {
            pairs.wrong += 1;
            let cause = if gold.is_empty() { "false: sentence without event" } else { "false: pair not wanted" };
            errors.add(cause, || format!("{} -> {} | {text}", drug.name, effect.name));
        }
        if !literature {
            of_patient.hits += pairs.hits - before.hits;
            of_patient.wrong += pairs.wrong - before.wrong;
            of_patient.missed += pairs.missed - before.missed;
        }
        // Each drug once, whatever it did.
        let mut drugs: Vec<&Words> = Vec::new();
        gold.iter().for_each(|(d, _)| {
            if !drugs.contains(&d) {
                drugs.push(d);
            }
        });
        let mut names: Vec<&Found> = Vec::new();
        found.iter().for_each(|(d, _)| {
            if !names.iter().any(|n| n.name == d.name) {
                names.push(d);
            }
        });
        let hits = drugs.iter().filter(|d| names.iter().any(|n| d.is(n))).count();
        suspects.hits += hits;
        suspects.missed += drugs.len() - hits;
        suspects.wrong += names.iter().filter(|n| !drugs.iter().any(|d| d.is(n))).count();
    }
    Ok(vec![
        pairs.figure("drug and effect pairs F1").floor("0.69 arguments (fine-tuned model)").goal(0.55),
        suspects.figure("suspect drug F1"),
        of_patient.figure("pairs F1, sentences read as the patient's"),
    ])
}

/// True if the program reads most of the text as a claim on the literature.
fn is_claim(reading: &Reading, text: &str) -> bool {
    let claimed =
        reading.report.claims.iter().flat_map(|c| reading.evidence(&c.evidence)).map(|r| r.len()).sum::<usize>();
    2 * claimed > text.len()
}

/// Pairs of drug and effect of the adverse events that the sentence does not deny.
fn wanted(sentence: &Value, text: &str) -> Vec<(Words, Words)> {
    let offsets = Offsets::of(text);
    let mut out = Vec::new();
    let events = sentence["annotations"].as_array().into_iter().flatten();
    for event in events.flat_map(|a| a["events"].as_array().into_iter().flatten()) {
        if event["event_type"] != "Adverse_event" || !event["Negated"].is_null() {
            continue;
        }
        for drug in arguments(&event["Treatment"]["Drug"], &offsets) {
            for effect in arguments(&event["Effect"], &offsets) {
                out.push((drug.clone(), effect));
            }
        }
    }
    out.dedup();
    out
}

/// An argument: mentions, each in one or more stretches.
fn arguments(argument: &Value, offsets: &Offsets) -> Vec<Words> {
    let list = |key: &str| argument[key].as_array().into_iter().flatten();
    list("text")
        .zip(list("start"))
        .map(|(texts, starts)| {
            let parts: Vec<&str> = texts.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let starts = starts.as_array().into_iter().flatten().filter_map(Value::as_u64);
            let ranges = parts
                .iter()
                .zip(starts)
                .filter_map(|(part, start)| offsets.bytes(start as usize, start as usize + part.chars().count()));
            Words { ranges: ranges.collect(), text: parts.join(" ") }
        })
        .collect()
}

/// Pairs of suspect and event of the record.
fn events(reading: &Reading) -> Vec<(Found, Found)> {
    let mut out = Vec::new();
    for case in reading.cases() {
        for event in &case.adverse_events {
            for suspect in &event.value.suspects {
                let treatment = case.treatments.iter().find(|t| Some(&t.id) == suspect.treatment.as_ref());
                let drug = Found {
                    name: suspect.agent.clone(),
                    ranges: treatment.map(|t| reading.evidence(&t.evidence)).unwrap_or_default(),
                };
                let effect = Found { name: event.value.label.clone(), ranges: reading.evidence(&event.evidence) };
                out.push((drug, effect));
            }
        }
    }
    out
}
