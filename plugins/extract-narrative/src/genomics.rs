//! Genomic findings: fusions and rearrangements, variants, copy number, karyotypes, microsatellites, mutational burden.

use std::collections::HashMap;

use case_model::{
    Assertion, Coding, GeneInvolved, GeneRole, GenomicFinding, GenomicKind, GenomicResult, Span, VariantOrigin,
};
use case_nomenclature::find::{self, Form};
use case_text::context::Context;
use case_text::token::lower;

use crate::class::{Class, Kind};
use crate::draft::{Draft, View};
use crate::reading::Mention;

const BY: &str = "narrative/genomics";

/// Takes a sentence about the patient. `taken` are places that the marker panel has read.
pub(crate) fn read(view: View<'_, '_>, taken: &[Span], out: &mut Vec<Draft<GenomicFinding>>) {
    let start = out.len();
    let genes = genes_of(view, taken);
    let mut used = vec![false; genes.len()];
    karyotypes(view, out);
    variants(view, &genes, &mut used, out);
    rearrangements(view, &genes, &mut used, out);
    gene_changes(view, &genes, &mut used, out);
    panels(view, &genes, &mut used, out);
    instability(view, out);
    let assay = assay_of(view);
    let origin = origin_of(view);
    for draft in &mut out[start..] {
        let value = &mut draft.value;
        value.assay = value.assay.take().or_else(|| assay.clone());
        if value.origin == VariantOrigin::Unknown {
            value.origin = origin.clone();
        }
        value.zygosity = value.zygosity.take().or_else(|| word_of(view, Class::Zygosity));
        value.fraction = value.fraction.take().or_else(|| fraction_behind(view, draft.span));
        if value.result == GenomicResult::NotDetected {
            draft.assertion = Assertion::Absent;
        }
    }
}

/// A gene named in the sentence.
#[derive(Clone, Copy)]
struct Named {
    mention: Mention,
}

fn genes_of(view: View<'_, '_>, taken: &[Span]) -> Vec<Named> {
    let mentions = view.mentions();
    let mut out: Vec<Named> = Vec::new();
    for mention in mentions.iter().filter(|m| m.is(Kind::Gene)) {
        let span = view.span(mention);
        let within = mentions.iter().any(|o| {
            let holds = o.first <= mention.first
                && mention.last <= o.last
                && (o.last - o.first) > (mention.last - mention.first);
            holds && matches!(o.info.kind, Kind::DrugClass | Kind::Drug | Kind::Tumour | Kind::Gene | Kind::Regimen)
        });
        let context = view.context(mention);
        if within
            || taken.iter().any(|t| t.overlaps(span))
            || context.any(Context::ELSEWHERE | Context::HYPOTHETICAL)
            || out.last().is_some_and(|o| o.mention.first == mention.first)
        {
            continue;
        }
        out.push(Named { mention: *mention });
    }
    out
}

fn involved(view: View<'_, '_>, gene: &Named, role: GeneRole) -> GeneInvolved {
    let concept = view.reading.vocabulary.concept(gene.mention.concept);
    let coding = (!concept.code.is_empty()).then(|| Coding::new(concept.code, concept.label));
    GeneInvolved {
        symbol: concept.label.to_owned(),
        role,
        coding,
        band: concept.attr("band").map(str::to_owned),
        exon: None,
    }
}

fn push(view: View<'_, '_>, value: GenomicFinding, span: Span, out: &mut Vec<Draft<GenomicFinding>>) {
    let mut draft = Draft::new(value, span, view.number, BY);
    let first = view.reading.tokens.partition_point(|t| t.span.start < span.start);
    draft.time = view.time_of(first, first, &[]);
    out.push(draft);
}

fn result_of(view: View<'_, '_>, token: usize) -> GenomicResult {
    let context = view.reading.context[token];
    if context.has(Context::NEGATED) {
        GenomicResult::NotDetected
    } else if context.has(Context::UNCERTAIN) {
        GenomicResult::Equivocal
    } else {
        GenomicResult::Detected
    }
}

