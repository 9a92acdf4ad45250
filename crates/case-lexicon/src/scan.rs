//! Words of a text to hits in a vocabulary.

use case_text::token::{Token, TokenKind};

use crate::bag;
use crate::file::Lexicon;

/// The longest match that starts at a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Index of its first token.
    pub first: u32,
    /// Index of its last token.
    pub last: u32,
    /// Node of the trie where it ends: [`Lexicon::forms`].
    pub node: u32,
    /// True if it starts within a longer match that starts before it.
    pub nested: bool,
}

/// Matches texts against a vocabulary; keeps its buffers between texts.
#[derive(Debug, Default)]
pub struct Scanner {
    classes: Vec<u32>,
    buffer: String,
    bag: Vec<u32>,
    families: Vec<u32>,
    loose: Vec<Hit>,
    /// Not the longest match at each word alone, but every match.
    pub(crate) every: bool,
}

/// Class of tokens that may stand between the words of a form and are never one.
const SKIP: u32 = u32::MAX;

/// Mark on the class of tokens that may stand between the words of a form or be one: the article in "fell into a coma",
/// the letter in "vitamin A", the sign in "CD4+ T cells".
const MAY_SKIP: u32 = 1 << 31;

impl Scanner {
    /// A scanner.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends the longest match at each word of `text`, in order. Runs in time linear in the number of tokens. Forms
    /// that may match in any order are found where nothing longer starts with the same word.
    pub fn scan(&mut self, lexicon: &Lexicon<'_>, text: &str, tokens: &[Token], hits: &mut Vec<Hit>) {
        let plus = lexicon.class("+", &mut self.buffer);
        self.classes.clear();
        self.classes.extend(tokens.iter().enumerate().map(|(i, token)| match token.kind {
            TokenKind::Word => {
                let word = token.text(text);
                match word {
                    "the" | "The" | "THE" | "an" | "An" | "AN" => SKIP,
                    "a" | "A" => lexicon.class("a", &mut self.buffer) | MAY_SKIP,
                    _ => lexicon.class(word, &mut self.buffer),
                }
            }
            TokenKind::Number => lexicon.class(token.text(text), &mut self.buffer),
            TokenKind::Possessive => SKIP,
            TokenKind::Sign('/' | '\'' | '\u{2019}') => SKIP,
            TokenKind::Sign('+') => plus | MAY_SKIP,
            // "E. coli"
            TokenKind::Sign('.') if i > 0 && is_initial(tokens[i - 1].text(text)) => SKIP,
            TokenKind::Sign(_) if token.is_hyphen() => SKIP,
            TokenKind::Sign(_) => 0,
        }));
        let before = hits.len();
        let mut covered = 0;
        for (first, class) in self.classes.iter().enumerate() {
            if *class == 0 || *class == SKIP {
                continue;
            }
            let mut node = lexicon.child(0, *class & !MAY_SKIP);
            if node == 0 {
                continue;
            }
            let mut best = lexicon.ends(node).then_some((first, node));
            let mut at = first + 1;
            let mut skipped = 0;
            while let Some(class) = self.classes.get(at) {
                match *class {
                    0 => break,
                    SKIP if skipped < 2 => skipped += 1,
                    SKIP => break,
                    class => {
                        let child = match class & !MAY_SKIP {
                            0 => 0,
                            class => lexicon.child(node, class),
                        };
                        if child == 0 && class & MAY_SKIP != 0 && skipped < 2 {
                            skipped += 1;
                            at += 1;
                            continue;
                        }
                        node = child;
                        if node == 0 {
                            break;
                        }
                        skipped = 0;
                        if lexicon.ends(node) {
                            if let Some((last, node)) = best.filter(|_| self.every) {
                                hits.push(Hit { first: first as u32, last: last as u32, node, nested: true });
                            }
                            best = Some((at, node));
                        }
                    }
                }
                at += 1;
            }
            if let Some((last, node)) = best {
                let nested = first < covered;
                hits.push(Hit { first: first as u32, last: last as u32, node, nested });
                covered = covered.max(last + 1);
            }
        }
        if lexicon.is_loose() {
            self.scan_loose(lexicon, text, tokens);
            merge(&self.loose, before, self.every, hits);
        }
    }

    /// Gathers the longest run of words at each word that is a form in another order or in related words.
    fn scan_loose(&mut self, lexicon: &Lexicon<'_>, text: &str, tokens: &[Token]) {
        self.loose.clear();
        for first in 0..self.classes.len() {
            let start = self.content(lexicon, first);
            if start == 0 {
                continue;
            }
            self.bag.clear();
            self.families.clear();
            let mut best: Option<Hit> = None;
            let mut passed = 0;
            for (at, token) in tokens.iter().enumerate().skip(first) {
                let class = self.content(lexicon, at);
                if class == 0 {
                    let skips = self.classes[at] == SKIP
                        || self.classes[at] & MAY_SKIP != 0
                        || self.classes[at] != 0 && lexicon.family(self.classes[at] & !MAY_SKIP) == 0;
                    passed += 1;
                    if skips && passed <= 3 && at > first && !matches!(token.kind, TokenKind::Sign('.' | '+')) {
                        continue;
                    }
                    break;
                }
                passed = 0;
                if self.bag.len() == bag::LONGEST {
                    break;
                }
                insert(&mut self.bag, class);
                insert(&mut self.families, lexicon.family(class));
                if self.bag.len() > 1 && is_adjective(token.text(text)) {
                    continue;
                }
                let node = match self.bag.len() {
                    1 => 0,
                    _ => lexicon.bag(bag::key(&self.bag, false)),
                };
                let node = if node == 0 { lexicon.bag(bag::key(&self.families, true)) } else { node };
                if node != 0 {
                    self.loose.extend(best.filter(|_| self.every));
                    best = Some(Hit { first: first as u32, last: at as u32, node, nested: false });
                }
            }
            self.loose.extend(best);
        }
    }

