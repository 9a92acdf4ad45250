//! `cargo xtask gen`: files of `docs` that are made from the program, so that they cannot be wrong.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::{Result, stage};

/// Schemas that the program prints.
const SCHEMAS: [&str; 3] = ["case", "diagnostics", "plugin"];

/// Writes the files, or with `check` says which of them are not what the program says.
pub(crate) fn generate(program: &Path, check: bool) -> Result {
    let docs = stage::root().join("docs");
    let mut files = vec![("cli.md".to_owned(), reference(program)?), ("rules.md".to_owned(), rules(program)?)];
    for schema in SCHEMAS {
        files.push((format!("schema/{schema}.json"), ask(program, &["schema", schema])?));
    }
    let mut old = Vec::new();
    for (name, text) in &files {
        let path = docs.join(name);
        if fs::read_to_string(&path).is_ok_and(|there| there == *text) {
            continue;
        }
        if check {
            old.push(format!("docs/{name}"));
            continue;
        }
        fs::create_dir_all(path.parent().unwrap_or(&docs))?;
        fs::write(&path, text)?;
        println!("wrote docs/{name}");
    }
    for name in left_over(&docs, &files)? {
        if check {
            old.push(format!("docs/{name}"));
        } else {
            fs::remove_file(docs.join(&name))?;
            println!("removed docs/{name}");
        }
    }
    if old.is_empty() {
        return Ok(());
    }
    Err(format!("not what the program says: {}; run `cargo xtask gen`", old.join(", ")).into())
}

/// Schemas of an earlier time.
fn left_over(docs: &Path, files: &[(String, String)]) -> Result<Vec<String>> {
    let mut out = Vec::new();
    for entry in fs::read_dir(docs.join("schema")).into_iter().flatten() {
        let name = format!("schema/{}", entry?.file_name().to_string_lossy());
        if !files.iter().any(|(known, _)| *known == name) {
            out.push(name);
        }
    }
    Ok(out)
}

/// What the program prints: at a width of its own choice, without colours and the user's plugins.
fn ask(program: &Path, arguments: &[&str]) -> Result<String> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).env_remove("COLUMNS").env_remove("CASEMILL_PLUGIN_PATH");
    // Only plugins that are staged beside the program.
    command.env("XDG_DATA_HOME", "/nonexistent").env("NO_COLOR", "1");
    let output = command.output()?;
    if !output.status.success() {
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(format!("casemill {}: {told}", arguments.join(" ")).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// The help of every command.
fn reference(program: &Path) -> Result<String> {
    let mut out = String::from(
        "# Command line\n\nMade by `cargo xtask gen` from the program's own help; `casemill COMMAND --help` prints the same.\n",
    );
    command(program, &[], &mut out)?;
    Ok(out)
}

fn command(program: &Path, path: &[&str], out: &mut String) -> Result {
    let mut arguments = path.to_vec();
    arguments.push("--help");
    let help = ask(program, &arguments)?;
    let name: String = std::iter::once("casemill").chain(path.iter().copied()).collect::<Vec<_>>().join(" ");
    let help_text: Vec<&str> = help.lines().map(str::trim_end).collect();
    out.push_str(&format!("\n## {name}\n\n```text\n{}\n```\n", help_text.join("\n").trim()));
    for sub in subcommands(&help) {
        let mut path = path.to_vec();
        path.push(sub);
        command(program, &path, out)?;
    }
    Ok(())
}

/// Names in the list of commands that a help text has.
fn subcommands(help: &str) -> Vec<&str> {
    help.lines()
        .skip_while(|l| l.trim_end() != "Commands:")
        .skip(1)
        .take_while(|l| !l.trim().is_empty())
        // Deeper lines go on with the description of the line before.
        .filter_map(|l| l.strip_prefix("  ").filter(|l| !l.starts_with(' '))?.split_whitespace().next())
        .collect()
}

/// The manual pages of all rules.
fn rules(program: &Path) -> Result<String> {
    let rules: Vec<Value> = serde_json::from_str(&ask(program, &["rule", "--format", "json"])?)?;
    let text = |rule: &Value, key: &str| rule[key].as_str().unwrap_or_default().to_owned();
    let mut out = format!(
        "# Validation rules\n\nMade by `cargo xtask gen` from the plugins; `casemill rule CODE` prints the same. {} rules.\n",
        rules.len()
    );
    for rule in &rules {
        out.push_str(&format!(
            "\n## {} {}\n\n{}, {}, `{}`\n\n{}\n",
            text(rule, "code"),
            text(rule, "name"),
            text(rule, "severity"),
            text(rule, "status"),
            text(rule, "plugin"),
            deeper(text(rule, "page").trim())
        ));
    }
    Ok(out)
}

/// Headings of a page moved below the heading that the page gets.
fn deeper(page: &str) -> String {
    let line = |l: &str| if l.starts_with('#') { format!("##{l}") } else { l.to_owned() };
    page.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    #[test]
    fn commands_are_read_from_the_help() {
        let help = "About\n\nUsage: casemill [OPTIONS] <COMMAND>\n\nCommands:\n  run      Extract\n           and export\n  extract  Write\n\nOptions:\n  -h  Help\n";
        assert_eq!(super::subcommands(help), ["run", "extract"]);
    }
}
