//! Adverse events: what the report itself ties to a treatment.
//!
//! An event is a finding or disease of the patient that the text attributes to a drug: in the same sentence ("hepatitis
//! attributed to X", "X-induced hepatitis"), by grade, or by a later sentence that names the cause of what was told just
//! before ("the complaints were attributed to X").

use case_model::{ActionStatus, AdverseEvent, Challenge, Statement, Suspect, TreatmentRole};
use case_text::context::Context;
use case_text::token::lower;

use crate::class::{Class, Info, Kind};
use crate::draft::{Draft, View};
use crate::finding::is_of_patient;
use crate::reading::Mention;
use crate::time::Stated;
use crate::treatment::Given;

const BY: &str = "narrative/adverse";

/// An adverse event with what later steps need to know.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    /// The event.
    pub(crate) event: AdverseEvent,
    /// When it was gone.
    pub(crate) resolved: Option<Stated>,
}

/// What a report told of the patient lately: candidates for "these symptoms".
#[derive(Clone, Debug)]
pub(crate) struct Recent {
    /// Label of the concept.
    pub(crate) label: String,
    /// Its words.
    pub(crate) span: case_model::Span,
    /// Its sentence.
    pub(crate) sentence: usize,
    /// Codes.
    pub(crate) codings: Vec<case_model::Coding>,
    /// When.
    pub(crate) time: Option<Stated>,
    /// Who told it.
    pub(crate) reporter: Option<String>,
    /// Paragraph.
    pub(crate) paragraph: usize,
}

/// Takes a sentence about the patient. `recent` are the findings told in the sentences before it, the last one last;
/// `given` the treatments told so far.
pub(crate) fn read(view: View<'_, '_>, recent: &[Recent], given: &[Draft<Given>], out: &mut Vec<Draft<Event>>) {
    let mentions = view.mentions();
    let drugs: Vec<&Mention> = mentions
        .iter()
        .filter(|m| {
            (m.is(Kind::Drug) || m.is(Kind::Regimen) || m.is(Kind::DrugClass))
                && !m.ambiguous
                && !m.nested
                && !view.context(m).any(Context::ELSEWHERE | Context::HYPOTHETICAL)
        })
        .collect();
    // "held due to clinical improvement" tells of no harm.
    let is_event = |i: &usize| {
        let mention = &mentions[*i];
        let good =
            mentions.iter().any(|m| m.says(Class::Response) && m.first <= mention.first && mention.last <= m.last);
        is_of_patient(view, mentions, *i) && !good && !mention.info.has(Info::OUTCOME)
    };
    let events: Vec<usize> = (0..mentions.len()).filter(is_event).collect();
    attributed(view, &drugs, &events, out);
    changed_because(view, &drugs, &events, given, out);
    graded(view, &events, out);
    cause_of_recent(view, &drugs, recent, out);
    outcomes(view, out);
}

fn suspect(view: View<'_, '_>, drug: &Mention) -> Suspect {
    let label = view.reading.vocabulary.concept(drug.concept).label;
    Suspect { agent: label.to_lowercase(), treatment: None }
}

/// `hepatitis attributed to X`, `nausea due to X`, `X-induced colitis`, `caused by X`.
fn attributed(view: View<'_, '_>, drugs: &[&Mention], events: &[usize], out: &mut Vec<Draft<Event>>) {
    let mentions = view.mentions();
    for cause in mentions.iter().filter(|m| m.says(Class::Cause) && !m.nested) {
        if view.context(cause).has(Context::NEGATED) {
            continue;
        }
        let Some(drug) = drugs.iter().find(|d| d.first > cause.last && d.first - cause.last <= 4) else { continue };
        // Events before the word, joined in one list.
        let mut edge = cause.first;
        for i in events.iter().rev().filter(|i| mentions[**i].last < cause.first) {
            let event = &mentions[*i];
            if edge - event.last > 6 || is_therapeutic(view, event, cause) {
                break;
            }
            edge = event.first;
            add(view, event, Some(suspect(view, drug)), Some(view.reading.span(cause.first, drug.last)), out);
        }
    }
    for suffix in mentions.iter().filter(|m| m.says(Class::RelatedSuffix)) {
        let hyphen = suffix.first.checked_sub(1).is_some_and(|i| view.reading.tokens[i].is_hyphen());
        let drug = drugs.iter().find(|d| d.last + 1 + usize::from(hyphen) == suffix.first);
        let event = events.iter().map(|i| &mentions[*i]).find(|e| e.first > suffix.last && e.first - suffix.last <= 3);
        if let (Some(drug), Some(event)) = (drug, event) {
            add(view, event, Some(suspect(view, drug)), Some(view.reading.span(drug.first, suffix.last)), out);
        }
    }
}

