//! People join and write together.

use crate::world::{Browser, World, stories};
use site::{Form, Method};

stories! {
    a_source_is_cited_by_its_fields,
    what_was_brought_in_says_so_after_it_was_mended_here,
    programs_are_told_by_field_what_a_form_misses,
    changes_are_narrowed_to_what_is_looked_for,
    a_picture_is_brought_shown_and_a_false_one_is_not,
    stewards_withdraw_protect_and_undo_in_the_open,
    a_steward_withdraws_a_whole_page_and_its_address_says_so,
    the_first_steward_comes_by_the_link_and_lets_others_in,
    a_form_from_elsewhere_changes_nothing_and_gives_back_what_was_written,
    a_session_is_new_at_each_sign_in_and_ends_where_its_owner_says,
    a_recovery_code_opens_the_account_once,
    names_that_look_alike_and_many_accounts_at_once_are_refused,
    what_two_people_write_at_once_is_merged_or_shown_and_never_lost,
    a_page_is_renamed_there_and_back_and_takes_another_in,
    what_somebody_writes_runs_nowhere,
    who_is_blocked_protected_from_or_new_is_told_so_and_loses_nothing,
    a_draft_is_kept_for_its_author_alone,
    drafts_hold_all_fields_one_for_each_title_and_are_listed,
    a_translation_is_kept_as_a_draft_with_its_themes,
    a_text_that_is_too_long_or_says_nothing_comes_back_with_a_sentence,
    a_translation_is_of_a_revision_and_says_when_it_is_behind,
    a_translation_stands_beside_its_original_by_paragraph,
    what_somebody_published_goes_with_them_to_another_node,
    whoever_leaves_chooses_what_becomes_of_what_they_published,
    what_is_said_of_a_passage_stays_with_it_and_reaches_who_follows,
}

fn publish(browser: &mut Browser<'_>, page: &str, text: &str) -> crate::world::Answer {
    browser.send(
        &format!("/edit/{page}"),
        &[("text", text), ("do", "publish")],
    )
}

fn begin(browser: &mut Browser<'_>, title: &str, text: &str) {
    let fields = [
        ("title", title),
        ("text", text),
        ("language", "en"),
        ("do", "publish"),
    ];
    let answer = browser.send("/new", &fields);
    assert_eq!(answer.status, 303, "{}", answer.body);
}

/// Returns the text of a page as it is shown.
fn text(browser: &mut Browser<'_>, page: &str) -> String {
    browser.get(&format!("/source/{page}?raw=1")).body
}

fn the_first_steward_comes_by_the_link_and_lets_others_in(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    assert!(ana.get("/decisions").body.contains("Ana Paz"));
    assert_eq!(
        people::accounts::first_link(world.node()).expect("read"),
        None,
        "the commons has a steward"
    );
    let mut bo = world.member("Bo Lee");
    assert_eq!(bo.get("/stewards").status, 403);
    // By approval.
    let token = [("joining", "approval")];
    let mut request = ana.request(Method::Post, "/stewards/joining");
    request.form.fields = vec![
        (Form::TOKEN.to_owned(), form_token(&mut ana)),
        (token[0].0.to_owned(), token[0].1.to_owned()),
    ];
    assert_eq!(ana.ask(&request).status, 303);
    let mut cy = world.browser();
    let fields = [
        ("name", "Cy Ross"),
        ("phrase", "cuatro caballos comen"),
        ("way", "password"),
        ("words", "I mend radios."),
    ];
    assert!(
        cy.send("/join", &fields)
            .body
            .contains("A steward will decide")
    );
    assert_eq!(
        world.get("/people/cy-ross").status,
        404,
        "nobody sees who waits"
    );
    let refused = cy.send(
        "/new",
        &[("title", "Radio"), ("text", "Mended."), ("do", "publish")],
    );
    assert_eq!(refused.status, 403, "{}", refused.body);
    assert!(
        refused.body.contains("Mended."),
        "what was written is still there"
    );
    let desk = ana.get("/stewards").body;
    assert!(desk.contains("I mend radios."), "{desk}");
    assert!(
        ana.get("/inbox")
            .body
            .contains("Cy Ross waits to be let in")
    );
    let account = desk
        .split("name=\"account\" value=\"")
        .nth(1)
        .expect("an account")
        .split('"')
        .next()
        .expect("its id");
    let mut request = ana.request(Method::Post, "/stewards/waiting");
    request.form.fields = vec![
        (Form::TOKEN.to_owned(), form_token(&mut ana)),
        ("account".to_owned(), account.to_owned()),
        ("answer".to_owned(), "yes".to_owned()),
    ];
    assert_eq!(ana.ask(&request).status, 303);
    assert_eq!(world.get("/people/cy-ross").status, 200);
    begin(&mut cy, "Radio", "Mended.");
    world.assert_rebuilt();
}

fn form_token(browser: &mut Browser<'_>) -> String {
    let body = browser.get("/me").body;
    let found = body
        .split(&format!("name=\"{}\" value=\"", Form::TOKEN))
        .nth(1);
    found
        .expect("a token")
        .split('"')
        .next()
        .expect("its end")
        .to_owned()
}

fn a_form_from_elsewhere_changes_nothing_and_gives_back_what_was_written(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    begin(&mut ana, "Barn", "A barn.\n");
    let long = "What somebody wrote for a whole afternoon, to be lost by nobody.";
    let mut request = ana.request(Method::Post, "/edit/Barn");
    for (name, value) in [
        ("page", "Barn"),
        ("text", long),
        (
            "phrase",
            "a secret that is longer than forty characters, really",
        ),
        ("do", "publish"),
    ] {
        request
            .form
            .fields
            .push((name.to_owned(), value.to_owned()));
    }
    let answer = ana.ask(&request);
    assert_eq!(answer.status, 403);
    assert!(answer.body.contains(long), "{}", answer.body);
    assert!(!answer.body.contains("a secret"), "{}", answer.body);
    // With the token, and from another site's page.
    request
        .form
        .fields
        .push((Form::TOKEN.to_owned(), form_token(&mut ana)));
    request.origin = "https://evil.example".to_owned();
    assert_eq!(ana.ask(&request).status, 403);
    // With the token of another browser.
    let mut bo = world.member("Bo Lee");
    request.origin = String::new();
    request.form.fields.pop();
    request
        .form
        .fields
        .push((Form::TOKEN.to_owned(), form_token(&mut bo)));
    assert_eq!(ana.ask(&request).status, 403);
    assert_eq!(text(&mut ana, "Barn"), "A barn.\n");
}

fn a_session_is_new_at_each_sign_in_and_ends_where_its_owner_says(make: fn() -> World) {
    let world = make();
    let ana = world.member("Ana Paz");
    let session = |browser: &Browser<'_>| {
        let found = browser.cookies.iter().find(|(name, _)| name == "session");
        found.map(|(_, value)| value.clone())
    };
    let first = session(&ana).expect("a session");
    // Somebody plants a session of their choice into another browser: it is not taken over.
    let mut other = world.browser();
    other.cookies.push(("session".to_owned(), "p".repeat(52)));
    let fields = [
        ("handle", "ana-paz"),
        ("phrase", "cuatro caballos comen"),
        ("way", "password"),
    ];
    assert_eq!(other.send("/sign-in", &fields).status, 303);
    let second = session(&other).expect("a session");
    assert!(second != first && second != "p".repeat(52));
    let mut wrong = world.browser();
    let fields = [
        ("handle", "ana-paz"),
        ("phrase", "cuatro caballos duermen"),
        ("way", "password"),
    ];
    for _ in 0..8 {
        assert_eq!(wrong.send("/sign-in", &fields).status, 422);
    }
    let stopped = wrong.send("/sign-in", &fields);
    assert_eq!(stopped.status, 429, "{}", stopped.body);
    assert!(stopped.body.contains("tried too often"));
    // From elsewhere the owner still gets in, and ends all other sessions.
    let mut owner = world.browser();
    owner.address = "198.51.100.7".to_owned();
    let fields = [
        ("handle", "ana-paz"),
        ("phrase", "cuatro caballos comen"),
        ("way", "password"),
    ];
    assert_eq!(owner.send("/sign-in", &fields).status, 303);
    let mut request = owner.request(Method::Post, "/me/session");
    request.form.fields = vec![
        (Form::TOKEN.to_owned(), form_token(&mut owner)),
        ("others".to_owned(), "yes".to_owned()),
    ];
    assert_eq!(owner.ask(&request).status, 303);
    assert_eq!(owner.get("/me").status, 200);
    assert_eq!(other.get("/me").status, 401);
}

