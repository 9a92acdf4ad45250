//! Treatments: drugs, classes, regimens, radiotherapy, operations on the tumour; given, planned, considered, declined.

use case_model::{ActionStatus, Dose, Span, Statement, Treatment, TreatmentKind, TreatmentRole};
use case_text::context::Context;
use case_text::quantity::quantity_at;

use crate::class::{Class, Info, Kind};
use crate::draft::{Draft, View};
use crate::finding::is_covered;
use crate::reading::Mention;
use crate::time::{Hint, Stated};

const BY: &str = "narrative/treatment";

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

/// Whether an action took place.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// It did.
    Done,
    /// It did not, or not yet; why.
    Not(ActionStatus, Option<Span>),
}

/// Takes a sentence about the patient.
pub(crate) fn read(view: View<'_, '_>, out: &mut Vec<Draft<Given>>) {
    let mentions = view.mentions();
    let gives = mentions.iter().any(|m| m.says(Class::Given) || m.says(Class::Start));
    let mut last: Option<(usize, usize)> = None;
    for (i, mention) in mentions.iter().enumerate() {
        let Some(kind) = kind_of(mention) else { continue };
        if last.is_some_and(|(first, end)| mention.first >= first && mention.first <= end) {
            continue;
        }
        if mention.ambiguous && !(gives || dose_beside(view, mention.first, mention.last).is_some()) {
            continue;
        }
        if is_within_name(view, mentions, i) || is_not_a_treatment(view, mention) {
            continue;
        }
        let context = view.context(mention);
        if context.any(Context::FAMILY | Context::OTHER_PATIENT) {
            continue;
        }
        let (status, reason) = match action(view, mention) {
            Action::Done => (ActionStatus::Given, None),
            Action::Not(status, reason) => (status, reason),
        };
        last = Some((mention.first, mention.last));
        out.push(draft(view, mention, kind, status, reason));
    }
    lengths_and_stops(view, out);
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
    longer
        || matches!(
            next.as_str(),
            "department"
                | "ward"
                | "unit"
                | "team"
                | "service"
                | "clinic"
                | "oncology"
                | "level"
                | "levels"
                | "deficiency"
                | "dependent"
                | "allergy"
                | "naive"
                | "receptor"
                | "receptors"
                | "resistant"
                | "antibody"
                | "antibodies"
                | "concentration"
                | "trial"
        )
        || is_covered(mentions, i) && own.is(Kind::Procedure)
}

/// `sensitive to ciprofloxacin`, `allergic to penicillin`, `resistance to`: named, not taken.
fn is_not_a_treatment(view: View<'_, '_>, mention: &Mention) -> bool {
    let reading = view.reading;
    let from = mention.first.saturating_sub(4).max(view.sentence.tokens.start);
    (from..mention.first).any(|i| {
        let word = reading.word(i).to_ascii_lowercase();
        matches!(
            word.as_str(),
            "sensitive"
                | "pansensitive"
                | "resistant"
                | "resistance"
                | "susceptible"
                | "allergic"
                | "allergy"
                | "allergies"
                | "sensitivity"
                | "susceptibility"
                | "approved"
                | "intolerant"
        )
    })
}

