//! Reader of journal articles in JATS XML.
//!
//! ```text
//! bytes ──encoding──> text ──tree──> elements ──article, blocks, inline──> words laid bare ──flat──> Document
//! ```
//!
//! JATS is ANSI/NISO Z39.96: the Archiving, Publishing and Authoring tag sets 1.0 to 1.4, and NLM 2 and 3 before them,
//! as PubMed Central, its OAI service and publishers give them. One file holds one article.
//!
//! Read are the title and its translations, abstracts, key words, the body, the back matter, figures with their
//! captions, tables, notes and references, in the order of the file; what is anchored within a paragraph follows it.
//! Left out are the journal, authors and their addresses, permissions, pictures, supplements, and `sub-article` and
//! `response` (which is said). Comments and processing instructions are no text. Of the document type nothing is
//! used: entities that it declares are never expanded and stay as written (which is said), files that it names are
//! never opened.

#![forbid(unsafe_code)]

mod article;
mod blocks;
mod cite;
mod encoding;
mod entity;
mod figures;
mod flat;
mod formula;
mod index;
mod inline;
mod kinds;
mod outline;
mod references;
mod script;
mod tables;
mod tag;
#[cfg(test)]
mod tests;
mod tree;

use casemill_plugin_sdk::prelude::*;

/// JATS XML, also NLM 2 and 3.
#[derive(Debug, Default)]
struct Jats;

impl Reader for Jats {
    const NAME: &'static str = "jats";
    const SUMMARY: &'static str =
        "JATS XML: sections, figures, tables, citations and references as the file marks them";

    fn signatures() -> Vec<Signature> {
        // The root element, its wrapper in PubMed Central's services, and the document type where that is long.
        ["<article", "<pmc-articleset", "-//NLM//DTD J"]
            .into_iter()
            .map(|contains| Signature {
                media_type: "application/jats+xml".into(),
                starts_with: "<".into(),
                contains: contains.into(),
                ..Signature::default()
            })
            .collect()
    }

    fn read(&mut self, source: &Source, bytes: &[u8]) -> Result<Document> {
        let (text, encoding) = encoding::text(bytes, &source.encoding)?;
        let source = Source { encoding: encoding.name().to_owned(), ..source.clone() };
        let xml = text.trim_start_matches('\u{feff}');
        article::read(xml, text.len() - xml.len(), source)
    }
}

export_plugin!(reader: Jats);
