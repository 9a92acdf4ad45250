//! Stages: TNM (UICC / AJCC) and named systems. A stage belongs to the tumour of its sentence, or to the main tumour of the
//! case where its sentence names none ("The tumour was staged as pT2N1M0").

use case_model::{Certainty, Diagnosis, DiagnosisRole, Span, Stage};

use crate::class::{Class, Kind};
use crate::draft::{Draft, View};

const BY: &str = "narrative/stage";

/// A stage with its words.
#[derive(Clone, Debug)]
pub(crate) struct Staged {
    /// The stage.
    pub(crate) stage: Stage,
    /// Its words.
    pub(crate) span: Span,
    /// Their sentence.
    pub(crate) sentence: usize,
}

/// Stages that a sentence states.
pub(crate) fn stages(view: View<'_, '_>) -> Vec<Staged> {
    let reading = view.reading;
    let range = view.sentence.tokens.clone();
    let mut out: Vec<Staged> = Vec::new();
    let mut add = |stage: Stage, first: usize, last: usize| {
        if !out.iter().any(|s| s.stage == stage) {
            out.push(Staged { stage, span: reading.span(first, last), sentence: view.number });
        }
    };
    let mut i = range.start;
    while i < range.end {
        if let Some((value, last)) = tnm_at(view, i) {
            add(Stage { system: "TNM".into(), value }, i, last);
            i = last + 1;
            continue;
        }
        if reading.word(i).eq_ignore_ascii_case("stage")
            && let Some(at) = (i + 1..(i + 3).min(range.end)).find(|j| is_stage(reading.word(*j)))
            && (i + 1..at).all(|j| reading.tokens[j].is(':') || matches!(reading.word(j), "of" | "was" | "group"))
        {
            let system = view.mentions().iter().find(|m| {
                m.is(Kind::Scale) && m.info.class == Class::Stage && m.first <= i && i.saturating_sub(m.last) <= 2
            });
            let system = system.map(|m| reading.vocabulary.concept(m.concept).label.to_owned()).unwrap_or_default();
            add(Stage { system, value: reading.word(at).to_owned() }, i, at);
            i = at;
        }
        i += 1;
    }
    out
}

/// Gives stages without a tumour of their own to the main tumour of the case.
pub(crate) fn attach(stages: Vec<Staged>, diagnoses: &mut Vec<Draft<Diagnosis>>) {
    for Staged { stage, span, sentence } in stages {
        let staged = |d: &Diagnosis| d.neoplasm && d.certainty != Certainty::RuledOut;
        let main = diagnoses
            .iter()
            .position(|d| staged(&d.value) && d.value.role == DiagnosisRole::Primary)
            .or_else(|| diagnoses.iter().position(|d| staged(&d.value)));
        match main {
            Some(i) => {
                let draft = &mut diagnoses[i];
                if !draft.value.stages.contains(&stage) {
                    draft.value.stages.push(stage);
                    draft.more.push((span, sentence));
                }
            }
            None => {
                let value = Diagnosis {
                    label: "neoplasm".into(),
                    certainty: Certainty::Confirmed,
                    role: DiagnosisRole::Primary,
                    neoplasm: true,
                    stages: vec![stage],
                    ..Diagnosis::default()
                };
                diagnoses.push(Draft::new(value, span, sentence, BY));
            }
        }
    }
}

