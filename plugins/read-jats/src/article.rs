//! An article: where it is in the file, what is said about it, and the order in which it is read.

use case_text::repair::BlockKind;
use casemill_plugin_sdk::model::{Identifier, ReportKind, SectionKind, Title};
use casemill_plugin_sdk::prelude::{Document, Error, Result, Source, warn};

use crate::flat::Flat;
use crate::index::Index;
use crate::kinds::report_kind;
use crate::outline::{About, Outline};
use crate::tag::{Attr, Tag};
use crate::tree::{Id, Tree, fault};

/// Reads the one article of a file that starts at byte `base` of the user's bytes.
///
/// # Errors
/// What is wrong with the XML, and where; that it is not an article, or several.
pub(crate) fn read(xml: &str, base: usize, source: Source) -> Result<Document> {
    refuse_web_page(xml)?;
    let tree = Tree::parse(xml)?;
    let article = the_article(&tree)?;
    let index = Index::of(&tree, article);
    let mut walker = Walker::new(&tree, &index, base);
    let meta = [Tag::Front, Tag::ArticleMeta].iter().try_fold(article, |id, tag| tree.child(id, *tag));
    let meta = meta.or_else(|| tree.child(article, Tag::ArticleMeta));
    walker.article(article, meta);
    walker.tell();
    if walker.outline.sections.is_empty() {
        return Err(Error::new("the article has no title, no abstract and no text")
            .help("the file may hold bibliographic data only; get the full text"));
    }
    Ok(walker.outline.document(walker.flat, about(&tree, article, meta), source))
}

/// Web pages have an `<article>`, too.
fn refuse_web_page(xml: &str) -> Result<()> {
    let start: String = xml.trim_start().chars().take(14).collect::<String>().to_ascii_lowercase();
    if start == "<!doctype html" || start.starts_with("<html") {
        return Err(Error::new("the file is a web page, not JATS XML")
            .help("get the article's XML (PubMed Central offers it), or save its text as plain text"));
    }
    Ok(())
}

/// The article, wherever it is wrapped.
fn the_article(tree: &Tree<'_>) -> Result<Id> {
    let mut articles = tree.all().filter(|n| tree.tag(*n) == Tag::Article);
    let Some(article) = articles.next() else {
        let root = tree.all().next().map_or("", |root| root_name(tree.raw(root)));
        return Err(Error::new(format!("the file holds a <{root}> and no <article>; it is not JATS"))
            .help("give the article's JATS XML, or its text as plain text"));
    };
    let (start, end) = tree.range(article);
    if !tree.children(article).any(|n| matches!(tree.tag(n), Tag::Front | Tag::ArticleMeta | Tag::Body)) {
        let message = "the <article> here has neither <front> nor <body>; it is not JATS";
        return Err(fault(tree.xml, start, message).help("give the article's JATS XML, or its text as plain text"));
    }
    if let Some(second) = articles.find(|n| tree.range(*n).0 >= end) {
        let message = format!("a second article starts here, the file holds {}", 2 + articles.count());
        return Err(fault(tree.xml, tree.range(second).0, message).help("give each article a file of its own"));
    }
    Ok(article)
}

fn root_name(raw: &str) -> &str {
    raw[1..].split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next().unwrap_or_default()
}

/// Two letters of `@xml:lang`: `en` of `EN-us`.
pub(crate) fn language_of(tree: &Tree<'_>, id: Id) -> Option<String> {
    let tag = tree.attribute(id, Attr::Lang)?;
    let primary = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    (primary.len() == 2 && primary.bytes().all(|b| b.is_ascii_lowercase())).then_some(primary)
}

fn about(tree: &Tree<'_>, article: Id, meta: Option<Id>) -> About {
    let article_type = tree.attribute(article, Attr::ArticleType).unwrap_or_default();
    let categories = meta.and_then(|m| tree.child(m, Tag::ArticleCategories));
    let subjects: Vec<String> = categories
        .into_iter()
        .flat_map(|c| tree.within(c).filter(|n| tree.tag(*n) == Tag::Subject))
        .map(|s| tree.words(s))
        .collect();
    let kind = match report_kind(article_type, &subjects.join("; ")) {
        // Research articles are also what many journals file their case reports under.
        ReportKind::ResearchArticle if titled_as_case(tree, meta) => ReportKind::Unknown,
        kind => kind,
    };
    About {
        language: language_of(tree, article).unwrap_or_default(),
        kind,
        identifiers: meta.map_or_else(Vec::new, |m| identifiers(tree, m)),
    }
}

fn titled_as_case(tree: &Tree<'_>, meta: Option<Id>) -> bool {
    let group = meta.and_then(|m| tree.child(m, Tag::TitleGroup));
    let title = group.map_or_else(String::new, |g| tree.words(g).to_lowercase());
    ["case report", "case series", "a case of", "two cases", "three cases", "report of a case"]
        .iter()
        .any(|w| title.contains(w))
}

