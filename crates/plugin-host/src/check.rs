//! What a reply must be before anything believes it.

use case_model::{
    Checklist, Diagnostic, Document, Evidence, Extraction, Report, Span, Violation, check, check_extraction,
};
use casemill_plugin_abi::message::{self, Artifact, ExportReply, ReadReply, ValidateReply};

use crate::session::CallError;

/// At most this many violations are told of one reply.
const TOLD: usize = 5;

fn parse<'a, T: serde::Deserialize<'a>>(head: &'a [u8], what: &str) -> Result<T, CallError> {
    message::parse(head).map_err(|e| CallError::Contract(format!("its {what} is not of the contract's form: {e}")))
}

fn refuse(violations: &[Violation], what: &str) -> Result<(), CallError> {
    if violations.is_empty() {
        return Ok(());
    }
    let mut told: Vec<String> = violations.iter().take(TOLD).map(ToString::to_string).collect();
    if violations.len() > TOLD {
        told.push(format!("and {} more", violations.len() - TOLD));
    }
    Err(CallError::Contract(format!("its {what} breaks the rules of the record: {}", told.join("; "))))
}

/// A document from the reply of a reader.
///
/// `input` is the number of bytes that it was read from.
///
/// # Errors
/// What of the contract it breaks.
pub fn document(head: &[u8], blob: Vec<u8>, input: usize) -> Result<Document, CallError> {
    let ReadReply { mut document } = parse(head, "document")?;
    document.text =
        String::from_utf8(blob).map_err(|_| CallError::Contract("the text of its document is not UTF-8".into()))?;
    let report = Report { document, ..Report::default() };
    refuse(&check(&report), "document")?;
    // Places count in the input as UTF-8: at most three bytes for one of another encoding.
    let beyond = |origin: Span| origin.start > origin.end || origin.end as usize > input.saturating_mul(3);
    if let Some(repair) = report.document.repairs.iter().find(|r| beyond(r.origin)) {
        let Span { start, end } = repair.origin;
        return Err(CallError::Contract(format!(
            "its map of repairs names [{start}, {end}), which is no place in the input"
        )));
    }
    Ok(report.document)
}

/// An extraction from the reply of an extractor of the plugin `id`, with its name in all evidence.
///
/// # Errors
/// What of the contract it breaks.
pub fn extraction(head: &[u8], text: &str, id: &str) -> Result<Extraction, CallError> {
    let mut extraction: Extraction = parse(head, "extraction")?;
    refuse(&check_extraction(text, &extraction), "extraction")?;
    for case in &mut extraction.cases {
        let types = case.plugin_facts.iter().map(|f| f.value.owner_and_type().0);
        if let Some(owner) = types.chain(case.extensions.keys().map(String::as_str)).find(|owner| *owner != id) {
            return Err(CallError::Contract(format!("it adds facts or data in the name of the plugin {owner:?}")));
        }
        case.visit_mut(&mut |_, fact| fact.evidence_mut().iter_mut().for_each(|e| sign(e, id)));
    }
    extraction.claims.iter_mut().flat_map(|c| &mut c.evidence).for_each(|e| sign(e, id));
    extraction.background.iter_mut().flat_map(|b| &mut b.evidence).for_each(|e| sign(e, id));
    Ok(extraction)
}

/// Notes whose reading it is, where the plugin does not.
fn sign(evidence: &mut Evidence, id: &str) {
    if evidence.by.is_empty() {
        evidence.by = id.to_owned();
    }
}

/// Findings from the reply of a validator.
///
/// # Errors
/// What of the contract it breaks.
pub fn findings(head: &[u8], text: &str, rules: &[case_model::RuleInfo]) -> Result<ValidateReply, CallError> {
    let reply: ValidateReply = parse(head, "findings")?;
    for Diagnostic { rule, labels, .. } in &reply.diagnostics {
        if !rules.iter().any(|r| r.code == *rule) {
            return Err(CallError::Contract(format!("it reports the rule {rule:?}, which it does not declare")));
        }
        if let Some(label) = labels.iter().find(|l| l.span.start > l.span.end || l.span.of(text).is_none()) {
            let span = label.span;
            return Err(CallError::Contract(format!(
                "{rule} labels [{}, {}), which is not a place in the text",
                span.start, span.end
            )));
        }
    }
    for Checklist { id, items, .. } in &reply.checklists {
        for evidence in items.iter().flat_map(|i| i.evidence.iter().chain(i.items.iter().flat_map(|i| &i.evidence))) {
            if evidence.span.of(text) != Some(evidence.quote.as_str()) {
                return Err(CallError::Contract(format!(
                    "checklist {id} quotes {:?}, which does not stand there",
                    evidence.quote
                )));
            }
        }
    }
    Ok(reply)
}

/// Artifacts with their bytes.
pub type Files = Vec<(Artifact, Vec<u8>)>;

/// Artifacts from the reply of an exporter, each with its bytes.
///
/// # Errors
/// What of the contract it breaks.
pub fn artifacts(head: &[u8], blob: &[u8]) -> Result<(Files, ExportReply), CallError> {
    let reply: ExportReply = parse(head, "reply")?;
    let mut rest = blob;
    let mut out: Files = Vec::new();
    for artifact in &reply.artifacts {
        if !is_safe(&artifact.path) {
            return Err(CallError::Contract(format!(
                "it wants to write {:?}, which is not a relative path without `..` and hidden names",
                artifact.path
            )));
        }
        if out.iter().any(|(other, _)| other.path == artifact.path) {
            return Err(CallError::Contract(format!("it wants to write {} twice", artifact.path)));
        }
        let length = usize::try_from(artifact.length).unwrap_or(usize::MAX);
        let Some((bytes, after)) = rest.split_at_checked(length) else {
            return Err(CallError::Contract(format!(
                "{} is said to have {length} bytes, {} are there",
                artifact.path,
                rest.len()
            )));
        };
        out.push((artifact.clone(), bytes.to_vec()));
        rest = after;
    }
    if !rest.is_empty() {
        return Err(CallError::Contract(format!("{} bytes belong to no file", rest.len())));
    }
    Ok((out, reply))
}

/// A path that stays within the output folder, and is no hidden file such as a shell's settings.
fn is_safe(path: &str) -> bool {
    !path.is_empty()
        && path.len() < 512
        && !path.contains(['\\', '\0', ':'])
        && path.split('/').all(|part| !part.is_empty() && !part.starts_with('.') && !part.chars().any(char::is_control))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_within_the_folder() {
        for safe in ["a.json", "tables/cases.csv"] {
            assert!(is_safe(safe), "{safe}");
        }
        for unsafe_path in
            ["", "/etc/passwd", "../x", "a/../../x", "a//b", "c:\\x", "a\0b", ".", "a/\n", ".profile", "a/.git/x"]
        {
            assert!(!is_safe(unsafe_path), "{unsafe_path:?}");
        }
    }

    #[test]
    fn artifacts_and_bytes_must_agree() {
        let head = br#"{"artifacts":[{"path":"a","length":2},{"path":"b","length":1}]}"#;
        let (files, _) = artifacts(head, b"xyz").unwrap();
        assert_eq!(files[1].1, b"z");
        assert!(artifacts(head, b"xy").is_err());
        assert!(artifacts(head, b"xyzz").is_err());
        assert!(artifacts(b"[", b"").is_err());
        let twice = br#"{"artifacts":[{"path":"a","length":1},{"path":"a","length":1}]}"#;
        assert!(artifacts(twice, b"xy").unwrap_err().to_string().contains("twice"));
    }
}
