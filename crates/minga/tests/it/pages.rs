//! Pages through the real router and server.

use crate::cli::{Serving, WIKI, dump, minga};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

pub struct Answer {
    pub status: u16,
    head: String,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

pub fn get(serving: &Serving, path: &str, headers: &str) -> Answer {
    ask(serving, "GET", path, headers)
}

fn ask(serving: &Serving, method: &str, path: &str, headers: &str) -> Answer {
    let mut stream = TcpStream::connect(&serving.base).expect("connected");
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("a timeout");
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}\r\n",
        serving.base
    )
    .expect("sent");
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).expect("read");
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").expect("an answer");
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|s| s.parse().ok())
        .expect("a status");
    Answer {
        status,
        head: head.to_owned(),
        body: body.to_owned(),
    }
}

pub fn wiki() -> (tempfile::TempDir, Serving) {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, file) = (folder.path().join("data"), folder.path().join("wiki.xml"));
    std::fs::write(&file, dump(WIKI)).expect("written");
    let file = file.display().to_string();
    minga(
        &data,
        &[
            "import",
            "mediawiki",
            &file,
            "--licence",
            "CC-BY-SA-3.0",
            "--attribution",
            "Test people",
        ],
    );
    let serving = Serving::start(&data);
    (folder, serving)
}

#[test]
fn an_imported_wiki_is_read() {
    let (_folder, serving) = wiki();
    let english = "Accept-Language: en\r\n";
    let page = get(&serving, "/articles/Commons", english);
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains("<b>commons</b>") || page.body.contains("<strong>commons</strong>"),
        "{}",
        page.body
    );
    assert!(page.body.contains("href=\"/articles/Care\""));
    assert!(
        page.body.contains("hreflang=\"es\""),
        "its translation is linked"
    );
    assert!(page.body.contains("CC BY-SA 3.0") && page.body.contains("Test people"));
    assert_eq!(page.body.matches("<h1").count(), 1);
    let care = get(&serving, "/articles/Care", english);
    assert!(!care.body.contains("<script"), "a script came through");
    assert!(
        get(&serving, "/articles/Commons", "Accept-Language: es\r\n")
            .body
            .contains("Qué enlaza aquí")
    );
    for (path, to) in [
        ("/wiki/Commons", "/articles/Commons"),
        ("/wiki/commons", "/articles/Commons"),
        ("/index.php?title=Commons", "/articles/Commons"),
        ("/Commons", "/articles/Commons"),
        ("/wiki/Category:Basics", "/categories/Basics"),
        (
            "/index.php?title=Commons&action=history",
            "/history/Commons",
        ),
    ] {
        let old = get(&serving, path, english);
        assert_eq!(
            (old.status, old.header("location")),
            (301, Some(to)),
            "{path}"
        );
    }
    let redirect = get(&serving, "/articles/Old_name", english);
    assert_eq!(redirect.status, 302);
    let followed = get(
        &serving,
        redirect.header("location").expect("a place"),
        english,
    );
    assert!(followed.body.contains("Redirected from"));
    assert!(
        get(&serving, "/articles/Round", english)
            .body
            .contains("sends its readers in a circle")
    );
    assert!(
        get(&serving, "/articles/Nowhere", english)
            .body
            .contains("one that does not exist")
    );
    assert!(
        get(&serving, "/articles/Broken", english)
            .body
            .contains("cannot be read")
    );
    let absent = get(&serving, "/articles/Comons", english);
    assert_eq!(absent.status, 404);
    assert!(
        absent.body.contains("href=\"/articles/Commons\""),
        "near titles are offered: {}",
        absent.body
    );
    assert!(
        get(&serving, "/articles/iPhone", english)
            .body
            .contains("Another.")
    );
    assert!(
        get(&serving, "/articles/IPhone", english)
            .body
            .contains("One.")
    );
    for path in [
        "/",
        "/knowledge",
        "/themes",
        "/all",
        "/changes",
        "/care",
        "/care/cycles",
        "/care/missing",
        "/care/malformed",
        "/care/wanted",
        "/care/orphans",
        "/care/dead-ends",
        "/care/same",
        "/care/conflicts",
        "/history/Commons",
        "/diff/Commons",
        "/links/Care",
        "/source/Commons",
        "/about",
        "/search",
    ] {
        let page = get(&serving, path, english);
        assert_eq!(page.status, 200, "{path}: {}", page.body);
        assert_eq!(page.body.matches("<h1").count(), 1, "{path}");
        assert!(
            page.header("content-security-policy")
                .is_some_and(|p| p.contains("default-src 'none'")),
            "{path}"
        );
    }
    assert!(
        get(&serving, "/care/cycles", english)
            .body
            .contains("Round trip")
    );
}

