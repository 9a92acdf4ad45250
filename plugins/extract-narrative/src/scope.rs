//! Whom each sentence is about: a patient of the report, the literature, nobody.
//!
//! Headings decide first. Where there are none (a letter), the case begins with the sentence that introduces a patient and
//! ends where paragraphs turn to the literature. Within the case a sentence about the literature is taken out; within the
//! discussion only a sentence that speaks of "our patient" counts, and those that go on with "she".

use case_model::{ReportKind, SectionKind, Sex, Statement};
use case_text::context::Context;
use case_text::token::lower;

use crate::class::{Class, Kind};
use crate::reading::{Reading, Sentence};
use crate::subject;

/// Whom a sentence is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// A patient, by index.
    Patient(usize),
    /// The literature, what is generally known, recommendations.
    Literature,
    /// Nobody: headings, back matter, references, other languages.
    Nobody,
}

/// A patient as introduced.
#[derive(Clone, Debug, Default)]
pub(crate) struct Introduced {
    /// The text's own name.
    pub(crate) label: Option<Statement>,
    /// The words with which the patient presents.
    pub(crate) presentation: Option<Statement>,
}

/// Whom all sentences are about.
#[derive(Debug, Default)]
pub(crate) struct Scopes {
    /// By sentence.
    pub(crate) about: Vec<About>,
    /// By sentence: whether it stands where the report looks back on its case (discussion, conclusion, caption).
    pub(crate) looks_back: Vec<bool>,
    /// Patients in the order of the text.
    pub(crate) patients: Vec<Introduced>,
}

/// Finds the patients and whom each sentence is about.
pub(crate) fn scopes(reading: &Reading<'_>) -> Scopes {
    let region = regions(reading);
    // Papers that are no case reports speak of patients, too; one of them is reported only where a person is introduced.
    let is_study =
        matches!(reading.document.kind, ReportKind::Review | ReportKind::ResearchArticle | ReportKind::NotAReport);
    let mut out = Scopes {
        looks_back: region.iter().map(|r| matches!(r, Region::Literature | Region::Caption)).collect(),
        ..Scopes::default()
    };
    let mut current: Option<usize> = None;
    // Whether the sentence before this one, in the same paragraph, spoke of the patient.
    let mut follows: Option<(usize, usize)> = None;
    let mut named: Vec<(Ordinal, usize)> = Vec::new();
    let mut pending: Option<Ordinal> = None;
    let mut introduction: Vec<(f64, Option<Sex>)> = Vec::new();
    for (i, sentence) in reading.sentences.iter().enumerate() {
        let about = match region[i] {
            Region::None => {
                if sentence.heading && sentence.section == SectionKind::Case {
                    pending = ordinal_of(reading, sentence).or(pending);
                }
                About::Nobody
            }
            Region::Case => {
                let label = label_at_start(reading, sentence).or(pending);
                let person = introduced(reading, sentence);
                let known = label.and_then(|l| named.iter().find(|(o, _)| *o == l).map(|(_, p)| *p));
                let is_new = match (current, label, &person) {
                    (None, ..) if is_study => introduced(reading, sentence).is_some(),
                    (None, ..) => {
                        // Under the heading of a case, "she" is the patient even where nobody was introduced.
                        let told = sentence.section == SectionKind::Case
                            && sentence.context.has(Context::PATIENT)
                            && !sentence.context.any(Context::FAMILY | Context::LITERATURE);
                        told || opens_case(reading, sentence) || names_patient(reading, sentence)
                    }
                    (Some(_), Some(_), _) => known.is_none(),
                    // Another age and sex in a paragraph of its own: another patient.
                    (Some(now), None, Some((age, sex))) => {
                        let other = introduction
                            .get(now)
                            .is_some_and(|(a, s)| (a - age).abs() > 1.0 && (s != sex || (a - age).abs() > 2.0));
                        other
                            && opens_paragraph(reading, i)
                            && !sentence.context.any(Context::FAMILY | Context::OTHER_PATIENT)
                    }
                    _ => false,
                };
                if let Some(known) = known {
                    current = Some(known);
                }
                if is_new {
                    let number = out.patients.len();
                    out.patients.push(introduce(reading, sentence, label));
                    introduction.push(person.unwrap_or((f64::NAN, None)));
                    current = Some(number);
                    let ordinal = label.unwrap_or(Ordinal(number as u32 + 1));
                    named.push((ordinal, number));
                }
                pending = None;
                match current {
                    Some(_) if is_literature(reading, sentence) => About::Literature,
                    Some(patient) => About::Patient(patient),
                    None => About::Literature,
                }
            }
            Region::Caption if is_legend(reading, sentence) => About::Nobody,
            Region::Caption => {
                let literature = sentence.cites
                    || sentence.context.has(Context::LITERATURE) && !sentence.context.has(Context::PATIENT);
                match out.patients.len() {
                    _ if literature => About::Literature,
                    1 => About::Patient(0),
                    // A caption before any patient belongs to the first.
                    0 => About::Patient(0),
                    _ => patient_named(reading, sentence, &named).map_or(About::Nobody, About::Patient),
                }
            }
            Region::Literature => {
                let strong = says_our_patient(reading, sentence);
                let goes_on = follows.is_some_and(|(p, _)| p == sentence.paragraph)
                    && (starts_with_pronoun(reading, sentence) || sentence.context.has(Context::PATIENT));
                let literature = sentence.context.has(Context::LITERATURE) && !strong;
                if (strong || goes_on) && !literature {
                    let patient = patient_named(reading, sentence, &named)
                        .or_else(|| goes_on.then(|| follows.map(|(_, p)| p)).flatten())
                        .or((out.patients.len() <= 1).then_some(0));
                    patient.map_or(About::Literature, About::Patient)
                } else {
                    About::Literature
                }
            }
        };
        follows = match about {
            About::Patient(patient) if region[i] == Region::Literature => Some((sentence.paragraph, patient)),
            _ if region[i] == Region::Literature => None,
            _ => follows,
        };
        out.about.push(about);
    }
    // Captions and remarks that come before the first patient need one.
    if out.patients.is_empty() {
        out.about.iter_mut().filter(|a| matches!(a, About::Patient(_))).for_each(|a| *a = About::Literature);
    }
    out
}

