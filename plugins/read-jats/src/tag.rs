//! The elements and attributes of JATS that this reader tells apart.
//!
//! Names are those of the Journal Archiving and Interchange tag set 1.3 (ANSI/NISO Z39.96), its NLM 2 and 3
//! predecessors, MathML 3 and the CALS table model; a prefix in front of a name is not looked at.

/// Makes an enum of names with a look-up.
macro_rules! names {
    ($(#[$doc:meta])* $type:ident $(, $extra:ident)*; $($variant:ident = $($name:literal)|+,)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum $type { $($extra,)* Other, $($variant,)* }

        impl $type {
            /// The one of that name, [`Other`](Self::Other) for a name not in the list.
            pub(crate) fn of(name: &[u8]) -> Self {
                match name {
                    $($($name)|+ => Self::$variant,)*
                    _ => Self::Other,
                }
            }
        }
    };
}

names! {
    /// What a node of the tree is: an element, text, or a reference to a character.
    Tag, Text, Entity;
    Abstract = b"abstract",
    Ack = b"ack",
    Alternatives = b"alternatives" | b"citation-alternatives" | b"name-alternatives" | b"collab-alternatives",
    AltText = b"alt-text" | b"long-desc",
    Annotation = b"annotation" | b"annotation-xml",
    App = b"app",
    AppGroup = b"app-group",
    Array = b"array",
    Article = b"article",
    ArticleCategories = b"article-categories",
    ArticleId = b"article-id",
    ArticleMeta = b"article-meta" | b"front-stub",
    ArticleTitle = b"article-title",
    Attribution = b"attrib",
    AuthorNotes = b"author-notes",
    Back = b"back",
    Bio = b"bio",
    Body = b"body",
    Bold = b"bold",
    BoxedText = b"boxed-text",
    Break = b"break",
    Caption = b"caption",
    Citation = b"citation" | b"mixed-citation" | b"element-citation" | b"nlm-citation" | b"product",
    Code = b"code" | b"preformat",
    Collab = b"collab",
    Colspec = b"colspec",
    CompoundKwd = b"compound-kwd" | b"nested-kwd",
    CompoundKwdPart = b"compound-kwd-part",
    Def = b"def",
    DefItem = b"def-item",
    DefList = b"def-list",
    DispFormula = b"disp-formula",
    DispQuote = b"disp-quote",
    ElocationId = b"elocation-id",
    Etal = b"etal",
    Fig = b"fig" | b"chem-struct-wrap" | b"chem-struct-wrapper",
    FigGroup = b"fig-group",
    FloatsGroup = b"floats-group" | b"floats-wrap",
    Fn = b"fn",
    FnGroup = b"fn-group",
    FormulaGroup = b"disp-formula-group",
    Fpage = b"fpage",
    Front = b"front",
    FundingStatement = b"funding-statement",
    GivenNames = b"given-names",
    Glossary = b"glossary",
    Graphic = b"graphic" | b"inline-graphic" | b"media" | b"inline-media",
    InlineFormula = b"inline-formula",
    Issue = b"issue",
    Italic = b"italic",
    Kwd = b"kwd",
    KwdGroup = b"kwd-group",
    Label = b"label",
    List = b"list",
    ListItem = b"list-item",
    Lpage = b"lpage",
    Math = b"math",
    Mfenced = b"mfenced",
    Mfrac = b"mfrac",
    Mphantom = b"mphantom",
    Mroot = b"mroot",
    Mspace = b"mspace",
    Msqrt = b"msqrt",
    Msub = b"msub" | b"munder",
    Msubsup = b"msubsup" | b"munderover",
    Msup = b"msup" | b"mover",
    Mtd = b"mtd",
    Mtext = b"mtext",
    Mtr = b"mtr" | b"mlabeledtr",
    Name = b"name" | b"string-name",
    Note = b"note",
    Notes = b"notes",
    P = b"p",
    PersonGroup = b"person-group",
    Prefix = b"prefix",
    PubId = b"pub-id",
    Ref = b"ref",
    RefList = b"ref-list",
    Response = b"response",
    Sec = b"sec",
    Speech = b"speech",
    Statement = b"statement",
    Sub = b"sub",
    SubArticle = b"sub-article",
    Subject = b"subject",
    Subtitle = b"subtitle",
    Suffix = b"suffix",
    Sup = b"sup",
    Surname = b"surname",
    Table = b"table" | b"tgroup",
    TableFoot = b"table-wrap-foot",
    TableWrap = b"table-wrap",
    TableWrapGroup = b"table-wrap-group",
    Tbody = b"tbody" | b"tfoot",
    Td = b"td" | b"th" | b"entry",
    Term = b"term",
    TexMath = b"tex-math",
    Thead = b"thead",
    Title = b"title",
    TitleGroup = b"title-group",
    Tr = b"tr" | b"row",
    TransAbstract = b"trans-abstract",
    TransSubtitle = b"trans-subtitle",
    TransTitle = b"trans-title",
    TransTitleGroup = b"trans-title-group",
    Underline = b"underline",
    VerseGroup = b"verse-group",
    VerseLine = b"verse-line",
    Volume = b"volume",
    Xref = b"xref",
    Year = b"year",
    // Never part of the text.
    Affiliation = b"aff" | b"corresp" | b"address" | b"author-comment" | b"sig-block" | b"sig",
    Furniture = b"object-id" | b"permissions" | b"copyright-statement" | b"license" | b"sec-meta" | b"processing-meta"
        | b"index-term" | b"index-term-range-end" | b"custom-meta-group" | b"related-object" | b"target" | b"hr"
        | b"fig-count" | b"col" | b"colgroup" | b"rp" | b"rt",
    Supplement = b"supplementary-material",
}

names! {
    /// An attribute that says something about structure.
    Attr;
    ArticleType = b"article-type",
    Close = b"close",
    Colname = b"colname",
    Colspan = b"colspan",
    FnType = b"fn-type",
    Id = b"id",
    KwdGroupType = b"kwd-group-type",
    Lang = b"xml:lang",
    Morerows = b"morerows",
    Nameend = b"nameend",
    Namest = b"namest",
    Open = b"open",
    PubIdType = b"pub-id-type",
    RefType = b"ref-type",
    Rid = b"rid",
    Rowspan = b"rowspan",
    SecType = b"sec-type",
    Separators = b"separators",
}

impl Tag {
    /// True for elements that mark a stretch within a sentence.
    pub(crate) fn is_phrase(self) -> bool {
        matches!(self, Self::Bold | Self::Italic | Self::Underline | Self::Sub | Self::Sup | Self::Xref | Self::Other)
    }

    /// True for elements that hold blocks of their own, wherever they stand.
    pub(crate) fn is_block(self) -> bool {
        matches!(
            self,
            Self::Array
                | Self::BoxedText
                | Self::Code
                | Self::DefList
                | Self::DispQuote
                | Self::Fig
                | Self::FigGroup
                | Self::FormulaGroup
                | Self::List
                | Self::P
                | Self::RefList
                | Self::Sec
                | Self::Speech
                | Self::Statement
                | Self::TableWrap
                | Self::TableWrapGroup
                | Self::VerseGroup
        )
    }

    /// True for blocks that float: they are anchored within a sentence and read behind its paragraph.
    pub(crate) fn is_float(self) -> bool {
        matches!(self, Self::Fig | Self::FigGroup | Self::TableWrap | Self::TableWrapGroup | Self::BoxedText | Self::Fn)
    }

    /// True for what is not part of the text.
    pub(crate) fn is_left_out(self) -> bool {
        matches!(
            self,
            Self::Affiliation
                | Self::AltText
                | Self::Annotation
                | Self::Attribution
                | Self::Bio
                | Self::Colspec
                | Self::Furniture
                | Self::Graphic
                | Self::Mphantom
                | Self::Response
                | Self::SubArticle
                | Self::Supplement
                | Self::TexMath
        )
    }

    /// True for parts of the back matter, notes and boxes, which hold blocks without being one in a paragraph.
    pub(crate) fn is_matter(self) -> bool {
        matches!(
            self,
            Self::Ack
                | Self::App
                | Self::AppGroup
                | Self::BoxedText
                | Self::Fn
                | Self::FnGroup
                | Self::Glossary
                | Self::Note
                | Self::Notes
                | Self::VerseLine
        )
    }

    /// True for elements whose words stand apart from their neighbours, also where no block can be.
    pub(crate) fn is_part(self) -> bool {
        self.is_block()
            || matches!(
                self,
                Self::Def
                    | Self::DefItem
                    | Self::Label
                    | Self::ListItem
                    | Self::Td
                    | Self::Term
                    | Self::Title
                    | Self::Tr
            )
    }
}
