//! What the parts of a report are: sections, titles, figures, tables, reference list, kind of publication.

use case_model::{
    Document, Figure, FigureCall, Identifier, Panel, Reference, ReportKind, Section, SectionKind, Span, Table, Title,
};

use crate::language;
use crate::repair::{Block, BlockKind};

/// A heading found at the start of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// What it heads.
    pub kind: SectionKind,
    /// True if it is all of the line; false for a run-in heading ("Conclusion: ...").
    pub alone: bool,
    /// Bytes of the line up to the end of the heading.
    pub length: usize,
}

use SectionKind as K;

/// Headings of reports, compared without ASCII case. Longer ones first where one starts another.
const HEADINGS: &[(&str, SectionKind)] = &[
    ("abbreviations used", K::Abbreviations),
    ("abbreviations", K::Abbreviations),
    ("abbreviation", K::Abbreviations),
    ("abbreviation list", K::Abbreviations),
    ("list of abbreviations", K::Abbreviations),
    ("abstract", K::Abstract),
    ("summary", K::Abstract),
    ("synopsis", K::Abstract),
    ("resumen", K::Abstract),
    ("Résumé", K::Abstract),
    ("key words", K::Keywords),
    ("keywords", K::Keywords),
    ("mesh keywords", K::Keywords),
    ("palabras clave", K::Keywords),
    ("mots clés", K::Keywords),
    ("introduction", K::Introduction),
    ("background and aims", K::Introduction),
    ("background", K::Introduction),
    ("objective", K::Introduction),
    ("rationale", K::Introduction),
    ("patient concerns", K::Case),
    ("patient presentation", K::Case),
    ("patient information", K::Case),
    ("patient and observation", K::Case),
    ("patient history", K::Case),
    ("patients and observation", K::Case),
    ("presentation of case", K::Case),
    ("presentation of the case", K::Case),
    ("case presentation and management", K::Case),
    ("case presentations", K::Case),
    ("case presentation", K::Case),
    ("case descriptions", K::Case),
    ("case description", K::Case),
    ("case summary", K::Case),
    ("case reports", K::Case),
    ("case report", K::Case),
    ("case history", K::Case),
    ("case study", K::Case),
    ("case series", K::Case),
    ("case details", K::Case),
    ("the case", K::Case),
    ("our case", K::Case),
    ("clinical case", K::Case),
    ("clinical presentation", K::Case),
    ("clinical findings", K::Case),
    ("clinical course", K::Case),
    ("clinical report", K::Case),
    ("clinical history", K::Case),
    ("clinical summary", K::Case),
    ("history of present illness", K::Case),
    ("past medical history", K::Case),
    ("medical history", K::Case),
    ("family history", K::Case),
    ("chief complaint", K::Case),
    ("physical examination", K::Case),
    ("laboratory findings", K::Case),
    ("laboratory examinations", K::Case),
    ("imaging examinations", K::Case),
    ("imaging findings", K::Case),
    ("radiological findings", K::Case),
    ("pathological findings", K::Case),
    ("histopathological findings", K::Case),
    ("molecular findings", K::Case),
    ("diagnostic assessment", K::Case),
    ("diagnostic workup", K::Case),
    ("differential diagnosis", K::Case),
    ("final diagnosis", K::Case),
    ("diagnoses", K::Case),
    ("diagnosis", K::Case),
    ("investigations", K::Case),
    ("therapeutic intervention", K::Case),
    ("therapeutic interventions", K::Case),
    ("interventions", K::Case),
    ("intervention", K::Case),
    ("treatment", K::Case),
    ("follow-up and outcomes", K::Case),
    ("outcome and follow-up", K::Case),
    ("outcomes", K::Case),
    ("outcome", K::Case),
    ("follow-up", K::Case),
    ("timeline", K::Case),
    ("autopsy findings", K::Case),
    ("case", K::Case),
    ("cases", K::Case),
    ("materials and methods", K::Methods),
    ("material and methods", K::Methods),
    ("patients and methods", K::Methods),
    ("methods and materials", K::Methods),
    ("search strategy", K::Methods),
    ("statistical analysis", K::Methods),
    ("methods", K::Methods),
    ("results and discussion", K::Discussion),
    ("results", K::Results),
    ("discussion and conclusions", K::Discussion),
    ("discussion and conclusion", K::Discussion),
    ("discussion and literature review", K::Discussion),
    ("discussion", K::Discussion),
    ("review of the literature", K::Discussion),
    ("review of literature", K::Discussion),
    ("literature review", K::Discussion),
    ("comment", K::Discussion),
    ("concluding remarks", K::Conclusion),
    ("conclusions", K::Conclusion),
    ("conclusion", K::Conclusion),
    ("learning points", K::Conclusion),
    ("take-home message", K::Conclusion),
    ("take home message", K::Conclusion),
    ("lessons", K::Conclusion),
    ("key messages", K::Conclusion),
    ("patient perspective", K::PatientPerspective),
    ("patient's perspective", K::PatientPerspective),
    ("statement of informed consent", K::Consent),
    ("informed consent statement", K::Consent),
    ("informed consent", K::Consent),
    ("patient consent statement", K::Consent),
    ("patient consent for publication", K::Consent),
    ("patient consent", K::Consent),
    ("consent for publication", K::Consent),
    ("consent to publish", K::Consent),
    ("consent to participate", K::Consent),
    ("consent", K::Consent),
    ("ethics approval and consent to participate", K::Consent),
    ("ethics approval", K::Consent),
    ("ethical approval", K::Consent),
    ("ethics statement", K::Consent),
    ("ethics", K::Consent),
    ("statement of ethics", K::Consent),
    ("ethical statement", K::Consent),
    ("institutional review board statement", K::Consent),
    ("institutional review board", K::Consent),
    ("acknowledgements", K::BackMatter),
    ("acknowledgments", K::BackMatter),
    ("acknowledgement", K::BackMatter),
    ("acknowledgment", K::BackMatter),
    ("author contributions", K::BackMatter),
    ("authors' contributions", K::BackMatter),
    ("author contribution", K::BackMatter),
    ("authorship contribution", K::BackMatter),
    ("credit authorship contribution statement", K::BackMatter),
    ("availability of data and materials", K::BackMatter),
    ("data availability statement", K::BackMatter),
    ("data availability", K::BackMatter),
    ("conflicts of interest", K::BackMatter),
    ("conflict of interest statement", K::BackMatter),
    ("conflict of interests", K::BackMatter),
    ("conflict of interest", K::BackMatter),
    ("declaration of conflicting interests", K::BackMatter),
    ("declaration of conflicting interest", K::BackMatter),
    ("declaration of competing interest", K::BackMatter),
    ("declaration of interests", K::BackMatter),
    ("declaration of figures' authenticity", K::BackMatter),
    ("competing interests", K::BackMatter),
    ("disclosure statement", K::BackMatter),
    ("disclosures", K::BackMatter),
    ("disclosure", K::BackMatter),
    ("funding sources", K::BackMatter),
    ("funding statement", K::BackMatter),
    ("funding information", K::BackMatter),
    ("funding", K::BackMatter),
    ("financial support", K::BackMatter),
    ("publisher's note", K::BackMatter),
    ("provenance and peer review", K::BackMatter),
    ("supplementary material", K::BackMatter),
    ("supplementary materials", K::BackMatter),
    ("supplementary data", K::BackMatter),
    ("supporting information", K::BackMatter),
    ("orcid ids", K::BackMatter),
    ("orcid id", K::BackMatter),
    ("orcid", K::BackMatter),
    ("references", K::References),
    ("bibliography", K::References),
    ("literature cited", K::References),
    ("referencias", K::References),
    ("bibliografía", K::References),
];

