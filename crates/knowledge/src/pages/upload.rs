//! Bringing a picture or a document.

use super::Answer;
use super::edit::{LICENCES, invite, licence_options, problem, publish_edit, require_writer};
use crate::model::{Article, Attachment, Kind, Name, SITE};
use crate::picture;
use crate::tables;
use crate::upload::{self, LARGEST, Unfit};
use crate::write::{self, Edit, WriteError};
use site::form::{Field, Mistakes};
use site::{Acting, Context, PageHead, html};
use store::Viewer;

/// What stands in the form, but the file: browsers do not give that back.
#[derive(Default)]
struct Filled {
    title: String,
    author: String,
    licence: String,
    about: String,
}

pub(crate) fn page(cx: &Context<'_>) -> Answer {
    let filled = Filled {
        title: cx.request.param("title").unwrap_or_default().to_owned(),
        author: cx
            .asker
            .map_or_else(String::new, |asker| asker.name.clone()),
        licence: LICENCES[0].to_owned(),
        about: String::new(),
    };
    draw(cx, &filled, &Mistakes::default())
}

fn draw(cx: &Context<'_>, filled: &Filled, mistakes: &Mistakes) -> Answer {
    let w = cx.words;
    if cx.asker.is_none() {
        return invite(cx, w.t("upload-title"));
    }
    let wrong = mistakes.at("file");
    let main = html! {
        div.head { h1 { (w.t("upload-title")) } p.lead { (w.t("upload-lead")) } }
        (mistakes.summary(w))
        form.narrow method="post" action="/upload" enctype="multipart/form-data" { (cx.guarded())
            div.field { label for="file" { (w.t("field-file")) } p.hint #file-h { (w.tf("field-file-hint", &[("most", (LARGEST >> 20).into())])) }
                @if let Some(text) = wrong { p.problem #file-e { (text) } }
                input #file type="file" name="file" accept="image/png,image/jpeg,image/gif,image/webp,application/pdf" aria-invalid=[wrong.map(|_| "true")] aria-describedby=(if wrong.is_some() { "file-h file-e" } else { "file-h" }); }
            (Field { name: "title", label: w.t("field-file-title"), hint: w.t("field-file-title-hint"), value: &filled.title, optional: true, ..Field::default() }.draw(w, mistakes))
            (Field { name: "author", label: w.t("field-file-author"), hint: w.t("field-file-author-hint"), value: &filled.author, ..Field::default() }.draw(w, mistakes))
            div.field { label for="licence" { (w.t("licence")) } p.hint { (w.t("field-licence-hint")) }
                select #licence name="licence" { (licence_options(w, &filled.licence)) } }
            (Field { name: "about", label: w.t("field-file-about"), hint: w.t("field-file-about-hint"), value: &filled.about, rows: 4, optional: true, ..Field::default() }.draw(w, mistakes))
            p.actions { button.main { (w.t("upload-button")) } a href="/all?kind=file" { (w.t("leave-unpublished")) } }
        }
    };
    Ok(cx
        .page(
            &PageHead {
                title: w.t("upload-title"),
                menu: "/knowledge",
                noindex: true,
                ..PageHead::default()
            },
            &main,
        )
        .mending(mistakes))
}

pub(crate) fn save(acting: &Acting<'_>) -> Answer {
    let asker = require_writer(acting)?;
    let w = acting.words;
    let form = &acting.request.form;
    let filled = Filled {
        title: form.text("title").to_owned(),
        author: form.text("author").chars().take(300).collect(),
        licence: form.text("licence").to_owned(),
        about: form.text("about").to_owned(),
    };
    let mut mistakes = Mistakes::default();
    let file = form.file("file");
    let fit = match file {
        None => {
            mistakes.add("file", w.t("file-needed"));
            None
        }
        Some(file) => match upload::judge(&file.bytes) {
            Ok(fit) => Some(fit),
            Err(unfit) => {
                let word = match unfit {
                    Unfit::Kind => "file-kind",
                    Unfit::Drawing => "file-drawing",
                    Unfit::NotWhole => "file-not-whole",
                    Unfit::Runs => "file-runs",
                    Unfit::Large => "file-large",
                };
                mistakes.add("file", w.t(word));
                None
            }
        },
    };
    if filled.author.is_empty() {
        mistakes.add("author", w.t("file-author-needed"));
    }
    if !LICENCES.contains(&&*filled.licence) {
        mistakes.add("licence", w.t("rule-no-licence"));
    }
    let wanted = if filled.title.is_empty() {
        file.map_or("", |file| &file.name)
    } else {
        &filled.title
    };
    let end = fit.as_ref().map_or("", |fit| ending(fit.media_type));
    let name = named(wanted, end);
    if name.is_none() && file.is_some() {
        mistakes.add("title", w.t("bad-title-rule"));
    }
    let (Some(fit), Some(name)) = (fit.filter(|_| mistakes.is_empty()), name) else {
        return acting.read(|cx| draw(cx, &filled, &mistakes));
    };
    let there = acting.read(|cx| {
        let found = tables::by_key(cx.db, &Viewer::public(), &name.key())?;
        Ok(match found {
            Some(page) => Some((page.hash, tables::article_of(cx.db, &page.hash)?)),
            None => None,
        })
    })?;
    // Under the name of a file that is here only a file page without one is filled.
    if there
        .as_ref()
        .is_some_and(|(_, article)| article.attachment.is_some())
    {
        mistakes.add_seen(
            "title",
            w.tf("title-exists", &[("title", name.title().into())]),
            name.href(),
        );
        return acting.read(|cx| draw(cx, &filled, &mistakes));
    }
    let seen = picture::seen(&fit.bytes);
    let (hash, length) = acting.node.blobs().put(&mut fit.bytes.as_slice())?;
    let mut article = match &there {
        Some((_, article)) => write::next_of(article),
        None => {
            let mut article = Article::blank(name.clone());
            article.language = acting.lang().tag().to_owned();
            article.licence.clone_from(&filled.licence);
            article.attribution.clone_from(&filled.author);
            article.content = if filled.about.is_empty() {
                format!("{}\n", name.title())
            } else {
                format!("{}\n", filled.about)
            };
            article
        }
    };
    article.provenance = if filled.author == asker.name {
        "written"
    } else {
        "imported"
    }
    .to_owned();
    article.attachment = Some(Attachment {
        sha256: hash.to_string(),
        media_type: fit.media_type.to_owned(),
        length,
        width: seen.width,
        height: seen.height,
    });
    let edit = Edit {
        name,
        base: there.map(|(hash, _)| hash),
        article,
        takes_in: None,
    };
    match publish_edit(acting, asker, &edit) {
        Ok(written) => Ok(acting.see(&written.name.href())),
        Err(error) => {
            // Nobody cites what was stored: the follower takes it away again.
            let key = hash.to_string();
            acting
                .node
                .store()
                .write_later(move |db| tables::forget_file(db, &key));
            match error {
                WriteError::Exists(name) => {
                    mistakes.add_seen(
                        "title",
                        w.tf("title-exists", &[("title", name.title().into())]),
                        name.href(),
                    );
                    acting.read(|cx| draw(cx, &filled, &mistakes))
                }
                error => Err(problem(w, error)),
            }
        }
    }
}

fn ending(media_type: &str) -> &'static str {
    match media_type {
        "image/png" => "png",
        "image/jpeg" => "jpg",
        "image/gif" => "gif",
        "image/webp" => "webp",
        _ => "pdf",
    }
}

/// Makes the name of a file's page, which ends as the file does.
fn named(wanted: &str, end: &str) -> Option<Name> {
    // Of a path only the last step is a name.
    let last = wanted.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    let stem = match last.rsplit_once('.') {
        Some((stem, tail)) if tail.len() <= 4 => stem,
        _ => last,
    };
    let name = Name::new(Kind::File, &format!("{stem}.{end}"))
        .ok()
        .filter(|_| !stem.is_empty())?;
    let title = SITE.title(&name.wiki_title(), 0).ok()?;
    Name::of_wiki(&title)
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_file_is_called_by_its_last_step_and_ends_as_what_it_is() {
        let told = |wanted, end| named(wanted, end).map(|name| name.title().to_owned());
        assert_eq!(
            told("C:\\pictures\\my oven.JPEG", "jpg").as_deref(),
            Some("My oven.jpg")
        );
        assert_eq!(told("oven.html", "png").as_deref(), Some("Oven.png"));
        assert_eq!(
            told("../../etc/passwd", "pdf").as_deref(),
            Some("Passwd.pdf")
        );
        assert_eq!(told("", "png"), None);
    }
}
