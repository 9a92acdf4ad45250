//! Exit codes.

use std::process::ExitCode;

/// How a run ended. The order is that of precedence: the gravest is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// All went well.
    #[default]
    Clean,
    /// Findings at or above `--deny`.
    Findings,
    /// Some inputs failed; each was named.
    SomeFailed,
    /// The command line or the program itself.
    Usage,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::SomeFailed => 3,
        })
    }
}
