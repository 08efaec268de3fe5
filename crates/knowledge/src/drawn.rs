//! A page as it was drawn: packed for the table `rendered`, and its plain text.

use std::cell::RefCell;

/// An article as it is drawn: the same for every reader.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawn {
    /// How many entries the list of contents has.
    pub sections: u32,
    /// The number of words.
    pub words: u32,
    /// The keys of its themes.
    pub categories: Vec<String>,
    /// The list of contents, as nested lists; empty where there are no headings.
    pub toc: String,
    /// The text.
    pub body: String,
}

/// Words and tags that most pages have, so that a short page compresses well.
const PRELUDE: &[u8] = include_bytes!("drawn-1.txt");

/// zstd level: with [`PRELUDE`], 5 takes 7 % less than 3, at half a millisecond for four pages.
const LEVEL: i32 = 5;

/// The first byte of what [`Drawn::pack`] makes. Another one is drawn anew.
const FORM: u8 = 2;

/// Numbers of four bytes that follow it: sections, words, and the lengths of the parts.
const NUMBERS: usize = 5;

/// A drawn page that says it is longer than this is damaged: 256 MiB.
const MOST: usize = 256 << 20;

thread_local! {
    static PACKER: RefCell<Option<zstd::bulk::Compressor<'static>>> = const { RefCell::new(None) };
    static UNPACKER: RefCell<Option<zstd::bulk::Decompressor<'static>>> = const { RefCell::new(None) };
}

impl Drawn {
    /// Compresses the drawn text for the table.
    #[must_use]
    pub fn pack(&self) -> Vec<u8> {
        let categories = self.categories.join("\n");
        let plain = [&categories, &self.toc, &self.body]
            .map(String::as_str)
            .concat();
        let packed = PACKER.with_borrow_mut(|packer| {
            if packer.is_none() {
                *packer = zstd::bulk::Compressor::with_dictionary(LEVEL, PRELUDE).ok();
            }
            packer
                .as_mut()
                .and_then(|packer| packer.compress(plain.as_bytes()).ok())
        });
        let packed = packed.unwrap_or_default();
        let mut out = Vec::with_capacity(packed.len() + 1 + 4 * NUMBERS);
        out.push(FORM);
        for number in [
            self.sections,
            self.words,
            categories.len() as u32,
            self.toc.len() as u32,
            plain.len() as u32,
        ] {
            out.extend_from_slice(&number.to_le_bytes());
        }
        out.extend(packed);
        out
    }

    /// Reads what [`Drawn::pack`] made; none if it is damaged, so that it is drawn anew.
    #[must_use]
    pub fn unpack(packed: &[u8]) -> Option<Self> {
        let parts = Parts::unpack(packed)?;
        let (categories, toc, body) = parts.split()?;
        Some(Self {
            sections: parts.sections,
            words: parts.words,
            categories: categories
                .split('\n')
                .filter(|key| !key.is_empty())
                .map(str::to_owned)
                .collect(),
            toc: toc.to_owned(),
            body: body.to_owned(),
        })
    }

    /// Returns the text of a packed page without its tags, what a reader reads without notes' marks:
    /// its beginning, to about `most` bytes; none if it is damaged.
    #[must_use]
    pub fn text(packed: &[u8], most: usize) -> Option<String> {
        let parts = Parts::unpack(packed)?;
        Some(plain(parts.split()?.2, most))
    }
}

/// A page as it comes out of its compression.
struct Parts {
    sections: u32,
    words: u32,
    categories: usize,
    toc: usize,
    plain: String,
}

impl Parts {
    fn unpack(packed: &[u8]) -> Option<Self> {
        let (head, body) = packed.split_at_checked(1 + 4 * NUMBERS)?;
        if head[0] != FORM {
            return None;
        }
        let number = |index: usize| {
            let at = 1 + 4 * index;
            let mut four = [0; 4];
            four.copy_from_slice(&head[at..at + 4]);
            u32::from_le_bytes(four)
        };
        let length = number(4) as usize;
        if length > MOST {
            return None;
        }
        let plain = UNPACKER.with_borrow_mut(|unpacker| {
            if unpacker.is_none() {
                *unpacker = zstd::bulk::Decompressor::with_dictionary(PRELUDE).ok();
            }
            unpacker.as_mut()?.decompress(body, length).ok()
        })?;
        let plain = String::from_utf8(plain).ok()?;
        Some(Self {
            sections: number(0),
            words: number(1),
            categories: number(2) as usize,
            toc: number(3) as usize,
            plain,
        })
    }

