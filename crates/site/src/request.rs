//! What a handler is asked: method, path, query and the few headers that matter.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// The methods that pages and the API use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads; HEAD is answered as GET without a body.
    Get,
    /// Writes, or asks with a body.
    Post,
    /// Any other: no address takes it.
    Other,
}

/// One request, parsed at the door.
#[derive(Clone, Debug)]
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
    /// The body, at most [`Request::MOST_BODY`] bytes.
    pub body: Vec<u8>,
}

impl Request {
    /// The largest body that is read: 32 MiB.
    pub const MOST_BODY: usize = 32 << 20;

    /// Returns the first value of a query parameter, if it is not empty.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
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
    use super::{Request, encode_title};

    #[test]
    fn a_query_is_decoded_pair_by_pair() {
        let pairs = Request::parse_query("q=caf%C3%A9+abierto&x&lang=es");
        assert_eq!(pairs[0], ("q".to_owned(), "café abierto".to_owned()));
        assert_eq!(pairs[1], ("x".to_owned(), String::new()));
    }

    #[test]
    fn a_title_keeps_its_slashes_and_brackets() {
        assert_eq!(encode_title("P2P (a/b)?"), "P2P_(a/b)%3F");
    }
}
