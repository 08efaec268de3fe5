//! A node in a folder of its own, with its pages answered without a socket.

use knowledge::{Article, Kind, Media, Name};
use site::{Body, Capability, Method, Request, Site};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
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

pub struct World {
    folder: tempfile::TempDir,
    node: Node,
    indexes: Arc<search::Indexes>,
    site: Site,
}

pub struct Answer {
    pub status: u16,
    pub to: String,
    pub body: String,
}

pub fn tables() -> Vec<Box<dyn store::Tables>> {
    vec![Box::new(people::People), Box::new(knowledge::Articles)]
}

fn searching() -> Capability {
    Capability {
        name: "site",
        routes: site::find::ROUTES,
        menu: &[],
        words: ["", ""],
        fallback: None,
        text: None,
        identify: None,
        openapi: "{}",
    }
}

impl World {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let options = store::Options {
            data: folder.path().join("data"),
            database: None,
            seal_key: None,
            bucket: None,
            readers: 3,
            patience: std::time::Duration::from_secs(20),
            told: |_| (),
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
        let to = response
            .headers
            .iter()
            .find(|(name, _)| *name == "location")
            .map_or_else(String::new, |(_, to)| to.to_string());
        let body = match response.body {
            Body::Whole(bytes) => bytes,
            Body::Fixed(bytes) => bytes.to_vec(),
        };
        Answer {
            status: response.status,
            to,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }
}
