//! Diagnostics for people: the source, underlined.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use case_model::{Diagnostic, Label, Place, Severity};

/// Characters of a line that are shown on each side of an underlined place, when the line is a whole paragraph.
const AROUND: usize = 70;

/// One diagnostic on the input `text`, called `name`.
pub(crate) fn diagnostic(diagnostic: &Diagnostic, name: &str, text: &str) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let message = clean(&diagnostic.message);
    let mut group = Group::with_title(level.primary_title(message).id(diagnostic.rule.as_str()));
    let places: Vec<(&Label, Place)> = diagnostic.labels.iter().filter_map(|l| Some((l, l.place?))).collect();
    match together(text, &places) {
        Some((region, first_line, spans)) => {
            let mut snippet = Snippet::source(region).line_start(first_line).path(clean(name)).fold(true);
            for (i, ((label, _), span)) in places.iter().zip(spans).enumerate() {
                snippet = snippet.annotation(annotation(i, span, label));
            }
            group = group.element(snippet);
        }
        None => {
            for (i, (label, place)) in places.into_iter().enumerate() {
                let (excerpt, span) = excerpt(text, place);
                let origin = Origin::path(clean(name)).line(place.line as usize).char_column(place.column as usize);
                let snippet = Snippet::source(excerpt).line_start(place.line as usize);
                group = group.element(origin).element(snippet.annotation(annotation(i, span, label)));
            }
        }
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(clean(help)));
    }
    let renderer = Renderer::styled().decor_style(DecorStyle::Unicode).term_width(usize::from(crate::table::width()));
    renderer.render(&[group])
}

/// The underline of a label, the first one being the main one.
fn annotation<'a>(number: usize, span: Range<usize>, label: &Label) -> Annotation<'a> {
    let kind = if number == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
    let annotation = kind.span(span);
    if label.message.is_empty() { annotation } else { annotation.label(clean(&label.message)) }
}

/// The lines from the first to the last place, the number of the first line, and the places within them. `None` where a
/// line is so long that only parts of it can be shown.
fn together(text: &str, places: &[(&Label, Place)]) -> Option<(String, usize, Vec<Range<usize>>)> {
    const LONGEST_LINE: usize = 240;
    let bounds = |place: &Place| {
        let start = (place.origin.start as usize).min(text.len());
        (start, (place.origin.end as usize).clamp(start, text.len()))
    };
    let first = places.iter().map(|(_, p)| bounds(p).0).min()?;
    let last = places.iter().map(|(_, p)| bounds(p).1).max()?;
    let from = text[..first].rfind('\n').map_or(0, |i| i + 1);
    let to = text[last..].find('\n').map_or(text.len(), |i| last + i);
    let region = text.get(from..to)?;
    if region.lines().any(|line| line.len() > LONGEST_LINE) {
        return None;
    }
    let at = |offset: usize| clean_source(&text[from..offset]).len();
    let spans = places.iter().map(|(_, p)| bounds(p)).map(|(start, end)| at(start)..at(end).max(at(start) + 1));
    let spans: Vec<Range<usize>> = spans.collect();
    let region = clean_source(region);
    let fits = spans.iter().all(|s| region.is_char_boundary(s.start) && region.is_char_boundary(s.end));
    let line = places.iter().map(|(_, p)| p.line).min()? as usize;
    fits.then_some((region, line, spans))
}

/// The lines of the input around a place, long lines cut to what stands around it; and the place within them.
fn excerpt(text: &str, place: Place) -> (String, Range<usize>) {
    let start = (place.origin.start as usize).min(text.len());
    let end = (place.origin.end as usize).clamp(start, text.len());
    let line_start = text[..start].rfind('\n').map_or(0, |i| i + 1);
    let line_end = text[end..].find('\n').map_or(text.len(), |i| end + i);
    let from = text[line_start..start].char_indices().rev().nth(AROUND).map_or(line_start, |(i, _)| line_start + i);
    let to = text[end..line_end].char_indices().nth(AROUND).map_or(line_end, |(i, _)| end + i);
    let mut out = String::with_capacity(to - from + 8);
    if from > line_start {
        out.push('…');
    }
    let mut span = out.len()..out.len();
    for (range, is_place) in [(from..start, false), (start..end, true), (end..to, false)] {
        if is_place {
            span.start = out.len();
        }
        out.push_str(&clean_source(&text[range]));
        if is_place {
            span.end = out.len();
        }
    }
    if to < line_end {
        out.push('…');
    }
    if span.is_empty() && span.end < out.len() {
        span.end += out[span.end..].chars().next().map_or(0, char::len_utf8);
    }
    (out, span)
}

/// Without control characters, which could do things to the terminal.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The same for source, where line breaks stay.
fn clean_source(text: &str) -> String {
    text.chars().filter(|c| *c != '\r').map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use case_model::Span;

    fn strip(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let text = format!("first line\n{} leg pain {}\nlast", "word ".repeat(60), "more ".repeat(60));
        let start = text.find("leg pain").unwrap() as u32;
        let place = Place { origin: Span::new(start, start + 8), line: 2, column: start - 10 };
        let label = Label { span: Span::new(0, 0), message: "unilateral".into(), place: Some(place) };
        let found = Diagnostic {
            rule: "CX002".into(),
            severity: Severity::Warning,
            message: "one\x1b[31m side".into(),
            labels: vec![label],
            help: Some("ask".into()),
            case: None,
        };
        insta::assert_snapshot!(strip(&diagnostic(&found, "letter.txt", &text)));
    }
}
