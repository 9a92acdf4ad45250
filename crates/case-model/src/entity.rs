//! The values of a case: one type per kind of fact.
//!
//! Names follow the field: HL7 mCODE and Genomics Reporting for tumour, marker and variant, ISCN and HGVS for
//! nomenclature, ICH E2B(R3) for adverse events.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::word::words;
use crate::{Coding, Extent, FactId, FactValue, IsoDuration, Statement, Timing};

/// A decimal number as written, digits kept: `7.80`, `1350`. Separators of thousands are removed.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Decimal(String);

impl Decimal {
    /// A number from its digits, with `.` as decimal sign; `None` if it is not one.
    pub fn new(digits: &str) -> Option<Self> {
        let body = digits.strip_prefix('-').unwrap_or(digits);
        let ok = !body.is_empty()
            && body.bytes().all(|b| b.is_ascii_digit() || b == b'.')
            && body.bytes().filter(|b| *b == b'.').count() <= 1
            && body.starts_with(|c: char| c.is_ascii_digit())
            && body.ends_with(|c: char| c.is_ascii_digit());
        ok.then(|| Self(digits.to_owned()))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The nearest floating-point number.
    pub fn value(&self) -> f64 {
        self.0.parse().unwrap_or(f64::NAN)
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

words! {
    /// Comparator of a quantity.
    Comparator {
        /// Exactly the number.
        Equal = "=",
        /// Less than.
        Less = "<",
        /// At most.
        AtMost = "<=",
        /// More than.
        More = ">",
        /// At least.
        AtLeast = ">=",
        /// About.
        About = "~",
    }
}

/// A number with its unit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Quantity {
    /// The number.
    pub value: Decimal,
    /// Upper end of a stated range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upper: Option<Decimal>,
    /// How the number is meant.
    #[serde(default, skip_serializing_if = "is_default")]
    pub comparator: Comparator,
    /// UCUM code of the unit (ISO/IEC-style case-sensitive form), where one is printed and known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The unit as printed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub printed_unit: String,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

words! {
    /// Side of the body.
    Laterality {
        /// Left.
        Left = "left",
        /// Right.
        Right = "right",
        /// Both sides.
        Bilateral = "bilateral",
        /// One side, not said which.
        Unilateral = "unilateral",
        /// Midline.
        Midline = "midline",
    }
}

/// Age at presentation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Age {
    /// The age as stated, in completed units.
    pub value: IsoDuration,
    /// True for "in her sixties", "about 60".
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub approximate: bool,
}

words! {
    /// Sex of the patient as stated or as the words for the patient imply.
    Sex {
        /// Female.
        Female = "female",
        /// Male.
        Male = "male",
        /// Neither.
        OtherSex = "other",
    }
}

words! {
    /// Vital status.
    VitalStatus {
        /// Not said and not implied.
        Unknown = "unknown",
        /// Alive when last seen.
        Alive = "alive",
        /// Dead.
        Dead = "dead",
    }
}

words! {
    /// Where a finding comes from.
    FindingKind {
        /// Told by the patient or carer.
        Symptom = "symptom",
        /// Found on examination.
        Sign = "sign",
        /// Laboratory abnormality in words.
        Laboratory = "laboratory",
        /// Seen on imaging or endoscopy.
        Imaging = "imaging",
        /// Seen under the microscope.
        Histology = "histology",
        /// Course or functional state.
        Course = "course",
    }
}

/// A phenotypic feature, sign, or finding of an investigation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Finding {
    /// Name of the concept.
    pub label: String,
    /// Where it comes from.
    #[serde(default)]
    pub kind: FindingKind,
    /// Severity in the words of the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// Side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub laterality: Option<Laterality>,
    /// Site in the words of the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Further modifiers with their codes (intermittent, localised, progressive).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modifiers: Vec<Modifier>,
    /// When it was gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved: Option<Timing>,
    /// Who noticed it ("the caregivers reported").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reporter: Option<String>,
}

/// A modifier of a finding.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Modifier {
    /// As written.
    pub label: String,
    /// HPO clinical modifier, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coding: Option<Coding>,
}

