//! Build, test and measuring tasks: `cargo xtask`.

#![forbid(unsafe_code)]

mod score;
mod stage;

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
    /// Score
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
        Task::Negation { verbose } => score::negation::run(verbose),
    }
    Ok(())
}