fn a_recovery_code_opens_the_account_once(make: fn() -> World) {
    let world = make();
    let mut browser = world.browser();
    let fields = [
        ("name", "Ana Paz"),
        ("phrase", "cuatro caballos comen"),
        ("way", "password"),
    ];
    let joined = browser.send("/join", &fields).body;
    let code = joined
        .split("<code>")
        .nth(1)
        .expect("a code")
        .split('<')
        .next()
        .expect("its end")
        .to_owned();
    let mut lost = world.browser();
    let fields = [
        ("handle", "ana-paz"),
        ("code", &code),
        ("phrase", "cinco gatos duermen"),
    ];
    // A phrase that is too short uses no code, and the code stays in its field.
    let short: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| {
            if *name == "phrase" {
                (*name, "short")
            } else {
                (*name, *value)
            }
        })
        .collect();
    let again = lost.send("/recover", &short);
    let code = fields
        .iter()
        .find(|(name, _)| *name == "code")
        .expect("a code")
        .1;
    assert!(
        again.status == 422 && again.body.contains(&format!("value=\"{code}\"")),
        "{}",
        again.body
    );
    assert_eq!(lost.send("/recover", &fields).status, 303);
    assert_eq!(lost.get("/me").status, 200);
    assert_eq!(browser.get("/me").status, 401, "all open sessions ended");
    let again = world.browser().send("/recover", &fields);
    assert_eq!(again.status, 422);
    assert!(again.body.contains("Codes work once"), "{}", again.body);
    let fields = [
        ("handle", "ana-paz"),
        ("phrase", "cuatro caballos comen"),
        ("way", "password"),
    ];
    assert_eq!(world.browser().send("/sign-in", &fields).status, 422);
}

fn names_that_look_alike_and_many_accounts_at_once_are_refused(make: fn() -> World) {
    let world = make();
    world.member("Maria Paz");
    let join = |name: &str, handle: &str| {
        let fields = [
            ("name", name),
            ("handle", handle),
            ("phrase", "cuatro caballos comen"),
            ("way", "password"),
        ];
        let mut browser = world.browser();
        browser.address = "198.51.100.9".to_owned();
        browser.send("/join", &fields)
    };
    for (name, handle, said) in [
        ("Rna Ria", "rnaria-paz", "somebody else’s, or looks like it"),
        (
            "M\u{430}ria Paz",
            "m-paz",
            "mixes letters of several scripts",
        ),
        ("Maria P\u{200b}az", "m-paz", "signs that cannot be seen"),
        ("Rnaria Paz", "m-paz", "looks like somebody else’s name"),
    ] {
        let answer = join(name, handle);
        assert_eq!(answer.status, 422, "{name}");
        assert!(answer.body.contains(said), "{name}: {}", answer.body);
    }
    // One of the same name is welcome: addresses tell them apart.
    assert_eq!(join("Maria Paz", "maria-of-otavalo").status, 200);
    let mut made = 0;
    let last = loop {
        let answer = join(
            "Visitor",
            &format!(
                "visitor{}",
                ["a", "b", "c", "d", "e", "f", "g", "h", "k", "m", "n", "p"][made]
            ),
        );
        if answer.status != 200 {
            break answer;
        }
        made += 1;
    };
    let coded = join_with(&world, "no-such-code");
    assert!(
        coded.body.contains("tried too often"),
        "a code that is none opens no door: {}",
        coded.body
    );
    assert!(
        made < 11 && last.body.contains("tried too often"),
        "{made}: {}",
        last.body
    );
}

fn what_two_people_write_at_once_is_merged_or_shown_and_never_lost(make: fn() -> World) {
    let world = make();
    let (mut ana, mut bo) = (world.member("Ana Paz"), world.member("Bo Lee"));
    begin(
        &mut ana,
        "Oven",
        "An oven of clay.\n\nIt bakes bread.\n\nLet it dry for two weeks.\n",
    );
    let opened = bo.get("/edit/Oven");
    assert_eq!(opened.status, 200);
    let base = opened
        .body
        .split("name=\"base\" value=\"")
        .nth(1)
        .expect("a base")
        .split('"')
        .next()
        .expect("its end")
        .to_owned();
    assert_eq!(
        publish(
            &mut ana,
            "Oven",
            "An oven of clay.\n\nIt bakes bread.\n\nLet it dry for three weeks.\n"
        )
        .status,
        303
    );
    let old = [
        ("base", &*base),
        (
            "text",
            "A good oven of clay.\n\nIt bakes bread.\n\nLet it dry for two weeks.\n",
        ),
        ("do", "publish"),
    ];
    assert_eq!(bo.send("/edit/Oven", &old).status, 303);
    assert_eq!(
        text(&mut bo, "Oven"),
        "A good oven of clay.\n\nIt bakes bread.\n\nLet it dry for three weeks.\n"
    );
    let same = [
        ("base", &*base),
        (
            "text",
            "An oven of clay.\n\nIt bakes bread.\n\nLet it dry for ten days.\n",
        ),
        ("do", "publish"),
    ];
    let conflict = bo.send("/edit/Oven", &same);
    assert_eq!(conflict.status, 409);
    for part in [
        "A good oven of clay.",
        "Let it dry for ten days.",
        "Let it dry for three weeks.",
    ] {
        assert!(conflict.body.contains(part), "{part}: {}", conflict.body);
    }
    // Place by place: mine, theirs, both, and both where nothing was chosen; then it is looked at once more.
    let marked = "<<<<<<< yours\nTen days.\n=======\nThree weeks.\n>>>>>>> theirs\n";
    for (chosen, left) in [
        (Some("ours"), "\nTen days.\n</textarea>"),
        (Some("theirs"), "\nThree weeks.\n</textarea>"),
        (Some("both"), "\nTen days.\n\nThree weeks.\n</textarea>"),
        (None, "\nTen days.\n\nThree weeks.\n</textarea>"),
    ] {
        let mut fields = vec![("base", &*base), ("text", marked), ("do", "settle")];
        fields.extend(chosen.map(|chosen| ("place-0", chosen)));
        let settled = bo.send("/edit/Oven", &fields);
        assert_eq!(settled.status, 200, "{}", settled.body);
        assert!(
            settled.body.contains(left) && settled.body.contains("not published yet"),
            "{chosen:?}: {}",
            settled.body
        );
    }
    assert!(conflict.body.contains("name=\"place-0\" value=\"theirs\""));
    let marked = bo.send(
        "/edit/Oven",
        &[
            ("text", "<<<<<<< yours\nx\n=======\ny\n>>>>>>> theirs\n"),
            ("do", "publish"),
        ],
    );
    assert_eq!(marked.status, 422);
    assert_eq!(
        text(&mut bo, "Oven"),
        "A good oven of clay.\n\nIt bakes bread.\n\nLet it dry for three weeks.\n"
    );
    assert!(
        bo.get("/care").body.contains("0") && !bo.get("/history/Oven").body.contains("conflict")
    );
    let history = bo.get("/history/Oven").body;
    assert!(
        history.contains("href=\"/people/ana-paz\"") && history.contains("href=\"/people/bo-lee\""),
        "{history}"
    );
    let blame = bo.get("/blame/Oven").body;
    assert!(blame.contains("It bakes bread."), "{blame}");
    world.assert_rebuilt();
}

