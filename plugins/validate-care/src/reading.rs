//! A report read for the checklists: each sentence with its part of the report, its patient and its cues.

use casemill_plugin_sdk::model::{AnyFact, Case, Document, Evidence, Report, ReportKind, Scope, SectionKind, Span};

use crate::cues::{Cue, CueSet, Cues, Mark};

/// Part of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Title, key words, abstract.
    Front,
    /// Introduction.
    Introduction,
    /// The patients.
    Case,
    /// Discussion and conclusion.
    Discussion,
    /// Consent, ethics, thanks and the like.
    Back,
    /// Captions and tables.
    Exhibit,
    /// References, abbreviations, methods of a study.
    Other,
}

/// A sentence.
#[derive(Clone, Debug)]
pub(crate) struct Sentence {
    /// Where it stands.
    pub(crate) span: Span,
    /// Kind of its section.
    pub(crate) section: SectionKind,
    /// Part of the report.
    pub(crate) part: Part,
    /// Index of the patient whose story is being told.
    pub(crate) case: usize,
    /// It speaks of the literature, of other patients or of what might be.
    pub(crate) elsewhere: bool,
    /// A citation stands in it.
    pub(crate) cites: bool,
    /// It starts a paragraph.
    opens: bool,
    /// Cues in it.
    pub(crate) cues: CueSet,
    first: usize,
    last: usize,
}

impl Sentence {
    /// True if it tells of a patient of the report: in the case, or elsewhere with words that say so.
    pub(crate) fn is_ours(&self) -> bool {
        match self.part {
            Part::Case => !self.elsewhere,
            Part::Discussion => self.cues.has(Cue::Ours) && !self.cites,
            _ => false,
        }
    }
}

/// A report read for the checklists.
pub(crate) struct Reading<'r> {
    /// The report.
    pub(crate) report: &'r Report,
    /// Its sentences.
    pub(crate) sentences: Vec<Sentence>,
    marks: Vec<Mark>,
}

/// A patient of the report; none where the text tells of none.
#[derive(Clone, Copy)]
pub(crate) struct Patient<'r> {
    /// The record.
    pub(crate) case: &'r Case,
    /// Its index.
    pub(crate) index: usize,
}

impl<'r> Reading<'r> {
    /// Reads a report.
    pub(crate) fn new(report: &'r Report, cues: &Cues) -> Self {
        let marks = cues.find(&report.document.text);
        let mut sentences = sentences(report, &marks);
        assign_parts(report, &mut sentences);
        Self { report, sentences, marks }
    }

    /// The document.
    pub(crate) fn document(&self) -> &'r Document {
        &self.report.document
    }

    /// Patients of the report.
    pub(crate) fn patients(&self) -> impl Iterator<Item = Patient<'r>> + use<'r> {
        self.report.cases.iter().enumerate().map(|(index, case)| Patient { case, index })
    }

    /// True where the publication reports patients.
    pub(crate) fn is_case_report(&self) -> bool {
        match self.document().kind {
            ReportKind::ResearchArticle | ReportKind::NotAReport => false,
            ReportKind::Review => !self.report.cases.is_empty(),
            _ => true,
        }
    }

    /// True for a letter, which has no abstract and no key words.
    pub(crate) fn is_letter(&self) -> bool {
        self.document().kind == ReportKind::Letter
    }

    /// Sentences of a part.
    pub(crate) fn part(&self, part: Part) -> impl Iterator<Item = &Sentence> {
        self.sentences.iter().filter(move |s| s.part == part)
    }

    /// Sentences on a patient.
    pub(crate) fn of(&self, patient: Patient<'_>) -> impl Iterator<Item = &Sentence> {
        let alone = self.report.cases.len() == 1;
        self.sentences.iter().filter(move |s| s.is_ours() && (alone || s.case == patient.index))
    }

    /// True if the sentence is the heading of its section.
    pub(crate) fn is_heading(&self, sentence: &Sentence) -> bool {
        let section = self.document().section_at(sentence.span.start);
        section.and_then(|s| s.heading).is_some_and(|h| h.start <= sentence.span.start && sentence.span.end <= h.end)
    }

    /// Cues in a sentence, in order.
    pub(crate) fn marks(&self, sentence: &Sentence) -> &[Mark] {
        &self.marks[sentence.first..sentence.last]
    }

    /// A sentence as evidence.
    pub(crate) fn quote(&self, sentence: &Sentence) -> Evidence {
        self.evidence(sentence.span, sentence.section.clone())
    }

    /// Words of the text as evidence.
    pub(crate) fn evidence(&self, span: Span, section: SectionKind) -> Evidence {
        Evidence {
            span,
            quote: self.document().words(span).to_owned(),
            origin: None,
            section: Some(section),
            by: "validate-care/cues".to_owned(),
        }
    }

    /// The first sentences with a cue, as evidence.
    pub(crate) fn with<'s>(&self, sentences: impl Iterator<Item = &'s Sentence>, cue: Cue) -> Vec<Evidence> {
        sentences.filter(|s| s.cues.has(cue)).take(2).map(|s| self.quote(s)).collect()
    }
}

/// The first words of the first facts.
pub(crate) fn facts<'f, F: AnyFact + 'f>(facts: impl Iterator<Item = &'f F>) -> Vec<Evidence> {
    facts.filter_map(|f| f.evidence().first()).take(2).cloned().collect()
}

