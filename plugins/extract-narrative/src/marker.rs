//! Marker panels: immunohistochemistry, flow cytometry, in-situ hybridisation.
//!
//! One walk over a sentence. A sign glued to a marker decides for it (`CD45±`, `CK7–`, `TTF-1 (+)`); a head decides for
//! the list behind it ("positive for A, B and C but negative for D"); a predicate decides for the list before it ("A, B and C
//! were negative"). Brackets behind a marker hold extent, intensity, place in the cell, clone, score or sign.

use case_model::{MarkerResult, MarkerTest, Span};
use case_text::context::Context;
use case_text::token::TokenKind;

use crate::class::{Class, Info, Kind};
use crate::draft::{Draft, View};
use crate::reading::Mention;

const BY: &str = "narrative/marker";

/// A marker on its way through the sentence.
struct Pending {
    mention: Mention,
    test: MarkerTest,
    decided: bool,
    /// Decided only by a word that names no sign ("the expression of INI-1"), which a predicate overrules.
    tentative: bool,
}

/// Takes a sentence about the patient. `panel` says that the sentence before was about a panel.
pub(crate) fn read(view: View<'_, '_>, panel: bool, out: &mut Vec<Draft<MarkerTest>>) -> bool {
    let mentions = view.mentions();
    let markers: Vec<&Mention> = markers_of(view);
    if markers.is_empty() {
        return false;
    }
    // "ER 90%, PR 20%, HER2 1+, Ki-67 30%": a panel without a word for it.
    let indexed = markers.len() >= 3 && markers.iter().any(|m| m.info.has(Info::INDEX));
    let is_panel = panel || indexed || speaks_of_panel(view) || markers.iter().any(|m| sign_behind(view, m).is_some());
    let only_index = !is_panel && !has_result_word(view, &markers);
    if only_index && !markers.iter().any(|m| m.info.has(Info::INDEX)) {
        return false;
    }
    let mut list: Vec<Pending> = Vec::new();
    let mut head: Option<(MarkerResult, bool)> = None;
    let mut next = markers.iter().peekable();
    let mut open = 0;
    let range = view.sentence.tokens.clone();
    let mut i = range.start;
    while i < range.end {
        if let Some(marker) = next.next_if(|m| m.first == i) {
            let mut pending =
                Pending { mention: **marker, test: test_of(view, marker), decided: false, tentative: false };
            let end = attributes(view, &mut pending);
            if !pending.decided
                && let Some((result, tentative)) = &head
            {
                pending.test.result = result.clone();
                pending.decided = true;
                pending.tentative = *tentative;
            }
            list.push(pending);
            i = end.max(marker.last) + 1;
            while next.next_if(|m| m.first < i).is_some() {}
            continue;
        }
        // A new clause ends what a head decides, and what a predicate can reach.
        if view.reading.tokens[i].is(';') || matches!(view.reading.word(i), "whereas" | "while") {
            head = None;
            open = list.len();
        }
        if matches!(view.reading.word(i), "but" | "however") {
            head = None;
        }
        if let Some(word) = mentions.iter().find(|m| m.first == i && m.says(Class::Result)) {
            let result = result_of(view, word);
            match role_of(view, word, &list[open..]) {
                Role::Head => head = Some((result, is_neutral(view.words(word)))),
                Role::Predicate => {
                    for pending in list[open..].iter_mut().filter(|p| !p.decided || p.tentative) {
                        pending.test.result = result.clone();
                        pending.decided = true;
                        pending.tentative = false;
                    }
                    open = list.len();
                    head = None;
                }
                Role::None => {}
            }
            i = word.last + 1;
            continue;
        }
        i += 1;
    }
    let flow = view.mentions().iter().any(|m| m.is(Kind::Assay) && m.info.class == Class::Flow);
    let found = list.iter().any(|p| p.decided);
    for mut pending in list.into_iter().filter(|p| p.decided && (!only_index || p.mention.info.has(Info::INDEX))) {
        if flow && pending.test.method.is_empty() {
            pending.test.method = "flow cytometry".into();
        }
        let span = view.span(&pending.mention);
        if span.is_empty() {
            continue;
        }
        let mut draft = Draft::new(pending.test, span, view.number, BY);
        draft.codings = view.reading.vocabulary.codings(pending.mention.concept);
        out.push(draft);
    }
    found || speaks_of_panel(view)
}

