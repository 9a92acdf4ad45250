//! Two maps made one: a reader of markup first lays the text bare, then repairs it.

use case_model::{Repair, RepairKind, Span};

/// Chains two maps: `first` leads from a text laid bare back to the input, `second` from its repair back to it. The
/// result leads from the repaired text of `text_len` bytes to the input.
///
/// `second` must stand in the order of the text laid bare, as [`write_plain`](super::write_plain) writes it. A repair
/// of characters that stand in the input as they are keeps its kind and original; one that reaches over markup or
/// entities becomes [`RepairKind::Markup`].
pub fn chain(first: &[Repair], second: Vec<Repair>, text_len: u32) -> Vec<Repair> {
    let mut chain = Chain { first, next: 0, bare: 0, text: 0, out: Vec::with_capacity(first.len() + second.len()) };
    for repair in second {
        chain.equal(repair.span.start - chain.text);
        chain.replaced(repair);
    }
    chain.equal(text_len - chain.text);
    chain.out
}

struct Chain<'a> {
    first: &'a [Repair],
    /// First entry of `first` that is not yet written in full.
    next: usize,
    /// Place in the text laid bare.
    bare: u32,
    /// Place in the repaired text.
    text: u32,
    out: Vec<Repair>,
}

impl Chain<'_> {
    /// Writes the entries of `first` within the next `length` bytes, which the second map leaves as they are.
    fn equal(&mut self, length: u32) {
        let (from, end) = (self.bare, self.bare + length);
        while let Some(entry) =
            self.first.get(self.next).filter(|e| e.span.start < end || e.span == Span::new(end, end))
        {
            let (start, stop) = (entry.span.start.max(from), entry.span.end.min(end));
            let whole = entry.span == Span::new(start, stop);
            self.out.push(Repair {
                span: Span::new(self.text + (start - from), self.text + (stop - from)),
                // The first part of an entry that is cut stands for all it replaced.
                origin: if entry.span.start == start { entry.origin } else { end_of(entry.origin) },
                kind: entry.kind.clone(),
                original: entry.original.clone().filter(|original| whole || original.is_empty()),
            });
            if entry.span.end > end {
                break;
            }
            self.next += 1;
        }
        self.bare = end;
        self.text += length;
    }

    /// Writes a repair of the second map with the stretch of the input that it stands for.
    fn replaced(&mut self, repair: Repair) {
        let (from, end) = (repair.origin.start, repair.origin.end);
        let start = self.input_at(from);
        let before = self.next;
        while self.first.get(self.next).is_some_and(|e| e.span.end <= end && e.span.start < end) {
            self.next += 1;
        }
        let cut = self.first.get(self.next).is_some_and(|e| e.span.start < end);
        let stop = self.input_at(end);
        let origin = Span::new(start, stop.max(start));
        let (kind, original) = match () {
            () if self.next == before && !cut => (repair.kind, repair.original),
            () if origin.is_empty() => (RepairKind::Inserted, Some(String::new())),
            () => (RepairKind::Markup, None),
        };
        self.out.push(Repair { span: repair.span, origin, kind, original });
        if stop < start {
            // Reading goes on at an earlier place.
            let at = Span::new(repair.span.end, repair.span.end);
            let place = Span::new(stop, stop);
            self.out.push(Repair { span: at, origin: place, kind: RepairKind::Jump, original: Some(String::new()) });
        }
        self.bare = end;
        self.text = repair.span.end;
    }

    /// Where in the input the byte `at` of the text laid bare stands; inside a replacement, where that ends.
    fn input_at(&self, at: u32) -> u32 {
        match self.first.get(self.next).filter(|e| e.span.start < at) {
            Some(entry) => entry.origin.end,
            None => match self.next.checked_sub(1).map(|i| &self.first[i]) {
                Some(entry) => entry.origin.end + (at - entry.span.end),
                None => at,
            },
        }
    }
}

fn end_of(span: Span) -> Span {
    Span::new(span.end, span.end)
}

/// Translates places of a text into places of its repair. The repairs must stand in the order of both texts.
#[derive(Clone, Copy, Debug)]
pub struct Forward<'a> {
    repairs: &'a [Repair],
}

impl<'a> Forward<'a> {
    /// The translation that `repairs` make.
    pub fn new(repairs: &'a [Repair]) -> Self {
        Self { repairs }
    }

    /// Where byte `at` of the text stands in the repair; inside a replaced stretch, where its replacement ends.
    pub fn place(&self, at: u32) -> u32 {
        let next = self.repairs.partition_point(|r| r.origin.end <= at);
        match self.repairs.get(next).filter(|r| r.origin.start < at) {
            Some(inside) => inside.span.end,
            None => match next.checked_sub(1).map(|i| &self.repairs[i]) {
                Some(before) => before.span.end + (at - before.origin.end),
                None => at,
            },
        }
    }