/// `article-id`: DOI, PMID and PMCID.
fn identifiers(tree: &Tree<'_>, meta: Id) -> Vec<Identifier> {
    let mut out: Vec<Identifier> = Vec::new();
    for node in tree.children(meta).filter(|n| tree.tag(*n) == Tag::ArticleId) {
        let value = tree.words(node);
        let (scheme, value) = match tree.attribute(node, Attr::PubIdType) {
            Some("doi") => ("doi", value.trim_start_matches("https://doi.org/").to_owned()),
            Some("pmid") => ("pmid", value),
            Some("pmc" | "pmcid") => ("pmcid", format!("PMC{}", value.trim_start_matches("PMC"))),
            _ => continue,
        };
        if !value.is_empty() && !out.iter().any(|i| i.scheme == scheme) {
            out.push(Identifier { scheme: scheme.to_owned(), value });
        }
    }
    out
}

/// Walks through an article and writes what is to be read.
#[derive(Debug)]
pub(crate) struct Walker<'t, 'a> {
    pub(crate) tree: &'t Tree<'a>,
    pub(crate) index: &'t Index<'a>,
    pub(crate) flat: Flat<'a>,
    pub(crate) outline: Outline,
    /// What the words being written are about.
    pub(crate) kind: SectionKind,
    /// Their language, where the file says it.
    pub(crate) language: Option<String>,
    /// Figures, tables, boxes and notes anchored in the paragraph being written; they are read behind it.
    pub(crate) floats: Vec<Id>,
    /// True within a heading, a cell, a caption's title or a reference, which no block interrupts.
    pub(crate) in_line: bool,
    /// References to characters that are not known, and the first of them.
    pub(crate) unknown: (usize, Option<Id>),
    /// Formulas without words.
    pub(crate) formulas: usize,
    /// Tables without cells.
    pub(crate) pictures: usize,
}

impl<'t, 'a> Walker<'t, 'a> {
    fn new(tree: &'t Tree<'a>, index: &'t Index<'a>, base: usize) -> Self {
        Self {
            tree,
            index,
            flat: Flat::new(tree.xml, base),
            outline: Outline::default(),
            kind: SectionKind::Body,
            language: None,
            floats: Vec::new(),
            in_line: false,
            unknown: (0, None),
            formulas: 0,
            pictures: 0,
        }
    }

    /// Title, abstracts, key words, body, back matter, floats, and last the notes that stand among the metadata.
    fn article(&mut self, article: Id, meta: Option<Id>) {
        if let Some(meta) = meta {
            self.titles(meta);
            self.abstracts(meta);
            self.keywords(meta);
        }
        for part in self.tree.children(article).collect::<Vec<_>>() {
            match self.tree.tag(part) {
                Tag::Body => self.part(part, SectionKind::Body),
                Tag::Back => self.part(part, SectionKind::BackMatter),
                Tag::FloatsGroup => self.part(part, SectionKind::BackMatter),
                Tag::SubArticle | Tag::Response => {
                    warn!(
                        "a <sub-article> or <response> of the file is left out; give it a file of its own to read it"
                    );
                }
                _ => {}
            }
        }
        if let Some(meta) = meta {
            self.notes_of_front(meta);
        }
    }

    /// Says what was left out or kept as it is for want of knowing better.
    fn tell(&self) {
        if let (count, Some(first)) = self.unknown {
            let line = self.tree.xml[..self.tree.range(first).0].bytes().filter(|b| *b == b'\n').count() + 1;
            let raw = self.tree.raw(first);
            warn!("references to unknown characters are kept as written: {count}, the first is {raw} in line {line}");
        }
        if self.formulas > 0 {
            warn!("formulas given as TeX or as pictures only are left out: {}", self.formulas);
        }
        if self.pictures > 0 {
            warn!("tables without cells, such as pictures of tables, are read without them: {}", self.pictures);
        }
    }

    /// `title-group`: the title with its subtitle, and its translations.
    fn titles(&mut self, meta: Id) {
        let Some(group) = self.tree.child(meta, Tag::TitleGroup) else { return };
        self.title(group, Tag::ArticleTitle, Tag::Subtitle);
        for node in self.tree.children(group).collect::<Vec<_>>() {
            match self.tree.tag(node) {
                Tag::TransTitleGroup => {
                    self.language = language_of(self.tree, node);
                    self.title(node, Tag::TransTitle, Tag::TransSubtitle);
                }
                // NLM 2 has no group.
                Tag::TransTitle => {
                    self.language = language_of(self.tree, node);
                    self.write_title(&[node]);
                }
                _ => {}
            }
        }
        self.language = None;
    }

