//! A small world for pages to be drawn in.

use wikitext::{Context, Document, FileRef, LinkState, Rendered, Site, Title, Words, parse_page};

/// Pages whose name begins with “Missing” are missing; files `a.png`, `a.ogg` and `a.pdf` are there.
pub struct Wiki(Words);

impl Default for Wiki {
    fn default() -> Self {
        Self(Words::english())
    }
}

impl Context for Wiki {
    fn link(&self, title: &Title) -> LinkState {
        let url = format!("/{}/{}", title.namespace, title.text.replace(' ', "_"));
        match title.text.starts_with("Missing") {
            true => LinkState::Missing { url },
            false => LinkState::Exists { url },
        }
    }

    fn file(&self, name: &str) -> Option<FileRef> {
        let (mime, width, height) = match name {
            "A.png" => ("image/png", 800, 600),
            "A.ogg" => ("audio/ogg", 0, 0),
            "A.pdf" => ("application/pdf", 0, 0),
            _ => return None,
        };
        Some(FileRef {
            url: format!("/blobs/{name}"),
            width,
            height,
            mime: mime.to_owned(),
        })
    }

    fn magic(&self, word: &str) -> Option<String> {
        (word == "SITENAME").then(|| "Minga <test>".to_owned())
    }

    fn words(&self) -> &Words {
        &self.0
    }
}

/// Reads `text` as the page “Test page/es”.
pub fn read(text: &str) -> Document {
    let title = Title {
        namespace: 0,
        text: "Test page/es".to_owned(),
    };
    parse_page(text, &title, &Site::default())
}

/// Reads and draws `text`.
pub fn draw(text: &str) -> Rendered {
    read(text).render(&Wiki::default())
}
