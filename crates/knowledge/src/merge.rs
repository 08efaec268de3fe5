//! Merging three texts: what two people made of one.
//!
//! Lines are compared first. Where both changed the same lines, words are; what touches still is a conflict, which
//! a person settles.

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Two texts merged on their common base.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// The parts, in order.
    pub parts: Vec<Part>,
}

/// A part of a merged text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Both agree, or only one changed it.
    Same(String),
    /// Both changed it, each otherwise.
    Conflict {
        /// As it was.
        base: String,
        /// As one has it.
        ours: String,
        /// As the other has it.
        theirs: String,
    },
}

impl Merged {
    /// Returns the text, if nothing is left to settle.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Same(same) => text.push_str(same),
                Part::Conflict { .. } => return None,
            }
        }
        Some(text)
    }

    /// Returns how many places are left to settle.
    #[must_use]
    pub fn conflicts(&self) -> usize {
        let conflicts = self.parts.iter();
        conflicts
            .filter(|part| matches!(part, Part::Conflict { .. }))
            .count()
    }

    /// Returns the text with both sides of each conflict between marks, as version control writes them: longer ones
    /// where a side has such a line itself. [`settle`] takes them out again.
    #[must_use]
    pub fn with_marks(&self, ours_name: &str, theirs_name: &str) -> String {
        let mut text = String::new();
        let line = |text: &mut String, side: &str| {
            text.push_str(side);
            if !side.is_empty() && !side.ends_with('\n') {
                text.push('\n');
            }
        };
        for part in &self.parts {
            match part {
                Part::Same(same) => text.push_str(same),
                Part::Conflict { ours, theirs, .. } => {
                    if !text.is_empty() && !text.ends_with('\n') {
                        text.push('\n');
                    }
                    let sides = || ours.lines().chain(theirs.lines());
                    let is_used = |n: &usize| sides().any(|line| line == "=".repeat(*n));
                    let n = (MARK..).find(|n| !is_used(n)).unwrap_or(MARK);
                    text.push_str(&format!("{} {ours_name}\n", "<".repeat(n)));
                    line(&mut text, ours);
                    text.push_str(&format!("{}\n", "=".repeat(n)));
                    line(&mut text, theirs);
                    text.push_str(&format!("{} {theirs_name}\n", ">".repeat(n)));
                }
            }
        }
        text
    }

    /// Enters lines that stand between two that all three have: as a whole where words settle it, else line by line
    /// where each is one of the base's, so that a person settles no more than what both changed.
    fn open(&mut self, base: &[&str], ours: &[&str], theirs: &[&str]) {
        let lines = || base.iter().zip(ours).zip(theirs);
        let whole = (base.concat(), ours.concat(), theirs.concat());
        if let Some(text) = by_words(&whole.0, &whole.1, &whole.2) {
            self.push(Part::Same(text));
        } else if base.len() > 1
            && (base.len(), base.len()) == (ours.len(), theirs.len())
            && lines().all(|((was, mine), yours)| is_one(was, mine) && is_one(was, yours))
        {
            for ((was, mine), yours) in lines() {
                if mine == was || mine == yours {
                    self.push(Part::Same((*yours).to_owned()));
                } else if yours == was {
                    self.push(Part::Same((*mine).to_owned()));
                } else {
                    self.open(&[was], &[mine], &[yours]);
                }
            }
        } else {
            let (base, ours, theirs) = whole;
            self.push(Part::Conflict { base, ours, theirs });
        }
    }

    fn push(&mut self, part: Part) {
        match (self.parts.last_mut(), part) {
            (_, Part::Same(text)) if text.is_empty() => {}
            (Some(Part::Same(last)), Part::Same(text)) => last.push_str(&text),
            (_, part) => self.parts.push(part),
        }
    }
}

/// How many places are settled one by one: a text with more of them is written anew by hand.
pub const MOST_PLACES: usize = 200;

/// How many signs a mark has at least.
const MARK: usize = 7;

