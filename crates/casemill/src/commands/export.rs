//! `casemill export`: case records in other formats.

use case_model::{Report, check};
use casemill_plugin_host::{Lane, Outputs, stem};

use super::batch::tell;
use super::{JSON, check_formats, pipeline, record_json};
use crate::cli::Export;
use crate::exit::Exit;
use crate::inputs;
use crate::interrupt;

/// Case records may hold long texts; beyond this something is wrong.
const LIMIT: u64 = 256 << 20;

pub(super) fn run(args: &Export) -> Result<Exit, String> {
    interrupt::guard();
    let pipeline = pipeline(&args.plugins, &args.work, "")?;
    check_formats(&pipeline, &args.to)?;
    let outputs = Outputs::open(&args.output).map_err(|e| e.to_string())?;
    let (found, failed) = inputs::find(&args.records);
    let mut exit = Exit::Clean;
    for (name, error) in &failed {
        tell(name, &error.to_string(), None);
        exit = Exit::SomeFailed;
    }
    let stems = stem(&found.iter().map(|i| i.name.clone()).collect::<Vec<_>>());
    outputs.protect(found.iter().filter_map(|i| i.path.as_deref()));
    if args.to.iter().any(|f| f == JSON) {
        outputs.reserve(stems.iter().map(|s| format!("{s}.json")));
    }
    let mut lane = pipeline.lane();
    let mut any = false;
    for (input, name) in found.iter().zip(&stems) {
        let report = input.read(LIMIT).map_err(|e| e.to_string()).and_then(|bytes| load(&bytes));
        match report {
            Ok(report) => {
                any = true;
                for format in &args.to {
                    if let Err(message) = export(&mut lane, &report, format, name, &outputs) {
                        tell(&input.name, &message, None);
                        exit = Exit::SomeFailed;
                    }
                }
            }
            Err(message) => {
                tell(&input.name, &message, None);
                exit = Exit::SomeFailed;
            }
        }
    }
    if any {
        for format in &args.to {
            if pipeline.registry.exporter(format).is_some_and(|(_, c)| c.cohort) {
                match lane.finish(format).and_then(|outcome| outputs.claim(&outcome).map(|()| outcome)) {
                    Ok(outcome) => {
                        for file in outcome.files {
                            let path = outputs.write(&file.path, &file.bytes).map_err(|e| e.to_string())?;
                            errln!("  wrote {}", path.display());
                        }
                    }
                    Err(failure) => {
                        tell(format, &failure.to_string(), failure.help());
                        exit = Exit::SomeFailed;
                    }
                }
            }
        }
    }
    Ok(exit)
}

/// Reads a record and checks that it keeps its promises.
fn load(bytes: &[u8]) -> Result<Report, String> {
    let report = Report::from_json(bytes).map_err(|e| e.to_string())?;
    let violations = check(&report);
    match violations.first() {
        None => Ok(report),
        Some(first) => Err(format!("the record breaks its own rules in {} places, first {first}", violations.len())),
    }
}

fn export(lane: &mut Lane<'_>, report: &Report, format: &str, name: &str, outputs: &Outputs) -> Result<(), String> {
    if format == JSON {
        let path = outputs.write(&format!("{name}.json"), &record_json(report, true)).map_err(|e| e.to_string())?;
        errln!("  wrote {}", path.display());
        return Ok(());
    }
    let outcome = lane.export(report, format, name).map_err(|f| f.to_string())?;
    outputs.claim(&outcome).map_err(|f| f.to_string())?;
    for file in outcome.files {
        let path = outputs.write(&file.path, &file.bytes).map_err(|e| e.to_string())?;
        errln!("  wrote {}", path.display());
    }
    if !outcome.losses.is_empty() {
        let losses = std::collections::BTreeMap::from([(format, &outcome.losses)]);
        let mut json = serde_json::to_vec_pretty(&losses).unwrap_or_default();
        json.push(b'\n');
        outputs.write(&format!("{name}.{format}.loss.json"), &json).map_err(|e| e.to_string())?;
    }
    Ok(())
}
