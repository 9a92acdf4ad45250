//! Tables: HGNC's genes, DrugBank's open vocabulary, and any table with the columns code and label.

use std::collections::HashMap;

use super::{Format, Hints, ImportError, Name, Scope, Term, Terminology};

/// Names of columns, as makers of tables write them.
const CODE: &[&str] = &["code", "id", "curie", "identifier"];
const LABEL: &[&str] = &["label", "name", "term", "preferred_label", "preferred label"];
const SYNONYMS: &[&str] = &["synonyms", "synonym", "aliases", "alias"];
const KIND: &[&str] = &["kind", "type"];
const PARENTS: &[&str] = &["parents", "parent", "subclassof", "is_a"];

/// How the columns of a table are separated, and where its header stands.
#[derive(Clone, Copy)]
struct Shape {
    separator: char,
    /// Index of the header's line.
    header: usize,
}

/// The form of a table, by its header.
pub(super) fn format_of(text: &str) -> Option<Format> {
    if let Some((format, _)) = shape(text) {
        return Some(format);
    }
    let mut rows = text.lines().filter(|l| !l.starts_with('#') && !l.trim().is_empty());
    let first = rows.next()?;
    (first.split('\t').count() == 6).then_some(Format::Lexicon)
}

fn shape(text: &str) -> Option<(Format, Shape)> {
    let lines = text.lines().enumerate().filter(|(_, l)| !l.starts_with('#') && !l.trim().is_empty()).take(3);
    for (header, line) in lines {
        for separator in ['\t', ',', ';'] {
            let columns: Vec<String> = line.split(separator).map(clean).collect();
            let has = |names: &[&str]| columns.iter().any(|c| names.contains(&c.as_str()));
            let format = if has(&["drugbank id"]) && has(&["common name"]) {
                Format::DrugBank
            } else if has(&["hgnc_id", "hgnc", "hgnc id"]) && has(&["symbol", "symb", "approved symbol"]) {
                Format::Hgnc
            } else if has(CODE) && has(LABEL) {
                Format::Table
            } else {
                continue;
            };
            return Some((format, Shape { separator, header }));
        }
    }
    None
}

fn clean(cell: &str) -> String {
    unquoted(cell).to_lowercase()
}

fn unquoted(cell: &str) -> &str {
    let cell = cell.trim();
    cell.strip_prefix('"').and_then(|c| c.strip_suffix('"')).unwrap_or(cell).trim()
}

/// Columns of a table by name, and its rows with their lines.
struct Rows {
    columns: HashMap<String, usize>,
    header: usize,
    rows: Vec<(usize, Vec<String>)>,
}

impl Rows {
    fn read(text: &str, shape: Shape) -> Result<Self, ImportError> {
        let mut out = Self { columns: HashMap::new(), header: shape.header + 1, rows: Vec::new() };
        let mut take = |line: usize, cells: Vec<String>| -> Result<(), ImportError> {
            if out.columns.is_empty() {
                out.columns = cells.iter().enumerate().map(|(i, c)| (c.to_lowercase(), i)).rev().collect();
                return Ok(());
            }
            if cells.iter().all(String::is_empty) {
                return Ok(());
            }
            if cells.len() > out.columns.len() && cells[out.columns.len()..].iter().any(|c| !c.is_empty()) {
                let message = format!("has {} columns, the header {}", cells.len(), out.columns.len());
                return Err(ImportError::at(line, message));
            }
            out.rows.push((line, cells));
            Ok(())
        };
        if shape.separator == '\t' {
            for (i, line) in text.lines().enumerate().skip(shape.header) {
                if i == shape.header || !line.starts_with('#') {
                    take(i + 1, line.split('\t').map(|c| unquoted(c).to_owned()).collect())?;
                }
            }
            return Ok(out);
        }
        let start: usize = text.split_inclusive('\n').take(shape.header).map(str::len).sum();
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(shape.separator as u8)
            .from_reader(&text.as_bytes()[start..]);
        let mut record = csv::StringRecord::new();
        loop {
            let line = shape.header + reader.position().line() as usize;
            match reader.read_record(&mut record) {
                Ok(false) => return Ok(out),
                Ok(true) => {}
                Err(error) => return Err(ImportError::at(line, error.to_string())),
            }
            let until = shape.header + reader.position().line() as usize;
            if until > line + 40 {
                return Err(ImportError::at(line, "a quote opens on this line and does not close"));
            }
            let first = record.position().map_or(line, |p| shape.header + p.line() as usize);
            take(first, record.iter().map(|c| c.trim().to_owned()).collect())?;
        }
    }

