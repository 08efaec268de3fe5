//! Organisations: their pages, who belongs to them, and what is attested of them.

use super::directory::boxes;
use super::profile::{fields, read};
use super::{Answer, back_to, own_page};
use crate::model::{Attestation, Claim, LegalForm, Membership, Organization, Profile};
use crate::rules::organization::Belonging;
use crate::tables;
use crate::tables::directory::Agents;
use crate::tables::organizations::{self, Attested, Here};
use record::{Did, Draft, Record, RecordId, Space, Tombstone};
use site::form::{Field, Mistakes, choice};
use site::{Acting, Context, Markup, PageHead, PreEscaped, Problem, Response, html, when};
use store::{Node, Outcome};

/// How many members a page shows: those of larger organisations are found by the directory.
const MEMBERS: i64 = 200;

/// Draws what an organisation is, and whether anybody vouches for it.
pub(super) fn form_badge(cx: &Context<'_>, form: LegalForm, attested: bool) -> Markup {
    let w = cx.words;
    html! { span.badge { (w.t(form.word())) } " "
    @if attested { span.badge data-tone="yes" { (w.t("attested")) } } @else { span.badge data-tone="ask" { (w.t("claimed")) } } }
}

/// Says who vouches for something, why, and since when.
pub(super) fn voucher(cx: &Context<'_>, one: &Attested) -> Result<Markup, Problem> {
    let w = cx.words;
    let who = tables::by_did(cx.db, cx.viewer, &one.author)?;
    let behalf = match &one.behalf {
        Some(id) => organizations::organization_by_id(cx.db, cx.viewer, id)?,
        None => None,
    };
    let mine = cx
        .asker
        .is_some_and(|asker| asker.did.as_str() == one.author || asker.steward);
    Ok(html! {
        p.small.quiet {
            @match who {
                Some(who) => { a href=(who.href()) { (who.name) } }
                None if one.author == cx.node.keys().commons_did().as_str() => { (cx.settings.name) }
                None => { (w.t("person-gone")) }
            }
            @if let Some(behalf) = behalf { ", " a href=(behalf.href()) { (behalf.name) } }
            " · " (when(cx.lang(), one.at)) ": " (one.reason)
        }
        @if mine { (super::button(cx, "/attest", &[("withdraw", one.id.as_str()), ("next", &cx.request.path)], w.t("attestation-withdraw"))) }
    })
}

/// Draws the form by which somebody vouches for something: a steward for the commons, or for one of `behalf`.
pub(super) fn attest_form(
    cx: &Context<'_>,
    about: &[u8; 16],
    claim: &[(&str, &str)],
    behalf: &[Here],
    next: &str,
) -> Markup {
    let w = cx.words;
    let steward = cx.asker.is_some_and(|asker| asker.steward);
    html! {
        details { summary { (w.t("attest")) }
            form method="post" action="/attest" { (cx.guarded())
                input type="hidden" name="about" value=(super::hex(about));
                input type="hidden" name="next" value=(next);
                @for (name, value) in claim { input type="hidden" name=(name) value=(value); }
                (the_reason(w).draw(w, &Mistakes::default()))
                @if !behalf.is_empty() {
                    fieldset.field { legend { (w.t("attest-for")) }
                        @if steward { (choice("radio", "behalf", "", true, &html! { (cx.settings.name) })) }
                        @for (index, one) in behalf.iter().enumerate() { (choice("radio", "behalf", &super::hex(&one.id), index == 0 && !steward, &html! { (one.name) })) }
                    }
                }
                p.actions { button { (w.t("attest")) } }
            }
        }
    }
}

/// Publishes one record with the key of whoever asks.
fn publish(acting: &Acting<'_>, draft: Draft) -> Result<Option<Problem>, Problem> {
    super::require_scope(acting, "profile")?;
    let node = acting.node;
    let record = super::pen(acting)?.sign(node, draft)?;
    Ok(match node.publish_all(vec![record])?.pop() {
        Some(Outcome::Refused(refusal)) => Some(Problem::refused(acting.words, refusal)),
        _ => None,
    })
}

