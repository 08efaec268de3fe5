//! How text becomes words: where they begin and end, folding, stems.
//!
//! The same functions serve indexing, queries and excerpts, so that what one finds the others do.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest word in bytes after folding; the rest of a longer one is cut, in text and query alike.
pub(crate) const LONGEST: usize = 48;

/// Articles and prepositions that lose their vowel before a vowel in French, Italian and Catalan:
/// they are dropped, so that `économie` finds `l’économie`.
const ELIDED: [&str; 31] = [
    "l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "presqu",
    "dell", "nell", "sull", "dall", "all", "coll", "un", "gl", "quell", "quest", "sant", "bell",
    "tutt", "mezz", "ch", "anch", "com",
];

const OTHER: u8 = 0;
const WORD: u8 = 1;
const APOSTROPHE: u8 = 2;
const WIDE: u8 = 3;
/// A script written without spaces: each character stands for itself.
const ALONE: u8 = 4;
/// Invisible or combining: continues a word, never begins one.
const MARK: u8 = 5;

static CLASS: [u8; 256] = {
    let mut table = [OTHER; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = if byte >= 128 {
            WIDE
        } else if (byte as u8).is_ascii_alphanumeric() {
            WORD
        } else if byte == b'\'' as usize {
            APOSTROPHE
        } else {
            OTHER
        };
        byte += 1;
    }
    table
};

fn class_of_wide(c: char) -> u8 {
    match c {
        '\u{2019}' | '\u{2018}' | '\u{02BC}' | '\u{FF07}' => APOSTROPHE,
        '\u{00AD}' | '\u{200C}' | '\u{200D}' => MARK,
        '\u{3040}'..='\u{30FF}'
        | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}' => ALONE,
        _ if c.is_alphanumeric() => WORD,
        _ if is_combining_mark(c) => MARK,
        _ => OTHER,
    }
}

/// The words of a text as byte ranges, elided articles and possessive endings left out.
pub(crate) struct Words<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Words<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Class and length in bytes of the character at `at`.
    #[inline]
    fn class(&self, at: usize) -> Option<(u8, usize)> {
        let byte = *self.text.as_bytes().get(at)?;
        let class = CLASS[byte as usize];
        if class != WIDE {
            return Some((class, 1));
        }
        let c = self.text[at..].chars().next()?;
        Some((class_of_wide(c), c.len_utf8()))
    }
}

impl Iterator for Words<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        loop {
            while at < bytes.len() && CLASS[bytes[at] as usize] & 1 == 0 {
                at += 1;
            }
            let (class, length) = self.class(at)?;
            if class == ALONE {
                self.at = at + length;
                return Some((at, at + length));
            }
            if class == WORD {
                break;
            }
            at += length;
        }
        let start = at;
        let mut marked = false;
        loop {
            while at < bytes.len() && CLASS[bytes[at] as usize] == WORD {
                at += 1;
            }
            match self.class(at) {
                Some((WORD | MARK, length)) => at += length,
                Some((APOSTROPHE, length))
                    if matches!(self.class(at + length), Some((WORD, _))) =>
                {
                    marked = true;
                    at += length;
                }
                _ => break,
            }
        }
        self.at = at;
        Some(if marked {
            without_elision(self.text, start, at)
        } else {
            (start, at)
        })
    }
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '\u{02BC}' | '\u{FF07}')
}

fn without_elision(text: &str, mut start: usize, end: usize) -> (usize, usize) {
    while let Some((at, mark)) = text[start..end]
        .char_indices()
        .find(|(_, c)| is_apostrophe(*c))
    {
        let head = &text[start..start + at];
        let rest = start + at + mark.len_utf8();
        let long_enough = text[rest..end].chars().nth(1).is_some();
        if !long_enough
            || !ELIDED
                .iter()
                .any(|elided| elided.eq_ignore_ascii_case(head))
        {
            break;
        }
        start = rest;
    }
    let word = &text[start..end];
    match word.char_indices().rfind(|(_, c)| is_apostrophe(*c)) {
        Some((at, mark)) if at > 0 && word[at + mark.len_utf8()..].eq_ignore_ascii_case("s") => {
            (start, start + at)
        }
        _ => (start, end),
    }
}

