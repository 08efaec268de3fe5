//! A node in a folder of its own, with its pages answered without a socket.

use knowledge::{Article, Kind, Media, Name};
use site::{Body, Capability, Method, Request, Site};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use store::{Node, Viewer};

/// One page of a dump: title, namespace, text.
pub type Page<'a> = (&'a str, i32, &'a str);

/// A page in English that was written here.
pub fn plain(kind: Kind, title: &str, text: &str) -> Article {
    Article {
        name: Name::new(kind, title).expect("a title"),
        content: text.to_owned(),
        media: Media::Wikitext,
        language: "en".to_owned(),
        licence: "CC-BY-SA-3.0".to_owned(),
        provenance: "written".to_owned(),
        summary: String::new(),
        attribution: String::new(),
        contributor: String::new(),
        minor: false,
        translation_of: None,
        original: None,
        machine: String::new(),
        namespaces: Vec::new(),
        categories: Vec::new(),
        source: None,
        attachment: None,
    }
}

/// A database of its own on the server of `MINGA_TEST_POSTGRES`, dropped at the end.
pub struct Database {
    server: postgres::Client,
    name: String,
    url: String,
}

impl Database {
    /// Makes one; none where no server is named.
    pub fn make() -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let url = std::env::var("MINGA_TEST_POSTGRES").ok()?;
        let mut server = postgres::Client::connect(&url, postgres::NoTls).expect("the server");
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("minga_knowledge_{}_{number}", std::process::id());
        let sql = format!("CREATE DATABASE {name} TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
        server.batch_execute(&sql).expect("a database");
        let (base, query) = url.split_once('?').unwrap_or((&url, ""));
        let root = base.rsplit_once('/').expect("a database's name").0;
        let mark = if query.is_empty() { "" } else { "?" };
        let url = format!("{root}/{name}{mark}{query}");
        Some(Self { server, name, url })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let _ = self.server.batch_execute(&sql);
    }
}

pub struct World {
    folder: tempfile::TempDir,
    node: Node,
    indexes: Arc<search::Indexes>,
    site: Site,
    /// Dropped last: the node is done with it by then.
    _database: Option<Database>,
}

pub struct Answer {
    pub status: u16,
    pub to: String,
    pub body: String,
}

