//! What can go wrong with an index.

use std::io;

use tantivy::TantivyError;
use tantivy::directory::error::{LockError, OpenReadError};

/// Why an index could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// Another writer holds this space's index, in this process or in another one.
    #[error("the index of {space} is being written by another process")]
    Locked {
        /// The space's name.
        space: String,
    },
    /// Files of the index are missing or unreadable: clear the space and index it anew.
    #[error("the index of {space} is damaged")]
    Damaged {
        /// The space's name.
        space: String,
        /// What was found.
        #[source]
        source: Box<TantivyError>,
    },
    /// The index was made by another version of this crate: clear the space and index it anew.
    #[error("the index of {space} was made by another version")]
    Outdated {
        /// The space's name.
        space: String,
    },
    /// `Query::after` is not a key that a page of this query's results gave.
    #[error("“{after}” is not the key of a page")]
    Page {
        /// The key that was given.
        after: String,
    },
    /// The folder of the indexes cannot be read or written.
    #[error("the folder of the search index cannot be used")]
    Folder(#[from] io::Error),
    /// The disk is full; the last commit is safe.
    #[error(
        "the disk is full: the search index of {space} cannot grow; free some space and try again, nothing was lost"
    )]
    Full {
        /// The space's name.
        space: String,
    },
    /// Anything else that the index engine reports.
    #[error("the index of {space} failed")]
    Index {
        /// The space's name.
        space: String,
        /// What the engine says.
        #[source]
        source: Box<TantivyError>,
    },
}

impl SearchError {
    /// Sorts an engine's error into what the caller can do about it.
    pub(crate) fn of(space: &str, error: TantivyError) -> Self {
        let space = space.to_owned();
        match &error {
            other if is_full(other) => Self::Full { space },
            TantivyError::LockFailure(LockError::LockBusy, _) => Self::Locked { space },
            TantivyError::IncompatibleIndex(_)
            | TantivyError::OpenReadError(OpenReadError::IncompatibleIndex(_)) => {
                Self::Outdated { space }
            }
            TantivyError::DataCorruption(_)
            | TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(_))
            | TantivyError::DeserializeError(_)
            | TantivyError::SchemaError(_)
            | TantivyError::FieldNotFound(_) => Self::Damaged {
                space,
                source: Box::new(error),
            },
            TantivyError::IoError(io) if is_damage(io.kind()) => Self::Damaged {
                space,
                source: Box::new(error),
            },
            TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. })
                if is_damage(io_error.kind()) =>
            {
                Self::Damaged {
                    space,
                    source: Box::new(error),
                }
            }
            _ => Self::Index {
                space,
                source: Box::new(error),
            },
        }
    }
}

/// The engine wraps what the system said in many ways, shown or as it is debugged, and its threads hand on
/// only the text. ENOSPC is 28 wherever we run.
fn is_full(error: &TantivyError) -> bool {
    let text = error.to_string();
    text.contains("(os error 28)") || text.contains("kind: StorageFull")
}

fn is_damage(kind: io::ErrorKind) -> bool {
    matches!(
        kind,
        io::ErrorKind::InvalidData
            | io::ErrorKind::UnexpectedEof
            | io::ErrorKind::NotFound
            | io::ErrorKind::InvalidInput
    )
}

#[cfg(test)]
mod tests {
    use super::SearchError;
    use std::io;
    use std::sync::Arc;
    use tantivy::TantivyError;
    use tantivy::directory::error::OpenWriteError;

    #[test]
    fn a_full_disk_is_known_however_it_is_wrapped() {
        let full = || Arc::new(io::Error::from_raw_os_error(28));
        let filepath = std::path::PathBuf::from("a.store");
        for error in [
            TantivyError::IoError(full()),
            TantivyError::OpenWriteError(OpenWriteError::IoError {
                io_error: full(),
                filepath,
            }),
            TantivyError::ErrorInThread(format!("IoError({:?})", full())),
        ] {
            let text = error.to_string();
            let told = SearchError::of("public", error);
            assert!(matches!(told, SearchError::Full { .. }), "{text}");
        }
        let other = TantivyError::InternalError("none of it".to_owned());
        assert!(matches!(
            SearchError::of("public", other),
            SearchError::Index { .. }
        ));
    }
}
