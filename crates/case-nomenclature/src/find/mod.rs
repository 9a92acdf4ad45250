//! Finding in running text, where papers shorten, space and misspell the nomenclature.

mod karyotype;
mod loose;
mod variant;

pub use karyotype::{Rearranged, karyotypes};
pub use variant::{Form, Variation, variants};
