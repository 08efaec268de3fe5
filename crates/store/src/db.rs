//! One façade over both databases: synchronous SQL with `$1` parameters.
//!
//! The same text runs on SQLite and PostgreSQL. Integers are BIGINT, text is TEXT, bytes are BYTEA
//! (SQLite stores them as blobs whatever the column's name), booleans are 0 and 1.

use crate::postgres::Connection;
use crate::{StoreError, sqlite};
use std::borrow::Cow;

/// A parameter of a statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// No value.
    Null,
    /// A whole number, or a truth value as 0 or 1.
    Int(i64),
    /// Text.
    Text(Cow<'a, str>),
    /// Bytes.
    Blob(Cow<'a, [u8]>),
}

macro_rules! from_int { ($($t:ty),*) => { $(impl From<$t> for Value<'_> {
    fn from(value: $t) -> Self { Self::Int(i64::from(value)) }
})* } }
from_int!(i64, i32, u32, u16, u8, bool);

impl<'a> From<&'a str> for Value<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(Cow::Borrowed(value))
    }
}
impl<'a> From<&'a String> for Value<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(Cow::Borrowed(value))
    }
}
impl From<String> for Value<'_> {
    fn from(value: String) -> Self {
        Self::Text(Cow::Owned(value))
    }
}
impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Blob(Cow::Borrowed(value))
    }
}
impl<'a> From<&'a Vec<u8>> for Value<'a> {
    fn from(value: &'a Vec<u8>) -> Self {
        Self::Blob(Cow::Borrowed(value))
    }
}
impl From<Vec<u8>> for Value<'_> {
    fn from(value: Vec<u8>) -> Self {
        Self::Blob(Cow::Owned(value))
    }
}
impl<'a, const N: usize> From<&'a [u8; N]> for Value<'a> {
    fn from(value: &'a [u8; N]) -> Self {
        Self::Blob(Cow::Borrowed(value))
    }
}
impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Builds the parameters of a statement: `params![id, 3, title]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::Value::from($value)),*] as &[$crate::Value<'_>] };
}

/// One row of an answer, valid while it is being read.
pub enum Row<'r> {
    /// From SQLite.
    Sqlite(&'r rusqlite::Row<'r>),
    /// From PostgreSQL.
    Postgres(&'r ::postgres::Row),
}

impl Row<'_> {
    /// Returns column `index` (from 0).
    ///
    /// # Errors
    /// [`StoreError::Type`] if it holds something else.
    pub fn get<T: Column>(&self, index: usize) -> Result<T, StoreError> {
        T::read(self, index)
    }

    /// Returns the bytes of column `index` without copying them; empty for NULL.
    ///
    /// # Errors
    /// [`StoreError`] if the column holds no bytes.
    pub fn bytes(&self, index: usize) -> Result<&[u8], StoreError> {
        match self {
            Row::Sqlite(row) => match row.get_ref(index)? {
                rusqlite::types::ValueRef::Blob(bytes) | rusqlite::types::ValueRef::Text(bytes) => {
                    Ok(bytes)
                }
                rusqlite::types::ValueRef::Null => Ok(&[]),
                _ => Err(StoreError::Type {
                    column: index,
                    expected: "bytes",
                    found: "a number",
                }),
            },
            Row::Postgres(row) => Ok(row.try_get::<_, Option<&[u8]>>(index)?.unwrap_or(&[])),
        }
    }

    pub(crate) fn width(&self) -> usize {
        match self {
            Row::Sqlite(row) => row.as_ref().column_count(),
            Row::Postgres(row) => row.len(),
        }
    }

    /// Returns column `index` as whatever it holds.
    pub(crate) fn value(&self, index: usize) -> Result<Value<'static>, StoreError> {
        use rusqlite::types::ValueRef;
        Ok(match self {
            Row::Sqlite(row) => match row.get_ref(index)? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(n) => Value::Int(n),
                ValueRef::Text(t) => Value::Text(String::from_utf8_lossy(t).into_owned().into()),
                ValueRef::Blob(b) => Value::Blob(b.to_vec().into()),
                ValueRef::Real(_) => {
                    return Err(StoreError::Type {
                        column: index,
                        expected: "no float",
                        found: "a float",
                    });
                }
            },
            Row::Postgres(row) => {
                use ::postgres::types::Type;
                match *row.columns()[index].type_() {
                    Type::INT8 => row.try_get::<_, Option<i64>>(index)?.into(),
                    Type::BYTEA => match row.try_get::<_, Option<Vec<u8>>>(index)? {
                        Some(b) => Value::Blob(b.into()),
                        None => Value::Null,
                    },
                    _ => row.try_get::<_, Option<String>>(index)?.into(),
                }
            }
        })
    }
}

/// A type that a column can be read as.
pub trait Column: Sized {
    /// Reads column `index`.
    ///
    /// # Errors
    /// [`StoreError`] if the column holds something else.
    fn read(row: &Row<'_>, index: usize) -> Result<Self, StoreError>;
}

macro_rules! columns { ($($t:ty),*) => { $(
    impl Column for $t {
        fn read(row: &Row<'_>, index: usize) -> Result<Self, StoreError> {
            Ok(match row {
                Row::Sqlite(row) => row.get(index)?,
                Row::Postgres(row) => row.try_get(index)?,
            })
        }
    }
    impl Column for Option<$t> {
        fn read(row: &Row<'_>, index: usize) -> Result<Self, StoreError> {
            Ok(match row {
                Row::Sqlite(row) => row.get(index)?,
                Row::Postgres(row) => row.try_get(index)?,
            })
        }
    }
)* } }
columns!(i64, String, Vec<u8>);

impl Column for bool {
    fn read(row: &Row<'_>, index: usize) -> Result<Self, StoreError> {
        Ok(i64::read(row, index)? != 0)
    }
}

/// A database connection within one unit of work.
pub struct Db<'c> {
    inner: Inner<'c>,
}

enum Inner<'c> {
    Sqlite(&'c rusqlite::Connection),
    Postgres(&'c Connection),
}

impl<'c> Db<'c> {
    pub(crate) fn sqlite(connection: &'c rusqlite::Connection) -> Self {
        Self {
            inner: Inner::Sqlite(connection),
        }
    }

    pub(crate) fn postgres(connection: &'c Connection) -> Self {
        Self {
            inner: Inner::Postgres(connection),
        }
    }

    /// Calls `each` with every row of the answer, in order.
    ///
    /// # Errors
    /// From the database, or from `each`, which ends the reading.
    pub fn each<E: From<StoreError>>(
        &self,
        sql: &str,
        params: &[Value<'_>],
        mut each: impl FnMut(&Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        match &self.inner {
            Inner::Sqlite(connection) => {
                let failed = |error| sqlite::of(connection, error);
                let mut statement = connection.prepare_cached(&numbered(sql)).map_err(failed)?;
                bind(&mut statement, params)?;
                let mut rows = statement.raw_query();
                while let Some(row) = rows.next().map_err(failed)? {
                    each(&Row::Sqlite(row))?;
                }
                Ok(())
            }
            Inner::Postgres(connection) => {
                for row in connection.query(sql, params)? {
                    each(&Row::Postgres(&row))?;
                }
                Ok(())
            }
        }
    }

    /// Returns every row, mapped by `read`.
    ///
    /// # Errors
    /// From the database or from `read`.
    pub fn all<T, E: From<StoreError>>(
        &self,
        sql: &str,
        params: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T, E>,
    ) -> Result<Vec<T>, E> {
        let mut found = Vec::new();
        self.each(sql, params, |row| {
            found.push(read(row)?);
            Ok::<(), E>(())
        })?;
        Ok(found)
    }

    /// Returns the first row, mapped by `read`, or none.
    ///
    /// # Errors
    /// From the database or from `read`.
    pub fn first<T, E: From<StoreError>>(
        &self,
        sql: &str,
        params: &[Value<'_>],
        read: impl FnOnce(&Row<'_>) -> Result<T, E>,
    ) -> Result<Option<T>, E> {
        match &self.inner {
            Inner::Sqlite(connection) => {
                let failed = |error| sqlite::of(connection, error);
                let mut statement = connection.prepare_cached(&numbered(sql)).map_err(failed)?;
                bind(&mut statement, params)?;
                let mut rows = statement.raw_query();
                match rows.next().map_err(failed)? {
                    Some(row) => read(&Row::Sqlite(row)).map(Some),
                    None => Ok(None),
                }
            }
            Inner::Postgres(connection) => match connection.query(sql, params)?.first() {
                Some(row) => read(&Row::Postgres(row)).map(Some),
                None => Ok(None),
            },
        }
    }

    /// Runs a statement; returns how many rows it changed.
    ///
    /// # Errors
    /// From the database.
    pub fn execute(&self, sql: &str, params: &[Value<'_>]) -> Result<u64, StoreError> {
        match &self.inner {
            Inner::Sqlite(connection) => {
                let failed = |error| sqlite::of(connection, error);
                let mut statement = connection.prepare_cached(&numbered(sql)).map_err(failed)?;
                bind(&mut statement, params)?;
                if statement.column_count() > 0 {
                    let mut rows = statement.raw_query();
                    let mut count = 0;
                    while rows.next().map_err(failed)?.is_some() {
                        count += 1;
                    }
                    return Ok(count);
                }
                Ok(statement.raw_execute().map_err(failed)? as u64)
            }
            Inner::Postgres(connection) => connection.execute(sql, params),
        }
    }

    /// Returns the one number that a statement such as `SELECT COUNT(*)` gives, 0 for no row or NULL.
    ///
    /// # Errors
    /// From the database.
    pub fn number(&self, sql: &str, params: &[Value<'_>]) -> Result<i64, StoreError> {
        Ok(self
            .first(sql, params, |row| row.get::<Option<i64>>(0))?
            .flatten()
            .unwrap_or(0))
    }

    /// Runs several statements separated by semicolons, without parameters.
    ///
    /// # Errors
    /// From the database.
    pub fn batch(&self, sql: &str) -> Result<(), StoreError> {
        match &self.inner {
            Inner::Sqlite(connection) => connection
                .execute_batch(sql)
                .map_err(|error| sqlite::of(connection, error)),
            Inner::Postgres(connection) => connection.batch(sql),
        }
    }

    /// Runs `work` so that an error undoes only what it did.
    ///
    /// # Errors
    /// What `work` returns, or from the database.
    pub fn savepoint<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, E>,
    ) -> Result<T, E> {
        self.execute("SAVEPOINT part", &[])?;
        let outcome = work(self).and_then(|value| {
            self.execute("RELEASE SAVEPOINT part", &[])?;
            Ok(value)
        });
        let undo = "ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part";
        if outcome.is_err() && self.batch(undo).is_err() {
            // SQLite gives up the whole transaction when the disk is full; otherwise the part that
            // cannot be undone must not be kept either.
            let _ = self.batch("ROLLBACK");
        }
        outcome
    }

    /// Returns whether a transaction is open.
    pub(crate) fn is_open(&self) -> bool {
        match &self.inner {
            Inner::Sqlite(connection) => !connection.is_autocommit(),
            Inner::Postgres(connection) => connection.is_open(),
        }
    }

    /// Returns whether the database is PostgreSQL: for the few statements about the database itself.
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        matches!(self.inner, Inner::Postgres(_))
    }
}

/// Rewrites `$1` to `?1`: SQLite would number `$1` by first appearance.
fn numbered(sql: &str) -> Cow<'_, str> {
    if sql.contains('$') {
        Cow::Owned(sql.replace('$', "?"))
    } else {
        Cow::Borrowed(sql)
    }
}

fn bind(
    statement: &mut rusqlite::CachedStatement<'_>,
    params: &[Value<'_>],
) -> Result<(), StoreError> {
    for (index, value) in params.iter().enumerate() {
        let at = index + 1;
        match value {
            Value::Null => statement.raw_bind_parameter(at, rusqlite::types::Null)?,
            Value::Int(n) => statement.raw_bind_parameter(at, n)?,
            Value::Text(text) => statement.raw_bind_parameter(at, text.as_ref())?,
            Value::Blob(bytes) => statement.raw_bind_parameter(at, bytes.as_ref())?,
        }
    }
    Ok(())
}