fn a_page_is_renamed_there_and_back_and_takes_another_in(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    begin(&mut ana, "Bread oven", "An oven of clay.\n");
    for (from, to) in [
        ("Bread_oven", "Clay oven"),
        ("Clay_oven", "Bread oven"),
        ("Bread_oven", "Clay oven"),
    ] {
        let renamed = ana.send(&format!("/rename/{from}"), &[("title", to)]);
        assert_eq!(renamed.status, 303, "{}", renamed.body);
        assert_eq!(renamed.to, format!("/articles/{}", to.replace(' ', "_")));
        let led = ana.get(&format!("/articles/{from}"));
        assert_eq!(led.status, 302, "{from}");
        assert!(led.to.starts_with(&renamed.to), "{}", led.to);
    }
    // A title that leads here over several steps is taken over too.
    let renamed = ana.send("/rename/Clay_oven", &[("title", "Adobe oven")]);
    assert_eq!(renamed.status, 303, "{}", renamed.body);
    let renamed = ana.send("/rename/Adobe_oven", &[("title", "Bread oven")]);
    assert_eq!(renamed.status, 303, "{}", renamed.body);
    for from in ["Adobe_oven", "Clay_oven"] {
        let led = ana.get(&format!("/articles/{from}")).to;
        assert!(led.starts_with("/articles/Bread_oven?"), "{from}: {led}");
    }
    let renamed = ana.send("/rename/Bread_oven", &[("title", "Clay oven")]);
    assert_eq!(renamed.status, 303, "{}", renamed.body);
    // A page does not take in itself, nor what leads to it.
    for own in ["Clay_oven", "Bread_oven"] {
        let itself = ana.get(&format!("/edit/Clay_oven?takes-in={own}"));
        assert_eq!(itself.status, 422);
        assert!(
            itself.body.contains("there is nothing to take in"),
            "{}",
            itself.body
        );
    }
    assert!(
        ana.get("/articles/Clay_oven")
            .body
            .contains("\"/rename/Clay_oven\"")
    );
    let told = world.ask("/history/Clay_oven", "es", "text/html").body;
    assert!(
        told.contains("Se llamaba «Bread oven»") && !told.contains("Was “"),
        "{told}"
    );
    begin(&mut ana, "Kiln", "A kiln is hotter.\n");
    begin(&mut ana, "KILN", "Two of one.\n");
    let same = ana.get("/care/same").body;
    assert!(same.contains("/edit/Kiln?takes-in=KILN"), "{same}");
    let page = ana.get("/edit/Kiln?takes-in=KILN").body;
    let hash = page.split("name=\"base\" value=\"").nth(1).expect("a base");
    let hash = hash.split('"').next().expect("its end");
    let itself = [
        ("takes-in", "Kiln"),
        ("takes-in-hash", hash),
        ("do", "publish"),
    ];
    let refused = ana.send("/edit/Kiln?takes-in=KILN", &itself);
    assert!(
        refused.status == 403 && refused.body.contains("nothing to take in"),
        "{}",
        refused.body
    );
    let taken = ana.send("/rename/Kiln", &[("title", "Clay oven")]);
    assert_eq!(taken.status, 422);
    assert!(
        taken.body.contains("There is a page “Clay oven” already"),
        "{}",
        taken.body
    );
    let page = ana.get("/edit/Clay_oven?takes-in=Kiln").body;
    assert!(
        page.contains("An oven of clay.\n\n\nA kiln is hotter.")
            || page.contains("An oven of clay.\n\nA kiln is hotter."),
        "{page}"
    );
    assert!(
        page.contains("Take “Kiln” into “Clay oven”")
            && page.contains("becomes a redirect to this page"),
        "{page}"
    );
    let answer = ana.send("/edit/Clay_oven?takes-in=Kiln", &[("do", "publish")]);
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert!(text(&mut ana, "Clay_oven").contains("A kiln is hotter."));
    assert_eq!(ana.get("/articles/Kiln").status, 302);
    assert!(
        ana.get("/history/Kiln?redirect=no")
            .body
            .contains("2 revisions")
    );
    world.assert_rebuilt();
}

fn what_somebody_writes_runs_nowhere(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    let evil = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'>";
    begin(
        &mut ana,
        "Barn",
        &format!("{evil}\n\n[x](javascript:alert(1)) <a href=\"javascript:alert(1)\">y</a>\n"),
    );
    let fields = [
        ("summary", evil),
        ("categories", evil),
        ("machine", evil),
        ("provenance", "machine-assisted"),
        ("text", "Once more.\n"),
        ("do", "publish"),
    ];
    assert_eq!(ana.send("/edit/Barn", &fields).status, 303);
    let fields = [
        ("name", "Ana Paz"),
        ("handle", "ana-paz"),
        ("about", evil),
        ("place", evil),
        ("skills", evil),
        ("themes", evil),
        ("seeking", evil),
        ("offering", evil),
    ];
    assert_eq!(ana.send("/me/profile", &fields).status, 303);
    let linked = ana.send("/me/profile", &[("links", "javascript:alert(1)")]);
    assert_eq!(linked.status, 422);
    let old = ana.get("/history/Barn").body;
    let first = old
        .split("?revision=")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("an old revision")
        .to_owned();
    for path in [
        "/articles/Barn",
        "/history/Barn",
        "/diff/Barn",
        "/blame/Barn",
        "/changes",
        "/people",
        "/people/ana-paz",
        "/me/profile",
        "/feeds/changes.atom",
        &format!("/edit/Barn?revision={first}"),
        &format!("/edit/Barn?undo={first}"),
        "/all",
        "/",
        "/people?skill=%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/join?code=%22%3E%3Cscript%3E",
        "/sign-in?next=%22%3E%3Cscript%3E",
    ] {
        let body = ana.get(path).body;
        for bad in [
            "<script>alert",
            "<img src=x",
            "<a href=\"javascript:",
            "onerror=alert(1)>\"",
            "\"><script>",
        ] {
            assert!(!body.contains(bad), "{path} has {bad}");
        }
    }
    let preview = ana
        .send("/edit/Barn", &[("text", evil), ("do", "preview")])
        .body;
    assert!(
        !preview.contains("<script>alert") && !preview.contains("<img src=x"),
        "{preview}"
    );
    world.assert_rebuilt();
}

fn who_is_blocked_protected_from_or_new_is_told_so_and_loses_nothing(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    let mut bo = world.member("Bo Lee");
    begin(&mut bo, "Barn", "A barn.\n");
    let spam: String = (0..12)
        .map(|n| format!("https://shop{n}.example/ "))
        .collect();
    let many = publish(&mut bo, "Barn", &spam);
    assert_eq!(many.status, 403);
    assert!(
        many.body.contains("brings many addresses")
            && many.body.contains("https://shop11.example/"),
        "{}",
        many.body
    );
    let mut number = 1;
    let fast = loop {
        let answer = publish(&mut bo, "Barn", &format!("A barn of {number} beams.\n"));
        if answer.status != 303 {
            break answer;
        }
        number += 1;
    };
    assert_eq!((number, fast.status), (15, 403));
    assert!(fast.body.contains("A barn of 15 beams."), "{}", fast.body);
    let did = people_did(&mut ana, "bo-lee");
    let mut decide = |fields: &[(&str, &str)]| {
        let mut request = ana.request(Method::Post, "/stewards/decide");
        request.form.fields = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        request
            .form
            .fields
            .push((Form::TOKEN.to_owned(), form_token(&mut ana)));
        ana.ask(&request)
    };
    assert_eq!(
        decide(&[("act", "block"), ("about", &did)]).status,
        403,
        "without a reason"
    );
    assert_eq!(
        decide(&[("act", "block"), ("about", &did), ("reason", "advertises")]).status,
        303
    );
    let blocked = bo.send(
        "/new",
        &[("title", "Shop"), ("text", "Buy."), ("do", "publish")],
    );
    assert_eq!(blocked.status, 403);
    assert!(
        blocked.body.contains("may not publish") && blocked.body.contains("Buy."),
        "{}",
        blocked.body
    );
    assert!(world.get("/decisions").body.contains("advertises"));
    world.assert_rebuilt();
}

fn people_did(browser: &mut Browser<'_>, handle: &str) -> String {
    let body = browser.get(&format!("/people/{handle}")).body;
    let found = body.split("name=\"about\" value=\"").nth(1);
    found
        .expect("the steward's box")
        .split('"')
        .next()
        .expect("its end")
        .to_owned()
}

