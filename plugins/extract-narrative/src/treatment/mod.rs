//! Treatments: drugs, classes, regimens, radiotherapy, operations on the tumour; given, planned, considered, declined.

mod course;
mod dose;
mod status;

use case_model::{ActionStatus, Span, Statement, Treatment, TreatmentKind, TreatmentRole};
use case_text::context::Context;

pub(crate) use self::course::merge;
use self::dose::{dose_beside, dose_steps};
use self::status::reason_behind;
pub(crate) use self::status::{Action, action};

use crate::class::{Class, Info, Kind};
use crate::draft::{Draft, View};
use crate::finding::is_covered;
use crate::reading::Mention;
use crate::time::{Hint, Stated};

const BY: &str = "narrative/treatment";

/// Adjectives that belong to the name of an operation or radiotherapy.
const OPERATION_ADJECTIVES: &[&str] = &[
    "adjuvant",
    "assisted",
    "bilateral",
    "bloc",
    "concurrent",
    "dose",
    "en",
    "endoscopic",
    "extended",
    "external",
    "high",
    "intensity",
    "intracavitary",
    "laparoscopic",
    "left",
    "local",
    "marginal",
    "modulated",
    "neoadjuvant",
    "open",
    "palliative",
    "partial",
    "pelvic",
    "radical",
    "rate",
    "right",
    "robot",
    "robotic",
    "stereotactic",
    "subtotal",
    "surgical",
    "thoracoscopic",
    "total",
    "transurethral",
    "whole",
    "wide",
];

/// Words behind a name that make it part of another thing: "surgery department", "insulin level".
const NO_TREATMENT_BEHIND: &[&str] = &[
    "allergy",
    "antibodies",
    "antibody",
    "clinic",
    "concentration",
    "deficiency",
    "department",
    "dependent",
    "efficacy",
    "exposure",
    "level",
    "levels",
    "naive",
    "oncology",
    "receptor",
    "receptors",
    "resistant",
    "service",
    "team",
    "trial",
    "unit",
    "ward",
];

/// Words before a name that is not taken: "allergic to penicillin".
const NO_TREATMENT_BEFORE: &[&str] = &[
    "allergic",
    "allergies",
    "allergy",
    "approved",
    "intolerant",
    "pansensitive",
    "resistance",
    "resistant",
    "sensitive",
    "sensitivity",
    "susceptibility",
    "susceptible",
];

/// Intents of a treatment.
const INTENTS: &[&str] = &[
    "adjuvant",
    "conditioning",
    "consolidation",
    "curative",
    "definitive",
    "empiric",
    "empirical",
    "induction",
    "maintenance",
    "neoadjuvant",
    "palliative",
    "prophylactic",
    "salvage",
];

/// What is counted of a treatment.
const COUNTED: &[&str] = &["cycles", "cycle", "courses", "course", "doses", "rounds", "infusions", "fractions"];

/// A treatment with what later steps need to know.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    /// The treatment.
    pub(crate) treatment: Treatment,
    /// First token of its name.
    pub(crate) token: usize,
    /// Number of its concept.
    pub(crate) concept: u32,
    /// Stated end.
    pub(crate) stop: Option<Stated>,
    /// Stated lengths.
    pub(crate) lengths: Vec<Stated>,
    /// True for a class or a word for treatment in general.
    pub(crate) is_class: bool,
}

/// Takes a sentence about the patient.
pub(crate) fn read(view: View<'_, '_>, out: &mut Vec<Draft<Given>>) {
    let mentions = view.mentions();
    let mut last: Option<usize> = None;
    let mut i = 0;
    while let Some(mention) = mentions.get(i) {
        i += 1;
        let Some(kind) = kind_of(mention) else { continue };
        if last.is_some_and(|last| mention.first <= last) {
            continue;
        }
        let usable = !(mention.ambiguous && !is_meant(view, mention)
            || is_within_name(view, mentions, i - 1)
            || is_not_a_treatment(view, mention)
            || (mention.is(Kind::DrugClass) || is_general(view, mention))
                && (is_specified(view, mention) || is_talk(view, mention) || view.looks_back));
        let before = out.len();
        if usable && add(view, mention, kind, out) {
            last = Some(mention.last);
            if mention.is(Kind::Regimen) {
                name_drugs(view, mention, &mut out[..=before]);
            }
        }
    }
    refused(view, out);
    for (at, dose) in dose_steps(view) {
        // The drug named last in the sentence, or the one under way.
        let drug = out.iter_mut().rev().find(|d| {
            d.value.treatment.status == ActionStatus::Given
                && d.value.treatment.kind == TreatmentKind::Drug
                && (d.sentence < view.number || d.value.token < at)
        });
        if let Some(drug) = drug.filter(|d| view.number - d.sentence <= 3) {
            let doses = &mut drug.value.treatment.doses;
            if !doses.iter().any(|d| d.printed == dose.printed) {
                doses.push(dose);
            }
        }
    }
    course::lengths_and_stops(view, out);
}

