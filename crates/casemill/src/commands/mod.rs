//! One module per subcommand.

mod batch;
mod export;
mod extract;
mod listing;
mod plugins_check;
mod plugins_new;
mod rule;
mod run;
mod schema;
mod trust;
mod unused;
mod validate;
mod vocab;

use std::sync::Arc;
use std::time::Duration;

use casemill_plugin_host::{Limits, Pipeline, Registry, SearchPath, Transport};
use clap::CommandFactory as _;

use crate::cli::{Cli, Command, PluginArgs, PluginsCommand, WorkArgs};
use crate::config::Config;
use crate::exit::Exit;
use crate::stream;
use crate::suggest::suggest;

/// Runs the command; what goes wrong with the program itself is told and ends with [`Exit::Usage`].
pub(crate) fn dispatch(cli: Cli) -> Exit {
    let result = match cli.command {
        Command::Run(args) => run::run(&args),
        Command::Extract(args) => extract::run(&args),
        Command::Validate(args) => validate::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Formats(args) => listing::formats(&args),
        Command::Plugins(args) => match &args.command {
            PluginsCommand::List(args) => Ok(listing::list(args)),
            PluginsCommand::Info(args) => listing::info(args),
            PluginsCommand::Trust(args) => trust::run(args),
            PluginsCommand::New(args) => plugins_new::run(args),
            PluginsCommand::Check(args) => plugins_check::run(args),
        },
        Command::Vocab(args) => vocab::run(&args.command),
        Command::Rule(args) => rule::run(&args),
        Command::Schema(args) => schema::run(args.of),
        Command::Completions(args) => {
            let mut script = Vec::new();
            clap_complete::generate(args.shell, &mut Cli::command(), "casemill", &mut script);
            stream::out_bytes(&script);
            Ok(Exit::Clean)
        }
        Command::Man => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Cli::command())
                .render(&mut page)
                .map(|()| Exit::Clean)
                .map_err(|e| format!("the manual page cannot be made: {e}"))
                .inspect(|_| stream::out_bytes(&page))
        }
    };
    result.and_then(|exit| stream::check().map(|()| exit)).unwrap_or_else(|message| {
        errln!("error: {message}");
        Exit::Usage
    })
}

/// Finds the plugins that the arguments allow.
fn registry(args: &PluginArgs) -> Registry {
    let mut search =
        SearchPath { files: args.plugin.clone(), folders: args.plugin_dir.clone(), ..SearchPath::default() };
    if !args.no_default_plugins {
        search = search.with_usual_places();
    }
    let registry = Registry::discover(&search, transport(args), &limits(args));
    for warning in &registry.warnings {
        errln!("warning: {warning}");
    }
    for shadowed in &registry.shadowed {
        tracing::info!("{}: {} is already provided by {}", shadowed.path.display(), shadowed.id, shadowed.by.display());
    }
    registry
}

fn transport(args: &PluginArgs) -> Transport {
    if args.in_process { Transport::InProcess } else { Transport::Worker }
}

fn limits(args: &PluginArgs) -> Limits {
    Limits { deadline: Duration::from_secs(args.timeout), memory: args.memory, ..Limits::default() }
}

/// Everything that handles reports: plugins, settings, limits. Plugins that cannot be used are told once.
fn pipeline(plugins: &PluginArgs, work: &WorkArgs, encoding: &str) -> Result<Pipeline, String> {
    let config = Config::load(work)?;
    let registry = registry(plugins);
    let (named, found): (Vec<_>, Vec<_>) = registry.troubles.iter().partition(|t| t.named);
    for trouble in found {
        errln!("warning: plugin {trouble}");
    }
    // What the user asked for by name is not left out in silence.
    if !named.is_empty() {
        return Err(named.iter().map(|t| format!("plugin {t}")).collect::<Vec<_>>().join("\nerror: "));
    }
    if !encoding.is_empty() && case_text::decode::Encoding::from_name(encoding).is_none() {
        return Err(format!(
            "--encoding {encoding}: not an encoding that can be read; use {}",
            case_text::decode::Encoding::NAMES.join(", ")
        ));
    }
    let options = casemill_plugin_host::options::resolve(&registry, &config.options)?;
    let pipeline = Pipeline {
        registry,
        transport: transport(plugins),
        limits: limits(plugins),
        casualties: Arc::default(),
        options,
        rules: config.rules,
        resources: vocab::resources(&work.vocab, config.vocabularies.as_deref())?,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        encoding: encoding.to_owned(),
    };
    for code in pipeline.rules.keys() {
        let known: Vec<&str> = pipeline.rules().flat_map(|r| [r.code.as_str(), family(&r.code)]).collect();
        if !known.contains(&code.as_str()) {
            let nearest = suggest(code, known);
            return Err(format!("there is no rule or family {code}; {nearest}; `casemill rule` lists them"));
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
            return Err(format!("no plugin writes {format:?}; {}", suggest(format, known)));
        }
    }
    Ok(())
}

/// The family of a rule: its code without the number.
fn family(code: &str) -> &str {
    code.trim_end_matches(|c: char| c.is_ascii_digit())
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
