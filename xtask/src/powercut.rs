//! What a power cut takes away: the other half of `powercut.c`.
//!
//! A program runs with the layer between itself and its files, and is killed before a chosen operation.
//! Then [`Layer::cut`] brings the folder into a state in which a disk might be found: what was synced
//! stands; of what was not, nothing, or what came before some moment, or any blocks of any file.
//!
//! Names are kept or lost as journalling file systems do, up to some moment; a new file's name also
//! stands once the file was synced. Bytes are lost by 512 or 4,096: a disk writes such a block whole or
//! not at all, and different blocks in any order.

use crate::process::{Dice, Scratch, on_path, run, target};
use crate::{Outcome, failed};
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufReader, ErrorKind, Read};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Compiles the layer; none where there is no C compiler or it cannot be loaded.
pub(crate) fn compile() -> Outcome<Option<PathBuf>> {
    let Some(cc) = on_path("cc").filter(|_| cfg!(target_os = "linux")) else {
        return Ok(None);
    };
    let source = crate::process::root().join("xtask/powercut.c");
    let library = target().join("powercut.so");
    run(Command::new(cc)
        .args([
            "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o",
        ])
        .arg(&library)
        .arg(source)
        .arg("-lpthread"))?;
    Ok(Some(library))
}

/// The layer around one folder.
pub(crate) struct Layer {
    library: PathBuf,
    folder: PathBuf,
    journal: PathBuf,
}

/// A disk that fills up: the layer without a journal.
pub(crate) struct Disk {
    library: PathBuf,
    folder: PathBuf,
    mark: PathBuf,
}

impl Disk {
    /// Makes a folder of a disk that has room until it is filled.
    pub(crate) fn new(library: &Path, scratch: &Scratch) -> Outcome<Self> {
        let parent = scratch.path().canonicalize()?;
        Ok(Self {
            library: library.to_owned(),
            folder: parent.join("disk"),
            mark: parent.join("full"),
        })
    }

    /// Returns a path on the disk.
    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Makes `command` see the disk, with so many bytes left.
    pub(crate) fn on<'c>(&self, command: &'c mut Command, room: Option<u64>) -> &'c mut Command {
        command
            .env("LD_PRELOAD", &self.library)
            .env("POWERCUT_FOLDER", &self.folder)
            .env("POWERCUT_FULL", &self.mark);
        if let Some(room) = room {
            command.env("POWERCUT_ROOM", room.to_string());
        }
        command
    }

    /// Fills the disk, or makes room again, also for programs that run.
    pub(crate) fn fill(&self, full: bool) -> Outcome {
        if full {
            fs::write(&self.mark, "")?;
        } else {
            fs::remove_file(&self.mark)?;
        }
        Ok(())
    }
}

/// What a cut took.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Lost {
    /// Writes that were not synced, and names that were not.
    pub(crate) unsynced: usize,
    /// How many of them left nothing.
    pub(crate) lost: usize,
}

/// Which part of what was not synced is found afterwards.
#[derive(Clone, Copy, Debug)]
enum Found {
    Nothing,
    /// What came before some moment.
    Earlier,
    /// Any blocks of this size.
    Blocks(u64),
}

impl Layer {
    /// Puts the layer around `folder`, which need not be there yet. The journal goes beside it.
    pub(crate) fn around(library: &Path, scratch: &Scratch, folder: &Path) -> Outcome<Self> {
        let parent = scratch.path().canonicalize()?;
        let name = folder.file_name().unwrap_or_default();
        let journal = parent.join(format!("journal-{}", name.to_string_lossy()));
        Ok(Self {
            library: library.to_owned(),
            folder: parent.join(name),
            journal,
        })
    }

    /// Makes `command` run with the layer, and end before its operation number `after`.
    pub(crate) fn on(&self, command: &mut Command, after: Option<usize>, deaf: bool) -> Outcome {
        let _ = fs::remove_dir_all(&self.journal);
        fs::create_dir_all(&self.journal)?;
        command
            .env("LD_PRELOAD", &self.library)
            .env("POWERCUT_FOLDER", &self.folder)
            .env("POWERCUT_JOURNAL", &self.journal);
        if let Some(after) = after {
            command.env("POWERCUT_AFTER", after.to_string());
        }
        if deaf {
            command.env("POWERCUT_DEAF", "1");
        }
        Ok(())
    }

