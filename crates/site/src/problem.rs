//! What went wrong, as a person and a program are told: one table from errors to statuses.

use store::{Refusal, StoreError};

/// A problem to tell: status, code, sentence, and the way out.
#[derive(Debug)]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// A stable code in snake case.
    pub code: &'static str,
    /// One sentence on what is wrong and where.
    pub detail: String,
    /// What the reader can do, or empty.
    pub remedy: String,
}

impl Problem {
    /// Nothing stands at this address.
    #[must_use]
    pub fn not_found(what: impl Into<String>) -> Self {
        Self {
            status: 404,
            code: "not_found",
            detail: what.into(),
            remedy: String::new(),
        }
    }

    /// The request cannot be understood.
    #[must_use]
    pub fn bad(code: &'static str, detail: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            status: 400,
            code,
            detail: detail.into(),
            remedy: remedy.into(),
        }
    }

    /// A rule said no: in the reader's language where it has words for the rule.
    #[must_use]
    pub fn refused(words: &crate::Words, refusal: Refusal) -> Self {
        let key = format!("rule-{}", refusal.rule.replace('_', "-"));
        let remedy = format!("{key}-remedy");
        let mut problem = Self::from(refusal);
        if let Some(text) = words.find(&key) {
            problem.detail = text.to_owned();
            problem.remedy = words.find(&remedy).unwrap_or_default().to_owned();
        }
        problem
    }

    /// Nobody is signed in, and somebody must be.
    #[must_use]
    pub fn signed_out(words: &crate::Words) -> Self {
        Self {
            status: 401,
            code: "signed_out",
            detail: words.t("problem-401").to_owned(),
            remedy: words.t("problem-401-remedy").to_owned(),
        }
    }

    /// A token is not known here, or not any more.
    #[must_use]
    pub fn bad_token(words: &crate::Words) -> Self {
        Self {
            status: 401,
            code: "bad_token",
            detail: words.t("problem-token").to_owned(),
            remedy: words.t("problem-token-remedy").to_owned(),
        }
    }

    /// Somebody is signed in, and may not do this.
    #[must_use]
    pub fn forbidden(
        code: &'static str,
        detail: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            status: 403,
            code,
            detail: detail.into(),
            remedy: remedy.into(),
        }
    }

    /// Returns what is wrong and what to do, as sentences one after the other.
    #[must_use]
    pub fn sentences(&self) -> String {
        match self.remedy.as_str() {
            "" => self.detail.clone(),
            remedy => format!("{}. {remedy}", self.detail.trim_end_matches('.')),
        }
    }

    /// Returns the address of this kind of problem, for RFC 9457's `type`.
    #[must_use]
    pub fn kind(&self) -> String {
        format!("/problems/{}", self.code)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let (status, code) = match &error {
            StoreError::Full { .. } => (507, "disk_full"),
            StoreError::Locked | StoreError::Busy { .. } => (503, "database_locked"),
            StoreError::Unwritable { .. }
            | StoreError::Alien { .. }
            | StoreError::Absent { .. } => (500, "unwritable"),
            StoreError::Server { .. } => (503, "database_unreachable"),
            StoreError::Damaged { .. } | StoreError::Record { .. } | StoreError::Type { .. } => {
                (500, "damaged")
            }
            StoreError::TooNew { .. } | StoreError::Collation { .. } => (500, "database_version"),
            StoreError::Sqlite(_) | StoreError::Postgres(_) | StoreError::RolledBack => {
                (500, "database")
            }
            StoreError::Io { .. } | StoreError::Key { .. } | StoreError::Thread(_) => {
                (500, "system")
            }
            StoreError::Draft(_) => (400, "not_signed"),
            StoreError::Stopped => (503, "stopping"),
        };
        Self {
            status,
            code,
            detail: error.to_string(),
            remedy: String::new(),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal.rule {
            "withdrawn" => 410,
            "title_taken" | "id_taken" => 409,
            _ => 403,
        };
        Self {
            status,
            code: refusal.rule,
            detail: refusal.reason.into_owned(),
            remedy: refusal.remedy.into_owned(),
        }
    }
}