/// What stands in the form.
struct Written<'a> {
    profile: &'a Profile,
    form: Option<LegalForm>,
    /// Its address as it is now; none for a new one.
    address: Option<&'a str>,
    /// The record that the form began from, or empty.
    base: &'a str,
}

fn draw(cx: &Context<'_>, written: &Written<'_>, mistakes: &Mistakes) -> Answer {
    let w = cx.words;
    let title = w.t(if written.address.is_some() {
        "organization-change"
    } else {
        "organization-new"
    });
    let action = match written.address {
        Some(address) => format!("/edit-organization/{address}"),
        None => "/new/organization".to_owned(),
    };
    let wrong = mistakes.at("form");
    let main = html! {
        nav.crumbs aria-label=(w.t("you-are-at")) { ol { li { a href="/organizations" { (w.t("organizations-title")) } } } }
        div.head { h1 { (title) } p.lead { (w.t("organization-lead")) } }
        (mistakes.summary(w))
        form.narrow method="post" action=(action) {
            (cx.guarded())
            input type="hidden" name="base" value=(written.base);
            fieldset.field #form aria-describedby=(if wrong.is_some() { "form-h form-e" } else { "form-h" }) { legend { (w.t("field-form")) }
                p.hint #form-h { (w.t("field-form-hint")) }
                @if let Some(wrong) = wrong { p.problem #form-e { (wrong) } }
                @for form in LegalForm::ALL { (choice("radio", "form", form.as_str(), written.form == Some(form), &html! { (w.t(form.word())) })) }
            }
            (fields(cx, written.profile, true, mistakes))
            p.actions { button.main { (w.t("profile-save")) } " " a href=(written.address.map_or("/organizations".to_owned(), |address| format!("/organizations/{address}"))) { (w.t("leave")) } }
        }
    };
    Ok(own_page(cx, title, "/people", &main).mending(mistakes))
}

/// `GET /new/organization`.
pub(super) fn new_page(cx: &Context<'_>) -> Answer {
    cx.asker()?;
    let profile = Profile::default();
    let written = Written {
        profile: &profile,
        form: None,
        address: None,
        base: "",
    };
    draw(cx, &written, &Mistakes::default())
}

fn found(cx: &Context<'_>, handle: &str) -> Result<Here, Problem> {
    let handle = handle.trim_start_matches('@').to_lowercase();
    let found = match super::id_of(&handle) {
        Some(id) => organizations::organization_by_id(cx.db, cx.viewer, &id)?,
        None => organizations::organization(cx.db, cx.viewer, &handle)?,
    };
    found.ok_or_else(|| {
        let words = [("handle", handle.as_str().into())];
        Problem::not_found(cx.words.tf("no-organization", &words))
    })
}

fn said_of(cx: &Context<'_>, here: &Here) -> Result<Option<Organization>, Problem> {
    let bytes = store::bytes_of(cx.db, &here.hash)?;
    let record = bytes.and_then(|bytes| Record::trusted(&bytes).ok());
    Ok(record.and_then(|record| Organization::of(&record).ok()))
}

/// `GET /edit-organization/{handle}`.
pub(super) fn edit_page(cx: &Context<'_>) -> Answer {
    cx.asker()?;
    let here = found(cx, cx.rest)?;
    let said = said_of(cx, &here)?;
    let profile = said.map(|said| said.profile).unwrap_or_default();
    let written = Written {
        profile: &profile,
        form: Some(here.form),
        address: Some(&here.handle),
        base: &here.hash.to_string(),
    };
    draw(cx, &written, &Mistakes::default())
}

/// `POST /new/organization`.
pub(super) fn begin(acting: &Acting<'_>) -> Answer {
    save(acting, None)
}

/// `POST /edit-organization/{handle}`.
pub(super) fn change(acting: &Acting<'_>) -> Answer {
    let here = acting.read(|cx| {
        let here = found(cx, cx.rest)?;
        let whole = tables::full_id(cx.db, &here.id)?;
        Ok(whole.map(|id| (here, id)))
    })?;
    match here {
        Some(here) => save(acting, Some(here)),
        None => Err(Problem::not_found(acting.words.t("rule-unknown-thing"))),
    }
}

