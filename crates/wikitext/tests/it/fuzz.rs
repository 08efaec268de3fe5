//! A fuzzer for the stable toolchain: takes the cases as seeds, breaks and mixes them, and checks
//! what is drawn. `FUZZ_SECONDS` says for how long (2 by default), `FUZZ_SEED` where to begin, and
//! `FUZZ_FOLDER` names a folder of further texts.

use crate::{check, wiki};
use std::path::Path;
use std::time::{Duration, Instant};

/// A small generator of pseudo-random numbers: splitmix64.
/// Source: Steele, Lea, Flood, “Fast splittable pseudorandom number generators”, 2014.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n.max(1) as u64).unwrap_or(0)
    }
}

fn mutate(chance: &mut Chance, seeds: &[String]) -> String {
    let mut text: Vec<char> = seeds[chance.below(seeds.len())].chars().collect();
    for _ in 0..=chance.below(6) {
        let other: Vec<char> = seeds[chance.below(seeds.len())].chars().collect();
        let at = chance.below(text.len() + 1);
        let to = (at + chance.below(30)).min(text.len());
        let from = chance.below(other.len() + 1);
        let until = (from + chance.below(40)).min(other.len());
        match chance.below(5) {
            0 => drop(text.drain(at..to)),
            1 => drop(text.splice(at..at, other[from..until].iter().copied())),
            2 => drop(text.splice(at..to, other[from..until].iter().copied())),
            3 => {
                let piece: Vec<char> = text[at..to].to_vec();
                for _ in 0..chance.below(20) {
                    text.splice(at..at, piece.iter().copied());
                }
            }
            _ => {
                let signs: Vec<char> = "[]{}|'=*#:;<>/!&\n \t\"é\u{0}".chars().collect();
                text.insert(at, signs[chance.below(signs.len())]);
            }
        }
        text.truncate(20_000);
    }
    text.into_iter().collect()
}

#[test]
fn broken_and_mixed_cases_are_drawn_well_formed() {
    let number = |name: &str| std::env::var(name).ok().and_then(|n| n.parse::<u64>().ok());
    let seconds = number("FUZZ_SECONDS").unwrap_or(2);
    let seed = number("FUZZ_SEED").unwrap_or(20_130_320);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("the cases are there")
        .map(|entry| entry.expect("a folder").path().join("in.wiki"))
        .collect();
    if let Some(folder) = std::env::var_os("FUZZ_FOLDER") {
        let more = std::fs::read_dir(folder).expect("a folder of texts");
        paths.extend(more.map(|entry| entry.expect("a file").path()));
    }
    paths.sort();
    let seeds: Vec<String> = paths
        .iter()
        .filter_map(|path| std::fs::read_to_string(path).ok())
        .collect();
    let mut chance = Chance(seed);
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut runs = 0u64;
    while Instant::now() < end {
        let text = mutate(&mut chance, &seeds);
        let start = Instant::now();
        let document = wiki::read(&text);
        let drawn = document.render(&wiki::Wiki::default());
        let _ = (document.plain_text(), document.summary(100));
        if let Err(fault) = check::check(&drawn.html) {
            panic!(
                "{fault}\n--- text (run {runs})\n{text}\n--- html\n{}",
                drawn.html
            );
        }
        assert!(start.elapsed() < Duration::from_secs(5), "slow:\n{text}");
        runs += 1;
    }
    assert!(runs > 0 || seconds == 0);
}