/// Returns how many signs the mark has that a line is, of these signs; none where it is no mark.
fn mark(line: &str, sign: char) -> Option<usize> {
    let rest = line.trim_start_matches(sign);
    let n = line.len() - rest.len();
    let is_mark = n >= MARK && (sign == '=' && rest.is_empty() || rest.starts_with(' '));
    is_mark.then_some(n)
}

/// Returns whether a line is one of the marks that stand around a conflict.
#[must_use]
pub fn is_mark(line: &str) -> bool {
    mark(line, '<').is_some() || mark(line, '>').is_some()
}

/// What is kept of a place that two people changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// What stands first.
    Ours,
    /// What stands second.
    Theirs,
    /// One after the other.
    Both,
}

/// Takes the marks out of a text: of each place, counted from 0, what `keep` says is left. What is no whole place stays
/// as it is.
#[must_use]
pub fn settle(text: &str, keep: impl Fn(usize) -> Keep) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    // Each place looks for its end: more of them than people settle one by one would take long.
    let places = lines.iter().filter(|line| mark(line, '<').is_some());
    if places.count() > MOST_PLACES {
        return text.to_owned();
    }
    let bare = |line: &str| line.trim_end_matches(['\r', '\n']).to_owned();
    let mut settled = String::new();
    let (mut at, mut place) = (0, 0);
    while let Some(line) = lines.get(at) {
        let rest = lines.get(at + 1..).unwrap_or_default();
        let whole = mark(&bare(line), '<').and_then(|n| {
            let middle = rest.iter().position(|line| bare(line) == "=".repeat(n))?;
            let theirs = rest.get(middle + 1..)?;
            let end = theirs
                .iter()
                .position(|line| mark(&bare(line), '>') == Some(n))?;
            Some((rest.get(..middle)?, theirs.get(..end)?))
        });
        let Some((ours, theirs)) = whole else {
            settled.push_str(line);
            at += 1;
            continue;
        };
        let keep = keep(place);
        if keep != Keep::Theirs {
            settled.push_str(&ours.concat());
        }
        if keep == Keep::Both && !settled.is_empty() && !settled.ends_with("\n\n") {
            settled.push('\n');
        }
        if keep != Keep::Ours {
            settled.push_str(&theirs.concat());
        }
        at += ours.len() + theirs.len() + 3;
        place += 1;
    }
    settled
}

/// Merges `ours` and `theirs`, both made from `base`.
#[must_use]
pub fn merge(base: &str, ours: &str, theirs: &str) -> Merged {
    let mut merged = Merged::default();
    let (base, ours, theirs) = (lines(base), lines(ours), lines(theirs));
    for region in regions(&base, &ours, &theirs) {
        match region {
            Region::Settled(text) => merged.push(Part::Same(text)),
            Region::Open(base, ours, theirs) => merged.open(base, ours, theirs),
        }
    }
    merged
}

/// Returns whether two lines are one, changed: half of their words are the same.
fn is_one(was: &str, is: &str) -> bool {
    let is_word = |token: &&str| token.chars().any(char::is_alphanumeric);
    let only = |text| -> Vec<&str> { words(text).into_iter().filter(is_word).collect() };
    let (was, is) = (only(was), only(is));
    if was.len().max(is.len()) > MOST_WORDS {
        return false;
    }
    let same = matches(&was, &is).iter().flatten().count();
    4 * same >= was.len() + is.len()
}

/// Splits a text into lines, each with the empty ones after it: those are all alike, and would be taken for one
/// another.
fn lines(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        let is_blank = line.trim().is_empty();
        if !is_blank && at > start {
            lines.extend(text.get(start..at).filter(|line| !line.is_empty()));
            start = at;
        }
        at += line.len();
    }
    lines.extend(text.get(start..).filter(|line| !line.is_empty()));
    lines
}

/// Words that must stand unchanged between two changes for them to be merged.
const BETWEEN: usize = 2;

/// The most words of a place that is compared word by word: what is longer was written anew.
const MOST_WORDS: usize = 4_000;

