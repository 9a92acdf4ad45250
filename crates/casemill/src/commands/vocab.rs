//! `casemill vocab`: public terminologies, compiled once.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

use case_lexicon::import::{self, Hints, ImportError, Terminology};
use case_lexicon::lock::{Compared, References, tally};
use case_lexicon::store::{Entry, Store, is_name};
use case_lexicon::vocabulary::{KINDS, Plan, compile, sha256};
use case_lexicon::{Annotator, Lexicon};
use case_model::Report;

use crate::cli::{DataArgs, ListFormat, VocabArgs, VocabCheck, VocabCommand, VocabImport, VocabList, VocabMatch};
use crate::exit::Exit;
use crate::table;

pub(super) fn run(command: &VocabCommand) -> Result<Exit, String> {
    match command {
        VocabCommand::Import(args) => import(args),
        VocabCommand::List(args) => list(args),
        VocabCommand::Info(args) => info(&store(&args.data)?.entry(&args.name).map_err(|e| e.to_string())?),
        VocabCommand::Check(args) => check(args),
        VocabCommand::Match(args) => find(args),
        VocabCommand::Remove(args) => {
            let entry = store(&args.data)?.entry(&args.name).map_err(|e| e.to_string())?;
            std::fs::remove_file(&entry.path).map_err(|e| format!("{}: {e}", entry.path.display()))?;
            anstream::eprintln!("removed {}", entry.path.display());
            Ok(Exit::Clean)
        }
    }
}

