//! The real wiki that figures and kills are made with.

use crate::process::{on_path, root};
use crate::{Outcome, failed};
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
    let mut file = BufWriter::new(std::fs::File::create(to)?);
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
