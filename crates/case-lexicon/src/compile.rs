//! Rows to bytes.

use std::collections::HashMap;

use case_text::token::{Token, TokenKind, tokenize};

use crate::bag;
use crate::file::{MAGIC, SECTIONS, Section, VERSION, checksum};
use crate::fold::{fold_word, hash};
use crate::rows::{Case, LexiconFile, Row, RowError};
use crate::variants::variants;

/// Builds a compiled vocabulary from lexicon files.
#[derive(Debug, Default)]
pub struct Compiler {
    forms: Vec<[u32; 4]>,
    concepts: Vec<[u32; CONCEPT]>,
    kinds: Vec<String>,
    releases: Vec<(String, String)>,
    meta: Vec<(String, String)>,
    pool: Vec<u8>,
    interned: HashMap<String, (u32, u32)>,
    /// Folded words of the forms, by number in the order in which they were first seen.
    words: HashMap<String, u32>,
    /// Words of all sequences, one after the other.
    sequence_words: Vec<u32>,
    /// Where each sequence ends in `sequence_words`, and its form.
    sequences: Vec<(u32, u32)>,
    /// Forms whose words may stand in any order.
    loose: Vec<u32>,
    /// Forms that are matched in no order.
    blocked: Vec<String>,
}

/// Fields of a concept: kind, then offset and length of code, label, xrefs, attrs, names.
pub(crate) const CONCEPT: usize = 11;

impl Compiler {
    /// An empty compiler.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file.
    ///
    /// # Errors
    /// A file that names another release of a prefix than a file before it.
    pub fn add(&mut self, file: &LexiconFile) -> Result<(), RowError> {
        for (prefix, release) in &file.releases {
            match self.releases.iter().find(|(p, _)| p == prefix) {
                Some((_, other)) if other != release => {
                    return Err(RowError {
                        file: file.name.clone(),
                        line: 1,
                        message: format!("names release {release} of {prefix}, a file before it {other}"),
                    });
                }
                Some(_) => {}
                None => self.releases.push((prefix.clone(), release.clone())),
            }
        }
        for row in &file.rows {
            self.add_row(row, "", false);
        }
        Ok(())
    }

    /// Adds what the file says of itself: name, format, source.
    pub fn add_meta(&mut self, key: &str, value: &str) {
        self.meta.push((key.to_owned(), value.to_owned()));
    }

    /// Keeps the words of a form from matching as another form in another order or in related words.
    #[cfg(feature = "import")]
    pub(crate) fn block(&mut self, words: &str) {
        self.blocked.push(words.to_owned());
    }

    /// Adds the release of a prefix.
    pub fn add_release(&mut self, prefix: &str, release: &str) {
        self.releases.push((prefix.to_owned(), release.to_owned()));
    }

    /// Adds a concept. `names`: what its terminology calls it, with line breaks between them, for comparison. With
    /// `any_order` the words of its forms may stand in any order, and as related words: "femoral abnormality" is
    /// "abnormality of the femur".
    pub(crate) fn add_row(&mut self, row: &Row, names: &str, any_order: bool) {
        let kind = match self.kinds.iter().position(|k| *k == row.kind) {
            Some(i) => i,
            None => {
                self.kinds.push(row.kind.clone());
                self.kinds.len() - 1
            }
        };
        let code = self.intern(&row.code);
        let label = self.intern(&row.label);
        let join = |pairs: &[(String, String)], separator: &str| {
            pairs.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(separator)
        };
        let xrefs = self.intern(&join(&row.xrefs, "|"));
        let attrs = self.intern(&join(&row.attrs, ";"));
        let names = self.place(names);
        let concept = self.concepts.len() as u32;
        self.concepts.push([
            kind as u32,
            code.0,
            code.1,
            label.0,
            label.1,
            xrefs.0,
            xrefs.1,
            attrs.0,
            attrs.1,
            names.0,
            names.1,
        ]);
        for (words, case) in row.forms() {
            let exact = if case == Case::Folded {
                (0, 0)
            } else {
                let letters: String = words.chars().filter(|c| c.is_alphanumeric()).collect();
                self.intern(&letters)
            };
            let form = self.forms.len() as u32;
            self.forms.push([concept, case as u32, exact.0, exact.1]);
            for sequence in sequences(words) {
                for word in sequence {
                    let next = self.words.len() as u32;
                    self.sequence_words.push(*self.words.entry(word).or_insert(next));
                }
                self.sequences.push((self.sequence_words.len() as u32, form));
            }
            if any_order && case == Case::Folded {
                self.loose.push(form);
            }
        }
    }

