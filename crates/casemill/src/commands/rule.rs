//! `casemill rule`: manual pages of rules.

use case_model::RuleInfo;
use casemill_plugin_host::{HOST_RULES, Registry};

use super::registry;
use crate::cli::{ListFormat, Rule};
use crate::exit::Exit;
use crate::suggest::suggest;
use crate::table;

pub(super) fn run(args: &Rule) -> Result<Exit, String> {
    let registry = registry(&args.listing.plugins);
    let mut rules = all(&registry);
    rules.sort_by(|a, b| a.1.code.cmp(&b.1.code));
    if let Some(code) = &args.code {
        let known: Vec<&str> = rules.iter().flat_map(|(_, r)| [r.code.as_str(), super::family(&r.code)]).collect();
        let wanted = code.to_ascii_uppercase();
        rules.retain(|(_, r)| r.code == wanted || super::family(&r.code) == wanted);
        if rules.is_empty() {
            return Err(format!("there is no rule {code}; {}; `casemill rule` lists them", suggest(code, known)));
        }
    }
    if args.listing.format == ListFormat::Json {
        let list: Vec<_> = rules
            .iter()
            .map(|(plugin, rule)| {
                let mut value = serde_json::to_value(rule).unwrap_or_default();
                value["plugin"] = (*plugin).into();
                value
            })
            .collect();
        outln!("{}", serde_json::to_string_pretty(&list).unwrap_or_default());
        return Ok(Exit::Clean);
    }
    if let [(plugin, rule)] = rules[..] {
        outln!(
            "{} {} ({}, {}, {plugin})\n\n{}",
            rule.code,
            rule.name,
            rule.severity.as_str(),
            rule.status,
            rule.page.trim()
        );
        return Ok(Exit::Clean);
    }
    let rows = rules
        .iter()
        .map(|(plugin, r)| {
            let summary = r.page.lines().find(|l| !l.trim().is_empty() && !l.starts_with('#')).unwrap_or_default();
            vec![r.code.clone(), r.severity.as_str().into(), r.name.clone(), summary.to_owned(), (*plugin).to_owned()]
        })
        .collect();
    table::print(&["RULE", "LEVEL", "NAME", "", "PLUGIN"], rows);
    Ok(Exit::Clean)
}

fn all(registry: &Registry) -> Vec<(&str, &RuleInfo)> {
    registry
        .components("validator")
        .flat_map(|(p, c)| c.rules.iter().map(move |r| (p.description.id.as_str(), r)))
        .chain(HOST_RULES.iter().map(|r| ("casemill", r)))
        .collect()
}
