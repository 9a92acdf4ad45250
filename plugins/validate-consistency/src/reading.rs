//! A report as rules read it: words, sentences, and whose sentence each is.

use std::ops::Range;

use case_text::token::{Token, tokenize};
use case_timeline::Timeline;
use casemill_plugin_sdk::model::{AnyFact, Case, Document, Report, SectionKind, Span};

/// A sentence (or heading, or table row).
#[derive(Clone, Debug)]
pub(crate) struct Sentence {
    /// Where it stands.
    pub(crate) span: Span,
    /// Its tokens.
    pub(crate) tokens: Range<usize>,
    /// Kind of its section.
    pub(crate) section: SectionKind,
    /// Number of its paragraph.
    pub(crate) paragraph: u32,
    /// True if a fact of a patient stands in it.
    pub(crate) patient: bool,
    /// True if a statement of the literature stands in it.
    pub(crate) literature: bool,
}

impl Sentence {
    /// True for running text, as against captions, tables, headings of the report and lists.
    pub(crate) fn is_prose(&self) -> bool {
        !matches!(
            self.section,
            SectionKind::Caption
                | SectionKind::Table
                | SectionKind::References
                | SectionKind::Title
                | SectionKind::Keywords
                | SectionKind::Abbreviations
                | SectionKind::BackMatter
        )
    }

    /// True for running text that is not of the literature alone.
    pub(crate) fn is_told(&self) -> bool {
        self.is_prose() && (self.patient || !self.literature)
    }
}

/// A report as rules read it.
#[derive(Debug)]
pub(crate) struct Reading<'r> {
    /// The report.
    pub(crate) report: &'r Report,
    /// Its document.
    pub(crate) document: &'r Document,
    /// The repaired text.
    pub(crate) text: &'r str,
    /// The same text with ASCII letters in lower case, byte for byte.
    lower: String,
    /// All tokens.
    pub(crate) tokens: Vec<Token>,
    /// Sentences in the order of the text.
    pub(crate) sentences: Vec<Sentence>,
    /// Timelines of the cases.
    pub(crate) timelines: Vec<Timeline>,
}

impl<'r> Reading<'r> {
    /// Reads a report.
    pub(crate) fn new(report: &'r Report) -> Self {
        let document = &report.document;
        let text = document.text.as_str();
        let tokens = tokenize(text);
        let mut sentences = sentences(document, &tokens);
        mark(report, &mut sentences);
        let timelines = report.cases.iter().map(case_timeline::timeline).collect();
        Self { report, document, text, lower: text.to_ascii_lowercase(), tokens, sentences, timelines }
    }

    /// A token in lower case; empty beyond the end.
    pub(crate) fn word(&self, i: usize) -> &str {
        self.tokens.get(i).map_or("", |t| t.text(&self.lower))
    }

