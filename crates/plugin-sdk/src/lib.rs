//! Write a plugin for casemill.
//!
//! A plugin is a crate with `crate-type = ["cdylib"]`, this crate as its dependency, a type that implements one of the
//! four traits, and one macro line:
//!
//! ```
//! use casemill_plugin_sdk::prelude::*;
//!
//! /// Writes who the patient is and how many facts the record holds.
//! #[derive(Default)]
//! struct Summary;
//!
//! impl Exporter for Summary {
//!     const FORMAT: Format = Format::new("summary", "text/plain", "txt");
//!
//!     fn export(&mut self, case: &Case, out: &mut Artifacts<'_>) -> Result<()> {
//!         let age = case.age().map_or("age not reported".to_owned(), |a| a.value.value.to_string());
//!         out.write(format!("{age}, {} facts\n", case.fact_count()));
//!         Ok(())
//!     }
//! }
//!
//! export_plugin!(exporter: Summary);
//! # fn main() {}
//! ```
//!
//! The build's shared library, named `NAME.cmplugin`, is the plugin. `tracing` macros log to casemill; a panic is caught
//! and reported; nothing here needs `unsafe`.
//!
//! `casemill plugins new` makes such a crate with tests, `casemill plugins check` runs the conformance kit on what it builds,
//! and `docs/tutorial-exporter.md` goes through it step by step.
//!
//! | to | implement | test with |
//! |---|---|---|
//! | write a format | [`Exporter`] | [`testkit::export`] |
//! | check reports | [`Validator`] | [`testkit::validate`] |
//! | find facts | [`Extractor`] | [`testkit::extract`] |
//! | read a kind of file | [`Reader`] | [`testkit::read`] |
//!
//! # Facts
//!
//! Whatever a record says is a [`Fact`](model::Fact): a value, whether it is said to be so, whom it is about, and the words
//! that back it.
//!
//! ```
//! use casemill_plugin_sdk::{prelude::*, testkit};
//!
//! let report = testkit::sample_report();
//! let case = &report.cases[0];
//! let denied: Vec<&str> =
//!     case.findings.iter().filter(|f| !f.is_present()).map(|f| f.value.label.as_str()).collect();
//! assert_eq!(denied, ["Fever"]);
//! for treatment in &case.treatments {
//!     assert_eq!(report.document.words(treatment.span()), treatment.quote());
//! }
//! ```

mod component;
mod entry;
mod error;
mod log;
mod options;
mod plain;
pub mod testkit;

pub use component::{Artifacts, Exporter, Extractor, Findings, Reader, Validator};
pub use error::{Error, Result};
pub use log::resource;
pub use options::{OptionSpecs, Options};
pub use plain::plain_document;

pub use case_model as model;
pub use casemill_plugin_abi::message::{Format, Signature};
pub use serde_json;
pub use tracing;

/// What plugin authors need, in one line.
pub mod prelude {
    pub use crate::{
        Artifacts, Error, Exporter, Extractor, Findings, Format, OptionSpecs, Options, Reader, Result, Signature,
        Validator, export_plugin, plain_document,
    };
    pub use case_model::{
        Case, Diagnostic, Document, Extraction, Fact, Label, Report, RuleInfo, Severity, Source, Span,
    };
    pub use tracing::{debug, error, info, trace, warn};
}

/// For [`export_plugin!`] only.
#[doc(hidden)]
pub mod private {
    pub use crate::component::{ComponentEntry, exporter, extractor, reader, validator};
    pub use crate::entry::{PluginEntry, table};
    pub use casemill_plugin_abi::Plugin;
}

/// Exports the components of a plugin under the one symbol that casemill looks for.
///
/// The plugin's id, version and summary are the name, version and description of its crate. Write it once per crate.
///
/// ```
/// # use casemill_plugin_sdk::prelude::*;
/// #[derive(Default)]
/// struct Notes;
///
/// impl Reader for Notes {
///     const NAME: &'static str = "notes";
///
///     fn signatures() -> Vec<Signature> {
///         vec![Signature { media_type: "text/x-notes".into(), starts_with: "#notes".into(), ..Signature::default() }]
///     }
///
///     fn read(&mut self, source: &Source, bytes: &[u8]) -> Result<Document> {
///         Ok(plain_document(source, std::str::from_utf8(bytes)?, "#notes".len()))
///     }
/// }
///
/// #[derive(Default)]
/// struct Quotes;
///
/// impl Exporter for Quotes {
///     const FORMAT: Format = Format::new("quotes", "text/plain", "quotes.txt");
///
///     fn export(&mut self, case: &Case, out: &mut Artifacts<'_>) -> Result<()> {
///         let mut quotes = String::new();
///         case.visit(&mut |_, fact| fact.evidence().iter().for_each(|e| quotes += &format!("{}\n", e.quote)));
///         out.write(quotes);
///         Ok(())
///     }
/// }
///
/// export_plugin!(reader: Notes, exporter: Quotes);
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! export_plugin {
    ($($kind:ident: $component:ty),+ $(,)?) => {
        #[cfg(panic = "abort")]
        compile_error!("casemill plugins need `panic = \"unwind\"`: a panic is caught and reported, not fatal");

        #[doc(hidden)]
        struct __CasemillPlugin;

        impl $crate::private::PluginEntry for __CasemillPlugin {
            const ID: &'static str = env!("CARGO_PKG_NAME");
            const VERSION: &'static str = env!("CARGO_PKG_VERSION");
            const SUMMARY: &'static str = env!("CARGO_PKG_DESCRIPTION");

            fn components() -> Vec<$crate::private::ComponentEntry> {
                vec![$($crate::private::$kind::<$component>()),+]
            }
        }

        /// The plugin's table, see `casemill_plugin.h`.
        #[unsafe(no_mangle)]
        #[allow(non_upper_case_globals)]
        pub static casemill_plugin_v1: $crate::private::Plugin = $crate::private::table::<__CasemillPlugin>();
    };
}
