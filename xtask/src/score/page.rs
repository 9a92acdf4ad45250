//! The page: on the terminal as sets are scored, and as `docs/quality.md`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::bench::LEAD;
use super::maccrobat2020::MAPPING;
use super::tally::{Figure, Goal};
use super::{Outcome, Set};
use crate::Result;

/// Causes of errors that the page names for each set.
const CAUSES: usize = 8;

/// Prints the figures of a set, and its sample errors if some were kept.
pub(super) fn print(set: &Set, outcome: &Outcome) {
    let Outcome::Scored(figures, errors, time) = outcome else { return };
    println!("{} ({:.1} s)", set.name, time.as_secs_f64());
    for figure in figures {
        let goal = match (goal(figure), figure.reached()) {
            (goal, Some(true)) => format!("goal {goal} reached"),
            (goal, Some(false)) => format!("goal {goal}"),
            _ => String::new(),
        };
        println!("  {:<36} {:.3}  {goal:<18} {:<52} {}", figure.what, figure.value, figure.told, figure.floor);
    }
    for (cause, count, samples) in errors.by_count() {
        if samples.is_empty() {
            continue;
        }
        println!("  -- {cause}: {count}");
        samples.iter().filter(|s| !s.is_empty()).for_each(|s| println!("     {s}"));
    }
    println!();
}

fn goal(figure: &Figure) -> String {
    match figure.goal {
        Some(Goal::AtLeast(least)) => format!("{least}"),
        Some(Goal::Below(limit)) => format!("< {limit}"),
        None => String::new(),
    }
}

/// The page as Markdown.
pub(super) fn markdown(results: &[(&Set, Outcome)], data: &Path) -> Result<String> {
    let mut out = String::from(
        "# Quality\n\n\
         What casemill finds, measured on annotated sets. The sets are not part of the project; they lie beside it in a folder \
         laid out like `../shared`.\n\n\
         ```\ncargo xtask score                     # all sets, and this page\n\
         cargo xtask score --set phee --errors 5   # one set, with samples of its errors by cause\n\
         cargo xtask score --data DIR          # another folder with the same layout\n```\n\n\
         This page is written by that command. Nothing here was typed by hand but the descriptions.\n\n\
         ## Figures\n\n\
         | set | figure | value | first goal | measured elsewhere | behind it |\n|---|---|---|---|---|---|\n",
    );
    for (set, outcome) in results {
        let Outcome::Scored(figures, ..) = outcome else {
            writeln!(out, "| {} | skipped: the set was not there | | | | |", set.name)?;
            continue;
        };
        for figure in figures {
            let goal = match figure.reached() {
                Some(true) => format!("{}, reached", goal(figure)),
                _ => goal(figure),
            };
            writeln!(
                out,
                "| {} | {} | {:.3} | {goal} | {} | {} |",
                set.name, figure.what, figure.value, figure.floor, figure.told
            )?;
        }
    }
    let lead = LEAD.trim().replace("\n\n", " / ");
    writeln!(
        out,
        "\n## How\n\n\
         The program runs as installed (`casemill extract --ndjson` over a folder of the texts of a set, embedded lexicons only \
         unless vocabularies are imported) and its records are compared with the annotations. Places are \
         mapped back to the text of the set through the repairs of the record.\n\n\
         A text that introduces no patient yields no record. Sentences, excerpts, abstracts and pathology reports therefore stand \
         behind a lead of two lines that names no fact, and each is a report of its own:\n\n    {lead}\n\n\
         What falls into the lead counts nowhere.\n"
    )?;
    for (set, outcome) in results {
        writeln!(out, "### {}\n\n{}", set.name, set.how)?;
        if let Some(date) = newest(&data.join(if set.name == "letter" { "gold" } else { set.name }))?
            .or(newest(&data.join("corpora").join(set.name))?)
        {
            writeln!(out, "\nData of {date}.")?;
        }
        if set.name == "maccrobat2020" {
            writeln!(out, "\n| type of the set | counted as | from the record |\n|---|---|---|")?;
            for (theirs, ours, from) in MAPPING {
                writeln!(out, "| {theirs} | {ours} | {from} |")?;
            }
            writeln!(
                out,
                "\nOther types of the set (History, Detailed_description, Clinical_event, Coreference, Nonbiological_location, \
                 Family_history and rarer ones) are left out: the record has no span of that kind."
            )?;
        }
        if let Outcome::Scored(_, errors, _) = outcome {
            let causes: Vec<String> =
                errors.by_count().iter().take(CAUSES).map(|(cause, count, _)| format!("{cause} {count}")).collect();
            if !causes.is_empty() {
                writeln!(out, "\nErrors by cause, the most frequent first: {}.", causes.join("; "))?;
            }
        }
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    Ok(out)
}

/// Day of the newest file below a folder.
fn newest(folder: &Path) -> Result<Option<String>> {
    let mut latest: Option<SystemTime> = None;
    let mut folders: Vec<PathBuf> = if folder.is_dir() { vec![folder.to_owned()] } else { Vec::new() };
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                latest = latest.max(entry.metadata()?.modified().ok());
            }
        }
    }
    let day = |time: SystemTime| jiff::Timestamp::try_from(time).map(|t| t.strftime("%Y-%m-%d").to_string());
    Ok(latest.map(day).transpose()?)
}
