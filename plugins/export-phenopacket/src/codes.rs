//! The codes that the exporter itself writes, and the terminologies it can name.
//!
//! Everything else that a phenopacket holds as a code comes from the record. A code stands here because the schema asks
//! for a term where a report has a word ("positive", "right", "complete resolution"); each says where its label was
//! found, and none is from memory. The release named with a terminology is the one of that source; it is used only where
//! the record itself names none for the prefix.
//!
//! LOINC codes are used under the LOINC licence, whose notice ([`LOINC_NOTICE`]) goes into the evidence file.

use crate::schema::OntologyClass;

/// A term that the exporter writes of its own accord.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Code {
    /// `PREFIX:LOCAL`.
    pub(crate) id: &'static str,
    /// Label of the release in [`TERMINOLOGIES`].
    pub(crate) label: &'static str,
    /// Where id and label were found together.
    #[cfg_attr(not(test), expect(dead_code, reason = "for readers of the table; a test demands it"))]
    pub(crate) source: &'static str,
}

impl From<Code> for OntologyClass {
    fn from(code: Code) -> Self {
        Self { id: code.id.to_owned(), label: code.label.to_owned() }
    }
}

const SCHEMA: &str = "phenopacket-schema 2.0, documentation (value, biosample, treatment, therapeutic regimen)";
const TOOLS: &str = "phenopacket-tools, constants of its builder and its published examples";
const HPO: &str = "hp.json 2024-08-13";
const SO: &str = "Sequence Ontology, so.obo and its DBVAR subset";
const MCODE: &str = "HL7 mCODE 4.0.0, profile TumorSize and its examples";
const CCDI: &str = "Pediatric Cancer Data Commons data dictionary, enumeration of responses with NCIt meanings";
const NCIT: &str = "NCI Thesaurus, code and name as cited together by several public sources";

macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident = $id:literal, $label:literal, $source:expr;)+) => {
        $($(#[$meta])* pub(crate) const $name: Code = Code { id: $id, label: $label, source: $source };)+

        /// All of them.
        pub(crate) const ALL: &[Code] = &[$($name),+];
    };
}

codes! {
    /// Every patient of a case report is a human.
    HUMAN = "NCBITaxon:9606", "Homo sapiens", TOOLS;

    /// Every feature is read from a publication by a program.
    AUTHOR_STATEMENT = "ECO:0007539",
        "author statement from published clinical study used in automatic assertion", TOOLS;

    /// Value of a marker or test.
    PRESENT = "NCIT:C25626", "Present", SCHEMA;
    /// Value of a marker or test.
    ABSENT = "NCIT:C48190", "Absent", SCHEMA;
    /// Value of a test that is abnormal in words.
    ABNORMAL = "NCIT:C25401", "Abnormal", SCHEMA;
    /// Value of a test that is high in words.
    ELEVATED = "NCIT:C25493", "Elevated", SCHEMA;
    /// Value of a test that is low in words.
    REDUCED = "NCIT:C25640", "Reduced", SCHEMA;

    /// Assay of a marker without a code of its own.
    IMMUNOHISTOCHEMISTRY = "NCIT:C51944", "Immunohistochemical Test", NCIT;
    /// Assay of a marker without a code of its own.
    FLOW_CYTOMETRY = "NCIT:C16585", "Flow Cytometry", CCDI;

    /// Size of a tumour; its dimensions are typed quantities.
    TUMOUR_SIZE = "LOINC:21889-1", "Size Tumor", MCODE;
    /// The largest dimension.
    LARGEST_DIMENSION = "LOINC:33728-7", "Size.maximum dimension in Tumor", TOOLS;
    /// Each further dimension.
    FURTHER_DIMENSION = "LOINC:33729-5", "Size additional dimension in Tumor", MCODE;
    /// Unit of tumour sizes.
    CENTIMETRE = "UCUM:cm", "centimeter", "ucum-essence.xml: prefix `centi`, unit `meter`";
    /// Unit of tumour sizes.
    MILLIMETRE = "UCUM:mm", "millimeter", TOOLS;

    /// The specimen is from the primary tumour.
    PRIMARY_NEOPLASM = "NCIT:C8509", "Primary Neoplasm", SCHEMA;
    /// Tumour grade.
    GRADE_1 = "NCIT:C28077", "Grade 1", TOOLS;
    /// Tumour grade.
    GRADE_2 = "NCIT:C28078", "Grade 2", TOOLS;
    /// Tumour grade.
    GRADE_3 = "NCIT:C28079", "Grade 3", TOOLS;
    /// Tumour grade.
    GRADE_4 = "NCIT:C28082", "Grade 4", TOOLS;
    /// Any biopsy, whatever its technique.
    BIOPSY = "NCIT:C15189", "Biopsy", TOOLS;
    /// An operation without a code of its own.
    SURGERY = "NCIT:C15329", "Surgical Procedure", NCIT;
    /// Radiotherapy.
    RADIOTHERAPY = "NCIT:C15313", "Radiation Therapy", NCIT;

    /// Response.
    COMPLETE_REMISSION = "NCIT:C4870", "Complete Remission", TOOLS;
    /// Response.
    PARTIAL_REMISSION = "NCIT:C18058", "Partial Remission", TOOLS;
    /// Response.
    STABLE_DISEASE = "NCIT:C18213", "Stable Disease", CCDI;
    /// Response.
    PROGRESSIVE_DISEASE = "NCIT:C35571", "Progressive Disease", CCDI;
    /// Response.
    NO_EVIDENCE_OF_DISEASE = "NCIT:C40413", "No Evidence of Disease", NCIT;
    /// Why a treatment was stopped.
    ADVERSE_EVENT = "NCIT:C41331", "Adverse Event", TOOLS;
    /// Curative intent.
    CURE = "NCIT:C62220", "Cure", TOOLS;

    /// Route of administration.
    ORAL = "NCIT:C38288", "Oral Route of Administration", SCHEMA;
    /// Route of administration.
    INTRAVENOUS = "NCIT:C38276", "Intravenous Route of Administration", TOOLS;
    /// Route of administration.
    INTRATHECAL = "NCIT:C38267", "Intrathecal Route of Administration", TOOLS;
    /// Route of administration.
    TOPICAL = "NCIT:C38304", "Topical Route of Administration", TOOLS;
    /// Frequency of doses.
    ONCE_DAILY = "NCIT:C125004", "Once Daily", TOOLS;
    /// Frequency of doses.
    TWICE_DAILY = "NCIT:C64496", "Twice Daily", SCHEMA;
    /// Frequency of doses.
    THREE_TIMES_DAILY = "NCIT:C64527", "Three Times Daily", TOOLS;

    /// Side.
    LEFT = "HP:0012835", "Left", HPO;
    /// Side.
    RIGHT = "HP:0012834", "Right", HPO;
    /// Both sides.
    BILATERAL = "HP:0012832", "Bilateral", HPO;
    /// One side, not said which.
    UNILATERAL = "HP:0012833", "Unilateral", HPO;
    /// Severity.
    BORDERLINE = "HP:0012827", "Borderline", HPO;
    /// Severity.
    MILD = "HP:0012825", "Mild", HPO;
    /// Severity.
    MODERATE = "HP:0012826", "Moderate", HPO;
    /// Severity.
    SEVERE = "HP:0012828", "Severe", HPO;
    /// Severity.
    PROFOUND = "HP:0012829", "Profound", HPO;

    /// Structural type of a variant.
    TRANSLOCATION = "SO:1000044", "chromosomal_translocation", SO;
    /// Structural type of a variant.
    GENE_FUSION = "SO:0001565", "gene_fusion", SO;
    /// Structural type of a variant.
    INVERSION = "SO:1000036", "inversion", SO;
    /// Structural type of a variant.
    SNV = "SO:0001483", "SNV", SO;
    /// Structural type of a variant.
    DELETION = "SO:0000159", "deletion", SO;
    /// Structural type of a variant.
    INSERTION = "SO:0000667", "insertion", SO;
    /// Structural type of a variant.
    DUPLICATION = "SO:1000035", "duplication", SO;
    /// Structural type of a variant.
    DELINS = "SO:1000032", "delins", SO;
    /// Structural type of a variant.
    COPY_NUMBER_GAIN = "SO:0001742", "copy_number_gain", SO;
    /// Structural type of a variant.
    COPY_NUMBER_LOSS = "SO:0001743", "copy_number_loss", SO;

    /// Zygosity.
    HETEROZYGOUS = "GENO:0000135", "heterozygous", TOOLS;
    /// Zygosity.
    HOMOZYGOUS = "GENO:0000136", "homozygous", TOOLS;
    /// Zygosity.
    HEMIZYGOUS = "GENO:0000134", "hemizygous", "phenopacket-store, packets with X-linked variants";
}

/// A terminology as the metadata describe it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TerminologyInfo {
    /// Prefix of its codes, in the schema `namespacePrefix`.
    pub(crate) prefix: &'static str,
    /// Identifier of the resource.
    pub(crate) id: &'static str,
    /// Name.
    pub(crate) name: &'static str,
    /// Where it is published.
    pub(crate) url: &'static str,
    /// What a local identifier is appended to.
    pub(crate) iri_prefix: &'static str,
    /// Release in which the codes of this module were found; empty for terminologies that it has no code of.
    pub(crate) release: &'static str,
}

