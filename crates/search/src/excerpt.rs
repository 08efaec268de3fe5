//! The passage of a text that shows best why it was found.

use std::collections::HashMap;

use crate::words::{Stemmed, Words, fold_into};

/// Length of a passage in bytes, about as many characters.
const LENGTH: usize = 220;
/// Text shown before the first word found, if no sentence begins nearer.
const LEAD: usize = 60;
/// Text looked through after the best passage so far for a better one: long pages are many of the
/// best hits, and reading them whole took a third of a search.
const LOOK_ON: usize = 8 * 1024;
/// Words stemmed for one page of results; the many words that only begin alike stop here.
const MOST_STEMMED: usize = 2_000;

/// Bytes of a text that are looked through for a passage. Everything is searched, however long;
/// passages beyond this are not quoted.
pub const QUOTED_BYTES: usize = 60 * 1024;

/// Knows the words of a query when it sees them in a text.
#[derive(Default)]
pub(crate) struct Highlighter {
    /// Folded forms and the number of the query's word they stand for.
    exact: HashMap<String, usize>,
    stems: HashMap<String, usize>,
    prefixes: Vec<(String, usize)>,
    /// Words of the query.
    count: usize,
    /// Whether some must stand side by side.
    adjacent: bool,
    /// First bytes of all forms, folded.
    initials: Vec<bool>,
    /// Words seen: which word of the query they are, by stem.
    seen: HashMap<(Option<u8>, String), Option<usize>>,
    /// Spellings in which the words of `watched` were met.
    watched: HashMap<String, HashMap<String, usize>>,
    buffer: String,
}

impl Highlighter {
    pub(crate) fn new(adjacent: bool) -> Self {
        Self {
            adjacent,
            initials: vec![false; 256],
            ..Self::default()
        }
    }

    /// Begins the next word of the query; the forms that follow stand for it.
    pub(crate) fn next_word(&mut self) {
        self.count += 1;
    }

    fn initial(&mut self, form: &str) {
        if let Some(byte) = form.bytes().next() {
            self.initials[usize::from(byte)] = true;
        }
    }

    pub(crate) fn exact(&mut self, form: &str) {
        self.initial(form);
        self.exact.entry(form.to_owned()).or_insert(self.count);
    }

    pub(crate) fn stem(&mut self, form: &str) {
        self.initial(form);
        self.stems.entry(form.to_owned()).or_insert(self.count);
    }

    pub(crate) fn prefix(&mut self, form: &str) {
        self.initial(form);
        self.prefixes.push((form.to_owned(), self.count));
    }

    /// Counts in which spelling the folded `word` is met.
    pub(crate) fn watch(&mut self, word: &str) {
        self.watched.entry(word.to_owned()).or_default();
    }

    /// Returns the most frequent spelling met of a watched word, else the word itself.
    pub(crate) fn spelling(&self, word: &str) -> String {
        self.watched
            .get(word)
            .and_then(|met| {
                met.iter()
                    .max_by(|a, b| a.1.cmp(b.1).then_with(|| b.0.cmp(a.0)))
            })
            .map_or_else(|| word.to_owned(), |(spelling, _)| spelling.clone())
    }

    /// Returns which word of the query a word of a text is.
    fn word(&mut self, word: &str, language: Option<Stemmed>) -> Option<usize> {
        let first = *word.as_bytes().first()?;
        if first < 128 && !self.initials[usize::from(first.to_ascii_lowercase())] {
            return None;
        }
        self.buffer.clear();
        fold_into(word, &mut self.buffer);
        if let Some(which) = self.exact.get(&self.buffer) {
            if let Some(met) = self.watched.get_mut(&self.buffer) {
                *met.entry(word.to_lowercase()).or_default() += 1;
            }
            return Some(*which);
        }
        if let Some((_, which)) = self
            .prefixes
            .iter()
            .find(|(start, _)| self.buffer.starts_with(start))
        {
            return Some(*which);
        }
        let language = language?;
        if !self.stems.keys().any(|stem| alike(stem, &self.buffer)) {
            return None;
        }
        let key = (Some(language as u8), word.to_owned());
        if let Some(known) = self.seen.get(&key) {
            return *known;
        }
        if self.seen.len() >= MOST_STEMMED {
            return None;
        }
        let which = language
            .stems(word, &self.buffer)
            .iter()
            .find_map(|stem| self.stems.get(stem))
            .copied();
        self.seen.insert(key, which);
        which
    }

    /// Looks at a title, for the spellings of watched words only.
    pub(crate) fn look_at(&mut self, title: &str) {
        for (start, end) in Words::of(title) {
            self.word(&title[start..end], None);
        }
    }

