//! Replies: those of a good plugin, and plausible ones that are wrong.

use casemill_plugin_abi::message::Request;
use serde_json::{Value, json};

use crate::{at, deed};

/// Head and blob of the reply to a request.
pub(crate) fn reply(request: &Request, text: &str, poisoned: bool) -> (Vec<u8>, Vec<u8>) {
    let wrong = |time: &str| at(time).filter(|_| poisoned);
    let (head, blob) = match request.op.as_str() {
        "read" => read(text, wrong("read").as_deref()),
        "extract" => (extract(text, wrong("extract").as_deref()), Vec::new()),
        "validate" => (validate(text, wrong("validate").as_deref()), Vec::new()),
        "export" | "finish" => export(request, text, at("paths").filter(|_| poisoned).as_deref()),
        _ => (json!({}), Vec::new()),
    };
    (serde_json::to_vec(&head).unwrap(), blob)
}

fn read(text: &str, wrong: Option<&str>) -> (Value, Vec<u8>) {
    let mut document = json!({
        "source": { "name": "", "media_type": "text/plain", "encoding": "utf-8", "sha256": "", "length": 0 },
        "sentences": [[0, text.len()]],
    });
    let mut bytes = text.as_bytes().to_vec();
    match wrong {
        None => {}
        Some("beyond") => document["sentences"] = json!([[0, text.len() + 1]]),
        Some("backwards") => document["sentences"] = json!([[4, 2]]),
        Some("overlap") => document["sentences"] = json!([[0, 6], [3, 9]]),
        Some("mid-character") => document["sentences"] = json!([[0, text.find('é').unwrap() + 1]]),
        Some("latin-1") => bytes[0] = 0xe9,
        Some("another-text") => bytes = b"A POISON text that is not the input, with cough.".to_vec(),
        Some("repairs") => {
            document["repairs"] = json!([[0, 1, u32::MAX - 1, u32::MAX, "hyphen"], [3, 0, 7, 2, "hyphen"]]);
        }
        Some("repairs-overflow") => document["repairs"] = json!([[u32::MAX, u32::MAX, 0, 0, "hyphen"]]),
        Some("no-document") => return (json!({ "document": null }), bytes),
        Some(other) => panic!("no wrong document {other:?}"),
    }
    (json!({ "document": document }), bytes)
}

/// A finding for the first cough of the text.
fn extract(text: &str, wrong: Option<&str>) -> Value {
    let Some(start) = text.find("cough") else { return json!({ "cases": [] }) };
    let end = start + "cough".len();
    let mut finding = json!({
        "id": "finding-cough",
        "value": { "label": "Cough" },
        "codings": [{ "code": "HP:0012735", "label": "Cough" }],
        "evidence": [{ "span": [start, end], "quote": "cough" }],
    });
    let mut more = Value::Null;
    let evidence = &mut finding["evidence"];
    match wrong {
        None => {}
        Some("print") => deed::perform("print", None),
        Some("off-by-one") => evidence[0]["span"] = json!([start + 1, end + 1]),
        Some("utf-16") => {
            let units = |bytes: usize| text[..bytes].encode_utf16().count();
            assert_ne!(units(start), start, "the text must hold something that is not ASCII");
            evidence[0]["span"] = json!([units(start), units(end)]);
        }
        Some("quote") => evidence[0]["quote"] = "Cough".into(),
        Some("beyond") => evidence[0]["span"] = json!([start, text.len() + 7]),
        Some("backwards") => evidence[0]["span"] = json!([end, start]),
        Some("mid-character") => evidence[0]["span"] = json!([text.find('é').unwrap() + 1, end]),
        Some("negative") => evidence[0]["span"] = json!([-1, 5]),
        Some("huge") => evidence[0]["span"] = json!([0, u64::MAX]),
        Some("no-evidence") => *evidence = json!([]),
        Some("no-label") => finding["codings"][0]["label"] = "".into(),
        Some("no-code") => finding["codings"][0]["code"] = "cough".into(),
        Some("no-release") => finding["codings"][0]["code"] = "XX:1".into(),
        Some("other-patient") => finding["scope"] = "literature".into(),
        Some("missing-fact") => finding["conflicts_with"] = json!(["finding-nowhere"]),
        Some("same-id") => more = finding.clone(),
        Some("not-an-extraction") => return json!({ "cases": "many" }),
        Some("time") => {
            finding["timing"] = json!({ "quote": "cough", "span": [start, end], "interval": [9, -9] });
        }
        Some(other) => panic!("no wrong extraction {other:?}"),
    }
    let findings = if more.is_null() { json!([finding]) } else { json!([finding, more]) };
    json!({
        "cases": [{ "id": "patient-1", "findings": findings }],
        "terminologies": [{ "prefix": "HP", "release": "2025-10-22" }],
    })
}

