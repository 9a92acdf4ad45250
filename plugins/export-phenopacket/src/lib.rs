//! HTML.
#![forbid(unsafe_code)]
use casemill_plugin_sdk::prelude::*;
#[derive(Debug, Default)]
struct Phenopacket;
impl Exporter for Phenopacket {
    const FORMAT: Format = Format::new("phenopacket", "application/json", "phenopacket.json");
}
export_plugin!(exporter: Phenopacket);
