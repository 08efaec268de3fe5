//! Sprints: what is shown of them, what was entered, and what the board counts.

use super::{Short, begins, damaged, hash_at, is_here, short_at, shown, within_hour};
use crate::rules;
use crate::sprint::{Entry, LATE_MS, Review, Sprint};
use record::{Hash, Record, RecordId, Space};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use store::{
    Db, Judged, Link, Located, Node, Refusal, Row, StoreError, Thing, Viewer, Withdrawn,
    forget_thing, params, put_links, put_places, put_thing,
};

/// A sprint, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SprintHere {
    /// The short form of the id of its first record.
    pub id: Short,
    /// The record that is shown.
    pub hash: Hash,
    /// Who called it.
    pub convenor: String,
    /// Its name, as an address has it.
    pub slug: String,
    /// Its name.
    pub title: String,
    /// When it begins, in milliseconds since 1970.
    pub begins: i64,
    /// When it ends, in milliseconds since 1970.
    pub ends: i64,
}

impl SprintHere {
    /// Returns the address of its page, from the root.
    #[must_use]
    pub fn href(&self) -> String {
        let hex: String = self.id[..6]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        format!("/sprints/{}-{hex}", self.slug)
    }
}

const HERE: &str = "s.thing, s.hash, s.convenor, s.slug, s.title, s.begins, s.ends";

fn here_at(row: &Row<'_>) -> Result<SprintHere, StoreError> {
    Ok(SprintHere {
        id: short_at(row, 0)?,
        hash: hash_at(row, 1)?,
        convenor: row.get(2)?,
        slug: row.get(3)?,
        title: row.get(4)?,
        begins: row.get(5)?,
        ends: row.get(6)?,
    })
}

/// Returns sprints, the one that ends last first.
pub(crate) fn sprints(
    db: &Db<'_>,
    viewer: &Viewer,
    most: i64,
) -> Result<Vec<SprintHere>, StoreError> {
    db.all(
        &format!(
            "SELECT {HERE} FROM sprints s WHERE {} ORDER BY s.ends DESC, s.thing LIMIT $1",
            viewer.sql("s.space")
        ),
        params![most],
        here_at,
    )
}

/// Returns the sprint whose id begins with six bytes, or has all sixteen.
pub(crate) fn sprint(
    db: &Db<'_>,
    viewer: &Viewer,
    from: &[u8],
) -> Result<Option<SprintHere>, StoreError> {
    let (mut least, mut most) = ([0_u8; 16], [0xFF_u8; 16]);
    let length = from.len().min(16);
    least[..length].copy_from_slice(&from[..length]);
    most[..length].copy_from_slice(&from[..length]);
    db.first(
        &format!("SELECT {HERE} FROM sprints s WHERE s.thing >= $1 AND s.thing <= $2 AND {} ORDER BY s.thing LIMIT 1", viewer.sql("s.space")),
        params![&least, &most],
        here_at,
    )
}

/// Returns what a sprint says of itself, and its whole id.
pub(crate) fn said(db: &Db<'_>, here: &SprintHere) -> Result<(Sprint, RecordId), StoreError> {
    let record = record_of(db, &here.hash)?
        .ok_or_else(|| damaged("what is shown of a sprint is no record".to_owned()))?;
    let sprint = Sprint::of(&record).map_err(damaged)?;
    Ok((sprint, record.thing().clone()))
}

fn record_of(db: &Db<'_>, hash: &Hash) -> Result<Option<Record>, StoreError> {
    let bytes = store::bytes_of(db, hash)?;
    Ok(bytes.and_then(|bytes| Record::trusted(&bytes).ok()))
}

/// One thing that was entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entered {
    /// The entry.
    pub id: Short,
    /// The thing.
    pub about: Short,
    pub team: String,
    pub author: String,
    pub at: i64,
    /// Whether it fits, where somebody said so, and why not.
    pub review: Option<(bool, String)>,
}

