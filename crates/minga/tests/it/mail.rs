//! Mail, through a mail server of the test's own.

use crate::cli::{Serving, minga, said};
use crate::postgres::Database;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A mail as the server got it.
#[derive(Clone, Debug)]
struct Letter {
    to: Vec<String>,
    raw: String,
}

impl Letter {
    fn head(&self) -> String {
        let head = self.raw.split("\r\n\r\n").next().unwrap_or_default();
        head.replace("\r\n ", " ")
    }

    fn header(&self, name: &str) -> Option<String> {
        self.head().lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name)
                .then(|| value.trim().to_owned())
        })
    }

    /// The text, out of quoted-printable, with `\n` at the ends of lines.
    fn text(&self) -> String {
        let body = self.raw.split_once("\r\n\r\n").expect("a body").1;
        let body = body.replace("\r\n", "\n");
        match self.header("content-transfer-encoding").as_deref() {
            Some("quoted-printable") => {
                let mut out = Vec::new();
                let mut rest = body.replace("=\n", "").into_bytes().into_iter();
                while let Some(byte) = rest.next() {
                    if byte != b'=' {
                        out.push(byte);
                        continue;
                    }
                    let pair = [rest.next(), rest.next()].map(|digit| digit.unwrap_or(b'0'));
                    let pair = std::str::from_utf8(&pair).expect("digits");
                    out.push(u8::from_str_radix(pair, 16).expect("a byte"));
                }
                String::from_utf8(out).expect("text")
            }
            None | Some("7bit") => body,
            Some(other) => panic!("{other}: {body}"),
        }
    }

    /// The path of the link of this node that begins so.
    fn link(&self, begins: &str) -> String {
        let text = self.text();
        let found = text.split_whitespace().find_map(|word| {
            let path = word.strip_prefix("http://")?.split_once('/')?.1;
            path.starts_with(begins).then(|| format!("/{path}"))
        });
        found.unwrap_or_else(|| panic!("no link {begins} in {text}"))
    }
}

/// A mail server that keeps what it gets, and refuses for now as many letters as it is told to.
struct MailServer {
    port: u16,
    letters: Arc<Mutex<Vec<Letter>>>,
    refuses: Arc<AtomicI64>,
}

