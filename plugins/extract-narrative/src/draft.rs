//! Facts on their way: a value with the tokens that back it, before ids, times and merging.

use case_model::{Assertion, Case, Coding, Evidence, Fact, FactValue, IdSource, SectionKind, Span};
use case_text::context::Context;

use crate::reading::{Mention, Reading, Sentence};
use crate::time::Stated;

/// A fact before it has an id.
#[derive(Clone, Debug)]
pub(crate) struct Draft<T> {
    /// Its value.
    pub(crate) value: T,
    /// The words that back it.
    pub(crate) span: Span,
    /// Number of its sentence.
    pub(crate) sentence: usize,
    /// Whether it is said to be so.
    pub(crate) assertion: Assertion,
    /// Codes.
    pub(crate) codings: Vec<Coding>,
    /// When, as its sentence says.
    pub(crate) time: Option<Stated>,
    /// Further words that say the same: span and sentence.
    pub(crate) more: Vec<(Span, usize)>,
    /// Module that found it.
    pub(crate) by: &'static str,
}

impl<T> Draft<T> {
    /// A draft backed by one mention.
    pub(crate) fn new(value: T, span: Span, sentence: usize, by: &'static str) -> Self {
        Self {
            value,
            span,
            sentence,
            assertion: Assertion::Present,
            codings: Vec::new(),
            time: None,
            more: Vec::new(),
            by,
        }
    }

    /// Notes that `other` says the same.
    pub(crate) fn absorb<U>(&mut self, other: &Draft<U>) {
        let seen = |span: Span, more: &[(Span, usize)], own: Span| own == span || more.iter().any(|(s, _)| *s == span);
        for (span, sentence) in std::iter::once((other.span, other.sentence)).chain(other.more.iter().copied()) {
            if !seen(span, &self.more, self.span) {
                self.more.push((span, sentence));
            }
        }
    }
}

/// Whether something is said to be so, by its context.
pub(crate) fn assertion(context: Context) -> Assertion {
    if context.has(Context::NEGATED) {
        Assertion::Absent
    } else if context.has(Context::UNCERTAIN) {
        Assertion::Uncertain
    } else {
        Assertion::Present
    }
}

/// True if the context takes the words away from the patient.
pub(crate) fn is_elsewhere(context: Context) -> bool {
    context.any(Context::ELSEWHERE | Context::HYPOTHETICAL)
}

/// Makes facts of drafts.
#[derive(Debug)]
pub(crate) struct Maker<'r, 'd> {
    /// The document.
    pub(crate) reading: &'r Reading<'d>,
    /// Gives out ids.
    pub(crate) ids: IdSource,
}

impl Maker<'_, '_> {
    /// Evidence at a span of a sentence.
    pub(crate) fn evidence(&self, span: Span, sentence: usize, by: &str) -> Evidence {
        let section = self.reading.sentences.get(sentence).map(|s| s.section.clone());
        Evidence {
            span,
            quote: span.of(self.reading.text).unwrap_or_default().to_owned(),
            origin: None,
            section: section.filter(|s| *s != SectionKind::Body),
            by: by.to_owned(),
        }
    }

    /// The fact of a draft, without its time.
    pub(crate) fn fact<T: FactValue>(&mut self, draft: Draft<T>) -> Fact<T>
    where
        Fact<T>: Default,
    {
        let evidence: Vec<Evidence> = std::iter::once((draft.span, draft.sentence))
            .chain(draft.more)
            .map(|(span, sentence)| self.evidence(span, sentence, draft.by))
            .collect();
        let id = self.ids.id(T::KIND, &draft.value.label(), draft.span, &evidence[0].quote);
        Fact { id, value: draft.value, assertion: draft.assertion, codings: draft.codings, evidence, ..Fact::default() }
    }
}

/// Everything found of one patient.
#[derive(Debug, Default)]
pub(crate) struct Pad {
    /// Findings.
    pub(crate) findings: Vec<Draft<case_model::Finding>>,
    /// What the microscope shows.
    pub(crate) microscopy: Vec<Draft<case_model::Morphology>>,
    /// Measured values.
    pub(crate) measurements: Vec<Draft<case_model::Measurement>>,
    /// Imaging studies.
    pub(crate) imaging: Vec<Draft<case_model::ImagingStudy>>,
    /// Sites.
    pub(crate) sites: Vec<Draft<case_model::Site>>,
    /// Sizes.
    pub(crate) sizes: Vec<Draft<case_model::TumourSize>>,
    /// Markers.
    pub(crate) markers: Vec<Draft<case_model::MarkerTest>>,
    /// Genomic findings.
    pub(crate) genomics: Vec<Draft<case_model::GenomicFinding>>,
    /// Diagnoses.
    pub(crate) diagnoses: Vec<crate::disease::Found>,
    /// Stages in sentences that name no tumour.
    pub(crate) stages: Vec<crate::stage::Staged>,
    /// Treatments.
    pub(crate) treatments: Vec<Draft<crate::treatment::Given>>,
    /// Procedures.
    pub(crate) procedures: Vec<Draft<case_model::Procedure>>,
    /// Responses.
    pub(crate) responses: Vec<Draft<case_model::Response>>,
    /// Adverse events.
    pub(crate) adverse: Vec<Draft<crate::adverse::Event>>,
    /// Statements on the end of observation.
    pub(crate) ends: Vec<Draft<case_model::FollowUp>>,
    /// Diseases of relatives.
    pub(crate) family: Vec<Draft<case_model::FamilyHistory>>,
    /// The case, as far as it is filled directly.
    pub(crate) case: Case,
}

