//! Findings: forms, levels and exit status. The validator of `plugins/flags.rs` finds what these tests write.

use casemill_tests::{Casemill, Folder, SHORT, casemill, flags};

fn with_flags(arguments: &[&str]) -> Casemill {
    casemill(arguments).args(["--plugin".as_ref(), flags().as_os_str()])
}

/// A report whose second line has the words.
fn flagged(folder: &Folder, words: &str) -> String {
    folder.write(&format!("{}.txt", words.to_lowercase().replace(' ', "-")), format!("{SHORT}He said {words}.\n"))
}

/// Every rule but those of the validator for tests.
fn others_off(call: Casemill) -> Casemill {
    let rules = casemill(["rule", "--format", "json"]).run().expect(0).json();
    let codes = rules.as_array().into_iter().flatten().filter_map(|r| r["code"].as_str());
    call.args(codes.flat_map(|code| ["--rule".to_owned(), format!("{code}=off")]))
}

#[test]
fn exit_status_follows_the_gravest_finding() {
    let folder = Folder::new();
    let clean = folder.write("clean.txt", SHORT);
    let error = flagged(&folder, "ERRORWORD");
    let warning = flagged(&folder, "WARNINGWORD");
    let info = flagged(&folder, "INFOWORD");
    let code = |input: &str, deny: &str| {
        let ended = others_off(with_flags(&["validate", input, "--deny", deny])).run();
        ended.status.code().unwrap_or(-1)
    };
    for (input, expected) in [(&clean, [0, 0, 0]), (&info, [0, 0, 0]), (&warning, [1, 0, 0]), (&error, [1, 1, 0])] {
        assert_eq!(["warning", "error", "none"].map(|deny| code(input, deny)), expected, "{input}");
    }
    // `validate` fails on errors unasked, `run` does not.
    others_off(with_flags(&["validate", &error])).run().expect(1);
    let out = folder.arg("out");
    others_off(with_flags(&["run", &error, "-o", &out])).run().expect(0).says(&["ZZ001", "ERRORWORD"]);
    others_off(with_flags(&["run", &error, "-o", &out, "--deny", "error"])).run().expect(1);
    // An input that fails counts more than findings.
    others_off(with_flags(&["validate", &error, "missing.txt"])).run().expect(3).says(&["missing.txt"]);
}

#[test]
fn the_source_is_underlined() {
    let folder = Folder::new();
    folder.write(
        "report.txt",
        format!("{SHORT}He said ERRORWORD twice, and ERRORWORD it was;\nthen — ï — WARNINGWORD.\n"),
    );
    let text = others_off(with_flags(&["validate", "report.txt"])).within(folder.path("")).run().expect(1).text();
    // What is off depends on which validators there are.
    let text: Vec<&str> = text.lines().filter(|l| !l.starts_with("switched off:")).collect();
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn every_form_tells_the_same() {
    let folder = Folder::new();
    folder.write("report.txt", format!("{SHORT}He said ERRORWORD.\r\nA 'quoted', \"WARNINGWORD\".\n"));
    let form = |form: &str| {
        let call = with_flags(&["validate", "report.txt", "--format", form]).within(folder.path(""));
        others_off(call).run().expect(1)
    };
    let json = form("json").json();
    let found = json["report.txt"]["diagnostics"].as_array().expect("diagnostics").clone();
    let places: Vec<String> = found
        .iter()
        .map(|d| format!("{} {}:{}", d["rule"], d["labels"][0]["place"]["line"], d["labels"][0]["place"]["column"]))
        .collect();
    assert_eq!(places, ["\"ZZ001\" 2:9", "\"ZZ002\" 3:14"]);

    let sarif = form("sarif").json();
    assert_eq!(sarif["version"], "2.1.0");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    let region = |i: usize| &results[i]["locations"][0]["physicalLocation"]["region"];
    assert_eq!(results.len(), 2);
    assert_eq!((&results[0]["level"], &results[1]["level"]), (&"error".into(), &"warning".into()));
    assert_eq!((&region(0)["startLine"], &region(0)["startColumn"]), (&2.into(), &9.into()));
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
    assert!(results.iter().all(|r| rules.iter().any(|rule| rule["id"] == r["ruleId"])));

    let csv = form("csv").text();
    let rows: Vec<&str> = csv.lines().skip(1).collect();
    assert_eq!(rows.len(), 3, "{csv}");
    assert!(rows[1].starts_with("error,ZZ001,the text holds ERRORWORD,report.txt,2,9"), "{csv}");
    assert!(rows[2].starts_with("warning,ZZ002,"), "{csv}");
}

#[test]
fn levels_can_be_set() {
    let folder = Folder::new();
    let report = flagged(&folder, "ERRORWORD WARNINGWORD");
    let call = |rule: &str| others_off(with_flags(&["validate", &report, "--rule", rule])).run();
    let off = call("ZZ001=off").expect(0).text();
    assert!(!off.contains("error[ZZ001]") && off.contains("warning[ZZ002]"), "{off}");
    assert!(off.lines().any(|l| l.starts_with("switched off:") && l.contains("ZZ001")), "what is off is told: {off}");
    assert!(call("ZZ=off").expect(0).text().contains("0 errors, 0 warnings"));
    assert!(call("ZZ002=error").expect(1).text().contains("2 errors"));
    folder.write("casemill.toml", "[rules]\nZZ = \"info\"\n");
    let by_file = others_off(with_flags(&["validate", &report])).within(folder.path("")).run().expect(0).text();
    assert!(by_file.contains("0 errors, 0 warnings, 2 notes"), "{by_file}");
    folder.write("casemill.toml", "[rules]\nZZ = \"quiet\"\n");
    let wrong = with_flags(&["validate", &report]).within(folder.path("")).run().expect(2);
    wrong.says(&["casemill.toml", "ZZ", "quiet", "off, info, warning or error"]);
    folder.write("casemill.toml", "[rules\n");
    with_flags(&["validate", &report]).within(folder.path("")).run().expect(2).says(&["casemill.toml", "line 1"]);
}

/// A record that an earlier run wrote can be checked like a report.
#[test]
fn records_are_checked_too() {
    let folder = Folder::new();
    let report = flagged(&folder, "ERRORWORD");
    let record = folder.arg("case.json");
    casemill(["extract", &report, "-o", &record]).run().expect(0);
    let text = others_off(with_flags(&["validate", &record])).run().expect(1).text();
    assert!(text.contains("ZZ001") && text.contains("case.json:3:9"), "{text}");
}

#[test]
fn rules_explain_themselves() {
    let all = with_flags(&["rule"]).run().expect(0).text();
    assert!(["ZZ001", "ZZ002", "ZZ003"].iter().all(|code| all.contains(code)), "{all}");
    let page = with_flags(&["rule", "zz001"]).run().expect(0).text();
    assert!(page.contains("ZZ001") && page.contains("The text holds the word ERRORWORD."), "{page}");
    let family = with_flags(&["rule", "ZZ", "--format", "json"]).run().expect(0).json();
    assert_eq!(family.as_array().map(Vec::len), Some(3));
}

/// Every rule of the staged validators has a page with an example.
#[test]
fn every_rule_has_a_page() {
    let rules = casemill(["rule", "--format", "json"]).run().expect(0).json();
    for rule in rules.as_array().expect("a list") {
        let page = rule["page"].as_str().unwrap_or_default();
        assert!(page.len() > 80, "{} has no page: {page:?}", rule["code"]);
        let code = rule["code"].as_str().expect("a code");
        casemill(["rule", code]).run().expect(0);
    }
}
