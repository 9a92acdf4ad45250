//! A document as grammars see it: tokens, mentions of concepts, context, sentences.

use std::collections::HashMap;
use std::ops::Range;

use case_lexicon::{Annotator, Case as LetterCase, Found, Hit, Scanner};
use case_model::{Coding, Document, SectionKind, Span};
use case_text::context::{Context, Cue, CueClass, Reach, paint};
use case_text::token::{Token, tokenize_into};
use case_text::when::{AgeAt, age_at};

use crate::class::{Class, Info, Kind};
use crate::lexicon::Vocabulary;

/// A concept named in the text, as indices of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mention {
    /// First token.
    pub(crate) first: usize,
    /// Last token.
    pub(crate) last: usize,
    /// Number of the concept.
    pub(crate) concept: u32,
    /// What it is.
    pub(crate) info: Info,
    /// True if it starts within a longer mention.
    pub(crate) nested: bool,
    /// True if its form is ambiguous and the document does not define it.
    pub(crate) ambiguous: bool,
    /// True if the grammar makes the finding of the words within it, of a place and what is said of it.
    pub(crate) composed: bool,
}

impl Mention {
    /// True for this kind.
    pub(crate) fn is(&self, kind: Kind) -> bool {
        self.info.kind == kind
    }

    /// True for a word of the grammar of this class.
    pub(crate) fn says(&self, class: Class) -> bool {
        self.info.kind == Kind::Word && self.info.class == class
    }
}

/// A sentence.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sentence {
    /// Its tokens.
    pub(crate) tokens: Range<usize>,
    /// Its mentions.
    pub(crate) mentions: Range<usize>,
    /// Its bytes.
    pub(crate) span: Span,
    /// Section it stands in.
    pub(crate) section: SectionKind,
    /// Number of its paragraph.
    pub(crate) paragraph: usize,
    /// True for a heading.
    pub(crate) heading: bool,
    /// Index of the figure whose caption it belongs to.
    pub(crate) figure: Option<usize>,
    /// True if a citation mark stands in it.
    pub(crate) cites: bool,
    /// True for text in another language than that of the report.
    pub(crate) foreign: bool,
    /// What cues say of all of it.
    pub(crate) context: Context,
}

/// A document read.
#[derive(Debug)]
pub(crate) struct Reading<'d> {
    /// The document.
    pub(crate) document: &'d Document,
    /// Its text.
    pub(crate) text: &'d str,
    /// The vocabulary.
    pub(crate) vocabulary: Vocabulary,
    /// Tokens of all sentences.
    pub(crate) tokens: Vec<Token>,
    /// Context of each token.
    pub(crate) context: Vec<Context>,
    /// Mentions in the order of the text, longer ones first where two start together.
    pub(crate) mentions: Vec<Mention>,
    /// Sentences in the order of the text.
    pub(crate) sentences: Vec<Sentence>,
    /// Ages in the order of the text.
    ages: Vec<AgeAt>,
    /// Concepts of imported vocabularies that the text names with the words of an embedded one.
    pub(crate) same: HashMap<u32, u32>,
}

/// Buffers that live on between documents.
#[derive(Debug, Default)]
pub(crate) struct Buffers {
    scanner: Scanner,
    hits: Vec<Hit>,
    cues: Vec<Cue>,
    annotator: Annotator,
    imported: Vec<Found>,
}

impl<'d> Reading<'d> {
    /// Reads a document.
    pub(crate) fn new(document: &'d Document, vocabulary: Vocabulary, buffers: &mut Buffers) -> Self {
        let text = document.text.as_str();
        let mut reading = Self {
            document,
            text,
            vocabulary,
            tokens: Vec::with_capacity(text.len() / 5 + 8),
            context: Vec::new(),
            mentions: Vec::with_capacity(text.len() / 20 + 8),
            sentences: Vec::with_capacity(document.sentences.len()),
            ages: Vec::new(),
            same: HashMap::new(),
        };
        reading.split();
        reading.ages = (0..reading.tokens.len()).filter_map(|i| age_at(text, &reading.tokens, i)).collect();
        reading.context = vec![Context::none(); reading.tokens.len()];
        reading.find_cues(buffers);
        reading.find_mentions(buffers);
        reading
    }

