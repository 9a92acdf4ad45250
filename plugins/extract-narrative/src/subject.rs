//! Who the patient is: age and sex.

use case_model::{Age, Sex};
use case_text::context::Context;
use case_text::when::AgeAt;

use crate::class::Class;
use crate::draft::{Draft, View};
use crate::reading::{Mention, Reading, Sentence};

const BY: &str = "narrative/subject";

/// Age and sex as gathered over the sentences of a patient.
#[derive(Debug, Default)]
pub(crate) struct Subject {
    /// Statements of an age at presentation.
    pub(crate) ages: Vec<Draft<Age>>,
    /// Statements of sex.
    pub(crate) sexes: Vec<Draft<Sex>>,
    /// First pronoun of each sex, and how many there are.
    pronouns: [(Option<Draft<Sex>>, usize); 2],
}

impl Subject {
    /// Takes a sentence about the patient.
    pub(crate) fn read(&mut self, view: View<'_, '_>) {
        let reading = view.reading;
        let starts = |age: &&AgeAt| reading.tokens[age.first].is_number() || reading.tokens[age.first].is_word();
        for age in reading.ages_of(view.sentence).filter(starts) {
            self.age(view, age);
        }
        for i in view.sentence.tokens.clone() {
            let sex = match reading.word(i) {
                "She" | "she" | "Her" | "her" | "herself" => Some(Sex::Female),
                "He" | "he" | "His" | "his" | "him" | "himself" => Some(Sex::Male),
                _ => None,
            };
            if let Some(sex) = sex.filter(|_| !reading.context[i].any(Context::ELSEWHERE)) {
                let slot = &mut self.pronouns[usize::from(sex == Sex::Male)];
                slot.1 += 1;
                slot.0.get_or_insert_with(|| Draft::new(sex, reading.tokens[i].span, view.number, BY));
            }
        }
    }

    fn age(&mut self, view: View<'_, '_>, age: &AgeAt) {
        let reading = view.reading;
        let Some(owner) = owner(reading, view.sentence, age) else { return };
        // "at the age of 50 the patient ..." is the time of an event, unless no age is known yet.
        if reading.word(age.first) == "age" && (!self.ages.is_empty() || owner.is_none_or(|m| m.first > age.last)) {
            return;
        }
        let value = Age { value: age.age, approximate: age.approximate };
        self.ages.push(Draft::new(value, reading.span(age.first, age.last), view.number, BY));
        if let Some((mention, sex)) = owner.and_then(|m| Some((m, sex_of(&m)?))) {
            self.sexes.push(Draft::new(sex, view.span(&mention), view.number, BY));
        }
    }

    /// The sex that the words for the patient imply, where none is stated.
    pub(crate) fn finish(&mut self) {
        if self.sexes.is_empty() {
            let [(female, f), (male, m)] = &mut self.pronouns;
            let drafts = if *f >= *m { female.take() } else { male.take() };
            self.sexes.extend(drafts.filter(|_| f != m));
        }
    }
}

/// The sex that a word for a person states.
pub(crate) fn sex_of(person: &Mention) -> Option<Sex> {
    match person.info.class {
        Class::Female => Some(Sex::Female),
        Class::Male => Some(Sex::Male),
        _ => None,
    }
}

/// Whose age it is: `Some(person)` for the word for a person beside it, `Some(None)` for "A 58-year-old farmer presented",
/// `None` for an age that is the time of an event or that of a relative.
pub(crate) fn owner(reading: &Reading<'_>, sentence: &Sentence, age: &AgeAt) -> Option<Option<Mention>> {
    if reading.context[age.first].any(Context::ELSEWHERE) {
        return None;
    }
    let mentions = reading.mentions_of(sentence);
    let near = |class: Class| {
        mentions
            .iter()
            .find(|m| m.says(class) && m.first <= age.last + 8 && m.last + 4 >= age.first && m.first != age.first)
            .copied()
    };
    let person = [Class::Female, Class::Male, Class::Person].into_iter().find_map(near);
    if person.is_some() {
        return Some(person);
    }
    let attributive = reading.tokens[age.first..=age.last].iter().any(case_text::token::Token::is_hyphen);
    let article = age.first.checked_sub(1).map(|i| reading.word(i)).unwrap_or_default();
    let presents = mentions.iter().any(|m| m.says(Class::Presents) && m.first > age.last);
    (attributive && presents && matches!(article, "A" | "a" | "An" | "an" | "The" | "the")).then_some(None)
}
