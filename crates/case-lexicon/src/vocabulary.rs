//! A terminology to a compiled vocabulary: what its terms are, which of their names are looked for in texts, and how.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use sha2::{Digest as _, Sha256};

use crate::compile::Compiler;
use crate::import::{Ancestry, Format, ImportError, Scope, Term, Terminology};
use crate::rows::{Case, Row, Synonym};

/// Longest name that is looked for in texts, in bytes.
const LONGEST_NAME: usize = 300;
/// Most words of a name that is looked for in texts.
const MOST_WORDS: usize = 24;

/// What the user decides of a vocabulary.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Its name: the file is `NAME.cmvocab`.
    pub name: String,
    /// Kind of its terms, where the source does not tell.
    pub kind: Option<String>,
    /// Release, where the source does not tell.
    pub release: Option<String>,
    /// Name of the source file.
    pub source: String,
    /// Its bytes, for the hash.
    pub sha256: String,
}

/// A compiled vocabulary, and what became of its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compiled {
    /// The file.
    pub bytes: Vec<u8>,
    /// Release in force.
    pub release: String,
    /// Number of terms.
    pub terms: usize,
    /// Number of names that are looked for.
    pub names: usize,
    /// Names that are not looked for: reason and number.
    pub left_out: Vec<(&'static str, usize)>,
}

/// SHA-256 of a source as `vocab info` prints it.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// Kinds that a table may name; other kinds are kept and matched, and the extractor passes over them.
pub const KINDS: &[&str] = &["finding", "disease", "tumour", "gene", "drug", "site", "procedure"];

