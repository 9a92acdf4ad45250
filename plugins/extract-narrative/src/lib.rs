//! Narrative.
#![forbid(unsafe_code)]
use casemill_plugin_sdk::prelude::*;
#[derive(Debug, Default)]
struct Narrative;
impl Extractor for Narrative {
    const NAME: &'static str = "narrative";
    fn extract(&mut self, _: &Document) -> Result<Extraction> {
        Ok(Extraction::default())
    }
}
export_plugin!(extractor: Narrative);
