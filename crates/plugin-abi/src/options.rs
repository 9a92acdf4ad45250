//! Options of components: a small part of JSON Schema, checked the same way by host and SDK.
//!
//! A component declares an object schema whose properties each have a `type` (`boolean`, `string`, `integer`,
//! `number`), a `default`, and where it applies an `enum`, a `minimum` or a `maximum` (JSON Schema 2020-12, validation
//! vocabulary). Other keywords are for people.

use std::fmt;

use serde_json::{Map, Value};

/// Why an option cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionError {
    /// The option.
    pub option: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl fmt::Display for OptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "option `{}`: {}", self.option, self.message)
    }
}

impl std::error::Error for OptionError {}

/// The options that a schema declares, by name.
pub fn declared(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    schema.get("properties").and_then(Value::as_object).into_iter().flatten()
}

/// Checks values against a schema.
///
/// # Errors
/// The first option that does not exist or whose value does not fit, with the closest one that does.
pub fn check(schema: &Value, given: &Map<String, Value>) -> Result<(), OptionError> {
    for (name, value) in given {
        let error = |message| OptionError { option: name.clone(), message };
        let Some((_, property)) = declared(schema).find(|(known, _)| *known == name) else {
            return Err(error(unknown(name, declared(schema).map(|(n, _)| n.as_str()))));
        };
        check_value(property, value).map_err(error)?;
    }
    Ok(())
}

/// What to say of a name that does not exist, given those that do.
pub fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    known.dedup();
    match (closest(name, known.iter().copied()), known.is_empty()) {
        (_, true) => "there are no options".to_owned(),
        (Some(closest), _) => format!("there is no such option; did you mean `{closest}`?"),
        (None, _) => format!("there is no such option; there is {}", known.join(", ")),
    }
}

