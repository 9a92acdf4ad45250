//! `casemill extract`: case records as JSON or NDJSON.

use std::path::Path;

use casemill_plugin_host::Outputs;

use super::batch::{Batch, passed_over, tell_reason};
use super::{pipeline, record_json};
use crate::cli::Extract;
use crate::exit::Exit;
use crate::{interrupt, stream};

pub(super) fn run(args: &Extract) -> Result<Exit, String> {
    interrupt::guard();
    let pipeline = pipeline(&args.plugins, &args.work, &args.input.encoding)?;
    let batch = Batch::new(&args.input, &args.work);
    let one = batch.inputs.len() == 1 && !args.ndjson;
    let mut exit = batch.exit();
    let mut gathered = Vec::new();
    let to_stdout = args.output == "-";
    batch.each(
        &pipeline,
        &[],
        |lane, input, _| {
            let bytes = batch.bytes(input)?;
            batch.handle(lane, input, bytes, false).map(|handled| record_json(&handled.report, one))
        },
        |input, result| match result {
            Ok(json) if to_stdout => {
                stream::out_bytes(&json);
                if stream::nobody_reads() {
                    // The rest would be work for nobody.
                    casemill_plugin_host::shut_down();
                    std::process::exit(0);
                }
            }
            Ok(json) => gathered.extend(json),
            Err(reason) if passed_over(input, &reason) => tracing::info!("{}: passed over, {reason}", input.name),
            Err(reason) => {
                tell_reason(input, &reason);
                exit = exit.max(Exit::SomeFailed);
            }
        },
    );
    if !to_stdout && !gathered.is_empty() {
        let path = Path::new(&args.output);
        let (folder, file) =
            (path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")), path.file_name());
        let Some(file) = file.and_then(|f| f.to_str()) else {
            return Err(format!("-o {}: not a file name", args.output));
        };
        Outputs::open(folder).and_then(|o| o.write(file, &gathered)).map_err(|e| e.to_string())?;
    }
    Ok(exit)
}
