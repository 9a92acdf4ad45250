//! Articles from outside the project: robustness, the map, speed.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use casemill_plugin_sdk::model::RepairKind;
use casemill_plugin_sdk::prelude::*;

use super::map::faults_of_map;
use super::{read, render};

/// The articles of the folder of test data that lies beside the project, or at `CASEMILL_SHARED`.
fn articles() -> Vec<PathBuf> {
    let shared = std::env::var_os("CASEMILL_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let folder = shared.join("corpora/jats-mixed");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        // Past the capture of the test runner, so that it is seen.
        let _ = writeln!(std::io::stderr(), "skipped, {} is not there", folder.display());
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "xml"));
    files.sort();
    files
}

#[test]
fn articles_of_many_journals_are_read() {
    let mut totals = [0usize; 9];
    let files = articles();
    for file in &files {
        let bytes = std::fs::read(file).expect("a readable file");
        let document = read(&bytes).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        assert_eq!(faults_of_map(&document, &bytes, 997), Vec::<String>::new(), "{}", file.display());
        for kind in [RepairKind::Jump, RepairKind::Moved] {
            let jumps = document.repairs.iter().filter(|r| r.kind == kind).count();
            assert!(jumps < 400, "{}: {jumps} jumps", file.display());
        }
        let cells = document.tables.iter().flat_map(|t| &t.rows).map(Vec::len).sum();
        let counts = [
            bytes.len(),
            document.text.len(),
            document.sections.len(),
            document.sentences.len(),
            document.figures.len(),
            document.tables.len(),
            cells,
            document.citations.len(),
            document.references.len(),
        ];
        totals.iter_mut().zip(counts).for_each(|(total, count)| *total += count);
    }
    let [xml, text, sections, sentences, figures, tables, cells, citations, references] = totals;
    println!(
        "{} articles, {xml} bytes of XML, {text} of text: {sections} sections, {sentences} sentences, {figures} figures, \
         {tables} tables with {cells} cells, {citations} citations, {references} references",
        files.len()
    );
}

/// Prints what is made of the files named in `CASEMILL_JATS`, parted by spaces.
#[test]
#[ignore = "prints; run with CASEMILL_JATS=FILE cargo test -p read-jats -- --ignored --nocapture print"]
fn print() {
    for file in std::env::var("CASEMILL_JATS").unwrap_or_default().split_whitespace() {
        let bytes = std::fs::read(file).expect("a readable file");
        match read(&bytes) {
            Ok(document) => println!("{}", render::render(&document)),
            Err(error) => println!("error: {error}"),
        }
    }
}

/// Prints how fast articles are read.
#[test]
#[ignore = "measures; run with cargo test --release -p read-jats -- --ignored --nocapture speed"]
fn speed() {
    let inputs: Vec<Vec<u8>> = articles().iter().map(|f| std::fs::read(f).expect("a readable file")).collect();
    let bytes: usize = inputs.iter().map(Vec::len).sum();
    let mut reader = crate::Jats;
    let mut best = f64::INFINITY;
    for _ in 0..20 {
        let start = Instant::now();
        for input in &inputs {
            reader.read(&Source::default(), input).expect("an article");
        }
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!("{:.1} MB/s over {} articles", bytes as f64 / 1e6 / best, inputs.len());
}