    /// A token as written; empty beyond the end.
    pub(crate) fn written(&self, i: usize) -> &'r str {
        self.tokens.get(i).map_or("", |t| t.text(self.text))
    }

    /// The words of a span.
    pub(crate) fn words(&self, span: Span) -> &'r str {
        span.of(self.text).unwrap_or_default()
    }

    /// The words of a span in lower case.
    pub(crate) fn lower(&self, span: Span) -> &str {
        span.of(&self.lower).unwrap_or_default()
    }

    /// The span of tokens `first..=last`.
    pub(crate) fn span(&self, first: usize, last: usize) -> Span {
        Span::new(self.tokens[first].span.start, self.tokens[last].span.end)
    }

    /// The first token at or behind an offset.
    pub(crate) fn token_at(&self, offset: u32) -> usize {
        self.tokens.partition_point(|t| t.span.end <= offset)
    }

    /// Number of the sentence that holds an offset.
    pub(crate) fn sentence_at(&self, offset: u32) -> Option<usize> {
        let next = self.sentences.partition_point(|s| s.span.start <= offset);
        (next > 0 && offset < self.sentences[next - 1].span.end).then(|| next - 1)
    }

    /// The sentence that holds an offset.
    pub(crate) fn sentence(&self, offset: u32) -> Option<&Sentence> {
        self.sentence_at(offset).map(|i| &self.sentences[i])
    }

    /// True if one of `list` is a word of the tokens `range`.
    pub(crate) fn has_any(&self, range: Range<usize>, list: &[&str]) -> bool {
        self.find_any(range, list).is_some()
    }

    /// The first token of `range` that is one of `list`.
    pub(crate) fn find_any(&self, mut range: Range<usize>, list: &[&str]) -> Option<usize> {
        range.find(|i| list.contains(&self.word(*i)))
    }

    /// True if the words of `phrase` stand at token `i`; gives the token behind them.
    pub(crate) fn phrase_at(&self, i: usize, phrase: &str) -> Option<usize> {
        let mut at = i;
        for word in phrase.split(' ') {
            if self.word(at) != word {
                return None;
            }
            at += 1;
        }
        Some(at)
    }

    /// First of `phrases` in `range`: the tokens it takes.
    pub(crate) fn find_phrase(&self, range: Range<usize>, phrases: &[&str]) -> Option<Range<usize>> {
        for i in range.clone() {
            for phrase in phrases {
                if let Some(end) = self.phrase_at(i, phrase).filter(|e| *e <= range.end) {
                    return Some(i..end);
                }
            }
        }
        None
    }

    /// Cases with their timelines.
    pub(crate) fn cases(&self) -> impl Iterator<Item = (&'r Case, &Timeline)> {
        self.report.cases.iter().zip(&self.timelines)
    }

    /// Where a report has two cases and all facts of one stand in the abstract, they are one patient told in two ways: the
    /// case of the body and its twin of the abstract.
    pub(crate) fn told_in_abstract(&self) -> Option<(&'r Case, &'r Case)> {
        let [first, second] = &self.report.cases[..] else { return None };
        let share = |case: &Case| {
            let (mut inside, mut all) = (0, 0);
            case.visit(&mut |_, fact| {
                for evidence in fact.evidence() {
                    all += 1;
                    inside += usize::from(matches!(
                        self.section(evidence.span.start),
                        SectionKind::Abstract | SectionKind::Title | SectionKind::Keywords
                    ));
                }
            });
            (inside, all)
        };
        let ((a, all_a), (b, all_b)) = (share(first), share(second));
        let labelled = first.label.is_some() || second.label.is_some();
        (a == all_a && a > 0 && b == 0 && all_b > 0 && !labelled).then_some((second, first))
    }

    /// Kind of the section that holds an offset.
    pub(crate) fn section(&self, offset: u32) -> &SectionKind {
        static BODY: SectionKind = SectionKind::Body;
        self.document.section_at(offset).map_or(&BODY, |s| &s.kind)
    }
}

fn sentences(document: &Document, tokens: &[Token]) -> Vec<Sentence> {
    let mut out = Vec::with_capacity(document.sentences.len());
    let (mut token, mut paragraph, mut section) = (0, 0, 0);
    let mut end = 0u32;
    for span in &document.sentences {
        let gap = Span::new(end.min(span.start), span.start);
        if gap.of(&document.text).is_some_and(|g| g.contains("\n\n")) {
            paragraph += 1;
        }
        end = span.end;
        while tokens.get(token).is_some_and(|t| t.span.end <= span.start) {
            token += 1;
        }
        let first = token;
        while tokens.get(token).is_some_and(|t| t.span.start < span.end) {
            token += 1;
        }
        while document.sections.get(section + 1).is_some_and(|s| s.span.start <= span.start) {
            section += 1;
        }
        let kind = document.sections.get(section).filter(|s| s.span.contains(*span)).map_or_else(
            || document.section_at(span.start).map_or(SectionKind::Body, |s| s.kind.clone()),
            |s| s.kind.clone(),
        );
        out.push(Sentence {
            span: *span,
            tokens: first..token,
            section: kind,
            paragraph,
            patient: false,
            literature: false,
        });
    }
    out
}

/// Marks sentences with facts of patients and with statements of the literature.
fn mark(report: &Report, sentences: &mut [Sentence]) {
    let mut at = |offset: u32, patient: bool| {
        let next = sentences.partition_point(|s| s.span.start <= offset);
        if let Some(sentence) = next.checked_sub(1).and_then(|i| sentences.get_mut(i)) {
            if patient {
                sentence.patient = true;
            } else {
                sentence.literature = true;
            }
        }
    };
    for case in &report.cases {
        case.visit(&mut |list, fact: &dyn AnyFact| {
            if list != "family_history" {
                fact.evidence().iter().for_each(|e| at(e.span.start, true));
            }
        });
    }
    for claim in &report.claims {
        claim.evidence.iter().for_each(|e| at(e.span.start, false));
    }
}
