//! Addresses: which schemes may pass, and how they are written into a page.

/// Schemes that a link may have. Whatever is not here is text.
const SCHEMES: &[&str] = &[
    "http://", "https://", "ftp://", "irc://", "mailto:", "news:", "tel:",
];

/// Schemes that make a link without brackets. `news:` and `tel:` are left out: in running text they
/// are words (“Good news: the …”).
const BARE_SCHEMES: &[&str] = &["http://", "https://", "ftp://", "irc://", "mailto:"];

/// Returns the length of the allowed scheme at the start of `text`, as `[url text]` accepts it:
/// also `//`, which takes the page's own scheme.
pub(crate) fn bracketed_scheme(text: &str) -> Option<usize> {
    if text.starts_with("//") {
        return Some(2);
    }
    scheme(text, SCHEMES)
}

/// Returns the length of the scheme at the start of `text` that makes a bare link.
pub(crate) fn bare_scheme(text: &str) -> Option<usize> {
    scheme(text, BARE_SCHEMES)
}

fn scheme(text: &str, known: &[&str]) -> Option<usize> {
    let starts = |scheme: &&&str| {
        text.as_bytes()
            .get(..scheme.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(scheme.as_bytes()))
    };
    known.iter().find(starts).map(|scheme| scheme.len())
}

/// Whether `byte` ends an address. Source: `EXT_LINK_URL_CLASS` of MediaWiki's parser; blanks
/// beyond ASCII are looked for by [`length`].
fn ends(byte: u8) -> bool {
    byte <= b' ' || matches!(byte, b'<' | b'>' | b'"' | b'[' | b']' | 0x7f)
}

/// Returns how many bytes of `text` belong to an address: to a blank, a bracket, or `''`.
pub(crate) fn length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let b = bytes[at];
        if ends(b) || (b == b'\'' && bytes.get(at + 1) == Some(&b'\'')) {
            break;
        }
        let blank = matches!(&bytes[at..], [0xc2, 0xa0, ..] | [0xe3, 0x80, 0x80, ..])
            || matches!(
                &bytes[at..],
                [0xe2, 0x80, 0x80..=0x8a | 0xa8 | 0xa9 | 0xaf, ..]
            );
        if blank {
            break;
        }
        at += 1;
    }
    at
}

/// Returns the length of `url` without the punctuation of the sentence it stands in: signs at its
/// end, and closing parentheses that were not opened in it.
pub(crate) fn without_punctuation(url: &str) -> usize {
    let count = |sign| url.bytes().filter(|&b| b == sign).count();
    let mut surplus = count(b')').saturating_sub(count(b'('));
    let sentence = |c: char| {
        let closes = c == ')' && surplus > 0;
        surplus -= usize::from(closes);
        closes || ",;.:!?".contains(c)
    };
    url.trim_end_matches(sentence).len()
}

/// Returns `raw` as an address that is safe in `href`, or `None` if its scheme is not allowed.
///
/// Entities are decoded first, then controls and blanks dropped, and only then the scheme is
/// looked at, so that nothing can hide it.
pub(crate) fn safe(raw: &str) -> Option<String> {
    let decoded = crate::entity::decode_all(raw);
    let mut out = String::with_capacity(decoded.len() + 6);
    for c in decoded.chars() {
        match c {
            '"' => out.push_str("%22"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            '\\' => out.push_str("%5C"),
            '`' => out.push_str("%60"),
            // Signs without width come along when addresses are pasted; none belongs to one.
            c if c.is_control() || c.is_whitespace() => {}
            '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' => {}
            c => out.push(c),
        }
    }
    if out.starts_with("//") {
        out.insert_str(0, "https:");
    }
    let length = scheme(&out, SCHEMES)?;
    (out.len() > length).then_some(out)
}

/// Returns `title` as a path of MediaWiki: underscores for spaces, the rest percent-encoded except
/// what may stand in a path.
pub(crate) fn encode_title(title: &str) -> String {
    let mut out = String::with_capacity(title.len());
    for b in title.bytes() {
        match b {
            b' ' => out.push('_'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => out.push(char::from(b)),
            b'-' | b'_' | b'.' | b'~' | b'/' | b':' | b'(' | b')' | b',' | b'!' | b'*' | b';'
            | b'@' | b'$' => out.push(char::from(b)),
            b => {
                const HEX: &[u8; 16] = b"0123456789ABCDEF";
                out.push('%');
                out.push(char::from(HEX[usize::from(b >> 4)]));
                out.push(char::from(HEX[usize::from(b & 15)]));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_schemes_pass() {
        for bad in [
            "javascript:alert(1)",
            "jav&#x61;script:alert(1)",
            "java\u{1}script:alert(1)",
            " vbscript:x",
            "data:text/html,x",
            "https:",
            "http://",
            "file:///etc/passwd",
            "httpx://a",
        ] {
            assert_eq!(safe(bad), None, "{bad}");
        }
        assert_eq!(safe("//a.org/x").as_deref(), Some("https://a.org/x"));
        assert_eq!(
            safe("HTTP://a.org/?a=1&amp;b=\"").as_deref(),
            Some("HTTP://a.org/?a=1&b=%22")
        );
    }

    #[test]
    fn a_sentence_keeps_its_punctuation() {
        let url = |text: &str| without_punctuation(&text[..length(text)]);
        assert_eq!(url("http://a.org/x."), 14);
        assert_eq!(url("http://a.org/x), and"), 14);
        assert_eq!(url("http://a.org/x_(y)), and"), 18);
        assert_eq!(url("http://a.org''"), 12);
    }
}