impl MailServer {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let server = Self {
            port: listener.local_addr().expect("an address").port(),
            letters: Arc::default(),
            refuses: Arc::default(),
        };
        let (letters, refuses) = (server.letters.clone(), server.refuses.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let _ = serve(&stream, &letters, &refuses);
            }
        });
        server
    }

    fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Waits until so many letters came in all, and returns the last.
    fn letter(&self, count: usize) -> Letter {
        let began = Instant::now();
        loop {
            let letters = self.letters.lock().expect("letters").clone();
            assert!(letters.len() <= count, "{letters:#?}");
            if let (true, Some(last)) = (letters.len() == count, letters.last()) {
                return last.clone();
            }
            assert!(
                began.elapsed() < Duration::from_secs(30),
                "{} of {count} letters came",
                letters.len()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Speaks SMTP over one connection (RFC 5321).
fn serve(
    stream: &TcpStream,
    letters: &Mutex<Vec<Letter>>,
    refuses: &AtomicI64,
) -> std::io::Result<()> {
    let mut out = stream;
    let mut lines = BufReader::new(stream);
    let mut say = |text: &str| out.write_all(format!("{text}\r\n").as_bytes());
    let mut to = Vec::new();
    say("220 test ready")?;
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let upper = line.to_uppercase();
        if upper.starts_with("EHLO") {
            say("250-test")?;
            say("250 8BITMIME")?;
        } else if upper.starts_with("MAIL FROM:") {
            to.clear();
            say("250 ok")?;
        } else if let Some(address) = upper.strip_prefix("RCPT TO:") {
            if refuses.load(Ordering::SeqCst) > 0 {
                refuses.fetch_sub(1, Ordering::SeqCst);
                // As mail servers do, it names the address.
                say(&format!("451 4.7.1 {} greylisted", address.trim()))?;
            } else {
                let address = address.trim().trim_matches(['<', '>']);
                to.push(address.to_lowercase());
                say("250 ok")?;
            }
        } else if upper.starts_with("DATA") {
            say("354 go on")?;
            let mut raw = String::new();
            loop {
                let mut line = String::new();
                lines.read_line(&mut line)?;
                if line == ".\r\n" {
                    break;
                }
                assert!(line.ends_with("\r\n"), "{line:?}");
                raw.push_str(line.strip_prefix('.').unwrap_or(&line));
            }
            letters.lock().expect("letters").push(Letter {
                to: to.clone(),
                raw,
            });
            say("250 taken")?;
        } else if upper.starts_with("QUIT") {
            return say("221 bye");
        } else {
            say("250 ok")?;
        }
    }
}

/// A node that sends mail, and the server that takes it.
struct World {
    folder: tempfile::TempDir,
    mail: MailServer,
    more: Vec<String>,
    serving: Option<Serving>,
    _database: Option<Database>,
}

impl World {
    fn new() -> Self {
        Self::on(None)
    }

    fn on(database: Option<Database>) -> Self {
        let mail = MailServer::start();
        let mut more: Vec<String> = [
            "--name",
            "Barn",
            "--mail-from",
            "commons@barn.example",
            "--smtp",
            &mail.url(),
        ]
        .map(str::to_owned)
        .to_vec();
        if let Some(database) = &database {
            more.extend(["--database".to_owned(), database.url.clone()]);
        }
        let mut world = Self {
            folder: tempfile::tempdir().expect("a folder"),
            mail,
            more,
            serving: None,
            _database: database,
        };
        world.start();
        world
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn start(&mut self) {
        self.serving = None;
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.folder.path().join("log"))
            .expect("a log");
        let more: Vec<&str> = self.more.iter().map(String::as_str).collect();
        self.serving = Some(Serving::start_telling(
            &self.data(),
            &more,
            Stdio::from(log),
        ));
    }

    fn log(&self) -> String {
        let log = std::fs::read_to_string(self.folder.path().join("log"));
        log.expect("the log").to_lowercase()
    }

    fn minga(&self, args: &[&str]) {
        let place = self.more.iter().position(|one| one == "--database");
        let mut all = args.to_vec();
        if let Some(place) = place {
            all.extend(["--database", &self.more[place + 1]]);
        }
        let output = minga(&self.data(), &all);
        assert!(output.status.success(), "{}", said(&output));
    }

    fn browser(&self) -> Browser {
        Browser {
            base: self.serving.as_ref().expect("serving").base.clone(),
            cookies: Vec::new(),
        }
    }

    /// A browser in which somebody just joined.
    fn join(&self, handle: &str, mail: &str) -> Browser {
        let mut browser = self.browser();
        let joined = browser.join(handle, "Ana Paz", mail);
        assert_eq!(joined.0, 200, "{}", joined.1);
        browser
    }
}

/// A browser with its cookies, in English.
struct Browser {
    base: String,
    cookies: Vec<(String, String)>,
}

impl Browser {
    fn ask(&mut self, method: &str, path: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.base).expect("connected");
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nAccept: text/html\r\nAccept-Language: en\r\n\
             Cookie: {}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.base,
            cookies.join("; "),
            body.len()
        )
        .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        for line in head.lines() {
            if let Some(cookie) = line.strip_prefix("set-cookie: ") {
                let (name, rest) = cookie.split_once('=').expect("a cookie");
                self.cookies.retain(|(known, _)| known != name);
                let value = rest.split(';').next().unwrap_or_default();
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok());
        (status.expect("a status"), body.to_owned())
    }

    fn get(&mut self, path: &str) -> (u16, String) {
        self.ask("GET", path, "")
    }

    /// Opens `page` and sends a form from there.
    fn send(&mut self, page: &str, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let body = self.get(page).1;
        let mark = format!("name=\"{}\" value=\"", site::Form::TOKEN);
        let token = body
            .split(&mark)
            .nth(1)
            .and_then(|rest| rest.split('"').next());
        let token = token.unwrap_or_else(|| panic!("no form at {page}: {body}"));
        let mut sent = format!("{}={token}", site::Form::TOKEN);
        for (name, value) in fields {
            sent.push_str(&format!("&{name}={}", site::encode(value)));
        }
        self.ask("POST", path, &sent)
    }

    fn join(&mut self, handle: &str, name: &str, mail: &str) -> (u16, String) {
        let fields = [
            ("name", name),
            ("handle", handle),
            ("phrase", PHRASE),
            ("way", "password"),
            ("mail", mail),
        ];
        self.send("/join", "/join", &fields)
    }

    fn sign_in(&mut self, handle: &str, phrase: &str) -> u16 {
        let fields = [("handle", handle), ("phrase", phrase), ("way", "password")];
        self.send("/sign-in", "/sign-in", &fields).0
    }

    /// Opens a link that was mailed to confirm an address, and presses the button.
    fn confirm(&mut self, letter: &Letter) {
        let link = letter.link("confirm-mail?link=");
        let token = link.split('=').nth(1).expect("a token");
        let done = self.send(&link, "/confirm-mail", &[("link", token)]);
        assert_eq!(done.0, 200, "{}", done.1);
    }

    fn lost(&mut self, who: &str) -> (u16, String) {
        self.send("/recover", "/recover/mail", &[("who", who)])
    }
}

const PHRASE: &str = "cuatro caballos comen";
const SAME: &str = "If there is such an account with a confirmed mail, a link is on its way.";

fn with_postgresql(what: &str, story: fn(World)) {
    match Database::make(what) {
        Some(database) => story(World::on(Some(database))),
        None => println!("skipped: MINGA_TEST_POSTGRES is not set"),
    }
}

#[test]
fn whoever_confirmed_an_address_gets_back_in_by_it() {
    gets_back_in(World::new());
}

#[test]
fn whoever_confirmed_an_address_gets_back_in_by_it_on_postgresql() {
    with_postgresql("mail_recovers", gets_back_in);
}

fn gets_back_in(world: World) {
    let mut ana = world.join("ana", "Ana@Example.org");
    let asked = world.mail.letter(1);
    assert_eq!(asked.to, ["ana@example.org"]);
    assert_eq!(
        asked.header("subject").as_deref(),
        Some("Barn: is this your address?")
    );
    assert_eq!(
        asked.header("from").as_deref(),
        Some("Barn <commons@barn.example>")
    );
    assert_eq!(
        asked.header("auto-submitted").as_deref(),
        Some("auto-generated")
    );
    assert!(asked.header("list-unsubscribe").is_none());
    // Until it is confirmed nothing else goes there; and opening the link, as scanners do, confirms nothing.
    let mut lost = world.browser();
    assert_eq!(lost.get(&asked.link("confirm-mail?link=")).0, 200);
    assert!(ana.get("/me").1.contains("is not confirmed yet"));
    for who in ["ana", "@Ana", "ana@example.org", "nobody", "x@example.org"] {
        let answer = lost.lost(who);
        assert!(answer.0 == 200 && answer.1.contains(SAME), "{}", answer.1);
    }
    let refused = ana.send("/me", "/me/notices", &[("often", "at-once")]);
    assert_eq!(refused.0, 422, "{}", refused.1);
    // Whoever holds the link has the address, signed in or not.
    lost.confirm(&asked);
    assert!(ana.get("/me").1.contains("Ana@Example.org is confirmed"));
    let known = lost.lost("ana");
    let letter = world.mail.letter(2);
    assert_eq!(letter.to, ["ana@example.org"]);
    assert_eq!(known.1, lost.lost("bob").1, "the answer tells nobody apart");
    lost.lost("ANA@example.org");
    let second = world.mail.letter(3);
    let link = letter.link("recover?link=");
    let token = link.split('=').nth(1).expect("a token").to_owned();
    assert!(!holds(&world.data(), token.as_bytes()), "a hash is kept");
    // Opening it twice uses nothing up, and neither does a phrase that is none.
    lost.get(&link);
    let short = lost.send(&link, "/recover", &[("link", &token), ("phrase", "short")]);
    assert_eq!(short.0, 422, "{}", short.1);
    let phrase = "siete burros bailan";
    let set = lost.send(&link, "/recover", &[("link", &token), ("phrase", phrase)]);
    assert_eq!(set.0, 303, "{}", set.1);
    assert_eq!(lost.get("/me").0, 200, "whoever has the link is in");
    assert_eq!(ana.get("/me").0, 401, "all other sessions ended");
    assert_eq!(ana.sign_in("ana", PHRASE), 422);
    assert_eq!(ana.sign_in("ana", phrase), 303);
    // Once, and no other link that was mailed works any more.
    assert_eq!(lost.get(&link).0, 410);
    let again = lost.send("/me", "/recover", &[("link", &token), ("phrase", PHRASE)]);
    assert_eq!(again.0, 410);
    assert_eq!(lost.get(&second.link("recover?link=")).0, 410);
    assert_eq!(lost.get("/recover?link=aaaa").0, 410);
    // Another address is confirmed anew, and gets nothing before.
    let changed = ana.send("/me", "/me/mail", &[("mail", "new@example.org")]);
    assert_eq!(changed.0, 303);
    assert_eq!(world.mail.letter(4).to, ["new@example.org"]);
    lost.lost("new@example.org");
    lost.lost("ana@example.org");
    world.join("bob", "bob@example.org");
    assert_eq!(world.mail.letter(5).to, ["bob@example.org"]);
    let log = world.log();
    assert!(
        !log.contains("example.org") && !log.contains("ana"),
        "{log}"
    );
}

/// Returns whether any file below a folder holds these bytes.
fn holds(folder: &Path, bytes: &[u8]) -> bool {
    let mut found = false;
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        found |= if path.is_dir() {
            holds(&path, bytes)
        } else {
            let held = std::fs::read(&path).unwrap_or_default();
            held.windows(bytes.len()).any(|part| part == bytes)
        };
    }
    found
}

