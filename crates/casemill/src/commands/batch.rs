//! Many reports: side by side, told in order.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use case_model::Report;
use casemill_plugin_host::{Failure, InputBytes, Lane, Pipeline, in_order};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::{InputArgs, WorkArgs};
use crate::exit::Exit;
use crate::inputs::{self, Input, InputError};
use crate::sources;

/// A report as far as it got, with the text that diagnostics underline.
pub(super) struct Handled {
    /// The report.
    pub(super) report: Report,
    /// The input as text.
    pub(super) source: String,
    /// Plugins that failed on it while the rest went on.
    pub(super) failures: Vec<Failure>,
}

/// Why an input gave no report.
pub(super) enum Reason {
    /// It could not be read from the system.
    Input(InputError),
    /// It is a case record and not a report.
    Record,
    /// A step failed.
    Step(Failure),
    /// The program could not write.
    Output(casemill_plugin_host::OutputError),
    /// The program itself failed on it.
    Fault,
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Input(error) => error.fmt(f),
            Self::Record => f.write_str("this is a case record, not a report"),
            Self::Step(failure) => failure.fmt(f),
            Self::Output(error) => error.fmt(f),
            Self::Fault => {
                f.write_str("casemill itself failed on it, see above; this is a fault of casemill, please report it")
            }
        }
    }
}

impl Reason {
    fn help(&self) -> Option<&str> {
        match self {
            Self::Step(failure) => failure.help(),
            Self::Record => Some("write it in other formats with `casemill export`, check it with `casemill validate`"),
            _ => None,
        }
    }
}

/// The inputs of a command.
pub(super) struct Batch {
    /// Inputs in order.
    pub(super) inputs: Vec<Input>,
    /// Arguments that name no input; told already.
    pub(super) not_found: Vec<(String, String)>,
    limit: u64,
    jobs: usize,
}

impl Batch {
    /// Finds the inputs; arguments that name none are told and make the command end with [`Exit::SomeFailed`].
    pub(super) fn new(input: &InputArgs, work: &WorkArgs) -> Self {
        let (inputs, failed) = inputs::find(&input.inputs);
        let not_found = failed
            .into_iter()
            .map(|(name, error)| {
                tell(&name, &error.to_string(), None);
                (name, error.to_string())
            })
            .collect();
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let jobs = work.jobs.map_or(processors, usize::from).min(inputs.len().max(1));
        Self { inputs, not_found, limit: input.max_size, jobs }
    }

    /// True if nothing was found but folders and patterns without files.
    pub(super) fn exit(&self) -> Exit {
        if self.not_found.is_empty() { Exit::Clean } else { Exit::SomeFailed }
    }

    /// Bytes of an input.
    pub(super) fn bytes(&self, input: &Input) -> Result<Vec<u8>, Reason> {
        input.read(self.limit).map_err(Reason::Input)
    }

    /// Reads, extracts and validates one input.
    pub(super) fn handle(
        &self,
        lane: &mut Lane<'_>,
        input: &Input,
        bytes: Vec<u8>,
        validate: bool,
    ) -> Result<Handled, Reason> {
        if record(&bytes).is_some() {
            return Err(Reason::Record);
        }
        let bytes = InputBytes { name: input.name.clone(), bytes };
        let document = lane.read(&bytes).map_err(Reason::Step)?;
        let source = sources::as_text(&bytes.bytes, &document.source.encoding).into_owned();
        let mut report = lane.extract(document).map_err(Reason::Step)?;
        let failures = if validate { lane.validate(&mut report, &source) } else { Vec::new() };
        Ok(Handled { report, source, failures })
    }

    /// Does `work` for every input, several at once, and `tell`s the results in the order of the inputs.
    pub(super) fn each<T: Send>(
        &self,
        pipeline: &Pipeline,
        formats: &[String],
        work: impl Fn(&mut Lane<'_>, &Input, usize) -> Result<T, Reason> + Sync,
        mut tell: impl FnMut(&Input, Result<T, Reason>),
    ) {
        let bar = progress(self.inputs.len());
        in_order(
            pipeline,
            self.inputs.len(),
            self.jobs,
            formats,
            // What one report brings to light in the program costs that report alone.
            |lane, i| catch_unwind(AssertUnwindSafe(|| work(lane, &self.inputs[i], i))).unwrap_or(Err(Reason::Fault)),
            |i, result| {
                bar.suspend(|| tell(&self.inputs[i], result));
                bar.inc(1);
            },
        );
        bar.finish_and_clear();
    }
}

/// The case record that the bytes hold, if they do.
pub(super) fn record(bytes: &[u8]) -> Option<Report> {
    // Text rarely starts with a brace, so that text is rarely parsed.
    bytes.trim_ascii_start().starts_with(b"{").then(|| Report::from_json(bytes).ok()).flatten()
}

/// A bar on a terminal when there is something to wait for, nothing in a pipe.
fn progress(inputs: usize) -> ProgressBar {
    let target = if inputs < 4 { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let bar = ProgressBar::with_draw_target(Some(inputs as u64), target);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} reports, {per_sec}, {eta} left") {
        bar.set_style(style);
    }
    bar
}

/// Text without control characters: it may come from a file name or a file, and go to a terminal.
pub(super) fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Tells of an input that failed.
pub(super) fn tell(name: &str, message: &str, help: Option<&str>) {
    let name: Cow<'_, str> = if name == "-" { "standard input".into() } else { clean(name).into() };
    errln!("error: {name}: {}", clean(message));
    if let Some(help) = help {
        errln!("  help: {}", clean(help));
    }
}

/// Tells why an input gave nothing.
pub(super) fn tell_reason(input: &Input, reason: &Reason) {
    tell(&input.name, &reason.to_string(), reason.help());
}

/// Tells of a plugin that failed while the rest of the report went on.
pub(super) fn tell_failures(input: &Input, failures: &[Failure]) {
    for failure in failures {
        tell(&input.name, &failure.to_string(), failure.help());
    }
}

/// True for a file that was only found in a folder and that no reader knows: it is passed over.
pub(super) fn passed_over(input: &Input, reason: &Reason) -> bool {
    use casemill_plugin_host::PipelineError;
    let unknown = match reason {
        Reason::Step(Failure { error: PipelineError::NoReader { known, .. }, .. }) => !known.is_empty(),
        Reason::Record => true,
        _ => false,
    };
    input.from_folder && unknown
}
