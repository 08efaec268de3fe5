//! The words of the interface, in Spanish and English, from Fluent catalogues.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::collections::HashMap;
use std::sync::RwLock;
use unic_langid::LanguageIdentifier;

/// A language in which the interface is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lang {
    /// Spanish.
    Es,
    /// English.
    En,
}

impl Lang {
    /// Every language of the interface.
    pub const ALL: [Self; 2] = [Self::Es, Self::En];

    /// Returns the BCP 47 tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Es => "es",
            Self::En => "en",
        }
    }

    /// Returns a text between the marks of quotation of this language.
    #[must_use]
    pub fn quoted(self, text: &str) -> String {
        match self {
            Self::Es => format!("«{text}»"),
            Self::En => format!("“{text}”"),
        }
    }

    /// Returns the language's name in itself.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Es => "Español",
            Self::En => "English",
        }
    }

    /// Parses a tag, of which only the primary part counts.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next()?.trim();
        Self::ALL
            .into_iter()
            .find(|lang| lang.tag().eq_ignore_ascii_case(primary))
    }

    /// Chooses from an `Accept-Language` header; none if it names neither.
    #[must_use]
    pub fn from_header(header: &str) -> Option<Self> {
        let mut best: Option<(f32, Self)> = None;
        for part in header.split(',') {
            let mut pieces = part.split(';');
            let Some(lang) = pieces.next().and_then(Self::parse) else {
                continue;
            };
            let quality = pieces
                .find_map(|p| p.trim().strip_prefix("q="))
                .map_or(1.0, |q| q.parse().unwrap_or(0.0));
            if quality > 0.0 && best.is_none_or(|(q, _)| quality > q) {
                best = Some((quality, lang));
            }
        }
        best.map(|(_, lang)| lang)
    }
}

/// The catalogue of one language.
pub struct Words {
    lang: Lang,
    bundle: FluentBundle<FluentResource>,
    /// Messages without arguments, formatted once.
    plain: HashMap<String, String>,
    /// Messages with arguments as they were formatted lately, by key and arguments: every page says how
    /// long it is and where it came from.
    said: RwLock<HashMap<String, String>>,
}

/// How many messages with arguments are remembered.
const MOST_SAID: usize = 8_192;

impl Words {
    /// Puts together the catalogues of `lang`; also returns what is wrong with them.
    #[must_use]
    pub fn new(lang: Lang, sources: &[&'static str]) -> (Self, Vec<String>) {
        let mut problems = Vec::new();
        let id: LanguageIdentifier = lang.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        bundle.set_use_isolating(false);
        let mut plain = HashMap::new();
        for source in sources {
            let resource =
                FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(r, errors)| {
                    problems.extend(errors.iter().map(|e| format!("{}: {e}", lang.tag())));
                    r
                });
            if let Err(errors) = bundle.add_resource(resource) {
                problems.extend(errors.iter().map(|e| format!("{}: {e}", lang.tag())));
            }
            for line in source.lines() {
                let Some((key, _)) = line.split_once('=') else {
                    continue;
                };
                let key = key.trim();
                if key.is_empty() || !key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
                    continue;
                }
                let Some(pattern) = bundle.get_message(key).and_then(|m| m.value()) else {
                    continue;
                };
                let mut errors = Vec::new();
                let text = bundle
                    .format_pattern(pattern, None, &mut errors)
                    .into_owned();
                if errors.is_empty() {
                    plain.insert(key.to_owned(), text);
                }
            }
        }
        (
            Self {
                lang,
                bundle,
                plain,
                said: RwLock::default(),
            },
            problems,
        )
    }

    /// Returns the language.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// Returns a message without arguments; its key where it is missing, so that it is seen.
    #[must_use]
    pub fn t<'a>(&'a self, key: &'a str) -> &'a str {
        self.plain.get(key).map_or(key, String::as_str)
    }

    /// Returns a message without arguments, if there is one.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<&str> {
        self.plain.get(key).map(String::as_str)
    }

    /// Returns a message with arguments. Numbers stand as this language writes them.
    #[must_use]
    pub fn tf(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        let mut name = key.to_owned();
        for (_, arg) in args {
            name.push('\0');
            match arg {
                Arg::Text(text) => name.push_str(text),
                Arg::Count(n) => name.push_str(&n.to_string()),
            }
        }
        let known = self.said.read().ok();
        if let Some(text) = known.and_then(|said| said.get(&name).cloned()) {
            return text;
        }
        let text = self.format(key, args);
        if let Ok(mut said) = self.said.write()
            && name.len() + text.len() < 400
        {
            if said.len() >= MOST_SAID {
                said.clear();
            }
            said.insert(name, text.clone());
        }
        text
    }

    fn format(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|m| m.value()) else {
            return key.to_owned();
        };
        let mut given = FluentArgs::new();
        for (name, arg) in args {
            match arg {
                Arg::Text(text) => given.set(*name, FluentValue::from(*text)),
                Arg::Count(n) => {
                    given.set(*name, FluentValue::from(*n));
                    // `{$n}` picks the plural; `{$n-text}` is what is shown.
                    given.set(
                        format!("{name}-text"),
                        FluentValue::from(number(self.lang, *n)),
                    );
                }
            }
        }
        self.bundle
            .format_pattern(pattern, Some(&given), &mut Vec::new())
            .into_owned()
    }

    /// Returns every key, for the test that the catalogues are complete.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.plain.keys().map(String::as_str)
    }
}