macro_rules! terminologies {
    ($($prefix:literal $id:literal $name:literal $url:literal $iri:literal $release:literal;)+) => {
        /// The terminologies that can be named, with the addresses of phenopacket-tools, phenopacket-store and the
        /// Bioregistry. A code of any other one cannot be written, for its resource could not be described.
        pub(crate) const TERMINOLOGIES: &[TerminologyInfo] = &[$(TerminologyInfo {
            prefix: $prefix, id: $id, name: $name, url: $url, iri_prefix: $iri, release: $release,
        }),+];
    };
}

terminologies! {
    "ATC" "atc" "Anatomical Therapeutic Chemical Classification System" "https://www.whocc.no/atc_ddd_index/" "https://www.whocc.no/atc_ddd_index/?code=" "";
    "CHEBI" "chebi" "Chemical Entities of Biological Interest" "http://purl.obolibrary.org/obo/chebi.owl" "http://purl.obolibrary.org/obo/CHEBI_" "";
    "CL" "cl" "Cell Ontology" "http://purl.obolibrary.org/obo/cl.owl" "http://purl.obolibrary.org/obo/CL_" "";
    "DOID" "doid" "Human Disease Ontology" "http://purl.obolibrary.org/obo/doid.owl" "http://purl.obolibrary.org/obo/DOID_" "";
    "DRUGBANK" "drugbank" "DrugBank" "https://go.drugbank.com" "https://go.drugbank.com/drugs/" "";
    "DrugCentral" "drugcentral" "Drug Central" "https://drugcentral.org/" "https://drugcentral.org/drugcard/" "";
    "ECO" "eco" "Evidence and Conclusion Ontology" "http://purl.obolibrary.org/obo/eco.owl" "http://purl.obolibrary.org/obo/ECO_" "2024-02-02";
    "EFO" "efo" "Experimental Factor Ontology" "http://www.ebi.ac.uk/efo/efo.owl" "http://www.ebi.ac.uk/efo/EFO_" "";
    "GENO" "geno" "Genotype Ontology" "http://purl.obolibrary.org/obo/geno.owl" "http://purl.obolibrary.org/obo/GENO_" "2025-07-25";
    "HGNC" "hgnc" "HUGO Gene Nomenclature Committee" "https://www.genenames.org" "https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/" "";
    "HP" "hp" "human phenotype ontology" "http://purl.obolibrary.org/obo/hp.owl" "http://purl.obolibrary.org/obo/HP_" "2024-08-13";
    "ICDO3" "icdo3" "International Classification of Diseases for Oncology, 3rd edition" "https://www.who.int/standards/classifications/other-classifications/international-classification-of-diseases-for-oncology" "http://terminology.hl7.org/CodeSystem/icd-o-3/" "";
    "LOINC" "loinc" "Logical Observation Identifiers Names and Codes" "https://loinc.org" "https://loinc.org/" "2.73";
    "MAXO" "maxo" "Medical Action Ontology" "http://purl.obolibrary.org/obo/maxo.owl" "http://purl.obolibrary.org/obo/MAXO_" "";
    "MONDO" "mondo" "Mondo Disease Ontology" "http://purl.obolibrary.org/obo/mondo.owl" "http://purl.obolibrary.org/obo/MONDO_" "";
    "NCBITaxon" "ncbitaxon" "NCBI organismal classification" "http://purl.obolibrary.org/obo/ncbitaxon.owl" "http://purl.obolibrary.org/obo/NCBITaxon_" "2021-06-10";
    "NCIT" "ncit" "NCI Thesaurus" "http://purl.obolibrary.org/obo/ncit.owl" "http://purl.obolibrary.org/obo/NCIT_" "21.05d";
    "OMIM" "omim" "An Online Catalog of Human Genes and Genetic Disorders" "https://www.omim.org" "https://www.omim.org/entry/" "";
    "ONCOTREE" "oncotree" "OncoTree" "http://oncotree.mskcc.org" "http://data.mskcc.org/ontologies/oncotree#" "";
    "ORPHA" "orpha" "Orphanet Rare Disease Ontology" "https://www.orpha.net" "http://www.orpha.net/ORDO/Orphanet_" "";
    "RXNORM" "rxnorm" "RxNorm" "https://www.nlm.nih.gov/research/umls/rxnorm" "https://mor.nlm.nih.gov/RxNav/search?searchBy=RXCUI&searchTerm=" "";
    "SO" "so" "Sequence types and features ontology" "http://purl.obolibrary.org/obo/so.owl" "http://purl.obolibrary.org/obo/SO_" "2024-11-18";
    "UBERON" "uberon" "Uber-anatomy ontology" "http://purl.obolibrary.org/obo/uberon.owl" "http://purl.obolibrary.org/obo/UBERON_" "";
    "UCUM" "ucum" "Unified Code for Units of Measure" "https://ucum.org" "https://units-of-measurement.org/" "2.1";
}

