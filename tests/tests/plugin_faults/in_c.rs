//! The contract from C: a good plugin, and the mistakes that are easy there.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use crate::bench::{AFTER, BEFORE, Bench, POISON, each, says, wrong};

/// Compiles `hostile.c` into the bench. False, and told, where there is no compiler.
fn compile(bench: &Bench, behaviour: &str) -> Result<bool, String> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    bench.write("include/casemill_plugin.h", casemill_plugin_abi::HEADER.as_bytes());
    std::fs::create_dir_all(bench.path("bad")).map_err(|e| e.to_string())?;
    let compiler = std::env::var_os("CC").unwrap_or_else(|| "cc".into());
    let output = Command::new(&compiler)
        .args(["-std=c99", "-D_POSIX_C_SOURCE=200809L", "-Wall", "-Wextra", "-shared", "-fPIC", "-O0", "-w"])
        .arg(format!("-DBEHAVIOUR_{behaviour}"))
        .arg("-I")
        .arg(bench.path("include"))
        .arg(tests.join("hostile/hostile.c"))
        .arg("-o")
        .arg(bench.path("bad/hostile.cmplugin"))
        .output();
    match output {
        Ok(output) if output.status.success() => Ok(true),
        Ok(output) => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "skipped: {behaviour} in C, {}: {error}", compiler.to_string_lossy());
            Ok(false)
        }
    }
}

#[test]
fn a_good_plugin() {
    each(&["NONE", "PRINT"], |behaviour| {
        let bench = Bench::new("");
        if !compile(&bench, behaviour)? {
            return Ok(());
        }
        let ended = bench.run("json,line,hostile", &["--plugin-dir", "bad"]);
        if (ended.status, ended.stdout.as_str()) != (Some(0), "") {
            return wrong(&ended, "it is not taken as good");
        }
        for (name, text) in [("before", BEFORE), ("poison", POISON), ("after", AFTER)] {
            if let Some(flaw) = bench.flaw(name, text) {
                return wrong(&ended, flaw);
            }
            if bench.output(&format!("{name}.hostile")).as_deref() != Some("in C\n") {
                return wrong(&ended, format!("{name}.hostile is not what it wrote"));
            }
        }
        Ok(())
    });
}

#[test]
fn tables_that_are_wrong() {
    let table = [
        ("NO_SYMBOL", "does not export `casemill_plugin_v1`"),
        ("MAGIC", "damaged plugin table"),
        ("SIZE", "plugin table of 8 bytes"),
        ("NO_CALL", "no `call` function"),
    ];
    each(&table, |(behaviour, words)| {
        let bench = Bench::new("");
        if !compile(&bench, behaviour)? {
            return Ok(());
        }
        let ended = bench.run("json,line", &["--plugin-dir", "bad"]);
        says(&ended, &["warning: plugin", "bad/hostile.cmplugin", words])?;
        let flaw = bench.flaw("poison", POISON);
        if ended.status != Some(0) || flaw.is_some() {
            return wrong(&ended, format!("{flaw:?}"));
        }
        Ok(())
    });
}

#[test]
fn calls_that_go_wrong() {
    let table = [
        ("NULL_POINTER", "killed by SIGSEGV"),
        ("STACK", "killed by SIG"),
        ("DOUBLE_FREE", "killed by SIG"),
        ("DIVIDE", "killed by SIG"),
        ("MEMORY", "killed by SIG"),
        ("EXIT", "ended by the plugin with exit status 7"),
        ("CLOSE", "its process was"),
        ("LENGTH", "wrote more than"),
        ("UNTERMINATED", "its reply is not of the contract's form"),
    ];
    each(&table, |(behaviour, words)| {
        let bench = Bench::new("");
        if !compile(&bench, behaviour)? {
            return Ok(());
        }
        let ended = bench.run("json,line,hostile", &["--plugin-dir", "bad", "--memory", "256M"]);
        says(&ended, &["error: poison.txt: the plugin hostile failed", words])?;
        if ended.status != Some(3) {
            return wrong(&ended, "one output is missing, which is status 3");
        }
        for (name, text) in [("before", BEFORE), ("poison", POISON), ("after", AFTER)] {
            if let Some(flaw) = bench.flaw(name, text) {
                return wrong(&ended, flaw);
            }
            if bench.output(&format!("{name}.hostile")).is_some() != (name != "poison") {
                return wrong(&ended, format!("{name}.hostile"));
            }
        }
        Ok(())
    });
}
