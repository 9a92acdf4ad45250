//! Every code of the embedded lexicons against the terminologies beside the project.

use std::path::{Path, PathBuf};

use case_lexicon::import::{self, Hints};
use case_lexicon::lock::{Compared, References, Verdict, tally};

fn shared() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = std::env::var_os("CASEMILL_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    folder.join("terminologies")
}

/// Files of the folder, and the release of those that do not name it.
const SOURCES: &[&str] = &[
    "hp.v2024-08-13.json.gz",
    "hgnc_symbols_2023.tsv",
    "oncotree_2025_10_03.json",
    "drugbank_vocabulary_2021.csv",
    "doid_DO_cancer_slim.obo",
    "doid_DO_childhood_cancer_slim.obo",
    "doid_DO_rare_slim.obo",
    "doid_NCIthesaurus.obo",
    "doid_HumanDO.tsv",
];

#[test]
fn every_code_of_the_lexicons_agrees_with_its_release() {
    let folder = shared();
    let mut references = References::new();
    for name in SOURCES {
        let Ok(bytes) = std::fs::read(folder.join(name)) else {
            eprintln!("skipped: {} is not there", folder.join(name).display());
            return;
        };
        let hints = Hints { file: (*name).into(), name: "x".into() };
        let mut terminology = import::read(&bytes, &hints).unwrap_or_else(|e| panic!("{name}: {e}"));
        if *name == "doid_HumanDO.tsv" {
            // The table of the same release as the slims beside it; it names none.
            terminology.release = Some("2026-07-31".into());
        }
        references.add(&terminology);
    }
    let lexicons = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins/extract-narrative/lexicons");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(lexicons)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "tsv"))
        .collect();
    paths.sort();
    assert!(paths.len() > 5);
    let mut all: Vec<Compared> = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let file = case_lexicon::parse(&name, &std::fs::read_to_string(&path).unwrap()).unwrap();
        all.extend(references.compare_file(&file));
    }
    for (prefix, [right, wrong, unverified, missing]) in tally(&all) {
        eprintln!(
            "{prefix}: {right} agree, {wrong} wrong, {unverified} marked unverified, {missing} without reference"
        );
    }
    let wrong: Vec<String> = all.iter().filter(|c| c.verdict.is_wrong()).map(ToString::to_string).collect();
    assert!(wrong.is_empty(), "{} codes are wrong:\n{}", wrong.len(), wrong.join("\n"));
    // UBERON was read in a table of the release that sites.tsv names; no copy of it lies beside the project.
    let missing: Vec<String> =
        tally(&all).into_iter().filter(|(_, [.., missing])| *missing > 0).map(|(prefix, _)| prefix).collect();
    assert_eq!(
        missing,
        ["UBERON"],
        "codes without a copy of their terminology are marked `#release PREFIX=unverified`"
    );
    let compared = all.iter().filter(|c| c.verdict == Verdict::Agrees).count();
    assert!(compared > 5000, "only {compared} codes were compared");
}
