//! A regimen spelled out with a drug that is not in it.
//!
//! The name of a common regimen is followed by its drugs in brackets, or the drugs by the name, and a drug of the regimen is missing
//! while another stands in its place.
//!
//! ## Why it matters
//!
//! Coders take the name or the drugs; fludrocortisone is not fludarabine. Where a name has two meanings (VAC with actinomycin D or
//! with doxorubicin), the message is for information.
//!
//! ## Example
//!
//! FCR (fludrocortisone, cyclophosphamide, rituximab)
//!
//! ## What to write
//!
//! FCR (fludarabine, cyclophosphamide, rituximab)
//!
//! ## Reference
//!
//! NCI Thesaurus, subtree Chemotherapy Regimen or Agent Combination (C12218).

use casemill_plugin_sdk::model::{Diagnostic, Severity, Span};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CD005", name: "regimen-expanded-wrongly", severity: Severity::Warning };

/// Name, drugs (alternatives with `|`), and whether the name is used for other combinations, too.
const REGIMENS: &[(&str, &[&str], bool)] = &[
    ("ABVD", &["doxorubicin|adriamycin|adriamycine", "bleomycin", "vinblastine", "dacarbazine"], false),
    ("BEP", &["bleomycin", "etoposide", "cisplatin"], false),
    ("CHOP", &["cyclophosphamide", "doxorubicin|adriamycin|hydroxydaunorubicin|hydroxydaunomycin", "vincristine|oncovin", "prednisone|prednisolone"], false),
    ("CVP", &["cyclophosphamide", "vincristine", "prednisone|prednisolone"], false),
    ("EP", &["etoposide", "cisplatin"], true),
    ("FCR", &["fludarabine", "cyclophosphamide", "rituximab"], false),
    ("FLAG", &["fludarabine", "cytarabine", "filgrastim|g-csf|gcsf|granulocyte"], true),
    ("FOLFIRI", &["folinic|leucovorin", "fluorouracil|5-fu", "irinotecan"], false),
    ("FOLFIRINOX", &["folinic|leucovorin", "fluorouracil|5-fu", "irinotecan", "oxaliplatin"], false),
    ("FOLFOX", &["folinic|leucovorin", "fluorouracil|5-fu", "oxaliplatin"], false),
    ("MVAC", &["methotrexate", "vinblastine", "doxorubicin|adriamycin", "cisplatin"], false),
    ("XELOX", &["capecitabine", "oxaliplatin"], false),
    ("CAPOX", &["capecitabine", "oxaliplatin"], false),
    ("ICE", &["ifosfamide", "carboplatin", "etoposide"], false),
    ("DHAP", &["dexamethasone", "cytarabine|ara-c", "cisplatin"], false),
    ("BEAM", &["carmustine|bcnu", "etoposide", "cytarabine|ara-c", "melphalan"], false),
    ("VAC", &["vincristine", "actinomycin|dactinomycin", "cyclophosphamide"], true),
    ("VDC", &["vincristine", "doxorubicin|adriamycin", "cyclophosphamide"], false),
    ("CMF", &["cyclophosphamide", "methotrexate", "fluorouracil|5-fu"], false),
    ("DCF", &["docetaxel", "cisplatin", "fluorouracil|5-fu"], false),
    ("TCHP", &["docetaxel", "carboplatin", "trastuzumab", "pertuzumab"], false),
];

/// Words that are no drug.
const FILLERS: &[&str] = &["and", "plus", "with", "regimen", "chemotherapy", "cycles", "therapy", "acid", "d"];

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    let mut told: Vec<&str> = Vec::new();
    for i in 0..reading.tokens.len() {
        let written = reading.written(i);
        if written.len() < 2 || !written.as_bytes()[0].is_ascii_uppercase() || !reading.tokens[i].is_word() {
            continue;
        }
        let Some((name, drugs, several)) = REGIMENS.iter().find(|(n, ..)| *n == written) else { continue };
        // "FCR (…)" or "… (VAC)".
        let after = (reading.word(i + 1) == "(").then(|| {
            let close = (i + 2..(i + 30).min(reading.tokens.len())).find(|j| matches!(reading.word(*j), ")" | ";" | "."));
            close.map(|close| i + 2..close)
        });
        let before = (i > 0 && reading.word(i - 1) == "(" && reading.word(i + 1) == ")").then(|| {
            let sentence = reading.sentence(reading.tokens[i].span.start)?;
            let start = sentence.tokens.start.max(i.saturating_sub(3 * drugs.len() + 2));
            Some(start..i - 1)
        });
        let Some(range) = after.flatten().or(before.flatten()) else { continue };
        if range.is_empty() || range.len() > 28 {
            continue;
        }
        let words = reading.lower(reading.span(range.start, range.end - 1));
        let missing: Vec<&&str> = drugs.iter().filter(|d| !d.split('|').any(|form| words.contains(form))).collect();
        // Some drug stands in the place of the missing one: as many names as drugs, and the others are right.
        let names = range
            .clone()
            .filter(|j| reading.tokens[*j].is_word() && reading.word(*j).len() > 6 && !FILLERS.contains(&reading.word(*j)))
            .filter(|j| !matches!(reading.word(*j), "consisting" | "containing" | "intravenous" | "combination" | "received"))
            .count();
        if missing.len() == 1 && names >= drugs.len() && drugs.len() > 1 && !told.contains(name) {
            told.push(name);
            let wanted = missing[0].split('|').next().unwrap_or_default();
            let expected = if *several { "usually stands for a combination with" } else { "stands for a combination with" };
            RULE.found(format!("{name} {expected} {wanted}, which is not named here"))
                .level(if *several { Severity::Info } else { Severity::Warning })
                .at(reading.span(range.start.min(i), range.end.max(i)), "spelled out here")
                .at(elsewhere(reading, i, name, wanted).unwrap_or_default(), "named here")
                .push(out);
        }
    }
}

/// Where the expected drug stands, or else the regimen once more.
fn elsewhere(reading: &Reading<'_>, here: usize, name: &str, drug: &str) -> Option<Span> {
    let rest = (0..here.saturating_sub(12)).chain(here + 12..reading.tokens.len());
    let at = rest.clone().find(|i| reading.word(*i) == drug).or_else(|| rest.clone().find(|i| reading.written(*i) == name))?;
    Some(reading.tokens[at].span)
}
