//! Options of components.

use casemill_plugin_abi::options::check;
use serde_json::{Map, Value, json};

use crate::Result;

/// The options that a component declares: name, default, what it does. Written into `describe` as JSON Schema, shown by
/// `casemill plugins info`, set with `--set PLUGIN.OPTION=VALUE` or under `[options.PLUGIN]` in `casemill.toml`. Values
/// that do not fit never reach the component.
///
/// ```
/// use casemill_plugin_sdk::{prelude::*, testkit};
///
/// #[derive(Default)]
/// struct Ages {
///     months: bool,
/// }
///
/// impl Exporter for Ages {
///     const FORMAT: Format = Format::new("ages", "text/plain", "txt");
///
///     fn options() -> OptionSpecs {
///         OptionSpecs::new().choice("unit", &["years", "months"], "unit of the ages")
///     }
///
///     fn configure(&mut self, options: &Options) -> Result<()> {
///         self.months = options.text("unit") == "months";
///         Ok(())
///     }
///
///     fn export(&mut self, case: &Case, out: &mut Artifacts<'_>) -> Result<()> {
///         let years = case.age().map_or(0.0, |age| age.value.value.in_years());
///         out.write(if self.months { (years * 12.0).to_string() } else { years.to_string() });
///         Ok(())
///     }
/// }
///
/// let reports = [testkit::sample_report()];
/// let written = testkit::export::<Ages>(&reports, serde_json::json!({ "unit": "months" }))?;
/// assert_eq!(written.text("sample-1.txt"), "552");
/// let refused = testkit::export::<Ages>(&reports, serde_json::json!({ "unit": "weeks" })).unwrap_err();
/// assert!(refused.to_string().contains("is not one of years, months"));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OptionSpecs {
    properties: Map<String, Value>,
}

impl OptionSpecs {
    /// No options.
    pub fn new() -> Self {
        Self::default()
    }

    /// A yes-or-no option.
    #[must_use]
    pub fn flag(self, name: &str, default: bool, summary: &str) -> Self {
        self.add(name, json!({ "type": "boolean", "default": default, "description": summary }))
    }

    /// A text option.
    #[must_use]
    pub fn text(self, name: &str, default: &str, summary: &str) -> Self {
        self.add(name, json!({ "type": "string", "default": default, "description": summary }))
    }

    /// One of a list of words; the first is the default.
    #[must_use]
    pub fn choice(self, name: &str, words: &[&str], summary: &str) -> Self {
        let default = words.first().copied().unwrap_or_default();
        self.add(name, json!({ "type": "string", "enum": words, "default": default, "description": summary }))
    }

    /// A whole number within limits.
    #[must_use]
    pub fn number(self, name: &str, default: i64, min: i64, max: i64, summary: &str) -> Self {
        let schema =
            json!({ "type": "integer", "minimum": min, "maximum": max, "default": default, "description": summary });
        self.add(name, schema)
    }

    fn add(mut self, name: &str, schema: Value) -> Self {
        self.properties.insert(name.to_owned(), schema);
        self
    }

    pub(crate) fn schema(&self) -> Value {
        if self.properties.is_empty() {
            return Value::Null;
        }
        json!({ "type": "object", "properties": self.properties, "additionalProperties": false })
    }

    /// The values that were given, checked, and the defaults of the others.
    pub(crate) fn with_values(&self, given: Map<String, Value>) -> Result<Options> {
        check(&self.schema(), &given)?;
        let defaults = self.properties.iter().map(|(name, schema)| (name.clone(), schema["default"].clone()));
        let mut values: Map<String, Value> = defaults.collect();
        values.extend(given);
        Ok(Options { values })
    }
}

/// The options that a component was opened with. The host has checked them against [`OptionSpecs`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    values: Map<String, Value>,
}

impl Options {
    /// A yes-or-no option.
    pub fn flag(&self, name: &str) -> bool {
        self.values.get(name).and_then(Value::as_bool).unwrap_or_default()
    }

    /// A text or choice.
    pub fn text(&self, name: &str) -> &str {
        self.values.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// A number.
    pub fn number(&self, name: &str) -> i64 {
        self.values.get(name).and_then(Value::as_i64).unwrap_or_default()
    }
}