    /// Returns how many operations the program did.
    pub(crate) fn operations(&self) -> Outcome<usize> {
        let mut count = 0;
        self.read(|_| count += 1)?;
        Ok(count)
    }

    /// Cuts the power: takes away some of what was not synced, by the dice.
    pub(crate) fn cut(&self, dice: &mut Dice) -> Outcome<Lost> {
        let found = match dice.below(4) {
            0 => Found::Nothing,
            1 => Found::Earlier,
            2 => Found::Blocks(512),
            _ => Found::Blocks(4096),
        };
        self.lose(found, dice)
    }

    /// Cuts the power so that nothing is left of what was not synced.
    pub(crate) fn cut_all(&self) -> Outcome<Lost> {
        self.lose(Found::Nothing, &mut Dice::new(1))
    }

    fn lose(&self, found: Found, dice: &mut Dice) -> Outcome<Lost> {
        let mut past = Past::default();
        // The folder itself stands in one that is not watched.
        self.read(|event| {
            if Path::new(&event.path) != self.folder || event.kind == b'D' {
                past.take(event);
            }
        })?;
        if let Some(path) = past.mapped.first() {
            return failed(format!(
                "{path} is written through a mapping, which is not watched"
            ));
        }
        let mut lost = self.lose_names(&past, found, dice)?;
        let mut places = HashMap::new();
        places_of(&self.folder, &mut places)?;
        // Whole moments are the same for all files; blocks are each on their own.
        let last = past
            .writes
            .values()
            .flatten()
            .map(|w| w.number)
            .max()
            .unwrap_or(0);
        let moment = dice.below(last + 2);
        for (inode, writes) in &past.writes {
            lost.unsynced += writes.len();
            if let Some(place) = places.get(inode) {
                lost.lost += lose_bytes(place, writes, found, moment, dice)?;
            }
        }
        remove_shared_memory(&self.folder)?;
        fs::remove_dir_all(&self.journal)?;
        Ok(lost)
    }

    /// Undoes what happened to names and was not synced, newest first.
    fn lose_names(&self, past: &Past, found: Found, dice: &mut Dice) -> Outcome<Lost> {
        let open: Vec<&Naming> = past.names.iter().filter(|naming| !naming.synced).collect();
        let keep = match found {
            Found::Nothing => 0,
            Found::Earlier | Found::Blocks(_) => dice.below(open.len() + 1),
        };
        let trash = self.journal.join("lost");
        fs::create_dir_all(&trash)?;
        for (number, naming) in open.iter().enumerate().skip(keep).rev() {
            let kept = self.journal.join(format!("kept-{}", naming.kept));
            let path = &naming.path;
            match naming.kind {
                b'C' | b'L' | b'M' if inode(path) == Some(naming.inode) => {
                    fs::rename(path, trash.join(number.to_string()))?;
                }
                b'R' if inode(&naming.to) == Some(naming.inode) && inode(path).is_none() => {
                    fs::rename(&naming.to, path)?;
                    if naming.kept > 0 {
                        fs::hard_link(&kept, &naming.to)?;
                    }
                }
                b'U' if inode(path).is_none() && naming.kept > 0 => fs::hard_link(&kept, path)?,
                b'X' if inode(path).is_none() => fs::create_dir(path)?,
                _ => {}
            }
        }
        Ok(Lost {
            unsynced: open.len(),
            lost: open.len() - keep,
        })
    }