/// A list of short forms: `VAC, vincristine/doxorubicin/cyclophosphamide; V, vincristine`.
fn is_legend(reading: &Reading<'_>, sentence: &Sentence) -> bool {
    let tokens = &reading.tokens[sentence.tokens.clone()];
    let mut parts = tokens.split(|t| t.is(';'));
    let is_entry = |part: &[case_text::token::Token]| {
        let sign = part.iter().take(6).position(|t| t.is(',') || t.is(':') || t.is('='));
        sign.is_some_and(|at| at > 0)
            && part[0].text(reading.text).starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
            && part[0].text(reading.text).chars().skip(1).all(|c| !c.is_lowercase() || c == 's')
    };
    parts.clone().count() > 1 && parts.all(is_entry)
}

/// Which part of the report a sentence stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Region {
    /// Tells of patients.
    Case,
    /// Introduction, discussion.
    Literature,
    /// Caption.
    Caption,
    /// Not read for facts.
    None,
}

fn regions(reading: &Reading<'_>) -> Vec<Region> {
    let has_case = reading.sentences.iter().any(|s| s.section == SectionKind::Case);
    let mut out: Vec<Region> = reading
        .sentences
        .iter()
        .map(|s| {
            if s.foreign || s.heading {
                return Region::None;
            }
            match s.section {
                SectionKind::Case => Region::Case,
                SectionKind::Abstract if has_case => Region::Case,
                SectionKind::Introduction
                | SectionKind::Discussion
                | SectionKind::Conclusion
                | SectionKind::Methods
                | SectionKind::Results => Region::Literature,
                SectionKind::Caption => Region::Caption,
                SectionKind::Body if has_case => Region::Literature,
                SectionKind::Body => Region::Case,
                _ => Region::None,
            }
        })
        .collect();
    if has_case {
        abstract_without_patient(reading, &mut out);
        before_headings(reading, &mut out);
    } else {
        by_paragraph(reading, &mut out);
    }
    out
}

/// A case that begins before its first heading: "A 49-year-old man presented with dyspnea. Medical history. ..."
fn before_headings(reading: &Reading<'_>, regions: &mut [Region]) {
    let sentences = &reading.sentences;
    let end = sentences.iter().position(|s| s.heading).unwrap_or(sentences.len());
    let opens = (0..end).find(|i| sentences[*i].section == SectionKind::Body && opens_case(reading, &sentences[*i]));
    for i in opens.unwrap_or(end)..end {
        if sentences[i].section == SectionKind::Body && regions[i] == Region::Literature {
            regions[i] = Region::Case;
        }
    }
}

