//! A dose far from any labelled one.
//!
//! Two kinds of distance: a daily amount of an oral anticancer drug of more than one and a half times the highest labelled one, and an amount that is
//! a hundredth or less of the lowest usual one or a hundred times the highest, as when mg stands for g. The rule compares; it converts
//! nothing.
//!
//! ## Why it matters
//!
//! "Dasatinib 140 mg twice daily" is a dose that no label knows; "cefixime 0.1 mg" and immunoglobulin "0.4 mg/kg" are a thousandth of the
//! usual dose.
//!
//! ## Example
//!
//! intravenous immunoglobulin 0.4 mg/kg for 5 days
//!
//! ## What to write
//!
//! The dose of the record with its unit; if it was meant to be beyond the label, say so.
//!
//! ## Reference
//!
//! Highest labelled daily amounts for adults without interacting drugs: United States prescribing information as of 2024. Usual doses of the other drugs:
//! labels and WHO ATC/DDD index; immunoglobulin 0.2 to 2 g/kg; protein by nutrition 0.5 to 3 g/kg a day (ASPEN). Valid from 2024; newer labels may
//! go beyond.

use casemill_plugin_sdk::model::{
    ActionStatus, Certainty, Diagnostic, DiagnosisRole, Dose, Fact, Severity, Span, Treatment, TreatmentRole,
};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CD006", name: "dose-beyond-label", severity: Severity::Warning };

/// Oral anticancer drugs: highest labelled amount a day, in mg.
const HIGHEST: &[(&str, f64)] = &[
    ("abemaciclib", 400.0), ("acalabrutinib", 200.0), ("afatinib", 50.0), ("alectinib", 1200.0), ("apalutamide", 240.0), ("axitinib", 20.0),
    ("bosutinib", 600.0), ("brigatinib", 180.0), ("cabozantinib", 140.0), ("capmatinib", 800.0), ("ceritinib", 750.0), ("cobimetinib", 60.0),
    ("crizotinib", 500.0), ("dabrafenib", 300.0), ("dasatinib", 180.0), ("encorafenib", 450.0), ("entrectinib", 600.0), ("enzalutamide", 160.0),
    ("erlotinib", 150.0), ("gefitinib", 250.0), ("gilteritinib", 120.0), ("ibrutinib", 560.0), ("imatinib", 800.0), ("larotrectinib", 200.0),
    ("lenvatinib", 24.0), ("lorlatinib", 100.0), ("neratinib", 240.0), ("nilotinib", 800.0), ("niraparib", 300.0), ("olaparib", 800.0),
    ("osimertinib", 80.0), ("palbociclib", 125.0), ("pazopanib", 800.0), ("ponatinib", 45.0), ("regorafenib", 160.0), ("ribociclib", 600.0),
    ("rucaparib", 1200.0), ("ruxolitinib", 50.0), ("selpercatinib", 320.0), ("sorafenib", 800.0), ("sunitinib", 50.0), ("tepotinib", 450.0),
    ("trametinib", 2.0), ("vandetanib", 300.0), ("vemurafenib", 1920.0), ("venetoclax", 600.0), ("zanubrutinib", 320.0),
];

/// Common drugs with a narrow span of usual single amounts for adults: lowest and highest, in mg.
const USUAL: &[(&str, f64, f64)] = &[
    ("acetylsalicylic acid", 75.0, 1000.0), ("allopurinol", 50.0, 900.0), ("amoxicillin", 250.0, 2000.0), ("cefixime", 100.0, 400.0),
    ("ceftriaxone", 250.0, 4000.0), ("ciprofloxacin", 100.0, 1000.0), ("ibuprofen", 100.0, 1200.0), ("levofloxacin", 250.0, 1000.0),
    ("meropenem", 500.0, 2000.0), ("metformin", 250.0, 2000.0), ("metronidazole", 200.0, 2000.0), ("acetaminophen", 250.0, 1500.0),
    ("paracetamol", 250.0, 1500.0), ("prednisone", 1.0, 250.0), ("prednisolone", 1.0, 250.0), ("vancomycin", 125.0, 3000.0),
];

/// What is dosed by weight: words of the name, lowest and highest amount in mg/kg.
const BY_WEIGHT: &[(&[&str], f64, f64)] =
    &[(&["immunoglobulin", "immune globulin", "ivig"], 100.0, 2000.0), (&["protein", "nutrition"], 500.0, 3000.0)];

