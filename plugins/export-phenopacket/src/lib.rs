//! GA4GH Phenopackets, schema 2.0 (ISO 4454:2022), in JSON: `NAME.phenopacket.json`, one per case.
//!
//! ```text
//! Case ──subject, diseases, biosamples, features, measurements, interpretations, actions──> Phenopacket
//!      ├─ trace ──> NAME.phenopacket.evidence.json   which fact and which words stand behind each element
//!      └─ losses ─> loss report of the run           which fact, or part of one, has no place in the format
//! ```
//!
//! What the schema leaves open, and how it is filled here:
//!
//! - **Only what is said of the patient.** A finding that the text leaves uncertain is neither present nor excluded, so
//!   it is lost; a treatment that was considered, planned or declined is lost; a disease that was ruled out is
//!   `excluded`.
//! - **Terms.** Every slot wants an ontology term. A fact without a verified code is lost, whole. The option
//!   `unverified` lets codes through whose label nobody could compare with a copy of the terminology.
//! - **Time.** A case report has no dates. Ages of events count from the stated age at presentation and the days that
//!   the timeline worked out (module `ages`). Where the text gives no age, a date as far as it is given is written; where it
//!   gives neither, the time is lost, and nothing is invented.
//! - **Doses.** `DoseInterval` requires two dates. Without them the dose is lost, and the loss report says so.
//! - **Markers** are `measurements` of the biosample, not `diagnosticMarkers`: a diagnostic marker is a term that holds
//!   its result ("HER2/Neu Positive"), and such terms exist for a handful of markers only, while a measurement has an
//!   assay and a value, also for what is negative.
//! - **Tests that found nothing** are no `GenomicInterpretation`: its status `REJECTED` speaks of a variant that was
//!   found and judged. They are lost.
//! - **`created`** is required, and the same case is to give the same bytes: it is 1970-01-01T00:00:00Z, an evident
//!   placeholder, unless the option `created` names another time.
//!
//! The packet itself holds evidence for features only, so all provenance goes into the evidence file too: JSON pointer
//! (RFC 6901), fact, words, place and, for what is derived, the reasoning.

#![forbid(unsafe_code)]

mod actions;
mod ages;
mod biosamples;
mod codes;
mod diseases;
mod export;
mod features;
mod interpretations;
mod losses;
mod measurements;
mod metadata;
mod schema;
mod subject;
mod targets;
#[cfg(test)]
mod tests;
mod trace;
mod words;

use casemill_plugin_sdk::prelude::*;
use casemill_plugin_sdk::serde_json;

use crate::export::{Product, Settings, export_case};

/// When nothing else is asked for: the time that stands for no time.
const EPOCH: &str = "1970-01-01T00:00:00Z";

/// Writes phenopackets.
#[derive(Debug, Default)]
struct Phenopackets {
    settings: Settings,
}

impl Exporter for Phenopackets {
    const FORMAT: Format = Format::new("phenopacket", "application/json", "phenopacket.json");
    const SUMMARY: &'static str = "GA4GH Phenopacket v2, one file per case, with a file of evidence";

    fn options() -> OptionSpecs {
        OptionSpecs::new()
            .text(
                "created",
                EPOCH,
                "time written as metaData.created, RFC 3339; fixed by default so that runs compare equal",
            )
            .flag(
                "unverified",
                false,
                "write codes too whose label could not be compared with a copy of the terminology",
            )
    }

    fn configure(&mut self, options: &Options) -> Result<()> {
        let created = options.text("created");
        let time: jiff::Timestamp = created.parse().map_err(|_| {
            Error::new(format!("option `created`: {created:?} is no RFC 3339 time such as 2024-05-31T12:00:00Z"))
        })?;
        self.settings = Settings { created: time.to_string(), unverified: options.flag("unverified") };
        Ok(())
    }

    fn export(&mut self, case: &Case, out: &mut Artifacts<'_>) -> Result<()> {
        let Some(report) = out.report() else { return Err(Error::new("a phenopacket belongs to a report")) };
        let name = out.name();
        let Product { packet, trace, losses } = export_case(report, case, &name, &self.settings);
        out.write(pretty(&packet)?);
        out.add(format!("{name}.phenopacket.evidence.json"), "application/json", pretty(&trace)?);
        for loss in losses {
            out.lost(loss.fact.as_ref(), loss.what, loss.reason);
        }
        Ok(())
    }
}

/// Indented JSON with a line end, so that the file reads and compares line by line.
fn pretty(value: &impl serde::Serialize) -> Result<Vec<u8>> {
    let mut json = serde_json::to_vec_pretty(value)?;
    json.push(b'\n');
    Ok(json)
}

export_plugin!(exporter: Phenopackets);
