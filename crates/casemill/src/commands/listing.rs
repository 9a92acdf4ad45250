//! `casemill formats`, `casemill plugins`: what there is.

use std::path::Path;

use casemill_plugin_host::{Casualties, Origin, Plugin, Registry};
use serde_json::json;

use super::registry;
use super::unused::unused;
use crate::cli::{Info, ListFormat, Listing};
use crate::exit::Exit;
use crate::suggest::suggest;
use crate::table;

fn print_json(value: &serde_json::Value) {
    outln!("{}", serde_json::to_string_pretty(value).unwrap_or_default());
}

pub(super) fn formats(args: &Listing) -> Result<Exit, String> {
    let registry = registry(&args.plugins);
    let mut rows = Vec::new();
    for (plugin, component) in registry.components("reader") {
        for signature in &component.signatures {
            rows.push((
                "read",
                component.id.clone(),
                signature.media_type.clone(),
                String::new(),
                plugin,
                component.summary.clone(),
            ));
        }
    }
    for (plugin, component) in registry.components("exporter") {
        if let Some(format) = &component.format {
            let ending = format!(".{}", format.extension);
            rows.push((
                "write",
                format.name.to_string(),
                format.media_type.to_string(),
                ending,
                plugin,
                component.summary.clone(),
            ));
        }
    }
    rows.sort_by(|a, b| (a.0, &a.1, &a.2).cmp(&(b.0, &b.1, &b.2)));
    // A reader may know its format by several signs.
    rows.dedup_by(|a, b| (a.0, &a.1, &a.2) == (b.0, &b.1, &b.2) && a.4.description.id == b.4.description.id);
    match args.format {
        ListFormat::Json => {
            let list: Vec<_> = rows
                .iter()
                .map(|(way, name, media_type, ending, plugin, summary)| {
                    json!({ "direction": way, "format": name, "media_type": media_type, "extension": ending, "plugin": plugin.description.id, "summary": summary })
                })
                .collect();
            print_json(&list.into());
        }
        ListFormat::Text => {
            let rows: Vec<Vec<String>> = rows
                .into_iter()
                .map(|(way, name, media_type, _, plugin, summary)| {
                    vec![way.into(), name, media_type, plugin.description.id.clone(), summary]
                })
                .collect();
            table::print(&["", "FORMAT", "MEDIA TYPE", "PLUGIN", ""], rows);
        }
    }
    Ok(Exit::Clean)
}

pub(super) fn info(args: &Info) -> Result<Exit, String> {
    let mut listing = args.listing.plugins.clone();
    let path = Path::new(&args.wanted);
    if path.is_file() {
        listing.plugin.insert(0, path.to_owned());
    }
    let registry = registry(&listing);
    let canonical = path.canonicalize().ok();
    let found =
        registry.plugins.iter().find(|p| p.description.id == args.wanted || Some(&p.file.path) == canonical.as_ref());
    match found {
        Some(plugin) => {
            show(plugin, args.listing.format);
            Ok(Exit::Clean)
        }
        None => Err(not_found(&registry, &args.wanted)),
    }
}

fn not_found(registry: &Registry, wanted: &str) -> String {
    if let Some(trouble) = registry
        .troubles
        .iter()
        .find(|t| t.path.ends_with(Path::new(wanted)) || t.path.to_string_lossy().contains(wanted))
    {
        return format!("plugin {trouble}");
    }
    let known = registry.plugins.iter().map(|p| p.description.id.as_str());
    format!("there is no plugin {wanted:?}; {}", suggest(wanted, known))
}

fn kinds(plugin: &Plugin) -> String {
    let mut kinds: Vec<&str> = plugin.description.components.iter().map(|c| c.kind.as_str()).collect();
    kinds.dedup();
    kinds.join(", ")
}

/// What makes a plugin usable.
fn state(plugin: &Plugin) -> &'static str {
    match plugin.file.origin {
        _ if plugin.file.pinned => "ready, pinned",
        Origin::Named => "ready, not pinned",
        Origin::Installed | Origin::Folder | Origin::Found => "ready",
    }
}

pub(super) fn list(args: &Listing) -> Exit {
    let registry = registry(&args.plugins);
    let unused = unused(&registry, &Casualties::default(), u32::MAX);
    if args.format == ListFormat::Json {
        let plugins: Vec<_> = registry
            .plugins
            .iter()
            .map(|p| {
                json!({
                    "id": p.description.id,
                    "version": p.description.version,
                    "kinds": kinds(p),
                    "state": "ready",
                    "origin": p.file.origin.as_str(),
                    "pinned": p.file.pinned,
                    "sha256": p.file.sha256(),
                    "file": p.file.path,
                    "summary": p.description.summary
                })
            })
            .chain(unused.iter().map(|u| json!(u)))
            .collect();
        print_json(&plugins.into());
        return Exit::Clean;
    }
    let mut rows: Vec<Vec<String>> = registry
        .plugins
        .iter()
        .map(|p| {
            let d = &p.description;
            vec![d.id.clone(), d.version.clone(), kinds(p), state(p).into(), d.summary.clone()]
        })
        .collect();
    let mut reasons = Vec::new();
    for u in &unused {
        let file = u.file.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let name = u.id.clone().unwrap_or(file);
        rows.push(vec![name, String::new(), String::new(), u.state.into(), "see below".into()]);
        reasons.push(format!("{}: {}", u.file.display(), u.reason));
    }
    table::print(&["PLUGIN", "VERSION", "KIND", "STATE", ""], rows);
    // In full and on a line of its own: a reason may hold a command to copy.
    if !reasons.is_empty() {
        outln!("\n{}", reasons.join("\n"));
    }
    Exit::Clean
}

/// A default as a user would type it.
fn default(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn show(plugin: &Plugin, format: ListFormat) {
    if format == ListFormat::Json {
        let mut value = serde_json::to_value(&plugin.description).unwrap_or_default();
        value["file"] = plugin.file.path.to_string_lossy().into();
        print_json(&value);
        return;
    }
    let d = &plugin.description;
    outln!(
        "{} {}\n{}\n\nfile   {}\nsha256 {}\nmodel  {}",
        d.id,
        d.version,
        d.summary,
        plugin.file.path.display(),
        plugin.file.sha256().unwrap_or_default(),
        d.model
    );
    for component in &d.components {
        outln!("\n{} {}: {}", component.kind, component.id, component.summary);
        if let Some(format) = &component.format {
            outln!("  writes {} (.{})", format.media_type, format.extension);
        }
        for signature in &component.signatures {
            outln!("  reads {}", signature.media_type);
        }
        if !component.rules.is_empty() {
            let codes: Vec<&str> = component.rules.iter().map(|r| r.code.as_str()).collect();
            outln!("  rules {}", codes.join(", "));
        }
        for (name, schema) in component.options.get("properties").and_then(|p| p.as_object()).into_iter().flatten() {
            let summary = schema["description"].as_str().unwrap_or_default();
            outln!("  --set {}.{name}={}", d.id, default(&schema["default"]));
            outln!("      {summary}; {}", casemill_plugin_abi::options::wanted(schema));
        }
    }
}
