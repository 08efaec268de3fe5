//! Reads the pages of a MediaWiki export, one at a time.

use quick_xml::Reader;
use quick_xml::events::Event;
use std::fs::File;
use std::io::{BufRead, BufReader};
use wikitext::{Namespace, Site};

/// A page of an export.
pub struct Page {
    /// With its namespace.
    pub title: String,
    /// Its wikitext.
    pub text: String,
}

/// Returns the usual namespaces and those that the P2P Foundation's wiki added.
pub fn namespaces() -> Vec<Namespace> {
    let mut namespaces = Site::default().namespaces;
    for namespace in &mut namespaces {
        if namespace.key == 4 {
            namespace.name = "P2P Foundation".to_owned();
            namespace.aliases.push("Project".to_owned());
        }
    }
    for (key, name) in [(106, "Form"), (118, "Draft")] {
        namespaces.push(Namespace {
            key,
            name: name.to_owned(),
            aliases: Vec::new(),
        });
    }
    namespaces
}

/// Opens `path`; `.bz2` is unpacked on the way.
///
/// # Errors
/// Where the file cannot be opened.
pub fn pages(path: &str) -> std::io::Result<impl Iterator<Item = Page>> {
    let file = BufReader::with_capacity(1 << 16, File::open(path)?);
    let input: Box<dyn BufRead> = if path.ends_with(".bz2") {
        Box::new(BufReader::with_capacity(
            1 << 16,
            bzip2::bufread::MultiBzDecoder::new(file),
        ))
    } else {
        Box::new(file)
    };
    let mut reader = Reader::from_reader(input);
    let mut buffer = Vec::new();
    let (mut title, mut text) = (String::new(), String::new());
    let mut field = Field::None;
    Ok(std::iter::from_fn(move || {
        loop {
            buffer.clear();
            let event = reader.read_event_into(&mut buffer).ok()?;
            match event {
                Event::Start(start) => {
                    field = match start.name().as_ref() {
                        "title" => Field::Title,
                        "text" => Field::Text,
                        _ => Field::None,
                    };
                }
                Event::Text(piece) => match field {
                    Field::Title => title.push_str(&piece),
                    Field::Text => text.push_str(&piece),
                    Field::None => {}
                },
                Event::GeneralRef(name) => {
                    let sign = match name.resolve_char_ref() {
                        Ok(Some(c)) => c,
                        _ => match &*name {
                            "amp" => '&',
                            "lt" => '<',
                            "gt" => '>',
                            "quot" => '"',
                            "apos" => '\'',
                            _ => continue,
                        },
                    };
                    match field {
                        Field::Title => title.push(sign),
                        Field::Text => text.push(sign),
                        Field::None => {}
                    }
                }
                Event::End(end) => {
                    field = Field::None;
                    if end.name().as_ref() == "page" {
                        return Some(Page {
                            title: std::mem::take(&mut title),
                            text: std::mem::take(&mut text),
                        });
                    }
                }
                Event::Eof => return None,
                _ => {}
            }
        }
    }))
}

enum Field {
    None,
    Title,
    Text,
}
