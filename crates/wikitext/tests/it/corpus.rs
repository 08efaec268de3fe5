//! The first pages of a real wiki.

use crate::{check, dump, wiki};
use std::path::PathBuf;
use wikitext::{Site, parse_page};

const PAGES: usize = 2_000;

fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("MINGA_CORPUS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let path = folder.join("p2pwiki/p2pfoundation-current.xml.bz2");
    path.exists().then_some(path)
}

#[test]
fn two_thousand_real_pages_are_drawn_well_formed() {
    let Some(path) = corpus() else {
        eprintln!("skipped: no corpus");
        return;
    };
    let site = Site {
        namespaces: dump::namespaces(),
        ..Site::default()
    };
    let (mut pages, mut links, mut categories, mut summaries) = (0, 0, 0, 0);
    let path = path.to_str().expect("a path in UTF-8");
    for page in dump::pages(path)
        .expect("the corpus can be opened")
        .take(PAGES)
    {
        let title = site.title(&page.title, 0).expect("a real title");
        let document = parse_page(&page.text, &title, &site);
        let drawn = document.render(&wiki::Wiki::default());
        if let Err(fault) = check::check(&drawn.html) {
            panic!("{}: {fault}", page.title);
        }
        pages += 1;
        links += document.links().len();
        categories += document.categories().len();
        summaries += usize::from(document.summary(200).len() > 20);
    }
    assert_eq!(pages, PAGES);
    // Most pages are filed and say something; fewer would mean that markup is not understood.
    assert!(categories > PAGES, "{categories} categories");
    assert!(links > PAGES / 2, "{links} links");
    assert!(summaries > PAGES * 8 / 10, "{summaries} summaries");
}