fn a_draft_is_kept_for_its_author_alone(make: fn() -> World) {
    let world = make();
    let (mut ana, mut bo) = (world.member("Ana Paz"), world.member("Bo Lee"));
    begin(&mut ana, "Barn", "A barn.\n");
    assert_eq!(
        ana.send("/edit/Barn", &[("text", "A red barn.\n"), ("do", "draft")])
            .status,
        200
    );
    assert!(ana.get("/edit/Barn").body.contains("A red barn."));
    assert!(!bo.get("/edit/Barn").body.contains("A red barn."));
    assert_eq!(ana.send("/edit/Barn", &[("do", "publish")]).status, 303);
    assert_eq!(text(&mut ana, "Barn"), "A red barn.\n");
    assert!(!ana.get("/edit/Barn").body.contains("Your draft"));
}

fn drafts_hold_all_fields_one_for_each_title_and_are_listed(make: fn() -> World) {
    let world = make();
    let (mut ana, mut bo) = (world.member("Ana Paz"), world.member("Bo Lee"));
    begin(&mut ana, "Barn", "A barn.\n\n## Roof\n\nOf straw.\n");
    let filled = [
        ("title", "Clay oven"),
        ("text", "An oven of clay."),
        ("categories", "Bread, Fire"),
        ("licence", "CC0-1.0"),
        ("language", "qu"),
        ("provenance", "machine-assisted"),
        ("machine", "a corrector"),
        ("summary", "begun"),
    ];
    let mut fields = filled.to_vec();
    fields.push(("do", "draft"));
    assert_eq!(ana.send("/new", &fields).status, 200);
    let other = ana.get("/new?title=Another").body;
    assert!(!other.contains("An oven of clay."), "{other}");
    assert!(
        other.contains("value=\"Another\"") && other.contains("One kept draft"),
        "{other}"
    );
    // What is sent of the form again is what was kept.
    let again = [("title", "Clay oven, and bread"), ("do", "draft")];
    assert_eq!(ana.send("/new?title=Clay+oven", &again).status, 200);
    let list = ana.get("/drafts").body;
    assert!(
        list.contains("Clay oven, and bread") && list.contains("An oven of clay."),
        "{list}"
    );
    assert!(!list.contains("\"/new?title=Clay%20oven\""), "{list}");
    let form = ana.get("/new?title=Clay+oven,+and+bread").body;
    for (name, value) in &filled[2..] {
        assert!(
            form.contains(&format!("value=\"{value}\"")) || *name == "language",
            "{name}: {form}"
        );
    }
    assert!(form.contains("value=\"CC0-1.0\" selected"), "{form}");
    assert!(
        form.contains("value=\"machine-assisted\" checked"),
        "{form}"
    );
    // A section is kept within its page.
    let roof = [("text", "## Roof\n\nOf tiles.\n"), ("do", "draft")];
    assert_eq!(ana.send("/edit/Barn?section=Roof", &roof).status, 200);
    let form = ana.get("/edit/Barn").body;
    assert!(
        form.contains("A barn.") && form.contains("Of tiles."),
        "{form}"
    );
    assert!(!bo.get("/drafts").body.contains("Barn"));
    let dropped = ana.send_from("/drafts", "/drafts/drop", &[]);
    assert_eq!((dropped.status, dropped.to.as_str()), (303, "/drafts"));
    assert!(!ana.get("/edit/Barn").body.contains("Of tiles."));
    let published = ana.send("/new?title=Clay+oven,+and+bread", &[("do", "publish")]);
    assert_eq!(published.status, 303, "{}", published.body);
    assert!(ana.get("/drafts").body.contains("You have no drafts"));
    assert_eq!(
        world.get("/drafts").status,
        200,
        "who is not signed in is told how"
    );
    for number in 0..100 {
        let title = format!("Page {number}");
        let kept = [("title", &*title), ("text", "A text."), ("do", "draft")];
        assert_eq!(bo.send("/new", &kept).status, 200, "{number}");
    }
    let fields = [("title", "One more"), ("text", "A text."), ("do", "draft")];
    let many = bo.send("/new", &fields);
    assert_eq!(many.status, 403);
    assert!(
        many.body.contains("at most 100 drafts") && many.body.contains("A text."),
        "{}",
        many.body
    );
    // Who is blocked keeps what there is, and nothing new.
    let did = people_did(&mut ana, "bo-lee");
    let mut request = ana.request(Method::Post, "/stewards/decide");
    for (name, value) in [("act", "block"), ("about", &*did), ("reason", "advertises")] {
        request
            .form
            .fields
            .push((name.to_owned(), value.to_owned()));
    }
    let token = form_token(&mut ana);
    request.form.fields.push((Form::TOKEN.to_owned(), token));
    assert_eq!(ana.ask(&request).status, 303);
    let no = bo.send("/new", &fields);
    assert_eq!(no.status, 403);
    assert!(no.body.contains("keep no new drafts"), "{}", no.body);
    let kept = [("text", "A longer text."), ("do", "draft")];
    assert_eq!(bo.send("/new?title=Page+7", &kept).status, 200);
}

fn a_translation_is_kept_as_a_draft_with_its_themes(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    begin(&mut ana, "Straw", "Straw binds.\n");
    let fields = [
        ("title", "Paja"),
        ("text", "La paja une.\n"),
        ("categories", "Materiales"),
        ("do", "draft"),
    ];
    assert_eq!(ana.send("/translate/Straw?to=es", &fields).status, 200);
    assert!(ana.get("/drafts").body.contains("/translate/Straw?to=es"));
    let made = ana.send("/translate/Straw?to=es", &[("do", "publish")]);
    assert_eq!(
        (made.status, &*made.to),
        (303, "/articles/Paja"),
        "{}",
        made.body
    );
    assert_eq!(text(&mut ana, "Paja"), "La paja une.\n");
    assert!(
        ana.get("/articles/Paja")
            .body
            .contains("/categories/Materiales")
    );
    assert!(ana.get("/drafts").body.contains("You have no drafts"));
}

fn a_text_that_is_too_long_or_says_nothing_comes_back_with_a_sentence(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    begin(&mut ana, "Barn", "A barn.\n");
    let long = "a word ".repeat(20 << 20 >> 3);
    let answer = publish(&mut ana, "Barn", &long);
    assert_eq!(answer.status, 422);
    assert!(
        answer.body.contains("over 4 MiB") && answer.body.len() > long.len(),
        "what was written comes back"
    );
    for (text, said) in [
        (" ", "There is no text yet."),
        ("x[^2]\n", "Line 1 cites footnote 2"),
    ] {
        let answer = publish(&mut ana, "Barn", text);
        assert_eq!(answer.status, 422);
        assert!(answer.body.contains(said), "{}", answer.body);
    }
    let unnamed = ana.send(
        "/edit/Barn",
        &[("provenance", "machine-assisted"), ("do", "publish")],
    );
    assert!(
        unnamed.body.contains("Write its name and what it did"),
        "{}",
        unnamed.body
    );
    assert_eq!(text(&mut ana, "Barn"), "A barn.\n");
}

