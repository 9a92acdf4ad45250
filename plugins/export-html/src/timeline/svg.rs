//! The picture. Colours come from the page's style sheet; all sizes are in units of the view box.

use std::fmt::Write;

use casemill_plugin_sdk::model::DayInterval;

use super::Event;
use super::lanes::{Ending, Glyph, Lane, Mark};
use super::scale::{Break, Scale};
use crate::context::boundary;
use crate::escape;
use crate::wording;

/// Width of the picture.
const WIDTH: f64 = 760.0;
/// Where the axis starts: room for the names of the lines.
const LEFT: f64 = 118.0;
/// Where the axis ends: room for half a mark.
const RIGHT: f64 = 742.0;
/// Height of the axis with its numbers.
const AXIS: f64 = 34.0;
/// Height of a row of marks.
const ROW: f64 = 24.0;
/// Room between two lines.
const GAP: f64 = 8.0;
/// Mean width of a letter of a label. Generous: fonts differ from reader to reader.
const LETTER: f64 = 6.3;
/// Longest label in bytes, about.
const LABEL: usize = 46;
/// Length of the fading end of a mark whose end is not stated.
const FADE: f64 = 36.0;

/// A drawn frame.
#[derive(Debug)]
pub(super) struct Picture {
    pub(super) svg: String,
    /// True if the scale is broken.
    pub(super) shortened: bool,
}

/// A mark with its places.
struct Placed<'a> {
    mark: &'a Mark<'a>,
    from: f64,
    to: f64,
    /// Where the label is anchored, and whether it ends there instead of starting.
    label: (f64, bool),
    text: String,
}

/// Draws the lines of a frame. `events` are told in the description.
pub(super) fn draw(lanes: &[Lane<'_>], origin: &str, events: &[Event<'_>]) -> Picture {
    let scale = Scale::new(days(lanes), LEFT, RIGHT);
    let rows: Vec<Vec<Vec<Placed<'_>>>> = lanes.iter().map(|lane| pack(lane, &scale)).collect();
    let height = rows.iter().map(|r| r.len() as f64 * ROW + GAP).sum::<f64>() + AXIS + 2.0;
    let mut out = String::with_capacity(4096);
    let _ = write!(out, "<svg class=\"time\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\">");
    describe(&mut out, origin, events);
    axis(&mut out, &scale, origin, height);
    let mut top = AXIS;
    for (lane, rows) in lanes.iter().zip(&rows) {
        let bottom = top + rows.len() as f64 * ROW + GAP;
        let _ = write!(
            out,
            "<path class=\"rule\" d=\"M0 {bottom}H{WIDTH}\"/><text class=\"lane\" x=\"0\" y=\"{:.1}\">",
            top + 20.0
        );
        escape::push(&mut out, lane.name);
        let _ = write!(out, "</text><g class=\"{}\">", lane.topic.class());
        for (i, row) in rows.iter().enumerate() {
            let middle = top + GAP / 2.0 + (i as f64 + 0.5) * ROW;
            for placed in row {
                draw_mark(&mut out, placed, &scale, middle);
            }
        }
        out.push_str("</g>");
        top = bottom;
    }
    out.push_str("</svg>");
    Picture { svg: out, shortened: !scale.breaks.is_empty() }
}

