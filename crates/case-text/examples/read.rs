//! Prints what the text layer makes of a file: `cargo run -p case-text --example read FILE`.

fn main() {
    let path = std::env::args().nth(1).expect("a file");
    let bytes = std::fs::read(&path).expect("a readable file");
    let text = case_text::decode::decode(&bytes, Default::default()).expect("UTF-8 text");
    let document = case_text::read_text(&text, Default::default());
    println!("kind {} language {} identifiers {:?}", document.kind, document.language, document.identifiers);
    for title in &document.titles {
        println!("title [{}] {}", title.language, document.words(title.span));
    }
    for section in &document.sections {
        println!("== {} {:?} {:?}", section.kind, section.heading.map(|h| document.words(h)), section.language);
        for sentence in document.sentences.iter().filter(|s| section.span.contains(**s)) {
            println!("   | {}", document.words(*sentence));
        }
    }
    for figure in &document.figures {
        println!(
            "figure {} panels {:?}",
            figure.label,
            figure.panels.iter().map(|p| document.words(p.span)).collect::<Vec<_>>()
        );
    }
    for table in &document.tables {
        println!("table {} rows {}", table.label, table.rows.len());
    }
    println!("calls {:?}", document.figure_calls.iter().map(|c| document.words(c.span)).collect::<Vec<_>>());
    println!(
        "citations {:?}",
        document.citations.iter().map(|c| (document.words(c.span), &c.numbers)).collect::<Vec<_>>()
    );
    for a in &document.abbreviations {
        println!("abbreviation {} = {} {:?}", a.short, a.long, a.variants);
    }
    let mut kinds = std::collections::BTreeMap::new();
    for repair in &document.repairs {
        *kinds.entry(repair.kind.as_str().to_owned()).or_insert(0) += 1;
    }
    println!("repairs {kinds:?}");
}
