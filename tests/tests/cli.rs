//! Commands and options.

use casemill_tests::{Folder, SHORT, casemill, letter, skipped};

/// Names in the list of commands that a help text has.
fn subcommands(help: &str) -> Vec<String> {
    help.lines()
        .skip_while(|l| l.trim_end() != "Commands:")
        .skip(1)
        .take_while(|l| !l.trim().is_empty())
        .filter_map(|l| l.strip_prefix("  ").filter(|l| !l.starts_with(' '))?.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_command_has_help() {
    let mut open = vec![Vec::new()];
    let mut seen = Vec::new();
    while let Some(path) = open.pop() {
        let help = casemill(path.iter().map(String::as_str).chain(["--help"])).run().expect(0);
        assert!(help.err.is_empty(), "{}", help.err);
        let help = help.text();
        assert!(help.contains("Usage: casemill"), "{help}");
        seen.push(path.join(" "));
        for sub in subcommands(&help) {
            open.push([path.clone(), vec![sub]].concat());
        }
    }
    for command in ["run", "extract", "validate", "export", "formats", "plugins list", "plugins info", "rule", "schema"]
    {
        assert!(seen.iter().any(|s| s == command), "{command} is not among {seen:?}");
    }
}

#[test]
fn without_a_command_the_way_out_is_shown() {
    casemill([""; 0]).run().expect(2).says(&["Usage: casemill"]);
    casemill(["extarct"]).run().expect(2).says(&["extarct", "'extract'"]);
    casemill(["run"]).run().expect(2).says(&["INPUT"]);
    casemill(["run", "x", "--jobs", "0"]).run().expect(2).says(&["--jobs", "1..=512"]);
    casemill(["run", "x", "--max-size", "8X"]).run().expect(2).says(&["use K, M or G"]);
    let version = casemill(["--version"]).run().expect(0).text();
    assert!(version.starts_with("casemill ") && version.trim().len() > 10, "{version}");
}

#[test]
fn every_table_can_be_json() {
    for command in [&["formats"][..], &["plugins", "list"], &["rule"]] {
        let json = casemill(command).args(["--format", "json"]).run().expect(0).json();
        assert!(json.is_array(), "{command:?}");
    }
}

#[test]
fn schemas_describe_what_is_written() {
    for of in ["case", "diagnostics", "plugin"] {
        let schema = casemill(["schema", of]).run().expect(0).json();
        assert!(schema["$schema"].as_str().is_some_and(|s| s.contains("json-schema.org")), "{of}");
    }
    let schema = casemill(["schema"]).run().expect(0).json();
    let record = casemill(["extract"]).args([letter()]).run().expect(0).json();
    for (key, _) in record.as_object().expect("an object") {
        assert!(schema["properties"][key].is_object(), "the schema does not know {key}");
    }
}

#[test]
fn completions_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = casemill(["completions", shell]).run().expect(0).text();
        assert!(script.contains("casemill") && script.contains("validate"), "{shell}");
    }
    casemill(["completions", "tcsh"]).run().expect(2).says(&["tcsh", "bash"]);
    let folder = Folder::new();
    let script = folder.write("completions", casemill(["completions", "bash"]).run().out);
    match std::process::Command::new("bash").args(["-n", &script]).status() {
        Ok(status) => assert!(status.success(), "bash does not understand its completions"),
        Err(_) => skipped("there is no bash to read its completions"),
    }
}

#[test]
fn the_manual_page_is_roff() {
    assert!(casemill(["man"]).run().expect(0).text().contains(".TH casemill"));
}

/// What is not known is answered with the nearest that is.
#[test]
fn unknown_names_suggest_the_nearest() {
    let folder = Folder::new();
    let report = folder.write("short.txt", SHORT);
    let out = folder.arg("out");
    let run = casemill(["run", &report, "--to", "phenopackets", "-o", &out]).run().expect(2);
    run.says(&["\"phenopackets\"", "did you mean phenopacket?"]);
    assert!(!folder.path("out").exists(), "a command line that is wrong leaves nothing behind");
    casemill(["run", &report, "--to", "zzzzz", "-o", &out]).run().expect(2).says(&["\"zzzzz\"", "html", "json"]);
    casemill(["plugins", "info", "export-htm"]).run().expect(2).says(&["did you mean export-html?"]);
    let flags = ["--plugin".as_ref(), casemill_tests::flags().as_os_str()];
    casemill(["rule", "ZZ009"]).args(flags).run().expect(2).says(&["ZZ009", "did you mean ZZ00"]);
    let level = casemill(["run", &report, "--rule", "ZY001=off", "-o", &out]).args(flags).run().expect(2);
    level.says(&["ZY001", "did you mean ZZ001?"]);
    casemill(["run", &report, "--rule", "ZZ001=of", "-o", &out]).args(flags).run().expect(2).says(&["\"of\"", "off"]);
    casemill(["extract", &report, "--encoding", "utf-61"]).run().expect(2).says(&["utf-61", "utf-16le"]);
    casemill(["schema", "cases"]).run().expect(2).says(&["cases", "case"]);
}

#[test]
fn colours_are_for_terminals() {
    let folder = Folder::new();
    let report = folder.write("report.txt", format!("{SHORT}ERRORWORD\n"));
    let flags = ["--plugin".as_ref(), casemill_tests::flags().as_os_str()];
    let escape = |bytes: &[u8]| bytes.contains(&0x1b);
    let piped = casemill(["validate", &report]).args(flags).run().expect(1);
    assert!(!escape(&piped.out) && !escape(piped.err.as_bytes()));
    let forced = casemill(["validate", &report]).args(flags).env("CLICOLOR_FORCE", "1").run().expect(1);
    assert!(escape(&forced.out), "colours can be forced");
    // A terminal, as `script` makes one.
    let program = casemill_tests::stage().join("casemill");
    let line = format!("'{}' validate '{report}' --plugin '{}'", program.display(), casemill_tests::flags().display());
    let on_terminal = |no_color: bool| {
        let mut command = std::process::Command::new("script");
        command.args(["-qec", &line, "/dev/null"]).env("TERM", "xterm-256color").env_remove("NO_COLOR");
        if no_color {
            command.env("NO_COLOR", "1");
        }
        command.stdin(std::process::Stdio::null()).output()
    };
    match (on_terminal(false), on_terminal(true)) {
        (Ok(coloured), Ok(plain)) => {
            assert!(escape(&coloured.stdout), "{}", String::from_utf8_lossy(&coloured.stdout));
            assert!(!escape(&plain.stdout), "NO_COLOR is not honoured");
        }
        _ => skipped("there is no `script` to make a terminal"),
    }
}

/// `-v` and `CASEMILL_LOG` drive the log, which goes to standard error.
#[test]
fn the_log_is_told_on_request() {
    let folder = Folder::new();
    let report = folder.write("short.txt", SHORT);
    let silent = casemill(["extract", &report]).run().expect(0);
    assert_eq!(silent.err, "");
    let wrong = casemill(["extract", &report]).env("CASEMILL_LOG", "nonsense=loud").run().expect(0);
    assert!(wrong.err.contains("CASEMILL_LOG") && wrong.out == silent.out, "{}", wrong.err);
    let verbose = casemill(["-vvv", "extract", &report]).run().expect(0);
    assert!(verbose.out == silent.out, "the log is not data");
}
