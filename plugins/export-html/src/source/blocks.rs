//! The text as headings, paragraphs, captions and tables.

use casemill_plugin_sdk::model::{Document, Section, SectionKind, Span, Table};

/// What a block is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape<'a> {
    Title,
    Heading,
    Paragraph,
    /// Caption of a figure.
    Caption,
    /// An entry of the reference list.
    Reference,
    /// A table with its caption, if that stands above the rows, and the rows.
    Table {
        caption: Option<Span>,
        label: &'a str,
        rows: &'a [Vec<Span>],
    },
}

/// A piece of the text that stands on lines of its own.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Block<'a> {
    pub(super) shape: Shape<'a>,
    pub(super) span: Span,
    /// Language where it is not that of the report.
    pub(super) language: Option<&'a str>,
}

impl Block<'_> {
    /// Where the text must be cut so that the block holds whole segments.
    pub(super) fn cuts(&self) -> impl Iterator<Item = u32> {
        let cells: Vec<Span> = match &self.shape {
            Shape::Table { caption, rows, .. } => caption.iter().chain(rows.iter().flatten()).copied().collect(),
            _ => Vec::new(),
        };
        cells.into_iter().chain([self.span]).flat_map(|s| [s.start, s.end])
    }
}

/// All blocks, in the order of the text, without overlaps. Every character that is no white space is in one of them.
pub(super) fn blocks(document: &Document) -> Vec<Block<'_>> {
    let mut maker = Maker { document, blocks: Vec::new(), at: 0 };
    for section in &document.sections {
        maker.text(None, section.span.start);
        maker.section(section);
    }
    maker.text(None, document.text.len() as u32);
    maker.blocks
}

struct Maker<'a> {
    document: &'a Document,
    blocks: Vec<Block<'a>>,
    /// End of the last block: what lies before it is done.
    at: u32,
}

impl<'a> Maker<'a> {
    fn section(&mut self, section: &'a Section) {
        if let Some(heading) = section.heading.filter(|h| h.start >= self.at && self.fits(*h)) {
            self.text(Some(section), heading.start);
            self.push(Shape::Heading, heading, section.language.as_deref());
        }
        let first = self.document.tables.partition_point(|t| t.span.start < section.span.start);
        let tables = self.document.tables[first..].iter().take_while(|t| t.span.start < section.span.end);
        for table in tables.filter(|t| !t.rows.is_empty()) {
            self.table(section, table);
        }
        self.text(Some(section), section.span.end);
    }

    /// The text up to `end` as blocks of the section, or of none, cut at empty lines.
    fn text(&mut self, section: Option<&'a Section>, end: u32) {
        let end = end.min(self.document.text.len() as u32);
        let Some(text) = Span::new(self.at.min(end), end).of(&self.document.text) else { return };
        let shape = match section.map(|s| &s.kind) {
            Some(SectionKind::Title) => Shape::Title,
            Some(SectionKind::Caption) => Shape::Caption,
            Some(SectionKind::References) => Shape::Reference,
            _ => Shape::Paragraph,
        };
        let language = section.and_then(|s| s.language.as_deref());
        let mut start = self.at;
        for part in text.split("\n\n") {
            let lead = (part.len() - part.trim_start().len()) as u32;
            let trimmed = part.trim().len() as u32;
            if trimmed > 0 {
                self.push(shape.clone(), Span::new(start + lead, start + lead + trimmed), language);
            }
            start += part.len() as u32 + 2;
        }
        self.at = self.at.max(end);
    }

    /// A table as such if its cells stand in the order of the text with nothing but white space between them; else its
    /// words stay paragraphs, so that none is lost or moved.
    fn table(&mut self, section: &'a Section, table: &'a Table) {
        let Some(cells) = orderly(self.document, table, self.at) else { return };
        let caption = table.caption.filter(|c| c.start >= self.at && c.end <= cells.start && self.fits(*c));
        let start = caption.map_or(cells.start, |c| c.start);
        self.text(Some(section), start);
        let shape = Shape::Table { caption, label: &table.label, rows: &table.rows };
        let between = caption.is_some_and(|c| !self.document.words(Span::new(c.end, cells.start)).trim().is_empty());
        if between {
            let caption = caption.unwrap_or_default();
            self.push(Shape::Caption, caption, section.language.as_deref());
            self.text(Some(section), cells.start);
            let shape = Shape::Table { caption: None, label: &table.label, rows: &table.rows };
            self.push(shape, cells, section.language.as_deref());
        } else {
            self.push(shape, Span::new(start, cells.end), section.language.as_deref());
        }
    }