/// An abstract that introduces its patient is read as a case; one that does not is background.
fn abstract_without_patient(reading: &Reading<'_>, regions: &mut [Region]) {
    let introduces = reading.sentences.iter().any(|s| {
        s.section == SectionKind::Abstract && (introduced(reading, s).is_some() || is_about_patient(reading, s))
    });
    // An abstract tells the case once more in short; facts of it that the case has are merged, so nothing is lost by
    // leaving it out when it introduces nobody.
    if !introduces {
        for (region, sentence) in regions.iter_mut().zip(&reading.sentences) {
            if sentence.section == SectionKind::Abstract {
                *region = Region::Literature;
            }
        }
    }
}

/// Without headings: the case runs from the sentence that introduces a patient to where the text turns to the literature.
///
/// Each sentence speaks for the patient ("she", "the patient", what was done and found) or for the literature (citations,
/// studies, what is generally so). The case ends where the sum of what speaks for the patient is greatest.
fn by_paragraph(reading: &Reading<'_>, regions: &mut [Region]) {
    let sentences = &reading.sentences;
    let mut from = 0;
    let mut any = false;
    // A text with several cases takes each up by its name: "Case 2".
    while let Some(first) = (from..sentences.len()).find(|i| {
        regions[*i] == Region::Case
            && opens_case(reading, &sentences[*i])
            && (!any || label_at_start(reading, &sentences[*i]).is_some())
    }) {
        regions[from..first].iter_mut().filter(|r| **r == Region::Case).for_each(|r| *r = Region::Literature);
        from = case_end(reading, first);
        any = true;
    }
    let remarks =
        !any && sentences.iter().zip(regions.iter()).any(|(s, r)| *r == Region::Case && says_our_patient(reading, s));
    if !remarks {
        regions[from..].iter_mut().filter(|r| **r == Region::Case).for_each(|r| *r = Region::Literature);
    }
}

/// The sentence behind the case that starts at `first`, at the end of a paragraph.
fn case_end(reading: &Reading<'_>, first: usize) -> usize {
    let sentences = &reading.sentences;
    let (mut sum, mut best, mut end) = (0.0f32, f32::NEG_INFINITY, sentences.len());
    for (i, sentence) in sentences.iter().enumerate().skip(first) {
        sum += weight(reading, sentence);
        let closes = sentences.get(i + 1).is_none_or(|next| next.paragraph != sentence.paragraph);
        if closes && sum >= best {
            best = sum;
            end = i + 1;
        }
    }
    end
}

/// How much a sentence speaks for the patient; negative for the literature.
fn weight(reading: &Reading<'_>, sentence: &Sentence) -> f32 {
    if sentence.heading || sentence.figure.is_some() || !matches!(sentence.section, SectionKind::Body) {
        return 0.0;
    }
    let patient = sentence.context.has(Context::PATIENT) || is_about_patient(reading, sentence);
    let general = is_general(reading, sentence);
    let (past, present) = tense(reading, sentence);
    match (patient, general) {
        (true, false) => 1.0,
        (true, true) => 0.0,
        (false, true) => -1.0,
        (false, false) if past && !present => 0.5,
        (false, false) if present && !past => -0.5,
        _ => 0.1,
    }
}

/// Whether a sentence has verbs that tell what happened, and verbs that tell what is generally so.
fn tense(reading: &Reading<'_>, sentence: &Sentence) -> (bool, bool) {
    const PAST: &[&str] = &[
        "was",
        "were",
        "had",
        "did",
        "showed",
        "revealed",
        "underwent",
        "received",
        "developed",
        "demonstrated",
        "became",
        "remained",
        "presented",
        "complained",
        "began",
        "died",
        "disclosed",
        "confirmed",
        "noted",
        "started",
        "performed",
    ];
    const PRESENT: &[&str] =
        &["is", "are", "may", "can", "should", "must", "has", "have", "remains", "remain", "occurs", "occur"];
    let any = |list: &[&str]| sentence.tokens.clone().any(|i| list.contains(&reading.word(i)));
    (any(PAST), any(PRESENT))
}