    fn column(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|n| self.columns.get(*n).copied())
    }

    fn needed(&self, names: &[&str]) -> Result<usize, ImportError> {
        self.column(names)
            .ok_or_else(|| ImportError::at(self.header, format!("the header names no column {}", names.join(" or "))))
    }
}

/// Reads a table of one of the three forms.
pub(super) fn read(text: &str, format: Format, hints: &Hints) -> Result<Terminology, ImportError> {
    let Some((_, shape)) = shape(text) else { return Err(ImportError::at(1, "the table has no header")) };
    let rows = Rows::read(text, shape)?;
    let mut out = Terminology::new(format);
    out.release = stated_release(text);
    match format {
        Format::Hgnc => hgnc(&rows, &mut out)?,
        Format::DrugBank => drugbank(&rows, &mut out)?,
        _ => generic(&rows, hints, &mut out)?,
    }
    Ok(out)
}

/// `#release 2024-01-01` or `#release PREFIX=2024-01-01` among the first lines.
fn stated_release(text: &str) -> Option<String> {
    let stated = text.lines().take(50).find_map(|l| l.strip_prefix("#release "))?;
    Some(stated.rsplit('=').next().unwrap_or(stated).trim().to_owned()).filter(|r| !r.is_empty())
}

/// Code and label of a row.
fn named(line: usize, cells: &[String], code: usize, label: usize) -> Result<(&str, &str), ImportError> {
    let cell = |i: usize| cells.get(i).map_or("", String::as_str);
    match (cell(code), cell(label)) {
        ("", _) => Err(ImportError::at(line, "has no code")),
        (code, "") => Err(ImportError::at(line, format!("{code} has no label; the line may be cut off"))),
        pair => Ok(pair),
    }
}

fn parts(cells: &[String], column: Option<usize>, separator: char) -> impl Iterator<Item = &str> {
    let cell = column.and_then(|c| cells.get(c)).map_or("", String::as_str);
    cell.split(separator).map(str::trim).filter(|p| !p.is_empty())
}

fn generic(rows: &Rows, hints: &Hints, out: &mut Terminology) -> Result<(), ImportError> {
    let (code, label) = (rows.needed(CODE)?, rows.needed(LABEL)?);
    let (synonyms, kind, parents) = (rows.column(SYNONYMS), rows.column(KIND), rows.column(PARENTS));
    let prefix = hints.name.to_uppercase();
    let curie = |code: &str, line: usize| {
        if code.contains(char::is_whitespace) {
            return Err(ImportError::at(line, format!("{code:?} is not a code: it holds white space")));
        }
        Ok(if code.contains(':') { code.to_owned() } else { format!("{prefix}:{code}") })
    };
    let mut known: HashMap<String, usize> = HashMap::new();
    for (line, cells) in &rows.rows {
        let (own, label) = named(*line, cells, code, label)?;
        let mut term = Term::new(*line, curie(own, *line)?, label);
        parts(cells, synonyms, '|').for_each(|s| term.add(s, Scope::Exact));
        term.kind = parts(cells, kind, '|').next().unwrap_or_default().to_owned();
        // Parents are codes in some tables and labels in others (HumanDO.tsv); labels order nothing.
        term.parents = parts(cells, parents, '|').filter(|p| p.contains(':')).map(str::to_owned).collect();
        // Results of queries have a row for each parent or synonym.
        match known.get(&term.code).map(|i| &mut out.terms[*i]).filter(|t| t.label == term.label) {
            Some(same) => {
                term.names.iter().for_each(|n| same.add(&n.words, n.scope));
                same.parents.extend(term.parents);
            }
            None => {
                known.insert(term.code.clone(), out.terms.len());
                out.terms.push(term);
            }
        }
    }
    Ok(())
}

