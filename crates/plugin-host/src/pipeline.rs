//! A report on its way: read, extracted, validated, exported. One [`Lane`] handles one report at a time.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use case_model::{
    Audit, Case, Diagnostic, Document, Label, MODEL_VERSION, Place, PluginUse, Repair, Report, RuleInfo, Severity,
    Source, Span,
};
use casemill_plugin_abi::message::{Loss, OpenConfig, Request};
use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::check;
use crate::discover::{Plugin, Registry};
use crate::merge::{HOST_RULES, merge};
use crate::options;
use crate::session::{CallError, Casualties, Limits, Session, Transport};
use crate::sniff;

/// What the user wants of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleLevel {
    /// Not at all.
    Off,
    /// At this severity.
    At(Severity),
}

/// How reports are handled, the same for all lanes.
#[derive(Debug, Default)]
pub struct Pipeline {
    /// Plugins.
    pub registry: Registry,
    /// Where they run.
    pub transport: Transport,
    /// Limits of their calls.
    pub limits: Limits,
    /// Deaths of plugins in this run.
    pub casualties: Arc<Casualties>,
    /// Options by plugin id, checked by [`options::resolve`].
    pub options: BTreeMap<String, Map<String, Value>>,
    /// Levels by rule code or family.
    pub rules: BTreeMap<String, RuleLevel>,
    /// Files that plugins may read, by the name they ask for: `vocabulary/hp`.
    pub resources: BTreeMap<String, String>,
    /// Version of the program.
    pub version: String,
    /// Character encoding of text inputs, if the user named one.
    pub encoding: String,
}

/// Bytes of an input.
#[derive(Clone, Debug, Default)]
pub struct InputBytes {
    /// Name as the user wrote it.
    pub name: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Step of the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Bytes to document.
    Read,
    /// Document to cases.
    Extract,
    /// Cases to diagnostics.
    Validate,
    /// Report to files.
    Export,
}

/// Why a report did not get through.
#[derive(Debug)]
pub enum PipelineError {
    /// No reader knows this kind of input.
    NoReader {
        /// Media types that can be read.
        known: Vec<String>,
        /// What it looks like, and what to do with that.
        looks_like: Option<(String, &'static str)>,
    },
    /// No plugin extracts anything.
    NoExtractor,
    /// The text reports no patient.
    NotACase {
        /// What it reads as.
        kind: case_model::ReportKind,
    },
    /// A plugin could not.
    Plugin {
        /// Its id.
        plugin: String,
        /// Why.
        error: CallError,
    },
}

impl fmt::Display for PipelineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoReader { known, .. } if known.is_empty() => {
                f.write_str("no reader plugin is installed (`casemill plugins list` shows what there is)")
            }
            Self::NoReader { known, looks_like } => {
                write!(f, "none of the readers knows this kind of file")?;
                if let Some((what, _)) = looks_like {
                    write!(f, ", {what}")?;
                }
                write!(f, "; they read {}", known.join(", "))
            }
            Self::NoExtractor => {
                f.write_str("no extractor plugin is installed (`casemill plugins list` shows what there is)")
            }
            Self::NotACase { kind } => {
                use case_model::ReportKind as K;
                f.write_str("no patient is reported in it; ")?;
                match kind {
                    K::Letter | K::Review | K::ResearchArticle => {
                        write!(f, "it reads as a {}", kind.as_str().replace('_', " "))?;
                    }
                    _ => f.write_str("it does not read as a case report")?,
                }
                f.write_str(", and nothing was made of it")
            }
            Self::Plugin { error: CallError::Failed { message, .. }, .. } => f.write_str(message),
            Self::Plugin { plugin, error } => write!(f, "the plugin {plugin} failed: {error}"),
        }
    }
}

impl std::error::Error for PipelineError {}

