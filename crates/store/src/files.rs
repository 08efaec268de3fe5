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

/// Writes a file of the user's as a whole: what stood there stays until the new one is on the disk.
///
/// # Errors
/// [`StoreError::Unwritable`] for a place in `data`, the node's own folder, and for one that holds something
/// else than a file; whatever `work` returns.
pub(crate) fn write_whole<T>(
    file: &Path,
    data: &Path,
    work: impl FnOnce(File) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let no = |reason: &str| StoreError::Unwritable {
        place: file.display().to_string(),
        reason: reason.to_owned(),
    };
    // A link is followed: the file that it names is written, and the link stays.
    let target = match fs::metadata(file) {
        Ok(found) if found.is_dir() => return Err(no("it is a folder; name a file in it")),
        Ok(found) if !found.is_file() => return Err(no("it is no file; name one")),
        Ok(_) => fs::canonicalize(file).map_err(|e| StoreError::io(file, e))?,
        Err(_) => file.to_owned(),
    };
    let folder = target.parent().filter(|above| *above != Path::new(""));
    let folder = folder.unwrap_or(Path::new("."));
    let Some(name) = target.file_name() else {
        return Err(no("it has no name"));
    };
    if let (Ok(folder), Ok(data)) = (fs::canonicalize(folder), fs::canonicalize(data))
        && folder.starts_with(data)
    {
        return Err(no(
            "it would stand among the node's own data; name a file elsewhere",
        ));
    }
    let beside = folder.join(format!(".{}.minga-part", name.to_string_lossy()));
    let done = File::create(&beside)
        .map_err(|e| StoreError::io(file, e))
        .and_then(work)
        .and_then(|done| {
            fs::rename(&beside, &target).map_err(|e| StoreError::io(file, e))?;
            sync_folder(folder)?;
            Ok(done)
        });
    if done.is_err() {
        let _ = fs::remove_file(&beside);
    }
    done
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