/// Returns what was entered, newest first; only what waits for review where `waiting`.
pub(crate) fn entered(
    db: &Db<'_>,
    viewer: &Viewer,
    sprint: &Short,
    waiting: bool,
    most: i64,
) -> Result<Vec<Entered>, StoreError> {
    let only = if waiting {
        "AND NOT EXISTS (SELECT 1 FROM sprint_reviews r WHERE r.entry = e.thing)"
    } else {
        ""
    };
    let rows: Vec<Entered> = db.all(
        &format!(
            "SELECT e.thing, e.about, e.team, e.author, e.at FROM sprint_entries e WHERE e.sprint = $1 {only} AND {}
             ORDER BY e.at DESC, e.thing DESC LIMIT $2",
            viewer.sql("e.space")
        ),
        params![sprint, most],
        |row| {
            Ok::<_, StoreError>(Entered {
                id: short_at(row, 0)?,
                about: short_at(row, 1)?,
                team: row.get(2)?,
                author: row.get(3)?,
                at: row.get(4)?,
                review: None,
            })
        },
    )?;
    rows.into_iter()
        .map(|one| {
            let review = db.first(
                "SELECT fits, reason FROM sprint_reviews WHERE entry = $1 ORDER BY at DESC, thing DESC LIMIT 1",
                params![&one.id],
                |row| Ok::<_, StoreError>((row.get::<i64>(0)? != 0, row.get(1)?)),
            )?;
            Ok(Entered { review, ..one })
        })
        .collect()
}

/// What the board counts: exact, of everything that was entered and not left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Board {
    /// Things that were entered; each counts once, whoever entered it.
    pub things: i64,
    /// Entries, also of the same thing by several.
    pub entries: i64,
    /// Entries that nobody has looked at.
    pub waiting: i64,
    /// Entries that were left out.
    pub out: i64,
    /// How many entries each team has; the empty name is no team.
    pub teams: Vec<(String, i64)>,
    /// How many entries each contributor has, most first.
    pub people: Vec<(String, i64)>,
    /// How many things each country has.
    pub countries: Vec<(String, i64)>,
}

/// The entries of a sprint that count: those that nobody left out last.
const COUNTS: &str = "sprint_entries e WHERE e.sprint = $1 AND COALESCE(
    (SELECT r.fits FROM sprint_reviews r WHERE r.entry = e.thing ORDER BY r.at DESC, r.thing DESC LIMIT 1), 1) = 1";

/// What was counted when the log was so long.
type Counted = (HashMap<Space, i64>, Arc<Board>);

/// What was counted last, by sprint.
#[derive(Default)]
struct Boards(Mutex<HashMap<Short, Counted>>);

/// Returns what the board counts by now: hundreds look at it at once, and it is counted once for each change.
pub(crate) fn board_now(
    node: &Node,
    db: &Db<'_>,
    sprint: &Short,
) -> Result<Arc<Board>, StoreError> {
    const MOST_BOARDS: usize = 100;
    let boards = node.held::<Boards>();
    let viewer = Viewer::public();
    let heads: HashMap<Space, i64> = store::heads(db)?
        .into_iter()
        .filter(|(space, _)| viewer.sees(space))
        .collect();
    let known = || boards.0.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((at, board)) = known().get(sprint)
        && *at == heads
    {
        return Ok(board.clone());
    }
    let counted = Arc::new(board(db, sprint)?);
    let mut known = known();
    if known.len() >= MOST_BOARDS {
        known.clear();
    }
    known.insert(*sprint, (heads, counted.clone()));
    Ok(counted)
}

