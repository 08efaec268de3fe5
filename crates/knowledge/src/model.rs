//! The nouns: names, articles, and the body of their records.

use record::{Draft, Language, Record, RecordId, Space, Timestamp};
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// What a page is. User pages and templates are kinds of their own, not articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A page of knowledge.
    Article,
    /// A theme, and what is said of it.
    Category,
    /// The page of a picture or another file.
    File,
    /// A person's page, brought in from a wiki.
    User,
    /// A template of a wiki.
    Template,
    /// Help, forms, the wiki's own messages.
    Project,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Article,
        Self::Category,
        Self::File,
        Self::User,
        Self::Template,
        Self::Project,
    ];

    /// Returns the word used in tables, JSON and facets.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Category => "category",
            Self::File => "file",
            Self::User => "user",
            Self::Template => "template",
            Self::Project => "project",
        }
    }

    /// Parses what [`Kind::as_str`] gives.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Returns where its pages stand: `/articles/…`.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Article => "/articles/",
            Self::Category => "/categories/",
            Self::File => "/files/",
            Self::User => "/users/",
            Self::Template => "/templates/",
            Self::Project => "/pages/",
        }
    }

    /// Returns the kind of a MediaWiki namespace.
    #[must_use]
    pub fn of_namespace(namespace: i32) -> Self {
        match namespace {
            0 => Self::Article,
            2 => Self::User,
            6 => Self::File,
            10 => Self::Template,
            14 => Self::Category,
            _ => Self::Project,
        }
    }

    /// Returns the namespace that stands for the kind in a wiki's markup.
    #[must_use]
    pub fn namespace(self) -> i32 {
        match self {
            Self::Article => 0,
            Self::User => 2,
            Self::File => 6,
            Self::Template => 10,
            Self::Category => 14,
            Self::Project => 4,
        }
    }
}

/// The names of namespaces and interwiki prefixes that markup is read with.
pub static SITE: LazyLock<wikitext::Site> = LazyLock::new(wikitext::Site::default);

/// Returns [`SITE`] with the namespaces that a text's own wiki has besides, or calls by another name.
#[must_use]
pub fn site_of(article: &Article) -> Cow<'static, wikitext::Site> {
    let own = article.own_namespaces();
    if own.is_empty() {
        return Cow::Borrowed(&SITE);
    }
    let mut site = SITE.clone();
    for (key, name) in own {
        match site.namespaces.iter_mut().find(|n| n.key == *key) {
            Some(known) => {
                let before = std::mem::replace(&mut known.name, name.clone());
                known.aliases.push(before);
            }
            None => site.namespaces.push(wikitext::Namespace {
                key: *key,
                name: name.clone(),
                aliases: Vec::new(),
            }),
        }
    }
    Cow::Owned(site)
}

/// The name of a page: its kind, and its title without the namespace.
///
/// A [`Kind::Project`] page keeps its namespace in the title (`Help:Contents`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name {
    kind: Kind,
    title: String,
}

impl Name {
    /// Longest title in bytes: what MediaWiki allows, so that each of its titles fits.
    pub const LONGEST: usize = 255;

    /// Builds a name: `_` becomes a space, spaces are collapsed, the text is NFC.
    ///
    /// # Errors
    /// A sentence that says which character or length is not allowed.
    pub fn new(kind: Kind, title: &str) -> Result<Self, String> {
        let mut clean = String::with_capacity(title.len());
        let mut gap = false;
        let plain = title.is_ascii();
        let mut composed = title.nfc();
        let mut ascii = title.chars();
        // ASCII is composed already, and most titles are ASCII.
        while let Some(c) = if plain { ascii.next() } else { composed.next() } {
            if c == '_' || c.is_whitespace() {
                gap = !clean.is_empty();
            } else if c.is_control()
                || matches!(
                    c,
                    '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{FEFF}'
                )
                || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
            {
                // Direction marks come along when titles are pasted; no title needs them.
            } else {
                if gap {
                    clean.push(' ');
                    gap = false;
                }
                clean.push(c);
            }
        }
        if clean.is_empty() {
            return Err("a title needs at least one character".to_owned());
        }
        if clean.len() > Self::LONGEST {
            return Err(format!(
                "a title may have 255 bytes, this one has {}: “{}…”",
                clean.len(),
                clean.chars().take(40).collect::<String>()
            ));
        }
        if let Some(bad) = clean.chars().find(|c| {
            matches!(
                c,
                '[' | ']' | '{' | '}' | '|' | '<' | '>' | '#' | '\u{FFFD}'
            )
        }) {
            return Err(format!("a title may not contain “{bad}”: “{clean}”"));
        }
        if clean.split('/').any(|step| matches!(step, "." | "..")) {
            return Err(format!(
                "a title may not have “.” or “..” as a step, for browsers would go there: “{clean}”"
            ));
        }
        Ok(Self { kind, title: clean })
    }