/// Tells each story on SQLite and on PostgreSQL.
macro_rules! stories {
    ($($name:ident),* $(,)?) => {
        mod on_sqlite { $( #[test] fn $name() { super::$name(crate::world::World::new); } )* }
        mod on_postgresql { $( #[test] fn $name() { crate::world::with_postgresql(super::$name); } )* }
    };
}
pub(crate) use stories;

/// Tells a story on PostgreSQL, where a server is named.
pub fn with_postgresql(story: fn(fn() -> World)) {
    if std::env::var("MINGA_TEST_POSTGRES").is_err() {
        println!("skipped: MINGA_TEST_POSTGRES is not set");
        return;
    }
    story(|| World::on(Database::make()));
}

pub fn tables() -> Vec<Box<dyn store::Tables>> {
    vec![Box::new(people::People), Box::new(knowledge::Articles)]
}

fn searching() -> Capability {
    Capability {
        name: "site",
        routes: site::find::ROUTES,
        begin: None,
        menu: &[],
        words: ["", ""],
        fallback: None,
        text: None,
        address: None,
        beside: None,
        of_person: None,
        own: None,
        identify: None,
        openapi: "{}",
    }
}

impl World {
    pub fn new() -> Self {
        Self::on(None)
    }

    /// A node whose database is a PostgreSQL server's.
    pub fn on(database: Option<Database>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let options = store::Options {
            data: folder.path().join("data"),
            database: database.as_ref().map(|database| database.url.clone()),
            seal_key: None,
            bucket: None,
            readers: 3,
            patience: std::time::Duration::from_secs(20),
            told: |text| println!("{text}"),
        };
        let node = Node::open(options, tables).expect("a node");
        let indexes = search::Indexes::open(&folder.path().join("index")).expect("an index");
        let indexes = Arc::new(indexes);
        let site = Site::new(
            node.clone(),
            indexes.clone(),
            &[searching(), knowledge::capability(), people::capability()],
            "Test",
            "http://test.example",
            |_, _| Viewer::public(),
        );
        Self {
            folder,
            node,
            indexes,
            site,
            _database: database,
        }
    }

    /// Ends the node and leaves its folder.
    pub fn close(self) -> tempfile::TempDir {
        let Self { folder, .. } = self;
        folder
    }

    pub fn node(&self) -> &Node {
        &self.node
    }

    pub fn indexes(&self) -> &search::Indexes {
        &self.indexes
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Imports pages, with media from `files`; the wiki has a namespace `Draft`, and calls its own `Barn`.
    pub fn import(&self, pages: &[Page<'_>], files: Option<&Path>) -> knowledge::import::Report {
        let mut xml = String::from(
            "<mediawiki version=\"0.11\" xml:lang=\"en\"><siteinfo><sitename>Barn wiki</sitename><namespaces>\
             <namespace key=\"0\"/><namespace key=\"4\">Barn</namespace><namespace key=\"6\">File</namespace>\
             <namespace key=\"14\">Category</namespace><namespace key=\"118\">Draft</namespace></namespaces></siteinfo>",
        );
        for (title, namespace, text) in pages {
            let text = text.replace('&', "&amp;").replace('<', "&lt;");
            xml.push_str(&format!(
                "<page><title>{title}</title><ns>{namespace}</ns><revision><id>1</id>\
                 <timestamp>2026-05-17T00:00:00Z</timestamp><contributor><username>Ana</username></contributor>\
                 <text>{text}</text></revision></page>"
            ));
        }
        xml.push_str("</mediawiki>");
        let file = self.folder().join("wiki.xml");
        std::fs::write(&file, xml).expect("written");
        let options = knowledge::import::mediawiki::Options {
            forms: Vec::new(),
            licence: "CC-BY-SA-3.0".to_owned(),
            attribution: "Test people".to_owned(),
            files: files.map(Path::to_owned),
            stop: Arc::default(),
        };
        let report = knowledge::import::mediawiki::import(&self.node, &file, &options, &mut |_| {})
            .expect("imported");
        self.follow();
        self.site.refresh();
        report
    }

    /// Enters into the index what was published.
    pub fn follow(&self) {
        let stop = AtomicBool::new(false);
        knowledge::follow::catch_up(&self.node, &self.indexes, &stop, &mut |_, _| {})
            .expect("indexed");
    }

    /// Returns in how many segments the index lies.
    pub fn segments(&self) -> usize {
        let space = self.folder().join("index").join("public");
        std::fs::read_dir(space)
            .expect("an index")
            .filter(|file| {
                file.as_ref()
                    .is_ok_and(|file| file.path().extension().is_some_and(|end| end == "term"))
            })
            .count()
    }

    /// Returns a browser that nobody used yet.
    pub fn browser(&self) -> Browser<'_> {
        Browser {
            world: self,
            cookies: Vec::new(),
            address: "192.0.2.1".to_owned(),
        }
    }

    /// Returns a browser in which somebody just joined; the first one is the steward.
    pub fn member(&self, name: &str) -> Browser<'_> {
        let mut browser = self.browser();
        let first = people::accounts::first_link(&self.node).expect("a link");
        // The link is written behind the others.
        self.node
            .store()
            .write(|_| Ok::<_, store::StoreError>(()))
            .expect("written");
        let joined = browser.send(
            "/join",
            &[
                ("name", name),
                ("phrase", "cuatro caballos comen"),
                ("way", "password"),
                ("code", first.as_deref().unwrap_or_default()),
            ],
        );
        assert_eq!(joined.status, 200, "{}", joined.body);
        browser
    }

    /// Checks that a replay of the log gives the same tables.
    pub fn assert_rebuilt(&self) {
        let found = self.node.check(tables).expect("checked");
        assert_eq!(found.differences, Vec::<String>::new());
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask(path, "en", "text/html")
    }

    pub fn ask(&self, path: &str, language: &str, accept: &str) -> Answer {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let response = self.site.answer(&Request {
            method: Method::Get,
            path: path.to_owned(),
            query: Request::parse_query(query),
            accept: accept.to_owned(),
            accept_language: language.to_owned(),
            ..Request::default()
        });
        answer(response)
    }
}

fn answer(response: site::Response) -> Answer {
    let to = response
        .headers
        .iter()
        .find(|(name, _)| *name == "location")
        .map_or_else(String::new, |(_, to)| to.to_string());
    let body = match response.body {
        Body::Whole(bytes) => bytes,
        Body::Fixed(bytes) | Body::Packed(bytes) => bytes.to_vec(),
    };
    Answer {
        status: response.status,
        to,
        body: String::from_utf8_lossy(&body).into_owned(),
    }
}

/// A browser with its cookies, in English.
pub struct Browser<'w> {
    world: &'w World,
    pub cookies: Vec<(String, String)>,
    pub address: String,
}

impl Browser<'_> {
    pub fn request(&self, method: Method, path: &str) -> Request {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        Request {
            method,
            path: path.to_owned(),
            query: Request::parse_query(query),
            accept: "text/html".to_owned(),
            accept_language: "en".to_owned(),
            cookies: cookies.join("; "),
            host: "test.example".to_owned(),
            address: self.address.clone(),
            ..Request::default()
        }
    }

    /// Asks, and keeps the cookies that are set.
    pub fn ask(&mut self, request: &Request) -> Answer {
        let response = self.world.site.answer(request);
        for (_, value) in response
            .headers
            .iter()
            .filter(|(name, _)| *name == "set-cookie")
        {
            let (name, rest) = value.split_once('=').expect("a cookie");
            let kept = rest.split(';').next().unwrap_or_default();
            self.cookies.retain(|(known, _)| known != name);
            if !rest.contains("Max-Age=0") {
                self.cookies.push((name.to_owned(), kept.to_owned()));
            }
        }
        answer(response)
    }

    pub fn get(&mut self, path: &str) -> Answer {
        self.ask(&self.request(Method::Get, path))
    }

    /// Opens the page of a form and sends the form with what it holds, and `fields` filled in.
    pub fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send_from(path, path, fields)
    }

    /// Opens a page and sends the first of its forms that goes to `path`.
    pub fn send_from(&mut self, page: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.get(page);
        let mut request = self.request(Method::Post, path.split('?').next().unwrap_or(path));
        request.form.fields = filled(&page.body, path);
        for (name, value) in fields {
            request.form.fields.retain(|(known, _)| known != name);
            request
                .form
                .fields
                .push(((*name).to_owned(), (*value).to_owned()));
        }
        self.ask(&request)
    }
}

/// Reads what the forms of a page hold: hidden fields, texts, what is chosen.
fn filled(body: &str, path: &str) -> Vec<(String, String)> {
    let plain = |text: &str| {
        text.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&amp;", "&")
    };
    let action = path.split('?').next().unwrap_or(path);
    let form = body
        .split("<form")
        .find(|form| form.contains(&format!("method=\"post\" action=\"{action}\"")))
        .unwrap_or_else(|| panic!("no form at {path}: {body}"));
    let attribute = |tag: &str, name: &str| {
        let found = tag.split(&format!(" {name}=\"")).nth(1);
        found.map(|rest| plain(rest.split('"').next().unwrap_or_default()))
    };
    let mut fields = Vec::new();
    for tag in form.split("<input").skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        let chosen = !(tag.contains("type=\"radio\"") || tag.contains("type=\"checkbox\""))
            || tag.ends_with(" checked");
        if let Some(name) = attribute(tag, "name")
            && chosen
        {
            fields.push((name, attribute(tag, "value").unwrap_or_default()));
        }
    }
    for area in form.split("<textarea").skip(1) {
        let (tag, rest) = area.split_once('>').expect("a text area");
        let text = rest.split("</textarea>").next().unwrap_or_default();
        let text = text.strip_prefix('\n').unwrap_or(text);
        fields.push((attribute(tag, "name").unwrap_or_default(), plain(text)));
    }
    for select in form.split("<select").skip(1) {
        let (tag, rest) = select.split_once('>').expect("a choice");
        let options = rest.split("</select>").next().unwrap_or_default();
        let chosen = options
            .split("<option")
            .find(|option| option.contains(" selected"));
        if let (Some(name), Some(option)) = (attribute(tag, "name"), chosen) {
            fields.push((name, attribute(option, "value").unwrap_or_default()));
        }
    }
    fields
}
