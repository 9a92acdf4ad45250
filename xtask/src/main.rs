//! Build, test and measuring tasks: `cargo xtask`.

#![forbid(unsafe_code)]

mod audit;
mod predict;
mod score;
mod stage;

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

fn main() -> Result {
    match Cli::parse().task {
        Task::Stage { release } => {
            let staged = stage::stage(release)?;
            println!("{}", staged.program().display());
        }
        Task::Predict { input, output, program } => predict::predict(&program_of(program)?, &input, &output)?,
        Task::Score { gold, program, options } => {
            let output = stage::target()?.join("predictions");
            score::score(&program_of(program)?, &score::gold(gold)?, &output, &options)?;
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
