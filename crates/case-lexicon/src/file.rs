//! The compiled vocabulary, read where it lies: embedded, in memory or mapped from a file.

use std::fmt;

use crate::compile::{CONCEPT, edge_hash};
use crate::fold::{fold_word, hash, same};
use crate::rows::Case;

/// `CMLX`.
pub(crate) const MAGIC: u32 = u32::from_le_bytes(*b"CMLX");
/// Version of the layout.
pub(crate) const VERSION: u32 = 2;

/// Parts of the file after the header of four words: magic, version, checksum (two words). Each part is named in a
/// table of (offset, length) by its number; all but the last are little-endian 32-bit words.
#[derive(Clone, Copy)]
pub(crate) enum Section {
    /// Open-addressing table of four words: hash, offset and length of the folded word, class.
    Words,
    /// Trie node below the root by class.
    Roots,
    /// Open-addressing table of three words: node, class, child.
    Edges,
    /// First posting by node.
    Nodes,
    /// Forms.
    Postings,
    /// Four words: concept, case, offset and length of the exact letters.
    Forms,
    /// Eleven words: kind; offset and length of code, label, xrefs, attrs, names.
    Concepts,
    /// Offset and length of the name.
    Kinds,
    /// Offset and length of prefix and release.
    Releases,
    /// Family by class; empty where forms match in their own order only.
    Families,
    /// Open-addressing table of three words: key (two words) of words in any order, node.
    Bags,
    /// Offset and length of key and value: what the vocabulary says of itself.
    Meta,
    /// Strings, UTF-8.
    Pool,
}

pub(crate) const SECTIONS: usize = 13;

/// Why bytes are not a compiled vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormatError {
    /// Not a compiled vocabulary at all.
    Magic,
    /// Of another version of the layout.
    Version(u32),
    /// Shorter than its tables say.
    Truncated,
    /// Its checksum does not agree.
    Checksum,
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Magic => f.write_str("not a compiled casemill vocabulary"),
            Self::Version(found) => {
                write!(f, "compiled for layout {found}, this casemill reads {VERSION}; import it again")
            }
            Self::Truncated => f.write_str("the compiled vocabulary is cut off; import it again"),
            Self::Checksum => f.write_str("the compiled vocabulary is damaged (checksum); import it again"),
        }
    }
}

impl std::error::Error for FormatError {}

pub(crate) fn checksum(body: &[u8]) -> u64 {
    body.chunks(8).fold(body.len() as u64, |state, chunk| {
        let mut padded = [0; 8];
        padded[..chunk.len()].copy_from_slice(chunk);
        (state.rotate_left(5) ^ u64::from_le_bytes(padded)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    })
}

/// The checksum that the first 16 bytes of a compiled vocabulary state.
///
/// # Errors
/// [`FormatError::Magic`] and [`FormatError::Version`].
pub fn stated_checksum(header: &[u8; 16]) -> Result<u64, FormatError> {
    match (at(header, 0), at(header, 1)) {
        (MAGIC, VERSION) => Ok(u64::from(at(header, 2)) | u64::from(at(header, 3)) << 32),
        (MAGIC, version) => Err(FormatError::Version(version)),
        _ => Err(FormatError::Magic),
    }
}

/// A compiled vocabulary.
#[derive(Clone, Copy, Debug)]
pub struct Lexicon<'a> {
    sections: [&'a [u8]; SECTIONS],
    /// The section of all strings: checked once to be UTF-8, so that taking one out of it costs nothing.
    pool: &'a str,
    bytes: &'a [u8],
    word_mask: u32,
    edge_mask: u32,
    bag_mask: u32,
}

/// A form that ends a match, and the concept it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form<'a> {
    /// Number of the concept.
    pub concept: u32,
    /// Treatment of letter case.
    pub case: Case,
    /// The letters and digits of the form, for an exact comparison.
    pub exact: &'a str,
}

/// A concept of the vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concept<'a> {
    /// Number of its kind, see [`Lexicon::kinds`].
    pub kind: u32,
    /// CURIE or empty.
    pub code: &'a str,
    /// Label.
    pub label: &'a str,
    xrefs: &'a str,
    attrs: &'a str,
    names: &'a str,
}

