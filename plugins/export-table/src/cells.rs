//! A row: named cells in the order in which they are written.

use casemill_plugin_sdk::model::{Coding, Comparator, Decimal, Extent, FactId, Quantity, Span, Statement, Timing};

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Unknown.
    Empty,
    /// Text; may need a guard.
    Text(String),
    /// A number or `true` or `false`, in its final form.
    Plain(String),
}

impl Cell {
    /// The cell as it is written, guarded where it is to be.
    pub(crate) fn written(self, guard: bool) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) if guard && starts_formula(&text) => format!("'{text}"),
            Self::Text(text) | Self::Plain(text) => text,
        }
    }
}

/// A comparator as a word, for its sign reads as a formula.
fn comparator(comparator: &Comparator) -> &str {
    match comparator {
        Comparator::Equal => "equal",
        Comparator::Less => "less",
        Comparator::AtMost => "at_most",
        Comparator::More => "more",
        Comparator::AtLeast => "at_least",
        Comparator::About => "about",
        Comparator::Other(word) => word,
    }
}

/// True for a text that a spreadsheet would calculate, and for one that reads like a guarded one.
fn starts_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// Type of a column, as Table Schema names it (Frictionless Data, Table Schema v1, field types).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    String,
    Integer,
    Number,
    Boolean,
}

impl Type {
    /// The word of Table Schema.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
        }
    }
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    /// Its name in the header.
    pub(crate) name: String,
    /// Type of its cells.
    pub(crate) kind: Type,
}

/// A row, or with its columns a header.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cells {
    columns: Vec<Column>,
    cells: Vec<Cell>,
}

impl Cells {
    /// The columns, for the header.
    pub(crate) fn into_columns(self) -> Vec<Column> {
        self.columns
    }

    /// The cells, whose columns must be those of the header.
    pub(crate) fn into_cells(self, header: &[Column]) -> Vec<Cell> {
        debug_assert_eq!(self.columns, header);
        self.cells
    }

    fn push(&mut self, name: impl Into<String>, kind: Type, cell: Cell) {
        self.columns.push(Column { name: name.into(), kind });
        self.cells.push(cell);
    }

    fn plain(&mut self, name: impl Into<String>, kind: Type, text: Option<String>) {
        self.push(name, kind, text.map_or(Cell::Empty, Cell::Plain));
    }

    /// Text; empty text is unknown.
    pub(crate) fn text(&mut self, name: impl Into<String>, text: impl Into<String>) {
        let text = text.into();
        self.push(name, Type::String, if text.is_empty() { Cell::Empty } else { Cell::Text(text) });
    }

    /// Text that may be missing.
    pub(crate) fn maybe(&mut self, name: impl Into<String>, text: Option<impl Into<String>>) {
        self.text(name, text.map(Into::into).unwrap_or_default());
    }

    /// A word of an enumeration.
    pub(crate) fn word(&mut self, name: impl Into<String>, word: &impl ToString) {
        self.text(name, word.to_string());
    }

    /// A word of an enumeration that may be missing.
    pub(crate) fn maybe_word(&mut self, name: impl Into<String>, word: Option<&impl ToString>) {
        self.maybe(name, word.map(ToString::to_string));
    }

    /// Words of the text.
    pub(crate) fn words(&mut self, name: impl Into<String>, words: Option<&Statement>) {
        self.maybe(name, words.map(|w| w.quote.clone()));
    }

    /// Another fact.
    pub(crate) fn fact(&mut self, name: impl Into<String>, fact: Option<&FactId>) {
        self.maybe(name, fact.map(FactId::as_str));
    }

    /// Yes or no.
    pub(crate) fn flag(&mut self, name: impl Into<String>, flag: bool) {
        self.maybe_flag(name, Some(flag));
    }

    /// Yes or no, where there is something to say it of.
    pub(crate) fn maybe_flag(&mut self, name: impl Into<String>, flag: Option<bool>) {
        self.plain(name, Type::Boolean, flag.map(|f| f.to_string()));
    }

    /// A number to two decimal places, without trailing zeros.
    pub(crate) fn number(&mut self, name: impl Into<String>, number: Option<f64>) {
        let finite = number.filter(|n| n.is_finite());
        // Adding zero makes a negative zero a zero.
        let rounded = finite.map(|n| (n * 100.0).round() / 100.0 + 0.0);
        self.plain(name, Type::Number, rounded.map(|n| n.to_string()));
    }

    /// A count or an offset.
    pub(crate) fn count(&mut self, name: impl Into<String>, count: Option<impl TryInto<u64>>) {
        let count = count.and_then(|c| c.try_into().ok());
        self.plain(name, Type::Integer, count.map(|c| c.to_string()));
    }

