//! Everything that lies somewhere, or is counted by something, as columns in memory.
//!
//! A question is answered by one pass over all things: box, filters, counts, clusters and the first of the
//! list together, so that they cannot differ. No tree: a pass over a million things takes some milliseconds,
//! and a tree would have to be kept right for each combination of filters.

use crate::bounds::{Bounds, cell};
use record::Place;
use std::collections::HashMap;
use std::collections::HashSet;

/// The short form of a thing's id (`record::short_id`).
pub type Short = [u8; 16];

/// A thing as it is entered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The short form of its id.
    pub id: Short,
    /// Its title folded for sorting.
    pub sort: &'a str,
    /// Where it is: the first is the one that it is drawn at.
    pub places: &'a [Place],
    /// What it is counted by: facet and value, each pair once.
    pub marks: &'a [(&'a str, &'a str)],
}

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Question<'a> {
    /// Only what has a place within this box; all things, also those without a place, where there is none.
    pub bounds: Option<Bounds>,
    /// For each of these facets, only what has one of the values.
    pub filters: Vec<(&'a str, Vec<&'a str>)>,
    /// Only these.
    pub among: Option<&'a HashSet<Short>>,
    /// How many things of the list are wanted.
    pub limit: usize,
    /// The sort key and id behind which the list goes on.
    pub after: Option<(&'a str, Short)>,
    /// Group what is found into cells of this width: a power of two of the map's square, 0 for the whole of it.
    pub zoom: Option<u8>,
}

/// Things that lie near one another, as a map shows them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cluster {
    /// Where they are on average.
    pub at: Place,
    /// How many places there are: of one thing, several may lie here.
    pub places: u64,
    /// The thing, where it is a single one.
    pub thing: Option<Short>,
    /// The box around them: west, south, east, north in millionths of a degree.
    pub around: [i32; 4],
}

/// What is found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// How many things there are.
    pub total: u64,
    /// For each facet its values with how many things have it, most first.
    ///
    /// The counts of a facet that the question narrows by are those without that narrowing: what a reader would
    /// find who chose that value instead.
    pub facets: Vec<(String, Vec<(String, u64)>)>,
    /// The first things by title.
    pub list: Vec<Short>,
    /// The sort key and id of the last of the list, where there are more.
    pub next: Option<(String, Short)>,
    /// Things that lie near one another, most first.
    pub clusters: Vec<Cluster>,
}

/// The columns. A slot is a thing; a slot whose thing went away is dead, and used again.
#[derive(Default)]
pub struct Index {
    /// The slot of each thing.
    slots: HashMap<Short, u32>,
    ids: Vec<Short>,
    sorts: Vec<Box<str>>,
    /// The first eight bytes of the sort key, which decide most comparisons.
    heads: Vec<u64>,
    /// The first place of each thing; [`NOWHERE`] where it has none, [`DEAD`] where the slot has no thing.
    latitudes: Vec<i32>,
    longitudes: Vec<i32>,
    /// The same on the map's square, 2³² wide.
    squares: Vec<(u32, u32)>,
    /// The further places of the few things that have several.
    further: HashMap<u32, Vec<(i32, i32)>>,
    /// Where a thing's marks begin in `marks`, and how many it has.
    begins: Vec<u32>,
    counts: Vec<u16>,
    /// Whether a thing has further places.
    several: Vec<bool>,
    /// Numbers of terms.
    marks: Vec<u32>,
    /// How many of `marks` no thing has any more.
    wasted: usize,
    terms: Vec<Term>,
    numbers: HashMap<(u16, Box<str>), u32>,
    facets: Vec<Box<str>>,
    free: Vec<u32>,
}

struct Term {
    facet: u16,
    value: Box<str>,
}

const NOWHERE: i32 = i32::MAX;
const DEAD: i32 = i32::MIN;
/// More facets than a question can narrow by.
const MOST_FACETS: usize = 31;
/// How many cells a map may have: beyond, they are made larger.
const MOST_CELLS: u64 = 4_096;