/// Compiles a terminology.
///
/// # Errors
/// The kind of the terms is unknown.
pub fn compile(terminology: &Terminology, plan: &Plan) -> Result<Compiled, ImportError> {
    let release = plan
        .release
        .clone()
        .or_else(|| terminology.release.clone())
        .unwrap_or_else(|| format!("sha256-{}", plan.sha256.get(..12).unwrap_or_default()));
    let kinds = kinds_of(terminology, plan)?;
    let mut compiler = Compiler::new();
    compiler.add_release(&terminology.prefix, &release);
    for (key, value) in [
        ("name", plan.name.as_str()),
        ("format", terminology.format.name()),
        ("prefix", &terminology.prefix),
        ("release", &release),
        ("licence", terminology.licence.as_deref().unwrap_or("not stated in the file")),
        ("source", &plan.source),
        ("sha256", &plan.sha256),
        ("casemill", env!("CARGO_PKG_VERSION")),
    ] {
        compiler.add_meta(key, value);
    }
    let mut forms = Forms::new(terminology);
    for (i, (term, kind)) in terminology.terms.iter().zip(&kinds).enumerate() {
        let synonyms = forms.of(i, term, kind);
        let mut attrs = term.attrs.clone();
        attrs.push(("label".into(), "code".into()));
        match kind {
            Kind::Finding(class) => attrs.push(("class".into(), (*class).into())),
            Kind::Other(kind) if kind == "tumour" && is_generic(&term.label) => {
                attrs.push(("generic".into(), "1".into()))
            }
            _ => {}
        }
        let row = Row {
            line: term.line,
            kind: kind.name().to_owned(),
            code: term.code.clone(),
            label: term.label.clone(),
            synonyms,
            xrefs: Vec::new(),
            attrs,
        };
        let names: Vec<&str> = term.all_names().collect();
        let any_order = !matches!(kind, Kind::Gene | Kind::Drug);
        compiler.add_row(&row, &names.join("\n"), any_order);
    }
    // What is too common stays so in another order and in related words.
    forms.common.keys().for_each(|words| compiler.block(words));
    for retired in &terminology.retired {
        let attrs = [("retired".to_owned(), retired.replaced_by.clone().unwrap_or_default())];
        let row = Row {
            line: 0,
            kind: "retired".into(),
            code: retired.code.clone(),
            label: retired.label.clone(),
            synonyms: Vec::new(),
            xrefs: Vec::new(),
            attrs: attrs.into_iter().chain([("label".to_owned(), "code".to_owned())]).collect(),
        };
        compiler.add_row(&row, &retired.label, false);
    }
    compiler.add_meta("terms", &terminology.terms.len().to_string());
    compiler.add_meta("names", &forms.taken.to_string());
    let mut left_out: Vec<(&'static str, usize)> = forms.left_out.into_iter().collect();
    left_out.sort_unstable();
    let names = forms.taken;
    Ok(Compiled { bytes: compiler.compile(), release, terms: terminology.terms.len(), names, left_out })
}

/// What a term is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// A phenotypic abnormality, with the class of findings it belongs to.
    Finding(&'static str),
    Gene,
    Drug,
    /// Another kind, by its name.
    Other(String),
    /// In the file for its code only.
    Unmatched,
}

impl Kind {
    fn name(&self) -> &str {
        match self {
            Self::Finding(_) => "finding",
            Self::Gene => "gene",
            Self::Drug => "drug",
            Self::Other(name) => name,
            Self::Unmatched => "other",
        }
    }

    fn from_name(name: &str) -> Self {
        match name {
            "finding" => Self::Finding(""),
            "gene" => Self::Gene,
            "drug" => Self::Drug,
            other => Self::Other(other.to_owned()),
        }
    }
}

fn kinds_of(terminology: &Terminology, plan: &Plan) -> Result<Vec<Kind>, ImportError> {
    let terms = &terminology.terms;
    let ancestry = Ancestry::new(terminology);
    let other = |name: &str| Kind::Other(name.to_owned());
    if let Some(kind) = &plan.kind {
        return Ok(terms.iter().map(|_| Kind::from_name(kind)).collect());
    }
    let choose = |below: &[bool], inside: Kind, outside: Kind| -> Vec<Kind> {
        below.iter().map(|b| if *b { inside.clone() } else { outside.clone() }).collect()
    };
    Ok(match (terminology.format, terminology.prefix.as_str()) {
        (Format::Hgnc, _) => vec![Kind::Gene; terms.len()],
        (Format::DrugBank, _) => vec![Kind::Drug; terms.len()],
        (Format::OncoTree, _) => terms
            .iter()
            .map(|t| if t.attrs.iter().any(|(k, _)| k == "tissue") { Kind::Unmatched } else { other("tumour") })
            .collect(),
        (_, "HP") => human_phenotypes(terminology, &ancestry),
        (_, "DOID") => choose(&ancestry.below(&["DOID:14566"]), other("tumour"), other("disease")),
        (_, "MONDO") => choose(&ancestry.below(&["MONDO:0005070"]), other("tumour"), other("disease")),
        (_, "UBERON" | "FMA") => vec![other("site"); terms.len()],
        (_, "ORPHA" | "ORPHANET" | "OMIM") => vec![other("disease"); terms.len()],
        (Format::Table | Format::Lexicon, _) => {
            let missing = terms.iter().find(|t| t.kind.is_empty());
            if let Some(term) = missing {
                return Err(ImportError::at(
                    term.line,
                    format!("{} has no kind, and the table no column for it", term.code),
                )
                .with_help(format!("say what its terms are with --kind: {}", KINDS.join(", "))));
            }
            terms.iter().map(|t| Kind::from_name(&t.kind)).collect()
        }
        (_, prefix) => {
            return Err(ImportError::at(0, format!("it is not known what the terms of {prefix} are"))
                .with_help(format!("say it with --kind: {}", KINDS.join(", "))));
        }
    })
}

/// "Neoplasm of the pancreas" says where a tumour is and not what it is.
fn is_generic(label: &str) -> bool {
    let label = label.to_lowercase();
    ["neoplasm", "tumor", "tumour", "cancer"].iter().any(|w| label.split([' ', ',']).any(|l| l == *w))
}

/// HPO: what lies below Phenotypic abnormality is a finding; the other branches qualify findings or name how a disease is
/// inherited and are no findings of a patient.
fn human_phenotypes(terminology: &Terminology, ancestry: &Ancestry<'_>) -> Vec<Kind> {
    let below = |root: &str| ancestry.below(&[root]);
    let abnormal = below("HP:0000118");
    let inheritance = below("HP:0000005");
    // Laboratory: metabolism and homeostasis, cells of the blood in numbers.
    let laboratory = ancestry.below(&["HP:0001939", "HP:0010876", "HP:0020058", "HP:0001871"]);
    let symptom = ancestry.below(&["HP:0025142", "HP:0012531"]);
    let tumour = below("HP:0002664");
    (0..terminology.terms.len())
        .map(|i| match () {
            () if inheritance[i] => Kind::Other("inheritance".into()),
            () if !abnormal[i] => Kind::Other("qualifier".into()),
            () if tumour[i] => Kind::Other("tumour".into()),
            () if symptom[i] => Kind::Finding("symptom"),
            () if laboratory[i] => Kind::Finding("lab"),
            () => Kind::Finding("sign"),
        })
        .collect()
}

/// Decides which names are looked for.
struct Forms<'t> {
    /// Whose name a folded name is first of all: rank, and number of the term.
    owners: HashMap<String, (u8, usize)>,
    /// Names that several terms have in the same right.
    shared: HashMap<String, usize>,
    common: HashMap<String, &'static str>,
    taken: usize,
    left_out: HashMap<&'static str, usize>,
    terminology: &'t Terminology,
}

