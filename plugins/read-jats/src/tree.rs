//! XML as a tree of offsets into the file.
//!
//! The tree is one list of nodes; text and references are nodes as elements are. Comments, processing instructions and
//! the document type with all it declares are left behind here: nothing is expanded, fetched or defaulted.

use casemill_plugin_sdk::prelude::{Error, Result};
use quick_xml::Reader;
use quick_xml::errors::IllFormedError;
use quick_xml::events::{BytesStart, Event};

use crate::entity;
use crate::tag::{Attr, Tag};

/// Most elements within each other. Articles have some thirty levels, formulas included.
pub(crate) const MAX_DEPTH: usize = 256;
/// Most attributes of an element.
pub(crate) const MAX_ATTRIBUTES: usize = 256;
/// Most bytes of a file. The largest articles of PubMed Central, with all their tables, have a tenth of it.
pub(crate) const MAX_BYTES: usize = 256 << 20;

/// A node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Id(u32);

/// No node.
const NONE: u32 = u32::MAX;

#[derive(Clone, Copy, Debug)]
struct Node {
    tag: Tag,
    /// First byte: of the tag, the text, the `&`.
    start: u32,
    /// One past the last byte: of the end tag, the text, the `;`.
    end: u32,
    parent: u32,
    first: u32,
    next: u32,
    /// First attribute in the list of all attributes, and how many.
    attributes: (u32, u32),
}

/// A parsed file.
#[derive(Debug)]
pub(crate) struct Tree<'a> {
    /// The file.
    pub(crate) xml: &'a str,
    nodes: Vec<Node>,
    attributes: Vec<(Attr, &'a str)>,
}

impl<'a> Tree<'a> {
    /// Parses a file.
    ///
    /// # Errors
    /// What is not well-formed XML, and where, or which limit it goes beyond.
    pub(crate) fn parse(xml: &'a str) -> Result<Self> {
        if xml.len() > MAX_BYTES {
            return Err(Error::new(format!("the file has {} bytes; {MAX_BYTES} are the most that is read", xml.len()))
                .help("give each article a file of its own"));
        }
        let mut parser = Parser::new(xml);
        let mut reader = Reader::from_str(xml);
        loop {
            let event = reader.read_event().map_err(|e| parser.malformed(&e, reader.error_position() as usize))?;
            if !parser.add(event)? {
                return Ok(parser.tree);
            }
        }
    }

    /// All nodes in the order of the file.
    pub(crate) fn all(&self) -> impl Iterator<Item = Id> + use<> {
        (0..self.nodes.len() as u32).map(Id)
    }

    fn node(&self, id: Id) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// What a node is.
    pub(crate) fn tag(&self, id: Id) -> Tag {
        self.node(id).tag
    }

    /// The bytes of a node, tags included.
    pub(crate) fn range(&self, id: Id) -> (usize, usize) {
        (self.node(id).start as usize, self.node(id).end as usize)
    }