    fn intern(&mut self, text: &str) -> (u32, u32) {
        if let Some(place) = self.interned.get(text) {
            return *place;
        }
        let place = self.place(text);
        self.interned.insert(text.to_owned(), place);
        place
    }

    fn place(&mut self, text: &str) -> (u32, u32) {
        if text.is_empty() {
            return (0, 0);
        }
        let place = (self.pool.len() as u32, text.len() as u32);
        self.pool.extend_from_slice(text.as_bytes());
        place
    }

    fn pairs(&mut self, list: &[(String, String)]) -> Vec<u32> {
        list.iter()
            .flat_map(|(a, b)| {
                let (a, b) = (self.intern(a), self.intern(b));
                [a.0, a.1, b.0, b.1]
            })
            .collect()
    }

    /// Gives every word its class: plurals and spelling variants of a word share one. Classes of related words (femur,
    /// femoral) share a family.
    fn number_words(&mut self) -> Words {
        let mut bases: Vec<(&str, u32)> = self.words.iter().map(|(w, n)| (w.as_str(), *n)).collect();
        bases.sort_unstable();
        let index: HashMap<&str, usize> = bases.iter().enumerate().map(|(i, (w, _))| (*w, i)).collect();
        let all: Vec<Vec<String>> = bases.iter().map(|(w, _)| variants(w)).collect();
        // Words of the vocabulary that are variants of each other ("metastasis", "metastases") are one class.
        let mut groups = Groups::new(bases.len());
        for (i, list) in all.iter().enumerate() {
            list.iter().filter_map(|v| index.get(v.as_str())).for_each(|j| groups.join(i, *j));
        }
        let mut classes: HashMap<usize, u32> = HashMap::new();
        let mut keys: HashMap<String, u32> = HashMap::new();
        let mut of_word = vec![0; bases.len()];
        for (i, (base, number)) in bases.iter().enumerate() {
            let next = classes.len() as u32 + 1;
            let class = *classes.entry(groups.root(i)).or_insert(next);
            keys.insert((*base).to_owned(), class);
            of_word[*number as usize] = class;
        }
        for (i, list) in all.iter().enumerate() {
            let class = classes[&groups.root(i)];
            for variant in list {
                keys.entry(variant.clone()).or_insert(class);
            }
        }
        let mut families: Vec<u32> = Vec::new();
        if !self.loose.is_empty() {
            families = number_families(&mut keys, classes.len() as u32 + 1);
        }
        Words { keys, of_word, families }
    }

    /// The compiled bytes. The same files in the same order give the same bytes.
    pub fn compile(mut self) -> Vec<u8> {
        let words = self.number_words();
        self.words = HashMap::new();
        let mut trie = Trie::default();
        let mut bags: HashMap<u64, u32> = HashMap::new();
        let mut loose = std::mem::take(&mut self.loose).into_iter().peekable();
        let (mut start, mut classes) = (0, Vec::new());
        let mut by_family: Vec<(u64, u32)> = Vec::new();
        for (end, form) in std::mem::take(&mut self.sequences) {
            classes.clear();
            classes.extend(self.sequence_words[start..end as usize].iter().map(|w| words.of_word[*w as usize]));
            start = end as usize;
            trie.add(&classes, form);
            while loose.next_if(|l| *l < form).is_some() {}
            if loose.peek() == Some(&form) {
                let stop = |class: &u32| words.is_function(*class);
                let mut content: Vec<u32> = classes.iter().copied().filter(|c| !stop(c)).collect();
                if content.is_empty() || content.len() > bag::LONGEST {
                    continue;
                }
                content.sort_unstable();
                if content.len() > 1 {
                    let node = *bags.entry(bag::key(&content, false)).or_insert_with(|| trie.node());
                    trie.end(node, form);
                }
                content.iter_mut().for_each(|c| *c = words.families[*c as usize]);
                content.sort_unstable();
                by_family.push((bag::key(&content, true), form));
            }
        }
        self.sequence_words = Vec::new();
        // A family key that two concepts share says nothing certain; the concept that came first keeps it.
        let mut taken: HashMap<u64, u32> = HashMap::new();
        for sequence in self.blocked.iter().flat_map(|words| sequences(words)) {
            let classes: Option<Vec<u32>> = sequence.iter().map(|w| words.keys.get(w).copied()).collect();
            let mut content = classes.unwrap_or_default();
            content.retain(|c| !words.is_function(*c));
            content.iter_mut().for_each(|c| *c = words.families.get(*c as usize).copied().unwrap_or_default());
            content.sort_unstable();
            if !content.is_empty() {
                taken.insert(bag::key(&content, true), u32::MAX);
            }
        }
        for (key, form) in by_family {
            let concept = self.forms[form as usize][0];
            if *taken.entry(key).or_insert(concept) == concept {
                let node = *bags.entry(key).or_insert_with(|| trie.node());
                trie.end(node, form);
            }
        }
        self.layout(words, trie, bags)
    }

