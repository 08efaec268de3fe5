//! What is stored, and what is not, in plain words.

use super::Answer;
use site::{Context, PageHead, html};

/// The row that is there only where the node sends mail.
const MAILS: &str = "stored-mails";

/// What is stored: what it is, for whom, and how long. The keys of the words of each row.
const ROWS: &[(&str, &str, &str)] = &[
    ("stored-records", "stored-everybody", "stored-records-end"),
    ("stored-account", "stored-here", "stored-account-end"),
    (MAILS, "stored-here", "stored-mails-end"),
    ("stored-key", "stored-here", "stored-account-end"),
    ("stored-sessions", "stored-here", "stored-sessions-end"),
    ("stored-attempts", "stored-here", "stored-attempts-end"),
    ("stored-notices", "stored-here", "stored-account-end"),
    ("stored-drafts", "stored-here", "stored-drafts-end"),
    ("stored-tokens", "stored-here", "stored-account-end"),
    ("stored-devices", "stored-here", "stored-account-end"),
    ("stored-reports", "stored-stewards", "stored-account-end"),
    ("stored-nameless", "stored-stewards", "stored-nameless-end"),
    ("stored-looked", "stored-here", "stored-account-end"),
];

pub(super) fn page(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let mails = cx.settings.mail;
    let rows = ROWS.iter().filter(|(what, ..)| mails || *what != MAILS);
    let main = html! {
        div.head { h1 { (w.t("foot-privacy")) } p.lead { (w.t("privacy-lead")) } }
        table.stack role="table" {
            caption { (w.t("privacy-stored")) }
            thead role="rowgroup" { tr role="row" { th scope="col" role="columnheader" { (w.t("privacy-what")) } th scope="col" role="columnheader" { (w.t("privacy-who")) } th scope="col" role="columnheader" { (w.t("privacy-until")) } } }
            tbody role="rowgroup" { @for (what, who, end) in rows { tr role="row" {
                td role="cell" data-label=(w.t("privacy-what")) { (w.t(what)) }
                td role="cell" data-label=(w.t("privacy-who")) { (w.t(who)) }
                td role="cell" data-label=(w.t("privacy-until")) { (w.t(end)) }
            } } }
        }
        div.prose {
            h2 { (w.t("privacy-never")) }
            p { (w.t("privacy-never-text")) }
            @if mails {
                h2 { (w.t("privacy-mail")) }
                p { (w.t("privacy-mail-text")) }
            }
            h2 { (w.t("privacy-cookies")) }
            p { (w.t("privacy-cookies-text")) }
            h2 { (w.t("privacy-leave")) }
            p { (w.t("privacy-leave-text")) }
        }
    };
    Ok(cx.page(
        &PageHead {
            title: w.t("foot-privacy"),
            canonical: Some("/privacy".to_owned()),
            ..PageHead::default()
        },
        &main,
    ))
}
