//! HTML.
#![forbid(unsafe_code)]
use casemill_plugin_sdk::prelude::*;
#[derive(Debug, Default)]
struct Html;
impl Exporter for Html {
    const FORMAT: Format = Format::new("html", "text/html", "html");
}
export_plugin!(exporter: Html);
