//! The four kinds of component, and how each serves a request.

use case_model::{Case, Checklist, Diagnostic, Document, Extraction, FactId, Report, RuleInfo, Source};
use casemill_plugin_abi::message::{
    Artifact, Component, ExportReply, Format, Loss, ReadReply, Request, Signature, ValidateReply,
};
use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::options::{OptionSpecs, Options};

/// Turns an input into a document.
pub trait Reader: Default + 'static {
    /// Name within the plugin.
    const NAME: &'static str;
    /// One line on what it reads.
    const SUMMARY: &'static str = "";

    /// How its inputs are recognised.
    fn signatures() -> Vec<Signature>;

    /// Options it understands.
    fn options() -> OptionSpecs {
        OptionSpecs::new()
    }

    /// Takes the options, before any work.
    ///
    /// # Errors
    /// Values that the schema allows and the component does not.
    fn configure(&mut self, options: &Options) -> Result<()> {
        let _ = options;
        Ok(())
    }

    /// Reads an input. `source.encoding` is the encoding the user named, if any.
    ///
    /// # Errors
    /// What is wrong with the input, where, and the way out.
    fn read(&mut self, source: &Source, bytes: &[u8]) -> Result<Document>;
}

/// Finds cases in a document.
pub trait Extractor: Default + 'static {
    /// Name within the plugin.
    const NAME: &'static str;
    /// One line on what it extracts.
    const SUMMARY: &'static str = "";

    /// Options it understands.
    fn options() -> OptionSpecs {
        OptionSpecs::new()
    }

    /// Takes the options, before any work.
    ///
    /// # Errors
    /// Values that the schema allows and the component does not.
    fn configure(&mut self, options: &Options) -> Result<()> {
        let _ = options;
        Ok(())
    }

    /// Extracts. Any text gives a record; what is odd about the text goes into its diagnostics.
    ///
    /// # Errors
    /// Only what keeps the component from working at all.
    fn extract(&mut self, document: &Document) -> Result<Extraction>;
}

/// What a validator found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    /// Diagnostics.
    pub diagnostics: Vec<Diagnostic>,
    /// Checklists.
    pub checklists: Vec<Checklist>,
}

/// Checks a report.
pub trait Validator: Default + 'static {
    /// Name within the plugin.
    const NAME: &'static str;
    /// One line on what it checks.
    const SUMMARY: &'static str = "";

    /// Its rules with their manual pages.
    fn rules() -> Vec<RuleInfo>;

    /// Options it understands.
    fn options() -> OptionSpecs {
        OptionSpecs::new()
    }

    /// Takes the options, before any work.
    ///
    /// # Errors
    /// Values that the schema allows and the component does not.
    fn configure(&mut self, options: &Options) -> Result<()> {
        let _ = options;
        Ok(())
    }

    /// Checks a report. It states what is in the text and changes nothing.
    ///
    /// # Errors
    /// Only what keeps the component from working at all.
    fn validate(&mut self, report: &Report) -> Result<Findings>;
}

/// Writes reports in a format.
///
/// An exporter lives through a run: [`export_report`](Self::export_report) for each report, then
/// [`finish`](Self::finish). A format with one file per case implements [`export`](Self::export) and is done; one with
/// a file for the whole run gathers and writes in `finish`.
pub trait Exporter: Default + 'static {
    /// The format.
    const FORMAT: Format;
    /// True if [`finish`](Self::finish) writes files that hold all reports of the run.
    const COHORT: bool = false;
    /// One line on what it writes.
    const SUMMARY: &'static str = "";

    /// Options it understands.
    fn options() -> OptionSpecs {
        OptionSpecs::new()
    }

    /// Takes the options, before any work.
    ///
    /// # Errors
    /// Values that the schema allows and the component does not.
    fn configure(&mut self, options: &Options) -> Result<()> {
        let _ = options;
        Ok(())
    }

    /// Writes one case.
    ///
    /// # Errors
    /// Why this case cannot be written.
    fn export(&mut self, case: &Case, out: &mut Artifacts<'_>) -> Result<()> {
        let _ = (case, out);
        Ok(())
    }

    /// Writes one report; by default each of its cases.
    ///
    /// # Errors
    /// Why this report cannot be written.
    fn export_report(&mut self, report: &Report, out: &mut Artifacts<'_>) -> Result<()> {
        for (i, case) in report.cases.iter().enumerate() {
            out.case = Some((i, report.cases.len()));
            self.export(case, out)?;
        }
        out.case = None;
        Ok(())
    }

    /// Writes what belongs to all reports of the run.
    ///
    /// # Errors
    /// Why it cannot be written.
    fn finish(&mut self, out: &mut Artifacts<'_>) -> Result<()> {
        let _ = out;
        Ok(())
    }
}