/// Appends `word` without case, accents and apostrophes, at most [`LONGEST`] bytes of it.
pub(crate) fn fold_into(word: &str, out: &mut String) {
    let from = out.len();
    if word.is_ascii() {
        for byte in word.bytes().filter(|byte| *byte != b'\'').take(LONGEST) {
            out.push(byte.to_ascii_lowercase() as char);
        }
        return;
    }
    for c in word.nfkd() {
        if is_accent(c) || is_apostrophe(c) {
            continue;
        }
        for c in c.to_lowercase() {
            match c {
                'ß' => out.push_str("ss"),
                'æ' => out.push_str("ae"),
                'œ' => out.push_str("oe"),
                'ø' => out.push('o'),
                'đ' | 'ð' => out.push('d'),
                'þ' => out.push_str("th"),
                'ł' => out.push('l'),
                'ı' => out.push('i'),
                'ħ' => out.push('h'),
                'ς' => out.push('σ'),
                _ if c.is_alphanumeric() || is_combining_mark(c) && !is_accent(c) => out.push(c),
                _ => {}
            }
        }
        if out.len() - from >= LONGEST {
            break;
        }
    }
    while out.len() - from > LONGEST {
        out.pop();
    }
}

/// Marks that scripts of letters put above or below, and vowel points: left out when folding.
/// The vowel signs of other scripts are letters in all but name and stay.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{0591}'..='\u{05C7}' | '\u{0610}'..='\u{061A}'
        | '\u{064B}'..='\u{065F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}')
}

pub(crate) fn fold(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    fold_into(word, &mut out);
    out
}

/// Returns the folded words of `text`.
pub(crate) fn folded_words(text: &str) -> Vec<String> {
    Words::of(text)
        .map(|(start, end)| fold(&text[start..end]))
        .filter(|word| !word.is_empty())
        .collect()
}

/// Lower case with accents, as stemmers want it.
fn lower(word: &str) -> String {
    word.chars()
        .filter(|c| !is_apostrophe(*c))
        .flat_map(char::to_lowercase)
        .nfc()
        .collect()
}

/// A language whose words are stemmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stemmed {
    Spanish,
    English,
    French,
    Portuguese,
    German,
    Italian,
    Dutch,
}

impl Stemmed {
    pub(crate) const ALL: [Self; 7] = [
        Self::Spanish,
        Self::English,
        Self::French,
        Self::Portuguese,
        Self::German,
        Self::Italian,
        Self::Dutch,
    ];

    /// Returns the language of a BCP 47 tag, by its first part: `pt-BR` is Portuguese.
    pub(crate) fn of(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next()?;
        ["es", "en", "fr", "pt", "de", "it", "nl"]
            .iter()
            .position(|code| code.eq_ignore_ascii_case(primary))
            .map(|at| Self::ALL[at])
    }

    fn stemmer(self) -> Stemmer {
        Stemmer::create(match self {
            Self::Spanish => Algorithm::Spanish,
            Self::English => Algorithm::English,
            Self::French => Algorithm::French,
            Self::Portuguese => Algorithm::Portuguese,
            Self::German => Algorithm::German,
            Self::Italian => Algorithm::Italian,
            Self::Dutch => Algorithm::Dutch,
        })
    }

    /// Returns a folded word with the accent that its ending has, if it has such an ending.
    fn accented(self, folded: &str) -> Option<String> {
        let endings: &[(&str, &str)] = match self {
            Self::Spanish => &[("cion", "ción"), ("sion", "sión"), ("logia", "logía")],
            Self::Portuguese => &[
                ("cao", "ção"),
                ("coes", "ções"),
                ("sao", "são"),
                ("soes", "sões"),
            ],
            Self::French => &[("ite", "ité"), ("ites", "ités")],
            Self::Italian => &[("ita", "ità")],
            Self::English | Self::German | Self::Dutch => &[],
        };
        endings.iter().find_map(|(plain, accented)| {
            Some(format!("{}{accented}", folded.strip_suffix(plain)?))
        })
    }