/// How many mg (or mg/kg) a unit is, and whether it is by weight and by day.
fn milligrams(unit: &str) -> Option<(f64, bool, bool)> {
    let (mass, rest) = unit.split_once('/').unwrap_or((unit, ""));
    let factor = match mass {
        "g" => 1000.0,
        "mg" => 1.0,
        "ug" => 0.001,
        _ => return None,
    };
    match rest {
        "" => Some((factor, false, false)),
        "d" => Some((factor, false, true)),
        "kg" => Some((factor, true, false)),
        "kg/d" => Some((factor, true, true)),
        _ => None,
    }
}

/// Doses a day, by the words of the frequency.
fn times_a_day(dose: &Dose) -> f64 {
    let words = dose.frequency.as_ref().map(|f| f.quote.to_lowercase()).unwrap_or_default();
    let any = |list: &[&str]| list.iter().any(|w| words.contains(w));
    if any(&["twice", "two times", "bid", "b.i.d", "every 12", "q12"]) {
        2.0
    } else if any(&["thrice", "three times", "tid", "t.i.d", "every 8", "q8"]) {
        3.0
    } else if any(&["four times", "qid", "every 6", "q6"]) {
        4.0
    } else {
        1.0
    }
}

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (case, _) in reading.cases() {
        for treatment in case.treatments.iter().filter(|t| t.value.status == ActionStatus::Given) {
            let agent = treatment.value.agent.to_lowercase();
            for dose in &treatment.value.doses {
                if is_spaced(reading, dose) {
                    continue;
                }
                let Some((factor, by_weight, by_day)) = dose.amount.unit.as_deref().and_then(milligrams) else { continue };
                let amount = dose.amount.value.value() * factor;
                let message = if by_weight {
                    let near = reading.lower(around(dose, treatment.span())).to_owned() + &agent;
                    let entry = BY_WEIGHT.iter().find(|(names, ..)| names.iter().any(|n| near.contains(n)));
                    entry.filter(|(_, low, high)| amount <= low / 50.0 || amount >= high * 50.0).map(|_| {
                        format!("{} of {}: is the unit right?", dose.printed.quote, treatment.value.agent)
                    })
                } else if let Some((_, most)) = HIGHEST.iter().find(|(name, _)| *name == agent) {
                    let day = amount * if by_day { 1.0 } else { times_a_day(dose) };
                    (day > most * 1.5).then(|| format!("{day} mg of {agent} a day; labels go up to {most} mg"))
                } else {
                    let entry = USUAL.iter().find(|(name, ..)| *name == agent);
                    entry.filter(|(_, low, high)| amount <= low / 100.0 || amount >= high * 100.0).map(|_| {
                        format!("{} of {}: is the unit right?", dose.printed.quote, treatment.value.agent)
                    })
                };
                if let Some(message) = message {
                    let mut found = RULE
                        .found(message)
                        .case(case)
                        .at(treatment_near(dose, treatment).hull(dose.printed.span), "the dose");
                    if let Some(often) = &dose.frequency {
                        found = found.at(often.span, "how often");
                    }
                    if !by_weight && treatment.value.role == TreatmentRole::Anticancer {
                        let disease = case.diagnoses.iter().find(|d| {
                            d.value.role == DiagnosisRole::Primary
                                && d.value.neoplasm
                                && d.value.certainty == Certainty::Confirmed
                                && d.span().start < dose.printed.span.start
                        });
                        found = found.at(disease.map(Fact::span).unwrap_or_default(), "the disease");
                    }
                    let end = dose.printed.span.end;
                    let lasts = treatment.value.durations.iter().filter_map(|d| d.span).find(|s| s.start >= end && s.start - end < 40);
                    found = found.at(lasts.unwrap_or_default(), "how long");
                    found.help("check the amount and its unit").push(out);
                }
            }
        }
    }
}

/// True for doses that are given rarely and high: weekly, in pulses, in a trial of doses.
fn is_spaced(reading: &Reading<'_>, dose: &Dose) -> bool {
    let at = reading.token_at(dose.printed.span.start);
    reading.sentence(dose.printed.span.start).is_some_and(|s| {
        let near = at.saturating_sub(12).max(s.tokens.start)..(at + 10).min(s.tokens.end);
        reading.has_any(near, &["weekly", "pulse", "pulsed", "pulses", "intermittent", "week", "escalation", "overdose", "overdosed"])
    })
}

/// The words before the dose, where its name may be more general than the agent.
fn around(dose: &Dose, agent: Span) -> Span {
    Span::new(agent.start.min(dose.printed.span.start), dose.printed.span.end)
}

/// The mention of the drug close before the dose.
fn treatment_near(dose: &Dose, treatment: &Fact<Treatment>) -> Span {
    let before = treatment.evidence.iter().map(|e| e.span).rfind(|s| s.end <= dose.printed.span.start);
    before.filter(|s| dose.printed.span.start - s.end < 60).unwrap_or(dose.printed.span)
}
