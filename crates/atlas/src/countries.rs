//! Countries, and the many ways in which lists write them.

use std::collections::HashMap;
use std::sync::OnceLock;
use unicode_normalization::UnicodeNormalization;

const TABLE: &str = include_str!("countries.tsv");

/// A country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country {
    /// Its code of two letters (ISO 3166-1).
    pub code: &'static str,
    /// Its name in English.
    pub english: &'static str,
    /// Its name in Spanish.
    pub spanish: &'static str,
}

struct Table {
    countries: Vec<Country>,
    /// By folded name or code, the number of the country.
    names: HashMap<String, u16>,
}

fn table() -> &'static Table {
    static READ: OnceLock<Table> = OnceLock::new();
    READ.get_or_init(|| {
        let mut table = Table {
            countries: Vec::new(),
            names: HashMap::new(),
        };
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let mut cells = line.split('\t');
            let mut cell = || cells.next().unwrap_or_default();
            let (code, three, english, spanish) = (cell(), cell(), cell(), cell());
            let number = table.countries.len() as u16;
            for name in [code, three, english, spanish]
                .into_iter()
                .chain(cell().split('|'))
            {
                let name = fold(name);
                if !name.is_empty() {
                    table.names.entry(name).or_insert(number);
                }
            }
            table.countries.push(Country {
                code,
                english,
                spanish,
            });
        }
        table
    })
}

/// Returns every country, by code.
#[must_use]
pub fn all() -> &'static [Country] {
    &table().countries
}

/// Returns the country with a code of two letters.
#[must_use]
pub fn by_code(code: &str) -> Option<&'static Country> {
    let countries = all();
    let at = countries
        .binary_search_by_key(&code, |country| country.code)
        .ok()?;
    countries.get(at)
}

/// Lower case, without accents, signs and doubled blanks: `ÖSterreich ` and `osterreich` are one.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text
        .nfkd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
    {
        if c.is_alphanumeric() {
            folded.extend(c.to_lowercase());
        } else if c.is_whitespace() && !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// Returns the country that a text names: a code, a name in one of many languages, a nation or region of it
/// (`England`), two names of one country (`Catalunya / Espanya`), or a name with one letter amiss (`Italu`).
///
/// None where it names none, or several.
#[must_use]
pub fn named(text: &str) -> Option<&'static Country> {
    let table = table();
    let found = |number: u16| table.countries.get(usize::from(number));
    if let Some(number) = table.names.get(&fold(text)) {
        return found(*number);
    }
    let parts: Vec<String> = text
        .split(['/', ',', ';', '(', ')', '|'])
        .map(fold)
        .filter(|part| !part.is_empty())
        .collect();
    let mut one: Option<u16> = None;
    let mut several = false;
    for part in &parts {
        if let Some(number) = table
            .names
            .get(part)
            .copied()
            .or_else(|| nearly(table, part))
        {
            several |= one.is_some_and(|other| other != number);
            one = Some(number);
        }
    }
    one.filter(|_| !several).and_then(found)
}

/// The one country whose name differs by one letter; short names are too near one another for that.
fn nearly(table: &Table, name: &str) -> Option<u16> {
    const SHORTEST: usize = 5;
    if name.chars().count() < SHORTEST {
        return None;
    }
    let mut found: Option<u16> = None;
    for (other, number) in table
        .names
        .iter()
        .filter(|(other, _)| other.chars().count() >= SHORTEST)
    {
        if one_apart(name, other) {
            if found.is_some_and(|one| one != *number) {
                return None;
            }
            found = Some(*number);
        }
    }
    found
}

/// Returns whether one letter was changed, added, left out, or changed places with the next.
fn one_apart(one: &str, other: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let front = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[front..], &b[front..]);
    match a.len().cmp(&b.len()) {
        std::cmp::Ordering::Less => *a == b[1..],
        std::cmp::Ordering::Greater => a[1..] == *b,
        std::cmp::Ordering::Equal => {
            a.is_empty()
                || a[1..] == b[1..]
                || a.len() > 1 && a[0] == b[1] && a[1] == b[0] && a[2..] == b[2..]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_known_however_they_are_written() {
        for (text, code) in [
            ("EC", "EC"),
            ("ecu", "EC"),
            ("Ecuador", "EC"),
            ("España", "ES"),
            ("Catalunya / Espanya", "ES"),
            ("Cataluña, España", "ES"),
            ("England", "GB"),
            ("SCOTLAND", "GB"),
            ("Österreich", "AT"),
            ("ÖSterreich", "AT"),
            ("Ελλάδα", "GR"),
            ("Latvija", "LV"),
            ("Portogallo", "PT"),
            ("Frace", "FR"),
            ("Italu", "IT"),
            ("Cypres", "CY"),
            ("U.S.A.", "US"),
            ("EE. UU.", "US"),
            ("Mexico (Méjico)", "MX"),
        ] {
            assert_eq!(
                named(text).map(|country| country.code),
                Some(code),
                "{text}"
            );
        }
    }

    #[test]
    fn what_names_no_country_or_several_is_not_guessed() {
        for text in [
            "",
            "ABERDEEN",
            "Europa",
            "Perú / Bolivia",
            "Xx",
            "Irak o Iran",
            "Mali ",
        ] {
            let found = named(text).map(|country| country.code);
            assert!(
                found.is_none() || text == "Mali " && found == Some("ML"),
                "{text}: {found:?}"
            );
        }
    }

    #[test]
    fn every_code_is_found_and_the_table_is_in_order() {
        assert_eq!(all().len(), 250);
        for country in all() {
            assert_eq!(by_code(country.code), Some(country));
            assert_eq!(named(country.code), Some(country));
            assert_eq!(named(country.english), Some(country), "{}", country.english);
            assert_eq!(named(country.spanish), Some(country), "{}", country.spanish);
        }
    }
}
