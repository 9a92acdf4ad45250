//! variants: places of variants in abstracts (seth, tmvar, mutationfinder), and fixtures of the grammars (hgvs, iscn).

use std::collections::{BTreeMap, BTreeSet};

use case_nomenclature::find::{Form, variants};
use case_nomenclature::hgvs::{Change, Location, Place, ResidueEdit, Sequence, Variant, parse_residues};
use case_nomenclature::iscn::Karyotype;

use super::bench::{Bench, Offsets, files, text_of};
use super::maccrobat2020::brat;
use super::tally::{Errors, Figure, Mark, Tally, compare, context, share};
use crate::Result;

pub(crate) fn run(bench: &Bench<'_>, errors: &mut Errors) -> Result<Vec<Figure>> {
    let folder = bench.corpus("variants");
    let mut out = Vec::new();
    for (name, score) in [
        ("seth", seth as fn(&std::path::Path, &mut Errors) -> Result<Figure>),
        ("tmvar", tmvar),
        ("mutationfinder", mutationfinder),
        ("hgvs", hgvs),
        ("iscn", iscn),
    ] {
        let part = folder.join(name);
        if !part.is_dir() {
            println!("skipped: variants/{name} is not there");
            continue;
        }
        let mut own = Errors::keeping(errors.kept());
        out.push(score(&part, &mut own)?);
        errors.take(&format!("{name}, "), own);
    }
    Ok(out)
}

fn found(text: &str, wanted: impl Fn(Form) -> bool) -> Vec<Mark> {
    variants(text)
        .into_iter()
        .filter(|v| wanted(v.form))
        .filter_map(|v| Mark::new(text, v.start..v.end, "variant"))
        .collect()
}

fn seth(folder: &std::path::Path, errors: &mut Errors) -> Result<Figure> {
    let mut tally = Tally::default();
    for line in text_of(&folder.join("corpus.txt"))?.lines() {
        let Some((id, text)) = line.split_once('\t') else { continue };
        // Abstracts without annotation file belong to the other half.
        let path = folder.join(format!("{id}.ann"));
        if !path.is_file() {
            continue;
        }
        let gold = brat(text, &text_of(&path)?, |kind| (kind == "SNP").then_some("variant"));
        // The set annotates no entries of dbSNP.
        compare(text, gold, found(text, |f| f != Form::DbSnp), &mut tally, errors);
    }
    Ok(tally.figure("seth span F1").goal(0.85))
}

fn tmvar(folder: &std::path::Path, errors: &mut Errors) -> Result<Figure> {
    let mut tally = Tally::default();
    for path in files(folder, ".txt")? {
        let content = text_of(&path)?;
        let content = content.replace('\r', "");
        for block in content.split("\n\n") {
            // PubTator: title and abstract are one text with a space between.
            let part = |mark: &str| block.lines().find_map(|l| l.split_once(mark).map(|(_, text)| text));
            let (Some(title), Some(body)) = (part("|t|"), part("|a|")) else { continue };
            let text = format!("{title} {body}");
            let offsets = Offsets::of(&text);
            let gold = block.lines().filter_map(|line| {
                let columns: Vec<&str> = line.split('\t').collect();
                let [_, start, end, _, _, ..] = columns[..] else { return None };
                Mark::new(&text, offsets.bytes(start.parse().ok()?, end.parse().ok()?)?, "variant")
            });
            compare(&text, gold.collect(), found(&text, |_| true), &mut tally, errors);
        }
    }
    Ok(tally.figure("tmvar span F1").goal(0.85))
}

fn mutationfinder(folder: &std::path::Path, errors: &mut Errors) -> Result<Figure> {
    let mut tally = Tally::default();
    for path in files(folder, "_gold_std.txt")? {
        let gold: BTreeMap<String, BTreeSet<String>> = text_of(&path)?
            .lines()
            .map(|line| {
                let mut columns = line.split('\t').map(|c| c.trim().to_owned());
                (columns.next().unwrap_or_default(), columns.filter(|c| !c.is_empty()).collect())
            })
            .collect();
        let texts = path.to_string_lossy().replace("_gold_std.txt", "_text.txt");
        for line in text_of(texts.as_ref())?.lines() {
            let Some((id, text)) = line.split_once('\t') else { continue };
            let Some(wanted) = gold.get(id) else { continue };
            let points = variants(text).into_iter().filter_map(|v| v.point);
            let had: BTreeSet<String> = points.map(|(from, number, to)| format!("{from}{number}{to}")).collect();
            for name in wanted.union(&had) {
                tally.add(wanted.contains(name), had.contains(name));
                if wanted.contains(name) != had.contains(name) {
                    let cause = if had.contains(name) { "false: substitution" } else { "missed: substitution" };
                    let number: String = name.chars().filter(char::is_ascii_digit).collect();
                    let place = text.find(&number).map_or(String::new(), |at| context(text, at..at + number.len()));
                    errors.add(cause, || format!("{id} {name} {place}"));
                }
            }
        }
    }
    Ok(tally.figure("mutationfinder F1 by abstract").goal(0.85))
}

