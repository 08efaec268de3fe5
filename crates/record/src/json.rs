//! Strict JSON in, canonical JSON out.
//!
//! The reader refuses whatever two programs might read differently, so that what was signed is
//! what everybody sees. Sources: RFC 8259 (JSON), RFC 7493 (I-JSON), RFC 8785 (JCS).

use std::cmp::Ordering;
use std::io::Write;

use serde_json::{Map, Number, Value};

use crate::refused::{Refused, VerifyCode, excerpt};

/// Arrays and objects within one another, at most. Records need about 6; the limit bounds the
/// stack.
pub const MAX_DEPTH: usize = 64;

/// ±2^53: to there every integer is exact in 64-bit floating point.
const MAX_INTEGER: i64 = 1 << 53;

/// Why bytes are not strict JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code} at byte {at}, in “{path}”")]
pub struct JsonError {
    /// The stable reason.
    pub code: VerifyCode,
    /// Bytes before the place.
    pub at: usize,
    /// The value it is in, as a JSON Pointer (RFC 6901); empty for the outermost.
    pub path: String,
}

impl From<JsonError> for Refused {
    fn from(error: JsonError) -> Self {
        Self::new(
            error.code,
            format!("at byte {}, in “{}”", error.at, excerpt(&error.path)),
        )
    }
}

