//! The network in memory: every thing that may be seen, with its real links, as the log has them.

use crate::countries::fold;
use crate::graph::{Graph, Node as Number};
use crate::index::Short;
use crate::tables;
use record::Space;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use store::{Db, Node, StoreError, Viewer};

/// How many sets of spaces are held at once: visitors', and those of people who see more.
const MOST_SETS: usize = 4;

/// A thing of the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Knot {
    /// Its id, short.
    pub id: Short,
    /// Its kind: `article`, `initiative`, …
    pub kind: Box<str>,
    /// What others mention it by.
    pub key: Box<str>,
    /// Its title.
    pub title: Box<str>,
}

/// Things and links as they were when the log was so long.
#[derive(Default)]
pub struct Net {
    heads: HashMap<Space, i64>,
    /// By number: in the order of their ids, which are the same on every node.
    pub knots: Vec<Knot>,
    /// The links between them, without redirects: what leads to a redirect leads to where it leads.
    pub graph: Graph,
    numbers: HashMap<Box<str>, Number>,
    /// How one mentions the other, by the numbers of both.
    relations: HashMap<(Number, Number), &'static str>,
    parted: OnceLock<Parted>,
}

/// What the whole network says of its parts.
#[derive(Clone, Debug, Default)]
pub struct Parted {
    /// The community of each thing, the largest first.
    pub communities: Vec<u32>,
    /// The members of each community, those with most links first.
    pub members: Vec<Vec<Number>>,
    /// Links whose loss would part the network, and how many things hang on the smaller side.
    pub bridges: Vec<(Number, Number, u32)>,
    /// Things that hold communities together: how evenly, from 0 to 1, and how many communities they touch.
    pub between: Vec<(Number, f64, usize)>,
}

/// How many go-betweens are told.
const MOST_BETWEEN: usize = 20;

impl Net {
    /// Returns the number of the thing with a key, also of a redirect: then of where it leads.
    #[must_use]
    pub fn number(&self, key: &str) -> Option<Number> {
        self.numbers.get(key).copied()
    }