fn head(sort: &str) -> u64 {
    let mut bytes = [0_u8; 8];
    for (to, from) in bytes.iter_mut().zip(sort.bytes()) {
        *to = from;
    }
    u64::from_be_bytes(bytes)
}

impl Index {
    /// Returns how many things it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Returns whether it holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Enters a thing, or what became of it. Values of more than 31 facets are not counted.
    pub fn put(&mut self, entry: &Entry<'_>) {
        self.remove(&entry.id);
        let slot = self.free.pop().unwrap_or_else(|| {
            self.ids.push([0; 16]);
            self.sorts.push("".into());
            self.heads.push(0);
            self.latitudes.push(DEAD);
            self.longitudes.push(DEAD);
            self.squares.push((0, 0));
            self.begins.push(0);
            self.counts.push(0);
            self.several.push(false);
            (self.ids.len() - 1) as u32
        });
        let at = slot as usize;
        self.slots.insert(entry.id, slot);
        self.ids[at] = entry.id;
        self.sorts[at] = entry.sort.into();
        self.heads[at] = head(entry.sort);
        let micro = |place: &Place| {
            (
                place.latitude_microdegrees(),
                place.longitude_microdegrees(),
            )
        };
        (self.latitudes[at], self.longitudes[at]) =
            entry.places.first().map_or((NOWHERE, NOWHERE), micro);
        self.squares[at] = entry.places.first().map_or((0, 0), |place| cell(*place));
        let further: Vec<_> = entry.places.iter().skip(1).map(micro).collect();
        self.several[at] = !further.is_empty();
        if !further.is_empty() {
            self.further.insert(slot, further);
        }
        let begin = self.marks.len();
        for (facet, value) in entry.marks {
            if let Some(term) = self.term(facet, value)
                && !self.marks[begin..].contains(&term)
                && self.marks.len() - begin < usize::from(u16::MAX)
            {
                self.marks.push(term);
            }
        }
        self.begins[at] = begin as u32;
        self.counts[at] = (self.marks.len() - begin) as u16;
    }

    /// Takes a thing out.
    pub fn remove(&mut self, id: &Short) {
        let Some(slot) = self.slots.remove(id) else {
            return;
        };
        let at = slot as usize;
        self.latitudes[at] = DEAD;
        self.wasted += usize::from(self.counts[at]);
        self.counts[at] = 0;
        self.further.remove(&slot);
        self.several[at] = false;
        self.free.push(slot);
        if self.wasted > 1_000 && self.wasted > self.marks.len() / 2 {
            self.gather();
        }
    }

    /// Leaves out the marks that no thing has any more.
    fn gather(&mut self) {
        let mut marks = Vec::with_capacity(self.marks.len() - self.wasted);
        for (begin, count) in self.begins.iter_mut().zip(&self.counts) {
            let from = *begin as usize;
            *begin = marks.len() as u32;
            marks.extend_from_slice(&self.marks[from..from + usize::from(*count)]);
        }
        self.marks = marks;
        self.wasted = 0;
    }

    /// Returns the number of a value, and gives it one if it has none.
    fn term(&mut self, facet: &str, value: &str) -> Option<u32> {
        let facet = match self.facets.iter().position(|name| **name == *facet) {
            Some(facet) => facet as u16,
            None if self.facets.len() < MOST_FACETS => {
                self.facets.push(facet.into());
                (self.facets.len() - 1) as u16
            }
            None => return None,
        };
        let key = (facet, Box::from(value));
        if let Some(number) = self.numbers.get(&key) {
            return Some(*number);
        }
        let number = self.terms.len() as u32;
        self.terms.push(Term {
            facet,
            value: value.into(),
        });
        self.numbers.insert(key, number);
        Some(number)
    }

    fn marks_of(&self, slot: usize) -> &[u32] {
        let begin = self.begins[slot] as usize;
        &self.marks[begin..begin + usize::from(self.counts[slot])]
    }