    /// Returns the name that a wiki's title stands for.
    #[must_use]
    pub fn of_wiki(title: &wikitext::Title) -> Option<Self> {
        Self::of_site(&SITE, title)
    }

    /// Returns whether a reader who types the title gets to this page, and sees all of the title: it does not begin
    /// like one of another kind, and has no sign that leaves no mark.
    #[must_use]
    pub fn is_readable(&self) -> bool {
        if self.title.chars().any(people::is_unseen) {
            return false;
        }
        let read = SITE.title(&self.wiki_title(), 0).ok();
        let read = read.and_then(|title| Self::of_wiki(&title));
        read.is_some_and(|read| read.first_upper() == self.first_upper())
    }

    /// Reads what [`Name::wiki_title`] gives, and nothing else: `%2F` and `&amp;` stay what they are.
    #[must_use]
    pub fn exactly(wiki_title: &str) -> Option<Self> {
        let named = [
            ("Category:", Kind::Category),
            ("File:", Kind::File),
            ("User:", Kind::User),
            ("Template:", Kind::Template),
        ];
        let found = named
            .into_iter()
            .find_map(|(prefix, kind)| Some((kind, wiki_title.strip_prefix(prefix)?)));
        let (kind, title) = found.unwrap_or((Kind::Article, wiki_title));
        Self::new(kind, title).ok()
    }

    /// Returns the name that a title of a wiki with its own namespaces stands for.
    #[must_use]
    pub fn of_site(site: &wikitext::Site, title: &wikitext::Title) -> Option<Self> {
        let kind = Kind::of_namespace(title.namespace);
        if kind == Kind::Project {
            return Self::new(kind, &site.full(title)).ok();
        }
        Self::new(kind, &title.text).ok()
    }

    /// Returns the same name with its first letter upper-case, as a wiki with the first-letter rule means it.
    #[must_use]
    pub fn first_upper(&self) -> Self {
        let mut chars = self.title.chars();
        let title = match chars.next() {
            Some(first) if first.is_lowercase() => first.to_uppercase().chain(chars).collect(),
            _ => self.title.clone(),
        };
        Self {
            kind: self.kind,
            title,
        }
    }

    /// Returns the kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns the title.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Returns the key by which others mention the page: `article:Commons`.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}:{}", self.kind.as_str(), self.title)
    }

    /// Parses a key.
    #[must_use]
    pub fn parse_key(key: &str) -> Option<Self> {
        let (kind, title) = key.split_once(':')?;
        Some(Self {
            kind: Kind::parse(kind)?,
            title: title.to_owned(),
        })
    }

    /// Returns the address of the page, from the root.
    #[must_use]
    pub fn href(&self) -> String {
        format!("{}{}", self.kind.path(), site::encode_title(&self.title))
    }

    /// Returns the title as a wiki writes it, with its namespace.
    #[must_use]
    pub fn wiki_title(&self) -> String {
        match self.kind {
            Kind::Article | Kind::Project => self.title.clone(),
            Kind::Category => format!("Category:{}", self.title),
            Kind::File => format!("File:{}", self.title),
            Kind::User => format!("User:{}", self.title),
            Kind::Template => format!("Template:{}", self.title),
        }
    }

    /// Returns the page whose translation this is by its title, and the language: `Commons/es`.
    #[must_use]
    pub fn translation(&self) -> Option<(Self, &str)> {
        let (base, code) = self.title.rsplit_once('/')?;
        (self.kind == Kind::Article && !base.is_empty() && LANGUAGES.contains(&code)).then(|| {
            (
                Self {
                    kind: self.kind,
                    title: base.to_owned(),
                },
                code,
            )
        })
    }
}