/// Markers of the sentence: the longest reading of each place, stains left out, those within names of tumours left out.
fn markers_of<'r>(view: View<'r, '_>) -> Vec<&'r Mention> {
    let mentions = view.mentions();
    let mut out: Vec<&Mention> = Vec::new();
    for mention in mentions.iter().filter(|m| m.is(Kind::Marker) && m.info.class != Class::Stain) {
        let context = view.context(mention);
        if context.any(Context::ELSEWHERE | Context::HYPOTHETICAL) {
            continue;
        }
        let within = mentions.iter().any(|o| {
            let holds = o.first <= mention.first
                && mention.last <= o.last
                && (o.last - o.first) > (mention.last - mention.first);
            holds && matches!(o.info.kind, Kind::Tumour | Kind::Marker | Kind::DrugClass | Kind::Drug)
        });
        // "anti-CD20 antibody", "CD30-directed therapy" are drugs; "CD4 T cells" a cell population.
        let before = mention.first.checked_sub(2).map(|i| view.reading.word(i)).unwrap_or_default();
        if within || before == "anti" || out.last().is_some_and(|o| o.first == mention.first) {
            continue;
        }
        out.push(mention);
    }
    out
}

/// True if the sentence says how markers were looked at.
pub(crate) fn speaks_of_panel(view: View<'_, '_>) -> bool {
    view.mentions()
        .iter()
        .any(|m| m.says(Class::Panel) || m.is(Kind::Assay) && matches!(m.info.class, Class::Ihc | Class::Flow))
}

/// True if a word of result stands close to a marker.
fn has_result_word(view: View<'_, '_>, markers: &[&Mention]) -> bool {
    let genomic = view.mentions().iter().any(|m| {
        m.says(Class::Mutation)
            || m.says(Class::Rearrangement)
            || m.says(Class::CopyNumber)
            || m.is(Kind::Assay) && !m.nested && matches!(m.info.class, Class::Sequencing | Class::Fish | Class::Pcr)
    });
    !genomic
        && view.mentions().iter().filter(|m| m.says(Class::Result)).any(|word| {
            markers
                .iter()
                .any(|m| !m.ambiguous && (m.first.abs_diff(word.last) <= 3 || word.first.abs_diff(m.last) <= 3))
        })
}

fn test_of(view: View<'_, '_>, mention: &Mention) -> MarkerTest {
    let concept = view.reading.vocabulary.concept(mention.concept);
    let name = concept.attr("name").unwrap_or(concept.label).to_owned();
    MarkerTest {
        marker: concept.label.to_owned(),
        name,
        method: match concept.attr("method") {
            Some("ISH") => "ISH".to_owned(),
            _ => String::new(),
        },
        extent: word_near(view, mention, Class::Extent),
        intensity: word_near(view, mention, Class::Intensity),
        ..MarkerTest::default()
    }
}

/// An adjective right before the marker: "strong CD117", "diffuse ALK positivity".
fn word_near(view: View<'_, '_>, mention: &Mention, class: Class) -> Option<String> {
    view.mentions()
        .iter()
        .find(|m| m.says(class) && m.last < mention.first && mention.first - m.last == 1)
        .map(|m| view.words(m).to_owned())
}

/// The result that a sign glued to the marker states, and its last token: `+`, `-`, `±`, `(+)`, `++`.
fn sign_behind(view: View<'_, '_>, mention: &Mention) -> Option<(MarkerResult, usize)> {
    let tokens = &view.reading.tokens;
    let end = view.sentence.tokens.end;
    let mut at = mention.last + 1;
    let bracket = tokens.get(at).filter(|_| at < end).is_some_and(|t| t.is('('));
    if bracket {
        at += 1;
    }
    let token = tokens.get(at).filter(|_| at < end)?;
    // "CK7 – and" with space on both sides is a dash of prose.
    let next = tokens.get(at + 1).filter(|_| at + 1 < end);
    let result = match token.kind {
        TokenKind::Sign('+') => MarkerResult::Positive,
        TokenKind::Sign('±') => MarkerResult::Equivocal,
        _ if token.is_hyphen() => {
            let ends = next.is_none_or(|n| n.spaced || !(n.is_word() || n.is_number()));
            if !ends || token.spaced && !bracket {
                return None;
            }
            // "-/+" is equivocal.
            MarkerResult::Negative
        }
        _ => return None,
    };
    let mut last = at;
    // "+/-"
    if next.is_some_and(|n| n.is('/')) && tokens.get(at + 2).is_some_and(|t| t.is('+') || t.is_hyphen()) && !bracket {
        let other = &tokens[at + 2];
        if other.is('+') != tokens[at].is('+') && tokens.get(at + 3).is_none_or(|t| t.spaced || !t.is_word()) {
            return Some((MarkerResult::Equivocal, at + 2));
        }
    }
    while tokens.get(last + 1).is_some_and(|t| t.is('+') && !t.spaced) {
        last += 1;
    }
    Some((result, last))
}

