//! A document as a reader checks it.

use std::fmt::Write;

use casemill_plugin_sdk::prelude::*;

/// Sections, sentences, figures, tables, call-outs, citations and references, one thing a line.
pub(super) fn render(document: &Document) -> String {
    let mut out = String::new();
    let mut line = |words: String| writeln!(out, "{words}").expect("a string takes everything");
    let identifiers: Vec<String> = document.identifiers.iter().map(|i| format!("{}:{}", i.scheme, i.value)).collect();
    line(format!("{} [{}] {}", document.kind, document.language, identifiers.join(" ")));
    for title in &document.titles {
        line(format!("title [{}] {}", title.language, document.words(title.span)));
    }
    for section in &document.sections {
        let language = section.language.as_ref().map_or(String::new(), |l| format!(" [{l}]"));
        let heading = section.heading.map_or(String::new(), |h| format!(": {}", document.words(h)));
        line(format!("== {}{language}{heading}", section.kind));
        for sentence in document.sentences.iter().filter(|s| section.span.contains(**s) && Some(**s) != section.heading)
        {
            line(format!("   | {}", document.words(*sentence).replace('\t', " ¦ ")));
        }
    }
    for figure in &document.figures {
        line(format!("figure {:?}: {}", figure.label, document.words(figure.span).replace('\n', "⏎")));
        for panel in &figure.panels {
            line(format!("   {}: {}", panel.label, document.words(panel.span)));
        }
    }
    for table in &document.tables {
        line(format!(
            "table {:?}: {}",
            table.label,
            table.caption.map_or("", |c| document.words(c)).replace('\n', "⏎")
        ));
        for row in &table.rows {
            line(format!("   {}", row.iter().map(|c| document.words(*c)).collect::<Vec<_>>().join(" ¦ ")));
        }
    }
    for call in &document.figure_calls {
        line(format!("call {:?} -> {}", document.words(call.span), call.target));
    }
    for citation in &document.citations {
        line(format!("citation {:?} {:?}", document.words(citation.span), citation.numbers));
    }
    for reference in &document.references {
        line(format!("reference {:?} {}", reference.number, document.words(reference.span)));
    }
    for abbreviation in &document.abbreviations {
        line(format!("abbreviation {} = {}", abbreviation.short, abbreviation.long));
    }
    out
}
