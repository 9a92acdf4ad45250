//! The examples at work: checked by the kit, run by the program.

use std::fs;
use std::path::Path;

use casemill_tests::{root, stage};
use serde_json::Value;

use crate::plugins_common::{EXAMPLES, c_compiler, casemill, examples, product, ran, read};

const LETTER: &str = "A 46-year-old woman presented with cough and weight loss. She had worked with asbestos for 20 years. \
    She had never smoked tobacco. A biopsy of the lung showed adenocarcinoma. Alectinib was started.\n";

fn plugin(name: &str) -> String {
    examples().join(format!("{name}.cmplugin")).to_string_lossy().into_owned()
}

/// Runs the kit; it must pass, and say so in both forms.
fn conforms(file: &str) {
    let folder = tempfile::tempdir().unwrap();
    let text = casemill(folder.path(), ["plugins", "check", file]);
    assert_eq!(text.status, 0, "{file}\n{}\n{}", text.out, text.err);
    let json: Value =
        serde_json::from_str(&casemill(folder.path(), ["plugins", "check", file, "--format", "json"]).ok().out)
            .unwrap();
    let checks = json["checks"].as_array().unwrap();
    assert!(checks.len() > 20, "{file}: {} checks", checks.len());
    assert!(checks.iter().all(|c| c["outcome"] != "failed"), "{json:#}");
}

#[test]
fn examples_conform() {
    EXAMPLES.iter().for_each(|name| conforms(&plugin(name)));
}

#[test]
fn plugins_of_the_product_conform() {
    let folder = stage().join("plugins");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "cmplugin")) {
        conforms(&file.to_string_lossy());
    }
}

#[test]
fn an_entity_type_of_its_own_reaches_record_and_exports() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("letter.txt"), LETTER).unwrap();
    let arguments =
        ["run", "letter.txt", "--plugin", &plugin("extract-exposure"), "--to", "json,html,csv", "-o", "out"];
    casemill(folder.path(), arguments).ok();
    let out = folder.path().join("out");
    let record: Value = serde_json::from_str(&read(out.join("letter.json"))).unwrap();
    let case = &record["cases"][0];
    assert_eq!(record["cases"].as_array().unwrap().len(), 1, "both extractors see one patient");
    assert!(case["treatments"].as_array().is_some_and(|t| !t.is_empty()), "{case:#}");
    let facts = case["plugin_facts"].as_array().unwrap();
    let told: Vec<(&str, &str)> =
        facts.iter().map(|f| (f["value"]["label"].as_str().unwrap(), f["assertion"].as_str().unwrap())).collect();
    assert_eq!(told, [("asbestos", "present"), ("tobacco smoke", "absent")]);
    for fact in facts {
        let evidence = &fact["evidence"][0];
        let span = |name: &str, i: usize| evidence[name][i].as_u64().unwrap() as usize;
        assert_eq!(&LETTER[span("origin", 0)..span("origin", 1)], evidence["quote"].as_str().unwrap());
        assert_eq!(evidence["by"], "extract-exposure");
    }
    let page = read(out.join("letter.html"));
    assert!(page.contains("Further facts") && page.contains("Asbestos"), "the page does not show it");
    let table = read(out.join("tables/plugin_facts.csv"));
    assert!(table.contains("extract-exposure,exposure") && table.contains("asbestos"), "{table}");
    assert!(read(out.join("tables/plugin_fact_fields.csv")).contains("kind,occupational"));
}

#[test]
fn the_order_of_plugins_makes_no_difference() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("letter.txt"), LETTER).unwrap();
    let (narrative, exposure) = (product("extract-narrative"), plugin("extract-exposure"));
    let extract = |first: &str, second: &str| {
        casemill(folder.path(), ["extract", "letter.txt", "--plugin", first, "--plugin", second]).ok().out
    };
    assert_eq!(extract(&narrative, &exposure), extract(&exposure, &narrative));
}