/// Sentences with what lies in them. Everything is in the order of the text, so one walk does.
fn sentences(report: &Report, marks: &[Mark]) -> Vec<Sentence> {
    let document = &report.document;
    let mut elsewhere: Vec<Span> = report
        .claims
        .iter()
        .filter(|c| c.scope != Scope::Patient)
        .flat_map(|c| c.evidence.iter().map(|e| e.span))
        .collect();
    elsewhere.sort_unstable();
    let mut starts: Vec<(u32, usize)> = report.cases.iter().enumerate().map(|(i, c)| (start(c), i)).collect();
    starts.sort_unstable();
    let (mut section, mut mark, mut claim, mut citation) = (0, 0, 0, 0);
    let mut previous = 0;
    let mut out = Vec::with_capacity(document.sentences.len());
    for span in &document.sentences {
        while document.sections.get(section).is_some_and(|s| s.span.end <= span.start) {
            section += 1;
        }
        let kind = document
            .sections
            .get(section)
            .filter(|s| s.span.start < span.end)
            .map_or(SectionKind::Body, |s| s.kind.clone());
        while marks.get(mark).is_some_and(|m| m.span.start < span.start) {
            mark += 1;
        }
        let first = mark;
        let mut cues = CueSet::default();
        while let Some(m) = marks.get(mark).filter(|m| m.span.start < span.end) {
            if m.span.end <= span.end {
                cues = cues.with(m.cues);
            }
            mark += 1;
        }
        while elsewhere.get(claim).is_some_and(|c| c.end <= span.start) {
            claim += 1;
        }
        while document.citations.get(citation).is_some_and(|c| c.span.end <= span.start) {
            citation += 1;
        }
        let after = starts.partition_point(|(at, _)| *at < span.end);
        out.push(Sentence {
            span: *span,
            section: kind,
            part: Part::Other,
            case: starts.get(after.saturating_sub(1)).map_or(0, |(_, i)| *i),
            elsewhere: elsewhere.get(claim).is_some_and(|c| c.start < span.end),
            cites: document.citations.get(citation).is_some_and(|c| c.span.start <= span.end),
            opens: document.words(Span::new(previous, span.start.max(previous))).contains('\n'),
            cues,
            first,
            last: mark,
        });
        previous = span.end;
    }
    out
}

/// Where the story of a patient starts.
fn start(case: &Case) -> u32 {
    let mut at = case.label.iter().chain(&case.presentation).map(|s| s.span.start).min().unwrap_or(u32::MAX);
    if at == u32::MAX {
        case.visit(&mut |_, fact| at = fact.evidence().first().map_or(at, |e| at.min(e.span.start)));
    }
    at
}

fn assign_parts(report: &Report, sentences: &mut [Sentence]) {
    for sentence in sentences.iter_mut() {
        sentence.part = match sentence.section {
            SectionKind::Title | SectionKind::Abstract | SectionKind::Keywords => Part::Front,
            SectionKind::Introduction => Part::Introduction,
            SectionKind::Case | SectionKind::Results => Part::Case,
            SectionKind::Discussion | SectionKind::Conclusion => Part::Discussion,
            SectionKind::Consent | SectionKind::PatientPerspective | SectionKind::BackMatter => Part::Back,
            SectionKind::Caption | SectionKind::Table => Part::Exhibit,
            _ => Part::Other,
        };
    }
    let mut told: Vec<u32> = Vec::new();
    for case in &report.cases {
        case.visit(&mut |list, fact| {
            if list != "family_history" {
                told.extend(fact.evidence().iter().map(|e| e.span.start));
            }
        });
    }
    told.sort_unstable();
    let has_case = sentences.iter().any(|s| s.section == SectionKind::Case);
    let has_discussion = sentences.iter().any(|s| s.section == SectionKind::Discussion);
    let mut part = Part::Introduction;
    let mut at = 0;
    while at < sentences.len() {
        let mut end = at + 1;
        while end < sentences.len() && !sentences[end].opens && sentences[end].section == sentences[at].section {
            end += 1;
        }
        match sentences[at].section {
            SectionKind::Body => {
                let paragraph = &mut sentences[at..end];
                part = body(part, paragraph, &told, has_case, has_discussion);
                paragraph.iter_mut().for_each(|s| s.part = part);
            }
            SectionKind::Case => part = Part::Case,
            SectionKind::Discussion | SectionKind::Conclusion => part = Part::Discussion,
            _ => {}
        }
        at = end;
    }
}

/// Part of a paragraph that no heading marks: the introduction, until a paragraph tells more of a patient than of the
/// literature; then the case, until a paragraph tells more of the literature.
fn body(before: Part, paragraph: &[Sentence], told: &[u32], has_case: bool, has_discussion: bool) -> Part {
    let ours = |s: &&Sentence| {
        let next = told.partition_point(|at| *at < s.span.start);
        !s.elsewhere && told.get(next).is_some_and(|at| *at < s.span.end)
    };
    let patient = paragraph.iter().filter(ours).count();
    let others = paragraph.iter().filter(|s| s.elsewhere || s.cites).count();
    match before {
        Part::Introduction if !has_case && patient > 0 && patient >= others => Part::Case,
        // One such sentence is an aside, also where each sentence is a paragraph.
        Part::Case if !has_discussion && others > patient && others > 1 => Part::Discussion,
        other => other,
    }
}
