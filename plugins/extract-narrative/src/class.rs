//! What a concept of the lexicons is, in a few bytes. Used by the build, which makes the table, and by the plugin.

macro_rules! codes {
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        #[allow(missing_docs, dead_code)]
        pub(crate) enum $name {
            $($variant),+
        }

        #[allow(dead_code)]
        impl $name {
            const ALL: &'static [(Self, &'static str)] = &[$((Self::$variant, $word)),+];

            /// Number of variants.
            pub(crate) const COUNT: usize = Self::ALL.len();

            fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().find(|(_, w)| *w == word).map(|(v, _)| *v)
            }

            pub(crate) fn from_byte(byte: u8) -> Self {
                Self::ALL.get(byte as usize).map_or(Self::ALL[0].0, |(v, _)| *v)
            }
        }
    };
}

codes! {
    /// Kind of a lexicon row.
    Kind {
        Word = "word",
        Finding = "finding",
        Disease = "disease",
        Tumour = "tumour",
        Site = "site",
        Gene = "gene",
        Marker = "marker",
        Drug = "drug",
        DrugClass = "drug_class",
        Regimen = "regimen",
        Procedure = "procedure",
        Imaging = "imaging",
        Analyte = "analyte",
        Assay = "assay",
        Scale = "scale",
        Inheritance = "inheritance",
        Qualifier = "qualifier",
    }
}

codes! {
    /// The `class` of a row, where grammars ask for it; other classes are `None`.
    Class {
        None = "",
        // words of the grammar
        Female = "female",
        Male = "male",
        Person = "person",
        Presents = "presents",
        Reports = "reports",
        Given = "given",
        Start = "start",
        Stopped = "stopped",
        Completed = "completed",
        Withheld = "withheld",
        DoseChange = "dose_change",
        Planned = "planned",
        Considered = "considered",
        NotConsidered = "not_considered",
        Declined = "declined",
        NotGiven = "not_given",
        Treatment = "treatment",
        Cause = "cause",
        IsCause = "is_cause",
        NotCause = "not_cause",
        RelatedSuffix = "related_suffix",
        Adverse = "adverse",
        Tolerated = "tolerated",
        Resolved = "resolved",
        Improved = "improved",
        Worsened = "worsened",
        Developed = "developed",
        Response = "response",
        Result = "result",
        Extent = "extent",
        Intensity = "intensity",
        Localisation = "localisation",
        Panel = "panel",
        Rearrangement = "rearrangement",
        Mutation = "mutation",
        CopyNumber = "copy_number",
        WildType = "wild_type",
        Msi = "msi",
        Tmb = "tmb",
        Karyotype = "karyotype",
        Trend = "trend",
        Germline = "germline",
        Somatic = "somatic",
        Zygosity = "zygosity",
        Diagnosed = "diagnosed",
        Differential = "differential",
        Metastatic = "metastatic",
        Side = "side",
        Severity = "severity",
        Course = "course",
        Died = "died",
        Alive = "alive",
        Lost = "lost",
        FollowUp = "follow_up",
        Autopsy = "autopsy",
        Admission = "admission",
        Discharge = "discharge",
        Diagnosis = "diagnosis",
        Surgery = "surgery",
        Later = "later",
        Earlier = "earlier",
        Baseline = "baseline",
        Lesion = "lesion",
        NotLesion = "not_lesion",
        Relative = "relative",
        Family = "family",
        // findings
        Symptom = "symptom",
        Sign = "sign",
        Lab = "lab",
        ImagingFinding = "imaging",
        Histology = "histology",
        // procedures
        Biopsy = "biopsy",
        Endoscopy = "endoscopy",
        Radiotherapy = "radiotherapy",
        Transplant = "transplant",
        Support = "support",
        Sampling = "sampling",
        Test = "test",
        // assays
        Sequencing = "sequencing",
        Fish = "FISH",
        Pcr = "PCR",
        Flow = "flow",
        Ihc = "IHC",
        Stain = "stain",
        // scales
        Performance = "performance",
        Grade = "grade",
        Stage = "stage",
        Prognosis = "prognosis",
    }
}

codes! {
    /// What is said of an analyte or a site: the `is` of a row. Together with what it is said of it makes a finding.
    Quality {
        None = "",
        // of analytes
        High = "high",
        Low = "low",
        Abnormal = "abnormal",
        Normal = "normal",
        Positive = "positive",
        // of sites
        Enlarged = "enlarged",
        Mass = "mass",
        Nodule = "nodule",
        Lesion = "lesion",
        Pain = "pain",
        Tenderness = "tenderness",
        Swelling = "swelling",
        Edema = "edema",
        Bleeding = "bleeding",
        Weakness = "weakness",
        Paralysis = "paralysis",
        Numbness = "numbness",
        Stenosis = "stenosis",
        Obstruction = "obstruction",
        Calcification = "calcification",
        Ulcer = "ulcer",
        Fracture = "fracture",
        Perforation = "perforation",
        Thickening = "thickening",
        Atrophy = "atrophy",
        Infection = "infection",
        Inflammation = "inflammation",
        Necrosis = "necrosis",
        Fibrosis = "fibrosis",
        Thrombus = "thrombus",
        Effusion = "effusion",
        Stiffness = "stiffness",
        Itch = "itch",
        Dilatation = "dilatation",
        Compression = "compression",
    }
}

