//! Two ages at presentation.
//!
//! The abstract, the case or a caption introduce the same patient with different ages.
//!
//! ## Why it matters
//!
//! Age is the first thing that is coded, and the field by which duplicates are found.
//!
//! ## Example
//!
//! Abstract: a 45-year-old man. Case: A 54-year-old man presented.
//!
//! ## What to write
//!
//! One age at one event.

use casemill_plugin_sdk::model::{Diagnostic, SectionKind, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CX001", name: "age-differs", severity: Severity::Warning };

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    if let Some((case, twin)) = reading.told_in_abstract() {
        // One patient that reads as two because of it.
        let (Some(there), Some(here)) = (twin.age(), case.age()) else { return };
        if there.value.value != here.value.value && !there.value.approximate && !here.value.approximate {
            RULE.found(format!("the age is {} here and {} there", there.quote(), here.quote()))
                .case(case)
                .at(there.span(), there.quote())
                .at(here.span(), here.quote())
                .push(out);
        }
        return;
    }
    if reading.report.cases.len() != 1 {
        return;
    }
    for (case, _) in reading.cases() {
        let Some((first, rest)) = case.subject.age.split_first() else { continue };
        let section = |offset: u32| match reading.section(offset) {
            SectionKind::Abstract | SectionKind::Title => 1,
            SectionKind::Caption | SectionKind::Table => 2,
            _ => 0,
        };
        let other = rest.iter().find(|age| {
            let exact = !age.value.approximate && !first.value.approximate;
            // Within one section a second age belongs to another event.
            exact && age.value.value != first.value.value && section(age.span().start) != section(first.span().start)
        });
        if let Some(other) = other {
            RULE.found(format!("the age is {} here and {} there", first.quote(), other.quote()))
                .case(case)
                .at(first.span(), first.quote())
                .at(other.span(), other.quote())
                .push(out);
        }
    }
}
