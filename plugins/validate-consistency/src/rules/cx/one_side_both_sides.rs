//! A complaint on one side with findings on both.
//!
//! A complaint is called unilateral, and the examination made for it finds changes of the paired bone or organ on both sides
//! ("unilateral leg pain", "abnormal signal in the femora"). With a named side ("left leg pain") the message is for information: the
//! other side may be silent.
//!
//! ## Why it matters
//!
//! Either the complaint was not on one side, or the finding does not explain it.
//!
//! ## Example
//!
//! She had unilateral leg pain. MRI showed abnormal signal intensity in the upper femora.
//!
//! ## What to write
//!
//! The side of the complaint, and the side of each finding.

use casemill_plugin_sdk::model::{Diagnostic, Severity};

use crate::reading::{Reading, Sentence};
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CX004", name: "one-side-both-sides", severity: Severity::Warning };

struct Region {
    part: &'static [&'static str],
    /// Names of the pair.
    pair: &'static [&'static str],
    /// What is a pair behind "both" or "bilateral".
    one: &'static [&'static str],
}

const REGIONS: &[Region] = &[
    Region {
        part: &["leg", "thigh", "hip", "knee", "limb", "extremity", "foot", "ankle", "calf", "groin"],
        pair: &["femora", "femurs", "tibiae", "tibias", "fibulae", "hips", "knees", "thighs", "legs", "ankles"],
        one: &["femoral", "femur", "tibial", "hip", "knee", "thigh", "lower"],
    },
    Region {
        part: &["arm", "shoulder", "elbow", "forearm", "hand", "wrist"],
        pair: &["humeri", "radii", "shoulders", "elbows", "forearms", "wrists"],
        one: &["humeral", "radial", "ulnar", "shoulder", "elbow"],
    },
    Region { part: &["eye", "visual"], pair: &["eyes", "orbits", "retinae", "retinas"], one: &["optic", "retinal", "orbital"] },
    Region { part: &["flank", "loin"], pair: &["kidneys", "ureters"], one: &["renal", "ureteral", "ureteric"] },
    Region { part: &["ear", "hearing"], pair: &["cochleae", "ears"], one: &["cochlear"] },
    Region { part: &["breast"], pair: &["breasts"], one: &["breast"] },
];

const COMPLAINTS: &[&str] = &[
    "pain", "weakness", "swelling", "numbness", "ache", "limp", "loss", "tenderness", "discomfort", "paraesthesia", "paresthesia",
];
const CHANGES: &[&str] = &[
    "abnormal", "signal", "lesion", "lesions", "oedema", "edema", "enhancement", "uptake", "fracture", "fractures", "necrosis",
    "infiltration", "changes", "thickening", "hydronephrosis",
];
const NEGATIONS: &[&str] = &["no", "without", "normal", "not", "neither", "nor", "absent"];

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (number, sentence) in reading.sentences.iter().enumerate() {
        if !sentence.is_told() {
            continue;
        }
        let tokens = sentence.tokens.clone();
        let Some(sided) = reading.find_any(tokens.clone(), &["unilateral", "left", "right"]) else { continue };
        let near = sided + 1..(sided + 7).min(tokens.end);
        let named = REGIONS.iter().find_map(|r| Some((r, reading.find_any(near.clone(), r.part)?)));
        let Some((region, part)) = named else { continue };
        let Some(complaint) = reading.find_any(part + 1..(part + 3).min(tokens.end), COMPLAINTS) else { continue };
        let both = reading.sentences[number..]
            .iter()
            .take(4)
            .filter(|s| s.paragraph == sentence.paragraph)
            .find_map(|s| both_sides(reading, s, region, if s.span == sentence.span { complaint } else { s.tokens.start }));
        if let Some((first, last)) = both {
            let level = if reading.word(sided) == "unilateral" { Severity::Warning } else { Severity::Info };
            RULE.found("a complaint on one side, a finding on both")
                .level(level)
                .at(reading.span(sided, complaint), "on one side")
                .at(reading.span(first, last), "on both sides")
                .push(out);
        }
    }
}

/// A change on both sides: its first and last token.
fn both_sides(reading: &Reading<'_>, sentence: &Sentence, region: &Region, from: usize) -> Option<(usize, usize)> {
    let tokens = from..sentence.tokens.end;
    let pair = reading.find_any(tokens.clone(), region.pair).or_else(|| {
        let both = reading.find_any(tokens.clone(), &["both", "bilateral"])?;
        reading.find_any(both + 1..(both + 4).min(tokens.end), region.one)
    })?;
    let change = (tokens.start.max(pair.saturating_sub(10))..pair)
        .find(|i| CHANGES.contains(&reading.word(*i)))
        .or_else(|| reading.find_any(pair + 1..(pair + 4).min(tokens.end), CHANGES))?;
    let first = change.min(pair);
    if reading.has_any(first.saturating_sub(3).max(tokens.start)..change.max(first + 1), NEGATIONS) {
        return None;
    }
    Some((first, change.max(pair)))
}