    /// Finds a thing by what somebody typed: its key, the address of its neighbourhood, or its title.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<Number> {
        let text = text.trim();
        let last = text.rsplit("/network/of/").next().unwrap_or(text);
        let by_key = self
            .number(text)
            .or_else(|| self.number(&site::decode(last)));
        if by_key.is_some() {
            return by_key;
        }
        // Of several of one name, the one that most is linked with.
        let titled = |same: &dyn Fn(&str) -> bool| {
            let all = self.knots.iter().enumerate();
            all.filter(|(_, knot)| same(&knot.title))
                .map(|(at, _)| at as Number)
                .max_by_key(|at| self.graph.neighbours(*at).len())
        };
        // Folding every title takes a hundred times as long as comparing it as it is written.
        titled(&|title| title.eq_ignore_ascii_case(text)).or_else(|| {
            let wanted = fold(text);
            titled(&|title| fold(title) == wanted)
        })
    }

    /// Returns a thing by its number.
    #[must_use]
    pub fn knot(&self, number: Number) -> Option<&Knot> {
        self.knots.get(number as usize)
    }

    /// Returns how two neighbours are linked: the relation, and whether the first is the one that says so.
    #[must_use]
    pub fn relation(&self, one: Number, other: Number) -> Option<(&'static str, bool)> {
        let forth = self.relations.get(&(one, other));
        let back = || {
            self.relations
                .get(&(other, one))
                .map(|relation| (*relation, false))
        };
        forth.map(|relation| (*relation, true)).or_else(back)
    }

    /// Returns what the whole network says of its parts; counted once.
    pub fn parted(&self) -> &Parted {
        self.parted.get_or_init(|| {
            let communities = self.graph.communities();
            let count = communities
                .iter()
                .max()
                .map_or(0, |most| *most as usize + 1);
            let mut members: Vec<Vec<Number>> = vec![Vec::new(); count];
            for (number, of) in communities.iter().enumerate() {
                members[*of as usize].push(number as Number);
            }
            for list in &mut members {
                list.sort_by_key(|one| {
                    (std::cmp::Reverse(self.graph.neighbours(*one).len()), *one)
                });
            }
            let (bridges, _) = self.graph.bridges();
            let between = self.graph.go_betweens(&communities, MOST_BETWEEN);
            Parted {
                communities,
                members,
                bridges,
                between,
            }
        })
    }

    fn read(db: &Db<'_>, viewer: &Viewer, heads: HashMap<Space, i64>) -> Result<Self, StoreError> {
        let (mut all, links) = tables::network(db, viewer)?;
        all.sort_by_key(|knot| knot.id);
        let places: BTreeMap<Short, usize> = all
            .iter()
            .enumerate()
            .map(|(at, knot)| (knot.id, at))
            .collect();
        let by_key: HashMap<&str, usize> = all
            .iter()
            .enumerate()
            .map(|(at, knot)| (&*knot.key, at))
            .collect();
        // Where each redirect leads, in one step.
        let mut leads: HashMap<usize, usize> = HashMap::new();
        for (from, relation, to) in &links {
            if relation == "redirects"
                && let (Some(from), Some(to)) = (places.get(from), by_key.get(to.as_str()))
            {
                leads.insert(*from, *to);
            }
        }
        let end = |mut at: usize| {
            // A circle of redirects ends somewhere too.
            for _ in 0..8 {
                match leads.get(&at) {
                    Some(to) => at = *to,
                    None => break,
                }
            }
            at
        };
        let mut number_of: Vec<Option<Number>> = vec![None; all.len()];
        let mut kept = 0;
        for (at, number) in number_of.iter_mut().enumerate() {
            if !leads.contains_key(&at) {
                *number = Some(kept);
                kept += 1;
            }
        }
        let number = |at: usize| number_of.get(end(at)).copied().flatten();
        let mut relations = HashMap::new();
        let mut pairs = Vec::with_capacity(links.len());
        for (from, relation, to) in &links {
            let (Some(from), Some(to)) = (places.get(from), by_key.get(to.as_str())) else {
                continue;
            };
            let Some(relation) = RELATIONS.iter().find(|known| *known == relation) else {
                continue;
            };
            if let (Some(from), Some(to)) = (number(*from), number(*to))
                && from != to
            {
                relations.entry((from, to)).or_insert(*relation);
                pairs.push((from, to));
            }
        }
        let numbers: HashMap<Box<str>, Number> = all
            .iter()
            .enumerate()
            .filter_map(|(at, knot)| Some((knot.key.clone(), number(at)?)))
            .collect();
        let knots: Vec<Knot> = all
            .into_iter()
            .enumerate()
            .filter(|(at, _)| number_of[*at].is_some())
            .map(|(_, knot)| knot)
            .collect();
        Ok(Self {
            heads,
            graph: Graph::new(knots.len(), pairs),
            knots,
            numbers,
            relations,
            parted: OnceLock::new(),
        })
    }
}

/// The relations that are links of the network, the more telling first; what a page is drawn with is none.
const RELATIONS: [&str; 7] = [
    "in it",
    "works on",
    "translates",
    "category",
    "mentions",
    "member",
    "derives",
];

/// What is held for one node: a network for each set of spaces that somebody sees.
#[derive(Default)]
struct Nets {
    sets: Mutex<HashMap<Vec<Space>, Arc<Net>>>,
    /// Who reads one anew: one at a time.
    reading: Mutex<()>,
}

/// Returns the network as the log has it by now, as far as it may be seen.
///
/// # Errors
/// From the database.
pub fn net(node: &Node, db: &Db<'_>, viewer: &Viewer) -> Result<Arc<Net>, StoreError> {
    let nets = node.held::<Nets>();
    let heads: HashMap<Space, i64> = store::heads(db)?
        .into_iter()
        .filter(|(space, _)| viewer.sees(space))
        .collect();
    let last = || {
        let sets = nets.sets.lock().unwrap_or_else(PoisonError::into_inner);
        sets.get(viewer.spaces()).cloned()
    };
    let before = last();
    if let Some(net) = before.as_ref().filter(|net| net.heads == heads) {
        return Ok(net.clone());
    }
    // While somebody reads it, others are shown the one before instead of waiting.
    let _reading = match (nets.reading.try_lock(), before) {
        (Ok(turn), _) => turn,
        (Err(_), Some(net)) => return Ok(net),
        (Err(_), None) => nets.reading.lock().unwrap_or_else(PoisonError::into_inner),
    };
    if let Some(net) = last().filter(|net| net.heads == heads) {
        return Ok(net);
    }
    let net = Arc::new(Net::read(db, viewer, heads)?);
    let mut sets = nets.sets.lock().unwrap_or_else(PoisonError::into_inner);
    if sets.len() >= MOST_SETS {
        sets.clear();
    }
    sets.insert(viewer.spaces().to_vec(), net.clone());
    Ok(net)
}
