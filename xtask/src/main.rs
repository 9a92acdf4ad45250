//! Build, test and measuring tasks: `cargo xtask`.

#![forbid(unsafe_code)]

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
    /// Measure the program on the annotated sets beside the project: one page, and docs/quality.md
    Score(score::Options),
}

type Result<T = (), E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

fn main() -> Result {
    match Cli::parse().task {
        Task::Stage { release } => {
            let staged = stage::stage(release)?;
            println!("{}", staged.program().display());
        }
        Task::Predict { input, output, program } => predict::predict(&program_of(program)?, &input, &output)?,
        Task::Score(options) => {
            let program = program_of(options.program.clone())?;
            score::score(&program, &options, &stage::target()?.join("score"))?;
        }
    }
    Ok(())
}

/// The program to measure: the one named, or a fresh optimised stage.
fn program_of(given: Option<PathBuf>) -> Result<PathBuf> {
    given.map_or_else(|| stage::stage(true).map(|s| s.program()), Ok)
}
