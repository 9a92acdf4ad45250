//! Compiles the lexicons into the two tries that the plugin reads, and into tables: what each concept is, which finding an
//! entity and a quality make, which lymph nodes a region has.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use case_lexicon::{Compiler, Lexicon, LexiconFile, parse};

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
    let mut parsed: Vec<LexiconFile> = Vec::new();
    for path in &files {
        println!("cargo::rerun-if-changed={}", path.display());
        let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{name}: {e}"));
        let file = parse(&name, &text).unwrap_or_else(|errors| panic!("{}", lines(&errors)));
        compiler.add(&file).unwrap_or_else(|error| panic!("{error}"));
        parsed.push(file);
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
    write(&out.join("compositions.bin"), &records(&compositions(&lexicon)));
    write(&out.join("measured.bin"), &records(&measured(&lexicon)));
    write(&out.join("stations.bin"), &records(&stations(&lexicon, &parsed)));

    let mut cues = Compiler::new();
    let file = parse("cues.tsv", case_text::context::CUES).unwrap_or_else(|errors| panic!("{}", lines(&errors)));
    cues.add(&file).unwrap_or_else(|error| panic!("{error}"));
    write(&out.join("cues.bin"), &cues.compile());
}

/// Concepts of a kind by their label and their `name`.
fn by_label<'a>(lexicon: &Lexicon<'a>, kind: &str) -> HashMap<&'a str, u32> {
    let mut out = HashMap::new();
    for i in 0..lexicon.len() as u32 {
        let concept = lexicon.concept(i);
        if lexicon.kinds()[concept.kind as usize] == kind {
            out.insert(concept.label, i);
            out.extend(concept.attr("name").map(|name| (name, i)));
        }
    }
    out
}

/// (entity, quality, finding) for every analyte and every site that a finding row names with `of` and `is`, and for the
/// sites that are part of them, the nearest whole first.
fn compositions(lexicon: &Lexicon<'_>) -> Vec<[u32; 3]> {
    let (analytes, sites) = (by_label(lexicon, "analyte"), by_label(lexicon, "site"));
    let mut own: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    for i in 0..lexicon.len() as u32 {
        let concept = lexicon.concept(i);
        let Some(of) = concept.attr("of") else { continue };
        if lexicon.kinds()[concept.kind as usize] != "finding" {
            continue;
        }
        let info =
            class::Info::of("finding", |key| concept.attr(key)).unwrap_or_else(|e| panic!("{}: {e}", concept.label));
        for label in of.split('+') {
            let entity = analytes.get(label).or_else(|| sites.get(label));
            let entity = entity.unwrap_or_else(|| panic!("{}: `of={label}` is no analyte and no site", concept.label));
            let first = own.insert((*entity, info.quality as u32), i);
            assert!(first.is_none(), "{}: {label} has a finding of that quality already", concept.label);
        }
    }
    let mut out: Vec<[u32; 3]> = own.iter().map(|((entity, quality), finding)| [*entity, *quality, *finding]).collect();
    let mut numbers: Vec<u32> = sites.values().copied().collect();
    numbers.sort_unstable();
    numbers.dedup();
    for site in numbers {
        for quality in (0..=u8::MAX).map(class::Quality::from_byte).take(class::Quality::COUNT).skip(1) {
            let mut whole = Some(site);
            for _ in 0..16 {
                let Some(part) = whole else { break };
                // At each level what is nearly the same serves, too: a liver lesion for a liver mass.
                let near = std::iter::once(quality).chain(quality.near().iter().copied());
                let found = near.into_iter().find_map(|q| own.get(&(part, q as u32)));
                if let Some(finding) = found {
                    if part != site || !own.contains_key(&(site, quality as u32)) {
                        out.push([site, quality as u32, *finding]);
                    }
                    break;
                }
                whole = lexicon.concept(part).attr("part_of").and_then(|p| sites.get(p)).copied();
            }
        }
    }
    out.sort_unstable();
    out
}

/// (finding, analyte, 0) for every finding that is the quality of one analyte: what is measured in "leukocytosis (18 x 10^9/L)".
fn measured(lexicon: &Lexicon<'_>) -> Vec<[u32; 3]> {
    let analytes = by_label(lexicon, "analyte");
    (0..lexicon.len() as u32)
        .filter(|i| lexicon.kinds()[lexicon.concept(*i).kind as usize] == "finding")
        .filter_map(|i| Some([i, *analytes.get(lexicon.concept(i).attr("of")?)?, 0]))
        .collect()
}

/// (region, lymph node station, 0): "axillary" in "axillary and cervical lymph nodes" is the axillary lymph node.
fn stations(lexicon: &Lexicon<'_>, files: &[LexiconFile]) -> Vec<[u32; 3]> {
    let sites = by_label(lexicon, "site");
    let rows = || files.iter().flat_map(|f| &f.rows).filter(|r| r.kind == "site");
    let is_node = |row: &case_lexicon::Row| row.attr("node") == Some("1");
    let mut adjectives: HashMap<String, u32> = HashMap::new();
    for row in rows().filter(|r| is_node(r)) {
        for (form, _) in row.forms() {
            let form = form.to_lowercase();
            let adjective = [" lymph node", " node", " nodal"].iter().find_map(|suffix| form.strip_suffix(suffix));
            if let (Some(adjective), Some(site)) = (adjective, sites.get(row.label.as_str())) {
                adjectives.entry(adjective.to_owned()).or_insert(*site);
            }
        }
    }
    let mut out: Vec<[u32; 3]> = Vec::new();
    for row in rows().filter(|r| !is_node(r)) {
        let node = row.forms().find_map(|(form, _)| adjectives.get(&form.to_lowercase()));
        if let (Some(node), Some(site)) = (node, sites.get(row.label.as_str())) {
            out.push([*site, *node, 0]);
        }
    }
    out.sort_unstable();
    out
}

/// Records as little-endian words.
fn records(list: &[[u32; 3]]) -> Vec<u8> {
    list.iter().flatten().flat_map(|word| word.to_le_bytes()).collect()
}

fn lines(errors: &[case_lexicon::RowError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn write(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
}
