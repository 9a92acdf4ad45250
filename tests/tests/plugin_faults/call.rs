//! Plugins that fail in the middle of the work, on one report of three.

use crate::bench::{AFTER, BEFORE, Bench, LATE, POISON, each, patience, says, wrong};

/// What it does, and what is said of it.
type Line = (&'static str, &'static [&'static str]);

/// The bad report gets everything but the output of the bad plugin; the others get all.
fn contained(table: &[Line], more: &[&str]) {
    each(table, |(behaviour, words)| {
        let bench = Bench::hostile("", behaviour);
        let ended =
            bench.run("json,line,hostile", &[&["--plugin-dir", "bad", "--timeout", patience(words)], more].concat());
        if ended.status != Some(3) {
            return wrong(&ended, "one output is missing, which is status 3");
        }
        says(&ended, words)?;
        says(&ended, &["error: poison.txt: the plugin hostile failed"])?;
        if ended.stderr.lines().filter(|l| l.starts_with("error:")).count() != 1 {
            return wrong(&ended, "the fault of one report is told of others");
        }
        for (name, text) in [("before", BEFORE), ("poison", POISON), ("after", AFTER)] {
            if let Some(flaw) = bench.flaw(name, text) {
                return wrong(&ended, flaw);
            }
            let written = bench.output(&format!("{name}.hostile")).is_some();
            if written != (name != "poison") {
                return wrong(&ended, format!("{name}.hostile: {written}"));
            }
        }
        let report = bench.run_report();
        let told = report["inputs"][1]["failures"][0].as_str().unwrap_or_default();
        if !words.iter().all(|w| told.contains(w)) {
            return wrong(&ended, format!("the report on the run says {report}"));
        }
        Ok(())
    });
}

#[test]
fn processes_that_end() {
    contained(
        &[
            ("call/segfault", &["killed by SIGSEGV"]),
            ("call/abort", &["killed by SIGABRT"]),
            ("call/panic", &["killed by SIGABRT", "all is lost"]),
            ("call/exit-0", &["ended by the plugin with exit status 0"]),
            ("call/exit-3", &["ended by the plugin with exit status 3"]),
            ("call/stack", &["overflow"]),
            ("call/child", &["killed by SIGABRT"]),
            ("call/close-descriptors", &["its process was"]),
            ("call/write-protocol", &["wrote into the connection"]),
            ("call/write-frame", &["wrote into the connection"]),
        ],
        &[],
    );
}

#[test]
fn replies_that_are_none() {
    contained(
        &[
            ("call/status", &["status 4711, which does not exist"]),
            ("call/status-alone", &["answered Failed without a message"]),
            ("call/garbage", &["its reply is not of the contract's form"]),
            ("call/silent", &["its reply is not of the contract's form"]),
            ("call/deep", &["its reply is not of the contract's form"]),
            ("call/panicked", &["it panicked: index out of bounds"]),
            ("call/null", &["null pointer"]),
        ],
        &[],
    );
}

#[test]
fn floods() {
    contained(
        &[("call/flood-head", &["wrote more than 512 MiB"]), ("call/flood-blob", &["wrote more than 512 MiB"])],
        &[],
    );
}

#[test]
fn memory_without_end() {
    contained(&[("call/memory", &["asked for more memory than its worker may have, 256 MiB"])], &["--memory", "256M"]);
}

#[test]
fn calls_without_end() {
    contained(
        &[
            ("call/hang", &[LATE]),
            ("call/stop", &[LATE]),
            ("call/ignore-cancel", &[LATE]),
            ("call/heed-cancel", &[LATE]),
            ("call/print-for-ever", &[LATE]),
            ("call/log-for-ever", &[LATE]),
            ("call/close-and-hang", &["closed the connection"]),
            ("call/promise", &[LATE]),
        ],
        &[],
    );
}

/// What a plugin may do, although it is not nice.
#[test]
fn what_is_odd_and_harmless() {
    each(&["call/print", "call/write-files", "call/environment", "call/log-odd"], |behaviour| {
        let bench = Bench::hostile("", behaviour);
        let ended = bench.run("json,line,hostile", &["--plugin-dir", "bad"]);
        if ended.status != Some(0) || !ended.stdout.is_empty() {
            return wrong(&ended, "it was not taken as harmless");
        }
        says(&ended, &[])?;
        for (name, text) in [("before", BEFORE), ("poison", POISON), ("after", AFTER)] {
            if let Some(flaw) = bench.flaw(name, text) {
                return wrong(&ended, flaw);
            }
        }
        if bench.path("here").exists() {
            return wrong(&ended, "files of a plugin lie about");
        }
        Ok(())
    });
}

#[test]
fn a_plugin_that_prints_does_not_spoil_what_goes_to_a_pipe() {
    let bench = Bench::hostile("extractor", "extract/print");
    let plugins = ["--no-default-plugins", "--plugin-dir", "good", "--plugin-dir", "bad"];
    let ended = bench.casemill(&[&["extract", "poison.txt"], &plugins[..]].concat());
    assert_eq!(ended.status, Some(0), "{ended:?}");
    let record: serde_json::Value = serde_json::from_str(&ended.stdout).expect("standard output is one record");
    assert_eq!(record["document"]["text"], POISON);
}

#[test]
fn a_long_message_is_cut() {
    let bench = Bench::hostile("", "call/long-message");
    let ended = bench.run("json,line,hostile", &["--plugin-dir", "bad"]);
    assert_eq!(ended.status, Some(3));
    assert!(ended.stderr.contains("very sorry") && ended.stderr.len() < 4000, "{}", ended.stderr.len());
}

#[test]
fn three_deaths_are_enough() {
    let bench = Bench::hostile("", "call/segfault");
    let names: Vec<String> = (0..8).map(|i| format!("p{i}.txt")).collect();
    names.iter().for_each(|n| bench.write(n, POISON.as_bytes()));
    // However many lanes there are.
    for jobs in ["1", "2"] {
        let mut arguments = vec!["run", "-o", "out", "--to", "json,line,hostile", "--jobs", jobs];
        arguments.extend(["--no-default-plugins", "--plugin-dir", "good", "--plugin-dir", "bad"]);
        arguments.extend(names.iter().map(String::as_str));
        let ended = bench.casemill(&arguments);
        assert_eq!(ended.status, Some(3), "{ended:?}");
        let deaths = ended.stderr.matches("killed by SIGSEGV").count();
        // With two lanes one may be in the middle of a call when the other counts the third.
        assert!((3..3 + jobs.parse::<usize>().unwrap()).contains(&deaths), "{ended:?}");
        let left = " times and is not started again in this run";
        assert_eq!(ended.stderr.matches(left).count(), 8 - deaths, "{ended:?}");
        for i in 0..8 {
            assert_eq!(bench.flaw(&format!("p{i}"), POISON), None);
        }
        let unused = &bench.run_report()["plugins_not_used"][0];
        assert_eq!((&unused["id"], &unused["state"]), (&"hostile".into(), &"quarantined".into()), "{unused}");
        let reason = unused["reason"].as_str().unwrap();
        assert!(reason.contains("it died ") && reason.contains("SIGSEGV"), "{reason}");
    }
}

/// Its files would hold some reports of the run and not others.
#[test]
fn a_format_of_all_reports_is_whole_or_absent() {
    for poison in ["before.txt", "poison.txt", "after.txt"] {
        let bench = Bench::hostile("", "cohort/abort");
        bench.write("poison.txt", BEFORE.as_bytes());
        bench.write(poison, POISON.as_bytes());
        let ended = bench.run("json,line,hostile", &["--plugin-dir", "bad"]);
        assert_eq!(ended.status, Some(3), "{ended:?}");
        says(&ended, &["killed by SIGABRT", "its files would lack reports"]).unwrap();
        assert_eq!(bench.output("all.hostile"), None, "with the fault in {poison}");
    }
    let bench = Bench::hostile("", "cohort/");
    let ended = bench.run("json,line,hostile", &["--plugin-dir", "bad"]);
    assert_eq!(ended.status, Some(0), "{ended:?}");
    assert!(bench.output("all.hostile").is_some());
}
