//! Where a quoted passage stands in a text that has changed since: W3C selectors of text.
//!
//! Source: W3C Web Annotation Data Model, sections 4.2.4 (`TextQuoteSelector`) and 4.2.5 (`TextPositionSelector`).

use std::ops::Range;

/// A passage of a text: what it says, what stands around it, and where it began. White space counts as one space.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quote {
    /// The passage.
    pub exact: String,
    /// Up to 32 characters before it.
    pub prefix: String,
    /// Up to 32 characters after it.
    pub suffix: String,
    /// Where it begins, in characters (Unicode code points) of the text with single spaces.
    pub start: usize,
}

/// Where a passage is by now, in characters of the text with single spaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// As it was.
    Same(Range<usize>),
    /// Word for word, at another place.
    Moved(Range<usize>),
    /// With some words changed.
    Changed(Range<usize>),
    /// Not any more.
    Orphan,
}

/// Characters that are kept of what stands around a passage.
const AROUND: usize = 32;

/// The longest passage in characters.
pub const LONGEST: usize = 1_000;

/// Words of a passage that must still be there, of ten.
const ALIKE_OF_TEN: usize = 6;

/// Returns a text with one space for each run of white space.
#[must_use]
pub fn spaced(text: &str) -> Vec<char> {
    let mut out: Vec<char> = Vec::with_capacity(text.len());
    for c in text.chars() {
        if !c.is_whitespace() {
            out.push(c);
        } else if out.last().is_some_and(|last| *last != ' ') {
            out.push(' ');
        }
    }
    if out.last() == Some(&' ') {
        out.pop();
    }
    out
}

impl Quote {
    /// Makes the quote of a passage that somebody copied out of a text; none if the text does not say it.
    #[must_use]
    pub fn locate(text: &[char], passage: &str) -> Option<Self> {
        let wanted = spaced(passage);
        if wanted.is_empty() || wanted.len() > LONGEST {
            return None;
        }
        let start = places(text, &wanted).next()?;
        Some(Self::at(text, start..start + wanted.len()))
    }

    fn at(text: &[char], range: Range<usize>) -> Self {
        let part = |from: usize, to: usize| -> String {
            text.get(from..to.min(text.len()))
                .unwrap_or_default()
                .iter()
                .collect()
        };
        Self {
            exact: part(range.start, range.end),
            prefix: part(range.start.saturating_sub(AROUND), range.start),
            suffix: part(range.end, (range.end + AROUND).min(text.len())),
            start: range.start,
        }
    }

    /// Finds the passage in a text, in the form that [`spaced`] gives.
    #[must_use]
    pub fn find(&self, text: &[char]) -> Found {
        let wanted: Vec<char> = self.exact.chars().collect();
        if wanted.is_empty() {
            return Found::Orphan;
        }
        let here = self.start..self.start + wanted.len();
        if text.get(here.clone()) == Some(&wanted) {
            return Found::Same(here);
        }
        let best = places(text, &wanted).max_by_key(|at| {
            let around = self.likeness(text, *at..*at + wanted.len());
            (around, usize::MAX - at.abs_diff(self.start))
        });
        match best {
            Some(at) => Found::Moved(at..at + wanted.len()),
            None => self.nearly(text, &wanted),
        }
    }

    /// How many characters around a place are as they were.
    fn likeness(&self, text: &[char], range: Range<usize>) -> usize {
        let before = text.get(..range.start).unwrap_or_default().iter().rev();
        let after = text.get(range.end..).unwrap_or_default().iter();
        let same = |a: &mut dyn Iterator<Item = char>, b: &mut dyn Iterator<Item = &char>| {
            a.zip(b).take_while(|(a, b)| a == *b).count()
        };
        same(&mut self.prefix.chars().rev(), &mut before.into_iter())
            + same(&mut self.suffix.chars(), &mut after.into_iter())
    }

    /// Finds a passage of which most words are still there, in their order.
    fn nearly(&self, text: &[char], wanted: &[char]) -> Found {
        let words = words(text);
        let mine: Vec<&[char]> = self::words(wanted)
            .iter()
            .map(|range| &wanted[range.clone()])
            .collect();
        if mine.len() < 3 {
            return Found::Orphan;
        }
        let known = |range: &Range<usize>| mine.contains(&&text[range.clone()]);
        // A sliding window over the words: how many of them the passage has.
        let width = mine.len();
        let mut hits = 0;
        let mut best = (0, 0);
        for (index, range) in words.iter().enumerate() {
            hits += usize::from(known(range));
            if index >= width {
                hits -= usize::from(known(&words[index - width]));
            }
            if index + 1 >= width.min(words.len()) && hits > best.0 {
                best = (hits, (index + 1).saturating_sub(width));
            }
        }
        let from = best.1.saturating_sub(2);
        let to = (best.1 + width + 2).min(words.len());
        let near = words.get(from..to).unwrap_or_default();
        let kept = in_order(&mine, near, text);
        if kept.len() * 10 < mine.len() * ALIKE_OF_TEN {
            return Found::Orphan;
        }
        match (kept.first(), kept.last()) {
            (Some(first), Some(last)) => Found::Changed(near[*first].start..near[*last].end),
            _ => Found::Orphan,
        }
    }
}