/// How a rule of the HGVS grammar fixture is put to the parser: templates of which one must be accepted, or a place.
enum Test {
    Variant(&'static [&'static str]),
    Location(Sequence, bool),
    Residues(bool),
    Place(Option<Sequence>),
    /// The rule is on a token of another parser.
    Token,
}

fn test_of(rule: &str) -> Test {
    use Test::{Location, Place, Residues, Token, Variant};
    let sequence = rule.split('_').find(|p| p.len() == 1).and_then(|p| p.chars().next()).and_then(Sequence::of);
    match rule {
        "accn" => Variant(&["{}:g.1del"]),
        "opt_gene_expr" | "paren_gene" => Variant(&["NM_1.1{}:c.1del"]),
        "gene_symbol" => Variant(&["NM_1.1({}):c.1del"]),
        "base" | "nnum" | "num" | "snum" | "pm" | "offset" | "fsext_offset" => Token,
        "aa13_ext" => Variant(&["p.Ter10Glnext{}"]),
        "aa13_fs" | "term1" | "term13" | "term3" => Variant(&["p.Gly10fs{}"]),
        "ext" => Variant(&["p.Ter10{}", "p.Met1{}"]),
        "fs" => Variant(&["p.Gly10{}"]),
        "aat1" | "aat13" | "aat3" => Variant(&["p.Ala1{}"]),
        _ if rule.starts_with("aa") => Variant(&["p.Ala1_Ala2ins{}"]),
        "dna" | "dna_iupac" | "dna_seq" => Variant(&["g.1_2ins{}"]),
        "rna" | "rna_iupac" | "rna_seq" | "na_iupac" => Variant(&["r.1_2ins{}"]),
        _ if rule.starts_with("dna_") => Variant(&["g.1{}", "g.1_2{}"]),
        _ if rule.starts_with("rna_") => Variant(&["r.1{}", "r.1_2{}"]),
        _ if rule.starts_with("pro_") => Variant(&["p.Ala3{}", "p.Ala3_Gly4{}"]),
        _ if rule.ends_with("hgvs_position") => Place(sequence),
        _ if rule.ends_with("_pos") || rule.ends_with("_interval") => match sequence {
            Some(Sequence::Protein) => Residues(rule.ends_with("_pos")),
            Some(sequence) => Location(sequence, rule.ends_with("_pos")),
            None => Token,
        },
        "p_posedit_special" => Variant(&["p.{}"]),
        "c_posedit" => Variant(&["c.{}"]),
        "g_posedit" => Variant(&["g.{}"]),
        "m_posedit" => Variant(&["m.{}"]),
        "n_posedit" => Variant(&["n.{}"]),
        "p_posedit" => Variant(&["p.{}"]),
        "r_posedit" => Variant(&["r.{}"]),
        _ if rule.ends_with("_variant") || rule.ends_with("_typed_posedit") => Variant(&["{}"]),
        _ => Token,
    }
}

fn is_accepted(rule: &str, input: &str) -> Option<bool> {
    Some(match test_of(rule) {
        Test::Token => return None,
        // "Alafs" is a frameshift, but no deletion with insertion.
        Test::Variant(templates) if rule == "pro_delins" => {
            templates.iter().any(|t| is_delins(&t.replace("{}", input)))
        }
        Test::Variant(templates) => templates.iter().any(|t| is_variant(&t.replace("{}", input))),
        Test::Location(sequence, point) => Location::parse(input, sequence).is_ok_and(|l| !point || l.is_point()),
        Test::Residues(point) => parse_residues(input).is_ok_and(|(_, end)| !point || end.is_none()),
        Test::Place(sequence) => Place::parse(input).is_ok_and(|p| sequence.is_none_or(|s| s == p.sequence())),
    })
}

