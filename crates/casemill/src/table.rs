//! Tables for people.

use comfy_table::{ContentArrangement, Table, presets};

/// A plain table: a header, rows, two spaces between columns.
pub(crate) fn print(header: &[&str], rows: Vec<Vec<String>>) {
    if rows.is_empty() {
        return;
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(width());
    table.set_header(header.to_vec());
    table.add_rows(rows);
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    outln!("{}", table.lines().map(|l| l.trim_end().to_owned()).collect::<Vec<_>>().join("\n"));
}

/// Width of the terminal, 100 in a pipe.
pub(crate) fn width() -> u16 {
    terminal_size::terminal_size_of(std::io::stderr()).map_or(100, |(width, _)| width.0).clamp(60, 160)
}
