//! Which plugins run: those that are pinned, named, or part of the installation.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::bench::{Bench, Ended, POISON, says, with_behaviour};

/// A bench with a hostile exporter of no bad behaviour in the user's own plugin folder.
fn found() -> Bench {
    let bench = Bench::new("");
    bench.write("data/casemill/plugins/hostile.cmplugin", &with_behaviour("call/"));
    bench
}

const FOUND: &str = "data/casemill/plugins/hostile.cmplugin";

/// Runs one report with what search finds.
fn run(bench: &Bench, more: &[&str]) -> Ended {
    let arguments = ["run", "poison.txt", "-o", "out", "--plugin-dir", "good", "--to"];
    bench.casemill(&[&arguments[..], more].concat())
}

fn lock(bench: &Bench) -> std::path::PathBuf {
    bench.path("config/casemill/plugins.lock")
}

fn state(bench: &Bench, id: &str) -> Value {
    let ended = bench.casemill(&["plugins", "list", "--format", "json"]);
    let list: Value = serde_json::from_str(&ended.stdout).unwrap_or_else(|e| panic!("{e}: {ended:?}"));
    let found = list
        .as_array()
        .into_iter()
        .flatten()
        .find(|p| p["id"] == id || p["id"].is_null() && p["file"].as_str().is_some_and(|f| f.contains(id)));
    found.cloned().unwrap_or_default()
}

#[test]
fn a_plugin_that_was_found_runs_once_it_is_trusted() {
    let bench = found();
    let file = bench.path(FOUND).display().to_string();
    let command = format!("`casemill plugins trust {file}`");

    let ended = run(&bench, &["json,line"]);
    assert_eq!(ended.status, Some(0), "{ended:?}");
    says(&ended, &["warning: plugin", "is not trusted", &command]).unwrap();
    assert_eq!(bench.run_report()["plugins_not_used"][0]["state"], "refused");
    assert_eq!(state(&bench, "hostile")["state"], "refused");
    let ended = run(&bench, &["json,hostile"]);
    assert_eq!(ended.status, Some(2), "{ended:?}");
    says(&ended, &[&command, "no plugin writes \"hostile\""]).unwrap();

    // The command as it was told.
    let ended = bench.casemill(&["plugins", "trust", &file]);
    assert_eq!(ended.status, Some(0), "{ended:?}");
    assert!(ended.stdout.contains("hostile 0.1.0") && ended.stdout.contains("plugins.lock"), "{ended:?}");
    let ended = run(&bench, &["json,hostile"]);
    assert_eq!((ended.status, ended.stderr.contains("warning:")), (Some(0), false), "{ended:?}");
    assert_eq!(bench.output("poison.hostile").as_deref(), Some(&*format!("{} bytes\n", POISON.len())));
    assert_eq!(state(&bench, "hostile")["pinned"], true);

    // The same bytes under another name are the same plugin.
    fs::rename(bench.path(FOUND), bench.path("data/casemill/plugins/renamed.cmplugin")).unwrap();
    assert_eq!(run(&bench, &["json,hostile"]).status, Some(0));
    fs::rename(bench.path("data/casemill/plugins/renamed.cmplugin"), bench.path(FOUND)).unwrap();

    let ended = bench.casemill(&["plugins", "trust", "--remove", &file]);
    assert_eq!(ended.status, Some(0), "{ended:?}");
    assert_eq!(state(&bench, "hostile")["state"], "refused");
    assert_eq!(bench.casemill(&["plugins", "trust", "--remove", &file]).status, Some(2));
}

