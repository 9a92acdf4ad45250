//! `-v` and `CASEMILL_LOG` to `tracing`.

use std::str::FromStr as _;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Starts logging to standard error: warnings, or as `-v` or `CASEMILL_LOG` (`debug`, `plugin=trace,info`) say.
pub(crate) fn start(verbose: u8) {
    let level = match verbose {
        0 => LevelFilter::WARN,
        1 => LevelFilter::INFO,
        2 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    let mut targets = Targets::new().with_default(level);
    if let Ok(wanted) = std::env::var("CASEMILL_LOG") {
        match Targets::from_str(&wanted) {
            Ok(wanted) => targets = wanted,
            Err(error) => {
                errln!("warning: CASEMILL_LOG={wanted:?} is not understood ({error}) and ignored")
            }
        }
    }
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        // Nobody may be there to read it.
        .log_internal_errors(false)
        .without_time()
        .with_ansi(anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never);
    tracing_subscriber::registry().with(targets).with(layer).init();
}