words! {
    /// Position of a measured value against its reference.
    Abnormality {
        /// Within the reference.
        Normal = "normal",
        /// Above it.
        High = "high",
        /// Below it.
        Low = "low",
        /// Abnormal, direction not said.
        Abnormal = "abnormal",
    }
}

/// A reference range as printed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReferenceRange {
    /// Lower limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<Decimal>,
    /// Upper limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<Decimal>,
    /// As printed.
    pub printed: Statement,
}

/// A measured value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Measurement {
    /// What was measured.
    pub analyte: String,
    /// The number and unit; absent for a result in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Quantity>,
    /// A result in words ("negative", "normal", "within normal limits").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Statement>,
    /// Reference range, where printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<ReferenceRange>,
    /// Position against the reference, as stated or by the printed range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abnormality: Option<Abnormality>,
    /// Specimen ("serum", "cerebrospinal fluid").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub specimen: Option<String>,
}

/// An imaging study.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImagingStudy {
    /// Modality: `MRI`, `CT`, `PET/CT`, ...
    pub modality: String,
    /// Body region as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Contrast medium or tracer as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contrast: Option<String>,
    /// Figure that shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figure: Option<String>,
}

words! {
    /// What a site has to do with the disease.
    SiteRole {
        /// Site of the primary tumour.
        Primary = "primary",
        /// Site of a metastasis.
        Metastasis = "metastasis",
        /// Invaded, infiltrated, compressed or otherwise touched.
        Involved = "involved",
        /// Where tissue was taken.
        Biopsy = "biopsy",
        /// Site of a complication.
        Complication = "complication",
        /// Said to be free.
        Spared = "spared",
    }
}

/// A site of the body and its role.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Site {
    /// Name of the site.
    pub label: String,
    /// Its role.
    #[serde(default)]
    pub role: SiteRole,
    /// Side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub laterality: Option<Laterality>,
}

/// A size of a tumour, as stated.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TumourSize {
    /// One to three dimensions in the order of the text.
    pub dimensions: Vec<Decimal>,
    /// UCUM code of the unit: `cm` or `mm`.
    pub unit: String,
    /// What is measured ("mass", "lymph node").
    #[serde(default)]
    pub lesion: String,
    /// True if the lesion is a metastasis.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub metastasis: bool,
    /// Site as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// How it was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modality: Option<String>,
    /// Figure whose caption states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figure: Option<String>,
}

/// A specimen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Specimen {
    /// What it is ("liver biopsy").
    pub label: String,
    /// Site it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// How it was taken ("core needle biopsy").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
}

/// A statement of microscopy on the tumour as a whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Morphology {
    /// Pattern ("spindle cell", "poorly differentiated").
    pub pattern: String,
    /// Grade as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    /// Mitotic count as written ("3 per 10 high-power fields").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mitoses: Option<Statement>,
}

words! {
    /// Result of a marker.
    MarkerResult {
        /// Positive, expressed.
        Positive = "positive",
        /// Negative, not expressed.
        Negative = "negative",
        /// Equivocal, focal of unclear meaning, plus-minus.
        Equivocal = "equivocal",
        /// Normal expression retained (preserved).
        Retained = "retained",
        /// Normal expression lost.
        Lost = "lost",
    }
}

/// An immunohistochemical, flow-cytometric or in-situ marker.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MarkerTest {
    /// The marker: HGNC symbol when the antigen is one gene's product, else the antibody or complex.
    pub marker: String,
    /// The marker as a pathologist names it.
    #[serde(default)]
    pub name: String,
    /// Result.
    #[serde(default)]
    pub result: MarkerResult,
    /// Clone as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clone: Option<String>,
    /// Extent as written ("patchy", "focal", "70%").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extent: Option<String>,
    /// Intensity as written ("strong", "weak").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intensity: Option<String>,
    /// Where in the cell ("cytoplasmic", "nuclear", "membranous").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub localisation: Option<String>,
    /// Score or percentage as written ("3+", "70%", "CPS 10").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<String>,
    /// Method: `IHC` when empty, else `flow cytometry`, `ISH`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub method: String,
    /// Specimen or cell population as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub specimen: Option<String>,
}

