//! Files, read row by row: JSON Lines, JSON lists, GeoJSON, CSV.

use super::fields::Row;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::path::Path;

/// The longest table that is read, in bytes; other files are read as a stream.
const LONGEST_TABLE: u64 = 256 << 20;
/// The longest line of JSON Lines, in bytes.
const LONGEST_LINE: u64 = 4 << 20;
/// The most columns of a table.
const MOST_COLUMNS: usize = 300;

/// What is done with each row: its number and what it says; returns whether to go on.
pub(super) type Each<'f> = dyn FnMut(u64, Result<Row, String>) -> bool + 'f;

/// The rows of a file.
pub(super) enum Rows {
    /// One object a line.
    Lines(BufReader<File>),
    /// One value: a list of objects, an object with a list `features`, or a single object.
    Json(BufReader<File>),
    /// A table, as text, with the sign between its cells.
    Table(String, u8),
}

/// Opens a file and finds out what it is.
///
/// # Errors
/// A sentence.
pub(super) fn open(file: &Path, columns: &BTreeMap<String, String>) -> Result<Rows, String> {
    for field in columns.values() {
        if !super::FIELDS.iter().any(|(known, _)| known == field) {
            let known: Vec<&str> = super::FIELDS.iter().map(|(known, _)| *known).collect();
            return Err(format!(
                "“{field}” is no field of an initiative: {}",
                known.join(", ")
            ));
        }
    }
    let opened = File::open(file).map_err(|error| error.to_string())?;
    let length = opened.metadata().map_err(|error| error.to_string())?.len();
    let mut reader = BufReader::with_capacity(1 << 16, opened);
    let head = reader
        .fill_buf()
        .map_err(|error| error.to_string())?
        .to_vec();
    let text = String::from_utf8_lossy(&head);
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.is_empty() && length == 0 {
        return Err("it is empty".to_owned());
    }
    if start.starts_with('[') {
        return Ok(Rows::Json(reader));
    }
    if start.starts_with('{') {
        // A line that is an object by itself begins JSON Lines; a collection is never one.
        let line = start.lines().next().unwrap_or_default();
        let whole = serde_json::from_str::<IgnoredAny>(line).is_ok()
            && !line.contains("\"FeatureCollection\"");
        return Ok(if whole {
            Rows::Lines(reader)
        } else {
            Rows::Json(reader)
        });
    }
    if length > LONGEST_TABLE {
        return Err(format!(
            "a table has at most {} MiB: cut it into parts",
            LONGEST_TABLE >> 20
        ));
    }
    reader.rewind().map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    reader
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    let text = decoded(bytes)?;
    let head = text.lines().next().unwrap_or_default();
    let between = [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|sign| head.bytes().filter(|byte| byte == sign).count())
        .unwrap_or(b',');
    Ok(Rows::Table(text, between))
}

/// Returns a table's text: UTF-8, UTF-16 with its mark, or else Windows-1252, in which older programs write.
fn decoded(bytes: Vec<u8>) -> Result<String, String> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(&bytes) {
        let (text, wrong) =
            encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
        if wrong {
            return Err(format!(
                "it says that it is {}, and is not",
                encoding.name()
            ));
        }
        return Ok(text.into_owned());
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(error) => {
            let bytes = error.into_bytes();
            if bytes.contains(&0) {
                return Err("it is neither a table nor JSON".to_owned());
            }
            Ok(encoding_rs::WINDOWS_1252.decode(&bytes).0.into_owned())
        }
    }
}

/// Opens nested objects in which lists keep places and addresses.
pub(super) fn row_of(object: Map<String, Value>) -> Row {
    const NESTED: [&str; 6] = [
        "properties",
        "address",
        "geo",
        "geolocation",
        "location",
        "data",
    ];
    let mut fields = Map::new();
    for (name, value) in object {
        match value {
            Value::Object(inner) if name == "geometry" => fields.extend(centre(&inner)),
            Value::Object(inner) if NESTED.contains(&name.as_str()) => {
                for (name, value) in row_of(inner).fields {
                    fields.entry(name).or_insert(value);
                }
            }
            value => {
                fields.insert(name, value);
            }
        }
    }
    // What a shape is made of says nothing of the initiative.
    if fields.get("type").and_then(Value::as_str) == Some("Feature") {
        fields.shift_remove("type");
    }
    Row { fields }
}

