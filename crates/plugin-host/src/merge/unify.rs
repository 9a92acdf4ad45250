//! Two readings of one value as one, where they agree.

use case_model::{Fact, FactValue, Timing};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Fields that name the concept. Two readings that share a code may name it differently.
const NAMES: [&str; 6] = ["label", "analyte", "modality", "marker", "agent", "name"];

/// What two readings of the same words come to.
pub(super) enum Reading<T> {
    /// They agree: a value that holds what either gives.
    Same(T),
    /// They do not; the names of what differs.
    Differs(Vec<String>),
}

/// Lays `second` over `first`: what only one of them states is taken, what both state must be equal.
pub(super) fn values<T>(first: &Fact<T>, second: &Fact<T>) -> Reading<T>
where
    T: FactValue + Clone + PartialEq + Serialize + DeserializeOwned,
{
    let mut differs = Vec::new();
    if first.assertion != second.assertion {
        differs.push("assertion".to_owned());
    }
    if let (Some(a), Some(b)) = (&first.timing, &second.timing)
        && stated(a) != stated(b)
    {
        differs.push("time".to_owned());
    }
    if let (Some(a), Some(b)) = (&first.derived, &second.derived)
        && a != b
    {
        differs.push("derivation".to_owned());
    }
    let value = if first.value == second.value {
        first.value.clone()
    } else {
        let (a, b) = (serde_json::to_value(&first.value), serde_json::to_value(&second.value));
        match (a.unwrap_or_default(), b.unwrap_or_default()) {
            (Value::Object(a), Value::Object(b)) => {
                let (both, different) = members(a, b);
                differs.extend(different);
                serde_json::from_value(Value::Object(both)).unwrap_or_else(|_| first.value.clone())
            }
            _ => {
                differs.push(T::KIND.to_owned());
                first.value.clone()
            }
        }
    };
    if differs.is_empty() { Reading::Same(value) } else { Reading::Differs(differs) }
}

fn members(first: Map<String, Value>, second: Map<String, Value>) -> (Map<String, Value>, Vec<String>) {
    let mut out = first;
    let mut differs = Vec::new();
    for (name, value) in second {
        match out.get(&name) {
            Some(known) if *known == value || is_unstated(&value) => {}
            Some(known) if !is_unstated(known) => {
                if !NAMES.contains(&name.as_str()) {
                    differs.push(name.replace('_', " "));
                }
            }
            _ => {
                out.insert(name, value);
            }
        }
    }
    (out, differs)
}

fn is_unstated(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty() || text == "unknown",
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// A time without what follows from it.
fn stated(timing: &Timing) -> Timing {
    let mut timing = timing.clone();
    timing.interval = None;
    // Facts are named anew when they are joined; what the time counts from is compared by kind.
    timing.anchor.fact = None;
    timing
}
