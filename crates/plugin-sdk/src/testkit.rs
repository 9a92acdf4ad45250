//! Sample reports and harnesses, for tests of plugins.
//!
//! ```
//! use casemill_plugin_sdk::{prelude::*, testkit};
//!
//! #[derive(Default)]
//! struct Summary;
//!
//! impl Exporter for Summary {
//!     const FORMAT: Format = Format::new("summary", "text/plain", "txt");
//!
//!     fn export(&mut self, case: &Case, out: &mut Artifacts<'_>) -> Result<()> {
//!         out.write(format!("{} facts\n", case.fact_count()));
//!         Ok(())
//!     }
//! }
//!
//! let written = testkit::export::<Summary>(&[testkit::sample_report()], serde_json::json!({}))?;
//! assert_eq!(written.files[0].0, "sample-1.txt");
//! # Ok::<(), Error>(())
//! ```

mod expected;
mod samples;

pub use expected::{ACCEPT, assert_expected, show, show_facts};
pub use samples::{empty_case, no_patient, sample_report, samples, two_patients, unusual_characters};

use case_model::*;
use casemill_plugin_abi::message::{ExportReply, Loss, Request};

use crate::component::{ComponentEntry, Refusal, Reply, exporter, extractor, reader, validator};
use crate::{Error, Exporter, Extractor, Findings, Reader, Result, Validator};

/// Makes facts of a text: each value with the words that back it.
///
/// ```
/// use casemill_plugin_sdk::{model::*, testkit::Writer};
///
/// let mut writer = Writer::new("A 6-year-old girl had fever.");
/// let fever = writer.fact("fever", Finding { label: "Fever".into(), ..Finding::default() });
/// assert_eq!(fever.evidence[0].quote, "fever");
/// ```
#[derive(Debug)]
pub struct Writer {
    text: String,
    ids: IdSource,
}

impl Writer {
    /// A writer for a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ids: IdSource::new() }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where words stand first.
    ///
    /// # Panics
    /// If the text does not hold them.
    pub fn span(&self, words: &str) -> Span {
        let start = self.text.find(words).unwrap_or_else(|| panic!("{words:?} does not stand in the text")) as u32;
        Span::new(start, start + words.len() as u32)
    }

    /// Words of the text as a statement.
    ///
    /// # Panics
    /// If the text does not hold them.
    pub fn statement(&self, words: &str) -> Statement {
        Statement { span: self.span(words), quote: words.to_owned() }
    }

    /// Words of the text as evidence.
    ///
    /// # Panics
    /// If the text does not hold them.
    pub fn evidence(&self, words: &str) -> Evidence {
        let span = self.span(words);
        Evidence { span, quote: words.to_owned(), origin: Some(span), by: "testkit".into(), ..Evidence::default() }
    }

    /// A fact backed by words of the text.
    ///
    /// # Panics
    /// If the text does not hold them.
    pub fn fact<T: FactValue>(&mut self, words: &str, value: T) -> Fact<T>
    where
        Fact<T>: Default,
    {
        let evidence = self.evidence(words);
        let id = self.ids.id(T::KIND, &value.label(), evidence.span, words);
        Fact { id, value, evidence: vec![evidence], ..Fact::default() }
    }

    /// A time stated in words of the text, counted from an anchor.
    ///
    /// # Panics
    /// If the text does not hold them.
    pub fn timing(&self, words: &str, relation: Relation, offset: Option<IsoDuration>, anchor: Anchor) -> Timing {
        Timing {
            span: Some(self.span(words)),
            quote: words.to_owned(),
            relation,
            offset: offset.map(Extent::exact),
            anchor,
            ..Timing::default()
        }
    }

    /// A report on the text.
    pub fn report(self, name: &str, cases: Vec<Case>) -> Report {
        let whole = Span::new(0, self.text.len() as u32);
        let sentences =
            self.text.match_indices(". ").map(|(i, _)| i as u32 + 1).chain([whole.end]).scan(0, |start, end| {
                let span = Span::new(*start, end);
                *start = end + 1;
                Some(span)
            });
        let mut document = Document {
            source: Source {
                name: format!("{name}.txt"),
                media_type: "text/plain".into(),
                length: whole.end.into(),
                ..Source::default()
            },
            reader: "testkit".into(),
            kind: ReportKind::CaseReport,
            language: "en".into(),
            sections: vec![Section { kind: SectionKind::Case, span: whole, ..Section::default() }],
            sentences: sentences.collect(),
            ..Document::default()
        };
        document.text = self.text;
        let mut prefixes: Vec<String> = Vec::new();
        for case in &cases {
            case.visit(&mut |_, fact| prefixes.extend(fact.codings().iter().map(|c| c.prefix().to_owned())));
            let genes = case.genomic_findings.iter().flat_map(|g| &g.value.genes);
            prefixes.extend(genes.filter_map(|g| g.coding.as_ref()).map(|c| c.prefix().to_owned()));
        }
        prefixes.sort();
        prefixes.dedup();
        let terminologies =
            prefixes.into_iter().map(|prefix| Terminology { prefix, release: "sample".into() }).collect();
        Report::new(document, Extraction { cases, terminologies, ..Extraction::default() })
    }
}

/// The document of a text, as a reader of plain text makes it.
pub fn document(text: &str) -> Document {
    let length = text.len() as u64;
    let (name, media_type) = ("sample.txt".to_owned(), "text/plain".to_owned());
    let source = Source { name, media_type, length, ..Source::default() };
    Document { reader: "testkit".into(), language: "en".into(), ..crate::plain_document(&source, text, 0) }
}

