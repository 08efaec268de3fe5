//! A text and its translation, paragraph beside paragraph.

use similar::{Algorithm, DiffOp, capture_diff_slices};
use site::Form;
use std::collections::HashMap;

/// The field of a form that holds one paragraph; a form has several.
pub(super) const PART: &str = "part";
/// How many paragraphs are shown one by one: a longer text is translated in one field.
pub(super) const MOST: usize = 400;

/// A paragraph and what became of it in the other language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row<'t> {
    /// As it stands in the original; none where that has it no more, or never had it.
    pub source: Option<&'t str>,
    /// Whether the original was changed here since it was translated.
    pub changed: bool,
    /// As it stands in the translation; none where nothing does yet.
    pub target: Option<&'t str>,
}

/// Splits a text at its empty lines, but not within fences of code. Each paragraph has what stands behind it, but for
/// one line end and one empty line: what [`joined`] joins is the text as it was.
#[must_use]
pub(super) fn paragraphs(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut start, mut at) = (0, 0);
    let mut fence: Option<&str> = None;
    let mut is_after_empty = false;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches('\n');
        if !bare.is_empty() && is_after_empty && fence.is_none() {
            found.extend(text.get(start..at - 2));
            start = at;
        }
        let sign = ["```", "~~~"]
            .into_iter()
            .find(|sign| bare.trim_start().starts_with(sign));
        fence = match (fence, sign) {
            (None, sign) => sign,
            (Some(open), Some(sign)) if open == sign => None,
            (open, _) => open,
        };
        // An empty line ends a paragraph, where a line stands before it.
        is_after_empty = bare.is_empty() && at > start;
        at += line.len();
    }
    found.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    found
}

/// Joins what the paragraphs' fields of a form hold; empty where it has none. What was emptied is gone.
#[must_use]
pub(super) fn joined(form: &Form) -> String {
    let parts = form.fields.iter().filter(|(name, _)| name == PART);
    let parts: Vec<&str> = parts
        .map(|(_, value)| value.as_str())
        .filter(|value| !value.trim().is_empty())
        .collect();
    parts.join("\n\n")
}

/// Returns the text that a form holds: in one field, or by paragraph.
#[must_use]
pub(super) fn text(form: &Form) -> String {
    match form.raw("text") {
        "" => joined(form),
        text => text.to_owned(),
    }
}

/// Lays a translation (`target`) beside its original as it is now (`source`); `base` is the original as it was when it
/// was translated. Every paragraph of both stands in one row, in its order.
#[must_use]
pub(super) fn rows<'t>(base: &'t str, source: &'t str, target: &'t str) -> Vec<Row<'t>> {
    let (base, source) = (paragraphs(base), paragraphs(source));
    let target = paragraphs(target);
    let mut beside: HashMap<usize, &str> = HashMap::new();
    // What the translation has more, behind a paragraph of the original: 0 is before the first.
    let mut more: HashMap<usize, Vec<&str>> = HashMap::new();
    let mut last = 0;
    for (was, is) in pairs(&base, &target) {
        match (was, is.and_then(|is| target.get(is))) {
            (Some(was), is) => {
                beside.extend(is.map(|is| (was, *is)));
                last = was + 1;
            }
            (None, is) => more.entry(last).or_default().extend(is),
        }
    }
    let mut rows = Vec::new();
    let further = |rows: &mut Vec<Row<'t>>, behind: usize| {
        let texts = more.get(&behind).into_iter().flatten();
        rows.extend(texts.map(|text| Row {
            source: None,
            changed: false,
            target: Some(*text),
        }));
    };
    further(&mut rows, 0);
    let mut row = |source: Option<&'t str>, was: Option<usize>, changed: bool| {
        let target = was.and_then(|was| beside.get(&was).copied());
        if source.is_some() || target.is_some() {
            rows.push(Row {
                source,
                changed,
                target,
            });
        }
        if let Some(was) = was {
            further(&mut rows, was + 1);
        }
    };
    for op in capture_diff_slices(Algorithm::Myers, &base, &source) {
        let (old, new) = (op.old_range(), op.new_range());
        let changed = !matches!(op, DiffOp::Equal { .. });
        for step in 0..old.len().max(new.len()) {
            let is = source.get(new.start + step).filter(|_| step < new.len());
            let was = Some(old.start + step).filter(|_| step < old.len());
            row(is.copied(), was, changed);
        }
    }
    rows
}

