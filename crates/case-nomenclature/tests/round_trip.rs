//! What is printed reads back as the same tree, and no text makes the parsers or finders fail.

use case_nomenclature::find::{karyotypes, variants};
use case_nomenclature::hgvs::{
    Allele, AminoAcid, Bound, Change, Count, Description, Edit, Extension, Inserted, Joint, Location, Offset, Origin,
    Position, Reference, Removed, Residue, ResidueEdit, Sequence, Stop, Variant,
};
use case_nomenclature::iscn::{
    Abnormality, Arm, Band, CellClone, Cells, Chromosome, Karyotype, Line, Mixture, Number, Sign, Structural, What,
};
use proptest::option::of;
use proptest::prelude::*;

fn position(sequence: Sequence) -> BoxedStrategy<Position> {
    let introns = matches!(sequence, Sequence::Coding | Sequence::NonCoding | Sequence::Rna);
    let codons = matches!(sequence, Sequence::Coding | Sequence::Rna);
    let origin = prop_oneof![Just(Origin::Start), Just(Origin::BeforeStart), Just(Origin::Stop)]
        .prop_map(move |o| if codons { o } else { Origin::Start });
    let offset = prop_oneof![
        3 => Just(Offset::Exon),
        1 => of(1..500u64).prop_map(Offset::Behind),
        1 => of(1..500u64).prop_map(Offset::Before)
    ]
    .prop_map(move |o| if introns { o } else { Offset::Exon });
    prop_oneof![
        1 => Just(Position::Unknown),
        8 => (origin, 1..9_000_000u64, offset).prop_map(|(origin, base, offset)| Position::At { origin, base, offset })
    ]
    .boxed()
}

fn bound(sequence: Sequence) -> BoxedStrategy<Bound> {
    prop_oneof![
        4 => position(sequence).prop_map(Bound::At),
        1 => (position(sequence), position(sequence)).prop_map(|(a, b)| Bound::Between(a, b))
    ]
    .boxed()
}

fn location(sequence: Sequence) -> BoxedStrategy<Location> {
    (bound(sequence), of(bound(sequence))).prop_map(|(start, end)| Location { start, end }).boxed()
}

fn bases(sequence: Sequence) -> &'static str {
    if sequence == Sequence::Rna { "[acgun]{1,6}" } else { "[ACGTN]{1,6}" }
}

fn count() -> impl Strategy<Value = Count> {
    prop_oneof![
        (1..99u64).prop_map(Count::Exactly),
        (1..50u64, 50..99u64).prop_map(|(a, b)| Count::Between(a, b)),
        Just(Count::Unknown)
    ]
}

fn foreign() -> impl Strategy<Value = (String, Sequence, Location)> {
    ("N[CM]_[0-9]{6}\\.[1-9]", location(Sequence::Genomic)).prop_map(|(a, l)| (a, Sequence::Genomic, l))
}

fn inserted(sequence: Sequence) -> BoxedStrategy<Inserted> {
    let range = (1..900u64, 901..999u64, any::<bool>()).prop_map(|(a, b, inverted)| {
        let at = |base| Bound::At(Position::At { origin: Origin::Start, base, offset: Offset::Exon });
        Inserted::Copied(Location { start: at(a), end: Some(at(b)) }, inverted)
    });
    prop_oneof![
        (bases(sequence), of(count())).prop_map(|(b, c)| Inserted::Bases(b, c)),
        range,
        (foreign(), any::<bool>()).prop_map(|((a, s, l), inverted)| Inserted::Foreign(a, s, l, inverted))
    ]
    .boxed()
}

