//! Single paragraphs: what becomes of one phenomenon each.

use super::read;

/// The text of a paragraph in an article with three references, a figure, a table and a note.
fn paragraph(xml: &str) -> String {
    let article = format!(
        "<article xml:lang='en'><front><article-meta/></front><body><p>{xml}</p></body><back><ref-list>\
         <ref id='r1'><label>1</label></ref><ref id='r2'><label>2</label></ref><ref id='r3'><label>3</label></ref>\
         <ref id='r4'><label>4</label></ref></ref-list><fn-group><fn id='n1'/></fn-group></back></article>"
    );
    let document = read(article.as_bytes()).unwrap_or_else(|e| panic!("{xml}: {e}"));
    document.text.split("\n\n").next().unwrap_or_default().to_owned()
}

/// The citations of such a paragraph: their words and numbers.
fn citations(xml: &str) -> Vec<(String, Vec<u32>)> {
    let article = format!(
        "<article xml:lang='en'><front><article-meta/></front><body><p>{xml}</p></body><back><ref-list>\
         <ref id='r1'><label>1</label></ref><ref id='r2'><label>2</label></ref><ref id='r3'><label>3</label></ref>\
         <ref id='r4'><label>4</label></ref></ref-list></back></article>"
    );
    let document = read(article.as_bytes()).unwrap_or_else(|e| panic!("{xml}: {e}"));
    document.citations.iter().map(|c| (document.words(c.span).to_owned(), c.numbers.clone())).collect()
}

#[test]
fn raised_and_lowered_characters() {
    for (xml, text) in [
        ("16.3 × 10<sup>9</sup>/L", "16.3 × 10^9/L"),
        ("10<sup>&#x2212;3</sup>", "10^−3"),
        ("75 mg/m<sup>2</sup>", "75 mg/m2"),
        ("4 cm<sup>3</sup>", "4 cm3"),
        ("<italic>I</italic> <sup>2</sup> = 21%", "I^2 = 21%"),
        ("with <sup>177</sup>Lu", "with 177Lu"),
        ("<italic>in vivo</italic> <sup>18</sup>F-FDG", "in vivo 18F-FDG"),
        ("[<sup>18</sup>F]FDG", "[18F]FDG"),
        ("<sup>99m</sup>Tc scan", "99mTc scan"),
        ("Ca<sup>2+</sup> and CD4<sup>+</sup>CD25<sup>high</sup>", "Ca2+ and CD4+CD25 high"),
        ("<italic>BRAF</italic><sup>V600E</sup>", "BRAF V600E"),
        ("H<sub>2</sub>O, SpO<sub>2</sub>, FEV<sub>1</sub>", "H2O, SpO2, FEV1"),
        ("C<sub>7</sub>H<sub>5</sub> <sup>−</sup>", "C7H5−"),
        ("SO<sub> <italic>4</italic> </sub>)", "SO4)"),
        ("kg<sup>−1 </sup>day", "kg^−1 day"),
        ("Cu <sup>+</sup> and 3 × 10 <sup>6</sup> cells", "Cu+ and 3 × 10^6 cells"),
        ("5 mg <sup>11</sup>C-labelled", "5 mg 11C-labelled"),
        ("10<sub>2</sub>", "10_2"),
        ("Fy<sup>a</sup>", "Fy^a"),
        ("the 1<sup>st</sup> day", "the 1st day"),
    ] {
        assert_eq!(paragraph(xml), text, "{xml}");
    }
}

#[test]
fn marks_of_notes_do_not_stick() {
    for (xml, text) in [
        ("5.2<xref ref-type='fn' rid='n1'><sup>a</sup></xref> mg", "5.2 mg"),
        (
            "5.2<sup><xref ref-type='table-fn' rid='n1'>a</xref>,<xref ref-type='table-fn' rid='n1'>b</xref></sup>",
            "5.2",
        ),
        ("dose<xref rid='n1'>*</xref>, given", "dose, given"),
        ("see <xref ref-type='fn' rid='n1'>note 1</xref>", "see note 1"),
    ] {
        assert_eq!(paragraph(xml), text, "{xml}");
    }
}