/// What an exporter wrote.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exported {
    /// Files in order: path and bytes.
    pub files: Vec<(String, Vec<u8>)>,
    /// What it said was lost.
    pub losses: Vec<Loss>,
}

impl Exported {
    /// The text of a file.
    ///
    /// # Panics
    /// If there is no such file, or it is not UTF-8.
    pub fn text(&self, path: &str) -> &str {
        let (_, bytes) = self.files.iter().find(|(p, _)| p == path).unwrap_or_else(|| {
            panic!("no file {path}; there is {:?}", self.files.iter().map(|(p, _)| p).collect::<Vec<_>>())
        });
        std::str::from_utf8(bytes).unwrap_or_else(|e| panic!("{path}: {e}"))
    }
}

fn serve(entry: ComponentEntry, options: serde_json::Value, requests: Vec<(Request, Vec<u8>)>) -> Result<Vec<Reply>> {
    let options = options.as_object().cloned().unwrap_or_default();
    let mut component = (entry.open)(options)?;
    let mut replies = Vec::new();
    for (request, attachment) in requests {
        // Through JSON, as in life.
        let request = serde_json::from_slice(&serde_json::to_vec(&request)?)?;
        replies.push(component.serve(request, &attachment).map_err(|refusal| match refusal {
            Refusal::Failed(error) => error,
            Refusal::BadRequest(message) => Error::new(message),
            Refusal::Unsupported => Error::new("not supported"),
        })?);
    }
    Ok(replies)
}

fn with_text(op: &str, report: &Report) -> (Request, Vec<u8>) {
    let mut report = report.clone();
    let text = std::mem::take(&mut report.document.text).into_bytes();
    report.document.repairs.retain(|repair| op == "validate" && repair.kind.is_telling());
    let name = report.document.source.name.trim_end_matches(".txt").to_owned() + "-1";
    (Request { op: op.into(), report: Some(report), name: Some(name), ..Request::default() }, text)
}

/// Exports reports and finishes, as a run does. Files are named after the report: `sample-1.txt`.
///
/// # Errors
/// What the exporter says.
pub fn export<T: Exporter>(reports: &[Report], options: serde_json::Value) -> Result<Exported> {
    let mut requests: Vec<(Request, Vec<u8>)> = reports.iter().map(|r| with_text("export", r)).collect();
    requests.push((Request { op: "finish".into(), ..Request::default() }, Vec::new()));
    let mut out = Exported::default();
    for reply in serve(exporter::<T>(), options, requests)? {
        let head: ExportReply = serde_json::from_slice(&reply.head)?;
        let mut rest = reply.blob.as_slice();
        for artifact in head.artifacts {
            let (bytes, after) = rest.split_at(artifact.length as usize);
            out.files.push((artifact.path, bytes.to_vec()));
            rest = after;
        }
        out.losses.extend(head.losses);
    }
    Ok(out)
}

/// Validates a report.
///
/// # Errors
/// What the validator says.
pub fn validate<T: Validator>(report: &Report, options: serde_json::Value) -> Result<Findings> {
    let replies = serve(validator::<T>(), options, vec![with_text("validate", report)])?;
    let head: casemill_plugin_abi::message::ValidateReply = serde_json::from_slice(&replies[0].head)?;
    Ok(Findings { diagnostics: head.diagnostics, checklists: head.checklists })
}

/// Extracts from a document.
///
/// # Errors
/// What the extractor says, or that its extraction breaks the rules of the record.
pub fn extract<T: Extractor>(document: &Document, options: serde_json::Value) -> Result<Extraction> {
    let mut head = document.clone();
    let text = std::mem::take(&mut head.text);
    head.repairs.clear();
    let request = Request { op: "extract".into(), document: Some(head), ..Request::default() };
    let replies = serve(extractor::<T>(), options, vec![(request, text.clone().into_bytes())])?;
    let extraction: Extraction = serde_json::from_slice(&replies[0].head)?;
    match check_extraction(&text, &extraction).first() {
        None => Ok(extraction),
        Some(violation) => Err(Error::new(violation)),
    }
}

/// Reads an input.
///
/// # Errors
/// What the reader says, or that its document breaks the rules of the record.
pub fn read<T: Reader>(source: Source, bytes: &[u8], options: serde_json::Value) -> Result<Document> {
    let request = Request { op: "read".into(), source: Some(source), ..Request::default() };
    let replies = serve(reader::<T>(), options, vec![(request, bytes.to_vec())])?;
    let reply: casemill_plugin_abi::message::ReadReply = serde_json::from_slice(&replies[0].head)?;
    let document = Document { text: String::from_utf8(replies[0].blob.clone())?, ..reply.document };
    let report = Report { document, ..Report::default() };
    match check(&report).first() {
        None => Ok(report.document),
        Some(violation) => Err(Error::new(violation)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_keep_the_rules_of_the_record() {
        for report in samples() {
            assert_eq!(check(&report), [], "{}", report.document.source.name);
        }
    }

    #[test]
    fn the_sample_fills_every_list() {
        let report = sample_report();
        let mut filled = Vec::new();
        report.cases[0].visit(&mut |list, _| filled.push(list));
        filled.dedup();
        assert_eq!(filled, Case::LISTS);
    }
}
