//! Forms whose words may stand in any order: keys of sets of words, for the compiler and for the scanner.

use std::collections::HashMap;

/// Words of content in the longest form that is matched in any order.
pub(crate) const LONGEST: usize = 7;

/// Words without content: they may stand between the words of a form or be left out.
pub(crate) const FUNCTION_WORDS: &[&str] = &[
    "of",
    "the",
    "a",
    "an",
    "in",
    "on",
    "at",
    "to",
    "with",
    "by",
    "for",
    "from",
    "his",
    "her",
    "its",
    "their",
    "both",
    "involving",
    "affecting",
];

/// The key of words in sorted order. Keys of classes and of families differ.
pub(crate) fn key(sorted: &[u32], families: bool) -> u64 {
    let seed = if families { 0x51_7c_c1_b7 } else { 0x2f_0b_44_47 } ^ (sorted.len() as u64) << 40;
    sorted.iter().fold(seed, |state, word| {
        let mixed = (state.rotate_left(23) ^ u64::from(*word)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed ^ (mixed >> 32)
    })
}

/// The open-addressing table of keys; empty without keys.
pub(crate) fn table(bags: HashMap<u64, u32>) -> Vec<u32> {
    if bags.is_empty() {
        return Vec::new();
    }
    let mut sorted: Vec<(u64, u32)> = bags.into_iter().collect();
    sorted.sort_unstable();
    let slots = (sorted.len() * 3 / 2).next_power_of_two();
    let mut table = vec![0u32; slots * 3];
    for (key, node) in sorted {
        let mut slot = key as u32 as usize & (slots - 1);
        while table[slot * 3 + 2] != 0 {
            slot = (slot + 1) & (slots - 1);
        }
        table[slot * 3..slot * 3 + 3].copy_from_slice(&[key as u32, (key >> 32) as u32, node]);
    }
    table
}