words! {
    /// Kind of genomic finding.
    GenomicKind {
        /// Two genes joined.
        Fusion = "fusion",
        /// A structural change without a named fusion: karyotype, inversion, receptor clonality.
        Rearrangement = "rearrangement",
        /// Substitution.
        Snv = "snv",
        /// Insertion, deletion, duplication or frameshift within a gene.
        Indel = "indel",
        /// Amplification, loss, gain.
        CopyNumber = "cnv",
        /// Over- or underexpression measured as RNA.
        Expression = "expression",
        /// Microsatellite instability or tumour mutational burden.
        MsiTmb = "msi_tmb",
        /// A mutation whose kind is not stated.
        Mutation = "mutation",
    }
}

words! {
    /// Result of a genomic test.
    GenomicResult {
        /// Found; for microsatellites and mutational burden: unstable, high.
        Detected = "detected",
        /// Looked for and not found.
        NotDetected = "not_detected",
        /// Unclear.
        Equivocal = "equivocal",
    }
}

words! {
    /// Part of a gene in a genomic finding.
    GeneRole {
        /// The gene that is changed, or a fusion partner whose place is not stated.
        Affected = "affected",
        /// Partner at the 5' end, by the order of a `::` or by statement.
        FivePrime = "five_prime",
        /// Partner at the 3' end.
        ThreePrime = "three_prime",
        /// One of several candidates for the other partner, which the text leaves open.
        CandidatePartner = "candidate_partner",
    }
}

/// A gene of a genomic finding.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GeneInvolved {
    /// Approved symbol.
    pub symbol: String,
    /// Its part.
    #[serde(default)]
    pub role: GeneRole,
    /// HGNC code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coding: Option<Coding>,
    /// Band of the gene, from the lexicon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub band: Option<String>,
    /// Exon as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exon: Option<String>,
}

words! {
    /// Where a variant comes from.
    VariantOrigin {
        /// Not said.
        Unknown = "unknown",
        /// Somatic.
        Somatic = "somatic",
        /// Germline.
        Germline = "germline",
    }
}

/// A genomic finding.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GenomicFinding {
    /// Kind.
    #[serde(default)]
    pub kind: GenomicKind,
    /// Result.
    #[serde(default)]
    pub result: GenomicResult,
    /// Short name (`EML4::ALK fusion`, `BRAF V600E`, `t(2;17)(p23.2;q23.1)`).
    pub label: String,
    /// Genes involved. An open partner is a set of candidates, never a joined symbol.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub genes: Vec<GeneInvolved>,
    /// HGVS expressions, normalised as far as the text allows (`p.V600E`, `c.1799T>A`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hgvs: Vec<String>,
    /// ISCN expression without white space.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iscn: Option<String>,
    /// Assay as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assay: Option<String>,
    /// Germline or somatic.
    #[serde(default)]
    pub origin: VariantOrigin,
    /// Zygosity as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zygosity: Option<String>,
    /// Variant allele fraction, or fraction of cells or nuclei, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fraction: Option<String>,
    /// Value as written, for scores and burdens ("3.1 mutations/Mb").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Clinical classification as written ("Tier III", "pathogenic").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classification: Option<String>,
    /// Specimen as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub specimen: Option<String>,
}

words! {
    /// How certain a diagnosis is.
    Certainty {
        /// Stated as the diagnosis.
        Confirmed = "confirmed",
        /// Suspected, suggestive, presumptive.
        Suspected = "suspected",
        /// One of several considered.
        Differential = "differential",
        /// Excluded.
        RuledOut = "ruled_out",
    }
}

words! {
    /// Role of a diagnosis in the case.
    DiagnosisRole {
        /// The disease that the report is about.
        Primary = "primary",
        /// Metastasis or secondary localisation of it.
        Metastasis = "metastasis",
        /// Another disease of the patient, complications included.
        Comorbidity = "comorbidity",
        /// A disease of the past.
        History = "history",
    }
}

/// Stage in one system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Stage {
    /// System: `TNM`, `FIGO`, `Ann Arbor`, ... Empty when only "stage" is said.
    #[serde(default)]
    pub system: String,
    /// Value as written: `T1bN0M1`, `IIB`.
    pub value: String,
}