#[test]
fn citations_are_marks_and_no_numbers() {
    let mark = |words: &str, numbers: &[u32]| vec![(words.to_owned(), numbers.to_vec())];
    for (xml, text, marks) in [
        ("seen in 12%<sup><xref ref-type='bibr' rid='r1'>1</xref></sup> of", "seen in 12% [1] of", mark("[1]", &[1])),
        ("seen.<xref ref-type='bibr' rid='r1'><sup>1</sup></xref> It", "seen. [1] It", mark("[1]", &[1])),
        ("seen.<xref ref-type='bibr' rid='r1'>1</xref>It", "seen. [1] It", mark("[1]", &[1])),
        (
            "seen<xref ref-type='bibr' rid='r1'><sup>1</sup></xref><sup>,</sup><xref ref-type='bibr' rid='r3'><sup>3</sup></xref>.",
            "seen [1,3].",
            mark("[1,3]", &[1, 3]),
        ),
        (
            "seen<sup><xref ref-type='bibr' rid='r1'>1</xref>&#x2013;<xref ref-type='bibr' rid='r3'>3</xref></sup>.",
            "seen [1–3].",
            mark("[1–3]", &[1, 2, 3]),
        ),
        (
            "seen [<xref ref-type='bibr' rid='r1'>1</xref>, <xref ref-type='bibr' rid='r2'>2</xref>].",
            "seen [1, 2].",
            mark("[1, 2]", &[1, 2]),
        ),
        ("seen (<xref ref-type='bibr' rid='r2'>2</xref>).", "seen (2).", mark("(2)", &[2])),
        (
            "seen <xref ref-type='bibr' rid='r1'>[1]</xref>&#8211;<xref ref-type='bibr' rid='r4'>[4]</xref>.",
            "seen [1]–[4].",
            mark("[1]–[4]", &[1, 2, 3, 4]),
        ),
        ("seen<xref ref-type='bibr' rid='r1 r2'>1-2</xref>.", "seen [1-2].", mark("[1-2]", &[1, 2])),
        (
            "seen<xref ref-type='bibr' rid='r1'><sup>1</sup></xref> <sup><xref ref-type='bibr' rid='r2'>2</xref></sup>",
            "seen [1,2]",
            mark("[1,2]", &[1, 2]),
        ),
        ("seen.<sup>[<xref ref-type='bibr' rid='r1'>1</xref>]</sup> It", "seen. [1] It", mark("[1]", &[1])),
        ("seen<xref ref-type='bibr' rid='r3'/>.", "seen [3].", mark("[3]", &[3])),
        ("seen <xref rid='r3'>3</xref>.", "seen [3].", mark("[3]", &[3])),
        ("seen<xref ref-type='bibr' rid='lost'>17</xref>.", "seen [17].", mark("[17]", &[17])),
        ("seen by <xref ref-type='bibr' rid='r4'>Lee, 2001</xref>.", "seen by Lee, 2001.", mark("Lee, 2001", &[4])),
        (
            "seen (Lee et al. <xref ref-type='bibr' rid='r4'>2001</xref>; Doe <xref ref-type='bibr' rid='r1'>1999</xref>).",
            "seen (Lee et al. 2001; Doe 1999).",
            mark("(Lee et al. 2001; Doe 1999)", &[4, 1]),
        ),
        ("It was seen.<sup>2,3</sup> It", "It was seen. [2,3] It", mark("[2,3]", &[2, 3])),
        ("It recurred<sup>2</sup> in", "It recurred [2] in", mark("[2]", &[2])),
    ] {
        assert_eq!(paragraph(xml), text, "{xml}");
        assert_eq!(citations(xml), marks, "{xml}");
    }
}

