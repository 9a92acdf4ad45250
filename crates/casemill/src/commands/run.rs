//! `casemill run`: the main job.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;

use case_model::{Report, Severity};
use casemill_plugin_abi::message::Loss;
use casemill_plugin_host::{Journal, JournalEntry, Lane, Outputs, Pipeline, Plugin, RUN_REPORT, stem};
use serde::{Deserialize, Serialize};

use super::batch::{Batch, Handled, Reason, clean, passed_over, tell, tell_failures, tell_reason};
use super::unused::{Unused, unused};
use super::{JSON, check_formats, pipeline, record_json};
use crate::cli::{Deny, Run};
use crate::exit::Exit;
use crate::inputs::Input;
use crate::{interrupt, render};

/// What `casemill-run.json` says of one input.
#[derive(Debug, Default, Serialize, Deserialize)]
struct InputReport {
    input: String,
    status: Cow<'static, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    failures: Vec<String>,
    patients: usize,
    facts: usize,
    findings: BTreeMap<Cow<'static, str>, usize>,
    /// Number of facts that each format could not hold.
    losses: BTreeMap<String, usize>,
    files: Vec<String>,
}

/// What `casemill-run.json` says.
#[derive(Debug, Serialize)]
struct RunReport {
    casemill: &'static str,
    plugins: BTreeMap<String, String>,
    /// Plugins that were found and not used, or not to the end, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    plugins_not_used: Vec<Unused>,
    /// Imported vocabularies by name, with the checksum of each.
    vocabularies: BTreeMap<String, String>,
    formats: Vec<String>,
    inputs: Vec<InputReport>,
    /// Files of formats that hold all reports.
    files: Vec<String>,
    rules_switched_off: Vec<String>,
}

struct Done {
    report: Option<Report>,
    summary: InputReport,
    findings: Vec<String>,
    denied: bool,
    failures: Vec<casemill_plugin_host::Failure>,
}

