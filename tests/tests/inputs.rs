//! Inputs that give no report: each is named with the place and a way out, and the others of the same run are done.

use std::fs::File;

use casemill_tests::{Ended, Folder, SHORT, casemill, skipped, unprivileged};

/// Runs `inputs` with a good report after them, which must be done.
#[track_caller]
fn beside_a_good_one(folder: &Folder, inputs: &[&str]) -> Ended {
    folder.write("good.txt", SHORT);
    let ended = casemill(["run", "-o", "out", "--to", "json"])
        .args(inputs)
        .args(["good.txt"])
        .within(folder.path(""))
        .run()
        .expect(3);
    assert!(folder.files().contains(&"out/good.json".to_owned()), "{:?}\n{}", folder.files(), ended.err);
    let report = folder.json("out/casemill-run.json");
    let failed: Vec<&serde_json::Value> =
        report["inputs"].as_array().expect("inputs").iter().filter(|i| i["status"] == "failed").collect();
    assert_eq!(failed.len(), inputs.len(), "the run report names each: {report}");
    assert!(failed.iter().all(|f| f["error"].as_str().is_some_and(|e| e.len() > 10)), "{failed:?}");
    ended
}

/// One bad file: what its message must hold, besides its name.
#[track_caller]
fn bad(name: &str, bytes: impl AsRef<[u8]>, words: &[&str]) {
    let folder = Folder::new();
    folder.write(name, bytes);
    beside_a_good_one(&folder, &[name]).says(&[name]).says(words);
}

#[test]
fn a_missing_file() {
    let folder = Folder::new();
    let ended = beside_a_good_one(&folder, &["missing.txt", "no/such/folder/"]);
    ended.says(&["missing.txt: there is no such file or folder", "no/such/folder/: there is no such"]);
}

#[test]
fn a_folder_without_reports() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("empty")).expect("a folder can be made");
    beside_a_good_one(&folder, &["empty"]).says(&["empty: the folder holds no file"]);
    let folder = Folder::new();
    folder.write("pictures/one.png", PNG);
    let alone = casemill(["run", "pictures", "-o", "out"]).within(folder.path("")).run().expect(3);
    alone.says(&["pictures", "no report that a reader knows"]);
}

/// In a folder, what is no report is passed over, and the run report says so.
#[test]
fn pictures_among_reports_are_passed_over() {
    let folder = Folder::new();
    folder.write("in/one.png", PNG);
    folder.write("in/two.txt", SHORT);
    casemill(["run", "in", "-o", "out"]).within(folder.path("")).run().expect(0);
    let report = folder.json("out/casemill-run.json");
    let states: Vec<_> = report["inputs"].as_array().expect("inputs").iter().map(|i| i["status"].clone()).collect();
    assert_eq!(states, ["passed_over", "done"]);
}

#[test]
fn an_empty_file() {
    bad("empty.txt", "", &["the input is empty"]);
    bad("blank.txt", " \r\n\t\n", &["the input is empty"]);
    bad("mark.txt", "\u{feff}", &["the input is empty"]);
}

#[test]
fn one_byte() {
    bad("byte.txt", "x", &["no patient is reported in it"]);
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0";

#[test]
fn files_that_are_no_text() {
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let bytes: Vec<u8> = std::iter::repeat_with(|| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random.to_le_bytes()[3]
    })
    .take(4096)
    .collect();
    bad("random.bin", bytes, &["random.bin: none of the readers knows this kind of file", "text/plain"]);
    bad("picture.png", PNG, &["a PNG image", "give the text of the report"]);
    bad("program", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0", &["a program"]);
    bad("article.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", &["a PDF", "pdftotext"]);
    bad("letter.docx", b"PK\x03\x04\x14\0\x06\0\x08\0\0\0", &["a ZIP archive", "save it as text"]);
    bad("report.txt.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03", &["gzip", "unpack it"]);
    // Binary after a good start.
    bad(
        "nul.txt",
        "A 34-year-old woman\0 presented.",
        &["nul.txt: none of the readers", "offset 19 is a control character"],
    );
    let long = SHORT.repeat(40);
    bad("late.txt", [long.as_bytes(), &[0; 64], SHORT.as_bytes()].concat(), &["offset 10720: a control character"]);
}

#[test]
fn text_in_another_encoding() {
    let utf16 = |mark: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        format!("{mark}{SHORT}").encode_utf16().flat_map(bytes).collect()
    };
    bad("le-mark.txt", utf16("\u{feff}", u16::to_le_bytes), &["utf-16le", "--encoding utf-16le"]);
    bad("be-mark.txt", utf16("\u{feff}", u16::to_be_bytes), &["--encoding utf-16be"]);
    bad("le.txt", utf16("", u16::to_le_bytes), &["--encoding utf-16le"]);
    bad("be.txt", utf16("", u16::to_be_bytes), &["--encoding utf-16be"]);
    let latin: Vec<u8> = SHORT.replace("dry", "na\u{ef}ve").chars().map(|c| c as u8).collect();
    bad("latin.txt", &latin, &["line 1, byte 40", "0xEF is not valid UTF-8", "--encoding windows-1252"]);
    bad("half.txt", [SHORT.as_bytes(), &"é".as_bytes()[..1]].concat(), &["line 2", "not valid UTF-8"]);
    bad("surrogate.txt", [b"A woman \xed\xa0\x80 ", SHORT.as_bytes()].concat(), &["line 1, byte 9"]);
}