/// Pairs the paragraphs of two texts by their order, within each section where both have the same headings.
fn pairs(one: &[&str], other: &[&str]) -> Vec<(Option<usize>, Option<usize>)> {
    let (parts, others) = (sections(one), sections(other));
    let levels = |parts: &[(usize, usize)]| parts.iter().map(|part| part.0).collect::<Vec<_>>();
    let whole = [(0, 0)];
    let alike = levels(&parts) == levels(&others);
    let (parts, others): (&[_], &[_]) = if alike {
        (&parts, &others)
    } else {
        (&whole, &whole)
    };
    let mut pairs = Vec::new();
    for (n, ((_, a), (_, b))) in parts.iter().zip(others).enumerate() {
        let end =
            |parts: &[(usize, usize)], all: usize| parts.get(n + 1).map_or(all, |next| next.1);
        let (to_a, to_b) = (end(parts, one.len()), end(others, other.len()));
        for step in 0..(to_a - a).max(to_b - b) {
            let within = |from: usize, to: usize| Some(from + step).filter(|at| *at < to);
            pairs.push((within(*a, to_a), within(*b, to_b)));
        }
    }
    pairs
}

/// Returns the level of each section and its first paragraph: the one before any heading has level 0.
fn sections(paragraphs: &[&str]) -> Vec<(usize, usize)> {
    let mut found = vec![(0, 0)];
    for (at, paragraph) in paragraphs.iter().enumerate() {
        for sign in ['#', '='] {
            let level = paragraph.chars().take_while(|c| *c == sign).count();
            let heads = sign == '=' && level > 1 || paragraph[level..].starts_with(' ');
            if level > 0 && heads {
                found.push((level, at));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Form, PART, joined, paragraphs, rows};
    use proptest::prelude::*;

    fn as_form(text: &str) -> Form {
        let parts = paragraphs(text).into_iter();
        Form {
            fields: parts
                .map(|part| (PART.to_owned(), part.to_owned()))
                .collect(),
            files: Vec::new(),
        }
    }

    #[test]
    fn paragraphs_stand_beside_what_they_became() {
        let base = "# Oven\n\nOf clay.\n\nIt is hot.\n\n## Use\n\nBake.\n";
        let source = "# Oven\n\nOf clay.\n\nNew here.\n\nIt is very hot.\n\n## Use\n\nBake.\n";
        let target = "# Horno\n\nDe barro.\n\nEstá caliente.\n\n## Uso\n\nHornee.\n\nY coma.\n";
        let found = rows(base, source, target);
        let beside = |from: &str| {
            let row = found.iter().find(|row| row.source == Some(from));
            row.map(|row| (row.target.unwrap_or_default(), row.changed))
        };
        assert_eq!(beside("# Oven"), Some(("# Horno", false)));
        assert_eq!(beside("Of clay."), Some(("De barro.", false)));
        assert_eq!(beside("## Use"), Some(("## Uso", false)));
        assert_eq!(beside("Bake.\n"), Some(("Hornee.", false)));
        let changed: Vec<_> = found.iter().filter(|row| row.changed).collect();
        assert_eq!(changed.len(), 2, "{found:?}");
        assert_eq!(found.last().and_then(|row| row.target), Some("Y coma.\n"));
    }

    #[test]
    fn code_is_one_paragraph() {
        let text = "A.\n\n```\nx\n\ny\n```\n\nB.\n";
        assert_eq!(paragraphs(text), ["A.", "```\nx\n\ny\n```", "B.\n"]);
    }

    proptest! {
        #[test]
        fn what_is_split_is_joined_as_it_was(text in "([ab#=` ]{0,3}\n){0,12}[ab]{0,2}") {
            let parts = paragraphs(&text);
            prop_assert_eq!(parts.join("\n\n"), text.as_str());
            // A form leaves out what is empty.
            if parts.iter().all(|part| !part.trim().is_empty()) {
                prop_assert_eq!(joined(&as_form(&text)), text);
            }
        }

        #[test]
        fn every_paragraph_stands_in_one_row(
            base in "([ab#]{0,2}( c)?\n\n?){0,9}", source in "([ab#]{0,2}( c)?\n\n?){0,9}", target in "([xy#]{0,2}( z)?\n\n?){0,9}"
        ) {
            let found = rows(&base, &source, &target);
            let sources: Vec<&str> = found.iter().filter_map(|row| row.source).collect();
            let targets: Vec<&str> = found.iter().filter_map(|row| row.target).collect();
            prop_assert_eq!(sources, paragraphs(&source));
            prop_assert_eq!(targets, paragraphs(&target));
        }
    }
}