/// Reads sign and brackets behind a marker into its test; returns the last token read.
fn attributes(view: View<'_, '_>, pending: &mut Pending) -> usize {
    let reading = view.reading;
    let end = view.sentence.tokens.end;
    let mut last = pending.mention.last;
    if let Some((result, at)) = sign_behind(view, &pending.mention) {
        pending.test.result = result;
        pending.decided = true;
        last = at;
    }
    // "ALK-positive", "CD34 positive": an adjective of the marker, unless a list goes on behind ("positive for").
    if !pending.decided {
        let joint = last + 1 + usize::from(reading.tokens.get(last + 1).is_some_and(|t| t.is_hyphen()));
        let word = view.mentions().iter().find(|m| m.first == joint && m.says(Class::Result));
        if let Some(word) = word {
            let list_follows = matches!(reading.word(word.last + 1), "for" | "with") && joint == last + 1;
            if !list_follows {
                pending.test.result = result_of(view, word);
                pending.decided = true;
                last = word.last;
            }
        }
    }
    let bracket = last + 1;
    if bracket < end && reading.tokens[bracket].is('(')
        || reading.tokens.get(pending.mention.last + 1).is_some_and(|t| t.is('('))
    {
        let open = if bracket < end && reading.tokens[bracket].is('(') { bracket } else { pending.mention.last + 1 };
        if let Some(close) = (open + 1..end.min(open + 16)).find(|i| reading.tokens[*i].is(')')) {
            within_brackets(view, open + 1, close, pending);
            last = last.max(close);
        }
    }
    // "ER (90%, strong)": a share or an intensity without a sign.
    if !pending.decided
        && (pending.test.score.is_some() || pending.test.intensity.is_some())
        && last > pending.mention.last
    {
        let none = pending.test.score.as_deref() == Some("0%");
        pending.test.result = if none { MarkerResult::Negative } else { MarkerResult::Positive };
        pending.decided = true;
    }
    score_behind(view, &mut last, pending);
    // "Ki-67 index was 30%", "Ki-67 of 15%", "Ki67 was 100%", "Ki-67 <5%"
    if pending.mention.info.has(Info::INDEX) || !pending.decided {
        percent_behind(view, last + 1, pending);
    }
    last
}

/// `HER2 score 1+`, `HER2 3+`, `HER-2 was 2+`: 0 and 1+ are negative, 2+ equivocal, 3+ positive for HER2 (ASCO/CAP 2018); for
/// other markers any reaction is a positive one.
fn score_behind(view: View<'_, '_>, last: &mut usize, pending: &mut Pending) {
    let reading = view.reading;
    let end = view.sentence.tokens.end;
    let mut at = *last + 1;
    while at < end && matches!(reading.word(at), "score" | "was" | "of" | ":" | "is" | "IHC" | "=") {
        at += 1;
    }
    let grade = (at + 1 < end && reading.tokens[at].is_number() && reading.tokens[at + 1].is('+'))
        .then(|| reading.word(at).parse::<u8>().ok().filter(|g| *g <= 3))
        .flatten();
    let Some(grade) = grade.filter(|_| !pending.decided) else { return };
    pending.test.score = Some(reading.words(at, at + 1).to_owned());
    pending.test.result = match (pending.test.marker.as_str(), grade) {
        ("ERBB2", 0 | 1) | (_, 0) => MarkerResult::Negative,
        ("ERBB2", 2) => MarkerResult::Equivocal,
        _ => MarkerResult::Positive,
    };
    pending.decided = true;
    *last = at + 1;
}

