//! Summaries that the program proposed: told in the reader's language, whichever language their author reads.

use record::Timestamp;
use site::{Context, Lang, when};
use std::borrow::Cow;
use std::sync::OnceLock;

/// A sentence with one gap, as a catalogue has it.
struct Sentence {
    lang: Lang,
    key: &'static str,
    gap: &'static str,
    before: String,
    after: String,
}

/// The keys of the summaries that are proposed.
const KEYS: [&str; 4] = [
    "summary-revert",
    "summary-undo",
    "summary-rename",
    "summary-takes-in",
];

fn sentences() -> &'static [Sentence] {
    static KNOWN: OnceLock<Vec<Sentence>> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let catalogues = [
            (Lang::Es, include_str!("../../words/es.ftl")),
            (Lang::En, include_str!("../../words/en.ftl")),
        ];
        let mut found = Vec::new();
        for (lang, catalogue) in catalogues {
            for line in catalogue.lines() {
                let parts = line.split_once(" = ").and_then(|(key, text)| {
                    let key = KEYS.into_iter().find(|one| *one == key)?;
                    let (before, rest) = text.split_once("{ $")?;
                    let (gap, after) = rest.split_once(" }")?;
                    Some(Sentence {
                        lang,
                        key,
                        gap,
                        before: before.to_owned(),
                        after: after.to_owned(),
                    })
                });
                found.extend(parts);
            }
        }
        found
    })
}

/// Returns a summary as its reader is told it: what somebody wrote themselves as it stands.
pub(super) fn told<'s>(cx: &Context<'_>, summary: &'s str) -> Cow<'s, str> {
    for one in sentences().iter().filter(|one| one.lang != cx.lang()) {
        let filled = summary
            .strip_prefix(one.before.as_str())
            .and_then(|rest| rest.strip_suffix(one.after.as_str()));
        let Some(filled) = filled else { continue };
        let filled = match one.gap {
            "when" => match moment(one.lang, filled) {
                Some(at) => when(cx.lang(), at),
                None => continue,
            },
            _ => filled.to_owned(),
        };
        return cx
            .words
            .tf(one.key, &[(one.gap, filled.as_str().into())])
            .into();
    }
    summary.into()
}

/// Reads a moment as [`when`] writes it: the month is the one whose name makes the same sentence.
fn moment(lang: Lang, text: &str) -> Option<i64> {
    let mut numbers = text
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|part| part.parse::<u32>().ok());
    let (day, year) = (numbers.next()?, numbers.next()?);
    let (hour, minute) = (numbers.next()?, numbers.next()?);
    (1..=12).find_map(|month| {
        let at = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:00Z");
        let at = Timestamp::parse(&at).ok()?.as_millis();
        (when(lang, at) == text).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::{KEYS, moment, sentences};
    use site::{Lang, when};

    #[test]
    fn every_proposed_summary_is_known_in_both_languages() {
        assert_eq!(sentences().len(), 2 * KEYS.len());
    }

    #[test]
    fn a_moment_is_read_back_in_each_language() {
        let at = 1_795_790_460_000;
        for lang in Lang::ALL {
            assert_eq!(moment(lang, &when(lang, at)), Some(at), "{lang:?}");
            assert_eq!(moment(lang, "some day in 2026"), None);
        }
    }
}
