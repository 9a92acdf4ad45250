//! OncoTree, <https://oncotree.mskcc.org>: the nested tree, or the flat list of its service.

use serde_json::{Map, Value};

use super::{Format, ImportError, Scope, Term, Terminology};

/// Reads either form.
pub(super) fn read(text: &str) -> Result<Terminology, ImportError> {
    let value: Value = serde_json::from_str(text).map_err(|e| {
        let how = if e.is_eof() { "the file is cut off here".to_owned() } else { e.to_string() };
        ImportError::at(e.line(), how)
    })?;
    let mut out = Terminology::new(Format::OncoTree);
    out.prefix = "ONCOTREE".into();
    let mut walker = Walker { text, out };
    match &value {
        Value::Object(roots) => roots.values().try_for_each(|node| walker.node(node, 0))?,
        Value::Array(list) => list.iter().try_for_each(|node| walker.node(node, 0))?,
        _ => return Err(ImportError::at(1, "it is no tree")),
    }
    Ok(walker.out)
}

struct Walker<'t> {
    text: &'t str,
    out: Terminology,
}

/// Deeper trees are refused: OncoTree has seven levels.
const DEEPEST: usize = 64;

impl Walker<'_> {
    /// The line of a code; the tree itself knows no lines.
    fn line(&self, code: &str) -> usize {
        let at = self.text.find(&format!("\"{code}\"")).unwrap_or_default();
        super::text::line_at(self.text, at)
    }

    fn node(&mut self, node: &Value, depth: usize) -> Result<(), ImportError> {
        let Value::Object(fields) = node else {
            return Err(ImportError::at(1, "a node of the tree is no object"));
        };
        let text = |key: &str| fields.get(key).and_then(Value::as_str).unwrap_or_default().trim();
        let code = text("code");
        if code.is_empty() || text("name").is_empty() {
            let what = if code.is_empty() { "a node has no code".to_owned() } else { format!("{code} has no name") };
            return Err(ImportError::at(self.line(code), what));
        }
        if depth > DEEPEST {
            return Err(ImportError::at(self.line(code), format!("{code} lies more than {DEEPEST} levels deep")));
        }
        let mut term = Term::new(self.line(code), format!("ONCOTREE:{code}"), text("name"));
        let parent = text("parent");
        if !parent.is_empty() {
            term.parents.push(format!("ONCOTREE:{parent}"));
        }
        term.xrefs = references(fields, "NCI", "NCIT").chain(references(fields, "UMLS", "UMLS")).collect();
        if fields.get("level").and_then(Value::as_u64).is_some_and(|l| l <= 1) || parent.is_empty() {
            // "Lung" is the place of tumours and none itself.
            term.attrs.push(("tissue".into(), "1".into()));
        }
        let plain = text("name").trim_end_matches(", NOS");
        term.add(plain, Scope::Exact);
        if matches!(text("tissue"), "Lymphoid" | "Myeloid") {
            term.attrs.push(("line".into(), "haematological".into()));
        }
        self.out.terms.push(term);
        match fields.get("children") {
            Some(Value::Object(children)) => children.values().try_for_each(|c| self.node(c, depth + 1)),
            _ => Ok(()),
        }
    }
}

fn references(fields: &Map<String, Value>, key: &str, prefix: &str) -> impl Iterator<Item = String> {
    let list = fields.get("externalReferences").and_then(|r| r.get(key)).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).map(move |id| format!("{prefix}:{id}"))
}