    /// Returns the folded stems of a word: of the word as written and of the folded word, which
    /// differ where an accent decides (`económica`), without those equal to the folded word.
    pub(crate) fn stems(self, word: &str, folded: &str) -> Vec<String> {
        let mut stems = Vec::new();
        // Numbers and codes have no endings; other scripts are not what these stemmers know.
        if folded.len() < 3 || !folded.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return stems;
        }
        let stemmer = self.stemmer();
        let plain = stemmer.stem(folded);
        if !plain.is_empty() && plain != folded {
            stems.push(plain.into_owned());
        }
        // An accent decides over many endings (`ción`): where none was typed, it is put back.
        let accented = if word.is_ascii() {
            self.accented(folded)
        } else {
            Some(lower(word))
        };
        if let Some(accented) = accented {
            let stem = fold(&stemmer.stem(&accented));
            if !stem.is_empty() && stem != folded && !stems.contains(&stem) {
                stems.push(stem);
            }
        }
        stems
    }
}

/// Turns texts into lines of terms separated by spaces, remembering the words it has seen:
/// a language repeats a few thousand of them.
#[derive(Default)]
pub(crate) struct Analyser {
    seen: [HashMap<Box<str>, Box<str>, Seed>; 8],
}

/// Hashes short words several times faster than the standard hasher; seeded, so that nobody can
/// write a page of words that collide.
struct WordHasher {
    state: u64,
    seed: u64,
}

/// Makes hashers with one seed.
struct Seed(u64);

impl Default for Seed {
    fn default() -> Self {
        Self(RandomState::new().hash_one(0u8) | 1)
    }
}

impl BuildHasher for Seed {
    type Hasher = WordHasher;

    fn build_hasher(&self) -> WordHasher {
        WordHasher {
            state: self.0,
            seed: self.0,
        }
    }
}

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut eight = [0u8; 8];
            eight[..chunk.len()].copy_from_slice(chunk);
            let product = u128::from(self.state ^ u64::from_le_bytes(eight))
                * u128::from(self.seed ^ 0x9E37_79B9_7F4A_7C15);
            self.state = product as u64 ^ (product >> 64) as u64 ^ bytes.len() as u64;
        }
    }

    fn write_u8(&mut self, _: u8) {}

    fn finish(&self) -> u64 {
        self.state
    }
}

/// Words remembered per language: beyond it the memory is emptied (about 15 MB at most).
const MOST_REMEMBERED: usize = 100_000;

impl Analyser {
    /// Appends the folded words of `text` to `words` and their stems to `stems`.
    pub(crate) fn analyse(
        &mut self,
        text: &str,
        language: Option<Stemmed>,
        words: &mut String,
        stems: &mut String,
    ) {
        let seen = &mut self.seen[language.map_or(7, |language| language as usize)];
        for (start, end) in Words::of(text) {
            let word = &text[start..end];
            // Remembered as "folded stem stem".
            let line = match seen.get(word) {
                Some(line) => line,
                None => {
                    if seen.len() >= MOST_REMEMBERED {
                        seen.clear();
                    }
                    let mut line = fold(word);
                    if let Some(language) = language {
                        for stem in language.stems(word, &line.clone()) {
                            line.push(' ');
                            line.push_str(&stem);
                        }
                    }
                    seen.entry(word.into()).or_insert(line.into())
                }
            };
            match line.split_once(' ') {
                Some((folded, endings)) => {
                    words.push_str(folded);
                    words.push(' ');
                    stems.push_str(endings);
                    stems.push(' ');
                }
                None if line.is_empty() => {}
                None => {
                    words.push_str(line);
                    words.push(' ');
                }
            }
        }
    }
}