fn within_brackets(view: View<'_, '_>, from: usize, to: usize, pending: &mut Pending) {
    let reading = view.reading;
    let words = || view.mentions().iter().filter(|m| m.first >= from && m.last < to);
    let text = |m: &Mention| view.words(m).to_owned();
    let test = &mut pending.test;
    for word in words() {
        match word.info.class {
            Class::Extent if word.is(Kind::Word) => test.extent = test.extent.take().or_else(|| Some(text(word))),
            Class::Intensity if word.is(Kind::Word) => {
                test.intensity = test.intensity.take().or_else(|| Some(text(word)))
            }
            Class::Localisation if word.is(Kind::Word) => {
                test.localisation = test.localisation.take().or_else(|| Some(text(word)))
            }
            Class::Result if word.is(Kind::Word) && !pending.decided => {
                test.result = result_of(view, word);
                pending.decided = true;
            }
            _ => {}
        }
    }
    if let Some(clone) = (from..to).find(|i| reading.word(*i).eq_ignore_ascii_case("clone")) {
        let start = clone + 1 + usize::from(reading.tokens.get(clone + 1).is_some_and(|t| t.is(':')));
        let stop = (start..to).find(|i| reading.tokens[*i].is(',') || reading.tokens[*i].is(';')).unwrap_or(to);
        if start < stop {
            test.clone = Some(reading.words(start, stop - 1).to_owned());
        }
    }
    if let Some(percent) = (from..to).find(|i| reading.tokens[*i].is('%')) {
        let first = (from..percent)
            .rev()
            .take_while(|i| {
                reading.tokens[*i].is_number()
                    || reading.tokens[*i].is_hyphen()
                    || matches!(reading.word(*i), "<" | ">" | "~" | "to")
            })
            .last();
        if let Some(first) = first {
            test.score = Some(reading.words(first, percent).to_owned());
        }
    }
    if !pending.decided {
        // "(70% +)", "(minority +)", "(3+)"
        let sign = (from..to).find(|i| {
            reading.tokens[*i].is('+') || reading.tokens[*i].is('±') || reading.tokens[*i].is_hyphen() && *i + 1 == to
        });
        if let Some(at) = sign {
            pending.test.result = match reading.word(at) {
                "+" => MarkerResult::Positive,
                "±" => MarkerResult::Equivocal,
                _ => MarkerResult::Negative,
            };
            pending.decided = true;
            if at > from && reading.tokens[at - 1].is_number() && !reading.tokens[at].spaced {
                let grade = reading.words(at - 1, at).to_owned();
                pending.test.score = pending.test.score.take().or(Some(grade));
            }
        }
    }
}

/// A percentage behind an index or marker: it is its score.
fn percent_behind(view: View<'_, '_>, at: usize, pending: &mut Pending) {
    let reading = view.reading;
    let end = view.sentence.tokens.end.min(at + 8);
    let mut i = at;
    while i < end
        && (matches!(
            reading.word(i),
            "index"
                | "labeling"
                | "labelling"
                | "proliferation"
                | "rate"
                | "was"
                | "of"
                | "is"
                | "were"
                | "approximately"
                | "about"
                | "score"
                | "expression"
                | "<"
                | ">"
                | "="
                | ":"
                | "~"
                | "showed"
                | "around"
                | "up"
                | "to"
                | "nearly"
                | "estimated"
                | "at"
                | "in"
                | "value"
                | "TPS"
                | "tumor"
                | "proportion"
                | "reached"
                | "exceeded"
                | "proliferative"
                | "fraction"
                | "high"
                | "low"
        ) || reading.tokens[i].is('('))
    {
        i += 1;
    }
    if i >= end || !reading.tokens[i].is_number() {
        return;
    }
    let mut last = i;
    if reading.tokens.get(last + 1).is_some_and(|t| t.is_hyphen())
        && reading.tokens.get(last + 2).is_some_and(|t| t.is_number())
    {
        last += 2;
    }
    if !reading.tokens.get(last + 1).is_some_and(|t| t.is('%')) || last + 1 >= view.sentence.tokens.end {
        return;
    }
    let first = i - usize::from(i > at && matches!(reading.word(i - 1), "<" | ">" | "~"));
    pending.test.score = pending.test.score.take().or_else(|| Some(reading.words(first, last + 1).to_owned()));
    if !pending.decided {
        let none = reading.word(i) == "0";
        pending.test.result = if none { MarkerResult::Negative } else { MarkerResult::Positive };
        pending.decided = true;
    }
}

/// The result that a word states, turned round where it is negated: "did not express", "no loss of".
fn result_of(view: View<'_, '_>, word: &Mention) -> MarkerResult {
    let result = view.reading.vocabulary.concept(word.concept).attr("result").unwrap_or("positive");
    let negated = view.context(word).has(Context::NEGATED);
    match (result, negated) {
        ("positive", false) => MarkerResult::Positive,
        ("positive", true) => MarkerResult::Negative,
        ("negative", _) => MarkerResult::Negative,
        ("retained", false) => MarkerResult::Retained,
        ("retained", true) => MarkerResult::Lost,
        ("lost", false) => MarkerResult::Lost,
        ("lost", true) => MarkerResult::Retained,
        _ => MarkerResult::Equivocal,
    }
}

/// Words that name the reaction and no sign.
fn is_neutral(words: &str) -> bool {
    matches!(words.to_ascii_lowercase().as_str(), "expression" | "reactivity" | "immunoreactivity")
}

