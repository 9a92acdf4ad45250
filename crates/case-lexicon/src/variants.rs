//! Spelling variants and plurals of a word, entered into the word table when a vocabulary is compiled.
//!
//! Too many variants do no harm: one that no text uses is never met, and one that is a word of its own keeps its own
//! meaning.

/// British spellings and their American counterparts, as parts of words.
const SPELLINGS: &[(&str, &str)] = &[
    ("aemia", "emia"),
    ("aemic", "emic"),
    ("haem", "hem"),
    ("anaes", "anes"),
    ("paed", "ped"),
    ("paen", "pen"),
    ("gynaec", "gynec"),
    ("orthopaed", "orthoped"),
    ("caec", "cec"),
    ("caes", "ces"),
    ("faec", "fec"),
    ("naev", "nev"),
    ("aetio", "etio"),
    ("oedem", "edem"),
    ("oeso", "eso"),
    ("oest", "est"),
    ("foet", "fet"),
    ("coel", "cel"),
    ("noea", "nea"),
    ("rrhoea", "rrhea"),
    ("rrhoe", "rrhe"),
    ("leuco", "leuko"),
    ("leucae", "leuke"),
    ("leukae", "leuke"),
    ("tumour", "tumor"),
    ("colour", "color"),
    ("odour", "odor"),
    ("behaviour", "behavior"),
    ("labour", "labor"),
    ("favour", "favor"),
    ("fibre", "fiber"),
    ("centre", "center"),
    ("litre", "liter"),
    ("calibre", "caliber"),
    ("grey", "gray"),
    ("sulph", "sulf"),
    ("isation", "ization"),
    ("ising", "izing"),
    ("ised", "ized"),
    ("ise", "ize"),
    ("lyse", "lyze"),
    ("lled", "led"),
    ("lling", "ling"),
    ("diarrhoea", "diarrhea"),
];

/// All variants of a folded word, the word itself first.
pub fn variants(word: &str) -> Vec<String> {
    let mut out = vec![word.to_owned()];
    if word.len() < 3 || !word.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return out;
    }
    let letters = word.bytes().all(|b| b.is_ascii_alphabetic());
    if !letters {
        // CD3s, p53s: nobody but plural markers on symbols.
        return out;
    }
    if word.len() >= 5 {
        spellings(&mut out);
    }
    for i in 0..out.len() {
        let base = out[i].clone();
        plurals(&base, &mut out);
        singulars(&base, &mut out);
    }
    out
}

fn push(out: &mut Vec<String>, word: String) {
    if word.len() >= 3 && !out.contains(&word) {
        out.push(word);
    }
}

fn spellings(out: &mut Vec<String>) {
    for (british, american) in SPELLINGS {
        for i in 0..out.len() {
            if out.len() > 12 {
                return;
            }
            if out[i].contains(british) {
                let other = out[i].replacen(british, american, 1);
                push(out, other);
            } else if let Some(at) = out[i].find(american) {
                // "edem" in "oedema" is already British.
                let already =
                    british.ends_with(american) && out[i][..at].ends_with(&british[..british.len() - american.len()]);
                if !already {
                    let other = out[i].replacen(american, british, 1);
                    push(out, other);
                }
            }
        }
    }
}

fn plurals(word: &str, out: &mut Vec<String>) {
    let stem = |n: usize| &word[..word.len() - n];
    let vowel_before_y = word.len() > 1 && b"aeiou".contains(&word.as_bytes()[word.len() - 2]);
    if word.ends_with("ss")
        || word.ends_with('x')
        || word.ends_with('z')
        || word.ends_with("ch")
        || word.ends_with("sh")
    {
        push(out, format!("{word}es"));
        if word.ends_with("ix") || word.ends_with("ex") {
            push(out, format!("{}ices", stem(2)));
        }
        if word.ends_with('x') {
            push(out, format!("{}ges", stem(1)));
        }
    } else if word.ends_with("sis") || word.ends_with("xis") {
        push(out, format!("{}es", stem(2)));
    } else if word.ends_with("itis") {
        push(out, format!("{}itides", stem(4)));
    } else if word.ends_with("us") {
        push(out, format!("{}i", stem(2)));
        push(out, format!("{word}es"));
    } else if word.ends_with("um") {
        push(out, format!("{}a", stem(2)));
        push(out, format!("{word}s"));
    } else if word.ends_with("oma") {
        push(out, format!("{word}s"));
        push(out, format!("{word}ta"));
    } else if word.ends_with('a') {
        push(out, format!("{word}e"));
        push(out, format!("{word}s"));
    } else if word.ends_with('y') && !vowel_before_y {
        push(out, format!("{}ies", stem(1)));
    } else if word.ends_with('f') {
        push(out, format!("{}ves", stem(1)));
        push(out, format!("{word}s"));
    } else if word.ends_with("man") && word.len() > 4 {
        push(out, format!("{}men", stem(3)));
    } else if !word.ends_with('s') {
        push(out, format!("{word}s"));
        if word.ends_with("ur") {
            push(out, format!("{}ora", stem(2)));
        }
    }
}

fn singulars(word: &str, out: &mut Vec<String>) {
    let stem = |n: usize| &word[..word.len() - n];
    if word.len() < 5 || word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") {
        return;
    }
    if word.ends_with("ies") {
        push(out, format!("{}y", stem(3)));
    } else if word.ends_with("ses") {
        push(out, format!("{}sis", stem(3)));
        push(out, stem(2).to_owned());
        push(out, stem(1).to_owned());
    } else if word.ends_with("xes") || word.ends_with("ches") || word.ends_with("shes") {
        push(out, stem(2).to_owned());
    } else if word.ends_with('s') {
        push(out, stem(1).to_owned());
    } else if word.ends_with("omata") {
        push(out, stem(2).to_owned());
    } else if word.ends_with("ae") && word.len() >= 6 {
        push(out, stem(1).to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::variants;

    fn has(word: &str, other: &str) -> bool {
        variants(word).iter().any(|v| v == other)
    }

    #[test]
    fn british_and_american() {
        for (a, b) in [
            ("tumour", "tumor"),
            ("anaemia", "anemia"),
            ("haemoglobin", "hemoglobin"),
            ("oedema", "edema"),
            ("diarrhoea", "diarrhea"),
            ("leucocyte", "leukocyte"),
            ("neutropaenia", "neutropenia"),
            ("oesophagus", "esophagus"),
            ("hypercalcaemia", "hypercalcemia"),
            ("ischaemic", "ischemic"),
            ("leukaemia", "leukemia"),
            ("hospitalised", "hospitalized"),
            ("dyspnoea", "dyspnea"),
        ] {
            assert!(has(a, b), "{a} {b} {:?}", variants(a));
            assert!(has(b, a), "{b} {a} {:?}", variants(b));
        }
        assert!(!has("oedema", "ooedema"));
    }

    #[test]
    fn plurals() {
        for (one, many) in [
            ("metastasis", "metastases"),
            ("biopsy", "biopsies"),
            ("carcinoma", "carcinomata"),
            ("vertebra", "vertebrae"),
            ("nevus", "nevi"),
            ("femur", "femora"),
            ("mass", "masses"),
            ("cervix", "cervices"),
            ("tumor", "tumours"),
        ] {
            assert!(has(one, many), "{one} {many} {:?}", variants(one));
        }
        assert!(has("seizures", "seizure"));
        assert!(!has("ros", "ro"));
    }
}
