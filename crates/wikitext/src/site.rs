//! What a wiki calls its rooms: namespaces, interwiki prefixes, and the case of first letters.

use crate::title::{LinkTarget, Title, TitleError, clean, upper_first};

/// The number of the namespace of files (`File:`).
pub const FILE: i32 = 6;
/// The number of the namespace of media, whose links lead to a file itself (`Media:`).
pub const MEDIA: i32 = -2;
/// The number of the namespace of templates.
pub const TEMPLATE: i32 = 10;
/// The number of the namespace of categories.
pub const CATEGORY: i32 = 14;

/// A namespace of a wiki.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namespace {
    /// MediaWiki's number: 0 articles, 6 files, 14 categories, odd ones talk pages.
    pub key: i32,
    /// The name that the wiki itself writes; empty for articles.
    pub name: String,
    /// Other names that lead here, in any case.
    pub aliases: Vec<String>,
}

/// What must be known of a wiki to read its titles and links.
///
/// The default is MediaWiki's English names with their Spanish, French, German, Portuguese, Italian
/// and Dutch twins, and the usual interwiki prefixes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The namespaces.
    pub namespaces: Vec<Namespace>,
    /// Prefixes of links to other wikis, in lower case, with their address; `$1` stands for the
    /// title. A prefix that is a language code makes a link to the same page in that language.
    pub interwiki: Vec<(String, String)>,
    /// Whether the first letter of a title is always a capital one (`$wgCapitalLinks`).
    pub first_letter: bool,
}

/// Names and aliases. Source: the `$namespaceNames` and `$namespaceAliases` that MediaWiki's
/// message files publish for en, es, fr, de, pt, it and nl.
const NAMESPACES: &[(i32, &str, &str)] = &[
    (MEDIA, "Media", "Medio|Média|Medium|Multimédia"),
    (-1, "Special", "Especial|Spécial|Spezial|Speciale|Speciaal"),
    (0, "", ""),
    (
        1,
        "Talk",
        "Discusión|Discussion|Diskussion|Discussão|Discussione|Overleg",
    ),
    (
        2,
        "User",
        "Usuario|Usuaria|Utilisateur|Utilisatrice|Benutzer|Benutzerin|Usuário|Usuária|Utilizador|Utilizadora|Utente|Gebruiker",
    ),
    (
        3,
        "User talk",
        "Usuario discusión|Usuaria discusión|Discussion utilisateur|Benutzer Diskussion|Usuário Discussão|Utilizador Discussão|Discussioni utente|Overleg gebruiker",
    ),
    (4, "Project", ""),
    (5, "Project talk", ""),
    (
        FILE,
        "File",
        "Image|Archivo|Imagen|Fichier|Datei|Bild|Ficheiro|Arquivo|Imagem|Immagine|Bestand|Afbeelding",
    ),
    (
        7,
        "File talk",
        "Image talk|Archivo discusión|Imagen discusión|Discussion fichier|Datei Diskussion|Ficheiro Discussão|Discussioni file|Overleg bestand",
    ),
    (8, "MediaWiki", ""),
    (9, "MediaWiki talk", ""),
    (
        TEMPLATE,
        "Template",
        "Plantilla|Modèle|Vorlage|Predefinição|Sjabloon",
    ),
    (
        11,
        "Template talk",
        "Plantilla discusión|Discussion modèle|Vorlage Diskussion|Predefinição Discussão|Discussioni template|Overleg sjabloon",
    ),
    (12, "Help", "Ayuda|Aide|Hilfe|Ajuda|Aiuto"),
    (
        13,
        "Help talk",
        "Ayuda discusión|Discussion aide|Hilfe Diskussion|Ajuda Discussão|Overleg help",
    ),
    (
        CATEGORY,
        "Category",
        "Categoría|Catégorie|Kategorie|Categoria|Categorie",
    ),
    (
        15,
        "Category talk",
        "Categoría discusión|Discussion catégorie|Kategorie Diskussion|Categoria Discussão|Discussioni categoria|Overleg categorie",
    ),
];