fn save(acting: &Acting<'_>, before: Option<(Here, RecordId)>) -> Answer {
    let w = acting.words;
    acting.asker()?;
    let form = &acting.request.form;
    let (mut profile, mut mistakes) = read(w, form, true);
    profile.author_names.clear();
    let legal = LegalForm::parse(form.text("form"));
    if legal.is_none() {
        mistakes.add("form", w.t("form-missing"));
    }
    let shown = before.as_ref().map(|(here, _)| here.hash.to_string());
    let base = shown.unwrap_or_default();
    // A program that names no base means the one that is shown.
    if form.has("base") && form.text("base") != base {
        mistakes.add("about", w.t("organization-changed"));
    }
    let written = Written {
        profile: &profile,
        form: legal,
        address: before.as_ref().map(|(here, _)| here.handle.as_str()),
        base: &base,
    };
    let Some(legal) = legal.filter(|_| mistakes.is_empty()) else {
        return acting.read(|cx| draw(cx, &written, &mistakes));
    };
    let organization = Organization {
        profile: profile.clone(),
        form: legal,
    };
    let (thing, replaces) = match &before {
        Some((here, id)) => (Some(id.clone()), vec![here.hash]),
        None => (None, Vec::new()),
    };
    let commons = acting.node.keys().commons_did();
    let draft = organization.draft(commons, Node::now(), thing, replaces);
    match publish(acting, draft)? {
        None => Ok(acting.see(&format!("/organizations/{}", profile.handle))),
        Some(refused) if matches!(refused.code, "handle_taken" | "name_looks_alike") => {
            let field = if refused.code == "handle_taken" {
                "handle"
            } else {
                "name"
            };
            mistakes.add(field, refused.detail);
            acting.read(|cx| draw(cx, &written, &mistakes))
        }
        Some(refused) => Err(refused),
    }
}

