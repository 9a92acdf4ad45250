//! Options of plugins: what the user wrote, as what the components declare.

use std::collections::BTreeMap;

use casemill_plugin_abi::options::{closest, declared, parse, unknown};
use serde_json::{Map, Value};

use crate::discover::{Plugin, Registry};

/// A value as it was given.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// Typed on the command line: becomes the option's type.
    Text(String),
    /// From a settings file, with its type.
    Value(Value),
}

/// One option that the user set.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Id of the plugin.
    pub plugin: String,
    /// Name of the option.
    pub option: String,
    /// Its value.
    pub value: Given,
    /// Where it was set, for messages: `--set export-html.theme=drak`, `casemill.toml`.
    pub origin: String,
}

/// Checks settings against what the plugins declare; of two for one option the later holds. Options of a plugin that is
/// not there and whose name reads like no other are passed over with a warning when they come from a settings file.
///
/// # Errors
/// The first setting that cannot be taken: the option, what is wrong, and the closest that would do.
pub fn resolve(registry: &Registry, settings: &[Setting]) -> Result<BTreeMap<String, Map<String, Value>>, String> {
    let mut out: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    for Setting { plugin: id, option, value, origin } in settings {
        let Some(plugin) = registry.plugin(id) else {
            let known = || registry.plugins.iter().map(|p| p.description.id.as_str());
            if matches!(value, Given::Value(_)) && closest(id, known()).is_none() {
                // A settings file may serve runs with other plugins.
                tracing::warn!("{origin}: there is no plugin `{id}`; its option `{option}` is passed over");
                continue;
            }
            let hint = match closest(id, known()) {
                Some(closest) => format!("did you mean `{closest}`?"),
                None if registry.plugins.is_empty() => "no plugin was found".to_owned(),
                None => format!("there is {}", known().collect::<Vec<_>>().join(", ")),
            };
            return Err(format!("{origin}: there is no plugin `{id}`; {hint}"));
        };
        let properties = || plugin.description.components.iter().flat_map(|c| declared(&c.options));
        let mut found = properties().filter(|(name, _)| *name == option).map(|(_, p)| p).peekable();
        if found.peek().is_none() {
            let why = unknown(option, properties().map(|(name, _)| name.as_str()));
            return Err(format!("{origin}: option `{option}` of {id}: {why}"));
        }
        let mut taken = Value::Null;
        for property in found {
            let checked = match value {
                Given::Text(text) => parse(property, text),
                Given::Value(value) => {
                    let schema = serde_json::json!({ "properties": { option: property } });
                    let given = Map::from_iter([(option.clone(), value.clone())]);
                    casemill_plugin_abi::options::check(&schema, &given).map(|()| value.clone()).map_err(|e| e.message)
                }
            };
            taken = checked.map_err(|why| format!("{origin}: option `{option}` of {id}: {why}"))?;
        }
        out.entry(id.clone()).or_default().insert(option.clone(), taken);
    }
    Ok(out)
}

/// The options of a plugin that one of its components declares.
pub(crate) fn of_component(
    options: &BTreeMap<String, Map<String, Value>>,
    plugin: &Plugin,
    component: &str,
) -> Map<String, Value> {
    let Some(given) = options.get(&plugin.description.id) else { return Map::new() };
    let schema = plugin.description.components.iter().find(|c| c.id == component).map(|c| &c.options);
    let known = |name: &String| schema.is_some_and(|s| declared(s).any(|(n, _)| n == name));
    given.iter().filter(|(name, _)| known(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use super::*;
    use crate::discover::PluginFile;
    use crate::image::Contents;
    use crate::trust::Origin;
    use casemill_plugin_abi::message::{Component, Description};
    use serde_json::json;

    fn registry() -> Registry {
        let component = |id: &str, options: Value| Component {
            kind: "exporter".into(),
            id: id.into(),
            options: json!({ "type": "object", "properties": options }),
            ..Component::default()
        };
        let theme = json!({ "theme": { "type": "string", "enum": ["light", "dark"], "default": "light" } });
        let depth = json!({ "depth": { "type": "integer", "minimum": 1, "maximum": 9, "default": 3 } });
        let description = Description {
            id: "export-html".into(),
            components: vec![component("html", theme), component("outline", depth)],
            ..Description::default()
        };
        let path = Path::new("x.cmplugin");
        let contents = Arc::new(Contents::new(path));
        let file = PluginFile { path: path.to_owned(), origin: Origin::Folder, pinned: false, contents };
        Registry { plugins: vec![Plugin { file, description }], ..Registry::default() }
    }

    fn set(plugin: &str, option: &str, value: Given) -> Result<BTreeMap<String, Map<String, Value>>, String> {
        let origin = format!("--set {plugin}.{option}");
        resolve(&registry(), &[Setting { plugin: plugin.into(), option: option.into(), value, origin }])
    }

    #[test]
    fn each_component_gets_its_own_options() {
        let settings = [("theme", "dark"), ("depth", "4"), ("depth", "5")].map(|(option, text)| Setting {
            plugin: "export-html".into(),
            option: option.into(),
            value: Given::Text(text.into()),
            origin: String::new(),
        });
        let registry = registry();
        let options = resolve(&registry, &settings).unwrap();
        let plugin = &registry.plugins[0];
        assert_eq!(Value::from(of_component(&options, plugin, "html")), json!({ "theme": "dark" }));
        assert_eq!(Value::from(of_component(&options, plugin, "outline")), json!({ "depth": 5 }));
    }

    #[test]
    fn what_cannot_be_taken_is_named_with_the_closest() {
        let text = |t: &str| Given::Text(t.into());
        assert_eq!(
            set("export-htlm", "theme", text("dark")).unwrap_err(),
            "--set export-htlm.theme: there is no plugin `export-htlm`; did you mean `export-html`?"
        );
        assert_eq!(set("extract-pdf", "x", Given::Value(1.into())), Ok(BTreeMap::new()));
        assert!(set("export-htm", "x", Given::Value(1.into())).is_err());
        assert_eq!(
            set("export-html", "them", text("dark")).unwrap_err(),
            "--set export-html.them: option `them` of export-html: there is no such option; did you mean `theme`?"
        );
        assert_eq!(
            set("export-html", "depth", Given::Value(10.into())).unwrap_err(),
            "--set export-html.depth: option `depth` of export-html: 10 is not a whole number from 1 to 9"
        );
    }
}