/// Reads a heading at the start of a line: with or without number, in any letter case.
pub fn heading_kind(line: &str) -> Option<Heading> {
    let mut at = 0;
    // Numbers: "2", "2.1", "II.", "3)".
    let digits = line.bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b')')).count();
    if digits > 0 && digits <= 6 {
        at = digits;
    } else {
        let roman = line.bytes().take_while(|b| b"IVX".contains(b)).count();
        if roman > 0 && line[roman..].starts_with(['.', ')']) {
            at = roman + 1;
        }
    }
    at += line[at..].len() - line[at..].trim_start().len();
    // What a converter glues in front of the first heading: "pmcIntroduction".
    let glued = line[at..].bytes().take_while(u8::is_ascii_lowercase).count();
    let skips: &[usize] = if (1..=4).contains(&glued) && digits == 0 { &[0, glued] } else { &[0] };
    skips.iter().find_map(|skip| {
        let start = at + skip;
        let mut start = start;
        if *skip > 0 {
            let more = line[start..].bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b' ')).count();
            start += more;
        }
        let rest = &line[start..];
        let initial = rest.bytes().next()?.to_ascii_lowercase();
        let mut known = HEADINGS.iter().filter(|(words, _)| words.as_bytes()[0].to_ascii_lowercase() == initial);
        known.find_map(|(words, kind)| {
            let head = rest.get(..words.len()).filter(|head| head.eq_ignore_ascii_case(words))?;
            let after = &rest[head.len()..];
            let capital = head.starts_with(char::is_uppercase);
            let heading =
                |alone, extra| Some(Heading { kind: kind.clone(), alone, length: start + head.len() + extra });
            let tail = after.trim_start();
            if tail.is_empty() || tail == ":" || tail == "." || tail == "*" {
                return heading(true, after.trim_end().len()).filter(|_| capital || digits > 0);
            }
            // "Case 1", "Case Report 2: ...", "Patient 1".
            if *kind == K::Case && words.starts_with("case") {
                let number = tail.bytes().take_while(|b| b.is_ascii_digit()).count();
                let lead = after.len() - tail.len();
                if number > 0 && number < 3 && lead > 0 && tail[number..].trim_matches([':', '.', ' ']).is_empty() {
                    return heading(true, lead + number);
                }
            }
            if after.starts_with(':') && capital {
                return heading(false, 1);
            }
            // A capital run-in heading without colon: "BACKGROUND The ...", "Abstract We ...".
            let shouted = head.len() > 4 && head.bytes().all(|b| !b.is_ascii_lowercase());
            if shouted && after.starts_with(char::is_whitespace) && tail.starts_with(char::is_uppercase) {
                return heading(false, 0);
            }
            None
        })
    })
}

