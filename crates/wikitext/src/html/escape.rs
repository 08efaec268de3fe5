//! Text as HTML.

use crate::entity;

/// Adds `text`, which holds no references, escaped.
pub(super) fn escape(out: &mut String, text: &str) {
    let mut from = 0;
    for (at, b) in text.bytes().enumerate() {
        let sign = match b {
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'&' => "&amp;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            b'\t' | b'\n' => continue,
            // Other controls are not allowed in HTML.
            0..=0x1f | 0x7f => "",
            _ => continue,
        };
        out.push_str(&text[from..at]);
        out.push_str(sign);
        from = at + 1;
    }
    out.push_str(&text[from..]);
}

/// Adds `text`, in which references stand, escaped.
pub(super) fn escape_source(out: &mut String, text: &str) {
    let mut from = 0;
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let sign = match bytes[at] {
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'&' => {
                out.push_str(&text[from..at]);
                match entity::decode(&text[at..]) {
                    Some((c, length)) => {
                        escape(out, c.encode_utf8(&mut [0; 4]));
                        at += length;
                    }
                    None => {
                        out.push_str("&amp;");
                        at += 1;
                    }
                }
                from = at;
                continue;
            }
            b'\t' | b'\n' | 0x20..=0x7e | 0x80.. => {
                at += 1;
                continue;
            }
            _ => "",
        };
        out.push_str(&text[from..at]);
        out.push_str(sign);
        at += 1;
        from = at;
    }
    out.push_str(&text[from..]);
}

#[cfg(test)]
mod tests {
    use super::escape_source;

    #[test]
    fn references_are_decoded_and_escaped_again() {
        let mut out = String::new();
        escape_source(
            &mut out,
            "a < b &lt;script&gt; &amp;amp; &eacute; &bogus; \u{1}\"",
        );
        assert_eq!(out, "a &lt; b &lt;script&gt; &amp;amp; é &amp;bogus; \"");
    }
}
