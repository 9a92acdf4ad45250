//! Texts that are no case reports: said so, and no patient invented.

use casemill_tests::{Folder, casemill, letter};

/// Runs a text that reports nobody.
#[track_caller]
fn nobody(name: &str, text: &str) {
    let folder = Folder::new();
    let input = folder.write(name, text);
    let ended = casemill(["run", &input, "-o", &folder.arg("out")]).run().expect(3);
    ended.says(&[name, "no patient is reported in it"]);
    assert!(!folder.files().iter().any(|f| f.ends_with(".html")), "{:?}", folder.files());
}

#[test]
fn a_review() {
    nobody(
        "review.txt",
        "Inflammatory myofibroblastic tumours: a review\n\nIntroduction\n\nInflammatory myofibroblastic tumour is a rare \
         neoplasm. ALK rearrangements are found in about half of all patients. Crizotinib achieved a response rate of \
         86% in a phase I trial with 14 patients. In children the median age at diagnosis is 9 years.\n\nMethods\n\nWe \
         searched PubMed for articles published between 2000 and 2020.\n\nResults\n\nA total of 120 studies were \
         included. Fever was reported in 15% of patients. Most patients were treated with surgery.\n\nConclusion\n\n\
         Larger cohorts are needed.\n",
    );
}

#[test]
fn a_trial() {
    nobody(
        "trial.txt",
        "Background: We compared crizotinib with chemotherapy in patients with ALK-positive lung cancer.\n\nMethods: We \
         randomly assigned 343 patients to receive crizotinib 250 mg twice daily or chemotherapy.\n\nResults: \
         Progression-free survival was longer with crizotinib (median, 10.9 months vs. 7.0 months). The most common \
         adverse events were vision disorders, diarrhoea and nausea.\n",
    );
}

#[test]
fn a_poem() {
    nobody(
        "poem.txt",
        "The woods are dark, the path is old,\nThe river sings of things untold;\nI walked alone beneath the moon\nAnd \
         hummed an almost silent tune.\n\nThe wind was cold, the night was long,\nMy heart was heavy with the song.\n",
    );
}

#[test]
fn source_code() {
    nobody(
        "main.rs",
        "fn main() {\n    let patient = Patient { age: 34, sex: Sex::Female };\n    // He had fever.\n    \
         println!(\"{patient:?}\");\n}\n",
    );
}

#[test]
fn only_citations() {
    let line = |i: usize| {
        format!("{i}. Smith J, Doe A, Roe B. A case of fever in a 34-year-old woman. J Med. 2019;{i}:1-9.\n")
    };
    nobody("references.txt", &format!("References\n\n{}", (1..200).map(line).collect::<String>()));
}

#[test]
fn numbers_and_words_without_a_sentence() {
    nobody("numbers.txt", &"3.14 2.71 1.41 1.62\n".repeat(300));
    nobody("list.txt", "apples\npears\nplums\n");
}

/// A real report beside them is done.
#[test]
fn a_report_among_them_is_done() {
    let folder = Folder::new();
    folder.write("in/poem.txt", "The woods are dark, the path is old.\n");
    std::fs::copy(letter(), folder.path("in/report.txt")).expect("the letter can be copied");
    let ended = casemill(["run", "in", "--to", "json", "-o", "out"]).within(folder.path("")).run().expect(3);
    assert!(folder.files().contains(&"out/report.json".to_owned()), "{:?}", folder.files());
    ended.says(&["in/poem.txt: no patient is reported in it"]);
}