#[test]
fn machines_are_answered_in_their_own_forms() {
    let (_folder, serving) = wiki();
    let json = |path: &str| -> serde_json::Value {
        let answer = get(&serving, path, "Accept: application/json\r\n");
        serde_json::from_str(&answer.body)
            .unwrap_or_else(|e| panic!("{path}: {e}: {}", answer.body))
    };
    let article = json("/api/v1/articles/Commons");
    assert_eq!(article["title"], "Commons");
    assert_eq!(article["categories"], serde_json::json!(["Basics"]));
    assert_eq!(article["translations"][0]["lang"], "es");
    assert_eq!(article["source"]["site"], "Test");
    let found = json("/api/v1/search?q=comons");
    assert!(found["total"].as_u64().is_some_and(|n| n >= 1), "{found}");
    assert_eq!(found["did_you_mean"], "commons", "{found}");
    assert_eq!(found["hits"][0]["title"], "Commons");
    assert_eq!(
        json("/api/v1/search?q=cuidado")["hits"][0]["title"],
        "Commons/es"
    );
    let ld = get(
        &serving,
        "/articles/Commons",
        "Accept: application/ld+json\r\n",
    );
    let ld: serde_json::Value = serde_json::from_str(&ld.body).expect("JSON-LD");
    assert_eq!(ld["@type"], "Article");
    let missing = get(&serving, "/api/v1/articles/Nothing", "");
    assert_eq!(
        (missing.status, missing.header("content-type")),
        (404, Some("application/problem+json"))
    );
    let problem: serde_json::Value = serde_json::from_str(&missing.body).expect("a problem");
    for field in ["type", "title", "status", "detail", "remedy"] {
        assert!(
            problem.get(field).is_some(),
            "{field} is missing: {problem}"
        );
    }
    let changes = get(&serving, "/api/v1/changes?since=10", "");
    let lines: Vec<serde_json::Value> = changes
        .body
        .lines()
        .map(|l| serde_json::from_str(l).expect("JSON"))
        .collect();
    assert_eq!(lines.len(), 3, "two records and a cursor");
    let cursor = lines.last().expect("a cursor");
    assert_eq!(cursor["since"], 12);
    assert_eq!(
        record::Checkpoint::verify(&cursor["checkpoint"])
            .expect("a checkpoint")
            .size,
        12
    );
    for (path, start) in [
        ("/feeds/changes.atom", "<?xml"),
        ("/feeds/categories/Basics", "<?xml"),
        ("/sitemap.xml", "<?xml"),
        ("/sitemaps/~.xml", "<?xml"),
        ("/robots.txt", "User-agent"),
        ("/opensearch.xml", "<?xml"),
        ("/healthz", "ok"),
        ("/readyz", "ready"),
        ("/metrics", "# TYPE"),
        ("/api/v1/openapi.json", "{"),
    ] {
        let answer = get(&serving, path, "");
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.body.starts_with(start), "{path}: {}", answer.body);
    }
}

#[test]
fn a_fresh_node_shows_the_starter_and_hides_it_later() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let serving = Serving::start(&data);
    let spanish = "Accept-Language: es\r\n";
    let began = Instant::now();
    let home = get(&serving, "/", spanish);
    assert!(began.elapsed() < Duration::from_secs(5));
    assert!(home.body.contains("textos de inicio"), "{}", home.body);
    let article = get(&serving, "/articles/Secado_solar_de_alimentos", spanish);
    assert_eq!(article.status, 200);
    assert!(
        article.body.contains("hreflang=\"en\""),
        "its translation is linked"
    );
    assert!(
        !article.body.contains("wiki:"),
        "an internal link was left as it was written"
    );
    let file = folder.path().join("wiki.xml");
    std::fs::write(&file, dump(WIKI)).expect("written");
    let file = file.display().to_string();
    minga(
        &data,
        &[
            "import",
            "mediawiki",
            &file,
            "--licence",
            "CC-BY-SA-3.0",
            "--attribution",
            "Test people",
        ],
    );
    let patience = Instant::now();
    while get(&serving, "/", spanish)
        .body
        .contains("textos de inicio")
    {
        assert!(
            patience.elapsed() < Duration::from_secs(10),
            "the starter is still shown"
        );
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(
        get(&serving, "/articles/Secado_solar_de_alimentos", spanish).status,
        404
    );
}