/// Counts.
pub(crate) fn board(db: &Db<'_>, sprint: &Short) -> Result<Board, StoreError> {
    let number = |sql: &str| db.number(sql, params![sprint]);
    let pairs = |sql: &str| {
        db.all(sql, params![sprint], |row| {
            Ok::<_, StoreError>((row.get(0)?, row.get(1)?))
        })
    };
    let entries = number("SELECT COUNT(*) FROM sprint_entries e WHERE e.sprint = $1")?;
    let counting = number(&format!("SELECT COUNT(*) FROM {COUNTS}"))?;
    Ok(Board {
        things: number(&format!("SELECT COUNT(DISTINCT e.about) FROM {COUNTS}"))?,
        entries: counting,
        waiting: number("SELECT COUNT(*) FROM sprint_entries e WHERE e.sprint = $1 AND NOT EXISTS (SELECT 1 FROM sprint_reviews r WHERE r.entry = e.thing)")?,
        out: entries - counting,
        teams: pairs(&format!("SELECT e.team, COUNT(*) FROM {COUNTS} GROUP BY e.team ORDER BY COUNT(*) DESC, e.team"))?,
        people: pairs(&format!("SELECT e.author, COUNT(*) FROM {COUNTS} GROUP BY e.author ORDER BY COUNT(*) DESC, e.author"))?,
        countries: pairs(&format!(
            "SELECT m.value, COUNT(DISTINCT m.thing) FROM marks m WHERE m.facet = 'country' AND m.thing IN (SELECT e.about FROM {COUNTS})
             GROUP BY m.value ORDER BY COUNT(DISTINCT m.thing) DESC, m.value"
        ))?,
    })
}

/// Returns how many things, entries and contributors a sprint counts, and how many entries were left out.
///
/// # Errors
/// From the database.
pub fn sprint_counts(db: &Db<'_>, sprint: &Short) -> Result<(i64, i64, usize, i64), StoreError> {
    let board = board(db, sprint)?;
    Ok((board.things, board.entries, board.people.len(), board.out))
}

/// Returns the sprints to which a thing was brought, by the hexadecimal digits of their ids: what it is counted by.
pub(super) fn marks_of(db: &Db<'_>, about: &Short) -> Result<Vec<String>, StoreError> {
    let all: Vec<Short> = db.all(
        "SELECT DISTINCT e.sprint FROM sprint_entries e WHERE e.about = $1 AND COALESCE(
           (SELECT r.fits FROM sprint_reviews r WHERE r.entry = e.thing ORDER BY r.at DESC, r.thing DESC LIMIT 1), 1) = 1 ORDER BY e.sprint",
        params![about],
        |row| short_at(row, 0),
    )?;
    Ok(all.iter().map(|id| crate::ask::hex(id)).collect())
}

/// Returns the whole id of an entry, and what it says.
pub(crate) fn entry(db: &Db<'_>, id: &Short) -> Result<Option<(RecordId, Entry)>, StoreError> {
    let hash: Option<Hash> = db.first(
        "SELECT hash FROM sprint_entries WHERE thing = $1",
        params![id],
        |row| hash_at(row, 0),
    )?;
    match hash {
        Some(hash) => Ok(record_of(db, &hash)?
            .and_then(|record| Some((record.thing().clone(), Entry::of(&record).ok()?)))),
        None => Ok(None),
    }
}

/// Returns what became of a form that a phone sent under a mark of its own.
pub(crate) fn submitted(
    db: &Db<'_>,
    account: &[u8; 16],
    mark: &str,
) -> Result<Option<Short>, StoreError> {
    db.first(
        "SELECT thing FROM submissions WHERE account = $1 AND mark = $2",
        params![account, mark],
        |row| short_at(row, 0),
    )
}

/// Keeps what became of a form.
pub(crate) fn keep_submitted(
    db: &Db<'_>,
    account: &[u8; 16],
    mark: &str,
    thing: &Short,
    at: i64,
) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO submissions (account, mark, thing, at) VALUES ($1, $2, $3, $4)",
        params![account, mark, thing, at],
    )?;
    Ok(())
}

/// Forgets what an account sent.
pub(super) fn forget_submitted(db: &Db<'_>, account: &[u8; 16]) -> Result<(), StoreError> {
    db.execute(
        "DELETE FROM submissions WHERE account = $1",
        params![account],
    )?;
    Ok(())
}

fn first_author(db: &Db<'_>, sprint: &Short) -> Result<Option<String>, StoreError> {
    db.first(
        "SELECT author FROM sprint_revisions WHERE thing = $1 AND first = 1",
        params![sprint],
        |row| row.get(0),
    )
}

fn refusal(rule: &'static str, reason: &str) -> Result<Result<(), Refusal>, StoreError> {
    Ok(Err(Refusal::new(rule, reason.to_owned(), "")))
}

