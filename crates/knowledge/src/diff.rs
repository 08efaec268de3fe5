//! What changed between two texts, word by word.
//!
//! Lines are compared first, then the words within changed blocks only, so that a text of hundreds of
//! kilobytes takes milliseconds.

use similar::{Algorithm, ChangeTag, DiffOp, TextDiff, capture_diff_slices};
use std::time::{Duration, Instant};

/// A difference, ready to be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Words added.
    pub added: i64,
    /// Words removed.
    pub removed: i64,
    /// Changed passages as escaped HTML with `<ins>` and `<del>`, each with a line around it.
    pub parts: Vec<String>,
}

/// The longest that the finest comparison may take; after it, coarser blocks are shown.
const PATIENCE: Duration = Duration::from_millis(40);

/// Compares two texts.
#[must_use]
pub fn words(old: &str, new: &str) -> Changed {
    let deadline = Instant::now() + PATIENCE;
    let (old_lines, new_lines): (Vec<&str>, Vec<&str>) =
        (old.lines().collect(), new.lines().collect());
    let ops = capture_diff_slices(Algorithm::Myers, &old_lines, &new_lines);
    let mut found = Changed::default();
    for op in ops {
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        let (before, after) = (op.old_range(), op.new_range());
        let mut html = String::new();
        if let Some(line) = before.start.checked_sub(1).and_then(|at| old_lines.get(at)) {
            html.push_str(&context(line, true));
        }
        let (a, b) = (
            old_lines[before.clone()].join("\n"),
            new_lines[after].join("\n"),
        );
        let diff = TextDiff::configure()
            .deadline(deadline)
            .diff_words(a.as_str(), b.as_str());
        for change in diff.iter_all_changes() {
            let text = escape(change.value());
            let count = i64::from(!change.value().trim().is_empty());
            match change.tag() {
                ChangeTag::Equal => html.push_str(&text),
                ChangeTag::Insert => {
                    found.added += count;
                    mark(&mut html, "ins", &text);
                }
                ChangeTag::Delete => {
                    found.removed += count;
                    mark(&mut html, "del", &text);
                }
            }
        }
        if let Some(line) = old_lines.get(before.end) {
            html.push_str(&context(line, false));
        }
        found.parts.push(html.replace('\n', "<br>"));
    }
    found
}

/// Adds a marked word, within the mark before it where it is of the same kind.
fn mark(html: &mut String, tag: &str, text: &str) {
    let close = format!("</{tag}>");
    if html.ends_with(&close) {
        html.truncate(html.len() - close.len());
    } else {
        html.push_str(&format!("<{tag}>"));
    }
    html.push_str(text);
    html.push_str(&close);
}

/// A line beside a change, shortened to where it touches it.
fn context(line: &str, before: bool) -> String {
    const MOST: usize = 120;
    let count = line.chars().count();
    let text: String = if count <= MOST {
        line.to_owned()
    } else if before {
        format!("…{}", line.chars().skip(count - MOST).collect::<String>())
    } else {
        format!("{}…", line.chars().take(MOST).collect::<String>())
    };
    let text = format!("<span class=\"quiet\">{}</span>", escape(&text));
    if before {
        format!("{text}\n")
    } else {
        format!("\n{text}")
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_that_changed_are_marked_and_counted() {
        let found = words("one\ntwo three\nfour", "one\ntwo <b> four\nfour");
        assert_eq!((found.added, found.removed), (2, 1));
        assert_eq!(found.parts.len(), 1);
        assert!(
            found.parts[0].contains("<del>three</del>"),
            "{}",
            found.parts[0]
        );
        assert!(found.parts[0].contains("&lt;b&gt;"));
        assert_eq!(words("same", "same").parts.len(), 0);
    }

    #[test]
    fn a_long_text_is_compared_quickly() {
        let old: String = (0..60_000).map(|n| format!("word{n} ")).collect();
        let new = old
            .replace("word3000 ", "changed ")
            .replace("word59000 ", "");
        let began = std::time::Instant::now();
        let found = words(&old, &new);
        assert!(found.added >= 1 && found.removed >= 1);
        assert!(began.elapsed().as_secs() < 2);
    }
}
