//! Links, and files: pictures, sounds, or the placeholder of one that is missing.

use super::Drawing;
use super::escape::escape_source;
use super::ids::fragment;
use crate::context::{FileRef, LinkState};
use crate::text::of_nodes;
use crate::title::Title;
use crate::tree::{File, LeftOut, Link, Url};
use crate::words::Word;

/// The width at which a small picture is drawn where the page gives none, in pixels: MediaWiki's
/// thumbnails have 220 to 300, on screens that were coarser.
const SMALL: u32 = 320;
/// The height that such a picture has at most.
const TALL: u32 = 400;

impl<'d> Drawing<'d> {
    pub(super) fn link(&mut self, link: &'d Link) {
        if let Some(url) = &link.url {
            self.external(url, |d| d.nodes(&link.children));
            return;
        }
        if link.target.interwiki.is_some() {
            self.nodes(&link.children);
            return;
        }
        let anchor = link.target.anchor.as_deref();
        if link.target.title.text.is_empty() {
            let href = format!("#{}", fragment(anchor.unwrap_or("")));
            self.anchor(&[("href", &href)], |d| d.nodes(&link.children));
            return;
        }
        self.page(&link.target.title, anchor, |d| d.nodes(&link.children));
    }

    /// Writes a link to a page of this wiki.
    pub(super) fn page(
        &mut self,
        title: &Title,
        anchor: Option<&str>,
        content: impl FnOnce(&mut Self),
    ) {
        let (mut href, missing) = match self.context.link(title) {
            LinkState::Exists { url } => (url, false),
            LinkState::Missing { url } => (url, true),
        };
        if let Some(anchor) = anchor {
            href.push('#');
            href.push_str(&fragment(anchor));
        }
        if missing {
            self.anchor(&[("class", "new"), ("href", &href)], content);
        } else {
            self.anchor(&[("href", &href)], content);
        }
    }

    pub(super) fn url(&mut self, url: &'d Url) {
        match url.text {
            Some(text) => self.external(&url.href, |d| escape_source(&mut d.out, text.of(d.text))),
            None => {
                self.addresses += 1;
                let number = format!("[{}]", self.addresses);
                self.external(&url.href, |d| d.out.push_str(&number));
            }
        }
    }

    pub(super) fn file(&mut self, file: &'d File) {
        let found = self.context.file(&file.name);
        if file.link_only {
            match found {
                Some(found) => self.anchor(&[("href", &found.url)], |d| d.nodes(&file.caption)),
                None => self.element("span", "missing-file", |d| d.nodes(&file.caption)),
            }
            return;
        }
        if !file.block {
            match found {
                Some(found) => self.media(file, &found),
                None => self.element("span", "missing-file", |d| d.placeholder(file)),
            }
            return;
        }
        let class = if found.is_some() { "" } else { "missing-file" };
        self.element("figure", class, |d| {
            match &found {
                Some(found) => d.media(file, found),
                None => d.element("p", "", |d| d.placeholder(file)),
            }
            if !file.caption.is_empty() {
                d.element("figcaption", "", |d| d.nodes(&file.caption));
            }
        });
        self.out.push('\n');
    }

    /// Says which file is not there, and in a line also its description.
    pub(super) fn placeholder(&mut self, file: &'d File) {
        let name = file.name.to_lowercase();
        let picture = [
            "png", "jpg", "jpeg", "gif", "svg", "webp", "bmp", "tif", "tiff",
        ];
        let is_picture = name
            .rsplit_once('.')
            .is_some_and(|(_, suffix)| picture.contains(&suffix));
        self.word(if is_picture {
            Word::MissingImage
        } else {
            Word::MissingFile
        });
        self.out.push_str(": ");
        self.say(&file.name);
        if !file.block && !file.caption.is_empty() {
            self.out.push_str(" (");
            self.nodes(&file.caption);
            self.out.push(')');
        }
    }

    pub(super) fn media(&mut self, file: &'d File, found: &FileRef) {
        let described = || {
            let caption = of_nodes(&file.caption, self.text);
            let stem = || {
                file.name
                    .rsplit_once('.')
                    .map_or(&*file.name, |(stem, _)| stem)
                    .to_owned()
            };
            file.alt
                .clone()
                .filter(|alt| !alt.is_empty())
                .unwrap_or_else(|| if caption.is_empty() { stem() } else { caption })
        };
        let alt = described();
        let kind = found.mime.split('/').next().unwrap_or("");
        match kind {
            "image" => {
                let page = Title {
                    namespace: crate::FILE,
                    text: file.name.clone(),
                };
                let (width, height) = size(file, found);
                let image = |d: &mut Self| {
                    d.out.push_str("<img");
                    d.attr("src", &found.url);
                    d.attr("alt", &alt);
                    if width > 0 && height > 0 {
                        d.attr("width", &width.to_string());
                        d.attr("height", &height.to_string());
                    }
                    d.out.push_str(" loading=\"lazy\">");
                };
                self.page(&page, None, image);
            }
            "audio" | "video" if !self.in_anchor => {
                self.out.push('<');
                self.out.push_str(kind);
                self.out.push_str(" controls preload=\"none\"");
                self.attr("src", &found.url);
                self.attr("aria-label", &alt);
                self.out.push_str("></");
                self.out.push_str(kind);
                self.out.push('>');
            }
            _ => self.anchor(&[("href", &found.url)], |d| d.say(&alt)),
        }
    }

    pub(super) fn left_out(&mut self, left: &'d LeftOut) {
        let name = if left.block { "p" } else { "span" };
        self.element(name, "left-out", |d| {
            d.word(Word::LeftOut);
            if !left.what.is_empty() {
                d.out.push_str(" (");
                d.say(&left.what);
                d.out.push(')');
            }
            if let Some(url) = &left.url {
                d.out.push_str(": ");
                d.external(url, |d| d.say(url));
            }
        });
        if left.block {
            self.out.push('\n');
        }
    }
}

/// Returns width and height at which a picture is drawn: never larger than it is.
fn size(file: &File, found: &FileRef) -> (u32, u32) {
    let wanted = file
        .width
        .unwrap_or(if file.small { SMALL } else { found.width });
    let mut width = wanted.min(found.width);
    if file.small && file.width.is_none() && found.height > 0 {
        // A tall picture would push the text out of sight.
        let tall = u64::from(TALL) * u64::from(found.width) / u64::from(found.height);
        width = width.min(u32::try_from(tall).unwrap_or(u32::MAX).max(1));
    }
    let height = u64::from(found.height) * u64::from(width) / u64::from(found.width.max(1));
    (
        width,
        u32::try_from(height)
            .unwrap_or(u32::MAX)
            .max(u32::from(found.height > 0)),
    )
}

#[cfg(test)]
mod tests {
    use super::size;
    use crate::context::FileRef;
    use crate::tree::File;

    #[test]
    fn pictures_are_never_blown_up() {
        let found = FileRef {
            url: String::new(),
            width: 600,
            height: 300,
            mime: String::new(),
        };
        let file = |width, small| File {
            width,
            small,
            ..File::default()
        };
        assert_eq!(size(&file(None, false), &found), (600, 300));
        assert_eq!(size(&file(None, true), &found), (320, 160));
        let tall = FileRef {
            width: 400,
            height: 2000,
            ..found.clone()
        };
        assert_eq!(size(&file(None, true), &tall), (80, 400));
        assert_eq!(size(&file(Some(150), true), &found), (150, 75));
        assert_eq!(size(&file(Some(2000), false), &found), (600, 300));
    }
}