enum Role {
    /// It decides for what follows.
    Head,
    /// It decides for what precedes.
    Predicate,
    /// It belongs to something else.
    None,
}

/// Which way a word of result looks.
fn role_of(view: View<'_, '_>, word: &Mention, before: &[Pending]) -> Role {
    let reading = view.reading;
    let next = reading.word(word.last + 1);
    let words = view.words(word).to_ascii_lowercase();
    let open = before.iter().any(|p| !p.decided || p.tentative);
    if matches!(next, "for" | "of" | "with" | ":" | "to" | "against") {
        return Role::Head;
    }
    // "positive immunohistochemical stains of A and B", "negative staining for C"
    let panel = view.mentions().iter().any(|m| {
        m.says(Class::Panel)
            && m.first > word.last
            && m.first - word.last <= 3
            && matches!(reading.word(m.last + 1), "of" | "for" | "with")
    });
    if panel {
        return Role::Head;
    }
    let previous = word.first.checked_sub(1).map(|i| reading.word(i)).unwrap_or_default();
    // "sections were stained for": what was done, not what was seen.
    if words.starts_with("stained") && words.ends_with("for") {
        return if matches!(previous, "was" | "were" | "and") { Role::None } else { Role::Head };
    }
    let predicate = matches!(
        previous,
        "was"
            | "were"
            | "is"
            | "are"
            | "all"
            | "both"
            | "be"
            | "being"
            | "showed"
            | "also"
            | "remained"
            | "tested"
            | "not"
            | "strongly"
            | "weakly"
            | "focally"
            | "diffusely"
            | "uniformly"
            | "variably"
            | "partially"
    );
    if predicate && open && !words.starts_with("express") {
        return Role::Predicate;
    }
    // "negative resection margin": the sign of something else.
    let adjective = matches!(words.as_str(), "positive" | "negative" | "lost" | "retained" | "intact" | "focal");
    if adjective && !predicate && !panel && is_noun_behind(view, word) {
        return Role::None;
    }
    // Verbs and nouns that take the list as their object: "expressed CD45 and CD20", "no expression of", "lost".
    if words.starts_with("express")
        || words.starts_with("overexpress")
        || words.starts_with("lack")
        || words.contains("not express")
        || words.starts_with("loss")
    {
        return Role::Head;
    }
    if open { Role::Predicate } else { Role::None }
}

/// True if the word behind is a noun that the adjective belongs to, and no marker.
fn is_noun_behind(view: View<'_, '_>, word: &Mention) -> bool {
    const OTHERS: &[&str] = &[
        "also",
        "and",
        "as",
        "at",
        "besides",
        "but",
        "by",
        "except",
        "focally",
        "in",
        "on",
        "or",
        "respectively",
        "too",
        "whereas",
        "while",
        "within",
        "cells",
        "staining",
        "cytoplasmic",
        "nuclear",
    ];
    let next = word.last + 1;
    view.sentence.tokens.contains(&next)
        && view.reading.tokens[next].is_word()
        && !OTHERS.contains(&view.reading.word(next))
        && !view.mentions().iter().any(|m| m.first == next && (m.is(Kind::Marker) || m.says(Class::Panel)))
}

/// Merges repeated results: the same marker with the same result by the same method is one fact, unless a specimen of
/// its own is named.
pub(crate) fn merge(drafts: Vec<Draft<MarkerTest>>) -> Vec<Draft<MarkerTest>> {
    let mut out: Vec<Draft<MarkerTest>> = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let same = out.iter_mut().find(|o| {
            o.value.marker == draft.value.marker
                && o.value.result == draft.value.result
                && o.value.method == draft.value.method
                && o.value.specimen == draft.value.specimen
        });
        match same {
            Some(known) => {
                known.absorb(&draft);
                let MarkerTest { extent, intensity, localisation, score, clone, .. } = draft.value;
                let value = &mut known.value;
                value.extent = value.extent.take().or(extent);
                value.intensity = value.intensity.take().or(intensity);
                value.localisation = value.localisation.take().or(localisation);
                value.score = value.score.take().or(score);
                value.clone = value.clone.take().or(clone);
            }
            None => out.push(draft),
        }
    }
    out
}

/// Spans of markers that were read, so that genomics does not take the same words for genes.
pub(crate) fn spans(drafts: &[Draft<MarkerTest>], sentence: usize) -> Vec<Span> {
    drafts.iter().filter(|d| d.sentence == sentence).map(|d| d.span).collect()
}
