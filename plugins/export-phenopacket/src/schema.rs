//! The elements of a phenopacket that the exporter writes: GA4GH Phenopacket Schema 2.0 (ISO 4454:2022) in the JSON
//! mapping of protobuf 3.
//!
//! Field names are the schema's in camel case. An empty list and an absent message are left out, as the mapping has it.
//! Enumerations are always written, also at their default: the published JSON schemas require them.

use serde::Serialize;

/// A term of a terminology: `OntologyClass`. Both fields are required.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct OntologyClass {
    /// `PREFIX:LOCAL`.
    pub(crate) id: String,
    /// Label of the release that the metadata name.
    pub(crate) label: String,
}

/// `Phenopacket`, without the lists that are never written (`files`).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Phenopacket {
    pub(crate) id: String,
    pub(crate) subject: Individual,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) phenotypic_features: Vec<PhenotypicFeature>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) measurements: Vec<Measurement>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) biosamples: Vec<Biosample>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) interpretations: Vec<Interpretation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) diseases: Vec<Disease>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) medical_actions: Vec<MedicalAction>,
    pub(crate) meta_data: MetaData,
}

/// `Individual`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Individual {
    pub(crate) id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) time_at_last_encounter: Option<TimeElement>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) vital_status: Option<VitalStatus>,
    pub(crate) sex: Sex,
    pub(crate) taxonomy: OntologyClass,
}

/// `Sex`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Sex {
    #[serde(rename = "UNKNOWN_SEX")]
    Unknown,
    Female,
    Male,
    #[serde(rename = "OTHER_SEX")]
    Other,
}

/// `VitalStatus`; `survivalTimeInDays` is never written, for no report counts it in days.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VitalStatus {
    pub(crate) status: Vital,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) time_of_death: Option<TimeElement>,
}

/// `VitalStatus.Status`. Where nothing is known the whole element is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Vital {
    Alive,
    Deceased,
}

/// `TimeElement`, one of its kinds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum TimeElement {
    Age(Age),
    AgeRange { start: Age, end: Age },
    Timestamp(String),
    Interval(TimeInterval),
}

/// `Age`, an ISO 8601 duration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Age {
    pub(crate) iso8601duration: String,
}

/// `TimeInterval`, two RFC 3339 timestamps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct TimeInterval {
    pub(crate) start: String,
    pub(crate) end: String,
}

/// `PhenotypicFeature`. Its `description` is never written: the published JSON schema does not know the field.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PhenotypicFeature {
    #[serde(rename = "type")]
    pub(crate) term: OntologyClass,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) excluded: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) severity: Option<OntologyClass>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) modifiers: Vec<OntologyClass>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) onset: Option<TimeElement>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) resolution: Option<TimeElement>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) evidence: Vec<Evidence>,
}

impl PhenotypicFeature {
    /// A feature of which nothing but its term is known.
    pub(crate) fn new(term: OntologyClass) -> Self {
        Self {
            term,
            excluded: false,
            severity: None,
            modifiers: Vec::new(),
            onset: None,
            resolution: None,
            evidence: Vec::new(),
        }
    }
}

/// `Evidence`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Evidence {
    pub(crate) evidence_code: OntologyClass,
    pub(crate) reference: ExternalReference,
}

/// `ExternalReference`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct ExternalReference {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) reference: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) description: String,
}

/// `Measurement`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Measurement {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) description: String,
    pub(crate) assay: OntologyClass,
    #[serde(flatten)]
    pub(crate) value: MeasurementValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) time_observed: Option<TimeElement>,
}

/// The one of `measurement_value`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum MeasurementValue {
    Value(Value),
    ComplexValue(ComplexValue),
}

/// `Value`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Value {
    Quantity(Quantity),
    OntologyClass(OntologyClass),
}

/// `Quantity`. The unit is required.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Quantity {
    pub(crate) unit: OntologyClass,
    pub(crate) value: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reference_range: Option<ReferenceRange>,
}

/// `ReferenceRange`. Both ends are required.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct ReferenceRange {
    pub(crate) unit: OntologyClass,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// `ComplexValue`. Its quantities must differ from one another.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ComplexValue {
    pub(crate) typed_quantities: Vec<TypedQuantity>,
}

/// `TypedQuantity`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct TypedQuantity {
    #[serde(rename = "type")]
    pub(crate) term: OntologyClass,
    pub(crate) quantity: Quantity,
}

/// `Biosample`, with the fields that a case report can fill.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Biosample {
    pub(crate) id: String,
    pub(crate) individual_id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sampled_tissue: Option<OntologyClass>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) phenotypic_features: Vec<PhenotypicFeature>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) measurements: Vec<Measurement>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) time_of_collection: Option<TimeElement>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) histological_diagnosis: Option<OntologyClass>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tumor_progression: Option<OntologyClass>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tumor_grade: Option<OntologyClass>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) procedure: Option<Procedure>,
}

impl Biosample {
    /// A biosample of an individual of which nothing else is known.
    pub(crate) fn new(id: &str, individual: &str) -> Self {
        Self {
            id: id.to_owned(),
            individual_id: individual.to_owned(),
            description: String::new(),
            sampled_tissue: None,
            phenotypic_features: Vec::new(),
            measurements: Vec::new(),
            time_of_collection: None,
            histological_diagnosis: None,
            tumor_progression: None,
            tumor_grade: None,
            procedure: None,
        }
    }
}

