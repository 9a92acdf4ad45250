//! Which language a stretch of text is in, by its function words.
//!
//! Enough to tell a second title or a translated abstract from the report itself; not a language identifier.

/// Function words that only one of the languages has in common use.
const WORDS: &[(&str, &[&str])] = &[
    (
        "en",
        &["the", "of", "and", "with", "was", "were", "from", "by", "for", "is", "to", "which", "after", "an", "has"],
    ),
    (
        "es",
        &["el", "los", "las", "de", "del", "con", "por", "y", "una", "partir", "caso", "niños", "en", "que", "clínico"],
    ),
    ("fr", &["le", "les", "des", "du", "avec", "et", "une", "chez", "dans", "par", "est", "à", "au", "cas", "d"]),
    (
        "de",
        &["der", "die", "das", "und", "mit", "von", "bei", "eine", "einer", "eines", "ein", "im", "zur", "nach", "ist"],
    ),
    ("pt", &["o", "os", "da", "das", "dos", "com", "uma", "um", "em", "não", "ao", "na", "no", "pela", "são"]),
    (
        "it",
        &["il", "gli", "della", "delle", "del", "con", "una", "nel", "di", "che", "per", "dopo", "è", "caso", "alla"],
    ),
];

/// ISO 639-1 code of the most likely language of `text`; empty when there are too few function words to say.
pub fn of(text: &str) -> &'static str {
    let mut counts = [0usize; WORDS.len()];
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty() && w.len() <= 8);
    for word in words.take(400) {
        let word = word.to_lowercase();
        for (count, (_, list)) in counts.iter_mut().zip(WORDS) {
            *count += usize::from(list.contains(&word.as_str()));
        }
    }
    let best = counts.iter().enumerate().max_by_key(|(i, n)| (**n, usize::MAX - i));
    match best {
        Some((i, n)) if *n >= 2 && counts.iter().enumerate().all(|(j, m)| j == i || m < n) => WORDS[i].0,
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn titles_in_two_languages() {
        assert_eq!(
            super::of("Impact of molecular biology in children with a tumour. A reflexion from a case report"),
            "en"
        );
        assert_eq!(
            super::of("Impacto de la biología molecular en niños con tumor. Reflexiones a partir de un caso clínico"),
            "es"
        );
        assert_eq!(super::of("IMT 12"), "");
    }
}
