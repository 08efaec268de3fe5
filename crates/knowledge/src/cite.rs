//! Citations: footnotes of a Markdown text.

/// A footnote that is cited and has no source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The line that cites it, from 1.
    pub line: usize,
    /// Its mark: `2` of `[^2]`.
    pub label: String,
}

/// Returns the footnotes that are cited in a Markdown text and that no line defines, each once.
#[must_use]
pub fn missing(text: &str) -> Vec<Missing> {
    let mut defined = Vec::new();
    let mut cited: Vec<Missing> = Vec::new();
    let mut fence: Option<&str> = None;
    for (number, line) in text.lines().enumerate() {
        let trimmed = line.trim_start();
        let mark = ["```", "~~~"]
            .into_iter()
            .find(|mark| trimmed.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => {
                fence = Some(mark);
                continue;
            }
            (Some(open), Some(mark)) if open == mark => {
                fence = None;
                continue;
            }
            (Some(_), _) => continue,
            (None, None) => {}
        }
        let mut rest = line;
        if let Some(after) = trimmed.strip_prefix("[^")
            && let Some((label, after)) = after.split_once("]:")
        {
            defined.push(label.to_lowercase());
            rest = after;
        }
        for (index, part) in rest.split('`').enumerate() {
            // Between marks of code nothing is cited.
            if index % 2 == 1 {
                continue;
            }
            for after in part.split("[^").skip(1) {
                let Some((label, _)) = after.split_once(']') else {
                    continue;
                };
                if label.is_empty() || label.contains(char::is_whitespace) {
                    continue;
                }
                let label = label.to_lowercase();
                if !cited.iter().any(|one| one.label == label) {
                    cited.push(Missing {
                        line: number + 1,
                        label,
                    });
                }
            }
        }
    }
    cited.retain(|one| !defined.contains(&one.label));
    cited
}

#[cfg(test)]
mod tests {
    use super::{Missing, missing};

    #[test]
    fn a_footnote_that_is_cited_and_not_defined_is_named_with_its_line() {
        let text = "One.[^1]\n\nTwo.[^2] `[^x]`\n\n```\n[^code]\n```\n\n[^1]: A book.\n";
        assert_eq!(
            missing(text),
            [Missing {
                line: 3,
                label: "2".to_owned()
            }]
        );
        assert!(missing("Three.[^N]\n\n[^n]: There.\n").is_empty());
    }
}
