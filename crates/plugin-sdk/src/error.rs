use std::fmt;

/// What a plugin says when it cannot do what is asked: one sentence and, where there is one, the way out.
#[derive(Debug)]
pub struct Error {
    message: String,
    help: Option<String>,
}

/// Result of a plugin's work.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error. Name the place in the input.
    pub fn new(message: impl fmt::Display) -> Self {
        Self { message: message.to_string(), help: None }
    }

    /// Adds the way out.
    #[must_use]
    pub fn help(mut self, help: impl fmt::Display) -> Self {
        self.help = Some(help.to_string());
        self
    }

    pub(crate) fn into_failure(self) -> casemill_plugin_abi::message::Failure {
        casemill_plugin_abi::message::Failure { message: self.message, help: self.help }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl<E: std::error::Error> From<E> for Error {
    fn from(error: E) -> Self {
        let mut message = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            message.push_str(": ");
            message.push_str(&cause.to_string());
            source = cause.source();
        }
        Self { message, help: None }
    }
}
