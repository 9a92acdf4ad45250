//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Published clinical case reports into checked, coded case records in which every value points at its words.
#[derive(Debug, Parser)]
#[command(
    name = "casemill",
    version,
    about,
    propagate_version = true,
    max_term_width = 100,
    disable_help_subcommand = true
)]
#[command(
    after_help = "Exit status: 0 clean, 1 findings at or above --deny, 2 usage or tool failure, 3 some inputs failed.\n\
    `casemill run letter.txt` writes letter.json and letter.html beside you."
)]
pub(crate) struct Cli {
    /// More of what goes on: -v progress of plugins, -vv details
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Extract, validate and export: the main job
    Run(Run),
    /// Write case records as JSON, one report, or NDJSON, many
    Extract(Extract),
    /// Check reports or case records like a linter
    Validate(Validate),
    /// Write case records in other formats
    Export(Export),
    /// What can be read and written, and by which plugin
    Formats(Listing),
    /// Import public terminologies, look at them, check codes against them
    Vocab(Vocab),
    /// Look at plugins
    Plugins(Plugins),
    /// Explain a validation rule; all of them without CODE
    Rule(Rule),
    /// JSON Schema of what casemill reads and writes
    Schema(Schema),
    /// Completions for a shell
    Completions(Completions),
    /// The manual page
    #[command(hide = true)]
    Man,
}

/// Where plugins come from and how they run.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Plugins")]
pub(crate) struct PluginArgs {
    /// Use this plugin file, before all others
    #[arg(long, value_name = "FILE")]
    pub(crate) plugin: Vec<PathBuf>,
    /// Look for plugins here, before the usual places
    #[arg(long, value_name = "DIR")]
    pub(crate) plugin_dir: Vec<PathBuf>,
    /// Do not look in the usual places
    #[arg(long)]
    pub(crate) no_default_plugins: bool,
    /// Run plugins in this process, for debuggers
    #[arg(long)]
    pub(crate) in_process: bool,
    /// Longest time for one call of a plugin, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..86400))]
    pub(crate) timeout: u64,
    /// Most memory that one plugin may take
    #[arg(long, value_name = "BYTES", default_value = "2G", value_parser = memory)]
    pub(crate) memory: u64,
}

/// How inputs are read.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Inputs")]
pub(crate) struct InputArgs {
    /// Reports: files, folders, patterns, or - for standard input
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Character encoding of text that is not UTF-8: utf-16le, utf-16be, windows-1252
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    pub(crate) encoding: String,
    /// Refuse inputs above this size; a case report is rarely above one megabyte
    #[arg(long, value_name = "BYTES", default_value = "8M", value_parser = size)]
    pub(crate) max_size: u64,
}

/// How the work is done.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct WorkArgs {
    /// Reports handled at once [default: number of processors]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub(crate) jobs: Option<u16>,
    /// Settings file [default: casemill.toml in this folder, if there is one]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Set the level of a rule or family: CT003=off, CN=error
    #[arg(long, value_name = "RULE=LEVEL")]
    pub(crate) rule: Vec<String>,
    /// Set an option of a plugin: export-html.theme=dark; `plugins info` shows them
    #[arg(long, value_name = "PLUGIN.OPTION=VALUE")]
    pub(crate) set: Vec<String>,
    #[command(flatten)]
    pub(crate) vocab: VocabArgs,
}

/// Where imported vocabularies lie.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct DataArgs {
    /// Data folder [default: casemill under $XDG_DATA_HOME or ~/.local/share]
    #[arg(long, value_name = "DIR", env = "CASEMILL_DATA", hide_env_values = true)]
    pub(crate) data_dir: Option<PathBuf>,
}

/// Which imported vocabularies extraction uses.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Vocabularies")]
pub(crate) struct VocabArgs {
    /// Use these imported vocabularies only, with commas between them; none for the embedded lexicon alone [default: all]
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) vocab: Vec<String>,
    #[command(flatten)]
    pub(crate) data: DataArgs,
}

