//! Blobs: large files by their SHA-256, in a folder.

use crate::StoreError;
use crate::files::{make_folder, sync_folder};
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// The SHA-256 of a blob, by which records cite it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlobHash([u8; 32]);

impl BlobHash {
    /// Returns the hash of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Parses 64 hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 64
            || !text
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        {
            return None;
        }
        let mut bytes = [0; 32];
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(index * 2..index * 2 + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl std::fmt::Display for BlobHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A folder of blobs: `ab/cd/abcd…`, each written whole or not at all.
#[derive(Clone, Debug)]
pub struct Blobs {
    folder: PathBuf,
}

impl Blobs {
    /// Opens the folder, making it if it is missing.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be made.
    pub fn folder(folder: &Path) -> Result<Self, StoreError> {
        make_folder(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
        })
    }

    fn path(&self, hash: &BlobHash) -> PathBuf {
        let name = hash.to_string();
        self.folder.join(&name[..2]).join(&name[2..4]).join(name)
    }

    /// Stores what `source` gives; returns its hash and length in bytes.
    ///
    /// # Errors
    /// [`StoreError`] when reading or writing fails; then nothing is kept.
    pub fn put(&self, source: &mut dyn Read) -> Result<(BlobHash, u64), StoreError> {
        let mut salt = [0; 8];
        let _ = getrandom::fill(&mut salt);
        let beside = self.folder.join(format!(
            ".new-{}-{}",
            std::process::id(),
            u64::from_le_bytes(salt)
        ));
        let written = self.write(source, &beside);
        if written.is_err() {
            let _ = fs::remove_file(&beside);
        }
        written
    }

    fn write(&self, source: &mut dyn Read, beside: &Path) -> Result<(BlobHash, u64), StoreError> {
        let io = |e| StoreError::io(beside, e);
        let mut file = fs::File::create(beside).map_err(io)?;
        let mut hasher = Sha256::new();
        let mut length = 0;
        let mut buffer = vec![0; 1 << 16];
        loop {
            let read = source.read(&mut buffer).map_err(io)?;
            if read == 0 {
                break;
            }
            hasher.update(&buffer[..read]);
            file.write_all(&buffer[..read]).map_err(io)?;
            length += read as u64;
        }
        file.sync_all().map_err(io)?;
        let hash = BlobHash(hasher.finalize().into());
        let path = self.path(&hash);
        if let Some(parent) = path.parent() {
            make_folder(parent)?;
        }
        fs::rename(beside, &path).map_err(|e| StoreError::io(&path, e))?;
        // A record that cites the blob may be acknowledged right after.
        if let Some(parent) = path.parent() {
            sync_folder(parent)?;
        }
        Ok((hash, length))
    }

    /// Opens a blob for reading; none if it is not here.
    ///
    /// # Errors
    /// [`StoreError`] when it is here and cannot be read.
    pub fn get(&self, hash: &BlobHash) -> Result<Option<fs::File>, StoreError> {
        let path = self.path(hash);
        match fs::File::open(&path) {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreError::io(&path, error)),
        }
    }

    /// Removes a blob, if it is here.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be removed.
    pub fn remove(&self, hash: &BlobHash) -> Result<(), StoreError> {
        let path = self.path(hash);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(StoreError::io(&path, error))
            }
            _ => Ok(()),
        }
    }
}