    /// Returns what a thing is counted by under a facet.
    #[must_use]
    pub fn values<'i>(&'i self, id: &Short, facet: &str) -> Vec<&'i str> {
        let Some(slot) = self.slots.get(id) else {
            return Vec::new();
        };
        let marks = self.marks_of(*slot as usize).iter();
        marks
            .map(|term| &self.terms[*term as usize])
            .filter(|term| *self.facets[usize::from(term.facet)] == *facet)
            .map(|term| &*term.value)
            .collect()
    }

    /// Answers a question by one pass over all things.
    #[must_use]
    pub fn find(&self, question: &Question<'_>) -> Found {
        // Which filter each term satisfies, as a bit, and which facet each filter narrows.
        let mut satisfies = vec![0_u32; self.terms.len()];
        let mut all = 0_u32;
        let mut narrowed = vec![0_u32; self.facets.len()];
        for (name, values) in &question.filters {
            let Some(facet) = self.facets.iter().position(|one| **one == **name) else {
                // Nothing has any value of it.
                return Found::default();
            };
            let bit = 1 << facet;
            all |= bit;
            narrowed[facet] = bit;
            for value in values {
                if let Some(term) = self.numbers.get(&(facet as u16, Box::from(*value))) {
                    satisfies[*term as usize] |= bit;
                }
            }
        }
        let mut pass = Pass {
            index: self,
            question,
            satisfies,
            all,
            counts: vec![0; self.terms.len()],
            total: 0,
            first: Vec::with_capacity(question.limit + 1),
            cells: question.zoom.map(|zoom| Cells::new(zoom, question.bounds)),
        };
        for slot in 0..self.ids.len() {
            pass.look(slot);
        }
        pass.found()
    }

    fn order(&self, one: usize, other: usize) -> std::cmp::Ordering {
        self.heads[one].cmp(&self.heads[other]).then_with(|| {
            (&self.sorts[one], &self.ids[one]).cmp(&(&self.sorts[other], &self.ids[other]))
        })
    }
}

/// One pass over the columns.
struct Pass<'a> {
    index: &'a Index,
    question: &'a Question<'a>,
    satisfies: Vec<u32>,
    all: u32,
    counts: Vec<u64>,
    total: u64,
    /// The slots of the first of the list, in order.
    first: Vec<usize>,
    cells: Option<Cells>,
}

