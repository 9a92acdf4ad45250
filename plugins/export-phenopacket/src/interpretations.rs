//! `interpretations`: the variants of the disease that the report is about.
//!
//! Three judgements are asked for that reports seldom spell out; they follow here from what the record says:
//!
//! - `CAUSATIVE` is a fusion found in a neoplasm, and a variant that the report calls pathogenic or oncogenic;
//!   `CANDIDATE` is one of uncertain significance, `REJECTED` one called benign. Any other variant is `UNKNOWN_STATUS`.
//! - `SOLVED`, the status of the whole, means that the report has settled on a disease; without one there is no
//!   interpretation at all.
//! - `ACTIONABLE` is a variant of a gene against whose product the patient was given a drug ([`targets`]).

use casemill_plugin_sdk::model::{
    ActionStatus, AnyFact, Fact, GeneInvolved, GeneRole, GenomicFinding, GenomicKind, GenomicResult, Scope, Treatment,
    VariantOrigin,
};

use crate::biosamples::{Samples, of_variant};
use crate::codes::{self, Code};
use crate::diseases::{Diseases, MainDisease};
use crate::export::Export;
use crate::losses::{UNVERIFIED, unverified_code};
use crate::schema::{
    AcmgPathogenicityClassification as Acmg, Diagnosis, Expression, Extension, GeneDescriptor, GenomicInterpretation,
    Interpretation, InterpretationStatus, MoleculeContext, ProgressStatus, TherapeuticActionability,
    VariantInterpretation, VariationDescriptor,
};
use crate::{targets, words};

/// The interpretation of the disease that the report is about: one, if a variant was found.
pub(crate) fn interpretations(
    export: &mut Export<'_>,
    diseases: &Diseases,
    samples: &Samples<'_>,
    name: &str,
) -> Vec<Interpretation> {
    let mut genomic_interpretations = Vec::new();
    for fact in &export.case.genomic_findings {
        let Some(main) = interpretable(export, diseases, fact) else { continue };
        let pointer = format!("/interpretations/0/diagnosis/genomicInterpretations/{}", genomic_interpretations.len());
        genomic_interpretations.push(interpretation(export, &pointer, fact, main, samples));
    }
    let Some(main) = diseases.main.as_ref().filter(|_| !genomic_interpretations.is_empty()) else { return Vec::new() };
    if let Some(fact) = export.case.diagnoses.iter().find(|d| d.id == main.fact) {
        export.trace.fact("/interpretations/0/diagnosis/disease", fact);
    }
    vec![Interpretation {
        id: format!("{name}.interpretation"),
        progress_status: ProgressStatus::Solved,
        diagnosis: Diagnosis { disease: main.term.clone(), genomic_interpretations },
    }]
}

/// The disease that a finding is a variant of; `None` if it is no variant that was found, which is lost.
fn interpretable<'d>(
    export: &mut Export<'_>,
    diseases: &'d Diseases,
    fact: &Fact<GenomicFinding>,
) -> Option<&'d MainDisease> {
    if !export.of_patient(fact) {
        return None;
    }
    let reason = match (&fact.value.result, &fact.value.kind) {
        (GenomicResult::NotDetected, _) => "an interpretation speaks of a variant that was found, and this was not",
        (GenomicResult::Equivocal, _) => "an unclear result is no variant",
        (_, GenomicKind::Expression | GenomicKind::MsiTmb) => "expression and mutational burden are no variants",
        _ if !export.holds(fact) => return None,
        _ if diseases.main.is_none() => "genomic findings stand under a disease with a code, and the case has none",
        _ => return diseases.main.as_ref(),
    };
    export.losses.whole(fact, reason);
    None
}

/// True if a finding becomes a variant of tissue, and not of the individual.
pub(crate) fn is_of_tissue(finding: &GenomicFinding) -> bool {
    finding.result == GenomicResult::Detected
        && finding.origin != VariantOrigin::Germline
        && !matches!(finding.kind, GenomicKind::Expression | GenomicKind::MsiTmb)
}

fn interpretation(
    export: &mut Export<'_>,
    pointer: &str,
    fact: &Fact<GenomicFinding>,
    main: &MainDisease,
    samples: &Samples<'_>,
) -> GenomicInterpretation {
    export.trace.fact(pointer, fact);
    if let Some(timing) = &fact.timing {
        let what = crate::export::described("time", timing);
        export.losses.part(fact, what, "a genomic interpretation has no time");
    }
    let of_tissue = is_of_tissue(&fact.value) && (main.neoplasm || fact.value.origin == VariantOrigin::Somatic);
    let sample = of_variant(samples, fact).filter(|_| of_tissue);
    let interpretation_status = status(export, pointer, fact, main);
    let therapeutic_actionability = actionability(export, pointer, fact);
    let acmg_pathogenicity_classification =
        fact.value.classification.as_deref().and_then(acmg).unwrap_or(Acmg::NotProvided);
    GenomicInterpretation {
        subject_or_biosample_id: sample.map_or(export.case.id.as_str(), |i| samples.id(i)).to_owned(),
        interpretation_status,
        variant_interpretation: VariantInterpretation {
            acmg_pathogenicity_classification,
            therapeutic_actionability,
            variation_descriptor: descriptor(export, fact),
        },
    }
}