    fn fits(&self, span: Span) -> bool {
        span.start <= span.end && span.of(&self.document.text).is_some()
    }

    fn push(&mut self, shape: Shape<'a>, span: Span, language: Option<&'a str>) {
        self.at = span.end;
        self.blocks.push(Block { shape, span, language });
    }
}

/// From the first cell to the last, if each follows the one before it and nothing but white space lies between.
fn orderly(document: &Document, table: &Table, from: u32) -> Option<Span> {
    let mut cells = table.rows.iter().flatten();
    let first = *cells.next().filter(|c| c.start >= from)?;
    first.of(&document.text)?;
    let mut end = first.end;
    for cell in cells {
        cell.of(&document.text)?;
        if !Span::new(end, cell.start).of(&document.text)?.trim().is_empty() || cell.end < cell.start {
            return None;
        }
        end = cell.end;
    }
    Some(Span::new(first.start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str, sections: Vec<Section>, tables: Vec<Table>) -> Document {
        Document { text: text.to_owned(), sections, tables, ..Document::default() }
    }

    fn told(document: &Document) -> Vec<(&'static str, &str)> {
        let name = |shape: &Shape<'_>| match shape {
            Shape::Title => "title",
            Shape::Heading => "heading",
            Shape::Paragraph => "paragraph",
            Shape::Caption => "caption",
            Shape::Reference => "reference",
            Shape::Table { .. } => "table",
        };
        blocks(document).iter().map(|b| (name(&b.shape), document.words(b.span))).collect()
    }

    fn section(kind: SectionKind, start: u32, end: u32, heading: Option<Span>) -> Section {
        Section { kind, span: Span::new(start, end), heading, language: None }
    }

    #[test]
    fn sections_headings_and_what_lies_between() {
        let text = "Stray.\n\nCase report\nShe came.\n\nShe left.";
        let case = section(SectionKind::Case, 8, 41, Some(Span::new(8, 19)));
        let expected = [
            ("paragraph", "Stray."),
            ("heading", "Case report"),
            ("paragraph", "She came."),
            ("paragraph", "She left."),
        ];
        assert_eq!(told(&document(text, vec![case], Vec::new())), expected);
    }

    #[test]
    fn tables_keep_caption_and_notes() {
        let text = "Table 1 Doses\na\tb\nc\td\n\nNote.";
        let table = Table {
            label: "Table 1".into(),
            span: Span::new(0, 28),
            caption: Some(Span::new(0, 13)),
            rows: vec![vec![Span::new(14, 15), Span::new(16, 17)], vec![Span::new(18, 19), Span::new(20, 21)]],
        };
        let sections = vec![section(SectionKind::Table, 0, 28, None)];
        let document = document(text, sections, vec![table]);
        assert_eq!(told(&document), [("table", "Table 1 Doses\na\tb\nc\td"), ("paragraph", "Note.")]);
    }

    #[test]
    fn a_table_with_words_between_its_cells_stays_text() {
        let text = "a\tb\nphase two\nc\td";
        let table = Table {
            span: Span::new(0, 17),
            rows: vec![vec![Span::new(0, 1), Span::new(2, 3)], vec![Span::new(14, 15), Span::new(16, 17)]],
            ..Table::default()
        };
        let document = document(text, vec![section(SectionKind::Table, 0, 17, None)], vec![table]);
        assert_eq!(told(&document), [("paragraph", text)]);
    }

    #[test]
    fn a_text_without_sections_is_paragraphs() {
        assert_eq!(told(&document("One.\n\n\n\nTwo.", vec![], vec![])), [("paragraph", "One."), ("paragraph", "Two.")]);
    }
}
