//! Plugins are found and loaded when the program runs; nothing is built in.

use std::fs;
use std::path::Path;

use casemill_tests::{Folder, SHORT, casemill, casemill_at, files, same, stage, xtask};

fn formats(program: &Path) -> String {
    casemill_at(program, ["formats"]).run().expect(0).text()
}

fn copy(from: &Path, to: &Path) {
    for file in files(from) {
        let target = to.join(&file);
        fs::create_dir_all(target.parent().expect("a file lies in a folder")).expect("a folder can be made");
        fs::copy(from.join(&file), target).expect("a file can be copied");
    }
}

/// The program alone knows no format; a plugin file that is put beside it brings one, and takes it away again.
#[test]
fn a_format_comes_and_goes_with_its_file() {
    let folder = Folder::new();
    let program = folder.path("casemill");
    fs::copy(stage().join("casemill"), &program).expect("the program can be copied");
    fs::create_dir(folder.path("plugins")).expect("a folder can be made");
    assert_eq!(formats(&program), "");
    let file = folder.path("plugins/export-html.cmplugin");
    fs::copy(stage().join("plugins/export-html.cmplugin"), &file).expect("a plugin can be copied");
    let with = formats(&program);
    assert!(with.contains("text/html") && with.contains("export-html"), "{with}");
    fs::remove_file(file).expect("a plugin can be removed");
    assert_eq!(formats(&program), "");
    let report = folder.write("short.txt", SHORT);
    casemill_at(&program, ["run", &report, "--to", "json", "-o", &folder.arg("out")]).run().expect(3).says(&[
        "short.txt",
        "no reader plugin is installed",
        "casemill plugins list",
    ]);
}

#[test]
fn no_plugin_is_used_that_was_not_asked_for() {
    let empty = casemill(["formats", "--no-default-plugins"]).run().expect(0);
    assert_eq!(empty.text(), "");
    let file = stage().join("plugins/export-table.cmplugin");
    let named =
        casemill(["formats", "--no-default-plugins", "--format", "json", "--plugin"]).args([&file]).run().expect(0);
    let names: Vec<_> = named.json().as_array().expect("a list").iter().map(|f| f["plugin"].clone()).collect();
    assert_eq!(names, ["export-table"]);
    let path = casemill(["formats"]).env("CASEMILL_PLUGIN_PATH", stage().join("plugins")).run().expect(0).text();
    assert_eq!(path, casemill(["formats"]).run().text(), "the same plugins by the environment");
}

/// A folder of plugins in the current directory is not searched.
#[test]
fn the_current_directory_is_not_trusted() {
    let folder = Folder::new();
    copy(&stage().join("plugins"), &folder.path("plugins"));
    let program = folder.path("bin/casemill");
    fs::create_dir(folder.path("bin")).expect("a folder can be made");
    fs::copy(stage().join("casemill"), &program).expect("the program can be copied");
    let found = casemill_at(&program, ["formats"]).within(folder.path("")).run().expect(0).text();
    assert_eq!(found, "");
}

#[test]
fn the_stage_works_wherever_it_lies() {
    let folder = Folder::new();
    let there = folder.path("far away/ünïcode and spaces");
    copy(stage(), &there);
    let report = folder.write("short.txt", SHORT);
    for (program, out) in [(there.join("casemill"), "there"), (stage().join("casemill"), "here")] {
        casemill_at(&program, ["run", "--quiet", &report, "-o", &folder.arg(out)]).run().expect(0);
    }
    same(&folder.path("here"), &folder.path("there"), "the copied stage");
}