    /// Returns the best passage of `text` as HTML.
    pub(crate) fn excerpt(&mut self, text: &str, language: &str) -> String {
        let text = &text[..floor(text, QUOTED_BYTES.min(text.len()))];
        let language = Stemmed::of(language);
        let start = self.best(text, language).unwrap_or(0);
        let (from, to) = passage(text, start);
        let shown = &smooth(&text[from..to]);
        let mut html = String::with_capacity(shown.len() + 64);
        if from > 0 {
            html.push('…');
        }
        let mut done = 0;
        for (start, end) in Words::of(shown) {
            if self.word(&shown[start..end], language).is_some() {
                escape(&shown[done..start], &mut html);
                html.push_str("<mark>");
                escape(&shown[start..end], &mut html);
                html.push_str("</mark>");
                done = end;
            }
        }
        escape(&shown[done..], &mut html);
        if to < text.len() {
            html.push('…');
        }
        html
    }

    /// Returns where the first word of the best passage begins.
    fn best(&mut self, text: &str, language: Option<Stemmed>) -> Option<usize> {
        if self.count == 0 {
            return None;
        }
        // Words found in the passage that ends here: where, which, and whether it is the
        // query's next word standing right after the one before.
        let mut window: Vec<(usize, usize, bool)> = Vec::new();
        let mut first = 0;
        let mut best: Option<(usize, usize)> = None;
        let mut last = (usize::MAX, 0);
        for (at, (start, end)) in Words::of(text).enumerate() {
            let full = best
                .is_some_and(|(score, found)| score >= self.enough() || start > found + LOOK_ON);
            if full {
                break;
            }
            let Some(which) = self.word(&text[start..end], language) else {
                continue;
            };
            let joined = last.0.wrapping_add(1) == at && which == last.1 + 1;
            last = (at, which);
            window.push((start, which, joined));
            // The word just met stays, even if it is longer than a passage.
            while first + 1 < window.len() && window[first].0 + (LENGTH - LEAD) < end {
                first += 1;
            }
            let inside = &window[first..];
            let mut met = 0u64;
            let mut pairs = 0;
            for (_, which, joined) in inside {
                met |= 1 << (which % 64);
                pairs += usize::from(*joined);
            }
            let score =
                met.count_ones() as usize * 1_000 + pairs.min(9) * 50 + inside.len().min(20);
            if best.is_none_or(|(so_far, _)| score > so_far) {
                best = Some((score, window[first].0));
            }
            // Bounds the window of a text that is nothing but the word searched for.
            if first > 256 {
                window.drain(..first);
                first = 0;
            }
        }
        best.map(|(_, start)| start)
    }

    /// The score at which looking on is not worth while.
    fn enough(&self) -> usize {
        self.count.min(64) * 1_000 + if self.adjacent { 50 } else { 0 }
    }
}

/// Whether a word may have this stem: they begin with the same three letters.
fn alike(stem: &str, word: &str) -> bool {
    let length = 3.min(stem.len()).min(word.len());
    stem.as_bytes()[..length] == word.as_bytes()[..length]
}

/// Returns the passage around the word at `start`: from a sentence's begin if one is near, to the
/// end of a word.
fn passage(text: &str, start: usize) -> (usize, usize) {
    let mut from = 0;
    if start > LEAD {
        let lead = floor(text, start - LEAD);
        let before = &text[lead..start];
        from = match before
            .rmatch_indices(['.', '!', '?', ':', ';', '\n'])
            .find(|(at, mark)| {
                *mark == "\n" || before[at + mark.len()..].starts_with(char::is_whitespace)
            }) {
            // The blank is taken off with the others.
            Some((at, mark)) => lead + at + mark.len(),
            None => before
                .find(char::is_whitespace)
                .map_or(lead, |at| lead + at),
        };
    }
    if text.len() - from <= LENGTH + 20 {
        return (from, text.len());
    }
    let limit = floor(text, from + LENGTH);
    let to = match text[from..limit].rfind(char::is_whitespace) {
        // A word longer than the passage is cut.
        Some(at) if at > LENGTH / 2 => from + at,
        _ => limit,
    };
    (from, to)
}

/// The nearest place at or before `at` where a character begins.
fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Escapes a text; where a line ends that was no sentence (a heading, a label), a dot keeps it apart.
fn escape(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '\n' => {
                let ended = html.is_empty()
                    || html.ends_with(['.', ':', ',', ';', '!', '?', '…', ' ', '”', '»'])
                    || html.ends_with("&quot;");
                html.push_str(if ended { " " } else { " · " });
            }
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(c),
        }
    }
}

/// The text with each run of blanks and control characters as one space, or as one end of a line if there
/// is one in it.
fn smooth(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = true;
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() {
            if !blank {
                out.push(' ');
            }
            if c == '\n' && out.ends_with(' ') {
                out.pop();
                out.push('\n');
            }
            blank = true;
        } else {
            out.push(c);
            blank = false;
        }
    }
    out.truncate(out.trim_end().len());
    out
}