fn folded(words: &str) -> String {
    words.to_lowercase()
}

fn rank(scope: Scope) -> u8 {
    match scope {
        Scope::Exact => 1,
        Scope::Narrow => 2,
        Scope::Related => 3,
        Scope::Broad => 4,
    }
}

impl<'t> Forms<'t> {
    fn new(terminology: &'t Terminology) -> Self {
        let mut owners: HashMap<String, (u8, usize)> = HashMap::new();
        let mut shared: HashMap<String, usize> = HashMap::new();
        for (i, term) in terminology.terms.iter().enumerate() {
            let names = term.names.iter().map(|n| (n.words.as_str(), rank(n.scope)));
            for (words, rank) in std::iter::once((term.label.as_str(), 0)).chain(names) {
                let owner = owners.entry(folded(words)).or_insert((rank, i));
                if owner.1 != i && owner.0 == rank {
                    *shared.entry(folded(words)).or_default() += 1;
                } else if rank < owner.0 {
                    shared.remove(&folded(words));
                    *owner = (rank, i);
                }
            }
        }
        let prefix = terminology.prefix.as_str();
        let common = common().filter(|(p, _, _)| *p == prefix || *p == "*").map(|(_, w, why)| (w.to_owned(), why));
        Self { owners, shared, common: common.collect(), taken: 0, left_out: HashMap::new(), terminology }
    }

    fn leave(&mut self, why: &'static str) {
        *self.left_out.entry(why).or_default() += 1;
    }

    /// The names of a term that are looked for, with their treatment of case.
    fn of(&mut self, number: usize, term: &Term, kind: &Kind) -> Vec<Synonym> {
        let mut out: Vec<Synonym> = Vec::new();
        // Terms that an ontology borrows from others are not its own.
        let own = term.code.split(':').next() == Some(self.terminology.prefix.as_str());
        if *kind == Kind::Unmatched || !own && matches!(self.terminology.format, Format::OboGraphs | Format::Obo) {
            return out;
        }
        let ontology = matches!(self.terminology.format, Format::OboGraphs | Format::Obo);
        let mut names: Vec<(String, Scope, bool)> = vec![(term.label.clone(), Scope::Exact, false)];
        names.extend(term.names.iter().map(|n| (n.words.clone(), n.scope, n.abbreviation)));
        if let Kind::Finding(_) = kind {
            let more: Vec<String> = names.iter().flat_map(|(words, ..)| plainer(words)).collect();
            for words in more {
                if let Entry::Vacant(place) = self.owners.entry(folded(&words)) {
                    place.insert((5, number));
                    names.push((words, Scope::Exact, false));
                }
            }
        }
        for (words, scope, abbreviation) in names {
            let key = folded(&words);
            if self.owners.get(&key).is_some_and(|(_, owner)| *owner != number) {
                self.leave("name of another term, too, and rather of that");
                continue;
            }
            if !ontology && self.shared.contains_key(&key) {
                self.leave("name of several terms");
                continue;
            }
            if words.len() > LONGEST_NAME || words.split_whitespace().count() > MOST_WORDS {
                self.leave("longer than any text would write it");
                continue;
            }
            if scope == Scope::Broad {
                self.leave("means more than its term");
                continue;
            }
            if matches!(kind, Kind::Other(k) if k == "qualifier") && !words.contains(' ') {
                self.leave("one word that only qualifies others");
                continue;
            }
            if self.common.contains_key(&key) || self.common.contains_key(&folded(&searchable(&words))) {
                self.leave("too common to trust (data/common.tsv)");
                continue;
            }
            let Some(case) = case_of(&words, kind, abbreviation) else {
                self.leave("too short to trust");
                continue;
            };
            let synonym = Synonym { words: searchable(&words), case };
            if !out.contains(&synonym) {
                self.taken += 1;
                out.push(synonym);
            }
        }
        out
    }
}

