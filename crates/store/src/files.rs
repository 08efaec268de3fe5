//! Files and folders that outlive a power cut.
//!
//! A file's bytes are on the disk once it is synced, its name once its folder is.

use crate::StoreError;
use std::fs::{self, File};
use std::path::Path;

/// Makes a folder, and those above it that are missing, so that they are there after a power cut.
pub(crate) fn make_folder(folder: &Path) -> Result<(), StoreError> {
    let io = |e| StoreError::io(folder, e);
    if folder.is_dir() {
        return Ok(());
    }
    let above = folder.parent().filter(|above| *above != Path::new(""));
    if let Some(above) = above {
        make_folder(above)?;
    }
    match fs::create_dir(folder) {
        // Another thread or process was first.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists && folder.is_dir() => {}
        other => other.map_err(io)?,
    }
    sync_folder(above.unwrap_or(Path::new(".")))
}

/// Syncs a folder's own entries: the names that were made, changed or removed in it.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    // Elsewhere a folder cannot be opened, and the file system sees to its names by itself.
    if cfg!(unix) {
        File::open(folder)
            .and_then(|handle| handle.sync_all())
            .map_err(|e| StoreError::io(folder, e))?;
    }
    Ok(())
}

/// Copies a folder's files, subfolders included, and syncs them; a missing one is an empty one.
pub(crate) fn copy_folder(from: &Path, to: &Path) -> Result<(), StoreError> {
    make_folder(to)?;
    let Ok(entries) = fs::read_dir(from) else {
        return Ok(());
    };
    for entry in entries {
        let entry = entry.map_err(|e| StoreError::io(from, e))?;
        let target = to.join(entry.file_name());
        let path = entry.path();
        if path.is_dir() {
            copy_folder(&path, &target)?;
        } else {
            copy_file(&path, &target)?;
        }
    }
    sync_folder(to)
}

/// Copies one file and syncs its bytes; its name is the caller's to sync.
pub(crate) fn copy_file(from: &Path, to: &Path) -> Result<(), StoreError> {
    let io = |e| StoreError::io(to, e);
    fs::copy(from, to).map_err(io)?;
    sync_file(to)
}

/// Syncs the bytes of a file that somebody else wrote.
pub(crate) fn sync_file(file: &Path) -> Result<(), StoreError> {
    fs::OpenOptions::new()
        .write(true)
        .open(file)
        .and_then(|handle| handle.sync_all())
        .map_err(|e| StoreError::io(file, e))
}