/// Source: the interwiki map that a new MediaWiki is installed with, and Wikimedia's projects.
const PROJECTS: &[(&str, &str)] = &[
    ("wikipedia", "https://en.wikipedia.org/wiki/$1"),
    ("w", "https://en.wikipedia.org/wiki/$1"),
    ("wiktionary", "https://en.wiktionary.org/wiki/$1"),
    ("wikt", "https://en.wiktionary.org/wiki/$1"),
    ("wikibooks", "https://en.wikibooks.org/wiki/$1"),
    ("wikinews", "https://en.wikinews.org/wiki/$1"),
    ("wikiquote", "https://en.wikiquote.org/wiki/$1"),
    ("wikisource", "https://wikisource.org/wiki/$1"),
    ("wikiversity", "https://en.wikiversity.org/wiki/$1"),
    ("wikivoyage", "https://en.wikivoyage.org/wiki/$1"),
    ("wikidata", "https://www.wikidata.org/wiki/$1"),
    ("commons", "https://commons.wikimedia.org/wiki/$1"),
    ("meta", "https://meta.wikimedia.org/wiki/$1"),
    ("m", "https://meta.wikimedia.org/wiki/$1"),
    ("mediawikiwiki", "https://www.mediawiki.org/wiki/$1"),
    ("mw", "https://www.mediawiki.org/wiki/$1"),
    ("doi", "https://doi.org/$1"),
];

/// Languages of Wikipedia with many articles or used by Minga's readers; as prefixes they make
/// language links.
const LANGUAGES: &[&str] = &[
    "af", "ar", "ast", "ay", "bg", "bn", "br", "ca", "cs", "cy", "da", "de", "el", "en", "eo",
    "es", "et", "eu", "fa", "fi", "fr", "ga", "gl", "gn", "gu", "he", "hi", "hr", "hu", "id", "it",
    "ja", "ka", "ko", "lt", "lv", "mk", "mr", "ms", "nah", "nl", "no", "oc", "pl", "pt", "qu",
    "ro", "ru", "sh", "si", "sk", "sl", "sq", "sr", "sv", "ta", "te", "th", "tr", "uk", "ur", "vi",
    "zh", "zh-yue",
];

impl Default for Site {
    fn default() -> Self {
        let namespaces = NAMESPACES
            .iter()
            .map(|&(key, name, aliases)| Namespace {
                key,
                name: name.to_owned(),
                aliases: aliases
                    .split('|')
                    .filter(|a| !a.is_empty())
                    .map(str::to_owned)
                    .collect(),
            })
            .collect();
        let mut interwiki: Vec<(String, String)> = PROJECTS
            .iter()
            .map(|&(prefix, url)| (prefix.to_owned(), url.to_owned()))
            .collect();
        interwiki.extend(LANGUAGES.iter().map(|code| {
            (
                (*code).to_owned(),
                format!("https://{code}.wikipedia.org/wiki/$1"),
            )
        }));
        Self {
            namespaces,
            interwiki,
            first_letter: true,
        }
    }
}

impl Site {
    /// Returns the title that `raw` names; without a prefix it lies in `default_ns`.
    ///
    /// Underscores and repeated blanks become one space, entities and `%XX` are decoded, and a
    /// leading `:` is dropped, as MediaWiki does.
    ///
    /// # Errors
    /// [`TitleError`] says which character or length MediaWiki would not accept.
    pub fn title(&self, raw: &str, default_ns: i32) -> Result<Title, TitleError> {
        let text = clean(raw)?;
        let text = text.strip_prefix(':').map_or(&*text, str::trim_start);
        self.title_of_clean(text, default_ns)
    }

    /// Returns where the inside of a link, `raw`, leads: a page, a place in it, another wiki.
    ///
    /// `page` is the page that holds the link; `/sub` and `../` are read relative to it.
    ///
    /// # Errors
    /// [`TitleError`], as [`Site::title`].
    pub fn target(&self, raw: &str, page: Option<&Title>) -> Result<LinkTarget, TitleError> {
        let (name, anchor) = match raw.split_once('#') {
            Some((name, anchor)) => (name, Some(anchor)),
            None => (raw, None),
        };
        let anchor = anchor
            .map(|a| {
                crate::entity::decode_all(&a.replace('_', " "))
                    .trim()
                    .to_owned()
            })
            .filter(|a| !a.is_empty());
        if name.trim().is_empty() {
            let Some(anchor) = anchor else {
                return Err(TitleError::Empty);
            };
            let title = Title {
                namespace: 0,
                text: String::new(),
            };
            return Ok(LinkTarget {
                interwiki: None,
                title,
                anchor: Some(anchor),
            });
        }
        let text = clean(name)?;
        let mut text: &str = text.strip_prefix(':').map_or(&*text, str::trim_start);
        if let Some(page) = page
            && let Some(title) = subpage(text, page)
        {
            return Ok(LinkTarget {
                interwiki: None,
                title,
                anchor,
            });
        }
        if let Some((prefix, rest)) = text.split_once(':')
            && self.namespace(prefix.trim_end()).is_none()
            && let Some((known, _)) = self.interwiki_of(prefix.trim())
        {
            text = rest.trim_start();
            let title = Title {
                namespace: 0,
                text: text.to_owned(),
            };
            return Ok(LinkTarget {
                interwiki: Some(known.clone()),
                title,
                anchor,
            });
        }
        Ok(LinkTarget {
            interwiki: None,
            title: self.title_of_clean(text, 0)?,
            anchor,
        })
    }