/// ISCN expressions and words for chromosomes: `47,XX,+8`, `t(9;22)(q34;q11)`, `trisomy 8`, `deletion of 13q14.3`.
fn karyotypes(view: View<'_, '_>, out: &mut Vec<Draft<GenomicFinding>>) {
    let text = view.sentence.span.of(view.reading.text).unwrap_or_default();
    for found in find::karyotypes(text) {
        let span =
            Span::new(view.sentence.span.start + found.start as u32, view.sentence.span.start + found.end as u32);
        // "47,XX,+8[12]/46,XX[8]": clones of one karyotype.
        if let Some(previous) = out.last_mut()
            && previous.sentence == view.number
            && previous.value.iscn.is_some()
            && previous.span.end + 1 == span.start
            && text.as_bytes().get(found.start.saturating_sub(1)) == Some(&b'/')
        {
            previous.span = previous.span.hull(span);
            let whole = previous.span.of(view.reading.text).unwrap_or_default().to_owned();
            previous.value.label.clone_from(&whole);
            previous.value.iscn = Some(whole);
            continue;
        }
        let token =
            view.reading.tokens.partition_point(|t| t.span.start < span.start).min(view.reading.tokens.len() - 1);
        let value = GenomicFinding {
            kind: if found.numerical_only { GenomicKind::CopyNumber } else { GenomicKind::Rearrangement },
            result: result_of(view, token),
            label: found.iscn.clone(),
            iscn: Some(found.iscn),
            ..GenomicFinding::default()
        };
        push(view, value, span, out);
    }
    let reading = view.reading;
    for mention in view
        .mentions()
        .iter()
        .filter(|m| m.says(Class::CopyNumber) || m.says(Class::Karyotype) || m.says(Class::Rearrangement))
    {
        let words = view.words(mention).to_ascii_lowercase();
        let next = mention.last + 1;
        let chromosome = |i: usize| {
            let word = reading.word(i);
            word.parse::<u32>().is_ok_and(|n| (1..=22).contains(&n)) || matches!(word, "X" | "Y")
        };
        let normal = words.starts_with("normal") && words.ends_with("karyotype");
        if normal {
            let value = GenomicFinding {
                kind: GenomicKind::Rearrangement,
                result: GenomicResult::NotDetected,
                label: "normal karyotype".into(),
                ..GenomicFinding::default()
            };
            push(view, value, view.span(mention), out);
            continue;
        }
        // "trisomy 8", "monosomy 7"
        if (words.ends_with("somy")) && chromosome(next) {
            let span = reading.span(mention.first, next);
            let value = GenomicFinding {
                kind: GenomicKind::CopyNumber,
                result: result_of(view, mention.first),
                label: span.of(reading.text).unwrap_or_default().to_owned(),
                ..GenomicFinding::default()
            };
            push(view, value, span, out);
            continue;
        }
        // "inversion at chromosome 14", "deletion in the long arm of chromosome 14", "deletion of 13q14.3",
        // "translocation between the short arm of chromosomes 7 and 12"
        let end = (mention.last + 10).min(view.sentence.tokens.end);
        // What the next word for a change says belongs to that.
        let end = view
            .mentions()
            .iter()
            .find(|m| {
                m.first > mention.last
                    && (m.says(Class::CopyNumber) || m.says(Class::Karyotype) || m.says(Class::Rearrangement))
            })
            .map_or(end, |m| m.first.min(end));
        let next = if matches!(reading.word(mention.last), "chromosome" | "chromosomes") { mention.last } else { next };
        let chromosome_word = (next..end).find(|i| {
            matches!(reading.word(*i), "chromosome" | "chromosomes")
                && reading.tokens.get(i + 1).is_some_and(|t| t.is_number())
        });
        let band = (next..end.min(next + 4))
            .find(|i| reading.tokens[*i].is_number() && is_band(reading.word(*i), reading.word(*i + 1)));
        let last = match (chromosome_word, band) {
            (Some(at), _) => {
                let mut last = at + 1;
                while last + 2 < view.sentence.tokens.end
                    && (reading.tokens[last + 1].is(',') || reading.word(last + 1) == "and")
                    && (reading.tokens[last + 2].is_number()
                        || reading.word(last + 2) == "and"
                            && reading.tokens.get(last + 3).is_some_and(|t| t.is_number()))
                {
                    last += 2 + usize::from(!reading.tokens[last + 2].is_number());
                }
                last
            }
            (None, Some(at)) => {
                // "13q14.3" is a number, a word, a point, a number.
                let mut last = at + 1;
                if reading.tokens.get(last + 1).is_some_and(|t| t.is('.') && !t.spaced)
                    && reading.tokens.get(last + 2).is_some_and(|t| t.is_number() && !t.spaced)
                {
                    last += 2;
                }
                last
            }
            (None, None) => continue,
        };
        let span = reading.span(mention.first, last);
        if out.iter().any(|d| d.sentence == view.number && d.span.overlaps(span)) {
            continue;
        }
        let kind = if mention.says(Class::CopyNumber) { GenomicKind::CopyNumber } else { GenomicKind::Rearrangement };
        let value = GenomicFinding {
            kind,
            result: result_of(view, mention.first),
            label: span.of(reading.text).unwrap_or_default().to_owned(),
            ..GenomicFinding::default()
        };
        push(view, value, span, out);
    }
}

