//! Which initiatives may be one and the same: by their names, their web addresses, and how far apart they are.
//!
//! Pure. Candidates are proposed to people; nothing is joined by itself.

use crate::tables::Short;
use atlas::countries::fold;
use record::Place;
use std::collections::{HashMap, HashSet};

/// Words that many names have and that tell little of whose name it is, folded.
const GENERIC: &[&str] = &[
    "a",
    "and",
    "asociacion",
    "association",
    "at",
    "au",
    "aux",
    "c",
    "cafe",
    "center",
    "centre",
    "centro",
    "cic",
    "club",
    "co",
    "collective",
    "colectivo",
    "collectif",
    "community",
    "comunidad",
    "comunitario",
    "comunitaria",
    "company",
    "coop",
    "cooperativa",
    "cooperative",
    "cooperatives",
    "cooperativo",
    "d",
    "das",
    "de",
    "del",
    "der",
    "des",
    "di",
    "die",
    "do",
    "du",
    "e",
    "ev",
    "el",
    "en",
    "et",
    "fablab",
    "fab",
    "farmers",
    "for",
    "foundation",
    "fundacion",
    "garden",
    "group",
    "grupo",
    "hackerspace",
    "house",
    "im",
    "in",
    "industrial",
    "international",
    "l",
    "la",
    "lab",
    "las",
    "le",
    "les",
    "library",
    "limited",
    "los",
    "ltd",
    "makerspace",
    "market",
    "mercado",
    "national",
    "network",
    "new",
    "of",
    "on",
    "para",
    "plc",
    "por",
    "project",
    "proyecto",
    "public",
    "red",
    "s",
    "sa",
    "scic",
    "scop",
    "sl",
    "services",
    "social",
    "society",
    "space",
    "sur",
    "the",
    "trust",
    "uk",
    "und",
    "y",
];
/// What such a word counts, where others count one.
const LITTLE: f64 = 0.25;
/// What a word counts in common that differs by a slip of the pen.
const SLIPPED: f64 = 0.95;
/// What is left of the likeness of names with other numbers in them.
const OTHER_NUMBER: f64 = 0.7;
/// An address that more than so many have is a platform's: then the path counts too.
const MOST_OF_A_HOST: usize = 6;
/// Of a name or a square with more than so many, not every pair is compared.
const MOST_TOGETHER: usize = 400;
/// Farther apart than this, a name alone says nothing, in metres.
const FAR: f64 = 25_000.0;
/// Squares within which neighbours are looked for, in microdegrees: a kilometre from north to south.
const SQUARE: i32 = 10_000;

/// What is compared of an initiative.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Which one it is.
    pub id: Short,
    /// Its name in each language.
    pub names: Vec<String>,
    /// Where it is.
    pub points: Vec<Place>,
    /// Where it is on the web, as [`site()`] gives it.
    pub sites: Vec<String>,
    /// Its countries, as codes of two letters.
    pub countries: Vec<String>,
}

/// Two that may be one, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// One of them: the one whose id is less.
    pub one: Short,
    /// The other.
    pub other: Short,
    /// How alike their names are, from 0 to 100.
    pub name: u8,
    /// How far apart they are, in metres; none where one of them does not say where it is.
    pub metres: Option<f64>,
    /// The web address that both have.
    pub site: Option<String>,
    /// How sure it is, from 0 to 100.
    pub sure: u8,
}

/// Returns a web address as it is compared: host without `www.`, path without its last stroke, in small letters.
#[must_use]
pub fn site(link: &str) -> Option<String> {
    let url = url::Url::parse(link).ok()?;
    let host = url.host_str()?.to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let path = url.path().to_lowercase();
    let query = url
        .query()
        .map_or_else(String::new, |query| format!("?{query}"));
    Some(format!("{host}{}{query}", path.trim_end_matches('/')))
}

/// Returns the words of a name that tell it from others, folded; all of it where it has none.
#[must_use]
pub fn telling(name: &str) -> String {
    Name::of(name).key()
}

fn host(site: &str) -> &str {
    site.split('/').next().unwrap_or(site)
}

/// Returns how far two places are apart, in metres, on a sphere.
#[must_use]
pub fn metres(one: Place, other: Place) -> f64 {
    let (a, b) = (one.latitude().to_radians(), other.latitude().to_radians());
    let across = (other.longitude() - one.longitude()).to_radians();
    let half = ((b - a) / 2.0).sin().powi(2) + a.cos() * b.cos() * (across / 2.0).sin().powi(2);
    2.0 * 6_371_000.0 * half.sqrt().min(1.0).asin()
}

/// A name, taken apart once.
#[derive(Clone, Debug, Default)]
struct Name {
    words: Vec<(Box<str>, f64)>,
    weight: f64,
    /// All letters without spaces, so that “hacker space” is “hackerspace”.
    squashed: Box<str>,
}