/// True for a sentence with which a case can open: an introduced person, or a person who is admitted or presents.
fn opens_case(reading: &Reading<'_>, sentence: &Sentence) -> bool {
    if introduced(reading, sentence).is_some() {
        return true;
    }
    if is_general(reading, sentence) || sentence.context.any(Context::FAMILY | Context::OTHER_PATIENT) {
        return false;
    }
    let mentions = reading.mentions_of(sentence);
    let person = mentions.iter().find(|m| m.says(Class::Female) || m.says(Class::Male) || m.says(Class::Person));
    let presents = mentions.iter().any(|m| m.says(Class::Presents) && m.first > sentence.tokens.start);
    let (past, _) = tense(reading, sentence);
    person.is_some_and(|p| {
        let determiner = p.first.checked_sub(1).map(|i| reading.word(i)).unwrap_or_default();
        let before = p.first.checked_sub(2).map(|i| reading.word(i)).unwrap_or_default();
        presents
            && past
            && p.first < sentence.tokens.start + 12
            && (matches!(
                determiner,
                "A" | "a" | "An" | "an" | "The" | "the" | "This" | "this" | "Our" | "newborn" | "old"
            ) || matches!(before, "A" | "a" | "The" | "the"))
    })
}

/// True for a sentence that speaks of the literature or of people in general.
fn is_general(reading: &Reading<'_>, sentence: &Sentence) -> bool {
    sentence.context.has(Context::LITERATURE) || sentence.cites || has_share_of_people(reading, sentence)
}

/// `in 25% of cases`, `up to 20%`: a number that no single patient can have.
fn has_share_of_people(reading: &Reading<'_>, sentence: &Sentence) -> bool {
    let tokens = &reading.tokens[sentence.tokens.clone()];
    tokens.iter().enumerate().any(|(i, t)| {
        t.is('%')
            && tokens.get(i + 1).is_some_and(|t| t.text(reading.text) == "of")
            && tokens[i + 2..].iter().take(4).any(|t| {
                matches!(
                    t.text(reading.text),
                    "patients"
                        | "cases"
                        | "children"
                        | "adults"
                        | "women"
                        | "men"
                        | "tumors"
                        | "tumours"
                        | "individuals"
                )
            })
    })
}

/// `Common side effects of X include nausea`, `differential diagnoses include`: a list that holds for anybody.
fn lists_in_general(reading: &Reading<'_>, sentence: &Sentence) -> bool {
    sentence.tokens.clone().any(|i| matches!(reading.word(i), "include" | "includes" | "comprise" | "comprises"))
}

/// Within the case: a sentence that is about others after all. Words for studies alone do not make it one where the
/// sentence tells what happened ("serologic studies of ... were performed").
fn is_literature(reading: &Reading<'_>, sentence: &Sentence) -> bool {
    let (past, present) = tense(reading, sentence);
    let general = has_share_of_people(reading, sentence)
        || sentence.context.has(Context::PUBLISHED)
        || !past && lists_in_general(reading, sentence)
        || sentence.context.has(Context::LITERATURE) && (sentence.cites || present || !past);
    general && !sentence.context.has(Context::PATIENT) && !is_about_patient(reading, sentence)
}

/// Age and sex of a person that the sentence introduces: `a 6-year-old girl`, `a woman aged 42`.
fn introduced(reading: &Reading<'_>, sentence: &Sentence) -> Option<(f64, Option<Sex>)> {
    if sentence.context.has(Context::LITERATURE) && sentence.cites {
        return None;
    }
    let range = sentence.tokens.clone();
    let age = reading.ages_of(sentence).next()?;
    let person = subject::owner(reading, sentence, age)?;
    // Not the age at a past event ("diabetes at the age of 7 years").
    let attributive = reading.tokens[age.first..=age.last].iter().any(case_text::token::Token::is_hyphen);
    let past = reading.word(age.first) == "age"
        || reading.word(age.first).eq_ignore_ascii_case("aged") && age.first > range.start + 25;
    (attributive || !past).then(|| (age.age.in_years(), person.as_ref().and_then(subject::sex_of)))
}

/// True if the sentence tells something of one patient: "the patient", "she", "his", or an introduction.
fn is_about_patient(reading: &Reading<'_>, sentence: &Sentence) -> bool {
    says_our_patient(reading, sentence) || introduced(reading, sentence).is_some()
}

/// `our patient`, `this patient`, `the present case`; "in this case" is any case.
fn names_patient(reading: &Reading<'_>, sentence: &Sentence) -> bool {
    let this_case = |i: usize| {
        matches!(reading.word(i), "this" | "This")
            && matches!(reading.word(i + 1), "case" | "child" | "infant" | "boy" | "girl")
    };
    is_about_patient(reading, sentence) && !sentence.tokens.clone().any(this_case)
        || introduced(reading, sentence).is_some()
}

