//! Karyotypes: ISCN 2020, An International System for Human Cytogenomic Nomenclature.
//!
//! ```
//! use case_nomenclature::iscn::Karyotype;
//!
//! let karyotype = Karyotype::parse("46,XY,t(9;22)(q34;q11.2)[18]/46,XY[2]").unwrap();
//! assert_eq!(karyotype.clones.len(), 2);
//! assert_eq!(karyotype.to_string(), "46,XY,t(9;22)(q34;q11.2)[18]/46,XY[2]");
//! assert_eq!(Karyotype::parse("46,XX,del(5)").unwrap_err().expected, "breakpoints in brackets");
//! ```

mod band;
mod parse;
mod print;

pub use band::{Arm, Band, Chromosome};

use crate::Refused;
use crate::cursor::Cursor;

/// How many, exactly or between two numbers (`45~48`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// The number, or the least.
    pub least: u32,
    /// The most.
    pub most: Option<u32>,
}

/// How clones came about, in front of the karyotype.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mixture {
    /// Not said.
    #[default]
    Unstated,
    /// `mos`: mosaic.
    Mosaic,
    /// `chi`: chimera.
    Chimera,
}

/// A karyotype.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Karyotype {
    /// `mos`, `chi`.
    pub mixture: Mixture,
    /// Clones, each with how it is set off from the one before it.
    pub clones: Vec<CellClone>,
    /// In situ hybridisation, as its items stand behind `.ish` or `.nuc ish`.
    pub ish: Option<InSitu>,
}

/// A clone of cells with one karyotype.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellClone {
    /// True behind `//`: cells of the donor.
    pub donor: bool,
    /// Number of chromosomes.
    pub chromosomes: Number,
    /// Ploidy level: 3 of `<3n>`.
    pub ploidy: Option<u32>,
    /// Sex chromosomes, or the clone it descends from.
    pub line: Line,
    /// Abnormalities.
    pub abnormalities: Vec<Abnormality>,
    /// Number of cells.
    pub cells: Option<Cells>,
}

/// What stands behind the number of chromosomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// `XX`, `XY`, `X`, `XXY`, `X?`, `U` (not disclosed).
    Sex(String),
    /// `idem`: as the clone before, with more.
    Idem,
    /// `sl`, and `sdl` with its number: stemline and sidelines.
    Stem(String),
}

/// Number of cells of a clone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cells {
    /// `cp`: composite.
    pub composite: bool,
    /// How many.
    pub count: u32,
}

/// Gain or loss of what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// `+`.
    Gain,
    /// `-`.
    Loss,
}

/// An abnormality.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Abnormality {
    /// `+`, `-`.
    pub sign: Option<Sign>,
    /// `?`: questionable.
    pub questionable: bool,
    /// What.
    pub what: What,
    /// `c`, `mat`, `pat`, `dn`, `inh`: constitutional or how it was inherited.
    pub origin: Option<String>,
    /// Copies: 2 of `x2`.
    pub copies: Option<Number>,
    /// Cells it was seen in.
    pub cells: Option<Cells>,
}

/// What is abnormal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A whole chromosome, gained or lost.
    Whole(Chromosome),
    /// `mar`, `mar1`, `dmin`, `r`: with their number and how many.
    Extra {
        /// How many: `1~10dmin`.
        count: Option<Number>,
        /// `mar`, `dmin`, `r`, `inc`.
        name: String,
        /// 1 of `mar1`.
        number: Option<u32>,
    },
    /// A rearrangement.
    Structural(Structural),
}

/// A rearrangement: `t(9;22)(q34;q11.2)`, `der(1)t(1;3)(p36;q21)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Structural {
    /// `t`, `del`, `der`, ...
    pub name: &'static str,
    /// Chromosomes.
    pub chromosomes: Vec<Chromosome>,
    /// Breakpoints of each chromosome, as far as given.
    pub breakpoints: Vec<Vec<Band>>,
    /// Detailed system: segments as written, `1pter->1p36::3q21->3qter`.
    pub segments: Option<String>,
    /// What a derivative chromosome is made of.
    pub parts: Vec<Structural>,
}

/// In situ hybridisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InSitu {
    /// `nuc ish`: on interphase nuclei.
    pub nuclear: bool,
    /// Items as written, without white space: `del(22)(q11.2q11.2)(HIRA-)`, `(ABL1,BCR)x2`.
    pub items: Vec<String>,
    /// Number of cells or nuclei.
    pub cells: Option<Cells>,
}

impl Karyotype {
    /// Reads a karyotype. Breakpoints are required where ISCN requires them.
    ///
    /// # Errors
    /// [`Refused`] with the furthest place that could be read.
    pub fn parse(text: &str) -> Result<Self, Refused> {
        Cursor::new(text).whole(parse::karyotype)
    }
}

impl Structural {
    /// Reads a single rearrangement. With `lenient`, breakpoints may be missing (`t(9;22)`) or stand with the chromosome
    /// (`del(13q14)`), as texts write.
    ///
    /// # Errors
    /// [`Refused`] with the furthest place that could be read.
    pub fn parse(text: &str, lenient: bool) -> Result<Self, Refused> {
        Cursor::new(text).whole(|cursor| parse::structural(cursor, &mut parse::Seen::new(lenient)))
    }
}