/// What a caption belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaptionOf {
    /// `Figure 1`, `Fig. 2`.
    Figure,
    /// `Table 1`.
    Table,
}

/// True if a line starts a caption: a label with its number, and not a sentence about the figure.
pub fn caption_start(line: &str) -> Option<CaptionOf> {
    let (of, rest) = if let Some(rest) =
        ["Figure", "FIGURE", "Figures", "Figs.", "Fig.", "FIG.", "Fig"].iter().find_map(|p| line.strip_prefix(p))
    {
        (CaptionOf::Figure, rest)
    } else if let Some(rest) = ["Table", "TABLE"].iter().find_map(|p| line.strip_prefix(p)) {
        (CaptionOf::Table, rest)
    } else {
        return None;
    };
    let rest = rest.strip_prefix(|c: char| c.is_whitespace())?.trim_start();
    let number = rest.bytes().take_while(|b| b.is_ascii_alphanumeric()).count();
    let label = &rest[..number];
    if !(label.starts_with(|c: char| c.is_ascii_digit())
        || matches!(label, "I" | "II" | "III" | "IV" | "V" | "VI" | "S1" | "S2"))
    {
        return None;
    }
    let after = &rest[number..];
    let body = after.trim_start_matches(['.', ':', '|', ')', ' ', '\u{2013}', '\u{2014}', '-']).trim_start();
    let separated = after.trim_start().starts_with(['.', ':', '|', '(']);
    match body.chars().next() {
        None => Some(of),
        // "Figure 1 shows ...", "Table 2 and ..." are sentences.
        Some(c) if c.is_lowercase() => (separated && !after.trim_start().starts_with('(')).then_some(of),
        Some(')' | ',' | ';') => None,
        Some(_) => Some(of),
    }
}

/// Fills in what follows from text and blocks: sections, titles, figures, tables, references, call-outs, kind.
pub fn describe(document: &mut Document, blocks: &[Block]) {
    document.language = language::of(&document.text).to_owned();
    document.sections = sections(&document.text, blocks, &mut document.titles, &document.language);
    figures_and_tables(document, blocks);
    document.figure_calls = figure_calls(&document.text, &document.sections);
    document.references = references(&document.text, &document.sections);
    document.identifiers = identifiers(&document.text, &document.sections);
    document.kind = report_kind(document);
}