    /// Returns the keys of the themes one a line, the list of contents, and the text.
    fn split(&self) -> Option<(&str, &str, &str)> {
        let (categories, rest) = self.plain.split_at_checked(self.categories)?;
        let (toc, body) = rest.split_at_checked(self.toc)?;
        Some((categories, toc, body))
    }
}

/// Takes the tags out of HTML that this program drew.
fn plain(html: &str, most: usize) -> String {
    let mut text = String::with_capacity(html.len().min(most));
    let mut rest = html;
    while let Some(at) = memchr::memchr2(b'<', b'&', rest.as_bytes()) {
        text.push_str(&rest[..at]);
        if text.len() >= most {
            return text;
        }
        rest = &rest[at..];
        if rest.starts_with('&') {
            let end = rest.bytes().take(12).position(|byte| byte == b';');
            let known = end.and_then(|end| Some((character(&rest[1..end])?, end)));
            let (character, length) = known.map_or(('&', 1), |(c, end)| (c, end + 1));
            text.push(character);
            rest = &rest[length..];
            continue;
        }
        // The mark of a note is no word of the text.
        if rest.starts_with("<sup><a ")
            && let Some(end) = rest.find("</sup>")
        {
            rest = &rest[end + "</sup>".len()..];
            continue;
        }
        let Some(end) = rest.find('>') else {
            // No tag that we drew: what is left is damaged.
            return text;
        };
        let name = rest[1..end].trim_start_matches('/');
        let name = name.split([' ', '/']).next().unwrap_or(name);
        if !matches!(
            name,
            "a" | "b"
                | "i"
                | "em"
                | "strong"
                | "span"
                | "sub"
                | "sup"
                | "code"
                | "u"
                | "s"
                | "small"
        ) && !text.ends_with('\n')
        {
            // A heading is no part of the sentence after it.
            text.push('\n');
        }
        rest = &rest[end + 1..];
    }
    text.push_str(rest);
    text
}

/// The character that a name between `&` and `;` stands for, of those that are drawn.
fn character(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{Drawn, plain};

    #[test]
    fn a_drawn_page_comes_back_and_damage_is_seen() {
        let drawn = Drawn {
            sections: 2,
            words: 7,
            categories: vec!["category:Food".to_owned(), "category:Ñandú".to_owned()],
            toc: "<ol></ol>".to_owned(),
            body: "<p>The commons of seeds</p>".repeat(90),
        };
        let packed = drawn.pack();
        assert_eq!(
            Drawn::text(&packed, 25).as_deref(),
            Some("\nThe commons of seeds\nThe commons of seeds")
        );
        assert!(packed.len() < 160, "{}", packed.len());
        assert_eq!(Drawn::unpack(&packed), Some(drawn));
        assert_eq!(
            Drawn::unpack(&Drawn::default().pack()),
            Some(Drawn::default())
        );
        assert_eq!(Drawn::unpack(&packed[..packed.len() - 1]), None);
        assert_eq!(Drawn::unpack(&packed[1..]), None);
        assert_eq!(Drawn::unpack(&[]), None);
    }

    #[test]
    fn the_plain_text_has_the_words_and_no_tags() {
        assert_eq!(
            plain(
                "<h2 id=\"a\">A &amp; B</h2><p>one<b>two</b>&#39;s &lt;i&gt; &nope; R&D<sup><a href=\"#n\">1</a></sup>.<br>three</p>",
                999
            ),
            "\nA & B\nonetwo's <i> &nope; R&D.\nthree\n"
        );
        assert_eq!(plain("a<unclosed", 99), "a");
        assert_eq!(plain("&#x1F33D;&", 99), "🌽&");
    }
}
