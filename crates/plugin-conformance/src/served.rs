//! Requests, and what the replies must be.

use std::collections::HashSet;

use case_model::Report;
use casemill_plugin_abi::message::{Component, Request};
use casemill_plugin_host::{CallError, Session, check as reply};
use serde_json::{Map, Value};

use crate::inputs::{self, Input};
use crate::{Fault, Kit, fault, is_refusal};

const AGAIN: &str = "the same request must give the same bytes: no time, no chance, no order of a hash map, nothing that is \
    remembered from the call before";

fn json(request: &Request) -> Vec<u8> {
    serde_json::to_vec(request).unwrap_or_default()
}

pub(crate) fn check(kit: &mut Kit<'_>, component: &Component) {
    let mut written = HashSet::new();
    let all = inputs::of(component);
    for input in &all {
        served(kit, component, input, &mut written);
    }
    if let Some(first) = all.first() {
        newer_host(kit, component, first);
        refusals(kit, component, first);
    }
    if component.kind == "exporter" {
        exporter_ends(kit, component, &all, &mut written);
    }
}

/// One request, twice: the reply is as the contract wants it, and the same.
fn served(kit: &mut Kit<'_>, component: &Component, input: &Input, written: &mut HashSet<String>) {
    let request = json(&input.request);
    let name = format!("serves {}", input.name);
    // An exporter of the whole run remembers reports: each request has an instance of its own.
    let mut session = kit.session(&component.id, Map::new());
    match kit.call(&mut session, &request, &input.attachment) {
        Ok((head, blob)) => {
            kit.check(name, well_formed(component, input, &head, &blob, written));
            let mut other = kit.session(&component.id, Map::new());
            let again = kit.call(&mut other, &request, &input.attachment);
            kit.check(
                format!("gives the same twice for {}", input.name),
                match again {
                    Ok(again) if again == (head, blob) => Ok(()),
                    Ok(_) => Err(("the second reply differs".to_owned(), AGAIN)),
                    Err(error) => Err(fault(&error)),
                },
            );
        }
        Err(error) if input.may_refuse && is_refusal(&error) => kit.check(name, Ok(())),
        Err(error) => kit.check(name, Err(fault(&error))),
    }
}

fn well_formed(
    component: &Component,
    input: &Input,
    head: &[u8],
    blob: &[u8],
    written: &mut HashSet<String>,
) -> Result<(), Fault> {
    let text = std::str::from_utf8(&input.attachment).unwrap_or_default();
    let bad = |error: CallError| fault(&error);
    match component.kind.as_str() {
        "reader" => reply::document(head, blob.to_vec(), input.attachment.len()).map(|_| ()).map_err(bad),
        "extractor" => reply::extraction(head, text, "").map(|_| ()).or_else(|error| {
            // Facts in the plugin's own name are right; whose name it is, is checked by the host when it runs.
            if error.to_string().contains("in the name of the plugin") { Ok(()) } else { Err(bad(error)) }
        }),
        "validator" => {
            let found = reply::findings(head, text, &component.rules).map_err(bad)?;
            let cases: HashSet<&str> =
                input.request.report.iter().flat_map(|r| r.cases.iter().map(|c| c.id.as_str())).collect();
            for diagnostic in &found.diagnostics {
                if diagnostic.message.trim().is_empty() {
                    return Err((format!("{} has no message", diagnostic.rule), "say in one sentence what was found"));
                }
                if let Some(case) = diagnostic.case.as_deref().filter(|c| !cases.contains(c)) {
                    let message = format!("{} names the case {case:?}, which does not exist", diagnostic.rule);
                    return Err((message, "use the `id` of a case of the report"));
                }
            }
            Ok(())
        }
        "exporter" => artifacts(component, input.request.report.as_ref(), head, blob, written),
        _ => Ok(()),
    }
}

fn artifacts(
    component: &Component,
    report: Option<&Report>,
    head: &[u8],
    blob: &[u8],
    written: &mut HashSet<String>,
) -> Result<(), Fault> {
    let (files, told) = reply::artifacts(head, blob).map_err(|e| fault(&e))?;
    let mut paths = HashSet::new();
    for (artifact, bytes) in &files {
        if !paths.insert(artifact.path.to_lowercase()) {
            let message = format!("it writes {} twice", artifact.path);
            return Err((message, "give each file its own name, also where case makes no difference"));
        }
        if artifact.media_type.is_empty() {
            return Err((format!("{} has no media type", artifact.path), "name the media type of each file"));
        }
        let is_text = artifact.media_type.starts_with("text/") || artifact.media_type.ends_with("json");
        if is_text && std::str::from_utf8(bytes).is_err() {
            return Err((format!("{} is text and not UTF-8", artifact.path), "write text as UTF-8"));
        }
        if artifact.media_type.ends_with("json") && serde_json::from_slice::<serde_json::Value>(bytes).is_err() {
            let message = format!("{} is said to be JSON and cannot be read", artifact.path);
            return Err((message, "write it with a JSON library: quotes and control characters must be escaped"));
        }
        written.insert(artifact.path.clone());
    }
    let mut ids = HashSet::new();
    for case in report.iter().flat_map(|r| &r.cases) {
        case.visit(&mut |_, fact| _ = ids.insert(fact.id().clone()));
    }
    for loss in &told.losses {
        if let Some(fact) = loss.fact.as_ref().filter(|id| report.is_some() && !ids.contains(*id)) {
            let message = format!("it says that the fact {fact} is lost, which does not exist");
            return Err((message, "use the `id` of a fact of the report"));
        }
        if loss.what.trim().is_empty() || loss.reason.trim().is_empty() {
            let message = "it reports a loss without saying what or why".to_owned();
            return Err((message, "give `what` and `reason` of each loss"));
        }
    }
    let _ = component;
    Ok(())
}

