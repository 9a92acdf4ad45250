//! tcga-path-tnm: pathology reports read by OCR, with the stage that the registry holds.

use super::bench::{Bench, LEAD, Reading, text_of};
use super::tally::{Errors, Figure, context, share};
use crate::Result;

pub(crate) fn run(bench: &Bench<'_>, errors: &mut Errors) -> Result<Vec<Figure>> {
    let reports: Vec<serde_json::Value> = text_of(&bench.corpus("tcga-path-tnm").join("reports.jsonl"))?
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    let texts: Vec<&str> = reports.iter().map(|r| r["text"].as_str().unwrap_or_default()).collect();
    let readings = bench.read("tcga-path-tnm", LEAD, &texts)?;
    let mut out = Vec::new();
    for (part, key) in [('T', "T_registry"), ('N', "N_registry"), ('M', "M_registry")] {
        let (mut known, mut given, mut right) = (0, 0, 0);
        for ((report, text), reading) in reports.iter().zip(&texts).zip(&readings) {
            let Some(wanted) = report[key].as_str().and_then(|v| class(v, part)) else { continue };
            known += 1;
            let values = reading.as_ref().map(stages).unwrap_or_default();
            let found = values.iter().find_map(|v| class(v, part));
            given += usize::from(found.is_some());
            right += usize::from(found == Some(wanted));
            match found {
                Some(found) if found != wanted => {
                    errors.add(format!("{part}: other class"), || format!("{wanted} read as {found} | {values:?}"));
                }
                // What a pattern finds shows whether the report states the class at all.
                None => match stated(text, part) {
                    Some(at) => errors.add(format!("{part}: stated, not read"), || context(text, at..at + 2)),
                    None => errors.add(format!("{part}: not stated"), String::new),
                },
                _ => {}
            }
        }
        let told = format!("{right} of {given} with a value; {known} in the registry");
        let accuracy = Figure {
            what: format!("{part} accuracy where given"),
            value: share(right, given),
            told,
            ..Figure::default()
        };
        let told = format!("{given} of {known}");
        let coverage =
            Figure { what: format!("{part} coverage"), value: share(given, known), told, ..Figure::default() };
        // What others measured is of T; the goal holds for all three.
        out.push(if part == 'T' { accuracy.floor("0.949 one regex").goal(0.97) } else { accuracy.goal(0.97) });
        out.push(if part == 'T' { coverage.floor("0.64 one regex").goal(0.75) } else { coverage.goal(0.75) });
    }
    Ok(out)
}

/// TNM values of the record, in the order of the text.
fn stages(reading: &Reading) -> Vec<String> {
    let mut out = Vec::new();
    for stage in reading.cases().iter().flat_map(|c| &c.diagnoses).flat_map(|d| &d.value.stages) {
        if stage.system == "TNM" {
            out.push(stage.value.clone());
        }
    }
    out
}

/// The class of one part: `pT2bN1mi` has T class 2 and N class 1. X and unknown are no class.
fn class(value: &str, part: char) -> Option<char> {
    value.match_indices(part).find_map(|(i, _)| {
        let next = value[i + 1..].chars().next()?;
        match next {
            // "Tis" is class 0 of the primary tumour for this purpose: the set has none.
            '0'..='4' => Some(next),
            _ => None,
        }
    })
}

/// Where a class of this part is written in a text: `T2`, `N0`.
fn stated(text: &str, part: char) -> Option<usize> {
    let bytes = text.as_bytes();
    text.match_indices(part).map(|(i, _)| i).find(|i| {
        // OCR reads "pN0" as "pNO".
        let zero = |b: u8| b == b'O' && text[..*i].ends_with('p');
        let digit = bytes.get(i + 1).is_some_and(|b| (b'0'..=b'4').contains(b) || zero(*b));
        let bound = i.checked_sub(1).is_none_or(|b| {
            !bytes[b].is_ascii_alphanumeric() || matches!(bytes[b], b'p' | b'c' | b'0'..=b'4' | b'a'..=b'c')
        });
        let ends = bytes.get(i + 2).is_none_or(|b| !b.is_ascii_digit());
        digit && bound && ends
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes() {
        assert_eq!(class("pT2bN1miM0", 'T'), Some('2'));
        assert_eq!(class("pT2bN1miM0", 'N'), Some('1'));
        assert_eq!(class("TXN0", 'T'), None);
        assert_eq!(class("N0", 'M'), None);
        assert_eq!(stated("classified pT3 N1", 'N'), Some(15));
        assert_eq!(stated("HT29 and T12", 'T'), None);
        assert_eq!(stated("NO METASTASIS, pNO", 'N'), Some(16));
    }
}