    fn layout(mut self, words: Words, trie: Trie, bags: HashMap<u64, u32>) -> Vec<u8> {
        let mut keys: Vec<(String, u32)> = words.keys.into_iter().collect();
        keys.sort_unstable();
        let classes = keys.iter().map(|(_, class)| class + 1).max().unwrap_or(1);

        let slots = (keys.len() * 3 / 2).next_power_of_two();
        let mut table = vec![0u32; slots * 4];
        for (word, class) in &keys {
            let hash = hash(word.as_bytes());
            let (offset, length) = self.intern(word);
            let mut slot = hash as usize & (slots - 1);
            while table[slot * 4 + 2] != 0 {
                slot = (slot + 1) & (slots - 1);
            }
            table[slot * 4..slot * 4 + 4].copy_from_slice(&[hash, offset, length, *class]);
        }
        drop(keys);

        let mut roots = vec![0u32; classes as usize];
        let mut edges: Vec<(u32, u32, u32)> = Vec::with_capacity(trie.edges.len());
        for ((node, class), child) in &trie.edges {
            if *node == 0 {
                roots[*class as usize] = *child;
            } else {
                edges.push((*node, *class, *child));
            }
        }
        edges.sort_unstable();
        let edge_slots = (edges.len() * 3 / 2).next_power_of_two();
        let mut edge_table = vec![0u32; edge_slots * 3];
        for (node, class, child) in edges {
            let mut slot = edge_hash(node, class) as usize & (edge_slots - 1);
            while edge_table[slot * 3 + 2] != 0 {
                slot = (slot + 1) & (edge_slots - 1);
            }
            edge_table[slot * 3..slot * 3 + 3].copy_from_slice(&[node, class, child]);
        }

        let (nodes, postings) = trie.postings();
        let bag_table = bag::table(bags);
        let kinds = std::mem::take(&mut self.kinds);
        let (releases, meta) = (std::mem::take(&mut self.releases), std::mem::take(&mut self.meta));
        let (releases, meta) = (self.pairs(&releases), self.pairs(&meta));
        let kinds: Vec<u32> = kinds
            .iter()
            .flat_map(|k| {
                let (offset, length) = self.intern(k);
                [offset, length]
            })
            .collect();

        let sections: [&[u32]; SECTIONS - 1] = [
            &table,
            &roots,
            &edge_table,
            &nodes,
            &postings,
            self.forms.as_flattened(),
            self.concepts.as_flattened(),
            &kinds,
            &releases,
            &words.families,
            &bag_table,
            &meta,
        ];
        let header = 4 + SECTIONS * 2;
        let mut table = Vec::with_capacity(SECTIONS * 2);
        let mut at = header as u32 * 4;
        for section in sections {
            table.extend([at, section.len() as u32]);
            at += section.len() as u32 * 4;
        }
        table.extend([at, self.pool.len() as u32]);
        debug_assert_eq!(table[Section::Pool as usize * 2], at);
        let mut out: Vec<u8> = Vec::with_capacity(16 + at as usize + self.pool.len());
        out.extend([0; 16]);
        for n in table.iter().chain(sections.iter().copied().flatten()) {
            out.extend(n.to_le_bytes());
        }
        out.extend(&self.pool);
        let sum = checksum(&out[16..]);
        for (place, n) in out.chunks_mut(4).zip([MAGIC, VERSION, sum as u32, (sum >> 32) as u32]) {
            place.copy_from_slice(&n.to_le_bytes());
        }
        out
    }
}

