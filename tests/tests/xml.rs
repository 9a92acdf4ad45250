//! Journal articles in JATS XML, good and hostile.

use casemill_tests::{Folder, SHORT, casemill, wrong_quotes};

fn article(doctype: &str, text: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{doctype}<article article-type=\"case-report\"><front>\
         <article-meta><title-group><article-title>A case report</article-title></title-group></article-meta></front>\n\
         <body><sec><title>Case</title>\n<p>{text}</p></sec></body></article>\n"
    )
}

#[test]
fn an_article_is_read() {
    let folder = Folder::new();
    let input = folder.write("article.xml", article("", SHORT));
    let record = casemill(["extract", &input]).run().expect(0).json();
    assert_eq!(record["document"]["reader"], "read-jats");
    assert_eq!(wrong_quotes(&record), Vec::<String>::new());
    assert!(record["cases"][0]["findings"].as_array().is_some_and(|f| !f.is_empty()), "{record}");
}

/// The kind of an input is seen in its content, not in its name.
#[test]
fn the_name_says_nothing() {
    let folder = Folder::new();
    let input = folder.write("article.txt", article("", SHORT));
    let record = casemill(["extract", &input]).run().expect(0).json();
    assert_eq!(record["document"]["reader"], "read-jats");
    let input = folder.write("text.xml", SHORT);
    let record = casemill(["extract", &input]).run().expect(0).json();
    assert_eq!(record["document"]["reader"], "read-text");
}

#[test]
fn broken_xml_is_told_with_its_place() {
    let folder = Folder::new();
    let whole = article("", SHORT);
    folder.write("cut.xml", &whole[..whole.len() / 2]);
    folder.write("crossed.xml", whole.replace("</p></sec>", "</sec></p>"));
    folder.write("good.xml", &whole);
    let ended = casemill(["run", "cut.xml", "crossed.xml", "good.xml", "--to", "json", "-o", "out"])
        .within(folder.path(""))
        .run()
        .expect(3);
    for name in ["cut.xml: line 4", "crossed.xml: line "] {
        assert!(ended.err.contains(name), "{}", ended.err);
    }
    assert!(folder.files().contains(&"out/good.json".to_owned()), "{}", ended.err);
}

/// Entities of the document are never expanded: this one would be a thousand million laughs.
#[test]
fn a_billion_laughs() {
    let folder = Folder::new();
    let mut doctype = String::from("<!DOCTYPE article [\n<!ENTITY lol0 \"lol\">\n");
    for i in 1..10 {
        let ten = format!("&lol{};", i - 1).repeat(10);
        doctype.push_str(&format!("<!ENTITY lol{i} \"{ten}\">\n"));
    }
    doctype.push_str("]>\n");
    let input = folder.write("laughs.xml", article(&doctype, &format!("{SHORT} He said &lol9;.")));
    let ended = casemill(["extract", &input]).run().expect(0);
    assert!(ended.out.len() < 1 << 20 && ended.peak < 200 << 20, "{} bytes, {} MiB", ended.out.len(), ended.peak >> 20);
    assert!(!ended.text().contains("lollol"));
}

/// Files and addresses that a document type names are never opened.
#[test]
fn an_external_entity() {
    let folder = Folder::new();
    let secret = folder.write("secret.txt", "TOPSECRET fever");
    for declaration in [
        format!("<!DOCTYPE article [<!ENTITY x SYSTEM \"file://{secret}\">]>\n"),
        format!("<!DOCTYPE article [<!ENTITY x PUBLIC \"p\" \"{secret}\">]>\n"),
        format!("<!DOCTYPE article SYSTEM \"{secret}\" [<!ENTITY % y SYSTEM \"{secret}\"> %y;]>\n"),
    ] {
        let input = folder.write("external.xml", article(&declaration, &format!("{SHORT} He said &x;.")));
        let ended = casemill(["extract", &input]).run().expect(0);
        assert!(!ended.text().contains("TOPSECRET"), "{declaration}");
    }
    // Nor does the page of an article include files.
    let include = "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" parse=\"text\" href=\"secret.txt\"/>";
    let input = folder.write("include.xml", article("", &format!("{SHORT}{include}")));
    assert!(!casemill(["extract", &input]).run().expect(0).text().contains("TOPSECRET"));
}

#[test]
fn deep_nesting_does_not_end_the_stack() {
    let folder = Folder::new();
    let deep = format!("{}{SHORT}{}", "<bold>".repeat(60_000), "</bold>".repeat(60_000));
    let input = folder.write("deep.xml", article("", &deep));
    let ended = casemill(["extract", &input]).run();
    assert!(matches!(ended.status.code(), Some(0 | 3)), "{}", ended.err);
    assert!(!ended.err.contains("SIGSEGV") && !ended.err.contains("SIGABRT"), "{}", ended.err);
}

#[test]
fn other_xml_is_no_article() {
    let folder = Folder::new();
    let input = folder.write("page.xml", "<?xml version=\"1.0\"?>\n<svg><text>A 34-year-old</text></svg>\n");
    let ended = casemill(["run", &input, "-o", &folder.arg("out")]).run().expect(3);
    ended.says(&["page.xml"]);
}
