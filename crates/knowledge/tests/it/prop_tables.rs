//! Whatever is written, moved and withdrawn, the tables are what a replay of the log gives, and the
//! kept counts are what counting gives.

use crate::world::{World, tables};
use knowledge::{Article, Kind, Media, Name};
use proptest::prelude::*;
use record::{Hash, Record, RecordId, Space, Tombstone};
use std::collections::BTreeMap;
use store::{Outcome, StoreError};

const TITLES: [&str; 5] = ["Seed", "seed bank", "Mill", "Árbol", "9 looms"];
const TEXTS: [&str; 6] = [
    "[[Mill]] and [[Seed]] [[Category:Food]]",
    "[[nowhere]], [[Nowhere]] [[Category:Food]][[Category:Tools]]",
    "#REDIRECT [[Seed bank]]",
    "#REDIRECT [[Category:Food]]",
    "nothing to see [[Árbol|a tree]]",
    "",
];

#[derive(Clone, Debug)]
enum Step {
    Write {
        kind: usize,
        title: usize,
        text: usize,
        spanish: bool,
    },
    Change {
        page: usize,
        title: usize,
        text: usize,
    },
    Withdraw {
        page: usize,
        whole: bool,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (0..2_usize, 0..5_usize, 0..6_usize, any::<bool>())
            .prop_map(|(kind, title, text, spanish)| Step::Write { kind, title, text, spanish }),
        4 => (0..8_usize, 0..5_usize, 0..6_usize)
            .prop_map(|(page, title, text)| Step::Change { page, title, text }),
        1 => (0..8_usize, any::<bool>()).prop_map(|(page, whole)| Step::Withdraw { page, whole }),
    ];
    proptest::collection::vec(step, 1..24)
}

fn article(kind: Kind, title: usize, text: usize, spanish: bool) -> Article {
    Article {
        name: Name::new(kind, TITLES[title]).expect("a title"),
        content: TEXTS[text].to_owned(),
        media: Media::Wikitext,
        language: if spanish { "es" } else { "en" }.to_owned(),
        licence: "CC-BY-SA-3.0".to_owned(),
        provenance: "written".to_owned(),
        summary: String::new(),
        attribution: String::new(),
        contributor: String::new(),
        minor: false,
        translation_of: None,
        categories: Vec::new(),
        source: None,
        attachment: None,
    }
}

/// Counts as `sql` gives them: a name and a number in each row.
fn counted(world: &World, sql: &str) -> BTreeMap<String, i64> {
    world
        .node()
        .store()
        .read(|db| {
            let rows = db.all(sql, &[], |row| {
                Ok::<_, StoreError>((row.get::<String>(0)?, row.get::<i64>(1)?))
            })?;
            Ok::<_, StoreError>(rows.into_iter().collect())
        })
        .expect("counted")
}

fn agree(world: &World) {
    for (what, by_counting) in [
        ("kind", "SELECT kind, COUNT(*) FROM articles WHERE redirect = '' GROUP BY kind"),
        (
            "language",
            "SELECT language, COUNT(*) FROM articles WHERE redirect = '' AND kind = 'article' GROUP BY language",
        ),
        (
            "letter-article",
            "SELECT SUBSTR(t.sort, 1, 1), COUNT(*) FROM things t JOIN articles a ON a.thing = t.thing
             WHERE a.redirect = '' AND t.kind = 'article' GROUP BY SUBSTR(t.sort, 1, 1)",
        ),
        (
            "theme",
            "SELECT to_key, COUNT(*) FROM links WHERE relation = 'category' GROUP BY to_key",
        ),
        (
            "wanted",
            "SELECT l.to_key, COUNT(*) FROM links l WHERE l.relation = 'mentions' AND NOT EXISTS
               (SELECT 1 FROM things t WHERE t.key = l.to_key AND t.space = l.space) GROUP BY l.to_key",
        ),
    ] {
        let kept = counted(
            world,
            &format!("SELECT name, pages FROM tallies WHERE what = '{what}'"),
        );
        assert_eq!(kept, counted(world, by_counting), "{what}");
    }
    let checked = world.node().check(tables).expect("checked");
    assert!(checked.differences.is_empty(), "{:?}", checked.differences);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn tables_and_counts_are_what_the_log_says(steps in steps()) {
        let world = World::new();
        let node = world.node();
        // Each page with its kind and its last revision.
        let mut pages: Vec<(RecordId, Kind, Hash)> = Vec::new();
        for step in steps {
            let (commons, key) = (node.keys().commons_did(), node.keys().commons());
            let draft = match step {
                Step::Write { kind, title, text, spanish } => {
                    let kind = [Kind::Article, Kind::Category][kind];
                    let article = article(kind, title, text, spanish);
                    article.draft(commons, Space::public(), store::Node::now(), None, Vec::new())
                }
                Step::Change { page, title, text } => {
                    let Some((id, kind, hash)) = pages.get(page) else { continue };
                    let article = article(*kind, title, text, false);
                    let replaces = vec![*hash];
                    article.draft(commons, Space::public(), store::Node::now(), Some(id.clone()), replaces)
                }
                Step::Withdraw { page, whole } => {
                    if page >= pages.len() {
                        continue;
                    }
                    let (id, _, hash) = pages[page].clone();
                    let tombstone = if whole {
                        pages.remove(page);
                        Tombstone::of_thing(id, "a wish")
                    } else {
                        Tombstone::of_record(hash, id, "a wish")
                    };
                    tombstone.draft(commons, Space::public(), store::Node::now())
                }
            };
            let record: Record = node.sign(draft, key).expect("signed");
            let outcome = node.publish_all(vec![record.clone()]).expect("published");
            if let Some(Outcome::Accepted(_)) = outcome.first()
                && let Ok(article) = Article::of(&record)
            {
                match pages.iter_mut().find(|(id, ..)| id == record.thing()) {
                    Some(page) => page.2 = record.hash(),
                    None => pages.push((record.thing().clone(), article.name.kind(), record.hash())),
                }
            }
        }
        agree(&world);
    }
}
