//! What is made of an item: its state, what is there, what is missing, and the words that show it.

use casemill_plugin_sdk::model::{ChecklistItem, Evidence, ItemStatus};

/// Quotations of an item at most.
const QUOTES: usize = 6;

/// The state of an item or sub-item.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Verdict {
    /// State.
    pub(crate) status: ItemStatus,
    /// What is there.
    pub(crate) has: Vec<&'static str>,
    /// What is missing.
    pub(crate) lacks: Vec<&'static str>,
    /// A remark that is neither.
    pub(crate) remark: &'static str,
    /// The words that show it.
    pub(crate) evidence: Vec<Evidence>,
}

impl Verdict {
    /// A state alone.
    pub(crate) fn new(status: ItemStatus) -> Self {
        Self { status, ..Self::default() }
    }

    /// It does not apply, and why.
    pub(crate) fn not_applicable(remark: &'static str) -> Self {
        Self { remark, ..Self::new(ItemStatus::NotApplicable) }
    }

    /// It is missing.
    pub(crate) fn absent(lacks: &'static str) -> Self {
        Self { lacks: vec![lacks], ..Self::new(ItemStatus::Absent) }
    }

    /// Present if there are words that show it, else absent.
    pub(crate) fn shown(what: &'static str, evidence: Vec<Evidence>) -> Self {
        if evidence.is_empty() {
            return Self::absent(what);
        }
        Self { has: vec![what], evidence, ..Self::new(ItemStatus::Present) }
    }

    /// A remark added.
    pub(crate) fn remark(mut self, remark: &'static str) -> Self {
        self.remark = remark;
        self
    }

    /// Another state.
    pub(crate) fn status(mut self, status: ItemStatus) -> Self {
        self.status = status;
        self
    }

    /// Takes in a part: what it has, lacks and quotes.
    pub(crate) fn part(mut self, part: Self) -> Self {
        self.has.extend(part.has);
        self.lacks.extend(part.lacks);
        self.evidence.extend(part.evidence);
        self
    }

    /// A verdict of parts: present if all are, absent if none is.
    pub(crate) fn of(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut out = Self::default();
        let mut states = Vec::new();
        for part in parts {
            states.push(part.status.clone());
            out = out.part(part);
        }
        out.status = joined(&states);
        out
    }

    /// True for present.
    pub(crate) fn is_present(&self) -> bool {
        self.status == ItemStatus::Present
    }

    /// True for present and partial.
    pub(crate) fn is_given(&self) -> bool {
        matches!(self.status, ItemStatus::Present | ItemStatus::Partial)
    }

    /// True for absent.
    pub(crate) fn is_absent(&self) -> bool {
        self.status == ItemStatus::Absent
    }

    /// What is there and what is missing, in a few words.
    pub(crate) fn note(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        if !self.has.is_empty() {
            parts.push(list(&self.has));
        }
        if !self.lacks.is_empty() {
            parts.push(format!("not found: {}", list(&self.lacks)));
        }
        if !self.remark.is_empty() {
            parts.push(self.remark.to_owned());
        }
        parts.join("; ")
    }
}

fn list(words: &[&'static str]) -> String {
    let mut seen: Vec<&str> = Vec::new();
    for word in words {
        if !seen.contains(word) {
            seen.push(word);
        }
    }
    seen.join(", ")
}

/// The state of a whole: that of its parts where they agree, else partial. Parts that do not apply have no say.
pub(crate) fn joined(states: &[ItemStatus]) -> ItemStatus {
    let mut counted = states.iter().filter(|s| **s != ItemStatus::NotApplicable);
    let Some(first) = counted.next() else { return ItemStatus::NotApplicable };
    if counted.all(|s| s == first) { first.clone() } else { ItemStatus::Partial }
}

/// Number and title of an item of the guideline.
pub(crate) type Head = (&'static str, &'static str);

/// An item judged: for each patient, or once for the report.
#[derive(Clone, Debug)]
pub(crate) struct Judged {
    /// The whole.
    pub(crate) whole: Vec<Verdict>,
    /// Sub-items, each judged as often as the whole.
    pub(crate) parts: Vec<(Head, Vec<Verdict>)>,
}

impl Judged {
    /// An item of the report as a whole.
    pub(crate) fn once(whole: Verdict) -> Self {
        Self { whole: vec![whole], parts: Vec::new() }
    }

    /// The line of the checklist.
    pub(crate) fn into_item(self, (number, title): Head) -> ChecklistItem {
        let mut item = line((number, title), &self.whole);
        item.items = self.parts.iter().map(|(head, verdicts)| line(*head, verdicts)).collect();
        item
    }
}

/// A line of a checklist. Where patients differ, the note tells of each.
pub(crate) fn line((number, title): Head, verdicts: &[Verdict]) -> ChecklistItem {
    let states: Vec<ItemStatus> = verdicts.iter().map(|v| v.status.clone()).collect();
    let note = match verdicts {
        [] => String::new(),
        [first, rest @ ..] if rest.iter().all(|v| v.note() == first.note()) => first.note(),
        _ => {
            let notes = verdicts.iter().enumerate().filter(|(_, v)| !v.note().is_empty());
            notes.map(|(i, v)| format!("patient {}: {}", i + 1, v.note())).collect::<Vec<_>>().join(". ")
        }
    };
    let mut evidence: Vec<Evidence> = Vec::new();
    let each = QUOTES.div_ceil(verdicts.len().max(1));
    for quote in verdicts.iter().flat_map(|v| v.evidence.iter().take(each)) {
        if evidence.len() < QUOTES && !evidence.iter().any(|e| e.span == quote.span) {
            evidence.push(Evidence { origin: None, ..quote.clone() });
        }
    }
    evidence.sort_by_key(|e| e.span);
    ChecklistItem {
        number: number.to_owned(),
        title: title.to_owned(),
        status: joined(&states),
        note,
        evidence,
        items: Vec::new(),
    }
}
