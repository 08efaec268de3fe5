//! Prints how fast one core signs, verifies signatures, and verifies and reads whole records.
//!
//! `cargo run --release -p record --example speed`
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program for the terminal"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use record::{Draft, Record, SecretKey, Signing, Space, Timestamp, canonical, parse_strict};
use serde_json::json;

fn main() {
    let key = SecretKey::from_bytes([7; 32]);
    let did = key.did();
    let record = draft(&key)
        .sign(&key, Signing::new(now(), [3; 26]))
        .unwrap();
    let bytes = record.bytes().to_vec();
    let pretty = serde_json::to_vec_pretty(record.body()).unwrap();
    let value = parse_strict(&bytes).unwrap();
    println!("one record of {} bytes, one core, per second:", bytes.len());

    let message = [5; 64];
    let signature = key.sign(&message);
    rate("signatures made", || key.sign(black_box(&message)));
    rate("signatures verified strictly", || {
        did.verify(black_box(&message), &signature).is_ok()
    });
    rate("records signed", || {
        draft(&key).sign(&key, Signing::new(now(), [3; 26])).is_ok()
    });
    rate("records verified whole", || {
        Record::verify(black_box(&bytes), None).is_ok()
    });
    rate("the same, not canonical", || {
        Record::verify(black_box(&pretty), None).is_ok()
    });
    rate("records read, trusted", || {
        Record::trusted(black_box(&bytes)).is_ok()
    });
    rate("trusted and hashed", || {
        Record::trusted(black_box(&bytes)).unwrap().hash()
    });
    rate("strict JSON read", || {
        parse_strict(black_box(&bytes)).is_ok()
    });
    rate("JSON read by serde_json", || {
        serde_json::from_slice::<serde_json::Value>(black_box(&bytes)).is_ok()
    });
    rate("canonical JSON written", || canonical(black_box(&value)));
    rate("SHA-256 of it", || record::Hash::of(black_box(&bytes)));
}

fn now() -> Timestamp {
    Timestamp::from_millis(1_795_000_000_000)
}

/// An article of about 4 kB.
fn draft(key: &SecretKey) -> Draft {
    let paragraph = "Secado solar: la humedad baja del 80 % al 12 % en tres días.\n\n\"Así\" — ";
    let body = json!({
        "name": "Secado solar de alimentos",
        "content": paragraph.repeat(36),
        "mediaType": "text/markdown",
        "language": "es",
        "licence": "CC-BY-SA-4.0",
        "provenance": "written",
        "summary": "humedades corregidas",
        "location": {"type": "Place", "latitude": -0.220_164, "longitude": -78.512_327},
        "tag": ["secado", "alimentos", "solar"],
    });
    Draft {
        kind: "article".to_owned(),
        type_name: "Article".to_owned(),
        version: 1,
        commons: key.did(),
        space: Space::public(),
        thing: None,
        replaces: Vec::new(),
        published: now(),
        body: body.as_object().cloned().unwrap(),
    }
}

fn rate<T>(what: &str, mut work: impl FnMut() -> T) {
    // A tenth of a second to warm up, then a second in five parts: the best is the least disturbed.
    let mut best = 0.0_f64;
    for part in 0..6 {
        let length = Duration::from_millis(if part == 0 { 100 } else { 200 });
        let start = Instant::now();
        let mut rounds = 0_u32;
        while start.elapsed() < length {
            for _ in 0..16 {
                black_box(work());
            }
            rounds += 16;
        }
        best = best.max(f64::from(rounds) / start.elapsed().as_secs_f64());
    }
    println!("{best:>12.0}  {what}");
}