/// A sentence about a patient, as modules get it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'r, 'd> {
    /// The document.
    pub(crate) reading: &'r Reading<'d>,
    /// Number of the sentence.
    pub(crate) number: usize,
    /// The sentence.
    pub(crate) sentence: &'r Sentence,
    /// Times that it states.
    pub(crate) times: &'r [Stated],
    /// True where the report looks back on its case.
    pub(crate) looks_back: bool,
}

impl<'r> View<'r, '_> {
    /// Its mentions.
    pub(crate) fn mentions(&self) -> &'r [Mention] {
        self.reading.mentions_of(self.sentence)
    }

    /// The bytes of a mention.
    pub(crate) fn span(&self, mention: &Mention) -> Span {
        self.reading.span(mention.first, mention.last)
    }

    /// The words of a mention.
    pub(crate) fn words(&self, mention: &Mention) -> &'r str {
        self.reading.words(mention.first, mention.last)
    }

    /// What the cues around a mention say.
    pub(crate) fn context(&self, mention: &Mention) -> Context {
        self.reading.context_of(mention)
    }

    /// The clause around a token: up to a semicolon, a word that opens another thought, or a comma behind which a new
    /// subject has its verb.
    pub(crate) fn clause(&self, token: usize) -> std::ops::Range<usize> {
        let range = self.sentence.tokens.clone();
        let ends = |i: usize| {
            let token = &self.reading.tokens[i];
            match token.kind {
                case_text::token::TokenKind::Sign(';') => true,
                case_text::token::TokenKind::Sign(',') if self.is_edge_of_aside(i) => false,
                case_text::token::TokenKind::Sign(',') => {
                    case_text::context::clause_starts(self.reading.text, &self.reading.tokens, i + 1, range.end)
                }
                case_text::token::TokenKind::Word => match token.text(self.reading.text) {
                    // "was suggested but was declined": the same subject goes on.
                    "but" => !matches!(
                        self.reading.word(i + 1),
                        "was"
                            | "were"
                            | "is"
                            | "are"
                            | "had"
                            | "has"
                            | "did"
                            | "declined"
                            | "refused"
                            | "later"
                            | "then"
                    ),
                    word => matches!(word, "however" | "However" | "whereas" | "although" | "therefore"),
                },
                _ => false,
            }
        };
        let start = (range.start..token).rev().find(|i| ends(*i)).map_or(range.start, |i| i + 1);
        let end = (token + 1..range.end).find(|i| ends(*i)).unwrap_or(range.end);
        start..end
    }

    /// True for the commas around an aside within a clause: "amputation, which would have been needed, was declined".
    fn is_edge_of_aside(&self, comma: usize) -> bool {
        const REACH: usize = 25;
        let range = &self.sentence.tokens;
        let tokens = &self.reading.tokens;
        let opens =
            |i: usize| tokens[i].is(',') && matches!(self.reading.word(i + 1), "which" | "who" | "whose" | "where");
        let closes = |i: usize| {
            tokens[i].is(',')
                && matches!(
                    self.reading.word(i + 1),
                    "was"
                        | "were"
                        | "is"
                        | "are"
                        | "had"
                        | "has"
                        | "have"
                        | "did"
                        | "could"
                        | "would"
                        | "showed"
                        | "revealed"
                )
        };
        if opens(comma) {
            (comma + 2..range.end.min(comma + REACH)).any(closes)
        } else {
            closes(comma) && (range.start.max(comma.saturating_sub(REACH))..comma).any(opens)
        }
    }

    /// The bracket that a token stands in.
    fn bracket_around(&self, token: usize) -> Option<usize> {
        const REACH: usize = 30;
        let from = self.sentence.tokens.start.max(token.saturating_sub(REACH));
        let mut depth = 0;
        for i in (from..token).rev() {
            match self.reading.tokens[i].kind {
                case_text::token::TokenKind::Sign(')') => depth += 1,
                case_text::token::TokenKind::Sign('(') if depth == 0 => return Some(i),
                case_text::token::TokenKind::Sign('(') => depth -= 1,
                _ => {}
            }
        }
        None
    }

    /// The stated time that belongs to a mention: the one right behind it, or else the last one before it; never one that
    /// another mention of the same sort, at `rivals`, is nearer to.
    pub(crate) fn time_of(&self, first: usize, last: usize, rivals: &[(usize, usize)]) -> Option<Stated> {
        // A time in brackets dates what is in them.
        let bracket = self.bracket_around(first);
        let points = || {
            self.times.iter().filter(move |t| {
                !t.is_length
                    && self.bracket_around(t.first).is_none_or(|open| bracket == Some(open) || open == last + 1)
            })
        };
        let clause = self.clause(first);
        let behind = points().find(|t| {
            t.first > last
                && clause.contains(&t.first)
                && !rivals.iter().any(|r| r.0 > last && r.0 < t.first)
                && t.first - last <= 14
        });
        let inside = points().find(|t| t.first >= first && t.last <= last);
        let leading = || {
            points().rfind(|t| t.last < first).filter(|t| {
                t.first <= self.sentence.tokens.start + 3 || first - t.last <= 10 || clause.contains(&t.first)
            })
        };
        // A leading time governs the sentence unless the one behind is closer.
        inside.or(behind).or_else(leading).cloned()
    }
}
