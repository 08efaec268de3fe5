//! What a handler answers.

use crate::{Method, Request};
use std::borrow::Cow;

/// A body of bytes, or one that is written while it is sent.
pub enum Body {
    /// All of it.
    Whole(Vec<u8>),
    /// Bytes that never change.
    Fixed(&'static [u8]),
    /// Bytes that never change, packed by gzip: unpacked only for whoever does not take them so.
    Packed(&'static [u8]),
}

/// An answer: status, headers, body.
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: Vec<(&'static str, Cow<'static, str>)>,
    /// The body.
    pub body: Body,
    /// What is to be mended in the form that is shown: field and sentence, for a program that sent it.
    pub mistakes: Vec<(&'static str, String)>,
}

impl Response {
    /// Answers 200 with a media type.
    #[must_use]
    pub fn ok(media: &'static str, body: Vec<u8>) -> Self {
        Self {
            status: 200,
            headers: vec![("content-type", media.into())],
            body: Body::Whole(body),
            mistakes: Vec::new(),
        }
    }

    /// Answers 200 with JSON.
    #[must_use]
    pub fn json(value: &impl serde::Serialize) -> Self {
        Self::ok(
            "application/json; charset=utf-8",
            serde_json::to_vec(value).unwrap_or_default(),
        )
    }

    /// Answers 200 with a part of the program that never changes under its address.
    #[must_use]
    pub fn asset(media: &'static str, body: Body) -> Self {
        Self {
            status: 200,
            headers: vec![
                ("content-type", media.into()),
                (
                    "cache-control",
                    "public, max-age=31536000, immutable".into(),
                ),
            ],
            body,
            mistakes: Vec::new(),
        }
    }

    /// Sends the reader to another address.
    #[must_use]
    pub fn redirect(status: u16, to: &str) -> Self {
        Self {
            status,
            headers: vec![("location", to.to_owned().into())],
            body: Body::Whole(Vec::new()),
            mistakes: Vec::new(),
        }
    }

    /// Names what is sent by its hash, and sends 304 without it where the reader has it already.
    #[must_use]
    pub(crate) fn unless_known(mut self, request: &Request) -> Self {
        let Body::Whole(bytes) = &self.body else {
            return self;
        };
        if self.status != 200
            || request.method != Method::Get
            || bytes.is_empty()
            || self.headers.iter().any(|(name, _)| *name == "etag")
        {
            return self;
        }
        // Weak: the same page is the same whether it was squeezed on the way or not.
        let etag = format!("W/\"{}\"", &blake3::hash(bytes).to_hex()[..20]);
        let known = request
            .if_none_match
            .split(',')
            .map(str::trim)
            // The comparison is a weak one (RFC 9110, section 13.1.2).
            .any(|one| one == "*" || one.trim_start_matches("W/") == &etag[2..]);
        if known {
            self.status = 304;
            self.body = Body::Whole(Vec::new());
        }
        self.with("etag", etag)
    }

    /// Adds a header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Changes the status.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Shows a form again: 422 where something in it is to be mended.
    #[must_use]
    pub fn mending(mut self, mistakes: &crate::form::Mistakes) -> Self {
        if !mistakes.is_empty() {
            self.status = 422;
            self.mistakes = mistakes
                .iter()
                .map(|(field, text)| (field, text.to_owned()))
                .collect();
        }
        self
    }

    /// Returns what an action answered, as a program reads it: where to go on, or what is to be mended.
    pub(crate) fn for_program(self, words: &crate::Words) -> Self {
        if matches!(self.status, 302 | 303) {
            let location = self.headers.iter().find(|(name, _)| *name == "location");
            let at = location.map_or("", |(_, to)| to);
            return Self::json(&serde_json::json!({ "location": at }))
                .with("cache-control", "no-store");
        }
        if self.mistakes.is_empty() {
            return self;
        }
        let mistakes: Vec<_> = self
            .mistakes
            .iter()
            .map(|(field, text)| serde_json::json!({"field": field, "text": text}))
            .collect();
        let count = [("count", self.mistakes.len().into())];
        let body = serde_json::json!({
            "type": "/problems/mistakes", "title": words.t("problem-4xx"), "status": self.status,
            "detail": words.tf("form-mistakes", &count), "remedy": words.t("problem-mend"), "mistakes": mistakes,
        });
        Self::json(&body)
            .status(self.status)
            .with("cache-control", "no-store")
            .with("content-type", "application/problem+json")
    }
}
