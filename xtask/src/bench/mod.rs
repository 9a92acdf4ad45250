//! `cargo xtask bench`: how fast it is, beside kernels that run in the same minute on the same text.
//!
//! Absolute speeds of a shared machine drift; so every round measures everything once, and ratios are taken within a
//! round. What is printed is the median over the rounds. Nothing here is a test: a slow machine must not fail a build.

mod clock;
mod generate;
mod kernels;
mod pipeline;
mod process;
mod table;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::stage;
use crate::{Result, shared};
use clock::{exponent, here, median};
use generate::Generator;
use kernels::Kernels;
use table::{Aim, Table};

/// Formats of the whole run.
const FORMATS: [&str; 3] = ["json", "phenopacket", "html"];

/// Length of an ordinary report.
const REPORT: usize = 15_000;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
}

/// Options of `cargo xtask bench`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Staged program to measure, with its plugins beside it, instead of a fresh optimised stage
    #[arg(long)]
    program: Option<PathBuf>,
    /// Rounds; medians are taken over them
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Number of generated reports
    #[arg(long, default_value_t = 100)]
    reports: usize,
    /// Leave out the growth over length and number
    #[arg(long)]
    no_growth: bool,
    /// Form of the result
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Page whose lines between `<!-- bench -->` and `<!-- end bench -->` the table replaces
    #[arg(long, value_name = "PAGE")]
    write: Option<PathBuf>,
}

pub(crate) fn bench(options: &Options) -> Result {
    let program = match &options.program {
        Some(program) => program.canonicalize()?,
        None => stage::stage(true)?.program(),
    };
    let plugins = program.parent().unwrap_or(Path::new(".")).join("plugins");
    let lexicons = kernels::lexicons()?;
    let generator = Generator::new(&lexicons);
    let bench = Bench {
        kernels: Kernels::new(&lexicons)?,
        pipeline: pipeline::open(&plugins)?,
        program,
        generator,
        rounds: options.rounds.max(1),
    };
    let mut table = Table::default();
    let texts: Vec<String> = (0..options.reports as u64).map(|seed| bench.generator.report(seed, REPORT)).collect();
    bench.speed("generated", &texts, &mut table)?;
    let corpus = shared().join("corpora/maccrobat2020");
    match corpus_texts(&corpus) {
        Some(texts) => bench.speed("maccrobat2020", &texts, &mut table)?,
        None => eprintln!("skipped: {} is not there, only generated reports were measured", corpus.display()),
    }
    bench.start_up(&mut table)?;
    bench.boundary(&mut table)?;
    if !options.no_growth {
        bench.growth(&mut table)?;
    }
    table.notes.push(format!(
        "Medians of {} rounds; processor time, user and system, of one core; {} forms in the vocabulary. Speeds of \
         a shared machine drift; compare ratios.",
        bench.rounds, bench.kernels.forms
    ));
    let block = table.markdown();
    match options.format {
        Format::Text => print!("{block}"),
        Format::Json => println!("{}", serde_json::to_string_pretty(&table.json())?),
    }
    if let Some(page) = &options.write {
        let text = std::fs::read_to_string(page)?;
        let text = table::replace_block(&text, &block)
            .ok_or_else(|| format!("{} has no lines <!-- bench --> and <!-- end bench -->", page.display()))?;
        std::fs::write(page, text)?;
    }
    Ok(())
}

/// Texts of a folder, by name.
fn corpus_texts(folder: &Path) -> Option<Vec<String>> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).ok()?.filter_map(|e| Some(e.ok()?.path())).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "txt") && p.file_stem().is_none_or(|n| n != "SOURCE"));
    paths.sort();
    let texts: Vec<String> = paths.iter().filter_map(|p| std::fs::read_to_string(p).ok()).collect();
    (!texts.is_empty()).then_some(texts)
}

struct Bench {
    kernels: Kernels,
    pipeline: casemill_plugin_host::Pipeline,
    program: PathBuf,
    generator: Generator,
    rounds: usize,
}