fn edit(sequence: Sequence) -> BoxedStrategy<Edit> {
    let removed = move || {
        prop_oneof![
            Just(Removed::Unstated),
            bases(sequence).prop_map(Removed::Bases),
            (1..999u64).prop_map(Removed::Length)
        ]
    };
    prop_oneof![
        (bases(sequence), bases(sequence)).prop_map(|(a, b)| Edit::Substitution(a, b)),
        removed().prop_map(Edit::Deletion),
        inserted(sequence).prop_map(Edit::Insertion),
        (removed(), inserted(sequence)).prop_map(|(r, i)| Edit::DeletionInsertion(r, i)),
        prop_oneof![Just(String::new()), bases(sequence)].prop_map(Edit::Duplication),
        Just(Edit::Inversion),
        foreign().prop_map(|(a, s, l)| Edit::Conversion(a, s, l)),
        prop_oneof![Just(String::new()), bases(sequence)].prop_map(Edit::Unchanged),
        prop::collection::vec((bases(sequence), count()), 1..3).prop_map(Edit::Repeat),
        (1..9u64).prop_map(Edit::Copies),
    ]
    .boxed()
}

fn residue() -> impl Strategy<Value = Residue> {
    // Every residue of a reference is known: no Asx, Glx, Xaa.
    let acids: Vec<AminoAcid> = AminoAcid::all().filter(|a| !matches!(a.one(), 'B' | 'Z' | 'X')).collect();
    (prop::sample::select(acids), 1..40_000u64).prop_map(|(acid, number)| Residue { acid, number })
}

fn stop() -> impl Strategy<Value = Stop> {
    prop_oneof![Just(Stop::Unstated), Just(Stop::Somewhere), (1..99u64).prop_map(Stop::At), Just(Stop::Unknown)]
}

fn protein() -> BoxedStrategy<Change> {
    let coded: Vec<AminoAcid> = AminoAcid::all().filter(|a| *a != AminoAcid::TER).collect();
    let any_acid = prop::sample::select(AminoAcid::all().collect::<Vec<_>>());
    let chain =
        (prop::collection::vec(prop::sample::select(coded), 1..5), any::<bool>()).prop_map(|(mut list, ends)| {
            if ends {
                list.push(AminoAcid::TER);
            }
            list
        });
    let of_point = prop_oneof![
        any_acid.clone().prop_map(ResidueEdit::Substitution),
        (of(any_acid.clone()), stop()).prop_map(|(a, s)| ResidueEdit::Frameshift(a, s)),
        (of(any_acid.clone()), stop()).prop_map(|(a, s)| ResidueEdit::Extension(a, Extension::End(s))),
        (of(any_acid.clone()), of(any_acid), 1..99u64)
            .prop_map(|(a, first, n)| ResidueEdit::Extension(a, Extension::Start(first, n))),
        Just(ResidueEdit::Unchanged),
        Just(ResidueEdit::Unknown),
    ];
    let of_both = prop_oneof![
        Just(ResidueEdit::Deletion),
        Just(ResidueEdit::Duplication),
        chain.clone().prop_map(ResidueEdit::DeletionInsertion),
        count().prop_map(ResidueEdit::Repeat),
    ];
    let of_range = (chain, of(count())).prop_map(|(list, count)| ResidueEdit::Insertion(list, count));
    let change = |(start, end, edit, uncertain)| Change::Protein { start, end, edit, uncertain };
    prop_oneof![
        (residue(), Just(None), of_point, any::<bool>()).prop_map(change),
        (residue(), of(residue()), of_both, any::<bool>()).prop_map(change),
        (residue(), residue().prop_map(Some), of_range, any::<bool>()).prop_map(change),
    ]
    .boxed()
}

fn plain(sequence: Sequence) -> BoxedStrategy<Change> {
    let at_place = match sequence {
        Sequence::Protein => protein(),
        _ => (location(sequence), edit(sequence))
            .prop_map(|(location, edit)| Change::Nucleotide {
                location: Box::new(location),
                edit: Box::new(edit),
                uncertain: false,
            })
            .boxed(),
    };
    let special =
        prop_oneof![Just(Change::Unchanged), Just(Change::Nothing), Just(Change::MaybeNothing), Just(Change::Unknown),];
    prop_oneof![8 => at_place, 1 => special].boxed()
}

