//! `cargo xtask demo`: the main job on the example report.

use std::process::Command;

use crate::{Result, stage};

/// The report that the repository brings along.
const REPORT: &str = "tests/reports/ntrk-letter.txt";

/// Formats that the demonstration writes.
const FORMATS: &str = "json,html,phenopacket,csv";

/// Rows of the table of facts that are shown.
const SHOWN: usize = 12;

/// Runs the example report through a fresh stage and says what came of it.
pub(crate) fn demo() -> Result {
    let staged = stage::stage(false)?;
    let output = stage::target()?.join("demo");
    println!("$ casemill run {REPORT} --to {FORMATS} -o {}", output.display());
    let status = Command::new(staged.program())
        .current_dir(stage::root())
        .args(["run", REPORT, "--to", FORMATS, "-o"])
        .arg(&output)
        .status()?;
    if !status.success() {
        return Err(format!("casemill ended with {status}").into());
    }
    let record = case_model::Report::from_json(&std::fs::read(output.join("ntrk-letter.json"))?)?;
    println!("\nThe first of what was found, each with its words:");
    for (number, case) in record.cases.iter().enumerate() {
        let mut rows: Vec<(u32, String)> = Vec::new();
        case.visit(&mut |list, fact| {
            if let Some(evidence) = fact.evidence().first() {
                let words: String = evidence.quote.split_whitespace().collect::<Vec<_>>().join(" ");
                rows.push((
                    evidence.span.start,
                    format!("  {list:18} {:8} {:36} \"{words}\"", fact.assertion().as_str(), fact.label()),
                ));
            }
        });
        rows.sort();
        println!("patient {}: {} facts", number + 1, rows.len());
        rows.iter().take(SHOWN).for_each(|(_, row)| println!("{row}"));
    }
    println!(
        "\nOpen {} in a browser; the files beside it hold the same record:",
        output.join("ntrk-letter.html").display()
    );
    println!("{}", output.display());
    Ok(())
}
