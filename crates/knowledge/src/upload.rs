//! Files that people bring: what they are is told by their whole structure, and what they say of whoever made them
//! (where, when, with which device) is left out.

/// A file that may be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    /// Its media type.
    pub media_type: &'static str,
    /// Its bytes, without what nobody asked for.
    pub bytes: Vec<u8>,
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// It is none of the kinds that are taken.
    Kind,
    /// It is a drawing that can run programs (SVG).
    Drawing,
    /// It begins as one kind of file, and is not that to its end: broken off, or two files in one.
    NotWhole,
    /// It is a document that runs something when it is opened.
    Runs,
    /// It is larger than [`LARGEST`], or its picture than anybody can look at.
    Large,
}

/// Bytes of the largest file: 24 MiB, so that a form with it fits into a request.
pub const LARGEST: usize = 24 << 20;

/// The most pixels of a picture: 100 million, and 32,767 along a side. A few bytes can claim more than any reader's
/// machine holds.
const MOST_PIXELS: u64 = 100_000_000;
const LONGEST_SIDE: u32 = 32_767;

/// Judges a file, and cleans it.
///
/// # Errors
/// [`Unfit`] says why it is not taken.
pub fn judge(bytes: &[u8]) -> Result<Fit, Unfit> {
    if bytes.len() > LARGEST {
        return Err(Unfit::Large);
    }
    let fit = |media_type, bytes: Option<Vec<u8>>| {
        let bytes = bytes.ok_or(Unfit::NotWhole)?;
        let crate::picture::Seen { width, height, .. } = crate::picture::seen(&bytes);
        let pixels = u64::from(width) * u64::from(height);
        if width.max(height) > LONGEST_SIDE || pixels > MOST_PIXELS {
            return Err(Unfit::Large);
        }
        Ok(Fit { media_type, bytes })
    };
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => fit("image/png", png(bytes)),
        [0xff, 0xd8, ..] => fit("image/jpeg", jpeg(bytes)),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => fit("image/gif", gif(bytes)),
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
        ] => fit("image/webp", webp(bytes)),
        [b'%', b'P', b'D', b'F', b'-', ..] => pdf(bytes),
        _ => {
            let start = String::from_utf8_lossy(bytes.get(..2_048).unwrap_or(bytes)).to_lowercase();
            Err(if start.contains("<svg") {
                Unfit::Drawing
            } else {
                Unfit::Kind
            })
        }
    }
}

fn number(bytes: &[u8], at: usize, length: usize) -> Option<usize> {
    let part = bytes.get(at..at.checked_add(length)?)?;
    Some(
        part.iter()
            .fold(0, |sum, byte| sum << 8 | usize::from(*byte)),
    )
}

/// Walks the chunks to the last, without texts, times and what a camera wrote.
/// Source: PNG, third edition, sections 5.3 and 11.3.
fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    const DROPPED: [&[u8]; 5] = [b"tEXt", b"zTXt", b"iTXt", b"tIME", b"eXIf"];
    let mut out = bytes.get(..8)?.to_vec();
    if out != b"\x89PNG\r\n\x1a\n" {
        return None;
    }
    let mut at = 8;
    loop {
        let length = number(bytes, at, 4)?;
        let kind = bytes.get(at + 4..at + 8)?;
        let chunk = bytes.get(at..at.checked_add(length)?.checked_add(12)?)?;
        if at == 8 && kind != b"IHDR" {
            return None;
        }
        if !DROPPED.contains(&kind) {
            out.extend_from_slice(chunk);
        }
        at += chunk.len();
        if kind == b"IEND" {
            return (at == bytes.len() && length == 0).then_some(out);
        }
    }
}