/// <https://www.genenames.org/download/>: `hgnc_complete_set.txt`, a custom download, or a table made from it.
fn hgnc(rows: &Rows, out: &mut Terminology) -> Result<(), ImportError> {
    out.prefix = "HGNC".into();
    out.licence = Some("CC0".into());
    let id = rows.needed(&["hgnc_id", "hgnc", "hgnc id"])?;
    let symbol = rows.needed(&["symbol", "symb", "approved symbol"])?;
    let name = rows.column(&["name", "approved name"]);
    let status = rows.column(&["status"]);
    let symbols = ["alias_symbol", "prev_symbol", "alias symbols", "previous symbols", "synonym1", "synonym2"];
    let words = ["alias_name", "prev_name"];
    let (band, entrez) = (rows.column(&["location", "chromosome"]), rows.column(&["entrez_id", "entr"]));
    let changed = rows.column(&["date_modified"]);
    let mut newest = "";
    let mut known: HashMap<String, usize> = HashMap::new();
    for (line, cells) in &rows.rows {
        if parts(cells, Some(id), '\0').next().is_none() {
            // Tables made from HGNC's list genes that HGNC does not name.
            continue;
        }
        let (own, label) = named(*line, cells, id, symbol)?;
        let code = if own.starts_with("HGNC:") { own.to_owned() } else { format!("HGNC:{own}") };
        if !code[5..].bytes().all(|b| b.is_ascii_digit()) || code.len() == 5 {
            return Err(ImportError::at(*line, format!("{own:?} is not an HGNC id; the columns may be shifted")));
        }
        if parts(cells, status, '|').next().is_some_and(|s| s.contains("Withdrawn")) {
            let label = label.to_owned();
            out.retired.push(super::Retired { code, label, replaced_by: None });
            continue;
        }
        newest = newest.max(parts(cells, changed, '|').next().unwrap_or_default());
        // A gene with two Ensembl genes stands twice in some tables.
        let place = match known.get(&code).copied() {
            Some(place) if out.terms[place].label == label => place,
            _ => {
                out.terms.push(Term::new(*line, code.clone(), label));
                known.insert(code, out.terms.len() - 1);
                out.terms.len() - 1
            }
        };
        let term = &mut out.terms[place];
        for column in symbols {
            let separator = if column.ends_with("symbols") { ',' } else { '|' };
            parts(cells, rows.column(&[column]), separator).for_each(|s| term.add(s, Scope::Exact));
        }
        if term.label == label && term.attrs.is_empty() {
            for (key, column) in [("band", band), ("entrez", entrez)] {
                if let Some(value) = parts(cells, column, '\0').next().filter(|v| !v.contains([';', '='])) {
                    term.attrs.push((key.to_owned(), value.to_owned()));
                }
            }
        }
        for column in std::iter::once(name).chain(words.map(|w| rows.column(&[w]))) {
            for words in parts(cells, column, '|') {
                let known = term.names.iter().any(|n| n.words == words) || term.label == words;
                if !known {
                    term.names.push(Name { words: words.to_owned(), scope: Scope::Related, abbreviation: false });
                }
            }
        }
    }
    if !newest.is_empty() {
        out.release = Some(newest.to_owned());
    }
    Ok(())
}

/// <https://go.drugbank.com/releases/latest#open-data>: `drugbank vocabulary.csv`.
fn drugbank(rows: &Rows, out: &mut Terminology) -> Result<(), ImportError> {
    out.prefix = "DRUGBANK".into();
    out.licence = Some("CC0".into());
    let (id, name) = (rows.needed(&["drugbank id"])?, rows.needed(&["common name"])?);
    let (synonyms, accessions) = (rows.column(&["synonyms"]), rows.column(&["accession numbers"]));
    for (line, cells) in &rows.rows {
        let (own, label) = named(*line, cells, id, name)?;
        if !(own.starts_with("DB") && own[2..].bytes().all(|b| b.is_ascii_digit()) && own.len() > 2) {
            return Err(ImportError::at(*line, format!("{own:?} is not a DrugBank id; the columns may be shifted")));
        }
        let code = format!("DRUGBANK:{own}");
        for accession in parts(cells, accessions, '|').filter(|a| a.starts_with("DB") && *a != own) {
            out.retired.push(super::Retired {
                code: format!("DRUGBANK:{accession}"),
                label: label.to_owned(),
                replaced_by: Some(code.clone()),
            });
        }
        let mut term = Term::new(*line, code, label);
        parts(cells, synonyms, '|').for_each(|s| term.add(s, Scope::Exact));
        out.terms.push(term);
    }
    Ok(())
}

/// A lexicon of casemill: six columns, `#release` lines.
pub(super) fn lexicon(text: &str, hints: &Hints) -> Result<Terminology, ImportError> {
    let file = crate::parse(&hints.file, text).map_err(|errors| match errors.into_iter().next() {
        Some(error) => ImportError::at(error.line, error.message),
        None => ImportError::at(0, "it cannot be read"),
    })?;
    let mut out = Terminology::new(Format::Lexicon);
    out.release = file.releases.first().map(|(_, r)| r.clone());
    for row in file.rows {
        let code = if row.code.is_empty() { format!("{}:{}", hints.name.to_uppercase(), row.line) } else { row.code };
        let mut term = Term::new(row.line, code, row.label);
        row.synonyms.iter().for_each(|s| term.add(&s.words, Scope::Exact));
        term.kind = row.kind;
        term.attrs = row.attrs;
        out.terms.push(term);
    }
    Ok(out)
}