#[test]
fn a_language_and_a_theme_are_remembered_and_lead_back() {
    let (_folder, serving) = wiki();
    let chosen = get(&serving, "/articles/Commons?lang=en", "");
    assert_eq!(
        (chosen.status, chosen.header("location")),
        (303, Some("/articles/Commons"))
    );
    assert!(
        chosen
            .header("set-cookie")
            .is_some_and(|c| c.starts_with("lang=en;"))
    );
    let away = get(&serving, "//evil.example/?lang=en", "");
    assert!(
        away.header("location")
            .is_none_or(|to| !to.starts_with("//")),
        "{:?}",
        away.header("location")
    );
    assert!(
        get(&serving, "/", "Cookie: theme=dark\r\n")
            .body
            .contains("data-theme=\"dark\"")
    );
}

#[test]
fn strange_requests_get_a_sentence() {
    let (_folder, serving) = wiki();
    for (path, status) in [
        ("/articles/%5B%5D", 400),
        ("/articles/a%7Cb", 400),
        ("/articles/%00", 400),
        ("/history/%7B%7B", 400),
        ("/diff/Commons?from=xyz", 400),
        (
            "/diff/Commons?from=0000000000000000000000000000000000000000000000000000000000000000",
            404,
        ),
        ("/blobs/zz", 400),
        (
            "/blobs/0000000000000000000000000000000000000000000000000000000000000000",
            404,
        ),
        ("/api/v1/changes?since=-1", 400),
        ("/api/v1/changes?space=circle", 404),
        ("/api/v1/search?q=x&after=nonsense", 400),
        ("/care/nothing", 404),
        ("/sitemaps/x", 404),
        ("/nothing/at/all", 404),
    ] {
        let answer = get(&serving, path, "Accept-Language: en\r\n");
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        assert!(!answer.body.is_empty(), "{path}");
    }
    let script = get(&serving, "/search?q=%3Cscript%3Ealert(1)%3C/script%3E", "");
    assert!(!script.body.contains("<script>alert"), "{}", script.body);
}

/// Sends a body, or as much of it as is taken, and returns the answer's status and text.
fn send(serving: &Serving, path: &str, media: &str, body: &[u8]) -> (u16, String) {
    let mut stream = TcpStream::connect(&serving.base).expect("connected");
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("a timeout");
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nAccept: application/json\r\n\
         Accept-Language: en\r\nContent-Type: {media}\r\nContent-Length: {}\r\n\r\n",
        serving.base,
        body.len()
    )
    .expect("sent");
    // Whoever is refused early may find the connection closed before the end.
    let _ = stream.write_all(body);
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let status = text.split(' ').nth(1).and_then(|s| s.parse().ok());
    (status.unwrap_or(0), text)
}

#[test]
fn a_body_that_is_too_much_is_refused_while_others_are_answered() {
    let (_folder, serving) = wiki();
    let list = [b"{\"a\":[".to_vec(), b"0,".repeat(7 << 20), b"0]}".to_vec()].concat();
    let (status, told) = send(&serving, "/sign-in", "application/json", &list);
    assert_eq!(status, 400, "{told}");
    assert!(told.contains("over 1000 fields"), "{told}");
    let fields = b"a&".repeat(1 << 20);
    let form = "application/x-www-form-urlencoded";
    assert_eq!(send(&serving, "/sign-in", form, &fields).0, 400);
    let parts = b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n".repeat(2_000);
    let parts = [parts, b"--x--\r\n".to_vec()].concat();
    let (status, told) = send(
        &serving,
        "/upload",
        "multipart/form-data; boundary=x",
        &parts,
    );
    assert_eq!(status, 400, "{told}");
    // Nothing is read where nobody takes anything, and no more than a form of texts where that is wanted.
    assert_eq!(send(&serving, "/no-such-place", form, b"a=b").0, 404);
    let long = [b"a=".to_vec(), vec![b'x'; 17 << 20]].concat();
    let (status, told) = send(&serving, "/sign-in", form, &long);
    assert_eq!(status, 413, "{told}");
    assert!(told.contains("larger than 16 MiB"), "{told}");
    let health = get(&serving, "/healthz", "");
    assert_eq!((health.status, &*health.body), (200, "ok\n"));
    let counted = get(&serving, "/metrics", "").body;
    for code in ["many_fields", "body_too_large"] {
        assert!(
            counted.contains(&format!("code=\"{code}\"")),
            "{code}: {counted}"
        );
    }
}

