//! Lexicon files: tab-separated rows, one concept each.

use std::fmt;

/// How the letter case of a form is treated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Case {
    /// In any case.
    #[default]
    Folded,
    /// As written only (`=ALK`).
    Exact,
    /// As written, and only where the document defines it or the grammar asks for its kind (`?MET`).
    Ambiguous,
}

/// A form of a concept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Synonym {
    /// The words.
    pub words: String,
    /// Treatment of letter case.
    pub case: Case,
}

/// One concept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Line of the file, from 1.
    pub line: usize,
    /// What the concept is: `finding`, `drug`, ...
    pub kind: String,
    /// Its code as CURIE, or empty.
    pub code: String,
    /// The label of the code in its release, or the usual name.
    pub label: String,
    /// Other words for it.
    pub synonyms: Vec<Synonym>,
    /// Further codes with their labels.
    pub xrefs: Vec<(String, String)>,
    /// Attributes.
    pub attrs: Vec<(String, String)>,
}

impl Row {
    /// The value of an attribute.
    pub fn attr(&self, key: &str) -> Option<&str> {
        self.attrs.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
    }

    /// All forms: the label, unless the row says that nobody writes it, and the synonyms.
    pub fn forms(&self) -> impl Iterator<Item = (&str, Case)> {
        let label = (self.attr("label") != Some("code")).then_some((self.label.as_str(), Case::Folded));
        label.into_iter().chain(self.synonyms.iter().map(|s| (s.words.as_str(), s.case)))
    }
}

/// A lexicon file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LexiconFile {
    /// Name, for messages.
    pub name: String,
    /// Release of each prefix, `unverified` where labels could not be compared.
    pub releases: Vec<(String, String)>,
    /// Concepts in the order of the file.
    pub rows: Vec<Row>,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    /// File.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What and how to mend it.
    pub message: String,
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

impl std::error::Error for RowError {}

/// Reads a lexicon file.
///
/// # Errors
/// All lines that are wrong, not just the first.
pub fn parse(name: &str, text: &str) -> Result<LexiconFile, Vec<RowError>> {
    let mut file = LexiconFile { name: name.to_owned(), ..LexiconFile::default() };
    let mut errors = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let mut wrong = |message: String| errors.push(RowError { file: name.to_owned(), line: number + 1, message });
        if let Some(release) = line.strip_prefix("#release ") {
            match release.split_once('=') {
                Some((prefix, release)) => file.releases.push((prefix.trim().to_owned(), release.trim().to_owned())),
                None => wrong("a release line is `#release PREFIX=VERSION`".to_owned()),
            }
            continue;
        }
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        match row(line, number + 1) {
            Ok(row) => {
                for code in std::iter::once(&row.code).chain(row.xrefs.iter().map(|(code, _)| code)) {
                    let prefix = code.split(':').next().unwrap_or_default();
                    if !code.is_empty() && !file.releases.iter().any(|(p, _)| p == prefix) {
                        wrong(format!("the release of {prefix} is not named; add `#release {prefix}=VERSION` above"));
                    }
                }
                file.rows.push(row);
            }
            Err(message) => wrong(message),
        }
    }
    if errors.is_empty() { Ok(file) } else { Err(errors) }
}

fn row(line: &str, number: usize) -> Result<Row, String> {
    let columns: Vec<&str> = line.split('\t').collect();
    let [kind, code, label, synonyms, xrefs, attrs] = columns[..] else {
        return Err(format!("has {} columns; a row has six, separated by tabs", columns.len()));
    };
    if label.trim().is_empty() {
        return Err("has no label".to_owned());
    }
    let curie = |code: &str| {
        code.split_once(':').is_some_and(|(prefix, local)| !prefix.is_empty() && !local.is_empty())
            && !code.contains(char::is_whitespace)
    };
    if !code.is_empty() && !curie(code) {
        return Err(format!("{code:?} is not a code of the form PREFIX:LOCAL"));
    }
    let parts = |column: &str, separator: char| -> Vec<String> {
        column.split(separator).filter(|p| !p.is_empty()).map(str::to_owned).collect()
    };
    let synonyms = parts(synonyms, '|')
        .into_iter()
        .map(|form| match form.as_bytes()[0] {
            b'=' => Synonym { words: form[1..].to_owned(), case: Case::Exact },
            b'?' => Synonym { words: form[1..].to_owned(), case: Case::Ambiguous },
            _ => Synonym { words: form, case: Case::Folded },
        })
        .collect();
    let pairs = |column: &str, separator: char, what: &str| -> Result<Vec<(String, String)>, String> {
        parts(column, separator)
            .into_iter()
            .map(|pair| match pair.split_once('=') {
                Some((key, value)) => Ok((key.to_owned(), value.to_owned())),
                None => Err(format!("{what} {pair:?} is not of the form KEY=VALUE")),
            })
            .collect()
    };
    let xrefs = pairs(xrefs, '|', "the cross reference")?;
    if let Some((code, _)) = xrefs.iter().find(|(code, _)| !curie(code)) {
        return Err(format!("{code:?} is not a code of the form PREFIX:LOCAL"));
    }
    Ok(Row {
        line: number,
        kind: kind.to_owned(),
        code: code.to_owned(),
        label: label.to_owned(),
        synonyms,
        xrefs,
        attrs: pairs(attrs, ';', "the attribute")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_six_columns() {
        let file = parse("t", "#release HP=1\nfinding\tHP:1\tFever\tpyrexia|=FUO|?HT\t\tclass=sign\n").unwrap();
        let row = &file.rows[0];
        assert_eq!(row.attr("class"), Some("sign"));
        let forms: Vec<_> = row.forms().collect();
        assert_eq!(
            forms,
            [("Fever", Case::Folded), ("pyrexia", Case::Folded), ("FUO", Case::Exact), ("HT", Case::Ambiguous)]
        );
    }

    #[test]
    fn every_wrong_line_is_named() {
        let errors = parse("t.tsv", "finding\tHP:1\tFever\t\t\t\nfinding\nx\tno code\tl\t\t\t\n").unwrap_err();
        let listed: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            listed,
            [
                "t.tsv:1: the release of HP is not named; add `#release HP=VERSION` above",
                "t.tsv:2: has 1 columns; a row has six, separated by tabs",
                "t.tsv:3: \"no code\" is not a code of the form PREFIX:LOCAL",
            ]
        );
    }
}