/// Accepted, and printing it gives the same variant again.
fn is_variant(text: &str) -> bool {
    Variant::parse(text).is_ok_and(|v| Variant::parse(&v.to_string()).as_ref() == Ok(&v))
}

fn is_delins(text: &str) -> bool {
    let change = Variant::parse(text).ok().and_then(|v| v.change().cloned());
    matches!(change, Some(Change::Protein { edit: ResidueEdit::DeletionInsertion(_), .. }))
}

fn hgvs(folder: &std::path::Path, errors: &mut Errors) -> Result<Figure> {
    let (mut right, mut all, mut tokens) = (0, 0, 0);
    let mut judge = |what: &str, input: &str, wanted: bool, accepted: bool| {
        all += 1;
        right += usize::from(wanted == accepted);
        if wanted != accepted {
            let cause = if wanted { "refused, valid" } else { "accepted, invalid" };
            errors.add(cause, || format!("{what}: {input}"));
        }
    };
    for line in text_of(&folder.join("grammar_test.tsv"))?.lines().filter(|l| !l.starts_with('#')).skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [rule, inputs, valid, kind, ..] = columns[..] else { continue };
        let wanted = valid.eq_ignore_ascii_case("true");
        let inputs: Vec<String> = match kind.trim() {
            "string" => inputs.chars().map(String::from).collect(),
            "list" => inputs.split('|').map(str::to_owned).collect(),
            _ => vec![inputs.to_owned()],
        };
        for input in inputs {
            match is_accepted(rule, &input) {
                Some(accepted) => judge(rule, &input, wanted, accepted),
                None => tokens += 1,
            }
        }
    }
    for line in text_of(&folder.join("gauntlet"))?.lines() {
        // Refused by HGVS; valid, though the parser that the file comes from does not know it; valid.
        let (input, wanted) = match (line.strip_prefix("#- "), line.strip_prefix("#!unsupported: ")) {
            (Some(input), _) => (input, false),
            (_, Some(input)) => (input, true),
            _ if line.starts_with('#') || line.trim().is_empty() => continue,
            _ => (line, true),
        };
        judge("gauntlet", input, wanted, is_variant(input.trim()));
    }
    for line in text_of(&folder.join("reject"))?.lines() {
        if let Some(input) = line.trim_start_matches('#').split('\t').next().filter(|i| !i.trim().is_empty()) {
            judge("reject", input, false, is_variant(input.trim()));
        }
    }
    let told = format!("{right} of {all} inputs; {tokens} of rules on tokens left out");
    Ok(Figure { what: "hgvs accepted or refused".into(), value: share(right, all), told, ..Figure::default() }
        .goal(1.0))
}

fn iscn(folder: &std::path::Path, errors: &mut Errors) -> Result<Figure> {
    let fixture: serde_json::Value = serde_json::from_str(&text_of(&folder.join("validity.json"))?)?;
    let (mut right, mut all) = (0, 0);
    for (key, wanted) in [("valid", true), ("invalid", false)] {
        for row in fixture[key].as_array().into_iter().flatten() {
            let input = row["input"].as_str().unwrap_or_default();
            let parsed = Karyotype::parse(input);
            let accepted = parsed.as_ref().is_ok_and(|k| Karyotype::parse(&k.to_string()).as_ref() == Ok(k));
            all += 1;
            right += usize::from(accepted == wanted);
            if accepted != wanted {
                let why = parsed.err().map(|e| e.to_string()).unwrap_or_default();
                errors.add(if wanted { "refused, valid" } else { "accepted, invalid" }, || format!("{input:?} {why}"));
            }
        }
    }
    let told = format!("{right} of {all} inputs");
    Ok(Figure { what: "iscn accepted or refused".into(), value: share(right, all), told, ..Figure::default() }
        .goal(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fixtures hold as a test, too, where they are there.
    #[test]
    fn grammars_agree_with_the_fixtures() {
        let folder = crate::shared().join("corpora/variants");
        if !folder.is_dir() {
            eprintln!("skipped: {} is not there", folder.display());
            return;
        }
        let mut errors = Errors::keeping(20);
        for (part, score) in [("hgvs", hgvs as fn(&std::path::Path, &mut Errors) -> Result<Figure>), ("iscn", iscn)] {
            let figure = score(&folder.join(part), &mut errors).unwrap();
            assert!(figure.value >= 1.0, "{} {}: {:#?}", figure.what, figure.told, errors.by_count());
        }
    }
}
