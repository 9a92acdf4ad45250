//! What the tables of the page are made of, whatever they show.

use std::borrow::Cow;

use askama::Template;
use casemill_plugin_sdk::model::Coding;

use crate::topic::Topic;

/// A state that is shown by a sign and a word, never by colour alone.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Badge<'a> {
    /// Sign before the word.
    pub(crate) sign: &'static str,
    /// The state.
    pub(crate) word: Cow<'a, str>,
    /// Class in the style sheet.
    pub(crate) tone: &'static str,
}

/// Words of the text with a link to where they stand.
#[derive(Clone, Debug, Template)]
#[template(path = "words.html")]
pub(crate) struct Words<'a> {
    /// Offset in the text: the target is `#t:OFFSET`. `None` for a span that does not fit the text.
    pub(crate) place: Option<u32>,
    /// The words, shortened in the middle where they are many.
    pub(crate) quote: Cow<'a, str>,
    /// Language of the words where it is not that of the page.
    pub(crate) language: Option<&'a str>,
    /// Section and producer, for the tooltip.
    pub(crate) tip: String,
}

/// Codes, small, with their labels as tooltips.
#[derive(Clone, Copy, Debug, Default, Template)]
#[template(path = "codes.html")]
pub(crate) struct Codes<'a>(pub(crate) &'a [Coding]);

/// A link to the row of a fact.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FactLink<'a> {
    /// Number of the fact.
    pub(crate) number: usize,
    /// Id of the row.
    pub(crate) anchor: &'a str,
    /// Name of the fact.
    pub(crate) name: &'a str,
}