impl<'a> Concept<'a> {
    /// The value of an attribute.
    pub fn attr(&self, key: &str) -> Option<&'a str> {
        self.attrs.split(';').find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='))
    }

    /// What its terminology calls it, the label first; empty in vocabularies that were not imported.
    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        self.names.lines()
    }

    /// Further codes with their labels.
    pub fn xrefs(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.xrefs.split('|').filter_map(|pair| pair.split_once('='))
    }
}

fn at(words: &[u8], index: usize) -> u32 {
    match words.get(index * 4..index * 4 + 4) {
        Some(bytes) => u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]),
        None => 0,
    }
}

impl<'a> Lexicon<'a> {
    /// A vocabulary over its compiled bytes. Checks the frame and the strings, not the checksum: see
    /// [`verify`](Self::verify).
    ///
    /// # Errors
    /// [`FormatError`]; the checksum is not compared.
    pub fn new(bytes: &'a [u8]) -> Result<Self, FormatError> {
        let header = (4 + SECTIONS * 2) * 4;
        if bytes.len() < 8 || at(bytes, 0) != MAGIC {
            return Err(FormatError::Magic);
        }
        if at(bytes, 1) != VERSION {
            return Err(FormatError::Version(at(bytes, 1)));
        }
        if bytes.len() < header {
            return Err(FormatError::Truncated);
        }
        let mut sections: [&[u8]; SECTIONS] = [&[]; SECTIONS];
        for (i, section) in sections.iter_mut().enumerate() {
            // Offsets count from behind magic, version and checksum plus the section table itself; see `layout`.
            let offset = at(bytes, 4 + i * 2) as usize;
            let length = at(bytes, 5 + i * 2) as usize * if i == Section::Pool as usize { 1 } else { 4 };
            let end = offset.checked_add(length).ok_or(FormatError::Truncated)?;
            *section = bytes.get(offset..end).ok_or(FormatError::Truncated)?;
        }
        let slots = |section: Section, width: usize| sections[section as usize].len() / 4 / width;
        let (words, edges) = (slots(Section::Words, 4), slots(Section::Edges, 3));
        let bags = slots(Section::Bags, 3);
        if !words.is_power_of_two() || !edges.is_power_of_two() || bags > 0 && !bags.is_power_of_two() {
            return Err(FormatError::Truncated);
        }
        let mask = |slots: usize| (slots as u32).wrapping_sub(1);
        let pool = std::str::from_utf8(sections[Section::Pool as usize]).map_err(|_| FormatError::Checksum)?;
        Ok(Self { sections, pool, bytes, word_mask: mask(words), edge_mask: mask(edges), bag_mask: mask(bags) })
    }

    /// Checks that the bytes are undamaged. Reads all of them.
    ///
    /// # Errors
    /// [`FormatError::Checksum`].
    pub fn verify(&self) -> Result<(), FormatError> {
        let stated = u64::from(at(self.bytes, 2)) | u64::from(at(self.bytes, 3)) << 32;
        if checksum(&self.bytes[16..]) == stated { Ok(()) } else { Err(FormatError::Checksum) }
    }

