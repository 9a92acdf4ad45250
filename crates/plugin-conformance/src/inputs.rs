//! What components are given.

use case_model::{Case, Document, Report, Source};
use casemill_plugin_abi::message::{Component, Request};
use casemill_plugin_sdk::testkit;

/// A request with a name for people.
pub(crate) struct Input {
    /// Name for people.
    pub(crate) name: String,
    /// Head.
    pub(crate) request: Request,
    /// Attachment.
    pub(crate) attachment: Vec<u8>,
    /// True if the component may say no, as long as it says why.
    pub(crate) may_refuse: bool,
}

fn split(mut document: Document) -> (Document, Vec<u8>) {
    let text = std::mem::take(&mut document.text).into_bytes();
    document.repairs.clear();
    (document, text)
}

/// The reports that exporters and validators are given.
fn reports() -> Vec<(String, Report)> {
    let mut out: Vec<(String, Report)> = [
        "a case with every list filled",
        "two patients",
        "a case without facts",
        "no patient",
        "right-to-left, astral and other unusual characters",
    ]
    .map(str::to_owned)
    .into_iter()
    .zip(testkit::samples())
    .collect();
    out.push(("every field at its default".into(), all_defaults()));
    let mut many = testkit::two_patients();
    many.cases = (1..=40).map(|n| Case { id: format!("case-{n}"), ..Case::default() }).collect();
    out.push(("forty patients".into(), many));
    out
}

/// A case with one fact of each kind, of which nothing is known but that it is stated.
fn all_defaults() -> Report {
    struct Clear;
    impl case_model::PairVisitor for Clear {
        fn pair<T>(
            &mut self,
            list: &'static str,
            first: &mut Vec<case_model::Fact<T>>,
            second: Vec<case_model::Fact<T>>,
        ) where
            T: case_model::FactValue + Clone + PartialEq + serde::Serialize + serde::de::DeserializeOwned,
        {
            let Some(mut fact) = second.into_iter().next() else { return };
            // What is left out of the JSON is at its default; required members are kept, texts emptied.
            let mut value = serde_json::to_value(&fact.value).unwrap_or_default();
            if let Some(members) = value.as_object_mut() {
                let names_a_fact = |name: &str| matches!(name, "treatment" | "finding");
                members.retain(|name, member| {
                    (member.is_string() && !names_a_fact(name)) || REQUIRED.contains(&(list, name.as_str()))
                });
                for (name, member) in members.iter_mut() {
                    if member.is_string() && !KEPT.contains(&name.as_str()) {
                        *member = "".into();
                    }
                }
            }
            if let Ok(value) = serde_json::from_value(value) {
                fact.value = value;
            }
            fact.codings.clear();
            fact.timing = None;
            first.push(fact);
        }
    }
    /// Members without a default.
    const REQUIRED: [(&str, &str); 4] =
        [("age", "value"), ("tumour_sizes", "dimensions"), ("imaging", "modality"), ("plugin_facts", "fields")];
    /// Words of enumerations, and what the record wants filled.
    const KEPT: [&str; 9] = ["kind", "result", "status", "role", "category", "vital_status", "type", "value", "label"];
    let mut report = testkit::sample_report();
    let mut full = std::mem::take(&mut report.cases).into_iter().next().unwrap_or_default();
    let mut case = Case { id: "case-1".into(), ..Case::default() };
    case.pair(&mut full, &mut Clear);
    report.cases = vec![case];
    report
}

/// What a component is given.
pub(crate) fn of(component: &Component) -> Vec<Input> {
    match component.kind.as_str() {
        "exporter" => with_reports("export"),
        "validator" => with_reports("validate"),
        "extractor" => documents(),
        "reader" => component.signatures.iter().flat_map(files).collect(),
        _ => Vec::new(),
    }
}

fn with_reports(op: &str) -> Vec<Input> {
    let input = |(name, mut report): (String, Report)| {
        let (document, attachment) = split(report.document);
        report.document = document;
        let file = (op == "export").then(|| "sample".to_owned());
        let request = Request { op: op.to_owned(), report: Some(report), name: file, ..Request::default() };
        Input { name, request, attachment, may_refuse: false }
    };
    reports().into_iter().map(input).collect()
}

fn documents() -> Vec<Input> {
    let mut all: Vec<(String, Document)> = reports().into_iter().map(|(name, r)| (name, r.document)).collect();
    for (name, text) in [
        ("a text without a letter", " .,;:!? 12 \n\n".to_owned()),
        ("an empty text", String::new()),
        ("a sentence of a hundred thousand letters", "and ".repeat(25_000)),
        ("a thousand sentences", "She was given alectinib. ".repeat(1_000)),
    ] {
        all.push((name.into(), testkit::document(&text)));
    }
    let input = |(name, document)| {
        let (document, attachment) = split(document);
        let request = Request { op: "extract".into(), document: Some(document), ..Request::default() };
        Input { name, request, attachment, may_refuse: false }
    };
    all.into_iter().map(input).collect()
}

/// Inputs that a signature fits: prose, nothing more, damage. A reader may refuse them, and says why.
fn files(signature: &casemill_plugin_abi::message::Signature) -> Vec<Input> {
    let head = format!("{}{}", signature.starts_with, signature.contains).into_bytes();
    let text = testkit::sample_report().document.text;
    let with = |tail: &[u8]| [head.as_slice(), tail].concat();
    let all: Vec<(&str, Vec<u8>)> = vec![
        ("a case report", with(format!("\n{text}\n").as_bytes())),
        ("unusual characters", with(testkit::unusual_characters().document.text.as_bytes())),
        ("nothing but its signature", with(b"")),
        ("bytes that are not UTF-8", with(b"\n\xff\xfe\x80 fever")),
        ("a byte order mark in front", [b"\xef\xbb\xbf".as_slice(), &with(b"\nfever\n")].concat()),
        ("a hundred thousand opening brackets", with(&b"<a>".repeat(33_000))),
    ];
    let input = |(name, bytes): (&str, Vec<u8>)| {
        let source = Source {
            name: "sample".into(),
            media_type: signature.media_type.clone(),
            length: bytes.len() as u64,
            ..Source::default()
        };
        let request = Request { op: "read".into(), source: Some(source), ..Request::default() };
        Input { name: format!("{name} ({})", signature.media_type), request, attachment: bytes, may_refuse: true }
    };
    all.into_iter().map(input).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_keep_the_rules_of_the_record() {
        for (name, report) in reports() {
            assert_eq!(case_model::check(&report), [], "{name}");
        }
    }

    #[test]
    fn the_case_of_defaults_has_a_fact_of_each_kind() {
        let mut lists = Vec::new();
        all_defaults().cases[0].visit(&mut |list, _| lists.push(list));
        assert_eq!(lists, Case::LISTS);
    }
}
