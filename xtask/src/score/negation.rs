//! negation-context: sentences with one concept each, marked in capitals. Measured on the context engine of `case-text`
//! itself, because most concepts of the set are no concepts of a case record.

use case_lexicon::{Compiler, Lexicon, Scanner, parse};
use case_text::context::{CUES, Context, Cue, CueClass, Reach, paint};
use case_text::token::tokenize;

use super::bench::{Bench, text_of};
use super::tally::{Errors, Figure, Tally};
use crate::Result;

pub(crate) fn run(bench: &Bench<'_>, errors: &mut Errors) -> Result<Vec<Figure>> {
    let table = text_of(&bench.corpus("negation-context").join("sentences.tsv"))?;
    let mut compiler = Compiler::new();
    compiler.add(&parse("cues.tsv", CUES).map_err(|e| format!("cues.tsv: {e:?}"))?).map_err(|e| format!("{e:?}"))?;
    let bytes = compiler.compile();
    let lexicon = Lexicon::new(&bytes).map_err(|e| format!("{e:?}"))?;
    let mut scanner = Scanner::new();
    let (mut negated, mut historical, mut hypothetical) = (Tally::default(), Tally::default(), Tally::default());
    for line in table.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [_, _, concept, sentence, negation, temporality, _] = columns[..] else { continue };
        let of = context_of(concept, sentence, &lexicon, &mut scanner);
        for (tally, wanted, found, name) in [
            (&mut negated, negation == "Negated", of.has(Context::NEGATED), "negated"),
            (&mut historical, temporality == "Historical", of.has(Context::HISTORICAL), "historical"),
            (&mut hypothetical, temporality == "Not particular", of.has(Context::HYPOTHETICAL), "hypothetical"),
        ] {
            tally.add(wanted, found);
            if wanted != found {
                errors.add(format!("{}: {name}", if wanted { "missed" } else { "false" }), || sentence.to_owned());
            }
        }
    }
    Ok(vec![
        negated.figure("negated F1").floor("0.981 GenConText").goal(0.985),
        historical.figure("historical F1").floor("0.665 GenConText").goal(0.80),
        hypothetical.figure("hypothetical F1").floor("0.963 GenConText").goal(0.96),
    ])
}

/// The context of the concept in its sentence.
fn context_of(concept: &str, sentence: &str, lexicon: &Lexicon<'_>, scanner: &mut Scanner) -> Context {
    // The concept stands in capitals.
    let lower = sentence.to_lowercase();
    let at = sentence.find(&concept.to_uppercase()).or_else(|| lower.find(concept)).unwrap_or(0);
    let end = at + concept.len();
    let text = format!(
        "{}{}{}",
        sentence.get(..at).unwrap_or(""),
        sentence.get(at..end).unwrap_or("").to_lowercase(),
        sentence.get(end..).unwrap_or("")
    );
    let tokens = tokenize(&text);
    let mut hits = Vec::new();
    scanner.scan(lexicon, &text, &tokens, &mut hits);
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
    let within = |span: case_model::Span| span.start as usize >= at && span.end as usize <= end;
    tokens.iter().zip(&context).find(|(t, _)| within(t.span)).map_or(Context::none(), |(_, c)| *c)
}
