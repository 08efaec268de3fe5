//! Communities, bridges, paths and neighbourhoods of a link graph: one JSON array a line, `[title, language, [categories], [titles], length]`.
#![allow(clippy::print_stdout, reason = "an example says what it measured")]

use atlas::graph::Graph;
use std::collections::HashMap;
use std::io::BufRead;
use std::time::Instant;

fn main() {
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut titles: Vec<String> = Vec::new();
    let mut number = |title: String| {
        *numbers.entry(title).or_insert_with_key(|title| {
            titles.push(title.clone());
            titles.len() as u32 - 1
        })
    };
    let mut links: Vec<(u32, u32)> = Vec::new();
    let mut pages = 0;
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        type Row = (String, String, Vec<String>, Vec<String>, u64);
        let Ok((title, _, categories, mentions, _)) = serde_json::from_str::<Row>(&line) else {
            continue;
        };
        pages += 1;
        let from = number(title);
        for category in categories {
            links.push((from, number(format!("Category:{category}"))));
        }
        for mention in mentions {
            links.push((from, number(mention)));
        }
    }
    println!("{pages} pages");
    let graph = Graph::new(titles.len(), links);
    println!("{} things, {} links", graph.len(), graph.links());
    let began = Instant::now();
    let communities = graph.communities();
    println!(
        "communities {:?}: {}",
        began.elapsed(),
        communities.iter().max().map_or(0, |m| m + 1)
    );
    let began = Instant::now();
    let (bridges, points) = graph.bridges();
    println!(
        "bridges {:?}: {} and {} points",
        began.elapsed(),
        bridges.len(),
        points.len()
    );
    let began = Instant::now();
    let between = graph.go_betweens(&communities, 10);
    println!("between {:?}", began.elapsed());
    for (node, spread, touched) in between {
        println!("  {} {spread:.2} {touched}", titles[node as usize]);
    }
    let (mut worst_path, mut worst_around) = (0, 0);
    let mut step = 1_u64;
    for _ in 0..1_000 {
        step = step
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let (a, b) = (
            (step >> 33) as u32 % graph.len() as u32,
            (step >> 12) as u32 % graph.len() as u32,
        );
        let began = Instant::now();
        let _ = graph.path(a, b);
        worst_path = worst_path.max(began.elapsed().as_micros());
        let began = Instant::now();
        let around: Vec<u32> = graph.around(a, 2, 60).into_iter().map(|(n, _)| n).collect();
        let links = graph.among(&around);
        let seeds: Vec<u64> = around
            .iter()
            .map(|n| u64::from(*n).wrapping_mul(0x9e37_79b9_7f4a_7c15))
            .collect();
        let _ = atlas::graph::layout(&seeds, &links);
        worst_around = worst_around.max(began.elapsed().as_micros());
    }
    println!(
        "of 1,000: slowest path {worst_path} µs, slowest neighbourhood with its layout {worst_around} µs"
    );
}