pub(super) fn run(args: &Run) -> Result<Exit, String> {
    interrupt::guard();
    let pipeline = pipeline(&args.plugins, &args.work, &args.input.encoding)?;
    check_formats(&pipeline, &args.to)?;
    let vocabularies = super::vocab::fingerprints(&pipeline.resources)?;
    let batch = Batch::new(&args.input, &args.work);
    let outputs = Outputs::open(&args.output).map_err(|e| e.to_string())?;
    let stems = stem(&batch.inputs.iter().map(|i| i.name.clone()).collect::<Vec<_>>());
    outputs.protect(batch.inputs.iter().filter_map(|i| i.path.as_deref()));
    let own = stems.iter().flat_map(|s| [format!("{s}.json"), format!("{s}.loss.json")]);
    outputs.reserve(own.chain([RUN_REPORT.to_owned()]));
    let cohort = |format: &String| pipeline.registry.exporter(format).is_some_and(|(_, c)| c.cohort);
    let (cohort_formats, formats): (Vec<String>, Vec<String>) = args.to.iter().cloned().partition(cohort);
    let job = Job {
        args,
        batch: &batch,
        stems: &stems,
        outputs: &outputs,
        formats: &formats,
        keep_report: !cohort_formats.is_empty(),
        journal: Journal::open(&outputs, &settings(&pipeline, &vocabularies, args), args.resume)
            .map_err(|e| e.to_string())?,
    };

    let mut exit = batch.exit();
    let mut cohort_lane = pipeline.lane();
    let mut summaries: Vec<InputReport> = batch
        .not_found
        .iter()
        .map(|(input, error)| InputReport {
            input: input.clone(),
            status: "failed".into(),
            error: Some(error.clone()),
            ..InputReport::default()
        })
        .collect();
    let mut cohort_failures: Vec<String> = Vec::new();
    let exporters: Vec<String> = formats.iter().filter(|f| *f != JSON).cloned().collect();
    batch.each(
        &pipeline,
        &exporters,
        |lane, input, i| job.one(lane, input, i),
        |input, result| match result {
            Ok(mut done) => {
                if !args.quiet {
                    done.findings.iter().for_each(|f| errln!("{f}\n"));
                }
                tell_failures(input, &done.failures);
                if let Some(report) = &done.report {
                    for format in &cohort_formats {
                        let name = &stems[batch.inputs.iter().position(|i| i == input).unwrap_or_default()];
                        match cohort_lane.export(report, format, name) {
                            Ok(outcome) => {
                                done.summary.losses.insert(format.clone(), outcome.losses.len());
                            }
                            Err(failure) => {
                                tell(&input.name, &failure.to_string(), failure.help());
                                done.summary.failures.push(failure.to_string());
                            }
                        }
                    }
                }
                if !done.failures.is_empty() || !done.summary.failures.is_empty() {
                    exit = exit.max(Exit::SomeFailed);
                }
                if done.denied {
                    exit = exit.max(Exit::Findings);
                }
                summarise(&done.summary, &outputs);
                summaries.push(done.summary);
            }
            Err(reason) if passed_over(input, &reason) => {
                tracing::info!("{}: passed over, {reason}", input.name);
                summaries.push(InputReport {
                    input: input.name.clone(),
                    status: "passed_over".into(),
                    ..InputReport::default()
                });
            }
            Err(reason) => {
                tell_reason(input, &reason);
                exit = exit.max(Exit::SomeFailed);
                summaries.push(InputReport {
                    input: input.name.clone(),
                    status: "failed".into(),
                    error: Some(reason.to_string()),
                    ..InputReport::default()
                });
            }
        },
    );
    if !batch.inputs.is_empty() && summaries.iter().all(|s| s.status == "passed_over") {
        for argument in &args.input.inputs {
            tell(&argument.to_string_lossy(), "the folder holds no report that a reader knows", None);
        }
        exit = exit.max(Exit::SomeFailed);
    }

    let mut files = Vec::new();
    if summaries.iter().any(|s| s.status == "done" || s.status == UNCHANGED) {
        for format in &cohort_formats {
            match cohort_lane.finish(format).and_then(|outcome| outputs.claim(&outcome).map(|()| outcome)) {
                Ok(outcome) => {
                    for file in outcome.files {
                        outputs.write(&file.path, &file.bytes).map_err(|e| e.to_string())?;
                        files.push(file.path);
                    }
                }
                Err(failure) => {
                    tell(format, &failure.to_string(), failure.help());
                    cohort_failures.push(failure.to_string());
                    exit = exit.max(Exit::SomeFailed);
                }
            }
        }
    }
    tell_files(&outputs, &files);
    let report = RunReport {
        casemill: env!("CARGO_PKG_VERSION"),
        plugins: pipeline
            .registry
            .plugins
            .iter()
            .map(|p| (p.description.id.clone(), p.description.version.clone()))
            .collect(),
        plugins_not_used: unused(&pipeline.registry, &pipeline.casualties, pipeline.limits.deaths),
        vocabularies,
        formats: args.to.clone(),
        inputs: summaries,
        files,
        rules_switched_off: pipeline
            .rules
            .iter()
            .filter(|(_, l)| **l == casemill_plugin_host::RuleLevel::Off)
            .map(|(c, _)| c.clone())
            .collect(),
    };
    let mut json = serde_json::to_vec_pretty(&report).unwrap_or_default();
    json.push(b'\n');
    outputs.write(RUN_REPORT, &json).map_err(|e| e.to_string())?;
    Ok(exit)
}

/// What must be the same for the results of an earlier run to stand.
fn settings(pipeline: &Pipeline, vocabularies: &BTreeMap<String, String>, args: &Run) -> String {
    let plugin = |p: &Plugin| format!("{}={} {}", p.description.id, p.description.version, p.file.identity());
    let plugins: Vec<String> = pipeline.registry.plugins.iter().map(plugin).collect();
    let options = serde_json::to_string(&pipeline.options).unwrap_or_default();
    format!(
        "{} {} to={} rules={:?} options={options} encoding={} vocabularies={vocabularies:?}",
        pipeline.version,
        plugins.join(","),
        args.to.join(","),
        pipeline.rules,
        pipeline.encoding
    )
}

struct Job<'a> {
    args: &'a Run,
    batch: &'a Batch,
    stems: &'a [String],
    outputs: &'a Outputs,
    formats: &'a [String],
    keep_report: bool,
    journal: Journal,
}