/// Reads one JSON value and nothing else.
///
/// Refused are duplicate names, integers beyond ±2^53 however written, numbers that overflow or
/// are denormal, invalid UTF-8, lone surrogates, U+0000, nesting deeper than [`MAX_DEPTH`], and
/// trailing bytes. Numbers with an integral value become integers, so that a document and its
/// canonical form read alike.
///
/// # Errors
/// [`JsonError`] with a code, the byte and the path.
pub fn parse_strict(bytes: &[u8]) -> Result<Value, JsonError> {
    let text = std::str::from_utf8(bytes).map_err(|error| JsonError {
        code: VerifyCode::InvalidUtf8,
        at: error.valid_up_to(),
        path: String::new(),
    })?;
    let mut reader = Reader { text, bytes, at: 0 };
    reader.blanks();
    let value = reader.value(0)?;
    reader.blanks();
    if reader.at < bytes.len() {
        return Err(reader.refuse(VerifyCode::TrailingBytes));
    }
    Ok(value)
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn refuse(&self, code: VerifyCode) -> JsonError {
        JsonError {
            code,
            at: self.at,
            path: String::new(),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Takes `byte`, if it is the next one.
    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn value(&mut self, depth: usize) -> Result<Value, JsonError> {
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string().map(Value::String),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            Some(b'-' | b'0'..=b'9') => self.number().map(Value::Number),
            _ => Err(self.refuse(VerifyCode::JsonSyntax)),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, JsonError> {
        if self.bytes[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            Ok(value)
        } else {
            Err(self.refuse(VerifyCode::JsonSyntax))
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, JsonError> {
        if depth == MAX_DEPTH {
            return Err(self.refuse(VerifyCode::TooDeep));
        }
        self.at += 1;
        let mut items = Vec::new();
        self.blanks();
        if self.take(b']') {
            return Ok(Value::Array(items));
        }
        loop {
            self.blanks();
            let item = self
                .value(depth + 1)
                .map_err(|e| within(e, &items.len().to_string()))?;
            items.push(item);
            self.blanks();
            if self.take(b']') {
                return Ok(Value::Array(items));
            }
            if !self.take(b',') {
                return Err(self.refuse(VerifyCode::JsonSyntax));
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, JsonError> {
        if depth == MAX_DEPTH {
            return Err(self.refuse(VerifyCode::TooDeep));
        }
        self.at += 1;
        let mut map = Map::new();
        self.blanks();
        if self.take(b'}') {
            return Ok(Value::Object(map));
        }
        loop {
            self.blanks();
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.refuse(VerifyCode::JsonSyntax));
            }
            let name = self.string()?;
            self.blanks();
            if !self.take(b':') {
                return Err(self.refuse(VerifyCode::JsonSyntax));
            }
            self.blanks();
            let value = self.value(depth + 1).map_err(|e| within(e, &name))?;
            match map.entry(name) {
                serde_json::map::Entry::Vacant(place) => {
                    place.insert(value);
                }
                serde_json::map::Entry::Occupied(first) => {
                    let error = JsonError {
                        code: VerifyCode::DuplicateKey,
                        at: start,
                        path: String::new(),
                    };
                    return Err(within(error, first.key()));
                }
            }
            self.blanks();
            if self.take(b'}') {
                return Ok(Value::Object(map));
            }
            if !self.take(b',') {
                return Err(self.refuse(VerifyCode::JsonSyntax));
            }
        }
    }

    /// Reads a string; the next byte is its opening quote.
    fn string(&mut self) -> Result<String, JsonError> {
        self.at += 1;
        let start = self.at;
        let end = plain_run(self.bytes, start);
        self.at = end;
        if self.take(b'"') {
            return Ok(self.text[start..end].to_owned());
        }
        let mut string = self.text[start..end].to_owned();
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(string);
                }
                Some(b'\\') => {
                    let c = self.escape()?;
                    string.push(c);
                }
                // A control character, or the end of the bytes.
                _ => return Err(self.refuse(VerifyCode::JsonSyntax)),
            }
            let end = plain_run(self.bytes, self.at);
            string.push_str(&self.text[self.at..end]);
            self.at = end;
        }
    }

    /// Reads an escape; the next byte is its backslash.
    fn escape(&mut self) -> Result<char, JsonError> {
        let short = match self.bytes.get(self.at + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return Err(self.refuse(VerifyCode::JsonSyntax)),
        };
        self.at += 2;
        Ok(short)
    }

    fn unicode_escape(&mut self) -> Result<char, JsonError> {
        let first = self
            .unit(self.at)
            .ok_or_else(|| self.refuse(VerifyCode::JsonSyntax))?;
        let (code, length) = match first {
            0 => return Err(self.refuse(VerifyCode::NulCharacter)),
            0xd800..=0xdbff => match self.unit(self.at + 6) {
                Some(second @ 0xdc00..=0xdfff) => {
                    (0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00), 12)
                }
                _ => return Err(self.refuse(VerifyCode::LoneSurrogate)),
            },
            _ => (first, 6),
        };
        let c = char::from_u32(code).ok_or_else(|| self.refuse(VerifyCode::LoneSurrogate))?;
        self.at += length;
        Ok(c)
    }

    /// Returns the UTF-16 unit of `\uXXXX` at `at`.
    fn unit(&self, at: usize) -> Option<u32> {
        let digits = self.bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
        digits.iter().try_fold(0, |unit, digit| {
            char::from(*digit)
                .to_digit(16)
                .map(|digit| unit << 4 | digit)
        })
    }

    fn number(&mut self) -> Result<Number, JsonError> {
        let start = self.at;
        let refuse = |code| JsonError {
            code,
            at: start,
            path: String::new(),
        };
        let negative = self.take(b'-');
        let whole = self.at;
        let whole_digits = self.digits();
        if whole_digits == 0 || (whole_digits > 1 && self.bytes.get(whole) == Some(&b'0')) {
            return Err(self.refuse(VerifyCode::JsonSyntax));
        }
        let mut is_integer = true;
        if self.take(b'.') {
            is_integer = false;
            if self.digits() == 0 {
                return Err(self.refuse(VerifyCode::JsonSyntax));
            }
        }
        let mantissa_end = self.at;
        if self.take(b'e') || self.take(b'E') {
            is_integer = false;
            if !self.take(b'-') {
                self.take(b'+');
            }
            if self.digits() == 0 {
                return Err(self.refuse(VerifyCode::JsonSyntax));
            }
        }
        if is_integer {
            // 2^53 has 16 digits; what has more is beyond it.
            let magnitude = self.text[whole..self.at]
                .parse::<i64>()
                .ok()
                .filter(|n| *n <= MAX_INTEGER)
                .ok_or_else(|| refuse(VerifyCode::IntegerOutOfRange))?;
            return Ok(Number::from(if negative { -magnitude } else { magnitude }));
        }
        let float: f64 = self.text[start..self.at]
            .parse()
            .map_err(|_| refuse(VerifyCode::JsonSyntax))?;
        if !float.is_finite() {
            return Err(refuse(VerifyCode::NumberNotFinite));
        }
        let is_zero = !self.bytes[whole..mantissa_end]
            .iter()
            .any(|b| matches!(b, b'1'..=b'9'));
        if !is_zero && !float.is_normal() {
            return Err(refuse(VerifyCode::NumberDenormal));
        }
        #[expect(clippy::cast_precision_loss, reason = "2^53 is exact")]
        let limit = MAX_INTEGER as f64;
        // From 2^53 on every float is an integer. From 1e21 on its canonical form has an exponent,
        // so that nobody takes it for one.
        if float.abs() >= limit && float.abs() < 1e21 {
            return Err(refuse(VerifyCode::IntegerOutOfRange));
        }
        if float.abs() < limit && float.trunc() == float {
            #[expect(clippy::cast_possible_truncation, reason = "integral and within ±2^53")]
            return Ok(Number::from(float as i64));
        }
        Number::from_f64(float).ok_or_else(|| refuse(VerifyCode::NumberNotFinite))
    }

    /// Passes over digits and returns how many there were.
    fn digits(&mut self) -> usize {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        self.at - start
    }
}

/// Returns where, from `from` on, the first quote, backslash or control character stands, or
/// where the bytes end.
fn plain_run(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let (chunks, _) = rest.as_chunks::<8>();
    let plain = chunks
        .iter()
        .take_while(|chunk| is_plain(u64::from_le_bytes(**chunk)))
        .count();
    let looked_at = plain * 8;
    let special = |b: &u8| *b < 0x20 || *b == b'"' || *b == b'\\';
    from + looked_at + rest[looked_at..].iter().take_while(|b| !special(b)).count()
}

/// Whether none of eight bytes needs attention: eight comparisons at once, since most of a record
/// is text. A byte is below n ≤ 0x80 just if subtracting n borrows and its own high bit is clear.
const fn is_plain(bytes: u64) -> bool {
    const ONES: u64 = u64::MAX / 255;
    const fn below(bytes: u64, n: u64) -> u64 {
        bytes.wrapping_sub(ONES * n) & !bytes
    }
    let quotes = below(bytes ^ (ONES * b'"' as u64), 1);
    let backslashes = below(bytes ^ (ONES * b'\\' as u64), 1);
    (below(bytes, 0x20) | quotes | backslashes) & (ONES * 0x80) == 0
}

/// Puts the name of the enclosing member before the path.
fn within(mut error: JsonError, name: &str) -> JsonError {
    let name = name.replace('~', "~0").replace('/', "~1");
    error.path = format!("/{name}{}", error.path);
    error
}

/// Returns the one canonical form of `value` (JCS, RFC 8785): names sorted by UTF-16 units, no
/// blanks, the shortest numbers.
///
/// Integers beyond ±2^53 are written as the nearest floating point number, as RFC 8785 has it;
/// [`parse_strict`] gives none.
#[must_use]
pub fn canonical(value: &Value) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    write_value(value, &mut out);
    out
}

pub(crate) fn write_value(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => write_number(number, out),
        Value::String(text) => write_string(text, out),
        Value::Array(items) => {
            out.push(b'[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    out.push(b',');
                }
                write_value(item, out);
            }
            out.push(b']');
        }
        Value::Object(map) => write_object(map, out, |_, _, _| {}),
    }
}

