//! Build, test and measuring tasks: `cargo xtask`.

#![forbid(unsafe_code)]

mod audit;
mod demo;
mod generate;
mod install;
mod pin;
mod predict;
mod score;
mod stage;
mod test;
mod tidy;

use std::path::PathBuf;

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
    /// Predict the annotated reports and print how they compare
    Score {
        /// Folder with `texts`, `facts` and the scorer [default: ../shared/gold]
        #[arg(long)]
        gold: Option<PathBuf>,
        /// Program to run instead of a fresh stage
        #[arg(long)]
        program: Option<PathBuf>,
        /// Options for the scorer
        #[arg(last = true)]
        options: Vec<String>,
    },
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
    /// Score the assertion context on a public set of sentences
    Negation {
        /// Show errors
        #[arg(short)]
        verbose: bool,
    },
}

type Result<T = (), E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

fn main() -> std::process::ExitCode {
    match run(Cli::parse().task) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            std::process::ExitCode::FAILURE
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
        Task::Predict { input, output, program } => predict::predict(&program_of(program)?, &input, &output)?,
        Task::Score { gold, program, options } => {
            let output = stage::target()?.join("predictions");
            score::score(&program_of(program)?, &score::gold(gold)?, &output, &options)?;
        }
        Task::Care { gold, program } => {
            let output = stage::target()?.join("care");
            score::care::care(&program_of(program)?, &score::gold(gold)?, &output)?;
        }
        Task::Audit { gold, program } => {
            let output = stage::target()?.join("audit");
            audit::audit(&program_of(program)?, &score::gold(gold)?, &output)?;
        }
        Task::Negation { verbose } => score::negation::run(verbose),
    }
    Ok(())
}

/// The program to measure: the one named, or a fresh optimised stage.
fn program_of(given: Option<PathBuf>) -> Result<PathBuf> {
    given.map_or_else(|| stage::stage(true).map(|s| s.program()), Ok)
}