/// Adds what a mention names, unless the text says it of nobody or only thinks of it.
fn add(view: View<'_, '_>, mention: &Mention, kind: TreatmentKind, out: &mut Vec<Draft<Given>>) -> bool {
    if view.context(mention).any(Context::ELSEWHERE) {
        return false;
    }
    let (status, reason) = match action(view, mention) {
        Action::Done => (ActionStatus::Given, None),
        Action::Not(status, reason) => (status, reason),
        // What was under way is held; what was only planned is not given.
        Action::Held(reason) => {
            let begun = out
                .iter()
                .any(|o| o.value.concept == mention.concept && o.value.treatment.status == ActionStatus::Given);
            (if begun { ActionStatus::Given } else { ActionStatus::NotGiven }, reason)
        }
        Action::Imagined => return false,
    };
    out.push(draft(view, mention, kind, status, reason));
    true
}

/// "vincristine, doxorubicin, and cyclophosphamide (VAC)": the drugs are parts of the regimen behind them.
fn name_drugs(view: View<'_, '_>, regimen: &Mention, out: &mut [Draft<Given>]) {
    let reading = view.reading;
    let Some((named, before)) = out.split_last_mut() else { return };
    if regimen.first == view.sentence.tokens.start || !reading.tokens[regimen.first - 1].is('(') {
        return;
    }
    let mut edge = regimen.first - 1;
    for drug in before.iter_mut().rev() {
        let name = drug.value.token;
        let joined = drug.sentence == view.number
            && drug.value.treatment.kind == TreatmentKind::Drug
            && name < edge
            && (name + 1..edge).all(|i| {
                reading.tokens[i].span.end <= drug.span.end
                    || reading.tokens[i].is(',')
                    || reading.tokens[i].is('/')
                    || reading.tokens[i].is('+')
                    || matches!(reading.word(i), "and" | "plus" | "with")
            });
        if !joined {
            break;
        }
        drug.value.treatment.regimen = Some(named.value.treatment.agent.clone());
        named.span = drug.span.hull(named.span);
        edge = name;
    }
}

/// True if an ambiguous name is meant as a treatment: a dose beside it, a word for giving, for a regimen a word for
/// treatment or cycles, or its drugs right before it.
fn is_meant(view: View<'_, '_>, mention: &Mention) -> bool {
    let reading = view.reading;
    let mentions = view.mentions();
    let near = |m: &&Mention, reach: usize| {
        m.last < mention.first && mention.first - m.last <= reach
            || m.first > mention.last && m.first - mention.last <= reach
    };
    if !mention.is(Kind::Regimen) {
        return mentions.iter().any(|m| m.says(Class::Given) || m.says(Class::Start))
            || dose_beside(view, mention.first, mention.last).is_some();
    }
    let next_is_drug = mentions.iter().any(|m| m.is(Kind::Drug) && m.first == mention.last + 1);
    let given = mentions.iter().any(|m| {
        (m.says(Class::Given) || m.says(Class::Start)) && m.last < mention.first && mention.first - m.last <= 3
    });
    let treatment = mentions.iter().any(|m| m.says(Class::Treatment) && near(&m, 3));
    let treatment = treatment
        || mentions
            .iter()
            .any(|m| m.is(Kind::DrugClass) && m.info.has(Info::ANTICANCER) && near(&m, 3) && m.last < mention.first);
    let treatment = treatment
        || (mention.first.saturating_sub(3)..mention.first).any(|i| {
            view.sentence.tokens.contains(&i) && INTENTS.contains(&reading.word(i).to_ascii_lowercase().as_str())
        });
    let cycles = (mention.first.saturating_sub(4)..mention.last + 4)
        .any(|i| view.sentence.tokens.contains(&i) && COUNTED.contains(&reading.word(i)));
    let drug_beside = mention.first > view.sentence.tokens.start
        && reading.tokens[mention.first - 1].is('(')
        && mentions.iter().any(|m| m.is(Kind::Drug) && m.last + 2 == mention.first)
        // "FCR (fludarabine, cyclophosphamide and rituximab)"
        || view.sentence.tokens.contains(&(mention.last + 1))
            && reading.tokens[mention.last + 1].is('(')
            && mentions.iter().any(|m| m.is(Kind::Drug) && m.first == mention.last + 2);
    !next_is_drug && (given || treatment || cycles) || drug_beside
}

