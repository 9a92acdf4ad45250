//! Outputs that cannot be written: told with the place and a way out, nothing half-written.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use casemill_tests::{Folder, SHORT, casemill, letter, skipped, stage, unprivileged};

#[test]
fn a_file_is_in_the_way() {
    let folder = Folder::new();
    let report = folder.write("short.txt", SHORT);
    let out = folder.write("out", "I was here first");
    let ended = casemill(["run", &report, "-o", &out]).run().expect(2);
    ended.says(&[&out, "a file is in its way", "-o"]);
    assert_eq!(folder.read("out"), b"I was here first");
    casemill(["run", &report, "-o", &format!("{out}/deeper")]).run().expect(2).says(&["-o"]);
    casemill(["extract", &report, "-o", &format!("{out}/case.json")]).run().expect(2).says(&[&out]);
}

/// A folder stands where one file should go: this report fails, the others are done.
#[test]
fn a_folder_is_in_the_way() {
    let folder = Folder::new();
    folder.write("one.txt", SHORT);
    folder.write("two.txt", SHORT);
    folder.write("out/one.json/inside", "");
    let ended = casemill(["run", "one.txt", "two.txt", "--to", "json", "-o", "out"]).within(folder.path("")).run();
    ended.expect(3).says(&["one.txt", "out/one.json cannot be written"]);
    assert!(folder.files().contains(&"out/two.json".to_owned()));
    assert!(folder.files().iter().all(|f| !f.ends_with(".tmp")), "{:?}", folder.files());
}

/// What the kind of the output asks for is made.
#[test]
fn folders_are_made() {
    let folder = Folder::new();
    let report = folder.write("short.txt", SHORT);
    casemill(["run", "--quiet", &report, "--to", "json", "-o", &folder.arg("a/b/c")]).run().expect(0);
    assert!(folder.files().contains(&"a/b/c/short.json".to_owned()));
    casemill(["extract", &report, "-o", &folder.arg("d/e/case.json")]).run().expect(0);
    assert!(
        folder.read("d/e/case.json") == folder.read("a/b/c/short.json") || !folder.read("d/e/case.json").is_empty()
    );
}

/// Runs a shell line as root of its own mounts, which vanish with it. `None` where that is not allowed.
fn with_mounts(line: &str, arguments: &[&Path]) -> Option<Output> {
    for flags in [&["-m"][..], &["-r", "-m"]] {
        let works =
            Command::new("unshare").args(flags).args(["sh", "-c", "mount -t tmpfs -o size=64k tmpfs /mnt"]).output();
        if works.is_ok_and(|o| o.status.success()) {
            let mut command = Command::new("unshare");
            command.args(flags).args(["sh", "-c", line, "sh"]).args(arguments);
            command.env("HOME", "/nonexistent").env("XDG_DATA_HOME", "/nonexistent");
            return command.output().ok();
        }
    }
    None
}

#[test]
fn the_disk_is_full() {
    let folder = Folder::new();
    fs::create_dir(folder.path("small")).expect("a folder can be made");
    let line = "mount -t tmpfs -o size=96k tmpfs \"$1\" && \"$2\" run \"$3\" \"$4\" --to json,html -o \"$1/out\"; \
                status=$?; find \"$1/out\" -type f; exit $status";
    let small = folder.write("small.txt", "A 34-year-old woman presented with fever.\n");
    let program = stage().join("casemill");
    let Some(output) = with_mounts(line, &[&folder.path("small"), &program, &letter(), Path::new(&small)]) else {
        skipped("no mount is allowed here; a full disk is not tried");
        return;
    };
    let told = String::from_utf8_lossy(&output.stderr);
    let found = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert!(told.contains("ntrk-letter") && told.contains("No space left"), "{told}");
    assert!(told.contains("free some space or choose another folder with -o"), "{told}");
    assert!(!told.contains("panicked"), "{told}");
    assert!(found.contains("out/small.json") && !found.contains(".tmp"), "{found}\n{told}");
}

#[test]
fn a_read_only_place() {
    let folder = Folder::new();
    fs::create_dir(folder.path("fixed")).expect("a folder can be made");
    let line = "mount -t tmpfs -o ro tmpfs \"$1\" && \"$2\" run \"$3\" -o \"$1/out\"";
    let Some(output) = with_mounts(line, &[&folder.path("fixed"), &stage().join("casemill"), &letter()]) else {
        skipped("no mount is allowed here; a read-only place is not tried");
        return;
    };
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("fixed/out") && told.contains("Read-only file system") && told.contains("-o"), "{told}");
}

/// Without the right to write, as a user who is not root.
#[test]
fn no_right_to_write() {
    let folder = Folder::new();
    let report = folder.write("short.txt", SHORT);
    fs::create_dir(folder.path("closed")).expect("a folder can be made");
    fs::set_permissions(folder.path("closed"), fs::Permissions::from_mode(0o555)).expect("rights can be set");
    let Some(mut command) = unprivileged(&folder) else {
        skipped("this is root and there is no setpriv; the way through a closed folder is not tried");
        return;
    };
    let output = command.args(["run", &report, "-o", &folder.arg("closed/out")]).output().expect("it starts");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("closed/out") && told.contains("Permission denied") && told.contains("-o"), "{told}");
}

/// What was there before stays until the new file is whole, and other files are not touched.
#[test]
fn outputs_of_an_earlier_run() {
    let folder = Folder::new();
    folder.write("short.txt", SHORT);
    folder.write("out/short.json", "old");
    folder.write("out/mine.txt", "mine");
    casemill(["run", "--quiet", "short.txt", "--to", "json", "-o", "out"]).within(folder.path("")).run().expect(0);
    assert_eq!(folder.read("out/mine.txt"), b"mine");
    assert!(folder.json("out/short.json").is_object());
    let mode = fs::metadata(folder.path("out/short.json")).expect("it is there").permissions().mode() & 0o777;
    let usual = fs::metadata(folder.path("out/mine.txt")).expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode, usual, "an output has the rights that any file of this user has");
}

/// Output lies among the inputs: a second run reads reports, not what the first run wrote.
#[test]
fn a_run_into_its_own_folder_can_be_repeated() {
    let folder = Folder::new();
    folder.write("short.txt", SHORT);
    let run = || {
        casemill(["run", "--quiet", ".", "--to", "json,html,csv", "-o", "."]).within(folder.path("")).run().expect(0)
    };
    run();
    let first = folder.files();
    run();
    assert_eq!(folder.files(), first, "nothing is made of what the first run made");
}

#[test]
fn a_record_that_is_none() {
    let folder = Folder::new();
    let record = casemill(["extract"]).args([letter()]).run().expect(0).text();
    folder.write("cut.json", &record[..record.len() / 2]);
    folder.write("other.json", "{\"name\": \"something else\"}");
    folder.write("list.json", "[]");
    // A quote that does not stand where the record says.
    folder.write("forged.json", record.replacen("asthma", "gout", 1));
    folder.write("good.json", &record);
    let ended = casemill(["export", "cut.json", "other.json", "list.json", "forged.json", "missing.json", "good.json"])
        .args(["--to", "html", "-o", "out"])
        .within(folder.path(""))
        .run()
        .expect(3);
    assert_eq!(
        folder.files().iter().filter(|f| f.starts_with("out/") && f.ends_with(".html")).count(),
        1,
        "{}",
        ended.err
    );
    ended.says(&["cut.json: ", "other.json: ", "list.json: ", "forged.json: ", "missing.json: there is no such file"]);
}