/// Where an exporter puts its files and says what it had to leave out.
#[derive(Debug)]
pub struct Artifacts<'a> {
    report: Option<&'a Report>,
    name: &'a str,
    format: Format,
    case: Option<(usize, usize)>,
    reply: ExportReply,
    blob: Vec<u8>,
}

impl<'a> Artifacts<'a> {
    /// The report being written; `None` in [`Exporter::finish`].
    pub fn report(&self) -> Option<&'a Report> {
        self.report
    }

    /// The document being written, for quotes and places.
    pub fn document(&self) -> Option<&'a Document> {
        self.report.map(|r| &r.document)
    }

    /// Name that files start with: that of the input, with the number of the case where a report has several.
    pub fn name(&self) -> String {
        match self.case {
            Some((i, n)) if n > 1 => format!("{}.{}", self.name, i + 1),
            _ => self.name.to_owned(),
        }
    }

    /// Adds the main file of a report or case: `NAME.EXTENSION`.
    pub fn write(&mut self, bytes: impl AsRef<[u8]>) {
        let path = format!("{}.{}", self.name(), self.format.extension);
        let media_type = self.format.media_type.clone().into_owned();
        self.add(path, media_type, bytes);
    }

    /// Adds a file of any name: relative, with `/` between folders, without `..`.
    pub fn add(&mut self, path: impl Into<String>, media_type: impl Into<String>, bytes: impl AsRef<[u8]>) {
        let bytes = bytes.as_ref();
        self.blob.extend_from_slice(bytes);
        let (path, media_type) = (path.into(), media_type.into());
        self.reply.artifacts.push(Artifact { path, media_type, length: bytes.len() as u64 });
    }

    /// Notes that a fact, or a part of it, has no place in the format.
    pub fn lost(&mut self, fact: Option<&FactId>, what: impl Into<String>, reason: impl Into<String>) {
        let case = self.case.and_then(|(i, _)| Some(self.report?.cases.get(i)?.id.clone()));
        self.reply.losses.push(Loss { fact: fact.cloned(), case, what: what.into(), reason: reason.into() });
    }
}

/// Reply of a component: JSON head and raw bytes.
pub(crate) struct Reply {
    pub(crate) head: Vec<u8>,
    pub(crate) blob: Vec<u8>,
}