#[test]
fn notices_go_by_mail_at_once_and_end_with_one_click() {
    notices(World::new());
}

#[test]
fn notices_go_by_mail_at_once_and_end_with_one_click_on_postgresql() {
    with_postgresql("mail_notices", notices);
}

fn notices(world: World) {
    let mut ana = world.browser();
    // A name with a line break in it is a name in one line, and no header.
    let name = "Ana Paz\r\nBcc: all@example.org";
    assert_eq!(ana.join("ana", name, "ana@example.org").0, 200);
    ana.confirm(&world.mail.letter(1));
    world.minga(&["person", "steward", "ana", "--reason", "before"]);
    let began = Instant::now();
    while !ana.get("/me/export/desk").1.contains("notice-appointed") {
        assert!(began.elapsed() < Duration::from_secs(20), "nobody was told");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(
        ana.send("/me", "/me/notices", &[("often", "at-once")]).0,
        303
    );
    let reason = "she asked\n.\nRCPT TO:<all@example.org>";
    world.minga(&["person", "block", "ana", "--reason", reason]);
    let letter = world.mail.letter(2);
    assert_eq!(letter.to, ["ana@example.org"]);
    assert_eq!(
        letter.header("subject").as_deref(),
        Some("Barn: news for you")
    );
    let text = letter.text();
    assert!(
        text.starts_with("Hello Ana Paz Bcc: all@example.org,\n\n"),
        "{text}"
    );
    assert!(letter.header("bcc").is_none(), "{}", letter.head());
    assert!(
        text.contains(
            "decided: “she asked . RCPT TO:<all@example.org>”. You can read, take along what is yours, and answer a steward.\nhttp://"
        ),
        "{text}"
    );
    assert!(
        text.contains("/decisions\n") && text.contains("/inbox\n"),
        "{text}"
    );
    assert!(
        !text.contains("before"),
        "what was told before is not mailed: {text}"
    );
    // RFC 8058: one POST, without cookies or a form's token, and with nobody's link but one's own.
    assert_eq!(
        letter.header("list-unsubscribe-post").as_deref(),
        Some("List-Unsubscribe=One-Click")
    );
    let stop = letter.link("unsubscribe?");
    assert_eq!(
        letter.header("list-unsubscribe"),
        Some(format!("<http://{}{stop}>", ana.base))
    );
    let mut program = world.browser();
    let forged = if stop.ends_with('0') {
        format!("{}1", &stop[..stop.len() - 1])
    } else {
        format!("{}0", &stop[..stop.len() - 1])
    };
    let click = "List-Unsubscribe=One-Click";
    assert_eq!(program.ask("POST", &forged, click).0, 410);
    assert_eq!(program.get(&stop).0, 200);
    let chosen = |ana: &mut Browser, often: &str| {
        let me = ana.get("/me").1;
        me.contains(&format!("value=\"{often}\" checked"))
    };
    assert!(chosen(&mut ana, "at-once"), "opening the link ends nothing");
    let done = program.ask("POST", &stop, click);
    assert_eq!(done.0, 200, "{}", done.1);
    assert!(chosen(&mut ana, "never"));
    let export = ana.get("/me/export/desk").1;
    assert!(
        export.contains("\"notices_by_mail\": \"never\""),
        "{export}"
    );
    assert!(export.contains("\"mail_confirmed\": true"), "{export}");
}

#[test]
fn what_a_mail_server_refuses_for_now_is_sent_later_once_and_no_log_names_anybody() {
    let mut world = World::new();
    world.mail.refuses.store(1, Ordering::SeqCst);
    world.join("ana", "ana@example.org");
    let began = Instant::now();
    while !world
        .log()
        .contains("mail waits: the mail server answers 451")
    {
        assert!(began.elapsed() < Duration::from_secs(20), "{}", world.log());
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(world.mail.letters.lock().expect("letters").is_empty());
    // Whoever starts the node anew does not wait for the minute to be over.
    world.start();
    assert_eq!(world.mail.letter(1).to, ["ana@example.org"]);
    world.join("bob", "bob@example.org");
    assert_eq!(world.mail.letter(2).to, ["bob@example.org"]);
    let log = world.log();
    assert!(
        !log.contains("example.org") && !log.contains("ana"),
        "{log}"
    );
}

#[test]
fn an_erased_account_takes_its_mails_along() {
    let mut world = World::new();
    world.mail.refuses.store(1_000, Ordering::SeqCst);
    let mut ana = world.join("ana", "ana@example.org");
    let began = Instant::now();
    while world.mail.refuses.load(Ordering::SeqCst) == 1_000 {
        assert!(
            began.elapsed() < Duration::from_secs(20),
            "nothing was tried"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    let export = ana.get("/me/export/desk").1;
    assert!(export.contains("Barn: is this your address?"), "{export}");
    // What waits is sealed: whoever reads the disk has no link.
    assert!(holds(&world.data(), b"ana@example.org"));
    assert!(!holds(&world.data(), b"confirm-mail?link="));
    let left = ana.send(
        "/me/leave",
        "/me/leave",
        &[("choice", "keep"), ("phrase", PHRASE)],
    );
    assert_eq!(left.0, 200, "{}", left.1);
    world.mail.refuses.store(0, Ordering::SeqCst);
    world.start();
    world.join("bob", "bob@example.org");
    assert_eq!(world.mail.letter(1).to, ["bob@example.org"]);
}

#[test]
fn what_is_no_address_or_asked_for_too_often_is_written_to_nobody() {
    let world = World::new();
    let mut ana = world.browser();
    for (handle, mail) in [
        ("ana", "ana@example.org\r\nBcc: all@example.org"),
        ("ana", "ana@example.org,all@example.org"),
        ("ana", "ana@example.org>\r\nRCPT TO:<all@example.org"),
        ("ana\r\nBcc: all@example.org", "ana@example.org"),
    ] {
        let refused = ana.join(handle, "Ana Paz", mail);
        assert_eq!(refused.0, 422, "{handle:?} {mail:?}: {}", refused.1);
    }
    // Nobody writes to a stranger at will, or has words of their own brought there.
    assert_eq!(
        ana.join("ana", "Buy at shop.example", "bob@example.org").0,
        200
    );
    for _ in 0..2 {
        assert_eq!(
            ana.send("/me", "/me/mail", &[("mail", "bob@example.org")])
                .0,
            303
        );
    }
    let stopped = ana.send("/me", "/me/mail", &[("mail", "bob@example.org")]);
    assert!(
        stopped.0 == 422 && stopped.1.contains("tried too often"),
        "{}",
        stopped.1
    );
    let letter = world.mail.letter(3);
    assert!(!letter.text().contains("shop.example"), "{}", letter.text());
    // Getting back in is asked for as often as signing in is tried.
    let mut lost = world.browser();
    for who in ["ana", "nobody"] {
        for _ in 0..8 {
            assert_eq!(lost.lost(who).0, 200);
        }
        assert_eq!(lost.lost(who).0, 429, "{who}");
    }
    assert_eq!(
        lost.sign_in("ana", PHRASE),
        303,
        "signing in is counted apart"
    );
    world.mail.letter(3);
}

#[test]
fn mail_goes_without_encryption_to_this_machine_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    for (smtp, from, expected) in [
        (
            "smtp://ana:secret@mail.example.org:25",
            "a@b.org",
            "without encryption to this machine alone",
        ),
        (
            "smtp://ana:secret@mail.example.org:25?tls=opportunistic",
            "a@b.org",
            "without encryption to this machine alone",
        ),
        (
            "mail.example.org",
            "a@b.org",
            "--smtp takes an address such as",
        ),
        (
            "smtp://127.0.0.1:25",
            "nobody",
            "--mail-from takes an address",
        ),
    ] {
        let output = minga(
            &data,
            &[
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--smtp",
                smtp,
                "--mail-from",
                from,
            ],
        );
        let words = said(&output);
        assert_eq!(output.status.code(), Some(1), "{words}");
        assert!(
            words.contains(expected) && words.lines().count() == 1,
            "{words}"
        );
        assert!(!words.contains("secret"), "{words}");
    }
    let output = minga(
        &data,
        &[
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--smtp",
            "smtp://127.0.0.1",
        ],
    );
    assert!(said(&output).contains("--mail-from"), "{}", said(&output));
    assert!(!data.exists(), "nothing was made");
}

#[test]
fn a_node_without_a_mail_server_offers_no_mail() {
    let folder = tempfile::tempdir().expect("a folder");
    let serving = Serving::start(&folder.path().join("data"));
    let mut ana = Browser {
        base: serving.base.clone(),
        cookies: Vec::new(),
    };
    assert!(!ana.get("/recover").1.contains("/recover/mail"));
    assert!(!ana.get("/privacy").1.contains("This node mails"));
    assert_eq!(
        ana.send("/recover", "/recover/mail", &[("who", "ana")]).0,
        404
    );
    let joined = ana.join("ana", "Ana Paz", "ana@example.org");
    assert!(
        joined.0 == 200 && !joined.1.contains("We mailed"),
        "{}",
        joined.1
    );
    assert!(!ana.get("/me").1.contains("not confirmed"));
    assert_eq!(ana.send("/me", "/me/notices", &[("often", "daily")]).0, 422);
}