#[test]
fn options_are_set_checked_and_shown() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fs::write(here.join("letter.txt"), LETTER).unwrap();
    let board = plugin("tumour-board");
    let run = |set: &[&str]| {
        let mut arguments = vec!["run", "letter.txt", "--plugin", &board, "--to", "tumour-board", "-o", "out"];
        set.iter().for_each(|s| arguments.extend(["--set", s]));
        casemill(here, arguments)
    };
    let page = || read(here.join("out/letter.tumour-board.md"));
    run(&[]).ok();
    assert!(page().contains("- alectinib: given - \"Alectinib\""), "{}", page());
    run(&["tumour-board.quotes=no"]).ok();
    assert!(!page().contains('"'), "{}", page());

    let told = run(&["tumour-board.qoutes=no"]).fails(2).err;
    assert!(told.contains("option `qoutes` of tumour-board") && told.contains("did you mean `quotes`?"), "{told}");
    let told = run(&["tumour-bord.quotes=no"]).fails(2).err;
    assert!(told.contains("no plugin `tumour-bord`; did you mean `tumour-board`?"), "{told}");
    let told = run(&["tumour-board.quotes=perhaps"]).fails(2).err;
    assert!(told.contains("\"perhaps\" is not yes or no"), "{told}");
    let told = run(&["quotes=no"]).fails(2).err;
    assert!(told.contains("PLUGIN.OPTION=VALUE"), "{told}");

    fs::write(here.join("casemill.toml"), "[options.tumour-board]\nquotes = false\n").unwrap();
    run(&[]).ok();
    assert!(!page().contains('"'), "the settings file is not heeded:\n{}", page());
    run(&["tumour-board.quotes=yes"]).ok();
    assert!(page().contains('"'), "the command line comes last:\n{}", page());
    fs::write(here.join("casemill.toml"), "[options.tumour-board]\nquotes = \"no\"\n").unwrap();
    let told = run(&[]).fails(2).err;
    assert!(told.contains("casemill.toml: option `quotes` of tumour-board: \"no\" is not yes or no"), "{told}");
    fs::remove_file(here.join("casemill.toml")).unwrap();

    let info = casemill(here, ["plugins", "info", &board]).ok().out;
    assert!(info.contains("--set tumour-board.quotes=true") && info.contains("yes or no"), "{info}");
}

#[test]
fn an_input_is_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let letter = folder.path().join("letter.plain-summary.txt");
    fs::write(&letter, LETTER).unwrap();
    // NAME.plain-summary.txt of an input called letter.txt is the input of the same run.
    fs::write(folder.path().join("letter.txt"), LETTER).unwrap();
    let arguments = [
        "run",
        "letter.txt",
        "letter.plain-summary.txt",
        "--plugin",
        &plugin("plain-summary"),
        "--to",
        "plain-summary",
    ];
    let told = casemill(folder.path(), arguments);
    assert_ne!(told.status, 0, "{}", told.err);
    assert!(told.err.contains("is an input"), "{}", told.err);
    assert_eq!(read(&letter), LETTER);
}

/// Builds a C file of the tests against the header as it stands.
fn build_c(compiler: &str, folder: &Path, source: &str) -> String {
    fs::write(folder.join("casemill_plugin.h"), casemill_plugin_abi::HEADER).unwrap();
    fs::write(folder.join("plugin.c"), source).unwrap();
    let arguments = ["-std=c11", "-fPIC", "-shared", "-o", "plugin.cmplugin", "plugin.c"];
    let built = ran(std::process::Command::new(compiler).current_dir(folder).args(arguments).output().unwrap());
    assert_eq!(built.status, 0, "{}", built.err);
    folder.join("plugin.cmplugin").to_string_lossy().into_owned()
}

#[test]
fn a_plugin_for_another_model_is_refused() {
    let Some(compiler) = c_compiler("a plugin for model version 2") else { return };
    let folder = tempfile::tempdir().unwrap();
    let source = read(root().join("tests/fixtures/plugins/model-two.c"));
    let file = build_c(&compiler, folder.path(), &source);
    let told = casemill(folder.path(), ["plugins", "info", &file]).fails(2).err;
    assert!(told.contains("it is built for model version 2.0, this casemill has 1.0"), "{told}");
    let listed = casemill(folder.path(), ["plugins", "list", "--plugin", &file]).ok().out;
    assert!(listed.contains("unusable"), "{listed}");
    casemill(folder.path(), ["plugins", "check", &file]).fails(1);
}

#[test]
fn the_kit_finds_what_is_wrong_and_says_what_to_do() {
    let Some(compiler) = c_compiler("a plugin that breaks the contract") else { return };
    let folder = tempfile::tempdir().unwrap();
    let source = read(root().join("tests/fixtures/plugins/careless.c"));
    let file = build_c(&compiler, folder.path(), &source);
    let json = casemill(folder.path(), ["plugins", "check", &file, "--format", "json"]).fails(1).out;
    let json: Value = serde_json::from_str(&json).unwrap();
    let failed: Vec<&Value> = json["checks"].as_array().unwrap().iter().filter(|c| c["outcome"] == "failed").collect();
    for check in &failed {
        assert!(!check["message"].as_str().unwrap_or_default().is_empty(), "{check}");
        assert!(!check["help"].as_str().unwrap_or_default().is_empty(), "{check}");
    }
    let names: Vec<&str> = failed.iter().filter_map(|c| c["name"].as_str()).collect();
    for wanted in [
        "a summary",
        "rules",
        "options",
        "refuses an option that is not declared",
        "refuses a component that it does not have",
        "serves a case with every list filled",
        "refuses an operation that it does not know",
        "a second call on one instance",
    ] {
        assert!(names.contains(&wanted), "{wanted} is not among {names:?}");
    }
    let text = casemill(folder.path(), ["plugins", "check", &file]).fails(1).out;
    assert!(text.contains("FAIL") && text.contains("help: "), "{text}");
}