impl Bench {
    /// Speeds over some texts, kernels and program in turn.
    fn speed(&self, group: &'static str, texts: &[String], table: &mut Table) -> Result {
        let files = process::Files::write(texts)?;
        let megabytes = texts.iter().map(String::len).sum::<usize>() as f64 / 1e6;
        let mut lane = self.pipeline.lane();
        let mut documents = Vec::with_capacity(texts.len());
        for text in texts {
            documents.push(pipeline::document(&mut lane, text)?);
        }
        // A text without a patient is a result, too.
        let mut extract = |documents: Vec<case_model::Document>| {
            documents.into_iter().for_each(|document| drop(std::hint::black_box(lane.extract(document))));
            Ok(())
        };
        extract(documents.clone())?;
        let mut rounds: Vec<[f64; 5]> = Vec::with_capacity(self.rounds);
        for _ in 0..self.rounds {
            let again = documents.clone();
            rounds.push([
                here(|| Ok(std::hint::black_box(self.kernels.automaton(texts))))?.0,
                here(|| self.kernels.trie(texts).map(std::hint::black_box))?.0,
                here(|| extract(again))?.0,
                files.run(&self.program, &[])?,
                files.run(&self.program, &["--in-process"])?,
            ]);
        }
        let over = |f: &dyn Fn(&[f64; 5]) -> f64| median(&rounds.iter().map(f).collect::<Vec<_>>());
        let count = texts.len() as f64;
        table.add(group, "reports", count, "");
        table.add(group, "text", megabytes, "MB");
        table.add(group, "kernel: aho-corasick, leftmost-longest", over(&|r| megabytes / r[0]), "MB/s");
        table.add(group, "kernel: word trie, longest match", over(&|r| megabytes / r[1]), "MB/s");
        table.add(group, "extraction", over(&|r| megabytes / r[2]), "MB/s");
        table.add(group, "extraction", over(&|r| count / r[2]), "reports/s");
        table.aim(group, "extraction / word trie", over(&|r| r[1] / r[2]), "", Aim::AtLeast(0.15));
        table.add(group, "extraction / aho-corasick", over(&|r| r[0] / r[2]), "");
        table.add(group, "run to 3 formats, workers", over(&|r| megabytes / r[3]), "MB/s");
        let name = "run to 3 formats, workers";
        let whole = over(&|r| count / r[3]);
        if group == "generated" {
            table.aim(group, name, whole, "reports/s", Aim::AtLeast(500.0));
        } else {
            table.add(group, name, whole, "reports/s");
        }
        table.add(group, "run to 3 formats, in process", over(&|r| megabytes / r[4]), "MB/s");
        table.add(group, "run to 3 formats, in process", over(&|r| count / r[4]), "reports/s");
        table.add(group, "run, workers / word trie", over(&|r| r[1] / r[3]), "");
        Ok(())
    }

    /// Starts against that of a process that does nothing.
    fn start_up(&self, table: &mut Table) -> Result {
        let group = "start-up";
        let empty = ["/bin/true", "/usr/bin/true"].map(Path::new).into_iter().find(|p| p.exists());
        let Some(empty) = empty else {
            eprintln!("skipped: there is no `true` to compare the start with");
            return Ok(());
        };
        let folder = tempfile::tempdir()?;
        let tiny = folder.path().join("tiny.txt");
        std::fs::write(&tiny, "A 6-year-old girl presented with fever. She received crizotinib.\n")?;
        let (tiny, out) =
            (tiny.to_string_lossy().into_owned(), folder.path().join("out").to_string_lossy().into_owned());
        let arguments: [(&str, Vec<&str>); 4] = [
            ("casemill --version", vec!["--version"]),
            ("casemill formats", vec!["formats"]),
            ("casemill run, 64 bytes, workers", vec!["run", "-q", "-o", &out, &tiny]),
            ("casemill run, 64 bytes, in process", vec!["run", "-q", "--in-process", "-o", &out, &tiny]),
        ];
        // Wall and processor seconds: of the empty process, then of each command.
        let mut times: Vec<[[f64; 2]; 5]> = Vec::new();
        for _ in 0..self.rounds.max(3) * 4 {
            let mut row = [process::start(empty, &[])?; 5];
            for (slot, (_, arguments)) in row[1..].iter_mut().zip(&arguments) {
                *slot = process::start(&self.program, arguments)?;
            }
            times.push(row);
        }
        let over = |f: &dyn Fn(&[[f64; 2]; 5]) -> f64| median(&times.iter().map(f).collect::<Vec<_>>());
        table.add(group, "empty process", over(&|t| t[0][0] * 1e3), "ms");
        for (i, (name, _)) in arguments.iter().enumerate() {
            table.add(group, *name, over(&|t| t[i + 1][0] * 1e3), "ms");
        }
        for (i, (name, _)) in arguments.iter().enumerate() {
            table.aim(group, format!("{name} / empty"), over(&|t| t[i + 1][0] / t[0][0]), "", Aim::AtMost(10.0));
            table.add(group, format!("{name} / empty, processor time"), over(&|t| t[i + 1][1] / t[0][1]), "");
        }
        Ok(())
    }

