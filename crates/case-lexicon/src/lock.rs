//! The code-label lock: each code that a lexicon or a record uses agrees with the label, or a synonym, that the named release
//! of its terminology gives it.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use crate::file::Lexicon;
use crate::import::Terminology;
use crate::rows::{LexiconFile, Row};

/// What releases of terminologies say of their codes.
#[derive(Debug, Default)]
pub struct References {
    sources: Vec<Source>,
    /// Codes of other terminologies that terms name as the same concept: term, then `PREFIX:LOCAL`.
    equals: HashMap<String, Vec<String>>,
}

#[derive(Debug)]
struct Source {
    prefix: String,
    release: String,
    names: HashMap<String, Vec<String>>,
    retired: HashMap<String, Option<String>>,
}

/// What the comparison of one code says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The label is a name of the code.
    Agrees,
    /// The lexicon itself says that nothing could be compared.
    Unverified,
    /// No copy of the named release is at hand.
    NoReference {
        /// Releases that are.
        known: Vec<String>,
    },
    /// The release has no such code.
    Unknown,
    /// The release has retired the code.
    Retired {
        /// The code to use.
        replaced_by: Option<String>,
    },
    /// The release calls the code something else.
    Label {
        /// What it calls it, the label first.
        names: Vec<String>,
    },
    /// The terms of the row name other codes of that terminology as its equals.
    NotEqual {
        /// Those codes.
        codes: Vec<String>,
    },
}

impl Verdict {
    /// True for what must be mended.
    pub fn is_wrong(&self) -> bool {
        !matches!(self, Self::Agrees | Self::Unverified | Self::NoReference { .. })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Agrees => f.write_str("agrees"),
            Self::Unverified => f.write_str("marked as unverified"),
            Self::NoReference { known } if known.is_empty() => f.write_str("no copy of the terminology is at hand"),
            Self::NoReference { known } => {
                write!(f, "no copy of the named release is at hand, only {}", known.join(", "))
            }
            Self::Unknown => f.write_str("the release has no such code"),
            Self::Retired { replaced_by: Some(code) } => write!(f, "the release has retired the code; use {code}"),
            Self::Retired { replaced_by: None } => f.write_str("the release has retired the code"),
            Self::Label { names } => {
                let shown: Vec<String> = names.iter().take(6).map(|n| format!("{n:?}")).collect();
                write!(f, "the release calls the code {}", shown.join(", "))
            }
            Self::NotEqual { codes } => write!(f, "the terms of the row are {}", codes.join(", ")),
        }
    }
}

/// A code with its label, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// File.
    pub file: String,
    /// Line, from 1; 0 where the file has none.
    pub line: usize,
    /// Code.
    pub code: String,
    /// Label.
    pub label: String,
    /// What the comparison says.
    pub verdict: Verdict,
}

impl fmt::Display for Compared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, code, label, verdict } = self;
        if *line > 0 {
            write!(f, "{file}:{line}: ")?
        } else {
            write!(f, "{file}: ")?
        }
        write!(f, "{code} {label:?}: {verdict}")
    }
}

impl References {
    /// No terminology.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a terminology as read from its source.
    pub fn add(&mut self, terminology: &Terminology) {
        let release = terminology.release.clone().unwrap_or_default();
        for term in &terminology.terms {
            let source = self.source(term.code.split(':').next().unwrap_or_default(), &release);
            source.names.entry(term.code.clone()).or_default().extend(term.all_names().map(str::to_owned));
            if !term.xrefs.is_empty() {
                let equals = term.xrefs.iter().map(|x| match x.strip_prefix("NCI:") {
                    Some(local) => format!("NCIT:{local}"),
                    None => x.clone(),
                });
                self.equals.entry(term.code.clone()).or_default().extend(equals);
            }
        }
        for retired in &terminology.retired {
            let source = self.source(retired.code.split(':').next().unwrap_or_default(), &release);
            source.retired.insert(retired.code.clone(), retired.replaced_by.clone());
        }
    }

