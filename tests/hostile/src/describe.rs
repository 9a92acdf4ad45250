//! What the plugin says of itself.

use casemill_plugin_abi::Sink;
use serde_json::{Value, json};

use crate::{at, behaviour, deed, flood, put, put_null};

/// Components for the behaviour: those that show it, or all four kinds of a good plugin.
fn components() -> Value {
    let reader =
        json!({ "kind": "reader", "id": "text", "signatures": [{ "media_type": "text/plain", "text": true }] });
    let extractor = json!({ "kind": "extractor", "id": "coughs" });
    let rule = json!({
        "code": "ZZ001", "name": "cough", "severity": "info", "status": "stable", "page": "# A cough\n\nThere is one.\n"
    });
    let validator = json!({ "kind": "validator", "id": "coughs", "rules": [rule] });
    let (when, what) = behaviour();
    let name = if when == "good" { "line" } else { "hostile" };
    let format = json!({ "name": name, "media_type": "text/plain", "extension": name });
    let exporter = json!({ "kind": "exporter", "id": name, "format": format, "cohort": when == "cohort" });
    match when.as_str() {
        "good" => [reader, extractor, validator, exporter]
            .into_iter()
            .filter(|c| c["kind"].as_str() != what.strip_prefix("no-"))
            .collect(),
        "read" => json!([reader]),
        "extract" => json!([extractor]),
        "validate" => json!([validator]),
        _ => json!([exporter]),
    }
}

pub(crate) fn describe(out: *const Sink) -> i32 {
    let (when, _) = behaviour();
    let mut description = json!({
        "id": if when == "good" { "good" } else { "hostile" },
        "version": "0.1.0",
        "model": case_model::MODEL_VERSION,
        "summary": "does what a plugin must not do",
        "components": components(),
    });
    match at("describe").as_deref() {
        None => {}
        Some("garbage") => return i32::from(!put(out, b"\x7fELF")),
        Some("silent") => return 0,
        Some("status") => return 4711,
        Some("wrong-form") => return i32::from(!put(out, br#"{"id":["hostile"],"version":1}"#)),
        Some("flood") => flood(out),
        Some("null") => put_null(out),
        Some("model-2") => description["model"] = "2.0".into(),
        Some("model-1.9") => description["model"] = "1.9".into(),
        Some("model-none") => description["model"] = "newest".into(),
        Some("bad-id") => description["id"] = "../Hostile \u{1b}[2J".into(),
        Some("long-id") => description["id"] = "h".repeat(1 << 20).into(),
        Some("no-format") => description["components"][0]["format"] = Value::Null,
        Some("bad-format") => description["components"][0]["format"]["name"] = "a,b/../c".into(),
        Some("escape") => description["summary"] = "fine\u{1b}]0;owned\u{7}\n\u{1b}[2J".into(),
        Some("new-kind") => description["components"] = json!([{ "kind": "oracle", "id": "delphi" }]),
        Some(deed) => deed::perform(deed, None),
    }
    i32::from(!put(out, &serde_json::to_vec(&description).unwrap()))
}
