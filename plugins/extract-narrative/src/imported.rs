//! Mentions from imported vocabularies, beside those of the embedded lexicons.

use std::ops::Range;

use case_lexicon::Found;

use crate::class::{Kind, Quality};
use crate::reading::{Mention, Reading};

/// True for what a patient can have.
fn is_told(kind: Kind) -> bool {
    matches!(kind, Kind::Finding | Kind::Disease | Kind::Tumour)
}

impl Reading<'_> {
    /// Adds what imported vocabularies find in a sentence whose own mentions start at `start`. The embedded lexicons win on
    /// equal words: their rows carry grammar. `taken`: tokens whose meaning the document itself defines.
    pub(crate) fn add_imported(
        &mut self,
        found: &[Found],
        sentence: Range<usize>,
        start: usize,
        taken: &[Range<usize>],
    ) {
        let from = found.partition_point(|f| (f.first as usize) < sentence.start);
        let own = self.mentions.len();
        for one in found[from..].iter().take_while(|f| (f.first as usize) < sentence.end) {
            let (first, last) = (one.first as usize, one.last as usize);
            if last >= sentence.end || taken.iter().any(|t| t.contains(&first) || t.contains(&last)) {
                continue;
            }
            let concept = self.vocabulary.number(one.vocabulary, one.concept);
            let Some(info) = self.vocabulary.imported_info(concept) else { continue };
            // A symbol counts only where a grammar asks for a gene.
            if one.ambiguous && info.kind != Kind::Gene {
                continue;
            }
            let known = self.mentions[start..own].iter().find(|m| {
                let same = m.first == first && m.last == last;
                let within = m.first <= first && last <= m.last && m.info.kind != Kind::Word;
                same && !(m.ambiguous && !one.ambiguous) || within && !m.ambiguous && !same
            });
            match known {
                // The embedded row keeps its grammar and gains the code.
                Some(m) if m.first == first && m.last == last && is_told(m.info.kind) && is_told(info.kind) => {
                    self.same.entry(m.concept).or_insert(concept);
                }
                Some(_) => {}
                None => {
                    let composed = info.kind == Kind::Finding && self.is_composed(start..own, first, last);
                    let (nested, ambiguous) = (one.nested, one.ambiguous);
                    self.mentions.push(Mention { first, last, concept, info, nested, ambiguous, composed });
                }
            }
        }
        if self.mentions.len() > own {
            self.mentions[start..].sort_by_key(|m| (m.first, std::cmp::Reverse(m.last)));
        }
    }

    /// True if the grammar makes a finding of the words itself, of a place and what is said of it: it also sees the places
    /// listed beside ("lymphadenopathy in the mediastinal and cervical chains").
    fn is_composed(&self, mentions: Range<usize>, first: usize, last: usize) -> bool {
        let within = || self.mentions[mentions.clone()].iter().filter(|m| first <= m.first && m.last <= last);
        let mut qualities = within().filter(|m| m.info.quality != Quality::None && !m.ambiguous);
        qualities.any(|quality| {
            within().any(|m| m.is(Kind::Site) && self.vocabulary.composed(m.concept, quality.info.quality).is_some())
        })
    }

    /// What the long form of an abbreviation, the tokens `from..to`, is in imported vocabularies.
    pub(crate) fn imported_long_form(&self, found: &[Found], from: usize, to: usize) -> Vec<u32> {
        let low = found.partition_point(|f| (f.first as usize) < from);
        found[low..]
            .iter()
            .take_while(|f| (f.first as usize) < to)
            .filter(|f| !f.ambiguous && f.last as usize + 1 == to && (to - f.first as usize) * 3 >= (to - from) * 2)
            .map(|f| self.vocabulary.number(f.vocabulary, f.concept))
            .filter(|concept| self.vocabulary.imported_info(*concept).is_some())
            .take(1)
            .collect()
    }
}