/// A diagnosis.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Diagnosis {
    /// Name of the disease.
    pub label: String,
    /// Certainty.
    #[serde(default)]
    pub certainty: Certainty,
    /// Role.
    #[serde(default)]
    pub role: DiagnosisRole,
    /// True for a neoplasm.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub neoplasm: bool,
    /// Site as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub laterality: Option<Laterality>,
    /// Grade as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    /// Stages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<Stage>,
}

words! {
    /// Kind of treatment.
    TreatmentKind {
        /// A drug or a class of drugs.
        Drug = "drug",
        /// Radiotherapy or radiopharmaceutical.
        Radiation = "radiation",
        /// An operation on the tumour.
        Surgery = "surgery",
        /// A named combination.
        Regimen = "regimen",
    }
}

words! {
    /// Whether a treatment or procedure took place.
    ActionStatus {
        /// Given, performed.
        Given = "given",
        /// Planned, not yet given.
        Planned = "planned",
        /// Considered and not chosen, or not said whether chosen.
        Considered = "considered",
        /// Offered and refused by the patient or family.
        Declined = "declined",
        /// Said not to have been given.
        NotGiven = "not_given",
    }
}

words! {
    /// What a treatment is for.
    TreatmentRole {
        /// Against the tumour.
        Anticancer = "anticancer",
        /// Support.
        Supportive = "supportive",
        /// Against an adverse event.
        AeManagement = "ae_management",
        /// For another disease.
        Comorbidity = "comorbidity",
    }
}

/// A dose as printed. Wrong doses stay wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Dose {
    /// Amount of one dose, unit included, as printed ("200 mg", "1.5 mg/kg/day").
    pub printed: Statement,
    /// The amount as number and UCUM unit.
    pub amount: Quantity,
    /// Frequency as printed ("twice daily", "every 3 weeks").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<Statement>,
    /// Route as printed ("orally", "subcutaneous").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<String>,
}

/// A treatment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Treatment {
    /// Generic name of the drug, or name of regimen, operation, radiotherapy; a class is followed by `(class)`.
    pub agent: String,
    /// The name as written, where it is another one (a brand).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<String>,
    /// Kind.
    #[serde(default)]
    pub kind: TreatmentKind,
    /// Whether it took place.
    #[serde(default)]
    pub status: ActionStatus,
    /// Purpose.
    #[serde(default)]
    pub role: TreatmentRole,
    /// Doses in the order of the text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doses: Vec<Dose>,
    /// Line of treatment, 1 = first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u8>,
    /// Intent as written ("neoadjuvant", "palliative").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent: Option<String>,
    /// Number of cycles, doses or courses as stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cycles: Option<u32>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<Timing>,
    /// Stated length, each statement once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub durations: Vec<Timing>,
    /// True while the text leaves it going on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ongoing: bool,
    /// Why it was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Statement>,
    /// Why it was not given, changed or stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop_reason: Option<Statement>,
    /// Regimen that it is part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regimen: Option<String>,
    /// What it was combined with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub combined_with: Vec<String>,
}

/// A procedure that is not a treatment of the tumour.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Procedure {
    /// Name.
    pub label: String,
    /// Whether it took place.
    #[serde(default)]
    pub status: ActionStatus,
    /// Site as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Why it was not done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Statement>,
}

words! {
    /// Category of a response.
    ResponseCategory {
        /// Complete response or remission.
        Complete = "CR",
        /// Partial response.
        Partial = "PR",
        /// Stable disease.
        Stable = "SD",
        /// Progression or relapse.
        Progression = "PD",
        /// No evidence of disease or of recurrence.
        NoEvidence = "NED",
        /// Symptoms better.
        Symptomatic = "symptomatic",
        /// A response whose category is not named.
        Unclassified = "other",
    }
}

/// How the disease answered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Response {
    /// Category, named or unmistakable.
    #[serde(default)]
    pub category: ResponseCategory,
    /// Criteria, where named ("RECIST 1.1").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub criteria: Option<String>,
    /// How it was seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modalities: Vec<String>,
    /// The treatment it answers to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub treatment: Option<FactId>,
    /// Change of size as written ("decreased by 28%").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Statement>,
}