/// The way out that the messages name works.
#[test]
fn encodings_are_read_when_named() {
    let folder = Folder::new();
    let odd = SHORT.replace("dry cough", "naïve cough");
    let utf16 = |unit: fn(u16) -> [u8; 2]| odd.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
    folder.write("plain.txt", &odd);
    folder.write("utf-16le.txt", utf16(u16::to_le_bytes));
    folder.write("utf-16be.txt", utf16(u16::to_be_bytes));
    folder.write("windows-1252.txt", odd.chars().map(|c| c as u8).collect::<Vec<u8>>());
    let facts = |name: &str, encoding: &[&str]| {
        let call = casemill(["extract", name]).args(encoding).within(folder.path(""));
        let record = call.run().expect(0).json();
        let origin = record["cases"][0]["subject"]["sex"][0]["evidence"][0]["origin"].clone();
        (record["cases"][0]["findings"].as_array().map(Vec::len), record["document"]["text"].clone(), origin)
    };
    let plain = facts("plain.txt", &[]);
    for encoding in ["utf-16le", "utf-16be", "windows-1252"] {
        let other = facts(&format!("{encoding}.txt"), &["--encoding", encoding]);
        assert_eq!((&other.0, &other.1), (&plain.0, &plain.1), "{encoding}");
    }
    let marked = folder.write("marked.txt", format!("\u{feff}{odd}"));
    assert_eq!(facts(&marked, &[]).0, plain.0, "a byte order mark is no part of the text");
}

#[test]
fn a_file_that_is_too_large() {
    let folder = Folder::new();
    File::create(folder.path("huge.txt")).and_then(|f| f.set_len(200 << 20)).expect("a large file can be made");
    let ended = beside_a_good_one(&folder, &["huge.txt"]);
    assert!(ended.peak > 0 || cfg!(not(target_os = "linux")), "memory was measured");
    assert!(ended.peak < 100 << 20, "{} MiB were held", ended.peak >> 20);
    ended.says(&["huge.txt: has 200.0 MiB", "the limit for one report is 8.0 MiB", "--max-size"]);
}

#[test]
fn a_file_that_cannot_be_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new();
    folder.write("good.txt", SHORT);
    let closed = folder.write("closed.txt", SHORT);
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o000)).expect("rights can be taken");
    let Some(mut command) = unprivileged(&folder) else {
        skipped("this is root and there is no setpriv; the way through an unreadable file is not tried");
        return;
    };
    let output = command.args(["extract", &closed, &folder.arg("good.txt")]).output().expect("it starts");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert!(told.contains("closed.txt: cannot be read: Permission denied"), "{told}");
    assert_eq!(output.stdout.iter().filter(|b| **b == b'\n').count(), 1, "the good one is done");
}

#[test]
fn a_pattern_without_files() {
    let folder = Folder::new();
    let ended = beside_a_good_one(&folder, &["*.xml", "in/["]);
    ended.says(&["*.xml: no file fits the pattern", "in/[: is not a pattern"]);
}

#[test]
fn a_pattern_with_files() {
    let folder = Folder::new();
    for name in ["in/b.txt", "in/a.txt", "in/deep/c.txt", "in/d.md"] {
        folder.write(name, SHORT);
    }
    let names = |pattern: &str| {
        let text = casemill(["extract", "--ndjson", pattern]).within(folder.path("")).run().expect(0).text();
        let line = |l: &str| {
            serde_json::from_str::<serde_json::Value>(l).expect("a record")["document"]["source"]["name"].clone()
        };
        text.lines().map(line).map(|n| n.as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("in/*.txt"), ["in/a.txt", "in/b.txt"]);
    assert_eq!(names("in/**/*.txt"), ["in/a.txt", "in/b.txt", "in/deep/c.txt"]);
}

/// No input at all could be used: still a run report, and exit 3.
#[test]
fn nothing_but_failures() {
    let folder = Folder::new();
    casemill(["run", "missing.txt", "-o", "out"]).within(folder.path("")).run().expect(3);
    assert_eq!(folder.files(), ["out/casemill-run.journal", "out/casemill-run.json"]);
}
