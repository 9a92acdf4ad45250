//! `metaData`: where the packet comes from and which terminologies it uses.

use std::collections::BTreeSet;

use casemill_plugin_sdk::model::Report;
use casemill_plugin_sdk::serde_json::{self, Value};

use crate::codes::{ALL, TERMINOLOGIES, TerminologyInfo};
use crate::export::Settings;
use crate::schema::{ExternalReference, MetaData, Phenopacket, Resource};

/// Metadata without the resources, which are known only when the packet is complete.
pub(crate) fn without_resources(report: &Report, settings: &Settings) -> MetaData {
    MetaData {
        created: settings.created.clone(),
        created_by: format!("casemill {}", report.casemill).trim_end().to_owned(),
        resources: Vec::new(),
        phenopacket_schema_version: "2.0",
        external_references: references(report),
    }
}

/// The report under each of its public identifiers; without any, by its title or the name of the input.
pub(crate) fn references(report: &Report) -> Vec<ExternalReference> {
    let title = report.document.titles.first().map(|t| report.document.words(t.span));
    let title = title.filter(|t| !t.is_empty()).unwrap_or(&report.document.source.name);
    let title: String = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out: Vec<ExternalReference> = Vec::new();
    for (scheme, prefix, resolver) in [
        ("pmid", "PMID", "https://pubmed.ncbi.nlm.nih.gov/"),
        ("doi", "DOI", "https://doi.org/"),
        ("pmcid", "PMCID", "https://pmc.ncbi.nlm.nih.gov/articles/"),
    ] {
        for identifier in report.document.identifiers.iter().filter(|i| i.scheme == scheme) {
            out.push(ExternalReference {
                id: format!("{prefix}:{}", identifier.value),
                reference: format!("{resolver}{}", identifier.value),
                description: title.clone(),
            });
        }
    }
    if out.is_empty() {
        out.push(ExternalReference { description: title, ..ExternalReference::default() });
    }
    out
}

/// One resource for each prefix that the packet really uses, in alphabetical order.
pub(crate) fn resources(packet: &Phenopacket, report: &Report) -> Vec<Resource> {
    let mut used = BTreeSet::new();
    let json = serde_json::to_value(packet).unwrap_or_default();
    used_codes(&json, &mut used);
    let of = |t: &TerminologyInfo| -> Vec<&str> {
        used.iter().map(String::as_str).filter(|c| c.split_once(':').is_some_and(|(p, _)| p == t.prefix)).collect()
    };
    let resource = |t: &'static TerminologyInfo| {
        let codes = of(t);
        (!codes.is_empty()).then(|| Resource {
            id: t.id,
            name: t.name,
            url: t.url,
            version: release(t, &codes, report),
            namespace_prefix: t.prefix,
            iri_prefix: t.iri_prefix,
        })
    };
    TERMINOLOGIES.iter().filter_map(resource).collect()
}

/// The release that the record names for its codes; where all codes are the exporter's own, the one they were found in.
fn release(terminology: &TerminologyInfo, used: &[&str], report: &Report) -> String {
    let own = used.iter().all(|code| ALL.iter().any(|c| c.id == *code) || terminology.prefix == "UCUM");
    let named = report.terminologies.iter().find(|t| t.prefix == terminology.prefix).filter(|_| !own);
    named.map_or_else(|| terminology.release.to_owned(), |t| t.release.clone())
}

/// Codes of all terms (an object with `id` and `label`) and genes (an object with `valueId`).
fn used_codes(json: &Value, codes: &mut BTreeSet<String>) {
    match json {
        Value::Object(fields) => {
            let term = fields.get("id").filter(|_| fields.contains_key("label"));
            let code = term.or_else(|| fields.get("valueId")).and_then(Value::as_str);
            codes.extend(code.map(str::to_owned));
            fields.values().for_each(|v| used_codes(v, codes));
        }
        Value::Array(items) => items.iter().for_each(|v| used_codes(v, codes)),
        _ => {}
    }
}