/// A failed step.
#[derive(Debug)]
pub struct Failure {
    /// Where on the way.
    pub stage: Stage,
    /// Why.
    pub error: PipelineError,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for Failure {}

impl Failure {
    /// The way out, where a plugin named one.
    pub fn help(&self) -> Option<&str> {
        match &self.error {
            PipelineError::Plugin { error, .. } => error.help(),
            PipelineError::NoReader { known, looks_like } if !known.is_empty() => {
                Some(looks_like.as_ref().map_or(sniff::TEXT, |(_, way_out)| way_out))
            }
            _ => None,
        }
    }
}

/// A file that an exporter wants written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Relative path.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What an exporter made of a report.
#[derive(Debug)]
pub struct ExportOutcome {
    /// The exporter's plugin.
    pub plugin: String,
    /// Format.
    pub format: String,
    /// Files.
    pub files: Vec<Written>,
    /// What the format could not hold.
    pub losses: Vec<Loss>,
}

/// JSON of the parts of a report that plugins get, each made once.
#[derive(Debug, Default)]
struct Parts {
    document: Vec<u8>,
    body: Vec<u8>,
}

impl Parts {
    /// With the repairs that `keep` wants.
    fn of(report: &Report, keep: fn(&Repair) -> bool) -> Self {
        #[derive(Serialize)]
        struct Body<'a> {
            cases: &'a [Case],
            claims: &'a [case_model::Claim],
            background: &'a [case_model::Background],
            terminologies: &'a [case_model::Terminology],
        }
        let body = Body {
            cases: &report.cases,
            claims: &report.claims,
            background: &report.background,
            terminologies: &report.terminologies,
        };
        Self { document: document_head(&report.document, keep), body: json(&body) }
    }

    /// A request with the report.
    fn request(&self, op: &str, report: &Report, audit: &Audit, name: Option<&str>) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.document.len() + self.body.len() + 4096);
        out.extend_from_slice(b"{\"op\":");
        out.extend(json(&op));
        if let Some(name) = name {
            out.extend_from_slice(b",\"name\":");
            out.extend(json(&name));
        }
        out.extend_from_slice(b",\"report\":{\"model\":");
        out.extend(json(&MODEL_VERSION));
        out.extend_from_slice(b",\"casemill\":");
        out.extend(json(&report.casemill));
        out.extend_from_slice(b",\"plugins\":");
        out.extend(json(&report.plugins));
        out.extend_from_slice(b",\"document\":");
        out.extend_from_slice(&self.document);
        out.extend_from_slice(b",\"audit\":");
        out.extend(json(audit));
        // The body is an object; its members follow.
        out.push(b',');
        out.extend_from_slice(&self.body[1..]);
        out.push(b'}');
        out
    }
}

fn json<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

/// A document as plugins get it: the text goes beside it, the map stays with the host but for the repairs that `keep`
/// wants.
fn document_head(document: &Document, keep: fn(&Repair) -> bool) -> Vec<u8> {
    let repairs = document.repairs.iter().filter(|r| keep(r)).cloned().collect();
    json(&Document { repairs, ..document.head() })
}

/// One report at a time, with plugin instances of its own.
#[derive(Debug)]
pub struct Lane<'p> {
    pipeline: &'p Pipeline,
    sessions: BTreeMap<(String, String), Session>,
}

impl Pipeline {
    /// A lane; plugins are started when first used.
    pub fn lane(&self) -> Lane<'_> {
        Lane { pipeline: self, sessions: BTreeMap::new() }
    }

    /// All rules: those of the validators and those of the host itself.
    pub fn rules(&self) -> impl Iterator<Item = &RuleInfo> {
        self.registry.components("validator").flat_map(|(_, c)| &c.rules).chain(HOST_RULES.iter())
    }

    fn level(&self, rule: &str) -> Option<RuleLevel> {
        let family = rule.trim_end_matches(|c: char| c.is_ascii_digit());
        self.rules.get(rule).or_else(|| self.rules.get(family)).copied()
    }

    fn session(&self, plugin: &Plugin, component: &str) -> Session {
        let config = OpenConfig {
            component: component.to_owned(),
            options: options::of_component(&self.options, plugin, component),
            casemill: self.version.clone(),
            resources: self.resources.clone(),
        };
        Session::new(plugin, config, self.transport, self.limits, Arc::clone(&self.casualties))
    }
}

