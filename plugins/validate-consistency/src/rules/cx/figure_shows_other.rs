//! A figure that shows another kind of examination than the sentence that cites it.
//!
//! The sentence names one kind of examination and refers to a figure or panel whose caption names only others.
//!
//! ## Why it matters
//!
//! Figures are renumbered late; the reader looks for the laryngoscopy and finds a CT.
//!
//! ## Example
//!
//! Laryngoscopy showed closed vocal cords (Figure 4). (...) Figure 4. Computed tomography of the chest.
//!
//! ## What to write
//!
//! The number of the figure that shows it.

use std::ops::Range;

use casemill_plugin_sdk::model::{Diagnostic, Figure, FigureCall, SectionKind, Severity, Span};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CX006", name: "figure-shows-other", severity: Severity::Info };

const CT: u8 = 1;
const MR: u8 = 2;
const PET: u8 = 4;
const ULTRASOUND: u8 = 8;
const X_RAY: u8 = 16;
const ENDOSCOPY: u8 = 32;
const MICROSCOPE: u8 = 64;
const PHOTOGRAPH: u8 = 128;

fn kind(word: &str) -> u8 {
    match word {
        "ct" | "cect" | "computed" => CT,
        "mri" | "magnetic" | "mr" | "mrcp" => MR,
        "pet" | "positron" => PET,
        "ultrasound" | "ultrasonography" | "sonography" | "ultrasonographic" | "echocardiography" => ULTRASOUND,
        "radiograph" | "radiographs" | "radiography" | "x-ray" | "roentgenogram" => X_RAY,
        "laryngoscopy" | "colonoscopy" | "gastroscopy" | "bronchoscopy" | "endoscopy" | "cystoscopy" => ENDOSCOPY,
        "histology" | "histological" | "histopathology" | "histopathological" | "hematoxylin" | "haematoxylin" | "microscopy"
        | "immunohistochemistry" | "immunohistochemical" | "smear" | "cytology" | "cytomorphologic" | "biopsy" | "staining"
        | "stain" | "stained" | "microscopic" | "histologic" | "pathology" | "pathological" | "aspirate" | "cytometry" | "autopsy" => {
            MICROSCOPE
        }
        "photograph" | "photographs" | "eruption" | "rash" => PHOTOGRAPH,
        _ => 0,
    }
}

fn kinds(reading: &Reading<'_>, tokens: Range<usize>) -> u8 {
    tokens.fold(0, |all, i| {
        // "X-ray" is three tokens.
        let ray = reading.word(i) == "x" && reading.word(i + 2).starts_with("ray");
        all | if ray { X_RAY } else { kind(reading.word(i)) }
    })
}

fn tokens_of(reading: &Reading<'_>, span: Span) -> Range<usize> {
    reading.token_at(span.start)..reading.tokens.partition_point(|t| t.span.start < span.end)
}

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for call in &reading.document.figure_calls {
        let Some(figure) = reading.document.figures.iter().find(|f| f.label == call.target) else { continue };
        let Some(number) = reading.sentence_at(call.span.start) else { continue };
        let sentence = &reading.sentences[number];
        if figure.span.overlaps(call.span) || sentence.section == SectionKind::Caption {
            continue;
        }
        // The clause that ends with this call: from the call before it.
        let before = reading.document.figure_calls.iter().filter(|c| c.span.end <= call.span.start).map(|c| c.span.end);
        let from = before.max().map_or(sentence.tokens.start, |end| reading.token_at(end).max(sentence.tokens.start));
        let mut said = kinds(reading, from..reading.token_at(call.span.start));
        if said == 0 && from == sentence.tokens.start && number > 0 {
            let last = &reading.sentences[number - 1];
            let own_call = reading.document.figure_calls.iter().any(|c| last.span.contains(c.span));
            let one = kinds(reading, last.tokens.clone());
            if last.paragraph == sentence.paragraph && one.count_ones() == 1 && !own_call {
                said = one;
            }
        }
        if said == 0 {
            continue;
        }
        for (span, shown) in shown(reading, figure, call) {
            if shown != 0 && shown & said == 0 {
                RULE.found(format!("{} is cited for one kind of examination and shows another", call.target))
                    .at(call.span, "cited here")
                    .at(span, "shows this")
                    .at(sentence.span, "for this")
                    .push(out);
                break;
            }
        }
    }
}

/// What the cited panels show, or the whole figure.
fn shown(reading: &Reading<'_>, figure: &Figure, call: &FigureCall) -> Vec<(Span, u8)> {
    let words = reading.words(call.span);
    let cited = figure.panels.iter().filter(|p| {
        words.char_indices().any(|(i, c)| {
            let alone = !words[..i].ends_with(char::is_alphabetic) && !words[i + c.len_utf8()..].starts_with(char::is_alphabetic);
            alone && p.label.len() == 1 && p.label.eq_ignore_ascii_case(&c.to_string())
        })
    });
    let panels: Vec<(Span, u8)> = cited.map(|p| (p.span, kinds(reading, tokens_of(reading, p.span)))).collect();
    if panels.iter().any(|(_, k)| *k != 0) {
        return panels;
    }
    vec![(figure.span, kinds(reading, tokens_of(reading, figure.span)))]
}
