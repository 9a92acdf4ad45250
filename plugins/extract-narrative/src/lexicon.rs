//! The embedded lexicons, and the vocabularies that the user imported.

use std::sync::{Mutex, PoisonError};

use case_lexicon::{Concept, Lexicon};
use case_model::{Coding, Terminology};
use casemill_plugin_sdk::{Error, Result, resource};

use crate::class::{Class, Info, Kind, Quality};

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
    /// Imported vocabularies. Their concepts are numbered on from those of `words`, one vocabulary after the other.
    pub(crate) imported: &'static [Lexicon<'static>],
}

impl Default for Vocabulary {
    fn default() -> Self {
        Self {
            words: Lexicon::new(WORDS).expect("the build compiled it"),
            cues: Lexicon::new(CUES).expect("the build compiled it"),
            imported: &[],
        }
    }
}

impl Vocabulary {
    /// The embedded lexicons with all vocabularies that the host offers.
    ///
    /// # Errors
    /// One of them is damaged or of another version.
    pub(crate) fn with_imported() -> Result<Self> {
        let names = resource("vocabulary/")?.unwrap_or_default();
        let mut imported = Vec::new();
        for name in String::from_utf8_lossy(&names).lines() {
            let bytes = resource(&format!("vocabulary/{name}"))?.unwrap_or_default();
            let wrong = |error| Error::new(format!("the vocabulary {name} cannot be used: {error}"));
            Lexicon::new(&bytes).and_then(|l| l.verify()).map_err(wrong)?;
            imported.push(Lexicon::new(kept(bytes)).map_err(wrong)?);
        }
        let imported: &'static [Lexicon<'static>] = if imported.is_empty() { &[] } else { imported.leak() };
        Ok(Self { imported, ..Self::default() })
    }

    /// The lexicon that a concept is in, and its number there.
    fn home(&self, concept: u32) -> (Lexicon<'static>, u32) {
        let mut local = concept;
        for lexicon in std::iter::once(&self.words).chain(self.imported) {
            match local.checked_sub(lexicon.len() as u32) {
                Some(rest) => local = rest,
                None => return (*lexicon, local),
            }
        }
        (self.words, 0)
    }

    /// The number that a concept of an imported vocabulary has among all.
    pub(crate) fn number(&self, vocabulary: u32, concept: u32) -> u32 {
        let before = &self.imported[..vocabulary as usize];
        before.iter().fold(self.words.len() as u32, |sum, lexicon| sum + lexicon.len() as u32) + concept
    }

    /// What an imported concept is; `None` for kinds that no grammar reads.
    pub(crate) fn imported_info(&self, concept: u32) -> Option<Info> {
        let (lexicon, local) = self.home(concept);
        let concept = lexicon.concept(local);
        let kind = *lexicon.kinds().get(concept.kind as usize)?;
        Info::of(kind, |key| concept.attr(key)).ok().filter(|i| i.kind != Kind::Word)
    }

    /// What a concept is.
    pub(crate) fn info(&self, concept: u32) -> Info {
        if concept as usize >= self.words.len() {
            let nothing = Info { kind: Kind::Word, class: Class::None, flags: 0, quality: Quality::None };
            return self.imported_info(concept).unwrap_or(nothing);
        }
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
        let (lexicon, local) = self.home(number);
        lexicon.concept(local)
    }

    /// Codes of a concept, its own first. Codes whose labels could not be compared are marked.
    pub(crate) fn codings(&self, number: u32) -> Vec<Coding> {
        let (lexicon, local) = self.home(number);
        let concept = lexicon.concept(local);
        let unverified = |prefix: &str| lexicon.releases().iter().any(|(p, r)| *p == prefix && *r == "unverified");
        let own = (!concept.code.is_empty()).then_some((concept.code, concept.label));
        own.into_iter()
            .chain(concept.xrefs())
            .map(|(code, label)| {
                let prefix = code.split(':').next().unwrap_or_default();
                Coding { code: code.to_owned(), label: label.to_owned(), unverified: unverified(prefix) }
            })
            .collect()
    }

    /// Releases of the prefixes that are used: those of the embedded lexicons, and of the imported vocabularies.
    pub(crate) fn terminologies(&self, prefixes: &[String]) -> Vec<Terminology> {
        let mut out: Vec<Terminology> = Vec::new();
        for (prefix, release) in std::iter::once(&self.words).chain(self.imported).flat_map(Lexicon::releases) {
            let one = Terminology { prefix: prefix.to_owned(), release: release.to_owned() };
            if prefixes.contains(&one.prefix) && !out.contains(&one) {
                out.push(one);
            }
        }
        out
    }
}

/// The bytes for as long as the process lives; the same bytes are kept once, however many instances there are.
fn kept(bytes: Vec<u8>) -> &'static [u8] {
    static KEPT: Mutex<Vec<&'static [u8]>> = Mutex::new(Vec::new());
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    match kept.iter().find(|k| **k == bytes) {
        Some(known) => known,
        None => {
            let bytes: &'static [u8] = bytes.leak();
            kept.push(bytes);
            bytes
        }
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
