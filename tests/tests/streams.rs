//! Standard input and output.

use std::io::Read as _;
use std::process::{Command, Stdio};

use casemill_tests::{Folder, SHORT, casemill, letter, stage};

#[test]
fn a_report_comes_through_a_pipe() {
    let folder = Folder::new();
    let piped = casemill(["extract", "-"]).stdin(SHORT).run().expect(0).json();
    assert_eq!(piped["document"]["source"]["name"], "-");
    casemill(["run", "--quiet", "-", "-o", &folder.arg("out")]).stdin(SHORT).run().expect(0);
    assert!(folder.files().contains(&"out/stdin.json".to_owned()), "{:?}", folder.files());
    casemill(["extract", "-"]).run().expect(3).says(&["standard input", "empty"]);
    casemill(["extract", "-", "-"]).stdin(SHORT).run().expect(3).says(&["standard input: it can be read only once"]);
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let folder = Folder::new();
    for i in 0..6 {
        folder.write(&format!("{i}.txt"), SHORT);
    }
    let letter = letter();
    let letter = letter.to_str().expect("the path is text");
    let here = folder.arg("");
    for arguments in [
        &["extract", letter][..],
        &["extract", &here, "--ndjson"],
        &["schema"],
        &["rule"],
        &["rule", "--format", "json"],
        &["formats"],
        &["formats", "--format", "json"],
        &["plugins", "list"],
        &["plugins", "info", "export-html"],
        &["plugins", "info", "export-html", "--format", "json"],
        &["validate", letter],
        &["validate", letter, "--format", "json"],
        &["validate", letter, "--format", "sarif"],
        &["validate", letter, "--format", "csv"],
        &["completions", "bash"],
        &["man"],
        &["--help"],
        &["run", "--help"],
    ] {
        let mut child = Command::new(stage().join("casemill"))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        // Closed before anything is written: the hardest case.
        drop(child.stdout.take());
        let mut told = String::new();
        child.stderr.take().expect("a pipe").read_to_string(&mut told).expect("messages are text");
        let status = child.wait().expect("it ends");
        assert!(!told.contains("panicked") && !told.contains("Broken pipe"), "{arguments:?}: {told}");
        assert!(matches!(status.code(), Some(0 | 1)), "{arguments:?}: {status} {told}");
    }
}

#[test]
fn a_full_disk_behind_standard_output_is_told() {
    for arguments in [&["extract"][..], &["validate"], &["validate", "--format", "json"]] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
        let Ok(full) = full else {
            casemill_tests::skipped("there is no /dev/full");
            return;
        };
        let mut command = Command::new(stage().join("casemill"));
        let output =
            command.args(arguments).arg(letter()).stdin(Stdio::null()).stdout(full).output().expect("it starts");
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {told}");
        assert!(
            told.contains("standard output cannot be written") && !told.contains("panicked"),
            "{arguments:?}: {told}"
        );
    }
}

/// Data goes to standard output, everything else to standard error.
#[test]
fn data_and_messages_are_apart() {
    let ended = casemill(["extract", "missing.txt"]).args([letter()]).run().expect(3).says(&["missing.txt"]);
    let text = ended.text();
    assert_eq!(text.lines().count(), 1, "one line for the one report that there is");
    serde_json::from_str::<serde_json::Value>(&text).expect("a line is a record");
}

/// An endless stream is refused at the limit.
#[test]
fn an_endless_stream_is_refused() {
    let Ok(zeros) = std::fs::File::open("/dev/zero") else {
        casemill_tests::skipped("there is no /dev/zero");
        return;
    };
    let mut command = Command::new(stage().join("casemill"));
    let output = command.args(["extract", "-"]).stdin(zeros).output().expect("it starts");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert!(told.contains("standard input") && told.contains("--max-size"), "{told}");
    // The same as a file that has no size.
    casemill(["extract", "/dev/zero"]).run().expect(3).says(&["/dev/zero", "--max-size"]);
}