/// Judges a sprint.
pub(super) fn judge_sprint(
    db: &Db<'_>,
    judged: &Judged<'_>,
) -> Result<Result<(), Refusal>, StoreError> {
    let record = judged.record;
    if let Err(reason) = Sprint::of(record) {
        return refusal("not_a_sprint", &reason);
    }
    if !record.is_first() && !begins(db, record.thing())? {
        return refusal("unknown_thing", "the sprint that it revises is not here");
    }
    if !judged.is_ours() || judged.by_keeper {
        return Ok(Ok(()));
    }
    let id = record.thing().short();
    if !record.is_first() {
        let shown = sprint(db, &Viewer::public(), &id)?;
        if shown.is_some_and(|shown| !record.replaces().contains(&shown.hash)) {
            return Ok(Err(rules::behind()));
        }
        let own = first_author(db, &id)?.as_deref() == Some(record.author().as_str());
        if !own
            && !judged.is_by_commons()
            && !people::standing(db, judged.ours, record.author())?.steward
        {
            return refusal(
                "not_the_convenor",
                "a sprint is changed by who called it, or a steward",
            );
        }
    }
    if judged.is_by_commons() {
        return Ok(Ok(()));
    }
    Ok(rules::judge_pace(within_hour(db, judged)?))
}

/// Judges an entry.
pub(super) fn judge_entry(
    db: &Db<'_>,
    judged: &Judged<'_>,
) -> Result<Result<(), Refusal>, StoreError> {
    let record = judged.record;
    let entry = match Entry::of(record) {
        Ok(_) if !record.is_first() => {
            return refusal("not_an_entry", "an entry is not changed: make another one");
        }
        Ok(entry) => entry,
        Err(reason) => return refusal("not_an_entry", &reason),
    };
    if !judged.is_ours() || judged.by_keeper {
        return Ok(Ok(()));
    }
    let Some(here) = sprint(db, &Viewer::public(), &record::short_id(&entry.sprint))? else {
        return refusal("unknown_thing", "the sprint is not here");
    };
    let now = judged.now.as_millis();
    if now < here.begins {
        return refusal("sprint_not_begun", "the sprint has not begun");
    }
    if now > here.ends + LATE_MS {
        return refusal("sprint_over", "the sprint is over");
    }
    let about = record::short_id(&entry.about);
    let there = db.first(
        "SELECT 1 FROM things WHERE thing = $1",
        params![&about],
        |_| Ok::<_, StoreError>(()),
    )?;
    if there.is_none() && !is_here(db, &about)? {
        return refusal("unknown_thing", "what is entered is not here");
    }
    let again = db.first(
        "SELECT 1 FROM sprint_entries WHERE about = $1 AND sprint = $2 AND author = $3",
        params![&about, &here.id, record.author().as_str()],
        |_| Ok::<_, StoreError>(()),
    )?;
    if again.is_some() {
        return refusal("entered_already", "you entered it in this sprint already");
    }
    if judged.is_by_commons() {
        return Ok(Ok(()));
    }
    Ok(rules::judge_pace(within_hour(db, judged)?))
}

/// Judges a review.
pub(super) fn judge_review(
    db: &Db<'_>,
    judged: &Judged<'_>,
) -> Result<Result<(), Refusal>, StoreError> {
    let record = judged.record;
    let review = match Review::of(record) {
        Ok(_) if !record.is_first() => {
            return refusal(
                "not_a_review",
                "a review is not changed: a later one counts",
            );
        }
        Ok(review) => review,
        Err(reason) => return refusal("not_a_review", &reason),
    };
    if !judged.is_ours() || judged.by_keeper || judged.is_by_commons() {
        return Ok(Ok(()));
    }
    let of: Option<Short> = db.first(
        "SELECT sprint FROM sprint_entries WHERE thing = $1 AND about = $2",
        params![
            &record::short_id(&review.entry),
            &record::short_id(&review.about)
        ],
        |row| short_at(row, 0),
    )?;
    let Some(of) = of else {
        return refusal("unknown_thing", "the entry is not here");
    };
    let own = first_author(db, &of)?.as_deref() == Some(record.author().as_str());
    if !own && !people::standing(db, judged.ours, record.author())?.steward {
        return refusal(
            "not_the_convenor",
            "what fits in a sprint is said by who called it, or a steward",
        );
    }
    Ok(Ok(()))
}