/// The terminology of a prefix.
pub(crate) fn terminology(prefix: &str) -> Option<&'static TerminologyInfo> {
    TERMINOLOGIES.iter().find(|t| t.prefix == prefix)
}

/// Diseases, the schema's recommendations first (documentation of `Disease`: NCIt for cancers, then MONDO).
pub(crate) const DISEASE: &[&str] = &["NCIT", "MONDO", "DOID", "OMIM", "ORPHA", "ONCOTREE", "ICDO3", "EFO"];
/// Phenotypic features.
pub(crate) const FEATURE: &[&str] = &["HP"];
/// Sites and tissues.
pub(crate) const SITE: &[&str] = &["UBERON", "CL", "NCIT", "ICDO3"];
/// Findings under the microscope.
pub(crate) const MORPHOLOGY: &[&str] = &["NCIT", "HP"];
/// Assays.
pub(crate) const ASSAY: &[&str] = &["LOINC", "NCIT"];
/// Drugs.
pub(crate) const DRUG: &[&str] = &["DrugCentral", "RXNORM", "DRUGBANK", "CHEBI", "NCIT", "ATC"];
/// Procedures, operations, regimens.
pub(crate) const PROCEDURE: &[&str] = &["NCIT", "MAXO"];
/// Adverse events.
pub(crate) const EVENT: &[&str] = &["HP", "NCIT", "MONDO", "DOID"];

/// What the LOINC licence asks for wherever its codes are passed on.
pub(crate) const LOINC_NOTICE: &str = "This material contains content from LOINC (http://loinc.org). LOINC is copyright \
    © Regenstrief Institute, Inc. and the Logical Observation Identifiers Names and Codes (LOINC) Committee and is \
    available at no cost under the license at http://loinc.org/license. LOINC® is a registered United States trademark \
    of Regenstrief Institute, Inc.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_source_and_a_terminology_with_a_release() {
        for code in ALL {
            let (prefix, local) = code.id.split_once(':').unwrap();
            let terminology = terminology(prefix).unwrap_or_else(|| panic!("{prefix} is not in the table"));
            assert!(!local.is_empty() && !code.label.is_empty() && !code.source.is_empty(), "{}", code.id);
            assert!(!terminology.release.is_empty(), "{prefix} names no release");
        }
    }

    #[test]
    fn no_code_stands_twice() {
        let mut ids: Vec<&str> = ALL.iter().map(|c| c.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), ALL.len());
    }

    #[test]
    fn every_wanted_prefix_can_be_named() {
        for prefix in [DISEASE, FEATURE, SITE, MORPHOLOGY, ASSAY, DRUG, PROCEDURE, EVENT].concat() {
            assert!(terminology(prefix).is_some(), "{prefix}");
        }
    }
}