    /// Sentences with their tokens and places.
    fn split(&mut self) {
        let document = self.document;
        let mut paragraph = 0;
        let mut end = 0;
        let mut citation = 0;
        let mut section = 0;
        for span in &document.sentences {
            let between = Span::new(end, span.start).of(self.text).unwrap_or_default();
            paragraph += usize::from(between.contains("\n\n"));
            end = span.end;
            let first = self.tokens.len();
            tokenize_into(self.text, *span, &mut self.tokens);
            while document.sections.get(section).is_some_and(|s| s.span.end <= span.start) {
                section += 1;
            }
            let home = document.sections.get(section).filter(|s| s.span.start <= span.start);
            while document.citations.get(citation).is_some_and(|c| c.span.end <= span.start) {
                citation += 1;
            }
            let kind = home.map_or(SectionKind::Body, |s| s.kind.clone());
            let figure = (kind == SectionKind::Caption)
                .then(|| document.figures.iter().position(|f| f.span.contains(*span)))
                .flatten();
            self.sentences.push(Sentence {
                tokens: first..self.tokens.len(),
                mentions: 0..0,
                span: *span,
                heading: home.is_some_and(|s| s.heading == Some(*span)),
                section: kind,
                paragraph,
                figure,
                cites: document.citations.get(citation).is_some_and(|c| c.span.start < span.end),
                foreign: home.is_some_and(|s| s.language.is_some()),
                context: Context::none(),
            });
        }
    }

    fn find_cues(&mut self, buffers: &mut Buffers) {
        let lexicon = self.vocabulary.cues;
        buffers.hits.clear();
        buffers.scanner.scan(&lexicon, self.text, &self.tokens, &mut buffers.hits);
        buffers.cues.clear();
        for hit in &buffers.hits {
            let Some(form) = lexicon.forms(hit.node).next() else { continue };
            let concept = lexicon.concept(form.concept);
            let class = concept.attr("class").and_then(CueClass::from_name);
            let reach = Reach::from_name(concept.attr("scope").unwrap_or_default());
            if let (Some(class), Some(reach)) = (class, reach) {
                buffers.cues.push(Cue { first: hit.first as usize, last: hit.last as usize, class, reach });
            }
        }
        let mut next = 0;
        for sentence in &mut self.sentences {
            let from = next + buffers.cues[next..].partition_point(|c| c.first < sentence.tokens.start);
            let to = from + buffers.cues[from..].partition_point(|c| c.first < sentence.tokens.end);
            // A match across the border of two sentences is none.
            let mut cues: Vec<Cue> =
                buffers.cues[from..to].iter().filter(|c| c.last < sentence.tokens.end).copied().collect();
            // What a sentence is about is said of it, not of its words; but "..., which has been reported in T-PLL" ends
            // a sentence about the patient.
            cues.retain_mut(|cue| {
                let CueClass::Marks(mark) = cue.class else { return true };
                if cue.reach != Reach::Sentence {
                    return true;
                }
                let from = cue.first.saturating_sub(6).max(sentence.tokens.start + 6);
                let relative = (from..cue.first).rev().find(|i| self.tokens[*i].text(self.text) == "which");
                if let (Context::LITERATURE, Some(which)) = (mark, relative) {
                    cue.first = which;
                    cue.reach = Reach::Forward;
                    return true;
                }
                sentence.context |= mark;
                false
            });
            paint(self.text, &self.tokens, sentence.tokens.clone(), &cues, &mut self.context);
            next = to;
        }
    }

    fn find_mentions(&mut self, buffers: &mut Buffers) {
        let lexicon = self.vocabulary.words;
        buffers.hits.clear();
        buffers.scanner.scan(&lexicon, self.text, &self.tokens, &mut buffers.hits);
        buffers.imported.clear();
        if !self.vocabulary.imported.is_empty() {
            let lexicons = self.vocabulary.imported;
            buffers.annotator.find(lexicons, self.text, &self.tokens, &mut buffers.imported);
        }
        let defined = self.definitions(&buffers.hits, &buffers.imported);
        let mut hits = buffers.hits.iter().peekable();
        for s in 0..self.sentences.len() {
            let tokens = self.sentences[s].tokens.clone();
            let start = self.mentions.len();
            let mut taken: Vec<Range<usize>> = Vec::new();
            while hits.next_if(|h| (h.first as usize) < tokens.start).is_some() {}
            let mut at = tokens.start;
            while at < tokens.end {
                // What the document itself defines comes before the vocabulary.
                if let Some((last, concepts)) = defined.at(self.text, &self.tokens, at, tokens.end) {
                    let longer = hits.peek().is_some_and(|h| h.first as usize == at && h.last as usize > last);
                    if !longer {
                        for concept in concepts {
                            let info = self.vocabulary.info(*concept);
                            self.mentions.push(Mention {
                                first: at,
                                last,
                                concept: *concept,
                                info,
                                nested: false,
                                ambiguous: false,
                                composed: false,
                            });
                        }
                        let skip = !concepts.is_empty();
                        while let Some(hit) = hits.next_if(|h| h.first as usize <= last) {
                            if !skip {
                                self.add_hit(hit, tokens.end, true);
                            }
                        }
                        taken.push(at..last + 1);
                        at = last + 1;
                        continue;
                    }
                }
                while let Some(hit) = hits.next_if(|h| h.first as usize == at) {
                    self.add_hit(hit, tokens.end, false);
                }
                at += 1;
            }
            self.add_imported(&buffers.imported, tokens, start, &taken);
            self.sentences[s].mentions = start..self.mentions.len();
        }
    }

