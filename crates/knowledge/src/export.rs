//! The way back: MediaWiki's XML export, schema 0.11.

use crate::model::{Kind, Media, Name};
use crate::tables;
use record::Timestamp;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use store::{Db, Node, StoreError, Viewer};

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
    node.store().read(|db| {
        // Whoever imports it knows the pages by the wiki that they came from.
        let site = tables::main_site(db)?.unwrap_or_else(|| "Minga".to_owned());
        writeln!(out, "  <siteinfo>\n    <sitename>{}</sitename>\n    <case>first-letter</case>\n    <namespaces>", escape(&site)).map_err(io)?;
        for (key, name) in namespaces(db)? {
            let name = escape(&name);
            writeln!(
                out,
                "      <namespace key=\"{key}\" case=\"first-letter\">{name}</namespace>"
            )
            .map_err(io)?;
        }
        writeln!(out, "    </namespaces>\n  </siteinfo>").map_err(io)?;
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
            let redirect = match Name::parse_key(&page.redirect) {
                Some(to) => format!("\n    <redirect title=\"{}\" />", escape(&to.wiki_title()).replace('"', "&quot;")),
                None => String::new(),
            };
            // A wiki's own number; a later import tells older from newer by it.
            let source = article.source.as_ref().filter(|source| source.site == site);
            let revision = source
                .and_then(|source| source.revision.parse::<u64>().ok())
                .unwrap_or(pages);
            writeln!(
                out,
                "  <page>\n    <title>{}</title>\n    <ns>{namespace}</ns>\n    <id>{pages}</id>{redirect}\n    <revision>\n      <id>{revision}</id>\n      <timestamp>{}</timestamp>\n      <contributor><username>{}</username></contributor>\n      <comment>{}</comment>\n      <model>{model}</model>\n      <format>{format}</format>\n      <text xml:space=\"preserve\">{}</text>\n    </revision>\n  </page>",
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

/// Returns the namespaces that the pages stand in: number and name.
fn namespaces(db: &Db<'_>) -> Result<BTreeMap<i32, String>, StoreError> {
    let mut found: BTreeMap<i32, String> = [
        (0, ""),
        (2, "User"),
        (4, "Project"),
        (6, "File"),
        (10, "Template"),
        (14, "Category"),
    ]
    .map(|(key, name)| (key, name.to_owned()))
    .into();
    tables::every_page(db, &Viewer::public(), |page| {
        // The title of such a page has its namespace.
        if page.name.kind() == Kind::Project
            && let Some((name, _)) = page.name.title().split_once(':')
            && let Some(source) = tables::article_of(db, &page.hash)?.source
        {
            found.insert(source.namespace, name.to_owned());
        }
        Ok(())
    })?;
    Ok(found)
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
            c if (c < ' ' && !matches!(c, '\n' | '\t')) || matches!(c, '\u{FFFE}' | '\u{FFFF}') => {
                out.push('\u{FFFD}');
            }
            c => out.push(c),
        }
    }
    out
}
