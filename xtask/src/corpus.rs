//! The real wiki that figures and kills are made with.

use crate::process::{on_path, root};
use crate::{Outcome, failed};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Who wrote the wiki, as its licence wants them named.
pub(crate) const ATTRIBUTION: &str = "P2P Foundation contributors";
/// The wiki's licence.
pub(crate) const LICENCE: &str = "CC-BY-SA-3.0";

/// Returns the wiki's dump, if the corpus is here.
pub(crate) fn dump() -> Option<PathBuf> {
    let folder = std::env::var_os("MINGA_CORPUS")
        .map_or_else(|| root().join("../shared/data"), PathBuf::from);
    let file = folder.join("p2pwiki/p2pfoundation-current.xml.bz2");
    file.canonicalize().ok()
}

/// One page in so many is followed by a page about a file.
const FILES: usize = 50;

/// Writes the first `pages` pages of the dump to `to`, and among them pages about files, which it makes in
/// `files`; returns how many pages of the dump there were, none without a corpus.
pub(crate) fn cut_with_files(pages: usize, to: &Path, files: &Path) -> Outcome<Option<usize>> {
    std::fs::create_dir_all(files)?;
    let found = cut(pages, to)?;
    let text = std::fs::read(to)?;
    let mut file = BufWriter::new(File::create(to)?);
    let mut seen = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        file.write_all(line)?;
        seen += usize::from(line.trim_ascii() == b"</page>");
        if line.trim_ascii() == b"</page>" && seen.is_multiple_of(FILES) {
            let name = format!("Made {seen}.bin");
            // From a few bytes to some blocks, and no two alike.
            std::fs::write(files.join(&name), name.repeat(seen * seen % 7_919))?;
            writeln!(
                file,
                "<page><title>File:{name}</title><ns>6</ns><id>9{seen}</id><revision><id>9{seen}</id>\
                 <timestamp>2026-05-17T00:00:00Z</timestamp><text>A file.</text></revision></page>"
            )?;
        }
    }
    file.flush()?;
    Ok(found)
}

/// Writes the first `pages` pages of the dump to `to`; returns how many there were, none without a corpus.
pub(crate) fn cut(pages: usize, to: &Path) -> Outcome<Option<usize>> {
    let (Some(dump), Some(bzcat)) = (dump(), on_path("bzcat")) else {
        return Ok(None);
    };
    let mut unpack = Command::new(bzcat)
        .arg(dump)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let Some(out) = unpack.stdout.take() else {
        return failed("bzcat gives nothing");
    };
    let mut lines = BufReader::with_capacity(1 << 16, out);
    let mut file = BufWriter::new(File::create(to)?);
    let (mut line, mut found) = (Vec::new(), 0);
    while found < pages && lines.read_until(b'\n', &mut line)? > 0 {
        file.write_all(&line)?;
        found += usize::from(line.trim_ascii() == b"</page>");
        line.clear();
    }
    file.write_all(b"</mediawiki>\n")?;
    file.flush()?;
    let _ = unpack.kill();
    let _ = unpack.wait();
    Ok(Some(found))
}
