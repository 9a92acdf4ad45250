//! Assertion, time and experiencer of what a sentence names: cues and their scopes, after NegEx and ConText.
//!
//! Cues are found by whoever matches vocabularies ([`CUES`] is the list, in lexicon form); here they paint the tokens of
//! their sentence. Scopes end at the sentence, at words that end scopes, and where a new clause starts; a
//! sentence is painted in time linear in its length.
//!
//! Chapman et al., J Biomed Inform 2001;34:301-10; Harkema et al., J Biomed Inform 2009;42:839-51.

use std::fmt;
use std::ops::{BitOr, BitOrAssign, Range};

use crate::token::{Token, TokenKind, lower};

/// The cues of English clinical prose as lexicon rows.
pub const CUES: &str = include_str!("../cues.tsv");

/// What is known of a token from the cues around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Context(u16);

impl Context {
    /// Said not to be so.
    pub const NEGATED: Self = Self(1);
    /// Left open.
    pub const UNCERTAIN: Self = Self(2);
    /// A possibility, risk or condition.
    pub const HYPOTHETICAL: Self = Self(4);
    /// Of the past.
    pub const HISTORICAL: Self = Self(8);
    /// Of a relative.
    pub const FAMILY: Self = Self(16);
    /// Of another patient.
    pub const OTHER_PATIENT: Self = Self(32);
    /// Of the literature.
    pub const LITERATURE: Self = Self(64);
    /// The sentence speaks of the patient of the report.
    pub const PATIENT: Self = Self(128);
    /// Of the literature in words that can mean nothing else: "has been described", "in the literature".
    pub const PUBLISHED: Self = Self(256);

    /// Not of the patient of the report.
    pub const ELSEWHERE: Self = Self(Self::FAMILY.0 | Self::OTHER_PATIENT.0 | Self::LITERATURE.0);

    /// Nothing known.
    pub const fn none() -> Self {
        Self(0)
    }

    /// True if all of `other` is known.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0 && other.0 != 0
    }

    /// True if any of `other` is known.
    pub const fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// `{neg,fam}`; nothing for no mark.
impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NAMES: [&str; 9] = ["neg", "unc", "hyp", "hist", "fam", "other", "lit", "pat", "pub"];
        let mut open = false;
        for name in NAMES.iter().enumerate().filter(|(bit, _)| self.0 & (1 << bit) != 0).map(|(_, n)| n) {
            write!(f, "{}{name}", if open { "," } else { "{" })?;
            open = true;
        }
        if open { f.write_str("}") } else { Ok(()) }
    }
}

impl BitOr for Context {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Context {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// What a cue does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CueClass {
    /// Marks tokens.
    Marks(Context),
    /// Ends a negation.
    Affirmed,
    /// Ends every scope.
    Stop,
    /// Looks like a cue and is none.
    Pseudo,
}

/// Which way a cue reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// To what follows.
    #[default]
    Forward,
    /// To what precedes.
    Backward,
    /// To the noun behind it, or, where none follows, to what precedes.
    Both,
    /// To the word behind its hyphen.
    Word,
    /// To the words right before it, if it ends its phrase: "HIV negative", but not "negative margins".
    Adjacent,
    /// To the whole sentence.
    Sentence,
}

/// A cue found in a text, as indices of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cue {
    /// First token.
    pub first: usize,
    /// Last token.
    pub last: usize,
    /// What it does.
    pub class: CueClass,
    /// Which way.
    pub reach: Reach,
}

impl CueClass {
    /// The class of that name in [`CUES`].
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "negated" => Self::Marks(Context::NEGATED),
            "uncertain" => Self::Marks(Context::UNCERTAIN),
            "hypothetical" => Self::Marks(Context::HYPOTHETICAL),
            "historical" => Self::Marks(Context::HISTORICAL),
            "family" => Self::Marks(Context::FAMILY),
            "other_patient" => Self::Marks(Context::OTHER_PATIENT),
            "literature" => Self::Marks(Context::LITERATURE),
            "published" => Self::Marks(Context(Context::LITERATURE.0 | Context::PUBLISHED.0)),
            "patient" => Self::Marks(Context::PATIENT),
            "affirmed" => Self::Affirmed,
            "stop" => Self::Stop,
            "pseudo" => Self::Pseudo,
            _ => return None,
        })
    }
}

impl Reach {
    /// The reach of that name in [`CUES`]; forward where none is named.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "" | "forward" => Self::Forward,
            "backward" => Self::Backward,
            "both" => Self::Both,
            "word" => Self::Word,
            "adjacent" => Self::Adjacent,
            "sentence" => Self::Sentence,
            _ => return None,
        })
    }
}