/// The store under the data folder.
fn store(data: &DataArgs) -> Result<Store, String> {
    let absolute = |variable: &str| std::env::var_os(variable).map(PathBuf::from).filter(|p| p.is_absolute());
    let folder = data
        .data_dir
        .clone()
        .or_else(|| Some(absolute("XDG_DATA_HOME")?.join("casemill")))
        .or_else(|| Some(absolute("HOME")?.join(".local/share/casemill")));
    let folder = folder.ok_or("neither --data-dir nor XDG_DATA_HOME nor HOME says where vocabularies lie")?;
    let folder = std::path::absolute(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    Ok(Store::new(&folder))
}

/// The chosen vocabularies: those of the command line, else those of the settings, else all.
fn chosen(args: &VocabArgs, settings: Option<&[String]>) -> Result<Vec<Entry>, String> {
    let given = (!args.vocab.is_empty()).then_some(args.vocab.as_slice()).or(settings);
    match given {
        Some([]) => Ok(Vec::new()),
        Some([one]) if one == "none" => Ok(Vec::new()),
        Some(names) => {
            let store = store(&args.data)?;
            names.iter().map(|n| store.entry(n).map_err(|e| e.to_string())).collect()
        }
        // Without a place for them there are none.
        None => store(&args.data).map_or(Ok(Vec::new()), |s| s.list().map_err(|e| e.to_string())),
    }
}

/// Files of the vocabularies by the name that plugins ask for.
pub(super) fn resources(args: &VocabArgs, settings: Option<&[String]>) -> Result<BTreeMap<String, String>, String> {
    let path = |entry: Entry| match entry.path.to_str() {
        Some(path) => Ok((format!("vocabulary/{}", entry.name), path.to_owned())),
        None => {
            Err(format!("{}: the path of a vocabulary must be UTF-8; choose another --data-dir", entry.path.display()))
        }
    };
    chosen(args, settings)?.into_iter().map(path).collect()
}

/// Checksum of each vocabulary, read from its header: results of an earlier run stand only if these are the same.
pub(super) fn fingerprints(resources: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>, String> {
    let mut out = BTreeMap::new();
    for (name, path) in resources {
        let mut header = [0; 16];
        std::fs::File::open(path).and_then(|mut f| f.read_exact(&mut header)).map_err(|e| format!("{path}: {e}"))?;
        let sum = case_lexicon::stated_checksum(&header).map_err(|e| format!("{path}: {e}"))?;
        out.insert(name.trim_start_matches("vocabulary/").to_owned(), format!("{sum:016x}"));
    }
    Ok(out)
}

fn told(file: &Path, error: &ImportError) -> String {
    let place = if error.line > 0 { format!("{}:{}", file.display(), error.line) } else { file.display().to_string() };
    let help = error.help.as_ref().map_or_else(String::new, |h| format!("\n  help: {h}"));
    format!("{place}: {}{help}", error.message)
}

fn read(file: &Path, name: &str) -> Result<(Vec<u8>, Terminology), String> {
    let size = std::fs::metadata(file).map_err(|e| format!("{}: {e}", file.display()))?;
    if !size.is_file() || size.len() > import::LARGEST {
        return Err(format!("{}: not a file of at most {} MiB", file.display(), import::LARGEST >> 20));
    }
    let bytes = std::fs::read(file).map_err(|e| format!("{}: {e}", file.display()))?;
    let hints = Hints { file: file.to_string_lossy().into_owned(), name: name.to_owned() };
    let terminology = import::read(&bytes, &hints).map_err(|e| told(file, &e))?;
    Ok((bytes, terminology))
}

fn import(args: &VocabImport) -> Result<Exit, String> {
    let start = Instant::now();
    if let Some(name) = args.name.as_deref().filter(|n| !is_name(n) || *n == "none") {
        return Err(format!("--as {name}: a name has small letters, digits, - and _, at most 40, and is not `none`"));
    }
    if let Some(kind) = args.kind.as_deref().filter(|k| !KINDS.contains(k)) {
        return Err(format!("--kind {kind}: use {}", KINDS.join(", ")));
    }
    let store = store(&args.data)?;
    let stem: String = args
        .file
        .file_name()
        .map(|n| n.to_string_lossy().to_lowercase())
        .unwrap_or_default()
        .split('.')
        .next()
        .unwrap_or_default()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .take(40)
        .collect();
    let (bytes, terminology) = read(&args.file, args.name.as_deref().unwrap_or(&stem))?;
    let name = args.name.clone().unwrap_or_else(|| terminology.prefix.to_lowercase());
    let plan = Plan {
        name: name.clone(),
        kind: args.kind.clone(),
        release: args.release.clone(),
        source: args.file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
        sha256: sha256(&bytes),
    };
    drop(bytes);
    if !is_name(&name) {
        return Err(format!("{name:?} cannot be the name of a vocabulary; give one with --as"));
    }
    let compiled = compile(&terminology, &plan).map_err(|e| told(&args.file, &e))?;
    let path = store.write(&name, &compiled.bytes).map_err(|e| e.to_string())?;
    anstream::eprintln!(
        "{name}: {} {}, {} terms, {} names; {:.1} MB, {:.1} s",
        terminology.prefix,
        compiled.release,
        compiled.terms,
        compiled.names,
        compiled.bytes.len() as f64 / 1e6,
        start.elapsed().as_secs_f64(),
    );
    for (why, count) in &compiled.left_out {
        anstream::eprintln!("  {count} names are not looked for: {why}");
    }
    anstream::eprintln!("  wrote {}", path.display());
    Ok(Exit::Clean)
}

fn list(args: &VocabList) -> Result<Exit, String> {
    let store = store(&args.data)?;
    let mut rows = Vec::new();
    let mut json = Vec::new();
    let mut exit = Exit::Clean;
    for entry in store.list().map_err(|e| e.to_string())? {
        let bytes = match entry.read() {
            Ok(bytes) => bytes,
            Err(error) => {
                anstream::eprintln!("error: {error}");
                exit = Exit::SomeFailed;
                continue;
            }
        };
        let meta = meta(&bytes)?;
        let get = |key: &str| meta.get(key).cloned().unwrap_or_default();
        rows.push(vec![entry.name.clone(), get("prefix"), get("release"), get("terms"), get("names"), get("format")]);
        json.push(meta);
    }
    match args.format {
        ListFormat::Json => println!("{}", serde_json::to_string_pretty(&json).unwrap_or_default()),
        ListFormat::Text if rows.is_empty() && exit == Exit::Clean => {
            anstream::eprintln!("no vocabulary in {}; `casemill vocab import FILE` adds one", store.folder().display());
        }
        ListFormat::Text => table::print(&["NAME", "PREFIX", "RELEASE", "TERMS", "NAMES", "FORMAT"], rows),
    }
    Ok(exit)
}

fn meta(bytes: &[u8]) -> Result<BTreeMap<String, String>, String> {
    let lexicon = Lexicon::new(bytes).map_err(|e| e.to_string())?;
    Ok(lexicon.meta().into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect())
}

fn info(entry: &Entry) -> Result<Exit, String> {
    let start = Instant::now();
    let bytes = entry.read().map_err(|e| e.to_string())?;
    let milliseconds = start.elapsed().as_secs_f64() * 1e3;
    let lexicon = Lexicon::new(&bytes).map_err(|e| e.to_string())?;
    for (key, value) in lexicon.meta() {
        println!("{key:<9} {value}");
    }
    let kinds = lexicon.kinds();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for number in 0..lexicon.len() as u32 {
        *counts.entry(kinds[lexicon.concept(number).kind as usize]).or_default() += 1;
    }
    let counts: Vec<String> = counts.iter().map(|(kind, n)| format!("{kind} {n}")).collect();
    println!("{:<9} {}", "kinds", counts.join(", "));
    println!(
        "{:<9} {} ({:.1} MB, loaded in {milliseconds:.1} ms)",
        "file",
        entry.path.display(),
        bytes.len() as f64 / 1e6
    );
    Ok(Exit::Clean)
}

fn check(args: &VocabCheck) -> Result<Exit, String> {
    let mut references = References::new();
    for against in &args.against {
        let (path, release) = match against.rsplit_once('=').filter(|_| !Path::new(against).exists()) {
            Some((path, release)) => (path, Some(release)),
            None => (against.as_str(), None),
        };
        let (_, mut terminology) = read(Path::new(path), "x")?;
        if let Some(release) = release {
            terminology.release = Some(release.to_owned());
        }
        references.add(&terminology);
    }
    if let Ok(store) = store(&args.data) {
        for entry in store.list().map_err(|e| e.to_string())? {
            let bytes = entry.read().map_err(|e| e.to_string())?;
            references.add_compiled(&Lexicon::new(&bytes).map_err(|e| e.to_string())?);
        }
    }
    let mut all: Vec<Compared> = Vec::new();
    for file in &args.files {
        let name = file.display().to_string();
        let bytes = std::fs::read(file).map_err(|e| format!("{name}: {e}"))?;
        if file.extension().is_some_and(|e| e == "json") {
            let report = Report::from_json(&bytes).map_err(|e| format!("{name}: {e}"))?;
            all.extend(codes_of(&name, &report, &references));
        } else {
            let text = String::from_utf8(bytes).map_err(|_| format!("{name}: is not UTF-8"))?;
            let parsed = case_lexicon::parse(&name, &text)
                .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
            all.extend(references.compare_file(&parsed));
        }
    }
    let wrong: Vec<&Compared> = all.iter().filter(|c| c.verdict.is_wrong()).collect();
    for one in &wrong {
        anstream::println!("{one}");
    }
    for (prefix, [right, wrong, unverified, missing]) in tally(&all) {
        anstream::eprintln!(
            "{prefix}: {right} agree, {wrong} wrong, {unverified} marked as unverified, {missing} without a copy of the release"
        );
    }
    Ok(if wrong.is_empty() { Exit::Clean } else { Exit::Findings })
}

/// The codes of a case record, compared with the releases that it names.
fn codes_of(name: &str, report: &Report, references: &References) -> Vec<Compared> {
    let mut out: Vec<Compared> = Vec::new();
    let mut add = |coding: &case_model::Coding| {
        let releases = report.terminologies.iter().filter(|t| t.prefix == coding.prefix()).map(|t| t.release.as_str());
        let releases: Vec<&str> = if coding.unverified { vec!["unverified"] } else { releases.collect() };
        // Two vocabularies of one prefix may be in use: the code is right if one of them says so.
        let verdicts = releases.iter().map(|r| references.compare(&coding.code, &coding.label, r));
        let Some(verdict) = verdicts.min_by_key(|v| v.is_wrong()) else { return };
        let (file, code, label) = (name.to_owned(), coding.code.clone(), coding.label.clone());
        let one = Compared { file, line: 0, code, label, verdict };
        if !out.contains(&one) {
            out.push(one);
        }
    };
    for case in &report.cases {
        case.visit(&mut |_, fact| fact.codings().iter().for_each(&mut add));
    }
    report.background.iter().flat_map(|b| &b.codings).for_each(&mut add);
    out
}

fn find(args: &VocabMatch) -> Result<Exit, String> {
    let entries = chosen(&args.vocab, None)?;
    let files: Vec<Vec<u8>> = entries.iter().map(Entry::read).collect::<Result<_, _>>().map_err(|e| e.to_string())?;
    let lexicons: Vec<Lexicon<'_>> =
        files.iter().map(|b| Lexicon::new(b)).collect::<Result<_, _>>().map_err(|e| e.to_string())?;
    let mut annotator = if args.nested { Annotator::nested() } else { Annotator::default() };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for file in &args.files {
        let bytes = std::fs::read(file).map_err(|e| format!("{}: {e}", file.display()))?;
        let text = String::from_utf8(bytes).map_err(|_| format!("{}: is not UTF-8", file.display()))?;
        let document = case_text::read_text(&text, case_model::Source::default());
        let (tokens, found) = annotator.document(&lexicons, &document);
        for one in found.iter().filter(|f| args.nested || !f.nested) {
            let lexicon = &lexicons[one.vocabulary as usize];
            let concept = lexicon.concept(one.concept);
            let span = tokens[one.first as usize].span.hull(tokens[one.last as usize].span);
            let origin = document.origin().ranges(span);
            let (start, end) = (origin[0].start, origin[origin.len() - 1].end);
            let words = span.of(&document.text).unwrap_or_default();
            let kind = lexicon.kinds()[concept.kind as usize];
            let line =
                format!("{}\t{start}\t{end}\t{}\t{}\t{kind}\t{words}", file.display(), concept.code, concept.label);
            if writeln!(out, "{line}").is_err() {
                return Ok(Exit::Clean);
            }
        }
    }
    Ok(Exit::Clean)
}
