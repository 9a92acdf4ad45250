//! The steps of a run within this process, and what it costs to call a plugin.

use std::path::Path;
use std::sync::Arc;

use case_model::{Document, Report};
use casemill_plugin_abi::message::{OpenConfig, Request};
use casemill_plugin_host::{InputBytes, Lane, Limits, Pipeline, Plugin, Registry, SearchPath, Session, Transport};

use super::{FORMATS, clock};
use crate::Result;

/// Calls whose median stands for one.
const CALLS: usize = 200;

/// The staged plugins, in this process.
pub(super) fn open(plugins: &Path) -> Result<Pipeline> {
    let search = SearchPath { folders: vec![plugins.to_owned()], ..SearchPath::default() };
    let limits = Limits::default();
    let registry = Registry::discover(&search, Transport::InProcess, &limits);
    if let Some(trouble) = registry.troubles.first() {
        return Err(format!("plugin {trouble}").into());
    }
    Ok(Pipeline {
        registry,
        transport: Transport::InProcess,
        limits,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        ..Pipeline::default()
    })
}

/// A text as the reader gives it.
pub(super) fn document(lane: &mut Lane<'_>, text: &str) -> Result<Document> {
    Ok(lane.read(&InputBytes { name: "report.txt".into(), bytes: text.as_bytes().to_vec() })?)
}

/// The record of a document; an error tells which document it was.
pub(super) fn extracted(lane: &mut Lane<'_>, document: Document) -> Result<Report> {
    let head: String = document.text.chars().take(400).collect();
    lane.extract(document).map_err(|error| format!("{error}: {head:?}").into())
}

/// Reads, extracts, validates and exports a text, and writes nothing.
pub(super) fn whole(lane: &mut Lane<'_>, text: &str) -> Result {
    let document = document(lane, text)?;
    let mut report = extracted(lane, document)?;
    if let Some(failure) = lane.validate(&mut report, text).into_iter().next() {
        return Err(failure.into());
    }
    let formats: Vec<String> = FORMATS.iter().filter(|f| **f != "json").map(|f| (*f).to_owned()).collect();
    for outcome in lane.export_all(&report, &formats, "report") {
        std::hint::black_box(outcome?);
    }
    std::hint::black_box(serde_json::to_vec_pretty(&report)?);
    Ok(())
}

/// What a call costs besides the work of the plugin, in seconds of wall time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Boundary {
    /// Handing a document to the extractor.
    pub(super) document: f64,
    /// Handing a report to an exporter or validator.
    pub(super) report: f64,
}

/// Costs of the boundary for one document and its report.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Boundaries {
    pub(super) here: Boundary,
    pub(super) worker: Boundary,
    /// Making the JSON of the report, which is done twice: for the validators and for the exporters.
    pub(super) write: f64,
    /// Reading the JSON of the extraction.
    pub(super) read: f64,
    /// Bytes of the request with the report, its text not counted.
    pub(super) size: usize,
    /// JSON written and read for one report on its way through a run, as a share of the whole run.
    pub(super) share: f64,
}

/// Measures the boundary with a request that the plugin takes in, understands and does not serve: everything of a call
/// but the plugin's own work and its reply.
pub(super) fn boundary(pipeline: &Pipeline, text: &str) -> Result<Boundaries> {
    let mut lane = pipeline.lane();
    let read = document(&mut lane, text)?;
    let report = extracted(&mut lane, read.clone())?;
    let head = |document: &Document| Document { text: String::new(), repairs: Vec::new(), ..document.clone() };
    let nothing = || Request { op: "measure".into(), ..Request::default() };
    let extract = serde_json::to_vec(&Request { document: Some(head(&read)), ..nothing() })?;
    let bare = Report { document: head(&report.document), ..report.clone() };
    let export = serde_json::to_vec(&Request { report: Some(bare.clone()), ..nothing() })?;

    let mut out = Boundaries { size: export.len(), ..Boundaries::default() };
    for (transport, to) in [(Transport::InProcess, &mut out.here), (Transport::Worker, &mut out.worker)] {
        let (extractor, id) = component(pipeline, "extractor")?;
        to.document = call(pipeline, extractor, id, transport, &extract, &read.text)?;
        let (exporter, id) = component(pipeline, "exporter")?;
        to.report = call(pipeline, exporter, id, transport, &export, &read.text)?;
    }
    let extraction = serde_json::to_vec(&case_model::Extraction {
        cases: report.cases.clone(),
        claims: report.claims.clone(),
        background: report.background.clone(),
        terminologies: report.terminologies.clone(),
        ..case_model::Extraction::default()
    })?;
    let mut write = || {
        std::hint::black_box(serde_json::to_vec(&bare)?);
        Ok(())
    };
    let mut read = || {
        std::hint::black_box(serde_json::from_slice::<case_model::Extraction>(&extraction)?);
        Ok(())
    };
    out.write = repeat(&mut write)?;
    out.read = repeat(&mut read)?;
    // The same in processor time, as it occurs in a run: the extractor writes its reply, the host reads it and writes the
    // report for validators and exporters, and each of these reads it.
    let validators = pipeline.registry.components("validator").count();
    let exporters = FORMATS.len() - 1;
    let writes = 1 + usize::from(validators > 0) + 1;
    let reads = 1 + validators + exporters;
    let [write, read, run] = [average(&mut write)?, average(&mut read)?, average(|| whole(&mut lane, text))?];
    out.share = (write * writes as f64 + read * reads as f64) / run;
    Ok(out)
}

fn component<'p>(pipeline: &'p Pipeline, kind: &str) -> Result<(&'p Plugin, &'p str)> {
    let found = pipeline.registry.plugins.iter().find_map(|plugin| {
        let component = plugin.description.components.iter().find(|c| c.kind == kind && !c.cohort)?;
        Some((plugin, component.id.as_str()))
    });
    found.ok_or_else(|| format!("there is no {kind}").into())
}

fn call(
    pipeline: &Pipeline,
    plugin: &Plugin,
    component: &str,
    transport: Transport,
    request: &[u8],
    text: &str,
) -> Result<f64> {
    let config =
        OpenConfig { component: component.to_owned(), casemill: pipeline.version.clone(), ..OpenConfig::default() };
    let mut session = Session::new(plugin, config, transport, pipeline.limits, Arc::default());
    session.start()?;
    repeat(|| {
        // The plugin answers that it does not serve this; anything else is a fault.
        match session.call(request, text.as_bytes()) {
            Err(casemill_plugin_host::CallError::Contract(message)) if message.contains("Unsupported") => Ok(()),
            Err(error) => Err(error.into()),
            Ok(_) => Err("a plugin served a request that does not exist".into()),
        }
    })
}

/// Processor time of `work` in seconds, the mean over as many runs as the clock needs.
fn average(mut work: impl FnMut() -> Result) -> Result<f64> {
    const RUNS: usize = 20;
    let (seconds, ()) = clock::here(|| (0..RUNS).try_for_each(|_| work()))?;
    Ok(seconds / RUNS as f64)
}

/// Median wall time of `work` in seconds.
fn repeat(mut work: impl FnMut() -> Result) -> Result<f64> {
    work()?;
    let mut times = Vec::with_capacity(CALLS);
    for _ in 0..CALLS {
        times.push(clock::wall(&mut work)?.0.as_secs_f64());
    }
    Ok(clock::median(&times))
}
