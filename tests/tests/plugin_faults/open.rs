//! Plugins that fail when an instance is made.

use crate::bench::{AFTER, BEFORE, Bench, LATE, POISON, each, patience, says, wrong};

#[test]
fn instances_that_do_not_come_into_being() {
    const TABLE: &[(&str, &[&str])] = &[
        ("open/null", &["says that it opened a component and gives no instance"]),
        ("open/status", &["status 4711, which does not exist"]),
        ("open/garbage", &["answered Failed without a message"]),
        ("open/refuse", &["no licence"]),
        ("open/flood", &["wrote more than"]),
        ("open/segfault", &["killed by SIGSEGV"]),
        ("open/abort", &["killed by SIGABRT"]),
        ("open/panic", &["killed by SIGABRT", "all is lost"]),
        ("open/exit-0", &["ended by the plugin with exit status 0"]),
        ("open/hang", &[LATE]),
        ("open/stop", &[LATE]),
        ("open/stack", &["overflow"]),
        ("open/memory", &["asked for more memory"]),
        ("open/close-descriptors", &["closed the connection", "its process was"]),
        ("open/write-protocol", &["wrote into the connection"]),
    ];
    each(TABLE, |(behaviour, words)| {
        let bench = Bench::hostile("", behaviour);
        let memory = if behaviour.ends_with("memory") { "256M" } else { "2G" };
        let ended =
            bench.run("json,line,hostile", &["--plugin-dir", "bad", "--memory", memory, "--timeout", patience(words)]);
        if ended.status != Some(3) {
            return wrong(&ended, "some outputs are missing, which is status 3");
        }
        if *behaviour == "open/close-descriptors" {
            // The worker may notice before or after the host does.
            says(&ended, &["its process was"])?;
        } else {
            says(&ended, words)?;
        }
        if *behaviour != "open/refuse" {
            says(&ended, &["the plugin hostile failed"])?;
        }
        for (name, text) in [("before", BEFORE), ("poison", POISON), ("after", AFTER)] {
            if let Some(flaw) = bench.flaw(name, text) {
                return wrong(&ended, flaw);
            }
        }
        Ok(())
    });
}

/// Workers are killed, so that `close` is not even called; it must not matter.
#[test]
fn a_close_that_kills() {
    let bench = Bench::hostile("", "close/abort");
    let ended = bench.run("json,line,hostile", &["--plugin-dir", "bad"]);
    assert_eq!(ended.status, Some(0), "{ended:?}");
    assert!(bench.output("after.hostile").is_some());
}