impl Job<'_> {
    fn one(&self, lane: &mut Lane<'_>, input: &Input, i: usize) -> Result<Done, Reason> {
        let bytes = self.batch.bytes(input)?;
        let name = &self.stems[i];
        let hash = Journal::hash(&bytes);
        if let Some(done) = self.earlier(&input.name, name, &hash) {
            return Ok(done);
        }
        let Handled { report, source, mut failures } = self.batch.handle(lane, input, bytes, true)?;
        let mut summary = InputReport {
            input: input.name.clone(),
            status: "done".into(),
            patients: report.cases.len(),
            facts: report.cases.iter().map(case_model::Case::fact_count).sum(),
            ..InputReport::default()
        };
        let mut losses: BTreeMap<String, Vec<Loss>> = BTreeMap::new();
        if self.formats.iter().any(|f| f == JSON) {
            self.write(&mut summary, format!("{name}.json"), &record_json(&report, true))?;
        }
        let exporters: Vec<String> = self.formats.iter().filter(|f| *f != JSON).cloned().collect();
        for outcome in lane.export_all(&report, &exporters, name) {
            match outcome.and_then(|outcome| self.outputs.claim(&outcome).map(|()| outcome)) {
                Ok(outcome) => {
                    for file in outcome.files {
                        self.write(&mut summary, file.path, &file.bytes)?;
                    }
                    summary.losses.insert(outcome.format.clone(), outcome.losses.len());
                    losses.insert(outcome.format, outcome.losses);
                }
                Err(failure) => failures.push(failure),
            }
        }
        losses.retain(|_, l| !l.is_empty());
        if !losses.is_empty() {
            let mut json = serde_json::to_vec_pretty(&losses).unwrap_or_default();
            json.push(b'\n');
            self.write(&mut summary, format!("{name}.loss.json"), &json)?;
        }
        for severity in [Severity::Error, Severity::Warning, Severity::Info] {
            let count = report.audit.diagnostics.iter().filter(|d| d.severity == severity).count();
            summary.findings.insert(severity.as_str().into(), count);
        }
        let shown = |d: &&case_model::Diagnostic| d.severity >= Severity::Warning;
        let findings = if self.args.quiet {
            Vec::new()
        } else {
            report.audit.diagnostics.iter().filter(shown).map(|d| render::diagnostic(d, &input.name, &source)).collect()
        };
        let denied = denied(self.args.deny, &summary);
        summary.failures = failures.iter().map(ToString::to_string).collect();
        if failures.is_empty() {
            let entry = JournalEntry {
                input: input.name.clone(),
                sha256: hash,
                files: summary.files.clone(),
                summary: serde_json::to_value(&summary).unwrap_or_default(),
            };
            self.journal.note(&entry).map_err(Reason::Output)?;
        }
        Ok(Done { report: self.keep_report.then_some(report), summary, findings, denied, failures })
    }

    fn write(&self, summary: &mut InputReport, path: String, bytes: &[u8]) -> Result<(), Reason> {
        self.outputs.write(&path, bytes).map_err(Reason::Output)?;
        summary.files.push(path);
        Ok(())
    }

    /// What an earlier run made of the input, if it is the same and nothing of it is missing. Formats that hold all
    /// reports need the record; where none was written, the input is done again.
    fn earlier(&self, input: &str, name: &str, hash: &str) -> Option<Done> {
        let entry = self.journal.finished(input, hash)?;
        let mut summary: InputReport = serde_json::from_value(entry.summary.clone()).ok()?;
        summary.status = UNCHANGED.into();
        let record = format!("{name}.json");
        let report = match self.keep_report {
            false => None,
            true if !entry.files.contains(&record) => return None,
            true => Some(Report::from_json(&std::fs::read(self.outputs.folder().join(record)).ok()?).ok()?),
        };
        let denied = denied(self.args.deny, &summary);
        Some(Done { report, summary, findings: vec![], denied, failures: vec![] })
    }
}

/// Status of an input that an earlier run did.
const UNCHANGED: &str = "unchanged";

/// True if a report has findings that make the run fail.
fn denied(deny: Deny, summary: &InputReport) -> bool {
    let graver = |severity: Severity| deny.denies(severity) && summary.findings.get(severity.as_str()) > Some(&0);
    [Severity::Error, Severity::Warning, Severity::Info].into_iter().any(graver)
}

fn summarise(summary: &InputReport, outputs: &Outputs) {
    let count = |severity| summary.findings.get(severity).copied().unwrap_or_default();
    let plural = |n: usize, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
    let input = clean(&summary.input);
    if summary.status == UNCHANGED {
        errln!("{input}: unchanged since an earlier run");
        return;
    }
    errln!(
        "{input}: {}, {}; {}, {}, {}",
        plural(summary.patients, "patient"),
        plural(summary.facts, "fact"),
        plural(count("error"), "error"),
        plural(count("warning"), "warning"),
        plural(count("info"), "note"),
    );
    tell_files(outputs, &summary.files);
}

/// More files than this in one folder are told as a number.
const FEW: usize = 6;

fn tell_files(outputs: &Outputs, files: &[String]) {
    let mut folders: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for file in files {
        let path = outputs.folder().join(file);
        folders.entry(path.parent().unwrap_or(&path).to_owned()).or_default().push(path);
    }
    for (folder, paths) in folders {
        if paths.len() > FEW {
            errln!("  wrote {} files in {}", paths.len(), clean(&folder.to_string_lossy()));
        } else {
            paths.iter().for_each(|path| errln!("  wrote {}", clean(&path.to_string_lossy())));
        }
    }
}