/// Languages that a sub-page's name may stand for: not every code of ISO 639, since `Title/as` or
/// `Title/to` is no translation.
/// Source: ISO 639-1 and 639-3 codes of the languages met in free wikis, and of the Andes.
pub const LANGUAGES: &[&str] = &[
    "ar", "ay", "bg", "br", "ca", "cs", "da", "de", "el", "en", "eo", "es", "et", "eu", "fa", "fi",
    "fr", "gl", "gn", "he", "hi", "hr", "hu", "id", "it", "ja", "ko", "nl", "no", "pl", "pt",
    "pt-br", "qu", "ro", "ru", "shu", "sk", "sl", "sr", "sv", "tr", "uk", "zh",
];

/// How an article's text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// CommonMark with tables and footnotes.
    Markdown,
    /// MediaWiki's markup.
    Wikitext,
}

impl Media {
    /// Returns the media type.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Markdown => "text/markdown",
            Self::Wikitext => "text/x-wiki",
        }
    }
}

/// Where an imported text came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The wiki's name.
    pub site: String,
    /// The namespace's number there.
    pub namespace: i32,
    /// The title there.
    pub title: String,
    /// The revision's number there.
    pub revision: String,
    /// SHA-256 of the text, in hexadecimal.
    pub sha256: String,
    /// Namespaces that only this wiki has, or calls so, of those that the text names: number and name.
    pub namespaces: Vec<(i32, String)>,
}

/// What a translation is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original {
    /// The id of the page's thing.
    pub thing: RecordId,
    /// The revision that was translated.
    pub revision: record::Hash,
}

/// A file that belongs to a file page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// SHA-256, in hexadecimal.
    pub sha256: String,
    /// The media type, by its content.
    pub media_type: String,
    /// Length in bytes.
    pub length: u64,
    /// A picture's width in pixels; 0 where it is not known.
    pub width: u32,
    /// A picture's height in pixels; 0 where it is not known.
    pub height: u32,
}

/// One revision of an article: the body of a record of type `Article`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// Kind and title.
    pub name: Name,
    /// The text.
    pub content: String,
    /// How the text is written.
    pub media: Media,
    /// The text's language.
    pub language: String,
    /// The licence, as an SPDX identifier or a name.
    pub licence: String,
    /// `written`, `translated`, `imported` or `machine-assisted`.
    pub provenance: String,
    /// What was changed, in the author's words.
    pub summary: String,
    /// The original authors as text, for what was imported.
    pub attribution: String,
    /// Who made this revision, as text, for what was imported.
    pub contributor: String,
    /// Whether the change was small.
    pub minor: bool,
    /// The title of the page that this one translates, where its own title does not say so.
    pub translation_of: Option<String>,
    /// The themes of a Markdown text; wikitext names its own within.
    pub categories: Vec<String>,
    /// The page that this one translates, and the revision of it that was translated.
    pub original: Option<Original>,
    /// Which machine helped, and for what; empty unless the provenance says so.
    pub machine: String,
    /// Namespaces of the wiki from which an earlier revision came: number and name.
    pub namespaces: Vec<(i32, String)>,
    /// Where it came from.
    pub source: Option<Source>,
    /// The file that the page describes.
    pub attachment: Option<Attachment>,
}

impl Article {
    /// The type of its records.
    pub const TYPE: &'static str = "Article";
    /// The version of its records' body.
    pub const VERSION: u32 = 1;
    /// The longest text in bytes: 32 MiB.
    pub const LONGEST: usize = 32 << 20;

    /// Returns an article before anything was written.
    #[must_use]
    pub fn blank(name: Name) -> Self {
        Self {
            name,
            content: String::new(),
            media: Media::Markdown,
            language: String::new(),
            licence: String::new(),
            provenance: String::new(),
            summary: String::new(),
            attribution: String::new(),
            contributor: String::new(),
            minor: false,
            translation_of: None,
            categories: Vec::new(),
            original: None,
            machine: String::new(),
            namespaces: Vec::new(),
            source: None,
            attachment: None,
        }
    }

