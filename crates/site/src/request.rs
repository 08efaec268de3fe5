//! What a handler is asked: method, path, query and the few headers that matter.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// The methods that pages and the API use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads; HEAD is answered as GET without a body.
    #[default]
    Get,
    /// Writes, or asks with a body.
    Post,
    /// Any other: no address takes it.
    Other,
}

/// One request, parsed at the door.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The path, still percent-encoded.
    pub path: String,
    /// The query's pairs in order, decoded.
    pub query: Vec<(String, String)>,
    /// `Accept`.
    pub accept: String,
    /// `Accept-Language`.
    pub accept_language: String,
    /// `If-None-Match`.
    pub if_none_match: String,
    /// Whether the reader takes gzip.
    pub gzip: bool,
    /// The cookies, as sent.
    pub cookies: String,
    /// `Host`, or what a trusted proxy says that it was.
    pub host: String,
    /// `Origin`: the site whose page sends a form, as browsers say it.
    pub origin: String,
    /// `Sec-Fetch-Site`: how that site is to ours, as newer browsers say it.
    pub fetch_site: String,
    /// `Authorization`.
    pub authorization: String,
    /// `User-Agent`, by which people tell their sessions apart.
    pub user_agent: String,
    /// The asker's network address, or what a trusted proxy says that it is; empty if unknown.
    pub address: String,
    /// The media type of the body, without parameters.
    pub media: String,
    /// The fields of a form.
    pub form: Form,
    /// The body where it is no form, at most [`Request::MOST_BODY`] bytes.
    pub body: Vec<u8>,
}

/// What was sent in a form.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// The fields of text, in order.
    pub fields: Vec<(String, String)>,
    /// The files, without those that were left empty.
    pub files: Vec<Upload>,
}

/// A file that was sent in a form.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The form's field.
    pub field: String,
    /// The file's name, as the sender's machine calls it.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Form {
    /// The name of the hidden field that shows that a form came from here.
    pub const TOKEN: &str = "form-token";
    /// How many fields a form may have: the longest of ours has some dozens, and each takes memory of its own.
    pub const MOST_FIELDS: usize = 1_000;

    /// Returns the first value of a field, trimmed; empty if there is none.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// Returns the first value of a field as it was sent, with `\n` at the ends of lines; empty if there is none.
    #[must_use]
    pub fn raw(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value)
    }

    /// Returns whether a field was sent with something in it: a box that was ticked, a button that was pressed.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        !self.raw(name).is_empty()
    }

    /// Returns every value of a field that is not empty, trimmed.
    #[must_use]
    pub fn every(&self, name: &str) -> Vec<String> {
        let values = self.fields.iter().filter(|(key, _)| key == name);
        values
            .map(|(_, value)| value.trim().to_owned())
            .filter(|value| !value.is_empty())
            .collect()
    }

    /// Returns a file.
    #[must_use]
    pub fn file(&self, field: &str) -> Option<&Upload> {
        self.files.iter().find(|file| file.field == field)
    }

    /// Reads fields out of a JSON object: texts and numbers as they are, `true` as `yes`, lists as a field with several
    /// values.
    ///
    /// # Errors
    /// [`Unread`] where it is something else, or has too many fields.
    pub fn of_json(body: &[u8]) -> Result<Self, Unread> {
        // Counted before anything is kept: a comma takes one byte, the value that it parts takes a hundred.
        if values(body) > Self::MOST_FIELDS {
            return Err(Unread::ManyFields);
        }
        let Ok(serde_json::Value::Object(object)) = serde_json::from_slice(body) else {
            return Err(Unread::Json);
        };
        let text = |value: serde_json::Value| match value {
            serde_json::Value::String(text) => Some(unix_lines(&text)),
            serde_json::Value::Number(number) => Some(number.to_string()),
            serde_json::Value::Bool(true) => Some("yes".to_owned()),
            serde_json::Value::Bool(false) | serde_json::Value::Null => Some(String::new()),
            _ => None,
        };
        let mut fields = Vec::new();
        for (name, value) in object {
            match value {
                serde_json::Value::Array(list) => {
                    for one in list {
                        fields.push((name.clone(), text(one).ok_or(Unread::Json)?));
                    }
                }
                one => fields.push((name, text(one).ok_or(Unread::Json)?)),
            }
        }
        Ok(Self {
            fields,
            files: Vec::new(),
        })
    }

    /// Reads the body of a form of fields alone. Browsers end lines with `\r\n`; here they end with `\n`.
    ///
    /// # Errors
    /// [`Unread::ManyFields`].
    pub fn parse(body: &[u8]) -> Result<Self, Unread> {
        if body.iter().filter(|byte| **byte == b'&').count() >= Self::MOST_FIELDS {
            return Err(Unread::ManyFields);
        }
        let mut fields = Request::parse_query(&String::from_utf8_lossy(body));
        for (_, value) in &mut fields {
            *value = unix_lines(value);
        }
        Ok(Self {
            fields,
            files: Vec::new(),
        })
    }
}

/// Why the body of a request was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It is larger than what is taken at its address.
    Large(usize),
    /// It did not come within a minute.
    Late,
    /// A form has over [`Form::MOST_FIELDS`] fields.
    ManyFields,
    /// What says that it is JSON is no object of texts, numbers, truth values and lists of these.
    Json,
    /// The parts of a form cannot be told apart.
    Parts,
}

