//! Sources as people have them: good ones, and each way in which one can be wrong.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use case_lexicon::import::{self, Hints, Terminology};
use case_lexicon::vocabulary::{Compiled, Plan, compile};
use case_lexicon::{Annotator, Lexicon};

fn sources(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sources").join(folder);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    paths
}

fn read(name: &str, bytes: &[u8]) -> Result<Terminology, import::ImportError> {
    import::read(bytes, &Hints { file: name.into(), name: "demo".into() })
}

fn compiled(terminology: &Terminology, kind: Option<&str>) -> Compiled {
    let plan = Plan { name: "demo".into(), kind: kind.map(str::to_owned), sha256: "0".repeat(64), ..Plan::default() };
    compile(terminology, &plan).unwrap()
}

/// What a compiled vocabulary finds in a text.
fn found(bytes: &[u8], text: &str) -> Vec<String> {
    let lexicon = Lexicon::new(bytes).unwrap();
    lexicon.verify().unwrap();
    let document = case_text::read_text(text, case_model::Source::default());
    let (tokens, found) = Annotator::default().document(&[lexicon], &document);
    found
        .iter()
        .map(|f| {
            let span = tokens[f.first as usize].span.hull(tokens[f.last as usize].span);
            format!("{} = {}", span.of(&document.text).unwrap(), lexicon.concept(f.concept).code)
        })
        .collect()
}

#[test]
fn bad_sources_are_refused_with_their_line() {
    let mut out = String::new();
    for path in sources("bad") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let error = match read(&name, &std::fs::read(&path).unwrap()) {
            Err(error) => error,
            Ok(terminology) => panic!("{name} was taken: {terminology:?}"),
        };
        let help = error.help.as_deref().map_or(String::new(), |h| format!("\n    help: {h}"));
        let _ = writeln!(out, "{name}: {error}{help}");
    }
    insta::assert_snapshot!(out);
}

#[test]
fn good_sources_are_read_whole() {
    let mut out = String::new();
    for path in sources("good") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let terminology = read(&name, &std::fs::read(&path).unwrap()).unwrap_or_else(|e| panic!("{name}: {e}"));
        let release = terminology.release.clone().unwrap_or_default();
        let _ = writeln!(out, "{name}: {} {} {release}", terminology.format.name(), terminology.prefix);
        for term in &terminology.terms {
            let names: Vec<&str> = term.all_names().collect();
            let _ = writeln!(out, "  {}: {} {} < {}", term.line, term.code, names.join(" | "), term.parents.join(" "));
        }
        for retired in &terminology.retired {
            let to = retired.replaced_by.as_deref().unwrap_or("nothing");
            let _ = writeln!(out, "  retired {} {}, now {to}", retired.code, retired.label);
        }
    }
    insta::assert_snapshot!(out);
}

#[test]
fn a_packed_file_that_is_cut_off_or_damaged_is_refused() {
    let terms: String =
        (0..2000).map(|i| format!("\n[Term]\nid: XX:{i}\nname: term {}\n", i * 7919 % 104_729)).collect();
    let text = format!("format-version: 1.2\ndata-version: 2024-01-01\n{terms}");
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(text.as_bytes()).unwrap();
    let packed = packer.finish().unwrap();
    assert_eq!(read("x.obo.gz", &packed).unwrap().terms.len(), 2000);
    let error = read("x.obo.gz", &packed[..packed.len() / 2]).unwrap_err();
    assert!(error.line > 100 && error.message.contains("is cut off"), "{error}");
    let mut damaged = packed.clone();
    let last = damaged.len() - 6;
    damaged[last] ^= 1;
    assert!(read("x.obo.gz", &damaged).unwrap_err().message.contains("damaged"));
}

#[test]
fn a_term_may_be_long_or_look_like_a_pattern() {
    let long = "fever ".repeat(1700);
    assert!(long.len() > 10_000);
    let table = format!("code\tlabel\tkind\nA1\t{}\tfinding\nA2\t.*\tfinding\nA3\ta+b(c)* [d]\tfinding\n", long.trim());
    let terminology = read("x.tsv", table.as_bytes()).unwrap();
    let compiled = compiled(&terminology, None);
    assert_eq!(compiled.terms, 3);
    assert_eq!(compiled.left_out.iter().map(|(_, n)| n).sum::<usize>(), 2, "{:?}", compiled.left_out);
    assert!(found(&compiled.bytes, "The patient had fever and anything else.").is_empty());
    assert_eq!(found(&compiled.bytes, "Seen: a+b(c)* [d] today."), Vec::<String>::new());
}

#[test]
fn words_in_any_order() {
    let obo = "format-version: 1.2\n\n[Term]\nid: HP:0000118\nname: Phenotypic abnormality\n\n\
        [Term]\nid: HP:1\nname: Abnormality of the femur\nis_a: HP:0000118\n\n\
        [Term]\nid: HP:2\nname: Microcytic anemia\nis_a: HP:0000118\n\n\
        [Term]\nid: HP:3\nname: Type II diabetes mellitus\nis_a: HP:0000118\n\n\
        [Term]\nid: HP:4\nname: Decreased circulating ferritin concentration\nis_a: HP:0000118\n\n\
        [Term]\nid: HP:5\nname: Hypoplasia of the cerebellum\nis_a: HP:0000118\n\n\
        [Term]\nid: HP:6\nname: Increased alpha-fetoprotein\nis_a: HP:0000118\n";
    let compiled = compiled(&read("x.obo", obo.as_bytes()).unwrap(), None);
    for (text, code) in [
        ("An abnormality of the femur was seen.", Some("HP:1")),
        ("Femoral abnormalities were seen.", Some("HP:1")),
        ("The femur was normal, as was the rest; an abnormality.", None),
        ("Anaemia, which was not microcytic.", None),
        ("There was microcytic anaemia.", Some("HP:2")),
        ("She has diabetes mellitus type 2.", Some("HP:3")),
        ("Decreased ferritin was found.", Some("HP:4")),
        ("Cerebellar hypoplasia.", Some("HP:5")),
        ("Hypoplastic cerebellum.", Some("HP:5")),
        ("Increased \u{3b1}-fetoprotein.", Some("HP:6")),
    ] {
        let codes: Vec<String> = found(&compiled.bytes, text);
        assert_eq!(codes.first().and_then(|c| c.rsplit(' ').next()), code, "{text} {codes:?}");
    }
}

#[test]
fn the_same_source_gives_the_same_bytes() {
    let path = sources("good").into_iter().find(|p| p.ends_with("crlf.obo")).unwrap();
    let terminology = read("crlf.obo", &std::fs::read(path).unwrap()).unwrap();
    assert_eq!(compiled(&terminology, None), compiled(&terminology, None));
}

#[test]
fn what_the_terms_of_a_table_are_must_be_said() {
    let terminology = read("x.tsv", b"code\tlabel\nA1\tfever\n").unwrap();
    let plan = Plan { name: "x".into(), sha256: "0".repeat(64), ..Plan::default() };
    let error = compile(&terminology, &plan).unwrap_err();
    assert_eq!((error.line, error.help.is_some()), (2, true), "{error}");
}