/// Returns which words of `near` continue, in order, the words of a passage: a longest common subsequence.
fn in_order(mine: &[&[char]], near: &[Range<usize>], text: &[char]) -> Vec<usize> {
    let (rows, columns) = (mine.len() + 1, near.len() + 1);
    let mut table = vec![0_u32; rows * columns];
    for row in (0..mine.len()).rev() {
        for column in (0..near.len()).rev() {
            let same = *mine[row] == text[near[column].clone()];
            table[row * columns + column] = if same {
                table[(row + 1) * columns + column + 1] + 1
            } else {
                table[(row + 1) * columns + column].max(table[row * columns + column + 1])
            };
        }
    }
    let (mut row, mut column) = (0, 0);
    let mut kept = Vec::new();
    while row < mine.len() && column < near.len() {
        if *mine[row] == text[near[column].clone()] {
            kept.push(column);
            row += 1;
            column += 1;
        } else if table[(row + 1) * columns + column] >= table[row * columns + column + 1] {
            row += 1;
        } else {
            column += 1;
        }
    }
    kept
}

/// Returns where the words of a text stand, without the signs around them.
fn words(text: &[char]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in text.iter().enumerate() {
        match (start, c.is_alphanumeric()) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                found.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    found.extend(start.map(|from| from..text.len()));
    found
}

/// Returns where a passage stands in a text, from its beginning on.
fn places<'t>(text: &'t [char], wanted: &'t [char]) -> impl Iterator<Item = usize> + 't {
    let first = wanted.first().copied();
    let last = text.len().saturating_sub(wanted.len().saturating_sub(1));
    (0..last).filter(move |at| {
        text.get(*at).copied() == first && text.get(*at..*at + wanted.len()) == Some(wanted)
    })
}

#[cfg(test)]
mod tests {
    use super::{Found, Quote, spaced};

    const TEXT: &str = "Mix clay, sand and straw until it holds.\n\nLet the oven dry for two weeks in the shade before the \
                        first fire.\n\nThen bake.";

    fn told(found: &Found, text: &[char]) -> String {
        let (word, range) = match found {
            Found::Same(range) => ("same", range.clone()),
            Found::Moved(range) => ("moved", range.clone()),
            Found::Changed(range) => ("changed", range.clone()),
            Found::Orphan => return "orphan".to_owned(),
        };
        format!("{word}: {}", text[range].iter().collect::<String>())
    }

    #[test]
    fn a_passage_is_found_where_it_went_and_told_from_what_is_gone() {
        let text = spaced(TEXT);
        let quote = Quote::locate(&text, "Let the oven dry\nfor two weeks in the shade")
            .expect("it is there");
        assert_eq!(quote.prefix, " sand and straw until it holds. ");
        let find = |text: &str| {
            let text = spaced(text);
            told(&quote.find(&text), &text)
        };
        assert_eq!(
            find(TEXT),
            "same: Let the oven dry for two weeks in the shade"
        );
        assert_eq!(
            find(&format!("New first.\n\n{TEXT}")),
            "moved: Let the oven dry for two weeks in the shade"
        );
        let twice =
            format!("Let the oven dry for two weeks in the shade somewhere.\n\nNew. {TEXT}");
        let at = spaced(&twice).len();
        let Found::Moved(range) = quote.find(&spaced(&twice)) else {
            panic!("it moved")
        };
        assert!(
            range.start > 60 && range.end < at,
            "the one with the same neighbours"
        );
        assert_eq!(
            find(&TEXT.replace("two weeks", "three weeks")),
            "changed: Let the oven dry for three weeks in the shade"
        );
        assert_eq!(
            find("Mix clay, sand and straw until it holds.\n\nThen bake."),
            "orphan"
        );
        assert_eq!(find(""), "orphan");
        assert_eq!(Quote::locate(&text, "no such words"), None);
    }

    #[test]
    fn a_long_text_is_searched_quickly() {
        let text: String = (0..150_000).map(|n| format!("word{} ", n % 977)).collect();
        let quote = Quote {
            exact: (0..150).map(|n| format!("gone{n} ")).collect(),
            ..Quote::default()
        };
        let text = spaced(&text);
        let began = std::time::Instant::now();
        assert_eq!(quote.find(&text), Found::Orphan);
        assert!(began.elapsed().as_millis() < 2_000, "{:?}", began.elapsed());
    }
}