/// Whether the action that a mention names took place, by the words of its clause.
pub(crate) fn action(view: View<'_, '_>, mention: &Mention) -> Action {
    let reading = view.reading;
    let clause = view.clause(mention.first);
    let context = view.context(mention);
    let says = |class: Class| view.mentions().iter().find(|m| m.says(class) && clause.contains(&m.first) && !m.nested);
    let reason = |word: Option<&Mention>| reason_behind(view, word.map_or(mention.last, |w| w.last));
    if let Some(word) = says(Class::Declined) {
        return Action::Not(ActionStatus::Declined, reason(Some(word)));
    }
    let considered = says(Class::Considered);
    if let Some(word) = says(Class::NotConsidered) {
        return Action::Not(ActionStatus::Considered, reason(Some(word)));
    }
    if let Some(word) = says(Class::NotGiven) {
        let status = if considered.is_some() { ActionStatus::Considered } else { ActionStatus::NotGiven };
        return Action::Not(status, reason(Some(word)));
    }
    // "Surgery could potentially result in ...": weighed, not done.
    let weighed = (mention.last + 1..clause.end.max(mention.last + 1))
        .take(14)
        .any(|i| matches!(reading.word(i), "would" | "could" | "might"))
        && !view.mentions().iter().any(|m| {
            (m.says(Class::Given) || m.says(Class::Start) || m.says(Class::Stopped))
                && clause.contains(&m.first)
                && m.first < mention.first
        });
    if weighed && !mention.is(Kind::Imaging) && subject_first(view, mention) {
        return Action::Not(
            ActionStatus::Considered,
            Some(reading.span(mention.first, view.sentence.tokens.end - 1))
                .filter(|s| s.len() < 400)
                .map(|s| Span::new(view.span(mention).end + 1, s.end))
                .filter(|s| s.start < s.end),
        );
    }
    if context.has(Context::HYPOTHETICAL) {
        return Action::Not(ActionStatus::Considered, None);
    }
    let given = |m: &Mention| m.says(Class::Given) || m.says(Class::Start);
    if let Some(word) = says(Class::Planned) {
        let done = view.mentions().iter().any(|m| given(m) && clause.contains(&m.first) && m.first < word.first);
        if !done {
            return Action::Not(ActionStatus::Planned, None);
        }
    }
    if let Some(word) = considered {
        let done = view.mentions().iter().any(|m| given(m) && clause.contains(&m.first));
        let close = word.first.abs_diff(mention.last) <= 6;
        if !done && close {
            return Action::Not(ActionStatus::Considered, reason(Some(word)));
        }
    }
    if context.has(Context::NEGATED) {
        return Action::Not(ActionStatus::NotGiven, reason(None));
    }
    Action::Done
}

/// True if the mention is the subject of its sentence or clause: only determiners and adjectives stand before it.
fn subject_first(view: View<'_, '_>, mention: &Mention) -> bool {
    let start = view.clause(mention.first).start;
    mention.first - start <= 3
}