fn a_translation_is_of_a_revision_and_says_when_it_is_behind(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    begin(&mut ana, "Straw", "Straw binds.\n");
    begin(&mut ana, "Barn", "A barn of [straw](wiki:Straw).\n");
    let made = ana.send(
        "/translate/Barn?to=es",
        &[
            ("title", "Granero"),
            ("text", "Un granero de [paja](wiki:Straw).\n"),
        ],
    );
    assert_eq!(
        (made.status, made.to.as_str()),
        (303, "/articles/Granero"),
        "{}",
        made.body
    );
    let barn = ana.get("/articles/Barn").body;
    assert!(
        barn.contains("href=\"/articles/Granero\" lang=\"es\""),
        "{barn}"
    );
    // The page of the translation names who wrote what, and of which revision.
    let granero = ana.get("/articles/Granero").body;
    let margin = granero
        .split("A translation of")
        .nth(1)
        .expect("its original");
    let margin = margin.split("</p>").next().expect("its end");
    assert!(
        margin.contains("its revision 1")
            && margin.contains("?revision=")
            && margin.contains("Ana Paz"),
        "{margin}"
    );
    // Its links stay in its language as soon as there is somewhere to go.
    let granero = ana.get("/articles/Granero").body;
    assert!(granero.contains("href=\"/articles/Straw\""), "{granero}");
    let made = ana.send(
        "/translate/Straw?to=es",
        &[("title", "Paja"), ("text", "La paja une.\n")],
    );
    assert_eq!(made.status, 303);
    let granero = ana.get("/articles/Granero").body;
    assert!(
        granero.contains("<a href=\"/articles/Paja\">paja</a>"),
        "{granero}"
    );
    assert!(!granero.contains("was changed since"), "{granero}");
    assert_eq!(
        publish(
            &mut ana,
            "Barn",
            "A barn of [straw](wiki:Straw) and clay.\n"
        )
        .status,
        303
    );
    let granero = ana.get("/articles/Granero").body;
    assert!(
        granero.contains("changed since its first revision"),
        "{granero}"
    );
    let side = ana.get("/translate/Barn?to=es").body;
    assert!(
        side.contains("<ins>") && side.contains("Un granero de"),
        "{side}"
    );
    // The title may change; the translation goes on being one.
    assert_eq!(
        ana.send("/rename/Barn", &[("title", "Old barn")]).status,
        303
    );
    let next = ana.send(
        "/translate/Old_barn?to=es",
        &[("text", "Un granero de [paja](wiki:Straw) y barro.\n")],
    );
    assert_eq!(next.status, 303, "{}", next.body);
    let granero = ana.get("/articles/Granero").body;
    assert!(
        !granero.contains("was changed since") && granero.contains("y barro"),
        "{granero}"
    );
    assert!(
        granero.contains("href=\"/articles/Old_barn\" lang=\"en\""),
        "{granero}"
    );
    let same = ana.send("/translate/Straw?to=qu", &[("title", "Ichu")]);
    assert!(
        same.body.contains("The text is the original still"),
        "{}",
        same.body
    );
    let mut spanish = ana.request(Method::Get, "/translate/Straw?to=qu");
    spanish.accept_language = "es".to_owned();
    let told = ana.ask(&spanish).body;
    assert!(told.contains("«Straw» en kichwa"), "{told}");
    // A reader of Spanish is told what there is.
    let told = world.ask("/articles/Straw", "es", "text/html").body;
    assert!(
        told.contains("Esta página también está en su lengua"),
        "{told}"
    );
    let told = world.ask("/articles/Granero", "en", "text/html").body;
    assert!(
        told.contains("This page stands in your language too"),
        "{told}"
    );
    world.assert_rebuilt();
}

fn what_somebody_published_goes_with_them_to_another_node(make: fn() -> World) {
    let world = make();
    let (mut ana, mut bo) = (world.member("Ana Paz"), world.member("Bo Lee"));
    begin(&mut ana, "Barn", "A barn.\n");
    assert_eq!(publish(&mut bo, "Barn", "A red barn.\n").status, 303);
    begin(&mut bo, "Kiln", "A kiln.\n");
    begin(&mut ana, "Mill", "A mill.\n");
    let did = people_did(&mut ana, "bo-lee");
    let did = record::Did::parse(&did).expect("a key");
    let bundle = world.node().export_of(&did).expect("exported");
    let file = world.folder().join("bo.bundle");
    std::fs::write(&file, &bundle).expect("written");
    let verified = store::verify(&file).expect("whole");
    // Bo's person, two revisions, the one by Ana that the first goes on from, and who she is.
    assert_eq!(
        (verified.records, verified.valid, verified.invalid.len()),
        (5, 5, 0)
    );
    let other = make();
    let taken = other.node().import_bundle(&file, |_| ()).expect("taken in");
    assert_eq!((taken.added, taken.refused.len()), (5, 0), "{taken:?}");
    let barn = other.get("/articles/Barn").body;
    assert!(
        barn.contains("Ana Paz"),
        "whoever wrote along is named: {barn}"
    );
    assert!(other.get("/articles/Barn").body.contains("A red barn."));
    assert_eq!(other.get("/articles/Kiln").status, 200);
    assert_eq!(other.get("/articles/Mill").status, 404);
    assert_eq!(other.get("/people/bo-lee").status, 200);
    other.assert_rebuilt();
    // Nothing private is in it.
    let desk = bo.get("/me/export/desk").body;
    assert!(desk.contains("\"handle\": \"bo-lee\""), "{desk}");
}

fn leave(browser: &mut Browser<'_>, choice: &str) -> crate::world::Answer {
    let fields = [("choice", choice), ("phrase", "cuatro caballos comen")];
    browser.send("/me/leave", &fields)
}

fn whoever_leaves_chooses_what_becomes_of_what_they_published(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    assert_eq!(
        leave(&mut ana, "keep").status,
        422,
        "a commons keeps one steward at least"
    );
    for (name, handle, choice) in [
        ("Keeper", "keeper", "keep"),
        ("Nobody", "nobody", "nameless"),
        ("Taker", "taker", "withdraw"),
    ] {
        let mut one = world.member(name);
        begin(&mut one, &format!("Own {handle}"), "Mine alone.\n");
        begin(&mut one, &format!("Ours {handle}"), "Mine first.\n");
        let page = format!("Ours_{handle}");
        assert_eq!(
            publish(&mut ana, &page, "Mine first, and then ours.\n").status,
            303
        );
        assert_eq!(
            one.send(
                &format!("/edit/{page}"),
                &[("text", "A draft.\n"), ("do", "draft")]
            )
            .status,
            200
        );
        let wrong = one.send("/me/leave", &[("choice", choice), ("phrase", "no")]);
        assert_eq!(wrong.status, 422);
        let left = leave(&mut one, choice);
        assert_eq!(left.status, 200, "{}", left.body);
        assert_eq!(one.get("/me").status, 401);
        let own = world.get(&format!("/articles/Own_{handle}"));
        let person = world.get(&format!("/people/{handle}")).status;
        let history = world.get(&format!("/history/{page}")).body;
        assert!(
            world
                .get(&format!("/articles/{page}"))
                .body
                .contains("and then ours")
        );
        match choice {
            "keep" => {
                assert_eq!((own.status, person), (200, 200));
                assert!(history.contains("Keeper"), "{history}");
            }
            "nameless" => {
                assert_eq!((own.status, person), (200, 404));
                assert!(
                    history.contains("somebody who left") && !history.contains("Nobody"),
                    "{history}"
                );
            }
            _ => {
                assert_eq!((own.status, person), (410, 404));
                assert!(
                    history.contains("Withdrawn") || history.contains("withdrawn"),
                    "{history}"
                );
            }
        }
    }
    // Nothing is left on the desk, and the tables are as the log says.
    let left = world.node().store().read(|db| {
        let mut left = 0;
        for table in ["accounts", "sessions", "recovery_codes", "kept_drafts"] {
            left += db.number(
                &format!(
                    "SELECT COUNT(DISTINCT {}) FROM {table}",
                    if table == "accounts" { "id" } else { "account" }
                ),
                &[],
            )?;
        }
        Ok::<_, store::StoreError>(left)
    });
    assert_eq!(left.expect("read"), 3, "Ana's account, session and codes");
    world.assert_rebuilt();
}