    /// What calling a plugin costs.
    fn boundary(&self, table: &mut Table) -> Result {
        let group = "boundary";
        let cost = pipeline::boundary(&self.pipeline, &self.generator.report(0, REPORT))?;
        table.add(group, "request with a report of 15 kB", cost.size as f64 / 1e3, "kB");
        table.add(group, "hand a document over, in process", cost.here.document * 1e6, "µs");
        table.add(group, "hand a document over, worker", cost.worker.document * 1e6, "µs");
        table.add(group, "hand a case over, in process", cost.here.report * 1e6, "µs");
        table.add(group, "hand a case over, worker", cost.worker.report * 1e6, "µs");
        table.add(group, "write the JSON of a case", cost.write * 1e6, "µs");
        table.add(group, "read the JSON of an extraction", cost.read * 1e6, "µs");
        table.add(group, "JSON across the boundary, share of the whole run", cost.share * 100.0, "%");
        Ok(())
    }

    /// Exponents of time over length and number.
    fn growth(&self, table: &mut Table) -> Result {
        let group = "growth";
        let mut lane = self.pipeline.lane();
        let lengths = [10, 20, 40, 80, 160, 320, 640, 1280, 1600].map(|k| k * 1000);
        let (mut extracts, mut wholes) = (Vec::new(), Vec::new());
        for length in lengths {
            let text = self.generator.report(7, length);
            let document = pipeline::document(&mut lane, &text)?;
            // Short texts are measured several times over: the clock has its limits.
            let times = (160_000 / length).max(1);
            let (mut extract, mut whole) = (Vec::new(), Vec::new());
            for _ in 0..3 {
                let documents = vec![document.clone(); times];
                let (seconds, ()) = here(|| {
                    documents
                        .into_iter()
                        .try_for_each(|d| pipeline::extracted(&mut lane, d).map(|r| drop(std::hint::black_box(r))))?;
                    Ok(())
                })?;
                extract.push(seconds / times as f64);
                let (seconds, ()) = here(|| (0..times).try_for_each(|_| pipeline::whole(&mut lane, &text)))?;
                whole.push(seconds / times as f64);
            }
            extracts.push((text.len() as f64, median(&extract)));
            wholes.push((text.len() as f64, median(&whole)));
        }
        let aim = Aim::AtMost(1.1);
        table.aim(group, "exponent over length 10 kB to 1.6 MB, extraction", exponent(&extracts), "", aim);
        table.aim(group, "exponent over length 10 kB to 1.6 MB, whole", exponent(&wholes), "", aim);
        if let [.., (bytes, seconds)] = wholes[..] {
            table.add(group, "whole, one report of 1.6 MB", bytes / 1e6 / seconds, "MB/s");
        }
        let mut numbers = Vec::new();
        for count in [25, 50, 100, 200, 400] {
            let texts: Vec<String> = (0..count).map(|seed| self.generator.report(1000 + seed, 4000)).collect();
            let mut lane = self.pipeline.lane();
            let times = (0..3)
                .map(|_| Ok(here(|| texts.iter().try_for_each(|t| pipeline::whole(&mut lane, t)))?.0))
                .collect::<Result<Vec<f64>>>()?;
            numbers.push((count as f64, median(&times)));
        }
        table.aim(group, "exponent over number 25 to 400", exponent(&numbers), "", Aim::AtMost(1.03));
        Ok(())
    }
}
