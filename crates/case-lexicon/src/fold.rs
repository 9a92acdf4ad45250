//! Folding of words: the same for the vocabulary and for the text.

use unicode_normalization::char::decompose_canonical;

/// Folds a word: small letters, no accents, Greek letters by name. `Ångström` is `angstrom`, `β` is `beta`.
pub fn fold_word(word: &str, out: &mut String) {
    out.clear();
    for c in word.chars() {
        if c.is_ascii() {
            out.push(c.to_ascii_lowercase());
        } else if let Some(name) = greek(c) {
            out.push_str(name);
        } else {
            for lower in c.to_lowercase() {
                decompose_canonical(lower, |part| {
                    if !matches!(part, '\u{300}'..='\u{36f}') {
                        out.push(part);
                    }
                });
            }
        }
    }
}

fn greek(c: char) -> Option<&'static str> {
    Some(match c {
        'α' | 'Α' => "alpha",
        'β' | 'Β' | 'ß' => "beta",
        'γ' | 'Γ' => "gamma",
        'δ' | 'Δ' => "delta",
        'ε' => "epsilon",
        'ζ' => "zeta",
        'η' => "eta",
        'θ' => "theta",
        'κ' => "kappa",
        'λ' | 'Λ' => "lambda",
        'µ' | 'μ' => "mu",
        'π' => "pi",
        'σ' | 'Σ' => "sigma",
        'τ' => "tau",
        'φ' => "phi",
        'χ' => "chi",
        'ψ' => "psi",
        'ω' | 'Ω' => "omega",
        _ => return None,
    })
}

const LOWER: u64 = 0x2020_2020_2020_2020;

/// Hash of a folded word. For ASCII letters and digits it may be given the word unfolded: setting bit 5 folds letters
/// and leaves digits, point and comma as they are.
pub(crate) fn hash(word: &[u8]) -> u32 {
    let mut state = word.len() as u64;
    for chunk in word.chunks(8) {
        let mut padded = [0x20; 8];
        padded[..chunk.len()].copy_from_slice(chunk);
        let bits = u64::from_le_bytes(padded) | LOWER;
        state = (state.rotate_left(23) ^ bits).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    ((state ^ (state >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 32) as u32
}

/// True if an unfolded ASCII word is `key` when folded.
pub(crate) fn same(word: &[u8], key: &[u8]) -> bool {
    word.len() == key.len() && word.iter().zip(key).all(|(a, b)| a | 0x20 == *b | 0x20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_fold_alike() {
        let mut out = String::new();
        for (word, folded) in [("Ångström", "angstrom"), ("TCRαβ", "tcralphabeta"), ("MUC4", "muc4"), ("İ", "i")] {
            fold_word(word, &mut out);
            assert_eq!(out, folded);
        }
        assert_eq!(hash(b"MUC5AC-gene"), hash(b"muc5ac-gene"));
        assert_ne!(hash(b"tumour"), hash(b"tumor"));
    }
}