#[test]
fn the_installed_program_works() {
    let folder = Folder::new();
    let told = xtask(&["install", "--debug", "--root", &folder.arg("root")]);
    assert!(told.contains(&folder.arg("root/bin/casemill")), "{told}");
    let program = folder.path("root/bin/casemill");
    assert_eq!(formats(&program), formats(&stage().join("casemill")));
    let report = folder.write("short.txt", SHORT);
    casemill_at(&program, ["run", "--quiet", &report, "--to", "html", "-o", &folder.arg("out")]).run().expect(0);
    assert!(folder.files().contains(&"out/short.html".to_owned()));
    // Once more over what is there.
    xtask(&["install", "--debug", "--root", &folder.arg("root")]);
    assert!(!formats(&program).is_empty());
}

/// A file that is no plugin is named with the reason, and the others work.
#[test]
fn a_file_that_is_no_plugin_harms_nobody() {
    let folder = Folder::new();
    folder.write("plugins/text.cmplugin", "this is not a library");
    folder.write("plugins/empty.cmplugin", "");
    let whole = fs::read(stage().join("plugins/read-text.cmplugin")).expect("a plugin can be read");
    folder.write("plugins/cut.cmplugin", &whole[..4096]);
    folder.write("plugins/readme.txt", "not looked at");
    let directory = ["--plugin-dir".to_owned(), folder.arg("plugins")];
    let list = casemill(["plugins", "list", "--format", "json"]).args(&directory).run().expect(0).json();
    let unusable: Vec<String> = list
        .as_array()
        .expect("a list")
        .iter()
        .filter(|p| p["state"] == "unusable")
        .map(|p| {
            let reason = p["reason"].as_str().unwrap_or_default();
            assert!(reason.contains("cannot be loaded") || reason.contains("cut off or damaged"), "{p}");
            p["file"].as_str().and_then(|f| f.rsplit('/').next()).unwrap_or_default().to_owned()
        })
        .collect();
    assert_eq!(unusable, ["cut.cmplugin", "empty.cmplugin", "text.cmplugin"]);
    let report = folder.write("short.txt", SHORT);
    casemill(["run", "--quiet", &report, "-o", &folder.arg("out")])
        .args(&directory)
        .run()
        .expect(0)
        .says(&["text.cmplugin", "cut.cmplugin"]);
}

#[test]
fn the_first_of_two_plugins_with_one_name_is_used() {
    let folder = Folder::new();
    fs::copy(stage().join("plugins/export-html.cmplugin"), folder.path("mine.cmplugin")).expect("it can be copied");
    let list =
        casemill(["plugins", "list", "--format", "json", "--plugin-dir", &folder.arg("")]).run().expect(0).json();
    let states: Vec<(&str, &str)> = list
        .as_array()
        .expect("a list")
        .iter()
        .filter(|p| p["id"] == "export-html")
        .map(|p| (p["state"].as_str().unwrap_or_default(), p["file"].as_str().unwrap_or_default()))
        .collect();
    assert_eq!(states.len(), 2, "{states:?}");
    assert!(states.iter().any(|(state, file)| *state == "ready" && file.ends_with("mine.cmplugin")), "{states:?}");
    assert!(states.iter().any(|(state, file)| *state == "shadowed" && file.ends_with("export-html.cmplugin")));
}

#[test]
fn info_takes_a_name_or_a_file() {
    let by_name = casemill(["plugins", "info", "export-html"]).run().expect(0).text();
    assert!(by_name.contains("text/html"), "{by_name}");
    let file = stage().join("plugins/export-html.cmplugin");
    let by_file = casemill(["plugins", "info"]).args([&file]).run().expect(0).text();
    assert_eq!(by_name, by_file);
    let json = casemill(["plugins", "info", "export-html", "--format", "json"]).run().expect(0).json();
    assert_eq!(json["id"], "export-html");
    // A plugin that is named by option is known by its name, too.
    let named = casemill(["plugins", "info", "export-html", "--no-default-plugins", "--plugin"]).args([&file]).run();
    assert_eq!(named.expect(0).text(), by_name);
    casemill(["plugins", "info", "/nonexistent.cmplugin"]).run().expect(2).says(&["/nonexistent.cmplugin"]);
}
