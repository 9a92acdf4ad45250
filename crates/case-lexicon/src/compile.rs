//! Rows to bytes.

use std::collections::HashMap;

use case_text::token::{Token, TokenKind, tokenize};

use crate::file::{MAGIC, SECTIONS, Section, VERSION, checksum};
use crate::fold::{fold_word, hash};
use crate::rows::{Case, LexiconFile, Row, RowError};
use crate::variants::variants;

/// Builds a compiled vocabulary from lexicon files.
#[derive(Debug, Default)]
pub struct Compiler {
    /// Folded word to class; a class is a word with its variants.
    words: HashMap<String, u32>,
    nodes: u32,
    edges: HashMap<(u32, u32), u32>,
    /// Forms that end at a node.
    ends: HashMap<u32, Vec<u32>>,
    forms: Vec<[u32; 4]>,
    concepts: Vec<[u32; CONCEPT]>,
    kinds: Vec<String>,
    releases: Vec<(String, String)>,
    pool: Vec<u8>,
    interned: HashMap<String, (u32, u32)>,
    sequences: Vec<(Vec<String>, u32)>,
}

/// Fields of a concept: kind, then offset and length of code, label, xrefs, attrs.
pub(crate) const CONCEPT: usize = 9;

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
            self.add_row(row);
        }
        Ok(())
    }

    fn add_row(&mut self, row: &Row) {
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
        let concept = self.concepts.len() as u32;
        self.concepts.push([kind as u32, code.0, code.1, label.0, label.1, xrefs.0, xrefs.1, attrs.0, attrs.1]);
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
                self.sequences.push((sequence, form));
            }
        }
    }

    fn intern(&mut self, text: &str) -> (u32, u32) {
        if let Some(place) = self.interned.get(text) {
            return *place;
        }
        let place = (self.pool.len() as u32, text.len() as u32);
        self.pool.extend_from_slice(text.as_bytes());
        self.interned.insert(text.to_owned(), place);
        place
    }

    /// Gives every word its class: plurals and spelling variants of a word share one.
    fn number_words(&mut self) {
        let mut bases: Vec<&str> = self.sequences.iter().flat_map(|(words, _)| words).map(String::as_str).collect();
        bases.sort_unstable();
        bases.dedup();
        let index: HashMap<&str, usize> = bases.iter().enumerate().map(|(i, w)| (*w, i)).collect();
        let all: Vec<Vec<String>> = bases.iter().map(|w| variants(w)).collect();
        // Words of the vocabulary that are variants of each other ("metastasis", "metastases") are one class.
        let mut parent: Vec<usize> = (0..bases.len()).collect();
        fn root(parent: &mut [usize], mut i: usize) -> usize {
            while parent[i] != i {
                parent[i] = parent[parent[i]];
                i = parent[i];
            }
            i
        }
        for (i, list) in all.iter().enumerate() {
            for j in list.iter().filter_map(|v| index.get(v.as_str())) {
                let (a, b) = (root(&mut parent, i), root(&mut parent, *j));
                parent[a.max(b)] = a.min(b);
            }
        }
        let mut classes: HashMap<usize, u32> = HashMap::new();
        let mut words: HashMap<String, u32> = HashMap::new();
        for (i, base) in bases.iter().enumerate() {
            let next = classes.len() as u32 + 1;
            let class = *classes.entry(root(&mut parent, i)).or_insert(next);
            words.insert((*base).to_owned(), class);
        }
        for (i, list) in all.iter().enumerate() {
            let class = classes[&root(&mut parent, i)];
            for variant in list {
                words.entry(variant.clone()).or_insert(class);
            }
        }
        self.words = words;
    }

    /// The compiled bytes. The same files in the same order give the same bytes.
    pub fn compile(mut self) -> Vec<u8> {
        self.number_words();
        for (sequence, form) in std::mem::take(&mut self.sequences) {
            let mut node = 0;
            for word in &sequence {
                let class = self.words[word];
                let next = self.nodes + 1;
                node = *self.edges.entry((node, class)).or_insert(next);
                self.nodes = self.nodes.max(node);
            }
            let ends = self.ends.entry(node).or_default();
            if node > 0 && !ends.contains(&form) {
                ends.push(form);
            }
        }
        self.layout()
    }

    fn layout(mut self) -> Vec<u8> {
        let mut keys: Vec<(String, u32)> = std::mem::take(&mut self.words).into_iter().collect();
        keys.sort_unstable();
        let classes = keys.iter().map(|(_, class)| class + 1).max().unwrap_or(1);

        let slots = (keys.len() * 2).next_power_of_two();
        let mut words = vec![0u32; slots * 4];
        for (word, class) in &keys {
            let hash = hash(word.as_bytes());
            let (offset, length) = self.intern(word);
            let mut slot = hash as usize & (slots - 1);
            while words[slot * 4 + 2] != 0 {
                slot = (slot + 1) & (slots - 1);
            }
            words[slot * 4..slot * 4 + 4].copy_from_slice(&[hash, offset, length, *class]);
        }

        let mut roots = vec![0u32; classes as usize];
        let mut edges: Vec<(u32, u32, u32)> = Vec::with_capacity(self.edges.len());
        for ((node, class), child) in &self.edges {
            if *node == 0 {
                roots[*class as usize] = *child;
            } else {
                edges.push((*node, *class, *child));
            }
        }
        edges.sort_unstable();
        let edge_slots = (edges.len() * 2).next_power_of_two();
        let mut edge_table = vec![0u32; edge_slots * 3];
        for (node, class, child) in edges {
            let mut slot = edge_hash(node, class) as usize & (edge_slots - 1);
            while edge_table[slot * 3 + 2] != 0 {
                slot = (slot + 1) & (edge_slots - 1);
            }
            edge_table[slot * 3..slot * 3 + 3].copy_from_slice(&[node, class, child]);
        }

        let mut nodes = Vec::with_capacity(self.nodes as usize + 2);
        let mut postings = Vec::new();
        for node in 0..=self.nodes {
            nodes.push(postings.len() as u32);
            postings.extend(self.ends.get(&node).into_iter().flatten());
        }
        nodes.push(postings.len() as u32);

        let kinds: Vec<u32> = std::mem::take(&mut self.kinds)
            .iter()
            .flat_map(|k| {
                let (offset, length) = self.intern(k);
                [offset, length]
            })
            .collect();
        let releases: Vec<u32> = std::mem::take(&mut self.releases)
            .iter()
            .flat_map(|(prefix, release)| {
                let (a, b) = (self.intern(prefix), self.intern(release));
                [a.0, a.1, b.0, b.1]
            })
            .collect();

        let sections: [&[u32]; SECTIONS - 1] = [
            &words,
            &roots,
            &edge_table,
            &nodes,
            &postings,
            self.forms.as_flattened(),
            self.concepts.as_flattened(),
            &kinds,
            &releases,
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
        let mut body: Vec<u8> = Vec::with_capacity(at as usize + self.pool.len());
        body.extend(table.iter().chain(sections.iter().copied().flatten()).flat_map(|n| n.to_le_bytes()));
        body.extend(&self.pool);
        let sum = checksum(&body);
        let mut out = Vec::with_capacity(body.len() + 16);
        for n in [MAGIC, VERSION, sum as u32, (sum >> 32) as u32] {
            out.extend(n.to_le_bytes());
        }
        out.extend(body);
        out
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
