//! Build, test and measuring tasks: `cargo xtask`.

mod score;

fn main() {
    score::negation::run();
}