/// A suspect of an adverse event.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Suspect {
    /// Generic name.
    pub agent: String,
    /// The treatment of the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub treatment: Option<FactId>,
}

words! {
    /// Result of stopping (dechallenge) or restarting (rechallenge) the suspect (ICH E2B(R3) G.k.8, G.k.9.i.4).
    Challenge {
        /// Done, and the event went (dechallenge) or came back (rechallenge).
        Positive = "positive",
        /// Done, and it did not.
        Negative = "negative",
        /// Done, result not said.
        Unclear = "unclear",
    }
}

/// An adverse event of a treatment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AdverseEvent {
    /// Name of the event.
    pub label: String,
    /// The same event among the findings or diagnoses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<FactId>,
    /// CTCAE grade, 1 to 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<u8>,
    /// Severity as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// Suspects as the authors put it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suspects: Vec<Suspect>,
    /// What the authors say of the cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub causality: Option<Statement>,
    /// What was done with the drug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<Statement>,
    /// Result of stopping.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dechallenge: Option<Challenge>,
    /// Result of giving it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rechallenge: Option<Challenge>,
    /// Outcome: `resolved`, `resolving`, `not_resolved`, `sequelae`, `fatal`, `unknown` (ICH E2B(R3) E.i.7).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// The words that state the outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome_words: Option<Statement>,
    /// When it was gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved: Option<Timing>,
    /// Who reported it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reporter: Option<String>,
}

/// The last the report says of the patient.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FollowUp {
    /// How long the patient was followed, or lived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<Extent>,
    /// Vital status, stated or implied.
    #[serde(default)]
    pub vital_status: VitalStatus,
    /// State of the disease as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disease_status: Option<Statement>,
    /// True if the patient was lost to follow-up.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lost: bool,
    /// Cause of death as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause_of_death: Option<Statement>,
}

/// A disease of a relative, or a statement on the family as a whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FamilyHistory {
    /// The disease; empty for "no family history".
    pub label: String,
    /// The relative as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relative: Option<String>,
}

/// A fact of a type that a plugin adds, for which the record has no list of its own.
///
/// It is held to the same rules as every other fact: evidence, scope, codes. Exporters that know nothing of the type can
/// still show its label and its fields.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PluginFact {
    /// The type: `PLUGIN/TYPE`, with the id of the plugin that defines it: `extract-exposure/exposure`.
    #[serde(rename = "type")]
    pub type_name: String,
    /// Name of the concept.
    pub label: String,
    /// What else the type holds, by name; each a text, a number, or yes or no.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, serde_json::Value>,
}

impl PluginFact {
    /// The id of the plugin and the name of the type.
    pub fn owner_and_type(&self) -> (&str, &str) {
        self.type_name.split_once('/').unwrap_or(("", &self.type_name))
    }
}

macro_rules! fact_values {
    ($($type:ident, $kind:literal, $label:ident;)+) => {
        $(impl FactValue for $type {
            const KIND: &'static str = $kind;

            fn label(&self) -> Cow<'_, str> {
                Cow::Borrowed(self.$label.as_ref())
            }
        })+
    };
}

fact_values! {
    ImagingStudy, "imaging", modality;
    Site, "site", label;
    Specimen, "specimen", label;
    MarkerTest, "marker", marker;
    GenomicFinding, "genomic", label;
    Diagnosis, "diagnosis", label;
    FamilyHistory, "family", label;
    PluginFact, "plugin_fact", label;
}

impl FactValue for Measurement {
    const KIND: &'static str = "measurement";

    fn label(&self) -> Cow<'_, str> {
        self.analyte.as_str().into()
    }

    fn statements(&self, visit: &mut dyn FnMut(&Statement)) {
        self.text.iter().chain(self.reference.iter().map(|r| &r.printed)).for_each(visit);
    }
}

impl FactValue for Morphology {
    const KIND: &'static str = "morphology";

    fn label(&self) -> Cow<'_, str> {
        self.pattern.as_str().into()
    }

    fn statements(&self, visit: &mut dyn FnMut(&Statement)) {
        self.mitoses.iter().for_each(visit);
    }
}

