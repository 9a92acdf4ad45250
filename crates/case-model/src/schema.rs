//! JSON Schema (draft 2020-12) of what casemill reads and writes.

use schemars::JsonSchema;

use crate::Report;

/// Schema of a case record file.
pub fn report_schema() -> serde_json::Value {
    schema_of::<Report>()
}

/// Schema of any type of the model.
pub fn schema_of<T: JsonSchema>() -> serde_json::Value {
    schemars::schema_for!(T).to_value()
}