    fn string(&self, offset: u32, length: u32) -> &'a str {
        self.pool.get(offset as usize..offset as usize + length as usize).unwrap_or_default()
    }

    /// The class of a word of the text, 0 if no form holds it. `buffer` is scratch for words outside ASCII.
    pub fn class(&self, word: &str, buffer: &mut String) -> u32 {
        if word.is_ascii() {
            return self.lookup(word.as_bytes());
        }
        fold_word(word, buffer);
        self.lookup(buffer.as_bytes())
    }

    fn lookup(&self, word: &[u8]) -> u32 {
        let hash = hash(word);
        let table = self.sections[Section::Words as usize];
        let pool = self.sections[Section::Pool as usize];
        let mut slot = hash & self.word_mask;
        // A damaged file may have a full table; no word is probed more often than it has slots.
        for _ in 0..=self.word_mask {
            let base = slot as usize * 4;
            let length = at(table, base + 2);
            if length == 0 {
                return 0;
            }
            if at(table, base) == hash {
                let offset = at(table, base + 1) as usize;
                if pool.get(offset..offset + length as usize).is_some_and(|key| same(word, key)) {
                    return at(table, base + 3);
                }
            }
            slot = (slot + 1) & self.word_mask;
        }
        0
    }

    /// The trie node that `class` leads to from `node` (0 is the root), 0 if none.
    pub fn child(&self, node: u32, class: u32) -> u32 {
        if node == 0 {
            return at(self.sections[Section::Roots as usize], class as usize);
        }
        let table = self.sections[Section::Edges as usize];
        let mut slot = edge_hash(node, class) & self.edge_mask;
        for _ in 0..=self.edge_mask {
            let base = slot as usize * 3;
            let child = at(table, base + 2);
            if child == 0 {
                return 0;
            }
            if at(table, base) == node && at(table, base + 1) == class {
                return child;
            }
            slot = (slot + 1) & self.edge_mask;
        }
        0
    }

    /// True if a form ends at `node`.
    pub fn ends(&self, node: u32) -> bool {
        let nodes = self.sections[Section::Nodes as usize];
        at(nodes, node as usize) < at(nodes, node as usize + 1)
    }

    /// The forms that end at `node`.
    pub fn forms(&self, node: u32) -> impl Iterator<Item = Form<'a>> + use<'a> {
        let lexicon = *self;
        let nodes = self.sections[Section::Nodes as usize];
        (at(nodes, node as usize)..at(nodes, node as usize + 1)).map(move |i| {
            let base = at(lexicon.sections[Section::Postings as usize], i as usize) as usize * 4;
            let forms = lexicon.sections[Section::Forms as usize];
            let case = match at(forms, base + 1) {
                0 => Case::Folded,
                1 => Case::Exact,
                _ => Case::Ambiguous,
            };
            Form { concept: at(forms, base), case, exact: lexicon.string(at(forms, base + 2), at(forms, base + 3)) }
        })
    }

    /// A concept by its number.
    pub fn concept(&self, number: u32) -> Concept<'a> {
        let concepts = self.sections[Section::Concepts as usize];
        let base = number as usize * CONCEPT;
        let string = |i: usize| self.string(at(concepts, base + i), at(concepts, base + i + 1));
        Concept {
            kind: at(concepts, base),
            code: string(1),
            label: string(3),
            xrefs: string(5),
            attrs: string(7),
            names: string(9),
        }
    }

    /// True if some forms match with their words in any order.
    pub(crate) fn is_loose(&self) -> bool {
        self.bag_mask != u32::MAX
    }

    /// The family of a class: 0 for words without content.
    pub(crate) fn family(&self, class: u32) -> u32 {
        at(self.sections[Section::Families as usize], class as usize)
    }

    /// The node of a key of words in any order, 0 if none.
    pub(crate) fn bag(&self, key: u64) -> u32 {
        let table = self.sections[Section::Bags as usize];
        let (low, high) = (key as u32, (key >> 32) as u32);
        let mut slot = low & self.bag_mask;
        for _ in 0..=self.bag_mask {
            let base = slot as usize * 3;
            let node = at(table, base + 2);
            if node == 0 || at(table, base) == low && at(table, base + 1) == high {
                return node;
            }
            slot = (slot + 1) & self.bag_mask;
        }
        0
    }

    /// Number of concepts.
    pub fn len(&self) -> usize {
        self.sections[Section::Concepts as usize].len() / 4 / CONCEPT
    }

    /// True for a vocabulary without concepts.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Names of the kinds by number.
    pub fn kinds(&self) -> Vec<&'a str> {
        let kinds = self.sections[Section::Kinds as usize];
        (0..kinds.len() / 8).map(|i| self.string(at(kinds, i * 2), at(kinds, i * 2 + 1))).collect()
    }

    /// Prefixes and their releases.
    pub fn releases(&self) -> Vec<(&'a str, &'a str)> {
        self.pairs(Section::Releases)
    }

    /// What the vocabulary says of itself: its name, where it comes from.
    pub fn meta(&self) -> Vec<(&'a str, &'a str)> {
        self.pairs(Section::Meta)
    }

    fn pairs(&self, section: Section) -> Vec<(&'a str, &'a str)> {
        let table = self.sections[section as usize];
        let string = |i: usize| self.string(at(table, i), at(table, i + 1));
        (0..table.len() / 16).map(|i| (string(i * 4), string(i * 4 + 2))).collect()
    }
}
