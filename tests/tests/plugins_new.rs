//! What `casemill plugins new` makes: it builds outside the repository, its tests pass, the kit passes, it runs.

use std::fs;
use std::path::{Path, PathBuf};

use casemill_tests::{root, skipped, stage};

use crate::plugins_common::{c_compiler, cargo, casemill, crates_target, library, ran, read};

const LETTER: &str = "A 46-year-old woman presented with cough. She was a former smoker. Crizotinib was started.\n";

fn made(folder: &Path, kind: &str, name: &str) -> PathBuf {
    casemill(folder, ["plugins", "new", kind, name]).ok();
    fs::write(folder.join("letter.txt"), LETTER).unwrap();
    folder.join(name)
}

/// Runs cargo in a made crate.
#[track_caller]
fn build(folder: &Path, arguments: &[&str]) {
    let mut command = cargo();
    command.current_dir(folder).args(arguments).arg("--target-dir").arg(crates_target());
    let built = ran(command.output().unwrap());
    assert_eq!(built.status, 0, "{arguments:?}\n{}\n{}", built.out, built.err);
}

/// The library that cargo built, put aside, for crates share a target folder.
fn plugin(folder: &Path, name: &str, profile: &str) -> String {
    let file = folder.join(format!("{name}.cmplugin"));
    fs::copy(crates_target().join(profile).join(library(name)), &file).unwrap();
    file.to_string_lossy().into_owned()
}

#[test]
fn every_kind_builds_is_tested_checked_and_run() {
    for kind in ["exporter", "validator", "extractor", "reader"] {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path();
        let name = format!("my-{kind}");
        let made = made(here, kind, &name);
        build(&made, &["test", "--quiet"]);
        // The debug profile, whatever the profile of the program.
        build(&made, &["build", "--quiet"]);
        let file = plugin(here, &name, "debug");
        casemill(here, ["plugins", "check", &file]).ok();
        match kind {
            "exporter" => {
                casemill(here, ["run", "letter.txt", "--plugin", &file, "--to", &name, "-o", "out"]).ok();
                assert!(read(here.join(format!("out/letter.{name}.txt"))).starts_with("46 years, female"));
            }
            "validator" => {
                let told = casemill(here, ["validate", "letter.txt", "--plugin", &file]).ok().out;
                assert!(told.contains("MY001") && told.contains("no dose of crizotinib"), "{told}");
            }
            "extractor" => {
                let record = casemill(here, ["extract", "letter.txt", "--plugin", &file]).ok().out;
                assert!(record.contains("my-extractor/smoking") && record.contains("former smoker"), "{record}");
            }
            _ => {
                fs::write(here.join("note.txt"), format!("#{name}\n{LETTER}")).unwrap();
                let record = casemill(here, ["extract", "note.txt", "--plugin", &file]).ok().out;
                assert!(record.contains("\"text/x-my-reader\""), "{record}");
            }
        }
    }
}

/// Nothing of a plugin's build crosses the boundary: other features of the same crates, other profile.
#[test]
fn a_plugin_with_other_dependencies_works_in_either_profile() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let made = made(here, "exporter", "other");
    let manifest = made.join("Cargo.toml");
    // Another layout of numbers than the program has.
    let text = read(&manifest).replace(
        "[dependencies]\n",
        "[dependencies]\nserde_json = { version = \"1\", features = [\"arbitrary_precision\"] }\n",
    );
    fs::write(&manifest, text).unwrap();
    for profile in ["debug", "release"] {
        build(&made, if profile == "debug" { &["build", "--quiet"] } else { &["build", "--quiet", "--release"] });
        let file = plugin(here, "other", profile);
        for in_process in [None, Some("--in-process")] {
            let output = format!("out-{profile}-{}", in_process.is_some());
            let arguments = ["run", "letter.txt", "--plugin", &file, "--to", "other", "-o", &output];
            casemill(here, arguments.into_iter().chain(in_process)).ok();
            assert!(read(here.join(&output).join("letter.other.txt")).contains("crizotinib"));
        }
    }
}

#[test]
fn nothing_is_overwritten_and_names_are_checked() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let made = made(here, "exporter", "mine");
    fs::write(made.join("src/lib.rs"), "// my work").unwrap();
    let told = casemill(here, ["plugins", "new", "exporter", "mine"]).fails(2).err;
    assert!(told.contains("is there already and nothing is ever overwritten"), "{told}");
    assert_eq!(read(made.join("src/lib.rs")), "// my work");
    for (name, hint) in [("TumourBoard", "`tumour-board` can"), ("../up", "`up` can"), ("test", "`test-plugin` can")] {
        let told = casemill(here, ["plugins", "new", "exporter", name]).fails(2).err;
        assert!(told.contains("cannot be the name of a plugin") && told.contains(hint), "{told}");
    }
    let told = casemill(here, ["plugins", "new", "reader", "mine-c", "--lang", "c"]).fails(2).err;
    assert!(told.contains("--lang c makes exporters"), "{told}");
    casemill(here, ["plugins", "new", "exporter", "elsewhere", "--path", "some/where"]).ok();
    assert!(here.join("some/where/Cargo.toml").is_file());
    let told = casemill(here, ["plugins", "new", "exporter", "no-sdk", "--sdk", "some"]).fails(2).err;
    assert!(told.contains("does not hold the SDK"), "{told}");
    assert!(!here.join("no-sdk").exists());
}

/// As on a machine with an installation and without the repository.
#[test]
fn the_staged_sdk_is_enough() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    assert!(stage().join("sdk/include/casemill_plugin.h").is_file());
    // Copied, as it is carried to another machine: nothing of it refers to the repository.
    for file in casemill_tests::files(&stage().join("sdk")) {
        let target = here.join("sdk").join(&file);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(stage().join("sdk").join(&file), target).unwrap();
    }
    casemill(here, ["plugins", "new", "exporter", "beside"]).ok();
    assert!(
        read(here.join("beside/Cargo.toml")).contains(&*stage().canonicalize().unwrap().join("sdk").to_string_lossy())
    );
    casemill(here, ["plugins", "new", "exporter", "staged", "--sdk", "sdk"]).ok();
    let manifest = read(here.join("staged/Cargo.toml"));
    assert!(!manifest.contains(&*root().to_string_lossy()), "{manifest}");
    build(&here.join("staged"), &["test", "--quiet"]);
}

#[test]
fn c_is_built_with_make_or_its_line() {
    let Some(compiler) = c_compiler("an exporter in C") else { return };
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    casemill(here, ["plugins", "new", "exporter", "words", "--lang", "c"]).ok();
    fs::write(here.join("letter.txt"), LETTER).unwrap();
    let made = here.join("words");
    let line = read(made.join("README.md"));
    let line = line.split('`').find(|part| part.starts_with("cc ")).expect("a build line");
    let arguments: Vec<&str> = line.split(' ').skip(1).chain(["-Wall", "-Wextra", "-Werror"]).collect();
    let built = ran(std::process::Command::new(compiler).current_dir(&made).args(arguments).output().unwrap());
    assert_eq!(built.status, 0, "{}", built.err);
    let file = made.join("words.cmplugin").to_string_lossy().into_owned();
    casemill(here, ["plugins", "check", &file]).ok();
    casemill(here, ["run", "letter.txt", "--plugin", &file, "--to", "words", "-o", "out"]).ok();
    assert!(read(here.join("out/letter.words.txt")).starts_with("14 words\nA 46-year-old woman"));
    match std::process::Command::new("make").current_dir(&made).arg("clean").arg("words.cmplugin").output() {
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => skipped(&format!("the Makefile: there is no make ({error})")),
    }
}
