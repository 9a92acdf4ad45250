//! `casemill schema`: JSON Schema of what casemill reads and writes.

use case_model::{Audit, report_schema, schema_of};

use crate::cli::SchemaOf;
use crate::exit::Exit;

pub(super) fn run(of: SchemaOf) -> Result<Exit, String> {
    let schema = match of {
        SchemaOf::Case => report_schema(),
        SchemaOf::Diagnostics => schema_of::<std::collections::BTreeMap<String, Audit>>(),
        SchemaOf::Plugin => plugin_schema(),
    };
    outln!("{}", serde_json::to_string_pretty(&schema).unwrap_or_default());
    Ok(Exit::Clean)
}

/// Schema of what a plugin says of itself, `casemill_plugin_abi::message::Description`.
fn plugin_schema() -> serde_json::Value {
    serde_json::json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Description",
        "type": "object",
        "required": ["id", "version", "model", "components"],
        "properties": {
            "id": { "type": "string", "pattern": "^[a-z0-9-]{1,64}$" },
            "version": { "type": "string" },
            "model": { "type": "string", "pattern": "^[0-9]+\\.[0-9]+$", "examples": [case_model::MODEL_VERSION] },
            "summary": { "type": "string" },
            "components": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["kind", "id"],
                    "properties": {
                        "kind": { "type": "string", "examples": ["reader", "extractor", "validator", "exporter"] },
                        "id": { "type": "string" },
                        "summary": { "type": "string" },
                        "signatures": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "required": ["media_type"],
                                "properties": {
                                    "media_type": { "type": "string" },
                                    "starts_with": { "type": "string" },
                                    "contains": { "type": "string" },
                                    "text": { "type": "boolean" }
                                }
                            }
                        },
                        "format": {
                            "type": "object",
                            "required": ["name", "media_type", "extension"],
                            "properties": {
                                "name": { "type": "string" },
                                "media_type": { "type": "string" },
                                "extension": { "type": "string" }
                            }
                        },
                        "cohort": { "type": "boolean" },
                        "rules": { "type": "array", "items": schema_of::<case_model::RuleInfo>() },
                        "options": { "type": "object" }
                    }
                }
            }
        }
    })
}