    /// Returns the whole name of `title`, with its namespace: `Category:Seeds`.
    pub fn full(&self, title: &Title) -> String {
        match self.namespace_name(title.namespace) {
            "" => title.text.clone(),
            name => format!("{name}:{}", title.text),
        }
    }

    /// Returns the address of `title` in the wiki that `prefix` stands for.
    pub fn interwiki_url(&self, prefix: &str, title: &str) -> Option<String> {
        let (_, pattern) = self.interwiki_of(prefix)?;
        Some(pattern.replace("$1", &crate::url::encode_title(title)))
    }

    /// Returns the number of the namespace that `name` (or an alias) stands for, in any case.
    pub fn namespace(&self, name: &str) -> Option<i32> {
        if name.is_empty() {
            return None;
        }
        // Nearly all are written with the wiki's own names; those go before aliases.
        let own = self.namespaces.iter().find(|ns| same_name(&ns.name, name));
        let alias = || {
            self.namespaces
                .iter()
                .find(|ns| ns.aliases.iter().any(|alias| same_name(alias, name)))
        };
        own.or_else(alias).map(|ns| ns.key)
    }

    /// Returns the name that the wiki gives to the namespace `key`, empty if it has none.
    pub fn namespace_name(&self, key: i32) -> &str {
        self.namespaces
            .iter()
            .find(|ns| ns.key == key)
            .map_or("", |ns| ns.name.as_str())
    }

    pub(crate) fn interwiki_of(&self, prefix: &str) -> Option<&(String, String)> {
        self.interwiki
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(prefix))
    }

    /// Reads a namespace, then the rest, of a text that [`clean`] has been through.
    fn title_of_clean(&self, text: &str, default_ns: i32) -> Result<Title, TitleError> {
        let (namespace, rest) = match text.split_once(':') {
            Some((prefix, rest)) => match self.namespace(prefix.trim_end()) {
                Some(key) => (key, rest.trim_start()),
                None => (default_ns, text),
            },
            None => (default_ns, text),
        };
        if rest.is_empty() {
            return Err(TitleError::Empty);
        }
        crate::title::check(rest)?;
        let text = if self.first_letter {
            upper_first(rest)
        } else {
            rest.to_owned()
        };
        Ok(Title { namespace, text })
    }
}

/// Whether `code` is one of the languages whose prefix makes a language link.
pub(crate) fn is_language(code: &str) -> bool {
    LANGUAGES
        .iter()
        .any(|known| known.eq_ignore_ascii_case(code))
}

fn same_name(known: &str, name: &str) -> bool {
    if known.is_ascii() {
        return known.eq_ignore_ascii_case(name);
    }
    known
        .chars()
        .flat_map(char::to_lowercase)
        .eq(name.chars().flat_map(char::to_lowercase))
}

/// `/sub` and `../` relative to `page`; `None` where `text` is neither.
fn subpage(text: &str, page: &Title) -> Option<Title> {
    let of = |text: String| Title {
        namespace: page.namespace,
        text,
    };
    if let Some(rest) = text.strip_prefix('/') {
        let rest = rest.trim_end_matches('/');
        return (!rest.is_empty()).then(|| of(format!("{}/{rest}", page.text)));
    }
    let mut base = page.text.as_str();
    let mut rest = text;
    while let Some(after) = rest.strip_prefix("../") {
        base = base.rsplit_once('/').map(|(parent, _)| parent)?;
        rest = after;
    }
    if rest.len() == text.len() {
        return None;
    }
    let rest = rest.trim_end_matches('/');
    Some(of(if rest.is_empty() {
        base.to_owned()
    } else {
        format!("{base}/{rest}")
    }))
}