    /// The bytes of a node as written.
    pub(crate) fn raw(&self, id: Id) -> &'a str {
        let (start, end) = self.range(id);
        &self.xml[start..end]
    }

    /// The element that holds a node.
    pub(crate) fn parent(&self, id: Id) -> Option<Id> {
        Some(self.node(id).parent).filter(|i| *i != NONE).map(Id)
    }

    /// The first node within an element.
    pub(crate) fn first(&self, id: Id) -> Option<Id> {
        Some(self.node(id).first).filter(|i| *i != NONE).map(Id)
    }

    /// The node behind a node within the same element.
    pub(crate) fn next(&self, id: Id) -> Option<Id> {
        Some(self.node(id).next).filter(|i| *i != NONE).map(Id)
    }

    /// The nodes directly within an element.
    pub(crate) fn children(&self, id: Id) -> impl Iterator<Item = Id> + use<'_, 'a> {
        std::iter::successors(self.first(id), |child| self.next(*child))
    }

    /// The first child of that kind.
    pub(crate) fn child(&self, id: Id, tag: Tag) -> Option<Id> {
        self.children(id).find(|child| self.tag(*child) == tag)
    }

    /// The nodes within an element at any depth, in the order of the file.
    pub(crate) fn within(&self, id: Id) -> impl Iterator<Item = Id> + use<'_, 'a> {
        let end = self.node(id).end;
        (id.0 + 1..self.nodes.len() as u32).map(Id).take_while(move |i| self.node(*i).start < end)
    }

    /// An attribute as written.
    pub(crate) fn attribute(&self, id: Id, attribute: Attr) -> Option<&'a str> {
        let (first, count) = self.node(id).attributes;
        let list = &self.attributes[first as usize..(first + count) as usize];
        list.iter().find(|(name, _)| *name == attribute).map(|(_, value)| value.trim())
    }

    /// True if there is anything to read within a node.
    pub(crate) fn has_text(&self, id: Id) -> bool {
        std::iter::once(id).chain(self.within(id)).any(|i| match self.tag(i) {
            Tag::Text => !self.raw(i).trim().is_empty(),
            Tag::Entity => true,
            _ => false,
        })
    }

    /// The first character within a node.
    pub(crate) fn first_character(&self, id: Id) -> Option<char> {
        std::iter::once(id).chain(self.within(id)).find_map(|node| match self.tag(node) {
            Tag::Text => self.raw(node).chars().next(),
            Tag::Entity => self.words(node).chars().next(),
            _ => None,
        })
    }

    /// Appends the characters within a node, references resolved.
    pub(crate) fn characters(&self, id: Id, out: &mut String) {
        for node in std::iter::once(id).chain(self.within(id)) {
            match self.tag(node) {
                Tag::Text => out.push_str(self.raw(node)),
                Tag::Entity => {
                    let raw = self.raw(node);
                    out.push_str(&entity::resolve(&raw[1..raw.len() - 1]).unwrap_or(raw.into()));
                }
                _ => {}
            }
        }
    }

    /// The words within a node, references resolved, spaces made one.
    pub(crate) fn words(&self, id: Id) -> String {
        let mut characters = String::new();
        self.characters(id, &mut characters);
        let mut out = String::with_capacity(characters.len());
        for word in characters.split_whitespace() {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(word);
        }
        out
    }
}

/// Says what is wrong at byte `offset` of the file.
pub(crate) fn fault(xml: &str, offset: usize, message: impl std::fmt::Display) -> Error {
    let mut offset = offset.min(xml.len());
    while !xml.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = &xml[..offset];
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    let column = before[before.rfind('\n').map_or(0, |i| i + 1)..].chars().count() + 1;
    Error::new(format!("line {line}, column {column}: {message}"))
}

struct Parser<'a> {
    tree: Tree<'a>,
    /// Open elements, the innermost last, each with its last child so far.
    open: Vec<(u32, u32)>,
}

impl<'a> Parser<'a> {
    fn new(xml: &'a str) -> Self {
        let nodes = Vec::with_capacity(xml.len() / 24);
        Self { tree: Tree { xml, nodes, attributes: Vec::new() }, open: Vec::new() }
    }

    /// Where a part of the file that the parser lends out stands.
    fn offset_of(&self, part: &str) -> usize {
        (part.as_ptr() as usize).saturating_sub(self.tree.xml.as_ptr() as usize)
    }

