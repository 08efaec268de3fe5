//! What is asked for in an address, the same for the map, its list and programs.

use atlas::bounds::Bounds;
use atlas::index::{Found, Question, Short};
use atlas::live;
use site::{Context, Problem, encode};

/// By what initiatives are narrowed: words of the address, and of the marks.
pub(crate) const FACETS: [&str; 8] = [
    "kind", "theme", "country", "area", "activity", "form", "status", "sprint",
];

/// What an address asks for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    pub(crate) bounds: Option<Bounds>,
    /// The values of each facet by which is narrowed.
    pub(crate) filters: Vec<(&'static str, String)>,
    /// Words.
    pub(crate) text: String,
    pub(crate) after: Option<(String, Short)>,
    pub(crate) limit: usize,
}

impl Asked {
    /// Reads the address; `limit` is how much is listed where it does not say.
    pub(crate) fn of(cx: &Context<'_>, limit: usize) -> Result<Self, Problem> {
        let w = cx.words;
        let given = |name: &str| {
            cx.request
                .param(name)
                .map(str::trim)
                .filter(|text| !text.is_empty())
        };
        let bounds = match given("bbox") {
            Some(text) => Some(Bounds::parse(text).map_err(|error| {
                let reason = error.to_string();
                let said = [("text", text.into()), ("reason", reason.as_str().into())];
                Problem::bad("bad_bbox", w.tf("bad-bbox", &said), w.t("bad-bbox-remedy"))
            })?),
            None => None,
        };
        let limit = match given("limit") {
            Some(text) => {
                let said = [("text", text.into())];
                let number = text
                    .parse()
                    .ok()
                    .filter(|number| (1..=500).contains(number));
                number.ok_or_else(|| Problem::bad("bad_limit", w.tf("bad-map-limit", &said), ""))?
            }
            None => limit,
        };
        let after = match given("after") {
            Some(text) => {
                let read = text
                    .split_once('~')
                    .and_then(|(hex, sort)| Some((sort.to_owned(), unhex(hex)?)));
                Some(read.ok_or_else(|| Problem::bad("bad_cursor", w.t("bad-map-cursor"), ""))?)
            }
            None => None,
        };
        let query = cx.request.query.iter();
        let filters = query
            .filter(|(_, value)| !value.trim().is_empty())
            .filter_map(|(name, value)| {
                let facet = FACETS.into_iter().find(|facet| facet == name)?;
                Some((facet, value.trim().to_owned()))
            });
        Ok(Self {
            bounds,
            filters: filters.take(20).collect(),
            text: given("q").unwrap_or_default().chars().take(200).collect(),
            after,
            limit,
        })
    }

    /// Returns the value by which a facet is narrowed.
    pub(crate) fn value(&self, facet: &str) -> &str {
        let found = self.filters.iter().find(|(name, _)| *name == facet);
        found.map_or("", |(_, value)| value)
    }

    /// Returns the address that asks the same of another box.
    pub(crate) fn href(&self, path: &str, bounds: Option<&Bounds>) -> String {
        let mut parts = Vec::new();
        if !self.text.is_empty() {
            parts.push(format!("q={}", encode(&self.text)));
        }
        for (facet, value) in &self.filters {
            parts.push(format!("{facet}={}", encode(value)));
        }
        if let Some(bounds) = bounds {
            parts.push(format!("bbox={}", bounds.text()));
        }
        if parts.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{}", parts.join("&"))
        }
    }

    /// Asks the index; `zoom` groups what is found for a map.
    pub(crate) fn find(&self, cx: &Context<'_>, zoom: Option<u8>) -> Result<Found, Problem> {
        Ok(live::with(cx.node, cx.db, cx.viewer, |held| {
            let among = (!self.text.is_empty()).then(|| held.with_words(&self.text));
            let mut filters: Vec<(&str, Vec<&str>)> = vec![("what", vec!["initiative"])];
            for (facet, value) in &self.filters {
                match filters.iter_mut().find(|(name, _)| name == facet) {
                    Some((_, values)) => values.push(value),
                    None => filters.push((facet, vec![value])),
                }
            }
            held.index().find(&Question {
                bounds: self.bounds,
                filters,
                among: among.as_ref(),
                limit: self.limit,
                after: self.after.as_ref().map(|(sort, id)| (sort.as_str(), *id)),
                zoom,
            })
        })?)
    }
}

/// Writes where a list goes on.
pub(crate) fn cursor(next: &(String, Short)) -> String {
    format!("{}~{}", hex(&next.1), next.0)
}

pub(crate) fn hex(id: &[u8]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads 32 hexadecimal digits.
pub(crate) fn unhex(text: &str) -> Option<Short> {
    let digits = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let byte = |at: usize| u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok();
    let bytes: Vec<u8> = digits.then(|| (0..16).filter_map(byte).collect())?;
    bytes.try_into().ok()
}
