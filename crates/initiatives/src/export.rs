//! Initiatives to take away: GeoJSON, CSV, KML, JSON Lines. Pure.

use crate::model::Initiative;
use crate::tables::Here;
use serde_json::{Value, json};

/// A form in which initiatives are taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// RFC 7946: one feature for each place, or one without geometry.
    GeoJson,
    /// RFC 4180, one row for each initiative.
    Csv,
    /// KML 2.2: one placemark for each place.
    Kml,
    /// One description a line, as records hold it.
    JsonLines,
}

impl Format {
    /// Every form.
    pub(crate) const ALL: [Self; 4] = [Self::GeoJson, Self::Csv, Self::Kml, Self::JsonLines];

    /// Returns the end of a file's name, and the word in addresses.
    pub(crate) fn end(self) -> &'static str {
        match self {
            Self::GeoJson => "geojson",
            Self::Csv => "csv",
            Self::Kml => "kml",
            Self::JsonLines => "jsonl",
        }
    }

    /// Parses what [`Format::end`] gives.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.end() == text)
    }

    /// Returns the media type.
    pub(crate) fn media(self) -> &'static str {
        match self {
            Self::GeoJson => "application/geo+json",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Kml => "application/vnd.google-earth.kml+xml",
            Self::JsonLines => "application/x-ndjson",
        }
    }
}

/// What is taken away: where its page is, and what it says.
pub(crate) struct Taken {
    pub(crate) here: Here,
    pub(crate) href: String,
    pub(crate) said: Initiative,
}

/// Writes initiatives in a form.
pub(crate) fn write(format: Format, all: &[Taken], language: &str) -> String {
    match format {
        Format::GeoJson => geojson(all, language),
        Format::Csv => csv(all, language),
        Format::Kml => kml(all, language),
        Format::JsonLines => lines(all),
    }
}

fn properties(one: &Taken, language: &str) -> Value {
    let said = &one.said;
    json!({
        "name": said.name(language), "kind": said.kind, "description": said.content(language).map(|(_, text)| text),
        "url": one.href, "website": said.links.first(), "themes": said.themes, "activities": said.activities,
        "legal_form": said.form, "status": one.here.status, "licence": said.licence, "attribution": said.attribution,
    })
}

fn geojson(all: &[Taken], language: &str) -> String {
    let mut features = Vec::new();
    for one in all {
        let points: Vec<_> = one
            .said
            .places
            .iter()
            .filter_map(|place| place.point)
            .collect();
        let feature = |geometry: Value| json!({"type": "Feature", "id": one.href, "geometry": geometry, "properties": properties(one, language)});
        if points.is_empty() {
            features.push(feature(Value::Null));
        }
        for point in points {
            features.push(feature(
                json!({"type": "Point", "coordinates": [point.longitude(), point.latitude()]}),
            ));
        }
    }
    json!({"type": "FeatureCollection", "features": features}).to_string()
}

/// Returns where something is, on one line, as one writes it on an envelope.
fn full_address(said: &Initiative) -> String {
    let Some(place) = said.places.first() else {
        return String::new();
    };
    let country = atlas::countries::by_code(&place.country).map_or("", |one| one.english);
    let parts = [&*place.address, &*place.locality, &*place.region, country];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}

/// The schemas of Murmurations that a profile follows.
///
/// Source: the library of the Murmurations network, schemas `organizations_schema-v1.0.0` and `karte_von_morgen-v1.0.0`.
const SCHEMAS: [&str; 2] = ["organizations_schema-v1.0.0", "karte_von_morgen-v1.0.0"];

/// Returns the profile for Murmurations; `expires` is when it has to be looked at again, in seconds since 1970.
pub(crate) fn murmurations(one: &Taken, language: &str, expires: i64) -> Value {
    let said = &one.said;
    let mut profile = json!({
        "linked_schemas": SCHEMAS, "name": said.name(language), "primary_url": said.links.first().unwrap_or(&one.href),
        "expires": expires, "kvm_category": if said.form == "company" { "Company" } else { "Initiative" },
        "urls": [{"name": "Minga", "url": one.href}],
    });
    let Some(fields) = profile.as_object_mut() else {
        return profile;
    };
    let mut put = |name: &str, value: Value| {
        let empty = value.is_null() || value == json!("") || value == json!([]);
        if !empty {
            fields.insert(name.to_owned(), value);
        }
    };
    let mut tags: Vec<&str> = said.themes.iter().map(String::as_str).collect();
    tags.sort_unstable();
    tags.dedup();
    put("tags", json!(tags));
    put(
        "description",
        json!(said.content(language).map(|(_, text)| text)),
    );
    let status = match one.here.status.as_str() {
        "alive" => "active",
        "paused" => "on_hold",
        "gone" => "completed",
        _ => "",
    };
    put("status", json!(status));
    let address = full_address(said);
    put("full_address", json!(address));
    put("address", json!(address));
    if let Some(place) = said.places.first() {
        put("country_iso_3166", json!(place.country));
        put("locality", json!(place.locality));
        put("region", json!(place.region));
    }
    if let Some(point) = said.places.iter().find_map(|place| place.point) {
        let (lat, lon) = (point.latitude(), point.longitude());
        put("geolocation", json!({"lat": lat, "lon": lon}));
        put("latitude", json!(lat));
        put("longitude", json!(lon));
    }
    profile
}

