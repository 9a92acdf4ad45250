//! Words that speak of a CARE item, found in one pass over the text. The list is `cues.tsv`.

use case_lexicon::{Lexicon, Scanner};
use case_text::token::{Token, tokenize};
use casemill_plugin_sdk::model::Span;

static COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/cues.bin"));

macro_rules! cues {
    ($($cue:ident $name:literal,)+) => {
        /// What words speak of; the rows of `cues.tsv` tell which words and for which item.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Cue { $(
            #[doc = concat!("Kind `", $name, "` of `cues.tsv`.")]
            $cue
        ),+ }

        impl Cue {
            fn named(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$cue),)+ _ => None }
            }
        }
    };
}

cues! {
    CaseReport "case_report",
    Unique "unique",
    Intent "intent",
    Presented "presented",
    ComplaintHistory "complaint_history",
    Past "past",
    Family "family",
    Social "social",
    PreviousIntervention "previous_intervention",
    Exam "exam",
    Sign "sign",
    Timeline "timeline",
    Laboratory "lab",
    Challenge "challenge",
    Differential "differential",
    Reasoning "reasoning",
    Prognostic "prognostic",
    Change "change",
    Because "because",
    FollowUpTest "follow_up_test",
    Tolerability "tolerability",
    NoEvent "no_event",
    Event "event",
    Limitation "limitation",
    OpenQuestion "open_question",
    Literature "literature",
    Rationale "rationale",
    Lesson "lesson",
    Perspective "perspective",
    Satisfied "satisfied",
    Consent "consent",
    Given "given",
    Person "person",
    Publication "publication",
    NotGiven "not_given",
    StudyConsent "study_consent",
    Ours "ours",
}

/// A set of cues.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CueSet(u64);

impl CueSet {
    /// True if the cue is in the set.
    pub(crate) fn has(self, cue: Cue) -> bool {
        self.0 & (1 << cue as u32) != 0
    }

    /// Both sets.
    pub(crate) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn add(&mut self, cue: Cue) {
        self.0 |= 1 << cue as u32;
    }
}

/// Words and what they speak of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    /// Where they stand.
    pub(crate) span: Span,
    /// What they speak of.
    pub(crate) cues: CueSet,
}

/// The compiled cues.
#[derive(Debug)]
pub(crate) struct Cues {
    lexicon: Lexicon<'static>,
    kinds: Vec<Option<Cue>>,
}

impl Default for Cues {
    fn default() -> Self {
        let lexicon = Lexicon::new(COMPILED).expect("the build compiled it");
        let kinds = lexicon.kinds().into_iter().map(Cue::named).collect();
        Self { lexicon, kinds }
    }
}

impl Cues {
    /// All cues of a text, in order. Linear in its length.
    ///
    /// A cue within a longer match says what the longer one says: "history of" in "2-month history of" is no history.
    pub(crate) fn find(&self, text: &str) -> Vec<Mark> {
        let tokens: Vec<Token> = tokenize(text);
        let mut hits = Vec::new();
        Scanner::new().scan(&self.lexicon, text, &tokens, &mut hits);
        let mut marks: Vec<Mark> = Vec::with_capacity(hits.len());
        for hit in &hits {
            let span = tokens[hit.first as usize].span.hull(tokens[hit.last as usize].span);
            let mut cues = CueSet::default();
            for form in self.lexicon.forms(hit.node) {
                if let Some(cue) = self.kinds[self.lexicon.concept(form.concept).kind as usize] {
                    cues.add(cue);
                }
            }
            if hit.nested && marks.last().is_some_and(|m| m.cues.has(Cue::ComplaintHistory)) {
                continue;
            }
            marks.push(Mark { span, cues });
        }
        marks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, cue: Cue) -> Vec<&str> {
        let marks = Cues::default().find(text);
        marks.iter().filter(|m| m.cues.has(cue)).filter_map(|m| m.span.of(text)).collect()
    }

    #[test]
    fn every_kind_of_the_list_is_known() {
        let cues = Cues::default();
        let unknown: Vec<&str> =
            cues.lexicon.kinds().into_iter().zip(&cues.kinds).filter(|(_, c)| c.is_none()).map(|(k, _)| k).collect();
        assert_eq!(unknown, [""; 0]);
        assert!(cues.kinds.len() <= 64, "a set holds 64 cues");
    }

    #[test]
    fn the_history_of_the_complaint_is_no_past_history() {
        assert_eq!(found("a 2-month history of pain", Cue::Past), [""; 0]);
        assert_eq!(found("with a history of gout", Cue::Past), ["history of"]);
        assert_eq!(
            found("a 3-week history of cough and a past medical history of gout", Cue::Past),
            ["past medical history", "medical history", "history of"]
        );
    }

    #[test]
    fn words_are_found_in_any_spelling() {
        assert_eq!(found("On physical  Examination she", Cue::Exam), ["physical  Examination"]);
        assert_eq!(found("Written Informed Consent", Cue::Consent).len(), 3);
    }
}
