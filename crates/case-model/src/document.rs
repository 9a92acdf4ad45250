//! The text of a report as extraction reads it, and the way back to the bytes the user gave.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Span;
use crate::word::words;

/// What the user gave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Source {
    /// Name of the input as the user wrote it; outputs are named after it.
    pub name: String,
    /// Media type found by content (`text/plain`, `application/jats+xml`).
    #[serde(default)]
    pub media_type: String,
    /// Character encoding found (`utf-8`, `utf-16le`, `windows-1252`). Offsets into the input count bytes of the input
    /// for `utf-8`, and bytes of the input transcoded to UTF-8 for any other.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub encoding: String,
    /// SHA-256 of the bytes, hexadecimal.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sha256: String,
    /// Number of bytes.
    #[serde(default)]
    pub length: u64,
}

words! {
    /// What kind of publication the text is.
    ReportKind {
        /// Not determined.
        Unknown = "unknown",
        /// One or few patients in full.
        CaseReport = "case_report",
        /// A letter to the editor that reports a patient.
        Letter = "letter",
        /// Several patients.
        CaseSeries = "case_series",
        /// A review of the literature, without or beside a case.
        Review = "review",
        /// A study: cohorts, trials, laboratory work.
        ResearchArticle = "research_article",
        /// Anything else: editorial, correction, guideline.
        NotAReport = "not_a_report",
    }
}

words! {
    /// What a section of a report is about.
    SectionKind {
        /// Text whose role is not marked.
        Body = "body",
        /// Title of the report.
        Title = "title",
        /// Abstract or summary.
        Abstract = "abstract",
        /// Key words.
        Keywords = "keywords",
        /// Introduction, background.
        Introduction = "introduction",
        /// The case: presentation, findings, treatment, course.
        Case = "case",
        /// Methods of a study.
        Methods = "methods",
        /// Results of a study.
        Results = "results",
        /// Discussion, review of the literature.
        Discussion = "discussion",
        /// Conclusion, learning points.
        Conclusion = "conclusion",
        /// Consent and ethics.
        Consent = "consent",
        /// View of the patient.
        PatientPerspective = "patient_perspective",
        /// Funding, conflicts of interest, contributions, thanks, availability of data.
        BackMatter = "back_matter",
        /// List of abbreviations.
        Abbreviations = "abbreviations",
        /// List of references.
        References = "references",
        /// Caption of a figure.
        Caption = "caption",
        /// A table with its caption and notes.
        Table = "table",
    }
}

/// A stretch of the text with one role. Sections do not overlap and stand in the order of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Section {
    /// Its role.
    pub kind: SectionKind,
    /// Its heading, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<Span>,
    /// All of it, heading included.
    pub span: Span,
    /// Language (ISO 639-1) where it is not that of the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// A title of the report in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Title {
    /// Where it stands.
    pub span: Span,
    /// ISO 639-1 code.
    pub language: String,
}

/// A public identifier of the report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Identifier {
    /// `doi`, `pmid`, `pmcid`.
    pub scheme: String,
    /// The identifier without prefix or resolver.
    pub value: String,
}

/// A figure, known by its caption.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Figure {
    /// `Figure 1`.
    pub label: String,
    /// Label and caption.
    pub span: Span,
    /// Its panels, where the caption names them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub panels: Vec<Panel>,
}

/// A panel of a figure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Panel {
    /// `A`.
    pub label: String,
    /// Its part of the caption.
    pub span: Span,
}

/// A table, cell by cell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Table {
    /// `Table 1`, empty when it has none.
    #[serde(default)]
    pub label: String,
    /// Caption, rows and notes.
    pub span: Span,
    /// Caption.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<Span>,
    /// Rows of cells; an empty span is an empty cell.
    #[serde(default)]
    pub rows: Vec<Vec<Span>>,
}

/// A call-out to a figure or table: "(Fig. 1)".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FigureCall {
    /// Where it stands.
    pub span: Span,
    /// Label of the figure or table, `Figure 1`.
    pub target: String,
}

/// A citation mark in the text: `[3, 4]`, `.1-5`, `(Smith et al., 2020)`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Citation {
    /// Where the mark stands.
    pub span: Span,
    /// Numbers of the references, ranges written out; empty for author-year marks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub numbers: Vec<u32>,
}

/// An entry of the reference list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reference {
    /// Its number, where numbered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// The entry.
    pub span: Span,
}

/// An abbreviation that the text defines, or a likely misspelling of one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Abbreviation {
    /// The short form: `IMT`.
    pub short: String,
    /// The long form, as written at the definition.
    pub long: String,
    /// Where the short form is defined.
    pub span: Span,
    /// Where the long form stands.
    pub long_span: Span,
    /// Places with a likely misspelling of it (`ITM`). The text is left as it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<Span>,
}