#[allow(dead_code)]
impl Quality {
    /// Qualities for which reports use each other's words.
    pub(crate) fn near(self) -> &'static [Self] {
        match self {
            Self::Mass => &[Self::Lesion, Self::Nodule],
            Self::Lesion => &[Self::Mass],
            Self::Nodule => &[Self::Mass, Self::Lesion],
            Self::Swelling => &[Self::Edema],
            Self::Edema => &[Self::Swelling],
            Self::Paralysis => &[Self::Weakness],
            Self::Stenosis => &[Self::Obstruction],
            Self::Obstruction => &[Self::Stenosis],
            _ => &[],
        }
    }
}

/// What grammars need to know of a concept before they look at it closely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Info {
    /// Kind.
    pub(crate) kind: Kind,
    /// Class.
    pub(crate) class: Class,
    /// See the constants.
    pub(crate) flags: u16,
    /// What the row says of an analyte or a site.
    pub(crate) quality: Quality,
}

#[allow(dead_code)]
impl Info {
    /// Bytes of one entry of the table.
    pub(crate) const SIZE: usize = 5;
    /// Says little alone: pain, mass, tumour.
    pub(crate) const BROAD: u16 = 1;
    /// Procedure that removes or treats the tumour.
    pub(crate) const TUMOUR_DIRECTED: u16 = 2;
    /// Drug, class or regimen against cancer.
    pub(crate) const ANTICANCER: u16 = 4;
    /// Lymph node station.
    pub(crate) const NODE: u16 = 8;
    /// Site of which there are two.
    pub(crate) const PAIRED: u16 = 16;
    /// Part of an imaging study (sequence, contrast medium), or of a work-up that only its results tell (blood count).
    pub(crate) const PART: u16 = 32;
    /// Tumour row that names metastases, recurrence or another role and no entity.
    pub(crate) const ROLE: u16 = 64;
    /// Marker given as an index (Ki-67).
    pub(crate) const INDEX: u16 = 128;
    /// Finding that names the outcome of the case and no feature of the patient.
    pub(crate) const OUTCOME: u16 = 256;
    /// Disease that is told as a finding where it is new: kidney failure, colitis, hernia.
    pub(crate) const SIGN: u16 = 512;

    /// The entry of a row.
    pub(crate) fn of<'a>(kind: &str, attr: impl Fn(&str) -> Option<&'a str>) -> Result<Self, String> {
        let kind = Kind::from_word(kind).ok_or_else(|| format!("{kind:?} is not a kind of row"))?;
        let class = attr("class").unwrap_or_default();
        let known = Class::from_word(class);
        if kind == Kind::Word && known.is_none() {
            return Err(format!("{class:?} is not a class of words"));
        }
        let class = known.unwrap_or(Class::None);
        let set = |key: &str| attr(key) == Some("1");
        let flags = [
            (Self::BROAD, set("broad") || set("generic")),
            (Self::TUMOUR_DIRECTED, kind == Kind::Procedure && set("tumour")),
            (Self::ANTICANCER, attr("role") == Some("anticancer") || kind == Kind::Regimen),
            (Self::NODE, set("node")),
            (Self::PAIRED, set("paired")),
            (Self::PART, set("part")),
            (Self::ROLE, kind == Kind::Tumour && attr("role").is_some()),
            (Self::INDEX, set("index")),
            (Self::OUTCOME, set("outcome")),
            (Self::SIGN, set("sign")),
        ];
        let flags = flags.iter().filter(|(_, on)| *on).fold(0, |all, (flag, _)| all | flag);
        let quality = attr("is").unwrap_or_default();
        let quality = Quality::from_word(quality).ok_or_else(|| format!("{quality:?} is not a quality"))?;
        Ok(Self { kind, class, flags, quality })
    }

    /// The entry as bytes of the table.
    pub(crate) fn to_bytes(self) -> [u8; Self::SIZE] {
        let [low, high] = self.flags.to_le_bytes();
        [self.kind as u8, self.class as u8, low, high, self.quality as u8]
    }

    /// An entry of the table.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        Self {
            kind: Kind::from_byte(bytes[0]),
            class: Class::from_byte(bytes[1]),
            flags: u16::from_le_bytes([bytes[2], bytes[3]]),
            quality: Quality::from_byte(bytes[4]),
        }
    }

    /// True if the flag is set.
    pub(crate) fn has(self, flag: u16) -> bool {
        self.flags & flag != 0
    }
}
