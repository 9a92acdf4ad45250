//! Tables: caption, rows of cells, notes.
//!
//! Cells stand behind each other with tabs between them, rows with line breaks. A cell that spans columns is written
//! once and leaves the other columns empty, one that spans rows leaves its column empty in the rows below, so that
//! every row has its columns in the same order; in [`Table::rows`] each of these places has the words of the cell.

use std::collections::HashMap;

use casemill_plugin_sdk::model::{SectionKind, Table};
use casemill_plugin_sdk::prelude::Span;

use crate::article::Walker;
use crate::index::float_label;
use crate::tag::{Attr, Tag};
use crate::tree::Id;

/// Most columns of a table; spans beyond are cut.
const MAX_COLUMNS: usize = 256;
/// Most places that spanning cells of a table may fill, besides those of its own cells.
const MAX_FILLED: usize = 20_000;

/// A cell that reaches into the rows below.
#[derive(Clone, Copy, Default)]
struct Reach {
    rows: usize,
    words: Span,
}

/// The rows of a table being written.
#[derive(Default)]
struct Grid {
    rows: Vec<Vec<Span>>,
    /// By column.
    reaches: Vec<Reach>,
    filled: usize,
}

impl<'a> Walker<'_, 'a> {
    /// `table-wrap`, `table-wrap-group`, `array`.
    pub(crate) fn table(&mut self, node: Id) {
        self.outline.fresh = true;
        let around = std::mem::replace(&mut self.kind, SectionKind::Table);
        let start = self.flat.len();
        let caption = self.caption(node);
        let mut rows = Vec::new();
        self.table_parts(node, &mut rows);
        self.finish_paragraph();
        self.floats();
        self.kind = around;
        self.outline.fresh = true;
        if let Some(span) = self.written_since(start)
            && self.tree.tag(node) != Tag::TableWrapGroup
        {
            self.pictures += usize::from(rows.is_empty());
            self.outline.tables.push(Table { label: float_label(self.tree, node), span, caption, rows });
        }
    }

    fn table_parts(&mut self, node: Id, rows: &mut Vec<Vec<Span>>) {
        if self.has_rows(node) {
            self.rows(node, rows);
        }
        for part in self.tree.children(node) {
            match self.tree.tag(part) {
                Tag::Label | Tag::Caption | Tag::Title | Tag::Thead | Tag::Tbody | Tag::Tr => {}
                Tag::TableWrap => self.table(part),
                Tag::Alternatives => {
                    if let Some(chosen) = self.alternative(part) {
                        self.table_part(chosen, rows);
                    }
                }
                _ => self.table_part(part, rows),
            }
        }
    }

    fn table_part(&mut self, part: Id, rows: &mut Vec<Vec<Span>>) {
        match self.tree.tag(part) {
            // The rows, or in CALS the `tgroup`s that hold them.
            Tag::Table => self.table_parts(part, rows),
            Tag::TableFoot => self.blocks(part),
            _ => self.block(part),
        }
    }

    fn has_rows(&self, table: Id) -> bool {
        self.tree.children(table).any(|n| matches!(self.tree.tag(n), Tag::Thead | Tag::Tbody | Tag::Tr))
    }

    /// The rows of an XHTML table or a CALS `tgroup`.
    fn rows(&mut self, table: Id, rows: &mut Vec<Vec<Span>>) {
        self.finish_paragraph();
        let columns = self.named_columns(table);
        let mut grid = Grid::default();
        let start = self.flat.begin_rows();
        for part in self.tree.children(table) {
            match self.tree.tag(part) {
                Tag::Thead | Tag::Tbody => {
                    for row in self.tree.children(part).filter(|n| self.tree.tag(*n) == Tag::Tr) {
                        self.row(row, &columns, &mut grid);
                    }
                }
                Tag::Tr => self.row(part, &columns, &mut grid),
                _ => {}
            }
        }
        let span = self.flat.end_rows(start);
        self.outline.add(span, &self.kind, self.language.as_deref());
        rows.append(&mut grid.rows);
        self.floats();
    }

    /// A row; one without words is left out.
    fn row(&mut self, row: Id, columns: &HashMap<&'a str, usize>, grid: &mut Grid) {
        let cells: Vec<Id> = self.tree.children(row).filter(|n| self.tree.tag(*n) == Tag::Td).collect();
        if !self.tree.has_text(row) {
            grid.reaches.iter_mut().for_each(|r| r.rows = r.rows.saturating_sub(1));
            return;
        }
        if !grid.rows.is_empty() {
            self.flat.end_row();
        }
        let mut places = Vec::with_capacity(cells.len());
        for cell in cells {
            self.fill(grid, &mut places);
            let words = self.cell(cell, !places.is_empty());
            let (wide, high) = self.extent(cell, columns);
            for i in 0..wide.min(MAX_COLUMNS.saturating_sub(places.len())).max(1) {
                if i > 0 {
                    self.flat.end_column();
                    grid.filled += 1;
                }
                if grid.reaches.len() <= places.len() {
                    grid.reaches.resize(places.len() + 1, Reach::default());
                }
                grid.reaches[places.len()] = Reach { rows: high.saturating_sub(1), words };
                places.push(words);
            }
        }
        self.fill(grid, &mut places);
        grid.rows.push(places);
    }

    /// Fills the places that cells of the rows above reach into.
    fn fill(&mut self, grid: &mut Grid, places: &mut Vec<Span>) {
        while let Some(reach) = grid.reaches.get_mut(places.len()).filter(|r| r.rows > 0) {
            reach.rows -= 1;
            let words = reach.words;
            grid.filled += 1;
            if grid.filled > MAX_FILLED {
                grid.reaches.clear();
                return;
            }
            if !places.is_empty() {
                self.flat.end_column();
            }
            places.push(words);
        }
    }

    fn cell(&mut self, cell: Id, behind_another: bool) -> Span {
        if behind_another {
            self.flat.end_column();
        }
        self.flat.begin_cell();
        self.in_line = true;
        self.inline(cell);
        self.in_line = false;
        self.close_citations();
        self.flat.end_cell()
    }

    /// Columns and rows that a cell spans.
    fn extent(&self, cell: Id, columns: &HashMap<&'a str, usize>) -> (usize, usize) {
        let number = |attribute| self.tree.attribute(cell, attribute).and_then(|v| v.parse::<usize>().ok());
        let column = |attribute| self.tree.attribute(cell, attribute).and_then(|name| columns.get(name).copied());
        let named = match (column(Attr::Namest), column(Attr::Nameend)) {
            (Some(first), Some(last)) => Some((last + 1).saturating_sub(first)),
            _ => None,
        };
        let wide = number(Attr::Colspan).or(named).unwrap_or(1).max(1);
        let high = number(Attr::Rowspan).or(number(Attr::Morerows).map(|n| n.saturating_add(1))).unwrap_or(1);
        (wide, high)
    }

    /// CALS: `colspec` names columns, in their order.
    fn named_columns(&self, table: Id) -> HashMap<&'a str, usize> {
        let specs = self.tree.children(table).filter(|n| self.tree.tag(*n) == Tag::Colspec);
        specs.enumerate().filter_map(|(i, n)| Some((self.tree.attribute(n, Attr::Colname)?, i))).collect()
    }
}
