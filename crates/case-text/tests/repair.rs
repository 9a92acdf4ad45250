//! Repair is reversible and does what the design's table of phenomena asks, each on a text of its own.

use case_model::{RepairKind, SectionKind, Source, Span};
use case_text::{read_text, repair};
use proptest::prelude::*;

/// Repairs and checks the promises that hold for any text.
fn repaired(input: &str) -> repair::Repaired {
    let out = repair::repair(input);
    assert_eq!(repair::restore(&out.text, &out.repairs).as_deref(), Some(input), "the log gives back the input");
    let origin = case_model::Origin::new(&out.repairs, out.text.len() as u32);
    let boundaries: Vec<u32> = out.text.char_indices().map(|(i, _)| i as u32).chain([out.text.len() as u32]).collect();
    for pair in boundaries.windows(2) {
        for range in origin.ranges(Span::new(pair[0], pair[1])) {
            assert!(range.of(input).is_some(), "every character maps to valid bytes of the input");
        }
    }
    let mut end = 0;
    for block in &out.blocks {
        assert!(block.span.start >= end && block.span.of(&out.text).is_some_and(|w| w.trim() == w && !w.is_empty()));
        end = block.span.end;
    }
    out
}

fn text(input: &str) -> String {
    repaired(input).text
}

/// Words long enough to look like a column of print.
fn column(lines: &[&str]) -> String {
    let filler = "the patient was seen again in our department and the\nscan that was taken on the same day showed that she\nhad improved under the treatment that she was given\n";
    format!(
        "{filler}{}\nas expected and the same was seen in the next scan of\nthe patient who was well.",
        lines.join("\n")
    )
}

#[test]
fn runs_of_spaces_become_one() {
    assert_eq!(text("rare  soft \t tissue"), "rare soft tissue");
}

#[test]
fn words_divided_at_the_end_of_a_line_are_joined() {
    assert!(
        text(&column(&["with immunostaining that was clearly posi-", "tive in all cells"]))
            .contains("clearly positive in all")
    );
    assert!(
        text(&column(&["with the features of a low-", "grade spindle cell tumour"])).contains("a low-grade spindle")
    );
    assert!(text(&column(&["followed by an examination by PET-", "CT of the whole body"])).contains("by PET-CT of"));
}

#[test]
fn a_soft_hyphen_and_other_invisible_characters_vanish() {
    assert_eq!(text("tu\u{ad}mour \u{200b}cell\u{feff}s"), "tumour cells");
}

#[test]
fn accents_torn_apart_are_composed() {
    assert_eq!(text("nin\u{303}os, cli\u{301}nico, o\u{302}\u{301}"), "niños, clínico, ố");
}

#[test]
fn ligatures_quotes_and_micro_signs_are_plain() {
    assert_eq!(text("ﬁne ﬂow, Hodgkin’s “cell” 5 μg"), "fine flow, Hodgkin's \"cell\" 5 µg");
}

#[test]
fn formulas_are_closed_up() {
    assert_eq!(
        text("with t(2;17)  (p23.2;q23.1) and inv (16) (p13; q22)"),
        "with t(2;17)(p23.2;q23.1) and inv(16)(p13;q22)"
    );
    assert_eq!(text("the mass (3 cm) (Figure 1)"), "the mass (3 cm) (Figure 1)");
}

#[test]
fn three_hyphens_are_a_dash() {
    assert_eq!(text("seems promising.1---5 However"), "seems promising.1–5 However");
}

#[test]
fn a_caption_that_interrupts_a_sentence_is_moved_behind_it() {
    let input = column(&[
        "and it had been previously described in the book as a",
        " Figure  1  (A)  CT:  mass  of  6  cm\n",
        "at diagnosis.  (B)  CT: nothing.\n",
        "common  side  effect of the drug that was",
    ]);
    let out = repaired(&input);
    assert!(out.text.contains("described in the book as a common side effect"), "{}", out.text);
    assert!(out.text.ends_with("Figure 1 (A) CT: mass of 6 cm at diagnosis. (B) CT: nothing."), "{}", out.text);
    assert!(out.repairs.iter().any(|r| r.kind == RepairKind::Moved));
}

#[test]
fn a_caption_glued_to_a_sentence_is_cut_off() {
    let document = read_text("She reported improvement in symptoms.Fig. 1 Rash on the left flank.", Source::default());
    assert_eq!(document.figures.len(), 1);
    assert_eq!(document.words(document.figures[0].span), "Fig. 1 Rash on the left flank.");
}

#[test]
fn a_sentence_goes_on_over_an_empty_line() {
    let input = column(&["and a magnetic resonance imaging (MRI) scan\n", "found a mass on the right"]);
    assert!(text(&input).contains("(MRI) scan found a mass"));
}

