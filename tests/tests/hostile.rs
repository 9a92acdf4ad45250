//! Text that is meant to hurt: it is read, refused or found empty, in time that grows with its length.

use std::process::Command;

use casemill_tests::{Folder, SHORT, casemill, letter, root, stage, wrong_quotes};

/// Runs a text, which may give a record or be refused, and nothing else.
#[track_caller]
fn survives(name: &str, text: impl AsRef<[u8]>) {
    let folder = Folder::new();
    let input = folder.write(name, text);
    let ended = casemill(["extract", &input]).run();
    match ended.status.code() {
        Some(0) => assert_eq!(wrong_quotes(&ended.json()), Vec::<String>::new(), "{name}"),
        Some(3) => assert!(ended.err.contains(name) && !ended.err.contains("plugin"), "{}", ended.err),
        _ => panic!("{name}: {} {}", ended.status, ended.err),
    }
    assert!(!ended.err.contains("panicked"), "{}", ended.err);
}

/// With a patient, so that every step has something to do.
#[track_caller]
fn survives_with_patient(name: &str, text: &str) {
    survives(name, format!("{SHORT}{text}\n{SHORT}"));
}

#[test]
fn brackets() {
    survives_with_patient("open.txt", &"(".repeat(100_000));
    survives_with_patient("both.txt", &"()".repeat(50_000));
    survives_with_patient("nested.txt", &format!("{}fever{}", "(".repeat(30_000), ")".repeat(30_000)));
    survives_with_patient("square.txt", &"[1] ".repeat(30_000));
}

#[test]
fn one_word_over_and_over() {
    survives_with_patient("no.txt", &"no ".repeat(350_000));
    survives_with_patient("and.txt", &"fever and ".repeat(10_000));
    survives_with_patient("hyphens.txt", &"-".repeat(200_000));
    survives_with_patient("broken.txt", &"tu-\n".repeat(50_000));
    survives_with_patient("stops.txt", &". ".repeat(100_000));
    survives_with_patient("commas.txt", &"fever, ".repeat(10_000));
    survives_with_patient("numbers.txt", &"10 mg ".repeat(20_000));
}

#[test]
fn one_line() {
    // Above the limit for one report it is refused, below it is read.
    let long =
        format!("{SHORT}{}", "The weather was fine that day, and nothing else happened to anyone. ".repeat(100_000));
    let folder = Folder::new();
    let input = folder.write("line.txt", long.replace('\n', " "));
    let ended = casemill(["extract", &input, "--max-size", "1M"]).run().expect(3);
    ended.says(&["line.txt", "--max-size"]);
    survives("line.txt", &long.replace('\n', " ").as_bytes()[..2 << 20]);
}

#[test]
fn words_without_end() {
    survives_with_patient("word.txt", &"a".repeat(500_000));
    survives_with_patient("gene.txt", &"ALK".repeat(60_000));
    survives_with_patient("number.txt", &"9".repeat(200_000));
    survives_with_patient("decimal.txt", &format!("{}.{} mg", "9".repeat(400), "9".repeat(400)));
    survives_with_patient(
        "age.txt",
        "A 99999999999999999999-year-old woman with fever for 99999999999999999999 years.",
    );
    survives_with_patient("marks.txt", &"a\u{0301}".repeat(100_000));
}

#[test]
fn every_script() {
    survives_with_patient("rtl.txt", "\u{202e}المريض أبلغ عن حمى שלום\u{202c} fever \u{2066}abc\u{2069}");
    survives_with_patient("astral.txt", &"𝛼𝛽 𝓯𝓮𝓿𝓮𝓻 🩻🧬👩‍⚕️ ".repeat(2_000));
    survives_with_patient("wide.txt", "患者は34歳の女性で、発熱があった。\u{3000}ＡＬＫ陽性。");
    survives_with_patient("zero.txt", "fe\u{200b}ver, co\u{ad}ugh, ra\u{2060}sh and \u{feff}pain");
    survives_with_patient("private.txt", "\u{e000}\u{f8ff}\u{10fffd} \u{fffd}\u{fffe} fever");
    survives_with_patient("ligatures.txt", "ﬁbrosarcoma of the ﬂoor, oﬃce, ǆ ß İ ı ŉ");
}