    /// Reads the body of a record.
    ///
    /// # Errors
    /// A sentence that names the field which is missing or wrong.
    pub fn of(record: &Record) -> Result<Self, String> {
        let text = |name: &str| {
            record
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let title = record
            .get("name")
            .and_then(Value::as_str)
            .ok_or("the field “name” is missing")?;
        let kind = match record.get("pageKind").and_then(Value::as_str) {
            None => Kind::Article,
            Some(word) => {
                Kind::parse(word).ok_or_else(|| format!("“{word}” is no kind of page"))?
            }
        };
        let content = record
            .get("content")
            .and_then(Value::as_str)
            .ok_or("the field “content” is missing")?;
        if content.len() > Self::LONGEST {
            return Err(format!(
                "the text has {} bytes, at most 33554432 are taken",
                content.len()
            ));
        }
        let media = match record.get("mediaType").and_then(Value::as_str) {
            Some("text/x-wiki") => Media::Wikitext,
            Some("text/markdown") | None => Media::Markdown,
            Some(other) => return Err(format!("texts of type “{other}” are not understood")),
        };
        let language = text("language");
        Language::parse(&language).map_err(|e| format!("the language “{language}”: {e}"))?;
        let source = record
            .get("source")
            .and_then(Value::as_object)
            .map(|source| {
                let text = |name: &str| {
                    source
                        .get(name)
                        .and_then(Value::as_str)
                        .unwrap_or_default()
                        .to_owned()
                };
                Source {
                    site: text("site"),
                    namespace: source.get("namespace").and_then(Value::as_i64).unwrap_or(0) as i32,
                    title: text("title"),
                    revision: text("revision"),
                    sha256: text("sha256"),
                    namespaces: namespaces_of(source.get("namespaces")),
                }
            });
        let attachment = record
            .get("file")
            .and_then(Value::as_object)
            .map(|file| Attachment {
                sha256: file
                    .get("sha256")
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned(),
                media_type: file
                    .get("mediaType")
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned(),
                length: file.get("length").and_then(Value::as_u64).unwrap_or(0),
                width: pixels(file, "width"),
                height: pixels(file, "height"),
            });
        Ok(Self {
            name: Name::new(kind, title)?,
            content: content.to_owned(),
            media,
            language,
            licence: text("licence"),
            provenance: text("provenance"),
            summary: text("summary"),
            attribution: text("attribution"),
            contributor: text("contributor"),
            minor: record
                .get("minor")
                .and_then(Value::as_bool)
                .unwrap_or(false),
            translation_of: record
                .get("translationOf")
                .and_then(Value::as_str)
                .map(str::to_owned),
            categories: record
                .get("categories")
                .and_then(Value::as_array)
                .map(|list| {
                    list.iter()
                        .filter_map(Value::as_str)
                        .map(str::to_owned)
                        .collect()
                })
                .unwrap_or_default(),
            original: match (
                record.get("translates").and_then(Value::as_str),
                record.get("translatedRevision").and_then(Value::as_str),
            ) {
                (Some(thing), Some(revision)) => Some(Original {
                    thing: RecordId::parse(thing)
                        .map_err(|error| format!("the field “translates”: {error}"))?,
                    revision: record::Hash::parse(revision)
                        .map_err(|error| format!("the field “translatedRevision”: {error}"))?,
                }),
                _ => None,
            },
            machine: text("assistedBy"),
            namespaces: namespaces_of(record.get("namespaces")),
            source,
            attachment,
        })
    }

    /// Returns the namespaces of the wiki that its markup is of: number and name.
    #[must_use]
    pub fn own_namespaces(&self) -> &[(i32, String)] {
        match &self.source {
            Some(source) => &source.namespaces,
            None => &self.namespaces,
        }
    }

    /// Returns the draft of its record.
    #[must_use]
    pub fn draft(
        self,
        commons: record::Did,
        space: Space,
        published: Timestamp,
        thing: Option<RecordId>,
        replaces: Vec<record::Hash>,
    ) -> Draft {
        let mut body = Map::new();
        let mut put = |name: &str, value: String| {
            if !value.is_empty() {
                body.insert(name.to_owned(), Value::String(value));
            }
        };
        put("name", self.name.title);
        put("mediaType", self.media.as_str().to_owned());
        put("language", self.language);
        put("licence", self.licence);
        put("provenance", self.provenance);
        put("summary", self.summary);
        put("attribution", self.attribution);
        put("contributor", self.contributor);
        put("assistedBy", self.machine);
        body.insert("content".to_owned(), Value::String(self.content));
        if self.name.kind != Kind::Article {
            body.insert("pageKind".to_owned(), self.name.kind.as_str().into());
        }
        if self.minor {
            body.insert("minor".to_owned(), true.into());
        }
        if let Some(of) = self.translation_of {
            body.insert("translationOf".to_owned(), of.into());
        }
        if !self.categories.is_empty() {
            body.insert("categories".to_owned(), self.categories.into());
        }
        if let Some(original) = self.original {
            body.insert("translates".to_owned(), original.thing.as_str().into());
            let revision = original.revision.to_string();
            body.insert("translatedRevision".to_owned(), revision.into());
        }
        if !self.namespaces.is_empty() {
            body.insert("namespaces".to_owned(), namespaces_json(self.namespaces));
        }
        if let Some(source) = self.source {
            let mut of = json!({"site": source.site, "namespace": source.namespace, "title": source.title,
                       "revision": source.revision, "sha256": source.sha256});
            if !source.namespaces.is_empty() {
                of["namespaces"] = namespaces_json(source.namespaces);
            }
            body.insert("source".to_owned(), of);
        }
        if let Some(file) = self.attachment {
            let mut of =
                json!({"sha256": file.sha256, "mediaType": file.media_type, "length": file.length});
            if file.width > 0 && file.height > 0 {
                of["width"] = file.width.into();
                of["height"] = file.height.into();
            }
            body.insert("file".to_owned(), of);
        }
        Draft {
            kind: "article".into(),
            type_name: Self::TYPE.into(),
            version: Self::VERSION,
            commons,
            space,
            thing,
            replaces,
            published,
            body,
        }
    }
}

fn namespaces_of(value: Option<&Value>) -> Vec<(i32, String)> {
    let pairs = value.and_then(Value::as_object).into_iter().flatten();
    pairs
        .filter_map(|(key, name)| Some((key.parse().ok()?, name.as_str()?.to_owned())))
        .collect()
}

fn namespaces_json(namespaces: Vec<(i32, String)>) -> Value {
    let pairs = namespaces.into_iter();
    pairs
        .map(|(key, name)| (key.to_string(), Value::String(name)))
        .collect::<Map<_, _>>()
        .into()
}

fn pixels(file: &Map<String, Value>, side: &str) -> u32 {
    let said = file.get(side).and_then(Value::as_u64).unwrap_or(0);
    u32::try_from(said).unwrap_or(0)
}

/// Returns a text folded for sorting and loose comparison: lower case, no accents, no punctuation at the start.
#[must_use]
pub fn fold(text: &str) -> String {
    let folded: String = text
        .nfkd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect();
    folded
        .trim_start_matches(|c: char| !c.is_alphanumeric())
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Kind, Name, fold};

