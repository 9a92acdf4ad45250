//! Settings: defaults, then `casemill.toml`, then the command line.

use std::collections::BTreeMap;
use std::path::Path;

use case_model::Severity;
use casemill_plugin_host::RuleLevel;
use casemill_plugin_host::options::{Given, Setting};
use serde::Deserialize;

use crate::cli::WorkArgs;

/// Name of the settings file that is looked for in the current folder.
const FILE: &str = "casemill.toml";

/// What `casemill.toml` may hold.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// `[rules]`: `CT003 = "off"`, `CN = "error"`.
    #[serde(default)]
    rules: BTreeMap<String, String>,
    /// `vocabularies = ["hp"]`: the imported vocabularies to use; all without it, none with an empty list.
    vocabularies: Option<Vec<String>>,
    /// `[options.PLUGIN]`: options of a plugin.
    #[serde(default)]
    options: BTreeMap<String, serde_json::Map<String, serde_json::Value>>,
}

/// Settings in force.
#[derive(Debug, Default)]
pub(crate) struct Config {
    /// Levels by rule code or family.
    pub(crate) rules: BTreeMap<String, RuleLevel>,
    /// Imported vocabularies to use; `None` for all.
    pub(crate) vocabularies: Option<Vec<String>>,
    /// Options of plugins, those of the command line last.
    pub(crate) options: Vec<Setting>,
}

impl Config {
    /// Reads the settings.
    pub(crate) fn load(work: &WorkArgs) -> Result<Self, String> {
        let file = work.config.as_deref().or_else(|| Some(Path::new(FILE)).filter(|p| p.exists()));
        let settings = file.map(read).transpose()?.unwrap_or_default();
        let mut config = Self { vocabularies: settings.vocabularies, ..Self::default() };
        let origin = file.unwrap_or(Path::new(FILE)).display().to_string();
        for (plugin, options) in settings.options {
            config.options.extend(options.into_iter().map(|(option, value)| Setting {
                plugin: plugin.clone(),
                option,
                value: Given::Value(value),
                origin: origin.clone(),
            }));
        }
        for setting in &work.set {
            let parts = setting.split_once('=').and_then(|(name, value)| Some((name.split_once('.')?, value)));
            let Some(((plugin, option), value)) = parts else {
                return Err(format!("--set {setting}: write PLUGIN.OPTION=VALUE, for example export-html.theme=dark"));
            };
            config.options.push(Setting {
                plugin: plugin.to_owned(),
                option: option.to_owned(),
                value: Given::Text(value.to_owned()),
                origin: format!("--set {setting}"),
            });
        }
        for (rule, level) in &settings.rules {
            let from = file.unwrap_or(Path::new(FILE)).display();
            let level = parse_level(rule, level).map_err(|e| format!("{from}: {e}"))?;
            config.rules.insert(rule.clone(), level);
        }
        for setting in &work.rule {
            let Some((rule, level)) = setting.split_once('=') else {
                return Err(format!("--rule {setting}: write RULE=LEVEL, for example CT003=off"));
            };
            config.rules.insert(rule.to_owned(), parse_level(rule, level)?);
        }
        Ok(config)
    }
}

fn read(path: &Path) -> Result<Settings, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    toml::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))
}

fn parse_level(rule: &str, level: &str) -> Result<RuleLevel, String> {
    match level {
        "off" => Ok(RuleLevel::Off),
        "info" => Ok(RuleLevel::At(Severity::Info)),
        "warning" => Ok(RuleLevel::At(Severity::Warning)),
        "error" => Ok(RuleLevel::At(Severity::Error)),
        _ => Err(format!("rule {rule}: {level:?} is not a level; use off, info, warning or error")),
    }
}