/// The middle of a geometry: of a point the point, of anything else the mean of its corners.
fn centre(geometry: &Map<String, Value>) -> Vec<(String, Value)> {
    fn corners(value: &Value, into: &mut Vec<(f64, f64)>, deep: usize) {
        let Some(list) = value.as_array().filter(|_| deep < 6) else {
            return;
        };
        match (
            list.first().and_then(Value::as_f64),
            list.get(1).and_then(Value::as_f64),
        ) {
            (Some(x), Some(y)) => into.push((x, y)),
            _ => list.iter().for_each(|inner| corners(inner, into, deep + 1)),
        }
    }
    let mut all = Vec::new();
    corners(
        geometry.get("coordinates").unwrap_or(&Value::Null),
        &mut all,
        0,
    );
    if all.is_empty() {
        return Vec::new();
    }
    // A ring ends where it began.
    if all.len() > 1 && all.first() == all.last() {
        all.pop();
    }
    // Across the date line, corners are counted on from the first.
    let first = all[0].0;
    for corner in &mut all {
        corner.0 += ((first - corner.0) / 360.0).round() * 360.0;
    }
    let mean = |axis: fn(&(f64, f64)) -> f64| all.iter().map(axis).sum::<f64>() / all.len() as f64;
    let longitude = (mean(|corner| corner.0) + 180.0).rem_euclid(360.0) - 180.0;
    vec![
        ("longitude".to_owned(), longitude.into()),
        ("latitude".to_owned(), mean(|corner| corner.1).into()),
    ]
}

impl Rows {
    /// Hands out each row.
    ///
    /// # Errors
    /// A sentence, where the file breaks off or is no such file.
    pub(super) fn each(self, each: &mut Each<'_>) -> Result<(), String> {
        match self {
            Self::Lines(reader) => lines(reader, each),
            Self::Json(reader) => {
                let mut count = 0;
                let mut json = serde_json::Deserializer::from_reader(reader);
                // Values may follow one another, as in JSON Lines whose first line is very long.
                loop {
                    let done = Collection {
                        each,
                        count: &mut count,
                        inner: false,
                    }
                    .deserialize(&mut json);
                    match done {
                        Err(error) if error.to_string().starts_with(STOPPED) => return Ok(()),
                        Err(error) => return Err(error.to_string()),
                        Ok(()) if json.end().is_ok() => return Ok(()),
                        Ok(()) => {}
                    }
                }
            }
            Self::Table(text, between) => table(&text, between, each),
        }
    }
}

fn lines(mut reader: BufReader<File>, each: &mut Each<'_>) -> Result<(), String> {
    let mut number = 0;
    let mut line = Vec::new();
    loop {
        line.clear();
        let mut limited = (&mut reader).take(LONGEST_LINE);
        let read = limited
            .read_until(b'\n', &mut line)
            .map_err(|error| error.to_string())?;
        if read == 0 {
            return Ok(());
        }
        number += 1;
        if read as u64 == LONGEST_LINE && !line.ends_with(b"\n") {
            return Err(format!("line {number} has over {} MiB", LONGEST_LINE >> 20));
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let row = serde_json::from_slice::<Map<String, Value>>(&line)
            .map(row_of)
            .map_err(|error| format!("it is no JSON object: {error}"));
        if !each(number, row) {
            return Ok(());
        }
    }
}

fn table(text: &str, between: u8, each: &mut Each<'_>) -> Result<(), String> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(between)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let heads = reader.headers().map_err(|error| error.to_string())?.clone();
    if heads.len() > MOST_COLUMNS {
        return Err(format!(
            "it has {} columns, and a list has at most {MOST_COLUMNS}",
            heads.len()
        ));
    }
    for (number, record) in (1..).zip(reader.records()) {
        let row = match record {
            Ok(record) if record.len() > heads.len() => Err(format!(
                "it has {} cells under {} heads",
                record.len(),
                heads.len()
            )),
            Ok(record) => Ok(Row {
                fields: heads
                    .iter()
                    .zip(&record)
                    .filter(|(_, cell)| !cell.is_empty())
                    .map(|(head, cell)| (head.to_owned(), Value::from(cell)))
                    .collect(),
            }),
            Err(error) => Err(error.to_string()),
        };
        if !each(number, row) {
            break;
        }
    }
    Ok(())
}

/// How the error begins by which a reader is stopped.
const STOPPED: &str = "stopped";

/// Reads a list of objects, or the list within an object, one after the other.
struct Collection<'c, 'f> {
    each: &'c mut Each<'f>,
    count: &'c mut u64,
    /// Whether this is within an object.
    inner: bool,
}

impl<'de> DeserializeSeed<'de> for Collection<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Collection<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(value) = list.next_element::<Value>()? {
            *self.count += 1;
            let row = match value {
                Value::Object(object) => Ok(row_of(object)),
                other => Err(format!(
                    "it is no object: {}",
                    other.to_string().chars().take(60).collect::<String>()
                )),
            };
            if !(self.each)(*self.count, row) {
                return Err(serde::de::Error::custom(STOPPED));
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut alone = Map::new();
        let mut is_list = false;
        while let Some(name) = map.next_key::<String>()? {
            if !self.inner && matches!(name.as_str(), "features" | "@graph" | "items" | "nodes") {
                is_list = true;
                map.next_value_seed(Collection {
                    each: &mut *self.each,
                    count: &mut *self.count,
                    inner: true,
                })?;
            } else {
                alone.insert(name, map.next_value()?);
            }
        }
        if !is_list {
            *self.count += 1;
            if !(self.each)(*self.count, Ok(row_of(alone))) {
                return Err(serde::de::Error::custom(STOPPED));
            }
        }
        Ok(())
    }
}
