//! The HTML report: one page for one report, made for reading, checking and printing without a network.
//!
//! ```text
//! Report ──Context──> patient::PatientView (summary, timeline, tables) ┐
//!            │        audit::AuditView                                 ├──page.html──> NAME.html
//!            │        others::OthersView                               │
//!            └──────> source::SourceView ──────────────────────────────┘
//! ```
//!
//! Each value stands in a table row whose id is that of its fact, and links to its words in the source text; the words
//! link back. The [`Context`](context::Context) hands out these links and keeps which places of the text they need, so
//! that the source view, made last, has a target for each of them.
//!
//! The page holds the whole record, so nothing is reported as lost. Everything that comes from a report goes through one
//! escaper ([`escape::Visible`]). The policy in the head forbids all network access and names the page's only script and
//! style by hash, so that a hole in the escaping would still run nothing.

#![forbid(unsafe_code)]

mod audit;
mod context;
mod escape;
mod index;
mod others;
mod page;
mod patient;
mod policy;
mod source;
mod timeline;
mod topic;
mod view;
mod wording;

#[cfg(test)]
mod tests;

use casemill_plugin_sdk::prelude::*;

/// Writes `NAME.html`.
#[derive(Debug, Default)]
struct Html {
    theme: page::Theme,
}

impl Exporter for Html {
    const FORMAT: Format = Format::new("html", "text/html", "html");
    const SUMMARY: &'static str =
        "One page per report: summary, timeline, tables, checks and the annotated source text";

    fn options() -> OptionSpecs {
        OptionSpecs::new().choice(
            "theme",
            page::Theme::WORDS,
            "Colours of the page: those of the reader's system, or always light, or always dark",
        )
    }

    fn configure(&mut self, options: &Options) -> Result<()> {
        self.theme = page::Theme::from_word(options.text("theme"));
        Ok(())
    }

    fn export_report(&mut self, report: &Report, out: &mut Artifacts<'_>) -> Result<()> {
        out.write(page::render(report, self.theme)?);
        Ok(())
    }
}

export_plugin!(exporter: Html);