    /// A number with its digits as printed.
    pub(crate) fn decimal(&mut self, name: impl Into<String>, number: Option<&Decimal>) {
        let digits = number.map(Decimal::as_str).filter(|d| !d.is_empty());
        self.plain(name, Type::Number, digits.map(str::to_owned));
    }

    /// A number with its unit: `value`, `value_upper`, `comparator`, `unit` (UCUM), `unit_printed`.
    pub(crate) fn quantity(&mut self, quantity: Option<&Quantity>) {
        self.decimal("value", quantity.map(|q| &q.value));
        self.decimal("value_upper", quantity.and_then(|q| q.upper.as_ref()));
        self.maybe("comparator", quantity.map(|q| comparator(&q.comparator)));
        self.maybe("unit", quantity.and_then(|q| q.unit.as_deref()));
        self.maybe("unit_printed", quantity.map(|q| q.printed_unit.as_str()));
    }

    /// A code and its label.
    pub(crate) fn coding(&mut self, coding: Option<&Coding>) {
        self.maybe("code", coding.map(|c| c.code.as_str()));
        self.maybe("code_label", coding.map(|c| c.label.as_str()));
        self.maybe_flag("code_unverified", coding.map(|c| c.unverified));
    }

    /// A place: `NAME_start` and `NAME_end`.
    pub(crate) fn span(&mut self, name: &str, span: Option<Span>) {
        self.count(format!("{name}_start"), span.map(|s| s.start));
        self.count(format!("{name}_end"), span.map(|s| s.end));
    }

    /// A stated length, ISO 8601: `NAME`, `NAME_upper`, `NAME_approximate`.
    pub(crate) fn extent(&mut self, name: &str, extent: Option<&Extent>) {
        self.maybe_word(name, extent.map(|e| &e.value));
        self.maybe_word(format!("{name}_upper"), extent.and_then(|e| e.upper.as_ref()));
        self.maybe_flag(format!("{name}_approximate"), extent.map(|e| e.approximate));
    }

    /// A time: the words, how they count and from what, the date as far as it is given, and the days that follow.
    pub(crate) fn timing(&mut self, name: &str, timing: Option<&Timing>) {
        self.maybe(format!("{name}_words"), timing.map(|t| t.quote.as_str()));
        self.span(&format!("{name}_text"), timing.and_then(|t| t.span));
        self.maybe_word(format!("{name}_relation"), timing.map(|t| &t.relation));
        self.extent(&format!("{name}_offset"), timing.and_then(|t| t.offset.as_ref()));
        self.maybe_word(format!("{name}_anchor"), timing.map(|t| &t.anchor.kind));
        self.fact(format!("{name}_anchor_fact"), timing.and_then(|t| t.anchor.fact.as_ref()));
        let date = timing.and_then(|t| t.date);
        self.count(format!("{name}_year"), date.map(|d| d.year));
        self.count(format!("{name}_month"), date.and_then(|d| d.month));
        self.count(format!("{name}_day"), date.and_then(|d| d.day));
        self.number(format!("{name}_age_years"), timing.and_then(|t| t.age).map(|age| age.in_years()));
        self.number(format!("{name}_days_min"), timing.and_then(|t| t.interval).map(|i| i.min));
        self.number(format!("{name}_days_max"), timing.and_then(|t| t.interval).map(|i| i.max));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guarded(text: &str) -> String {
        Cell::Text(text.to_owned()).written(true)
    }

    #[test]
    fn what_a_spreadsheet_would_calculate_is_guarded() {
        for text in ["=1+1", "+8", "-7", "@SUM(A1)", "\tx", "\nx", "\rx", "＝1"] {
            assert_eq!(guarded(text), format!("'{text}"));
            assert_eq!(Cell::Text(text.to_owned()).written(false), text);
        }
        for text in ["3+", "t(2;17)", "", "'quoted'", "a=b"] {
            assert_eq!(guarded(text), text);
        }
    }

    #[test]
    fn taking_one_apostrophe_away_gives_the_text_back() {
        for text in ["=1", "'=1", "''=1", "'tis", "'"] {
            let written = guarded(text);
            let read = if starts_formula(&written) { &written[1..] } else { &written };
            assert_eq!(read, text);
        }
    }

    #[test]
    fn numbers_are_never_guarded() {
        let mut cells = Cells::default();
        cells.number("day", Some(-60.875));
        cells.number("zero", Some(-0.001));
        cells.number("none", Some(f64::INFINITY));
        cells.decimal("printed", Decimal::new("-7.80").as_ref());
        let written: Vec<String> = cells.cells.into_iter().map(|c| c.written(true)).collect();
        assert_eq!(written, ["-60.88", "0", "", "-7.80"]);
    }
}