/// `the dose was reduced because of nausea`, `X was discontinued due to grade 3 hepatitis`: what made the treatment change
/// is laid to the drugs of the clause, or to the treatment under way.
fn changed_because(
    view: View<'_, '_>,
    drugs: &[&Mention],
    events: &[usize],
    given: &[Draft<Given>],
    out: &mut Vec<Draft<Event>>,
) {
    let mentions = view.mentions();
    let is_change = |m: &&Mention| {
        m.says(Class::DoseChange) || m.says(Class::Stopped) || m.says(Class::Withheld) || m.says(Class::NotGiven)
    };
    for change in mentions.iter().filter(is_change).filter(|m| !m.nested) {
        let cause =
            mentions.iter().find(|m| m.says(Class::Cause) && m.first > change.last && m.first - change.last <= 9);
        let Some(cause) = cause.filter(|c| view.clause(change.first).contains(&c.first)) else { continue };
        let clause = view.clause(change.first);
        // What kept a drug from being started is no effect of it.
        let never_begun = change.info.class == Class::NotGiven
            && (mentions.iter().any(|m| m.says(Class::Planned) && clause.contains(&m.first))
                || view.words(change).to_ascii_lowercase().contains("start")
                || view.words(change).to_ascii_lowercase().contains("initiat"));
        if never_begun {
            continue;
        }
        let mut suspects: Vec<Suspect> = drugs
            .iter()
            .filter(|d| clause.contains(&d.first) && d.first < cause.first)
            .map(|d| suspect(view, d))
            .collect();
        if suspects.is_empty() {
            let under_way = |d: &&Draft<Given>| {
                d.value.treatment.status == ActionStatus::Given && d.value.treatment.role == TreatmentRole::Anticancer
            };
            let last = given.iter().rev().filter(under_way).find(|d| !d.value.is_class);
            let last = last.or_else(|| given.iter().rev().find(under_way));
            let Some(last) = last else { continue };
            // All drugs begun together.
            suspects = given
                .iter()
                .filter(|d| d.sentence == last.sentence && d.value.treatment.role == TreatmentRole::Anticancer)
                .filter(|d| d.value.treatment.status == ActionStatus::Given && d.value.is_class == last.value.is_class)
                .map(|d| Suspect { agent: d.value.treatment.agent.to_lowercase(), treatment: None })
                .collect();
        }
        let mut edge = cause.last;
        for event in events.iter().map(|i| &mentions[*i]).filter(|e| e.first > cause.last) {
            if event.first - edge > 5 {
                break;
            }
            edge = event.last;
            for suspect in &suspects {
                add(view, event, Some(suspect.clone()), Some(view.reading.span(change.first, event.last)), out);
            }
            if let Some(known) = out.iter_mut().find(|d| d.span == view.span(event)) {
                let action = view.reading.span(change.first, change.last);
                known.value.event.action.get_or_insert_with(|| Statement::of(view.reading.text, action));
            }
        }
    }
}

/// `treated for edema with X` and the like have a drug behind a finding, but not as its cause.
fn is_therapeutic(view: View<'_, '_>, event: &Mention, cause: &Mention) -> bool {
    (event.last + 1..cause.first)
        .any(|i| matches!(view.reading.word(i), "treated" | "improved" | "resolved" | "with" | "responded"))
}

