//! Reading karyotypes.

use super::band::{Band, Chromosome, band, chromosome};
use super::{Abnormality, CellClone, Cells, InSitu, Karyotype, Line, Mixture, Number, Sign, Structural, What};
use crate::cursor::{Cursor, Read};

/// What a rearrangement needs: fewest and most chromosomes, fewest and most breakpoints of each; whether it may do without
/// breakpoints.
struct Kind {
    name: &'static str,
    chromosomes: (usize, usize),
    breakpoints: (usize, usize),
    bare: bool,
}

const fn kind(name: &'static str, chromosomes: (usize, usize), breakpoints: (usize, usize), bare: bool) -> Kind {
    Kind { name, chromosomes, breakpoints, bare }
}

/// ISCN 2020, chapter 9. Longer names before those that they begin with.
const KINDS: &[Kind] = &[
    kind("add", (1, 1), (1, 1), false),
    kind("del", (1, 1), (1, 2), false),
    kind("der", (1, 9), (1, 2), true),
    kind("dic", (1, 2), (1, 2), false),
    kind("dup", (1, 1), (2, 2), false),
    kind("fis", (1, 1), (1, 2), false),
    kind("fra", (1, 1), (1, 1), false),
    kind("hsr", (1, 1), (1, 2), false),
    kind("idic", (1, 1), (1, 1), false),
    kind("ins", (1, 2), (1, 3), false),
    kind("inv", (1, 1), (2, 2), false),
    kind("i", (1, 1), (1, 1), false),
    kind("psudic", (2, 2), (1, 1), false),
    kind("psuidic", (1, 1), (1, 1), false),
    kind("qdp", (1, 1), (2, 2), false),
    kind("rec", (1, 1), (1, 2), true),
    kind("rob", (2, 2), (1, 1), false),
    kind("r", (1, 1), (2, 2), true),
    kind("tas", (2, 9), (1, 1), false),
    kind("trc", (2, 9), (1, 2), false),
    kind("trp", (1, 1), (2, 2), false),
    kind("t", (2, 9), (1, 2), false),
    kind("upd", (1, 1), (0, 0), true),
];