/// The reason behind a word: "because of the risk of growth arrest", "due to toxicity".
pub(crate) fn reason_behind(view: View<'_, '_>, from: usize) -> Option<Span> {
    let reading = view.reading;
    let end = view.sentence.tokens.end;
    let cause = view.mentions().iter().find(|m| m.says(Class::Cause) && m.first > from && m.first - from <= 6);
    let start = cause.map(|m| m.first).or_else(|| {
        (from + 1..(from + 4).min(end))
            .find(|i| matches!(reading.word(*i), "because" | "due" | "owing" | "given" | "for" | "since"))
    })?;
    let stop = (start + 1..end).find(|i| reading.tokens[*i].is('.') || reading.tokens[*i].is(';')).unwrap_or(end);
    (stop > start + 1).then(|| reading.span(start, stop - 1))
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
    let is_class = mention.is(Kind::DrugClass);
    let general = is_class && mention.info.has(Info::BROAD)
        || matches!(concept.label, "chemotherapy" | "immunotherapy" | "radiotherapy" | "targeted therapy");
    let kind = match concept.attr("class") {
        Some(class) if kind == TreatmentKind::Drug && class.contains("radio") => TreatmentKind::Radiation,
        _ if general && concept.label.contains("chemotherapy") => TreatmentKind::Regimen,
        _ => kind,
    };
    let label = agent_name(concept.label);
    let agent = if is_class && !general { format!("{label} (class)") } else { label };
    let span = with_adjectives(view, mention, &kind);
    let written = span.of(reading.text).unwrap_or_default();
    let role =
        if mention.info.has(Info::ANTICANCER) || matches!(kind, TreatmentKind::Surgery | TreatmentKind::Radiation) {
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
        let adjective = matches!(
            lower.as_str(),
            "laparoscopic"
                | "partial"
                | "total"
                | "radical"
                | "subtotal"
                | "palliative"
                | "neoadjuvant"
                | "adjuvant"
                | "external"
                | "pelvic"
                | "left"
                | "right"
                | "bilateral"
                | "wide"
                | "local"
                | "open"
                | "marginal"
                | "complete"
                | "intracavitary"
                | "definitive"
                | "high"
                | "dose"
                | "rate"
                | "stereotactic"
                | "whole"
                | "robotic"
                | "extended"
                | "en"
                | "bloc"
                | "surgical"
                | "robot"
                | "assisted"
                | "thoracoscopic"
                | "endoscopic"
                | "transurethral"
                | "concurrent"
                | "intensity"
                | "modulated"
        );
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

/// Units of a dose.
fn is_dose_unit(unit: &str) -> bool {
    let head = unit.split(['/', '.']).next().unwrap_or_default();
    matches!(
        head,
        "mg" | "g"
            | "ug"
            | "ng"
            | "[iU]"
            | "k[iU]"
            | "U"
            | "mL"
            | "meq"
            | "mmol"
            | "Gy"
            | "cGy"
            | "MBq"
            | "GBq"
            | "kBq"
            | "mCi"
            | "Ci"
            | "m[iU]"
            | "Bq"
    ) && !unit.ends_with("/dL")
        && !unit.ends_with("/mL")
        && !unit.ends_with("/L")
}

/// The dose that stands with a name: behind it ("crizotinib (200 mg daily)", "cisplatin 80 mg/m2") or before it ("10 mg of
/// prednisone", "3-mg alemtuzumab").
pub(crate) fn dose_beside(view: View<'_, '_>, first: usize, last: usize) -> Option<Dose> {
    let reading = view.reading;
    let range = view.sentence.tokens.clone();
    // The next name ends what belongs to this one.
    let next_name = view
        .mentions()
        .iter()
        .find(|m| m.first > last && kind_of(m).is_some() && !m.ambiguous)
        .map_or(range.end, |m| m.first);
    let reach = (last + 10).min(next_name).min(range.end);
    let quantity = |i: usize| {
        let token = &reading.tokens[i];
        if !token.is_number() || i > 0 && reading.tokens[i - 1].is_number() {
            return None;
        }
        quantity_at(reading.text, &reading.tokens, i)
            .filter(|q| q.last < range.end && q.quantity.unit.as_deref().is_some_and(is_dose_unit))
    };
    let behind = (last + 1..reach)
        .take_while(|i| !reading.tokens[*i].is(';') && !matches!(reading.word(*i), "but" | "because"))
        .find_map(quantity);
    let before = || {
        let from = first.saturating_sub(6).max(range.start);
        let previous = view
            .mentions()
            .iter()
            .filter(|m| m.last < first && kind_of(m).is_some() && !m.ambiguous)
            .map(|m| m.last + 1)
            .next_back()
            .unwrap_or(from);
        (from.max(previous)..first).find_map(quantity).filter(|q| {
            (q.last + 1..first).all(|i| {
                reading.tokens[i].is_hyphen()
                    || matches!(
                        reading.word(i),
                        "of" | "daily"
                            | "oral"
                            | "orally"
                            | "intravenous"
                            | "IV"
                            | "dose"
                            | "doses"
                            | "subcutaneous"
                            | "twice"
                            | "once"
                            | "weekly"
                            | "per"
                            | "day"
                            | "a"
                    )
            })
        })
    };
    let found = behind.or_else(before)?;
    let frequency = frequency(view, found.last + 1).or_else(|| frequency(view, last + 1));
    let route = route(view, first, found.last.max(last));
    Some(Dose {
        printed: Statement::of(reading.text, reading.span(found.first, found.last)),
        amount: found.quantity,
        frequency: frequency.map(|span| Statement::of(reading.text, span)),
        route,
    })
}

/// `daily`, `twice a day`, `every 3 weeks`, `q3w`, `three times weekly`, `at night`, within a few words.
fn frequency(view: View<'_, '_>, at: usize) -> Option<Span> {
    let reading = view.reading;
    let end = view.sentence.tokens.end;
    let is = |i: usize, list: &[&str]| i < end && list.contains(&reading.word(i).to_ascii_lowercase().as_str());
    let period = ["day", "daily", "week", "weekly", "month", "monthly", "hour", "night", "nightly", "cycle"];
    for i in at..(at + 7).min(end) {
        let token = &reading.tokens[i];
        if token.is(';') || token.is('.') || is(i, &["and", "but", "for"]) && !is(i + 1, &["twice", "once"]) {
            return None;
        }
        // "twice daily", "three times a day", "once weekly", "thrice daily"
        let times = if is(i, &["once", "twice", "thrice"]) {
            Some(i)
        } else if is(i + 1, &["times"])
            && (reading.tokens[i].is_number() || case_text::number::in_words(reading.word(i)).is_some())
        {
            Some(i + 1)
        } else {
            None
        };
        if let Some(times) = times {
            let unit = (times + 1..(times + 4).min(end)).find(|j| is(*j, &period)).unwrap_or(times);
            return Some(reading.span(i, unit));
        }
        if is(i, &["every", "each"]) {
            let unit = (i + 1..(i + 5).min(end)).find(|j| {
                is(*j, &["hours", "hour", "h", "days", "day", "weeks", "week", "months", "month", "night", "morning"])
            })?;
            return Some(reading.span(i, unit));
        }
        if is(
            i,
            &["daily", "weekly", "monthly", "nightly", "bid", "tid", "qid", "qd", "biweekly", "hourly", "fortnightly"],
        ) || q_code(reading.word(i))
        {
            return Some(reading.span(i, i));
        }
        if is(i, &["a", "per"]) && is(i + 1, &["day", "week", "month"]) {
            return Some(reading.span(i, i + 1));
        }
        if is(i, &["at"]) && is(i + 1, &["night", "bedtime"]) {
            return Some(reading.span(i, i + 1));
        }
        if is(i, &["on"]) && is(i + 1, &["days", "day"]) && reading.tokens.get(i + 2).is_some_and(|t| t.is_number()) {
            let last = (i + 2..(i + 8).min(end))
                .take_while(|j| {
                    reading.tokens[*j].is_number()
                        || reading.tokens[*j].is_hyphen()
                        || reading.tokens[*j].is(',')
                        || is(*j, &["to", "and"])
                })
                .filter(|j| reading.tokens[*j].is_number())
                .last()?;
            return Some(reading.span(i, last));
        }
    }
    None
}

/// `q3w`, `q12h`, `q2wk`.
fn q_code(word: &str) -> bool {
    word.strip_prefix(['q', 'Q']).is_some_and(|rest| {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        digits > 0 && matches!(&rest[digits..], "w" | "h" | "d" | "wk" | "W" | "H" | "m")
    })
}

const ROUTES: &[&str] = &[
    "IV",
    "i.v",
    "intramuscular",
    "intramuscularly",
    "intraperitoneal",
    "intrathecal",
    "intrathecally",
    "intravenous",
    "intravenously",
    "intravesical",
    "inhaled",
    "iv",
    "oral",
    "orally",
    "po",
    "rectal",
    "rectally",
    "subcutaneous",
    "subcutaneously",
    "sublingual",
    "topical",
    "topically",
    "transdermal",
    "intravaginal",
];

fn route(view: View<'_, '_>, first: usize, last: usize) -> Option<String> {
    let reading = view.reading;
    let from = first.saturating_sub(2).max(view.sentence.tokens.start);
    let to = (last + 6).min(view.sentence.tokens.end);
    (from..to).find_map(|i| {
        let word = reading.word(i);
        if word == "by" && reading.word(i + 1) == "mouth" {
            return Some("by mouth".to_owned());
        }
        ROUTES.contains(&word).then(|| word.to_owned())
    })
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
    (from..(mention.last + 4).min(view.sentence.tokens.end)).find_map(|i| {
        let word = view.reading.word(i);
        let known = matches!(
            word.to_ascii_lowercase().as_str(),
            "neoadjuvant"
                | "adjuvant"
                | "palliative"
                | "curative"
                | "maintenance"
                | "induction"
                | "consolidation"
                | "salvage"
                | "definitive"
                | "prophylactic"
                | "conditioning"
                | "empiric"
                | "empirical"
        );
        known.then(|| word.to_lowercase())
    })
}

/// `12 cycles of`, `after 4 cycles`, `for 6 courses`.
fn cycles(view: View<'_, '_>, mention: &Mention) -> Option<u32> {
    let reading = view.reading;
    let clause = view.clause(mention.first);
    let at = clause
        .filter(|i| {
            matches!(reading.word(*i), "cycles" | "cycle" | "courses" | "doses" | "rounds" | "infusions" | "fractions")
        })
        .min_by_key(|i| i.abs_diff(mention.first))?;
    if at.abs_diff(mention.first) > 6 {
        return None;
    }
    let number = reading.word(at.checked_sub(1)?);
    number.parse().ok().or_else(|| case_text::number::in_words(number)?.parse().ok()).filter(|n| *n > 0 && *n < 200)
}

/// Lengths ("for 6 months", "total duration of treatment of 6 months") and ends of the treatments that the sentence names,
/// or of the one under way where it says "treatment", "it", "the drug".
fn lengths_and_stops(view: View<'_, '_>, out: &mut [Draft<Given>]) {
    let reading = view.reading;
    let stop = view.mentions().iter().find(|m| {
        (m.says(Class::Stopped) || m.says(Class::Completed))
            && !m.nested
            && !view.context(m).any(Context::NEGATED | Context::HYPOTHETICAL)
    });
    let lengths: Vec<&Stated> =
        view.times.iter().filter(|t| t.is_length && t.extent.is_some() && t.hint != Hint::Kind("birth")).collect();
    if stop.is_none() && lengths.is_empty() {
        return;
    }
    let named: Vec<usize> = out
        .iter()
        .enumerate()
        .filter(|(_, d)| d.sentence == view.number && d.value.treatment.status == ActionStatus::Given)
        .map(|(i, _)| i)
        .collect();
    let anaphor = view.mentions().iter().any(|m| m.says(Class::Treatment))
        || matches!(reading.word(view.sentence.tokens.start), "It" | "This");
    let under_way = out
        .iter()
        .enumerate()
        .rev()
        .find(|(_, d)| {
            d.value.treatment.status == ActionStatus::Given && d.value.treatment.role == TreatmentRole::Anticancer
        })
        .map(|(i, _)| i);
    for length in lengths {
        // The name nearest to the length; without a name the treatment under way, if the words are about treatment.
        let nearest = named
            .iter()
            .copied()
            .min_by_key(|i| out[*i].value.token.abs_diff(length.first))
            .filter(|i| out[*i].value.token.abs_diff(length.first) <= 14);
        let about_treatment = is_length_of_treatment(view, length);
        let Some(i) = nearest
            .filter(|i| about_treatment || follows_for(view, length, out[*i].value.token))
            .or_else(|| under_way.filter(|_| anaphor && about_treatment))
        else {
            continue;
        };
        out[i].value.lengths.push(length.clone());
    }
    if let Some(word) = stop {
        let nearest = named.iter().copied().min_by_key(|i| out[*i].value.token.abs_diff(word.first));
        let nearest = nearest.filter(|i| view.clause(word.first).contains(&out[*i].value.token));
        if let Some(i) = nearest.or_else(|| under_way.filter(|_| anaphor)) {
            let time = view.time_of(word.first, word.last, &[]);
            let reason = reason_behind(view, word.last);
            let given = &mut out[i].value;
            given.stop = given.stop.take().or(time);
            if let Some(span) = reason {
                given.treatment.stop_reason.get_or_insert_with(|| Statement::of(reading.text, span));
            }
            let span = reading.span(word.first, word.last);
            if out[i].sentence != view.number {
                out[i].more.push((span, view.number));
            }
        }
    }
}

fn is_length_of_treatment(view: View<'_, '_>, length: &Stated) -> bool {
    let reading = view.reading;
    let from = length.first.saturating_sub(6).max(view.sentence.tokens.start);
    let words = |range: std::ops::Range<usize>| {
        range.into_iter().any(|i| {
            matches!(
                reading.word(i).to_ascii_lowercase().as_str(),
                "treatment" | "therapy" | "treated" | "received" | "administered"
            )
        })
    };
    length.hint == Hint::Treatment || words(from..length.first)
}

/// `received X for 6 months`, `X for an initial 7 months`.
fn follows_for(view: View<'_, '_>, length: &Stated, token: usize) -> bool {
    let reading = view.reading;
    let word = reading.word(length.first);
    let inner = (length.first.saturating_sub(3)..length.first).any(|i| reading.word(i) == "for");
    token < length.first && (word == "for" || inner)
}

/// Merges repeated mentions of a treatment; a class or general word that stands for drugs already named is no treatment
/// of its own; a plan that was carried out is the treatment.
pub(crate) fn merge(drafts: Vec<Draft<Given>>, class_of: impl Fn(u32) -> Option<String>) -> Vec<Draft<Given>> {
    let mut out: Vec<Draft<Given>> = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let treatment = &draft.value.treatment;
        if draft.value.is_class && treatment.status == ActionStatus::Given {
            let label = treatment.agent.trim_end_matches(" (class)").to_owned();
            let stands_for = out.iter().any(|o| {
                !o.value.is_class
                    && o.value.treatment.status == ActionStatus::Given
                    && (class_of(o.value.concept).as_deref() == Some(&label)
                        || o.value.treatment.role == TreatmentRole::Anticancer
                            && treatment.role == TreatmentRole::Anticancer)
            });
            if stands_for {
                continue;
            }
        }
        let same = out
            .iter_mut()
            .find(|o| o.value.treatment.agent == treatment.agent && o.value.treatment.status == treatment.status);
        match same {
            Some(known) => {
                known.absorb(&draft);
                let Given { treatment: new, stop, lengths, .. } = draft.value;
                let value = &mut known.value;
                for dose in new.doses {
                    if !value.treatment.doses.iter().any(|d| {
                        d.amount == dose.amount
                            && d.frequency.as_ref().map(|f| &f.quote) == dose.frequency.as_ref().map(|f| &f.quote)
                    }) {
                        value.treatment.doses.push(dose);
                    }
                }
                value.treatment.line = value.treatment.line.or(new.line);
                value.treatment.intent = value.treatment.intent.take().or(new.intent);
                value.treatment.cycles = value.treatment.cycles.or(new.cycles);
                value.treatment.stop_reason = value.treatment.stop_reason.take().or(new.stop_reason);
                value.stop = value.stop.take().or(stop);
                value.lengths.extend(lengths);
                known.time = known.time.take().or(draft.time);
            }
            None => out.push(draft),
        }
    }
    // "was planned to receive X ... X was given"
    let given: Vec<String> = out
        .iter()
        .filter(|d| d.value.treatment.status == ActionStatus::Given)
        .map(|d| d.value.treatment.agent.clone())
        .collect();
    out.retain(|d| d.value.treatment.status != ActionStatus::Planned || !given.contains(&d.value.treatment.agent));
    out
}