/// `grade 2 nausea`, `CTCAE v4.0 grade 3 fatigue`, `acute kidney injury grade 3`.
fn graded(view: View<'_, '_>, events: &[usize], out: &mut Vec<Draft<Event>>) {
    for i in events {
        let event = &view.mentions()[*i];
        let Some(grade) = ctcae_grade(view, event) else { continue };
        let known = out.iter_mut().rev().find(|d| d.sentence == view.number && d.span == view.span(event));
        match known {
            Some(known) => known.value.event.grade = known.value.event.grade.or(Some(grade)),
            None => {
                add(view, event, None, None, out);
                if let Some(last) = out.last_mut() {
                    last.value.event.grade = Some(grade);
                }
            }
        }
    }
}

fn ctcae_grade(view: View<'_, '_>, event: &Mention) -> Option<u8> {
    let reading = view.reading;
    let number = |i: usize| match reading.word(i) {
        "1" | "I" => Some(1),
        "2" | "II" => Some(2),
        "3" | "III" => Some(3),
        "4" | "IV" => Some(4),
        "5" | "V" => Some(5),
        _ => None,
    };
    let from = event.first.saturating_sub(6).max(view.sentence.tokens.start);
    // Another event between grade and event, or right before the grade, takes it.
    let before = (from..event.first).rev().find(|i| reading.word(*i).eq_ignore_ascii_case("grade")).filter(|i| {
        !view.mentions().iter().any(|m| {
            (m.is(Kind::Finding) || m.is(Kind::Disease)) && (m.first > *i && m.last < event.first || m.last + 1 == *i)
        })
    });
    let behind = (event.last + 1..(event.last + 4).min(view.sentence.tokens.end))
        .find(|i| reading.word(*i).eq_ignore_ascii_case("grade"));
    let at = before.or(behind)?;
    let oncological = view.mentions().iter().any(|m| m.is(Kind::Tumour) && m.first.abs_diff(at) <= 3);
    number(at + 1).filter(|_| !oncological)
}

/// `X was thought to be the cause`, `the complaints were attributed to X`: what was told just before.
fn cause_of_recent(view: View<'_, '_>, drugs: &[&Mention], recent: &[Recent], out: &mut Vec<Draft<Event>>) {
    let mentions = view.mentions();
    let Some(drug) = drugs.first() else { return };
    let is_cause = mentions.iter().find(|m| m.says(Class::IsCause) && !m.nested && m.first > drug.last);
    let anaphor = |before: usize| {
        (view.sentence.tokens.start..before).any(|i| {
            matches!(
                lower(view.reading.word(i)).as_ref(),
                "complaints" | "symptoms" | "complications" | "this" | "these" | "they" | "it" | "events" | "toxicity"
            )
        })
    };
    let attributed = mentions.iter().find(|m| {
        m.says(Class::Cause)
            && !m.nested
            && drugs.iter().any(|d| d.first > m.last && d.first - m.last <= 3)
            && anaphor(m.first)
    });
    let Some(word) = is_cause.or(attributed).filter(|w| !view.context(w).has(Context::NEGATED)) else { return };
    if out.iter().any(|d| d.sentence == view.number) {
        return;
    }
    let drug = drugs.iter().min_by_key(|d| d.first.abs_diff(word.last)).unwrap_or(drug);
    let causality = view.reading.span(drug.first.min(word.first), drug.last.max(word.last));
    // The last group of findings that share a time or a sentence.
    let Some(last) = recent.iter().rev().find(|r| r.time.is_some()).or(recent.last()) else { return };
    let (sentence, paragraph) = (last.sentence, last.paragraph);
    if view.sentence.paragraph.saturating_sub(paragraph) > 1 {
        return;
    }
    for item in recent.iter().filter(|r| r.sentence == sentence) {
        let event = AdverseEvent {
            label: item.label.clone(),
            suspects: vec![suspect(view, drug)],
            causality: Some(Statement::of(view.reading.text, causality)),
            reporter: item.reporter.clone(),
            ..AdverseEvent::default()
        };
        let mut draft = Draft::new(Event { event, resolved: None }, item.span, item.sentence, BY);
        draft.codings.clone_from(&item.codings);
        draft.time.clone_from(&item.time);
        out.push(draft);
    }
}