fn what_is_said_of_a_passage_stays_with_it_and_reaches_who_follows(make: fn() -> World) {
    let world = make();
    let (mut ana, mut bo) = (world.member("Ana Paz"), world.member("Bo Lee"));
    begin(
        &mut ana,
        "Oven",
        "Mix clay, sand and straw.\n\nLet the oven dry for two weeks in the shade.\n",
    );
    assert!(
        ana.get("/following").body.contains("Oven"),
        "whoever writes follows"
    );
    let page = "/discussion/article:Oven";
    let wrong = bo.send(page, &[("text", "Really?"), ("passage", "no such words")]);
    assert!(
        wrong.body.contains("The text does not say this"),
        "{}",
        wrong.body
    );
    let said = bo.send(
        page,
        &[
            ("text", "Two weeks are **short**."),
            ("passage", "dry for two\nweeks in the shade"),
        ],
    );
    assert_eq!(said.status, 303, "{}", said.body);
    assert!(ana.get("/articles/Oven").body.contains("Discussion (1)"));
    people::notices::catch_up(world.node()).expect("told");
    assert!(ana.get("/inbox").body.contains("Discussion: Oven (Bo Lee)"));
    assert!(!bo.get("/inbox").body.contains("Discussion: Oven"));
    let talk = ana.get(page).body;
    assert!(
        talk.contains("<strong>short</strong>") && talk.contains("In the text"),
        "{talk}"
    );
    let id = talk
        .split("?answers=")
        .nth(1)
        .expect("a link")
        .split(['#', '"'])
        .next()
        .expect("its end");
    let answered = ana.send(
        &format!("{page}?answers={id}"),
        &[("text", "In the rain, yes.")],
    );
    assert_eq!(answered.status, 303, "{}", answered.body);
    let edited = "New first.\n\nMix clay, sand and straw.\n\nLet the oven dry for three weeks in the shade.\n";
    assert_eq!(publish(&mut ana, "Oven", edited).status, 303);
    let talk = bo.get(page).body;
    assert!(
        talk.contains("changed") && talk.contains("dry for three weeks in the shade"),
        "{talk}"
    );
    assert_eq!(publish(&mut ana, "Oven", "Buy one.\n").status, 303);
    let talk = bo.get(page).body;
    assert!(
        talk.contains("The passage is not in the text any more")
            && talk.contains("dry for two weeks"),
        "{talk}"
    );
    people::notices::catch_up(world.node()).expect("told");
    assert_eq!(people::notices::catch_up(world.node()).expect("told"), 0);
    let inbox = bo.get("/inbox").body;
    assert!(
        inbox.contains("Discussion: Oven (Ana Paz)") && inbox.contains("Changed: Oven"),
        "{inbox}"
    );
    // What is withdrawn is gone; the answer stays and says so.
    assert_eq!(bo.send_from(page, "/remarks/withdraw", &[]).status, 303);
    let talk = bo.get(page).body;
    assert!(
        !talk.contains("<strong>short</strong>") && talk.contains("In the rain, yes."),
        "{talk}"
    );
    assert!(
        talk.contains("Answers a remark that was withdrawn"),
        "{talk}"
    );
    world.assert_rebuilt();
}

fn stewards_withdraw_protect_and_undo_in_the_open(make: fn() -> World) {
    let world = make();
    let (mut ana, mut bo) = (world.member("Ana Paz"), world.member("Bo Lee"));
    begin(&mut ana, "Barn", "A barn.\n");
    assert_eq!(
        publish(&mut bo, "Barn", "A secret stood here.\n").status,
        303
    );
    assert!(
        !bo.get("/diff/Barn").body.contains("action=\"/hide/Barn\""),
        "stewards alone"
    );
    let unsaid = ana.send_from("/diff/Barn", "/hide/Barn", &[]);
    // Without a reason it is asked for, with all else kept.
    assert_eq!(unsaid.status, 422, "{}", unsaid.body);
    assert!(
        unsaid.body.contains("name=\"revision\"") && unsaid.body.contains("action=\"/hide/Barn\""),
        "{}",
        unsaid.body
    );
    let hidden = ana.send_from("/diff/Barn", "/hide/Barn", &[("reason", "names somebody")]);
    assert_eq!(hidden.status, 303, "{}", hidden.body);
    assert_eq!(text(&mut bo, "Barn"), "A barn.\n");
    let history = bo.get("/history/Barn").body;
    assert!(
        history.contains("withdrawn") || history.contains("Withdrawn"),
        "{history}"
    );
    let decided = world.get("/decisions").body;
    assert!(decided.contains("names somebody"));
    assert!(
        decided.contains("withdrew a revision of <a href=\"/things/")
            && decided.contains(">Barn</a>"),
        "{decided}"
    );
    let unsaid = ana.send_from("/history/Barn", "/protect/Barn", &[("act", "protect")]);
    assert!(
        unsaid.status == 422 && unsaid.body.contains("name=\"act\" value=\"protect\""),
        "{}",
        unsaid.body
    );
    let protect = [("reason", "a quarrel"), ("act", "protect")];
    assert_eq!(
        ana.send_from("/history/Barn", "/protect/Barn", &protect)
            .status,
        303
    );
    // The next revision is compared with the last that is left.
    assert_eq!(publish(&mut ana, "Barn", "A barn, again.\n").status, 303);
    let last = bo.get("/diff/Barn");
    assert!(
        last.status == 200 && last.body.contains("<ins>barn, again.</ins>"),
        "{}",
        last.body
    );
    let refused = publish(&mut bo, "Barn", "Mine.\n");
    assert_eq!(refused.status, 403);
    assert!(
        refused.body.contains("a quarrel") && refused.body.contains("Mine."),
        "{}",
        refused.body
    );
    assert_eq!(
        publish(&mut ana, "Barn", "A barn, as agreed.\n").status,
        303
    );
    let open = [("reason", "settled"), ("act", "unprotect")];
    assert_eq!(
        ana.send_from("/history/Barn", "/protect/Barn", &open)
            .status,
        303
    );
    // Everything by one person.
    assert_eq!(publish(&mut bo, "Barn", "Buy.\n").status, 303);
    begin(&mut bo, "Shop", "Buy more.\n");
    assert_eq!(
        bo.send("/discussion/article:Barn", &[("text", "Buy here.")])
            .status,
        303
    );
    let did = people_did(&mut ana, "bo-lee");
    let page = ana.send("/contributions/bo-lee", &[("reason", "advertises")]);
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(
        page.body.contains("2 pages were brought back"),
        "{}",
        page.body
    );
    assert_eq!(text(&mut ana, "Barn"), "A barn, as agreed.\n");
    assert_eq!(world.get("/articles/Shop").status, 410);
    assert!(
        !world
            .get("/discussion/article:Barn")
            .body
            .contains("Buy here.")
    );
    assert!(did.starts_with("did:key:"));
    assert_eq!(bo.get("/contributions/ana-paz").status, 200);
    assert!(
        !bo.get("/contributions/ana-paz")
            .body
            .contains("method=\"post\" action=\"/contributions")
    );
    world.assert_rebuilt();
}

fn a_steward_withdraws_a_whole_page_and_its_address_says_so(make: fn() -> World) {
    let world = make();
    let (mut ana, mut bo) = (world.member("Ana Paz"), world.member("Bo Lee"));
    begin(&mut bo, "Shop", "Buy.\n");
    for page in ["/articles/Shop", "/history/Shop"] {
        assert!(ana.get(page).body.contains("\"/withdraw/Shop\""), "{page}");
        assert!(!bo.get(page).body.contains("/withdraw/Shop"), "{page}");
    }
    assert_eq!(bo.get("/withdraw/Shop").status, 403);
    let unsaid = ana.send("/withdraw/Shop", &[]);
    assert_eq!(unsaid.status, 422, "{}", unsaid.body);
    let done = ana.send("/withdraw/Shop", &[("reason", "advertises")]);
    assert_eq!((done.status, &*done.to), (303, "/articles/Shop"));
    let gone = ana.get("/articles/Shop");
    assert_eq!(gone.status, 410);
    for said in [
        "was withdrawn",
        "by Ana Paz, who looks after",
        "advertises",
        "/new?title=Shop",
    ] {
        assert!(gone.body.contains(said), "{said}: {}", gone.body);
    }
    assert!(!gone.body.contains("Nobody has written"), "{}", gone.body);
    for address in [
        "/history/Shop",
        "/source/Shop",
        "/wiki/Shop",
        "/articles/shop",
    ] {
        assert_eq!(world.get(address).status, 410, "{address}");
    }
    let told = world.ask("/api/v1/articles/Shop", "en", "application/json");
    assert!(
        told.status == 410 && told.body.contains("/problems/withdrawn"),
        "{}",
        told.body
    );
    let decided = world.get("/decisions").body;
    assert!(
        decided.contains("withdrew a whole page") && decided.contains("advertises"),
        "{decided}"
    );
    assert!(!decided.contains("Shop"), "nobody keeps what it was called");
    assert!(bo.get("/edit/Shop").to.contains("/new?title=Shop"));
    assert!(bo.get("/new?title=Shop").body.contains("was withdrawn"));
    // Another text may stand there.
    begin(&mut bo, "Shop", "How shops began.\n");
    assert_eq!(world.get("/articles/Shop").status, 200);
    // Its only revision, withdrawn by itself.
    let hidden = ana.send_from("/diff/Shop", "/hide/Shop", &[("reason", "again")]);
    assert_eq!((hidden.status, &*hidden.to), (303, "/articles/Shop"));
    assert!(ana.get("/articles/Shop").body.contains("again"));
    world.node().rebuild().expect("rebuilt");
    assert_eq!(world.get("/articles/Shop").status, 410);
    world.assert_rebuilt();
}

