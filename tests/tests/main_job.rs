//! `casemill run` on the example report.

use casemill_tests::{Folder, casemill, facts_by_kind, letter, root, wrong_quotes};
use serde_json::Value;

/// Every format that there is, in one run.
#[test]
fn the_letter_in_every_format() {
    let folder = Folder::new();
    let formats = casemill(["formats", "--format", "json"]).run().expect(0).json();
    let mut all: Vec<&str> = formats
        .as_array()
        .expect("a list")
        .iter()
        .filter(|f| f["direction"] == "write")
        .filter_map(|f| f["format"].as_str())
        .collect();
    all.push("json");
    for needed in ["csv", "html", "json", "phenopacket"] {
        assert!(all.contains(&needed), "{needed} is not among {all:?}");
    }
    casemill(["run", "--quiet", "--to", &all.join(","), "-o", &folder.arg("out")]).args([letter()]).run().expect(0);
    let files = folder.files();
    for format in all {
        let ending = match format {
            "phenopacket" => "phenopacket.json",
            "csv" => ".csv",
            "html" => ".html",
            "json" => "ntrk-letter.json",
            _ => continue,
        };
        assert!(files.iter().any(|f| f.ends_with(ending)), "nothing of {format} among {files:?}");
    }
    for file in files.iter().filter(|f| f.ends_with(".json")) {
        folder.json(file);
    }
    assert!(files.iter().all(|f| !f.ends_with(".tmp")), "{files:?}");
}

#[test]
fn files_and_facts_of_the_letter() {
    let folder = Folder::new();
    // Where it starts is part of what it says.
    let ended = casemill(["run", "tests/reports/ntrk-letter.txt", "--to", "json,phenopacket,html,csv", "-o"])
        .args([folder.arg("out")])
        .within(root())
        .run()
        .expect(0);
    insta::assert_snapshot!("files", folder.files().join("\n"));
    let record = folder.json("out/ntrk-letter.json");
    let facts: usize = facts_by_kind(&record).iter().flat_map(|kinds| kinds.values()).sum();
    let told = ended.told(&folder.path(""));
    assert!(told.contains(&format!("1 patient, {facts} facts;")), "{told}");
    insta::assert_snapshot!("told", told.replace(&format!("{facts} facts"), "[number] facts"));
    insta::assert_json_snapshot!("facts", facts_by_kind(&record));
    assert_eq!(wrong_quotes(&record), Vec::<String>::new());
}

/// The places that the record gives in the input are those of its words, but for what repair changed.
#[test]
fn origins_point_into_the_input() {
    let input = std::fs::read_to_string(letter()).expect("the report can be read");
    let record = casemill(["extract"]).args([letter()]).run().expect(0).json();
    let mut checked = 0;
    let squeezed = |text: &str| text.split_whitespace().collect::<String>().replace('-', "");
    each(&record["cases"], &mut |value| {
        let (Some(quote), Some(origin)) = (value["quote"].as_str(), value["origin"].as_array()) else { return };
        let end = |i: usize| origin[i].as_u64().and_then(|n| usize::try_from(n).ok()).expect("an offset");
        let there = input.get(end(0)..end(1)).unwrap_or_else(|| panic!("{origin:?} is no place in the input"));
        assert_eq!(squeezed(there), squeezed(quote), "{origin:?}");
        checked += 1;
    });
    assert!(checked > 40, "only {checked} quotes have a place in the input");
}

fn each(value: &Value, visit: &mut dyn FnMut(&Value)) {
    visit(value);
    match value {
        Value::Object(map) => map.values().for_each(|v| each(v, visit)),
        Value::Array(list) => list.iter().for_each(|v| each(v, visit)),
        _ => {}
    }
}

/// What the letter says of the literature and of rejected options is not said of the boy.
#[test]
fn the_patient_is_the_patient() {
    let record = casemill(["extract"]).args([letter()]).run().expect(0).json();
    let cases = record["cases"].as_array().expect("cases");
    assert_eq!(cases.len(), 1);
    let given: Vec<&str> = cases[0]["treatments"]
        .as_array()
        .expect("treatments")
        .iter()
        .filter(|t| t["value"]["status"] == "given" || t["status"] == "given")
        .filter_map(|t| t["value"]["agent"].as_str().or(t["agent"].as_str()))
        .collect();
    assert_eq!(given, ["larotrectinib"]);
}

/// A record that was written can be exported later, and gives the same files.
#[test]
fn export_from_a_record_equals_export_in_the_run() {
    let folder = Folder::new();
    let report = folder.write("short.txt", casemill_tests::SHORT);
    let to = "html,phenopacket,csv";
    casemill(["run", "--quiet", "--to", &format!("json,{to}"), "-o", &folder.arg("one"), &report]).run().expect(0);
    let record = folder.arg("one/short.json");
    casemill(["export", "--to", to, "-o", &folder.arg("two"), &record]).run().expect(0);
    let exported: Vec<String> = casemill_tests::files(&folder.path("two"));
    assert!(exported.len() >= 3, "{exported:?}");
    for file in exported.iter().filter(|f| !f.ends_with("loss.json")) {
        assert!(folder.read(&format!("one/{file}")) == folder.read(&format!("two/{file}")), "{file} differs");
    }
}
