//! Human activities: the tables by which the atlas asks what there is a commons for.

use std::sync::OnceLock;

const TABLE: &str = include_str!("activities.tsv");

/// A human activity: a section or division of ISIC Rev. 4, or a major division of ICATUS 2016.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Activity {
    /// Scheme and code, as records and addresses have it: `isic:C`, `isic:13`, `icatus:4`.
    pub key: &'static str,
    /// The key of what it is part of; empty for the widest.
    pub parent: &'static str,
    /// Its name in English.
    pub english: &'static str,
    /// Its name in Spanish.
    pub spanish: &'static str,
}

impl Activity {
    /// Returns its name in a language of the interface.
    #[must_use]
    pub fn name(&self, spanish: bool) -> &'static str {
        if spanish { self.spanish } else { self.english }
    }

    /// Returns the code alone, without its scheme.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.key.split_once(':').map_or(self.key, |(_, code)| code)
    }
}

/// Returns every activity: sections of ISIC each before its divisions, then ICATUS.
#[must_use]
pub fn all() -> &'static [Activity] {
    static READ: OnceLock<Vec<Activity>> = OnceLock::new();
    READ.get_or_init(|| {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
        lines
            .map(|line| {
                let mut cells = line.split('\t');
                let mut cell = || cells.next().unwrap_or_default();
                let (scheme, code, parent) = (cell(), cell(), cell());
                // The table is part of the program, and so are the keys that are made of it, once.
                let key = |code: &str| -> &'static str { format!("{scheme}:{code}").leak() };
                Activity {
                    key: key(code),
                    parent: if parent.is_empty() { "" } else { key(parent) },
                    english: cell(),
                    spanish: cell(),
                }
            })
            .collect()
    })
}

/// Returns the activity with a key.
#[must_use]
pub fn by_key(key: &str) -> Option<&'static Activity> {
    all().iter().find(|activity| activity.key == key)
}

/// Returns the division of ISIC that a national code begins with: the United Kingdom's SIC 2007, the European
/// NACE Rev. 2 and most others are the same as ISIC Rev. 4 down to the division.
///
/// Source: NACE Rev. 2 regulation (EC) No 1893/2006; UK SIC 2007, which is identical to NACE at four digits.
#[must_use]
pub fn by_national_code(code: &str) -> Option<&'static Activity> {
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    // Four digits or five, of which a leading zero may have been lost.
    let division = match digits.len() {
        5 => digits.get(..2)?.to_owned(),
        4 => digits.get(..2)?.to_owned(),
        _ => return None,
    };
    by_key(&format!("isic:{division}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_whole() {
        let count = |begins: &str, long: usize| {
            all()
                .iter()
                .filter(|a| a.key.starts_with(begins) && a.code().len() == long)
                .count()
        };
        assert_eq!(
            (count("isic:", 1), count("isic:", 2), count("icatus:", 1)),
            (21, 88, 9)
        );
        for activity in all() {
            assert!(
                !activity.english.is_empty() && !activity.spanish.is_empty(),
                "{}",
                activity.key
            );
            assert!(
                activity.parent.is_empty() || by_key(activity.parent).is_some(),
                "{}",
                activity.key
            );
        }
        assert_eq!(by_key("isic:13").map(|a| a.parent), Some("isic:C"));
    }

    #[test]
    fn a_national_code_gives_its_division() {
        let division = |code| by_national_code(code).map(|a| a.key);
        assert_eq!(division("94990"), Some("isic:94"));
        assert_eq!(division("01.13"), Some("isic:01"));
        assert_eq!(division("34000"), None);
        assert_eq!(division("x"), None);
    }
}
