//! All facts of the page: their numbers, anchors and names.

use std::collections::HashMap;

use casemill_plugin_sdk::model::{
    ActionStatus, AnyFact, Assertion, Case, Certainty, FactId, FactValue, GenomicResult, MarkerResult, Report,
};

use crate::topic::Topic;
use crate::view::FactLink;
use crate::wording;

/// Whether what a fact names is so, for readers who see the words alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stance {
    /// It is so, or took place.
    Holds,
    /// The text leaves it open: uncertain, suspected, planned, considered.
    Open,
    /// It is not so, or did not take place: absent, excluded, negative, declined.
    Fails,
}

impl Stance {
    fn of(assertion: &Assertion) -> Self {
        match assertion {
            Assertion::Present => Self::Holds,
            Assertion::Absent => Self::Fails,
            _ => Self::Open,
        }
    }

    fn of_action(status: &ActionStatus) -> Self {
        match status {
            ActionStatus::Given => Self::Holds,
            ActionStatus::Declined | ActionStatus::NotGiven => Self::Fails,
            _ => Self::Open,
        }
    }

    /// The less certain of both.
    fn and(self, other: Self) -> Self {
        if self == Self::Holds { other } else { self }
    }
}

/// A fact, claim or background concept as other parts of the page refer to it.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Number within the page, from 1. Short, because each segment of the source text names its facts.
    pub(crate) number: usize,
    /// Id of its row.
    pub(crate) anchor: String,
    /// Name in links and tooltips: `Fever (absent)`.
    pub(crate) name: String,
    /// Its topic.
    pub(crate) topic: Topic,
    /// Whether it is so.
    pub(crate) stance: Stance,
}

impl Entry {
    /// A link to its row.
    pub(crate) fn link(&self) -> FactLink<'_> {
        FactLink { number: self.number, anchor: &self.anchor, name: &self.name }
    }
}

/// All entries, by number and by id.
#[derive(Debug, Default)]
pub(crate) struct Index<'a> {
    entries: Vec<Entry>,
    by_id: HashMap<&'a str, usize>,
}

impl<'a> Index<'a> {
    /// Numbers the facts of all cases, then claims, then background.
    pub(crate) fn of(report: &'a Report) -> Self {
        let mut index = Self::default();
        for case in &report.cases {
            case.visit(&mut |list, fact| {
                index.add(fact.id(), fact.label().into_owned(), Topic::of_list(list), Stance::of(fact.assertion()));
            });
            index.name_patient(case);
            index.name_investigations(case);
            index.name_course(case);
            case.visit(&mut |_, fact| index.mark(fact));
        }
        for claim in &report.claims {
            let kind = wording::plain(claim.kind.as_str()).into_owned();
            index.add(&claim.id, kind, Topic::Literature, Stance::Holds);
        }
        for item in &report.background {
            index.add(&item.id, item.label.clone(), Topic::Literature, Stance::Holds);
        }
        index
    }

    /// The entry of a fact. `None` for an id that nothing in the record has.
    pub(crate) fn get(&self, id: &FactId) -> Option<&Entry> {
        self.by_id.get(id.as_str()).map(|position| &self.entries[*position])
    }

    /// The entry with a number.
    pub(crate) fn numbered(&self, number: usize) -> Option<&Entry> {
        self.entries.get(number.checked_sub(1)?)
    }

    fn add(&mut self, id: &'a FactId, name: String, topic: Topic, stance: Stance) {
        let position = self.entries.len();
        let anchor = if id.as_str().is_empty() { format!("unnamed:{position}") } else { anchor(id) };
        self.entries.push(Entry { number: position + 1, anchor, name, topic, stance });
        self.by_id.entry(id.as_str()).or_insert(position);
    }

