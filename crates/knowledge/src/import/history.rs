//! Which revisions of a dump are new here: a pure question of numbers, times and texts.

/// A revision as a dump has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written<'t> {
    /// Its number in the wiki, which rises with time; none if the dump does not say.
    pub(super) number: Option<u64>,
    /// When it was written, in milliseconds since 1970.
    pub(super) at: i64,
    /// SHA-256 of its text, in hexadecimal.
    pub(super) sha256: &'t str,
}

/// What is here of the page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Here<'t> {
    /// The revision that came in last.
    pub(super) last: Written<'t>,
    /// The numbers of all that came in.
    pub(super) numbers: &'t [u64],
    /// The greatest number that a dump had with the same text, if it is greater.
    pub(super) seen: Option<u64>,
}

/// What a dump brings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Brings {
    /// The places of the new revisions in the dump's list, oldest first.
    pub(super) new: Vec<usize>,
    /// Whether the dump is older than what is here, which then stays shown.
    pub(super) older: bool,
    /// How many revisions are not here and older than one that is: a history is only added to at its end.
    pub(super) left_out: usize,
    /// The number to remember as seen: of a newest revision that has the text that is here already.
    pub(super) seen: Option<u64>,
}

/// Compares the revisions of a dump, oldest first, with what is here.
pub(super) fn compare(revisions: &[Written<'_>], here: Option<Here<'_>>) -> Brings {
    let mut brings = Brings::default();
    let Some(newest) = revisions.last() else {
        return brings;
    };
    let mut text = here.map_or("", |here| here.last.sha256);
    let mut before = "";
    if let Some(here) = here {
        let top = here.last.number.max(here.seen);
        let earlier = match (newest.number, top) {
            (Some(there), Some(here)) => there < here,
            _ => newest.at < here.last.at,
        };
        if earlier && newest.sha256 != here.last.sha256 {
            brings.older = true;
            return brings;
        }
    }
    for (place, revision) in revisions.iter().enumerate() {
        let follows = here.is_none_or(|here| match (revision.number, here.last.number) {
            (Some(there), Some(here)) => there >= here,
            _ => revision.at >= here.last.at,
        });
        // A revision that changed nothing but its number is not worth a record.
        if follows {
            if revision.sha256 != text {
                brings.new.push(place);
            }
            text = revision.sha256;
        } else if revision.sha256 != before
            && let (Some(number), Some(here)) = (revision.number, here)
            && !here.numbers.contains(&number)
        {
            brings.left_out += 1;
        }
        before = revision.sha256;
    }
    if let (Some(here), Some(number)) = (here, newest.number)
        && brings.new.is_empty()
        && here
            .last
            .number
            .max(here.seen)
            .is_some_and(|top| number > top)
    {
        brings.seen = Some(number);
    }
    brings
}

#[cfg(test)]
mod tests {
    use super::{Brings, Here, Written, compare};

    fn written(list: &[(u64, &'static str)]) -> Vec<Written<'static>> {
        let one = |(number, sha256): &(u64, &'static str)| Written {
            number: (*number > 0).then_some(*number),
            at: *number as i64,
            sha256,
        };
        list.iter().map(one).collect()
    }

    fn here(number: u64, sha256: &'static str, numbers: &'static [u64]) -> Here<'static> {
        Here {
            last: written(&[(number, sha256)])[0],
            numbers,
            seen: None,
        }
    }

    #[test]
    fn a_history_is_added_to_at_its_end_whatever_its_last_text() {
        let all = written(&[(10, "a"), (11, "vandal"), (12, "a")]);
        assert_eq!(compare(&all, None).new, [0, 1, 2]);
        let brings = compare(&all, Some(here(10, "a", &[10])));
        assert_eq!((brings.new, brings.left_out), (vec![1, 2], 0));
        // Once more brings nothing, and nothing is taken for older.
        assert_eq!(
            compare(&all, Some(here(12, "a", &[10, 11, 12]))),
            Brings::default()
        );
        // Where only the newest came first, what is older is told.
        let brings = compare(&all, Some(here(12, "a", &[12])));
        assert_eq!((brings.new.len(), brings.left_out), (0, 2));
    }

    #[test]
    fn an_older_dump_brings_nothing_also_after_a_revert() {
        let revert = compare(&written(&[(12, "a")]), Some(here(10, "a", &[10])));
        assert_eq!((revert.new.len(), revert.seen), (0, Some(12)));
        let seen = Here {
            seen: Some(12),
            ..here(10, "a", &[10])
        };
        assert!(compare(&written(&[(10, "a"), (11, "vandal")]), Some(seen)).older);
        assert!(compare(&written(&[(9, "old")]), Some(here(10, "a", &[10]))).older);
        assert!(!compare(&written(&[(9, "a")]), Some(here(10, "a", &[10]))).older);
    }

    #[test]
    fn where_numbers_are_missing_the_time_decides() {
        let at = |at: i64, sha256: &'static str| Written {
            number: None,
            at,
            sha256,
        };
        let here = Here {
            last: at(5, "b"),
            numbers: &[],
            seen: None,
        };
        assert!(compare(&[at(4, "a")], Some(here)).older);
        assert_eq!(
            compare(&[at(4, "a"), at(5, "b"), at(6, "c")], Some(here)).new,
            [2]
        );
    }
}
