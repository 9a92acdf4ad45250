//! `cargo xtask care`: the CARE checklist against people's readings of the same reports.
//!
//! Two sets, told apart: reports annotated by the makers of the gold set (`care` in their facts), and `data/care-readings.tsv`,
//! a reading by one developer, which shows where tool and reader differ and is no independent measure.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use case_model::Report;
use serde_json::Value;

use crate::Result;
use crate::predict::run;

const READINGS: &str = include_str!("../../data/care-readings.tsv");
/// Items of CARE 2013.
const ITEMS: usize = 13;
/// States of an item, as letters of the tables.
const STATES: [(&str, char); 4] = [("present", 'p'), ("partial", 'h'), ("absent", 'a'), ("not_applicable", 'n')];

type Row = [char; ITEMS];

/// Runs the gold reports and prints both comparisons.
pub(crate) fn care(program: &Path, gold: &Path, output: &Path) -> Result {
    if output.exists() {
        fs::remove_dir_all(output)?;
    }
    fs::create_dir_all(output)?;
    run(program, &gold.join("texts"), output)?;
    let annotated = annotated(gold)?;
    if annotated.is_empty() {
        println!("no report of {} has a `care` list", gold.display());
    } else {
        compare("Annotated reports", &annotated, output)?;
    }
    compare("One developer's reading (not independent)", &readings(READINGS)?, output)
}

fn letter(state: &str) -> Option<char> {
    STATES.iter().find(|(name, _)| *name == state).map(|(_, letter)| *letter)
}

/// The `care` lists of the facts.
fn annotated(gold: &Path) -> Result<BTreeMap<String, Row>> {
    let mut out = BTreeMap::new();
    for entry in fs::read_dir(gold.join("facts"))? {
        let path = entry?.path();
        if path.extension().is_none_or(|e| e != "json") {
            continue;
        }
        let facts: Value = serde_json::from_slice(&fs::read(&path)?)?;
        let Some(items) = facts["care"].as_array() else { continue };
        let mut row = ['?'; ITEMS];
        for item in items {
            let number = item["no"].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
            let state = item["status"].as_str().and_then(letter);
            let (Some(place), Some(state)) = (number.checked_sub(1).and_then(|i| row.get_mut(i)), state) else {
                return Err(format!("{}: no CARE item or state: {item}", path.display()).into());
            };
            *place = state;
        }
        out.insert(name(&path), row);
    }
    Ok(out)
}

fn name(path: &Path) -> String {
    path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A table of letters: report, then one column per item.
fn readings(table: &str) -> Result<BTreeMap<String, Row>> {
    let mut out = BTreeMap::new();
    for line in table.lines().filter(|l| !l.starts_with('#') && !l.starts_with("report\t")) {
        let mut cells = line.split('\t');
        let report = cells.next().unwrap_or_default();
        let letters: Vec<char> = cells.filter_map(|c| c.chars().next()).collect();
        let row: Row = letters.try_into().map_err(|_| format!("{report}: not {ITEMS} items"))?;
        out.insert(report.to_owned(), row);
    }
    Ok(out)
}

/// The checklist of a record.
fn ours(output: &Path, report: &str) -> Result<Row> {
    let record = Report::from_json(&fs::read(output.join(format!("{report}.json")))?)?;
    let list = record.audit.checklists.iter().find(|c| c.id == "care-2013");
    let list = list.ok_or_else(|| format!("{report}: no CARE checklist; is the plugin validate-care there?"))?;
    let letters: Vec<char> = list.items.iter().filter_map(|i| letter(i.status.as_str())).collect();
    letters.try_into().map_err(|_| format!("{report}: not {ITEMS} items").into())
}

fn compare(title: &str, theirs: &BTreeMap<String, Row>, output: &Path) -> Result {
    println!("\n{title}: theirs/ours where they differ; p present, h partial, a absent, n not applicable");
    println!("{:<18}{}", "", (1..=ITEMS).map(|i| format!("{i:>5}")).collect::<String>());
    let mut pairs: Vec<(char, char)> = Vec::new();
    let mut agree = [0; ITEMS];
    for (report, row) in theirs {
        let ours = ours(output, report)?;
        let mut cells = String::new();
        for (i, (their, our)) in row.iter().zip(ours).enumerate() {
            pairs.push((*their, our));
            agree[i] += usize::from(*their == our);
            cells += &format!("{:>5}", if *their == our { our.to_string() } else { format!("{their}/{our}") });
        }
        println!("{report:<18}{cells}");
    }
    println!("{:<18}{}", "agree", agree.iter().map(|n| format!("{n:>5}")).collect::<String>());
    let same = pairs.iter().filter(|(a, b)| a == b).count();
    let share = 100.0 * same as f64 / pairs.len().max(1) as f64;
    let kappa = kappa(&pairs).map_or_else(|| "undefined".to_owned(), |k| format!("{k:.2}"));
    println!("{same} of {} ({share:.0} %), kappa {kappa}", pairs.len());
    // The files of the readings are bodies without front matter, where 1 to 3 cannot be but absent.
    let rest: Vec<(char, char)> = pairs.chunks(ITEMS).flat_map(|row| row.iter().skip(3).copied()).collect();
    let same = rest.iter().filter(|(a, b)| a == b).count();
    println!(
        "without items 1 to 3: {same} of {} ({:.0} %)",
        rest.len(),
        100.0 * same as f64 / rest.len().max(1) as f64
    );
    Ok(())
}

/// Cohen's kappa (Educ Psychol Meas 1960;20:37-46): agreement beyond that of two readers who only know how often each
/// state occurs. Undefined where both use one state only.
fn kappa(pairs: &[(char, char)]) -> Option<f64> {
    let n = pairs.len() as f64;
    let share = |of: &dyn Fn(&(char, char)) -> bool| pairs.iter().filter(|p| of(p)).count() as f64 / n;
    let observed = share(&|(a, b)| a == b);
    let chance: f64 = STATES.iter().map(|(_, s)| share(&|(a, _)| a == s) * share(&|(_, b)| b == s)).sum();
    (n > 0.0 && chance < 1.0).then(|| (observed - chance) / (1.0 - chance))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kappa_of_a_known_table() {
        // Observed 0.7; both say p half of the time: chance 0.5.
        let pairs = [vec![('p', 'p'); 35], vec![('a', 'a'); 35], vec![('p', 'a'); 15], vec![('a', 'p'); 15]].concat();
        assert!((kappa(&pairs).unwrap() - 0.4).abs() < 1e-9);
        assert_eq!(kappa(&[('p', 'p')]), None);
        assert_eq!(kappa(&[]), None);
    }

    #[test]
    fn the_readings_are_whole() {
        let readings = readings(READINGS).unwrap();
        assert_eq!(readings.len(), 10);
        assert!(readings.values().flatten().all(|c| "phan".contains(*c)));
    }
}
