//! gold: whole reports with everything they state, scored by the scorer that lies beside them; the seed letter alone.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::bench::{Bench, files};
use super::tally::{Errors, Figure, share};
use crate::Result;
use crate::predict::predict;

/// The report that the project began with.
const LETTER: &str = "imt-letter";

pub(crate) fn run(bench: &Bench<'_>, errors: &mut Errors) -> Result<Vec<Figure>> {
    let gold = bench.data.join("gold");
    let predictions = bench.work.join("gold");
    if predictions.exists() {
        fs::remove_dir_all(&predictions)?;
    }
    predict(bench.program, &gold.join("texts"), &predictions)?;
    let page = score(bench, &gold.join("facts"), &predictions, bench.scorer)?;
    add_errors(&page, errors);
    let count = |key: &str| page[key].as_u64().unwrap_or_default();
    (count("predicted_documents")..count("documents")).for_each(|_| errors.add("text without record", String::new));
    let field = |name: &str, what: &str| {
        let row = &page["fields"][name];
        let told = format!("TP {} FP {} FN {}", row["tp"], row["fp"], row["fn"]);
        Figure { what: what.into(), value: row["f1"].as_f64().unwrap_or_default(), told, ..Figure::default() }
    };
    let core = &page["core"];
    let number = |value: &Value| value.as_f64().unwrap_or_default();
    let leak = &page["background_leak"];
    Ok(vec![
        Figure {
            what: "core micro F1".into(),
            value: number(&core["micro_f1"]),
            told: format!(
                "P {:.3} R {:.3}; {} of {} reports",
                number(&core["micro_precision"]),
                number(&core["micro_recall"]),
                page["predicted_documents"],
                page["documents"]
            ),
            ..Figure::default()
        }
        .floor("0.39 dictionary")
        .goal(0.75),
        Figure {
            what: "background leak".into(),
            value: number(&leak["rate"]),
            told: format!("{} of {} patient facts", leak["leaked_facts"], leak["predicted_facts"]),
            ..Figure::default()
        }
        .floor("0.15 dictionary")
        .below(0.01),
        field("ihc", "IHC fully correct F1").floor("0.63 best published").goal(0.85),
        field("responses_timed", "responses with time F1").floor("0.74 published").goal(0.80),
    ])
}

/// The errors that the scorer lists.
fn add_errors(page: &Value, errors: &mut Errors) {
    for error in page["errors"].as_array().into_iter().flatten() {
        let text = |key: &str| error[key].as_str().unwrap_or_default();
        let cause = if text("type").eq_ignore_ascii_case("fp") { "false" } else { "missed" };
        errors.add(format!("{cause}: {}", text("field")), || format!("{} {}", text("doc"), error["item"]));
    }
    for leak in page["background_leak"]["items"].as_array().into_iter().flatten() {
        errors.add("leak", || leak.to_string());
    }
}

/// The letter alone: how much of its facts file is found.
pub(crate) fn letter(bench: &Bench<'_>, errors: &mut Errors) -> Result<Vec<Figure>> {
    let gold = bench.data.join("gold");
    let folder = bench.work.join("letter");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let (facts, texts, predictions) = (folder.join("facts"), folder.join("texts"), folder.join("predictions"));
    fs::create_dir_all(&facts)?;
    fs::create_dir_all(&texts)?;
    fs::copy(gold.join(format!("facts/{LETTER}.json")), facts.join(format!("{LETTER}.json")))?;
    fs::copy(gold.join(format!("texts/{LETTER}.txt")), texts.join(format!("{LETTER}.txt")))?;
    predict(bench.program, &texts, &predictions)?;
    let page = score(bench, &facts, &predictions, &[])?;
    let (mut hits, mut missed, mut wrong) = (0, 0, 0);
    for (name, row) in page["fields"].as_object().into_iter().flatten() {
        // The same responses a second time.
        if name == "responses" {
            continue;
        }
        let count = |key: &str| row[key].as_u64().unwrap_or_default() as usize;
        hits += count("tp");
        missed += count("fn");
        wrong += count("fp");
    }
    add_errors(&page, errors);
    let told = format!(
        "{hits} of {} facts in all fields; {wrong} found that are not wanted, {} leaks",
        hits + missed,
        page["background_leak"]["leaked_facts"]
    );
    let value = share(hits, hits + missed);
    Ok(vec![Figure { what: "facts found".into(), value, told, ..Figure::default() }.goal(1.0)])
}

/// True if the letter is among the gold reports.
pub(crate) fn has_letter(data: &Path) -> bool {
    data.join(format!("gold/facts/{LETTER}.json")).is_file()
}

/// True if there are reports with facts.
pub(crate) fn has_facts(data: &Path) -> bool {
    files(&data.join("gold/facts"), ".json").is_ok_and(|f| !f.is_empty())
}

/// Runs the scorer; what it prints is shown when options ask for something.
fn score(bench: &Bench<'_>, facts: &Path, predictions: &Path, options: &[String]) -> Result<Value> {
    // A sealed half may come without the scorer: it is the one beside the project.
    let beside = bench.data.join("gold/score_case.py");
    let scorer = if beside.is_file() { beside } else { crate::shared().join("gold/score_case.py") };
    let output = bench.work.join("gold-score.json");
    let run = Command::new("python3")
        .arg(&scorer)
        .arg(facts)
        .arg(predictions)
        .arg("--json")
        .arg(&output)
        .args(options)
        .output()
        .map_err(|e| format!("python3, which the scorer needs, does not start: {e}"))?;
    if !run.status.success() {
        return Err(format!("{} failed: {}", scorer.display(), String::from_utf8_lossy(&run.stderr)).into());
    }
    if !options.is_empty() {
        println!("{}", String::from_utf8_lossy(&run.stdout));
    }
    Ok(serde_json::from_slice(&fs::read(output)?)?)
}