/// A piece of a table cell.
#[derive(Clone, Debug, Template)]
#[template(path = "part.html")]
pub(crate) enum Part<'a> {
    /// The value.
    Value(Cow<'a, str>),
    /// The value, as a link to the row that holds it.
    Jump(FactLink<'a>, Cow<'a, str>),
    /// A value with its codes behind it.
    Coded(Cow<'a, str>, Codes<'a>),
    /// The name of what follows.
    Term(&'static str),
    /// A smaller line below the value.
    Note(Cow<'a, str>),
    /// A smaller line that continues in words of the text.
    Said(&'static str, Words<'a>),
    /// A link to a place of the text under a name of its own (the number of a reference).
    Place(Words<'a>),
    /// A smaller line that names another fact.
    Fact(&'static str, FactLink<'a>),
    /// A state.
    Badge(Badge<'a>),
    /// Codes with their labels as tooltips.
    Codes(Codes<'a>),
}

/// A cell.
pub(crate) type Cell<'a> = Vec<Part<'a>>;

/// How a value follows that is not written.
#[derive(Clone, Debug)]
pub(crate) struct Derived<'a> {
    /// The reasoning.
    pub(crate) formula: &'a str,
    /// Where it starts from.
    pub(crate) from: Vec<FactLink<'a>>,
}

/// What backs a fact, and what speaks against it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proof<'a> {
    /// The words, the clearest first.
    pub(crate) words: Vec<Words<'a>>,
    /// The derivation.
    pub(crate) derived: Option<Derived<'a>>,
    /// Facts that cannot hold together with this one.
    pub(crate) conflicts: Vec<FactLink<'a>>,
    /// Whom it is about, where that is not what the table is about.
    pub(crate) about: Option<Cow<'a, str>>,
}

/// Quotes shown of a fact that is told many times; the rest are numbered links.
const SHOWN: usize = 3;

impl<'a> Proof<'a> {
    fn is_given(&self) -> bool {
        !self.words.is_empty() || self.derived.is_some() || !self.conflicts.is_empty() || self.about.is_some()
    }

    /// The clearest mentions.
    pub(crate) fn shown(&self) -> &[Words<'a>] {
        &self.words[..self.words.len().min(SHOWN)]
    }

    /// Places of further mentions with their numbers.
    pub(crate) fn more(&self) -> impl Iterator<Item = (usize, u32)> {
        let further = self.words.iter().enumerate().skip(SHOWN);
        further.filter_map(|(i, words)| Some((i + 1, words.place?))).collect::<Vec<_>>().into_iter()
    }
}

/// The first cell of a row: what the fact is called.
#[derive(Clone, Debug, Default)]
pub(crate) struct Head<'a> {
    /// The name.
    pub(crate) name: Cow<'a, str>,
    /// Its state, in case the reader sees the row alone.
    pub(crate) badge: Option<Badge<'a>>,
    /// Codes.
    pub(crate) codes: Codes<'a>,
    /// Kind, other names and the like.
    pub(crate) notes: Vec<Cow<'a, str>>,
    /// Further lines.
    pub(crate) parts: Cell<'a>,
}

impl<'a> Head<'a> {
    /// A name and nothing else.
    pub(crate) fn named(name: impl Into<Cow<'a, str>>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// With a note.
    #[must_use]
    pub(crate) fn noted(mut self, note: impl Into<Cow<'a, str>>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// With a state, or without one.
    #[must_use]
    pub(crate) fn badged(self, badge: Option<Badge<'a>>) -> Self {
        Self { badge, ..self }
    }
}

/// A row: one fact.
#[derive(Clone, Debug)]
pub(crate) struct Row<'a> {
    /// The fact.
    pub(crate) fact: FactLink<'a>,
    /// Its id in the record.
    pub(crate) id: &'a str,
    /// What it is called.
    pub(crate) head: Head<'a>,
    /// Further cells in the order of the columns.
    pub(crate) cells: Vec<Cell<'a>>,
    /// What backs it.
    pub(crate) proof: Proof<'a>,
}

/// Rows that share a state.
#[derive(Clone, Debug)]
pub(crate) struct Group<'a> {
    /// The state; `None` in tables whose rows are not grouped.
    pub(crate) badge: Option<Badge<'a>>,
    /// Rows in the order of the text.
    pub(crate) rows: Vec<Row<'a>>,
}

/// A table of facts.
#[derive(Clone, Debug, Template)]
#[template(path = "table.html")]
pub(crate) struct Table<'a> {
    /// Id of the table.
    pub(crate) anchor: String,
    /// Heading.
    pub(crate) title: &'static str,
    /// Topic of the rows.
    pub(crate) topic: Topic,
    /// Heading of the first column.
    pub(crate) first: &'static str,
    /// Headings of the other columns.
    pub(crate) columns: Vec<&'static str>,
    /// Rows.
    pub(crate) groups: Vec<Group<'a>>,
}

impl<'a> Table<'a> {
    /// A table of `groups`, without the columns in which no row has anything. `None` if there are no rows.
    pub(crate) fn new(
        anchor: String,
        title: &'static str,
        topic: Topic,
        (first, columns): (&'static str, &[&'static str]),
        groups: Vec<Group<'a>>,
    ) -> Option<Self> {
        let mut groups: Vec<Group<'a>> = groups.into_iter().filter(|g| !g.rows.is_empty()).collect();
        if groups.is_empty() {
            return None;
        }
        let used: Vec<bool> = (0..columns.len())
            .map(|i| groups.iter().flat_map(|g| &g.rows).any(|r| r.cells.get(i).is_some_and(|c| !c.is_empty())))
            .collect();
        for row in groups.iter_mut().flat_map(|g| &mut g.rows) {
            let mut column = used.iter();
            row.cells.retain(|_| column.next().copied().unwrap_or(false));
        }
        let columns = columns.iter().zip(&used).filter(|(_, used)| **used).map(|(name, _)| *name).collect();
        Some(Self { anchor, title, topic, first, columns, groups })
    }

    /// A table whose rows are not grouped.
    pub(crate) fn plain(
        anchor: String,
        title: &'static str,
        topic: Topic,
        columns: (&'static str, &[&'static str]),
        rows: Vec<Row<'a>>,
    ) -> Option<Self> {
        Self::new(anchor, title, topic, columns, vec![Group { badge: None, rows }])
    }

    /// Number of columns on the page.
    pub(crate) fn width(&self) -> usize {
        1 + self.columns.len() + usize::from(self.has_proof())
    }

    /// False if what backs the rows stands in their cells.
    pub(crate) fn has_proof(&self) -> bool {
        self.groups.iter().flat_map(|g| &g.rows).any(|r| r.proof.is_given())
    }

    /// Number of rows.
    pub(crate) fn count(&self) -> usize {
        self.groups.iter().map(|g| g.rows.len()).sum()
    }
}

/// A value part.
pub(crate) fn value<'a>(text: impl Into<Cow<'a, str>>) -> Part<'a> {
    Part::Value(text.into())
}

/// A note part.
pub(crate) fn note<'a>(text: impl Into<Cow<'a, str>>) -> Part<'a> {
    Part::Note(text.into())
}

/// A cell with one value, empty where there is none.
pub(crate) fn maybe<'a>(text: Option<impl Into<Cow<'a, str>>>) -> Cell<'a> {
    text.into_iter().map(value).collect()
}

/// Items joined by `separator`, `None` if there are none.
pub(crate) fn joined<'a>(items: impl IntoIterator<Item = Cow<'a, str>>, separator: &str) -> Option<String> {
    let items: Vec<Cow<'a, str>> = items.into_iter().filter(|i| !i.is_empty()).collect();
    (!items.is_empty()).then(|| items.join(separator))
}
