//! As much of an HTML reader as the tests need. It is strict: what it does not understand is a failure.

use std::collections::HashMap;

/// A start tag.
#[derive(Debug)]
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) attributes: HashMap<String, String>,
}

/// A page taken apart.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) tags: Vec<Tag>,
    /// Text with the names of the elements around it, the innermost last.
    pub(super) texts: Vec<(Vec<String>, String)>,
}

const VOID: [&str; 4] = ["meta", "input", "br", "hr"];

impl Page {
    /// Reads a page.
    ///
    /// # Panics
    /// If an element is not closed, an attribute not quoted, or a character reference unknown.
    pub(super) fn read(html: &str) -> Self {
        let mut page = Self::default();
        let mut open: Vec<String> = Vec::new();
        let mut rest = html.strip_prefix("<!DOCTYPE html>").expect("a doctype");
        while !rest.is_empty() {
            let next = rest.find('<').unwrap_or(rest.len());
            if next > 0 {
                page.texts.push((open.clone(), plain(&rest[..next])));
                rest = &rest[next..];
                continue;
            }
            let (tag, after) = tag(rest);
            rest = after;
            if let Some(name) = tag.name.strip_prefix('/') {
                let last = open.pop();
                assert_eq!(last.as_deref(), Some(name), "closes what is open; before {:.80}", rest);
                continue;
            }
            let closed = VOID.contains(&tag.name.as_str()) || tag.attributes.contains_key("/");
            if tag.name == "style" || tag.name == "script" {
                let end = rest.find(&format!("</{}>", tag.name)).expect("an end");
                rest = &rest[end + tag.name.len() + 3..];
            } else if !closed {
                open.push(tag.name.clone());
            }
            page.tags.push(tag);
        }
        assert_eq!(open, [""; 0], "all elements are closed");
        page
    }

    /// Values of an attribute wherever it stands.
    pub(super) fn values<'a>(&'a self, attribute: &'a str) -> impl Iterator<Item = &'a str> {
        self.tags.iter().filter_map(move |t| t.attributes.get(attribute)).map(String::as_str)
    }

    /// How many elements have a name.
    pub(super) fn count(&self, name: &str) -> usize {
        self.tags.iter().filter(|t| t.name == name).count()
    }
}

fn tag(html: &str) -> (Tag, &str) {
    let mut rest = &html[1..];
    let end =
        rest.find(|c: char| c.is_whitespace() || c == '>' || (c == '/' && !rest.starts_with('/'))).expect("a tag");
    let end = if rest.starts_with('/') { rest.find('>').expect("a tag") } else { end };
    let name = rest[..end].to_owned();
    let word = name.trim_start_matches('/');
    assert!(!word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric()), "a name of a tag: {name:?}");
    rest = &rest[end..];
    let mut attributes = HashMap::new();
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix('>') {
            return (Tag { name, attributes }, after);
        }
        if let Some(after) = rest.strip_prefix("/>") {
            attributes.insert("/".to_owned(), String::new());
            return (Tag { name, attributes }, after);
        }
        let end = rest.find(|c: char| c == '=' || c == '>' || c.is_whitespace()).expect("an attribute");
        let attribute = rest[..end].to_owned();
        assert!(attribute.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'), "an attribute: {attribute:?}");
        rest = &rest[end..];
        let value = match rest.strip_prefix("=\"") {
            Some(quoted) => {
                let end = quoted.find('"').expect("a quote");
                rest = &quoted[end + 1..];
                plain(&quoted[..end])
            }
            None => String::new(),
        };
        assert!(attributes.insert(attribute.clone(), value).is_none(), "{attribute} stands twice");
    }
}

fn plain(text: &str) -> String {
    let mut parts = text.split('&');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (reference, after) = part.split_once(';').expect("a character reference");
        out.push(match reference {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "#39" => '\'',
            other => panic!("&{other}; is not written by the escaper"),
        });
        out.push_str(after);
    }
    out
}