/// The days that must lie on the axis. Zero is one of them: everything counts from it.
fn days(lanes: &[Lane<'_>]) -> Vec<f64> {
    let mut days = vec![0.0];
    for mark in lanes.iter().flat_map(|l| &l.marks) {
        days.extend(mark.start.map(DayInterval::middle));
        if let Ending::At(end) = mark.ending {
            days.push(end.middle());
        }
    }
    let intervals = lanes.iter().flat_map(|l| &l.marks).flat_map(|m| {
        let end = if let Ending::At(end) = m.ending { Some(end) } else { None };
        m.start.into_iter().chain(end)
    });
    let (min, max) = intervals.fold((0.0_f64, 0.0_f64), |(min, max), d| (min.min(d.min), max.max(d.max)));
    days.extend([min, max]);
    days
}

fn describe(out: &mut String, origin: &str, events: &[Event<'_>]) {
    let mut title = String::from("Timeline from ");
    title.push_str(origin);
    out.push_str("<title>");
    escape::push(out, &title);
    out.push_str("</title><desc>");
    for event in events {
        for part in [event.fact.name, if event.what.is_empty() { "" } else { " ends" }, ": ", &event.when, ". "] {
            escape::push(out, part);
        }
    }
    out.push_str("</desc>");
}

fn axis(out: &mut String, scale: &Scale, origin: &str, height: f64) {
    let (ticks, unit) = scale.ticks();
    for Break { from, to } in &scale.breaks {
        let middle = f64::midpoint(*from, *to);
        let _ = write!(
            out,
            "<path class=\"gap\" d=\"M{from:.1} {AXIS}H{to:.1}V{height:.1}H{from:.1}z\"/>\
             <path class=\"zig\" d=\"M{:.1} 28l4 -10M{:.1} 28l4 -10\"/>",
            middle - 5.0,
            middle + 1.0
        );
    }
    for tick in &ticks {
        let class = if tick.number == 0 { "zero" } else { "grid" };
        let sign = if tick.number < 0 { "−" } else { "" };
        let _ = write!(
            out,
            "<path class=\"{class}\" d=\"M{x:.1} {AXIS}V{height:.1}\"/><text class=\"tick\" x=\"{x:.1}\" y=\"26\">{sign}{}</text>",
            tick.number.abs(),
            x = tick.x
        );
    }
    let _ = write!(out, "<text class=\"unit\" x=\"0\" y=\"12\">");
    escape::push(out, &format!("{} from {origin}", wording::sentence(unit)));
    out.push_str("</text>");
}

/// Spreads the marks of a line over as few rows as keep labels apart.
fn pack<'a>(lane: &'a Lane<'a>, scale: &Scale) -> Vec<Vec<Placed<'a>>> {
    let mut rows: Vec<(f64, Vec<Placed<'a>>)> = Vec::new();
    let mut placed: Vec<(f64, f64, Placed<'a>)> = lane.marks.iter().map(|mark| place(mark, scale)).collect();
    placed.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (from, to, mark) in placed {
        match rows.iter_mut().find(|(end, _)| *end + 6.0 <= from) {
            Some((end, row)) => {
                *end = to;
                row.push(mark);
            }
            None => rows.push((to, vec![mark])),
        }
    }
    rows.into_iter().map(|(_, row)| row).collect()
}

/// Places a mark and its label. Returns what both take of the axis.
fn place<'a>(mark: &'a Mark<'a>, scale: &Scale) -> (f64, f64, Placed<'a>) {
    let start = mark.start.map(|d| scale.x(d.middle()));
    let end = match mark.ending {
        Ending::At(days) => Some(scale.x(days.middle())),
        Ending::Ongoing => Some(RIGHT),
        Ending::Open => start.map(|x| (x + FADE).min(RIGHT)),
        Ending::Point => start,
    };
    let from = start.or(end.map(|x| (x - FADE).max(LEFT))).unwrap_or(LEFT);
    let to = end.unwrap_or(from).max(from);
    let reach =
        whiskers(mark, scale).into_iter().flatten().fold((from - 7.0, to + 7.0), |(a, b), (x, y)| (a.min(x), b.max(y)));
    let text = shortened(&mark.labels);
    let width = text.chars().count() as f64 * LETTER;
    // Inside a bar the label keeps clear of the stretch over which its start may lie.
    let inside = whiskers(mark, scale)[0].map_or(from, |(_, end)| end.max(from)) + 6.0;
    let (label, left, right) = if mark.glyph == Glyph::Bar && inside + width + 6.0 <= to {
        ((inside, false), reach.0, reach.1)
    } else if reach.1 + 4.0 + width <= WIDTH {
        ((reach.1 + 4.0, false), reach.0, reach.1 + 4.0 + width)
    } else {
        ((reach.0 - 4.0, true), reach.0 - 4.0 - width, reach.1)
    };
    (left, right, Placed { mark, from, to, label, text })
}

/// Stretches over which start and end may lie.
fn whiskers(mark: &Mark<'_>, scale: &Scale) -> [Option<(f64, f64)>; 2] {
    let stretch = |days: DayInterval| Some((scale.x(days.min), scale.x(days.max))).filter(|(a, b)| b - a > 3.0);
    let end = if let Ending::At(days) = mark.ending { Some(days) } else { None };
    [mark.start.and_then(stretch), end.and_then(stretch)]
}

/// As many names as fit, and how many more there are.
fn shortened(labels: &[String]) -> String {
    let mut text = String::new();
    for (i, label) in labels.iter().enumerate() {
        let gap = if i == 0 { "" } else { ", " };
        if i > 0 && (text.len() + label.len()) > LABEL {
            return format!("{text} +{}", labels.len() - i);
        }
        text.push_str(gap);
        text.push_str(label);
    }
    if text.len() <= 2 * LABEL { text } else { format!("{}…", text[..boundary(&text, LABEL)].trim_end()) }
}

fn draw_mark(out: &mut String, placed: &Placed<'_>, scale: &Scale, y: f64) {
    let mark = placed.mark;
    let numbers = mark.facts.iter().map(|f| f.number.to_string()).collect::<Vec<_>>().join(" ");
    let _ = write!(out, "<g class=\"mark\" data-f=\"{numbers}\"><title>");
    escape::push(out, &mark.labels.join(", "));
    out.push_str("</title>");
    length(out, placed, y);
    for (from, to) in whiskers(mark, scale).into_iter().flatten() {
        let (top, bottom) = (y - 4.0, y + 4.0);
        let _ = write!(
            out,
            "<path class=\"wh\" d=\"M{from:.1} {top:.1}V{bottom:.1}M{from:.1} {y:.1}H{to:.1}M{to:.1} {top:.1}V{bottom:.1}\"/>"
        );
    }
    glyph(out, &mark.glyph, placed.from, y);
    let (x, ends) = placed.label;
    let anchor = if ends { " text-anchor=\"end\"" } else { "" };
    let _ = write!(out, "<text class=\"l\" x=\"{x:.1}\" y=\"{:.1}\"{anchor}>", y + 4.0);
    escape::push(out, &placed.text);
    out.push_str("</text></g>");
}

/// The bar or line of what lasts; fading where its start or end is not stated, an arrow where it goes on.
fn length(out: &mut String, placed: &Placed<'_>, y: f64) {
    let (from, to) = (placed.from, placed.to);
    let half = if placed.mark.glyph == Glyph::Bar { 9.0 } else { 2.0 };
    let mut bar = |class: &str, from: f64, to: f64| {
        if to - from > 0.5 {
            let (top, bottom) = (y - half, y + half);
            let _ = write!(out, "<path class=\"{class}\" d=\"M{from:.1} {top:.1}H{to:.1}V{bottom:.1}H{from:.1}z\"/>");
        }
    };
    match placed.mark.ending {
        Ending::Point => {}
        Ending::Open => fade(&mut bar, from, to),
        Ending::At(_) if placed.mark.start.is_none() => fade(&mut bar, to, from),
        Ending::At(_) => bar("len", from, to),
        Ending::Ongoing => {
            bar("len", from, to - 8.0);
            let _ = write!(out, "<path class=\"tip\" d=\"M{:.1} {:.1}l8 {half}l-8 {half}z\"/>", to - 8.0, y - half);
        }
    }
}

/// Three steps from full to faint.
fn fade(bar: &mut impl FnMut(&str, f64, f64), from: f64, to: f64) {
    let at = |i: f64| from + (to - from) * i / 3.0;
    for (class, i) in [("len", 0.0), ("len f1", 1.0), ("len f2", 2.0)] {
        let (a, b) = (at(i), at(i + 1.0));
        bar(class, a.min(b), a.max(b));
    }
}

fn glyph(out: &mut String, glyph: &Glyph, x: f64, y: f64) {
    let _ = match glyph {
        Glyph::Bar => Ok(()),
        Glyph::Dot => write!(out, "<circle class=\"g\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\"/>"),
        Glyph::Ring => write!(out, "<circle class=\"g o\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4.5\"/>"),
        Glyph::Square => write!(out, "<path class=\"g\" d=\"M{:.1} {:.1}h9v9h-9z\"/>", x - 4.5, y - 4.5),
        Glyph::Diamond => write!(out, "<path class=\"g\" d=\"M{x:.1} {:.1}l6 6l-6 6l-6 -6z\"/>", y - 6.0),
        Glyph::Plus => {
            write!(out, "<path class=\"g\" d=\"M{:.1} {:.1}h4v4h4v4h-4v4h-4v-4h-4v-4h4z\"/>", x - 2.0, y - 6.0)
        }
        Glyph::Triangle => write!(out, "<path class=\"g\" d=\"M{x:.1} {:.1}l6 11h-12z\"/>", y - 6.0),
        Glyph::Arrow => write!(out, "<path class=\"g\" d=\"M{:.1} {:.1}l11 6l-11 6z\"/>", x - 5.0, y - 6.0),
        Glyph::Cross => write!(out, "<path class=\"x\" d=\"M{:.1} {:.1}l10 10m0 -10l-10 10\"/>", x - 5.0, y - 5.0),
        Glyph::Response(category) => response(out, category, x, y),
    };
}

/// The more of the disc is filled, the better the response.
fn response(out: &mut String, category: &str, x: f64, y: f64) -> std::fmt::Result {
    let filled = match category {
        "CR" | "NED" => "g",
        _ => "g o",
    };
    write!(out, "<circle class=\"{filled}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"6\"/>")?;
    match category {
        "PR" => write!(out, "<path class=\"g\" d=\"M{x:.1} {:.1}a6 6 0 0 1 0 12z\"/>", y - 6.0),
        "SD" => write!(out, "<path class=\"x\" d=\"M{:.1} {y:.1}h6\"/>", x - 3.0),
        "PD" => write!(out, "<path class=\"x\" d=\"M{:.1} {:.1}l6 6m0 -6l-6 6\"/>", x - 3.0, y - 3.0),
        _ => Ok(()),
    }
}