/// Rows of `data/common.tsv`: prefix, form, reason.
fn common() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    include_str!("../data/common.tsv").lines().filter(|l| !l.starts_with('#')).filter_map(|line| {
        let mut columns = line.split('\t');
        Some((columns.next()?, columns.next()?, columns.next()?))
    })
}

/// How the letter case of a name is treated; `None` for names too short to be told from words.
fn case_of(words: &str, kind: &Kind, abbreviation: bool) -> Option<Case> {
    let letters = words.chars().filter(|c| c.is_alphanumeric()).count();
    let one_word = !words.contains(char::is_whitespace);
    let lower = words.chars().filter(|c| c.is_lowercase()).count();
    if letters < 2 {
        return None;
    }
    match kind {
        // A symbol counts only where the words around it are about genes, or the document defines it.
        Kind::Gene if one_word => Some(Case::Ambiguous),
        Kind::Gene => Some(Case::Folded),
        // SAMe, BEAM, DATE: short names of drugs are words and acronyms of other things.
        Kind::Drug if letters <= 5 => Some(Case::Ambiguous),
        _ if abbreviation || one_word && lower == 0 && letters <= 6 || letters <= 3 && one_word => {
            Some(Case::Ambiguous)
        }
        // ALVT1, IgA1: mixed letters and digits.
        _ if one_word && letters <= 5 && words.chars().any(|c| c.is_ascii_digit()) => Some(Case::Ambiguous),
        _ => Some(Case::Folded),
    }
}

/// Without what nobody writes: remarks in brackets at the end, "NOS".
fn searchable(words: &str) -> String {
    let mut words = words.trim();
    for ending in [", NOS", " NOS", ", unspecified", ", not otherwise specified", ", Other"] {
        words = words.strip_suffix(ending).unwrap_or(words);
    }
    if let Some(open) = words.strip_suffix(')').and_then(|w| w.rfind(" (")).filter(|open| *open > 3) {
        words = &words[..open];
    }
    words.to_owned()
}

/// The same in fewer words: "Abnormal heart morphology" is an abnormal heart, "Decreased circulating ferritin
/// concentration" decreased ferritin.
fn plainer(words: &str) -> Vec<String> {
    let mut out = Vec::new();
    let lower = words.to_lowercase();
    let end = |suffix: &str| lower.strip_suffix(suffix);
    if lower.starts_with("abnormal ")
        && let Some(rest) = end(" morphology").or_else(|| end(" physiology"))
        && rest.split_whitespace().count() >= 2
    {
        out.push(rest.to_owned());
    }
    let quantity = ["decreased ", "increased ", "elevated ", "reduced ", "low ", "high ", "abnormal "];
    if quantity.iter().any(|q| lower.starts_with(q)) {
        let short = [" concentration", " level", " levels", " activity"].iter().find_map(|s| end(s)).unwrap_or(&lower);
        let short = short.replace(" circulating ", " ");
        if short != lower && short.split_whitespace().count() >= 2 {
            out.push(short);
        }
    }
    out
}
