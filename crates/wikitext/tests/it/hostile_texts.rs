//! Texts that are made to be slow, deep or large.

/// Pieces that are repeated until the text is as long as wanted.
const REPEATED: &[(&str, &str)] = &[
    ("links", "[["),
    ("links with letters", "[[a "),
    ("closed links", "[[a|"),
    ("templates", "{{"),
    ("templates with letters", "{{a|"),
    ("templates over lines", "{{a\n\n|"),
    ("parameters", "{{{a|"),
    ("closings", "}}]]"),
    ("mixed brackets", "{{[[{{{"),
    ("open tags", "<div>"),
    ("open inline tags", "<b><i><s>"),
    ("crossing tags", "<b>x<i>x</b>x</i>"),
    ("closing of many", "<b><i><s><u><sub><small>x</b></i></s>"),
    ("unfinished tags", "<b "),
    ("unfinished attributes", "<b a=\""),
    ("references", "<ref>"),
    ("references in turn", "<ref><poem><gallery>"),
    ("named references", "<ref name=a />"),
    ("new references", "<ref>a</ref>"),
    (
        "reference groups",
        "<ref group=a>b</ref><references group=a />",
    ),
    ("unfinished ends", "</ref"),
    ("comments", "<!--"),
    ("comments half closed", "<!-- --"),
    ("nowiki", "<nowiki>"),
    ("angles", "<"),
    ("ampersands", "&"),
    ("references to characters", "&amp"),
    ("quotes", "'"),
    ("italics", "''a "),
    ("bolds", "'''a ''b '''''c "),
    ("five quotes", "'''''a"),
    ("quotes over lines", "'''a\n''b\n"),
    ("external links", "[http://a "),
    ("closed external links", "[http://a b]"),
    ("bare links", "http://a.b/c "),
    ("colons", ":"),
    ("colons after letters", "http:"),
    ("closing parentheses", "http://a)))))))))"),
    ("stars", "*"),
    ("stars in lines", "*a\n"),
    ("lists up and down", "*a\n**b\n***c\n*#:;d\n"),
    ("hashes and stars", "#*#*#*#*x\n"),
    ("terms", ";a:b"),
    ("tables", "{|\n|\n"),
    ("tables in lines", "{|\n|a||b\n|-\n!c!!d\n"),
    ("indented tables", ":{|\n|"),
    ("cells", "{|\n|a||"),
    ("pipes", "|"),
    ("html tables", "<table><tr><td>"),
    ("html lists", "<ul><li>"),
    ("headings", "==a==\n"),
    ("headings deeper", "=a=\n==a==\n======a======\n"),
    ("equal signs", "="),
    ("underscores", "__"),
    ("switches", "__TOC__"),
    ("blank lines", "\n"),
    ("leading spaces", " a\n b\n"),
    ("files", "[[File:a|thumb|"),
    ("closed files", "[[File:a.png|thumb|b]]"),
    ("links in captions", "[[File:a.png|thumb|[[b|c]]]]"),
    ("links to places", "[[a#b]]"),
    ("categories", "[[Category:a]]"),
    ("different links", "[[a]] [[b#c]] [[d|e]]"),
    ("galleries", "<gallery>\nA.png|b\n</gallery>"),
    ("known templates", "{{PD}}"),
    ("unknown templates", "{{a|b|c=d}}"),
    ("magic words", "{{PAGENAME}}"),
    ("anchors", "<span id=a></span>"),
    ("null bytes", "\0"),
    ("greek", "ἀλφά '' [["),
    ("entities in titles", "[[&#91;&#x5d;]]"),
    ("percents", "[[%20%5B]]"),
    ("includeonly", "<includeonly>"),
    ("left out", "<html><script>"),
    ("link with newline", "[[a\nb]]"),
    ("definition with tags", ";<b>a</b>:<i>b</i>\n"),
    ("paragraph tags", "<p>a</p><br>"),
    ("image tags", "<img src=http://a>"),
    ("anchors of html", "<a href=http://a>"),
];

/// Returns texts of about `size` bytes, each with its name.
pub fn hostile(size: usize) -> impl Iterator<Item = (String, String)> {
    let repeated = REPEATED
        .iter()
        .map(move |(name, piece)| ((*name).to_owned(), piece.repeat(size.div_ceil(piece.len()))));
    let nested = [
        ("nested templates", "{{a|", "}}"),
        ("nested parameters", "{{{a|", "}}}"),
        ("nested captions", "[[File:a|", "]]"),
        ("nested divisions", "<div>", "</div>"),
        ("nested bold", "<b>", "</b>"),
        ("nested tables", "{|\n|\n", "\n|}"),
        (
            "nested html tables",
            "<table><tr><td>",
            "</td></tr></table>",
        ),
        ("nested references", "<ref>", "</ref>"),
        ("nested poems", "<poem>", "</poem>"),
        ("nested quotations", "<blockquote>", "</blockquote>"),
        ("nested notes in templates", "{{a|<ref>", "</ref>}}"),
        ("nested functions", "{{lc:", "}}"),
        ("nested bad links", "[[<b>", "]]"),
        ("nested doubled links", "[[http://a|", "]]"),
        ("nested properties", "[[a::b|", "]]"),
        ("nested unknown titles", "[[{{a}}|", "]]"),
        ("nested maps", "<imagemap>\na\n[", "</imagemap>"),
        ("nested galleries", "<gallery>\na|", "</gallery>"),
        ("nested external links", "[http://a ", "]"),
    ];
    let nested = nested.into_iter().map(move |(name, open, close)| {
        let times = size.div_ceil(open.len() + close.len());
        (
            name.to_owned(),
            format!("{}x{}", open.repeat(times), close.repeat(times)),
        )
    });
    let headings = (0..size / 12)
        .map(|n| format!("== a {n} ==\n"))
        .collect::<String>();
    let twice = format!("{headings}{}", "==a==\n".repeat(size / 24));
    let long = [
        ("one word", "x".repeat(size)),
        ("one line", "word ".repeat(size / 5)),
        ("deep list", format!("{} x", "*#:;".repeat(size / 4))),
        ("long name", format!("[[{}]]", "a".repeat(size))),
        ("long address", format!("http://{}", ")".repeat(size))),
        (
            "long attribute",
            format!("<div title=\"{}\">", "a ".repeat(size / 2)),
        ),
        (
            "many attributes",
            format!("<div {}>", "id=a ".repeat(size / 5)),
        ),
        ("long table start", format!("{{|{}", "|".repeat(size))),
        ("same headings", twice),
        ("numbered headings", headings),
    ];
    let long = long.into_iter().map(|(name, text)| (name.to_owned(), text));
    repeated.chain(nested).chain(long)
}
