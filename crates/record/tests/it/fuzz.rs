//! Fuzzing on stable Rust: mutations of a committed corpus, for as long as `FUZZ_SECONDS` says
//! (2 by default). The generator is deterministic, and a failure names its round.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use record::proof::verify_bytes;
use record::{
    Checkpoint, Decimal, Did, Hash, Language, Money, Place, Quantity, Record, RecordId, Space,
    Timestamp, Tombstone, canonical, parse_strict,
};

/// xorshift64*: small, fast, and the same everywhere.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap() % limit.max(1)
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// What is worth putting somewhere.
const WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "\\udc00",
    "\\u0061",
    "null",
    "true",
    "-0",
    "1e400",
    "1e-400",
    "9007199254740993",
    "1.0",
    "0.1e1",
    " ",
    "\n",
    "\u{feff}",
    "\u{1f31e}",
    "\"proof\":{}",
    "\"id\":\"\"",
    "\"@context\":[]",
    "\"expires\":\"2026-11-22T10:00:00Z\"",
    "z1",
    "did:key:z6Mk",
    "sha256:",
    "ap://",
    "#",
    "\"delegation\":null,",
    "\"a\":1,",
];

fn corpus() -> Vec<Vec<u8>> {
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let mut files: Vec<_> = ["fuzz", "records"]
        .iter()
        .flat_map(|folder| std::fs::read_dir(data.join(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
        .iter()
        .map(|file| std::fs::read(file).unwrap())
        .collect()
}

/// Changes `bytes` in one to four places.
fn mutated(chance: &mut Chance, corpus: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = chance.of(corpus).clone();
    for _ in 0..=chance.below(4) {
        let at = chance.below(bytes.len() + 1);
        let end = (at + chance.below(24)).min(bytes.len());
        match chance.below(8) {
            0 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << chance.below(8);
                }
            }
            1 => bytes.insert(at, chance.next().to_le_bytes()[0]),
            2 => drop(bytes.drain(at..end)),
            3 => {
                let part = bytes[at..end].to_vec();
                bytes.splice(at..at, part);
            }
            4 => drop(bytes.splice(at..at, chance.of(WORDS).bytes())),
            5 => drop(bytes.splice(at..end, chance.of(WORDS).bytes())),
            6 => {
                // The end of another file.
                let other = chance.of(corpus);
                let from = chance.below(other.len() + 1);
                bytes.splice(at.., other[from..].iter().copied());
            }
            _ => {
                // A blank where one may be: the same content in other bytes.
                let place = bytes[at..].iter().position(|b| b",:{[".contains(b));
                if let Some(place) = place {
                    bytes.insert(at + place + 1, b' ');
                }
            }
        }
    }
    bytes
}

fn fuzz(seed: u64, mut round: impl FnMut(&[u8])) {
    let seconds = std::env::var("FUZZ_SECONDS")
        .ok()
        .and_then(|text| text.parse().ok());
    let until = Instant::now() + Duration::from_secs_f64(seconds.unwrap_or(2.0));
    let corpus = corpus();
    let mut chance = Chance(seed);
    corpus.iter().for_each(|bytes| round(bytes));
    let mut rounds = 0_u64;
    while Instant::now() < until {
        for _ in 0..50 {
            round(&mutated(&mut chance, &corpus));
            rounds += 1;
        }
    }
    println!("{rounds} rounds from seed {seed}");
}

#[test]
fn the_reader_of_json_never_panics_and_reads_its_own_writing() {
    fuzz(0x9e37_79b9_7f4a_7c15, |bytes| {
        if let Ok(value) = parse_strict(bytes) {
            let form = canonical(&value);
            assert_eq!(parse_strict(&form).unwrap(), value);
            assert_eq!(canonical(&parse_strict(&form).unwrap()), form);
            // What the strict reader takes, everybody does.
            assert!(serde_json::from_slice::<serde_json::Value>(bytes).is_ok());
        }
    });
}

#[test]
fn no_mutation_of_a_record_is_accepted_with_other_content() {
    let known: BTreeSet<Hash> = corpus()
        .iter()
        .filter_map(|bytes| Record::verify(bytes, None).ok())
        .map(|r| r.hash())
        .collect();
    assert!(known.len() >= 6, "the corpus holds good records");
    fuzz(0xd1b5_4a32_d192_ed03, |bytes| {
        if let Ok(record) = Record::verify(bytes, None) {
            assert!(
                known.contains(&record.hash()),
                "forged: {}",
                String::from_utf8_lossy(bytes)
            );
            assert_eq!(record.bytes(), bytes);
            let again = Record::verify(&canonical(&parse_strict(bytes).unwrap()), None).unwrap();
            assert_eq!(again, record);
            assert_eq!(Hash::of(again.bytes()), record.hash());
            let _ = Tombstone::of(&record);
        }
        let _ = Record::trusted(bytes).map(|record| record.hash());
    });
}

#[test]
fn whatever_document_verifies_does_so_again_in_canonical_form() {
    fuzz(0x8cb9_2ba7_2f3d_8dd7, |bytes| {
        if let Ok(signer) = verify_bytes(bytes, None) {
            let form = canonical(&parse_strict(bytes).unwrap());
            assert_eq!(verify_bytes(&form, None), Ok(signer));
        }
        if let Ok(value) = parse_strict(bytes) {
            let _ = Checkpoint::verify(&value);
        }
    });
}

#[test]
fn what_short_texts_mean_is_what_they_are_written_as() {
    const SHORT: &[&str] = &[
        "12.5 USD",
        "-0.000000001",
        "2.5 m²",
        "9223372036854775807",
        "es-EC",
        "zh-Hant-TW",
        "es-419",
        "-0.220164,-78.512327",
        "2026-11-22T10:00:00.25Z",
        "2026-11-22T10:00:00-05:00",
        "public",
        "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
        "ap://did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2/article/019aab5c-4a00-7000-8000-000000000000",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ];
    let corpus: Vec<Vec<u8>> = SHORT.iter().map(|text| text.as_bytes().to_vec()).collect();
    let mut chance = Chance(0x2545_f491_4f6c_dd1d);
    let texts =
        (0..20_000).map(|_| String::from_utf8_lossy(&mutated(&mut chance, &corpus)).into_owned());
    macro_rules! exact {
        ($text:expr, $($type:ty),*) => {$(
            if let Ok(read) = <$type>::parse($text) {
                assert_eq!(read.to_string(), *$text);
            }
        )*};
    }
    macro_rules! stable {
        ($text:expr, $($type:ty),*) => {$(
            if let Ok(read) = <$type>::parse($text) {
                assert_eq!(<$type>::parse(&read.to_string()).unwrap(), read);
            }
        )*};
    }
    for text in texts {
        exact!(&text, Did, RecordId, Hash, Space, Decimal, Money, Quantity);
        stable!(&text, Timestamp, Language, Place);
    }
}
