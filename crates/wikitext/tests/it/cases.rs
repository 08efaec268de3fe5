//! `tests/data/<case>/in.wiki` is drawn as `out.html`, with its lists below.
//!
//! `UPDATE_CASES=1 cargo test -p wikitext cases` writes them anew; read the difference.

use crate::{check, wiki};
use std::fmt::Write;
use std::path::Path;

/// Returns all that is told of a page, the drawing first.
fn tell(text: &str) -> String {
    let document = wiki::read(text);
    let drawn = document.render(&wiki::Wiki::default());
    let site = wikitext::Site::default();
    let mut told = drawn.html.trim_end().to_owned();
    told.push_str("\n\n<!--\n");
    let mut list = |name: &str, items: Vec<String>| {
        if !items.is_empty() {
            let _ = writeln!(told, "{name}: {}", items.join(" · "));
        }
    };
    let anchor =
        |anchor: &Option<String>| anchor.as_ref().map_or(String::new(), |a| format!("#{a}"));
    let target = |to: &wikitext::LinkTarget| {
        let prefix = to
            .interwiki
            .as_ref()
            .map_or(String::new(), |p| format!("{p}:"));
        format!("{prefix}{}{}", site.full(&to.title), anchor(&to.anchor))
    };
    match document.redirect() {
        Some(Ok(to)) => list("redirect", vec![target(&to)]),
        Some(Err(error)) => list("redirect", vec![error.to_string()]),
        None => {}
    }
    let link = |l: &wikitext::PageLink| {
        format!("{}{} ×{}", site.full(&l.title), anchor(&l.anchor), l.count)
    };
    list("links", document.links().iter().map(link).collect());
    list(
        "categories",
        document
            .categories()
            .iter()
            .map(|(c, sort)| format!("{} [{sort}]", c.text))
            .collect(),
    );
    let template = |t: &wikitext::TemplateUse<'_>| {
        let params: Vec<String> = t
            .params
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        format!("{}({})", t.name, params.join(", ").replace('\n', "⏎"))
    };
    list(
        "templates",
        document.templates().iter().map(template).collect(),
    );
    list(
        "files",
        document.files().into_iter().map(str::to_owned).collect(),
    );
    list(
        "external",
        document
            .external_links()
            .into_iter()
            .map(str::to_owned)
            .collect(),
    );
    list(
        "interwiki",
        document.interwiki().into_iter().map(target).collect(),
    );
    list(
        "languages",
        document.languages().into_iter().map(target).collect(),
    );
    list(
        "contents",
        drawn
            .toc
            .iter()
            .map(|e| format!("{} #{} {}", e.level, e.id, e.text))
            .collect(),
    );
    let problem = |p: &wikitext::Problem| format!("{}@{}", p.code, p.line);
    list(
        "problems",
        document.problems().iter().map(problem).collect(),
    );
    list(
        "counted",
        vec![format!("{} words, {} notes", drawn.words, drawn.notes)],
    );
    list("summary", vec![document.summary(80)]);
    list("plain", vec![document.plain_text().replace('\n', "⏎")]);
    told.push_str("-->\n");
    told
}

#[test]
fn every_case_is_drawn_as_it_was_agreed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let update = std::env::var_os("UPDATE_CASES").is_some();
    let mut cases: Vec<_> = std::fs::read_dir(&folder)
        .expect("the cases are there")
        .map(|entry| entry.expect("a folder").path())
        .filter(|path| path.join("in.wiki").exists())
        .collect();
    cases.sort();
    assert!(cases.len() >= 60, "only {} cases", cases.len());
    let mut wrong = Vec::new();
    for case in cases {
        let text = std::fs::read_to_string(case.join("in.wiki")).expect("readable");
        let told = tell(&text);
        let drawing = told.rsplit_once("\n\n<!--\n").map_or("", |(html, _)| html);
        if let Err(fault) = check::check(drawing) {
            wrong.push(format!("{}: {fault}\n{drawing}", case.display()));
        }
        let out = case.join("out.html");
        if update {
            std::fs::write(&out, &told).expect("writable");
            continue;
        }
        let agreed = std::fs::read_to_string(&out).unwrap_or_default();
        if agreed != told {
            wrong.push(format!(
                "{}\n--- agreed\n{agreed}\n--- drawn\n{told}",
                case.display()
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} cases differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