/// A word for treatment in general, or for a way of treating.
fn is_general(view: View<'_, '_>, mention: &Mention) -> bool {
    mention.info.has(Info::BROAD)
        || matches!(
            view.reading.vocabulary.concept(mention.concept).label,
            "chemotherapy" | "immunotherapy" | "radiotherapy" | "targeted therapy"
        )
}

/// True for a general word that is followed by what it consisted of: "induction chemotherapy with cytarabine",
/// "broad-spectrum antibiotics (meropenem)".
fn is_specified(view: View<'_, '_>, mention: &Mention) -> bool {
    let reading = view.reading;
    let role = |m: &Mention| reading.vocabulary.concept(m.concept).attr("role");
    let clause = view.clause(mention.first);
    let next = view.mentions().iter().find(|m| {
        m.first > mention.last && (m.is(Kind::Drug) || m.is(Kind::Regimen)) && !m.ambiguous && clause.contains(&m.first)
    });
    let Some(next) = next.filter(|n| n.first - mention.last <= 12) else { return false };
    let fits = role(mention) == role(next)
        || mention.info.has(Info::ANTICANCER) && next.info.has(Info::ANTICANCER)
        || reading.vocabulary.concept(next.concept).attr("class")
            == Some(reading.vocabulary.concept(mention.concept).label);
    let joined = next.first - mention.last <= 2 && !reading.tokens[mention.last + 1].is(',')
        || (mention.last + 1..next.first).any(|i| {
            reading.tokens[i].is('(')
                || reading.tokens[i].is(':')
                || matches!(reading.word(i), "with" | "of" | "consisting" | "including" | "using" | "namely" | "such")
        });
    fits && joined && !matches!(reading.word(mention.last + 1), "and" | "or")
}

/// "the promising results of targeted therapy compared to chemotherapy": a way of treating is spoken of, not given.
fn is_talk(view: View<'_, '_>, mention: &Mention) -> bool {
    const TALK: &[&str] = &[
        "results",
        "efficacy",
        "effectiveness",
        "benefit",
        "benefits",
        "role",
        "options",
        "compared",
        "versus",
        "than",
        "availability",
    ];
    let from = mention.first.saturating_sub(5).max(view.sentence.tokens.start);
    (from..mention.first).any(|i| TALK.contains(&view.reading.word(i)))
}

/// `refused further treatment`: declined without a name.
fn refused(view: View<'_, '_>, out: &mut Vec<Draft<Given>>) {
    let reading = view.reading;
    let Some(word) = view.mentions().iter().find(|m| m.says(Class::Declined)) else { return };
    let clause = view.clause(word.first);
    if out.iter().any(|d| d.sentence == view.number && d.value.treatment.status == ActionStatus::Declined) {
        return;
    }
    let Some(noun) = view.mentions().iter().find(|m| {
        m.says(Class::Treatment) && clause.contains(&m.first) && m.first > word.last && m.first - word.last <= 5
    }) else {
        return;
    };
    let first = (word.last + 1..noun.first)
        .find(|i| !matches!(reading.word(*i), "any" | "all" | "the" | "to" | "of" | "by" | "a" | "undergo" | "receive"))
        .unwrap_or(noun.first);
    let span = reading.span(first, noun.last);
    let treatment = Treatment {
        agent: span.of(reading.text).unwrap_or_default().to_owned(),
        kind: TreatmentKind::Regimen,
        status: ActionStatus::Declined,
        role: TreatmentRole::Anticancer,
        stop_reason: reason_behind(view, noun.last).map(|span| Statement::of(reading.text, span)),
        ..Treatment::default()
    };
    let given =
        Given { treatment, token: noun.first, concept: noun.concept, stop: None, lengths: Vec::new(), is_class: true };
    out.push(Draft::new(given, span, view.number, BY));
}

/// The kind of treatment that a mention can be.
fn kind_of(mention: &Mention) -> Option<TreatmentKind> {
    match mention.info.kind {
        Kind::Drug => Some(TreatmentKind::Drug),
        Kind::DrugClass => Some(TreatmentKind::Drug),
        Kind::Regimen => Some(TreatmentKind::Regimen),
        Kind::Procedure if mention.info.class == Class::Radiotherapy => Some(TreatmentKind::Radiation),
        Kind::Procedure if mention.info.has(Info::TUMOUR_DIRECTED) && mention.info.class != Class::Transplant => {
            Some(TreatmentKind::Surgery)
        }
        _ => None,
    }
}