#[test]
fn a_plugin_that_changed_is_not_loaded() {
    let bench = found();
    assert_eq!(bench.casemill(&["plugins", "trust", FOUND]).status, Some(0));
    bench.write(FOUND, &with_behaviour("load/abort"));
    let ended = run(&bench, &["json,line"]);
    assert_eq!(ended.status, Some(0), "{ended:?}");
    says(&ended, &["has changed since it was trusted", "`casemill plugins trust "]).unwrap();
    // It was not even loaded: its constructor would have told.
    assert!(!ended.stderr.contains("SIGABRT"), "{ended:?}");

    // With size and time as they were, it is listed as before, and not loaded either.
    let bench = found();
    assert_eq!(bench.casemill(&["plugins", "trust", FOUND]).status, Some(0));
    let before = fs::metadata(bench.path(FOUND)).unwrap().modified().unwrap();
    bench.write(FOUND, &with_behaviour("open/abort"));
    fs::File::options().write(true).open(bench.path(FOUND)).unwrap().set_modified(before).unwrap();
    assert_eq!(state(&bench, "hostile")["state"], "ready");
    let ended = run(&bench, &["json,line,hostile"]);
    assert_eq!(ended.status, Some(3), "{ended:?}");
    says(&ended, &["the plugin hostile failed", "is not loaded"]).unwrap();
    assert!(!ended.stderr.contains("SIGABRT"), "{ended:?}");
    assert_eq!(bench.flaw("poison", POISON), None);
}

#[test]
fn a_plugin_that_is_named_runs_with_a_warning() {
    let bench = found();
    let ended = run(&bench, &["json,hostile", "--plugin", FOUND]);
    assert_eq!(ended.status, Some(0), "{ended:?}");
    says(&ended, &["warning:", "is not trusted; it runs because --plugin names it", "`casemill plugins trust "])
        .unwrap();
    assert!(bench.output("poison.hostile").is_some());
    assert_eq!(bench.casemill(&["plugins", "trust", FOUND]).status, Some(0));
    let ended = run(&bench, &["json,hostile", "--plugin", FOUND]);
    assert_eq!((ended.status, ended.stderr.contains("warning:")), (Some(0), false), "{ended:?}");
    bench.write(FOUND, &with_behaviour("close/"));
    let ended = run(&bench, &["json,hostile", "--plugin", FOUND]);
    assert_eq!(ended.status, Some(0), "{ended:?}");
    says(&ended, &["has changed since it was trusted"]).unwrap();
}

#[test]
fn a_folder_in_the_environment_is_searched_and_not_named() {
    let bench = found();
    let folder = bench.path("data/casemill/plugins");
    let list = |environment: &[(&str, &Path)]| {
        bench.casemill_with(&["formats", "--format", "json"], environment).stdout.contains("hostile")
    };
    let elsewhere = bench.path("nowhere");
    let environment = [("CASEMILL_PLUGIN_PATH", &*folder), ("XDG_DATA_HOME", &*elsewhere)];
    assert!(!list(&environment));
    // A lock that came with the plugins pins nothing there: who wrote the one wrote the other.
    let beside = folder.join("plugins.lock").display().to_string();
    assert_eq!(bench.casemill(&["plugins", "trust", "--lock", &beside, FOUND]).status, Some(0));
    assert!(!list(&environment));
    assert_eq!(bench.casemill(&["plugins", "trust", FOUND]).status, Some(0));
    assert!(list(&environment));
    // The current directory is never searched.
    let here = Bench::new("");
    here.write("hostile.cmplugin", &with_behaviour("call/"));
    here.write("plugins/hostile.cmplugin", &with_behaviour("call/"));
    assert_eq!(here.casemill(&["formats"]).stdout, "");
}

#[test]
fn listing_runs_nothing_that_a_lock_knows() {
    let bench = found();
    assert_eq!(bench.casemill(&["plugins", "trust", FOUND]).status, Some(0));
    // What the lock says is shown, so nobody was asked.
    let text = fs::read_to_string(lock(&bench)).unwrap();
    fs::write(lock(&bench), text.replace("does what a plugin must not do", "as the lock has it")).unwrap();
    assert_eq!(state(&bench, "hostile")["summary"], "as the lock has it");
    // A copy that was made later has another time of change; its bytes are hashed and known.
    let later = std::time::SystemTime::now() + std::time::Duration::from_secs(60);
    fs::File::options().write(true).open(bench.path(FOUND)).unwrap().set_modified(later).unwrap();
    assert_eq!(state(&bench, "hostile")["summary"], "as the lock has it");
    // Another version of casemill asks again; the pin stands.
    let text = fs::read_to_string(lock(&bench)).unwrap();
    let version = format!("\"casemill\": \"{}\"", env!("CARGO_PKG_VERSION"));
    assert!(text.contains(&version), "{text}");
    fs::write(lock(&bench), text.replace(&version, "\"casemill\": \"0.0.1\"")).unwrap();
    assert_eq!(state(&bench, "hostile")["summary"], "does what a plugin must not do");
}

