//! A side in a caption, table or abstract that the case does not know.
//!
//! An organ or limb that exists twice is on one side in the case and on the other in a caption, a table or the abstract, and the
//! case never names the other side or both.
//!
//! ## Why it matters
//!
//! Wrong-side errors start on paper.
//!
//! ## Example
//!
//! CT showed a mass of the left kidney. (...) Figure 1. Mass of the right kidney.
//!
//! ## What to write
//!
//! The side of the record; mirror-wise display of images is said in the caption.

use casemill_plugin_sdk::model::{Diagnostic, SectionKind, Severity, Span};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CX003", name: "side-differs", severity: Severity::Warning };

/// What exists on both sides, with forms that stand for the same.
const PAIRED: &[&[&str]] = &[
    &["kidney", "renal"], &["lung", "pulmonary"], &["breast"], &["ovary", "ovarian", "adnexal"], &["testis", "testicle", "testicular"],
    &["eye", "orbit", "orbital"], &["ear"], &["adrenal"], &["femur", "femoral"], &["tibia", "tibial"], &["humerus", "humeral"],
    &["parotid"], &["axilla", "axillary"], &["thigh"], &["leg"], &["arm"], &["hand"], &["foot"], &["shoulder"], &["hip"], &["knee"],
    &["tonsil"], &["scapula"], &["iliac"], &["inguinal", "groin"], &["frontal"], &["temporal"], &["parietal"], &["occipital"],
    &["cerebellar"], &["maxillary"], &["thenar"], &["clavicle"], &["forearm"], &["supraclavicular"],
];

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Left,
    Right,
    Both,
}

#[derive(Default)]
struct Seen {
    left: Option<Span>,
    right: Option<Span>,
    both: bool,
}

impl Seen {
    /// The one side that is named.
    fn one(&self) -> Option<(Side, Span)> {
        match (self.left, self.right, self.both) {
            (Some(span), None, false) => Some((Side::Left, span)),
            (None, Some(span), false) => Some((Side::Right, span)),
            _ => None,
        }
    }
}

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    if reading.report.cases.len() != 1 {
        return;
    }
    let mut prose: Vec<Seen> = PAIRED.iter().map(|_| Seen::default()).collect();
    let mut beside: Vec<Seen> = PAIRED.iter().map(|_| Seen::default()).collect();
    for sentence in &reading.sentences {
        let seen = match sentence.section {
            SectionKind::Caption | SectionKind::Table | SectionKind::Abstract => &mut beside,
            _ if sentence.is_told() => &mut prose,
            _ => continue,
        };
        for i in sentence.tokens.clone() {
            let word = reading.word(i);
            let side = match word {
                "left" => Side::Left,
                "right" => Side::Right,
                "both" | "bilateral" | "bilaterally" => Side::Both,
                _ => continue,
            };
            // "right and left kidney": both.
            let joined = matches!(reading.word(i + 1), "and" | "or" | "/") && matches!(reading.word(i + 2), "left" | "right");
            let side = if joined { Side::Both } else { side };
            for j in i + 1..(i + 4).min(sentence.tokens.end) {
                let noun = reading.word(j);
                if matches!(noun, "," | ";" | "and" | "(" | "left" | "right") && !joined {
                    break;
                }
                let stem = noun.strip_suffix('s').unwrap_or(noun);
                let Some(k) = PAIRED.iter().position(|forms| forms.contains(&noun) || forms.contains(&stem)) else { continue };
                let place = reading.span(i, j);
                match side {
                    Side::Left => seen[k].left = seen[k].left.or(Some(place)),
                    Side::Right => seen[k].right = seen[k].right.or(Some(place)),
                    Side::Both => seen[k].both = true,
                }
            }
        }
        // "the kidneys": both.
        for i in sentence.tokens.clone() {
            let word = reading.word(i);
            if let Some(stem) = word.strip_suffix('s').filter(|w| w.len() > 2)
                && let Some(k) = PAIRED.iter().position(|forms| forms[0] == stem)
            {
                seen[k].both = true;
            }
        }
    }
    for (k, forms) in PAIRED.iter().enumerate() {
        if let (Some((one, here)), Some((other, there))) = (prose[k].one(), beside[k].one())
            && one != other
        {
            RULE.found(format!("{}: the side differs between the case and caption, table or abstract", forms[0]))
                .at(there, "this side here")
                .at(here, "the other side in the case")
                .push(out);
        }
    }
}