/// Returns the description as schema.org has it: an organisation with its places.
///
/// Source: schema.org, type `Organization`.
pub(crate) fn schema_org(one: &Taken, language: &str) -> Value {
    let said = &one.said;
    let places: Vec<Value> = said
        .places
        .iter()
        .map(|place| {
            let mut value = json!({"@type": "Place"});
            if let Some(point) = place.point {
                value["geo"] = json!({"@type": "GeoCoordinates", "latitude": point.latitude(), "longitude": point.longitude()});
            }
            let parts = [
                ("streetAddress", &place.address),
                ("addressLocality", &place.locality),
                ("addressRegion", &place.region),
                ("addressCountry", &place.country),
            ];
            let mut address = json!({"@type": "PostalAddress"});
            for (name, text) in parts.into_iter().filter(|(_, text)| !text.is_empty()) {
                address[name] = json!(text);
            }
            value["address"] = address;
            value
        })
        .collect();
    let mut value = json!({
        "@context": "https://schema.org", "@type": "Organization", "@id": one.href, "url": one.href,
        "name": said.name(language), "sameAs": said.links, "location": places, "keywords": said.themes,
    });
    let mut put = |name: &str, text: &str| {
        if !text.is_empty() {
            value[name] = json!(text);
        }
    };
    put(
        "description",
        said.content(language).map_or("", |(_, text)| text),
    );
    put("foundingDate", &said.since);
    put("license", &said.licence);
    put("creditText", &said.attribution);
    value
}

/// Returns a cell that no table program takes for a formula, quoted where it has to be.
///
/// Source: OWASP, CSV injection: cells that begin with `=`, `+`, `-`, `@`, a tab or a line end are led by an apostrophe.
fn cell(text: &str) -> String {
    let is_number = text.parse::<f64>().is_ok();
    let text = if !is_number && text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

fn csv(all: &[Taken], language: &str) -> String {
    let mut table = String::from(
        "name,kind,latitude,longitude,locality,region,country,website,description,themes,activity,legal form,status,licence,attribution,url\r\n",
    );
    for one in all {
        let said = &one.said;
        let place = said.places.first().cloned().unwrap_or_default();
        let number = |degrees: Option<f64>| degrees.map_or_else(String::new, |n| n.to_string());
        let cells = [
            said.name(language).to_owned(),
            said.kind.clone(),
            number(place.point.map(record::Place::latitude)),
            number(place.point.map(record::Place::longitude)),
            place.locality,
            place.region,
            place.country,
            said.links.first().cloned().unwrap_or_default(),
            said.content(language)
                .map_or_else(String::new, |(_, text)| text.to_owned()),
            said.themes.join("; "),
            said.activities.join("; "),
            said.form.clone(),
            one.here.status.clone(),
            said.licence.clone(),
            said.attribution.clone(),
            one.href.clone(),
        ];
        let row: Vec<String> = cells.iter().map(|text| cell(text)).collect();
        table.push_str(&row.join(","));
        table.push_str("\r\n");
    }
    table
}

fn xml(text: &str) -> String {
    let plain: String = text
        .chars()
        // Source: XML 1.0, production 2.
        .filter(|c| {
            !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}') || matches!(c, '\n' | '\t')
        })
        .collect();
    plain
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn kml(all: &[Taken], language: &str) -> String {
    let mut document = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<kml xmlns=\"http://www.opengis.net/kml/2.2\"><Document>\n",
    );
    for one in all {
        for point in one.said.places.iter().filter_map(|place| place.point) {
            let text = one.said.content(language).map_or("", |(_, text)| text);
            document.push_str(&format!(
                "<Placemark><name>{}</name><description>{}</description><Point><coordinates>{},{}</coordinates></Point></Placemark>\n",
                xml(one.said.name(language)),
                xml(&format!("{text}\n{}", one.href)),
                point.longitude(),
                point.latitude()
            ));
        }
    }
    document.push_str("</Document></kml>\n");
    document
}

/// Lists say of each row where it stands, so that another node that takes them in knows them again.
fn lines(all: &[Taken]) -> String {
    let mut lines = String::new();
    for one in all {
        let said = &one.said;
        let place = said.places.first().cloned().unwrap_or_default();
        let line = json!({
            "id": one.href, "name": said.name(&said.language), "kind": said.kind, "names": said.name_map, "descriptions": said.content_map,
            "lang": said.language, "lat": place.point.map(record::Place::latitude), "lon": place.point.map(record::Place::longitude),
            "country": place.country, "region": place.region, "locality": place.locality, "address": place.address,
            "website": said.links.join(" "), "tags": said.themes, "activity": said.activities.first(), "legal form": said.form,
            "opening hours": said.hours, "since": said.since, "offers": said.offering, "needs": said.seeking, "licence": said.licence,
        });
        lines.push_str(&line.to_string());
        lines.push('\n');
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{cell, xml};

    #[test]
    fn no_cell_is_a_formula() {
        for text in ["=cmd|'/c calc'!A0", "+1+1", "@SUM(A1)", "-x", "\t=1"] {
            assert!(
                cell(text).trim_start_matches('"').starts_with('\''),
                "{text}"
            );
        }
        assert_eq!(cell("-0.22"), "-0.22");
        assert_eq!(cell("a \"b\", c"), "\"a \"\"b\"\", c\"");
        assert_eq!(xml("<a> & \u{1}b"), "&lt;a&gt; &amp; b");
    }
}
