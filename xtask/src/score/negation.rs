//! negation-context: sentences with one concept each, marked in capitals.

use case_lexicon::{Compiler, Lexicon, Scanner, parse};
use case_text::context::{CUES, Context, Cue, CueClass, Reach, paint};
use case_text::token::tokenize;

#[derive(Default)]
struct Tally {
    tp: usize,
    fp: usize,
    fn_: usize,
}

impl Tally {
    fn add(&mut self, gold: bool, found: bool) {
        match (gold, found) {
            (true, true) => self.tp += 1,
            (false, true) => self.fp += 1,
            (true, false) => self.fn_ += 1,
            _ => {}
        }
    }

    fn f1(&self) -> f64 {
        2.0 * self.tp as f64 / (2 * self.tp + self.fp + self.fn_).max(1) as f64
    }
}

pub(crate) fn run(verbose: bool) {
    let path = "../shared/corpora/negation-context/sentences.tsv";
    let table = std::fs::read_to_string(path).expect("the set");
    let mut compiler = Compiler::new();
    compiler.add(&parse("cues.tsv", CUES).expect("sound cues")).expect("one release");
    let bytes = compiler.compile();
    let lexicon = Lexicon::new(&bytes).expect("sound");
    let mut scanner = Scanner::new();
    let (mut negated, mut historical, mut hypothetical) = (Tally::default(), Tally::default(), Tally::default());
    for line in table.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [_, _, concept, sentence, negation, temporality, _] = columns[..] else { continue };
        // The concept stands in capitals.
        let lower = sentence.to_lowercase();
        let upper = concept.to_uppercase();
        let at = sentence.find(&upper).or_else(|| lower.find(concept)).unwrap_or(0);
        let text = format!(
            "{}{}{}",
            &sentence[..at],
            sentence.get(at..at + concept.len()).unwrap_or("").to_lowercase(),
            sentence.get(at + concept.len()..).unwrap_or("")
        );
        let end = at + concept.len();
        let tokens = tokenize(&text);
        let mut hits = Vec::new();
        scanner.scan(&lexicon, &text, &tokens, &mut hits);
        let cues: Vec<Cue> = hits
            .iter()
            .filter_map(|h| {
                let form = lexicon.forms(h.node).next()?;
                let c = lexicon.concept(form.concept);
                Some(Cue {
                    first: h.first as usize,
                    last: h.last as usize,
                    class: CueClass::from_name(c.attr("class")?)?,
                    reach: Reach::from_name(c.attr("scope").unwrap_or_default())?,
                })
            })
            .collect();
        let mut context = vec![Context::none(); tokens.len()];
        paint(&text, &tokens, 0..tokens.len(), &cues, &mut context);
        let mut of = Context::none();
        for (t, c) in tokens.iter().zip(&context) {
            if t.span.start as usize >= at && (t.span.end as usize) <= end {
                of |= *c;
                break;
            }
        }
        let n = of.has(Context::NEGATED);
        let h = of.has(Context::HISTORICAL);
        let y = of.has(Context::HYPOTHETICAL);
        negated.add(negation == "Negated", n);
        historical.add(temporality == "Historical", h);
        hypothetical.add(temporality == "Not particular", y);
        if verbose
            && (n != (negation == "Negated")
                || h != (temporality == "Historical")
                || y != (temporality == "Not particular"))
        {
            println!("{negation}/{temporality} got n={n} h={h} y={y}: {}", sentence);
        }
    }
    println!(
        "negated {:.3} ({}/{}/{}) historical {:.3} ({}/{}/{}) hypothetical {:.3} ({}/{}/{})",
        negated.f1(),
        negated.tp,
        negated.fp,
        negated.fn_,
        historical.f1(),
        historical.tp,
        historical.fp,
        historical.fn_,
        hypothetical.f1(),
        hypothetical.tp,
        hypothetical.fp,
        hypothetical.fn_
    );
}