    #[test]
    fn a_name_is_cleaned_and_bad_ones_say_why() {
        let name = Name::new(Kind::Article, "  peer_to  peer ").expect("a good title");
        assert_eq!(name.title(), "peer to peer");
        assert_eq!(name.first_upper().title(), "Peer to peer");
        assert_eq!(name.key(), "article:peer to peer");
        assert_eq!(name.href(), "/articles/peer_to_peer");
        assert_eq!(
            Name::new(Kind::Article, "a|b").expect_err("a bar"),
            "a title may not contain “|”: “a|b”"
        );
        assert!(Name::new(Kind::Article, " _ ").is_err());
        assert!(Name::new(Kind::Article, &"x".repeat(256)).is_err());
    }

    #[test]
    fn a_language_subpage_is_a_translation_and_other_subpages_are_not() {
        let name = Name::new(Kind::Article, "Commons/es").expect("good");
        assert_eq!(
            name.translation().map(|(n, l)| (n.title().to_owned(), l)),
            Some(("Commons".to_owned(), "es"))
        );
        assert!(
            Name::new(Kind::Article, "Commons/part two")
                .expect("good")
                .translation()
                .is_none()
        );
    }

    #[test]
    fn sorting_ignores_case_accents_and_leading_signs() {
        assert_eq!(fold("(Re)localización"), "re)localizacion");
        assert_eq!(fold("Élan"), "elan");
    }
}