fn change(sequence: Sequence) -> BoxedStrategy<Change> {
    let predicts = matches!(sequence, Sequence::Protein | Sequence::Rna);
    (plain(sequence), any::<bool>())
        .prop_map(move |(inner, predicted)| match inner {
            // "p.(?)" is no form of its own.
            inner if predicts && predicted && inner != Change::Unknown => Change::Predicted(Box::new(inner)),
            inner => inner,
        })
        .boxed()
}

fn variant() -> impl Strategy<Value = Variant> {
    let sequence = prop::sample::select(vec![
        Sequence::Coding,
        Sequence::Genomic,
        Sequence::Mitochondrial,
        Sequence::NonCoding,
        Sequence::Circular,
        Sequence::Rna,
        Sequence::Protein,
    ]);
    let reference = ("N[MCP]_[0-9]{6,9}\\.[1-9]", of("[A-Z][A-Z0-9]{1,5}"))
        .prop_map(|(accession, gene)| Reference { accession, gene });
    (of(reference), sequence).prop_flat_map(|(reference, sequence)| {
        let joint = prop::sample::select(vec![Joint::Cis, Joint::Mosaic, Joint::Chimeric]);
        let allele = (change(sequence), prop::collection::vec((joint, change(sequence)), 0..3))
            .prop_map(|(first, more)| Allele { first, more });
        let description = prop_oneof![
            4 => change(sequence).prop_map(Description::One),
            1 => prop::collection::vec(allele, 1..3).prop_map(Description::Alleles)
        ];
        description.prop_map(move |description| Variant { reference: reference.clone(), sequence, description })
    })
}

fn chromosome() -> impl Strategy<Value = Chromosome> {
    prop_oneof![10 => (1..=22u8).prop_map(Chromosome::Autosome), 1 => Just(Chromosome::X), 1 => Just(Chromosome::Y)]
}

fn band() -> impl Strategy<Value = Band> {
    let place = prop_oneof![
        4 => "[1-4][1-6](\\.[1-3])?",
        1 => "[1-2][1-3]~[2-4][4-6]",
        1 => Just("ter".to_owned()),
        1 => Just("?".to_owned())
    ];
    (prop::sample::select(vec![Arm::P, Arm::Q]), place).prop_map(|(arm, place)| Band { arm: Some(arm), place })
}

fn structural() -> impl Strategy<Value = Structural> {
    let kinds = vec![
        ("add", 1, 1),
        ("del", 1, 1),
        ("del", 1, 2),
        ("inv", 1, 2),
        ("dup", 1, 2),
        ("i", 1, 1),
        ("ins", 1, 3),
        ("t", 2, 1),
        ("t", 3, 1),
        ("dic", 2, 1),
        ("der", 2, 1),
        ("r", 1, 2),
        ("idic", 1, 1),
        ("hsr", 1, 1),
    ];
    prop::sample::select(kinds).prop_flat_map(|(name, chromosomes, breakpoints)| {
        let bands = prop::collection::vec(prop::collection::vec(band(), breakpoints), chromosomes);
        (prop::collection::vec(chromosome(), chromosomes), bands).prop_map(move |(chromosomes, breakpoints)| {
            Structural { name, chromosomes, breakpoints, segments: None, parts: Vec::new() }
        })
    })
}