/// Enters a sprint.
pub(super) fn enter_sprint(
    db: &Db<'_>,
    record: &Record,
    sprint: &Sprint,
) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO sprint_revisions (hash, thing, author, at, first, withdrawn) VALUES ($1, $2, $3, $4, $5, 0)",
        params![
            record.hash().as_bytes(),
            &record.thing().short(),
            record.author().as_str(),
            record.published().as_millis(),
            i64::from(record.is_first())
        ],
    )?;
    show(db, record, sprint)
}

fn show(db: &Db<'_>, record: &Record, sprint: &Sprint) -> Result<(), StoreError> {
    let thing = record.thing();
    let id = thing.short();
    let title = sprint.name(&sprint.language);
    let millis = |at: Option<record::Timestamp>| at.map_or(0, record::Timestamp::as_millis);
    let convenor = first_author(db, &id)?.unwrap_or_default();
    db.execute(
        "INSERT INTO sprints (thing, hash, space, convenor, slug, title, begins, ends, updated) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (thing) DO UPDATE SET hash = excluded.hash, convenor = excluded.convenor, slug = excluded.slug, title = excluded.title,
           begins = excluded.begins, ends = excluded.ends, updated = excluded.updated",
        params![
            &id,
            record.hash().as_bytes(),
            record.space().as_str(),
            &convenor,
            shown::slug(title),
            title,
            millis(sprint.begins),
            millis(sprint.ends),
            record.published().as_millis()
        ],
    )?;
    put_thing(
        db,
        &Thing {
            id: thing,
            space: record.space(),
            kind: Sprint::KIND,
            key: &key(&id),
            title,
            sort: &atlas::countries::fold(title),
            language: &sprint.language,
            updated: record.published().as_millis(),
        },
    )?;
    let places = sprint.teams.iter().filter_map(|team| {
        Some(Located {
            point: team.point?,
            accuracy_m: 5_000,
        })
    });
    put_places(db, thing, record.space(), &places.collect::<Vec<_>>())?;
    let themes = sprint.themes.iter().map(|theme| Link {
        relation: "works on",
        to_key: format!("category:{theme}"),
    });
    put_links(
        db,
        thing,
        record.space(),
        &themes.collect::<Vec<_>>(),
        false,
    )
}

/// Returns what others mention a sprint by.
pub(super) fn key(id: &Short) -> String {
    format!("{}:{}", Sprint::KIND, crate::ask::hex(id))
}

/// Enters an entry; what was entered is counted by the sprint from now on.
pub(super) fn enter_entry(db: &Db<'_>, record: &Record, entry: &Entry) -> Result<(), StoreError> {
    let about = record::short_id(&entry.about);
    db.execute(
        "INSERT INTO sprint_entries (thing, hash, sprint, about, team, author, at, space) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            &record.thing().short(),
            record.hash().as_bytes(),
            &record::short_id(&entry.sprint),
            &about,
            &entry.team,
            record.author().as_str(),
            record.published().as_millis(),
            record.space().as_str()
        ],
    )?;
    shown::show_again(db, &about)
}

/// Enters a review.
pub(super) fn enter_review(
    db: &Db<'_>,
    record: &Record,
    review: &Review,
) -> Result<(), StoreError> {
    let entry = record::short_id(&review.entry);
    db.execute(
        "INSERT INTO sprint_reviews (thing, hash, entry, fits, reason, author, at, space) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            &record.thing().short(),
            record.hash().as_bytes(),
            &entry,
            i64::from(review.fits),
            &review.reason,
            record.author().as_str(),
            record.published().as_millis(),
            record.space().as_str()
        ],
    )?;
    show_about(db, &entry)
}

fn show_about(db: &Db<'_>, entry: &Short) -> Result<(), StoreError> {
    let about: Option<Short> = db.first(
        "SELECT about FROM sprint_entries WHERE thing = $1",
        params![entry],
        |row| short_at(row, 0),
    )?;
    about.map_or(Ok(()), |about| shown::show_again(db, &about))
}

