//! The way back: MediaWiki's XML export, schema 0.11.

use crate::model::{Kind, Media};
use crate::tables;
use record::Timestamp;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use store::{Node, StoreError, Viewer};

/// Writes the shown revision of every public page; returns the pages and bytes written.
///
/// # Errors
/// [`StoreError`] when the file cannot be written.
pub fn mediawiki(node: &Node, file: &Path) -> Result<(u64, u64), StoreError> {
    node.write_file(file, |handle| write(node, file, handle))
}

fn write(node: &Node, file: &Path, handle: File) -> Result<(u64, u64), StoreError> {
    let io = |e| StoreError::io(file, e);
    let mut out = BufWriter::new(handle);
    let mut pages = 0;
    writeln!(out, "<mediawiki xmlns=\"http://www.mediawiki.org/xml/export-0.11/\" version=\"0.11\" xml:lang=\"en\">").map_err(io)?;
    writeln!(out, "  <siteinfo>\n    <sitename>Minga</sitename>\n    <case>first-letter</case>\n    <namespaces>").map_err(io)?;
    for (key, name) in [
        (0, ""),
        (2, "User"),
        (4, "Project"),
        (6, "File"),
        (10, "Template"),
        (14, "Category"),
    ] {
        writeln!(
            out,
            "      <namespace key=\"{key}\" case=\"first-letter\">{name}</namespace>"
        )
        .map_err(io)?;
    }
    writeln!(out, "    </namespaces>\n  </siteinfo>").map_err(io)?;
    node.store().read(|db| {
        tables::every_page(db, &Viewer::public(), |page| {
            let article = tables::article_of(db, &page.hash)?;
            pages += 1;
            let namespace = article.source.as_ref().map_or_else(|| page.name.kind().namespace(), |s| s.namespace);
            let title = match (&article.source, page.name.kind()) {
                (Some(source), Kind::Project) => source.title.clone(),
                _ => page.name.wiki_title(),
            };
            let (model, format) = match article.media {
                Media::Wikitext => ("wikitext", "text/x-wiki"),
                Media::Markdown => ("markdown", "text/markdown"),
            };
            writeln!(
                out,
                "  <page>\n    <title>{}</title>\n    <ns>{namespace}</ns>\n    <id>{pages}</id>\n    <revision>\n      <id>{pages}</id>\n      <timestamp>{}</timestamp>\n      <contributor><username>{}</username></contributor>\n      <comment>{}</comment>\n      <model>{model}</model>\n      <format>{format}</format>\n      <text xml:space=\"preserve\">{}</text>\n    </revision>\n  </page>",
                escape(&title),
                Timestamp::from_millis(page.updated),
                escape(&article.contributor),
                escape(&article.summary),
                escape(&article.content),
            )
            .map_err(io)
        })
    })?;
    writeln!(out, "</mediawiki>").map_err(io)?;
    let handle = out.into_inner().map_err(|e| io(e.into_error()))?;
    handle.sync_all().map_err(io)?;
    let bytes = handle.metadata().map_err(io)?.len();
    Ok((pages, bytes))
}

/// Escapes text for XML; characters that XML cannot hold become U+FFFD.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            c if (c.is_control() && !matches!(c, '\n' | '\t'))
                || matches!(c, '\u{FFFE}' | '\u{FFFF}') =>
            {
                out.push('\u{FFFD}');
            }
            c => out.push(c),
        }
    }
    out
}