/// `GET /organizations/{handle}`.
pub(super) fn page(cx: &Context<'_>) -> Answer {
    let w = cx.words;
    let here = match found(cx, cx.rest) {
        Ok(here) => here,
        Err(problem) => {
            let handle = cx.rest.trim_start_matches('@').to_lowercase();
            return match tables::who_was(cx.db, cx.viewer, Organization::KIND, &handle)? {
                Some(now) => Ok(Response::redirect(302, &format!("/organizations/{now}"))),
                None => Err(problem),
            };
        }
    };
    let profile = said_of(cx, &here)?
        .map(|said| said.profile)
        .unwrap_or_default();
    let attested = organizations::attested_form(cx.db, &here.id)?.is_some();
    let vouchers: Vec<Attested> = organizations::attestations(cx.db, cx.viewer, &here.id)?
        .into_iter()
        .filter(|one| one.claim == Claim::Form(here.form))
        .collect();
    let asker = cx.asker;
    let own = match asker {
        Some(asker) => organizations::belonging(cx.db, &here.id, asker.did.as_str())?,
        None => None,
    };
    let coordinates = own
        .as_ref()
        .is_some_and(|own| own.is_confirmed() && own.coordinates);
    let steward = asker.is_some_and(|asker| asker.steward);
    let behalf = match asker {
        Some(asker) if own.is_none() => peers(cx, asker.did.as_str())?,
        _ => Vec::new(),
    };
    let mine = asker.is_some_and(|asker| {
        let mut by = vouchers.iter().map(|one| one.author.as_str());
        by.any(|author| author == asker.did.as_str())
    });
    let mut shown = Vec::new();
    for one in &vouchers {
        shown.push(voucher(cx, one)?);
    }
    let main = html! {
        nav.crumbs aria-label=(w.t("you-are-at")) { ol { li { a href="/organizations" { (w.t("organizations-title")) } } } }
        div.head {
            span.kind data-kind="initiative" { (w.t("kind-organization")) }
            h1 { (here.name) }
            p.lead { "@" (here.handle) @if !profile.place.is_empty() { " · " (profile.place) } }
            p { (form_badge(cx, here.form, attested)) }
            div.actions { @if coordinates || steward { a.button href={ "/edit-organization/" (here.handle) } { (w.t("profile-change")) } " " } (super::follow_button(cx, &here.id)?) }
        }
        div.split {
            div {
              div.prose {
                @if profile.about.is_empty() { p.quiet { (w.t("organization-empty")) } }
                @else { (PreEscaped(super::directory::markdown(&profile.about))) }
                @if !profile.seeking.is_empty() { h2 { (w.t("field-organization-seeking")) } p { (profile.seeking) } }
                @if !profile.offering.is_empty() { h2 { (w.t("field-organization-offering")) } p { (profile.offering) } }
              }
              (members_section(cx, &here, own.as_ref(), coordinates || steward)?)
            }
            aside {
                (boxes(cx, Agents::Organizations, &profile))
                section.infobox aria-labelledby="ib-form" { h2 #ib-form { (w.t(here.form.word())) }
                    p.small { (w.t(if attested { "form-attested-what" } else { "form-claimed-what" })) }
                    @for one in shown { (one) }
                    @if !mine && (steward && own.is_none() || !behalf.is_empty()) {
                        (attest_form(cx, &here.id, &[("claim", "legal-form"), ("value", here.form.as_str())], &behalf, &here.href()))
                    } @else if !attested && steward && own.is_some() { p.small.quiet { (w.t("form-own-vouch")) }
                    } @else if !attested && coordinates { p.small.quiet { (w.t("form-ask")) } }
                }
            }
        }
    };
    Ok(cx.page(
        &PageHead {
            title: &here.name,
            menu: "/people",
            description: Some(&here.lead)
                .filter(|lead| !lead.is_empty())
                .map(String::as_str),
            canonical: Some(here.href()),
            ..PageHead::default()
        },
        &main,
    ))
}

/// The organisations for which somebody may vouch for others.
fn peers(cx: &Context<'_>, did: &str) -> Result<Vec<Here>, Problem> {
    let mut peers = Vec::new();
    for (one, belonging) in organizations::organizations_of(cx.db, cx.viewer, did)? {
        if belonging.is_confirmed()
            && belonging.coordinates
            && organizations::attested_form(cx.db, &one.id)?.is_some()
        {
            peers.push(one);
        }
    }
    Ok(peers)
}

