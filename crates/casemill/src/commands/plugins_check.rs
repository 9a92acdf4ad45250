//! `casemill plugins check`: the conformance kit.

use std::time::Duration;

use casemill_plugin_conformance::{Conformance, Outcome, check};
use casemill_plugin_host::Limits;

use crate::cli::{ListFormat, PluginsCheck};
use crate::exit::Exit;

pub(super) fn run(args: &PluginsCheck) -> Result<Exit, String> {
    let path = args.file.canonicalize().map_err(|e| format!("{}: {e}", args.file.display()))?;
    let limits = Limits { deadline: Duration::from_secs(args.timeout), ..Limits::default() };
    let found = check(&path, limits);
    match args.format {
        ListFormat::Json => println!("{}", serde_json::to_string_pretty(&found).unwrap_or_default()),
        ListFormat::Text => tell(&found),
    }
    Ok(if found.passed() { Exit::Clean } else { Exit::Findings })
}

fn tell(found: &Conformance) {
    if !found.plugin.is_empty() {
        anstream::println!("{}", found.plugin);
    }
    let mut area = "";
    for check in &found.checks {
        if check.area != area {
            area = &check.area;
            anstream::println!("\n{area}");
        }
        let sign = match check.outcome {
            Outcome::Passed => "ok   ",
            Outcome::Failed => "FAIL ",
            Outcome::Note => "note ",
        };
        anstream::println!("  {sign}{}", check.name);
        if !check.message.is_empty() {
            anstream::println!("       {}", check.message);
            anstream::println!("       help: {}", check.help);
        }
    }
    anstream::println!(
        "\n{} passed, {} failed, {} noted; the longest call took {} ms",
        found.count(Outcome::Passed),
        found.count(Outcome::Failed),
        found.count(Outcome::Note),
        found.slowest_ms
    );
}