#[derive(Args, Debug)]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Formats to write, with commas between them; json is the case record itself
    #[arg(short, long, value_name = "FORMAT", value_delimiter = ',', default_value = "json,html")]
    pub(crate) to: Vec<String>,
    /// Folder to write to
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    pub(crate) output: PathBuf,
    /// Skip inputs that an earlier run with the same settings finished
    #[arg(long)]
    pub(crate) resume: bool,
    /// Fail (exit 1) on findings of this severity or graver
    #[arg(long, value_enum, default_value_t = Deny::None)]
    pub(crate) deny: Deny,
    /// Do not print findings
    #[arg(short, long)]
    pub(crate) quiet: bool,
    #[command(flatten)]
    pub(crate) work: WorkArgs,
    #[command(flatten)]
    pub(crate) plugins: PluginArgs,
}

#[derive(Args, Debug)]
pub(crate) struct Extract {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// File to write to, - for standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub(crate) output: String,
    /// One line per report even for a single one
    #[arg(long)]
    pub(crate) ndjson: bool,
    #[command(flatten)]
    pub(crate) work: WorkArgs,
    #[command(flatten)]
    pub(crate) plugins: PluginArgs,
}

#[derive(Args, Debug)]
pub(crate) struct Validate {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Form of the findings
    #[arg(long, value_enum, default_value_t = FindingsFormat::Text)]
    pub(crate) format: FindingsFormat,
    /// Fail (exit 1) on findings of this severity or graver
    #[arg(long, value_enum, default_value_t = Deny::Error)]
    pub(crate) deny: Deny,
    #[command(flatten)]
    pub(crate) work: WorkArgs,
    #[command(flatten)]
    pub(crate) plugins: PluginArgs,
}

#[derive(Args, Debug)]
pub(crate) struct Export {
    /// Case records written by `run` or `extract`
    #[arg(required = true, value_name = "CASE.json")]
    pub(crate) records: Vec<PathBuf>,
    /// Formats to write, with commas between them
    #[arg(short, long, value_name = "FORMAT", value_delimiter = ',', required = true)]
    pub(crate) to: Vec<String>,
    /// Folder to write to
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) work: WorkArgs,
    #[command(flatten)]
    pub(crate) plugins: PluginArgs,
}

#[derive(Args, Debug)]
pub(crate) struct Listing {
    /// Form of the list
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
    #[command(flatten)]
    pub(crate) plugins: PluginArgs,
}