    /// Adds what a hit can mean. `redefined`: the document uses the form for something that the vocabulary does not have.
    fn add_hit(&mut self, hit: &Hit, end: usize, redefined: bool) {
        let (first, last) = (hit.first as usize, hit.last as usize);
        if last >= end {
            return;
        }
        for form in self.vocabulary.words.forms(hit.node) {
            if form.case != LetterCase::Folded && !self.is_exactly(form.exact, first, last) {
                continue;
            }
            if redefined && form.case != LetterCase::Folded {
                continue;
            }
            let info = self.vocabulary.info(form.concept);
            let ambiguous = form.case == LetterCase::Ambiguous;
            if let Some(known) = self.mentions.last_mut().filter(|m| m.first == first && m.concept == form.concept) {
                known.ambiguous &= ambiguous;
                continue;
            }
            self.mentions.push(Mention {
                first,
                last,
                concept: form.concept,
                info,
                nested: hit.nested,
                ambiguous,
                composed: false,
            });
        }
    }

    /// True if the letters and digits of the tokens are `exact`, a plural `s` apart.
    fn is_exactly(&self, exact: &str, first: usize, last: usize) -> bool {
        let mut rest = exact;
        for token in &self.tokens[first..=last] {
            if !(token.is_word() || token.is_number()) {
                continue;
            }
            let word = token.text(self.text);
            match rest.strip_prefix(word) {
                Some(left) => rest = left,
                None => return !rest.is_empty() && word.strip_suffix('s') == Some(rest),
            }
        }
        rest.is_empty()
    }

    /// What the abbreviations of the document stand for.
    fn definitions(&self, hits: &[Hit], imported: &[Found]) -> Definitions {
        let mut out = Definitions::default();
        for abbreviation in &self.document.abbreviations {
            let span = abbreviation.long_span;
            let from = self.tokens.partition_point(|t| t.span.start < span.start);
            let to = self.tokens.partition_point(|t| t.span.start < span.end);
            // The longest hit that ends where the long form ends.
            let low = hits.partition_point(|h| (h.first as usize) < from);
            let best = hits[low..]
                .iter()
                .take_while(|h| (h.first as usize) < to)
                .find(|h| h.last as usize + 1 == to && (to - h.first as usize) * 3 >= (to - from) * 2);
            let mut concepts: Vec<u32> = best.map_or_else(Vec::new, |hit| {
                self.vocabulary
                    .words
                    .forms(hit.node)
                    .filter(|f| f.case != LetterCase::Ambiguous)
                    .map(|f| f.concept)
                    .collect()
            });
            if concepts.is_empty() {
                concepts = self.imported_long_form(imported, from, to);
            }
            // "vincristine, doxorubicin, and cyclophosphamide (VAC)": the short form names the regimen of these drugs.
            if best.is_none() {
                let is = |hit: &Hit, kind: Kind| {
                    self.vocabulary.words.forms(hit.node).any(|f| self.vocabulary.info(f.concept).kind == kind)
                };
                let drugs =
                    hits[low..].iter().take_while(|h| (h.first as usize) < to).filter(|h| is(h, Kind::Drug)).count();
                let short = self.tokens.partition_point(|t| t.span.start < abbreviation.span.start);
                let own = hits.get(hits.partition_point(|h| (h.first as usize) < short));
                let own = own.filter(|h| h.first as usize == short && drugs > 1 && is(h, Kind::Regimen));
                concepts.extend(own.into_iter().flat_map(|hit| {
                    let forms = self.vocabulary.words.forms(hit.node).map(|f| f.concept);
                    forms.filter(|c| self.vocabulary.info(*c).kind == Kind::Regimen)
                }));
            }
            out.add(&abbreviation.short, concepts.clone());
            for variant in &abbreviation.variants {
                out.add(variant.of(self.text).unwrap_or_default(), concepts.clone());
            }
        }
        out
    }