fn a_picture_is_brought_shown_and_a_false_one_is_not(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    let png = |tail: &[u8]| {
        let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
        for (kind, data) in [
            (b"IHDR", &b"\0\0\x02\x80\0\0\x01\xe0\x08\x02\0\0\0"[..]),
            (b"tEXt", b"at home"),
            (b"IEND", b""),
        ] {
            out.extend_from_slice(&(data.len() as u32).to_be_bytes());
            out.extend_from_slice(kind);
            out.extend_from_slice(data);
            out.extend_from_slice(&[0; 4]);
        }
        out.extend_from_slice(tail);
        out
    };
    let bring = |browser: &mut Browser<'_>, name: &str, bytes: Vec<u8>| {
        let mut request = browser.request(Method::Post, "/upload");
        request.form.fields = vec![
            (Form::TOKEN.to_owned(), form_token(browser)),
            ("author".to_owned(), "Ana Paz".to_owned()),
            ("licence".to_owned(), "CC-BY-SA-4.0".to_owned()),
            ("about".to_owned(), "The oven in May.".to_owned()),
        ];
        request.form.files = vec![site::Upload {
            field: "file".to_owned(),
            name: name.to_owned(),
            bytes,
        }];
        browser.ask(&request)
    };
    for (bytes, said) in [
        (png(b"<script>alert(1)</script>"), "two files stand in one"),
        (b"<svg onload='alert(1)'/>".to_vec(), "Drawings in SVG"),
        (b"MZ".to_vec(), "none of the kinds"),
    ] {
        let answer = bring(&mut ana, "oven.png", bytes);
        assert_eq!(answer.status, 422);
        assert!(answer.body.contains(said), "{}", answer.body);
    }
    let brought = bring(&mut ana, "oven.png", png(b""));
    assert_eq!(
        (brought.status, brought.to.as_str()),
        (303, "/files/Oven.png"),
        "{}",
        brought.body
    );
    let page = ana.get("/files/Oven.png").body;
    assert!(
        page.contains("The oven in May.") && page.contains("Ana Paz"),
        "{page}"
    );
    let address = page
        .split("src=\"/blobs/")
        .nth(1)
        .expect("a picture")
        .split('"')
        .next()
        .expect("its end")
        .to_owned();
    let shown = ana.get(&format!("/blobs/{address}"));
    assert!(
        shown.status == 200 && !shown.body.contains("at home"),
        "what was beside the picture is left out"
    );
    for said in [
        "PNG",
        "640 × 480 px",
        "bytes",
        "download=\"Oven.png\"",
        "![what it shows](wiki:File:Oven.png)",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(
        !page.contains("one minute") && !page.contains("Text:"),
        "{page}"
    );
    begin(
        &mut ana,
        "Oven",
        "![The oven](wiki:File:Oven.png)\n\n![far](https://evil.example/p.png)\n",
    );
    let oven = ana.get("/articles/Oven").body;
    assert!(
        oven.contains(&format!(
            "<a href=\"/files/Oven.png\"><img src=\"/blobs/{address}\" alt=\"The oven\""
        )),
        "{oven}"
    );
    let list = oven.split("Pictures on this page").nth(1).expect("a list");
    assert!(
        list.contains("Ana Paz") && list.contains("creativecommons.org"),
        "{list}"
    );
    // Brackets in a name would end an address.
    assert_eq!(bring(&mut ana, "Stove (May).png", png(b"")).status, 303);
    let page = ana.get("/files/Stove_(May).png").body;
    let snippet = page.split("![what it shows](").nth(1).expect("a snippet");
    let snippet = snippet.split("</code>").next().expect("its end");
    let snippet = snippet.replace("&lt;", "<").replace("&gt;", ">");
    begin(&mut ana, "Stove", &format!("![The stove]({snippet}\n"));
    let stove = ana.get("/articles/Stove").body;
    assert!(
        stove.contains("alt=\"The stove\"") && stove.contains("/files/Stove_(May).png"),
        "{stove}"
    );
    assert!(!oven.contains("<img src=\"https"), "{oven}");
    assert!(
        ana.get("/links/File:Oven.png")
            .body
            .contains("One page shows or uses it")
    );
    assert_eq!(
        bring(&mut ana, "oven.png", png(b"")).status,
        422,
        "the name is taken"
    );
    world.assert_rebuilt();
}

fn join_with(world: &World, code: &str) -> crate::world::Answer {
    let mut browser = world.browser();
    browser.address = "198.51.100.9".to_owned();
    let fields = [
        ("name", "Visitor"),
        ("handle", "visitorz"),
        ("phrase", "cuatro caballos comen"),
        ("way", "password"),
        ("code", code),
    ];
    browser.send("/join", &fields)
}

fn changes_are_narrowed_to_what_is_looked_for(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    world.import(&[("Old mill", 0, "From the old wiki.")], None);
    begin(&mut ana, "Barn", "A barn.\n");
    let small = [
        ("text", "A barn!\n"),
        ("minor", "yes"),
        ("summary", "a sign"),
        ("do", "publish"),
    ];
    assert_eq!(ana.send("/edit/Barn", &small).status, 303);
    let listed = |query: &str| {
        let body = world.get(&format!("/changes{query}")).body;
        if body.contains("No change is like this") {
            return (0, false, false);
        }
        let main = body
            .split("<ol class=\"timeline\">")
            .nth(1)
            .expect("a list")
            .split("</ol>")
            .next()
            .expect("its end")
            .to_owned();
        (
            main.matches("<li>").count(),
            main.contains("Old mill"),
            main.contains("a sign"),
        )
    };
    assert_eq!(listed(""), (3, true, true));
    assert_eq!(listed("?no-minor=yes"), (2, true, false));
    assert_eq!(listed("?no-imports=yes"), (2, false, true));
    assert_eq!(listed("?new=yes&no-imports=yes"), (1, false, false));
    assert_eq!(listed("?by=ana-paz"), (2, false, true));
    assert_eq!(
        listed("?language=en&by=ana-paz&no-minor=yes"),
        (1, false, false)
    );
    assert_eq!(listed("?language=qu"), (0, false, false));
    let nobody = world.get("/changes?by=nobody");
    assert!(
        nobody.status == 422 && nobody.body.contains("Nobody has the address"),
        "{}",
        nobody.body
    );
    // By how much: "A barn." and "A barn!" are as long as each other.
    let body = world.get("/changes?by=ana-paz").body;
    assert!(
        body.contains("±0 bytes") && body.contains("+8 bytes"),
        "{body}"
    );
    let body = world.get("/history/Barn").body;
    assert!(
        body.contains("8 bytes (±0 bytes)") && body.contains("8 bytes (+8 bytes)"),
        "{body}"
    );
    assert!(
        world
            .get("/changes?new=yes")
            .body
            .contains("name=\"new\" value=\"yes\" checked")
    );
}