/// Merges one place word by word; none where the changes touch.
fn by_words(base: &str, ours: &str, theirs: &str) -> Option<String> {
    let (base, ours, theirs) = (words(base), words(ours), words(theirs));
    if base.len().max(ours.len()).max(theirs.len()) > MOST_WORDS {
        return None;
    }
    let mut text = String::new();
    for region in regions(&base, &ours, &theirs) {
        match region {
            Region::Settled(same) => text.push_str(&same),
            Region::Open(..) => return None,
        }
    }
    // Two changes side by side make a sentence that neither meant.
    are_apart(&base, &ours, &theirs).then_some(text)
}

/// Returns whether between a change of one side and one of the other some words stand unchanged.
fn are_apart(base: &[&str], ours: &[&str], theirs: &[&str]) -> bool {
    let changed = |side: &[&str]| {
        let ops = capture_diff_slices(Algorithm::Myers, base, side);
        let ranges = ops
            .into_iter()
            .filter(|op| !matches!(op, DiffOp::Equal { .. }));
        ranges.map(|op| op.old_range()).collect::<Vec<_>>()
    };
    let is_word = |token: &&&str| token.chars().any(char::is_alphanumeric);
    let (mine, yours) = (changed(ours), changed(theirs));
    mine.iter().all(|a| {
        yours.iter().all(|b| {
            if a == b {
                return true;
            }
            let between = if a.end <= b.start {
                a.end..b.start
            } else if b.end <= a.start {
                b.end..a.start
            } else {
                return false;
            };
            let words = base.get(between).unwrap_or_default();
            words.iter().filter(is_word).count() >= BETWEEN
        })
    })
}

/// Splits a text into words, runs of spaces, and single other signs.
fn words(text: &str) -> Vec<&str> {
    let kind = |c: char| {
        if c.is_alphanumeric() {
            1
        } else if c.is_whitespace() {
            2
        } else {
            0
        }
    };
    let mut words = Vec::new();
    let mut start = 0;
    let mut last = None;
    for (at, c) in text.char_indices() {
        if let Some(last) = last
            && (last != kind(c) || last == 0)
        {
            words.extend(text.get(start..at));
            start = at;
        }
        last = Some(kind(c));
    }
    words.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    words
}

/// A place of three texts, between tokens that all three have.
enum Region<'t, 's> {
    /// It is clear what it becomes.
    Settled(String),
    /// Base, ours, theirs: all different.
    Open(&'s [&'t str], &'s [&'t str], &'s [&'t str]),
}

/// Walks over three texts from one token that all have to the next.
fn regions<'t, 's>(
    base: &'s [&'t str],
    ours: &'s [&'t str],
    theirs: &'s [&'t str],
) -> Vec<Region<'t, 's>> {
    let in_ours = matches(base, ours);
    let in_theirs = matches(base, theirs);
    let mut regions = Vec::new();
    let (mut b, mut o, mut t) = (0, 0, 0);
    for at in 0..=base.len() {
        let (next_o, next_t) = if at == base.len() {
            (ours.len(), theirs.len())
        } else {
            match (
                in_ours.get(at).copied().flatten(),
                in_theirs.get(at).copied().flatten(),
            ) {
                (Some(next_o), Some(next_t)) => (next_o, next_t),
                _ => continue,
            }
        };
        let part =
            |side: &'s [&'t str], from: usize, to: usize| side.get(from..to).unwrap_or_default();
        let (was, mine, yours) = (
            part(base, b, at),
            part(ours, o, next_o),
            part(theirs, t, next_t),
        );
        regions.push(if mine == was {
            Region::Settled(yours.concat())
        } else if yours == was || mine == yours {
            Region::Settled(mine.concat())
        } else {
            Region::Open(was, mine, yours)
        });
        if let Some(token) = base.get(at) {
            regions.push(Region::Settled((*token).to_owned()));
        }
        (b, o, t) = (at + 1, next_o + 1, next_t + 1);
    }
    regions
}