    /// Codes of a concept: its own, and behind them those of other terminologies that an imported vocabulary has for the words.
    pub(crate) fn codings(&self, concept: u32) -> Vec<Coding> {
        let mut out = self.vocabulary.codings(concept);
        if let Some(same) = self.same.get(&concept) {
            let more = self.vocabulary.codings(*same);
            out.extend(more.into_iter().filter(|m| !out.iter().any(|o| o.prefix() == m.prefix())).collect::<Vec<_>>());
        }
        out
    }

    /// The span of tokens.
    pub(crate) fn span(&self, first: usize, last: usize) -> Span {
        self.tokens[first].span.hull(self.tokens[last].span)
    }

    /// The age that is read from a token on.
    pub(crate) fn age_at(&self, token: usize) -> Option<&AgeAt> {
        self.ages.binary_search_by_key(&token, |a| a.first).ok().map(|i| &self.ages[i])
    }

    /// Ages that a sentence states.
    pub(crate) fn ages_of(&self, sentence: &Sentence) -> impl Iterator<Item = &AgeAt> {
        let Range { start, end } = sentence.tokens;
        let from = self.ages.partition_point(|a| a.first < start);
        self.ages[from..].iter().take_while(move |a| a.first < end).filter(move |a| a.last < end)
    }

    /// The words at tokens.
    pub(crate) fn words(&self, first: usize, last: usize) -> &'d str {
        self.span(first, last).of(self.text).unwrap_or_default()
    }

    /// The word of a token.
    pub(crate) fn word(&self, token: usize) -> &'d str {
        self.tokens.get(token).map_or("", |t| t.text(self.text))
    }

    /// A sentence as it was read, for the log: marks of context behind words, then the mentions.
    pub(crate) fn tell(&self, sentence: &Sentence, about: &str) -> String {
        use std::fmt::Write as _;
        let mut out = format!("[{about}] ");
        for i in sentence.tokens.clone() {
            let _ = write!(out, "{}{} ", self.word(i), self.context[i]);
        }
        for mention in self.mentions_of(sentence) {
            let concept = self.vocabulary.concept(mention.concept);
            let nested = if mention.nested { "~" } else { "" };
            let ambiguous = if mention.ambiguous { "?" } else { "" };
            let words = self.words(mention.first, mention.last);
            let _ = write!(
                out,
                "\n    {nested}{ambiguous}{words} = {:?}/{:?} {}",
                mention.info.kind, mention.info.class, concept.label
            );
        }
        out
    }

    /// Mentions of a sentence.
    pub(crate) fn mentions_of(&self, sentence: &Sentence) -> &[Mention] {
        &self.mentions[sentence.mentions.clone()]
    }

    /// What the cues around a mention say.
    pub(crate) fn context_of(&self, mention: &Mention) -> Context {
        // The first word decides: a cue within the mention is part of it.
        self.context[mention.first]
    }
}

/// Short forms that the document defines, by their first word.
#[derive(Debug, Default)]
struct Definitions {
    by_first: HashMap<String, Vec<(Vec<String>, Vec<u32>)>>,
    /// Bytes that first words start with, as bits: most words of a text are ruled out by their first letter.
    initials: [u128; 2],
}

impl Definitions {
    fn add(&mut self, short: &str, concepts: Vec<u32>) {
        let tokens = case_text::token::tokenize(short);
        let words: Vec<String> = tokens.iter().map(|t| t.text(short).to_owned()).collect();
        if let Some(first) = words.first() {
            let initial = first.as_bytes().first().copied().unwrap_or_default();
            self.initials[usize::from(initial >> 7)] |= 1 << (initial & 127);
            let list = self.by_first.entry(first.clone()).or_default();
            list.push((words, concepts));
            list.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
    }

    /// The short form that starts at a token: its last token and the concepts it stands for.
    fn at(&self, text: &str, tokens: &[Token], at: usize, end: usize) -> Option<(usize, &[u32])> {
        let word = tokens[at].text(text);
        let initial = *word.as_bytes().first()?;
        if self.initials[usize::from(initial >> 7)] >> (initial & 127) & 1 == 0 {
            return None;
        }
        let singular = word.strip_suffix('s').filter(|w| w.len() > 1 && w.ends_with(|c: char| c.is_ascii_uppercase()));
        let list = self.by_first.get(word).or_else(|| self.by_first.get(singular?))?;
        list.iter().find_map(|(words, concepts)| {
            let last = at + words.len() - 1;
            let same = |i: usize| {
                let found = tokens[at + i].text(text);
                found == words[i] || i + 1 == words.len() && found.strip_suffix('s') == Some(&words[i])
            };
            (last < end && (0..words.len()).all(same)).then_some((last, concepts.as_slice()))
        })
    }
}