/// A TNM expression that starts at a token, with its last token: `pT2N1M0`, `pT3 pN0 MX`, `T2b, N1, M0`.
fn tnm_at(view: View<'_, '_>, at: usize) -> Option<(String, usize)> {
    let reading = view.reading;
    let end = view.sentence.tokens.end;
    let mut parts = tnm_word(reading.word(at))?;
    if !parts[0].trim_start_matches(PREFIXES).starts_with('T') {
        return None;
    }
    let mut last = at;
    let mut next = at + 1;
    // Further parts, with commas between them and remarks in brackets behind them: "pT2 (2.3 cm), pN0 (0/12)".
    while next < end && next <= last + 8 {
        let token = &reading.tokens[next];
        if token.is('(') {
            next = (next..end.min(next + 10)).find(|i| reading.tokens[*i].is(')')).map_or(end, |i| i + 1);
        } else if token.is(',') || token.is('/') || token.is_hyphen() {
            next += 1;
        } else {
            match tnm_word(reading.word(next)).filter(|p| !p[0].trim_start_matches(PREFIXES).starts_with('T')) {
                Some(more) => {
                    parts.extend(more);
                    last = next;
                    next += 1;
                }
                None => break,
            }
        }
    }
    // A lone "T2" is a weighting of MRI, a vertebra or a cell; with p, c or y, or beside words for staging, it is a stage.
    let sure = parts.len() > 1
        || parts[0].len() > 2 && parts[0].starts_with(PREFIXES)
        || view.mentions().iter().any(|m| m.is(Kind::Scale) && m.info.class == Class::Stage)
        || (at.saturating_sub(5)..at).any(|i| {
            view.sentence.tokens.contains(&i)
                && matches!(
                    reading.word(i).to_ascii_lowercase().as_str(),
                    "stage" | "staged" | "staging" | "tnm" | "ajcc" | "uicc" | "pathologic" | "pathological"
                )
        });
    sure.then(|| (parts.concat(), last))
}

/// Prefixes of UICC TNM: clinical, pathological, after treatment, recurrence, autopsy.
const PREFIXES: [char; 5] = ['c', 'p', 'y', 'r', 'a'];

/// The parts of one word of a TNM expression: `pT2bN1M0` is `pT2b`, `N1`, `M0`. A letter O read for a zero is a zero.
fn tnm_word(word: &str) -> Option<Vec<String>> {
    let mut rest = word;
    let mut parts = Vec::new();
    while !rest.is_empty() {
        let prefix = rest.len() - rest.trim_start_matches(PREFIXES).len();
        let body = &rest[prefix..];
        let kind = body.chars().next().filter(|c| matches!(c, 'T' | 'N' | 'M') && prefix <= 2)?;
        let tail = &body[1..];
        let digit = tail.chars().next()?;
        let mut length = match (kind, digit) {
            ('T', 'i') => tail.starts_with("is").then_some(2)?,
            ('T', '0'..='4' | 'X' | 'x' | 'a' | 'O')
            | ('N', '0'..='3' | 'X' | 'x' | 'O')
            | ('M', '0' | '1' | 'X' | 'x' | 'O') => 1,
            _ => return None,
        };
        // "T2b", "N1mi", "M1c", "T1a2"
        let behind = &tail[length..];
        length += if behind.starts_with("mi") {
            2
        } else {
            let letter = behind.starts_with(['a', 'b', 'c', 'd']);
            usize::from(letter) + usize::from(letter && behind[1..].starts_with(['1', '2']))
        };
        let part = format!("{}{kind}{}", &rest[..prefix], tail[..length].replace('O', "0").replace('x', "X"));
        parts.push(part);
        rest = &tail[length..];
        // A further part must follow, or the word must end.
        if parts.len() > 6 {
            return None;
        }
    }
    (!parts.is_empty()).then_some(parts)
}

/// `IIB`, `IV`, `3`, `4S`.
fn is_stage(word: &str) -> bool {
    let roman = word.trim_end_matches(|c: char| matches!(c, 'A'..='E' | 'a'..='e' | 'S' | '0'..='9'));
    let is_roman = !roman.is_empty() && roman.len() <= 3 && roman.chars().all(|c| matches!(c, 'I' | 'V'));
    let arabic = word.trim_end_matches(|c: char| matches!(c, 'A'..='E' | 'a'..='e' | 'S'));
    is_roman || arabic.len() == 1 && matches!(arabic, "0" | "1" | "2" | "3" | "4")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_tnm() {
        let parts = |word| tnm_word(word).map(|p| p.join(" "));
        assert_eq!(parts("pT2bN1M0").as_deref(), Some("pT2b N1 M0"));
        assert_eq!(parts("ypT3").as_deref(), Some("ypT3"));
        assert_eq!(parts("pNO").as_deref(), Some("pN0"));
        assert_eq!(parts("pTis").as_deref(), Some("pTis"));
        assert_eq!(parts("N1mi").as_deref(), Some("N1mi"));
        assert_eq!(parts("pMX").as_deref(), Some("pMX"));
        for none in ["T5", "TNM", "N", "Mx1", "Tumor", "NO2", "pap", "T2w", "M2a"] {
            assert_eq!(parts(none), None, "{none}");
        }
    }
}
