//! The index in memory, behind the log: whoever saved something finds it, whichever process wrote it.

use crate::basemap;
use crate::countries::fold;
use crate::index::{Entry, Index, Short};
use crate::tables::{self, Thing};
use record::Space;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use store::{Db, Node, StoreError, Viewer};

/// How many sets of spaces are held at once: visitors', and those of people who see more.
const MOST_SETS: usize = 8;
/// Behind so many records everything is read anew, which is quicker than one by one.
const MOST_BEHIND: i64 = 2_000;

/// What is held for one node: an index for each set of spaces that somebody sees.
#[derive(Default)]
pub struct Live {
    sets: Mutex<HashMap<Vec<Space>, Arc<RwLock<Held>>>>,
}

/// The things of a set of spaces, as the log had them at some point.
#[derive(Default)]
pub struct Held {
    positions: HashMap<Space, i64>,
    index: Index,
    /// By thing, the words of its title, themes and places' areas, folded.
    words: HashMap<Short, Box<str>>,
}

impl Held {
    /// Returns the index.
    #[must_use]
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Returns the things of which each word of a text begins a word: of their titles, themes, areas.
    #[must_use]
    pub fn with_words(&self, text: &str) -> HashSet<Short> {
        let wanted: Vec<String> = fold(text).split(' ').map(str::to_owned).collect();
        let has = |words: &str, wanted: &str| {
            words.starts_with(wanted)
                || words
                    .match_indices(wanted)
                    .any(|(at, _)| words.as_bytes().get(at.wrapping_sub(1)) == Some(&b' '))
        };
        let all = self.words.iter();
        all.filter(|(_, words)| wanted.iter().all(|one| has(words, one)))
            .map(|(id, _)| *id)
            .collect()
    }

    fn put(&mut self, id: &Short, thing: &Thing) {
        let mut marks: Vec<(&str, &str)> = vec![("what", &thing.kind)];
        marks.extend(
            thing
                .marks
                .iter()
                .map(|(facet, value)| (facet.as_str(), value.as_str())),
        );
        let map = basemap::built_in();
        let areas: HashSet<&str> = thing
            .places
            .iter()
            .filter_map(|place| map.area_at(place.latitude(), place.longitude()))
            .map(|area| area.code.as_str())
            .collect();
        marks.extend(areas.iter().map(|code| ("area", *code)));
        marks.sort_unstable();
        marks.dedup();
        self.index.put(&Entry {
            id: *id,
            sort: &thing.sort,
            places: &thing.places,
            marks: &marks,
        });
        let mut words = thing.sort.clone();
        for (facet, value) in &marks {
            match *facet {
                "theme" => words = format!("{words} {}", fold(value)),
                "area" => {
                    if let Some(area) = map.area(value) {
                        words = format!("{words} {} {}", fold(&area.name), fold(&area.spanish));
                    }
                }
                _ => {}
            }
        }
        self.words.insert(*id, words.into());
    }

    fn remove(&mut self, id: &Short) {
        self.index.remove(id);
        self.words.remove(id);
    }

    /// Reads what the log has since; `heads` is how far it is.
    fn follow(
        &mut self,
        db: &Db<'_>,
        viewer: &Viewer,
        heads: &HashMap<Space, i64>,
    ) -> Result<(), StoreError> {
        let behind: i64 = heads
            .iter()
            .map(|(space, head)| head - self.positions.get(space).copied().unwrap_or(0))
            .sum();
        if self.positions.is_empty()
            || behind > MOST_BEHIND
            || !self.read_since(db, viewer, heads)?
        {
            *self = Self::default();
            for (id, thing) in tables::things(db, viewer, None)? {
                self.put(&id, &thing);
            }
        }
        self.positions.clone_from(heads);
        Ok(())
    }

    /// Reads the things that changed, one by one; returns false where that does not tell all.
    fn read_since(
        &mut self,
        db: &Db<'_>,
        viewer: &Viewer,
        heads: &HashMap<Space, i64>,
    ) -> Result<bool, StoreError> {
        let mut changed = HashSet::new();
        for (space, head) in heads {
            let since = self.positions.get(space).copied().unwrap_or(0);
            if since >= *head {
                continue;
            }
            let found = store::changed(db, space, since, MOST_BEHIND)?;
            let ids = found.things.iter().map(|id| record::short_id(id));
            let ids: Vec<Short> = ids.collect();
            // What a withdrawn record said of another thing, nobody knows any more.
            if found.withdrawn
                && (found.unknown || ids.iter().any(|id| !self.words.contains_key(id)))
            {
                return Ok(false);
            }
            changed.extend(ids);
        }
        for id in changed {
            match tables::things(db, viewer, Some(&id))?.get(&id) {
                Some(thing) => self.put(&id, thing),
                None => self.remove(&id),
            }
        }
        Ok(true)
    }
}

/// Answers from what is held, once it has all that the log has.
///
/// # Errors
/// From the database.
pub fn with<T>(
    node: &Node,
    db: &Db<'_>,
    viewer: &Viewer,
    answer: impl FnOnce(&Held) -> T,
) -> Result<T, StoreError> {
    let live = node.held::<Live>();
    let held = {
        let mut sets = live.sets.lock().unwrap_or_else(PoisonError::into_inner);
        if sets.len() >= MOST_SETS && !sets.contains_key(viewer.spaces()) {
            sets.clear();
        }
        sets.entry(viewer.spaces().to_vec()).or_default().clone()
    };
    let heads: HashMap<Space, i64> = store::heads(db)?
        .into_iter()
        .filter(|(space, _)| viewer.sees(space))
        .collect();
    // Another may have read further meanwhile, which is as good.
    let is_there = |held: &Held| {
        let there =
            |(space, head): (&Space, &i64)| held.positions.get(space).is_some_and(|at| at >= head);
        !held.positions.is_empty() && heads.iter().all(there)
    };
    {
        let now = held.read().unwrap_or_else(PoisonError::into_inner);
        if is_there(&now) {
            return Ok(answer(&now));
        }
    }
    let mut now = held.write().unwrap_or_else(PoisonError::into_inner);
    if !is_there(&now) {
        now.follow(db, viewer, &heads)?;
    }
    Ok(answer(&now))
}
