//! Names of files and folders.

use casemill_tests::{Folder, SHORT, casemill};

#[test]
fn two_inputs_with_one_name_do_not_overwrite_each_other() {
    let folder = Folder::new();
    folder.write("a/case.txt", SHORT);
    folder.write("b/case.txt", SHORT.replace("woman", "man").replace("She", "He"));
    folder.write("b/case.xml", SHORT);
    casemill(["run", "--quiet", "a", "b", "--to", "json,html", "-o", "out"]).within(folder.path("")).run().expect(0);
    let report = folder.json("out/casemill-run.json");
    let mut all = Vec::new();
    for input in report["inputs"].as_array().expect("inputs") {
        let files = input["files"].as_array().expect("files");
        let record = files.iter().filter_map(|f| f.as_str()).find(|f| f.ends_with(".json")).expect("a record");
        let name = folder.json(&format!("out/{record}"))["document"]["source"]["name"].clone();
        assert_eq!(name, input["input"], "the file that is said to be of an input is of that input");
        all.extend(files.iter().map(|f| f.as_str().unwrap_or_default().to_owned()));
    }
    all.sort();
    let count = all.len();
    all.dedup();
    assert_eq!((all.len(), count), (6, 6), "{all:?}");
}

/// Names of outputs derive from those of inputs, and two of them never meet, whatever the inputs are called.
#[test]
fn names_made_unique_stay_unique() {
    let folder = Folder::new();
    for name in ["a/x.txt", "b/x.txt", "c/x.txt-2", "x.txt-2.txt", "casemill-run.txt", "X.TXT"] {
        folder.write(&format!("in/{name}"), SHORT);
    }
    casemill(["run", "--quiet", "in", "--to", "json", "-o", "out"]).within(folder.path("")).run().expect(0);
    let report = folder.json("out/casemill-run.json");
    let mut names: Vec<String> = report["inputs"]
        .as_array()
        .expect("the run report is that of the run")
        .iter()
        .map(|i| i["files"][0].as_str().expect("a file").to_owned())
        .collect();
    names.sort();
    let count = names.len();
    names.dedup();
    assert_eq!((names.len(), count), (6, 6), "{names:?}");
    assert!(!names.contains(&"casemill-run.json".to_owned()), "{names:?}");
}

#[test]
fn odd_names_are_kept() {
    let folder = Folder::new();
    for name in ["a b.txt", "fièvre ALK⁺.txt", "report (1).v2.txt", "-dash.txt", "quote'\".txt", "emoji 🩻.txt"] {
        folder.write(&format!("in/{name}"), SHORT);
    }
    casemill(["run", "--quiet", "in", "--to", "json", "-o", "out"]).within(folder.path("")).run().expect(0);
    let files = folder.files();
    for name in ["a b.json", "fièvre ALK⁺.json", "report (1).v2.json", "-dash.json", "emoji 🩻.json"] {
        assert!(files.contains(&format!("out/{name}")), "{name}: {files:?}");
    }
    // After `--` a name may look like an option.
    let input = folder.path("in");
    casemill(["extract", "--", "-dash.txt"]).within(input).run().expect(0);
}

/// A name with a line break neither breaks lines of messages nor reaches the names of outputs.
#[test]
fn a_line_break_in_a_name() {
    let folder = Folder::new();
    folder.write("in/two\nlines.txt", SHORT);
    folder.write("in/bad\nname\x1b[31m.txt", "x");
    let ended = casemill(["run", "in", "--to", "json", "-o", "out"]).within(folder.path("")).run().expect(3);
    assert!(folder.files().contains(&"out/two_lines.json".to_owned()), "{:?}", folder.files());
    assert!(!ended.err.contains('\x1b'), "a name can do nothing to the terminal");
    assert!(ended.err.lines().any(|l| l.contains("bad name") && l.contains("no patient")), "{}", ended.err);
    assert!(ended.err.lines().any(|l| l.contains("two lines.txt: 1 patient")), "{}", ended.err);
}

/// A name that is not Unicode is an input like others.
#[test]
#[cfg(target_os = "linux")]
fn a_name_that_is_not_unicode() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = Folder::new();
    let name = std::ffi::OsStr::from_bytes(b"fi\xe8vre.txt");
    std::fs::create_dir(folder.path("in")).expect("a folder can be made");
    std::fs::write(folder.path("in").join(name), SHORT).expect("such a file can be written");
    casemill(["run", "--quiet", "in", "--to", "json", "-o", "out"]).within(folder.path("")).run().expect(0);
    assert!(folder.files().iter().any(|f| f.starts_with("out/fi") && f.ends_with("vre.json")), "{:?}", folder.files());
    casemill(["extract"]).args([folder.path("in").join(name)]).run().expect(0);
}

#[test]
fn links_that_lead_in_circles() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new();
    folder.write("in/deep/report.txt", SHORT);
    symlink("..", folder.path("in/deep/up")).expect("a link can be made");
    symlink("self", folder.path("in/self")).expect("a link can be made");
    symlink("gone.txt", folder.path("in/dangling.txt")).expect("a link can be made");
    symlink("deep/report.txt", folder.path("in/link.txt")).expect("a link can be made");
    casemill(["run", "--quiet", "in", "--to", "json", "-o", "out"]).within(folder.path("")).run().expect(0);
    let report = folder.json("out/casemill-run.json");
    let names: Vec<_> = report["inputs"].as_array().expect("inputs").iter().map(|i| i["input"].clone()).collect();
    assert_eq!(names, ["in/deep/report.txt", "in/link.txt"]);
    casemill(["extract", "in/self"]).within(folder.path("")).run().expect(3).says(&["in/self"]);
}

#[test]
fn deep_folders() {
    let folder = Folder::new();
    let deep = (0..120).map(|i| format!("d{i}")).collect::<Vec<_>>().join("/");
    folder.write(&format!("in/{deep}/report.txt"), SHORT);
    casemill(["run", "--quiet", "in", "--to", "json", "-o", "out"]).within(folder.path("")).run().expect(0);
    assert!(folder.files().contains(&"out/report.json".to_owned()));
}

#[test]
fn hidden_files_are_left_alone() {
    let folder = Folder::new();
    folder.write("in/.hidden.txt", SHORT);
    folder.write("in/.git/config.txt", SHORT);
    folder.write("in/shown.txt", SHORT);
    casemill(["run", "--quiet", "in", "--to", "json", "-o", "out"]).within(folder.path("")).run().expect(0);
    let report = folder.json("out/casemill-run.json");
    assert_eq!(report["inputs"].as_array().map(Vec::len), Some(1));
}

/// The longest name that a file can have leaves no room for an ending.
#[test]
fn a_name_as_long_as_names_can_be() {
    let folder = Folder::new();
    let long = "n".repeat(251);
    folder.write(&format!("in/{long}.txt"), SHORT);
    folder.write("in/short.txt", SHORT);
    casemill(["run", "--quiet", "in", "--to", "json,phenopacket", "-o", "out"]).within(folder.path("")).run().expect(0);
    let files = folder.files();
    assert!(files.iter().filter(|f| f.starts_with("out/nnnn")).count() >= 2, "{files:?}");
}