fn members_section(
    cx: &Context<'_>,
    here: &Here,
    own: Option<&Belonging>,
    speaks: bool,
) -> Result<Markup, Problem> {
    let w = cx.words;
    let all = organizations::members(cx.db, cx.viewer, &here.id, MEMBERS)?;
    let count = organizations::count_members(cx.db, cx.viewer, &here.id)?;
    let people = tables::labels(cx.db, cx.viewer, all.iter().map(|(did, _)| did.as_str()))?;
    let id = super::hex(&here.id);
    let asker = cx.asker;
    let form = |fields: &[(&str, &str)], word: &str| -> Markup {
        let fields: Vec<(&str, &str)> = [("organization", id.as_str())]
            .into_iter()
            .chain(fields.iter().copied())
            .collect();
        super::button(cx, "/membership", &fields, w.t(word))
    };
    let name = |did: &str| -> Markup {
        html! { @match people.get(did) {
            Some(person) => { a href=(person.href()) { (person.name) } }
            None => { (w.t("person-gone")) }
        } }
    };
    let own_did = asker.map(|asker| asker.did.to_string()).unwrap_or_default();
    let open: Vec<&(String, Belonging)> = all
        .iter()
        .filter(|(did, one)| !one.is_confirmed() && speaks && *did != own_did)
        .collect();
    Ok(html! {
        section aria-labelledby="h-members" { h2 #h-members { (w.tf("count-members", &[("count", count.into())])) }
            ul.rows { @for (did, one) in all.iter().filter(|(_, one)| one.is_confirmed()) { li.line {
                span { (name(did)) @if !one.role.is_empty() { " · " (one.role) } @if one.coordinates { " " span.badge { (w.t("coordinator")) } } }
                @if speaks && *did != own_did {
                    @if one.coordinates { (form(&[("member", did), ("do", "take")], "coordinator-not")) } @else { (form(&[("member", did), ("do", "take"), ("coordinates", "yes")], "coordinator-make")) }
                    (form(&[("member", did), ("do", "end")], "membership-remove"))
                }
            } } }
            @match (asker, own) {
                (None, _) => { p.small.quiet { a href={ "/sign-in?next=" (site::encode(&cx.request.path)) } { (w.t("membership-sign-in")) } } }
                (Some(_), None) => {
                    form.narrow method="post" action="/membership" { (cx.guarded())
                        h3 { (w.t("membership-ask-title")) }
                        input type="hidden" name="organization" value=(id);
                        (Field { name: "role", label: w.t("field-role"), hint: w.t("field-role-hint"), optional: true, ..Field::default() }.draw(w, &Mistakes::default()))
                        p.actions { button name="do" value="ask" { (w.t("membership-ask")) } }
                    }
                }
                (Some(_), Some(own)) if own.is_confirmed() => { (form(&[("member", &own_did), ("do", "end")], "membership-leave")) }
                (Some(_), Some(own)) if own.by_member => { div.notice data-tone="info" { p { (w.t("membership-asked-what")) } (form(&[("member", &own_did), ("do", "end")], "membership-ask-not")) } }
                (Some(_), Some(_)) => { div.notice data-tone="ask" { p { (w.t("membership-offered-what")) } div.actions { (form(&[("do", "ask")], "membership-accept")) " " (form(&[("member", &own_did), ("do", "end")], "membership-decline")) } } }
            }
            @if !open.is_empty() {
                h3 { (w.t("memberships-open")) }
                ul.rows { @for (did, one) in open { li.line {
                    span { (name(did)) @if !one.role.is_empty() { " · " (one.role) } " " span.badge data-tone="ask" { (w.t(if one.by_member { "membership-asked" } else { "membership-offered" })) } }
                    @if one.by_member { (form(&[("member", did), ("do", "take")], "membership-confirm")) }
                    (form(&[("member", did), ("do", "end")], "membership-decline"))
                } } }
            }
            @if speaks {
                details { summary { (w.t("membership-offer-title")) }
                  form.narrow method="post" action="/membership" { (cx.guarded())
                    input type="hidden" name="organization" value=(id);
                    (Field { name: "handle", label: w.t("field-member"), hint: w.t("field-member-hint"), code: true, ..Field::default() }.draw(w, &Mistakes::default()))
                    (Field { name: "role", label: w.t("field-role-theirs"), optional: true, ..Field::default() }.draw(w, &Mistakes::default()))
                    p.actions { button name="do" value="take" { (w.t("membership-offer")) } }
                  }
                }
            }
        }
    })
}

/// `POST /membership`: asks to belong, takes somebody in, or ends it.
pub(super) fn membership(acting: &Acting<'_>) -> Answer {
    let w = acting.words;
    let asker = acting.asker()?;
    let unknown = || Problem::not_found(w.t("rule-unknown-thing"));
    let id =
        <[u8; 16]>::try_from(super::unhex(acting.field("organization"))).map_err(|_| unknown())?;
    let act = acting.field("do").to_owned();
    let (handle, member) = (acting.field("handle"), acting.field("member"));
    let found = acting.read(|cx| {
        let here = organizations::organization_by_id(cx.db, cx.viewer, &id)?;
        let whole = tables::full_id(cx.db, &id)?;
        let named = match handle.is_empty() {
            true => None,
            false => {
                let plain = handle.trim_start_matches('@').to_lowercase();
                let person = tables::by_handle(cx.db, cx.viewer, &plain)?;
                let words = [("handle", plain.as_str().into())];
                let none = || Problem::not_found(w.tf("no-person", &words));
                Some(person.ok_or_else(none)?.did)
            }
        };
        Ok(here.zip(whole).map(|found| (found, named)))
    })?;
    let ((here, organization), named) = found.ok_or_else(unknown)?;
    let member = match (&*act, named) {
        ("ask", _) => asker.did.clone(),
        (_, Some(did)) => did,
        (_, None) => Did::parse(member).map_err(|_| unknown())?,
    };
    let said = Membership {
        organization,
        member,
        role: acting
            .field("role")
            .chars()
            .take(Membership::LONGEST)
            .collect(),
        coordinates: act == "take" && acting.field("coordinates") == "yes",
        ends: act == "end",
    };
    match publish(
        acting,
        said.draft(acting.node.keys().commons_did(), Node::now()),
    )? {
        None => Ok(acting.see(&here.href())),
        Some(refused) => Err(refused),
    }
}

