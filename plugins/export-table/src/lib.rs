//! HTML.
#![forbid(unsafe_code)]
use casemill_plugin_sdk::prelude::*;
#[derive(Debug, Default)]
struct Tables;
impl Exporter for Tables {
    const FORMAT: Format = Format::new("csv", "text/csv", "csv");
}
export_plugin!(exporter: Tables);
