//! Files that an exporter must not write.

use std::fs;

use crate::bench::{AFTER, BEFORE, Bench, POISON, each, says, wrong};

#[test]
fn paths_that_lead_elsewhere() {
    let table: &[(&str, &[&str])] = &[
        ("paths/absolute", &["which is not a relative path without `..`"]),
        ("paths/parent", &["which is not a relative path without `..`"]),
        ("paths/parent-within", &["which is not a relative path without `..`"]),
        ("paths/windows", &["which is not a relative path without `..`"]),
        ("paths/empty", &["which is not a relative path without `..`"]),
        ("paths/zero", &["which is not a relative path without `..`"]),
        ("paths/hidden", &["which is not a relative path without `..` and hidden names"]),
        ("paths/long", &["which is not a relative path without `..`"]),
        ("paths/link", &["link/casemill-hostile-was-here", "is a link that may lead out of the output folder"]),
        ("paths/folder", &["out/taken is a folder"]),
        ("paths/input", &["it wants to write poison.txt, which is an input"]),
        ("paths/record", &["it wants to write after.json, which is casemill's own"]),
        ("paths/run-report", &["it wants to write casemill-run.json, which is casemill's own"]),
        ("paths/journal", &["it wants to write casemill-run.journal, which is casemill's own"]),
        ("paths/of-another", &["it wants to write before.hostile, which is already written in this run by hostile"]),
        ("paths/of-another-plugin", &["it wants to write before.line, which is already written in this run by good"]),
        ("paths/twice", &["it wants to write poison.hostile twice"]),
        ("paths/too-few-bytes", &["short is said to have 1099511627776 bytes"]),
        ("paths/too-many-bytes", &["bytes belong to no file"]),
        ("paths/negative-length", &["its reply is not of the contract's form"]),
    ];
    each(table, |(behaviour, words)| {
        let bench = Bench::hostile("", behaviour);
        // Inputs lie where outputs go, and the folder holds a link and a folder from before.
        fs::create_dir_all(bench.path("out/taken")).unwrap();
        fs::create_dir_all(bench.path("elsewhere")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(bench.path("elsewhere"), bench.path("out/link")).unwrap();
        for (name, text) in [("before", BEFORE), ("poison", POISON), ("after", AFTER)] {
            bench.write(&format!("out/{name}.txt"), text.as_bytes());
        }
        let mut arguments = vec!["run", "out/before.txt", "out/poison.txt", "out/after.txt", "-o", "out"];
        arguments.extend(["--to", "json,line,hostile", "--jobs", "1", "--no-default-plugins"]);
        arguments.extend(["--plugin-dir", "good", "--plugin-dir", "bad"]);
        let ended = bench.casemill(&arguments);
        if ended.status != Some(3) {
            return wrong(&ended, "one output is missing, which is status 3");
        }
        says(&ended, words)?;
        says(&ended, &["error: out/poison.txt: the plugin hostile failed"])?;
        for (name, text) in [("before", BEFORE), ("poison", POISON), ("after", AFTER)] {
            if let Some(flaw) = bench.flaw(name, text) {
                return wrong(&ended, flaw);
            }
            if bench.output(&format!("{name}.txt")).as_deref() != Some(text) {
                return wrong(&ended, format!("the input {name}.txt was changed"));
            }
        }
        let line = format!("{} bytes\n", BEFORE.len());
        if bench.output("before.hostile") != Some(line) || bench.output("after.hostile").is_none() {
            return wrong(&ended, "the outputs of the other reports are not whole");
        }
        for strayed in ["casemill-hostile-was-here", "elsewhere/casemill-hostile-was-here", "out/poison.hostile"] {
            if bench.path(strayed).exists() {
                return wrong(&ended, format!("{strayed} was written"));
            }
        }
        if fs::exists("/tmp/casemill-hostile-was-here").unwrap_or(false) {
            return wrong(&ended, "a file was written to /tmp");
        }
        Ok(())
    });
}