/// Returns, for each token of the base, where it stands in the other text, if it does.
fn matches(base: &[&str], other: &[&str]) -> Vec<Option<usize>> {
    let mut found = vec![None; base.len()];
    for op in capture_diff_slices(Algorithm::Myers, base, other) {
        if let DiffOp::Equal {
            old_index,
            new_index,
            len,
        } = op
        {
            for step in 0..len {
                if let Some(place) = found.get_mut(old_index + step) {
                    *place = Some(new_index + step);
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Keep, Part, merge, settle};

    #[test]
    fn a_place_is_settled_whatever_lines_it_has() {
        let base = "Oven\n=======\n\nOf clay.\n";
        let ours = "Clay oven\n=======\n\nOf good clay.\n";
        let theirs = "Mud oven\n=======\n\nOf bad clay.\n";
        let marked = merge(base, ours, theirs).with_marks("mine", "theirs");
        assert_eq!(settle(&marked, |_| Keep::Ours), ours);
        assert_eq!(settle(&marked, |_| Keep::Theirs), theirs);
        let both = settle(&marked, |_| Keep::Both);
        assert!(
            ours.lines()
                .chain(theirs.lines())
                .all(|line| both.contains(line)),
            "{both}"
        );
        // What only one changed of two lines side by side is no place.
        let merged = merge(
            "The fire burns two hours long.\n\nLet the oven dry for three weeks.\n",
            "The fire burns three hours long.\n\nLet the oven dry for ten days.\n",
            "The fire burns two hours long.\n\nLet the oven dry for four weeks.\n",
        );
        assert_eq!(merged.conflicts(), 1);
        let settled = settle(&merged.with_marks("mine", "theirs"), |_| Keep::Theirs);
        let left = "The fire burns three hours long.\n\nLet the oven dry for four weeks.\n";
        assert_eq!(settled, left);
        // What is no whole place stays.
        for text in [
            "<<<<<<< a\nx\n",
            "<<<<<<< a\nx\n=======\ny\n",
            "=======\n",
            "",
        ] {
            assert_eq!(settle(text, |_| Keep::Ours), text);
        }
    }

    #[test]
    fn changes_of_two_people_in_one_paragraph_are_merged_if_they_do_not_touch() {
        let base = "The barn keeps the harvest dry until somebody needs it.\n\nLast.\n";
        let ours = "The old barn keeps the harvest dry until somebody needs it.\n\nLast.\n";
        let theirs = "The barn keeps the harvest dry until winter.\n\nLast.\n";
        assert_eq!(
            merge(base, ours, theirs).text().as_deref(),
            Some("The old barn keeps the harvest dry until winter.\n\nLast.\n")
        );
        let touching = "The barn keeps the harvest wet until somebody needs it.\n\nLast.\n";
        let other = "The barn keeps the harvest cool until somebody needs it.\n\nLast.\n";
        let merged = merge(base, touching, other);
        assert_eq!((merged.text(), merged.conflicts()), (None, 1));
        assert!(matches!(merged.parts.last(), Some(Part::Same(text)) if text == "Last.\n"));
        assert!(
            merged
                .with_marks("mine", "theirs")
                .starts_with("<<<<<<< mine\nThe barn keeps the harvest wet")
        );
    }
}

#[cfg(test)]
mod properties {
    use super::{Keep, Merged, Part, is_mark, merge, settle};
    use proptest::prelude::*;

    /// What one side does to one paragraph.
    #[derive(Clone, Debug)]
    enum Change {
        Leave,
        Delete,
        Rewrite(String),
        AddBefore(String),
    }

    fn words() -> impl Strategy<Value = String> {
        prop::collection::vec(
            prop::sample::select(vec![
                "clay", "sand", "straw", "oven", "bread", "dry", "the", "a",
            ]),
            1..9,
        )
        .prop_map(|words| words.join(" "))
    }

    fn change() -> impl Strategy<Value = Change> {
        prop_oneof![
            5 => Just(Change::Leave),
            1 => Just(Change::Delete),
            2 => words().prop_map(Change::Rewrite),
            2 => words().prop_map(Change::AddBefore),
        ]
    }

    /// A base of up to eight paragraphs, each marked by its number so that it is told from others, and what both
    /// sides do to each.
    fn work() -> impl Strategy<Value = Vec<(String, Change, Change)>> {
        prop::collection::vec((words(), change(), change()), 0..8)
    }

    fn text(paragraphs: impl Iterator<Item = String>) -> String {
        paragraphs
            .map(|paragraph| format!("{paragraph}\n\n"))
            .collect()
    }

    fn side(
        work: &[(String, Change, Change)],
        mark: &str,
        pick: fn(&(String, Change, Change)) -> &Change,
    ) -> String {
        text(work.iter().enumerate().flat_map(|(number, one)| {
            let own = format!("{number}: {}", one.0);
            match pick(one) {
                Change::Leave => vec![own],
                Change::Delete => vec![],
                Change::Rewrite(words) => vec![format!("{number}: {words} {mark}")],
                Change::AddBefore(words) => vec![format!("{mark}{number}: {words}"), own],
            }
        }))
    }

    /// Returns the text with one side of each conflict.
    fn taken(merged: &Merged, mine: bool) -> String {
        let parts = merged.parts.iter();
        parts
            .map(|part| match part {
                Part::Same(text) => text.as_str(),
                Part::Conflict { ours, theirs, .. } => {
                    if mine {
                        ours
                    } else {
                        theirs
                    }
                }
            })
            .collect()
    }

    proptest! {
        #[test]
        fn no_paragraph_is_lost_that_neither_side_deleted(work in work()) {
            let base = text(work.iter().enumerate().map(|(number, one)| format!("{number}: {}", one.0)));
            let (ours, theirs) = (side(&work, "M", |one| &one.1), side(&work, "Y", |one| &one.2));
            let merged = merge(&base, &ours, &theirs);
            let (mine, yours) = (taken(&merged, true), taken(&merged, false));
            for (number, (words, a, b)) in work.iter().enumerate() {
                let own = format!("{number}: {words}\n");
                let keeps = |change: &Change| matches!(change, Change::Leave | Change::AddBefore(_));
                if keeps(a) && keeps(b) {
                    prop_assert!(mine.contains(&own) && yours.contains(&own), "{own} is gone from {merged:?}");
                }
                for (change, mark, side) in [(a, "M", &mine), (b, "Y", &yours)] {
                    if let Change::AddBefore(words) = change {
                        let added = format!("{mark}{number}: {words}\n");
                        prop_assert!(side.contains(&added), "{added} is gone from {merged:?}");
                    }
                }
            }
        }

        #[test]
        fn what_one_side_left_alone_is_as_the_other_has_it(work in work()) {
            let base = text(work.iter().map(|one| one.0.clone()));
            let ours = side(&work, "M", |one| &one.1);
            prop_assert_eq!(merge(&base, &ours, &base).text(), Some(ours.clone()));
            prop_assert_eq!(merge(&base, &base, &ours).text(), Some(ours.clone()));
            prop_assert_eq!(merge(&base, &ours, &ours).text(), Some(ours));
        }

        #[test]
        fn whose_text_comes_first_does_not_matter(work in work()) {
            let base = text(work.iter().map(|one| one.0.clone()));
            let (ours, theirs) = (side(&work, "M", |one| &one.1), side(&work, "Y", |one| &one.2));
            let (one, other) = (merge(&base, &ours, &theirs), merge(&base, &theirs, &ours));
            prop_assert_eq!(one.text(), other.text());
            prop_assert_eq!(taken(&one, true), taken(&other, false));
        }

        #[test]
        fn any_three_texts_are_merged_without_losing_a_side(base in "[ab \n]{0,40}", ours in "[ab \n]{0,40}", theirs in "[ab \n]{0,40}") {
            let merged = merge(&base, &ours, &theirs);
            if merged.conflicts() > 0 {
                let marked = merged.with_marks("x", "y");
                prop_assert!(marked.contains("<<<<<<< x\n"));
                let settled = settle(&marked, |_| Keep::Both);
                prop_assert!(!settled.lines().any(is_mark));
                for part in &merged.parts {
                    if let Part::Conflict { ours, theirs, .. } = part {
                        prop_assert!(settled.contains(ours) && settled.contains(theirs));
                    }
                }
            }
            if ours == base {
                prop_assert_eq!(merged.text(), Some(theirs));
            }
        }
    }
}
