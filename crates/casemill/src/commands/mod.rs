//! One module per subcommand.

mod batch;
mod export;
mod extract;
mod listing;
mod rule;
mod run;
mod schema;
mod validate;
mod vocab;

use std::time::Duration;

use casemill_plugin_host::{Limits, Pipeline, Registry, SearchPath, Transport};
use clap::CommandFactory as _;

use crate::cli::{Cli, Command, PluginArgs, WorkArgs};
use crate::config::Config;
use crate::exit::Exit;

/// Runs the command; what goes wrong with the program itself is told and ends with [`Exit::Usage`].
pub(crate) fn dispatch(cli: Cli) -> Exit {
    let result = match cli.command {
        Command::Run(args) => run::run(&args),
        Command::Extract(args) => extract::run(&args),
        Command::Validate(args) => validate::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Formats(args) => listing::formats(&args),
        Command::Plugins(args) => listing::plugins(&args.command),
        Command::Vocab(args) => vocab::run(&args.command),
        Command::Rule(args) => rule::run(&args),
        Command::Schema(args) => schema::run(args.of),
        Command::Completions(args) => {
            clap_complete::generate(args.shell, &mut Cli::command(), "casemill", &mut std::io::stdout());
            Ok(Exit::Clean)
        }
        Command::Man => clap_mangen::Man::new(Cli::command())
            .render(&mut std::io::stdout())
            .map(|()| Exit::Clean)
            .map_err(|e| format!("the manual page cannot be written: {e}")),
    };
    result.unwrap_or_else(|message| {
        anstream::eprintln!("error: {message}");
        Exit::Usage
    })
}

/// Finds the plugins that the arguments allow.
fn registry(args: &PluginArgs) -> Registry {
    let mut search = SearchPath { files: args.plugin.clone(), folders: args.plugin_dir.clone() };
    if !args.no_default_plugins {
        search = search.with_usual_places();
    }
    let registry = Registry::discover(&search, transport(args), &limits(args));
    for shadowed in &registry.shadowed {
        tracing::info!("{}: {} is already provided by {}", shadowed.path.display(), shadowed.id, shadowed.by.display());
    }
    registry
}

fn transport(args: &PluginArgs) -> Transport {
    if args.in_process { Transport::InProcess } else { Transport::Worker }
}

fn limits(args: &PluginArgs) -> Limits {
    Limits { deadline: Duration::from_secs(args.timeout), ..Limits::default() }
}

/// Everything that handles reports: plugins, settings, limits. Plugins that cannot be used are told once.
fn pipeline(plugins: &PluginArgs, work: &WorkArgs, encoding: &str) -> Result<Pipeline, String> {
    let config = Config::load(work)?;
    let registry = registry(plugins);
    for trouble in &registry.troubles {
        anstream::eprintln!("warning: plugin {trouble}");
    }
    if !encoding.is_empty() && case_text::decode::Encoding::from_name(encoding).is_none() {
        return Err(format!(
            "--encoding {encoding}: not an encoding that can be read; use {}",
            case_text::decode::Encoding::NAMES.join(", ")
        ));
    }
    let pipeline = Pipeline {
        registry,
        transport: transport(plugins),
        limits: limits(plugins),
        options: config.options,
        rules: config.rules,
        resources: vocab::resources(&work.vocab, config.vocabularies.as_deref())?,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        encoding: encoding.to_owned(),
    };
    for code in pipeline.rules.keys() {
        let known = pipeline
            .rules()
            .any(|(_, r)| r.code == *code || r.code.trim_end_matches(|c: char| c.is_ascii_digit()) == code);
        if !known {
            return Err(format!("there is no rule or family {code}; `casemill rule` lists them"));
        }
    }
    Ok(pipeline)
}

/// Checks that each format is known; `json` is the record itself.
fn check_formats(pipeline: &Pipeline, formats: &[String]) -> Result<(), String> {
    for format in formats {
        if format != JSON && pipeline.registry.exporter(format).is_none() {
            let mut known: Vec<&str> = pipeline
                .registry
                .components("exporter")
                .filter_map(|(_, c)| c.format.as_ref().map(|f| f.name.as_ref()))
                .collect();
            known.push(JSON);
            known.sort_unstable();
            return Err(format!("no plugin writes {format:?}; there is {}", known.join(", ")));
        }
    }
    Ok(())
}

/// The format that needs no plugin: the case record itself.
const JSON: &str = "json";

/// A report as JSON for people and programs.
fn record_json(report: &case_model::Report, pretty: bool) -> Vec<u8> {
    let mut bytes =
        if pretty { serde_json::to_vec_pretty(report) } else { serde_json::to_vec(report) }.unwrap_or_default();
    bytes.push(b'\n');
    bytes
}