    fn title(&mut self, group: Id, title: Tag, subtitle: Tag) {
        let parts: Vec<Id> =
            self.tree.children(group).filter(|n| self.tree.tag(*n) == title || self.tree.tag(*n) == subtitle).collect();
        self.write_title(&parts);
    }

    fn write_title(&mut self, parts: &[Id]) {
        self.in_line = true;
        for part in parts {
            if !self.flat.run().is_empty() && !self.flat.run().ends_with([':', '.', '?', '!', '–', '—']) {
                self.flat.insert(":");
            }
            self.flat.space();
            self.inline(*part);
        }
        self.in_line = false;
        if let Some(span) = self.end_run(BlockKind::Paragraph) {
            let language = self.language.clone().or_else(|| {
                // A translated title without its language.
                (!self.outline.titles.is_empty()).then(|| case_text::language::of(self.flat.words(span)).to_owned())
            });
            self.outline.fresh = true;
            self.outline.add(span, &SectionKind::Title, language.as_deref());
            self.outline.titles.push(Title { span, language: language.unwrap_or_default() });
        }
        self.kind = SectionKind::BackMatter;
        self.floats();
    }

    fn abstracts(&mut self, meta: Id) {
        for node in self.tree.children(meta).collect::<Vec<_>>() {
            if matches!(self.tree.tag(node), Tag::Abstract | Tag::TransAbstract) {
                self.language = language_of(self.tree, node).or_else(|| {
                    let translated = self.tree.tag(node) == Tag::TransAbstract;
                    translated.then(|| case_text::language::of(&self.tree.words(node)).to_owned())
                });
                self.language = self.language.take().filter(|l| !l.is_empty());
                self.part(node, SectionKind::Abstract);
                self.language = None;
            }
        }
    }

    /// `kwd-group`: key words in one paragraph, parted by semicolons.
    fn keywords(&mut self, meta: Id) {
        for group in self.tree.children(meta).collect::<Vec<_>>() {
            if self.tree.tag(group) == Tag::KwdGroup {
                let abbreviations =
                    self.tree.attribute(group, Attr::KwdGroupType).is_some_and(|t| t.starts_with("abbr"));
                self.kind = if abbreviations { SectionKind::Abbreviations } else { SectionKind::Keywords };
                self.language = language_of(self.tree, group);
                self.outline.fresh = true;
                self.heading(group);
                self.keyword_list(group);
                self.language = None;
            }
        }
    }

    fn keyword_list(&mut self, group: Id) {
        self.in_line = true;
        for keyword in self.tree.children(group).collect::<Vec<_>>() {
            if !matches!(self.tree.tag(keyword), Tag::Kwd | Tag::CompoundKwd) || !self.tree.has_text(keyword) {
                continue;
            }
            self.separate(";");
            for (i, part) in self.tree.children(keyword).collect::<Vec<_>>().into_iter().enumerate() {
                if i > 0 && self.tree.tag(part) == Tag::CompoundKwdPart {
                    self.separate(",");
                }
                self.inline_node(part);
            }
        }
        self.in_line = false;
        self.finish_paragraph();
    }

    /// Writes a sign and a space if words stand before it in the same paragraph.
    pub(crate) fn separate(&mut self, sign: &str) {
        if !self.flat.run().is_empty() {
            self.flat.no_space();
            if !self.flat.run().ends_with(sign) {
                self.flat.insert(sign);
            }
            self.flat.space();
        }
    }

    /// A part of the article with sections of one kind, unless their titles say otherwise.
    fn part(&mut self, part: Id, kind: SectionKind) {
        self.kind = kind;
        self.outline.fresh = true;
        self.heading(part);
        self.blocks(part);
        self.kind = SectionKind::Body;
    }

    /// `author-notes/fn` and `funding-statement`: conflicts, contributions, consent.
    fn notes_of_front(&mut self, meta: Id) {
        self.kind = SectionKind::BackMatter;
        self.outline.fresh = true;
        self.flat.go_elsewhere();
        for node in self.tree.within(meta).collect::<Vec<_>>() {
            let parent = self.tree.parent(node).map(|p| self.tree.tag(p));
            match self.tree.tag(node) {
                Tag::Fn if parent == Some(Tag::AuthorNotes) && !is_about_authors(self.tree, node) => self.note(node),
                Tag::FundingStatement => {
                    self.inline(node);
                    self.finish_paragraph();
                }
                _ => {}
            }
        }
    }
}

/// Notes on who the authors are: addresses, equal contributions, deaths.
fn is_about_authors(tree: &Tree<'_>, note: Id) -> bool {
    match tree.attribute(note, Attr::FnType) {
        Some(kind) => matches!(
            kind,
            "corresp" | "current-aff" | "present-address" | "equal" | "deceased" | "on-leave" | "edited-by"
        ),
        None => tree.words(note).to_lowercase().contains("correspond"),
    }
}