words! {
    /// What a repair did.
    RepairKind {
        /// Runs of white space made one space.
        Spaces = "spaces",
        /// A line break within a paragraph made a space.
        LineBreak = "line_break",
        /// A word joined that was divided at the end of a line.
        Hyphenation = "hyphenation",
        /// A line break after a hyphen removed, the hyphen kept ("low-grade").
        HyphenBreak = "hyphen_break",
        /// Space between paragraphs made one empty line.
        ParagraphBreak = "paragraph_break",
        /// Characters composed (Unicode NFC).
        Composed = "composed",
        /// A ligature written as letters.
        Ligature = "ligature",
        /// An invisible character removed: soft hyphen, zero-width space, byte order mark, control character.
        Invisible = "invisible",
        /// A character replaced by its plain form: non-breaking space, curly quote, micro sign.
        Plain = "plain",
        /// Space within a formula, number or sign removed: `t(2;17) (p23.2;q23.1)`.
        Spacing = "spacing",
        /// A caption moved out of the sentence that it interrupted.
        Moved = "moved",
        /// A page header, footer or number removed.
        PageFurniture = "page_furniture",
        /// A line number of a manuscript removed.
        LineNumber = "line_number",
        /// Navigation or other web page furniture removed.
        WebFurniture = "web_furniture",
        /// Columns that were printed side by side put one after the other.
        Columns = "columns",
        /// Markup left out (a tag, a comment) or an entity resolved.
        Markup = "markup",
        /// A separator that stands for structure the input marks otherwise (a paragraph, a table cell).
        Inserted = "inserted",
        /// Nothing changed: reading goes on at another place of the input.
        Jump = "jump",
    }
}

impl RepairKind {
    /// True for repairs that tell something of the report and not only of its conversion: words that were moved, signs that
    /// were drawn together. Validators get these.
    pub fn is_telling(&self) -> bool {
        matches!(self, Self::Moved | Self::Jump | Self::Spacing)
    }
}

/// One difference between the repaired text and the input, and with its neighbours the map between them.
///
/// Repairs stand in the order of the repaired text. Between two of them text and input are equal, byte for byte: the
/// text from the end of one repair to the start of the next is the input from the end of `origin` of the first on. So
/// the list is the whole map, and for plain text the equal stretches together with the `original`s give back the input.
///
/// In JSON a repair is the array `[at, length, origin_start, origin_end, kind]`, with `original` as sixth element
/// where it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// Where the replacement stands in the repaired text, and how long it is.
    pub span: Span,
    /// The replaced bytes of the input.
    pub origin: Span,
    /// What was done.
    pub kind: RepairKind,
    /// The replaced characters. `None` when they are not
    /// kept because they are markup, which the input itself holds.
    pub original: Option<String>,
}

impl Serialize for Repair {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (at, length) = (self.span.start, self.span.len());
        let Span { start, end } = self.origin;
        match &self.original {
            Some(original) => (at, length, start, end, &self.kind, original).serialize(serializer),
            None => (at, length, start, end, &self.kind).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Repair {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Tuple;
        impl<'de> serde::de::Visitor<'de> for Tuple {
            type Value = Repair;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a repair [at, length, origin_start, origin_end, kind, original?]")
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Repair, A::Error> {
                use serde::de::Error;
                let mut number = |i| seq.next_element::<u32>()?.ok_or_else(|| A::Error::invalid_length(i, &"5 or 6"));
                let (at, length, start, end) = (number(0)?, number(1)?, number(2)?, number(3)?);
                let kind = seq.next_element()?.ok_or_else(|| A::Error::invalid_length(4, &"5 or 6"))?;
                let original = seq.next_element()?;
                while seq.next_element::<serde::de::IgnoredAny>()?.is_some() {}
                let end_of_text = at.checked_add(length).ok_or_else(|| A::Error::custom("repair beyond 4 GiB"))?;
                Ok(Repair { span: Span::new(at, end_of_text), origin: Span::new(start, end), kind, original })
            }
        }
        deserializer.deserialize_seq(Tuple)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Repair {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Repair".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "[at, length, origin_start, origin_end, kind, original?]: `length` bytes of the repaired text \
                at `at` stand for the bytes [origin_start, origin_end) of the input. Between repairs both are equal.",
            "type": "array",
            "prefixItems": [
                { "type": "integer" }, { "type": "integer" }, { "type": "integer" }, { "type": "integer" },
                { "type": "string", "examples": RepairKind::WORDS }, { "type": "string" }
            ],
            "minItems": 5
        })
    }
}