fn programs_are_told_by_field_what_a_form_misses(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    begin(&mut ana, "Barn", "A barn.\n\nOf clay.\n");
    let token = form_token(&mut ana);
    let mut send = |path: &str, fields: &[(&str, &str)]| {
        let mut request = ana.request(Method::Post, path);
        request.accept = "application/json".to_owned();
        for (name, value) in fields.iter().chain(&[(Form::TOKEN, &*token)]) {
            let field = ((*name).to_owned(), (*value).to_owned());
            request.form.fields.push(field);
        }
        let answer = ana.ask(&request);
        let body: serde_json::Value = serde_json::from_str(&answer.body).expect(&answer.body);
        (answer.status, body)
    };
    let missing = |body: &serde_json::Value, field: &str| {
        let all = body["mistakes"].as_array().expect("mistakes").iter();
        all.filter(|one| one["field"] == field).count() == 1
    };
    let (status, told) = send("/new", &[("title", "Oven"), ("language", "en")]);
    assert_eq!(status, 422, "{told}");
    for field in ["text", "licence", "provenance"] {
        assert!(missing(&told, field), "{field}: {told}");
    }
    let draft = [("title", "Oven"), ("text", "Begun."), ("do", "draft")];
    let (status, told) = send("/new", &draft);
    assert_eq!(
        (status, &told["location"]),
        (200, &"/drafts".into()),
        "{told}"
    );
    let (status, told) = send("/edit/Barn", &[("text", "A red barn.")]);
    assert!(status == 422 && missing(&told, "base"), "{told}");
    let base = world.ask("/api/v1/articles/Barn", "en", "application/json");
    let base: serde_json::Value = serde_json::from_str(&base.body).expect("JSON");
    let base = base["revision"].as_str().expect("a revision");
    let edit = |text| {
        [
            ("base", base),
            ("text", text),
            ("language", "en"),
            ("provenance", "written"),
        ]
    };
    let (status, told) = send("/edit/Barn", &edit("A red barn.\n\nOf clay.\n"));
    assert_eq!(
        (status, &told["location"]),
        (200, &"/articles/Barn".into()),
        "{told}"
    );
    let (status, told) = send("/edit/Barn", &edit("A blue barn.\n\nOf clay.\n"));
    assert_eq!(
        (status, &told["type"]),
        (409, &"/problems/conflict".into()),
        "{told}"
    );
    let form = ana.get("/new").body;
    assert!(form.contains("under the licence chosen above"), "{form}");
}

fn what_was_brought_in_says_so_after_it_was_mended_here(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    world.import(&[("Old mill", 0, "From the old wiki.")], None);
    let before = ana.get("/articles/Old_mill").body;
    assert!(!before.contains("revised here since"), "{before}");
    assert_eq!(
        publish(&mut ana, "Old_mill", "From the old wiki!").status,
        303
    );
    let page = ana.get("/articles/Old_mill").body;
    assert!(page.contains("revised here since"), "{page}");
    assert!(page.contains("Text: Test people, Ana Paz."), "{page}");
    let fields = [
        ("title", "Free"),
        ("text", "A text.\n"),
        ("language", "en"),
        ("licence", "CC0-1.0"),
        ("do", "publish"),
    ];
    assert_eq!(ana.send("/new", &fields).status, 303);
    let page = ana.get("/articles/Free").body;
    assert!(
        page.contains("creativecommons.org/publicdomain/zero/1.0/"),
        "{page}"
    );
}

fn a_source_is_cited_by_its_fields(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    let begun = [
        ("title", "Oven"),
        ("text", "An oven.\n"),
        ("language", "en"),
    ];
    let cite = |fields: &[(&'static str, &'static str)]| {
        let mut all = begun.to_vec();
        all.extend(fields);
        all.push(("do", "cite"));
        all
    };
    for (wrong, said) in [
        (vec![], "Give a title"),
        (vec![("cite-doi", "11.1/x")], "This is no DOI"),
        (vec![("cite-isbn", "0-306-40615-3")], "This is no ISBN"),
        (
            vec![("cite-url", "javascript:alert(1)")],
            "This is no address",
        ),
    ] {
        let answer = ana.send("/new", &cite(&wrong));
        assert_eq!(answer.status, 422, "{wrong:?}");
        assert!(
            answer.body.contains(said) && answer.body.contains("An oven."),
            "{}",
            answer.body
        );
    }
    let good = [
        ("cite-title", "Ovens of *clay*"),
        ("cite-isbn", "0-306-40615-2"),
        ("pen", "7"),
    ];
    let answer = ana.send("/new", &cite(&good));
    assert_eq!(answer.status, 200);
    let text = "An oven[^1].\n\n[^1]: *Ovens of \\*clay\\**. ISBN 0-306-40615-2.";
    assert!(answer.body.contains(text), "{}", answer.body);
    begin(&mut ana, "Oven", text);
    let page = world.get("/articles/Oven").body;
    assert!(page.contains("<em>Ovens of *clay*</em>"), "{page}");
    // A translation is seen before it is published.
    let fields = [
        ("title", "Horno"),
        ("text", "Un **horno**[^1].\n\n[^1]: Libro.\n"),
        ("do", "preview"),
    ];
    let seen = ana.send_from("/translate/Oven?to=es", "/translate/Oven", &fields);
    assert_eq!(seen.status, 200, "{}", seen.body);
    assert!(
        seen.body.contains("<strong>horno</strong>"),
        "{}",
        seen.body
    );
    assert_eq!(world.get("/articles/Horno").status, 404);
    world.assert_rebuilt();
}

fn a_translation_stands_beside_its_original_by_paragraph(make: fn() -> World) {
    let world = make();
    let mut ana = world.member("Ana Paz");
    begin(
        &mut ana,
        "Kiln",
        "# Kiln\n\nIt is hot.\n\n```\na\n\nb\n```\n\nLast.\n",
    );
    let by_part = |browser: &mut Browser<'_>, title: &str, parts: &[&str]| {
        let page = browser.get("/translate/Kiln?to=es").body;
        assert_eq!(page.matches("name=\"part\"").count(), parts.len(), "{page}");
        let mut request = browser.request(Method::Post, "/translate/Kiln");
        let hidden = |name: &str| {
            let after = page.split(&format!("name=\"{name}\" value=\"")).nth(1);
            after
                .and_then(|rest| rest.split('"').next())
                .unwrap_or_default()
                .to_owned()
        };
        let token = hidden(Form::TOKEN);
        let mut fields = vec![(Form::TOKEN.to_owned(), token)];
        for name in ["language", "base", "revision", "page"] {
            fields.push((name.to_owned(), hidden(name)));
        }
        fields.push(("title".to_owned(), title.to_owned()));
        fields.push(("do".to_owned(), "publish".to_owned()));
        fields.extend(
            parts
                .iter()
                .map(|part| ("part".to_owned(), (*part).to_owned())),
        );
        request.form.fields = fields;
        browser.ask(&request)
    };
    let made = by_part(
        &mut ana,
        "Horno",
        &["# Horno", "Está caliente.", "```\na\n\nb\n```", "Fin.\n"],
    );
    assert_eq!(made.status, 303, "{}", made.body);
    let published = "# Horno\n\nEstá caliente.\n\n```\na\n\nb\n```\n\nFin.\n";
    assert_eq!(text(&mut ana, "Horno"), published);
    // A new paragraph of the original has an empty field beside it, and its neighbours stay where they were.
    let next = "# Kiln\n\nIt is very hot.\n\nMind your hands.\n\n```\na\n\nb\n```\n\nLast.\n";
    assert_eq!(publish(&mut ana, "Kiln", next).status, 303);
    let page = ana.get("/translate/Kiln?to=es").body;
    assert!(
        page.contains("Changed in the original") && page.contains("New in the original"),
        "{page}"
    );
    let parts = [
        "# Horno",
        "Está muy caliente.",
        "Cuide sus manos.",
        "```\na\n\nb\n```",
        "Fin.\n",
    ];
    let made = by_part(&mut ana, "", &parts);
    assert_eq!(made.status, 303, "{}", made.body);
    assert_eq!(text(&mut ana, "Horno"), parts.join("\n\n"));
    let whole = ana.get("/translate/Kiln?to=es&whole=yes").body;
    assert!(
        whole.contains("name=\"text\"") && !whole.contains("name=\"part\""),
        "{whole}"
    );
}