    /// The class of a word with content, or 0.
    fn content(&self, lexicon: &Lexicon<'_>, at: usize) -> u32 {
        match self.classes[at] {
            SKIP => 0,
            class if class & MAY_SKIP != 0 => 0,
            class if lexicon.family(class) == 0 => 0,
            class => class,
        }
    }
}

/// "abnormal clavicular" and "carcinoma cervical" go on: a form in another order does not end with an adjective.
fn is_adjective(word: &str) -> bool {
    word.len() > 4 && ["al", "ar", "ic", "ous"].iter().any(|ending| word.ends_with(ending))
}

fn insert(sorted: &mut Vec<u32>, value: u32) {
    let at = sorted.partition_point(|v| *v <= value);
    sorted.insert(at, value);
}

/// Puts the loose hits among those behind `from`: the longer of two that start together stays, the exact one of two that are
/// equally long.
fn merge(loose: &[Hit], from: usize, every: bool, hits: &mut Vec<Hit>) {
    hits.extend_from_slice(loose);
    hits[from..].sort_by_key(|h| (h.first, std::cmp::Reverse(h.last)));
    let mut kept = from;
    let mut covered = 0;
    for i in from..hits.len() {
        let mut hit = hits[i];
        let known = hits[..kept].last().filter(|k| kept > from && k.first == hit.first);
        if known.is_some_and(|k| !every || k.last == hit.last) {
            continue;
        }
        hit.nested = hit.first < covered;
        covered = covered.max(hit.last + 1);
        hits[kept] = hit;
        kept += 1;
    }
    hits.truncate(kept);
}

/// A capital letter alone, or with one small letter: `E`, `St`.
fn is_initial(word: &str) -> bool {
    word.len() <= 2 && word.starts_with(|c: char| c.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Compiler, parse};
    use case_text::token::tokenize;

    fn compiled(rows: &str) -> Vec<u8> {
        let mut compiler = Compiler::new();
        compiler.add(&parse("test", rows).unwrap()).unwrap();
        compiler.compile()
    }

    fn found(rows: &str, text: &str) -> Vec<String> {
        let bytes = compiled(rows);
        let lexicon = Lexicon::new(&bytes).unwrap();
        lexicon.verify().unwrap();
        let tokens = tokenize(text);
        let mut hits = Vec::new();
        Scanner::new().scan(&lexicon, text, &tokens, &mut hits);
        hits.iter()
            .map(|h| {
                let span = tokens[h.first as usize].span.hull(tokens[h.last as usize].span);
                let labels: Vec<&str> = lexicon.forms(h.node).map(|f| lexicon.concept(f.concept).label).collect();
                format!("{}{}={}", if h.nested { "~" } else { "" }, span.of(text).unwrap(), labels.join("/"))
            })
            .collect()
    }

    #[test]
    fn longest_match_over_variants() {
        let rows = "tumour\t\tlung cancer\tcancer of the lung\t\t\nsite\t\tlung\t\t\t\nfinding\t\tanaemia\t\t\t\nmarker\t\tTTF-1\t\t\t";
        assert_eq!(
            found(rows, "Lung cancers, cancer of lung; anemias"),
            ["Lung cancers=lung cancer", "cancer of lung=lung cancer", "~lung=lung", "anemias=anaemia"]
        );
        assert_eq!(found(rows, "TTF1 and TTF-1 and TTF 1"), ["TTF1=TTF-1", "TTF-1=TTF-1", "TTF 1=TTF-1"]);
        assert_eq!(found(rows, "lung, cancer"), ["lung=lung"]);
    }

    #[test]
    fn articles_letters_and_signs() {
        let rows = "a\t\tvitamin A\tE. coli|CD4+ T cell|fell into a coma\t\t";
        for text in ["vitamin A", "E. coli", "CD4+ T cells", "CD4 T cells", "fell into a coma"] {
            assert_eq!(found(rows, text).len(), 1, "{text}");
        }
        assert!(found(rows, "vitamin and").is_empty());
    }

    #[test]
    fn damaged_bytes_are_refused_or_harmless() {
        let good = compiled("finding\t\tfever\tpyrexia|high temperature\t\t");
        assert!(Lexicon::new(b"").is_err());
        assert!(Lexicon::new(&good[..good.len() - 1]).is_err());
        assert!(matches!(Lexicon::new(b"CMLX\x09\0\0\0"), Err(crate::FormatError::Version(9))));
        for i in 16..good.len() {
            let mut bad = good.clone();
            bad[i] ^= 0x55;
            let Ok(lexicon) = Lexicon::new(&bad) else { continue };
            assert_eq!(lexicon.verify(), Err(crate::FormatError::Checksum), "byte {i}");
            let text = "a fever and high temperature";
            let mut hits = Vec::new();
            Scanner::new().scan(&lexicon, text, &tokenize(text), &mut hits);
            for hit in hits {
                lexicon.forms(hit.node).take(10).for_each(|f| {
                    std::hint::black_box(lexicon.concept(f.concept));
                });
            }
        }
    }

    #[test]
    fn the_same_rows_give_the_same_bytes() {
        let rows = "a\t\tone\ttwo|three four\t\t\nb\t\tfive\t\t\t";
        assert_eq!(compiled(rows), compiled(rows));
    }
}
