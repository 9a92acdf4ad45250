//! maccrobat2020: case reports in brat standoff, spans with types.

use std::ops::Range;

use case_model::{Case, Relation, Timing, TreatmentKind};

use super::bench::{Bench, Offsets, Reading, files, text_of};
use super::tally::{Errors, Figure, Mark, Tally, compare};
use crate::Result;

/// Types of the set that the record has a place for, and their common name here. Both kinds of procedure are one type: the
/// record tells treatments of the tumour from other procedures, not diagnostic from therapeutic ones.
pub(crate) const MAPPING: &[(&str, &str, &str)] = &[
    ("Age", "Age", "age"),
    ("Sex", "Sex", "sex, first mention"),
    ("Sign_symptom", "Sign_symptom", "findings"),
    ("Disease_disorder", "Disease_disorder", "diagnoses"),
    ("Medication", "Medication", "treatments: drugs and regimens"),
    ("Therapeutic_procedure", "Procedure", "treatments: surgery and radiation; procedures"),
    ("Diagnostic_procedure", "Procedure", "imaging, procedures, analytes of measurements"),
    ("Lab_value", "Lab_value", "values of measurements, tumour sizes excepted"),
    ("Biological_structure", "Biological_structure", "sites, and sites of findings, imaging, procedures, diagnoses"),
    ("Dosage", "Dosage", "doses with their frequency"),
    ("Date", "Date", "times of facts"),
    ("Duration", "Duration", "lengths of treatments and facts"),
    ("Severity", "Severity", "severity of findings"),
];

pub(crate) fn run(bench: &Bench<'_>, errors: &mut Errors) -> Result<Vec<Figure>> {
    let paths = files(&bench.corpus("maccrobat2020"), ".txt")?;
    let texts: Vec<String> = paths.iter().map(|p| text_of(p)).collect::<Result<_>>()?;
    let inputs: Vec<&str> = texts.iter().map(String::as_str).collect();
    let readings = bench.read("maccrobat2020", "", &inputs)?;
    let mut tally = Tally::default();
    for ((path, text), reading) in paths.iter().zip(&texts).zip(&readings) {
        let gold = brat(text, &text_of(&path.with_extension("ann"))?, |kind| {
            MAPPING.iter().find(|(theirs, ..)| *theirs == kind).map(|(_, ours, _)| *ours)
        });
        compare(text, gold, reading.as_ref().map(|r| found(text, r)).unwrap_or_default(), &mut tally, errors);
    }
    Ok(vec![tally.figure("strict span and type F1").floor("0.41 dictionary of seen strings").goal(0.55)])
}

/// Text-bound annotations of a brat file, in bytes; discontinuous ones by their hull.
pub(crate) fn brat(text: &str, annotations: &str, kind_of: impl Fn(&str) -> Option<&'static str>) -> Vec<Mark> {
    let offsets = Offsets::of(text);
    let mark = |line: &str| {
        let mut columns = line.split('\t');
        columns.next().filter(|id| id.starts_with('T'))?;
        let (kind, places) = columns.next()?.split_once(' ')?;
        let start = places.split([' ', ';']).next()?.parse().ok()?;
        let end = places.rsplit([' ', ';']).next()?.parse().ok()?;
        Mark::new(text, offsets.bytes(start, end)?, kind_of(kind)?)
    };
    annotations.lines().filter_map(mark).collect()
}