    /// Gives a fact the name by which a clinician calls it, and a stance that its value holds beside its assertion.
    fn name(&mut self, id: &FactId, name: String, stance: Stance) {
        if let Some(position) = self.by_id.get(id.as_str()) {
            let entry = &mut self.entries[*position];
            entry.name = name;
            entry.stance = stance.and(entry.stance);
        }
    }

    /// Adds the assertion to names that do not say it otherwise.
    fn mark(&mut self, fact: &dyn AnyFact) {
        let said = match fact.kind() {
            "marker" | "genomic" | "diagnosis" => *fact.assertion() == Assertion::Absent,
            _ => false,
        };
        if *fact.assertion() != Assertion::Present
            && !said
            && let Some(position) = self.by_id.get(fact.id().as_str())
        {
            let name = &mut self.entries[*position].name;
            *name = format!("{name} ({})", fact.assertion());
        }
    }

    fn name_patient(&mut self, case: &Case) {
        for age in &case.subject.age {
            self.name(&age.id, format!("age {}", wording::time::age(&age.value)), Stance::Holds);
        }
        for relative in &case.family_history {
            self.name(&relative.id, wording::family(&relative.value), Stance::Holds);
        }
        for diagnosis in &case.diagnoses {
            let stance = match diagnosis.value.certainty {
                Certainty::Confirmed => Stance::Holds,
                Certainty::RuledOut => Stance::Fails,
                _ => Stance::Open,
            };
            self.name(&diagnosis.id, wording::diagnosis(&diagnosis.value), stance);
        }
    }

    fn name_investigations(&mut self, case: &Case) {
        for size in case.tumour_sizes.iter().filter(|s| s.value.modality.is_some()) {
            let modality = size.value.modality.as_deref().unwrap_or_default();
            self.name(&size.id, format!("{} ({modality})", size.value.label()), Stance::Holds);
        }
        for test in &case.marker_tests {
            let stance = match test.value.result {
                MarkerResult::Negative => Stance::Fails,
                MarkerResult::Equivocal => Stance::Open,
                _ => Stance::Holds,
            };
            let result = wording::plain(test.value.result.as_str());
            self.name(&test.id, format!("{} {result}", wording::marker(&test.value)), stance);
        }
        for finding in &case.genomic_findings {
            let stance = match finding.value.result {
                GenomicResult::Detected => Stance::Holds,
                GenomicResult::NotDetected => Stance::Fails,
                _ => Stance::Open,
            };
            self.name(&finding.id, wording::genomic(&finding.value), stance);
        }
    }

    fn name_course(&mut self, case: &Case) {
        for treatment in &case.treatments {
            let stance = Stance::of_action(&treatment.value.status);
            self.name(&treatment.id, wording::treatment(&treatment.value), stance);
        }
        for procedure in &case.procedures {
            let stance = Stance::of_action(&procedure.value.status);
            self.name(&procedure.id, wording::procedure(&procedure.value), stance);
        }
        for response in &case.responses {
            self.name(&response.id, wording::response(&response.value.category).into_owned(), Stance::Holds);
        }
        for end in &case.follow_up {
            self.name(&end.id, wording::follow_up(&end.value), Stance::Holds);
        }
    }
}

/// A fact id as an id of HTML: letters, digits, `-` and `_` stay, all else is written as `.` and the byte in hexadecimal.
///
/// Two ids never get the same anchor, whatever plugin gave them. Ids of the page's own parts hold a `:` to be apart.
fn anchor(id: &FactId) -> String {
    let mut out = String::with_capacity(id.as_str().len());
    for byte in id.as_str().bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_' {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!(".{byte:02x}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_safe_and_tell_ids_apart() {
        assert_eq!(anchor(&FactId::new("adverse_event-4k2v7q1c")), "adverse_event-4k2v7q1c");
        assert_eq!(anchor(&FactId::new("a b\"é")), "a.20b.22.c3.a9");
        assert_ne!(anchor(&FactId::new("a b")), anchor(&FactId::new("a.20b")));
    }
}
