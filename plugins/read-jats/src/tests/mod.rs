//! Tests on whole articles.

mod corpus;
mod faults;
mod map;
mod phrases;
mod render;

use casemill_plugin_sdk::prelude::*;
use casemill_plugin_sdk::{serde_json, testkit};

use crate::Jats;

/// Reads an article as the host does; fails on a document that breaks the rules of the record.
fn read(xml: &[u8]) -> Result<Document> {
    testkit::read::<Jats>(Source::default(), xml, serde_json::Value::Null)
}

/// Articles written for these tests.
const ARTICLES: [(&str, &str); 4] = [
    ("case_report", include_str!("articles/case-report.xml")),
    ("letter_nlm2", include_str!("articles/letter-nlm2.xml")),
    ("oai_abstract", include_str!("articles/oai-abstract.xml")),
    ("cals_table", include_str!("articles/cals-table.xml")),
];

#[test]
fn articles_are_read_as_they_are_printed() {
    for (name, xml) in ARTICLES {
        let document = read(xml.as_bytes()).unwrap_or_else(|e| panic!("{name}: {e}"));
        insta::assert_snapshot!(name, render::render(&document));
    }
}

#[test]
fn every_character_leads_back_to_the_file() {
    for (name, xml) in ARTICLES {
        let document = read(xml.as_bytes()).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(map::faults_of_map(&document, xml.as_bytes(), 17), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn the_same_file_gives_the_same_document() {
    for (_, xml) in ARTICLES {
        let once = read(xml.as_bytes()).ok();
        assert_eq!(once, read(xml.as_bytes()).ok());
        assert!(once.is_some());
    }
}
