//! What a file is, and how large a picture, told by its first bytes.

use std::io::Read;
use std::path::Path;

/// What was seen of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Its media type.
    pub(crate) media_type: &'static str,
    /// A picture's width in pixels; 0 where it is not known.
    pub(crate) width: u32,
    /// A picture's height in pixels; 0 where it is not known.
    pub(crate) height: u32,
}

/// How many bytes are looked at: a photograph may carry a small one of itself before its size.
const START: u64 = 1 << 20;

/// Looks at a file.
pub(crate) fn look(path: &Path) -> Seen {
    let mut start = Vec::new();
    // What cannot be read has no bytes, and is of no known type.
    let _ = std::fs::File::open(path).and_then(|file| file.take(START).read_to_end(&mut start));
    seen(&start)
}

/// Tells what the bytes at the start of a file say of it.
pub(crate) fn seen(start: &[u8]) -> Seen {
    let (media_type, size) = match start {
        [0x89, b'P', b'N', b'G', ..] => ("image/png", png(start)),
        [0xff, 0xd8, 0xff, ..] => ("image/jpeg", jpeg(start)),
        [b'G', b'I', b'F', b'8', ..] => ("image/gif", gif(start)),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => ("image/webp", webp(start)),
        [b'%', b'P', b'D', b'F', ..] => ("application/pdf", None),
        _ if is_svg(start) => ("image/svg+xml", None),
        _ => ("application/octet-stream", None),
    };
    let (width, height) = size.unwrap_or_default();
    Seen {
        media_type,
        width,
        height,
    }
}

fn big(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    let bytes = bytes.get(at..at + length)?;
    Some(
        bytes
            .iter()
            .fold(0, |sum, byte| sum << 8 | u32::from(*byte)),
    )
}

fn little(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    let bytes = bytes.get(at..at + length)?;
    Some(
        bytes
            .iter()
            .rev()
            .fold(0, |sum, byte| sum << 8 | u32::from(*byte)),
    )
}

/// Source: PNG 3rd edition, §11.2.1: the header comes first.
fn png(start: &[u8]) -> Option<(u32, u32)> {
    (start.get(12..16)? == b"IHDR").then_some(())?;
    Some((big(start, 16, 4)?, big(start, 20, 4)?))
}

/// Source: GIF89a, §18.
fn gif(start: &[u8]) -> Option<(u32, u32)> {
    Some((little(start, 6, 2)?, little(start, 8, 2)?))
}

/// Walks the segments to the one that begins a frame. Source: ITU-T T.81, annex B.
fn jpeg(start: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        if *start.get(at)? != 0xff {
            return None;
        }
        let marker = *start.get(at + 1)?;
        match marker {
            0xff => at += 1,
            // Of the frames C4, C8 and CC are something else.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                return Some((big(start, at + 7, 2)?, big(start, at + 5, 2)?));
            }
            0x01 | 0xd0..=0xd9 => at += 2,
            _ => at += 2 + big(start, at + 2, 2)?.max(2) as usize,
        }
    }
}

/// Source: RFC 9649, §2.4 to §2.7.
fn webp(start: &[u8]) -> Option<(u32, u32)> {
    match start.get(12..16)? {
        b"VP8 " => Some((
            little(start, 26, 2)? & 0x3fff,
            little(start, 28, 2)? & 0x3fff,
        )),
        b"VP8L" => {
            let bits = little(start, 21, 4)?;
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        b"VP8X" => Some((little(start, 24, 3)? + 1, little(start, 27, 3)? + 1)),
        _ => None,
    }
}

fn is_svg(start: &[u8]) -> bool {
    let start = String::from_utf8_lossy(start.get(..1024).unwrap_or(start));
    let start = start.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
    start.starts_with("<svg") || (start.starts_with("<?xml") && start.contains("<svg"))
}

#[cfg(test)]
mod tests {
    use super::{Seen, seen};

    fn size(start: &[u8]) -> (u32, u32) {
        let Seen { width, height, .. } = seen(start);
        (width, height)
    }

    #[test]
    fn the_size_of_a_picture_is_read_from_its_start() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08\x02";
        assert_eq!(size(png), (640, 480));
        assert_eq!(size(b"GIF89a\x40\x01\xf0\0\0"), (320, 240));
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc2\0\x0b\x08\x01\xe0\x02\x80\x03";
        assert_eq!(size(jpeg), (640, 480));
        let webp = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x7f\x02\0\xdf\x01\0";
        assert_eq!(size(webp), (640, 480));
    }

    #[test]
    fn a_start_that_breaks_off_has_no_size() {
        for start in [
            &b"\x89PNG"[..],
            b"\xff\xd8\xff\xe0\xff\xff",
            b"GIF8",
            b"RIFF\0\0\0\0WEBP",
            b"",
        ] {
            assert_eq!(size(start), (0, 0));
        }
        assert_eq!(
            seen(b"<?xml version=\"1.0\"?>\n<svg/>").media_type,
            "image/svg+xml"
        );
    }
}