/// True if a longer mention takes the words: "insulin" in "insulin-dependent diabetes", "surgery" in "surgery department".
fn is_within_name(view: View<'_, '_>, mentions: &[Mention], i: usize) -> bool {
    let own = mentions[i];
    let longer = mentions.iter().any(|o| {
        let holds = o.first <= own.first && own.last <= o.last && o.last - o.first > own.last - own.first;
        holds
            && !o.ambiguous
            && (kind_of(o).is_some()
                || matches!(
                    o.info.kind,
                    Kind::Disease
                        | Kind::Finding
                        | Kind::Analyte
                        | Kind::Tumour
                        | Kind::Assay
                        | Kind::Gene
                        | Kind::Imaging
                        | Kind::Scale
                        | Kind::Procedure
                ))
    });
    let next = view.reading.word(own.last + 1).to_ascii_lowercase();
    longer || NO_TREATMENT_BEHIND.contains(&next.as_str()) || is_covered(mentions, i) && own.is(Kind::Procedure)
}

/// `sensitive to ciprofloxacin`, `allergic to penicillin`, `resistance to`: named, not taken.
fn is_not_a_treatment(view: View<'_, '_>, mention: &Mention) -> bool {
    let reading = view.reading;
    let from = mention.first.saturating_sub(4).max(view.sentence.tokens.start);
    (from..mention.first).any(|i| {
        let word = reading.word(i).to_ascii_lowercase();
        NO_TREATMENT_BEFORE.contains(&word.as_str())
    })
}

fn draft(
    view: View<'_, '_>,
    mention: &Mention,
    kind: TreatmentKind,
    status: ActionStatus,
    reason: Option<Span>,
) -> Draft<Given> {
    let reading = view.reading;
    let concept = reading.vocabulary.concept(mention.concept);
    let general = is_general(view, mention);
    let is_class = mention.is(Kind::DrugClass) || general;
    let kind = match concept.attr("class") {
        Some(class) if kind == TreatmentKind::Drug && class.contains("radio") => TreatmentKind::Radiation,
        _ if general && concept.label.contains("chemotherapy") => TreatmentKind::Regimen,
        _ => kind,
    };
    let label = agent_name(concept.label);
    let bare = general || matches!(concept.attr("role"), Some("supportive" | "fluid")) && !label.ends_with("inhibitor");
    let agent = if is_class && !bare { format!("{label} (class)") } else { label };
    let span = with_adjectives(view, mention, &kind);
    let written = span.of(reading.text).unwrap_or_default();
    let role = if kind == TreatmentKind::Surgery && is_for_other_disease(view, mention) {
        TreatmentRole::Comorbidity
    } else if mention.info.has(Info::ANTICANCER) || matches!(kind, TreatmentKind::Surgery | TreatmentKind::Radiation) {
        TreatmentRole::Anticancer
    } else {
        TreatmentRole::Supportive
    };
    let treatment = Treatment {
        written: (!written.eq_ignore_ascii_case(&agent)).then(|| written.to_owned()),
        agent,
        kind,
        status,
        role,
        doses: dose_beside(view, mention.first, mention.last).into_iter().collect(),
        line: line(view, mention),
        intent: intent(view, mention),
        cycles: cycles(view, mention),
        stop_reason: reason.map(|span| Statement::of(reading.text, span)),
        ..Treatment::default()
    };
    let given =
        Given { treatment, token: mention.first, concept: mention.concept, stop: None, lengths: Vec::new(), is_class };
    let mut draft = Draft::new(given, span, view.number, BY);
    draft.codings = reading.vocabulary.codings(mention.concept);
    draft.time = start_time(view, mention);
    draft
}

/// True for an operation on what is no tumour: "thyroidectomy for thyroiditis".
fn is_for_other_disease(view: View<'_, '_>, mention: &Mention) -> bool {
    let reading = view.reading;
    let next = view
        .mentions()
        .iter()
        .find(|m| m.first > mention.last && m.first - mention.last <= 5 && (m.is(Kind::Disease) || m.is(Kind::Tumour)));
    next.is_some_and(|m| m.is(Kind::Disease) && (mention.last + 1..m.first).any(|i| reading.word(i) == "for"))
}

