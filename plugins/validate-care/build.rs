//! Compiles the cues into the trie that the plugin reads.

use std::path::PathBuf;

use case_lexicon::{Compiler, parse};

fn main() {
    println!("cargo::rerun-if-changed=cues.tsv");
    let rows = std::fs::read_to_string("cues.tsv").expect("the cues lie beside the manifest");
    let file = parse("cues.tsv", &rows)
        .unwrap_or_else(|e| panic!("{}", e.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")));
    let mut compiler = Compiler::new();
    compiler.add(&file).unwrap_or_else(|e| panic!("{e}"));
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    std::fs::write(out.join("cues.bin"), compiler.compile()).expect("OUT_DIR can be written");
}
