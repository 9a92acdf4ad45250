//! What the machine can do with the same vocabulary on the same text: two kernels, kept in the tree so that every
//! measurement has its yardstick in the same run.

use aho_corasick::{AhoCorasick, MatchKind};
use case_lexicon::{Compiler, Hit, Lexicon, LexiconFile, Scanner, parse};
use case_text::token::tokenize;

use crate::Result;
use crate::stage::root;

/// The lexicons of `extract-narrative`.
pub(super) fn lexicons() -> Result<Vec<LexiconFile>> {
    let folder = root().join("plugins/extract-narrative/lexicons");
    let mut paths: Vec<_> = std::fs::read_dir(&folder)?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
    paths.retain(|p| p.extension().is_some_and(|e| e == "tsv"));
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let file = parse(&name, &std::fs::read_to_string(&path)?);
        files.push(file.map_err(|e| format!("{name}: {}", e.first().map(ToString::to_string).unwrap_or_default()))?);
    }
    Ok(files)
}

/// Both kernels, ready to scan.
pub(super) struct Kernels {
    automaton: AhoCorasick,
    compiled: Vec<u8>,
    /// Number of forms that the automaton looks for.
    pub(super) forms: usize,
}

impl Kernels {
    pub(super) fn new(lexicons: &[LexiconFile]) -> Result<Self> {
        let mut forms: Vec<&str> =
            lexicons.iter().flat_map(|f| &f.rows).flat_map(|r| r.forms().map(|(words, _)| words)).collect();
        forms.sort_unstable();
        forms.dedup();
        let automaton =
            AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).ascii_case_insensitive(true).build(&forms)?;
        let mut compiler = Compiler::new();
        for file in lexicons {
            compiler.add(file).map_err(|e| e.to_string())?;
        }
        Ok(Self { automaton, compiled: compiler.compile(), forms: forms.len() })
    }

    /// The bare character automaton: leftmost, longest, ASCII letters in any case. Number of matches.
    pub(super) fn automaton(&self, texts: &[String]) -> usize {
        texts.iter().map(|text| self.automaton.find_iter(text).count()).sum()
    }

    /// Words found and the longest match at each walked in the trie. Number of matches.
    pub(super) fn trie(&self, texts: &[String]) -> Result<usize> {
        let lexicon = Lexicon::new(&self.compiled).map_err(|e| e.to_string())?;
        let mut scanner = Scanner::new();
        let mut hits: Vec<Hit> = Vec::new();
        let mut count = 0;
        for text in texts {
            hits.clear();
            scanner.scan(&lexicon, text, &tokenize(text), &mut hits);
            count += hits.len();
        }
        Ok(count)
    }
}