impl Name {
    fn of(text: &str) -> Self {
        let folded = fold(text);
        let mut words: Vec<(Box<str>, f64)> = folded
            .split(' ')
            .filter(|word| !word.is_empty())
            .map(|word| {
                let generic = GENERIC.contains(&word);
                (word.into(), if generic { LITTLE } else { 1.0 })
            })
            .collect();
        words.sort_by(|a, b| a.0.cmp(&b.0));
        words.dedup_by(|a, b| a.0 == b.0);
        Self {
            weight: words.iter().map(|(_, weight)| weight).sum(),
            words,
            squashed: folded.replace(' ', "").into(),
        }
    }

    /// What names that are the same but for general words and their order have in common.
    fn key(&self) -> String {
        let telling: Vec<&str> = self
            .words
            .iter()
            .filter(|(_, weight)| *weight == 1.0)
            .map(|(word, _)| &**word)
            .collect();
        if telling.is_empty() {
            self.squashed.to_string()
        } else {
            telling.join(" ")
        }
    }

    fn numbers(&self) -> Vec<&str> {
        let words = self.words.iter().map(|(word, _)| &**word);
        words
            .filter(|word| word.contains(char::is_numeric))
            .collect()
    }

    /// Returns how alike two names are, from 0 to 1: what they have in common of all their words.
    fn alike(&self, other: &Self) -> f64 {
        if self.squashed == other.squashed && !self.squashed.is_empty() {
            return 1.0;
        }
        let (few, many) = if self.words.len() <= other.words.len() {
            (self, other)
        } else {
            (other, self)
        };
        let mut common = 0.0;
        for (word, weight) in &few.words {
            let found = many.words.iter().find(|(other, _)| near(word, other));
            if let Some((other, theirs)) = found {
                let same = if word == other { 1.0 } else { SLIPPED };
                common += same * (weight + theirs);
            }
        }
        let all = self.weight + other.weight;
        let alike = if all == 0.0 {
            0.0
        } else {
            (common / all).min(1.0)
        };
        // “Solar 1” and “Solar 2” are two, however long the rest is.
        if self.numbers() == other.numbers() {
            alike
        } else {
            alike * OTHER_NUMBER
        }
    }
}

/// Whether two words are one, or one with a single slip of the pen where they have five letters or more.
fn near(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let (a, b) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    // Numbers that differ are other numbers.
    let digits = |word: &[char]| word.iter().any(|c| c.is_numeric());
    if a.len() < 5 || b.len() - a.len() > 1 || digits(&a) || digits(&b) {
        return false;
    }
    let from_left = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let from_right = a
        .iter()
        .rev()
        .zip(b.iter().rev())
        .take_while(|(x, y)| x == y)
        .count();
    if a.len() == b.len() {
        let swapped = from_left + from_right + 2 == a.len()
            && a[from_left] == b[from_left + 1]
            && a[from_left + 1] == b[from_left];
        from_left + from_right + 1 >= a.len() || swapped
    } else {
        from_left + from_right >= a.len()
    }
}

/// Every row, found by what it has in common with others.
#[derive(Default)]
pub struct Book {
    rows: Vec<Kept>,
    by_host: HashMap<Box<str>, Vec<u32>>,
    by_site: HashMap<Box<str>, Vec<u32>>,
    by_name: HashMap<String, Vec<u32>>,
    by_square: HashMap<(i32, i32), Vec<u32>>,
}

struct Kept {
    row: Row,
    names: Vec<Name>,
}

impl Kept {
    fn of(row: Row) -> Self {
        let names = row.names.iter().map(|name| Name::of(name)).collect();
        Self { row, names }
    }
}

fn square(place: Place, right: i32, up: i32) -> (i32, i32) {
    let (y, x) = (
        (place.latitude() * 1e6) as i32,
        (place.longitude() * 1e6) as i32,
    );
    // A degree of longitude narrows towards the poles; squares there are as wide as they are high, about.
    let wide = (f64::from(SQUARE) / place.latitude().to_radians().cos().max(0.05)) as i32;
    (y.div_euclid(SQUARE) + up, x.div_euclid(wide) + right)
}

impl Book {
    /// Enters every row.
    #[must_use]
    pub fn of(rows: impl IntoIterator<Item = Row>) -> Self {
        let mut book = Self::default();
        for row in rows {
            let at = book.rows.len() as u32;
            let kept = Kept::of(row);
            let mut hosts: Vec<&str> = kept.row.sites.iter().map(|site| host(site)).collect();
            hosts.sort_unstable();
            hosts.dedup();
            for one in hosts {
                book.by_host.entry(one.into()).or_default().push(at);
            }
            for one in &kept.row.sites {
                book.by_site
                    .entry(one.as_str().into())
                    .or_default()
                    .push(at);
            }
            let keys: HashSet<String> = kept.names.iter().map(Name::key).collect();
            for key in keys {
                book.by_name.entry(key).or_default().push(at);
            }
            let squares: HashSet<(i32, i32)> = kept
                .row
                .points
                .iter()
                .map(|point| square(*point, 0, 0))
                .collect();
            for one in squares {
                book.by_square.entry(one).or_default().push(at);
            }
            book.rows.push(kept);
        }
        book
    }

