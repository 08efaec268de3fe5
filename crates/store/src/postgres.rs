//! PostgreSQL: its connections, with their prepared statements.

use crate::{StoreError, Value};
use ::postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use ::postgres::{Client, NoTls, Row, Statement};
use std::cell::RefCell;
use std::collections::HashMap;
use std::error::Error;
use std::time::Duration;

/// A client and the statements it has prepared.
pub(crate) struct Connection {
    client: RefCell<Client>,
    prepared: RefCell<HashMap<String, Statement>>,
    /// Whether a transaction may be open.
    open: std::cell::Cell<bool>,
    /// To connect again when the server was started anew.
    url: String,
    schema: Option<String>,
    patience: Duration,
}

impl Connection {
    pub(crate) fn open(
        url: &str,
        schema: Option<&str>,
        patience: Duration,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            client: RefCell::new(Self::connect(url, schema, patience)?),
            prepared: RefCell::default(),
            open: false.into(),
            url: url.to_owned(),
            schema: schema.map(str::to_owned),
            patience,
        })
    }

    fn connect(url: &str, schema: Option<&str>, patience: Duration) -> Result<Client, StoreError> {
        let server = |error: ::postgres::Error| {
            let reason = match (error.as_db_error(), error.source()) {
                (Some(said), _) => said.message().to_owned(),
                (None, Some(source)) => source.to_string(),
                (None, None) => error.to_string(),
            };
            StoreError::Server { reason }
        };
        let mut client = Client::connect(url, NoTls).map_err(server)?;
        client.batch_execute(&format!(
            "SET lock_timeout = {}; SET client_min_messages = warning",
            patience.as_millis().clamp(1, i32::MAX as u128)
        ))?;
        if let Some(schema) = schema {
            let schema = schema.replace('"', "");
            client.batch_execute(&format!(
                "CREATE SCHEMA IF NOT EXISTS \"{schema}\"; SET search_path = \"{schema}\""
            ))?;
        }
        Ok(client)
    }

    /// Begins a transaction; on a connection that the server has closed meanwhile, after connecting again.
    fn begin(&self, sql: &str) -> Result<(), StoreError> {
        let begun = self.client.borrow_mut().batch_execute(sql);
        match begun {
            // Nothing else is wrong with so little: the server has said goodbye, or is saying it.
            Err(_) => {
                let again = Self::connect(&self.url, self.schema.as_deref(), self.patience)?;
                *self.client.borrow_mut() = again;
                self.prepared.borrow_mut().clear();
                Ok(self.client.borrow_mut().batch_execute(sql)?)
            }
            Ok(()) => Ok(()),
        }
    }

    pub(crate) fn require_collation_c(&self) -> Result<(), StoreError> {
        let rows = self.client.borrow_mut().query(
            "SELECT datcollate FROM pg_database WHERE datname = current_database()",
            &[],
        )?;
        let found: String = rows
            .first()
            .map_or(Ok(String::new()), |row| row.try_get(0))?;
        if matches!(
            found.as_str(),
            "C" | "POSIX" | "C.UTF-8" | "C.utf8" | "ucs_basic"
        ) {
            Ok(())
        } else {
            Err(StoreError::Collation { found })
        }
    }

    fn statement(&self, sql: &str) -> Result<Statement, StoreError> {
        if let Some(statement) = self.prepared.borrow().get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.borrow_mut().prepare(sql)?;
        self.prepared
            .borrow_mut()
            .insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    pub(crate) fn query(&self, sql: &str, params: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        let statement = self.statement(sql)?;
        let params: Vec<&(dyn ToSql + Sync)> = params
            .iter()
            .map(|value| value as &(dyn ToSql + Sync))
            .collect();
        Ok(self.client.borrow_mut().query(&statement, &params)?)
    }

    pub(crate) fn execute(&self, sql: &str, params: &[Value<'_>]) -> Result<u64, StoreError> {
        let statement = self.statement(sql)?;
        let params: Vec<&(dyn ToSql + Sync)> = params
            .iter()
            .map(|value| value as &(dyn ToSql + Sync))
            .collect();
        Ok(self.client.borrow_mut().execute(&statement, &params)?)
    }

    pub(crate) fn is_open(&self) -> bool {
        self.open.get()
    }

    pub(crate) fn batch(&self, sql: &str) -> Result<(), StoreError> {
        if sql.starts_with("BEGIN") {
            self.open.set(true);
            return self.begin(sql);
        }
        self.client.borrow_mut().batch_execute(sql)?;
        if matches!(sql, "COMMIT" | "ROLLBACK") {
            self.open.set(false);
        }
        Ok(())
    }
}

impl ToSql for Value<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut bytes::BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(n) => n.to_sql(ty, out),
            Value::Text(text) => text.as_ref().to_sql(ty, out),
            Value::Blob(bytes) => bytes.as_ref().to_sql(ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::INT8 || *ty == Type::BYTEA || <&str as ToSql>::accepts(ty)
    }

    to_sql_checked!();
}
