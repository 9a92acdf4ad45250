//! OBO graphs JSON, <https://github.com/geneontology/obographs>.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::text::Lines;
use super::{Format, ImportError, Name, Retired, Scope, Term, Terminology, release};

#[derive(Deserialize)]
struct File<'t> {
    #[serde(borrow)]
    graphs: Vec<Graph<'t>>,
}

#[derive(Deserialize)]
struct Graph<'t> {
    #[serde(default)]
    meta: Meta,
    #[serde(borrow, default)]
    nodes: Vec<&'t RawValue>,
    #[serde(default)]
    edges: Vec<Edge>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Meta {
    version: Option<String>,
    basic_property_values: Vec<Property>,
    synonyms: Vec<Synonym>,
    xrefs: Vec<Xref>,
    deprecated: bool,
}

#[derive(Deserialize)]
struct Property {
    pred: String,
    #[serde(default)]
    val: String,
}

#[derive(Deserialize)]
struct Xref {
    #[serde(default)]
    val: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Synonym {
    #[serde(default)]
    pred: String,
    #[serde(default)]
    val: String,
    #[serde(default)]
    synonym_type: String,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    #[serde(default)]
    lbl: Option<String>,
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    meta: Meta,
}

#[derive(Deserialize)]
struct Edge {
    sub: String,
    pred: String,
    obj: String,
}

/// Reads the first graph of the file that has terms.
pub(super) fn read(text: &str) -> Result<Terminology, ImportError> {
    let wrong = |line: usize, error: &serde_json::Error| {
        let how = if error.is_eof() { "the file is cut off here".to_owned() } else { plain(error) };
        ImportError::at(line, how)
    };
    let file: File<'_> = serde_json::from_str(text).map_err(|e| wrong(e.line(), &e))?;
    let Some(graph) = file.graphs.into_iter().max_by_key(|g| g.nodes.len()) else {
        return Err(ImportError::at(1, "it holds no graph"));
    };
    let mut out = Terminology::new(Format::OboGraphs);
    out.release = release_of(&graph.meta);
    out.licence = property(&graph.meta, &["terms/license", "elements/1.1/license", "elements/1.1/rights"]);
    let mut lines = Lines::new(text);
    for raw in graph.nodes {
        let line = lines.of(raw.get());
        let node: Node = serde_json::from_str(raw.get()).map_err(|e| wrong(line + e.line().saturating_sub(1), &e))?;
        if node.kind.as_deref().is_some_and(|k| k != "CLASS") {
            continue;
        }
        let (Some(code), Some(label)) = (curie(&node.id), node.lbl) else { continue };
        if node.meta.deprecated {
            let replaced_by = node.meta.basic_property_values.iter().find(|p| p.pred.ends_with("IAO_0100001"));
            let replaced_by = replaced_by.map(|p| curie(&p.val).unwrap_or_else(|| p.val.clone()));
            let label = label.trim_start_matches("obsolete ").to_owned();
            out.retired.push(Retired { code, label, replaced_by });
            continue;
        }
        let alternatives = node.meta.basic_property_values.iter().filter(|p| p.pred.ends_with("hasAlternativeId"));
        out.retired.extend(alternatives.map(|p| Retired {
            code: curie(&p.val).unwrap_or_else(|| p.val.clone()),
            label: label.clone(),
            replaced_by: Some(code.clone()),
        }));
        let mut term = Term::new(line, code, label);
        for synonym in node.meta.synonyms {
            let scope = match synonym.pred.as_str() {
                "hasExactSynonym" => Scope::Exact,
                "hasNarrowSynonym" => Scope::Narrow,
                "hasBroadSynonym" => Scope::Broad,
                _ => Scope::Related,
            };
            if synonym.synonym_type.ends_with("obsolete_synonym") || synonym.val.trim().is_empty() {
                continue;
            }
            let abbreviation = synonym.synonym_type.ends_with("abbreviation");
            term.names.push(Name { words: synonym.val, scope, abbreviation });
        }
        term.xrefs = node.meta.xrefs.into_iter().map(|x| x.val).collect();
        out.terms.push(term);
    }
    let index: std::collections::HashMap<String, usize> =
        out.terms.iter().enumerate().map(|(i, t)| (t.code.clone(), i)).collect();
    for edge in graph.edges.iter().filter(|e| e.pred == "is_a") {
        let child = curie(&edge.sub).and_then(|c| index.get(&c));
        if let (Some(child), Some(parent)) = (child, curie(&edge.obj)) {
            out.terms[*child].parents.push(parent);
        }
    }
    // Terms that an ontology borrows from others are not its own.
    out.prefix = super::main_prefix(&out.terms);
    Ok(out)
}

/// What serde says, without the place, which stands in front.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(at) => format!("{} (column {})", &text[..at], error.column()),
        None => text,
    }
}

fn property(meta: &Meta, endings: &[&str]) -> Option<String> {
    endings.iter().find_map(|e| meta.basic_property_values.iter().find(|p| p.pred.ends_with(e))).map(|p| p.val.clone())
}

fn release_of(meta: &Meta) -> Option<String> {
    property(meta, &["owl#versionInfo"])
        .or_else(|| meta.version.as_deref().map(|v| release::of_text(v).unwrap_or_else(|| v.to_owned())))
}

/// `http://purl.obolibrary.org/obo/HP_0000001` is `HP:0000001`.
pub(super) fn curie(id: &str) -> Option<String> {
    let local = id.rsplit(['/', '#']).next()?;
    let (prefix, number) = if id.contains("://") { local.split_once('_')? } else { id.split_once(':')? };
    let fits = !prefix.is_empty()
        && !number.is_empty()
        && !id.chars().any(char::is_whitespace)
        && prefix.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
    fits.then(|| format!("{prefix}:{number}"))
}