impl Pass<'_> {
    fn look(&mut self, slot: usize) {
        let index = self.index;
        let (latitude, longitude) = (index.latitudes[slot], index.longitudes[slot]);
        if latitude == DEAD {
            return;
        }
        if let Some(bounds) = &self.question.bounds {
            let further = || {
                let several = index.several[slot].then(|| index.further.get(&(slot as u32)));
                several.flatten().is_some_and(|places| {
                    places
                        .iter()
                        .any(|(latitude, longitude)| bounds.holds(*latitude, *longitude))
                })
            };
            // A thing that is nowhere lies in no box: its latitude is beyond both poles.
            if !bounds.holds(latitude, longitude) && !further() {
                return;
            }
        }
        if let Some(among) = self.question.among
            && !among.contains(&index.ids[slot])
        {
            return;
        }
        let marks = index.marks_of(slot);
        let mut met = 0;
        if self.all != 0 {
            for term in marks {
                met |= self.satisfies[*term as usize];
            }
        }
        let missing = self.all & !met;
        if missing == 0 {
            for term in marks {
                self.counts[*term as usize] += 1;
            }
            self.total += 1;
            self.list(slot);
            self.gather(slot);
        } else if missing.is_power_of_two() {
            // It would be found without this one narrowing: it counts under that facet alone.
            let facet = missing.trailing_zeros() as u16;
            for term in marks {
                if index.terms[*term as usize].facet == facet {
                    self.counts[*term as usize] += 1;
                }
            }
        }
    }

    /// Keeps the first of the list: by insertion, since after a while nearly nothing comes before the last.
    fn list(&mut self, slot: usize) {
        let (index, wanted) = (self.index, self.question.limit + 1);
        if let Some((sort, id)) = self.question.after
            && (&*index.sorts[slot], index.ids[slot]) <= (sort, id)
        {
            return;
        }
        if self.first.len() == wanted
            && self
                .first
                .last()
                .is_some_and(|last| index.order(*last, slot).is_lt())
        {
            return;
        }
        let at = self
            .first
            .partition_point(|one| index.order(*one, slot).is_lt());
        self.first.insert(at, slot);
        self.first.truncate(wanted);
    }

    fn gather(&mut self, slot: usize) {
        let index = self.index;
        let first = (index.latitudes[slot], index.longitudes[slot]);
        let Some(cells) = self.cells.as_mut().filter(|_| first.0 != NOWHERE) else {
            return;
        };
        let within = |(latitude, longitude): (i32, i32)| {
            self.question
                .bounds
                .is_none_or(|bounds| bounds.holds(latitude, longitude))
        };
        if within(first) {
            cells.put(index.squares[slot], first, slot);
        }
        if index.several[slot] {
            for one in index.further.get(&(slot as u32)).into_iter().flatten() {
                if let (true, Ok(place)) = (within(*one), Place::from_microdegrees(one.0, one.1)) {
                    cells.put(cell(place), *one, slot);
                }
            }
        }
    }

    fn found(mut self) -> Found {
        let index = self.index;
        let mut facets: Vec<(String, Vec<(String, u64)>)> = index
            .facets
            .iter()
            .map(|name| (name.to_string(), Vec::new()))
            .collect();
        for (term, count) in index.terms.iter().zip(&self.counts) {
            if *count > 0 {
                facets[usize::from(term.facet)]
                    .1
                    .push((term.value.to_string(), *count));
            }
        }
        for (_, values) in &mut facets {
            values.sort_by(|(one, a), (other, b)| b.cmp(a).then_with(|| one.cmp(other)));
        }
        facets.sort_by(|(one, _), (other, _)| one.cmp(other));
        let more = self.first.len() > self.question.limit;
        self.first.truncate(self.question.limit);
        let last = self.first.last().filter(|_| more);
        Found {
            total: self.total,
            facets,
            next: last.map(|slot| (index.sorts[*slot].to_string(), index.ids[*slot])),
            list: self.first.iter().map(|slot| index.ids[*slot]).collect(),
            clusters: self
                .cells
                .map_or_else(Vec::new, |cells| cells.clusters(index)),
        }
    }
}

/// The cells of a map, row after row from the north-west.
struct Cells {
    /// By how many bits a place on the 2³²-wide square is moved to give its cell.
    shift: u32,
    /// The cell of the square at which the box begins.
    column: u32,
    row: u32,
    columns: u32,
    rows: u32,
    held: Vec<Held>,
    zoom: u8,
}

/// What lies in one cell.
#[derive(Clone, Copy)]
struct Held {
    places: u64,
    latitudes: i64,
    longitudes: i64,
    around: [i32; 4],
    /// The slot of the thing, [`MANY`] where there are several.
    slot: usize,
}

/// No slot: several things.
const MANY: usize = usize::MAX;

impl Held {
    const NOTHING: Self = Self {
        places: 0,
        latitudes: 0,
        longitudes: 0,
        around: [i32::MAX, i32::MAX, i32::MIN, i32::MIN],
        slot: MANY,
    };

    fn join(&mut self, other: &Self) {
        if self.places == 0 {
            self.slot = other.slot;
        } else if self.slot != other.slot {
            self.slot = MANY;
        }
        self.places += other.places;
        self.latitudes += other.latitudes;
        self.longitudes += other.longitudes;
        let [west, south, east, north] = &mut self.around;
        *west = (*west).min(other.around[0]);
        *south = (*south).min(other.around[1]);
        *east = (*east).max(other.around[2]);
        *north = (*north).max(other.around[3]);
    }

    /// The average of their latitudes and longitudes, in millionths of a degree.
    fn at(&self) -> (i32, i32) {
        let places = self.places.max(1) as i64;
        (
            (self.latitudes / places) as i32,
            (self.longitudes / places) as i32,
        )
    }
}

