//! Printing karyotypes.

use std::fmt::{Display, Formatter, Result, Write as _};

use super::{
    Abnormality, Arm, Band, CellClone, Cells, Chromosome, InSitu, Karyotype, Line, Mixture, Number, Sign, Structural,
    What,
};

impl Display for Karyotype {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self.mixture {
            Mixture::Unstated => "",
            Mixture::Mosaic => "mos ",
            Mixture::Chimera => "chi ",
        })?;
        for (i, clone) in self.clones.iter().enumerate() {
            f.write_str(match (i, clone.donor) {
                (0, _) => "",
                (_, false) => "/",
                (_, true) => "//",
            })?;
            write!(f, "{clone}")?;
        }
        self.ish.as_ref().map_or(Ok(()), |ish| write!(f, "{ish}"))
    }
}

impl Display for CellClone {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}", self.chromosomes)?;
        if let Some(level) = self.ploidy {
            write!(f, "<{level}n>")?;
        }
        match &self.line {
            Line::Sex(sex) => write!(f, ",{sex}")?,
            Line::Idem => f.write_str(",idem")?,
            Line::Stem(name) => write!(f, ",{name}")?,
        }
        self.abnormalities.iter().try_for_each(|a| write!(f, ",{a}"))?;
        self.cells.map_or(Ok(()), |cells| write!(f, "{cells}"))
    }
}

impl Display for Number {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}", self.least)?;
        self.most.map_or(Ok(()), |most| write!(f, "~{most}"))
    }
}

impl Display for Cells {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "[{}{}]", if self.composite { "cp" } else { "" }, self.count)
    }
}

impl Display for Abnormality {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(if self.questionable { "?" } else { "" })?;
        f.write_str(match self.sign {
            Some(Sign::Gain) => "+",
            Some(Sign::Loss) => "-",
            None => "",
        })?;
        match &self.what {
            What::Whole(chromosome) => write!(f, "{chromosome}")?,
            What::Extra { count, name, number } => {
                count.map_or(Ok(()), |count| write!(f, "{count}"))?;
                f.write_str(name)?;
                number.map_or(Ok(()), |number| write!(f, "{number}"))?;
            }
            What::Structural(structural) => write!(f, "{structural}")?,
        }
        f.write_str(self.origin.as_deref().unwrap_or_default())?;
        self.copies.map_or(Ok(()), |copies| write!(f, "x{copies}"))?;
        self.cells.map_or(Ok(()), |cells| write!(f, "{cells}"))
    }
}

impl Display for Structural {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}(", self.name)?;
        for (i, chromosome) in self.chromosomes.iter().enumerate() {
            write!(f, "{}{chromosome}", if i > 0 { ";" } else { "" })?;
        }
        f.write_char(')')?;
        if let Some(segments) = &self.segments {
            write!(f, "({segments})")?;
        }
        for (i, bands) in self.breakpoints.iter().enumerate() {
            f.write_str(if i > 0 { ";" } else { "(" })?;
            bands.iter().try_for_each(|band| write!(f, "{band}"))?;
        }
        f.write_str(if self.breakpoints.is_empty() { "" } else { ")" })?;
        self.parts.iter().try_for_each(|part| write!(f, "{part}"))
    }
}

impl Display for Chromosome {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Autosome(number) => write!(f, "{number}"),
            Self::X => f.write_char('X'),
            Self::Y => f.write_char('Y'),
            Self::Unknown => f.write_char('?'),
        }
    }
}

impl Display for Band {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self.arm {
            Some(Arm::P) => "p",
            Some(Arm::Q) => "q",
            None => "",
        })?;
        f.write_str(&self.place)
    }
}

impl Display for InSitu {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(if self.nuclear { ".nuc ish" } else { ".ish " })?;
        f.write_str(&self.items.join(","))?;
        self.cells.map_or(Ok(()), |cells| write!(f, "{cells}"))
    }
}