fn sections(text: &str, blocks: &[Block], titles: &mut Vec<Title>, language: &str) -> Vec<Section> {
    let mut out: Vec<Section> = Vec::new();
    let mut current = SectionKind::Body;
    let mut first = 0;
    if blocks.len() > 2 {
        first = read_titles(text, blocks, titles, language);
        for title in titles.iter() {
            let foreign = (title.language != language).then(|| title.language.clone());
            out.push(Section { kind: K::Title, heading: None, span: title.span, language: foreign });
        }
    }
    for block in &blocks[first..] {
        let words = block.span.of(text).unwrap_or_default();
        let heading = match block.kind {
            BlockKind::Heading | BlockKind::Paragraph => heading_kind(words),
            BlockKind::Caption | BlockKind::Table => None,
        };
        let kind = match (block.kind, &heading) {
            (BlockKind::Caption, _) => K::Caption,
            (BlockKind::Table, _) => K::Table,
            // "Abbreviations: ..." under a figure is a paragraph; the text around it goes on behind it.
            (_, Some(heading)) if !heading.alone && matches!(heading.kind, K::Abbreviations | K::Keywords) => {
                heading.kind.clone()
            }
            (_, Some(heading)) => {
                current = heading.kind.clone();
                current.clone()
            }
            _ => current.clone(),
        };
        let heading_span = heading.map(|h| Span::new(block.span.start, block.span.start + h.length as u32));
        // A paragraph without heading goes on in the section before it, also behind a caption.
        match out.last_mut() {
            Some(last)
                if heading_span.is_none()
                    && last.kind == kind
                    && kind != K::Caption
                    && kind != K::Table
                    && kind != K::Title =>
            {
                last.span.end = block.span.end;
            }
            _ => out.push(Section { kind, heading: heading_span, span: block.span, language: None }),
        }
    }
    // A paragraph in another language (a foreign abstract) is marked as such.
    for section in out.iter_mut().filter(|s| matches!(s.kind, K::Body | K::Abstract | K::Keywords)) {
        let of = language::of(section.span.of(text).unwrap_or_default());
        if !of.is_empty() && of != language {
            section.language = Some(of.to_owned());
        }
    }
    out
}

/// Titles: the short blocks without a full stop before the text begins. Returns how many blocks they are.
fn read_titles(text: &str, blocks: &[Block], titles: &mut Vec<Title>, language: &str) -> usize {
    let mut count = 0;
    for block in blocks.iter().take(4) {
        let words = block.span.of(text).unwrap_or_default();
        let is_title = block.kind == BlockKind::Paragraph
            && (15..=300).contains(&words.len())
            && words.split_whitespace().count() >= 3
            && !words.ends_with([':', ',', ';'])
            && !(words.ends_with('.') && words.len() > 160)
            && heading_kind(words).is_none()
            && !starts_narrative(words);
        if !is_title {
            break;
        }
        let of = language::of(words);
        let of = if of.is_empty() { language } else { of };
        // A second title counts only in another language; otherwise it is the first line of something else.
        if titles.iter().any(|t| t.language == of) {
            break;
        }
        titles.push(Title { span: block.span, language: of.to_owned() });
        count += 1;
    }
    // The title in the language of the report first.
    titles.sort_by_key(|t| (t.language != language, t.span.start));
    count
}

fn starts_narrative(words: &str) -> bool {
    ["A ", "An ", "We ", "The patient", "Our ", "This ", "In ", "First case", "Case 1", "Patient "]
        .iter()
        .any(|s| words.starts_with(s))
        && words.ends_with('.')
        || words.contains("-year-old") && words.ends_with('.')
}

fn figures_and_tables(document: &mut Document, blocks: &[Block]) {
    let text = &document.text;
    let mut blocks = blocks.iter().peekable();
    while let Some(block) = blocks.next() {
        let words = block.span.of(text).unwrap_or_default();
        match block.kind {
            BlockKind::Caption => {
                let label = caption_label(words);
                document.figures.push(Figure {
                    panels: panels(text, block.span, label.1),
                    label: label.0,
                    span: block.span,
                });
            }
            BlockKind::Table => {
                let captioned = caption_start(words).is_some();
                let mut table = Table { span: block.span, ..Table::default() };
                if captioned {
                    table.label = caption_label(words).0;
                    let line = words.find('\n').unwrap_or(words.len());
                    table.caption = Some(Span::new(block.span.start, block.span.start + line as u32));
                    add_rows(text, Span::new(block.span.start + line as u32, block.span.end), &mut table.rows);
                    // Rows that an empty line parts from their caption.
                    if table.rows.is_empty()
                        && let Some(rows) = blocks.next_if(|b| {
                            b.kind == BlockKind::Table && caption_start(b.span.of(text).unwrap_or_default()).is_none()
                        })
                    {
                        table.span.end = rows.span.end;
                        add_rows(text, rows.span, &mut table.rows);
                    }
                } else {
                    add_rows(text, block.span, &mut table.rows);
                }
                document.tables.push(table);
            }
            BlockKind::Paragraph | BlockKind::Heading => {}
        }
    }
}