#[test]
fn line_ends_make_no_difference() {
    let folder = Folder::new();
    let text = std::fs::read_to_string(letter()).expect("the letter can be read");
    let unix = folder.write("a/letter.txt", &text);
    let dos = folder.write("b/letter.txt", text.replace('\n', "\r\n"));
    let record = |input: &str| casemill(["extract", input]).run().expect(0).json();
    let (unix, dos) = (record(&unix), record(&dos));
    assert_eq!(casemill_tests::facts_by_kind(&unix), casemill_tests::facts_by_kind(&dos));
    assert_eq!(wrong_quotes(&dos), Vec::<String>::new());
    survives("mac.txt", text.replace('\n', "\r"));
    survives("mixed.txt", SHORT.replace(". ", ".\r\r\n\u{2028}\u{85}\x0b\x0c"));
}

/// Text that looks like what casemill itself writes or marks up.
#[test]
fn text_that_looks_like_something_else() {
    survives_with_patient("markup.txt", "<script>alert(1)</script> &amp; <article> ]]> {{ name }} {% if %} ${x} %s %n");
    survives_with_patient("json.txt", "{\"cases\": [{\"id\": \"case-1\"}]} \\u0000 \\\" fever");
    survives_with_patient("frame.txt", "R\x0b\x0c\tD fever");
    let folder = Folder::new();
    let input = folder.write(
        "page.txt",
        format!("{SHORT}He had <script>alert(1)</script> \"fever\" & <img src=x onerror=alert(2)>.\n"),
    );
    casemill(["run", "--quiet", &input, "--to", "html,csv", "-o", &folder.arg("out")]).run().expect(0);
    let page = String::from_utf8(folder.read("out/page.html")).expect("the page is UTF-8");
    assert!(!page.contains("<script>alert(1)") && !page.contains("<img src=x"), "markup of the text is text");
    // A cell that a spreadsheet would take for a formula.
    let input = folder.write("cell.txt", format!("{SHORT}The patient had =HYPERLINK(fever) and +1 cough.\n"));
    casemill(["run", "--quiet", &input, "--to", "csv", "-o", &folder.arg("csv")]).run().expect(0);
    for file in folder.files().iter().filter(|f| f.starts_with("csv/") && f.ends_with(".csv")) {
        let text = String::from_utf8(folder.read(file)).expect("a table is UTF-8");
        assert!(!text.contains(",=") && !text.contains("\n="), "{file} has a cell that is a formula");
    }
}

/// Seconds of processor time that it takes to extract a text, worker and all.
fn cost(input: &str) -> f64 {
    let line = "\"$@\" >/dev/null 2>&1 || exit 9; times";
    let program = stage().join("casemill");
    let mut command = Command::new("bash");
    command.args(["-c", line, "bash"]).arg(program).args(["extract", "--in-process", "--timeout", "120", input]);
    let output = command.env("LC_ALL", "C").current_dir(root()).output().expect("bash starts");
    assert!(output.status.success(), "{input} was not extracted");
    // The second line is that of the children: 0m1.234s 0m0.056s
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let seconds = |t: &str| {
        let (minutes, seconds) = t.trim_end_matches('s').split_once('m')?;
        Some(minutes.parse::<f64>().ok()? * 60.0 + seconds.parse::<f64>().ok()?)
    };
    text.lines().nth(1).expect("times").split_whitespace().filter_map(seconds).sum()
}

/// Twice the text takes about twice the time, not four times.
#[test]
fn time_grows_with_length() {
    if !Command::new("bash").args(["-c", "times"]).output().is_ok_and(|o| o.status.success()) {
        casemill_tests::skipped("there is no bash to count processor time");
        return;
    }
    let folder = Folder::new();
    let letter = std::fs::read_to_string(letter()).expect("the letter can be read");
    let texts: [(&str, &str, usize); 4] = [
        ("facts", "She had fever, cough and a rash, and received alectinib 600 mg twice daily for 3 months. ", 1 << 18),
        ("words", "no ", 1 << 20),
        ("lines", "A short line\n", 1 << 19),
        ("letter", &letter, 1 << 17),
    ];
    for (name, piece, length) in texts {
        let text = |length: usize| format!("{SHORT}{}", piece.repeat(length / piece.len()));
        let one = folder.write(&format!("{name}-1.txt"), text(length));
        let two = folder.write(&format!("{name}-2.txt"), text(2 * length));
        let (one, two) = (cost(&one), cost(&two));
        // Loose, because machines are busy: quadratic growth gives four.
        assert!(two < 3.2 * one + 0.3, "{name}: {length} bytes take {one:.2} s, twice as many {two:.2} s");
    }
}