/// Words of the text side: every spelling to its class, every word of the vocabulary to its class, every class to its
/// family.
struct Words {
    keys: HashMap<String, u32>,
    of_word: Vec<u32>,
    families: Vec<u32>,
}

impl Words {
    fn is_function(&self, class: u32) -> bool {
        self.families.get(class as usize) == Some(&0)
    }
}

/// Families of classes; 0 is that of words without content. Adds related words of the vocabulary's words as classes of
/// their own.
fn number_families(keys: &mut HashMap<String, u32>, first_free: u32) -> Vec<u32> {
    let mut known: Vec<(String, u32)> = keys.iter().map(|(w, c)| (w.clone(), *c)).collect();
    known.sort_unstable();
    let mut added: HashMap<String, u32> = HashMap::new();
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    let mut free = first_free;
    for (word, class) in &known {
        for other in crate::family::relatives(word) {
            let other = match keys.get(&other) {
                Some(known) => *known,
                None => *added.entry(other).or_insert_with(|| {
                    free += 1;
                    free - 1
                }),
            };
            pairs.push((*class, other));
        }
    }
    for family in crate::family::families() {
        let members: Vec<Option<u32>> =
            family.iter().map(|w| keys.get(*w).or_else(|| added.get(*w)).copied()).collect();
        if members.iter().all(Option::is_none) {
            continue;
        }
        let members: Vec<u32> = family
            .iter()
            .zip(members)
            .map(|(word, class)| {
                class.unwrap_or_else(|| {
                    added.insert((*word).to_owned(), free);
                    free += 1;
                    free - 1
                })
            })
            .collect();
        pairs.extend(members.windows(2).map(|pair| (pair[0], pair[1])));
    }
    let mut spellings: Vec<(String, u32)> = added.into_iter().collect();
    spellings.sort_unstable();
    for (word, class) in spellings {
        for variant in variants(&word) {
            keys.entry(variant).or_insert(class);
        }
    }
    // Function words are content nowhere, so that they need a class even where no form has them.
    for word in bag::FUNCTION_WORDS {
        keys.entry((*word).to_owned()).or_insert_with(|| {
            free += 1;
            free - 1
        });
    }
    let mut groups = Groups::new(free as usize);
    pairs.iter().for_each(|(a, b)| groups.join(*a as usize, *b as usize));
    let mut families: Vec<u32> = (0..free as usize).map(|class| groups.root(class) as u32).collect();
    for word in bag::FUNCTION_WORDS {
        families[keys[*word] as usize] = 0;
    }
    families
}

/// Sets that are joined.
struct Groups(Vec<usize>);

impl Groups {
    fn new(size: usize) -> Self {
        Self((0..size).collect())
    }

    fn root(&mut self, mut i: usize) -> usize {
        while self.0[i] != i {
            self.0[i] = self.0[self.0[i]];
            i = self.0[i];
        }
        i
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}

/// A trie over classes of words.
#[derive(Default)]
struct Trie {
    nodes: u32,
    edges: HashMap<(u32, u32), u32>,
    /// Nodes and the forms that end there.
    ends: Vec<(u32, u32)>,
}

impl Trie {
    fn node(&mut self) -> u32 {
        self.nodes += 1;
        self.nodes
    }

    fn add(&mut self, classes: &[u32], form: u32) {
        let mut node = 0;
        for class in classes {
            let next = self.nodes + 1;
            node = *self.edges.entry((node, *class)).or_insert(next);
            self.nodes = self.nodes.max(node);
        }
        if node > 0 {
            self.end(node, form);
        }
    }

    fn end(&mut self, node: u32, form: u32) {
        self.ends.push((node, form));
    }