impl FactValue for Age {
    const KIND: &'static str = "age";

    fn label(&self) -> Cow<'_, str> {
        self.value.to_string().into()
    }
}

impl FactValue for Sex {
    const KIND: &'static str = "sex";

    fn label(&self) -> Cow<'_, str> {
        self.as_str().into()
    }
}

impl FactValue for TumourSize {
    const KIND: &'static str = "size";

    fn label(&self) -> Cow<'_, str> {
        let dimensions: Vec<&str> = self.dimensions.iter().map(Decimal::as_str).collect();
        format!("{} {}", dimensions.join(" × "), self.unit).into()
    }
}

impl FactValue for Finding {
    const KIND: &'static str = "finding";

    fn label(&self) -> Cow<'_, str> {
        self.label.as_str().into()
    }

    fn timings(&self, visit: &mut dyn FnMut(&Timing)) {
        self.resolved.iter().for_each(visit);
    }

    fn timings_mut(&mut self, visit: &mut dyn FnMut(&mut Timing)) {
        self.resolved.iter_mut().for_each(visit);
    }
}

impl FactValue for Treatment {
    const KIND: &'static str = "treatment";

    fn label(&self) -> Cow<'_, str> {
        self.agent.as_str().into()
    }

    fn statements(&self, visit: &mut dyn FnMut(&Statement)) {
        self.reason.iter().chain(&self.stop_reason).for_each(&mut *visit);
        for dose in &self.doses {
            visit(&dose.printed);
            dose.frequency.iter().for_each(&mut *visit);
        }
    }

    fn timings(&self, visit: &mut dyn FnMut(&Timing)) {
        self.stop.iter().chain(&self.durations).for_each(visit);
    }

    fn timings_mut(&mut self, visit: &mut dyn FnMut(&mut Timing)) {
        self.stop.iter_mut().chain(&mut self.durations).for_each(visit);
    }
}

impl FactValue for Procedure {
    const KIND: &'static str = "procedure";

    fn label(&self) -> Cow<'_, str> {
        self.label.as_str().into()
    }

    fn statements(&self, visit: &mut dyn FnMut(&Statement)) {
        self.reason.iter().for_each(visit);
    }
}

impl FactValue for Response {
    const KIND: &'static str = "response";

    fn label(&self) -> Cow<'_, str> {
        self.category.as_str().into()
    }

    fn statements(&self, visit: &mut dyn FnMut(&Statement)) {
        self.change.iter().for_each(visit);
    }

    fn references(&self, visit: &mut dyn FnMut(&FactId)) {
        self.treatment.iter().for_each(visit);
    }

    fn references_mut(&mut self, visit: &mut dyn FnMut(&mut FactId)) {
        self.treatment.iter_mut().for_each(visit);
    }
}

impl FactValue for AdverseEvent {
    const KIND: &'static str = "adverse_event";

    fn label(&self) -> Cow<'_, str> {
        self.label.as_str().into()
    }

    fn statements(&self, visit: &mut dyn FnMut(&Statement)) {
        self.causality.iter().chain(&self.action).chain(&self.outcome_words).for_each(visit);
    }

    fn timings(&self, visit: &mut dyn FnMut(&Timing)) {
        self.resolved.iter().for_each(visit);
    }

    fn timings_mut(&mut self, visit: &mut dyn FnMut(&mut Timing)) {
        self.resolved.iter_mut().for_each(visit);
    }

    fn references(&self, visit: &mut dyn FnMut(&FactId)) {
        self.finding.iter().chain(self.suspects.iter().filter_map(|s| s.treatment.as_ref())).for_each(visit);
    }

    fn references_mut(&mut self, visit: &mut dyn FnMut(&mut FactId)) {
        self.finding.iter_mut().chain(self.suspects.iter_mut().filter_map(|s| s.treatment.as_mut())).for_each(visit);
    }
}

impl FactValue for FollowUp {
    const KIND: &'static str = "follow_up";

    fn label(&self) -> Cow<'_, str> {
        self.vital_status.as_str().into()
    }

    fn statements(&self, visit: &mut dyn FnMut(&Statement)) {
        self.disease_status.iter().chain(&self.cause_of_death).for_each(visit);
    }
}