/// How a served request can end other than well.
pub(crate) enum Refusal {
    /// The component does not serve this.
    Unsupported,
    /// The request lacks what the operation needs.
    BadRequest(&'static str),
    /// The component could not do it.
    Failed(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// A component that serves requests.
pub(crate) trait Serve {
    fn serve(&mut self, request: Request, attachment: &[u8]) -> Result<Reply, Refusal>;
}

type Open = fn(Map<String, Value>) -> Result<Box<dyn Serve>>;

/// A component for [`export_plugin!`](crate::export_plugin).
pub struct ComponentEntry {
    pub(crate) description: Component,
    pub(crate) open: Open,
}

fn json<T: serde::Serialize>(value: &T) -> Result<Vec<u8>, Refusal> {
    serde_json::to_vec(value).map_err(|e| Refusal::Failed(e.into()))
}

fn text(attachment: &[u8]) -> Result<String, Refusal> {
    std::str::from_utf8(attachment).map(str::to_owned).map_err(|_| Refusal::BadRequest("the text is not UTF-8"))
}

struct ReaderServer<T>(T);

impl<T: Reader> Serve for ReaderServer<T> {
    fn serve(&mut self, request: Request, attachment: &[u8]) -> Result<Reply, Refusal> {
        if request.op != "read" {
            return Err(Refusal::Unsupported);
        }
        let source = request.source.ok_or(Refusal::BadRequest("`read` needs `source`"))?;
        let mut document = self.0.read(&source, attachment)?;
        let blob = std::mem::take(&mut document.text).into_bytes();
        Ok(Reply { head: json(&ReadReply { document })?, blob })
    }
}

/// Makes the entry of a reader.
pub fn reader<T: Reader>() -> ComponentEntry {
    ComponentEntry {
        description: Component {
            kind: "reader".into(),
            id: T::NAME.into(),
            summary: T::SUMMARY.into(),
            signatures: T::signatures(),
            options: T::options().schema(),
            ..Component::default()
        },
        open: |values| {
            let mut component = T::default();
            component.configure(&T::options().with_values(values)?)?;
            Ok(Box::new(ReaderServer(component)))
        },
    }
}

struct ExtractorServer<T>(T);

impl<T: Extractor> Serve for ExtractorServer<T> {
    fn serve(&mut self, request: Request, attachment: &[u8]) -> Result<Reply, Refusal> {
        if request.op != "extract" {
            return Err(Refusal::Unsupported);
        }
        let mut document = request.document.ok_or(Refusal::BadRequest("`extract` needs `document`"))?;
        document.text = text(attachment)?;
        let extraction: Extraction = self.0.extract(&document)?;
        Ok(Reply { head: json(&extraction)?, blob: Vec::new() })
    }
}

/// Makes the entry of an extractor.
pub fn extractor<T: Extractor>() -> ComponentEntry {
    ComponentEntry {
        description: Component {
            kind: "extractor".into(),
            id: T::NAME.into(),
            summary: T::SUMMARY.into(),
            options: T::options().schema(),
            ..Component::default()
        },
        open: |values| {
            let mut component = T::default();
            component.configure(&T::options().with_values(values)?)?;
            Ok(Box::new(ExtractorServer(component)))
        },
    }
}

fn report(request: Request, attachment: &[u8]) -> Result<(Report, String), Refusal> {
    let mut report = request.report.ok_or(Refusal::BadRequest("this needs `report`"))?;
    report.document.text = text(attachment)?;
    Ok((report, request.name.unwrap_or_default()))
}

struct ValidatorServer<T>(T);

impl<T: Validator> Serve for ValidatorServer<T> {
    fn serve(&mut self, request: Request, attachment: &[u8]) -> Result<Reply, Refusal> {
        if request.op != "validate" {
            return Err(Refusal::Unsupported);
        }
        let (report, _) = report(request, attachment)?;
        let Findings { diagnostics, checklists } = self.0.validate(&report)?;
        Ok(Reply { head: json(&ValidateReply { diagnostics, checklists })?, blob: Vec::new() })
    }
}

/// Makes the entry of a validator.
pub fn validator<T: Validator>() -> ComponentEntry {
    ComponentEntry {
        description: Component {
            kind: "validator".into(),
            id: T::NAME.into(),
            summary: T::SUMMARY.into(),
            rules: T::rules(),
            options: T::options().schema(),
            ..Component::default()
        },
        open: |values| {
            let mut component = T::default();
            component.configure(&T::options().with_values(values)?)?;
            Ok(Box::new(ValidatorServer(component)))
        },
    }
}

struct ExporterServer<T>(T);

impl<T: Exporter> Serve for ExporterServer<T> {
    fn serve(&mut self, request: Request, attachment: &[u8]) -> Result<Reply, Refusal> {
        let artifacts = |report, name| Artifacts {
            report,
            name,
            format: T::FORMAT,
            case: None,
            reply: ExportReply::default(),
            blob: Vec::new(),
        };
        let (reply, blob) = match request.op.as_str() {
            "export" => {
                let (report, name) = report(request, attachment)?;
                let mut out = artifacts(Some(&report), &name);
                self.0.export_report(&report, &mut out)?;
                (out.reply, out.blob)
            }
            "finish" => {
                let mut out = artifacts(None, "");
                self.0.finish(&mut out)?;
                (out.reply, out.blob)
            }
            _ => return Err(Refusal::Unsupported),
        };
        Ok(Reply { head: json(&reply)?, blob })
    }
}

/// Makes the entry of an exporter.
pub fn exporter<T: Exporter>() -> ComponentEntry {
    ComponentEntry {
        description: Component {
            kind: "exporter".into(),
            id: T::FORMAT.name.into_owned(),
            summary: T::SUMMARY.into(),
            format: Some(T::FORMAT),
            cohort: T::COHORT,
            options: T::options().schema(),
            ..Component::default()
        },
        open: |values| {
            let mut component = T::default();
            component.configure(&T::options().with_values(values)?)?;
            Ok(Box::new(ExporterServer(component)))
        },
    }
}
