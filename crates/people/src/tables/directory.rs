//! The directory: people and organisations, by what they say of themselves.

use super::persons::fold;
use super::short_at;
use store::{Db, StoreError, Viewer, params};

/// Which half of the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agents {
    /// People.
    People,
    /// Organisations.
    Organizations,
}

impl Agents {
    fn table(self) -> &'static str {
        match self {
            Self::People => "persons",
            Self::Organizations => "organizations",
        }
    }

    /// Returns the address of the list, from the root; that of an agent is below it.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::People => "/people",
            Self::Organizations => "/organizations",
        }
    }
}

/// What narrows the directory: `called`, `language`, `skill`, `theme`, `place` or `form`, and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trait {
    /// As one of them wrote it.
    pub text: String,
    /// How many have it.
    pub agents: i64,
}

/// One row of the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The short form of the id.
    pub id: [u8; 16],
    /// The address in the commons.
    pub handle: String,
    /// The name.
    pub name: String,
    /// Where, as they say it.
    pub place: String,
    /// The beginning of what they say they do.
    pub lead: String,
    /// The legal form that an organisation claims, or empty.
    pub form: String,
}

/// Returns the condition on `p` for the wanted traits, with its values from parameter `from` on.
fn narrowed(wanted: &[(String, String)], from: usize) -> (String, Vec<String>) {
    let mut sql = String::new();
    let mut values: Vec<String> = Vec::new();
    for (what, text) in wanted {
        // A name is found by the beginning of each of its words; whatever else, by the whole.
        let fold = fold(text);
        let parts: Vec<&str> = if what == "called" {
            fold.split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .take(6)
                .collect()
        } else {
            vec![&fold]
        };
        for part in parts {
            let at = from + values.len();
            let high = at + 1;
            if what == "form" {
                sql.push_str(&format!(" AND p.form = ${at}"));
                values.push(part.to_owned());
            } else if what == "called" {
                sql.push_str(&format!(
                    " AND EXISTS (SELECT 1 FROM traits t WHERE t.thing = p.thing AND t.what = 'called' AND t.fold >= ${at} AND t.fold < ${high})"
                ));
                values.push(part.to_owned());
                values.push(format!("{part}\u{10FFFF}"));
            } else {
                sql.push_str(&format!(
                    " AND EXISTS (SELECT 1 FROM traits t WHERE t.thing = p.thing AND t.what = ${at} AND t.fold = ${high})"
                ));
                values.push(what.clone());
                values.push(part.to_owned());
            }
        }
    }
    (sql, values)
}

/// Returns how many have all of the wanted traits.
///
/// # Errors
/// From the database.
pub fn count(
    db: &Db<'_>,
    viewer: &Viewer,
    agents: Agents,
    wanted: &[(String, String)],
) -> Result<i64, StoreError> {
    let (sql, values) = narrowed(wanted, 1);
    let values: Vec<store::Value<'_>> = values.iter().map(store::Value::from).collect();
    db.number(
        &format!(
            "SELECT COUNT(*) FROM {} p WHERE {}{sql}",
            agents.table(),
            viewer.sql("p.space")
        ),
        &values,
    )
}

/// Returns those who have all of the wanted traits, by name, after one that was shown before.
///
/// # Errors
/// From the database.
pub fn listed(
    db: &Db<'_>,
    viewer: &Viewer,
    agents: Agents,
    wanted: &[(String, String)],
    after: (&str, &str),
    limit: i64,
) -> Result<Vec<Listed>, StoreError> {
    let (sql, values) = narrowed(wanted, 4);
    let mut given = vec![
        store::Value::from(after.0),
        store::Value::from(after.1),
        store::Value::from(limit),
    ];
    given.extend(values.iter().map(store::Value::from));
    let form = match agents {
        Agents::People => "''",
        Agents::Organizations => "p.form",
    };
    db.all(
        &format!(
            "SELECT p.thing, p.handle, p.name, p.place, p.lead, {form} FROM {} p
             WHERE (p.sort, p.handle) > ($1, $2) AND {}{sql} ORDER BY p.sort, p.handle LIMIT $3",
            agents.table(),
            viewer.sql("p.space")
        ),
        &given,
        |row| {
            Ok(Listed {
                id: short_at(row, 0)?,
                handle: row.get(1)?,
                name: row.get(2)?,
                place: row.get(3)?,
                lead: row.get(4)?,
                form: row.get(5)?,
            })
        },
    )
}

/// Returns the values of a trait that most of them have.
///
/// # Errors
/// From the database.
pub fn traits(
    db: &Db<'_>,
    viewer: &Viewer,
    agents: Agents,
    what: &str,
    limit: i64,
) -> Result<Vec<Trait>, StoreError> {
    let table = agents.table();
    let read = |row: &store::Row<'_>| {
        Ok(Trait {
            text: row.get(0)?,
            agents: row.get(1)?,
        })
    };
    if what == "form" {
        return db.all(
            &format!(
                "SELECT p.form, COUNT(*) FROM {table} p WHERE {} GROUP BY p.form ORDER BY COUNT(*) DESC, p.form LIMIT $1",
                viewer.sql("p.space")
            ),
            params![limit],
            read,
        );
    }
    db.all(
        &format!(
            "SELECT MIN(t.text), COUNT(*) FROM traits t JOIN {table} p ON p.thing = t.thing
             WHERE t.what = $1 AND {} GROUP BY t.fold ORDER BY COUNT(*) DESC, t.fold LIMIT $2",
            viewer.sql("t.space")
        ),
        params![what, limit],
        read,
    )
}
