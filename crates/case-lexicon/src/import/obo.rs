//! OBO flat files, <https://owlcollab.github.io/oboformat/doc/obo-syntax.html>.

use super::{Format, ImportError, Name, Retired, Scope, Term, Terminology, release};

/// A stanza being read.
#[derive(Default)]
struct Stanza {
    line: usize,
    id: Option<String>,
    name: Option<String>,
    term: Vec<Name>,
    parents: Vec<String>,
    xrefs: Vec<String>,
    alternatives: Vec<String>,
    obsolete: bool,
    replaced_by: Option<String>,
}

/// Reads the `[Term]` stanzas.
pub(super) fn read(text: &str) -> Result<Terminology, ImportError> {
    let mut out = Terminology::new(Format::Obo);
    let mut stanza: Option<Stanza> = None;
    let mut in_header = true;
    for (number, line) in text.lines().enumerate() {
        let number = number + 1;
        let line = line.trim();
        if line.is_empty() || line.starts_with('!') {
            continue;
        }
        if let Some(kind) = line.strip_prefix('[') {
            let Some(kind) = kind.strip_suffix(']') else {
                return Err(ImportError::at(number, format!("{line:?} is the head of a stanza without its `]`")));
            };
            in_header = false;
            finish(stanza.take(), &mut out)?;
            stanza = (kind == "Term").then(|| Stanza { line: number, ..Stanza::default() });
            continue;
        }
        let Some((tag, value)) = line.split_once(':') else {
            return Err(ImportError::at(number, format!("{:?} is not of the form `tag: value`", short(line))));
        };
        let value = value.trim();
        if in_header {
            match tag {
                "data-version" => out.release = Some(release::of_text(value).unwrap_or_else(|| value.to_owned())),
                "property_value" if value.contains("license") => {
                    out.licence = value.split_whitespace().nth(1).map(|l| l.trim_matches('"').to_owned());
                }
                _ => {}
            }
            continue;
        }
        let Some(stanza) = &mut stanza else { continue };
        read_tag(stanza, tag, value, number)?;
    }
    let cut = stanza.as_ref().is_some_and(|s| s.id.is_none() || s.name.is_none() && !s.obsolete);
    if cut && !text.ends_with('\n') {
        let line = text.lines().count();
        return Err(ImportError::at(line, "the file is cut off here: its last term has no name"));
    }
    finish(stanza, &mut out)?;
    Ok(out)
}

fn read_tag(stanza: &mut Stanza, tag: &str, value: &str, number: usize) -> Result<(), ImportError> {
    match tag {
        "id" => stanza.id = Some(bare(value).to_owned()),
        "name" => stanza.name = Some(unescape(value)),
        "synonym" => {
            let parsed = synonym(value);
            let name = parsed.ok_or_else(|| {
                ImportError::at(number, format!("{:?} is not of the form `\"words\" SCOPE [...]`", short(value)))
            })?;
            stanza.term.push(name);
        }
        "is_a" => stanza.parents.push(bare(value).to_owned()),
        "xref" => stanza.xrefs.push(bare(value).to_owned()),
        "alt_id" => stanza.alternatives.push(bare(value).to_owned()),
        "is_obsolete" => stanza.obsolete = value.starts_with("true"),
        "replaced_by" => stanza.replaced_by = Some(bare(value).to_owned()),
        _ => {}
    }
    Ok(())
}

fn finish(stanza: Option<Stanza>, out: &mut Terminology) -> Result<(), ImportError> {
    let Some(stanza) = stanza else { return Ok(()) };
    let Some(id) = stanza.id else {
        return Err(ImportError::at(stanza.line, "the term has no `id:`"));
    };
    let label = stanza.name.unwrap_or_default();
    if stanza.obsolete {
        let label = label.trim_start_matches("obsolete ").to_owned();
        out.retired.push(Retired { code: id, label, replaced_by: stanza.replaced_by });
        return Ok(());
    }
    if label.is_empty() {
        return Err(ImportError::at(stanza.line, format!("the term {id} has no `name:`")));
    }
    out.retired.extend(stanza.alternatives.into_iter().map(|code| Retired {
        code,
        label: label.clone(),
        replaced_by: Some(id.clone()),
    }));
    let mut term = Term::new(stanza.line, id, label);
    (term.names, term.parents, term.xrefs) = (stanza.term, stanza.parents, stanza.xrefs);
    out.terms.push(term);
    Ok(())
}

/// The value without trailing modifiers and comment.
fn bare(value: &str) -> &str {
    value.split([' ', '{', '!']).next().unwrap_or(value)
}

/// `"words" EXACT abbreviation []`.
fn synonym(value: &str) -> Option<Name> {
    let rest = value.strip_prefix('"')?;
    let end = rest.char_indices().find(|(i, c)| *c == '"' && !rest[..*i].ends_with('\\'))?.0;
    let words = unescape(&rest[..end]);
    let rest: Vec<&str> = rest[end + 1..].split('[').next().unwrap_or_default().split_whitespace().collect();
    let scope = match rest.first().copied() {
        Some("EXACT") => Scope::Exact,
        Some("NARROW") => Scope::Narrow,
        Some("BROAD") => Scope::Broad,
        _ => Scope::Related,
    };
    Some(Name { words, scope, abbreviation: rest.iter().any(|r| r.contains("abbreviation")) })
}

fn unescape(value: &str) -> String {
    if !value.contains('\\') {
        return value.to_owned();
    }
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('W') => out.push(' '),
                Some(other) => out.push(other),
                None => {}
            },
            c => out.push(c),
        }
    }
    out
}

fn short(text: &str) -> String {
    text.chars().take(60).collect()
}