#[test]
fn a_damaged_lock_is_told_and_kept() {
    let bench = found();
    bench.write("config/casemill/plugins.lock", b"{\"form\": 1, \"plugins\": [{\"fil");
    let ended = run(&bench, &["json,line"]);
    assert_eq!(ended.status, Some(0), "{ended:?}");
    says(&ended, &["warning:", "plugins.lock: is damaged", "is not trusted"]).unwrap();
    let ended = bench.casemill(&["plugins", "trust", FOUND]);
    assert_eq!(ended.status, Some(2), "{ended:?}");
    says(&ended, &["plugins.lock: is damaged"]).unwrap();
    assert!(fs::read_to_string(lock(&bench)).unwrap().ends_with("{\"fil"));
}

/// A folder that the user names, like the one beside the program: what is copied into it is there; what a lock beside
/// the files knows must be as it was.
#[test]
fn a_folder_that_is_named_needs_no_pins() {
    let bench = Bench::new("");
    fs::create_dir(bench.path("plugins")).unwrap();
    let formats = || {
        let ended = bench.casemill(&["formats", "--no-default-plugins", "--plugin-dir", "plugins"]);
        assert_eq!(ended.status, Some(0), "{ended:?}");
        ended
    };
    assert_eq!(formats().stdout, "");
    bench.write("plugins/hostile.cmplugin", &with_behaviour("call/"));
    assert!(formats().stdout.contains("hostile"));
    let ended = bench.casemill(&["plugins", "trust", "--lock", "plugins/plugins.lock", "plugins/hostile.cmplugin"]);
    assert_eq!(ended.status, Some(0), "{ended:?}");
    let text = fs::read_to_string(bench.path("plugins/plugins.lock")).unwrap();
    // Names and no paths: the folder can be moved.
    assert!(text.contains("\"file\": \"hostile.cmplugin\""), "{text}");
    fs::rename(bench.path("plugins"), bench.path("moved")).unwrap();
    fs::rename(bench.path("moved"), bench.path("plugins")).unwrap();
    assert!(formats().stdout.contains("hostile"));
    // A second plugin needs no pin.
    bench.write("plugins/good.cmplugin", &with_behaviour(""));
    assert!(formats().stdout.contains("line"));
    // Damage does not go unseen.
    bench.write("plugins/hostile.cmplugin", &with_behaviour("describe/"));
    let ended = bench.casemill(&["plugins", "list", "--no-default-plugins", "--plugin-dir", "plugins"]);
    assert!(
        ended.stdout.contains("refused") && ended.stdout.contains("is not the file that plugins.lock beside it pins"),
        "{ended:?}"
    );
    assert!(!formats().stdout.contains("hostile"));
}

#[test]
fn a_shadowed_plugin_is_told() {
    let bench = Bench::new("");
    bench.write("other/good.cmplugin", &with_behaviour("good/no-exporter"));
    let ended = bench.run("json,line", &["--plugin-dir", "other"]);
    assert_eq!(ended.status, Some(0), "{ended:?}");
    let unused = &bench.run_report()["plugins_not_used"][0];
    assert_eq!((&unused["id"], &unused["state"]), (&"good".into(), &"shadowed".into()), "{unused}");
    let arguments = ["plugins", "list", "--no-default-plugins", "--plugin-dir", "good", "--plugin-dir", "other"];
    let ended = bench.casemill(&arguments);
    assert!(ended.stdout.contains("shadowed") && ended.stdout.contains("good/good.cmplugin is used"), "{ended:?}");
}
