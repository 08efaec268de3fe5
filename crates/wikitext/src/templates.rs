//! The templates that are known: a small table, no transclusion.
//!
//! A wiki's templates are programs. Minga does not run them; it knows the handful that the wikis it
//! reads really use, and says of every other that it is there and what it was given.
//! Source of the names and of what each shows: the 47 template pages of the P2P Foundation's wiki.

use crate::words::Word;

/// How a template is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateKind {
    /// Labelled facts, then its long parts under headings.
    Facts(&'static [Field]),
    /// The licence of a file.
    Licence(Terms),
    /// The badge of Move Commons: four or five words about a collective.
    MoveCommons,
    /// Links to the page before, the page after, and a longer one.
    Navigation,
    /// Text beside a picture: its arguments one after the other.
    Body,
    /// A page's title as a link, over a text.
    TitledBox,
    /// A sentence about the page.
    Notice(Word),
    /// A link to a page of which a part is repeated here.
    Excerpt,
    /// The place for notes.
    References,
    /// Has no text of its own.
    Hidden,
}

/// What a template says of a file's licence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Terms {
    /// Creative Commons, by its code: `by-sa`. The version is the template's to say.
    Cc(&'static str),
    /// What it is, if the name of a licence does not say it.
    Said(Word),
}

/// An argument of a template of facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// The argument's name.
    pub param: &'static str,
    /// Its label.
    pub label: Word,
    /// What it holds.
    pub holds: Holds,
}

/// What an argument of a template of facts holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// A short text.
    Text,
    /// An e-mail address.
    Mail,
    /// Categories, separated by commas.
    Categories,
    /// Pages, separated by commas.
    Pages,
    /// A text of its own, under a heading.
    Section,
}

const fn field(param: &'static str, label: Word, holds: Holds) -> Field {
    Field {
        param,
        label,
        holds,
    }
}

const WIKISPRINT: &[Field] = &[
    field("Name", Word::Name, Holds::Text),
    field("Title/Name", Word::Name, Holds::Text),
    field("Short description", Word::Summary, Holds::Text),
    field("One sentence description", Word::Summary, Holds::Text),
    field("Main URL", Word::Address, Holds::Text),
    field("City", Word::City, Holds::Text),
    field("Country", Word::Country, Holds::Text),
    field("Location", Word::Place, Holds::Text),
    field("Contact person", Word::Contact, Holds::Text),
    field("Contact's person e-mail", Word::Mail, Holds::Mail),
    field("Number of participants", Word::Participants, Holds::Text),
    field("Start date", Word::Start, Holds::Text),
    field("Language", Word::Language, Holds::Text),
    field("Topics", Word::Topics, Holds::Categories),
    field("Types", Word::Kinds, Holds::Categories),
    field("Formats", Word::Formats, Holds::Categories),
    field("Categories/Tags", Word::Keywords, Holds::Text),
    field("Related projects", Word::Related, Holds::Pages),
    field("Details", Word::Details, Holds::Section),
    field("Discussions/Quotes", Word::Quotes, Holds::Section),
    field("References/Links", Word::Links, Holds::Section),
];

const ORGANIZATION: &[Field] = &[
    field("Organization_name", Word::Name, Holds::Text),
    field("brief_description", Word::Summary, Holds::Text),
    field("homepage", Word::Address, Holds::Text),
    field("Organization_type", Word::Kinds, Holds::Text),
    field("founded_date", Word::Start, Holds::Text),
    field("founders", Word::Founders, Holds::Text),
    field("location", Word::Place, Holds::Text),
    field("area_served", Word::Area, Holds::Text),
    field("focus", Word::Focus, Holds::Text),
    field("methods", Word::Methods, Holds::Text),
    field("partner", Word::Partner, Holds::Text),
];

const fn licence(code: &'static str) -> TemplateKind {
    TemplateKind::Licence(Terms::Cc(code))
}

const fn no_licence(word: Word) -> TemplateKind {
    TemplateKind::Licence(Terms::Said(word))
}

/// The versions in which Creative Commons published its licences.
const CC_VERSIONS: [&str; 5] = ["4.0", "3.0", "2.5", "2.0", "1.0"];

/// Returns the name of a template before the version that it ends in (`Cc-by-sa-3.0`), and that version.
fn split_version(name: &str) -> (&str, Option<&'static str>) {
    for version in CC_VERSIONS {
        if let Some(rest) = name.strip_suffix(version)
            && rest.ends_with(['-', ' ', '_', '/'])
        {
            return (&rest[..rest.len() - 1], Some(version));
        }
    }
    (name, None)
}