/// `13` `q14`: a chromosome and an arm with its region.
fn is_band(number: &str, arm: &str) -> bool {
    number.parse::<u32>().is_ok_and(|n| (1..=22).contains(&n))
        && arm.starts_with(['p', 'q'])
        && (arm.len() == 1 || arm[1..].bytes().all(|b| b.is_ascii_digit()))
}

/// Variants in HGVS or as papers write them, with the gene that stands nearest.
fn variants(view: View<'_, '_>, genes: &[Named], used: &mut [bool], out: &mut Vec<Draft<GenomicFinding>>) {
    let text = view.sentence.span.of(view.reading.text).unwrap_or_default();
    let base = view.sentence.span.start;
    for found in find::variants(text) {
        // Alleles without a place and entries of dbSNP name no variant of a gene by themselves.
        if matches!(found.form, Form::Alleles | Form::DbSnp) {
            continue;
        }
        let span = Span::new(base + found.start as u32, base + found.end as u32);
        let gene = nearest_gene(view, genes, span);
        // A bare "V600E" is a variant only beside a gene.
        if found.form == Form::Short && gene.is_none_or(|g| distance(view, &genes[g].mention, span) > 30) {
            continue;
        }
        let token =
            view.reading.tokens.partition_point(|t| t.span.start < span.start).min(view.reading.tokens.len() - 1);
        let name = gene.map(|g| involved(view, &genes[g], GeneRole::Affected));
        let whole = gene.map_or(span, |g| {
            used[g] = true;
            if distance(view, &genes[g].mention, span) < 25 { span.hull(view.span(&genes[g].mention)) } else { span }
        });
        let label = match &name {
            Some(gene) => format!("{} {}", gene.symbol, found.hgvs),
            None => found.hgvs.clone(),
        };
        let value = GenomicFinding {
            kind: if found.is_indel { GenomicKind::Indel } else { GenomicKind::Snv },
            result: result_of(view, token),
            label,
            genes: name.into_iter().collect(),
            hgvs: vec![found.hgvs],
            ..GenomicFinding::default()
        };
        // "BRAF V600E (c.1799T>A, p.Val600Glu)": further expressions of the same variant.
        if let Some(previous) = out.last_mut()
            && previous.sentence == view.number
            && !previous.value.hgvs.is_empty()
            && whole.start.saturating_sub(previous.span.end) <= 4
            && (previous.value.genes == value.genes || value.genes.is_empty())
            && previous.value.hgvs[0].chars().next() != value.hgvs[0].chars().next()
        {
            previous.value.hgvs.extend(value.hgvs);
            previous.span = previous.span.hull(whole);
            continue;
        }
        push(view, value, whole, out);
    }
}

fn distance(view: View<'_, '_>, mention: &Mention, span: Span) -> u32 {
    let own = view.span(mention);
    if own.end <= span.start { span.start - own.end } else { own.start.saturating_sub(span.end) }
}

fn nearest_gene(view: View<'_, '_>, genes: &[Named], span: Span) -> Option<usize> {
    // The gene before the variant, unless one follows directly ("V600E mutation of BRAF").
    let before = genes.iter().enumerate().rfind(|(_, g)| view.span(&g.mention).end <= span.start);
    let behind = genes.iter().enumerate().find(|(_, g)| view.span(&g.mention).start >= span.end);
    match (before, behind) {
        (Some((b, gb)), Some((a, ga))) => {
            let (before, behind) = (distance(view, &gb.mention, span), distance(view, &ga.mention, span));
            Some(if before <= behind + 10 { b } else { a })
        }
        (Some((b, _)), None) => Some(b),
        (None, Some((a, ga))) => (distance(view, &ga.mention, span) < 40).then_some(a),
        (None, None) => None,
    }
}

