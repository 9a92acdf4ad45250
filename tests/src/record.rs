//! Looking at case records without the code that made them.

use std::collections::BTreeMap;

use serde_json::Value;

/// Every `span` with a `quote` beside it that is not what stands there in the text: path, quote, text.
pub fn wrong_quotes(record: &Value) -> Vec<String> {
    let text = record["document"]["text"].as_str().unwrap_or_default();
    let mut wrong = Vec::new();
    let mut seen = 0;
    walk(record, "", &mut |path, value| {
        let Some(quote) = value["quote"].as_str() else { return };
        seen += 1;
        let ends = (number(&value["span"], 0, "start"), number(&value["span"], 1, "end"));
        let there = match ends {
            (Some(start), Some(end)) => text.get(start..end),
            _ => None,
        };
        if there != Some(quote) {
            wrong.push(format!("{path}: quotes {quote:?} where {there:?} stands"));
        }
    });
    if seen == 0 {
        wrong.push("no value quotes anything".to_owned());
    }
    wrong
}

/// A span is written as two numbers or as an object.
fn number(span: &Value, index: usize, name: &str) -> Option<usize> {
    span.get(index).or_else(|| span.get(name))?.as_u64()?.try_into().ok()
}

fn walk(value: &Value, path: &str, visit: &mut dyn FnMut(&str, &Value)) {
    visit(path, value);
    match value {
        Value::Object(map) => map.iter().for_each(|(key, v)| walk(v, &format!("{path}/{key}"), visit)),
        Value::Array(list) => list.iter().enumerate().for_each(|(i, v)| walk(v, &format!("{path}/{i}"), visit)),
        _ => {}
    }
}

/// How many facts of each kind each patient has.
pub fn facts_by_kind(record: &Value) -> Vec<BTreeMap<String, usize>> {
    let cases = record["cases"].as_array().map(Vec::as_slice).unwrap_or_default();
    cases
        .iter()
        .map(|case| {
            let mut out = BTreeMap::new();
            let mut add = |fields: &Value| {
                for (kind, facts) in fields.as_object().into_iter().flatten() {
                    let is_fact = |v: &&Value| v["id"].is_string() && v["evidence"].is_array();
                    let count = facts.as_array().map_or(0, |list| list.iter().filter(is_fact).count());
                    if count > 0 {
                        out.insert(kind.clone(), count);
                    }
                }
            };
            add(case);
            add(&case["subject"]);
            out
        })
        .collect()
}
