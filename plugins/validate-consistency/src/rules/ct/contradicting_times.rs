//! Times that cannot all hold.
//!
//! Every time of a case ("after 5 months of treatment", "stopped 1 month later", "total duration 6 months", "in June 2020")
//! bounds the distance of two events. The rule looks for sets of such statements that leave no solution, and shows each
//! set with all its statements. Imprecise words get room: "4 months" means 3.5 to 4.5, "about 4 months" 3 to 5.
//!
//! ## Why it matters
//!
//! Time to response, duration of treatment and survival are read from these statements. When they do not add up, at least one
//! of them is wrong and a reader cannot tell which.
//!
//! ## Example
//!
//! After 5 months of treatment she developed a rash. The drug was stopped 1 month later (total duration of 9 months).
//!
//! ## What to write
//!
//! Check the statements against the record and correct the one that is wrong.
//!
//! ## Reference
//!
//! Dechter, Meiri and Pearl. Temporal constraint networks. Artif Intell 1991;49:61-95.

use casemill_plugin_sdk::model::{Diagnostic, Severity};

use crate::reading::Reading;
use crate::rule::Rule;
use crate::times::{Nature, is_time_without, nature, said_of};

pub(crate) const RULE: Rule =
    Rule { code: "CT001", name: "contradicting-times", severity: Severity::Warning };

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (case, timeline) in reading.cases() {
        for conflict in &timeline.conflicts {
            let without = conflict.statements.iter().any(|s| is_time_without(reading, *s));
            if nature(case, conflict) != Nature::Other || without {
                continue;
            }
            let mut found = RULE.found("these times cannot all hold").case(case);
            for span in &conflict.statements {
                found = found.at(*span, said_of(case, conflict, *span));
            }
            found.help("check which of the times is wrong").push(out);
        }
    }
}