fn add_rows(text: &str, span: Span, rows: &mut Vec<Vec<Span>>) {
    let mut at = span.start;
    for line in span.of(text).unwrap_or_default().split('\n') {
        if line.contains('\t') {
            let mut cell = at;
            rows.push(
                line.split('\t')
                    .map(|words| {
                        let lead = (words.len() - words.trim_start().len()) as u32;
                        let start = cell + lead;
                        cell += words.len() as u32 + 1;
                        Span::new(start, start + words.trim().len() as u32)
                    })
                    .collect(),
            );
        }
        at += line.len() as u32 + 1;
    }
}

/// The label of a caption in full (`Figure 1`) and the bytes it takes.
fn caption_label(words: &str) -> (String, usize) {
    let kind = if words.to_ascii_lowercase().starts_with("fig") { "Figure" } else { "Table" };
    let digits = words.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    let length = words[digits..].bytes().take_while(u8::is_ascii_alphanumeric).count();
    (format!("{kind} {}", &words[digits..digits + length]), digits + length)
}

/// Panels named in a caption behind its label, which takes `from` bytes: `(A) ... (B) ...`.
pub fn panels(text: &str, caption: Span, from: usize) -> Vec<Panel> {
    let words = caption.of(text).unwrap_or_default();
    let mut starts: Vec<(usize, char)> = Vec::new();
    let mut next = 'A';
    for (at, _) in words[from..].match_indices('(') {
        let at = at + from;
        let mut inner = words[at + 1..].chars();
        let Some(letter) = inner.next() else { break };
        if letter.to_ascii_uppercase() == next && matches!(inner.next(), Some(')' | ',' | '-' | '–')) {
            starts.push((at, next));
            next = char::from(next as u8 + 1);
        }
    }
    if starts.len() < 2 {
        return Vec::new();
    }
    let mut out = Vec::with_capacity(starts.len());
    for (i, (at, letter)) in starts.iter().enumerate() {
        let end = starts.get(i + 1).map_or(words.len(), |(next, _)| *next);
        let length = words[*at..end].trim_end().len();
        let start = caption.start + *at as u32;
        out.push(Panel { label: letter.to_string(), span: Span::new(start, start + length as u32) });
    }
    out
}

/// Call-outs in running text: `(Fig. 1)`, `Figure 2A`, `Table 1`.
pub fn figure_calls(text: &str, sections: &[Section]) -> Vec<FigureCall> {
    let mut out = Vec::new();
    for section in sections.iter().filter(|s| !matches!(s.kind, K::Caption | K::Table | K::References | K::Title)) {
        let words = section.span.of(text).unwrap_or_default();
        let mut from = 0;
        while let Some(found) = words[from..].find(['F', 'f', 'T']) {
            let at = from + found;
            from = at + 1;
            if at > 0 && words.as_bytes()[at - 1].is_ascii_alphanumeric() {
                continue;
            }
            let Some((name, rest)) = [
                ("Figure", "Figures"),
                ("Figure", "Figure"),
                ("Figure", "Figs."),
                ("Figure", "Fig."),
                ("Figure", "figure"),
                ("Figure", "fig."),
                ("Table", "Tables"),
                ("Table", "Table"),
            ]
            .iter()
            .find_map(|(name, form)| words[at..].strip_prefix(form).map(|rest| (*name, rest))) else {
                continue;
            };
            let gap = rest.len() - rest.trim_start().len();
            let label = rest[gap..].bytes().take_while(u8::is_ascii_alphanumeric).count();
            let number = &rest[gap..gap + label];
            let digits = number.bytes().take_while(u8::is_ascii_digit).count();
            if digits == 0 || gap == 0 || label - digits > 1 {
                continue;
            }
            let end = words.len() - rest.len() + gap + label;
            let start = section.span.start + at as u32;
            out.push(FigureCall {
                span: Span::new(start, section.span.start + end as u32),
                target: format!("{name} {}", &number[..digits]),
            });
            from = end;
        }
    }
    out
}