/// A report as text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Document {
    /// What the user gave.
    pub source: Source,
    /// Which reader made it (`read-text`).
    #[serde(default)]
    pub reader: String,
    /// What kind of publication it is.
    #[serde(default)]
    pub kind: ReportKind,
    /// Language of the report, ISO 639-1.
    #[serde(default)]
    pub language: String,
    /// Titles, the one in the language of the report first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub titles: Vec<Title>,
    /// DOI, PMID and the like.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<Identifier>,
    /// Sections in the order of the text.
    #[serde(default)]
    pub sections: Vec<Section>,
    /// Sentences (and headings, table rows) in the order of the text.
    #[serde(default)]
    pub sentences: Vec<Span>,
    /// Figures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<Figure>,
    /// Tables.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<Table>,
    /// Call-outs to figures and tables.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub figure_calls: Vec<FigureCall>,
    /// Citation marks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub citations: Vec<Citation>,
    /// Entries of the reference list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Reference>,
    /// Abbreviations that the text defines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub abbreviations: Vec<Abbreviation>,
    /// The repaired text. All spans of the record point into it.
    #[serde(default)]
    pub text: String,
    /// The map from the text to the input, see [`Repair`]. Empty where text and input are equal, and in the copy that
    /// plugins get; validators get those that [tell something](RepairKind::is_telling).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repairs: Vec<Repair>,
}

impl Document {
    /// The document as plugins get it: without its text, which goes beside it, and without the map, which stays with the
    /// host.
    #[must_use]
    pub fn head(&self) -> Self {
        Self {
            source: self.source.clone(),
            reader: self.reader.clone(),
            kind: self.kind.clone(),
            language: self.language.clone(),
            titles: self.titles.clone(),
            identifiers: self.identifiers.clone(),
            sections: self.sections.clone(),
            sentences: self.sentences.clone(),
            figures: self.figures.clone(),
            tables: self.tables.clone(),
            figure_calls: self.figure_calls.clone(),
            citations: self.citations.clone(),
            references: self.references.clone(),
            abbreviations: self.abbreviations.clone(),
            text: String::new(),
            repairs: Vec::new(),
        }
    }

    /// The words at `span`, empty when it does not fit.
    pub fn words(&self, span: Span) -> &str {
        span.of(&self.text).unwrap_or_default()
    }

    /// The section that holds `span`.
    pub fn section_at(&self, offset: u32) -> Option<&Section> {
        let next = self.sections.partition_point(|s| s.span.start <= offset);
        self.sections[..next].iter().rev().find(|s| offset < s.span.end)
    }

    /// The way back to the input.
    pub fn origin(&self) -> Origin<'_> {
        Origin { repairs: &self.repairs, text_len: self.text.len() as u32 }
    }
}

/// Translates spans of the repaired text into byte offsets of the input.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    repairs: &'a [Repair],
    text_len: u32,
}

impl<'a> Origin<'a> {
    /// A map made of `repairs` for a text of `text_len` bytes.
    pub fn new(repairs: &'a [Repair], text_len: u32) -> Self {
        Self { repairs, text_len }
    }

    /// The stretches of the input that `span` stands for, in the order of the text: one, unless the text was moved
    /// within the span. Neighbouring stretches are merged; replaced bytes inside the span belong to it.
    pub fn ranges(&self, span: Span) -> Vec<Span> {
        let mut out: Vec<Span> = Vec::with_capacity(1);
        let end = span.end.min(self.text_len);
        let mut push = |part: Span| match out.last_mut() {
            Some(last) if last.end == part.start => last.end = part.end,
            _ if part.is_empty() => {}
            _ => out.push(part),
        };
        // First repair that ends after the start of the span.
        let first = self.repairs.partition_point(|r| r.span.end <= span.start);
        // Where the equal stretch before it starts, in text and input.
        let (mut text, mut input) = match first.checked_sub(1).map(|i| &self.repairs[i]) {
            Some(r) => (r.span.end, r.origin.end),
            None => (0, 0),
        };
        for repair in self.repairs[first..].iter().take_while(|r| r.span.start < end) {
            let from = span.start.max(text);
            if from < repair.span.start {
                push(Span::new(input + (from - text), input + (repair.span.start - text)));
            }
            push(repair.origin);
            (text, input) = (repair.span.end, repair.origin.end);
        }
        let from = span.start.max(text);
        if from < end {
            push(Span::new(input + (from - text), input + (end - text)));
        }
        out
    }

    /// The first stretch of [`ranges`](Self::ranges), or an empty one at the place where the span would stand.
    pub fn first(&self, span: Span) -> Span {
        self.ranges(span).first().copied().unwrap_or_else(|| {
            let at = self.ranges(Span::new(span.start, self.text_len)).first().map_or(0, |r| r.start);
            Span::new(at, at)
        })
    }
}
