//! How long questions to the index take: `boxes COUNT` makes so many things, spread as people are over the globe.
#![allow(clippy::print_stdout, reason = "an example says what it measured")]

use atlas::bounds::Bounds;
use atlas::index::{Entry, Index, Question};
use record::Place;
use std::time::Instant;

struct Chance(u64);

impl Chance {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
    fn part(&mut self) -> f64 {
        self.next(1 << 30) as f64 / f64::from(1 << 30)
    }
}

fn main() {
    let count: u64 = std::env::args()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .unwrap_or(23_268);
    let mut chance = Chance(7);
    let began = Instant::now();
    let towns: Vec<(f64, f64)> = (0..3_000)
        .map(|_| (chance.part() * 120.0 - 55.0, chance.part() * 360.0 - 180.0))
        .collect();
    let kinds: Vec<String> = (0..12).map(|n| format!("kind{n}")).collect();
    let themes: Vec<String> = (0..2_000).map(|n| format!("theme{n}")).collect();
    let mut index = Index::default();
    for number in 0..count {
        let (latitude, longitude) = towns[chance.next(3_000) as usize];
        let near = |at: f64, spread: f64, most: f64| (at + spread).clamp(-most, most);
        let place = Place::from_degrees(
            near(latitude, chance.part() - 0.5, 90.0),
            near(longitude, chance.part() - 0.5, 180.0),
        )
        .expect("on the globe");
        let mut id = [0_u8; 16];
        id[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
        let sort = format!("thing {:06}", chance.next(1_000_000));
        let country = format!("c{}", (longitude as i64 + 180) / 3);
        let mut marks = vec![
            ("kind", &*kinds[chance.next(12) as usize]),
            ("country", &*country),
        ];
        for _ in 0..chance.next(5) {
            marks.push(("theme", &*themes[chance.next(2_000) as usize]));
        }
        marks.push(("activity", &*kinds[chance.next(12) as usize]));
        index.put(&Entry {
            id,
            sort: &sort,
            places: &[place],
            marks: &marks,
        });
    }
    println!("{count} things entered in {:?}", began.elapsed());
    let mut times = Vec::new();
    for n in 0..1_000 {
        let (latitude, longitude) = towns[chance.next(3_000) as usize];
        let size = 360.0 * 0.5_f64.powi(chance.next(12) as i32);
        let bounds = Bounds::from_degrees(
            (longitude - size / 2.0).max(-540.0),
            (latitude - size / 4.0).max(-90.0),
            (longitude + size / 2.0).min(540.0),
            (latitude + size / 4.0).min(90.0),
        )
        .expect("a box");
        let filters = match n % 4 {
            0 => vec![("kind", vec!["kind3", "kind4"])],
            1 => vec![("theme", vec![&*themes[chance.next(2_000) as usize]])],
            _ => Vec::new(),
        };
        let zoom = Some(((360.0 / size).log2() + 4.0) as u8);
        let question = Question {
            bounds: Some(bounds),
            filters,
            limit: 50,
            zoom,
            ..Question::default()
        };
        let began = Instant::now();
        let found = index.find(&question);
        times.push((
            began.elapsed().as_micros(),
            found.total,
            found.clusters.len(),
        ));
    }
    times.sort_unstable();
    let at = |part: usize| times[times.len() * part / 1000 - usize::from(part == 1000)];
    println!(
        "1,000 boxes: p50 {:?} p90 {:?} p99 {:?} slowest {:?} (µs, found, clusters)",
        at(500),
        at(900),
        at(990),
        at(1000)
    );
}
