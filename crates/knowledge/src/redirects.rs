//! Where redirects lead: a pure module over the map of all of them.

use std::collections::{BTreeSet, HashMap};

/// How many redirects are followed from one page: more than any wiki needs, fewer than a loop.
const MOST_STEPS: usize = 8;

/// Where following a redirect ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// At this key.
    At(String),
    /// Nowhere: these keys lead back to one another, in this order.
    Cycle(Vec<String>),
}

/// Why the target of a redirect cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It names no page.
    None,
    /// Its `]]` is missing.
    Unclosed,
    /// It has a `|` inside.
    Piped,
    /// What it names cannot be a title.
    Title,
}

impl Unreadable {
    /// Returns how a redirect that cannot be read stands in the tables: `?piped:Barn`.
    #[must_use]
    pub fn kept(problem: &wikitext::TitleError) -> String {
        use wikitext::TitleError as E;
        let (word, target) = match problem {
            E::NoTarget | E::Empty => ("none", ""),
            E::Unclosed { title } => ("unclosed", title.as_str()),
            E::Piped { title } => ("piped", title.as_str()),
            E::Character { title, .. } | E::Relative { title } | E::Signature { title } => {
                ("title", title.as_str())
            }
            E::TooLong { .. } => ("title", ""),
        };
        format!("?{word}:{target}")
    }

    /// Reads what [`Unreadable::kept`] gives, with its `?` or without, and the target as it was written.
    #[must_use]
    pub fn read(kept: &str) -> (Self, &str) {
        let kept = kept.strip_prefix('?').unwrap_or(kept);
        match kept.split_once(':') {
            Some(("unclosed", target)) => (Self::Unclosed, target),
            Some(("piped", target)) => (Self::Piped, target),
            Some(("title", target)) => (Self::Title, target),
            _ => (Self::None, ""),
        }
    }
}

/// What is wrong with a wiki's redirects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Each cycle once: its keys in order, the smallest first. A page that redirects to itself, or to its own
    /// title in other letters where no such page exists, is a cycle of one.
    pub cycles: Vec<Vec<String>>,
    /// Redirects whose target does not exist: key, target's key.
    pub missing: Vec<(String, String)>,
    /// Redirects whose target cannot be read: key, and what [`Unreadable::read`] takes.
    pub malformed: Vec<(String, String)>,
}

/// Follows a redirect from `start`, whose target `next` gives.
#[must_use]
pub fn follow(start: &str, mut next: impl FnMut(&str) -> Option<String>) -> End {
    let mut path = vec![start.to_owned()];
    let mut at = start.to_owned();
    for _ in 0..MOST_STEPS {
        match next(&at) {
            Some(target) => {
                if let Some(from) = path.iter().position(|key| *key == target) {
                    return End::Cycle(path.split_off(from));
                }
                path.push(target.clone());
                at = target;
            }
            None => return End::At(at),
        }
    }
    End::At(at)
}

/// Finds what is wrong: `redirects` holds key and target, `?…` standing for a malformed one.
#[must_use]
pub fn faults(redirects: &[(String, String)], exists: impl Fn(&str) -> bool) -> Faults {
    let map: HashMap<&str, &str> = redirects
        .iter()
        .map(|(from, to)| (from.as_str(), to.as_str()))
        .collect();
    let mut found = Faults::default();
    let mut cycles = BTreeSet::new();
    for (from, to) in redirects {
        if let Some(problem) = to.strip_prefix('?') {
            found.malformed.push((from.clone(), problem.to_owned()));
            continue;
        }
        if !map.contains_key(to.as_str()) && !exists(to) {
            // Where titles were once kept without their case, a page took the place of its own target.
            if from.to_lowercase() == to.to_lowercase() {
                cycles.insert(vec![from.clone()]);
                continue;
            }
            found.missing.push((from.clone(), to.clone()));
            continue;
        }
        // A walk of as many steps as there are redirects ends or has gone round.
        let mut seen = vec![from.as_str()];
        let mut at = from.as_str();
        while let Some(next) = map.get(at).copied().filter(|next| !next.starts_with('?')) {
            if let Some(start) = seen.iter().position(|key| *key == next) {
                let mut cycle: Vec<String> =
                    seen[start..].iter().map(|k| (*k).to_owned()).collect();
                let least = (0..cycle.len()).min_by_key(|i| &cycle[*i]).unwrap_or(0);
                cycle.rotate_left(least);
                cycles.insert(cycle);
                break;
            }
            seen.push(next);
            at = next;
        }
    }
    found.cycles = cycles.into_iter().collect();
    found
}

#[cfg(test)]
mod tests {
    use super::{End, Unreadable, faults, follow};

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
            .collect()
    }

    #[test]
    fn what_cannot_be_read_is_kept_with_its_target() {
        for (wrong, kept, read) in [
            (
                "#REDIRECT [[Barn|the barn]]",
                "?piped:Barn",
                (Unreadable::Piped, "Barn"),
            ),
            (
                "#REDIRECT [[Barn",
                "?unclosed:Barn",
                (Unreadable::Unclosed, "Barn"),
            ),
            ("#REDIRECT Barn", "?none:", (Unreadable::None, "")),
            (
                "#REDIRECT [[a<b: c]]",
                "?title:a<b: c",
                (Unreadable::Title, "a<b: c"),
            ),
        ] {
            let site = wikitext::Site::default();
            let Some(Err(problem)) = wikitext::parse(wrong, &site).redirect() else {
                panic!("{wrong} is read");
            };
            assert_eq!(Unreadable::kept(&problem), kept, "{wrong}");
            assert_eq!(Unreadable::read(kept), read);
        }
        assert_eq!(Unreadable::read("?"), (Unreadable::None, ""));
    }

    #[test]
    fn each_fault_is_told_once() {
        let list = pairs(&[
            ("a", "a"),
            ("b", "c"),
            ("c", "b"),
            ("d", "b"),
            ("e", "gone"),
            ("f", "?a bar"),
            ("g", "there"),
        ]);
        let found = faults(&list, |key| key == "there");
        assert_eq!(
            found.cycles,
            vec![vec!["a".to_owned()], vec!["b".to_owned(), "c".to_owned()]]
        );
        assert_eq!(found.missing, pairs(&[("e", "gone")]));
        assert_eq!(found.malformed, pairs(&[("f", "a bar")]));
    }

    #[test]
    fn a_redirect_to_itself_in_other_letters_is_a_cycle() {
        let found = faults(&pairs(&[("a:A day", "a:A Day")]), |_| false);
        assert_eq!(found.cycles, vec![vec!["a:A day".to_owned()]]);
        assert!(
            faults(&pairs(&[("a:A day", "a:A Day")]), |_| true)
                .cycles
                .is_empty()
        );
    }

    #[test]
    fn following_ends_at_a_page_or_says_the_cycle() {
        let map = pairs(&[("x", "y"), ("y", "z"), ("p", "q"), ("q", "p")]);
        let next = |key: &str| map.iter().find(|(a, _)| a == key).map(|(_, b)| b.clone());
        assert_eq!(follow("x", next), End::At("z".to_owned()));
        assert_eq!(
            follow("p", next),
            End::Cycle(vec!["p".to_owned(), "q".to_owned()])
        );
    }
}
