//! Files that are no plugin, and plugins that fail while they are looked at.

use crate::bench::{AFTER, BEFORE, Bench, LATE, POISON, each, library, patience, says, with_behaviour, wrong};

/// The file, and what is said of it.
type Line = (&'static str, Vec<u8>, &'static [&'static str]);

fn line(behaviour: &'static str, words: &'static [&'static str]) -> Line {
    (behaviour, with_behaviour(behaviour), words)
}

/// In a folder the bad file costs a warning and nothing else; named, it is an error, and nothing is written.
fn harmless(table: &[Line]) {
    let table: Vec<(&str, &Line)> = table.iter().map(|line| (line.0, line)).collect();
    let names: Vec<&str> = table.iter().map(|(name, _)| *name).collect();
    each(&names, |name| {
        let (_, bytes, words) = table.iter().find(|(n, _)| n == name).map(|(_, line)| *line).unwrap();
        let bench = Bench::new("");
        bench.write("bad/bad.cmplugin", bytes);
        let file = bench.path("bad/bad.cmplugin").display().to_string();

        let ended = bench.run("json,line", &["--plugin-dir", "bad", "--memory", "256M", "--timeout", patience(words)]);
        if ended.status != Some(0) {
            return wrong(&ended, "the run did not end well");
        }
        says(&ended, &["warning: plugin", &file])?;
        says(&ended, words)?;
        for (name, text) in [("before", BEFORE), ("poison", POISON), ("after", AFTER)] {
            if let Some(flaw) = bench.flaw(name, text) {
                return wrong(&ended, flaw);
            }
        }
        let unused = &bench.run_report()["plugins_not_used"];
        if unused[0]["state"] != "unusable" || unused[0]["file"] != file.as_str() {
            return wrong(&ended, format!("the report on the run says {unused}"));
        }

        std::fs::remove_dir_all(bench.path("out")).unwrap();
        let ended = bench.run("json,line", &["--plugin", &file, "--memory", "256M", "--timeout", patience(words)]);
        says(&ended, words)?;
        if ended.status != Some(2) || bench.path("out").exists() {
            return wrong(&ended, "a bad plugin that was named is not an error");
        }

        let ended = bench.casemill(&[
            "plugins",
            "list",
            "--plugin-dir",
            "bad",
            "--memory",
            "256M",
            "--timeout",
            patience(words),
        ]);
        let shown = ended.stdout.contains("unusable") && words.iter().all(|w| ended.stdout.contains(w));
        if ended.status != Some(0) || !shown {
            return wrong(&ended, "`plugins list` does not show it");
        }
        if words.contains(&LATE) || name.ends_with("memory") {
            // `trust` waits ten seconds, and gives two gigabytes.
            return Ok(());
        }
        let ended = bench.casemill(&["plugins", "trust", "bad/bad.cmplugin"]);
        if ended.status != Some(2) || bench.path("config/casemill/plugins.lock").exists() {
            return wrong(&ended, "it can be trusted");
        }
        says(&ended, words)
    });
}

/// A library of the system that this test itself has loaded.
fn system_library() -> Option<Vec<u8>> {
    let maps = std::fs::read_to_string("/proc/self/maps").ok()?;
    let path = maps.lines().filter_map(|l| l.split_whitespace().last()).find(|p| p.contains("libgcc_s"))?;
    std::fs::read(path).ok()
}

#[test]
fn files_that_are_no_plugins() {
    let whole = library();
    let mut table: Vec<Line> = vec![
        ("text", b"#!/bin/sh\nrm -rf /\n".repeat(9), &["cannot be loaded as a library"]),
        ("empty", Vec::new(), &["cannot be loaded as a library"]),
        ("zeros", vec![0; 4096], &["cannot be loaded as a library"]),
    ];
    match system_library() {
        Some(library) => table.push(("no plugin", library, &["does not export `casemill_plugin_v1`"])),
        None => eprintln!("skipped: a library that is no plugin, none is known here"),
    }
    if whole.starts_with(b"\x7fELF\x02\x01") {
        let mut machine = whole.to_vec();
        machine[18..20].copy_from_slice(&0xf3_u16.to_le_bytes());
        table.push(("half", whole[..whole.len() / 8].to_vec(), &["is cut off"]));
        table.push(("a header", whole[..64].to_vec(), &["is cut off"]));
        table.push(("another machine", machine, &["cannot be loaded as a library"]));
    }
    harmless(&table);
}

#[test]
fn tables_that_are_damaged() {
    harmless(&[
        line("load/magic", &["damaged plugin table", "0x12345678"]),
        line("load/small", &["plugin table of 24 bytes"]),
        line("load/no-describe", &["no `describe` function"]),
        line("load/no-open", &["no `open` function"]),
        line("load/no-call", &["no `call` function"]),
        line("load/no-close", &["no `close` function"]),
    ]);
}

#[test]
fn constructors_that_kill_or_hang() {
    harmless(&[
        line("load/abort", &["killed by SIGABRT"]),
        line("load/segfault", &["killed by SIGSEGV"]),
        line("load/exit-0", &["ended by the plugin with exit status 0"]),
        line("load/exit-3", &["ended by the plugin with exit status 3"]),
        line("load/stack", &["killed by SIG", "overflow"]),
        line("load/hang", &[LATE]),
        line("load/close-and-hang", &["closed the connection"]),
    ]);
}

#[test]
fn descriptions_that_are_none() {
    harmless(&[
        line("describe/garbage", &["description is not of the contract's form"]),
        line("describe/silent", &["description is not of the contract's form"]),
        line("describe/wrong-form", &["description is not of the contract's form"]),
        line("describe/status", &["status 4711, which does not exist"]),
        line("describe/flood", &["wrote more than"]),
        line("describe/null", &["null pointer"]),
        line("describe/segfault", &["killed by SIGSEGV"]),
        line("describe/abort", &["killed by SIGABRT"]),
        line("describe/panic", &["killed by SIGABRT", "all is lost"]),
        line("describe/exit-0", &["ended by the plugin with exit status 0"]),
        line("describe/hang", &[LATE]),
        line("describe/stack", &["overflow"]),
        line("describe/memory", &["asked for more memory", "--memory"]),
        line("describe/close-descriptors", &["its process was"]),
        line("describe/write-protocol", &["wrote into the connection"]),
        line("describe/write-frame", &["wrote into the connection"]),
        line("describe/model-2", &["built for model version 2.0", "use a matching plugin or casemill"]),
        line("describe/model-1.9", &["built for model version 1.9"]),
        line("describe/model-none", &["model version \"newest\" is not MAJOR.MINOR"]),
        line("describe/bad-id", &["is not made of small letters"]),
        line("describe/long-id", &["is not made of small letters"]),
        line("describe/no-format", &["does not say which format it writes"]),
        line("describe/bad-format", &["is not a name for `--to`"]),
    ]);
}

#[test]
fn what_is_odd_and_harmless() {
    let bench = Bench::hostile("", "load/newer");
    let ended = bench.run("json,line,hostile", &["--plugin-dir", "bad"]);
    assert_eq!(ended.status, Some(0), "{ended:?}");
    says(&ended, &["warning:", "hostile.cmplugin", "built for plugin ABI 1.7, this casemill has 1.0"]).unwrap();
    assert!(bench.output("poison.hostile").is_some());

    // A kind of component that is not known yet is left out.
    let bench = Bench::hostile("", "describe/new-kind");
    let ended = bench.run("json,line", &["--plugin-dir", "bad"]);
    assert_eq!((ended.status, ended.stderr.contains("warning:")), (Some(0), false), "{ended:?}");

    // What a plugin says of itself does nothing to a terminal.
    let bench = Bench::hostile("", "describe/escape");
    for arguments in [["plugins", "list"], ["plugins", "info"], ["formats", "--no-default-plugins"]] {
        let mut all = arguments.to_vec();
        all.extend(if arguments[1] == "info" { vec!["hostile"] } else { vec![] });
        let ended = bench.casemill(&[&all[..], &["--plugin-dir", "bad"]].concat());
        assert_eq!(ended.status, Some(0), "{ended:?}");
        assert!(!ended.stdout.contains(['\u{1b}', '\u{7}']), "{ended:?}");
    }
}

#[test]
fn a_folder_or_device_in_place_of_a_plugin() {
    let bench = Bench::new("");
    std::fs::create_dir_all(bench.path("bad/folder.cmplugin")).unwrap();
    let ended = bench.run("json,line", &["--plugin-dir", "bad"]);
    assert_eq!(ended.status, Some(0), "{ended:?}");
    for named in ["bad/folder.cmplugin", "/dev/zero", "bad/nothing.cmplugin"] {
        let ended = bench.run("json,line", &["--plugin", named]);
        assert_eq!(ended.status, Some(2), "{ended:?}");
        says(&ended, &["error:", named, "cannot be"]).unwrap();
    }
}