/// Class of ACMG/AMP 2015 in its own words.
fn acmg(words: &str) -> Option<Acmg> {
    match words.trim().to_lowercase().as_str() {
        "pathogenic" => Some(Acmg::Pathogenic),
        "likely pathogenic" => Some(Acmg::LikelyPathogenic),
        "uncertain significance" | "variant of uncertain significance" | "vus" => Some(Acmg::UncertainSignificance),
        "likely benign" => Some(Acmg::LikelyBenign),
        "benign" => Some(Acmg::Benign),
        _ => None,
    }
}

fn status(
    export: &mut Export<'_>,
    pointer: &str,
    fact: &Fact<GenomicFinding>,
    main: &MainDisease,
) -> InterpretationStatus {
    let words = fact.value.classification.as_deref();
    let oncogenic = words.is_some_and(|w| matches!(w.trim().to_lowercase().as_str(), "oncogenic" | "likely oncogenic"));
    let (status, why) = match words.and_then(acmg) {
        Some(Acmg::Pathogenic | Acmg::LikelyPathogenic) => {
            (InterpretationStatus::Causative, "classified as pathogenic")
        }
        Some(Acmg::UncertainSignificance) => {
            (InterpretationStatus::Candidate, "classified as of uncertain significance")
        }
        Some(_) => (InterpretationStatus::Rejected, "classified as benign"),
        None if oncogenic => (InterpretationStatus::Causative, "classified as oncogenic"),
        None if fact.value.kind == GenomicKind::Fusion && main.neoplasm => {
            (InterpretationStatus::Causative, "a fusion found in the neoplasm")
        }
        None => return InterpretationStatus::UnknownStatus,
    };
    export.trace.derived(format!("{pointer}/interpretationStatus"), fact, why);
    status
}

/// Actionable, if the patient was given a drug against one of the genes.
fn actionability(export: &mut Export<'_>, pointer: &str, fact: &Fact<GenomicFinding>) -> TherapeuticActionability {
    let given = |t: &&Fact<Treatment>| t.value.status == ActionStatus::Given && t.scope == Scope::Patient;
    let certain = fact.value.genes.iter().filter(|g| g.role != GeneRole::CandidatePartner);
    let directed = certain.into_iter().find_map(|gene| {
        let mut drugs = export.case.treatments.iter().filter(given);
        drugs.find(|t| targets::is_directed_at(&t.value.agent, &gene.symbol)).map(|t| (gene, t))
    });
    let Some((gene, treatment)) = directed else { return TherapeuticActionability::UnknownActionability };
    let why = format!("{}, which the patient was given, is directed at {}", treatment.value.agent, gene.symbol);
    let pointer = format!("{pointer}/variantInterpretation/therapeuticActionability");
    export.trace.derived(pointer, treatment as &dyn AnyFact, why);
    TherapeuticActionability::Actionable
}

fn descriptor(export: &mut Export<'_>, fact: &Fact<GenomicFinding>) -> VariationDescriptor {
    let value = &fact.value;
    let context = context_gene(&value.genes);
    let allelic_state = value.zygosity.as_deref().and_then(words::zygosity).map(Into::into);
    for coding in value.genes.iter().filter_map(|g| g.coding.as_ref()) {
        if coding.unverified && !export.settings.unverified {
            export.losses.part(fact, unverified_code(coding), UNVERIFIED);
        }
    }
    VariationDescriptor {
        id: fact.id.as_str().to_owned(),
        label: value.label.clone(),
        description: fact.quote().to_owned(),
        gene_context: context.and_then(|gene| described(export, gene)),
        expressions: expressions(value),
        extensions: extensions(export, value, context),
        molecule_context: molecule(value),
        structural_type: structure(value).map(Into::into),
        allelic_state,
    }
}

/// The gene that stands for the variant: the changed one; of a fusion whose order is stated the 3' partner, which
/// carries the kinase of a kinase fusion; never one of several candidates.
fn context_gene(genes: &[GeneInvolved]) -> Option<&GeneInvolved> {
    let of = |role: GeneRole| genes.iter().find(|g| g.role == role);
    of(GeneRole::ThreePrime).or_else(|| of(GeneRole::Affected)).or_else(|| of(GeneRole::FivePrime))
}

fn described(export: &Export<'_>, gene: &GeneInvolved) -> Option<GeneDescriptor> {
    let class = export.class(gene.coding.as_slice(), &["HGNC"])?;
    Some(GeneDescriptor { value_id: class.id, symbol: gene.symbol.clone() })
}

