//! Who the patient is: age and sex.

use case_model::{Age, IsoDuration, Sex};
use case_text::context::Context;
use case_text::when::age_at;

use crate::class::{Class, Kind};
use crate::draft::{Draft, View};

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
        let range = view.sentence.tokens.clone();
        for i in range.clone() {
            if !(reading.tokens[i].is_number() || reading.tokens[i].is_word()) {
                continue;
            }
            if let Some(age) = age_at(reading.text, &reading.tokens, i).filter(|a| a.last < range.end) {
                self.age(view, age.first, age.last, age.age, age.approximate);
            }
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

    fn age(&mut self, view: View<'_, '_>, first: usize, last: usize, age: IsoDuration, approximate: bool) {
        let reading = view.reading;
        if reading.context[first].any(Context::ELSEWHERE) {
            return;
        }
        let near = |class: Class| {
            view.mentions().iter().find(|m| {
                m.is(Kind::Word)
                    && m.info.class == class
                    && m.first <= last + 8
                    && m.last + 4 >= first
                    && m.first != first
            })
        };
        let person = [(Class::Female, Some(Sex::Female)), (Class::Male, Some(Sex::Male)), (Class::Person, None)]
            .into_iter()
            .find_map(|(class, sex)| near(class).map(|m| (m, sex)));
        // An age without a person beside it is the time of an event: "diabetes at the age of 50".
        let is_time = reading.word(first) == "age";
        let Some((mention, sex)) = person.filter(|_| !is_time || self.ages.is_empty()) else { return };
        if is_time && mention.first > last {
            return;
        }
        self.ages.push(Draft::new(Age { value: age, approximate }, reading.span(first, last), view.number, BY));
        if let Some(sex) = sex {
            self.sexes.push(Draft::new(sex, view.span(mention), view.number, BY));
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
