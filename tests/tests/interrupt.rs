//! Ctrl-C in the middle of a large run, and going on afterwards.

use std::time::{Duration, Instant};

use casemill_tests::{Folder, SHORT, casemill, files, same, skipped};
use rustix::process::Signal;

const REPORTS: usize = 40;

fn reports(folder: &Folder) {
    for i in 0..REPORTS {
        folder.write(&format!("in/report-{i:03}.txt"), SHORT.replace("34-year", &format!("{}-year", 20 + i)));
    }
}

/// Starts a run, interrupts it when some reports are done and not all.
fn interrupted(folder: &Folder, signal: Signal) -> bool {
    let running = casemill(["run", "--quiet", "in", "--to", "json,html,csv", "-o", "out", "--jobs", "2"])
        .within(folder.path(""))
        .env("TMPDIR", folder.path("tmp"))
        .start();
    let records = || {
        let out = folder.path("out");
        if out.is_dir() {
            files(&out).iter().filter(|f| f.starts_with("report-") && f.ends_with(".json")).count()
        } else {
            0
        }
    };
    let begun = Instant::now();
    while records() < 6 && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(2));
    }
    running.signal(signal);
    let ended = running.wait();
    if ended.status.code() == Some(0) {
        return false;
    }
    let ended = ended.expect(130);
    ended.says(&["interrupted", "--resume"]);
    true
}

#[test]
fn nothing_is_half_written_and_resume_goes_on() {
    let folder = Folder::new();
    reports(&folder);
    std::fs::create_dir(folder.path("tmp")).expect("a folder can be made");
    if !interrupted(&folder, Signal::INT) {
        skipped("the run was over before it could be interrupted");
        return;
    }
    assert_eq!(files(&folder.path("tmp")), Vec::<String>::new(), "temporary files are left");
    assert_eq!(std::fs::read_dir(folder.path("tmp")).expect("it is there").count(), 0, "temporary folders are left");
    let there = files(&folder.path("out"));
    assert!(there.iter().all(|f| !f.contains(".tmp") && !f.starts_with('.')), "{there:?}");
    for file in there.iter().filter(|f| f.ends_with(".json")) {
        folder.json(&format!("out/{file}"));
    }
    for file in there.iter().filter(|f| f.ends_with(".html")) {
        let page = folder.read(&format!("out/{file}"));
        assert!(page.trim_ascii_end().ends_with(b"</html>"), "{file} is cut off");
    }
    let run = |out: &str, options: &[&str]| {
        casemill(["run", "in", "--to", "json,html,csv", "-o", out])
            .args(options)
            .within(folder.path(""))
            .run()
            .expect(0)
    };
    let resumed = run("out", &["--resume"]);
    let unchanged = resumed.err.lines().filter(|l| l.contains("unchanged since an earlier run")).count();
    assert!((1..REPORTS).contains(&unchanged), "{unchanged} reports were passed over");
    run("whole", &[]);
    // These two say how the work went, not what came of it.
    for out in ["out", "whole"] {
        for file in ["casemill-run.journal", "casemill-run.json"] {
            std::fs::remove_file(folder.path(out).join(file)).expect("a run says how it went");
        }
    }
    same(&folder.path("whole"), &folder.path("out"), "the resumed run");
}

#[test]
fn a_request_to_end_is_heard() {
    let folder = Folder::new();
    reports(&folder);
    std::fs::create_dir(folder.path("tmp")).expect("a folder can be made");
    if !interrupted(&folder, Signal::TERM) {
        skipped("the run was over before it could be ended");
        return;
    }
    assert_eq!(std::fs::read_dir(folder.path("tmp")).expect("it is there").count(), 0, "temporary folders are left");
}

/// What changed since is done again: an input, the formats, a file that is gone.
#[test]
fn resume_does_what_is_new() {
    let folder = Folder::new();
    folder.write("in/a.txt", SHORT);
    folder.write("in/b.txt", SHORT);
    let run = |to: &str| {
        let call = casemill(["run", "in", "--to", to, "-o", "out", "--resume"]).within(folder.path(""));
        let ended = call.run().expect(0);
        let unchanged = |name: &str| ended.err.contains(&format!("in/{name}.txt: unchanged"));
        (unchanged("a"), unchanged("b"))
    };
    assert_eq!(run("json,html"), (false, false));
    assert_eq!(run("json,html"), (true, true));
    folder.write("in/a.txt", SHORT.replace("cough", "rash"));
    assert_eq!(run("json,html"), (false, true));
    std::fs::remove_file(folder.path("out/b.html")).expect("it is there");
    assert_eq!(run("json,html"), (true, false));
    assert_eq!(run("json,phenopacket"), (false, false), "other formats are another run");
    // A journal that was cut off in the middle of a line.
    let journal = folder.read("out/casemill-run.journal");
    folder.write("out/casemill-run.journal", &journal[..journal.len() - 7]);
    let (a, b) = run("json,phenopacket");
    assert!(a != b, "one entry is whole, one is not");
}