fn abnormality() -> impl Strategy<Value = Abnormality> {
    let sign = || prop::sample::select(vec![Sign::Gain, Sign::Loss]);
    let with = |sign: Option<Sign>, what, origin: Option<&str>, copies: Option<u32>| Abnormality {
        sign,
        questionable: false,
        what,
        origin: origin.map(str::to_owned),
        copies: copies.map(|least| Number { least, most: None }),
        cells: None,
    };
    let derivative = (chromosome(), structural()).prop_map(|(chromosome, part)| Structural {
        name: "der",
        chromosomes: vec![chromosome],
        breakpoints: Vec::new(),
        segments: None,
        parts: vec![part],
    });
    let origin = || prop::sample::select(vec![None, Some("c"), Some("mat"), Some("dn")]);
    prop_oneof![
        (sign(), chromosome(), origin()).prop_map(move |(s, c, o)| with(Some(s), What::Whole(c), o, None)),
        (of(sign()), structural(), of(2..4u32)).prop_map(move |(s, w, x)| with(s, What::Structural(w), None, x)),
        derivative.prop_map(move |d| with(Some(Sign::Gain), What::Structural(d), None, None)),
        (of(2..9u32), of(1..4u32)).prop_map(move |(count, number)| {
            let count = count.map(|least| Number { least, most: None });
            with(Some(Sign::Gain), What::Extra { count, name: "mar".into(), number }, None, None)
        }),
    ]
}

fn karyotype() -> impl Strategy<Value = Karyotype> {
    let cells = || of((any::<bool>(), 1..99u32).prop_map(|(composite, count)| Cells { composite, count }));
    let sex = prop::sample::select(vec!["XX", "XY", "X", "XXY", "XYY"]);
    let clone = (30..80u32, of(80..90u32), of(1..5u32), sex, prop::collection::vec(abnormality(), 0..5), cells())
        .prop_map(|(least, most, ploidy, sex, abnormalities, cells)| CellClone {
            donor: false,
            chromosomes: Number { least, most },
            ploidy,
            line: Line::Sex(sex.to_owned()),
            abnormalities,
            cells,
        });
    let mixture = prop::sample::select(vec![Mixture::Unstated, Mixture::Mosaic, Mixture::Chimera]);
    (mixture, prop::collection::vec(clone, 1..4)).prop_map(|(mixture, clones)| Karyotype { mixture, clones, ish: None })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn printed_variants_read_back(variant in variant()) {
        let text = variant.to_string();
        prop_assert_eq!(Variant::parse(&text), Ok(variant), "{}", text);
    }

    #[test]
    fn printed_karyotypes_read_back(karyotype in karyotype()) {
        let text = karyotype.to_string();
        prop_assert_eq!(Karyotype::parse(&text), Ok(karyotype), "{}", text);
    }

    #[test]
    fn a_cut_variant_is_refused_within_the_text(variant in variant(), cut in 0..40usize) {
        let text = variant.to_string();
        if let Some(head) = text.get(..cut.min(text.len()))
            && let Err(refused) = Variant::parse(head)
        {
            prop_assert!(refused.at <= head.len());
        }
    }

    #[test]
    fn any_text_is_read_without_harm(text in "[-+*_/.,;:()\\[\\]<>=?~ 0-9a-zA-ZéΔ→]{0,60}") {
        for error in [Variant::parse(&text).err(), Karyotype::parse(&text).err()].into_iter().flatten() {
            prop_assert!(text.is_char_boundary(error.at));
        }
        let mut end = 0;
        for found in variants(&text) {
            prop_assert!(found.start >= end && found.end <= text.len() && text.get(found.start..found.end).is_some());
            end = found.end;
        }
        for found in karyotypes(&text) {
            prop_assert!(text.get(found.start..found.end).is_some());
        }
    }

    #[test]
    fn printed_substitutions_are_found(start in residue(), new in residue()) {
        prop_assume!(start.number > 9 && start.acid.one() != 'U' && new.acid.one() != 'U');
        let edit = ResidueEdit::Substitution(new.acid);
        let change = Change::Protein { start, end: None, edit, uncertain: false };
        let variant = Variant { reference: None, sequence: Sequence::Protein, description: Description::One(change) };
        let text = format!("The variant {variant} was found.");
        let found = variants(&text);
        prop_assert_eq!(found.len(), 1, "{}", text);
        prop_assert_eq!(&found[0].hgvs, &variant.to_string());
        prop_assert_eq!(found[0].point, Some((start.acid.one(), start.number, new.acid.one())));
    }
}