impl<'p> Lane<'p> {
    fn call(
        &mut self,
        plugin: &Plugin,
        component: &str,
        request: &[u8],
        attachment: &[u8],
    ) -> Result<(Vec<u8>, Vec<u8>), CallError> {
        let key = (plugin.description.id.clone(), component.to_owned());
        let pipeline = self.pipeline;
        let session = self.sessions.entry(key).or_insert_with(|| pipeline.session(plugin, component));
        session.call(request, attachment)
    }

    /// Starts the plugins that every report needs, so that they come up side by side.
    pub fn warm_up(&mut self, formats: &[String]) {
        let registry = &self.pipeline.registry;
        let exporters = formats.iter().filter_map(|f| registry.exporter(f));
        let wanted: Vec<(&Plugin, &str)> = registry
            .components("extractor")
            .chain(registry.components("validator"))
            .chain(exporters)
            .map(|(p, c)| (p, c.id.as_str()))
            .collect();
        for (plugin, component) in wanted {
            let key = (plugin.description.id.clone(), component.to_owned());
            let pipeline = self.pipeline;
            let session = self.sessions.entry(key).or_insert_with(|| pipeline.session(plugin, component));
            session.launch();
        }
    }

    /// Bytes to document.
    ///
    /// # Errors
    /// No reader, or what the reader says is wrong with the input.
    pub fn read(&mut self, input: &InputBytes) -> Result<Document, Failure> {
        let stage = Stage::Read;
        let registry = &self.pipeline.registry;
        let forced = (!self.pipeline.encoding.is_empty())
            .then(|| {
                registry
                    .components("reader")
                    .find_map(|(p, c)| Some((p, c, c.signatures.iter().find(|s| s.text && s.starts_with.is_empty())?)))
            })
            .flatten();
        let Some((plugin, component, signature)) = registry.reader_for(&input.bytes).or(forced) else {
            let known =
                registry.components("reader").flat_map(|(_, c)| c.signatures.iter().map(|s| s.media_type.clone()));
            let mut known: Vec<String> = known.collect();
            known.sort();
            known.dedup();
            let error = PipelineError::NoReader { known, looks_like: sniff::looks_like(&input.bytes) };
            return Err(Failure { stage, error });
        };
        let source = Source {
            name: input.name.clone(),
            media_type: signature.media_type.clone(),
            encoding: self.pipeline.encoding.clone(),
            sha256: hex(&Sha256::digest(&input.bytes)),
            length: input.bytes.len() as u64,
        };
        let request = Request { op: "read".into(), source: Some(source.clone()), ..Request::default() };
        let id = &plugin.description.id;
        let failure = |error| Failure { stage, error: PipelineError::Plugin { plugin: id.clone(), error } };
        let (head, blob) = self.call(plugin, &component.id, &json(&request), &input.bytes).map_err(failure)?;
        let mut document = check::document(&head, blob, input.bytes.len()).map_err(failure)?;
        let encoding = std::mem::take(&mut document.source.encoding);
        document.source = Source { encoding, ..source };
        document.reader = id.clone();
        Ok(document)
    }