fn validate(text: &str, wrong: Option<&str>) -> Value {
    let label = |start: usize, end: usize| json!([{ "span": [start, end], "message": "here" }]);
    let finding = |rule: &str, labels: Value| json!({ "diagnostics": [{ "rule": rule, "severity": "info", "message": "a cough", "labels": labels }] });
    let item = |start: usize, end: usize, quote: &str| {
        let evidence = json!([{ "span": [start, end], "quote": quote }]);
        let items = json!([{ "number": "1", "title": "Title", "status": "present", "evidence": evidence }]);
        json!({ "checklists": [{ "id": "list", "title": "List", "items": items }] })
    };
    match wrong {
        None => json!({}),
        Some("rule") => finding("QQ999", label(0, 1)),
        Some("beyond") => finding("ZZ001", label(0, text.len() + 1)),
        Some("backwards") => finding("ZZ001", label(5, 2)),
        Some("mid-character") => finding("ZZ001", label(0, text.find('é').unwrap() + 1)),
        Some("quote") => item(0, 5, "elsewhere"),
        Some("not-findings") => json!({ "diagnostics": { "rule": 1 } }),
        Some(other) => panic!("no wrong findings {other:?}"),
    }
}

fn export(request: &Request, text: &str, wrong: Option<&str>) -> (Value, Vec<u8>) {
    let name = request.name.as_deref().unwrap_or("all");
    let ending = if at("good").is_some() { "line" } else { "hostile" };
    let line = format!("{} bytes\n", text.len()).into_bytes();
    let file = |path: &str| json!({ "path": path, "media_type": "text/plain", "length": line.len() });
    let one = |path: &str| (json!({ "artifacts": [file(path)] }), line.clone());
    match wrong {
        None => one(&format!("{name}.{ending}")),
        Some("absolute") => one("/tmp/casemill-hostile-was-here"),
        Some("parent") => one("../casemill-hostile-was-here"),
        Some("parent-within") => one("a/../../casemill-hostile-was-here"),
        Some("windows") => one("c:\\casemill-hostile-was-here"),
        Some("empty") => one(""),
        Some("zero") => one("a\0b"),
        Some("hidden") => one(".profile"),
        Some("long") => one(&"a/".repeat(2000)),
        Some("link") => one("link/casemill-hostile-was-here"),
        Some("folder") => one("taken"),
        Some("input") => one("poison.txt"),
        Some("record") => one("after.json"),
        Some("run-report") => one("casemill-run.json"),
        Some("journal") => one("casemill-run.journal"),
        Some("of-another") => one("before.hostile"),
        Some("of-another-plugin") => one("before.line"),
        Some("twice") => {
            let path = format!("{name}.hostile");
            (json!({ "artifacts": [file(&path), file(&path)] }), line.repeat(2))
        }
        Some("too-few-bytes") => (json!({ "artifacts": [{ "path": "short", "length": 1_u64 << 40 }] }), line),
        Some("too-many-bytes") => (json!({ "artifacts": [{ "path": "long", "length": 1 }] }), line),
        Some("negative-length") => (json!({ "artifacts": [{ "path": "less", "length": -1 }] }), line),
        Some(other) => panic!("no wrong file {other:?}"),
    }
}
