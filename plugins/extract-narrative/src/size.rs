//! Sizes of tumours, metastases and lymph nodes.

use case_model::TumourSize;
use case_text::context::Context;
use case_text::quantity::dimensions_at;

use crate::class::{Class, Kind};
use crate::draft::{Draft, View};
use crate::reading::Mention;

const BY: &str = "narrative/size";

/// Takes a sentence about the patient.
pub(crate) fn read(view: View<'_, '_>, out: &mut Vec<Draft<TumourSize>>) {
    let reading = view.reading;
    let range = view.sentence.tokens.clone();
    let mut i = range.start;
    while i < range.end {
        let found = reading.tokens[i].is_number().then(|| dimensions_at(reading.text, &reading.tokens, i)).flatten();
        let Some(found) = found.filter(|f| f.last < range.end && f.first == i) else {
            i += 1;
            continue;
        };
        i = found.last + 1;
        if reading.context[found.first].any(Context::NEGATED | Context::ELSEWHERE | Context::HYPOTHETICAL) {
            continue;
        }
        // "the collar was placed 2 cm from", "a 5-mm needle": not the size of a lesion.
        let Some(lesion) = lesion_of(view, found.first, found.last, found.dimensions.len()) else { continue };
        let words = view.words(lesion).to_lowercase();
        let value = TumourSize {
            dimensions: found.dimensions,
            unit: found.unit.to_owned(),
            metastasis: words.starts_with("metasta") || words.contains("node") || words.contains("adenopathy"),
            lesion: words,
            site: nearest_site(view, lesion, found.first),
            modality: modality(view, found.first),
            figure: view.sentence.figure.and_then(|f| reading.document.figures.get(f)).map(|f| f.label.clone()),
        };
        let mut draft = Draft::new(value, reading.span(found.first, found.last), view.number, BY);
        draft.time = view.time_of(found.first, found.last, &[]);
        out.push(draft);
    }
}

/// The lesion that the dimensions belong to: the nearest lesion word, unless a word that is none is nearer.
fn lesion_of<'r>(view: View<'r, '_>, first: usize, last: usize, dimensions: usize) -> Option<&'r Mention> {
    let distance = |m: &Mention| if m.last < first { first - m.last } else { m.first.saturating_sub(last) };
    let lesions = view
        .mentions()
        .iter()
        .filter(|m| m.says(Class::Lesion) || m.is(Kind::Tumour) || m.is(Kind::Finding) && is_lesion_finding(view, m));
    let lesion = lesions.min_by_key(|m| distance(m)).or_else(|| carried(view));
    let other = view.mentions().iter().filter(|m| m.says(Class::NotLesion)).map(distance).min();
    let lesion = lesion?;
    let reach = if dimensions > 1 { 40 } else { 14 };
    let near = if lesion.first >= view.sentence.tokens.start { distance(lesion) } else { 0 };
    (near <= reach && other.is_none_or(|o| o >= near)).then_some(lesion)
}

fn is_lesion_finding(view: View<'_, '_>, mention: &Mention) -> bool {
    let words = view.words(mention).to_ascii_lowercase();
    ["mass", "nodule", "lesion", "node", "adenopathy", "tumor", "tumour", "cyst", "megaly"]
        .iter()
        .any(|w| words.contains(w))
}

/// "It measured 6 × 4 × 6 cm": the lesion of the sentence before.
fn carried<'r>(view: View<'r, '_>) -> Option<&'r Mention> {
    let reading = view.reading;
    let first = reading.word(view.sentence.tokens.start);
    if !matches!(first, "It" | "This" | "They" | "The" | "Its") || view.number == 0 {
        return None;
    }
    reading
        .mentions_of(&reading.sentences[view.number - 1])
        .iter()
        .rev()
        .find(|m| m.says(Class::Lesion) || m.is(Kind::Tumour))
}

fn nearest_site(view: View<'_, '_>, lesion: &Mention, first: usize) -> Option<String> {
    let distance = |m: &Mention| m.first.abs_diff(first).min(m.last.abs_diff(lesion.first));
    let site =
        view.mentions().iter().filter(|m| m.is(Kind::Site) && !m.ambiguous && !m.nested).min_by_key(|m| distance(m))?;
    (distance(site) <= 16).then(|| view.words(site).to_owned())
}

/// The imaging modality of the sentence, else that of the sentence before.
pub(crate) fn modality(view: View<'_, '_>, before: usize) -> Option<String> {
    let reading = view.reading;
    let of = |sentence: &crate::reading::Sentence, limit: usize| {
        let mention = reading
            .mentions_of(sentence)
            .iter()
            .rfind(|m| m.is(Kind::Imaging) && !m.ambiguous && !m.nested && m.first < limit)?;
        reading.vocabulary.concept(mention.concept).attr("modality").map(str::to_owned)
    };
    of(view.sentence, before).or_else(|| {
        let previous = view.number.checked_sub(1).map(|n| &reading.sentences[n])?;
        let pronoun = matches!(reading.word(view.sentence.tokens.start), "It" | "The" | "This" | "These");
        (pronoun && previous.paragraph == view.sentence.paragraph).then(|| of(previous, usize::MAX)).flatten()
    })
}
