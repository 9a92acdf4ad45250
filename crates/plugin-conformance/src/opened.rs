//! Opening components, with good options and with bad ones.

use casemill_plugin_abi::message::Component;
use casemill_plugin_abi::options::declared;
use serde_json::{Map, Value, json};

use crate::{Kit, fault, is_refusal};

/// True if the component opens at all.
pub(crate) fn check(kit: &mut Kit<'_>, component: &Component) -> bool {
    let open = |kit: &mut Kit<'_>, name: &str, options: Map<String, Value>| {
        let opened = kit.session(&component.id, options).start();
        let ok = opened.is_ok();
        kit.check(name, opened.map_err(|e| fault(&e)));
        ok
    };
    let opens = open(kit, "opens without options", Map::new());
    let defaults: Map<String, Value> =
        declared(&component.options).map(|(name, p)| (name.clone(), p["default"].clone())).collect();
    if !defaults.is_empty() {
        open(kit, "opens with every option at its default", defaults);
    }
    for (name, property) in declared(&component.options) {
        for value in property["enum"].as_array().into_iter().flatten() {
            let options = Map::from_iter([(name.clone(), value.clone())]);
            open(kit, &format!("opens with {name} = {value}"), options);
        }
        for bound in ["minimum", "maximum"].iter().filter_map(|bound| property.get(*bound)) {
            let options = Map::from_iter([(name.clone(), bound.clone())]);
            open(kit, &format!("opens with {name} = {bound}"), options);
        }
    }
    refused(kit, component, "an option that is not declared", "no-such-option", json!(true));
    for (name, property) in declared(&component.options) {
        // No option takes a list.
        refused(kit, component, &format!("a list for {name}"), name, json!([]));
        if property.get("enum").is_some() {
            refused(kit, component, &format!("a word that {name} does not have"), name, json!("no such word"));
        }
    }
    let unknown = kit.session("no-such-component", Map::new()).start();
    let help = "answer UNSUPPORTED with a message when `open` asks for a component that you do not have";
    kit.check(
        "refuses a component that it does not have",
        match unknown {
            Err(error) if is_refusal(&error) => Ok(()),
            Err(error) => Err((fault(&error).0, help)),
            Ok(()) => Err(("it opens it".to_owned(), help)),
        },
    );
    opens
}

fn refused(kit: &mut Kit<'_>, component: &Component, what: &str, name: &str, value: Value) {
    let opened = kit.session(&component.id, Map::from_iter([(name.to_owned(), value)])).start();
    let help = "answer FAILED with a message that names the option; the SDK does it for options that are declared";
    kit.check(
        format!("refuses {what}"),
        match opened {
            Err(error) if is_refusal(&error) => Ok(()),
            Err(error) => Err((fault(&error).0, help)),
            Ok(()) => Err(("it takes it without a word".to_owned(), help)),
        },
    );
}