    /// Takes an event; false at the end of the file.
    fn add(&mut self, event: Event<'a>) -> Result<bool> {
        match event {
            Event::Start(tag) => {
                let id = self.element(&tag)?;
                if self.open.len() == MAX_DEPTH {
                    let message = format!("more than {MAX_DEPTH} elements within each other");
                    return Err(fault(self.tree.xml, self.tree.nodes[id as usize].start as usize, message));
                }
                self.open.push((id, NONE));
            }
            Event::Empty(tag) => {
                self.element(&tag)?;
            }
            Event::End(tag) => {
                let name = self.offset_of(tag.name().0);
                let end = name + self.tree.xml[name..].find('>').map_or(0, |i| i + 1);
                if let Some((id, _)) = self.open.pop() {
                    self.tree.nodes[id as usize].end = end as u32;
                }
            }
            Event::Text(text) => self.text(&text.into_inner())?,
            Event::CData(text) => self.text(&text.into_inner())?,
            Event::GeneralRef(name) => {
                let name = name.into_inner();
                let start = self.offset_of(&name) - 1;
                self.leaf(Tag::Entity, start, start + name.len() + 2)?;
            }
            Event::Eof => return self.finish().map(|()| false),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
        Ok(true)
    }

    fn element(&mut self, tag: &BytesStart<'_>) -> Result<u32> {
        let name = self.offset_of(tag.name().0);
        let local = tag.local_name();
        let first = self.tree.attributes.len() as u32;
        self.attributes(tag, name)?;
        let end = name + tag.len() + 1 + usize::from(self.tree.xml[name + tag.len()..].starts_with('/'));
        let id = self.push(Tag::of(local.as_ref().as_bytes()), name - 1, end);
        self.tree.nodes[id as usize].attributes = (first, self.tree.attributes.len() as u32 - first);
        Ok(id)
    }

    fn attributes(&mut self, tag: &BytesStart<'_>, start: usize) -> Result<()> {
        let xml = self.tree.xml;
        for (i, attribute) in tag.attributes().with_checks(false).enumerate() {
            let attribute = attribute.map_err(|_| {
                fault(
                    xml,
                    start - 1,
                    format!("the attributes of <{}> are not of the form name=\"value\"", tag.name().0),
                )
            })?;
            if i == MAX_ATTRIBUTES {
                return Err(fault(xml, start - 1, format!("an element with more than {MAX_ATTRIBUTES} attributes")));
            }
            let known = Attr::of(attribute.key.0.as_bytes());
            if known != Attr::Other {
                let value = self.offset_of(&attribute.value);
                self.tree.attributes.push((known, &xml[value..value + attribute.value.len()]));
            }
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<()> {
        let start = self.offset_of(text);
        self.leaf(Tag::Text, start, start + text.len())
    }

    /// Adds text or a reference. Outside of all elements only space may stand.
    fn leaf(&mut self, tag: Tag, start: usize, end: usize) -> Result<()> {
        if !self.open.is_empty() {
            self.push(tag, start, end);
            return Ok(());
        }
        let words = self.tree.xml[start..end].trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if words.is_empty() {
            return Ok(());
        }
        let side = if self.tree.nodes.is_empty() { "before the first" } else { "behind the last" };
        let at = self.offset_of(words);
        Err(fault(self.tree.xml, at, format!("text {side} element; this is not a whole XML file"))
            .help("get the article's XML file again"))
    }

    fn push(&mut self, tag: Tag, start: usize, end: usize) -> u32 {
        let id = self.tree.nodes.len() as u32;
        let parent = self.open.last().map_or(NONE, |(parent, _)| *parent);
        self.tree.nodes.push(Node {
            tag,
            start: start as u32,
            end: end as u32,
            parent,
            first: NONE,
            next: NONE,
            attributes: (0, 0),
        });
        if let Some((parent, last)) = self.open.last_mut() {
            match *last {
                NONE => self.tree.nodes[*parent as usize].first = id,
                before => self.tree.nodes[before as usize].next = id,
            }
            *last = id;
        }
        id
    }

    /// The names of the open elements as a path, the outer ones left out where they are many.
    fn path(&self) -> String {
        let skipped = self.open.len().saturating_sub(6);
        let names = self.open[skipped..].iter().map(|(id, _)| {
            let rest = &self.tree.xml[self.tree.nodes[*id as usize].start as usize + 1..];
            rest.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next().unwrap_or_default()
        });
        let path = names.collect::<Vec<_>>().join("/");
        if skipped > 0 { format!(".../{path}") } else { path }
    }

    fn finish(&self) -> Result<()> {
        if !self.open.is_empty() {
            let message = format!("the file ends within {}; it is cut off", self.path());
            return Err(fault(self.tree.xml, self.tree.xml.len(), message).help("get the article's XML file again"));
        }
        if self.tree.nodes.is_empty() {
            return Err(Error::new("the file holds no XML element").help("give the article's JATS XML file"));
        }
        Ok(())
    }

    /// Says what the parser stumbled over.
    fn malformed(&self, error: &quick_xml::Error, offset: usize) -> Error {
        let xml = self.tree.xml;
        let message = match error {
            quick_xml::Error::IllFormed(IllFormedError::MismatchedEndTag { expected, found }) => {
                format!("</{found}> where </{expected}> was expected (within {})", self.path())
            }
            quick_xml::Error::IllFormed(IllFormedError::UnmatchedEndTag(found)) => {
                format!("</{found}> ends nothing that was begun")
            }
            quick_xml::Error::IllFormed(IllFormedError::UnclosedReference) => {
                "& without the ; of a character reference; a lone & is written &amp;".to_owned()
            }
            quick_xml::Error::Syntax(error) => {
                return fault(xml, offset, format!("{error}; the file is cut off or damaged"))
                    .help("get the article's XML file again");
            }
            other => other.to_string(),
        };
        fault(xml, offset, message).help("repair the XML there, or get the article's XML file again")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(xml: &str) -> String {
        Tree::parse(xml).err().map_or_else(|| "read".into(), |e| e.to_string())
    }

    #[test]
    fn nodes_know_their_bytes() {
        let xml = "\u{feff}<?xml version='1.0'?>\n<a id=' x '>é&amp;<b/><![CDATA[<c>]]><!-- no --></a >\n";
        let tree = Tree::parse(xml).unwrap();
        let raw: Vec<&str> = tree.all().map(|i| tree.raw(i)).collect();
        assert_eq!(raw, ["<a id=' x '>é&amp;<b/><![CDATA[<c>]]><!-- no --></a >", "é", "&amp;", "<b/>", "<c>"]);
        assert_eq!(tree.attribute(Id(0), Attr::Id), Some("x"));
        assert_eq!(tree.words(Id(0)), "é&<c>");
    }

    #[test]
    fn faults_name_their_place() {
        assert_eq!(error("<a>\n <b></a>"), "line 2, column 5: </a> where </b> was expected (within a/b)");
        assert_eq!(error("<a>\n é<b>x"), "line 2, column 7: the file ends within a/b; it is cut off");
        assert_eq!(
            error("<a>R & D</a>"),
            "line 1, column 6: & without the ; of a character reference; a lone & is written &amp;"
        );
        assert_eq!(error("</a>"), "line 1, column 1: </a> ends nothing that was begun");
        assert_eq!(error("<a b=c/>"), "line 1, column 1: the attributes of <a> are not of the form name=\"value\"");
        assert_eq!(error("<a/>\nmore"), "line 2, column 1: text behind the last element; this is not a whole XML file");
        assert_eq!(error("<!-- nothing -->"), "the file holds no XML element");
        assert!(error("<a><b c='").starts_with("line 1, column 4: "), "{}", error("<a><b c='"));
    }

    #[test]
    fn limits_hold() {
        let deep = "<a>".repeat(MAX_DEPTH + 1);
        assert!(error(&deep).contains("elements within each other"), "{}", error(&deep));
        let wide = format!("<a {}/>", "b='' ".repeat(MAX_ATTRIBUTES + 1));
        assert!(error(&wide).contains("attributes"), "{}", error(&wide));
    }

    #[test]
    fn nothing_is_expanded() {
        let bomb = "<!DOCTYPE a [<!ENTITY l 'lol'><!ENTITY m '&l;&l;&l;'><!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&m;&x;</a>";
        let tree = Tree::parse(bomb).unwrap();
        assert_eq!(tree.words(Id(0)), "&m;&x;");
    }
}
