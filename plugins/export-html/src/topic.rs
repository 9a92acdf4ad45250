//! What a fact is about: the few groups that share a colour and an underline.

/// A group of lists of the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    Patient,
    Finding,
    Imaging,
    Pathology,
    Genomics,
    Diagnosis,
    Treatment,
    Outcome,
    AdverseEvent,
    Literature,
}

impl Topic {
    /// All, in the order in which a case is told.
    pub(crate) const ALL: [Self; 10] = [
        Self::Patient,
        Self::Finding,
        Self::Imaging,
        Self::Diagnosis,
        Self::Pathology,
        Self::Genomics,
        Self::Treatment,
        Self::Outcome,
        Self::AdverseEvent,
        Self::Literature,
    ];

    /// The topic of a list of [`Case`](casemill_plugin_sdk::model::Case).
    pub(crate) fn of_list(list: &str) -> Self {
        match list {
            "age" | "sex" | "family_history" | "plugin_facts" => Self::Patient,
            "imaging" | "sites" | "tumour_sizes" => Self::Imaging,
            "specimens" | "morphology" | "marker_tests" => Self::Pathology,
            "genomic_findings" => Self::Genomics,
            "diagnoses" => Self::Diagnosis,
            "treatments" | "procedures" => Self::Treatment,
            "responses" | "follow_up" => Self::Outcome,
            "adverse_events" => Self::AdverseEvent,
            _ => Self::Finding,
        }
    }

    /// Class in the style sheet.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Patient => "t-pat",
            Self::Finding => "t-find",
            Self::Imaging => "t-img",
            Self::Pathology => "t-path",
            Self::Genomics => "t-gen",
            Self::Diagnosis => "t-dx",
            Self::Treatment => "t-tx",
            Self::Outcome => "t-out",
            Self::AdverseEvent => "t-ae",
            Self::Literature => "t-lit",
        }
    }

    /// Name in the legend.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Patient => "Patient and family",
            Self::Finding => "Findings and measurements",
            Self::Imaging => "Imaging, site and size",
            Self::Pathology => "Pathology and markers",
            Self::Genomics => "Genomics",
            Self::Diagnosis => "Diagnoses",
            Self::Treatment => "Treatments and procedures",
            Self::Outcome => "Responses and follow-up",
            Self::AdverseEvent => "Adverse events",
            Self::Literature => "Not about the patient",
        }
    }
}
