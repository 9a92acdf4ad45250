//! An age that may belong to one of two times.
//!
//! The sentence that introduces the patient gives an age and an earlier diagnosis ("A 68-year-old woman was initially diagnosed in
//! 2008"), and the report goes on to events at least two years later. The age can be that at the diagnosis or that at the
//! presentation the report is about.
//!
//! ## Why it matters
//!
//! Age at diagnosis and age at event are separate fields in every registry; years of difference change risk groups and doses.
//!
//! ## Example
//!
//! A 68-year-old woman was initially diagnosed in 2008 with leukaemia. (...) In June 2020 she presented with fever.
//!
//! ## What to write
//!
//! "A 68-year-old woman, diagnosed in 2008 at the age of 56, presented in June 2020."

use case_text::when::{age_at, date_at};
use casemill_plugin_sdk::model::{Diagnostic, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CT009", name: "age-without-anchor", severity: Severity::Warning };

const EARLIER: &[&str] = &["initially", "originally", "previously", "first"];
const FOUND: &[&str] = &["diagnosed", "treated", "operated", "found"];
const COMES: &[&str] = &["presented", "admitted", "readmitted", "referred", "returned", "hospitalized", "hospitalised"];
/// Words that tie the age to a time.
const TIED: &[&str] = &["presented", "admitted", "referred", "presents", "presenting", "visited", "currently", "then", "now"];

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (case, _) in reading.cases() {
        let Some(age) = case.age() else { continue };
        let Some(number) = reading.sentence_at(age.span().start) else { continue };
        let sentence = &reading.sentences[number];
        let tokens = sentence.tokens.clone();
        let first = reading.token_at(age.span().start);
        // A second age in the sentence says which is which.
        let mut ages = tokens.clone().filter(|i| age_at(reading.text, &reading.tokens, *i).is_some());
        if ages.any(|i| i > first + 5) || reading.has_any(tokens.clone(), TIED) {
            continue;
        }
        let Some(earlier) = tokens.clone().find(|i| {
            EARLIER.contains(&reading.word(*i)) && FOUND.contains(&reading.word(i + 1))
        }) else {
            continue;
        };
        let dated = (earlier..tokens.end).find_map(|i| date_at(reading.text, &reading.tokens, i));
        let Some(dated) = dated else { continue };
        // The last later date with the patient coming, else the first later date.
        let mut later = None;
        let told = reading.sentences[number + 1..].iter().filter(|s| s.is_told() && s.patient);
        for next in told.take_while(|s| s.section == sentence.section) {
            let found = next.tokens.clone().find_map(|i| date_at(reading.text, &reading.tokens, i));
            let Some(found) = found.filter(|f| f.date.year >= dated.date.year + 2) else { continue };
            let comes = reading.has_any(next.tokens.clone(), COMES);
            if comes || later.is_none() {
                later = Some(reading.span(found.first, found.last));
            }
        }
        if let Some(span) = later {
            RULE.found("the age may be that at the first diagnosis or that at the later presentation")
                .case(case)
                .at(age.span(), "the age")
                .at(reading.span(earlier, dated.last), "at this time, or")
                .at(span, "at this one")
                .help("give the age with the event it belongs to")
                .push(out);
        }
    }
}