fn check_value(property: &Value, value: &Value) -> Result<(), String> {
    if let Some(words) = property.get("enum").and_then(Value::as_array) {
        if words.contains(value) {
            return Ok(());
        }
        let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
        let given = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let hint = closest(&given, words.iter().copied()).map_or(String::new(), |w| format!("; did you mean `{w}`?"));
        return Err(format!("{given:?} is not one of {}{hint}", words.join(", ")));
    }
    let fits = match property.get("type").and_then(Value::as_str) {
        Some("boolean") => value.is_boolean(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        _ => true,
    };
    if !fits {
        return Err(format!("{value} is not {}", wanted(property)));
    }
    if let Some(number) = value.as_f64() {
        let bound = |name: &str| property.get(name).and_then(Value::as_f64);
        let below = bound("minimum").is_some_and(|min| number < min);
        let above = bound("maximum").is_some_and(|max| number > max);
        if below || above {
            return Err(format!("{value} is not {}", wanted(property)));
        }
    }
    Ok(())
}

/// What an option takes, in words: `yes or no (true, false)`, `a whole number from 1 to 9`.
pub fn wanted(property: &Value) -> String {
    if let Some(words) = property.get("enum").and_then(Value::as_array) {
        let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
        return format!("one of {}", words.join(", "));
    }
    let range = match (property.get("minimum"), property.get("maximum")) {
        (Some(min), Some(max)) => format!(" from {min} to {max}"),
        (Some(min), None) => format!(" from {min}"),
        (None, Some(max)) => format!(" up to {max}"),
        (None, None) => String::new(),
    };
    match property.get("type").and_then(Value::as_str) {
        Some("boolean") => "yes or no: true or false".to_owned(),
        Some("string") => "a text".to_owned(),
        Some("integer") => format!("a whole number{range}"),
        Some("number") => format!("a number{range}"),
        _ => "any JSON value".to_owned(),
    }
}

/// A value as a user types it, in the type that the option has.
///
/// # Errors
/// What the option takes, if the text cannot be that.
pub fn parse(property: &Value, text: &str) -> Result<Value, String> {
    let value = match property.get("type").and_then(Value::as_str) {
        Some("string") => Value::from(text),
        Some("boolean") => match text {
            "true" | "yes" | "on" => Value::from(true),
            "false" | "no" | "off" => Value::from(false),
            _ => return Err(format!("{text:?} is not {}", wanted(property))),
        },
        _ => match serde_json::from_str(text) {
            Ok(value) => value,
            Err(_) => return Err(format!("{text:?} is not {}", wanted(property))),
        },
    };
    check_value(property, &value)?;
    Ok(value)
}

/// What is wrong with a schema itself: a plugin that declares it cannot be configured as it says.
pub fn problems(schema: &Value) -> Vec<String> {
    if schema.is_null() {
        return Vec::new();
    }
    if schema.get("type").and_then(Value::as_str) != Some("object") {
        return vec!["the schema of its options is not that of an object".to_owned()];
    }
    let mut out = Vec::new();
    for (name, property) in declared(schema) {
        let known =
            matches!(property.get("type").and_then(Value::as_str), Some("boolean" | "string" | "integer" | "number"));
        if !known {
            out.push(format!("option `{name}` has no type that can be typed: boolean, string, integer or number"));
        }
        match property.get("default") {
            None => out.push(format!("option `{name}` has no default")),
            Some(default) => {
                if let Err(message) = check_value(property, default) {
                    out.push(format!("the default of option `{name}` does not fit: {message}"));
                }
            }
        }
        if property.get("description").and_then(Value::as_str).is_none_or(|d| d.trim().is_empty()) {
            out.push(format!("option `{name}` has no description"));
        }
    }
    out
}

/// The candidate that reads most like `name`, if one does: at most a third of its letters differ.
pub fn closest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    candidates
        .map(|candidate| (distance(&name, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.chars().count().max(3) / 3)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Number of letters to insert, delete, replace or swap with their neighbour (optimal string alignment; Damerau 1964).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let mut best = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    best = best.min(rows[i - 2][j - 2] + 1);
                }
                best
            };
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn schema() -> Value {
        json!({ "type": "object", "properties": {
            "theme": { "type": "string", "enum": ["light", "dark"], "default": "light", "description": "colours" },
            "depth": { "type": "integer", "minimum": 1, "maximum": 9, "default": 3, "description": "levels" },
            "guard": { "type": "boolean", "default": true, "description": "guard" },
        }})
    }

    fn told(given: Value) -> String {
        check(&schema(), given.as_object().unwrap()).unwrap_err().to_string()
    }

    #[test]
    fn errors_name_the_option_and_the_closest_one() {
        assert_eq!(check(&schema(), json!({ "theme": "dark", "depth": 9 }).as_object().unwrap()), Ok(()));
        assert_eq!(told(json!({ "thme": "dark" })), "option `thme`: there is no such option; did you mean `theme`?");
        assert_eq!(told(json!({ "x": 1 })), "option `x`: there is no such option; there is depth, guard, theme");
        assert_eq!(
            told(json!({ "theme": "drak" })),
            "option `theme`: \"drak\" is not one of light, dark; did you mean `dark`?"
        );
        assert_eq!(told(json!({ "depth": 10 })), "option `depth`: 10 is not a whole number from 1 to 9");
        assert_eq!(told(json!({ "guard": "yes" })), "option `guard`: \"yes\" is not yes or no: true or false");
    }

    #[test]
    fn typed_text_becomes_the_options_type() {
        let schema = schema();
        let property = |name: &str| &schema["properties"][name];
        assert_eq!(parse(property("theme"), "dark"), Ok("dark".into()));
        assert_eq!(parse(property("depth"), "4"), Ok(4.into()));
        assert_eq!(parse(property("guard"), "no"), Ok(false.into()));
        assert!(parse(property("depth"), "four").is_err());
        assert!(parse(property("depth"), "4.5").is_err());
    }

    #[test]
    fn schemas_that_cannot_be_used_are_told() {
        assert_eq!(problems(&schema()), Vec::<String>::new());
        assert_eq!(problems(&Value::Null), Vec::<String>::new());
        let bad = json!({ "type": "object", "properties": {
            "a": { "type": "string", "enum": ["x"], "default": "y", "description": "d" },
            "b": { "type": "array" },
        }});
        assert_eq!(problems(&bad).len(), 4, "{:?}", problems(&bad));
    }
}