/// Paints the tokens of one sentence. `cues` are those of the sentence in order; `context` is indexed like `tokens`.
pub fn paint(text: &str, tokens: &[Token], sentence: Range<usize>, cues: &[Cue], context: &mut [Context]) {
    let mut covered = sentence.start;
    let mut active: Vec<Cue> = Vec::with_capacity(cues.len());
    for cue in cues {
        // A cue within a longer cue is part of it.
        if cue.first >= covered {
            active.push(*cue);
            covered = cue.last + 1;
        }
    }
    for (i, cue) in active.iter().enumerate() {
        let CueClass::Marks(mark) = cue.class else { continue };
        let mut fill = |range: Range<usize>| context[range].iter_mut().for_each(|c| *c |= mark);
        match cue.reach {
            Reach::Sentence => fill(sentence.clone()),
            Reach::Word => {
                let end = (cue.last + 3).min(sentence.end);
                if tokens.get(cue.last + 1).is_some_and(Token::is_hyphen) {
                    fill(cue.last + 1..end);
                }
            }
            Reach::Adjacent => {
                let is_edge = |i: usize| {
                    !sentence.contains(&i)
                        || matches!(tokens[i].kind, TokenKind::Sign(c) if c != '-' && c != '/')
                        || matches!(tokens[i].text(text), "and" | "or" | "but" | "with" | "in" | "at" | "on")
                };
                if is_edge(cue.last + 1) {
                    let from = cue.first.saturating_sub(4).max(sentence.start);
                    let start = (from..cue.first).rev().find(|i| is_edge(*i)).map_or(from, |i| i + 1);
                    fill(start..cue.first);
                }
            }
            Reach::Forward => fill(cue.last + 1..forward(text, tokens, &sentence, &active, i, mark)),
            Reach::Backward => fill(backward(text, tokens, &sentence, &active, i)..cue.first),
            // "absent megakaryocytes", "breath sounds absent": before its noun an adjective looks forward.
            Reach::Both => {
                let noun_follows = cue.last + 1 < sentence.end
                    && tokens[cue.last + 1].is_word()
                    && !matches!(
                        tokens[cue.last + 1].text(text),
                        "and" | "or" | "but" | "in" | "on" | "at" | "with" | "from"
                    );
                if noun_follows {
                    fill(cue.last + 1..forward(text, tokens, &sentence, &active, i, mark));
                } else {
                    fill(backward(text, tokens, &sentence, &active, i)..cue.first);
                }
            }
        }
    }
}

/// Where the scope of cue `i` ends, going forward.
fn forward(text: &str, tokens: &[Token], sentence: &Range<usize>, cues: &[Cue], i: usize, mark: Context) -> usize {
    let start = cues[i].last + 1;
    let mut end = sentence.end;
    for next in &cues[i + 1..] {
        let ends = match next.class {
            // "likely secondary to sepsis": the cause is what is likely.
            CueClass::Stop => !(mark == Context::UNCERTAIN && next.first == start),
            CueClass::Affirmed => mark == Context::NEGATED,
            // "no fever and denies cough": the second goes on by itself. A backward cue takes back what precedes it. "Family
            // history revealed gastric (father) and colon cancer" is all of relatives.
            CueClass::Marks(other) => other == mark && next.reach == Reach::Forward && mark != Context::FAMILY,
            CueClass::Pseudo => false,
        };
        if ends {
            end = next.first;
            break;
        }
    }
    // "Past medical history: ..." heads all of its sentence.
    if mark == Context::HISTORICAL && tokens.get(start).is_some_and(|t| t.is(':')) {
        return end;
    }
    let mut depth = 0i32;
    for at in start..end {
        match tokens[at].kind {
            TokenKind::Sign('(' | '[') => depth += 1,
            TokenKind::Sign(')' | ']') => {
                depth -= 1;
                // A cue inside brackets does not reach out of them.
                if depth < 0 {
                    return at;
                }
            }
            TokenKind::Sign(';' | ':') if depth == 0 => return at,
            TokenKind::Sign(',')
                if depth == 0 && (clause_starts(text, tokens, at + 1, end) || turns(text, tokens, at + 1, mark)) =>
            {
                return at;
            }
            // "suggestive of a relapse given the splenomegaly": the reason is no part of the guess.
            TokenKind::Word
                if mark == Context::UNCERTAIN
                    && tokens[at].text(text) == "given"
                    && tokens
                        .get(at + 1)
                        .is_some_and(|t| matches!(t.text(text), "the" | "her" | "his" | "that" | "its")) =>
            {
                return at;
            }
            _ => {}
        }
    }
    end
}

