//! Plausible replies that are wrong: nothing of them gets into a record.

use crate::bench::{AFTER, BEFORE, Bench, each, says, wrong};

/// Reports with a fault fail alone; nothing is written for them.
fn refused(lacks: &str, table: &[(&str, &[&str])]) {
    each(table, |(behaviour, words)| {
        let bench = Bench::hostile(lacks, behaviour);
        let ended = bench.run("json,line", &["--plugin-dir", "bad"]);
        if ended.status != Some(3) {
            return wrong(&ended, "one report has no record, which is status 3");
        }
        says(&ended, words)?;
        says(&ended, &["error: poison.txt: the plugin hostile failed: it broke the plugin contract"])?;
        for (name, text) in [("before", BEFORE), ("after", AFTER)] {
            if let Some(flaw) = bench.flaw(name, text) {
                return wrong(&ended, flaw);
            }
        }
        for name in ["poison.json", "poison.line"] {
            if bench.output(name).is_some() {
                return wrong(&ended, format!("{name} was written"));
            }
        }
        Ok(())
    });
}

#[test]
fn extractions_that_do_not_fit_the_text() {
    refused(
        "extractor",
        &[
            ("extract/off-by-one", &["finding-cough", "quotes \"cough\" where the text at"]),
            ("extract/utf-16", &["finding-cough", "quotes \"cough\" where the text at"]),
            ("extract/quote", &["quotes \"Cough\" where the text at", "is \"cough\""]),
            ("extract/beyond", &["lies beyond the end of the text"]),
            ("extract/backwards", &["ends before it starts"]),
            ("extract/mid-character", &["does not lie on character boundaries"]),
            ("extract/negative", &["its extraction is not of the contract's form"]),
            ("extract/huge", &["its extraction is not of the contract's form"]),
            ("extract/no-evidence", &["has neither evidence nor facts it is derived from"]),
            ("extract/no-label", &["code HP:0012735 has no label"]),
            ("extract/no-code", &["code \"cough\" is not of the form PREFIX:LOCAL"]),
            ("extract/no-release", &["the release of XX is not named"]),
            ("extract/other-patient", &["has scope literature, this list holds patient"]),
            ("extract/missing-fact", &["names the fact finding-nowhere, which does not exist"]),
            ("extract/same-id", &["its id is taken by another fact"]),
            ("extract/time", &["has a time from day 9 to day -9"]),
            ("extract/not-an-extraction", &["its extraction is not of the contract's form"]),
        ],
    );
}

#[test]
fn documents_that_are_none() {
    refused(
        "reader",
        &[
            ("read/beyond", &["document.sentences[0]", "lies beyond the end of the text"]),
            ("read/backwards", &["ends before it starts"]),
            ("read/overlap", &["overlaps the sentence before it"]),
            ("read/mid-character", &["does not lie on character boundaries"]),
            ("read/latin-1", &["the text of its document is not UTF-8"]),
            ("read/repairs", &["its map of repairs names [4294967294, 4294967295), which is no place in the input"]),
            ("read/repairs-overflow", &["its document is not of the contract's form"]),
            ("read/no-document", &["its document is not of the contract's form"]),
        ],
    );
}

/// A validator that is wrong says nothing; the record and the other outputs are whole.
#[test]
fn findings_that_do_not_fit_the_text() {
    let table: &[(&str, &[&str])] = &[
        ("validate/rule", &["it reports the rule \"QQ999\", which it does not declare"]),
        ("validate/beyond", &["is not a place in the text"]),
        ("validate/backwards", &["is not a place in the text"]),
        ("validate/mid-character", &["is not a place in the text"]),
        ("validate/quote", &["quotes \"elsewhere\", which does not stand there"]),
        ("validate/not-findings", &["its findings is not of the contract's form"]),
    ];
    each(table, |(behaviour, words)| {
        let bench = Bench::hostile("validator", behaviour);
        let ended = bench.run("json,line", &["--plugin-dir", "bad"]);
        if ended.status != Some(3) {
            return wrong(&ended, "a validator failed, which is status 3");
        }
        says(&ended, words)?;
        says(&ended, &["error: poison.txt: the plugin hostile failed"])?;
        for (name, text) in [("before", BEFORE), ("poison", crate::bench::POISON), ("after", AFTER)] {
            if let Some(flaw) = bench.flaw(name, text) {
                return wrong(&ended, flaw);
            }
        }
        Ok(())
    });
}