/// What the record states, as places with the types of the set.
fn found(text: &str, reading: &Reading) -> Vec<Mark> {
    let mut out = Vec::new();
    let mut add = |kind: &str, ranges: Vec<Range<usize>>| {
        out.extend(ranges.into_iter().filter_map(|r| Mark::new(text, r, kind)));
    };
    for case in reading.cases() {
        case.subject.age.iter().for_each(|f| add("Age", reading.evidence(&f.evidence)));
        if let Some(sex) = case.sex() {
            add("Sex", reading.evidence(&sex.evidence[..1]));
        }
        for fact in &case.findings {
            add("Sign_symptom", reading.evidence(&fact.evidence));
            let near = |words: &Option<String>| words.as_ref().and_then(|w| reading.words_near(w, fact.span()));
            add("Severity", near(&fact.value.severity).into_iter().collect());
            add("Biological_structure", near(&fact.value.site).into_iter().collect());
        }
        for fact in &case.diagnoses {
            add("Disease_disorder", reading.evidence(&fact.evidence));
            let site = fact.value.site.as_ref().and_then(|w| reading.words_near(w, fact.span()));
            add("Biological_structure", site.into_iter().collect());
        }
        for fact in &case.treatments {
            let drug = matches!(fact.value.kind, TreatmentKind::Drug | TreatmentKind::Regimen);
            add(if drug { "Medication" } else { "Procedure" }, reading.evidence(&fact.evidence));
            for dose in &fact.value.doses {
                let near = dose.frequency.as_ref().filter(|f| f.span.start.saturating_sub(dose.printed.span.end) < 20);
                let span = near.map_or(dose.printed.span, |f| dose.printed.span.hull(f.span));
                add("Dosage", reading.place(span).into_iter().collect());
            }
        }
        for fact in &case.imaging {
            add("Procedure", reading.evidence(&fact.evidence));
            let region = fact.value.region.as_ref().and_then(|w| reading.words_near(w, fact.span()));
            add("Biological_structure", region.into_iter().collect());
        }
        for fact in &case.procedures {
            add("Procedure", reading.evidence(&fact.evidence));
            let site = fact.value.site.as_ref().and_then(|w| reading.words_near(w, fact.span()));
            add("Biological_structure", site.into_iter().collect());
        }
        case.sites.iter().for_each(|f| add("Biological_structure", reading.evidence(&f.evidence)));
        for fact in &case.measurements {
            let number = fact.value.quantity.as_ref().map(|q| q.value.as_str());
            for range in reading.evidence(&fact.evidence) {
                let (analyte, value) = parts(&text[range.clone()], number);
                add("Procedure", std::iter::once(range.start..range.start + analyte).collect());
                add("Lab_value", value.map(|v| range.start + v..range.end).into_iter().collect());
            }
        }
        times(case, |kind, timing| add(kind, timing.span.and_then(|s| reading.place(s)).into_iter().collect()));
    }
    out
}

/// The words of a measurement ("haemoglobin of 13.1 g/dL"): how long the analyte is, where the value begins.
fn parts(words: &str, number: Option<&str>) -> (usize, Option<usize>) {
    let head = number.map_or("", |n| &n[..n.len().min(1)]);
    let digits = |(i, _): &(usize, &str)| *i > 0 && !words[..*i].ends_with(|c: char| c.is_alphanumeric());
    let value = (!head.is_empty()).then(|| words.match_indices(head).find(digits)).flatten().map(|(i, _)| i);
    let mut analyte = words[..value.unwrap_or(words.len())].trim_end();
    while let Some(rest) = [" of", " was", " were", " is", " at", " level", " levels", ":", "=", "(", ",", "-"]
        .iter()
        .find_map(|w| analyte.strip_suffix(w))
    {
        analyte = rest.trim_end();
    }
    (analyte.len(), value)
}

/// All times of a case: lengths apart from the others.
fn times(case: &Case, mut add: impl FnMut(&str, &Timing)) {
    case.visit(&mut |_, fact| {
        fact.timings(&mut |timing| {
            add(if timing.relation == Relation::For { "Duration" } else { "Date" }, timing);
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_measurement() {
        for (words, number, analyte, value) in [
            ("haemoglobin of 13.1 g/dL", Some("13.1"), "haemoglobin", Some("13.1 g/dL")),
            ("CA 19-9 was 21,000/mm3", Some("21000"), "CA 19-9", Some("21,000/mm3")),
            ("troponin negative", None, "troponin negative", None),
        ] {
            let (length, start) = parts(words, number);
            assert_eq!((&words[..length], start.map(|s| &words[s..])), (analyte, value), "{words}");
        }
    }

    #[test]
    fn brat_counts_code_points() {
        let text = "é: fever and chills";
        let marks = brat(text, "T1\tA 3 8\tfever\nR1\tX Arg1:T1\nT2\tB 3 8\tfever\nT3\tA 3 5;13 19\tfe chills", |k| {
            (k == "A").then_some("sign")
        });
        let words: Vec<&str> = marks.iter().map(|m| &text[m.start..m.end]).collect();
        assert_eq!(words, ["fever", "fever and chills"]);
    }
}