/// Takes a withdrawn record out of the tables.
pub(super) fn withdraw(db: &Db<'_>, gone: &Withdrawn) -> Result<(), StoreError> {
    let id = gone.id.short();
    match gone.id.kind() {
        Entry::KIND => {
            let about: Option<Short> = db.first(
                "DELETE FROM sprint_entries WHERE thing = $1 RETURNING about",
                params![&id],
                |row| short_at(row, 0),
            )?;
            return about.map_or(Ok(()), |about| shown::show_again(db, &about));
        }
        Review::KIND => {
            let entry: Option<Short> = db.first(
                "DELETE FROM sprint_reviews WHERE thing = $1 RETURNING entry",
                params![&id],
                |row| short_at(row, 0),
            )?;
            return entry.map_or(Ok(()), |entry| show_about(db, &entry));
        }
        _ => {}
    }
    let Some(thing) = gone
        .thing
        .as_ref()
        .filter(|thing| thing.kind() == Sprint::KIND)
    else {
        return Ok(());
    };
    let id = thing.short();
    if gone.whole_thing {
        db.execute(
            "DELETE FROM sprint_revisions WHERE thing = $1",
            params![&id],
        )?;
        db.execute("DELETE FROM sprints WHERE thing = $1", params![&id])?;
        return forget_thing(db, thing);
    }
    db.execute(
        "UPDATE sprint_revisions SET withdrawn = 1, author = '', at = $2, first = $3 WHERE hash = $1",
        params![gone.hash.as_bytes(), gone.at.as_millis(), i64::from(gone.id == *thing)],
    )?;
    let known = db.first(
        "SELECT 1 FROM sprint_revisions WHERE hash = $1",
        params![gone.hash.as_bytes()],
        |_| Ok::<_, StoreError>(()),
    )?;
    if known.is_none() {
        // A replay has no bytes of it.
        db.execute(
            "INSERT INTO sprint_revisions (hash, thing, author, at, first, withdrawn) VALUES ($1, $2, '', $3, $4, 1)",
            params![gone.hash.as_bytes(), &id, gone.at.as_millis(), i64::from(gone.id == *thing)],
        )?;
    }
    let last: Option<Hash> = db.first(
        "SELECT r.hash FROM sprint_revisions r JOIN log l ON l.hash = r.hash WHERE r.thing = $1 AND r.withdrawn = 0 ORDER BY l.seq DESC LIMIT 1",
        params![&id],
        |row| hash_at(row, 0),
    )?;
    match last {
        Some(hash) => match record_of(db, &hash)? {
            Some(record) => Sprint::of(&record).map_or(Ok(()), |sprint| show(db, &record, &sprint)),
            None => Ok(()),
        },
        None => {
            db.execute("DELETE FROM sprints WHERE thing = $1", params![&id])?;
            forget_thing(db, thing)
        }
    }
}

/// Returns the hashes of the records of a sprint, an entry or a review.
pub(super) fn records_of(db: &Db<'_>, id: &Short) -> Result<Vec<Hash>, StoreError> {
    db.all(
        "SELECT hash FROM sprint_revisions WHERE thing = $1 UNION ALL SELECT hash FROM sprint_entries WHERE thing = $1
         UNION ALL SELECT hash FROM sprint_reviews WHERE thing = $1",
        params![id],
        |row| hash_at(row, 0),
    )
}

/// Titles and keys of things, by their ids.
pub(crate) fn titles(
    db: &Db<'_>,
    viewer: &Viewer,
    ids: impl Iterator<Item = Short>,
) -> Result<BTreeMap<Short, (String, String)>, StoreError> {
    let mut found = BTreeMap::new();
    let sql = format!(
        "SELECT t.title, t.key FROM things t WHERE t.thing = $1 AND {}",
        viewer.sql("t.space")
    );
    for id in ids {
        let one = db.first(&sql, params![&id], |row| {
            Ok::<_, StoreError>((row.get(0)?, row.get(1)?))
        })?;
        found.extend(one.map(|one| (id, one)));
    }
    Ok(found)
}
