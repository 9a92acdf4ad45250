//! Related words: adjectives of nouns and nouns of adjectives. They count only within forms whose words may stand in any
//! order; alone a word of another kind is another word.

/// Families by hand: `data/families.txt`.
pub(crate) fn families() -> impl Iterator<Item = Vec<&'static str>> {
    include_str!("../data/families.txt")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| line.split_whitespace().collect())
}

/// Endings of nouns and of the adjectives or participles that go with them.
const ENDINGS: &[(&str, &str)] = &[
    ("plasia", "plastic"),
    ("trophy", "trophic"),
    ("trophy", "trophied"),
    ("cephaly", "cephalic"),
    ("gnathia", "gnathic"),
    ("dactyly", "dactylous"),
    ("algia", "algic"),
    ("tonia", "tonic"),
    ("plegia", "plegic"),
    ("kinesia", "kinetic"),
    ("paresis", "paretic"),
    ("osis", "otic"),
    ("ia", "ic"),
    ("us", "ic"),
    ("itis", "itic"),
    ("emia", "emic"),
    ("aemia", "aemic"),
    ("penia", "penic"),
    ("uria", "uric"),
    ("opia", "opic"),
    ("pathy", "pathic"),
    ("tension", "tensive"),
    ("trichosis", "trichotic"),
    ("ism", "ic"),
    ("axia", "actic"),
    ("ification", "ified"),
    ("ation", "ated"),
    ("ity", ""),
    ("ity", "e"),
    ("ness", ""),
    ("ening", "ened"),
    ("ence", "ent"),
    ("ency", "ent"),
    ("ance", "ant"),
    ("ancy", "ant"),
    ("phy", "phic"),
    ("lexia", "lexic"),
    ("phasia", "phasic"),
    ("exia", "ectic"),
    ("morphism", "morphic"),
    ("rrhythmia", "rrhythmic"),
    ("ysplasia", "ysplastic"),
];

/// Words that regular endings relate to a folded word.
pub(crate) fn relatives(word: &str) -> Vec<String> {
    if word.len() < 6 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return Vec::new();
    }
    let mut out = Vec::new();
    let mut change = |from: &str, to: &str| {
        if let Some(stem) = word.strip_suffix(from).filter(|stem| stem.len() >= 3) {
            out.push(format!("{stem}{to}"));
        }
    };
    for (noun, adjective) in ENDINGS {
        change(noun, adjective);
        if !adjective.is_empty() && adjective.len() > 1 {
            change(adjective, noun);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_and_adjectives() {
        for (noun, adjective) in [
            ("hypoplasia", "hypoplastic"),
            ("stenosis", "stenotic"),
            ("calcification", "calcified"),
            ("deafness", "deaf"),
            ("obesity", "obese"),
            ("thickening", "thickened"),
            ("deficiency", "deficient"),
        ] {
            let found = relatives(noun);
            assert!(found.iter().any(|w| w == adjective), "{noun} {found:?}");
        }
        assert!(relatives("fever").is_empty());
    }

    #[test]
    fn no_word_stands_in_two_families() {
        let mut seen = std::collections::HashMap::new();
        for (number, family) in families().enumerate() {
            for word in family {
                assert_eq!(word, word.to_lowercase());
                if let Some(other) = seen.insert(word, number) {
                    assert_eq!(other, number, "{word} stands in two families");
                }
            }
        }
    }
}
