//! Files that are not what they should be.

use casemill_plugin_sdk::prelude::*;
use proptest::prelude::*;

use super::{ARTICLES, map, read};

fn error(xml: &str) -> String {
    read(xml.as_bytes()).err().map_or_else(|| "read".into(), |e| e.to_string())
}

#[test]
fn what_is_no_article_is_named() {
    assert_eq!(error("<book><body/></book>"), "the file holds a <book> and no <article>; it is not JATS");
    assert_eq!(error("<!DOCTYPE html>\n<p><article><br>"), "the file is a web page, not JATS XML");
    assert_eq!(
        error("<article xmlns='http://docbook.org/ns/docbook'><para/></article>"),
        "line 1, column 1: the <article> here has neither <front> nor <body>; it is not JATS"
    );
    assert_eq!(
        error("<set>\n<article><body/></article><article><body/></article><article><body/></article></set>"),
        "line 2, column 27: a second article starts here, the file holds 3"
    );
    assert_eq!(
        error("<article><front><article-meta/></front></article>"),
        "the article has no title, no abstract and no text"
    );
    assert_eq!(
        error("<article><body><p>A girl had"),
        "line 1, column 29: the file ends within article/body/p; it is cut off"
    );
}

#[test]
fn encodings_are_followed_and_places_count_in_utf8() {
    let xml = "<?xml version='1.0' encoding='ISO-8859-1'?><article><body><p>Fi\u{e8}vre</p></body></article>";
    let latin: Vec<u8> = xml.chars().map(|c| c as u8).collect();
    let document = read(&latin).expect("an article");
    assert_eq!((document.text.as_str(), document.source.encoding.as_str()), ("Fièvre", "windows-1252"));
    assert_eq!(map::faults_of_map(&document, xml.as_bytes(), 2), Vec::<String>::new());

    let marked = "\u{feff}<article><body><p>Fièvre</p></body></article>";
    let document = read(marked.as_bytes()).expect("an article");
    assert_eq!(document.origin().first(Span::new(0, 3)), Span::new(21, 24));
    assert_eq!(map::faults_of_map(&document, marked.as_bytes(), 2), Vec::<String>::new());
}

#[test]
fn a_bomb_of_entities_stays_what_it_is() {
    let mut dtd = String::from("<!ENTITY l0 'lol'>");
    for i in 1..30 {
        dtd.push_str(&format!("<!ENTITY l{i} '&l{j};&l{j};&l{j};&l{j};'>", j = i - 1));
    }
    let xml = format!(
        "<!DOCTYPE article [{dtd}<!ENTITY f SYSTEM 'file:///etc/passwd'>]><article><body><p>&l29;&f;</p></body></article>"
    );
    assert_eq!(read(xml.as_bytes()).expect("an article").text, "&l29;&f;");
}

#[test]
fn the_deepest_nesting_that_is_allowed_is_read() {
    for tag in ["italic", "sec", "boxed-text", "sup", "list-item", "p", "fig-group", "x"] {
        let depth = crate::tree::MAX_DEPTH - 2;
        let xml = format!(
            "<article><body>{}deep{}</body></article>",
            format!("<{tag}>").repeat(depth),
            format!("</{tag}>").repeat(depth)
        );
        assert_eq!(read(xml.as_bytes()).unwrap_or_else(|e| panic!("{tag}: {e}")).text, "deep", "{tag}");
    }
}

#[test]
fn spans_of_cells_have_limits() {
    let row = "<tr><td colspan='1000000' rowspan='1000000'>x</td></tr>";
    let xml = format!("<article><body><table-wrap><table>{}</table></table-wrap></body></article>", row.repeat(2000));
    let document = read(xml.as_bytes()).expect("an article");
    assert!(document.tables[0].rows.iter().map(Vec::len).sum::<usize>() < 600_000);
}

/// A change to a file: what and where.
#[derive(Clone, Debug)]
enum Change {
    Flip(u8),
    Cut,
    Truncate,
    Double,
}

fn changes() -> impl Strategy<Value = Vec<(Change, prop::sample::Index)>> {
    let change = prop_oneof![
        6 => any::<u8>().prop_map(Change::Flip),
        2 => Just(Change::Cut),
        1 => Just(Change::Truncate),
        2 => Just(Change::Double),
    ];
    prop::collection::vec((change, any::<prop::sample::Index>()), 1..6)
}

fn apply(mut bytes: Vec<u8>, changes: &[(Change, prop::sample::Index)]) -> Vec<u8> {
    for (change, place) in changes {
        let at = place.index(bytes.len().max(1));
        let end = (at + 12).min(bytes.len());
        match change {
            _ if bytes.is_empty() => {}
            Change::Flip(byte) => bytes[at] = *byte,
            Change::Cut => drop(bytes.drain(at..end)),
            Change::Truncate => bytes.truncate(at),
            Change::Double => {
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
        }
    }
    bytes
}

/// Words and markup in any order, well-formed by construction.
fn markup() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "[a-z]{1,6}[ .,(\\[]{0,2}",
        "[0-9]{1,3}",
        Just(" ".to_owned()),
        Just("\n  ".to_owned()),
        Just("&amp;".to_owned()),
        Just("&#x301;".to_owned()),
        Just("n&nbsp;".to_owned()),
        Just("&#xAD;--\u{200b}".to_owned()),
        Just("t(2; 17) (p23;q23)".to_owned()),
        Just("<xref ref-type='bibr' rid='r1'>1</xref>".to_owned()),
        Just("<xref ref-type='bibr' rid='r2'><sup>2</sup></xref>".to_owned()),
        Just("<xref ref-type='fig' rid='f'>Fig. 1</xref>".to_owned()),
        Just("<ref-list><ref id='r1'><label>1</label><citation><year>1</year></citation></ref></ref-list>".to_owned()),
        Just("<break/><!-- c -->".to_owned()),
    ];
    let tags = prop::sample::select(vec![
        "p",
        "sec",
        "title",
        "label",
        "sup",
        "sub",
        "italic",
        "xref",
        "fig",
        "caption",
        "table-wrap",
        "table",
        "tr",
        "td",
        "list",
        "list-item",
        "fn",
        "boxed-text",
        "def-list",
        "def-item",
        "term",
        "def",
        "fig-group",
        "ref",
        "citation",
        "name",
        "math",
        "msup",
        "mfrac",
        "inline-formula",
        "alternatives",
        "table-wrap-foot",
        "ack",
        "other",
    ]);
    leaf.prop_recursive(6, 60, 6, move |inner| {
        (tags.clone(), prop::collection::vec(inner, 0..6))
            .prop_map(|(tag, parts)| format!("<{tag}>{}</{tag}>", parts.concat()))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn damage_is_an_error_or_a_sound_document(article in 0..ARTICLES.len(), changes in changes()) {
        let bytes = apply(ARTICLES[article].1.as_bytes().to_vec(), &changes);
        // `read` fails on a panic and on a document that breaks the rules of the record.
        if let Ok(document) = read(&bytes) && document.source.encoding == "utf-8" {
            prop_assert_eq!(map::faults_of_map(&document, &bytes, 13), Vec::<String>::new());
        }
    }

    #[test]
    fn any_markup_gives_a_sound_document(body in prop::collection::vec(markup(), 1..12)) {
        let xml = format!("<article><front><article-meta/></front><body>{}</body></article>", body.concat());
        match read(xml.as_bytes()) {
            Ok(document) => prop_assert_eq!(map::faults_of_map(&document, xml.as_bytes(), 7), Vec::<String>::new()),
            Err(error) => prop_assert_eq!(error.to_string(), "the article has no title, no abstract and no text"),
        }
    }
}