    /// First posting by node, and the postings: forms by node in the order in which they were added.
    fn postings(mut self) -> (Vec<u32>, Vec<u32>) {
        self.ends.sort_unstable();
        self.ends.dedup();
        let mut nodes = Vec::with_capacity(self.nodes as usize + 2);
        for (i, (node, _)) in self.ends.iter().enumerate() {
            while nodes.len() <= *node as usize {
                nodes.push(i as u32);
            }
        }
        nodes.resize(self.nodes as usize + 2, self.ends.len() as u32);
        (nodes, self.ends.into_iter().map(|(_, form)| form).collect())
    }
}

pub(crate) fn edge_hash(node: u32, class: u32) -> u32 {
    let bits = (u64::from(node) << 32 | u64::from(class)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (bits >> 32) as u32
}

/// Articles within a form are not needed: "cancer of the lung" is "cancer of lung".
fn is_article(word: &str) -> bool {
    matches!(word, "the" | "a" | "an")
}

/// The word sequences of a form: as written, with letters and digits joined, and with them split.
fn sequences(form: &str) -> Vec<Vec<String>> {
    let tokens = tokenize(form);
    // Pieces with the sign that joins each to the one before it.
    let mut pieces: Vec<(String, bool)> = Vec::new();
    let mut folded = String::new();
    let mut joined = false;
    for (i, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Word | TokenKind::Number => {
                fold_word(token.text(form), &mut folded);
                if !(is_article(&folded) && tokens.len() > 1 && folded.len() > 1) {
                    pieces.push((folded.clone(), joined && !token.spaced));
                }
                joined = false;
            }
            TokenKind::Sign('+') if between_numbers(&tokens, i) => pieces.push(("+".to_owned(), false)),
            TokenKind::Possessive => {}
            TokenKind::Sign(_) => joined = token.is_hyphen() && !token.spaced,
        }
    }
    let plain: Vec<String> = pieces.iter().map(|(word, _)| word.clone()).collect();
    if plain.is_empty() {
        return Vec::new();
    }
    let mut out = vec![plain];
    let mut add = |sequence: Vec<String>| {
        if !out.contains(&sequence) {
            out.push(sequence);
        }
    };
    // TTF-1 as TTF1, E-cadherin as Ecadherin is not written; non-small as nonsmall is.
    let mut merged: Vec<String> = Vec::new();
    for (word, hyphen) in &pieces {
        let glue = merged.last().is_some_and(|last: &String| {
            let digits = word.starts_with(|c: char| c.is_ascii_digit()) || last.ends_with(|c: char| c.is_ascii_digit());
            let symbol = digits && last.len() <= 5 && word.len() <= 4 && last.starts_with(|c: char| c.is_alphabetic());
            (*hyphen && (symbol || is_prefix(last))) || (symbol && pieces.len() == 2)
        });
        match merged.last_mut() {
            Some(last) if glue => last.push_str(word),
            _ => merged.push(word.clone()),
        }
    }
    add(merged);
    // CD117 as CD 117, p53 as p 53.
    let mut split: Vec<String> = Vec::new();
    for (word, _) in &pieces {
        let mut rest = word.as_str();
        if word.len() <= 8 && word.starts_with(|c: char| c.is_ascii_alphabetic()) {
            while let Some(at) =
                rest.bytes().zip(rest.bytes().skip(1)).position(|(a, b)| a.is_ascii_digit() != b.is_ascii_digit())
            {
                split.push(rest[..=at].to_owned());
                rest = &rest[at + 1..];
            }
        }
        split.push(rest.to_owned());
    }
    add(split);
    out
}

fn is_prefix(word: &str) -> bool {
    matches!(
        word,
        "non"
            | "anti"
            | "pre"
            | "post"
            | "micro"
            | "macro"
            | "multi"
            | "hyper"
            | "hypo"
            | "intra"
            | "extra"
            | "sub"
            | "pan"
    )
}

fn between_numbers(tokens: &[Token], i: usize) -> bool {
    i > 0 && tokens[i - 1].is_number() && tokens.get(i + 1).is_some_and(Token::is_number)
}

#[cfg(test)]
mod tests {
    use super::sequences;

    fn of(form: &str) -> Vec<String> {
        sequences(form).iter().map(|s| s.join(" ")).collect()
    }

    #[test]
    fn letters_and_digits_join_and_split() {
        assert_eq!(of("TTF-1"), ["ttf 1", "ttf1"]);
        assert_eq!(of("CD117"), ["cd117", "cd 117"]);
        assert_eq!(of("non-small cell"), ["non small cell", "nonsmall cell"]);
        assert_eq!(of("cancer of the lung"), ["cancer of lung"]);
        assert_eq!(of("7+3"), ["7 + 3"]);
        assert_eq!(of("Hodgkin's lymphoma"), ["hodgkin lymphoma"]);
    }
}
