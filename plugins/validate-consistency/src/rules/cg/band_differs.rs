//! A gene that does not lie at the stated band.
//!
//! A finding names genes and bands, and a band is on another chromosome or arm than every gene, or a region apart.
//!
//! ## Why it matters
//!
//! Gene or band is wrong; the wrong probe is ordered on it.
//!
//! ## Example
//!
//! an ALK rearrangement, t(2;17)(q23;q23)
//!
//! ## What to write
//!
//! t(2;17)(p23;q23): ALK lies at 2p23.2-p23.1.
//!
//! ## Reference
//!
//! HGNC, chromosomal location of approved genes.

use casemill_plugin_sdk::model::{Diagnostic, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CG003", name: "band-differs", severity: Severity::Warning };

/// Chromosome, arm and the digits of a band: `2p23.2-p23.1` is `("2", 'p', "23")`, for the region that both ends share.
fn band(text: &str) -> Option<(&str, char, &str)> {
    let at = text.find(['p', 'q'])?;
    let rest = &text[at + 1..];
    let digits = rest.find(|c: char| !c.is_ascii_digit()).map_or(rest, |end| &rest[..end]);
    Some((&text[..at], text[at..].chars().next()?, digits))
}

/// Chromosomes and bands of `t(2;17)(p23.2;q23.1)`.
fn stated(iscn: &str) -> Option<Vec<(String, char, String)>> {
    let at = iscn.find("t(").or_else(|| iscn.find("inv("))?;
    let rest = &iscn[iscn[at..].find('(')? + at + 1..];
    let (chromosomes, rest) = rest.split_once(')')?;
    let (bands, _) = rest.strip_prefix('(')?.split_once(')')?;
    let chromosomes: Vec<&str> = chromosomes.split(';').collect();
    let bands: Vec<&str> = bands.split(';').collect();
    (chromosomes.len() == bands.len()).then(|| {
        chromosomes
            .iter()
            .zip(bands)
            .filter_map(|(c, b)| {
                let (_, arm, digits) = band(b)?;
                Some(((*c).to_owned(), arm, digits.to_owned()))
            })
            .collect()
    })
}

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (case, _) in reading.cases() {
        for finding in &case.genomic_findings {
            let Some(bands) = finding.value.iscn.as_deref().and_then(stated).filter(|b| b.len() > 1) else { continue };
            for gene in &finding.value.genes {
                let Some(own) = &gene.band else { continue };
                let Some((chromosome, arm, digits)) = band(own) else { continue };
                // Nomenclatures of different resolution: the region, its first digit, must agree.
                let fits = bands.iter().any(|(c, a, d)| {
                    c == chromosome && *a == arm && (d.is_empty() || digits.is_empty() || d.as_bytes()[0] == digits.as_bytes()[0])
                });
                if !fits {
                    let place = finding.evidence.iter().map(|e| e.span).find(|s| reading.words(*s).contains(&gene.symbol));
                    RULE.found(format!("{} lies at {own}, which is none of the stated bands", gene.symbol))
                        .case(case)
                        .at(place.unwrap_or(finding.span()), format!("{} lies at {own}", gene.symbol))
                        .at(finding.span(), finding.value.iscn.clone().unwrap_or_default())
                        .push(out);
                }
            }
        }
    }
}
