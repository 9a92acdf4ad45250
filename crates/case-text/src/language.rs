//! Which language a stretch of text is in, by its function words.
//!
//! Enough to tell a second title or a translated abstract from the report itself; not a language identifier.

use crate::token::lower;

/// Languages, by their bit in [`WORDS`].
const LANGUAGES: [&str; 6] = ["en", "es", "fr", "de", "pt", "it"];

const EN: u8 = 1;
const ES: u8 = 2;
const FR: u8 = 4;
const DE: u8 = 8;
const PT: u8 = 16;
const IT: u8 = 32;

/// Function words that few of the languages have in common use.
const WORDS: &[(&str, u8)] = &[
    ("after", EN),
    ("alla", IT),
    ("an", EN),
    ("and", EN),
    ("ao", PT),
    ("au", FR),
    ("avec", FR),
    ("bei", DE),
    ("by", EN),
    ("cas", FR),
    ("caso", ES | IT),
    ("che", IT),
    ("chez", FR),
    ("clínico", ES),
    ("com", PT),
    ("con", ES | IT),
    ("d", FR),
    ("da", PT),
    ("dans", FR),
    ("das", DE | PT),
    ("de", ES),
    ("del", ES | IT),
    ("della", IT),
    ("delle", IT),
    ("der", DE),
    ("des", FR),
    ("di", IT),
    ("die", DE),
    ("dopo", IT),
    ("dos", PT),
    ("du", FR),
    ("ein", DE),
    ("eine", DE),
    ("einer", DE),
    ("eines", DE),
    ("el", ES),
    ("em", PT),
    ("en", ES),
    ("est", FR),
    ("et", FR),
    ("for", EN),
    ("from", EN),
    ("gli", IT),
    ("has", EN),
    ("il", IT),
    ("im", DE),
    ("is", EN),
    ("ist", DE),
    ("las", ES),
    ("le", FR),
    ("les", FR),
    ("los", ES),
    ("mit", DE),
    ("na", PT),
    ("nach", DE),
    ("nel", IT),
    ("niños", ES),
    ("no", PT),
    ("não", PT),
    ("o", PT),
    ("of", EN),
    ("os", PT),
    ("par", FR),
    ("partir", ES),
    ("pela", PT),
    ("per", IT),
    ("por", ES),
    ("que", ES),
    ("são", PT),
    ("the", EN),
    ("to", EN),
    ("um", PT),
    ("uma", PT),
    ("una", ES | IT),
    ("und", DE),
    ("une", FR),
    ("von", DE),
    ("was", EN),
    ("were", EN),
    ("which", EN),
    ("with", EN),
    ("y", ES),
    ("zur", DE),
    ("à", FR),
    ("è", IT),
];

/// ISO 639-1 code of the most likely language of `text`; empty when there are too few function words to say.
pub fn of(text: &str) -> &'static str {
    let mut counts = [0usize; LANGUAGES.len()];
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty() && w.len() <= 8);
    for word in words.take(400) {
        let word = if word.is_ascii() { lower(word) } else { word.to_lowercase().into() };
        let Ok(found) = WORDS.binary_search_by_key(&word.as_ref(), |(w, _)| w) else { continue };
        for (bit, count) in counts.iter_mut().enumerate() {
            *count += usize::from(WORDS[found].1 >> bit & 1);
        }
    }
    let best = counts.iter().enumerate().max_by_key(|(i, n)| (**n, usize::MAX - i));
    match best {
        Some((i, n)) if *n >= 2 && counts.iter().enumerate().all(|(j, m)| j == i || m < n) => LANGUAGES[i],
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn words_are_sorted() {
        assert!(super::WORDS.is_sorted());
    }

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