impl Cells {
    fn new(zoom: u8, bounds: Option<Bounds>) -> Self {
        let [west, south, east, north] = bounds.unwrap_or(Bounds::WORLD).degrees();
        let mut zoom = zoom.min(24);
        // A small cell in a large box would be a map of dots that nobody can tell apart.
        loop {
            let shift = 32 - u32::from(zoom);
            let down = |at: u32| at.checked_shr(shift).unwrap_or(0);
            let corner = |latitude: f64, longitude: f64| {
                let (x, y) = crate::bounds::on_square(latitude, longitude);
                (down(x), down(y))
            };
            let (column, row) = corner(north, west);
            let (last, bottom) = corner(south, if east > 180.0 { east - 360.0 } else { east });
            let around = 1_u32 << zoom;
            let columns = match (last + around - column) % around + 1 {
                // Around the globe and into the cell where it began.
                1 if east - west > 180.0 => around,
                columns => columns,
            };
            let rows = bottom - row + 1;
            if u64::from(columns) * u64::from(rows) <= MOST_CELLS || zoom == 0 {
                let held = vec![Held::NOTHING; (columns * rows) as usize];
                return Self {
                    shift,
                    column,
                    row,
                    columns,
                    rows,
                    held,
                    zoom,
                };
            }
            zoom -= 1;
        }
    }

    fn put(&mut self, (x, y): (u32, u32), (latitude, longitude): (i32, i32), slot: usize) {
        let down = |at: u32| at.checked_shr(self.shift).unwrap_or(0);
        let around = 1_u32 << self.zoom;
        let from = |x: u32| (down(x) + around - self.column) % around;
        let mut column = from(x);
        if column >= self.columns && longitude.unsigned_abs() == 180_000_000 {
            // The line where the map's square ends is the one where it begins.
            column = from(if x == 0 { u32::MAX } else { 0 });
        }
        let row = down(y).saturating_sub(self.row);
        if column < self.columns && row < self.rows {
            self.held[(row * self.columns + column) as usize].join(&Held {
                places: 1,
                latitudes: i64::from(latitude),
                longitudes: i64::from(longitude),
                around: [longitude, latitude, longitude, latitude],
                slot,
            });
        }
    }

    /// Joins cells whose middles nearly touch, the fullest first, and returns what lies in each.
    fn clusters(self, index: &Index) -> Vec<Cluster> {
        let mut order: Vec<usize> = (0..self.held.len())
            .filter(|at| self.held[*at].places > 0)
            .collect();
        order.sort_by_key(|at| (std::cmp::Reverse(self.held[*at].places), *at));
        // Closer than six tenths of a cell, two lozenges would lie on one another.
        let near = 0.6 / f64::from(1_u32 << self.zoom);
        let mut kept: Vec<(f64, f64, Held)> = Vec::with_capacity(order.len());
        let mut by_cell = vec![MANY; self.held.len()];
        let (columns, rows) = (self.columns as usize, self.rows as usize);
        for at in order {
            let held = self.held[at];
            let (latitude, longitude) = held.at();
            let (x, y) =
                crate::bounds::project(f64::from(latitude) / 1e6, f64::from(longitude) / 1e6);
            let (row, column) = (at / columns, at % columns);
            let beside = |at: usize, most: usize| at.saturating_sub(1)..(at + 2).min(most);
            let neighbour = beside(row, rows)
                .flat_map(|row| beside(column, columns).map(move |column| row * columns + column))
                .map(|cell| by_cell[cell])
                .find(|one| {
                    kept.get(*one)
                        .is_some_and(|(x2, y2, _)| (x - x2).abs() < near && (y - y2).abs() < near)
                });
            match neighbour {
                Some(one) => kept[one].2.join(&held),
                None => {
                    by_cell[at] = kept.len();
                    kept.push((x, y, held));
                }
            }
        }
        let mut clusters: Vec<Cluster> = kept
            .iter()
            .filter_map(|(_, _, held)| {
                let (latitude, longitude) = held.at();
                Some(Cluster {
                    at: Place::from_microdegrees(latitude, longitude).ok()?,
                    places: held.places,
                    thing: index.ids.get(held.slot).copied(),
                    around: held.around,
                })
            })
            .collect();
        clusters.sort_by(|one, other| {
            other
                .places
                .cmp(&one.places)
                .then_with(|| one.around.cmp(&other.around))
        });
        clusters
    }
}
