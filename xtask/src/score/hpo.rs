//! Terms of the Human Phenotype Ontology: ids of a whole case (hpo-cases-raghpo), mentions in abstracts (hpo-gsc2024).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use case_model::Assertion;

use super::bench::{Bench, LEAD, Offsets, Reading, files, text_of};
use super::tally::{Errors, Figure, Mark, Tally, compare, context};
use crate::Result;

/// hpo-cases-raghpo: excerpts of case reports with the ids that a curator gave them.
pub(crate) fn cases(bench: &Bench<'_>, errors: &mut Errors) -> Result<Vec<Figure>> {
    twice("hpo-cases-raghpo", bench, errors, cases_as_installed)
}

/// hpo-gsc2024: abstracts with every mention of a term, whomever it is about.
pub(crate) fn abstracts(bench: &Bench<'_>, errors: &mut Errors) -> Result<Vec<Figure>> {
    twice("hpo-gsc2024", bench, errors, abstracts_as_installed)
}

/// The figures of a set as the program is installed, and those with HPO imported.
fn twice(
    set: &str,
    bench: &Bench<'_>,
    errors: &mut Errors,
    run: fn(&Bench<'_>, &mut Errors) -> Result<Vec<Figure>>,
) -> Result<Vec<Figure>> {
    let mut figures = run(bench, errors)?;
    let Some(importing) = bench.importing("hp")? else {
        println!("skipped: {set} with HPO imported, no release of it lies in {}/terminologies\n", bench.data.display());
        return Ok(figures);
    };
    let mut own = Errors::keeping(errors.kept());
    figures.extend(run(&importing, &mut own)?.into_iter().map(|mut figure| {
        figure.what.push_str(", HPO imported");
        figure
    }));
    errors.take("HPO imported: ", own);
    let ((given, made), (again, made_again)) = (bench.read.get(), importing.read.get());
    bench.read.set((given + again, made + made_again));
    Ok(figures)
}

fn cases_as_installed(bench: &Bench<'_>, errors: &mut Errors) -> Result<Vec<Figure>> {
    let folder = bench.corpus("hpo-cases-raghpo");
    let mut gold: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for line in text_of(&folder.join("gold.tsv"))?.lines().skip(1) {
        if let [id, phrase, code] = line.split('\t').collect::<Vec<_>>()[..] {
            gold.entry(id.to_owned()).or_default().insert(code.trim().to_owned(), phrase.to_owned());
        }
    }
    let notes: Vec<(String, String)> = text_of(&folder.join("notes.jsonl"))?
        .lines()
        .map(|line| {
            let note: serde_json::Value = serde_json::from_str(line)?;
            let field = |key: &str| note[key].as_str().map(str::to_owned).ok_or(format!("a note without {key}"));
            Ok((field("id")?, field("text")?))
        })
        .collect::<Result<_>>()?;
    let texts: Vec<&str> = notes.iter().map(|(_, t)| t.as_str()).collect();
    let readings = bench.read("hpo-cases-raghpo", LEAD, &texts)?;
    let mut tally = Tally::default();
    let nothing = BTreeMap::new();
    for ((id, text), reading) in notes.iter().zip(&readings) {
        let wanted = gold.get(id).unwrap_or(&nothing);
        let mut found: BTreeMap<String, Range<usize>> = BTreeMap::new();
        for (code, range) in reading.iter().flat_map(|r| mentions(r, true)) {
            found.entry(code).or_insert(range);
        }
        for code in found.keys().chain(wanted.keys()).collect::<BTreeSet<_>>() {
            tally.add(wanted.contains_key(code), found.contains_key(code));
        }
        for (code, phrase) in wanted.iter().filter(|(c, _)| !found.contains_key(*c)) {
            // A phrase that is in the text as the curator wrote it is a matter of vocabulary, another of reading.
            let there = text.to_lowercase().contains(&phrase.to_lowercase());
            let cause = if there { "missed: phrase stands in the text" } else { "missed: phrase is the curator's" };
            errors.add(cause, || format!("note {id}: {code} {phrase}"));
        }
        for (code, range) in found.iter().filter(|(c, _)| !wanted.contains_key(*c)) {
            errors.add("false: id not wanted", || format!("note {id}: {code} {}", context(text, range.clone())));
        }
    }
    let floor = "0.50 exact dictionary, 0.49 FastHPOCR, 0.78 retrieval and 70B model";
    Ok(vec![tally.figure("HPO ids micro F1").floor(floor).goal(0.65)])
}

fn abstracts_as_installed(bench: &Bench<'_>, errors: &mut Errors) -> Result<Vec<Figure>> {
    let paths = files(&bench.corpus("hpo-gsc2024"), ".txt")?;
    let texts: Vec<String> = paths.iter().map(|p| text_of(p)).collect::<Result<_>>()?;
    let inputs: Vec<&str> = texts.iter().map(String::as_str).collect();
    let readings = bench.read("hpo-gsc2024", LEAD, &inputs)?;
    let (mut by_mention, mut by_document) = (Tally::default(), Tally::default());
    for ((path, text), reading) in paths.iter().zip(&texts).zip(&readings) {
        let offsets = Offsets::of(text);
        let gold: Vec<Mark> = text_of(&path.with_extension("tsv"))?
            .lines()
            .filter_map(|line| {
                let mut columns = line.split('\t');
                let (start, end) = columns.next()?.split_once(':')?;
                Mark::new(text, offsets.bytes(start.parse().ok()?, end.parse().ok()?)?, columns.next()?)
            })
            .collect();
        let found: Vec<Mark> = reading
            .iter()
            .flat_map(|r| mentions(r, false))
            .filter_map(|(code, range)| Mark::new(text, range, code))
            .collect();
        let ids = |marks: &[Mark]| marks.iter().map(|m| m.kind.clone()).collect::<BTreeSet<_>>();
        let (wanted, had) = (ids(&gold), ids(&found));
        wanted.union(&had).for_each(|code| by_document.add(wanted.contains(code), had.contains(code)));
        // Causes without the single terms.
        let mut own = Errors::keeping(usize::MAX);
        compare(text, gold, found, &mut by_mention, &mut own);
        for (cause, _, samples) in own.by_count() {
            let (kind, code) = cause.split_once(": ").unwrap_or((cause, ""));
            samples.iter().for_each(|s| errors.add(kind, || format!("{code} {s}")));
        }
    }
    Ok(vec![
        by_mention.figure("mention F1 (same id, same place)").floor("0.61 exact dictionary").goal(0.78),
        by_document.figure("document F1 (ids)").floor("0.76 FastHPOCR, older edition").goal(0.78),
    ])
}

/// Ids of terms and where they stand: of the patient alone and stated to be so, or of anybody.
fn mentions(reading: &Reading, patient: bool) -> Vec<(String, Range<usize>)> {
    let mut out = Vec::new();
    for case in reading.cases() {
        case.visit(&mut |list, fact| {
            if patient && (*fact.assertion() != Assertion::Present || list == "family_history") {
                return;
            }
            if let Some(code) = fact.codings().iter().find(|c| c.prefix() == "HP") {
                out.extend(reading.evidence(fact.evidence()).into_iter().map(|r| (code.code.clone(), r)));
            }
        });
    }
    if !patient {
        for concept in &reading.report.background {
            if let Some(code) = concept.codings.iter().find(|c| c.prefix() == "HP") {
                out.extend(reading.evidence(&concept.evidence).into_iter().map(|r| (code.code.clone(), r)));
            }
        }
    }
    out
}