#[test]
fn page_headers_and_numbers_are_left_out() {
    let page = |n: u32| format!("J Case Rep 2020;{n}:1-7\n\n{}\n\n{n}\n\u{c}", column(&["and so it went"]));
    let input: String = (1..5).map(page).collect();
    let out = repaired(&input);
    assert!(!out.text.contains("J Case Rep"), "{}", out.text);
    assert_eq!(out.repairs.iter().filter(|r| r.kind == RepairKind::PageFurniture).count(), 8);
}

#[test]
fn line_numbers_of_a_manuscript_are_left_out() {
    let lines: Vec<String> = column(&["and so it went on", "until the end", "of all"])
        .lines()
        .enumerate()
        .map(|(i, l)| format!("{} {l}", i + 1))
        .collect();
    let out = text(&lines.join("\n"));
    assert!(out.contains("treatment that she was given and so it went on"), "{out}");
}

#[test]
fn columns_side_by_side_are_read_one_after_the_other() {
    let left = "the patient was seen again in\nour department and the scan\nthat was taken on the same\nday showed that she had\nimproved under treatment that\nshe was given for six months\nbefore the scan was repeated\nand found to be normal and\nshe was discharged home.";
    let right = "in the discussion we say that\nthese cases are rare and that\nfew reports describe them in\nany detail and so we report\nthis one here for the benefit\nof all who may meet another\nand for the readers who want\nto know more about this rare\nand interesting disease.";
    let page: Vec<String> = left.lines().zip(right.lines()).map(|(l, r)| format!("{l:<40}{r}")).collect();
    let out = text(&page.join("\n"));
    assert!(out.starts_with("the patient was seen again in our department"), "{out}");
    assert!(out.contains("discharged home. in the discussion we say"), "{out}");
}

#[test]
fn sections_follow_headings_and_titles_their_language() {
    let input = "Impact of molecular biology in children with a tumour. A reflexion from a case report\n\nImpacto de la biología molecular en niños con tumor. Reflexiones a partir de un caso clínico\n\nDear Editor:\n\nThis is a rare tumour of the soft tissue and it was seen in a girl.\n\nDiscussion\n\nIt is rare.";
    let document = read_text(input, Source::default());
    let languages: Vec<&str> = document.titles.iter().map(|t| t.language.as_str()).collect();
    assert_eq!(languages, ["en", "es"]);
    let kinds: Vec<&SectionKind> = document.sections.iter().map(|s| &s.kind).collect();
    assert_eq!(kinds, [&SectionKind::Title, &SectionKind::Title, &SectionKind::Body, &SectionKind::Discussion]);
}

#[test]
fn tables_keep_their_cells() {
    let document = read_text(
        "Case report\nShe was well.\n\nTable 1 Laboratory values\n\nParameter\tDay 8\tDay 12\t\nWBC, /µL\t4,400\t6,200\t\n",
        Source::default(),
    );
    assert_eq!(document.tables.len(), 1);
    let row: Vec<&str> = document.tables[0].rows[1].iter().map(|c| document.words(*c)).collect();
    assert_eq!(row, ["WBC, /µL", "4,400", "6,200"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text_is_given_back(parts in proptest::collection::vec(prop_oneof![
        "\\PC{0,12}",
        "[a-z]{1,9}( [a-z]{1,9}){3,9}",
        Just("\n".to_owned()), Just("\n\n".to_owned()), Just("  ".to_owned()), Just("-\n".to_owned()),
        Just("\r\n".to_owned()), Just("\u{c}".to_owned()), Just("\t".to_owned()), Just("\u{a0}".to_owned()),
        Just("n\u{303}".to_owned()), Just("\u{ad}".to_owned()), Just("ﬁ".to_owned()), Just("---".to_owned()),
        Just("\nFigure 1 (A) Scan.\n".to_owned()), Just(".Fig. 2 Rash\n".to_owned()), Just("\nTable 1 Values\n".to_owned()),
        Just(" (2;17) (p23;q23) ".to_owned()), Just("\n12 ".to_owned()), Just("\u{feff}".to_owned()),
        Just("                    ".to_owned()),
    ], 0..60)) {
        let input = parts.concat();
        repaired(&input);
        // The whole document, too, without a panic and with sentences in order.
        let document = read_text(&input, Source::default());
        let mut report = case_model::Report { document, ..Default::default() };
        report.model = case_model::MODEL_VERSION.into();
        prop_assert_eq!(case_model::check(&report), []);
    }

    #[test]
    fn repair_of_repaired_text_finds_little(words in proptest::collection::vec("[a-z]{2,9}", 1..40)) {
        let once = text(&words.join("  "));
        prop_assert_eq!(text(&once), once);
    }
}