    /// Reads the journal, event by event. A last one that was not written whole did not happen.
    fn read(&self, mut each: impl FnMut(Event)) -> Outcome {
        let mut input =
            BufReader::with_capacity(1 << 20, File::open(self.journal.join("journal"))?);
        loop {
            let mut head = [0; 64];
            match input.read_exact(&mut head) {
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(()),
                other => other?,
            }
            let mut words = [0_u64; 8];
            for (word, bytes) in words.iter_mut().zip(head.chunks_exact(8)) {
                *word = bytes.try_into().map_or(0, u64::from_ne_bytes);
            }
            let [kind, inode, at, old_size, path, other, old, new] = words;
            let mut part = |length: u64| -> std::io::Result<Vec<u8>> {
                let mut bytes = vec![0; length as usize];
                input.read_exact(&mut bytes)?;
                Ok(bytes)
            };
            each(Event {
                kind: kind as u8,
                inode,
                at,
                old_size,
                path: text(part(path)?),
                other: text(part(other)?),
                old: part(old)?,
                new: part(new)?,
            });
        }
    }
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).into_owned()
}

/// One entry of the journal.
struct Event {
    kind: u8,
    inode: u64,
    at: u64,
    old_size: u64,
    path: String,
    other: String,
    old: Vec<u8>,
    new: Vec<u8>,
}

/// A name that was made, changed or removed.
struct Naming {
    kind: u8,
    inode: u64,
    path: PathBuf,
    /// Where a renamed file went.
    to: PathBuf,
    /// The number under which the layer kept what lost its name.
    kept: u64,
    synced: bool,
}

/// A change of a file's bytes or length.
struct Write {
    number: usize,
    at: u64,
    old_size: u64,
    old: Vec<u8>,
    /// None for a change of the length to `at`.
    new: Option<Vec<u8>>,
}

impl Write {
    fn end(&self) -> u64 {
        self.at + self.new.as_ref().map_or(0, |new| new.len() as u64)
    }

    fn size_after(&self) -> u64 {
        match self.new {
            Some(_) => self.end().max(self.old_size),
            None => self.at,
        }
    }
}

/// What happened, as far as it was not synced.
#[derive(Default)]
struct Past {
    count: usize,
    names: Vec<Naming>,
    writes: HashMap<u64, Vec<Write>>,
    mapped: Vec<String>,
}

impl Past {
    fn take(&mut self, event: Event) {
        self.count += 1;
        match event.kind {
            b'W' | b'T' => self.writes.entry(event.inode).or_default().push(Write {
                number: self.count,
                at: event.at,
                old_size: event.old_size,
                old: event.old,
                new: (event.kind == b'W').then_some(event.new),
            }),
            b'S' => {
                self.writes.remove(&event.inode);
                for naming in &mut self.names {
                    naming.synced |= naming.kind == b'C' && naming.inode == event.inode;
                }
            }
            b'D' => {
                for naming in &mut self.names {
                    let name = if naming.kind == b'R' {
                        &naming.to
                    } else {
                        &naming.path
                    };
                    naming.synced |= name.parent() == Some(Path::new(&event.path));
                }
            }
            b'N' => self.mapped.push(event.path),
            kind => self.names.push(Naming {
                kind,
                inode: event.inode,
                path: event.path.into(),
                to: event.other.into(),
                kept: event.at,
                synced: false,
            }),
        }
    }
}

fn inode(path: &Path) -> Option<u64> {
    fs::symlink_metadata(path).ok().map(|found| found.ino())
}

/// Finds every file beneath a folder.
fn places_of(folder: &Path, places: &mut HashMap<u64, PathBuf>) -> Outcome {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            places_of(&path, places)?;
        } else if let Some(inode) = inode(&path) {
            places.insert(inode, path);
        }
    }
    Ok(())
}

