//! Reads JSON that a program of ours or cargo wrote.
//!
//! A few dozen lines instead of a dependency: every chore would wait for that to be compiled.

use std::iter::Peekable;
use std::str::Chars;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
}

impl Json {
    /// Parses a whole text; none if it is not JSON.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut chars = text.chars().peekable();
        let value = value(&mut chars)?;
        blank(&mut chars);
        chars.next().is_none().then_some(value)
    }

    /// Returns a field; `Null` where there is none.
    pub(crate) fn at(&self, name: &str) -> &Self {
        match self {
            Self::Object(fields) => fields
                .iter()
                .find(|(key, _)| key == name)
                .map_or(&Self::Null, |(_, value)| value),
            _ => &Self::Null,
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the items of a list; none for anything else.
    pub(crate) fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// Returns a count; none if it is no whole number from zero up.
    pub(crate) fn count(&self) -> Option<u64> {
        self.number()
            .filter(|n| *n >= 0.0 && n.fract() == 0.0)
            .map(|n| n as u64)
    }
}

fn blank(chars: &mut Peekable<Chars<'_>>) {
    while chars.next_if(char::is_ascii_whitespace).is_some() {}
}

fn word(chars: &mut Peekable<Chars<'_>>, rest: &str, value: Json) -> Option<Json> {
    rest.chars()
        .all(|expected| chars.next() == Some(expected))
        .then_some(value)
}

fn value(chars: &mut Peekable<Chars<'_>>) -> Option<Json> {
    blank(chars);
    match chars.next()? {
        'n' => word(chars, "ull", Json::Null),
        't' => word(chars, "rue", Json::Bool(true)),
        'f' => word(chars, "alse", Json::Bool(false)),
        '"' => Some(Json::Text(string(chars)?)),
        '[' => Some(Json::List(series(chars, ']', value)?)),
        '{' => Some(Json::Object(series(chars, '}', |chars| {
            blank(chars);
            chars.next_if_eq(&'"')?;
            let key = string(chars)?;
            blank(chars);
            chars.next_if_eq(&':')?;
            Some((key, value(chars)?))
        })?)),
        first if first == '-' || first.is_ascii_digit() => {
            let mut digits = first.to_string();
            while let Some(c) =
                chars.next_if(|c| matches!(c, '0'..='9' | '+' | '-' | '.' | 'e' | 'E'))
            {
                digits.push(c);
            }
            digits.parse().ok().map(Json::Number)
        }
        _ => None,
    }
}

fn series<T>(
    chars: &mut Peekable<Chars<'_>>,
    close: char,
    mut item: impl FnMut(&mut Peekable<Chars<'_>>) -> Option<T>,
) -> Option<Vec<T>> {
    let mut items = Vec::new();
    blank(chars);
    if chars.next_if_eq(&close).is_some() {
        return Some(items);
    }
    loop {
        items.push(item(chars)?);
        blank(chars);
        match chars.next()? {
            ',' => {}
            c if c == close => return Some(items),
            _ => return None,
        }
    }
}

fn string(chars: &mut Peekable<Chars<'_>>) -> Option<String> {
    let mut out = String::new();
    loop {
        match chars.next()? {
            '"' => return Some(out),
            '\\' => match chars.next()? {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                'r' => out.push('\r'),
                'b' => out.push('\u{8}'),
                'f' => out.push('\u{c}'),
                'u' => out.push(escaped(chars)?),
                other => out.push(other),
            },
            c => out.push(c),
        }
    }
}

fn escaped(chars: &mut Peekable<Chars<'_>>) -> Option<char> {
    fn unit(chars: &mut Peekable<Chars<'_>>) -> Option<u32> {
        (0..4).try_fold(0, |sum, _| Some(sum * 16 + chars.next()?.to_digit(16)?))
    }
    let high = unit(chars)?;
    if !(0xd800..0xdc00).contains(&high) {
        return char::from_u32(high);
    }
    chars.next_if_eq(&'\\')?;
    chars.next_if_eq(&'u')?;
    let low = unit(chars)?.checked_sub(0xdc00)?;
    char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + low)
}

#[cfg(test)]
mod tests {
    use super::Json;

    #[test]
    fn what_is_written_is_read() {
        let json =
            Json::parse(r#" {"ok": true, "n": [1, -2.5e1, null], "t": "a\"\u00e9\ud83c\udf31"} "#)
                .expect("it is JSON");
        assert_eq!(json.at("ok"), &Json::Bool(true));
        assert_eq!(
            json.at("n"),
            &Json::List(vec![Json::Number(1.0), Json::Number(-25.0), Json::Null])
        );
        assert_eq!(json.at("t").text(), Some("a\"é🌱"));
        assert_eq!(json.at("absent"), &Json::Null);
    }

    #[test]
    fn what_is_broken_is_not() {
        for text in ["", "{", "[1,]", "{\"a\" 1}", "nul", "1 2", "\"\\ud800x\""] {
            assert_eq!(Json::parse(text), None, "{text}");
        }
    }
}
