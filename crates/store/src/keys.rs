//! The keys that a node keeps: its commons', its own for checkpoints, and the one that seals members' keys.

use crate::StoreError;
use crate::files::{make_folder, sync_folder};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use record::{Did, SecretKey};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The keys of a node, each in a file of its own that only its owner may read.
pub struct Keys {
    commons: SecretKey,
    node: SecretKey,
    seal: [u8; 32],
    folder: PathBuf,
}

impl Keys {
    /// Opens the keys in `folder`, making those that are missing.
    ///
    /// # Errors
    /// [`StoreError`] when a file cannot be read or written, or holds no key.
    pub fn open(folder: &Path, seal: Option<&Path>) -> Result<Self, StoreError> {
        make_folder(folder)?;
        narrow(folder, 0o700)?;
        let commons = SecretKey::from_bytes(open_or_make(&folder.join("commons"))?);
        let node = SecretKey::from_bytes(open_or_make(&folder.join("node"))?);
        let seal = match seal {
            Some(file) => read_key(file)?,
            None => open_or_make(&folder.join("seal"))?,
        };
        Ok(Self {
            commons,
            node,
            seal,
            folder: folder.to_owned(),
        })
    }

    /// Returns the key that speaks for the commons: imports, generated things, stewards' acts.
    #[must_use]
    pub fn commons(&self) -> &SecretKey {
        &self.commons
    }

    /// Returns the name of the commons.
    #[must_use]
    pub fn commons_did(&self) -> Did {
        self.commons.did()
    }

    /// Returns the key that signs this node's checkpoints.
    #[must_use]
    pub fn node(&self) -> &SecretKey {
        &self.node
    }

    /// Returns a key of 32 bytes for one purpose, that tells nothing of the others.
    #[must_use]
    pub fn derived(&self, purpose: &str) -> [u8; 32] {
        blake3::derive_key(purpose, &self.seal)
    }

    /// Seals `secret` so that only this node opens it, and only where `about` is the same.
    ///
    /// # Errors
    /// [`StoreError::Key`] when the system gives no randomness.
    pub fn seal(&self, secret: &[u8], about: &[u8]) -> Result<Vec<u8>, StoreError> {
        let mut nonce = [0; 24];
        getrandom::fill(&mut nonce).map_err(|e| self.unsealed(&e.to_string()))?;
        let payload = Payload {
            msg: secret,
            aad: about,
        };
        let sealed = XChaCha20Poly1305::new(&self.seal.into())
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| self.unsealed("nothing can be sealed with it"))?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// Opens what [`Keys::seal`] gave.
    ///
    /// # Errors
    /// [`StoreError::Key`] when it was sealed with another key or about something else.
    pub fn open_sealed(&self, sealed: &[u8], about: &[u8]) -> Result<Vec<u8>, StoreError> {
        let other = || {
            self.unsealed("a member's key was sealed with another one; put back the file that was here, or restore a \
                 backup that was made with its keys")
        };
        let (nonce, rest) = sealed.split_first_chunk::<24>().ok_or_else(other)?;
        let payload = Payload {
            msg: rest,
            aad: about,
        };
        XChaCha20Poly1305::new(&self.seal.into())
            .decrypt(&XNonce::from(*nonce), payload)
            .map_err(|_| other())
    }

    fn unsealed(&self, reason: &str) -> StoreError {
        StoreError::Key {
            place: self.folder.join("seal").display().to_string(),
            reason: reason.to_owned(),
        }
    }

    /// Returns the folder that holds the key files.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

fn read_key(file: &Path) -> Result<[u8; 32], StoreError> {
    let text = fs::read_to_string(file).map_err(|e| StoreError::io(file, e))?;
    unhex(text.trim()).ok_or_else(|| StoreError::Key {
        place: file.display().to_string(),
        reason: "expected 64 hexadecimal digits".to_owned(),
    })
}

fn open_or_make(file: &Path) -> Result<[u8; 32], StoreError> {
    if !file.exists() {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|e| StoreError::Key {
            place: file.display().to_string(),
            reason: format!("the system gave no randomness: {e}"),
        })?;
        let text: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
        write_new(file, text.as_bytes())?;
    }
    // Another process may have been first: what stands in the file counts.
    read_key(file)
}

/// Writes a key whole or not at all: to a file beside it, synced, then linked under its name.
fn write_new(file: &Path, text: &[u8]) -> Result<(), StoreError> {
    let beside = file.with_extension(format!("new-{}", std::process::id()));
    let io = |e| StoreError::io(&beside, e);
    let _ = fs::remove_file(&beside);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut handle = options.open(&beside).map_err(io)?;
    handle.write_all(text).map_err(io)?;
    handle.sync_all().map_err(io)?;
    let linked = fs::hard_link(&beside, file);
    let _ = fs::remove_file(&beside);
    match linked {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(StoreError::io(file, error)),
    }
    // What is signed with a key must not outlive it.
    file.parent().map_or(Ok(()), sync_folder)
}

fn narrow(path: &Path, mode: u32) -> Result<(), StoreError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(mode))
            .map_err(|e| StoreError::io(path, e))?;
    }
    Ok(())
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; 32];
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(index * 2..index * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}
