//! All vocabularies over one text: the longest match at each word, whichever vocabulary it comes from.

use case_model::Document;
use case_text::token::{Token, tokenize_into};

use crate::file::Lexicon;
use crate::rows::Case;
use crate::scan::{Hit, Scanner};

/// A concept found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Index of its first token.
    pub first: u32,
    /// Index of its last token.
    pub last: u32,
    /// Number of the vocabulary.
    pub vocabulary: u32,
    /// Number of the concept within it.
    pub concept: u32,
    /// True if it starts within a longer match.
    pub nested: bool,
    /// True if the form is one that counts only where the document defines it or the words around it ask for its kind.
    pub ambiguous: bool,
}

/// Matches texts against several vocabularies; keeps its buffers between texts.
#[derive(Debug, Default)]
pub struct Annotator {
    scanner: Scanner,
    hits: Vec<Hit>,
}

impl Annotator {
    /// An annotator that finds matches within longer matches, too, also those that start at the same word.
    pub fn nested() -> Self {
        let mut scanner = Scanner::new();
        scanner.every = true;
        Self { scanner, hits: Vec::new() }
    }

    /// Appends what is found, in order: at each word the longest match over all vocabularies; of matches that are equally
    /// long one concept of each vocabulary.
    pub fn find(&mut self, lexicons: &[Lexicon<'_>], text: &str, tokens: &[Token], out: &mut Vec<Found>) {
        let from = out.len();
        for (vocabulary, lexicon) in lexicons.iter().enumerate() {
            self.hits.clear();
            self.scanner.scan(lexicon, text, tokens, &mut self.hits);
            for hit in &self.hits {
                let fits = |exact: &str| is_exactly(exact, text, &tokens[hit.first as usize..=hit.last as usize]);
                let form = lexicon
                    .forms(hit.node)
                    .filter(|f| f.case == Case::Folded || fits(f.exact))
                    .min_by_key(|f| f.case == Case::Ambiguous);
                out.extend(form.map(|form| Found {
                    first: hit.first,
                    last: hit.last,
                    vocabulary: vocabulary as u32,
                    concept: form.concept,
                    nested: false,
                    ambiguous: form.case == Case::Ambiguous,
                }));
            }
        }
        out[from..].sort_by_key(|f| (f.first, std::cmp::Reverse(f.last), f.vocabulary));
        let mut kept = from;
        // The longest match that is no mere symbol at this word; and where the longest so far ends.
        let (mut first, mut last, mut covered) = (u32::MAX, 0, 0);
        for i in from..out.len() {
            let mut found = out[i];
            if found.first == first && found.last < last && !self.scanner.every {
                continue;
            }
            if !found.ambiguous && found.first != first {
                (first, last) = (found.first, found.last);
            }
            found.nested = found.last < covered;
            if !found.ambiguous {
                covered = covered.max(found.last + 1);
            }
            out[kept] = found;
            kept += 1;
        }
        out.truncate(kept);
    }

    /// What is found in a document, short forms that it defines included, symbols that it does not define left out.
    pub fn document(&mut self, lexicons: &[Lexicon<'_>], document: &Document) -> (Vec<Token>, Vec<Found>) {
        let text = document.text.as_str();
        let mut tokens = Vec::with_capacity(text.len() / 5 + 8);
        for span in &document.sentences {
            tokenize_into(text, *span, &mut tokens);
        }
        let mut found = Vec::new();
        self.find(lexicons, text, &tokens, &mut found);
        let mut short: Vec<Short<'_>> = Vec::new();
        for abbreviation in &document.abbreviations {
            let long = abbreviation.long_span;
            let concepts: Vec<(u32, u32)> = found
                .iter()
                .filter(|f| !f.ambiguous)
                .filter(|f| {
                    let (from, to) = (tokens[f.first as usize].span.start, tokens[f.last as usize].span.end);
                    to == long.end && from >= long.start && (to - from) as usize * 3 >= long.len() * 2
                })
                .map(|f| (f.vocabulary, f.concept))
                .collect();
            let words: Vec<&str> =
                case_text::token::tokenize(&abbreviation.short).iter().map(|t| t.text(&abbreviation.short)).collect();
            short.push((words, concepts));
        }
        found.retain(|f| !f.ambiguous);
        for at in 0..tokens.len() {
            for (words, concepts) in &short {
                let same = |i: usize| {
                    tokens.get(at + i).is_some_and(|t| {
                        let word = t.text(text);
                        word == words[i] || i + 1 == words.len() && word.strip_suffix('s') == Some(words[i])
                    })
                };
                if words.is_empty() || !(0..words.len()).all(same) {
                    continue;
                }
                let (first, last) = (at as u32, (at + words.len() - 1) as u32);
                if found.iter().any(|f| f.first <= first && last <= f.last && (f.first < first || last < f.last)) {
                    continue;
                }
                found.retain(|f| (f.first, f.last) != (first, last));
                found.extend(concepts.iter().map(|(vocabulary, concept)| Found {
                    first,
                    last,
                    vocabulary: *vocabulary,
                    concept: *concept,
                    nested: false,
                    ambiguous: false,
                }));
            }
        }
        found.sort_by_key(|f| (f.first, std::cmp::Reverse(f.last), f.vocabulary));
        (tokens, found)
    }
}

/// Words of a short form, and what it stands for: vocabulary and concept.
type Short<'d> = (Vec<&'d str>, Vec<(u32, u32)>);

/// True if the letters and digits of the tokens are `exact`, a plural `s` apart.
pub fn is_exactly(exact: &str, text: &str, tokens: &[Token]) -> bool {
    let mut rest = exact;
    for token in tokens {
        if !(token.is_word() || token.is_number()) {
            continue;
        }
        let word = token.text(text);
        match rest.strip_prefix(word) {
            Some(left) => rest = left,
            None => return !rest.is_empty() && word.strip_suffix('s') == Some(rest),
        }
    }
    rest.is_empty()
}
