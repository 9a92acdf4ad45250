//! The result: one table, for people, for programs and for the documentation.

use std::fmt::Write as _;

use serde_json::{Value, json};

/// A figure to reach.
#[derive(Clone, Copy, Debug)]
pub(super) enum Aim {
    AtLeast(f64),
    AtMost(f64),
}

impl Aim {
    fn reached(self, value: f64) -> bool {
        match self {
            Self::AtLeast(aim) => value >= aim,
            Self::AtMost(aim) => value <= aim,
        }
    }
}

/// A measured figure.
#[derive(Clone, Debug)]
pub(super) struct Figure {
    pub(super) group: &'static str,
    pub(super) name: String,
    pub(super) value: f64,
    pub(super) unit: &'static str,
    pub(super) aim: Option<Aim>,
}

/// All figures of a measurement.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) figures: Vec<Figure>,
    pub(super) notes: Vec<String>,
}

impl Table {
    pub(super) fn add(&mut self, group: &'static str, name: impl Into<String>, value: f64, unit: &'static str) {
        self.figures.push(Figure { group, name: name.into(), value, unit, aim: None });
    }

    pub(super) fn aim(
        &mut self,
        group: &'static str,
        name: impl Into<String>,
        value: f64,
        unit: &'static str,
        aim: Aim,
    ) {
        self.figures.push(Figure { group, name: name.into(), value, unit, aim: Some(aim) });
    }

    /// For programs.
    pub(super) fn json(&self) -> Value {
        let figures: Vec<Value> = self
            .figures
            .iter()
            .map(|f| {
                let (aim, reached) = match f.aim {
                    Some(aim @ (Aim::AtLeast(value) | Aim::AtMost(value))) => (Some(value), Some(aim.reached(f.value))),
                    None => (None, None),
                };
                json!({ "group": f.group, "name": f.name, "value": f.value, "unit": f.unit, "aim": aim, "reached": reached })
            })
            .collect();
        json!({ "figures": figures, "notes": self.notes })
    }

    /// For the documentation; reads well as plain text, too.
    pub(super) fn markdown(&self) -> String {
        let rows: Vec<[String; 4]> = self
            .figures
            .iter()
            .map(|f| {
                let aim = match f.aim {
                    Some(aim @ (Aim::AtLeast(value) | Aim::AtMost(value))) => {
                        let sign = if matches!(aim, Aim::AtLeast(_)) { "≥" } else { "≤" };
                        let verdict = if aim.reached(f.value) { "reached" } else { "missed" };
                        format!("{sign} {}, {verdict}", number(value))
                    }
                    None => String::new(),
                };
                [
                    f.group.to_owned(),
                    f.name.clone(),
                    format!("{} {}", number(f.value), f.unit).trim_end().to_owned(),
                    aim,
                ]
            })
            .collect();
        let head = ["", "measure", "value", "aim"];
        let width =
            |i: usize| rows.iter().map(|r| r[i].chars().count()).chain([head[i].chars().count()]).max().unwrap_or(0);
        let widths = [width(0), width(1), width(2), width(3)];
        let mut out = String::new();
        let mut line = |cells: [&str; 4]| {
            for (cell, width) in cells.iter().zip(widths) {
                let _ = write!(out, "| {cell:width$} ");
            }
            out.push_str("|\n");
        };
        line(head);
        line(widths.map(|w| "-".repeat(w)).each_ref().map(String::as_str));
        let mut group = "";
        for row in &rows {
            let shown = if row[0] == group { "" } else { row[0].as_str() };
            line([shown, &row[1], &row[2], &row[3]]);
            group = &row[0];
        }
        for note in &self.notes {
            let _ = write!(out, "\n{note}\n");
        }
        out
    }
}

/// Three digits that count.
fn number(value: f64) -> String {
    match value.abs() {
        v if v >= 100.0 => format!("{value:.0}"),
        v if v >= 10.0 => format!("{value:.1}"),
        v if v >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

/// Puts `block` between the lines `<!-- bench -->` and `<!-- end bench -->` of a page.
pub(super) fn replace_block(page: &str, block: &str) -> Option<String> {
    let (before, rest) = page.split_once("<!-- bench -->\n")?;
    let (_, after) = rest.split_once("<!-- end bench -->")?;
    Some(format!("{before}<!-- bench -->\n{block}<!-- end bench -->{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aims_are_judged_both_ways() {
        let mut table = Table::default();
        table.aim("a", "speed", 0.2, "", Aim::AtLeast(0.15));
        table.aim("a", "growth", 1.3, "", Aim::AtMost(1.1));
        let shown = table.markdown();
        assert!(shown.contains("≥ 0.150, reached") && shown.contains("≤ 1.10, missed"), "{shown}");
        assert_eq!(table.json()["figures"][1]["reached"], false);
    }

    #[test]
    fn the_block_of_a_page_is_replaced_alone() {
        let page = "# Speed\n<!-- bench -->\nold\n<!-- end bench -->\nend\n";
        assert_eq!(
            replace_block(page, "new\n").as_deref(),
            Some("# Speed\n<!-- bench -->\nnew\n<!-- end bench -->\nend\n")
        );
        assert_eq!(replace_block("# Speed\n", "new\n"), None);
    }
}