#[test]
fn a_page_that_the_reader_has_already_is_not_sent_again() {
    let (_folder, serving) = wiki();
    for path in ["/", "/articles/Commons", "/api/v1/search?q=commons"] {
        let first = get(&serving, path, "");
        assert_eq!(first.status, 200, "{path}");
        let etag = first.header("etag").expect("an etag").to_owned();
        let again = get(&serving, path, &format!("If-None-Match: \"x\", {etag}\r\n"));
        assert_eq!((again.status, again.body.as_str()), (304, ""), "{path}");
        let squeezed = get(
            &serving,
            path,
            &format!("Accept-Encoding: gzip\r\nIf-None-Match: {etag}\r\n"),
        );
        assert_eq!(squeezed.status, 304, "{path}");
        let other = get(&serving, path, "If-None-Match: W/\"0\"\r\n");
        assert_eq!(other.status, 200, "{path}");
    }
}

#[test]
fn problems_are_told_in_the_readers_language_and_form() {
    let (_folder, serving) = wiki();
    let problem = |method: &str, path: &str, language: &str| {
        let headers = format!("Accept: application/json\r\nAccept-Language: {language}\r\n");
        let answer = ask(&serving, method, path, &headers);
        assert_eq!(
            answer.header("content-type"),
            Some("application/problem+json"),
            "{method} {path}: {}",
            answer.body
        );
        let body: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
        assert_eq!(body["status"].as_u64(), Some(u64::from(answer.status)));
        let kind = body["type"].as_str().expect("an address");
        assert_eq!(get(&serving, kind, "").status, 200, "{kind}");
        (answer, body)
    };
    for (method, path, allow) in [
        ("DELETE", "/articles/Commons", "GET, HEAD"),
        ("PUT", "/api/v1/changes", "GET, HEAD"),
        ("POST", "/healthz", "GET, HEAD"),
        ("OPTIONS", "/search", "GET, HEAD"),
    ] {
        let (answer, body) = problem(method, path, "es");
        assert_eq!(answer.status, 405, "{method} {path}");
        assert_eq!(answer.header("allow"), Some(allow), "{method} {path}");
        let said = body["detail"].as_str().expect("a sentence");
        assert!(said.contains("no acepta este método"), "{said}");
    }
    assert_eq!(problem("DELETE", "/nowhere/at/all", "en").0.status, 404);
    for (path, spanish, english) in [
        (
            "/api/v1/search?q=commons&limit=x",
            "no es un número de 1 a 100",
            "is no number from 1 to 100",
        ),
        (
            "/api/v1/changes?since=-1",
            "no es el número de un registro",
            "is no number of a record",
        ),
        (
            "/api/v1/changes?since=99999",
            "viene después del último registro",
            "is after the last record",
        ),
        (
            "/api/v1/changes?space=a%20b",
            "no es el nombre de un espacio",
            "is no name of a space",
        ),
        ("/sitemaps/nope", "No hay nada en", "Nothing stands at"),
    ] {
        for (language, expected) in [("es", spanish), ("en", english)] {
            let body = problem("GET", path, language).1;
            let said = body["detail"].as_str().expect("a sentence");
            assert!(said.contains(expected), "{path}: {said}");
        }
    }
    // A mark of one search is none of another.
    let first = get(&serving, "/api/v1/search?q=*&limit=2", "");
    let first: serde_json::Value = serde_json::from_str(&first.body).expect("JSON");
    let next = first["next"].as_str().expect("more results");
    let more = get(
        &serving,
        &format!("/api/v1/search?q=*&limit=2&after={next}"),
        "",
    );
    assert_eq!(more.status, 200, "{}", more.body);
    let other = format!("/api/v1/search?q=commons&limit=2&after={next}");
    assert_eq!(problem("GET", &other, "es").0.status, 400);
}