    /// Document to report: all extractors, merged, with resolved times and the places of all evidence in the input.
    ///
    /// # Errors
    /// No extractor, an extractor that fails, or a text without a patient.
    pub fn extract(&mut self, document: Document) -> Result<Report, Failure> {
        let stage = Stage::Extract;
        let mut request = b"{\"op\":\"extract\",\"document\":".to_vec();
        request.extend(json(&document.head()));
        request.push(b'}');
        let mut used = vec![plugin_use(&self.pipeline.registry, &document.reader)];
        let mut extractions = Vec::new();
        let registry = &self.pipeline.registry;
        for (plugin, component) in registry.components("extractor") {
            let id = &plugin.description.id;
            let failure = |error| Failure { stage, error: PipelineError::Plugin { plugin: id.clone(), error } };
            let (head, _) = self.call(plugin, &component.id, &request, document.text.as_bytes()).map_err(failure)?;
            let extraction = check::extraction(&head, &document.text, id).map_err(failure)?;
            extractions.push((format!("{id}/{}", component.id), extraction));
            used.push(plugin_use(registry, id));
        }
        if extractions.is_empty() {
            return Err(Failure { stage, error: PipelineError::NoExtractor });
        }
        let merged = merge(extractions);
        if merged.cases.is_empty() {
            return Err(Failure { stage, error: PipelineError::NotACase { kind: document.kind } });
        }
        let mut report = Report::new(document, merged);
        report.casemill = self.pipeline.version.clone();
        report.plugins = used.into_iter().flatten().collect();
        for case in &mut report.cases {
            case_timeline::resolve(case);
        }
        fill_origins(&mut report);
        Ok(report)
    }

    /// Runs all validators on the report; their findings become its audit.
    ///
    /// A validator that fails is told; the others go on.
    pub fn validate(&mut self, report: &mut Report, input: &str) -> Vec<Failure> {
        let mut failures = Vec::new();
        let mut audit = Audit { diagnostics: std::mem::take(&mut report.audit.diagnostics), ..Audit::default() };
        let registry = &self.pipeline.registry;
        let validators = registry.components("validator").next().is_some();
        let request = if validators {
            Parts::of(report, |repair| repair.kind.is_telling()).request("validate", report, &Audit::default(), None)
        } else {
            Vec::new()
        };
        for (plugin, component) in registry.components("validator") {
            let id = &plugin.description.id;
            let reply = self
                .call(plugin, &component.id, &request, report.document.text.as_bytes())
                .and_then(|(head, _)| check::findings(&head, &report.document.text, &component.rules));
            match reply {
                Ok(reply) => {
                    audit.diagnostics.extend(reply.diagnostics);
                    audit.checklists.extend(reply.checklists);
                    report.plugins.extend(plugin_use(registry, id));
                }
                Err(error) => {
                    failures.push(Failure {
                        stage: Stage::Validate,
                        error: PipelineError::Plugin { plugin: id.clone(), error },
                    });
                }
            }
        }
        self.apply_levels(&mut audit);
        let lines = LineIndex::new(input);
        let origin = report.document.origin();
        for label in audit.diagnostics.iter_mut().flat_map(|d| &mut d.labels) {
            label.place = Some(place(&lines, input, origin.first(label.span)));
        }
        for checklist in &mut audit.checklists {
            for item in &mut checklist.items {
                let evidence = item.evidence.iter_mut().chain(item.items.iter_mut().flat_map(|i| &mut i.evidence));
                evidence.for_each(|e| e.origin = Some(origin.first(e.span)));
            }
        }
        audit.diagnostics.sort_by(|a, b| {
            first(a).cmp(&first(b)).then_with(|| a.rule.cmp(&b.rule)).then_with(|| a.message.cmp(&b.message))
        });
        audit.diagnostics.dedup();
        report.audit = audit;
        failures
    }

    fn apply_levels(&self, audit: &mut Audit) {
        audit.diagnostics.retain_mut(|d| match self.pipeline.level(&d.rule) {
            Some(RuleLevel::Off) => false,
            Some(RuleLevel::At(severity)) => {
                d.severity = severity;
                true
            }
            None => true,
        });
        let switched =
            self.pipeline.rules.iter().filter(|(_, level)| **level == RuleLevel::Off).map(|(code, _)| code.clone());
        audit.switched_off = switched.collect();
    }

    /// Writes the report in one format.
    ///
    /// # Errors
    /// What the exporter says, or what is wrong with it.
    pub fn export(&mut self, report: &Report, format: &str, name: &str) -> Result<ExportOutcome, Failure> {
        let parts = Parts::of(report, |_| false);
        let request = parts.request("export", report, &report.audit, Some(name));
        self.export_request(format, &request, report.document.text.as_bytes())
    }