/// Writes an object, and tells for every member its name and where its text begins and ends.
pub(crate) fn write_object<'a>(
    map: &'a Map<String, Value>,
    out: &mut Vec<u8>,
    mut member: impl FnMut(&'a str, usize, usize),
) {
    let mut members: Vec<(&'a String, &Value)> = map.iter().collect();
    members.sort_unstable_by(|(a, _), (b, _)| utf16_order(a, b));
    out.push(b'{');
    for (n, (name, value)) in members.into_iter().enumerate() {
        if n > 0 {
            out.push(b',');
        }
        let start = out.len();
        write_string(name, out);
        out.push(b':');
        write_value(value, out);
        member(name, start, out.len());
    }
    out.push(b'}');
}

/// UTF-8 sorts as code points do; UTF-16 units differ from those above U+FFFF only.
fn utf16_order(a: &str, b: &str) -> Ordering {
    if a.is_ascii() && b.is_ascii() {
        a.cmp(b)
    } else {
        a.encode_utf16().cmp(b.encode_utf16())
    }
}

fn write_string(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    out.reserve(bytes.len() + 2);
    out.push(b'"');
    let mut from = 0;
    loop {
        let at = plain_run(bytes, from);
        out.extend_from_slice(&bytes[from..at]);
        let Some(byte) = bytes.get(at) else { break };
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            0x08 => out.extend_from_slice(b"\\b"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            0x0c => out.extend_from_slice(b"\\f"),
            b'\r' => out.extend_from_slice(b"\\r"),
            control => {
                const DIGITS: &[u8; 16] = b"0123456789abcdef";
                out.extend_from_slice(b"\\u00");
                out.push(DIGITS[usize::from(control >> 4)]);
                out.push(DIGITS[usize::from(control & 15)]);
            }
        }
        from = at + 1;
    }
    out.push(b'"');
}

/// Integers are written here; for floats, whose shortest form takes an algorithm, the field's
/// crate is asked. (It also writes whole documents; how fast was not compared.)
fn write_number(number: &Number, out: &mut Vec<u8>) {
    if let Some(integer) = number
        .as_i64()
        .filter(|n| n.unsigned_abs() <= MAX_INTEGER.unsigned_abs())
    {
        write!(out, "{integer}").expect("a Vec takes every byte");
    } else {
        let float = number.as_f64().unwrap_or_default();
        serde_json_canonicalizer::to_writer(&float, out).expect("numbers of JSON are finite");
    }
}