/// Walks the segments to the end of the image, without what a camera or a program wrote beside it; how the picture
/// is to be turned stays. Source: ITU-T T.81, annex B; Exif 2.32, section 4.6.
fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = vec![0xff, 0xd8];
    let mut at = 2;
    let mut turned = None;
    let mut framed = false;
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        match marker {
            0xff => at += 1,
            0xd9 => {
                out.extend_from_slice(&[0xff, 0xd9]);
                at += 2;
                // Cameras fill the last block with zeros; anything else would be another file.
                let rest = bytes.get(at..)?;
                return (framed && rest.iter().all(|byte| *byte == 0)).then_some(out);
            }
            0x01 | 0xd0..=0xd7 => {
                out.extend_from_slice(&[0xff, marker]);
                at += 2;
            }
            _ => {
                let length = number(bytes, at + 2, 2)?.max(2);
                let segment = bytes.get(at..at + 2 + length)?;
                at += 2 + length;
                match marker {
                    0xe1 => {
                        if let Some(turn) = segment.get(4..).and_then(orientation)
                            && turned.is_none()
                        {
                            turned = Some(turn);
                            out.extend_from_slice(&only_turned(turn));
                        }
                    }
                    // Colour profiles, and how colours are to be read, belong to the picture.
                    0xe0 | 0xe2 | 0xee => out.extend_from_slice(segment),
                    0xe3..=0xef | 0xfe => {}
                    0xda => {
                        out.extend_from_slice(segment);
                        let from = at;
                        // Within the scan every 0xff is followed by 0, or begins a restart or the next segment.
                        while *bytes.get(at)? != 0xff
                            || matches!(*bytes.get(at + 1)?, 0 | 0xd0..=0xd7)
                        {
                            at += 1;
                        }
                        out.extend_from_slice(bytes.get(from..at)?);
                        framed = true;
                    }
                    _ => out.extend_from_slice(segment),
                }
            }
        }
    }
}

/// Returns how a picture is to be turned (1–8), as a camera wrote it.
fn orientation(exif: &[u8]) -> Option<u8> {
    let tiff = exif.strip_prefix(b"Exif\0\0")?;
    let little = tiff.starts_with(b"II");
    let read = |at: usize, length: usize| -> Option<usize> {
        let part = tiff.get(at..at.checked_add(length)?)?;
        let add = |sum: usize, byte: &u8| sum << 8 | usize::from(*byte);
        Some(if little {
            part.iter().rev().fold(0, add)
        } else {
            part.iter().fold(0, add)
        })
    };
    let first = read(4, 4)?;
    for entry in 0..read(first, 2)?.min(200) {
        let at = first.checked_add(2 + entry * 12)?;
        if read(at, 2)? == 0x112 {
            let turn = read(at + 8, 2)?;
            return u8::try_from(turn)
                .ok()
                .filter(|turn| (1..=8).contains(turn));
        }
    }
    None
}

/// A segment that says how a picture is to be turned, and nothing else.
fn only_turned(turn: u8) -> Vec<u8> {
    let mut segment = vec![0xff, 0xe1, 0, 34];
    segment.extend_from_slice(b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0");
    segment.extend_from_slice(&[turn, 0, 0, 0, 0, 0, 0]);
    segment
}

/// Walks the blocks to the trailer. Source: GIF89a, sections 17 to 27.
fn gif(bytes: &[u8]) -> Option<Vec<u8>> {
    let table = |flags: u8| {
        if flags & 0x80 == 0 {
            0
        } else {
            3 << (1 + (flags & 7))
        }
    };
    let blocks = |mut at: usize| -> Option<usize> {
        loop {
            let length = usize::from(*bytes.get(at)?);
            at += 1 + length;
            if length == 0 {
                return Some(at);
            }
        }
    };
    let mut at = 13 + table(*bytes.get(10)?);
    let mut images = 0;
    loop {
        match *bytes.get(at)? {
            0x21 => at = blocks(at + 2)?,
            0x2c => {
                at += 10 + table(*bytes.get(at + 9)?);
                at = blocks(at + 1)?;
                images += 1;
            }
            0x3b => return (at + 1 == bytes.len() && images > 0).then(|| bytes.to_vec()),
            _ => return None,
        }
    }
}

/// Walks the chunks, without what a camera or a program wrote beside the picture. Source: RFC 9649, section 2.
fn webp(bytes: &[u8]) -> Option<Vec<u8>> {
    let little = |at: usize| -> Option<usize> {
        let part: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(part)).ok()
    };
    if little(4)?.checked_add(8)? != bytes.len() {
        return None;
    }
    let mut out = bytes.get(..12)?.to_vec();
    let mut at = 12;
    while at < bytes.len() {
        let length = little(at + 4)?;
        let whole = 8 + length + length % 2;
        let chunk = bytes.get(at..at.checked_add(whole)?)?;
        match chunk.get(..4)? {
            b"EXIF" | b"XMP " => {}
            b"VP8X" => {
                let mut chunk = chunk.to_vec();
                // Bits 3 and 2 of the flags say that those were there.
                *chunk.get_mut(8)? &= !0x0c;
                out.extend_from_slice(&chunk);
            }
            _ => out.extend_from_slice(chunk),
        }
        at += whole;
    }
    let length = u32::try_from(out.len() - 8).ok()?.to_le_bytes();
    out.get_mut(4..8)?.copy_from_slice(&length);
    Some(out)
}