    /// Writes the report in several formats; its JSON is made once.
    pub fn export_all(
        &mut self,
        report: &Report,
        formats: &[String],
        name: &str,
    ) -> Vec<Result<ExportOutcome, Failure>> {
        let parts = Parts::of(report, |_| false);
        let request = parts.request("export", report, &report.audit, Some(name));
        formats.iter().map(|format| self.export_request(format, &request, report.document.text.as_bytes())).collect()
    }

    /// Writes what belongs to all reports of the run.
    ///
    /// # Errors
    /// What the exporter says, or that it was lost on the way and its files would be incomplete.
    pub fn finish(&mut self, format: &str) -> Result<ExportOutcome, Failure> {
        let registry = &self.pipeline.registry;
        if let Some((plugin, component)) = registry.exporter(format) {
            let key = (plugin.description.id.clone(), component.id.clone());
            if self.sessions.get(&key).is_some_and(Session::lost_state) {
                let error = CallError::Contract(
                    "it was stopped during the run, and its files would lack reports; they are not written".into(),
                );
                return Err(Failure { stage: Stage::Export, error: PipelineError::Plugin { plugin: key.0, error } });
            }
        }
        let request = json(&Request { op: "finish".into(), ..Request::default() });
        self.export_request(format, &request, b"")
    }

    fn export_request(&mut self, format: &str, request: &[u8], text: &[u8]) -> Result<ExportOutcome, Failure> {
        let registry = &self.pipeline.registry;
        let Some((plugin, component)) = registry.exporter(format) else {
            let error = CallError::Contract(format!("no plugin writes the format {format:?}"));
            return Err(Failure {
                stage: Stage::Export,
                error: PipelineError::Plugin { plugin: format.to_owned(), error },
            });
        };
        let id = &plugin.description.id;
        let reply =
            self.call(plugin, &component.id, request, text).and_then(|(head, blob)| check::artifacts(&head, &blob));
        match reply {
            Ok((files, reply)) => Ok(ExportOutcome {
                plugin: id.clone(),
                format: format.to_owned(),
                files: files.into_iter().map(|(artifact, bytes)| Written { path: artifact.path, bytes }).collect(),
                losses: reply.losses,
            }),
            Err(error) => {
                Err(Failure { stage: Stage::Export, error: PipelineError::Plugin { plugin: id.clone(), error } })
            }
        }
    }
}

fn plugin_use(registry: &Registry, id: &str) -> Option<PluginUse> {
    registry.plugin(id).map(|p| PluginUse { id: id.to_owned(), version: p.description.version.clone() })
}

fn first(diagnostic: &Diagnostic) -> (Span, Option<Span>) {
    let span = |i: usize| diagnostic.labels.get(i).map(|l: &Label| l.span);
    (span(0).unwrap_or_default(), span(1))
}

/// Notes for each evidence where it stands in the input.
fn fill_origins(report: &mut Report) {
    let document = &report.document;
    let origin = document.origin();
    for case in &mut report.cases {
        case.visit_mut(&mut |_, fact| {
            for evidence in fact.evidence_mut() {
                evidence.origin = Some(origin.first(evidence.span));
            }
        });
    }
    let claims = report.claims.iter_mut().flat_map(|c| &mut c.evidence);
    for evidence in claims.chain(report.background.iter_mut().flat_map(|b| &mut b.evidence)) {
        evidence.origin = Some(origin.first(evidence.span));
    }
}

/// Starts of the lines of an input.
struct LineIndex(Vec<u32>);

impl LineIndex {
    fn new(input: &str) -> Self {
        let starts = input.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i as u32 + 1);
        Self(std::iter::once(0).chain(starts).collect())
    }
}

fn place(lines: &LineIndex, input: &str, origin: Span) -> Place {
    let line = lines.0.partition_point(|start| *start <= origin.start).max(1);
    let start = lines.0[line - 1] as usize;
    let column = input.get(start..origin.start as usize).map_or(0, |head| head.chars().count());
    Place { origin, line: line as u32, column: column as u32 + 1 }
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
