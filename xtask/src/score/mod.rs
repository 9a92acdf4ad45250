//! `cargo xtask score`: one page of figures over the annotated sets that lie beside the project.
//!
//! Each set has an adapter: it names its texts, runs the program over them and compares. A set that is not there is skipped
//! by name.

mod bench;
pub(crate) mod care;
mod gold;
mod hpo;
mod maccrobat2020;
mod negation;
mod page;
mod phee;
mod tally;
mod tnm;
mod variants;

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::Result;
use crate::score::bench::Bench;
use crate::score::tally::{Errors, Figure};
use crate::shared;
use crate::stage::root;

/// The folder with the gold reports: `--gold`, or beside the project.
pub(crate) fn gold_folder(given: Option<PathBuf>) -> Result<PathBuf> {
    let folder = given.unwrap_or_else(|| shared().join("gold"));
    if folder.join("facts").is_dir() {
        return Ok(folder);
    }
    Err(format!("{} holds no annotated reports (`facts` and `texts`); name the folder with --gold", folder.display())
        .into())
}

/// What to score and how.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Folder laid out like ../shared: gold/texts, gold/facts, corpora/SET [default: ../shared or CASEMILL_SHARED]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Program to run instead of a fresh stage
    #[arg(long, value_name = "FILE")]
    pub(crate) program: Option<PathBuf>,
    /// Only this set; may be given more than once
    #[arg(long, value_name = "NAME")]
    set: Vec<String>,
    /// Print N sample errors of each cause
    #[arg(long, value_name = "N", default_value_t = 0)]
    errors: usize,
    /// File for the page [default: docs/quality.md when all sets run over the default folder]
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,
    /// Options for the scorer of the gold set
    #[arg(last = true)]
    scorer: Vec<String>,
}

