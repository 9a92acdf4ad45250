//! Case reports for measuring: written from a seed, each different, with the words of all lexicons.
//!
//! They are made to be read by the program, not by people: grammatical, in the order of a report, as dense in concepts as
//! real ones, and free of anything that stands in a real report.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use case_lexicon::LexiconFile;

/// Sentences by topic.
const SENTENCES: &str = include_str!("sentences.tsv");

/// Topics of the course of a patient, told again and again until the report is long enough.
const COURSE: [&str; 9] =
    ["examination", "laboratory", "imaging", "pathology", "molecular", "treatment", "response", "adverse", "follow"];

/// SplitMix64: small, fast, and the same on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

/// Writes reports with the words of the lexicons.
pub(super) struct Generator {
    words: BTreeMap<String, Vec<String>>,
    sentences: BTreeMap<&'static str, Vec<&'static str>>,
}

struct Patient {
    age: usize,
    noun: &'static str,
    he: &'static str,
    his: &'static str,
}

impl Generator {
    /// A generator over the rows of the lexicons: the label where it is a usual name, else the first synonym.
    pub(super) fn new(lexicons: &[LexiconFile]) -> Self {
        let mut words: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in lexicons.iter().flat_map(|f| &f.rows) {
            let Some((form, _)) = row.forms().next() else { continue };
            let form = match form.chars().nth(1) {
                Some(second) if second.is_lowercase() && row.kind != "gene" => first_letter(form, str::to_lowercase),
                _ => form.to_owned(),
            };
            words.entry(row.kind.clone()).or_default().push(form);
        }
        let mut sentences: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (topic, sentence) in SENTENCES.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once('\t')) {
            sentences.entry(topic).or_default().push(sentence);
        }
        Self { words, sentences }
    }

    /// A report of about `bytes` bytes. The same seed gives the same report.
    pub(super) fn report(&self, seed: u64, bytes: usize) -> String {
        let mut random = Random(seed.wrapping_mul(0x2545_f491_4f6c_dd1d));
        let nouns = [("man", "he", "his"), ("woman", "she", "her"), ("boy", "he", "his"), ("girl", "she", "her")];
        let (noun, he, his) = nouns[random.below(nouns.len())];
        let age = if matches!(noun, "boy" | "girl") { 2 + random.below(15) } else { 18 + random.below(70) };
        let patient = Patient { age, noun, he, his };
        let mut out = String::with_capacity(bytes + 1024);
        self.say("title", 1, &patient, &mut random, &mut out);
        out.pop();
        out.push_str("\n\nAbstract\n\n");
        self.say("abstract", 3, &patient, &mut random, &mut out);
        out.push_str("\n\nCase presentation\n\n");
        self.say("history", 5, &patient, &mut random, &mut out);
        for topic in COURSE.iter().cycle() {
            out.push_str("\n\n");
            let count = 3 + random.below(3);
            self.say(topic, count, &patient, &mut random, &mut out);
            if out.len() > bytes * 3 / 4 {
                break;
            }
        }
        out.push_str("\n\nDiscussion");
        while out.len() < bytes {
            out.push_str("\n\n");
            let count = 4 + random.below(3);
            self.say("discussion", count, &patient, &mut random, &mut out);
        }
        out.push('\n');
        out
    }

    fn say(&self, topic: &str, count: usize, patient: &Patient, random: &mut Random, out: &mut String) {
        let Some(sentences) = self.sentences.get(topic) else { return };
        let mut at = random.below(sentences.len());
        for i in 0..count {
            if i > 0 {
                out.push(' ');
            }
            let start = out.len();
            self.fill(sentences[at % sentences.len()], patient, random, out);
            let sentence = first_letter(&out[start..], str::to_uppercase);
            out.truncate(start);
            out.push_str(&sentence);
            at += 1 + random.below(2);
        }
    }

    /// Writes a pattern with its places filled in; places may hold places.
    fn fill(&self, pattern: &str, patient: &Patient, random: &mut Random, out: &mut String) {
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let end = closing(after);
            let place = &after[..end];
            rest = &after[end + 1..];
            let choices = alternatives(place);
            if choices.len() > 1 {
                let choice = choices[random.below(choices.len())];
                self.fill(choice, patient, random, out);
            } else if let Some((low, high)) = range(place) {
                let _ = write!(out, "{}", low + random.below(high - low + 1));
            } else {
                match place {
                    "age" => drop(write!(out, "{}", patient.age)),
                    "patient" => out.push_str(patient.noun),
                    "he" => out.push_str(patient.he),
                    "He" => out.push_str(&first_letter(patient.he, str::to_uppercase)),
                    "his" => out.push_str(patient.his),
                    "His" => out.push_str(&first_letter(patient.his, str::to_uppercase)),
                    kind => {
                        let words = self.words.get(kind).unwrap_or_else(|| panic!("no lexicon has {kind:?}"));
                        out.push_str(&words[random.below(words.len())]);
                    }
                }
            }
        }
        out.push_str(rest);
    }
}

/// The text with its first letter changed.
fn first_letter(text: &str, change: fn(&str) -> String) -> String {
    let end = text.chars().next().map_or(0, char::len_utf8);
    change(&text[..end]) + &text[end..]
}

/// Where the place that was just opened ends.
fn closing(text: &str) -> usize {
    let mut depth = 0;
    text.char_indices()
        .find_map(|(i, c)| {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => return Some(i),
                '}' => depth -= 1,
                _ => {}
            }
            None
        })
        .unwrap_or_else(|| panic!("a place is not closed: {text}"))
}

/// Alternatives of a place, `|` within inner places not counted.
fn alternatives(place: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (i, c) in place.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            '|' if depth == 0 => {
                out.push(&place[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    out.push(&place[start..]);
    out
}

fn range(place: &str) -> Option<(usize, usize)> {
    let (low, high) = place.split_once('-')?;
    Some((low.parse().ok()?, high.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_long_enough_different_and_reproducible() {
        let lexicons = super::super::kernels::lexicons().unwrap();
        let generator = Generator::new(&lexicons);
        let report = generator.report(1, 20_000);
        assert!((20_000..24_000).contains(&report.len()), "{}", report.len());
        assert_eq!(report, generator.report(1, 20_000));
        assert_ne!(report, generator.report(2, 20_000));
        assert!(!report.contains(['{', '}']), "{report}");
    }

    #[test]
    fn places_may_hold_places() {
        assert_eq!(alternatives("a|b {c|d}|e"), ["a", "b {c|d}", "e"]);
        assert_eq!(closing("a {b} c} d"), 7);
        assert_eq!(range("3-14"), Some((3, 14)));
        assert_eq!(range("A>G"), None);
    }
}