/// A document must end as one, and not run anything. What stands in compressed parts is not looked into: readers are
/// given it in a frame of its own that runs no scripts.
fn pdf(bytes: &[u8]) -> Result<Fit, Unfit> {
    let end = bytes.trim_ascii_end();
    if !end.ends_with(b"%%EOF") {
        return Err(Unfit::NotWhole);
    }
    const RUNS: [&[u8]; 12] = [
        b"/JavaScript",
        b"/JS ",
        b"/JS(",
        b"/JS<",
        b"/JS\n",
        b"/JS\r",
        b"/Launch",
        b"/EmbeddedFile",
        b"/SubmitForm",
        b"/ImportData",
        b"/RichMedia",
        b"/XFA",
    ];
    // A name may be written in another way: `/Java#53cript` (ISO 32000-1, section 7.3.5).
    let plain = without_number_signs(bytes);
    let has = |word: &[u8]| memchr::memmem::find(&plain, word).is_some();
    if RUNS.into_iter().any(has) {
        return Err(Unfit::Runs);
    }
    if has(b"<script") || has(b"<html") || has(b"<!DOCTYPE html") || has(b"PK\x05\x06") {
        return Err(Unfit::NotWhole);
    }
    Ok(Fit {
        media_type: "application/pdf",
        bytes: bytes.to_vec(),
    })
}

