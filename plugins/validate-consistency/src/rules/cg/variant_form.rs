//! A variant that is not written as HGVS asks.
//!
//! The dot of "p." or "c." is missing ("p(His374Tyr)", "pV600E"), or a frameshift does not say which residue is new ("R691fs*10").
//!
//! ## Why it matters
//!
//! Variant databases find neither.
//!
//! ## Example
//!
//! JAK1 p(His374Tyr), BRCA1 R691fs*10
//!
//! ## What to write
//!
//! JAK1 p.(His374Tyr); BRCA1 p.(Arg691ThrfsTer10) with the reference sequence
//!
//! ## Reference
//!
//! HGVS nomenclature 21.1, protein: prefix "p.", frameshift.

use casemill_plugin_sdk::model::{Diagnostic, Severity};

use crate::reading::Reading;
use crate::rule::{Found, Rule};

pub(crate) const RULE: Rule = Rule { code: "CG004", name: "variant-form", severity: Severity::Info };

const RESIDUES: &[&str] = &[
    "ala", "arg", "asn", "asp", "cys", "gln", "glu", "gly", "his", "ile", "leu", "lys", "met", "phe", "pro", "ser", "thr", "trp", "tyr",
    "val", "ter",
];

/// `His374Tyr`, `H374Y`.
fn is_change(written: &str) -> bool {
    let first = written.find(|c: char| c.is_ascii_digit());
    let last = written.rfind(|c: char| c.is_ascii_digit());
    let (Some(first), Some(last)) = (first, last) else { return false };
    let ok = |part: &str| {
        let lower = part.to_ascii_lowercase();
        RESIDUES.contains(&lower.as_str()) || part.len() == 1 && part.as_bytes()[0].is_ascii_uppercase()
    };
    ok(&written[..first]) && written[first..=last].bytes().all(|b| b.is_ascii_digit()) && ok(&written[last + 1..])
}

/// `R691fs`, `Arg691fs`: a frameshift without the new residue.
fn is_bare_frameshift(written: &str) -> bool {
    written.strip_suffix("fs").is_some_and(|head| {
        let digits = head.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let residue = &head[..head.len() - digits.len()];
        !digits.is_empty()
            && digits.bytes().all(|b| b.is_ascii_digit())
            && (residue.len() == 1 || RESIDUES.contains(&residue.to_ascii_lowercase().as_str()))
    })
}

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    let mut dotless: Option<Found> = None;
    let mut frameshift: Option<Found> = None;
    for i in 0..reading.tokens.len() {
        let written = reading.written(i);
        if written == "p" && reading.word(i + 1) == "(" && is_change(reading.written(i + 2)) && reading.word(i + 3) == ")" {
            // With the gene before it, "JAK-1" or "JAK1".
            let mut first = i;
            while first > 0 && i - first < 3 && !matches!(reading.word(first - 1), "in" | "for" | "of" | "the" | "," | "(" | "and" | ":") {
                first -= 1;
            }
            let next = dotless.take().unwrap_or_else(|| RULE.found("the dot of \"p.\" is missing"));
            dotless = Some(next.at(reading.span(first, i + 3), "p.( )"));
        }
        if is_bare_frameshift(written) {
            let mut last = i;
            while matches!(reading.word(last + 1), "*" | "x") && !reading.tokens[last + 1].spaced
                || reading.tokens.get(last + 1).is_some_and(|t| t.is_number() && !t.spaced) && last > i
            {
                last += 1;
            }
            let next = frameshift.take().unwrap_or_else(|| RULE.found("a frameshift without the new residue"));
            frameshift = Some(next.at(reading.span(i, last), "which residue is new?"));
        }
    }
    for found in [dotless, frameshift].into_iter().flatten() {
        found.push(out);
    }
}