fn expressions(value: &GenomicFinding) -> Vec<Expression> {
    let hgvs = value.hgvs.iter().map(|text| Expression { syntax: hgvs_syntax(text), value: text.clone() });
    let iscn = value.iscn.iter().map(|text| Expression { syntax: "iscn", value: text.clone() });
    hgvs.chain(iscn).collect()
}

/// Syntax word of VRSATILE: `hgvs.` and the kind of reference sequence.
fn hgvs_syntax(text: &str) -> &'static str {
    let description = text.rsplit_once(':').map_or(text, |(_, description)| description);
    match description.get(..2) {
        Some("c.") => "hgvs.c",
        Some("p.") => "hgvs.p",
        Some("g.") => "hgvs.g",
        Some("m.") => "hgvs.m",
        Some("n.") => "hgvs.n",
        Some("r.") => "hgvs.r",
        _ => "hgvs",
    }
}

/// What the descriptor has no field for: the other genes, and how and in what the variant was found.
fn extensions(export: &Export<'_>, value: &GenomicFinding, context: Option<&GeneInvolved>) -> Vec<Extension> {
    let mut out = Vec::new();
    for gene in &value.genes {
        let shown = context.is_some_and(|c| std::ptr::eq(c, gene)) && described(export, gene).is_some();
        if !shown {
            let id = described(export, gene).map(|d| format!(" ({})", d.value_id)).unwrap_or_default();
            out.push(Extension { name: gene_part(&gene.role), value: format!("{}{id}", gene.symbol) });
        }
        if let Some(exon) = &gene.exon {
            out.push(Extension { name: "exon", value: format!("{} {exon}", gene.symbol) });
        }
    }
    let uncoded = value.zygosity.as_ref().filter(|z| words::zygosity(z).is_none());
    let unclassified = value.classification.as_ref().filter(|c| acmg(c).is_none());
    let origin = (value.origin != VariantOrigin::Unknown).then(|| value.origin.to_string());
    for (name, text) in [
        ("assay", value.assay.as_ref()),
        ("specimen", value.specimen.as_ref()),
        ("origin", origin.as_ref()),
        ("allele-fraction", value.fraction.as_ref()),
        ("zygosity", uncoded),
        ("classification", unclassified),
        ("value", value.value.as_ref()),
    ] {
        out.extend(text.map(|text| Extension { name, value: text.clone() }));
    }
    out
}

fn gene_part(role: &GeneRole) -> &'static str {
    match role {
        GeneRole::FivePrime => "partner-5-prime",
        GeneRole::ThreePrime => "partner-3-prime",
        GeneRole::CandidatePartner => "candidate-partner",
        GeneRole::Affected | GeneRole::Other(_) => "gene",
    }
}

/// The molecule that the expressions describe: karyotypes and copy numbers are of the genome, `c.` of a transcript,
/// `p.` of a protein. The most basic one counts.
fn molecule(value: &GenomicFinding) -> MoleculeContext {
    let has = |syntax: &[&str]| value.hgvs.iter().any(|text| syntax.contains(&hgvs_syntax(text)));
    if value.iscn.is_some() || value.kind == GenomicKind::CopyNumber || has(&["hgvs.g", "hgvs.m"]) {
        MoleculeContext::Genomic
    } else if has(&["hgvs.c", "hgvs.n", "hgvs.r"]) {
        MoleculeContext::Transcript
    } else if has(&["hgvs.p"]) {
        MoleculeContext::Protein
    } else {
        MoleculeContext::Unspecified
    }
}

/// Structural type, where the kind of change is stated.
fn structure(value: &GenomicFinding) -> Option<Code> {
    let iscn = value.iscn.as_deref().unwrap_or_default();
    let says = |word: &str| value.label.to_lowercase().contains(word);
    match value.kind {
        GenomicKind::Fusion | GenomicKind::Rearrangement if iscn.contains("t(") => Some(codes::TRANSLOCATION),
        GenomicKind::Rearrangement if iscn.contains("inv(") => Some(codes::INVERSION),
        GenomicKind::Fusion => Some(codes::GENE_FUSION),
        GenomicKind::Snv => Some(codes::SNV),
        GenomicKind::Indel => value.hgvs.iter().find_map(|text| indel(text)),
        GenomicKind::CopyNumber if says("amplif") || says("gain") => Some(codes::COPY_NUMBER_GAIN),
        GenomicKind::CopyNumber if says("loss") || says("delet") => Some(codes::COPY_NUMBER_LOSS),
        _ => None,
    }
}

/// Kind of a small change by its HGVS description.
fn indel(text: &str) -> Option<Code> {
    [("delins", codes::DELINS), ("dup", codes::DUPLICATION), ("ins", codes::INSERTION), ("del", codes::DELETION)]
        .into_iter()
        .find(|(word, _)| text.contains(word))
        .map(|(_, code)| code)
}
