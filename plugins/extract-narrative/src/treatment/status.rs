//! Whether a treatment or procedure took place.

use case_model::{ActionStatus, Span};
use case_text::context::Context;

use crate::class::{Class, Kind};
use crate::draft::View;
use crate::reading::Mention;

/// Whether an action took place.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// It did.
    Done,
    /// It did not, or not yet; why.
    Not(ActionStatus, Option<Span>),
    /// It was held back; why.
    Held(Option<Span>),
    /// It is only thought of: a risk, a condition, what others do.
    Imagined,
}

/// Whether the action that a mention names took place, by the words of its clause.
pub(crate) fn action(view: View<'_, '_>, mention: &Mention) -> Action {
    let reading = view.reading;
    let clause = view.clause(mention.first);
    let context = view.context(mention);
    let says = |class: Class| view.mentions().iter().find(|m| m.says(class) && clause.contains(&m.first) && !m.nested);
    let reason = |word: Option<&Mention>| reason_behind(view, word.map_or(mention.last, |w| w.last));
    // "refused chemotherapy and received best supportive care"
    let given_behind = |word: &Mention| {
        view.mentions()
            .iter()
            .any(|m| m.says(Class::Given) && !m.nested && m.first > word.last && m.last < mention.first)
    };
    if let Some(word) = says(Class::Declined).filter(|w| !given_behind(w)) {
        return Action::Not(ActionStatus::Declined, reason(Some(word)));
    }
    // "surgery was suggested", "considered surgery", but not "the biopsy suggested a lymphoma".
    let passive = |word: &Mention| {
        word.first < mention.first
            || view.words(word).contains(' ')
            || (word.first.saturating_sub(2)..word.first)
                .any(|i| matches!(reading.word(i), "was" | "were" | "is" | "are" | "been" | "be" | "an" | "not"))
    };
    let considered = says(Class::Considered).filter(|w| passive(w));
    let causal = |word: &Mention| {
        (word.last + 1..(word.last + 5).min(clause.end)).any(|i| matches!(reading.word(i), "related" | "due" | "cause"))
    };
    if let Some(word) = says(Class::NotConsidered).filter(|w| !causal(w)) {
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
        return if considered.is_some() { Action::Not(ActionStatus::Considered, None) } else { Action::Imagined };
    }
    if let Some(word) = says(Class::Withheld).filter(|w| w.first > mention.last) {
        return Action::Held(reason(Some(word)));
    }
    let given = |m: &Mention| m.says(Class::Given) || m.says(Class::Start);
    if let Some(word) = says(Class::Planned) {
        // "treatment with X was planned" names it; "received X, and surgery was planned" tells it.
        let done = view.mentions().iter().any(|m| {
            let names = view.words(m).to_ascii_lowercase();
            let noun = names.starts_with("treatment") || names.starts_with("therapy");
            given(m) && !noun && clause.contains(&m.first) && m.first < word.first
        });
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
    let stop = (start + 1..end)
        .find(|i| {
            reading.tokens[*i].is('.')
                || reading.tokens[*i].is(';')
                || reading.tokens[*i].is(',') && matches!(reading.word(i + 1), "which" | "and" | "but" | "while")
        })
        .unwrap_or(end);
    (stop > start + 1).then(|| reading.span(start, stop - 1))
}
