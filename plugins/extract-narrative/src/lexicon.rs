//! The embedded lexicons.

use case_lexicon::{Concept, Lexicon};
use case_model::{Coding, Terminology};

use crate::class::{Info, Quality};

static WORDS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/lexicon.bin"));
static CUES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/cues.bin"));
static CONCEPTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/concepts.bin"));
static COMPOSITIONS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/compositions.bin"));
static MEASURED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/measured.bin"));
static STATIONS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/stations.bin"));

/// All concepts, and the cues of assertion beside them: a cue is found also where a longer word of the lexicon starts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Vocabulary {
    /// Concepts and words of the grammar.
    pub(crate) words: Lexicon<'static>,
    /// Cues of assertion.
    pub(crate) cues: Lexicon<'static>,
}

impl Default for Vocabulary {
    fn default() -> Self {
        Self {
            words: Lexicon::new(WORDS).expect("the build compiled it"),
            cues: Lexicon::new(CUES).expect("the build compiled it"),
        }
    }
}

impl Vocabulary {
    /// What a concept is.
    pub(crate) fn info(&self, concept: u32) -> Info {
        let at = concept as usize * Info::SIZE;
        Info::from_bytes(&CONCEPTS[at..at + Info::SIZE])
    }

    /// The finding that a quality of an analyte or a site is: high LDH, an enlarged liver, a mass of the mesentery.
    pub(crate) fn composed(&self, entity: u32, quality: Quality) -> Option<u32> {
        find(COMPOSITIONS, [entity, quality as u32]).map(|record| record[2])
    }

    /// The analyte that a finding is a quality of.
    pub(crate) fn measured(&self, finding: u32) -> Option<u32> {
        find(MEASURED, [finding, 0]).map(|record| record[1])
    }

    /// The lymph nodes of a region.
    pub(crate) fn station(&self, region: u32) -> Option<u32> {
        find(STATIONS, [region, 0]).map(|record| record[1])
    }

    /// A concept.
    pub(crate) fn concept(&self, number: u32) -> Concept<'static> {
        self.words.concept(number)
    }

    /// Codes of a concept, its own first. Codes whose labels could not be compared are marked.
    pub(crate) fn codings(&self, number: u32) -> Vec<Coding> {
        let concept = self.concept(number);
        let own = (!concept.code.is_empty()).then_some((concept.code, concept.label));
        own.into_iter()
            .chain(concept.xrefs())
            .map(|(code, label)| {
                let prefix = code.split(':').next().unwrap_or_default();
                Coding { code: code.to_owned(), label: label.to_owned(), unverified: self.is_unverified(prefix) }
            })
            .collect()
    }

    fn is_unverified(&self, prefix: &str) -> bool {
        self.words.releases().iter().any(|(p, release)| *p == prefix && *release == "unverified")
    }

    /// Releases of the prefixes that are used.
    pub(crate) fn terminologies(&self, prefixes: &[String]) -> Vec<Terminology> {
        self.words
            .releases()
            .into_iter()
            .filter(|(prefix, _)| prefixes.iter().any(|p| p == prefix))
            .map(|(prefix, release)| Terminology { prefix: prefix.to_owned(), release: release.to_owned() })
            .collect()
    }
}

/// The first record of a sorted table that starts with the first key and is not below the second.
fn find(table: &[u8], key: [u32; 2]) -> Option<[u32; 3]> {
    let record = |i: usize| -> [u32; 3] {
        let word = |k: usize| {
            let at = i * 12 + k * 4;
            u32::from_le_bytes([table[at], table[at + 1], table[at + 2], table[at + 3]])
        };
        [word(0), word(1), word(2)]
    };
    let (mut low, mut high) = (0, table.len() / 12);
    while low < high {
        let middle = usize::midpoint(low, high);
        let found = record(middle);
        if [found[0], found[1]] < key { low = middle + 1 } else { high = middle }
    }
    (low < table.len() / 12).then(|| record(low)).filter(|r| r[0] == key[0] && (key[1] == 0 || r[1] == key[1]))
}
