//! Reading what somebody typed into the box.

use crate::words::{Words, fold, folded_words};

/// Words of a query that are used; [`crate::Results::ignored_words`] counts the rest.
pub(crate) const MOST_WORDS: usize = 40;

/// A word as typed and folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct QueryWord {
    pub typed: String,
    pub folded: String,
    /// Where it stands in the query, for showing a corrected one.
    pub place: (usize, usize),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Word(QueryWord),
    /// Words in this order, exactly as they are but for case and accents.
    Phrase(Vec<QueryWord>),
    /// All words that begin so.
    Prefix(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub wanted: Wanted,
    pub in_title: bool,
    pub excluded: bool,
}

/// What was typed, understood.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parsed {
    pub parts: Vec<Part>,
    pub ignored: usize,
    /// The words as a title would have them; empty if an operator was used.
    pub title_key: String,
}

/// Nothing typed is an error: what makes no sense is left out.
pub(crate) fn parse(text: &str) -> Parsed {
    let mut parsed = Parsed::default();
    let mut used = 0usize;
    let mut plain = true;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if is_blank(c) {
            at += c.len_utf8();
            continue;
        }
        let mut excluded = false;
        if c == '-'
            && text[at + 1..]
                .chars()
                .next()
                .is_some_and(|c| !is_blank(c) && c != '-')
        {
            excluded = true;
            at += 1;
        }
        let mut in_title = false;
        if text
            .as_bytes()
            .get(at..at + 6)
            .is_some_and(|head| head.eq_ignore_ascii_case(b"title:"))
            && text[at + 6..].chars().next().is_some_and(|c| !is_blank(c))
        {
            in_title = true;
            at += 6;
        }
        plain &= !excluded && !in_title;
        let quote = text[at..].chars().next().and_then(closing);
        let (begin, end, next) = match quote {
            Some((open, close)) => {
                plain = false;
                let begin = at + open.len_utf8();
                let end = text[begin..]
                    .find(close)
                    .map_or(text.len(), |found| begin + found);
                (begin, end, (end + close.len_utf8()).min(text.len()))
            }
            None => {
                let end = text[at..]
                    .find(|c: char| is_blank(c) || closing(c).is_some())
                    .map_or(text.len(), |found| at + found);
                (at, end, end)
            }
        };
        at = next;
        let mut pieces: Vec<(usize, usize)> = Vec::new();
        if quote.is_some() {
            pieces.push((begin, end));
        } else {
            // `foo,bar` is two words; `peer-to-peer`, `2.0` and `and/or` hold together.
            let mut from = begin;
            for (found, c) in text[begin..end].char_indices() {
                if ",;:!?()[]{}|<>".contains(c) {
                    pieces.push((from, begin + found));
                    from = begin + found + 1;
                }
            }
            pieces.push((from, end));
        }
        for (from, to) in pieces {
            let words: Vec<QueryWord> = Words::of(&text[from..to])
                .map(|(start, end)| QueryWord {
                    typed: text[from + start..from + end].to_owned(),
                    folded: fold(&text[from + start..from + end]),
                    place: (from + start, from + end),
                })
                .filter(|word| !word.folded.is_empty())
                .collect();
            if words.is_empty() {
                continue;
            }
            let room = MOST_WORDS.saturating_sub(used);
            parsed.ignored += words.len().saturating_sub(room);
            used += words.len().min(room);
            let mut words = words;
            words.truncate(room);
            let starred = quote.is_none() && text[from..to].ends_with('*');
            let wanted = match (words.len(), starred) {
                (0, _) => continue,
                // One letter would stand for a quarter of the dictionary.
                (1, true) if words[0].folded.chars().nth(1).is_some() => {
                    plain = false;
                    Wanted::Prefix(words.remove(0).folded)
                }
                (1, _) if quote.is_none() => Wanted::Word(words.remove(0)),
                _ => Wanted::Phrase(words),
            };
            let part = Part {
                wanted,
                in_title,
                excluded,
            };
            let same = |other: &Part| {
                other.in_title == part.in_title
                    && other.excluded == part.excluded
                    && match (&other.wanted, &part.wanted) {
                        (Wanted::Word(a), Wanted::Word(b)) => a.folded == b.folded,
                        (a, b) => a == b,
                    }
            };
            if !parsed.parts.iter().any(same) {
                parsed.parts.push(part);
            }
        }
    }
    if plain && parsed.ignored == 0 {
        parsed.title_key = folded_words(text).join(" ");
    }
    parsed
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

/// The quote that closes what this one opens.
fn closing(open: char) -> Option<(char, char)> {
    match open {
        '"' => Some(('"', '"')),
        '“' | '”' | '„' => Some((open, '”')),
        '«' => Some((open, '»')),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tell(text: &str) -> String {
        parse(text)
            .parts
            .iter()
            .map(|part| {
                let sign = if part.excluded { "-" } else { "" };
                let place = if part.in_title { "title:" } else { "" };
                let what = match &part.wanted {
                    Wanted::Word(word) => word.folded.clone(),
                    Wanted::Prefix(start) => format!("{start}*"),
                    Wanted::Phrase(words) => {
                        let words: Vec<&str> =
                            words.iter().map(|word| word.folded.as_str()).collect();
                        format!("\"{}\"", words.join(" "))
                    }
                };
                format!("{sign}{place}{what}")
            })
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn operators_are_read() {
        assert_eq!(
            tell("Économie -Sociale coop* title:Lima"),
            "economie -sociale coop* title:lima"
        );
        assert_eq!(
            tell("\"seed library\" -“a b” «la milpa»"),
            "\"seed library\" -\"a b\" \"la milpa\""
        );
        assert_eq!(
            tell("peer-to-peer l'économie, don’t"),
            "\"peer to peer\" economie dont"
        );
        assert_eq!(tell("a* the the THE"), "a the");
    }

    #[test]
    fn nonsense_is_left_out() {
        for text in [
            "", "  ", "-", "--", "- - \"", "*", "\"\"", "“", "-\"", "!!! ???", "-*",
        ] {
            assert_eq!(tell(text), "", "{text:?}");
        }
        assert_eq!(tell("\"never closed"), "\"never closed\"");
    }
}