    /// Adds a compiled vocabulary.
    pub fn add_compiled(&mut self, lexicon: &Lexicon<'_>) {
        let kinds = lexicon.kinds();
        let releases = lexicon.releases();
        let release = releases.first().map_or("", |(_, r)| *r);
        for number in 0..lexicon.len() as u32 {
            let concept = lexicon.concept(number);
            let source = self.source(concept.code.split(':').next().unwrap_or_default(), release);
            if kinds.get(concept.kind as usize) == Some(&"retired") {
                let replaced_by = concept.attr("retired").filter(|r| !r.is_empty()).map(str::to_owned);
                source.retired.insert(concept.code.to_owned(), replaced_by);
            } else {
                source.names.entry(concept.code.to_owned()).or_default().extend(concept.names().map(str::to_owned));
            }
        }
    }

    fn source(&mut self, prefix: &str, release: &str) -> &mut Source {
        let known = self.sources.iter().position(|s| s.prefix == prefix && s.release == release);
        let at = known.unwrap_or_else(|| {
            let (prefix, release) = (prefix.to_owned(), release.to_owned());
            self.sources.push(Source { prefix, release, names: HashMap::new(), retired: HashMap::new() });
            self.sources.len() - 1
        });
        &mut self.sources[at]
    }

    /// Compares a code and its label with a release of its terminology.
    pub fn compare(&self, code: &str, label: &str, release: &str) -> Verdict {
        if release == "unverified" {
            return Verdict::Unverified;
        }
        let prefix = code.split(':').next().unwrap_or_default();
        let all = || self.sources.iter().filter(|s| s.prefix == prefix);
        let Some(source) = all().find(|s| s.release == release) else {
            return Verdict::NoReference { known: all().map(|s| format!("{prefix} {}", s.release)).collect() };
        };
        match source.names.get(code) {
            Some(names) if names.iter().any(|n| n == label) => Verdict::Agrees,
            Some(names) => Verdict::Label { names: names.clone() },
            None => match source.retired.get(code) {
                Some(replaced_by) => Verdict::Retired { replaced_by: replaced_by.clone() },
                None => Verdict::Unknown,
            },
        }
    }

    /// Compares every code of a lexicon: the codes of its rows and their cross references.
    pub fn compare_file(&self, file: &LexiconFile) -> Vec<Compared> {
        let release = |code: &str| {
            let prefix = code.split(':').next().unwrap_or_default();
            file.releases.iter().find(|(p, _)| p == prefix).map_or("", |(_, r)| r.as_str())
        };
        let mut out = Vec::new();
        for row in &file.rows {
            let own = (!row.code.is_empty()).then_some((&row.code, &row.label));
            for (code, label) in own.into_iter().chain(row.xrefs.iter().map(|(c, l)| (c, l))) {
                let mut verdict = self.compare(code, label, release(code));
                if *code != row.code
                    && verdict == Verdict::Unverified
                    && let Some(codes) = self.other_equals(row, code)
                {
                    verdict = Verdict::NotEqual { codes };
                }
                let (file, line) = (file.name.clone(), row.line);
                out.push(Compared { file, line, code: code.clone(), label: label.clone(), verdict });
            }
        }
        out
    }

    /// The codes that the terms of a row name as their equals in the terminology of `code`, where they name some and `code`
    /// is none of them.
    fn other_equals(&self, row: &Row, code: &str) -> Option<Vec<String>> {
        let prefix = code.split(':').next()?;
        let same = |c: &&String| c.split(':').next() == Some(prefix);
        let terms = std::iter::once(&row.code).chain(row.xrefs.iter().map(|(c, _)| c));
        let codes: Vec<String> = terms.filter_map(|t| self.equals.get(t)).flatten().filter(same).cloned().collect();
        (!codes.is_empty() && !codes.iter().any(|c| c == code)).then_some(codes)
    }
}

/// Numbers of verdicts by prefix: compared and right, wrong, marked as unverified, without a reference.
pub fn tally(list: &[Compared]) -> BTreeMap<String, [usize; 4]> {
    let mut out: BTreeMap<String, [usize; 4]> = BTreeMap::new();
    for one in list {
        let place = match one.verdict {
            Verdict::Agrees => 0,
            Verdict::Unverified => 2,
            Verdict::NoReference { .. } => 3,
            _ => 1,
        };
        out.entry(one.code.split(':').next().unwrap_or_default().to_owned()).or_default()[place] += 1;
    }
    out
}
