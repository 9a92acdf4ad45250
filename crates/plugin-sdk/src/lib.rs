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

mod component;
mod entry;
mod error;
mod log;
mod options;
pub mod testkit;

pub use component::{Artifacts, Exporter, Extractor, Findings, Reader, Validator};
pub use error::{Error, Result};
pub use log::resource;
pub use options::{OptionSpecs, Options};

pub use case_model as model;
pub use casemill_plugin_abi::message::{Format, Signature};
pub use serde_json;
pub use tracing;

/// What plugin authors need, in one line.
pub mod prelude {
    pub use crate::{
        Artifacts, Error, Exporter, Extractor, Findings, Format, OptionSpecs, Options, Reader, Result, Signature,
        Validator, export_plugin,
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
/// ```ignore
/// export_plugin!(exporter: Summary);
/// export_plugin!(reader: Pdf, exporter: Annotated);
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
