//! Whatever is written, moved and withdrawn, the tables are what a replay of the log gives, and the
//! kept counts are what counting gives.

use crate::world::{World, plain, tables};
use knowledge::{Article, Kind, Source};
use proptest::prelude::*;
use record::{Hash, Record, RecordId, Space, Tombstone};
use std::collections::BTreeMap;
use store::{Outcome, StoreError};

const TITLES: [&str; 5] = ["Seed", "seed bank", "Mill", "Árbol", "9 looms"];
const TEXTS: [&str; 7] = [
    "[[Mill]] and [[Seed]] [[Category:Food]]",
    "[[nowhere]], [[Nowhere]] [[Category:Food]][[Category:Tools]]",
    "#REDIRECT [[Seed bank]]",
    "#REDIRECT [[Category:Food]]",
    "nothing to see [[Árbol|a tree]]",
    "",
    "'''left open\n[[left open",
];

#[derive(Clone, Debug)]
enum Step {
    Write {
        kind: usize,
        title: usize,
        text: usize,
        spanish: bool,
    },
    /// Goes on from a revision of the page, the newest if `back` is 0; a merge names the newest too.
    Change {
        page: usize,
        title: usize,
        text: usize,
        back: usize,
        merge: bool,
    },
    Withdraw {
        page: usize,
        back: usize,
        whole: bool,
    },
}

/// Few titles and few pages, so that pages get into one another's way.
fn steps() -> impl Strategy<Value = Vec<Step>> {
    let title = || prop_oneof![4 => 0..2_usize, 1 => 2..5_usize];
    let back = || prop_oneof![2 => Just(0), 1 => 1..4_usize];
    let step = prop_oneof![
        3 => (0..2_usize, title(), 0..7_usize, any::<bool>())
            .prop_map(|(kind, title, text, spanish)| Step::Write { kind, title, text, spanish }),
        5 => (0..4_usize, title(), 0..7_usize, back(), any::<bool>())
            .prop_map(|(page, title, text, back, merge)| Step::Change { page, title, text, back, merge }),
        3 => (0..4_usize, back(), proptest::bool::weighted(0.15))
            .prop_map(|(page, back, whole)| Step::Withdraw { page, back, whole }),
    ];
    proptest::collection::vec(step, 1..40)
}

/// Every other text came from a wiki, where it has its title.
fn article(kind: Kind, title: usize, text: usize, spanish: bool) -> Article {
    let source = text.is_multiple_of(2).then(|| Source {
        site: "Barn wiki".to_owned(),
        namespace: kind.namespace(),
        title: TITLES[title].to_owned(),
        revision: text.to_string(),
        sha256: text.to_string(),
        namespaces: Vec::new(),
    });
    Article {
        language: if spanish { "es" } else { "en" }.to_owned(),
        source,
        ..plain(kind, TITLES[title], TEXTS[text])
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

pub fn agree(world: &World) {
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
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn tables_and_counts_are_what_the_log_says(steps in steps()) {
        let world = World::new();
        let node = world.node();
        // Each page with its kind and its revisions.
        let mut pages: Vec<(RecordId, Kind, Vec<Hash>)> = Vec::new();
        for step in steps {
            let (commons, key) = (node.keys().commons_did(), node.keys().commons());
            let draft = match step {
                Step::Write { kind, title, text, spanish } => {
                    let kind = [Kind::Article, Kind::Category][kind];
                    let article = article(kind, title, text, spanish);
                    article.draft(commons, Space::public(), store::Node::now(), None, Vec::new())
                }
                Step::Change { page, title, text, back, merge } => {
                    let Some((id, kind, hashes)) = pages.get(page) else { continue };
                    let article = article(*kind, title, text, false);
                    let newest = hashes.len() - 1;
                    let mut replaces = vec![hashes[newest.saturating_sub(back)]];
                    if merge && back > 0 {
                        replaces.push(hashes[newest]);
                    }
                    article.draft(commons, Space::public(), store::Node::now(), Some(id.clone()), replaces)
                }
                Step::Withdraw { page, back, whole } => {
                    if page >= pages.len() {
                        continue;
                    }
                    let (id, _, hashes) = pages[page].clone();
                    let tombstone = if whole {
                        pages.remove(page);
                        Tombstone::of_thing(id, "a wish")
                    } else {
                        let hash = hashes[(hashes.len() - 1).saturating_sub(back)];
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
                    Some(page) => page.2.push(record.hash()),
                    None => pages.push((record.thing().clone(), article.name.kind(), vec![record.hash()])),
                }
            }
        }
        agree(&world);
    }
}
