//! Names of plugins.

use std::fmt;

/// Why a name cannot be that of a plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameError {
    name: String,
    why: &'static str,
    instead: Option<String>,
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} cannot be the name of a plugin: {}", self.name, self.why)?;
        match &self.instead {
            Some(instead) => write!(f, "; `{instead}` can"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for NameError {}

/// Names that cargo or the compiler keeps for itself: keywords, crates of the toolchain, folders of the target.
const RESERVED: &[&str] = &[
    "abstract",
    "alloc",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "build",
    "const",
    "continue",
    "core",
    "crate",
    "debug",
    "deps",
    "do",
    "dyn",
    "else",
    "enum",
    "examples",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "incremental",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "proc-macro",
    "pub",
    "ref",
    "release",
    "return",
    "self",
    "static",
    "std",
    "struct",
    "super",
    "test",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
];

/// Checks that a name can be that of a plugin, a crate and a library: small letters, digits and single hyphens, a letter
/// first, at most 64, none that the toolchain keeps for itself, none of casemill's own.
///
/// # Errors
/// Why it cannot, with one that can where there is one close to it.
pub fn check_name(name: &str) -> Result<(), NameError> {
    let why = if name.is_empty() {
        "it is empty"
    } else if name.len() > 64 {
        "it has more than 64 letters"
    } else if !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        "it is to be made of small letters, digits and hyphens"
    } else if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        "it is to begin with a letter"
    } else if name.ends_with('-') || name.contains("--") {
        "hyphens stand between letters, one at a time"
    } else if RESERVED.contains(&name) {
        "the toolchain keeps that name for itself"
    } else if name.starts_with("casemill-") || name == "casemill" || name.starts_with("case-") {
        "names with `casemill` or `case-` in front are those of the program"
    } else {
        return Ok(());
    };
    let instead = better(name).filter(|better| better != name && check_name(better).is_ok());
    Err(NameError { name: name.to_owned(), why, instead })
}

fn better(name: &str) -> Option<String> {
    let mut out = String::new();
    let mut before = '-';
    for c in name.chars() {
        if c.is_ascii_uppercase() && before.is_ascii_lowercase() {
            out.push('-');
        }
        let letter = if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        if !(letter == '-' && out.ends_with('-')) {
            out.push(letter);
        }
        before = c;
    }
    let trimmed = out.trim_matches('-').trim_start_matches(|c: char| c.is_ascii_digit() || c == '-');
    let short = trimmed.strip_prefix("casemill").or_else(|| trimmed.strip_prefix("case-")).unwrap_or(trimmed);
    let short = short.trim_matches('-');
    if RESERVED.contains(&short) { Some(format!("{short}-plugin")) } else { (!short.is_empty()).then(|| short.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_can_be() {
        for name in ["summary", "export-tumour-board", "a1"] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
    }

    #[test]
    fn names_that_cannot_be_get_one_that_can() {
        for (name, instead) in [
            ("TumourBoard", "tumour-board"),
            ("my plugin!", "my-plugin"),
            ("test", "test-plugin"),
            ("2nd", "nd"),
            ("a--b", "a-b"),
            ("../evil", "evil"),
            ("casemill-x", "x"),
        ] {
            let told = check_name(name).unwrap_err().to_string();
            assert!(told.ends_with(&format!("`{instead}` can")), "{told}");
        }
        assert!(check_name("").is_err());
        assert!(check_name(&"a".repeat(65)).is_err());
        assert!(check_name("é").is_err());
    }
}