    /// Returns which may be the same as a row, the surest first; never the row itself.
    #[must_use]
    pub fn like(&self, row: &Row) -> Vec<Pair> {
        self.like_kept(&Kept::of(row.clone()), |_| true)
    }

    fn like_kept(&self, kept: &Kept, wanted: impl Fn(u32) -> bool) -> Vec<Pair> {
        let mut near: HashSet<u32> = HashSet::new();
        let mut add = |list: Option<&Vec<u32>>| {
            if let Some(list) = list.filter(|list| list.len() <= MOST_TOGETHER) {
                near.extend(list.iter().copied().filter(|at| wanted(*at)));
            }
        };
        for one in &kept.row.sites {
            let same_host = self.by_host.get(host(one));
            add(same_host.filter(|list| list.len() <= MOST_OF_A_HOST));
            add(self.by_site.get(one.as_str()));
        }
        for name in &kept.names {
            add(self.by_name.get(&name.key()));
        }
        for point in &kept.row.points {
            for up in -1..=1 {
                for right in -1..=1 {
                    add(self.by_square.get(&square(*point, right, up)));
                }
            }
        }
        let mut pairs: Vec<Pair> = near
            .into_iter()
            .filter_map(|at| self.compare(kept, &self.rows[at as usize]))
            .collect();
        sort(&mut pairs);
        pairs
    }

    /// Returns every pair that may be one, the surest first, without those that somebody said to be two.
    #[must_use]
    pub fn pairs(&self, told_apart: &HashSet<(Short, Short)>) -> Vec<Pair> {
        let mut pairs = Vec::new();
        for (at, kept) in self.rows.iter().enumerate() {
            pairs.extend(self.like_kept(kept, |other| other as usize > at));
        }
        pairs.retain(|pair| !told_apart.contains(&(pair.one, pair.other)));
        sort(&mut pairs);
        pairs
    }

    /// The web address that two have in common, where it is not a platform's.
    fn shared_site(&self, one: &Row, other: &Row) -> Option<String> {
        let whole = one.sites.iter().find(|site| other.sites.contains(site));
        if let Some(site) = whole.filter(|site| {
            self.by_site
                .get(site.as_str())
                .is_none_or(|list| list.len() <= MOST_OF_A_HOST)
        }) {
            return Some(site.clone());
        }
        let hosts: HashSet<&str> = other.sites.iter().map(|site| host(site)).collect();
        let mut ours = one.sites.iter().map(|site| host(site));
        let found = ours.find(|host| {
            hosts.contains(host)
                && self
                    .by_host
                    .get(*host)
                    .is_none_or(|list| list.len() <= MOST_OF_A_HOST)
        });
        found.map(str::to_owned)
    }

    /// Compares two; none where they are not alike enough.
    fn compare(&self, a: &Kept, b: &Kept) -> Option<Pair> {
        if a.row.id == b.row.id {
            return None;
        }
        let alike = a
            .names
            .iter()
            .flat_map(|one| b.names.iter().map(|other| one.alike(other)))
            .fold(0.0, f64::max);
        let apart = a
            .row
            .points
            .iter()
            .flat_map(|one| b.row.points.iter().map(|other| metres(*one, *other)))
            .reduce(f64::min);
        let site = self.shared_site(&a.row, &b.row);
        let shared_country = a
            .row
            .countries
            .iter()
            .any(|one| b.row.countries.contains(one));
        let countries_apart =
            !shared_country && !a.row.countries.is_empty() && !b.row.countries.is_empty();
        // How much the places speak for it: beside each other 1, far apart nothing, unknown a little.
        let here = match apart {
            Some(metres) => (1.0 - metres / FAR).max(0.0),
            None if countries_apart => 0.0,
            None => 0.4,
        };
        let enough = match (&site, apart) {
            (Some(_), Some(metres)) => {
                alike >= 0.6 && metres <= FAR || alike >= 0.45 && metres <= 2_000.0 || alike >= 0.9
            }
            (Some(_), None) => alike >= 0.6,
            (None, Some(metres)) => {
                alike >= 0.85 && metres <= FAR / 5.0 || alike >= 0.7 && metres <= 500.0
            }
            (None, None) => alike >= 0.95 && !countries_apart,
        };
        if !enough {
            return None;
        }
        let known = if site.is_some() { 1.0 } else { 0.0 };
        let sure = 100.0 * (0.55 * alike + 0.25 * here + 0.2 * known);
        let (one, other) = if a.row.id < b.row.id {
            (a.row.id, b.row.id)
        } else {
            (b.row.id, a.row.id)
        };
        Some(Pair {
            one,
            other,
            name: (100.0 * alike) as u8,
            metres: apart,
            site,
            sure: sure as u8,
        })
    }
}