/// A set.
struct Set {
    name: &'static str,
    /// Whether it is in the folder.
    is_there: fn(&Path) -> bool,
    /// Its figures.
    run: fn(&Bench<'_>, &mut Errors) -> Result<Vec<Figure>>,
    /// What is measured and how, for the page.
    how: &'static str,
}

const SETS: &[Set] = &[
    Set {
        name: "gold",
        is_there: gold::has_facts,
        run: gold::run,
        how: "Whole oncology case reports with all that they state, scored by `gold/score_case.py`: a fact matches with its \
              code or words and its status. Leak: patient facts that the text has only in its background. IHC: marker and \
              result. Responses with time: category and time within 20 %.",
    },
    Set {
        name: "letter",
        is_there: gold::has_letter,
        run: gold::letter,
        how: "The seed letter (imt-letter) alone: share of the entries of its facts file that are found, all fields of the \
              scorer. Claims, figures, recommendations and contradictions of the file are not in this figure.",
    },
    Set {
        name: "negation-context",
        is_there: |data| data.join("corpora/negation-context/sentences.tsv").is_file(),
        run: negation::run,
        how: "Sentences of clinical notes with one marked concept. Measured on the context engine of `case-text`, not through \
              the program: most of the concepts have no place in a case record.",
    },
    Set {
        name: "maccrobat2020",
        is_there: |data| data.join("corpora/maccrobat2020").is_dir(),
        run: maccrobat2020::run,
        how: "Case reports of all fields of medicine, given as they are. Strict: same type, and same span after trimming of \
              white space and `.,;:`. Discontinuous spans count by their hull. The mapping of types stands below.",
    },
    Set {
        name: "hpo-cases-raghpo",
        is_there: |data| data.join("corpora/hpo-cases-raghpo/notes.jsonl").is_file(),
        run: hpo::cases,
        how: "Excerpts of case reports with the HPO ids of the patient, no places. All facts stated to be present count with \
              their first HPO id. Excerpts stand behind the lead. Read twice: with the embedded lexicons, and with the release of \
              HPO imported that lies in `terminologies`.",
    },
    Set {
        name: "hpo-gsc2024",
        is_there: |data| data.join("corpora/hpo-gsc2024").is_dir(),
        run: hpo::abstracts,
        how: "Abstracts with all mentions of HPO terms, whomever they are about: facts of any assertion and concepts of the \
              background count, all places. Abstracts stand behind the lead. Read twice, as the set above.",
    },
    Set {
        name: "phee",
        is_there: |data| data.join("corpora/phee").is_dir(),
        run: phee::run,
        how: "Sentences of abstracts. A pair of suspect drug and effect is right if both touch the annotated words (or have the \
              same name); an event that the sentence denies is none; each pair counts once. Each sentence stands behind the lead \
              as a report of its own. Many sentences are statements on the literature, which by design reach no patient: the last \
              figure is over the sentences that the program does not read so.",
    },
    Set {
        name: "tcga-path-tnm",
        is_there: |data| data.join("corpora/tcga-path-tnm/reports.jsonl").is_file(),
        run: tnm::run,
        how: "Pathology reports read by OCR behind the lead; registry T, N, M by class (T2b is 2). Coverage: reports for which \
              the record has a class (X is none); accuracy: of those. The registry may disagree with the text, and many reports \
              state no M.",
    },
    Set {
        name: "variants",
        is_there: |data| data.join("corpora/variants").is_dir(),
        run: variants::run,
        how: "Measured on `case-nomenclature`, not through the program: abstracts of genetics name variants of no patient. seth, \
              tmvar: places of variants, strict after trimming; entries of dbSNP count in tmvar, which annotates them. mutationfinder: substitutions \
              of amino acids of each abstract, without places. hgvs, iscn: share of the fixtures accepted or refused as they say; \
              fragments of HGVS (an edit, a position) are put into a variant, and rules on tokens (a number, a sign) are left out.",
    },
];

/// What came of a set.
enum Outcome {
    /// Figures, errors by cause, time taken.
    Scored(Vec<Figure>, Errors, Duration),
    /// It is not in the folder.
    Absent,
}

/// Scores and prints the page.
pub(crate) fn score(program: &Path, options: &Options, work: &Path) -> Result {
    if let Some(unknown) = options.set.iter().find(|n| !SETS.iter().any(|s| s.name == n.as_str())) {
        let names: Vec<&str> = SETS.iter().map(|s| s.name).collect();
        return Err(format!("no set is called {unknown}; there are {}", names.join(", ")).into());
    }
    let data = options.data.clone().unwrap_or_else(shared);
    std::fs::create_dir_all(work)?;
    let bench =
        Bench { data: &data, program, work, scorer: &options.scorer, read: Cell::default(), vocabularies: None };
    let mut results = Vec::new();
    for set in SETS.iter().filter(|s| options.set.is_empty() || options.set.iter().any(|n| n == s.name)) {
        if !(set.is_there)(&data) {
            println!("skipped: {} is not in {}\n", set.name, data.display());
            results.push((set, Outcome::Absent));
            continue;
        }
        let start = Instant::now();
        let mut errors = Errors::keeping(options.errors);
        let figures = (set.run)(&bench, &mut errors).map_err(|e| format!("{}: {e}", set.name))?;
        // What gives no record is wrong everywhere, whatever the cause of the single error says.
        let (given, made) = bench.read.take();
        (made..given).for_each(|_| errors.add("text without record", String::new));
        let outcome = Outcome::Scored(figures, errors, start.elapsed());
        page::print(set, &outcome);
        results.push((set, outcome));
    }
    if results.iter().all(|(_, outcome)| matches!(outcome, Outcome::Absent)) {
        return Err(format!("{} holds none of the sets; name the folder with --data", data.display()).into());
    }
    let whole = options.set.is_empty() && options.data.is_none();
    if let Some(file) = options.page.clone().or_else(|| whole.then(|| root().join("docs/quality.md"))) {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&file, page::markdown(&results, &data)?)?;
        println!("page: {}", file.display());
    }
    Ok(())
}