/// Returns the version of a licence as the template `name` or its first argument says it; where
/// neither does, 4.0, which the wiki's own `CC-by`, `CC-by-sa` and `CC-by-nc-sa` say.
pub(crate) fn licence_version(name: &str, first: Option<&str>) -> &'static str {
    let said = first.and_then(|first| CC_VERSIONS.into_iter().find(|v| first.trim() == *v));
    said.or(split_version(name).1).unwrap_or(CC_VERSIONS[0])
}

/// Names in lower case, `-` and `_` and `/` as blanks.
const KNOWN: &[(&str, TemplateKind)] = &[
    ("wikisprint 20m", TemplateKind::Facts(WIKISPRINT)),
    ("wikisprint 20m en", TemplateKind::Facts(WIKISPRINT)),
    ("wikisprint 20m es", TemplateKind::Facts(WIKISPRINT)),
    ("wikisprint brazil", TemplateKind::Facts(WIKISPRINT)),
    ("organization", TemplateKind::Facts(ORGANIZATION)),
    ("mc", TemplateKind::MoveCommons),
    ("cc by", licence("by")),
    ("cc by sa", licence("by-sa")),
    ("cc by nd", licence("by-nd")),
    ("cc by nc", licence("by-nc")),
    ("cc by nc sa", licence("by-nc-sa")),
    ("cc by nc nd", licence("by-nc-nd")),
    ("pd", no_licence(Word::PublicDomain)),
    ("ownwork", no_licence(Word::OwnWork)),
    ("thirdparty", no_licence(Word::ThirdParty)),
    ("unknown", no_licence(Word::UnknownLicence)),
    ("navigate nutshell", TemplateKind::Navigation),
    ("navigate nutshell fr", TemplateKind::Navigation),
    ("navigate nutshellgr", TemplateKind::Navigation),
    ("navigate last nutshell", TemplateKind::Navigation),
    ("body left nutshell", TemplateKind::Body),
    ("body left nutshell fr", TemplateKind::Body),
    ("body right nutshell", TemplateKind::Body),
    ("body right nutshell fr", TemplateKind::Body),
    ("technology box", TemplateKind::Body),
    ("box nutshell", TemplateKind::TitledBox),
    ("box overview", TemplateKind::TitledBox),
    ("box overview fr", TemplateKind::TitledBox),
    ("stub", TemplateKind::Notice(Word::Stub)),
    ("delete", TemplateKind::Notice(Word::Deletion)),
    ("section", TemplateKind::Excerpt),
    ("simplelst", TemplateKind::Excerpt),
    ("#lst", TemplateKind::Excerpt),
    ("reflist", TemplateKind::References),
    ("références", TemplateKind::References),
    ("righttoc", TemplateKind::Hidden),
    ("languages", TemplateKind::Hidden),
    ("languages lang", TemplateKind::Hidden),
    ("languages wikisprint", TemplateKind::Hidden),
    ("clear", TemplateKind::Hidden),
    ("col begin", TemplateKind::Hidden),
    ("col break", TemplateKind::Hidden),
    ("col end", TemplateKind::Hidden),
    ("#default_form", TemplateKind::Hidden),
    ("#set", TemplateKind::Hidden),
    ("#coordinates", TemplateKind::Hidden),
];

/// Returns how the template `name` is drawn, if it is one of the known ones.
///
/// Case, and which of blank, `-`, `_` and `/` stands between its words, do not matter.
pub fn known_template(name: &str) -> Option<TemplateKind> {
    let name = split_version(name).0;
    let same = |known: &str| {
        let sign = |c: char| if matches!(c, '-' | '/') { ' ' } else { c };
        known.chars().eq(name
            .chars()
            .map(|c| {
                if c == '_' && !name.starts_with('#') {
                    ' '
                } else {
                    sign(c)
                }
            })
            .flat_map(char::to_lowercase))
    };
    KNOWN
        .iter()
        .find(|(known, _)| same(known))
        .map(|(_, kind)| *kind)
}

impl TemplateKind {
    /// Whether it is drawn between paragraphs, wherever it stands.
    pub(crate) fn is_block(self) -> bool {
        !matches!(self, TemplateKind::Hidden)
    }
}

