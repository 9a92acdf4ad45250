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
        while let Some(entry) = self.first.get(self.next).filter(|e| e.span.start < end || e.span == Span::new(end, end))
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