    /// The words that became of the words at `span`, without space at either end.
    pub fn span(&self, span: Span, repaired: &str) -> Span {
        let (start, end) = (self.place(span.start), self.place(span.end));
        let words = Span::new(start, end).of(repaired).unwrap_or_default();
        let start = start + (words.len() - words.trim_start_matches(' ').len()) as u32;
        Span::new(start, start + words.trim_matches(' ').len() as u32)
    }
}

#[cfg(test)]
mod tests {
    use case_model::Origin;
    use proptest::prelude::*;

    use super::*;
    use crate::repair::{Builder, write_plain};

    /// Lays `<...>` and `&x;` (an é) bare, repairs what is left, and chains both maps.
    fn read(input: &str) -> (String, Vec<Repair>) {
        let mut bare = Builder::new(input, 0);
        let mut at = 0;
        while let Some(start) = input[at..].find(['<', '&']).map(|i| i + at) {
            bare.keep(at, start);
            let end = input[start..].find(['>', ';']).map_or(input.len(), |i| start + i + 1);
            let with = if input[start..].starts_with('&') { "é" } else { "" };
            bare.replace_markup(start, end, with, RepairKind::Markup);
            at = end;
        }
        bare.keep(at, input.len());
        let bare = bare.finish();
        let mut out = Builder::new(&bare.text, 0);
        write_plain(&mut out, 0, bare.text.len());
        let out = out.finish();
        let repairs = chain(&bare.repairs, out.repairs, out.text.len() as u32);
        (out.text, repairs)
    }

    #[test]
    fn a_repair_over_markup_is_markup() {
        let (text, repairs) = read("a  <b> fi&x;");
        assert_eq!(text, "a fié");
        let kinds: Vec<(Span, RepairKind)> = repairs.into_iter().map(|r| (r.origin, r.kind)).collect();
        assert_eq!(kinds, [(Span::new(1, 7), RepairKind::Markup), (Span::new(9, 12), RepairKind::Markup)]);
    }

    #[test]
    fn a_repair_of_plain_characters_keeps_its_original() {
        let (text, repairs) = read("<i>nin\u{303}o</i>  ");
        assert_eq!(text, "niño ");
        let originals: Vec<Option<&str>> = repairs.iter().map(|r| r.original.as_deref()).collect();
        assert_eq!(originals, [None, Some("n\u{303}"), None, Some("  ")]);
    }

    #[test]
    fn places_are_followed_forward() {
        let mut out = Builder::new("a  b--c ", 0);
        write_plain(&mut out, 0, 8);
        let out = out.finish();
        let forward = Forward::new(&out.repairs);
        assert_eq!(out.text, "a b–c ");
        assert_eq!([0, 1, 2, 3, 4, 6, 8].map(|at| forward.place(at)), [0, 1, 2, 2, 3, 6, 8]);
        assert_eq!(forward.span(Span::new(1, 4), &out.text), Span::new(2, 3));
    }

    proptest! {
        #[test]
        fn chained_maps_lead_to_equal_words(parts in prop::collection::vec(prop_oneof![
            "[a-z]{0,3}", Just(" ".to_owned()), Just("<b>".to_owned()), Just("&x;".to_owned()), Just("n\u{303}".to_owned()),
            Just("\u{301}".to_owned()), Just("--".to_owned()), Just("ﬁ".to_owned()), Just("\u{ad}".to_owned()),
            Just("t(2; 3) (p1)".to_owned()),
        ], 0..30)) {
            let input = parts.concat();
            let (text, repairs) = read(&input);
            let (mut at, mut origin) = (0, 0);
            for repair in &repairs {
                let equal = Span::new(origin, origin + (repair.span.start - at));
                prop_assert_eq!(Span::new(at, repair.span.start).of(&text), equal.of(&input));
                if let Some(original) = &repair.original {
                    prop_assert_eq!(repair.origin.of(&input), Some(original.as_str()));
                }
                (at, origin) = (repair.span.end, repair.origin.end);
            }
            prop_assert_eq!(&text[at as usize..], &input[origin as usize..]);
            for (i, c) in text.char_indices() {
                let span = Span::new(i as u32, (i + c.len_utf8()) as u32);
                for range in Origin::new(&repairs, text.len() as u32).ranges(span) {
                    prop_assert!(range.of(&input).is_some());
                }
            }
        }
    }
}
