//! Compiles the lexicons into the two tries that the plugin reads, and a table of what each concept is.

use std::path::{Path, PathBuf};

use case_lexicon::{Compiler, Lexicon, parse};

#[path = "src/class.rs"]
mod class;

fn main() {
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let folder =
        Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR")).join("lexicons");
    println!("cargo::rerun-if-changed={}", folder.display());
    println!("cargo::rerun-if-changed=src/class.rs");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("the lexicons lie beside the manifest")
        .filter_map(|e| Some(e.ok()?.path()).filter(|p| p.extension().is_some_and(|e| e == "tsv")))
        .collect();
    files.sort();
    let mut compiler = Compiler::new();
    for path in &files {
        println!("cargo::rerun-if-changed={}", path.display());
        let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{name}: {e}"));
        let file = parse(&name, &text).unwrap_or_else(|errors| panic!("{}", lines(&errors)));
        compiler.add(&file).unwrap_or_else(|error| panic!("{error}"));
    }
    let bytes = compiler.compile();
    let lexicon = Lexicon::new(&bytes).expect("just compiled");
    let kinds = lexicon.kinds();
    let mut table = Vec::with_capacity(lexicon.len() * class::Info::SIZE);
    for i in 0..lexicon.len() as u32 {
        let concept = lexicon.concept(i);
        let info = class::Info::of(kinds[concept.kind as usize], |key| concept.attr(key));
        let info = info.unwrap_or_else(|error| panic!("{} {}: {error}", kinds[concept.kind as usize], concept.label));
        table.extend(info.to_bytes());
    }
    write(&out.join("lexicon.bin"), &bytes);
    write(&out.join("concepts.bin"), &table);

    let mut cues = Compiler::new();
    let file = parse("cues.tsv", case_text::context::CUES).unwrap_or_else(|errors| panic!("{}", lines(&errors)));
    cues.add(&file).unwrap_or_else(|error| panic!("{error}"));
    write(&out.join("cues.bin"), &cues.compile());
}

fn lines(errors: &[case_lexicon::RowError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn write(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
}
