//! The tutorial, done as it stands: its files, its commands, its code, in a fresh folder.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use casemill_tests::{root, stage};

use crate::plugins_common::{library, ran, read};

const PAGE: &str = "docs/tutorial-exporter.md";

/// A fenced block of the page: what stands behind the language, and its text.
struct Block {
    language: String,
    info: String,
    text: String,
}

fn blocks() -> Vec<Block> {
    let page = read(root().join(PAGE));
    let mut out: Vec<Block> = Vec::new();
    let mut within = false;
    for line in page.lines() {
        match (line.strip_prefix("```"), within) {
            (Some(head), false) => {
                let (language, info) = head.split_once(' ').unwrap_or((head, ""));
                out.push(Block { language: language.into(), info: info.into(), text: String::new() });
                within = true;
            }
            (Some(_), true) => within = false,
            (None, true) => {
                let text = &mut out.last_mut().unwrap().text;
                text.push_str(line);
                text.push('\n');
            }
            (None, false) => {}
        }
    }
    out
}

/// Replaces a method of the source by the block, which begins with its head.
fn replace_method(source: &str, block: &str) -> String {
    let head = block.lines().next().expect("a block with a method").trim_end();
    let start = source.find(head).unwrap_or_else(|| panic!("{head:?} stands in the new plugin"));
    let end = start + source[start..].find("\n    }\n").expect("the method ends") + "\n    }\n".len();
    format!("{}{block}{}", &source[..start], &source[end..])
}

#[test]
fn the_tutorial_as_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let mut here = folder.path().to_owned();
    let path = std::env::join_paths(
        std::iter::once(stage().to_owned()).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    )
    .unwrap();
    let start = Instant::now();
    let mut printed = String::new();
    let mut expected = 0;
    for block in blocks() {
        match (block.language.as_str(), block.info.as_str()) {
            ("text", "expected") => {
                assert!(printed.contains(&block.text), "expected\n{}\ngot\n{printed}", block.text);
                expected += 1;
            }
            ("text", file) => fs::write(here.join(file), &block.text).unwrap(),
            ("rust", info) => {
                let file = here.join(info.split(' ').next().unwrap());
                fs::write(&file, replace_method(&read(&file), &block.text)).unwrap();
            }
            ("console", _) => {
                for command in block.text.lines().filter_map(|line| line.strip_prefix("$ ")) {
                    if let Some(to) = command.strip_prefix("cd ") {
                        here = here.join(to);
                        continue;
                    }
                    // What the page writes for Linux has other names elsewhere.
                    let command = command.replace("libplain_summary.so", &library("plain-summary"));
                    let output = Command::new("sh")
                        .args(["-c", &command])
                        .current_dir(&here)
                        .env("PATH", &path)
                        .env("CARGO_NET_OFFLINE", "true")
                        .env_remove("CARGO_TARGET_DIR")
                        .env("XDG_DATA_HOME", folder.path().join("data"))
                        .output()
                        .unwrap();
                    let ran = ran(output);
                    assert_eq!(ran.status, 0, "$ {command}\n{}\n{}", ran.out, ran.err);
                    printed = ran.out;
                }
            }
            (language, info) => panic!("what is a block {language} {info}?"),
        }
    }
    assert_eq!(expected, 1, "the page says what comes out");
    for line in ["You were treated with: alectinib.", "The doctors found: lung adenocarcinoma."] {
        assert!(printed.to_lowercase().contains(&line.to_lowercase()), "{line}\n{printed}");
    }
    assert!(!printed.contains("You had: Fever"), "a denied fever is told to the patient:\n{printed}");
    let took = start.elapsed();
    eprintln!("the tutorial took {} s", took.as_secs());
    assert!(took < Duration::from_secs(600), "the tutorial promises ten minutes and took {took:?}");
}

#[test]
fn the_author_writes_what_the_page_says() {
    let block = blocks().into_iter().find(|b| b.language == "rust").unwrap();
    let lines = block.text.lines().count();
    assert!(lines < 25, "{lines} lines");
    assert!(read(root().join(PAGE)).contains(&format!("You write {lines} lines of it")), "{lines} lines");
}

#[test]
fn the_example_is_the_tutorials() {
    let block = blocks().into_iter().find(|b| b.language == "rust").unwrap();
    let source = read(root().join("plugins/examples/plain-summary/src/lib.rs"));
    assert!(source.contains(&block.text), "plugins/examples/plain-summary and {PAGE} differ");
}