/// Returns the categories that a known template puts its page into. `suffix` is the last part of
/// the page's title, its language.
pub(crate) fn categories_of(name: &str, suffix: Option<&str>) -> Vec<&'static str> {
    let is = |known: &str| name.eq_ignore_ascii_case(known);
    if is("WikiSprint-20M") || is("WikiSprint-20M/en") || is("WikiSprint-20M/es") {
        let language = match suffix {
            Some("es") => "WikiSprints outputs/Spanish",
            Some("ca") => "WikiSprints outputs/Catalan",
            Some("eu") => "WikiSprints outputs/Basque",
            Some("pt") => "WikiSprints outputs/Portuguese",
            _ => "WikiSprints outputs/English",
        };
        return vec!["WikiSprint 20/04/2013", "WikiSprints outputs", language];
    }
    match () {
        () if is("WikiSprint-Brazil") => {
            vec!["Brazil P2P WikiSprint", "Brazil", "WikiSprints outputs"]
        }
        () if is("CC-by") => vec!["IP"],
        () if is("Delete") => vec!["DELETE"],
        () if is("Technology Box") => vec!["Intro"],
        () if is("Organization") => vec!["Organizations"],
        () if name.starts_with("Body-") || name.starts_with("Navigate-") => {
            if name.ends_with("fr") {
                vec!["En bref"]
            } else {
                vec!["In a Nutshell"]
            }
        }
        () => Vec::new(),
    }
}

/// Words that MediaWiki answers and that have no effect or no text here.
const SILENT: &[&str] = &[
    "defaultsort",
    "defaultsortkey",
    "defaultcategorysort",
    "displaytitle",
    "noexternallanglinks",
    "#externalredirect",
    "#seo",
];

/// Words that the drawing answers (`Context::magic`), with what this crate answers itself.
const MAGIC: &[&str] = &[
    "pagename",
    "pagenamee",
    "fullpagename",
    "fullpagenamee",
    "basepagename",
    "subpagename",
    "rootpagename",
    "namespace",
    "talkpagename",
    "sitename",
    "server",
    "currentyear",
    "currentmonth",
    "currentmonthname",
    "currentday",
    "currentdayname",
    "currenttime",
    "currenttimestamp",
    "localyear",
    "localmonth",
    "localday",
    "revisionid",
    "revisionday",
    "revisionday2",
    "revisionmonth",
    "revisionyear",
    "revisiontimestamp",
    "revisionuser",
    "numberofpages",
    "numberofarticles",
    "numberoffiles",
    "numberofedits",
    "numberofusers",
    "numberofactiveusers",
    "numberofadmins",
    "pagesincategory",
    "pagesincat",
    "currentversion",
];

/// What a name in braces is, before it is looked for among templates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Builtin {
    /// Nothing is shown.
    Silent,
    /// Answered where the page is drawn.
    Magic,
    /// A character.
    Char(char),
    /// The text after the colon: `{{lc:X}}`.
    Passes,
}

/// Returns what `name` (to the colon) is, if MediaWiki itself answers it.
pub(crate) fn builtin(name: &str) -> Option<Builtin> {
    let is = |known: &&str| known.eq_ignore_ascii_case(name);
    match name {
        "!" => Some(Builtin::Char('|')),
        "=" => Some(Builtin::Char('=')),
        _ if SILENT.iter().any(is) => Some(Builtin::Silent),
        _ if MAGIC.iter().any(is) => Some(Builtin::Magic),
        _ if [
            "lc",
            "uc",
            "lcfirst",
            "ucfirst",
            "formatnum",
            "urlencode",
            "anchorencode",
        ]
        .iter()
        .any(is) =>
        {
            Some(Builtin::Passes)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_in_every_spelling() {
        for name in ["WikiSprint-20M", "wikisprint_20M", "WikiSprint-20M/es"] {
            assert!(
                matches!(known_template(name), Some(TemplateKind::Facts(_))),
                "{name}"
            );
        }
        assert_eq!(known_template("#default_form"), Some(TemplateKind::Hidden));
        assert_eq!(known_template("Nobody knows"), None);
    }

    #[test]
    fn a_licence_has_the_version_that_its_template_says() {
        assert_eq!(known_template("cc-by-sa-3.0"), known_template("CC-by-sa"));
        assert_eq!(licence_version("Cc-by-sa-3.0", None), "3.0");
        assert_eq!(licence_version("CC-by", Some(" 2.5 ")), "2.5");
        assert_eq!(licence_version("CC-by", Some("Ana")), "4.0");
    }
}
