//! Build, test and measuring tasks: `cargo xtask`.

#![forbid(unsafe_code)]

mod audit;
mod bench;
mod demo;
mod generate;
mod install;
mod new;
mod pin;
mod predict;
mod score;
mod stage;
mod test;
mod tidy;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Tasks of the casemill workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Build the program and all plugins and put them together in the target folder
    Stage {
        /// Optimised
        #[arg(long)]
        release: bool,
    },
    /// Everything that must hold: stage, all tests, rules of the workspace, generated files
    Test {
        /// Options for `cargo test`, for example -p casemill-tests
        #[arg(last = true)]
        options: Vec<String>,
    },
    /// Check the rules of the workspace that no compiler checks
    Tidy,
    /// Make the files of `docs` that come from the program
    Gen {
        /// Only say which of them are old
        #[arg(long)]
        check: bool,
    },
    /// Build for use and install program and plugins
    Install {
        /// Folder that gets `bin` and `lib` [default: where cargo installs]
        #[arg(long, value_name = "DIR")]
        root: Option<PathBuf>,
        /// Not optimised, quicker to build
        #[arg(long)]
        debug: bool,
    },
    /// Run the example report and show what comes of it
    Demo,
    /// Start a plugin in `plugins`
    New {
        /// What it is to do
        #[arg(value_enum)]
        kind: casemill_plugin_scaffold::Kind,
        /// Its name; begins with read-, extract-, validate- or export-
        name: String,
    },
    /// Run every report of a folder and write the scorer's prediction form
    Predict {
        /// Folder of reports
        input: PathBuf,
        /// Folder for the predictions
        output: PathBuf,
        /// Program to run instead of a fresh stage
        #[arg(long)]
        program: Option<PathBuf>,
    },
    /// Measure the program on the annotated sets beside the project: one page, and docs/quality.md
    Score(score::Options),
    /// Compare the CARE checklists of the annotated reports with people's readings
    Care {
        /// Folder with `texts` and `facts` [default: ../shared/gold]
        #[arg(long)]
        gold: Option<PathBuf>,
        /// Program to run instead of a fresh stage
        #[arg(long)]
        program: Option<PathBuf>,
    },
    /// Validate the annotated reports and print what is found, missed and listed nowhere
    Audit {
        /// Folder with `texts` and `facts` [default: ../shared/gold]
        #[arg(long)]
        gold: Option<PathBuf>,
        /// Program to run instead of a fresh stage
        #[arg(long)]
        program: Option<PathBuf>,
    },
    /// Measure speed, start-up, growth and the cost of the plugin boundary
    Bench(bench::Options),
}

type Result<T = (), E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

fn main() -> ExitCode {
    // Measuring runs plugins in workers, which are this program again.
    if std::env::args_os().nth(1).is_some_and(|a| a == casemill_plugin_host::WORKER_COMMAND) {
        return casemill_plugin_host::serve();
    }
    match run(Cli::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result {
    match task {
        Task::Stage { release } => {
            let staged = stage::stage(release)?;
            println!("{}", staged.program().display());
        }
        Task::Test { options } => test::test(&options)?,
        Task::Tidy => tidy::tidy()?,
        Task::Gen { check } => generate::generate(&stage::stage(false)?.program(), check)?,
        Task::Install { root, debug } => install::install(root, debug)?,
        Task::Demo => demo::demo()?,
        Task::New { kind, name } => new::new(kind, &name)?,
        Task::Predict { input, output, program } => predict::predict(&program_of(program)?, &input, &output)?,
        Task::Score(options) => {
            let program = program_of(options.program.clone())?;
            score::score(&program, &options, &stage::target()?.join("score"))?;
        }
        Task::Care { gold, program } => {
            let output = stage::target()?.join("care");
            score::care::care(&program_of(program)?, &score::gold_folder(gold)?, &output)?;
        }
        Task::Audit { gold, program } => {
            let output = stage::target()?.join("audit");
            audit::audit(&program_of(program)?, &score::gold_folder(gold)?, &output)?;
        }
        Task::Bench(options) => bench::bench(&options)?,
    }
    Ok(())
}

/// The program to measure: the one named, or a fresh optimised stage.
fn program_of(given: Option<PathBuf>) -> Result<PathBuf> {
    given.map_or_else(|| stage::stage(true).map(|s| s.program()), Ok)
}

/// The folder with what is not part of the project: `CASEMILL_SHARED`, or `shared` beside the project.
fn shared() -> PathBuf {
    std::env::var_os("CASEMILL_SHARED").map_or_else(|| stage::root().join("../shared"), PathBuf::from)
}