/// Rearrangements whose breakpoints were given before in the karyotype: they are not written again.
#[derive(Debug)]
pub(super) struct Seen {
    lenient: bool,
    known: Vec<(&'static str, Vec<Chromosome>)>,
}

impl Seen {
    pub(super) fn new(lenient: bool) -> Self {
        Self { lenient, known: Vec::new() }
    }
}

pub(super) fn karyotype(cursor: &mut Cursor<'_>) -> Read<Karyotype> {
    let mixture = if cursor.eat("mos ") {
        Mixture::Mosaic
    } else if cursor.eat("chi ") {
        Mixture::Chimera
    } else {
        Mixture::Unstated
    };
    let mut seen = Seen::new(false);
    let mut clones = vec![clone(cursor, false, &mut seen)?];
    while cursor.peek() == Some('/') {
        cursor.take_one();
        let donor = cursor.eat("/");
        clones.push(clone(cursor, donor, &mut seen)?);
    }
    let ish = if cursor.eat(".nuc ish") {
        Some(in_situ(cursor, true)?)
    } else if cursor.eat(".ish ") {
        Some(in_situ(cursor, false)?)
    } else {
        None
    };
    Ok(Karyotype { mixture, clones, ish })
}

/// Chromosomes above which a karyotype is more than tetraploid, and its level or sex chromosomes must show it.
const TETRAPLOID: u32 = 92;

fn clone(cursor: &mut Cursor<'_>, donor: bool, seen: &mut Seen) -> Read<CellClone> {
    let start = cursor.at();
    let Some(chromosomes) = number(cursor)? else { return cursor.fail("the number of chromosomes") };
    let ploidy = if cursor.eat("<") {
        let Some(level @ 1..=8) = cursor.number() else { return cursor.fail("a ploidy level: <3n>") };
        cursor.need("n", "`n` of the ploidy level")?;
        // "<3n+/->", "<3n->" give the level roughly.
        cursor.take(|c| matches!(c, '+' | '-' | '/'));
        cursor.need(">", "`>` behind the ploidy level")?;
        Some(level as u32)
    } else {
        None
    };
    if cursor.peek() != Some(',') {
        return cursor.fail("a comma and the sex chromosomes");
    }
    cursor.take_one();
    let line = line(cursor)?;
    let sexes = if let Line::Sex(sex) = &line { sex.len() } else { 4 };
    let plausible = chromosomes.least >= 10
        && (chromosomes.least <= TETRAPLOID || ploidy.is_some() || sexes > 2)
        && chromosomes.least <= 400
        && chromosomes.most.is_none_or(|most| most > chromosomes.least);
    if !plausible {
        cursor.back(start);
        return cursor.fail("a number of chromosomes that fits the sex chromosomes");
    }
    let mut abnormalities = Vec::new();
    while cursor.eat(",") {
        abnormalities.push(abnormality(cursor, seen)?);
    }
    let mut cells = bracket_cells(cursor)?;
    // "+8[3]": the count of the last abnormality is that of the clone, unless another follows.
    if let Some(last) = abnormalities.last_mut()
        && cells.is_none()
    {
        cells = last.cells.take();
    }
    Ok(CellClone { donor, chromosomes, ploidy, line, abnormalities, cells })
}

fn line(cursor: &mut Cursor<'_>) -> Read<Line> {
    if cursor.eat("idem") {
        return Ok(Line::Idem);
    }
    if cursor.rest().starts_with("sl") || cursor.rest().starts_with("sdl") {
        return Ok(Line::Stem(cursor.take(|c| c.is_ascii_alphanumeric()).to_owned()));
    }
    let sex = cursor.take(|c| matches!(c, 'X' | 'Y' | 'U' | '?'));
    match sex.len() {
        1..=8 => Ok(Line::Sex(sex.to_owned())),
        _ => cursor.fail("sex chromosomes"),
    }
}

/// `46`, `45~48`.
fn number(cursor: &mut Cursor<'_>) -> Read<Option<Number>> {
    let Some(least) = cursor.number().and_then(|n| u32::try_from(n).ok()) else { return Ok(None) };
    let most = if cursor.eat("~") {
        let Some(most) = cursor.number().and_then(|n| u32::try_from(n).ok()) else { return cursor.fail("a number") };
        Some(most)
    } else {
        None
    };
    Ok(Some(Number { least, most }))
}

/// `[20]`, `[cp15]`.
fn bracket_cells(cursor: &mut Cursor<'_>) -> Read<Option<Cells>> {
    if !cursor.eat("[") {
        return Ok(None);
    }
    let composite = cursor.eat("cp");
    let Some(count) = cursor.number().and_then(|n| u32::try_from(n).ok()) else {
        return cursor.fail("a number of cells");
    };
    cursor.need("]", "`]` behind the number of cells")?;
    Ok(Some(Cells { composite, count }))
}

fn abnormality(cursor: &mut Cursor<'_>, seen: &mut Seen) -> Read<Abnormality> {
    let questionable = cursor.eat("?");
    let sign = if cursor.eat("+") {
        Some(Sign::Gain)
    } else if cursor.eat("-") {
        Some(Sign::Loss)
    } else {
        None
    };
    let questionable = questionable || cursor.eat("?");
    let what = what(cursor, sign, seen)?;
    let mut origin = None;
    for word in ["inh", "mat", "pat", "dn", "c"] {
        if cursor.eat(word) {
            origin = Some(word.to_owned());
            break;
        }
    }
    let copies = if cursor.eat("x") || cursor.eat("×") {
        let Some(copies) = number(cursor)? else { return cursor.fail("the number of copies") };
        Some(copies)
    } else {
        None
    };
    Ok(Abnormality { sign, questionable, what, origin, copies, cells: bracket_cells(cursor)? })
}

fn what(cursor: &mut Cursor<'_>, sign: Option<Sign>, seen: &mut Seen) -> Read<What> {
    let name = cursor.rest().trim_start_matches(|c: char| c.is_ascii_digit() || c == '~');
    if EXTRA.iter().any(|extra| name.starts_with(extra))
        && let Some(extra) = cursor.attempt(extra)
    {
        return Ok(extra);
    }
    if cursor.peek().is_some_and(|c| c.is_ascii_digit() || matches!(c, 'X' | 'Y')) {
        if sign.is_none() {
            return cursor.fail("`+` or `-` before the chromosome");
        }
        return chromosome(cursor).map(What::Whole);
    }
    structural(cursor, seen).map(What::Structural)
}

/// Chromosomes beyond those of the set: markers, double minutes, rings, and what is incomplete.
const EXTRA: &[&str] = &["mar", "dmin", "inc", "r"];

/// `mar`, `2mar`, `mar1`, `1~10dmin`, `r`.
fn extra(cursor: &mut Cursor<'_>) -> Read<What> {
    let count = number(cursor)?;
    let Some(name) = EXTRA.iter().find(|n| cursor.eat(n)) else {
        return cursor.fail("a marker chromosome");
    };
    let number = cursor.number().and_then(|n| u32::try_from(n).ok());
    match cursor.peek() {
        None | Some(',' | '[' | '/' | 'x' | '×' | '.' | 'c' | 'm' | 'p' | 'd') => {
            Ok(What::Extra { count, name: (*name).to_owned(), number })
        }
        _ => cursor.fail("a marker chromosome"),
    }
}

pub(super) fn structural(cursor: &mut Cursor<'_>, seen: &mut Seen) -> Read<Structural> {
    let Some(kind) =
        KINDS.iter().find(|k| cursor.rest().strip_prefix(k.name).is_some_and(|rest| rest.starts_with('(')))
    else {
        return cursor.fail("an abnormality: +8, -7, t(9;22)(q34;q11.2), del, inv, der, ...");
    };
    cursor.eat(kind.name);
    cursor.need("(", "`(` and the chromosomes")?;
    let mut chromosomes = vec![chromosome(cursor)?];
    let mut breakpoints = Vec::new();
    // "del(13q14)", as texts write it.
    if seen.lenient && matches!(cursor.peek(), Some('p' | 'q' | 'P' | 'Q')) {
        breakpoints.push(bands(cursor)?);
    }
    while cursor.eat(";") {
        chromosomes.push(chromosome(cursor)?);
    }
    cursor.need(")", "`)` behind the chromosomes")?;
    if !(kind.chromosomes.0..=kind.chromosomes.1).contains(&chromosomes.len()) {
        return cursor.fail("another number of chromosomes for this abnormality");
    }
    let mut segments = None;
    if cursor.peek() == Some('(') && breakpoints.is_empty() {
        if let Some(detailed) = cursor.attempt(detailed) {
            segments = Some(detailed);
        } else {
            cursor.take_one();
            breakpoints.push(bands(cursor)?);
            while cursor.eat(";") {
                breakpoints.push(bands(cursor)?);
            }
            cursor.need(")", "`)` behind the breakpoints")?;
        }
    }
    let mut parts = Vec::new();
    if matches!(kind.name, "der" | "rec" | "r" | "dic" | "idic" | "i") {
        while let Some(part) = cursor.attempt(|cursor| structural(cursor, seen)) {
            parts.push(part);
        }
    }
    let written = Structural { name: kind.name, chromosomes, breakpoints, segments, parts };
    check(cursor, kind, &written, seen)?;
    Ok(written)
}

fn check(cursor: &mut Cursor<'_>, kind: &Kind, written: &Structural, seen: &mut Seen) -> Read<()> {
    let name_and_chromosomes = (kind.name, written.chromosomes.clone());
    if written.breakpoints.is_empty() && written.segments.is_none() {
        let known = seen.known.contains(&name_and_chromosomes);
        let made = !written.parts.is_empty() || kind.bare;
        return if known || made || seen.lenient { Ok(()) } else { cursor.fail("breakpoints in brackets") };
    }
    seen.known.push(name_and_chromosomes);
    if written.segments.is_some() || seen.lenient {
        return Ok(());
    }
    if written.breakpoints.len() != written.chromosomes.len() {
        return cursor.fail("breakpoints for each chromosome");
    }
    let fits = |list: &Vec<Band>| (kind.breakpoints.0..=kind.breakpoints.1).contains(&list.len());
    let insertion = kind.name == "ins" && written.breakpoints.iter().map(Vec::len).sum::<usize>() != 3;
    if insertion || !written.breakpoints.iter().all(fits) {
        return cursor.fail("another number of breakpoints for this abnormality");
    }
    Ok(())
}

/// `q11.2q32`
fn bands(cursor: &mut Cursor<'_>) -> Read<Vec<Band>> {
    let mut out = vec![band(cursor)?];
    while matches!(cursor.peek(), Some('p' | 'q' | 'P' | 'Q')) {
        out.push(band(cursor)?);
    }
    Ok(out)
}

/// Detailed system: `(1pter->1p36::3q21->3qter)`.
fn detailed(cursor: &mut Cursor<'_>) -> Read<String> {
    cursor.need("(", "`(`")?;
    let words = cursor.take(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '>' | '→' | ':' | '?' | '~'));
    if !words.contains("->") && !words.contains('→') && !words.contains("::") {
        return cursor.fail("segments");
    }
    cursor.need(")", "`)` behind the segments")?;
    Ok(words.replace('→', "->"))
}

/// Items behind `.ish `: brackets balance, commas separate.
fn in_situ(cursor: &mut Cursor<'_>, nuclear: bool) -> Read<InSitu> {
    cursor.eat(" ");
    let mut items = vec![String::new()];
    let mut depth = 0usize;
    while let Some(c) = cursor.peek() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return cursor.fail("`(`"),
            ')' => depth -= 1,
            ',' if depth == 0 => {
                cursor.take_one();
                items.push(String::new());
                continue;
            }
            '[' if depth == 0 => break,
            c if c.is_ascii_alphanumeric() || "+-;.,~?×/".contains(c) => {}
            _ => return cursor.fail("a probe or band"),
        }
        cursor.take_one();
        if let Some(last) = items.last_mut() {
            last.push(c);
        }
    }
    if depth > 0 {
        return cursor.fail("`)`");
    }
    if items.iter().any(String::is_empty) {
        return cursor.fail("a probe or band");
    }
    Ok(InSitu { nuclear, items, cells: bracket_cells(cursor)? })
}
