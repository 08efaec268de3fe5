//! What holds for any text.

use crate::{check, wiki};
use proptest::prelude::*;

/// Pieces of markup from which texts are put together.
const PIECES: &[&str] = &[
    "'",
    "''",
    "'''",
    "'''''",
    "[",
    "]",
    "[[",
    "]]",
    "{{",
    "}}",
    "{{{",
    "}}}",
    "|",
    "||",
    "{|",
    "|}",
    "|-",
    "|+",
    "!",
    "!!",
    "\n",
    "\n\n",
    "\n{|\n",
    "\n|}\n",
    "\n|-\n",
    "\n| ",
    "\n! ",
    "*",
    "#",
    ":",
    ";",
    "\n* ",
    "\n## ",
    "\n:",
    "\n;a:b",
    "=",
    "==",
    "\n== h ==\n",
    " ",
    "\n ",
    "----",
    "\n----",
    "<b>",
    "</b>",
    "<i>",
    "</i>",
    "<div>",
    "</div>",
    "<p>",
    "</p>",
    "<center>",
    "</center>",
    "<blockquote>",
    "</blockquote>",
    "<table>",
    "</table>",
    "<tr>",
    "<td>",
    "</td>",
    "</tr>",
    "<ul>",
    "<ol>",
    "<li>",
    "</li>",
    "</ul>",
    "</ol>",
    "<dl>",
    "<dt>",
    "<dd>",
    "<h2>",
    "</h2>",
    "<small>",
    "</small>",
    "<span id=x>",
    "</span>",
    "<br>",
    "<hr>",
    "<ref>",
    "</ref>",
    "<ref name=a />",
    "<references />",
    "<nowiki>",
    "</nowiki>",
    "<pre>",
    "</pre>",
    "<poem>",
    "</poem>",
    "<gallery>\n",
    "\n</gallery>",
    "<!--",
    "-->",
    "<noinclude>",
    "</noinclude>",
    "<a href=http://a>",
    "</a>",
    "<html>",
    "</html>",
    "<code>",
    "</code>",
    "<sup>",
    "</sup>",
    "<font color=red>",
    "</font>",
    "http://a.b/c",
    "[http://a.b c",
    "[[a|b]]",
    "[[File:A.png|thumb|",
    "[[File:A.png]]",
    "[[File:b.png|left]]",
    "[[Category:c]]",
    "{{PD}}",
    "{{Unknown|",
    "{{WikiSprint-20M|Details=",
    "{{MC}}",
    "{{PAGENAME}}",
    "__TOC__",
    "&amp;",
    "&",
    "a",
    "b c",
    "é",
    "\u{a0}",
    "\t",
    "<caption>",
    "</caption>",
    "<th>",
    "#REDIRECT [[",
    "<imagemap>\n",
    "</imagemap>",
    "<math>",
    "</math>",
    "<syntaxhighlight>",
    "</syntaxhighlight>",
    "<section begin=a />",
    "<img src=http://a>",
];

fn markup() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..60).prop_map(|pieces| pieces.concat())
}

fn fine(text: &str) -> Result<(), TestCaseError> {
    let document = wiki::read(text);
    let drawn = document.render(&wiki::Wiki::default());
    if let Err(fault) = check::check(&drawn.html) {
        return Err(TestCaseError::fail(format!(
            "{fault}\nhtml: {}",
            drawn.html
        )));
    }
    let _ = (
        document.links(),
        document.categories(),
        document.templates(),
        document.files(),
    );
    let _ = document.plain_text();
    prop_assert!(document.summary(20).chars().count() <= 20);
    prop_assert!(
        document
            .problems()
            .iter()
            .all(|p| p.at <= text.len() && p.line >= 1)
    );
    let mut level = 0;
    for entry in &drawn.toc {
        prop_assert!(
            entry.level <= level + 1,
            "a level is skipped: {:?}",
            drawn.toc
        );
        level = entry.level;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_markup_is_drawn_well_formed(text in markup()) {
        fine(&text)?;
    }

    #[test]
    fn any_characters_are_drawn_well_formed(text in ".{0,200}") {
        fine(&text)?;
    }

    #[test]
    fn words_without_markup_are_kept(words in prop::collection::vec("[a-zé]{1,8}", 1..20)) {
        let text = words.join(" ");
        prop_assert_eq!(wiki::read(&text).plain_text(), text.clone());
        prop_assert_eq!(wiki::draw(&text).html, format!("<p>{text}</p>\n"));
        prop_assert_eq!(wiki::draw(&text).words, words.len());
    }

    #[test]
    fn a_title_is_its_own_full_name(raw in "\\PC{1,40}") {
        let site = wikitext::Site::default();
        if let Ok(title) = site.title(&raw, 0) {
            prop_assert!(title.text.len() <= wikitext::MAX_TITLE_BYTES);
            if let Ok(again) = site.title(&site.full(&title), 0) {
                prop_assert_eq!(site.full(&again), site.full(&title));
            }
        }
    }
}