/// True if the words behind a comma turn away from what a cue says: what follows from a negation ("absent megakaryocytes,
/// consistent with aplasia"), a number within a negated list, a further thing within a guess ("suggestive of thyroiditis,
/// and a solid nodule").
fn turns(text: &str, tokens: &[Token], at: usize, mark: Context) -> bool {
    let word = |i: usize| tokens.get(i).map_or("", |t| t.text(text));
    match mark {
        Context::NEGATED => {
            tokens.get(at).is_some_and(Token::is_number)
                || matches!(
                    word(at),
                    "consistent"
                        | "compatible"
                        | "suggesting"
                        | "suggestive"
                        | "indicating"
                        | "indicative"
                        | "confirming"
                )
        }
        Context::UNCERTAIN => word(at) == "and" && matches!(word(at + 1), "a" | "an" | "the"),
        // "surgery, usually the preferred treatment, could result in ...": the aside is over.
        Context::LITERATURE => is_finite_verb(word(at)),
        _ => false,
    }
}

/// Where the scope of cue `i` starts, going backward.
fn backward(text: &str, tokens: &[Token], sentence: &Range<usize>, cues: &[Cue], i: usize) -> usize {
    let end = cues[i].first;
    let mut start = sentence.start;
    for previous in cues[..i].iter().rev() {
        if matches!(previous.class, CueClass::Stop | CueClass::Affirmed) {
            start = previous.last + 1;
            break;
        }
    }
    let mut depth = 0i32;
    for at in (start..end).rev() {
        match tokens[at].kind {
            TokenKind::Sign(')' | ']') => depth += 1,
            TokenKind::Sign('(' | '[') => {
                depth -= 1;
                if depth < 0 {
                    return at + 1;
                }
            }
            TokenKind::Sign(';' | ':') if depth == 0 => return at + 1,
            TokenKind::Sign(',') if depth == 0 && clause_starts(text, tokens, at + 1, end) => return at + 1,
            // The subject of the cue's verb ends at the verb of the clause before.
            TokenKind::Word if depth == 0 && at + 1 < end && is_finite_verb(tokens[at].text(text)) => return at + 1,
            _ => {}
        }
    }
    start
}

/// Words that start a clause with a subject of its own.
const SUBJECTS: &[&str] = &[
    "all", "an", "both", "each", "he", "her", "his", "it", "its", "one", "our", "she", "some", "the", "their", "there",
    "these", "they", "this", "we",
];

/// True if the words from token `at` on are a clause of their own: a subject and, soon after, a finite verb.
pub fn clause_starts(text: &str, tokens: &[Token], at: usize, end: usize) -> bool {
    let mut at = at;
    if tokens.get(at).is_some_and(|t| t.is_word() && matches!(t.text(text), "and" | "but" | "while" | "whereas")) {
        at += 1;
        // "and all the remaining analyses, including vitamins, were negative": the verb may be far.
        let word = |i: usize| tokens.get(i).map_or("", |t| t.text(text));
        if matches!(word(at), "all" | "remaining" | "other") && matches!(word(at + 1), "the" | "other" | "remaining")
            || word(at) == "the" && matches!(word(at + 1), "remaining" | "rest" | "other")
        {
            return true;
        }
    }
    let Some(first) = tokens.get(at).filter(|t| t.is_word()) else { return false };
    // "no ocular involvement, ophthalmology started ..."
    if at + 1 < end && tokens[at + 1].is_word() && is_finite_verb(tokens[at + 1].text(text)) {
        return true;
    }
    // A pronoun in the nominative has its verb behind it.
    if matches!(first.text(text), "he" | "she" | "we" | "they" | "I") {
        return true;
    }
    if SUBJECTS.binary_search(&lower(first.text(text)).as_ref()).is_err() {
        return false;
    }
    let stop = (at + 8).min(end).min(tokens.len());
    tokens[at + 1..stop.max(at + 1)]
        .iter()
        .take_while(|t| !matches!(t.kind, TokenKind::Sign(',' | ';')))
        .any(|t| t.is_word() && is_finite_verb(t.text(text)))
}

/// Verb forms that only a finite clause has, as they occur in reports.
pub fn is_finite_verb(word: &str) -> bool {
    const VERBS: &[&str] = &[
        "appeared",
        "are",
        "became",
        "began",
        "came",
        "complained",
        "confirmed",
        "continued",
        "could",
        "demonstrated",
        "denied",
        "developed",
        "did",
        "died",
        "disclosed",
        "does",
        "experienced",
        "felt",
        "had",
        "has",
        "have",
        "improved",
        "is",
        "led",
        "may",
        "might",
        "noted",
        "noticed",
        "presented",
        "received",
        "remained",
        "reported",
        "resolved",
        "responded",
        "revealed",
        "should",
        "showed",
        "started",
        "stated",
        "suffered",
        "underwent",
        "was",
        "went",
        "were",
        "will",
        "would",
    ];
    word.len() <= 12 && VERBS.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted() {
        assert!(SUBJECTS.is_sorted());
    }

    #[test]
    fn contexts_combine() {
        let both = Context::NEGATED | Context::FAMILY;
        assert!(
            both.has(Context::NEGATED)
                && both.any(Context::FAMILY | Context::LITERATURE)
                && !both.has(Context::LITERATURE)
        );
    }
}