/// Returns how many values a text of JSON has at least: one more than there are commas between them.
fn values(body: &[u8]) -> usize {
    let (mut count, mut within, mut escaped) = (1, false, false);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if within => escaped = true,
            b'"' => within = !within,
            b',' if !within => count += 1,
            _ => {}
        }
    }
    count
}

/// Returns a text with `\n` at the end of each line.
pub(crate) fn unix_lines(text: &str) -> String {
    // NUL is no part of any text; records refuse it.
    text.replace("\r\n", "\n")
        .replace('\r', "\n")
        .replace('\0', "")
}

impl Request {
    /// The largest body that is read where files may come, in bytes: 32 MiB.
    pub const MOST_BODY: usize = 32 << 20;
    /// The largest body of a form of texts, in bytes: 16 MiB. The longest text has 4 MiB, and a browser writes a
    /// letter beyond ASCII in three bytes for each of its own.
    pub const MOST_FORM: usize = 16 << 20;

    /// Returns the reader's language: the one that was chosen, else what the browser prefers, else Spanish.
    #[must_use]
    pub fn lang(&self) -> crate::Lang {
        let chosen = self.cookie("lang").and_then(crate::Lang::parse);
        let preferred = || crate::Lang::from_header(&self.accept_language);
        chosen.or_else(preferred).unwrap_or(crate::Lang::Es)
    }

    /// Returns the first value of a query parameter, if it is not empty.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// Returns the token of `Authorization: Bearer …`.
    #[must_use]
    pub fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.authorization.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    }

    /// Returns a cookie's value.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.split(';').find_map(|pair| {
            let (key, value) = pair.trim().split_once('=')?;
            (key == name).then_some(value)
        })
    }

    /// Returns whether the reader would rather have `media` than HTML.
    #[must_use]
    pub fn prefers(&self, media: &str) -> bool {
        let quality = |wanted: &str| {
            self.accept
                .split(',')
                .filter_map(|part| {
                    let mut pieces = part.split(';').map(str::trim);
                    let name = pieces.next()?;
                    let q = pieces
                        .find_map(|p| p.strip_prefix("q="))
                        .map_or(1.0, |q| q.parse::<f32>().unwrap_or(0.0));
                    (name == wanted).then_some(q)
                })
                .fold(0.0_f32, f32::max)
        };
        let wanted = quality(media);
        wanted > 0.0 && wanted > quality("text/html")
    }

    /// Parses the query part of an address.
    #[must_use]
    pub fn parse_query(text: &str) -> Vec<(String, String)> {
        text.split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                (
                    decode(&key.replace('+', " ")),
                    decode(&value.replace('+', " ")),
                )
            })
            .collect()
    }
}

/// Decodes percent-encoded text; what is not UTF-8 becomes the replacement character.
#[must_use]
pub fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');
const PATH: &AsciiSet = &QUERY
    .remove(b'/')
    .remove(b':')
    .remove(b'(')
    .remove(b')')
    .remove(b',')
    .remove(b'!')
    .remove(b'*')
    .remove(b'@')
    .remove(b'\'');

/// Encodes a value for the query part of an address.
#[must_use]
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, QUERY).to_string()
}

/// Encodes a title for the path of an address: spaces become `_`.
#[must_use]
pub fn encode_title(title: &str) -> String {
    if title.contains(' ') {
        utf8_percent_encode(&title.replace(' ', "_"), PATH).to_string()
    } else {
        utf8_percent_encode(title, PATH).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, Request, Unread, encode_title};

    #[test]
    fn a_query_is_decoded_pair_by_pair() {
        let pairs = Request::parse_query("q=caf%C3%A9+abierto&x&lang=es");
        assert_eq!(pairs[0], ("q".to_owned(), "café abierto".to_owned()));
        assert_eq!(pairs[1], ("x".to_owned(), String::new()));
    }

    #[test]
    fn a_form_of_more_fields_than_any_has_is_not_read() {
        let few = format!("{}a", "a&".repeat(Form::MOST_FIELDS - 1));
        assert_eq!(
            Form::parse(few.as_bytes()).map(|form| form.fields.len()),
            Ok(Form::MOST_FIELDS)
        );
        let many = format!("a&{few}");
        assert_eq!(
            Form::parse(many.as_bytes()).map(|_| ()),
            Err(Unread::ManyFields)
        );
        let list = format!("{{\"a\": [{}0]}}", "0,".repeat(Form::MOST_FIELDS));
        assert_eq!(
            Form::of_json(list.as_bytes()).map(|_| ()),
            Err(Unread::ManyFields)
        );
        // What stands within a text is no field.
        let text = format!("{{\"a\": \"\\\"{}\"}}", ",".repeat(10_000));
        assert_eq!(
            Form::of_json(text.as_bytes()).map(|form| form.fields.len()),
            Ok(1)
        );
        assert_eq!(Form::of_json(b"[1]").map(|_| ()), Err(Unread::Json));
    }

    #[test]
    fn a_title_keeps_its_slashes_and_brackets() {
        assert_eq!(encode_title("P2P (a/b)?"), "P2P_(a/b)%3F");
    }
}