fn sort(pairs: &mut [Pair]) {
    pairs.sort_by(|a, b| (b.sure, a.one, a.other).cmp(&(a.sure, b.one, b.other)));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(n: u8, name: &str, at: Option<(f64, f64)>, link: &str) -> Row {
        Row {
            id: [n; 16],
            names: vec![name.to_owned()],
            points: at
                .into_iter()
                .map(|(y, x)| Place::from_degrees(y, x).expect("a place"))
                .collect(),
            sites: site(link).into_iter().collect(),
            countries: Vec::new(),
        }
    }

    fn alike(one: &str, other: &str) -> f64 {
        Name::of(one).alike(&Name::of(other))
    }

    #[test]
    fn names_are_alike_by_what_tells_them_from_others() {
        assert_eq!(alike("Suma Wholefoods Ltd", "suma wholefoods ltd."), 1.0);
        assert_eq!(alike("Hacker Space Quito", "Hackerspace Quito"), 1.0);
        assert!(alike("Suma Wholefoods Ltd", "Suma Wholefoods Limited") > 0.85);
        assert!(alike("Suma Wholefods", "Suma Wholefoods Co-operative") > 0.85);
        assert!(alike("Huerto de la Loma", "Huerta de la Loma") > 0.9);
        assert!(alike("Leeds Community Library", "York Community Library") < 0.4);
        assert!(alike("Brixton Energy Solar 1", "Brixton Energy Solar 2") < 0.6);
        assert!(alike("Casa Abierta", "Casa Cerrada") < 0.6);
        assert_eq!(alike("", ""), 0.0);
    }

    #[test]
    fn words_are_near_with_one_slip() {
        assert!(
            near("cooperativa", "coperativa")
                && near("comunes", "comunse")
                && near("abcde", "abcdf")
        );
        assert!(!near("casa", "cosa") && !near("comunes", "comunal") && !near("plot14", "plot15"));
    }

    #[test]
    fn what_is_far_apart_is_another_unless_it_has_the_same_site() {
        let quito = Some((-0.22, -78.51));
        let near_quito = Some((-0.2201, -78.5101));
        let loja = Some((-3.99, -79.2));
        let book = Book::of([
            row(1, "Horno Común", quito, ""),
            row(2, "Horno comun", near_quito, ""),
            row(3, "Horno Común", loja, ""),
            row(4, "Otra cosa", quito, ""),
        ]);
        let pairs = book.pairs(&HashSet::new());
        assert_eq!(pairs.len(), 1, "{pairs:?}");
        assert_eq!(
            (pairs[0].one, pairs[0].other, pairs[0].name),
            ([1; 16], [2; 16], 100)
        );
        assert!(pairs[0].metres.is_some_and(|metres| metres < 30.0));
        assert!(book.pairs(&HashSet::from([([1; 16], [2; 16])])).is_empty());
        let book = Book::of([
            row(1, "Horno Común", quito, "https://www.horno.example/"),
            row(2, "El Horno Común", loja, "http://horno.example"),
        ]);
        assert_eq!(
            book.pairs(&HashSet::new())[0].site.as_deref(),
            Some("horno.example")
        );
    }

    #[test]
    fn a_platform_is_no_site_of_ones_own() {
        let many: Vec<Row> = (0..20)
            .map(|n| {
                let name = ["Alfa", "Beta", "Gama", "Delta"][usize::from(n % 4)];
                row(
                    n,
                    &format!("{name} {n}"),
                    None,
                    &format!("https://platform.example/{n}"),
                )
            })
            .collect();
        assert!(Book::of(many).pairs(&HashSet::new()).is_empty());
    }

    #[test]
    fn squares_meet_across_their_edges() {
        let book = Book::of([
            row(1, "Feria libre del norte", Some((0.009_999, -78.0)), ""),
            row(2, "Feria libre norte", Some((0.010_001, -78.000_1)), ""),
        ]);
        assert_eq!(book.pairs(&HashSet::new()).len(), 1);
    }

    #[test]
    fn distances_are_those_of_the_sphere() {
        let at = |y, x| Place::from_degrees(y, x).expect("a place");
        let quito_guayaquil = metres(at(-0.2201, -78.5123), at(-2.1894, -79.8891));
        assert!(
            (quito_guayaquil - 267_000.0).abs() < 3_000.0,
            "{quito_guayaquil}"
        );
        assert!(metres(at(0.0, 179.999), at(0.0, -179.999)) < 300.0);
    }
}
