//! What a plugin says of itself.

use case_model::{RuleInfo, is_plugin_id};
use casemill_plugin_abi::message::{Component, Description};
use casemill_plugin_abi::options;

use crate::{Fault, Kit};

pub(crate) fn check(kit: &mut Kit<'_>, description: &Description) {
    kit.check("a version", version(&description.version));
    kit.check("a summary", not_empty(&description.summary, "summary", "say in one line what the plugin does"));
    kit.check("components", components(description));
    let help = "casemill finds plugins in folders by the ending .cmplugin; rename or copy the file";
    if kit.path.extension().is_none_or(|e| e != casemill_plugin_abi::EXTENSION) {
        kit.note("the file's name", "it does not end in .cmplugin: usable with --plugin FILE only", help);
    }
    for component in &description.components {
        kit.area(format!("{} {}", component.kind, component.id));
        kit.check("a summary", not_empty(&component.summary, "summary", "say in one line what the component does"));
        kit.check(
            "options",
            match options::problems(&component.options).into_iter().next() {
                None => Ok(()),
                Some(problem) => Err((problem, "give each option a type, a default that fits it, and a description")),
            },
        );
        match component.kind.as_str() {
            "exporter" => kit.check("format", format(component)),
            "reader" => kit.check("signatures", signatures(component)),
            "validator" => {
                kit.check("rules", rules(&component.rules));
            }
            _ => {}
        }
    }
}

fn not_empty(text: &str, what: &str, help: &'static str) -> Result<(), Fault> {
    if text.trim().is_empty() { Err((format!("its {what} is empty"), help)) } else { Ok(()) }
}

fn version(text: &str) -> Result<(), Fault> {
    let numbers = text.split(['-', '+']).next().unwrap_or_default().split('.');
    let ok = numbers.clone().count() == 3 && numbers.clone().all(|n| n.parse::<u32>().is_ok());
    if ok { Ok(()) } else { Err((format!("its version is {text:?}"), "use MAJOR.MINOR.PATCH (semver.org)")) }
}

fn components(description: &Description) -> Result<(), Fault> {
    if description.components.is_empty() {
        return Err(("it has no components".into(), "declare at least one reader, extractor, validator or exporter"));
    }
    for (i, component) in description.components.iter().enumerate() {
        if !is_plugin_id(&component.id) {
            let message = format!("a component is called {:?}", component.id);
            return Err((message, "use small letters, digits and hyphens"));
        }
        if description.components[..i].iter().any(|c| c.id == component.id) {
            return Err((format!("two components are called {}", component.id), "give each its own name"));
        }
        if !matches!(component.kind.as_str(), "reader" | "extractor" | "validator" | "exporter") {
            let message = format!("{} is a {:?}", component.id, component.kind);
            return Err((
                message,
                "kinds are reader, extractor, validator and exporter; others are left out by this host",
            ));
        }
    }
    Ok(())
}

fn format(component: &Component) -> Result<(), Fault> {
    let Some(format) = &component.format else {
        return Err(("it declares no format".into(), "an exporter names its format"));
    };
    let ok = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic() && !b"/\\:,=".contains(&b));
    if !ok(&format.name) || format.name == "json" {
        let help = "use small letters, digits and hyphens; `json` is the record itself and taken";
        return Err((format!("its format is called {:?}", format.name), help));
    }
    if !format.media_type.split_once('/').is_some_and(|(kind, rest)| ok(kind) && !rest.trim().is_empty()) {
        return Err((format!("its media type is {:?}", format.media_type), "use TYPE/SUBTYPE (RFC 6838): text/plain"));
    }
    if !ok(&format.extension) || format.extension.starts_with('.') {
        let message = format!("its file name ending is {:?}", format.extension);
        return Err((message, "write it without the dot in front: txt"));
    }
    if matches!(format.extension.as_ref(), "txt" | "json" | "xml" | "nxml" | "pdf") {
        let message = format!("it writes NAME.{}, as inputs and records are called", format.extension);
        return Err((message, "use a longer ending, for example FORMAT.txt, so that no input is in the way"));
    }
    Ok(())
}

fn signatures(component: &Component) -> Result<(), Fault> {
    let help = "a reader says by which bytes its inputs are known: starts_with, contains or text";
    if component.signatures.is_empty() {
        return Err(("it declares no signatures".into(), help));
    }
    for signature in &component.signatures {
        if !signature.media_type.contains('/') {
            let message = format!("a signature stands for the media type {:?}", signature.media_type);
            return Err((message, "use TYPE/SUBTYPE (RFC 6838)"));
        }
        if signature.starts_with.is_empty() && signature.contains.is_empty() && !signature.text {
            return Err((format!("the signature for {} fits any input", signature.media_type), help));
        }
    }
    Ok(())
}

fn rules(rules: &[RuleInfo]) -> Result<(), Fault> {
    if rules.is_empty() {
        return Err(("it declares no rules".into(), "a validator declares every rule that it can report"));
    }
    for (i, rule) in rules.iter().enumerate() {
        let family = rule.code.trim_end_matches(|c: char| c.is_ascii_digit());
        let well_formed = (1..=4).contains(&family.len())
            && family.bytes().all(|b| b.is_ascii_uppercase())
            && rule.code.len() - family.len() == 3;
        if !well_formed {
            let message = format!("a rule has the code {:?}", rule.code);
            return Err((message, "a code is one to four capitals, its family, and three digits: CT003"));
        }
        if rules[..i].iter().any(|r| r.code == rule.code) {
            return Err((format!("two rules have the code {}", rule.code), "give each rule its own number"));
        }
        let kebab = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if rule.name.is_empty() || !rule.name.bytes().all(kebab) {
            let message = format!("{} is called {:?}", rule.code, rule.name);
            return Err((message, "name a rule in small letters with hyphens: stop-before-start"));
        }
        if rule.page.trim().is_empty() {
            let help = "write its page: what is found, why it matters, what to do; `casemill rule CODE` shows it";
            return Err((format!("{} has an empty page", rule.code), help));
        }
    }
    Ok(())
}
