//! The page as a whole.

use std::borrow::Cow;

use askama::Template;
use case_timeline::Timeline;
use casemill_plugin_sdk::model::{Document, PluginUse, Report, SectionKind, Span, Terminology};
use casemill_plugin_sdk::prelude::*;

use crate::audit::{self, AuditView};
use crate::context::{Context, language};
use crate::others::{self, OthersView};
use crate::patient::{self, PatientView};
use crate::policy;
use crate::source::{self, SourceView};
use crate::wording;

/// Colours of the page when it is opened. The reader can change them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    /// Those of the reader's system.
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    /// Values of the option, the default first.
    pub(crate) const WORDS: &'static [&'static str] = &["auto", "light", "dark"];

    /// The theme of a value of the option.
    pub(crate) fn from_word(word: &str) -> Self {
        match word {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// A title in one language.
#[derive(Debug)]
struct TitleView<'a> {
    language: Option<&'a str>,
    text: &'a str,
}

/// `templates/page.html`.
#[derive(Debug, Template)]
#[template(path = "page.html")]
struct Page<'a> {
    theme: &'static str,
    policy: &'a str,
    style: &'a str,
    script: &'a str,
    report: &'a Report,
    kind: Cow<'a, str>,
    title: TitleView<'a>,
    /// The title in further languages.
    translations: Vec<TitleView<'a>>,
    /// `DOI` and its value.
    identifiers: Vec<(String, &'a str)>,
    facts: usize,
    patients: Vec<PatientView<'a>>,
    audit: AuditView<'a>,
    others: OthersView<'a>,
    source: SourceView<'a>,
    plugins: &'a [PluginUse],
    terminologies: &'a [Terminology],
}

/// The page of a report.
///
/// # Errors
/// A template that cannot be written; none of them can fail.
pub(crate) fn render(report: &Report, theme: Theme) -> Result<String> {
    let context = Context::new(report);
    let timelines: Vec<Timeline> = report.cases.iter().map(case_timeline::timeline).collect();
    let of = report.cases.len();
    let patients = report.cases.iter().zip(&timelines).enumerate();
    let patients = patients.map(|(i, (case, timeline))| patient::view(&context, case, timeline, (i, of))).collect();
    let audit = audit::view(&context, report);
    let others = others::view(&context, report);
    let (title, translations) = titles(&report.document);
    let page = Page {
        theme: theme.word(),
        policy: &policy::POLICY,
        style: policy::STYLE,
        script: policy::SCRIPT,
        kind: wording::report_kind(&report.document.kind),
        title,
        translations,
        identifiers: report.document.identifiers.iter().map(|i| (i.scheme.to_uppercase(), i.value.as_str())).collect(),
        facts: report.cases.iter().map(Case::fact_count).sum(),
        patients,
        audit,
        others,
        // After all that links into the text.
        source: source::view(&context, report),
        plugins: &report.plugins,
        terminologies: &report.terminologies,
        report,
    };
    Ok(page.render()?)
}

/// The title in the language of the report and in others. A report without a title goes by the name of its input.
fn titles(document: &Document) -> (TitleView<'_>, Vec<TitleView<'_>>) {
    let named = document.titles.iter().map(|t| (t.span, Some(t.language.as_str())));
    let marked = document.sections.iter().filter(|s| s.kind == SectionKind::Title);
    let marked = marked.map(|s| (s.span, s.language.as_deref()));
    let spans: Vec<(Span, Option<&str>)> = if document.titles.is_empty() { marked.collect() } else { named.collect() };
    let mut titles = spans.into_iter().filter_map(|(span, code)| {
        let text = document.words(span).trim();
        (!text.is_empty()).then_some(TitleView { language: code.and_then(language), text })
    });
    let first = titles.next().unwrap_or(TitleView { language: None, text: &document.source.name });
    (first, titles.collect())
}