/// Drug names in small letters, as generic names are; code names and acronyms as they are.
fn agent_name(label: &str) -> String {
    let capital_word =
        label.starts_with(|c: char| c.is_ascii_uppercase()) && label[1..].chars().all(|c| !c.is_ascii_uppercase());
    if capital_word { label.to_lowercase() } else { label.to_owned() }
}

/// For operations and radiotherapy the adjectives in front belong to the name: "laparoscopic right renal resection",
/// "palliative radiation therapy".
fn with_adjectives(view: View<'_, '_>, mention: &Mention, kind: &TreatmentKind) -> Span {
    let reading = view.reading;
    if !matches!(kind, TreatmentKind::Surgery | TreatmentKind::Radiation) {
        return view.span(mention);
    }
    let mut first = mention.first;
    while first > view.sentence.tokens.start {
        let word = reading.word(first - 1);
        let lower = word.to_ascii_lowercase();
        let adjective = OPERATION_ADJECTIVES.contains(&lower.as_str());
        let site = view
            .mentions()
            .iter()
            .any(|m| m.is(Kind::Site) && m.last + 1 == first && m.first >= view.sentence.tokens.start);
        let hyphen = reading.tokens[first - 1].is_hyphen() && first - 1 > view.sentence.tokens.start;
        if !(adjective || site || hyphen) {
            break;
        }
        first -= 1;
    }
    while first < mention.first && !reading.tokens[first].is_word() {
        first += 1;
    }
    reading.span(first, mention.last)
}

/// When it was begun: a time in the clause, unless the clause says that it was ended then.
fn start_time(view: View<'_, '_>, mention: &Mention) -> Option<Stated> {
    let clause = view.clause(mention.first);
    let ends = view.mentions().iter().any(|m| {
        (m.says(Class::Stopped) || m.says(Class::Completed) || m.says(Class::Withheld)) && clause.contains(&m.first)
    });
    if ends {
        return None;
    }
    let begins =
        view.mentions().iter().any(|m| (m.says(Class::Start) || m.says(Class::Given)) && clause.contains(&m.first));
    let time = view.time_of(mention.first, mention.last, &[])?;
    // "after 5 months of crizotinib" counts from the treatment, it does not date it.
    let own = matches!(time.hint, Hint::StartOf(token) | Hint::EndOf(token) if token == mention.first);
    (begins && !own && time.hint != Hint::Treatment || time.date.is_some() && begins).then_some(time)
}

/// `first-line`, `as third-line therapy`, `second line`.
fn line(view: View<'_, '_>, mention: &Mention) -> Option<u8> {
    let reading = view.reading;
    let clause = view.clause(mention.first);
    let at = clause.clone().filter(|i| reading.word(*i) == "line").min_by_key(|i| i.abs_diff(mention.first))?;
    if at.abs_diff(mention.last) > 12 {
        return None;
    }
    let before = at.checked_sub(1).map(|i| if reading.tokens[i].is_hyphen() { i.saturating_sub(1) } else { i })?;
    u8::try_from(case_text::number::ordinal(reading.word(before))?).ok()
}

fn intent(view: View<'_, '_>, mention: &Mention) -> Option<String> {
    let from = mention.first.saturating_sub(4).max(view.sentence.tokens.start);
    let behind = (mention.last + 1..(mention.last + 4).min(view.sentence.tokens.end)).take_while(|i| {
        !view.reading.tokens[*i].is(',') && !matches!(view.reading.word(*i), "and" | "followed" | "before")
    });
    (from..mention.last + 1).chain(behind).find_map(|i| {
        let word = view.reading.word(i);
        let known = INTENTS.contains(&word.to_ascii_lowercase().as_str());
        known.then(|| word.to_lowercase())
    })
}

/// `12 cycles of`, `after 4 cycles`, `for 6 courses`.
fn cycles(view: View<'_, '_>, mention: &Mention) -> Option<u32> {
    let reading = view.reading;
    let clause = view.clause(mention.first);
    let at = clause.filter(|i| COUNTED.contains(&reading.word(*i))).min_by_key(|i| i.abs_diff(mention.first))?;
    // "carboplatin and paclitaxel were given for six cycles"
    let verb = view.mentions().iter().any(|m| m.says(Class::Given) && m.first > mention.last && m.last < at);
    let links = matches!(reading.word(at.saturating_sub(2)), "for" | "of" | "in");
    if at.abs_diff(mention.first) > 6 && !(verb && links && at.abs_diff(mention.first) <= 24) {
        return None;
    }
    let number = reading.word(at.checked_sub(1)?);
    number.parse().ok().or_else(|| case_text::number::in_words(number)?.parse().ok()).filter(|n| *n > 0 && *n < 200)
}