fn the_reason(w: &site::Words) -> Field<'_> {
    Field {
        name: "reason",
        label: w.t("field-attest-reason"),
        hint: w.t("field-attest-reason-hint"),
        rows: 2,
        ..Field::default()
    }
}

/// `POST /attest`: vouches for a claim, or takes that back.
pub(super) fn attest(acting: &Acting<'_>) -> Answer {
    let w = acting.words;
    acting.asker()?;
    let commons = acting.node.keys().commons_did();
    let unknown = || Problem::not_found(w.t("rule-unknown-thing"));
    let next = back_to(acting.field("next"));
    let draft = if acting.request.form.has("withdraw") {
        let id = RecordId::parse(acting.field("withdraw")).map_err(|_| unknown())?;
        if id.kind() != Attestation::KIND {
            return Err(unknown());
        }
        let reason: String = acting.field("reason").chars().take(1_000).collect();
        let reason = if reason.is_empty() {
            w.t("attestation-withdrawn").to_owned()
        } else {
            reason
        };
        Tombstone::of_thing(id, &reason).draft(commons, Space::public(), Node::now())
    } else {
        if acting.field("reason").is_empty() {
            let mut mistakes = Mistakes::default();
            mistakes.add("reason", w.t("rule-attest-no-reason"));
            mistakes.nothing_written();
            return site::ask_again(acting, &the_reason(w), w.t("attest"), &mistakes);
        }
        let whole = |field: &str| -> Result<Option<RecordId>, Problem> {
            let Ok(id) = <[u8; 16]>::try_from(super::unhex(acting.field(field))) else {
                return Ok(None);
            };
            acting.read(|cx| Ok(tables::full_id(cx.db, &id)?))
        };
        let claim =
            Claim::parse(acting.field("claim"), acting.field("value")).ok_or_else(unknown)?;
        let said = Attestation {
            about: whole("about")?.ok_or_else(unknown)?,
            claim,
            behalf: whole("behalf")?,
            reason: acting
                .field("reason")
                .chars()
                .take(Attestation::LONGEST)
                .collect(),
        };
        said.draft(commons, Node::now())
    };
    match publish(acting, draft)? {
        None => Ok(acting.see(&next)),
        Some(refused) => Err(refused),
    }
}

/// What waits for a steward's word: forms and names that people claim.
pub(super) fn claims(cx: &Context<'_>) -> Result<Markup, Problem> {
    let w = cx.words;
    let forms = organizations::forms_claimed(cx.db, cx.viewer, 100)?;
    let names = organizations::names_claimed(cx.db, cx.viewer, 100)?;
    Ok(html! {
        section aria-labelledby="h-claims" { h2 #h-claims { (w.t("stewards-claims")) }
            @if forms.is_empty() && names.is_empty() { p.quiet { (w.t("stewards-claims-none")) } }
            ul.rows {
                @for one in &forms { li { a href=(one.href()) { (one.name) } " · " (w.t(one.form.word())) } }
                @for (name, person) in &names { li { a href=(person.href()) { (person.name) } " · " (w.tf("claims-name", &[("name", name.as_str().into())])) } }
            }
        }
    })
}