/// Entries of the reference list: paragraphs or lines that start with a number, or each paragraph.
fn references(text: &str, sections: &[Section]) -> Vec<Reference> {
    let mut out = Vec::new();
    for section in sections.iter().filter(|s| s.kind == K::References) {
        let body = Span::new(section.heading.map_or(section.span.start, |h| h.end), section.span.end);
        let mut at = body.start;
        for entry in body.of(text).unwrap_or_default().split("\n\n") {
            let lead = (entry.len() - entry.trim_start().len()) as u32;
            let words = entry.trim();
            if words.len() > 10 {
                let bare = words.trim_start_matches('[');
                let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
                let number = bare[..digits].parse().ok().filter(|_| digits < 4);
                out.push(Reference { number, span: Span::new(at + lead, at + lead + words.len() as u32) });
            }
            at += entry.len() as u32 + 2;
        }
    }
    out
}

/// DOI of the report itself: the first one outside the reference list.
fn identifiers(text: &str, sections: &[Section]) -> Vec<Identifier> {
    let end = sections.iter().find(|s| s.kind == K::References).map_or(text.len(), |s| s.span.start as usize);
    let head = &text[..end.min(text.len())];
    let mut out = Vec::new();
    for prefix in ["doi.org/10.", "doi: 10.", "doi:10.", "DOI: 10.", "DOI 10.", "doi 10."] {
        if let Some(at) = head.find(prefix) {
            let start = at + prefix.len() - 3;
            let value: &str = head[start..]
                .split(|c: char| c.is_whitespace() || matches!(c, ')' | ']' | ',' | ';' | '"'))
                .next()
                .unwrap_or_default();
            out.push(Identifier { scheme: "doi".into(), value: value.trim_end_matches('.').to_owned() });
            break;
        }
    }
    out
}

/// Kind of publication by its own words: title, opening and headings.
pub fn report_kind(document: &Document) -> ReportKind {
    let text = &document.text;
    let head = &text[..floor_boundary(text, 4000)];
    let lower = head.to_lowercase();
    let title = document.titles.first().map_or(String::new(), |t| document.words(t.span).to_lowercase());
    if lower.contains("dear editor") || lower.contains("to the editor") {
        return ReportKind::Letter;
    }
    let has = |kind: K| document.sections.iter().any(|s| s.kind == kind && s.heading.is_some());
    let says_case = title.contains("case") || title.contains("patient") || has(K::Case);
    if title.contains("case series") || lower.contains("case series") && has(K::Case) {
        return ReportKind::CaseSeries;
    }
    if says_case || lower.contains("-year-old") || lower.contains("case report") {
        return ReportKind::CaseReport;
    }
    if title.contains("review") {
        return ReportKind::Review;
    }
    if has(K::Methods) && has(K::Results) {
        return ReportKind::ResearchArticle;
    }
    ReportKind::Unknown
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_with_numbers_and_glue() {
        let kind = |line| heading_kind(line).map(|h| (h.kind, h.alone));
        assert_eq!(kind("Introduction"), Some((K::Introduction, true)));
        assert_eq!(kind("2 Case report"), Some((K::Case, true)));
        assert_eq!(kind("3.1. DISCUSSION"), Some((K::Discussion, true)));
        assert_eq!(kind("pmcIntroduction"), Some((K::Introduction, true)));
        assert_eq!(kind("pmc1 Introduction"), Some((K::Introduction, true)));
        assert_eq!(kind("Case 2"), Some((K::Case, true)));
        assert_eq!(kind("Conclusion: it works"), Some((K::Conclusion, false)));
        assert_eq!(kind("Treatment was stopped."), None);
        assert_eq!(kind("case"), None);
        assert_eq!(kind("Cases of this kind are rare"), None);
    }

    #[test]
    fn captions_and_sentences_about_figures() {
        assert_eq!(caption_start("Figure 1 (A) PET-CT: mass"), Some(CaptionOf::Figure));
        assert_eq!(caption_start("Fig. 2. Clinical course"), Some(CaptionOf::Figure));
        assert_eq!(caption_start("Table 1 Laboratory values"), Some(CaptionOf::Table));
        assert_eq!(caption_start("Figure 1 shows the mass."), None);
        assert_eq!(caption_start("Figures of speech"), None);
        assert_eq!(caption_start("Table 2 and Figure 3"), None);
    }
}
