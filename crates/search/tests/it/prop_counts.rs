//! Totals, facets and pages against counting by hand.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use search::{Document, Query};

use crate::world::{SPACE, World};

/// Words that no stemmer changes and no correction reaches.
const WORDS: [&str; 6] = ["ab1", "cd2", "ef3", "gh4", "ij5", "kl6"];
const KINDS: [&str; 2] = ["article", "design"];
const LANGUAGES: [&str; 3] = ["es", "en", "qu"];
const CATEGORIES: [&str; 3] = ["Food", "Energy", "Water"];

fn documents() -> impl Strategy<Value = Vec<Document>> {
    let document = (
        0..40u32,
        prop::collection::vec(0..WORDS.len(), 0..8),
        0..KINDS.len(),
        0..LANGUAGES.len(),
        prop::collection::btree_set(0..CATEGORIES.len(), 0..3),
        0..50u32,
    )
        .prop_map(|(id, words, kind, language, categories, rank)| Document {
            id: id.to_string(),
            kind: KINDS[kind].to_owned(),
            language: LANGUAGES[language].to_owned(),
            title: format!("t{id}"),
            url: format!("/{id}"),
            body: words
                .iter()
                .map(|word| WORDS[*word])
                .collect::<Vec<_>>()
                .join(" "),
            categories: categories
                .iter()
                .map(|name| CATEGORIES[*name].to_owned())
                .collect(),
            rank,
        });
    prop::collection::vec(document, 0..60)
}

type Asked = (
    Vec<usize>,
    Option<usize>,
    Option<usize>,
    Option<usize>,
    Option<usize>,
);

fn asked() -> impl Strategy<Value = Asked> {
    (
        prop::collection::vec(0..WORDS.len(), 0..3),
        prop::option::weighted(0.3, 0..WORDS.len()),
        prop::option::weighted(0.3, 0..KINDS.len()),
        prop::option::weighted(0.3, 0..LANGUAGES.len()),
        prop::option::weighted(0.3, 0..CATEGORIES.len()),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn counts_are_exact_and_pages_whole(
        batches in prop::collection::vec(documents(), 1..4),
        removed in prop::collection::vec(0..40u32, 0..6),
        queries in prop::collection::vec(asked(), 12),
    ) {
        let world = World::empty();
        let mut kept: BTreeMap<String, Document> = BTreeMap::new();
        let mut writer = world.indexes.writer(SPACE).unwrap();
        for (at, batch) in batches.iter().enumerate() {
            for document in batch {
                writer.put(document).unwrap();
                kept.insert(document.id.clone(), document.clone());
            }
            if at == 0 {
                for id in &removed {
                    writer.remove(&id.to_string()).unwrap();
                    kept.remove(&id.to_string());
                }
            }
            writer.commit(at as i64).unwrap();
        }
        writer.finish().unwrap();
        world.indexes.reload();
        prop_assert_eq!(world.indexes.documents(SPACE), kept.len() as u64);

        for (words, without, kind, language, category) in queries {
            let mut text: Vec<String> = words.iter().map(|word| WORDS[*word].to_owned()).collect();
            text.extend(without.map(|word| format!("-{}", WORDS[word])));
            let has = |document: &Document, word: usize| {
                document.body.split(' ').any(|one| one == WORDS[word])
            };
            let passes = |document: &&Document| {
                without.is_none_or(|word| !has(document, word))
                    && kind.is_none_or(|kind| document.kind == KINDS[kind])
                    && language.is_none_or(|language| document.language == LANGUAGES[language])
                    && category.is_none_or(|category| {
                        document.categories.iter().any(|name| name == CATEGORIES[category])
                    })
            };
            let all = |document: &&Document| words.iter().all(|word| has(document, *word));
            let any = |document: &&Document| words.iter().any(|word| has(document, *word));
            let mut wanted: Vec<&Document> = kept.values().filter(passes).filter(all).collect();
            let distinct: BTreeSet<usize> = words.iter().copied().collect();
            let relaxed = wanted.is_empty() && distinct.len() > 1;
            if relaxed {
                wanted = kept.values().filter(passes).filter(any).collect();
            }
            let mut query = Query {
                text: text.join(" "),
                kind: kind.map(|kind| KINDS[kind].to_owned()),
                language: language.map(|language| LANGUAGES[language].to_owned()),
                category: category.map(|category| CATEGORIES[category].to_owned()),
                limit: 3,
                after: None,
            };
            let count = |labels: &dyn Fn(&Document) -> Vec<String>| {
                let mut counts: BTreeMap<String, u64> = BTreeMap::new();
                for document in &wanted {
                    for label in labels(document) {
                        *counts.entry(label).or_default() += 1;
                    }
                }
                counts
            };
            let kinds = count(&|document| vec![document.kind.clone()]);
            let languages = count(&|document| vec![document.language.clone()]);
            let categories = count(&|document| document.categories.clone());
            let mut seen = Vec::new();
            let mut scores = Vec::new();
            loop {
                let results = world.search(&query);
                prop_assert_eq!(results.total, wanted.len() as u64, "{:?}", query);
                prop_assert_eq!(results.relaxed, relaxed && !wanted.is_empty());
                prop_assert_eq!(results.facets.kind.into_iter().collect::<BTreeMap<_, _>>(), kinds.clone());
                prop_assert_eq!(results.facets.language.into_iter().collect::<BTreeMap<_, _>>(), languages.clone());
                prop_assert_eq!(results.facets.category.into_iter().collect::<BTreeMap<_, _>>(), categories.clone());
                prop_assert!(results.hits.len() <= 3);
                for hit in results.hits {
                    prop_assert_eq!(&hit.title, &kept[&hit.id].title);
                    scores.push(hit.score);
                    seen.push(hit.id);
                }
                match results.next {
                    Some(next) => query.after = Some(next),
                    None => break,
                }
            }
            prop_assert!(scores.is_sorted_by(|a, b| a >= b));
            let total = seen.len();
            let seen: BTreeSet<String> = seen.into_iter().collect();
            prop_assert_eq!(seen.len(), total, "a page repeated a document");
            prop_assert_eq!(seen, wanted.iter().map(|document| document.id.clone()).collect::<BTreeSet<_>>());
        }
    }
}