/// `our patient`, `this patient`, `in our case`, `the present case`.
fn says_our_patient(reading: &Reading<'_>, sentence: &Sentence) -> bool {
    let range = sentence.tokens.clone();
    range.clone().any(|i| {
        let word = reading.word(i);
        let own = matches!(word, "our" | "Our" | "this" | "This");
        // "the present case", not "present in patients".
        let present = matches!(word, "present" | "index" | "reported" | "current")
            && i > range.start
            && matches!(reading.word(i - 1), "the" | "The" | "our" | "Our");
        let reach = if own { 3 } else { 2 };
        (own || present)
            && (i + 1..(i + reach).min(range.end)).any(|j| {
                matches!(reading.word(j), "patient" | "case" | "patients" | "boy" | "girl" | "woman" | "man" | "child" | "infant")
            })
            // "in this case report, we" and "our case series" are about the paper.
            && !(i + 1..(i + 4).min(range.end)).any(|j| matches!(reading.word(j), "report" | "reports" | "series" | "study"))
    })
}

fn starts_with_pronoun(reading: &Reading<'_>, sentence: &Sentence) -> bool {
    let first = reading.word(sentence.tokens.start);
    matches!(first, "She" | "He" | "Her" | "His")
        || matches!(first, "The") && reading.word(sentence.tokens.start + 1) == "patient"
        || matches!(first, "Unfortunately" | "However" | "Subsequently" | "Finally")
            && sentence.context.has(Context::PATIENT)
}

fn opens_paragraph(reading: &Reading<'_>, i: usize) -> bool {
    i == 0 || reading.sentences[i - 1].paragraph != reading.sentences[i].paragraph || reading.sentences[i - 1].heading
}

/// A patient's place in the report: "Case 2", "the second patient".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ordinal(u32);

/// `First case:`, `Case 2`, `Patient 1:` at the start of a sentence.
fn label_at_start(reading: &Reading<'_>, sentence: &Sentence) -> Option<Ordinal> {
    let at = sentence.tokens.start;
    let (first, second, third) = (reading.word(at), reading.word(at + 1), reading.word(at + 2));
    let is_case = |w: &str| matches!(lower(w).as_ref(), "case" | "patient");
    if let Some(number) = case_text::number::ordinal(first).filter(|_| is_case(second)) {
        return matches!(third, ":" | "." | "," | "-").then_some(Ordinal(number));
    }
    if is_case(first) && matches!(third, ":" | "." | "," | "-" | "(" | "was" | "is" | "A") {
        let number: u32 = second.parse().ok().or_else(|| case_text::number::in_words(second)?.parse().ok())?;
        return (number <= 50).then_some(Ordinal(number));
    }
    None
}

/// The number in a heading: `Case 2`, `2.1 Case report 1`.
fn ordinal_of(reading: &Reading<'_>, sentence: &Sentence) -> Option<Ordinal> {
    let range = sentence.tokens.clone();
    let last = range.end.checked_sub(1)?;
    let is_case = range.clone().any(|i| matches!(lower(reading.word(i)).as_ref(), "case" | "patient"));
    let number = reading.word(last).parse().ok().filter(|n| *n <= 50)?;
    (is_case && range.len() > 1).then_some(Ordinal(number))
}

/// The patient whom a sentence names: "the second patient", "in case 1".
fn patient_named(reading: &Reading<'_>, sentence: &Sentence, named: &[(Ordinal, usize)]) -> Option<usize> {
    let range = sentence.tokens.clone();
    range.clone().find_map(|i| {
        let is_case = matches!(lower(reading.word(i + 1)).as_ref(), "case" | "patient");
        let by_word = case_text::number::ordinal(reading.word(i)).filter(|_| is_case);
        let by_number = matches!(lower(reading.word(i)).as_ref(), "case" | "patient")
            .then(|| reading.word(i + 1).parse().ok())
            .flatten();
        let ordinal = Ordinal(by_word.or(by_number)?);
        named.iter().find(|(o, _)| *o == ordinal).map(|(_, p)| *p)
    })
}

fn introduce(reading: &Reading<'_>, sentence: &Sentence, label: Option<Ordinal>) -> Introduced {
    let range = sentence.tokens.clone();
    let label = label.and_then(|_| {
        let start = range.start;
        label_at_start(reading, sentence).map(|_| Statement::of(reading.text, reading.span(start, start + 1)))
    });
    let presents = reading.mentions_of(sentence).iter().find(|m| m.is(Kind::Word) && m.says(Class::Presents));
    let presentation = presents.map(|m| Statement::of(reading.text, reading.span(m.first, m.last)));
    Introduced { label, presentation }
}