/// The catalogues of every language of the interface: what is written to somebody who is not here needs theirs.
pub struct Catalogues([Words; 2]);

impl Catalogues {
    /// Puts together the catalogues, each of Spanish and English.
    #[must_use]
    pub fn new(sources: &[[&'static str; 2]]) -> Self {
        let catalogue = |lang: Lang, index: usize| {
            let own: Vec<&'static str> = sources.iter().map(|both| both[index]).collect();
            Words::new(lang, &own).0
        };
        Self([catalogue(Lang::Es, 0), catalogue(Lang::En, 1)])
    }

    /// Returns the catalogue of one language.
    #[must_use]
    pub fn of(&self, lang: Lang) -> &Words {
        match lang {
            Lang::Es => &self.0[0],
            Lang::En => &self.0[1],
        }
    }
}

/// An argument of a message.
#[derive(Clone, Copy, Debug)]
pub enum Arg<'a> {
    /// Text.
    Text(&'a str),
    /// A number that chooses a plural form.
    Count(i64),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}
impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}
impl From<i64> for Arg<'_> {
    fn from(count: i64) -> Self {
        Self::Count(count)
    }
}
impl From<usize> for Arg<'_> {
    fn from(count: usize) -> Self {
        Self::Count(count as i64)
    }
}
impl From<u64> for Arg<'_> {
    fn from(count: u64) -> Self {
        Self::Count(count as i64)
    }
}

/// Writes a whole number with this language's mark between thousands.
#[must_use]
pub fn number(lang: Lang, n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mark = match lang {
        Lang::Es => '.',
        Lang::En => ',',
    };
    let mut out = String::with_capacity(digits.len() + 6);
    if n < 0 {
        out.push('−');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(mark);
        }
        out.push(digit);
    }
    out
}

const ES: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];
const EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Writes a day: `22 de noviembre de 2026`, `22 November 2026`. Times are in UTC.
#[must_use]
pub fn day(lang: Lang, millis: i64) -> String {
    let Some(at) = civil(millis) else {
        return String::new();
    };
    let month = usize::from(at.month().unsigned_abs())
        .saturating_sub(1)
        .min(11);
    match lang {
        Lang::Es => format!("{} de {} de {}", at.day(), ES[month], at.year()),
        Lang::En => format!("{} {} {}", at.day(), EN[month], at.year()),
    }
}

/// Writes a day with its time: `22 de noviembre de 2026, 9:40 UTC`.
#[must_use]
pub fn when(lang: Lang, millis: i64) -> String {
    let Some(at) = civil(millis) else {
        return String::new();
    };
    format!(
        "{}, {}:{:02} UTC",
        day(lang, millis),
        at.hour(),
        at.minute()
    )
}

fn civil(millis: i64) -> Option<jiff::civil::DateTime> {
    let at = jiff::Timestamp::from_millisecond(millis).ok()?;
    Some(jiff::tz::Offset::UTC.to_datetime(at))
}

#[cfg(test)]
mod tests {
    use super::{Lang, day, number, when};

    #[test]
    fn numbers_and_days_stand_as_each_language_writes_them() {
        assert_eq!(number(Lang::Es, 41_582), "41.582");
        assert_eq!(number(Lang::En, 1_234_567), "1,234,567");
        assert_eq!(number(Lang::En, 12), "12");
        assert_eq!(day(Lang::Es, 1_795_340_400_000), "22 de noviembre de 2026");
        assert_eq!(
            when(Lang::En, 1_795_340_400_000),
            "22 November 2026, 9:40 UTC"
        );
    }

    #[test]
    fn the_browsers_best_language_is_taken() {
        assert_eq!(
            Lang::from_header("fr, en;q=0.8, es-EC;q=0.9"),
            Some(Lang::Es)
        );
        assert_eq!(Lang::from_header("de"), None);
    }
}
