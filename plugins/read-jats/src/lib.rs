//! JATS.
#![forbid(unsafe_code)]
use casemill_plugin_sdk::prelude::*;
#[derive(Debug, Default)]
struct Jats;
impl Reader for Jats {
    const NAME: &'static str = "jats";
    fn signatures() -> Vec<Signature> {
        vec![]
    }
    fn read(&mut self, _: &Source, _: &[u8]) -> Result<Document> {
        Err(Error::new("not there"))
    }
}
export_plugin!(reader: Jats);