/// Fusions in their usual wordings.
fn rearrangements(view: View<'_, '_>, genes: &[Named], used: &mut [bool], out: &mut Vec<Draft<GenomicFinding>>) {
    let reading = view.reading;
    let words: Vec<&Mention> = view.mentions().iter().filter(|m| m.says(Class::Rearrangement)).collect();
    let mut i = 0;
    while i < genes.len() {
        if used[i] {
            i += 1;
            continue;
        }
        let first = genes[i].mention;
        // "EML4-ALK", "EML4::ALK", "BCR/ABL1 fusion"
        if let Some(next) = genes.get(i + 1).filter(|g| !used[i + 1] && g.mention.first > first.last) {
            let joint = joint_between(view, first.last, next.mention.first);
            let near = words.iter().any(|w| {
                w.first > next.mention.last && w.first - next.mention.last <= 3
                    || w.last < first.first && first.first - w.last <= 3
            });
            let is_fusion = match joint {
                Joint::Colons => true,
                Joint::Hyphen => near || !view.mentions().iter().any(|m| m.is(Kind::Marker) && m.first == first.first),
                Joint::Slash => {
                    near && !words.iter().any(|w| {
                        w.last < first.first && matches!(reading.word(w.last + 1), "of" | "between" | "involving")
                    })
                }
                Joint::None => false,
            };
            if is_fusion {
                let roles = if joint == Joint::Colons || joint == Joint::Hyphen {
                    (GeneRole::FivePrime, GeneRole::ThreePrime)
                } else {
                    (GeneRole::Affected, GeneRole::Affected)
                };
                let span = reading.span(first.first, next.mention.last);
                let parts = vec![involved(view, &genes[i], roles.0), involved(view, &genes[i + 1], roles.1)];
                add_fusion(
                    view,
                    parts,
                    span,
                    first.first,
                    words.iter().copied().find(|w| w.first > next.mention.last && w.first - next.mention.last <= 3),
                    out,
                );
                (used[i], used[i + 1]) = (true, true);
                i += 2;
                continue;
            }
        }
        i += 1;
    }
    for word in words {
        between(view, word, genes, used, out);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    Colons,
    Hyphen,
    Slash,
    None,
}

fn joint_between(view: View<'_, '_>, last: usize, first: usize) -> Joint {
    let tokens = &view.reading.tokens[last + 1..first];
    match tokens {
        [a, b] if a.is(':') && b.is(':') => Joint::Colons,
        [a] if a.is_hyphen() && !a.spaced => Joint::Hyphen,
        [a] if a.is('/') => Joint::Slash,
        _ => Joint::None,
    }
}

fn add_fusion(
    view: View<'_, '_>,
    genes: Vec<GeneInvolved>,
    span: Span,
    token: usize,
    word: Option<&Mention>,
    out: &mut Vec<Draft<GenomicFinding>>,
) {
    let whole = word.map_or(span, |w| span.hull(view.span(w)));
    let symbols: Vec<&str> = genes.iter().map(|g| g.symbol.as_str()).collect();
    let label = format!("{} fusion", symbols.join("::"));
    let value = GenomicFinding {
        kind: GenomicKind::Fusion,
        result: result_of(view, token),
        label,
        genes,
        ..GenomicFinding::default()
    };
    push(view, value, whole, out);
}

/// `translocation between A and B/C`, `fusion of A with B`, `A rearrangement`, `rearrangement of the A gene`.
fn between(
    view: View<'_, '_>,
    word: &Mention,
    genes: &[Named],
    used: &mut [bool],
    out: &mut Vec<Draft<GenomicFinding>>,
) {
    let reading = view.reading;
    let next = reading.word(word.last + 1);
    let takes_object = matches!(next, "between" | "of" | "involving" | "in" | "with" | "affecting" | "linking");
    let mut members: Vec<usize> = Vec::new();
    let mut joined_by_slash: Vec<usize> = Vec::new();
    if takes_object {
        let mut last = word.last + 1;
        for (i, gene) in genes.iter().enumerate().filter(|(_, g)| g.mention.first > word.last) {
            let between: Vec<&str> = (last + 1..gene.mention.first).map(|j| reading.word(j)).collect();
            let links = between.iter().all(|w| {
                matches!(
                    *w,
                    "the" | "a" | "gene" | "genes" | "and" | "with" | "/" | "to" | "exon" | "of" | "on" | "locus" | ","
                )
            });
            if used[i] || !links || between.len() > 4 || between.contains(&",") && members.is_empty() {
                break;
            }
            if between == ["/"] {
                joined_by_slash.push(i);
                if let Some(before) = members.last() {
                    joined_by_slash.push(*before);
                }
            }
            members.push(i);
            last = gene.mention.last;
        }
    }
    if members.is_empty() {
        // "ALK rearrangement", "ALK gene rearrangement", "ALK-rearranged", "MYC, BCL2 and BCL6 rearrangements"
        let mut edge = word.first;
        for (i, gene) in genes.iter().enumerate().rev().filter(|(i, g)| !used[*i] && g.mention.last < word.first) {
            let listed = edge != word.first;
            let links = (gene.mention.last + 1..edge).all(|j| {
                matches!(reading.word(j), "gene" | "genes" | "-" | "–")
                    || listed && matches!(reading.word(j), "," | "and" | "or" | "nor")
            });
            if !links || edge - gene.mention.last > 4 {
                break;
            }
            members.insert(0, i);
            edge = gene.mention.first;
        }
        // Each gene of such a list is a finding of its own.
        if members.len() > 1 {
            for i in members {
                used[i] = true;
                let gene = involved(view, &genes[i], GeneRole::Affected);
                let label = format!("{} rearrangement", gene.symbol);
                let result = result_of(view, genes[i].mention.first);
                let value = GenomicFinding {
                    kind: GenomicKind::Fusion,
                    result,
                    label,
                    genes: vec![gene],
                    ..GenomicFinding::default()
                };
                push(view, value, view.span(&genes[i].mention), out);
            }
            return;
        }
    }
    if members.is_empty() {
        return;
    }
    // A slash leaves the partner open: both are candidates, never a joined symbol.
    let several = members.len() > 1;
    let parts: Vec<GeneInvolved> = members
        .iter()
        .map(|i| {
            let role =
                if several && joined_by_slash.contains(i) { GeneRole::CandidatePartner } else { GeneRole::Affected };
            involved(view, &genes[*i], role)
        })
        .collect();
    let first = members.iter().map(|i| genes[*i].mention.first).min().unwrap_or(word.first).min(word.first);
    let last = members.iter().map(|i| genes[*i].mention.last).max().unwrap_or(word.last).max(word.last);
    let mut span = reading.span(first, last);
    members.iter().for_each(|i| used[*i] = true);
    let single = parts.len() == 1;
    let label = if single {
        format!("{} rearrangement", parts[0].symbol)
    } else {
        let affected: Vec<&str> =
            parts.iter().filter(|p| p.role != GeneRole::CandidatePartner).map(|p| p.symbol.as_str()).collect();
        let candidates: Vec<&str> =
            parts.iter().filter(|p| p.role == GeneRole::CandidatePartner).map(|p| p.symbol.as_str()).collect();
        if candidates.is_empty() {
            // The words leave open which gene is in front.
            format!("fusion of {}", affected.join(" and "))
        } else {
            format!("{} fusion with {}", affected.join("::"), candidates.join(" or "))
        }
    };
    // The karyotype of the same rearrangement stands right behind it.
    let mut iscn = None;
    out.retain(|d| {
        let own = d.sentence == view.number
            && d.value.iscn.is_some()
            && d.span.start >= span.start
            && d.span.start <= span.end + 3;
        if own {
            iscn.clone_from(&d.value.iscn);
            span = span.hull(d.span);
        }
        !own
    });
    let value = GenomicFinding {
        kind: GenomicKind::Fusion,
        result: result_of(view, word.first),
        label,
        genes: parts,
        iscn,
        ..GenomicFinding::default()
    };
    push(view, value, span, out);
}

/// `EGFR mutation`, `mutation in KRAS`, `no mutation of TP53`, `HER2 amplification`, `loss of CDKN2A`, `BRAF wild-type`.
fn gene_changes(view: View<'_, '_>, genes: &[Named], used: &mut [bool], out: &mut Vec<Draft<GenomicFinding>>) {
    let reading = view.reading;
    for word in view
        .mentions()
        .iter()
        .filter(|m| m.says(Class::Mutation) || m.says(Class::CopyNumber) || m.says(Class::WildType))
    {
        let mut members: Vec<usize> = Vec::new();
        // Genes right before, joined as a list: "KRAS, NRAS and BRAF mutations".
        let mut edge = word.first;
        let variants: Vec<Span> =
            out.iter().filter(|d| d.sentence == view.number && !d.value.hgvs.is_empty()).map(|d| d.span).collect();
        let in_variant = |span: Span| variants.iter().any(|v| v.overlaps(span));
        for (i, gene) in genes.iter().enumerate().rev().filter(|(_, g)| g.mention.last < word.first) {
            // "FLT3-ITD, NPM1 and DNMT3A R882H mutations": the list goes on in front of a variant.
            if used[i] {
                let joined = in_variant(view.span(&gene.mention))
                    && (gene.mention.last + 1..edge)
                        .all(|j| in_variant(reading.tokens[j].span) || reading.tokens[j].is(','));
                if joined {
                    edge = gene.mention.first;
                    continue;
                }
                break;
            }
            let links = (gene.mention.last + 1..edge).all(|j| {
                matches!(
                    reading.word(j),
                    "gene"
                        | "genes"
                        | "-"
                        | "–"
                        | ","
                        | "and"
                        | "or"
                        | "/"
                        | "germline"
                        | "somatic"
                        | "pathogenic"
                        | "activating"
                        | "was"
                        | "were"
                        | "is"
                        | "are"
                        | "all"
                        | "both"
                )
            });
            if !links || edge - gene.mention.last > 4 {
                break;
            }
            members.insert(0, i);
            edge = gene.mention.first;
        }
        // Or behind: "mutation in the KRAS gene", "mutations of A, B and C".
        if members.is_empty() && matches!(reading.word(word.last + 1), "in" | "of" | "for" | "involving" | "affecting")
        {
            let mut last = word.last + 1;
            for (i, gene) in genes.iter().enumerate().filter(|(i, g)| !used[*i] && g.mention.first > word.last) {
                let links = (last + 1..gene.mention.first).all(|j| {
                    let w = reading.word(j);
                    matches!(w, "the" | "gene" | "genes" | "," | "and" | "or" | "/" | "exon" | "exons" | "of" | "codon")
                        || reading.tokens[j].is_number()
                });
                if !links || gene.mention.first - last > 6 {
                    break;
                }
                members.push(i);
                last = gene.mention.last;
            }
        }
        for i in members {
            used[i] = true;
            let gene = involved(view, &genes[i], GeneRole::Affected);
            let words = view.words(word).to_ascii_lowercase();
            let mut result = result_of(view, genes[i].mention.first);
            if reading.context[word.first].has(Context::NEGATED) {
                result = GenomicResult::NotDetected;
            }
            let kind = match word.info.class {
                Class::CopyNumber => GenomicKind::CopyNumber,
                Class::WildType => {
                    result = GenomicResult::NotDetected;
                    GenomicKind::Mutation
                }
                _ if words.contains("insertion") || words.contains("duplication") || words.contains("frameshift") => {
                    GenomicKind::Indel
                }
                _ => GenomicKind::Mutation,
            };
            let change = match words.as_str() {
                _ if word.info.class == Class::WildType => "mutation",
                "mutated" | "mutant" => "mutation",
                "amplified" => "amplification",
                "deleted" => "deletion",
                // "MET copy number was increased"
                "copy number" if !said_behind(view, word, &["increased", "gained", "high", "elevated"]) => continue,
                "copy number" => "copy number gain",
                "itd" => "internal tandem duplication",
                other => other.strip_suffix('s').filter(|o| !o.ends_with(['s', 'i'])).unwrap_or(other),
            };
            let label = format!("{} {change}", gene.symbol);
            let span = reading.span(genes[i].mention.first.min(word.first), genes[i].mention.last.max(word.last));
            let span = if span.len() > 60 { view.span(&genes[i].mention) } else { span };
            let stated = (word.info.class == Class::WildType).then(|| view.words(word).to_owned());
            let value =
                GenomicFinding { kind, result, label, genes: vec![gene], value: stated, ..GenomicFinding::default() };
            push(view, value, span, out);
        }
    }
}

/// True if one of the words stands within a few words behind a mention.
fn said_behind(view: View<'_, '_>, mention: &Mention, words: &[&str]) -> bool {
    let end = (mention.last + 5).min(view.sentence.tokens.end);
    (mention.last + 1..end).any(|i| words.contains(&view.reading.word(i)))
}

/// Lists of a sequencing panel: "negative for ASXL1, DNMT3A and TP53", "detected variants in ...".
fn panels(view: View<'_, '_>, genes: &[Named], used: &mut [bool], out: &mut Vec<Draft<GenomicFinding>>) {
    let sequenced =
        view.mentions().iter().any(|m| m.is(Kind::Assay) && matches!(m.info.class, Class::Sequencing | Class::Pcr));
    if !sequenced {
        return;
    }
    for (i, gene) in genes.iter().enumerate().filter(|(_, g)| !g.mention.ambiguous) {
        if used[i] || !view.context(&gene.mention).has(Context::NEGATED) {
            continue;
        }
        used[i] = true;
        let gene_part = involved(view, gene, GeneRole::Affected);
        let value = GenomicFinding {
            kind: GenomicKind::Mutation,
            result: GenomicResult::NotDetected,
            label: format!("{} mutation", gene_part.symbol),
            genes: vec![gene_part],
            ..GenomicFinding::default()
        };
        push(view, value, view.span(&gene.mention), out);
    }
}

/// Mutations per megabase from which a burden is called high (FDA, 16 June 2020: pembrolizumab for TMB-H, FoundationOne CDx).
const HIGH_BURDEN: f64 = 10.0;

/// Microsatellites and mutational burden.
fn instability(view: View<'_, '_>, out: &mut Vec<Draft<GenomicFinding>>) {
    let reading = view.reading;
    for word in view.mentions().iter().filter(|m| (m.says(Class::Msi) || m.says(Class::Tmb)) && !m.nested) {
        let context = view.context(word);
        if context.any(Context::HYPOTHETICAL | Context::FAMILY) {
            continue;
        }
        let stated = reading.vocabulary.concept(word.concept).attr("result");
        let tmb = word.says(Class::Tmb);
        let near = |list: &[&str]| {
            let from = word.first.saturating_sub(2).max(view.sentence.tokens.start);
            let to = (word.last + 5).min(view.sentence.tokens.end);
            (from..to).any(|i| list.contains(&lower(reading.word(i)).as_ref()))
        };
        let high = if tmb { near(&["high"]) && !near(&["low"]) } else { stated == Some("high") };
        let negated = context.has(Context::NEGATED);
        let quantity = (word.last + 1..(word.last + 5).min(view.sentence.tokens.end))
            .find(|i| reading.tokens[*i].is_number() || matches!(reading.word(*i), "zero" | "0"));
        let value = quantity.filter(|_| tmb).map(|at| {
            let end = (at + 1..(at + 5).min(view.sentence.tokens.end))
                .take_while(|i| {
                    !reading.tokens[*i].is(')')
                        && !reading.tokens[*i].is(',')
                        && !reading.tokens[*i].is('.')
                        && reading.word(*i) != "and"
                })
                .last();
            reading.words(at, end.unwrap_or(at)).to_owned()
        });
        // A burden that is only named says nothing.
        if tmb && value.is_none() && !near(&["high", "low", "intermediate"]) {
            continue;
        }
        let number = quantity.and_then(|at| reading.word(at).parse::<f64>().ok());
        let high = high || tmb && !near(&["low"]) && number.is_some_and(|n| n >= HIGH_BURDEN);
        let detected = high && !negated;
        let label = if tmb { "high tumour mutational burden" } else { "microsatellite instability" }.to_owned();
        let value = value.or_else(|| (!tmb && !high).then(|| view.words(word).to_owned()));
        let finding = GenomicFinding {
            kind: GenomicKind::MsiTmb,
            result: if detected { GenomicResult::Detected } else { GenomicResult::NotDetected },
            label,
            value,
            ..GenomicFinding::default()
        };
        push(view, finding, view.span(word), out);
    }
}

fn assay_of(view: View<'_, '_>) -> Option<String> {
    view.mentions()
        .iter()
        .find(|m| m.is(Kind::Assay) && !matches!(m.info.class, Class::Ihc | Class::Flow))
        .map(|m| view.words(m).to_owned())
}

fn origin_of(view: View<'_, '_>) -> VariantOrigin {
    if view.mentions().iter().any(|m| m.says(Class::Germline)) {
        VariantOrigin::Germline
    } else if view.mentions().iter().any(|m| m.says(Class::Somatic)) {
        VariantOrigin::Somatic
    } else {
        VariantOrigin::Unknown
    }
}

fn word_of(view: View<'_, '_>, class: Class) -> Option<String> {
    view.mentions().iter().find(|m| m.says(class)).map(|m| view.words(m).to_owned())
}

/// `in 62% of cells`, `(VAF 34%)` behind the finding.
fn fraction_behind(view: View<'_, '_>, span: Span) -> Option<String> {
    let reading = view.reading;
    let from = reading.tokens.partition_point(|t| t.span.start < span.end);
    let end = (from + 10).min(view.sentence.tokens.end);
    let percent = (from..end).find(|i| reading.tokens[*i].is('%'))?;
    let number = percent.checked_sub(1).filter(|i| *i >= from && reading.tokens[*i].is_number())?;
    let of_cells = (percent + 1..(percent + 4).min(view.sentence.tokens.end))
        .any(|i| matches!(reading.word(i), "cells" | "nuclei" | "reads" | "alleles"));
    let vaf = (from..number).any(|i| matches!(reading.word(i), "VAF" | "fraction" | "frequency" | "MAF"));
    (of_cells || vaf).then(|| reading.words(number, percent).to_owned())
}

/// Merges repeated findings: the same genes, kind and result are one fact.
pub(crate) fn merge(drafts: Vec<Draft<GenomicFinding>>) -> Vec<Draft<GenomicFinding>> {
    let mut out: Vec<Draft<GenomicFinding>> = Vec::with_capacity(drafts.len());
    // Where drafts with the same genes stand in `out`.
    let mut by_genes: HashMap<Vec<String>, Vec<usize>> = HashMap::new();
    for draft in drafts {
        let mut genes: Vec<String> = draft.value.genes.iter().map(|g| g.symbol.clone()).collect();
        genes.sort();
        let named = !genes.is_empty();
        let known = by_genes.entry(genes).or_default();
        let same = known.iter().copied().find(|i| {
            let o = &out[*i].value;
            o.result == draft.value.result
                && if named { compatible(o, &draft.value) } else { o.label.eq_ignore_ascii_case(&draft.value.label) }
        });
        match same.map(|i| &mut out[i]) {
            Some(known) => {
                known.absorb(&draft);
                if known.value.hgvs.is_empty() {
                    known.value.hgvs = draft.value.hgvs;
                    if known.value.kind == GenomicKind::Mutation {
                        known.value.kind = draft.value.kind;
                        known.value.label = draft.value.label;
                    }
                }
                known.value.iscn = known.value.iscn.take().or(draft.value.iscn);
                known.value.assay = known.value.assay.take().or(draft.value.assay);
                known.value.zygosity = known.value.zygosity.take().or(draft.value.zygosity);
                known.value.fraction = known.value.fraction.take().or(draft.value.fraction);
                if known.value.origin == VariantOrigin::Unknown {
                    known.value.origin = draft.value.origin;
                }
            }
            None => {
                known.push(out.len());
                out.push(draft);
            }
        }
    }
    out
}

fn compatible(a: &GenomicFinding, b: &GenomicFinding) -> bool {
    let small = |k: &GenomicKind| matches!(k, GenomicKind::Snv | GenomicKind::Indel | GenomicKind::Mutation);
    let kinds = a.kind == b.kind || small(&a.kind) && small(&b.kind);
    kinds && (a.hgvs.is_empty() || b.hgvs.is_empty() || a.hgvs.iter().any(|h| b.hgvs.contains(h)))
}