/// `The rash resolved after stopping X`, `symptoms disappeared`: outcomes of events told before.
fn outcomes(view: View<'_, '_>, out: &mut [Draft<Event>]) {
    let mentions = view.mentions();
    if out.is_empty() {
        return;
    }
    let word = mentions
        .iter()
        .find(|m| (m.says(Class::Resolved) || m.says(Class::Improved) || m.says(Class::Worsened)) && !m.nested);
    let Some(word) = word.filter(|w| !view.context(w).any(Context::NEGATED | Context::HYPOTHETICAL)) else { return };
    let outcome = match word.info.class {
        Class::Resolved => "resolved",
        Class::Improved => "resolving",
        _ => "not_resolved",
    };
    // By concept and by words: what began as "leg pain" may end as "joint pain".
    let named: Vec<String> = mentions
        .iter()
        .filter(|m| m.is(Kind::Finding) || m.is(Kind::Disease))
        .flat_map(|m| [view.reading.vocabulary.concept(m.concept).label.to_owned(), view.words(m).to_owned()])
        .collect();
    let general = (view.sentence.tokens.start..word.first).any(|i| {
        matches!(
            lower(view.reading.word(i)).as_ref(),
            "symptoms" | "complaints" | "toxicity" | "these" | "they" | "events"
        )
    });
    if named.is_empty() && !general {
        return;
    }
    let challenge = mentions.iter().any(|m| m.says(Class::Stopped)) && word.info.class == Class::Resolved;
    let words = view.reading.span(view.sentence.tokens.start, word.last);
    let time = view.time_of(word.first, word.last, &[]);
    for draft in out.iter_mut().filter(|d| d.sentence < view.number) {
        let meant = general || named.iter().any(|n| is_same_event(n, &draft.value.event.label));
        if meant && draft.value.event.outcome.as_deref() != Some("resolved") {
            let event = &mut draft.value.event;
            event.outcome = Some(outcome.to_owned());
            event.outcome_words = Some(Statement::of(view.reading.text, words));
            if challenge {
                event.dechallenge = Some(Challenge::Positive);
            }
            draft.value.resolved = time.clone();
        }
    }
}

/// True if two labels name the same event, the second perhaps in other words ("gait" in both).
fn is_same_event(a: &str, b: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        text.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() > 3).map(str::to_owned).collect()
    };
    let (a, b) = (words(a), words(b));
    a.iter().any(|w| b.contains(w))
}

fn add(
    view: View<'_, '_>,
    event: &Mention,
    suspect: Option<Suspect>,
    causality: Option<case_model::Span>,
    out: &mut Vec<Draft<Event>>,
) {
    let concept = view.reading.vocabulary.concept(event.concept);
    let span = view.span(event);
    if let Some(known) = out.iter_mut().find(|d| d.span == span) {
        if let Some(suspect) = suspect.filter(|s| !known.value.event.suspects.contains(s)) {
            known.value.event.suspects.push(suspect);
        }
        return;
    }
    let value = AdverseEvent {
        label: concept.label.to_owned(),
        suspects: suspect.into_iter().collect(),
        causality: causality.map(|span| Statement::of(view.reading.text, span)),
        ..AdverseEvent::default()
    };
    let mut draft = Draft::new(Event { event: value, resolved: None }, span, view.number, BY);
    draft.codings = view.reading.codings(event.concept);
    draft.time = view.time_of(event.first, event.last, &[]);
    out.push(draft);
}

/// Merges repeated events.
pub(crate) fn merge(drafts: Vec<Draft<Event>>) -> Vec<Draft<Event>> {
    let mut out: Vec<Draft<Event>> = Vec::new();
    for draft in drafts {
        match out.iter_mut().find(|o| o.value.event.label == draft.value.event.label) {
            Some(known) => {
                known.absorb(&draft);
                let AdverseEvent { grade, suspects, causality, outcome, outcome_words, dechallenge, .. } =
                    draft.value.event;
                let event = &mut known.value.event;
                event.grade = event.grade.or(grade);
                for suspect in suspects {
                    if !event.suspects.contains(&suspect) {
                        event.suspects.push(suspect);
                    }
                }
                event.causality = event.causality.take().or(causality);
                event.outcome = event.outcome.take().or(outcome);
                event.outcome_words = event.outcome_words.take().or(outcome_words);
                event.dechallenge = event.dechallenge.take().or(dechallenge);
                known.time = known.time.take().or(draft.time);
            }
            None => out.push(draft),
        }
    }
    out
}