/// Writes the signs of names that are given by their number as themselves.
fn without_number_signs(bytes: &[u8]) -> Vec<u8> {
    let digit = |at: usize| {
        bytes
            .get(at)
            .and_then(|byte| char::from(*byte).to_digit(16))
    };
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'#', Some(high), Some(low)) => {
                plain.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                plain.push(*byte);
                at += 1;
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{Unfit, judge, only_turned, orientation};

    fn png(chunks: &[(&[u8], &[u8])]) -> Vec<u8> {
        let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
        for (kind, data) in chunks {
            out.extend_from_slice(&(data.len() as u32).to_be_bytes());
            out.extend_from_slice(kind);
            out.extend_from_slice(data);
            out.extend_from_slice(&[0; 4]);
        }
        out
    }

    fn jpeg(beside: &[u8]) -> Vec<u8> {
        let mut out = vec![0xff, 0xd8];
        out.extend_from_slice(beside);
        out.extend_from_slice(b"\xff\xda\0\x04ab\x01\xff\0\x02\xff\xd9");
        out
    }

    #[test]
    fn a_picture_is_taken_without_what_its_camera_says() {
        let head: &[u8] = &[0; 13];
        let clean = png(&[(b"IHDR", head), (b"IDAT", b"x"), (b"IEND", b"")]);
        let told = png(&[
            (b"IHDR", head),
            (b"eXIf", b"here"),
            (b"tEXt", b"me"),
            (b"IDAT", b"x"),
            (b"IEND", b""),
        ]);
        assert_eq!(judge(&told).expect("a picture").bytes, clean);
        let mut exif = only_turned(6);
        exif.truncate(exif.len() - 4);
        exif.extend_from_slice(b"GPS here");
        let length = (exif.len() - 2) as u8;
        exif[3] = length;
        let judged = judge(&jpeg(&exif)).expect("a picture").bytes;
        assert_eq!(judged, jpeg(&only_turned(6)));
        assert_eq!(orientation(&only_turned(6)[4..]), Some(6));
        let webp = |chunks: &[u8]| {
            let mut out = b"RIFF\0\0\0\0WEBP".to_vec();
            out.extend_from_slice(chunks);
            let length = (out.len() - 8) as u32;
            out[4..8].copy_from_slice(&length.to_le_bytes());
            out
        };
        let told = webp(b"VP8X\x0a\0\0\0\x0c\0\0\0\0\0\0\0\0\0VP8 \x02\0\0\0abEXIF\x04\0\0\0here");
        let clean = webp(b"VP8X\x0a\0\0\0\0\0\0\0\0\0\0\0\0\0VP8 \x02\0\0\0ab");
        assert_eq!(judge(&told).expect("a picture").bytes, clean);
    }

    #[test]
    fn two_files_in_one_and_what_runs_are_refused() {
        let head: &[u8] = &[0; 13];
        let mut two = png(&[(b"IHDR", head), (b"IEND", b"")]);
        two.extend_from_slice(b"<script>alert(1)</script>");
        assert_eq!(judge(&two), Err(Unfit::NotWhole));
        let mut two = jpeg(b"");
        two.extend_from_slice(b"PK\x03\x04");
        assert_eq!(judge(&two), Err(Unfit::NotWhole));
        assert_eq!(
            judge(b"GIF89a/*\0\0\0\0\0*/=1;alert(1)//;"),
            Err(Unfit::NotWhole)
        );
        assert_eq!(
            judge(b"<svg xmlns='x'><script/></svg>"),
            Err(Unfit::Drawing)
        );
        assert_eq!(judge(b"<?xml version='1.0'?><SVG/>"), Err(Unfit::Drawing));
        assert_eq!(judge(b"MZ\x90"), Err(Unfit::Kind));
        assert_eq!(judge(b""), Err(Unfit::Kind));
        assert_eq!(
            judge(b"%PDF-1.7 /OpenAction << /S /JavaScript /JS (x) >> %%EOF"),
            Err(Unfit::Runs)
        );
        for hidden in [
            &b"%PDF-1.7 <</S/Java#53cript/#4aS(app.alert(1))>> %%EOF"[..],
            b"%PDF-1.7 /AA <</O <</S/#53ubmitForm>> >> %%EOF",
            b"%PDF-1.7 <</S/Launch /F (x)>> %%EOF",
        ] {
            assert_eq!(judge(hidden), Err(Unfit::Runs));
        }
        let vast = [[0xff; 8], [8, 6, 0, 0, 0, 0, 0, 0]].concat();
        let vast = png(&[(b"IHDR", &vast[..13]), (b"IDAT", b"x"), (b"IEND", b"")]);
        assert_eq!(judge(&vast), Err(Unfit::Large));
        assert_eq!(judge(b"%PDF-1.7 ... "), Err(Unfit::NotWhole));
        assert_eq!(judge(b"%PDF-1.7 <html> %%EOF"), Err(Unfit::NotWhole));
        assert!(judge(b"%PDF-1.7 1 0 obj endobj %%EOF\n").is_ok());
        assert!(
            judge(b"GIF89a\x01\0\x01\0\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x01x\0\x3b").is_ok()
        );
    }

    #[test]
    fn any_start_of_a_file_is_judged_without_a_panic() {
        let head: &[u8] = &[0; 13];
        for whole in [
            png(&[(b"IHDR", head), (b"IEND", b"")]),
            jpeg(&only_turned(3)),
            b"GIF89a\x01\0\x01\0\x80\0\0\x2c\0\0".to_vec(),
        ] {
            for end in 0..whole.len() {
                assert!(judge(&whole[..end]).is_err(), "{end}");
            }
        }
    }
}