#[test]
fn space_is_that_of_the_words() {
    for (xml, text) in [
        ("a <bold>mass </bold> in\n   the <italic> lung</italic> .", "a mass in the lung."),
        ("( <italic>Vitis</italic> L.)", "(Vitis L.)"),
        ("one<break/>two", "one two"),
        ("one<sub/> two<sup> </sup> three", "one two three"),
        ("as [<xref ref-type='bibr' rid='r1'> 1 </xref>] is", "as [1] is"),
        ("5&nbsp;mg&#x2009;/&thinsp;kg&ensp;or", "5 mg / kg or"),
        ("dose <bold>of</bold> .5 mg", "dose of .5 mg"),
        ("tu&#xAD;mour cafe&#x301; &mu;g &#x2010; &ldquo;x&rdquo;", "tumour café µg - \"x\""),
        ("a<!-- no --><?no?>b <![CDATA[<c> & d]]>", "ab <c> & d"),
        ("R&amp;D &lt;5 &undefined; &#x1;&#xD800;", "R&D <5 &undefined; &#xD800;"),
    ] {
        assert_eq!(paragraph(xml), text, "{xml}");
    }
}

#[test]
fn captions_and_titles_are_read_once() {
    let text = |body: &str| {
        let article = format!("<article xml:lang='en'><body>{body}</body></article>");
        read(article.as_bytes()).unwrap_or_else(|e| panic!("{body}: {e}")).text
    };
    let boxed = "<boxed-text><caption><title>Box</title><p>About.</p></caption><p>Words.</p></boxed-text>";
    assert_eq!(text(boxed), "Box\n\nAbout.\n\nWords.");
    assert_eq!(text("<sec><title><p>One</p><p>two</p></title><p>Words.</p></sec>"), "One two\n\nWords.");
}

#[test]
fn formulas_become_characters() {
    let math = |inner: &str| paragraph(&format!("x <inline-formula><math>{inner}</math></inline-formula> y"));
    assert_eq!(math("<msup><mn>10</mn><mn>9</mn></msup><mo>/</mo><mi>L</mi>"), "x 10^9/L y");
    assert_eq!(math("<mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></mfrac>"), "x a/(b+1) y");
    assert_eq!(math("<msqrt><mn>2</mn></msqrt>"), "x √(2) y");
    assert_eq!(math("<msub><mi>p</mi><mtext>adj</mtext></msub>"), "x padj y");
    assert_eq!(math("<mfenced open='[' close=']' separators=';'><mn>1</mn><mn>2</mn></mfenced>"), "x [1;2] y");
    assert_eq!(math("<semantics><mi>k</mi><annotation>tex</annotation></semantics>"), "x k y");
    assert_eq!(paragraph("x <inline-formula><tex-math>\\alpha</tex-math></inline-formula> y"), "x y");
    assert_eq!(paragraph("x <inline-formula><italic>n</italic> = 3</inline-formula> y"), "x n = 3 y");
}

#[test]
fn lists_keep_their_labels_titles_and_terms() {
    let text = |body: &str| {
        let article = format!("<article xml:lang='en'><body>{body}</body></article>");
        read(article.as_bytes()).unwrap_or_else(|e| panic!("{body}: {e}")).text
    };
    assert_eq!(
        text(
            "<list><title>Signs</title><list-item><label>1.</label><title>Rash</title><p>Mild.</p><p>Late.</p></list-item></list>"
        ),
        "Signs\n\n1. Rash Mild.\n\nLate."
    );
    assert_eq!(
        text(
            "<def-list><def-item><term>Rash</term><def><p>red</p></def></def-item><def-list><def-item><term>Fever</term></def-item></def-list></def-list>"
        ),
        "Rash: red\n\nFever"
    );
    assert_eq!(
        text(
            "<sec><title>Course</title><subtitle>of fever</subtitle><p>x<list><list-item><p>y</p></list-item></list>z</p></sec>"
        ),
        "Course: of fever\n\nx\n\ny\n\nz"
    );
}