#[derive(Args, Debug)]
pub(crate) struct Plugins {
    #[command(subcommand)]
    pub(crate) command: PluginsCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PluginsCommand {
    /// All plugins found, also those that cannot be used, with the reason
    List(Listing),
    /// What one plugin says of itself
    Info(Info),
    /// Pin plugin files, so that they may run from folders that are searched and only as they are now
    Trust(Trust),
    /// Start a plugin of your own: a crate, or a C file, that builds and runs at once
    New(PluginsNew),
    /// Check that a plugin keeps the contract
    Check(PluginsCheck),
}

#[derive(Args, Debug)]
pub(crate) struct PluginsNew {
    /// What it is to do: write a format, check reports, find facts, read a kind of file
    #[arg(value_enum)]
    pub(crate) kind: casemill_plugin_scaffold::Kind,
    /// Its name: small letters, digits and hyphens
    pub(crate) name: String,
    /// Language
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: casemill_plugin_scaffold::Language,
    /// Folder to make [default: NAME in this folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) path: Option<PathBuf>,
    /// Folder of the SDK [default: sdk beside the program, else the source it was built from]
    #[arg(long, value_name = "DIR")]
    pub(crate) sdk: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct PluginsCheck {
    /// Plugin file
    pub(crate) file: PathBuf,
    /// Form of the report
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
    /// Longest time for one call, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..86400))]
    pub(crate) timeout: u64,
}

#[derive(Args, Debug)]
pub(crate) struct Info {
    /// Id or file of the plugin
    #[arg(value_name = "PLUGIN")]
    pub(crate) wanted: String,
    #[command(flatten)]
    pub(crate) listing: Listing,
}

#[derive(Args, Debug)]
pub(crate) struct Trust {
    /// Plugin files; each is asked what it is, in a worker
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Take the pins away instead
    #[arg(long)]
    pub(crate) remove: bool,
    /// Lock to write [default: casemill/plugins.lock in your folder for settings]
    #[arg(long, value_name = "FILE")]
    pub(crate) lock: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Vocab {
    #[command(subcommand)]
    pub(crate) command: VocabCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum VocabCommand {
    /// Compile a terminology: OBO graphs JSON, OBO, HGNC, OncoTree, DrugBank, TSV, CSV, each also as .gz
    Import(VocabImport),
    /// Vocabularies that were imported
    List(VocabList),
    /// What one vocabulary says of itself
    Info(VocabInfo),
    /// Compare codes and labels of lexicons (.tsv) and case records (.json) with the releases they name
    Check(VocabCheck),
    /// Show what the vocabularies find in a text: one line for each match
    Match(VocabMatch),
    /// Remove a vocabulary
    Remove(VocabInfo),
}

#[derive(Args, Debug)]
pub(crate) struct VocabImport {
    /// The file, as its makers publish it
    pub(crate) file: PathBuf,
    /// Name of the vocabulary [default: the prefix of its codes, in small letters]
    #[arg(long = "as", value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// What its terms are, where the file does not tell: finding, disease, tumour, gene, drug, site, procedure
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<String>,
    /// Release, where the file does not name it
    #[arg(long, value_name = "VERSION")]
    pub(crate) release: Option<String>,
    #[command(flatten)]
    pub(crate) data: DataArgs,
}

#[derive(Args, Debug)]
pub(crate) struct VocabList {
    /// Form of the list
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
    #[command(flatten)]
    pub(crate) data: DataArgs,
}

#[derive(Args, Debug)]
pub(crate) struct VocabInfo {
    /// Name of the vocabulary
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) data: DataArgs,
}

#[derive(Args, Debug)]
pub(crate) struct VocabCheck {
    /// Lexicons (.tsv) or case records (.json)
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Compare with this terminology, too, without importing it; FILE=RELEASE where the file names no release
    #[arg(long, value_name = "FILE")]
    pub(crate) against: Vec<String>,
    #[command(flatten)]
    pub(crate) data: DataArgs,
}

#[derive(Args, Debug)]
pub(crate) struct VocabMatch {
    /// Plain texts
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Matches within longer matches, too
    #[arg(long)]
    pub(crate) nested: bool,
    #[command(flatten)]
    pub(crate) vocab: VocabArgs,
}

#[derive(Args, Debug)]
pub(crate) struct Rule {
    /// Code of a rule (CT003) or a family (CT)
    pub(crate) code: Option<String>,
    #[command(flatten)]
    pub(crate) listing: Listing,
}

#[derive(Args, Debug)]
pub(crate) struct Schema {
    /// Which schema
    #[arg(value_enum, default_value_t = SchemaOf::Case)]
    pub(crate) of: SchemaOf,
}

#[derive(Args, Debug)]
pub(crate) struct Completions {
    /// Shell to write completions for
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// The case record
    Case,
    /// What `validate --format json` writes
    Diagnostics,
    /// What a plugin says of itself
    Plugin,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// A table for people
    #[default]
    Text,
    /// JSON
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FindingsFormat {
    /// The source, underlined
    Text,
    /// JSON
    Json,
    /// SARIF 2.1.0
    Sarif,
    /// CSV: one finding per line
    Csv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Deny {
    /// Contradictions and invalid values
    Error,
    /// Likely flaws, too
    Warning,
    /// Never
    None,
}

impl Deny {
    /// True if a finding of this severity makes the command fail.
    pub(crate) fn denies(self, severity: case_model::Severity) -> bool {
        use case_model::Severity;
        match self {
            Self::Error => severity >= Severity::Error,
            Self::Warning => severity >= Severity::Warning,
            Self::None => false,
        }
    }
}

fn size(text: &str) -> Result<u64, String> {
    Some(bytes(text)?).filter(|n| *n < u64::from(u32::MAX)).ok_or_else(|| "a report has at most 4G".to_owned())
}

fn memory(text: &str) -> Result<u64, String> {
    Some(bytes(text)?).filter(|n| *n >= 32 << 20).ok_or_else(|| "no plugin runs in less than 32M".to_owned())
}

fn bytes(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor: u64 = match text[digits.len()..].to_ascii_uppercase().as_str() {
        "" | "B" => 1,
        "K" | "KB" | "KIB" => 1 << 10,
        "M" | "MB" | "MIB" => 1 << 20,
        "G" | "GB" | "GIB" => 1 << 30,
        unit => return Err(format!("{unit:?} is not a unit of size; use K, M or G")),
    };
    let number: u64 = digits.trim().parse().map_err(|_| "a size is a number with K, M or G: 8M".to_owned())?;
    number.checked_mul(factor).ok_or_else(|| "that is more than any machine has".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