/// `Procedure`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Procedure {
    pub(crate) code: OntologyClass,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) body_site: Option<OntologyClass>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) performed: Option<TimeElement>,
}

/// `Interpretation`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Interpretation {
    pub(crate) id: String,
    pub(crate) progress_status: ProgressStatus,
    pub(crate) diagnosis: Diagnosis,
}

/// `Interpretation.ProgressStatus`, the one that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ProgressStatus {
    Solved,
}

/// `Diagnosis`: a disease and the genomic findings that go with it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Diagnosis {
    pub(crate) disease: OntologyClass,
    pub(crate) genomic_interpretations: Vec<GenomicInterpretation>,
}

/// `GenomicInterpretation`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GenomicInterpretation {
    pub(crate) subject_or_biosample_id: String,
    pub(crate) interpretation_status: InterpretationStatus,
    pub(crate) variant_interpretation: VariantInterpretation,
}

/// `GenomicInterpretation.InterpretationStatus`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum InterpretationStatus {
    UnknownStatus,
    Rejected,
    Candidate,
    Causative,
}

/// `VariantInterpretation`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VariantInterpretation {
    pub(crate) acmg_pathogenicity_classification: AcmgPathogenicityClassification,
    pub(crate) therapeutic_actionability: TherapeuticActionability,
    pub(crate) variation_descriptor: VariationDescriptor,
}

/// `AcmgPathogenicityClassification`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum AcmgPathogenicityClassification {
    NotProvided,
    Benign,
    LikelyBenign,
    UncertainSignificance,
    LikelyPathogenic,
    Pathogenic,
}

/// `TherapeuticActionability`; a report does not say that a variant is not actionable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum TherapeuticActionability {
    UnknownActionability,
    Actionable,
}

/// `VariationDescriptor` (VRSATILE 1).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VariationDescriptor {
    pub(crate) id: String,
    pub(crate) label: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) gene_context: Option<GeneDescriptor>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) expressions: Vec<Expression>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) extensions: Vec<Extension>,
    pub(crate) molecule_context: MoleculeContext,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) structural_type: Option<OntologyClass>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) allelic_state: Option<OntologyClass>,
}

/// `GeneDescriptor`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GeneDescriptor {
    pub(crate) value_id: String,
    pub(crate) symbol: String,
}

/// `Expression`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Expression {
    pub(crate) syntax: &'static str,
    pub(crate) value: String,
}

/// `Extension`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Extension {
    pub(crate) name: &'static str,
    pub(crate) value: String,
}

/// `MoleculeContext`; written in lower case in the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MoleculeContext {
    #[serde(rename = "unspecified_molecule_context")]
    Unspecified,
    Genomic,
    Transcript,
    Protein,
}

/// `Disease`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Disease {
    pub(crate) term: OntologyClass,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) excluded: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) onset: Option<TimeElement>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) resolution: Option<TimeElement>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) primary_site: Option<OntologyClass>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) laterality: Option<OntologyClass>,
}

/// `MedicalAction`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MedicalAction {
    #[serde(flatten)]
    pub(crate) action: Action,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) treatment_target: Option<OntologyClass>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) treatment_intent: Option<OntologyClass>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) response_to_treatment: Option<OntologyClass>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) adverse_events: Vec<OntologyClass>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) treatment_termination_reason: Option<OntologyClass>,
}

impl MedicalAction {
    /// An action of which nothing else is known.
    pub(crate) fn new(action: Action) -> Self {
        Self {
            action,
            treatment_target: None,
            treatment_intent: None,
            response_to_treatment: None,
            adverse_events: Vec::new(),
            treatment_termination_reason: None,
        }
    }
}

/// The one of `action`. `RadiationTherapy` is missing: it requires body site, dose in gray and number of fractions as
/// whole numbers, which no record holds as such.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Action {
    Procedure(Procedure),
    Treatment(Treatment),
    TherapeuticRegimen(TherapeuticRegimen),
}

/// `Treatment`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Treatment {
    pub(crate) agent: OntologyClass,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) route_of_administration: Option<OntologyClass>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) dose_intervals: Vec<DoseInterval>,
    pub(crate) drug_type: DrugType,
}

/// `DoseInterval`. All three are required.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DoseInterval {
    pub(crate) quantity: Quantity,
    pub(crate) schedule_frequency: OntologyClass,
    pub(crate) interval: TimeInterval,
}

/// `DrugType`, the setting in which a drug is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum DrugType {
    UnknownDrugType,
    Prescription,
}

/// `TherapeuticRegimen`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TherapeuticRegimen {
    #[serde(flatten)]
    pub(crate) identifier: RegimenIdentifier,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) start_time: Option<TimeElement>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) end_time: Option<TimeElement>,
    pub(crate) regimen_status: RegimenStatus,
}

/// The one of `identifier`: a regimen without a code is known by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum RegimenIdentifier {
    OntologyClass(OntologyClass),
    ExternalReference(ExternalReference),
}

/// `TherapeuticRegimen.RegimenStatus`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum RegimenStatus {
    UnknownStatus,
    Started,
    Discontinued,
}

/// `MetaData`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MetaData {
    pub(crate) created: String,
    pub(crate) created_by: String,
    pub(crate) resources: Vec<Resource>,
    pub(crate) phenopacket_schema_version: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) external_references: Vec<ExternalReference>,
}

/// `Resource`. All fields are required.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Resource {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) url: &'static str,
    pub(crate) version: String,
    pub(crate) namespace_prefix: &'static str,
    pub(crate) iri_prefix: &'static str,
}