/// Brings one file to what a disk might hold of it; returns how many of the writes left nothing.
fn lose_bytes(
    place: &Path,
    writes: &[Write],
    found: Found,
    moment: usize,
    dice: &mut Dice,
) -> Outcome<usize> {
    let file = File::options().read(true).write(true).open(place)?;
    for write in writes.iter().rev() {
        file.write_all_at(&write.old, write.at)?;
        file.set_len(write.old_size)?;
    }
    let mut lost = writes.len();
    match found {
        Found::Nothing => {}
        Found::Earlier => {
            for write in writes.iter().take_while(|write| write.number < moment) {
                match &write.new {
                    Some(new) => file.write_all_at(new, write.at)?,
                    None => file.set_len(write.at)?,
                }
                lost -= 1;
            }
        }
        Found::Blocks(size) => {
            // Of each block one of its versions is found: all that came up to some write, none after.
            let mut touched: HashMap<u64, usize> = HashMap::new();
            let blocks = |write: &Write| write.at / size..write.end().div_ceil(size);
            for block in writes.iter().flat_map(blocks) {
                *touched.entry(block).or_default() += 1;
            }
            let mut ordered: Vec<(u64, usize)> = touched.into_iter().collect();
            ordered.sort_unstable();
            let mut left: HashMap<u64, usize> = ordered
                .into_iter()
                .map(|(block, versions)| (block, dice.below(versions + 1)))
                .collect();
            let lengths = dice.below(writes.len() + 1);
            let mut length = writes.first().map_or(0, |write| write.old_size);
            for (number, write) in writes.iter().enumerate() {
                let mut some = false;
                match &write.new {
                    None if number < lengths => file.set_len(write.at)?,
                    None => {}
                    Some(new) => {
                        for block in blocks(write) {
                            let Some(versions @ 1..) = left.get_mut(&block) else {
                                continue;
                            };
                            *versions -= 1;
                            let from = (block * size).max(write.at);
                            let to = ((block + 1) * size).min(write.end());
                            let part = (from - write.at) as usize..(to - write.at) as usize;
                            file.write_all_at(&new[part], from)?;
                            some = true;
                        }
                    }
                }
                if number < lengths {
                    length = write.size_after();
                }
                lost -= usize::from(some);
            }
            file.set_len(length)?;
        }
    }
    Ok(lost)
}

/// Removes what SQLite keeps in memory that processes share: it is gone without power.
fn remove_shared_memory(folder: &Path) -> Outcome {
    let mut places = HashMap::new();
    places_of(folder, &mut places)?;
    for place in places.into_values() {
        if place.to_string_lossy().ends_with("-shm") {
            fs::remove_file(place)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Found, Write, lose_bytes};
    use crate::process::{Dice, Scratch};

    /// Sixteen bytes of `a`, over which eight of `b` and then eight of `c` were written, unsynced.
    fn after(found: Found, moment: usize, seed: u64) -> String {
        let scratch = Scratch::within(&std::env::temp_dir(), "cut").expect("a folder");
        let place = scratch.join("file");
        std::fs::write(&place, "aaaabbbbccccccccdd").expect("written");
        let write = |number, at, old: &str, new: &str| Write {
            number,
            at,
            old_size: 16,
            old: old.into(),
            new: Some(new.into()),
        };
        let writes = [
            write(1, 4, "aaaaaaaa", "bbbbbbbb"),
            write(2, 8, "bbbbaaaa", "cccccccc"),
            write(3, 16, "", "dd"),
        ];
        lose_bytes(&place, &writes, found, moment, &mut Dice::new(seed)).expect("cut");
        std::fs::read_to_string(&place)
            .expect("text")
            .replace('\0', "0")
    }

    #[test]
    fn what_was_not_synced_is_lost_whole_or_from_a_moment_on() {
        assert_eq!(after(Found::Nothing, 0, 1), "aaaaaaaaaaaaaaaa");
        assert_eq!(after(Found::Earlier, 2, 1), "aaaabbbbbbbbaaaa");
        assert_eq!(after(Found::Earlier, 9, 1), "aaaabbbbccccccccdd");
    }

    #[test]
    fn each_block_is_found_in_one_of_its_versions() {
        let mut seen = std::collections::BTreeSet::new();
        for seed in 0..2_000 {
            let text = after(Found::Blocks(4), 0, seed);
            for (index, versions) in ["a", "ab", "abc", "ac"].iter().enumerate() {
                let block = &text[index * 4..index * 4 + 4];
                let one = &block[..1];
                assert!(versions.contains(one) && block == one.repeat(4), "{text}");
            }
            seen.insert(text);
        }
        // 2 × 3 × 2 ways for the blocks, and three for the tail: lost, there, or only its length.
        assert_eq!(seen.len(), 36, "{seen:?}");
    }
}