/// A host of a later minor version adds members.
fn newer_host(kit: &mut Kit<'_>, component: &Component, input: &Input) {
    let request = json(&input.request);
    let mut newer: Value = serde_json::from_slice(&request).unwrap_or_default();
    newer["later"] = serde_json::json!({ "anything": [1, "two", null] });
    for part in ["report", "document", "source"] {
        if let Some(part) = newer.get_mut(part) {
            part["later"] = "added".into();
        }
    }
    let newer = serde_json::to_vec(&newer).unwrap_or_default();
    let (mut one, mut two) = (kit.session(&component.id, Map::new()), kit.session(&component.id, Map::new()));
    let Ok(known) = kit.call(&mut one, &request, &input.attachment) else { return };
    let again = kit.call(&mut two, &newer, &input.attachment);
    kit.check(
        "ignores members that a later version adds",
        match again {
            Ok(again) if again == known => Ok(()),
            Ok(_) => Err(("the reply differs".to_owned(), "ignore members of a request that you do not know")),
            Err(error) => Err((error.to_string(), "ignore members of a request that you do not know")),
        },
    );
}

/// Requests that nobody can serve.
fn refusals(kit: &mut Kit<'_>, component: &Component, input: &Input) {
    let mut session = kit.session(&component.id, Map::new());
    let mut refused = |kit: &mut Kit<'_>, name: &str, request: &[u8], attachment: &[u8], help: &'static str| {
        let reply = kit.call(&mut session, request, attachment);
        kit.check(
            name,
            match reply {
                Err(error) if is_refusal(&error) => Ok(()),
                Err(error) => Err((fault(&error).0, help)),
                Ok(_) => Err(("it answers OK".to_owned(), help)),
            },
        );
    };
    let help = "answer UNSUPPORTED with a message for an operation that you do not know";
    refused(kit, "refuses an operation that it does not know", br#"{"op":"no-such-operation"}"#, b"", help);
    let help = "answer BAD_REQUEST with a message for what is not a request";
    refused(kit, "refuses what is not JSON", b"{\"op\":", b"", help);
    let lacking = json(&Request { op: input.request.op.clone(), ..Request::default() });
    refused(kit, "refuses a request that lacks what it needs", &lacking, b"", help);
    let after = kit.call(&mut session, &json(&input.request), &input.attachment);
    kit.check(
        "goes on after that",
        match after {
            Ok(_) => Ok(()),
            Err(error) if input.may_refuse && is_refusal(&error) => Ok(()),
            Err(error) => Err(fault(&error)),
        },
    );
}

/// A run of an exporter: every report, then `finish`.
fn exporter_ends(kit: &mut Kit<'_>, component: &Component, all: &[Input], written: &mut HashSet<String>) {
    let finish = json(&Request { op: "finish".into(), ..Request::default() });
    let mut runs = Vec::new();
    for _ in 0..2 {
        let mut session: Session = kit.session(&component.id, Map::new());
        for input in all {
            // Failures are told above.
            let _ = kit.call(&mut session, &json(&input.request), &input.attachment);
        }
        runs.push(kit.call(&mut session, &finish, b""));
    }
    let (second, first) = (runs.pop(), runs.pop());
    let (Some(first), Some(second)) = (first, second) else { return };
    match first {
        Ok((head, blob)) => {
            let before = written.len();
            kit.check("finishes a run", artifacts(component, None, &head, &blob, written));
            if before < written.len() && !component.cohort {
                let help = "declare `cohort` (SDK: COHORT = true): otherwise reports are divided among instances";
                kit.check("files of the whole run are declared", Err(("`finish` writes files".to_owned(), help)));
            }
            kit.check(
                "gives the same twice for a run",
                match second {
                    Ok(again) if again == (head, blob) => Ok(()),
                    Ok(_) => Err(("the second reply differs".to_owned(), AGAIN)),
                    Err(error) => Err(fault(&error)),
                },
            );
        }
        Err(error) => kit.check("finishes a run", Err(fault(&error))),
    }
    let mut empty = kit.session(&component.id, Map::new());
    let nothing = kit.call(&mut empty, &finish, b"");
    kit.check("finishes a run without reports", nothing.map(|_| ()).map_err(|e| fault(&e)));
    if let Some(format) = &component.format {
        let ending = format!(".{}", format.extension);
        let help = "write the main file as NAME.EXTENSION, or declare the ending that it has";
        let found = written.iter().any(|path| path.ends_with(&ending));
        kit.check(
            "writes what it declares",
            match found {
                true => Ok(()),
                false => Err((format!("no file ends in {ending}"), help)),
            },
        );
    }
}
