//! The map from the text to the file.

use casemill_plugin_sdk::model::RepairKind;
use casemill_plugin_sdk::prelude::*;

/// What is wrong with the map of a document read from `bytes`: every character, and every stretch of `length`
/// characters, leads to bytes of the file on character boundaries; what no repair stands for is the same there, and
/// nothing is read twice.
pub(super) fn faults_of_map(document: &Document, bytes: &[u8], length: usize) -> Vec<String> {
    let input = std::str::from_utf8(bytes).expect("UTF-8");
    let mut out = Vec::new();
    let origin = document.origin();
    let places: Vec<u32> =
        document.text.char_indices().map(|(i, _)| i as u32).chain([document.text.len() as u32]).collect();
    for step in [1, length] {
        for pair in places.iter().step_by(step).collect::<Vec<_>>().windows(2) {
            let span = Span::new(*pair[0], *pair[1]);
            if let Some(range) = origin.ranges(span).into_iter().find(|r| r.of(input).is_none()) {
                out.push(format!("{span:?} leads to {range:?}, which is no text"));
            }
        }
    }
    let (mut text, mut file) = (0, 0);
    let mut kept: Vec<Span> = Vec::new();
    for repair in &document.repairs {
        let here = Span::new(text, repair.span.start).of(&document.text);
        let there = Span::new(file, file + (repair.span.start - text)).of(input);
        if here != there || here.is_none() {
            out.push(format!("{here:?} of the text is {there:?} of the file"));
        }
        kept.push(Span::new(file, file + (repair.span.start - text)));
        if let Some(original) = &repair.original
            && !matches!(repair.kind, RepairKind::Jump | RepairKind::Inserted)
            && repair.origin.of(input) != Some(original)
        {
            out.push(format!("the original of {repair:?} is {:?}", repair.origin.of(input)));
        }
        (text, file) = (repair.span.end, repair.origin.end);
    }
    let rest = &document.text[text as usize..];
    if !input[file as usize..].starts_with(rest) {
        out.push(format!("{rest:?} at the end of the text is not there in the file"));
    }
    kept.push(Span::new(file, file + rest.len() as u32));
    kept.retain(|s| !s.is_empty());
    kept.sort();
    let twice = kept.windows(2).find(|pair| pair[0].end > pair[1].start);
    out.extend(twice.map(|pair| format!("{pair:?} is read twice")));
    out
}
