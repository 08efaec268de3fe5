//! The server: takes requests, runs each handler on a database thread, writes the answers.

use crate::asker::Guard;
use crate::route::Router;
use crate::route::{Answers, Identify};
use crate::words::{Catalogues, Words};
use crate::{
    Acting, Asker, Body, Capability, Context, Form, Lang, MenuEntry, Method, Problem, Request,
    Response, Unread, Upload,
};
use axum::body::Body as AxumBody;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::convert::Infallible;
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};
use store::{Node, Viewer};

/// The one style sheet.
const STYLE: &[u8] = include_bytes!("../assets/minga.css");
/// The one script: without it every page works too.
const SCRIPT: &[u8] = include_bytes!("../assets/minga.js");
/// The mark, for the browser's tab.
const MARK: &[u8] = include_bytes!("../assets/mark.svg");

/// What pages say of the commons, and what follows from the configuration.
#[derive(Clone)]
pub struct Settings {
    /// The commons' name.
    pub name: String,
    /// The name that the configuration gives, where stewards gave none.
    pub given_name: String,
    /// What the commons is, in a sentence of its stewards; empty where they wrote none.
    pub about: String,
    /// The address of this node as others reach it, without a slash at its end.
    pub public_url: String,
    /// The menu.
    pub menu: Vec<MenuEntry>,
    /// Where something new is begun, by capability.
    pub begin: Vec<MenuEntry>,
    /// The address of the style sheet, with its version.
    pub style_href: String,
    /// The address of the script, with its version.
    pub script_href: String,
    /// Whether the starter commons is shown.
    pub starter: bool,
    /// Whether people can have accounts here.
    pub accounts: bool,
    /// The addresses of things, by capability.
    pub addresses: Vec<crate::AddressOf>,
    /// What capabilities say of any thing.
    pub beside: Vec<crate::Beside>,
    /// What capabilities say of any person.
    pub of_person: Vec<crate::OfPerson>,
    /// What capabilities keep for whoever is signed in.
    pub own: Vec<MenuEntry>,
    /// The header in which a proxy in front says where a request came from; none if there is no proxy to trust.
    pub proxy_header: Option<String>,
    /// Whether this node sends mail.
    pub mail: bool,
}

/// What a request is answered with, whoever answers.
struct Parts<'a> {
    request: &'a Request,
    words: &'a Words,
    settings: &'a Settings,
    viewer: &'a Viewer,
    guard: &'a Guard,
    rest: &'a str,
}

/// Figures for `/metrics`.
#[derive(Default)]
pub struct Served {
    requests: AtomicU64,
    errors: AtomicU64,
    micros: AtomicU64,
}

/// The site: everything that handlers share.
pub struct Site {
    node: Node,
    search: Arc<search::Indexes>,
    words: Catalogues,
    router: Router,
    fallbacks: Vec<crate::Handler>,
    texts: Vec<crate::TextOf>,
    identify: Option<Identify>,
    guard_key: [u8; 32],
    /// The settings and what everybody may see, as they were when last looked at.
    now: RwLock<(Arc<Settings>, Arc<Viewer>)>,
    served: Served,
    /// Why the last request failed, and when that was told.
    told: Mutex<(String, Instant)>,
    /// Reads, each second, what may have changed: settings, and whether the starter is shown.
    refresh: fn(&Node, &mut Settings) -> Viewer,
}

/// Returns how many requests are answered at once: as many as there are cores, since a page is mostly
/// computed and what it reads is mostly in memory.
#[must_use]
pub fn threads() -> usize {
    std::thread::available_parallelism().map_or(2, |cores| cores.get().clamp(2, 16))
}

/// Does what may take long in the middle of an answer that is read where it arrived: the others are answered
/// meanwhile by another thread.
pub fn aside<T>(work: impl FnOnce() -> T) -> T {
    use tokio::runtime::{Handle, RuntimeFlavor};
    match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        _ => work(),
    }
}

impl Site {
    /// Puts the capabilities together.
    #[must_use]
    pub fn new(
        node: Node,
        search: Arc<search::Indexes>,
        capabilities: &[Capability],
        name: &str,
        public_url: &str,
        refresh: fn(&Node, &mut Settings) -> Viewer,
    ) -> Self {
        let mut sources = vec![[
            include_str!("../words/es.ftl"),
            include_str!("../words/en.ftl"),
        ]];
        sources.extend(capabilities.iter().map(|c| c.words));
        let words = Catalogues::new(&sources);
        let routes = capabilities.iter().flat_map(|c| c.routes.iter().copied());
        let version = |bytes: &[u8]| {
            bytes.iter().fold(0x811c_9dc5_u32, |hash, byte| {
                (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
            })
        };
        let identify = capabilities.iter().find_map(|c| c.identify);
        let mut settings = Settings {
            name: name.to_owned(),
            given_name: name.to_owned(),
            about: String::new(),
            public_url: public_url.trim_end_matches('/').to_owned(),
            menu: capabilities
                .iter()
                .flat_map(|c| c.menu.iter().copied())
                .collect(),
            begin: capabilities.iter().filter_map(|c| c.begin).collect(),
            style_href: format!("/assets/minga.css?v={:08x}", version(STYLE)),
            script_href: format!("/assets/minga.js?v={:08x}", version(SCRIPT)),
            starter: false,
            accounts: identify.is_some(),
            addresses: capabilities.iter().filter_map(|c| c.address).collect(),
            beside: capabilities.iter().filter_map(|c| c.beside).collect(),
            of_person: capabilities.iter().filter_map(|c| c.of_person).collect(),
            own: capabilities.iter().filter_map(|c| c.own).collect(),
            proxy_header: None,
            mail: false,
        };
        let viewer = refresh(&node, &mut settings);
        Self {
            router: Router::new(routes),
            fallbacks: capabilities.iter().filter_map(|c| c.fallback).collect(),
            texts: capabilities.iter().filter_map(|c| c.text).collect(),
            identify,
            guard_key: node.keys().derived("minga 2026-11 tokens of forms"),
            now: RwLock::new((Arc::new(settings), Arc::new(viewer))),
            served: Served::default(),
            told: Mutex::new((String::new(), Instant::now())),
            node,
            search,
            words,
            refresh,
        }
    }

    /// Reads anew what may have changed since.
    pub fn refresh(&self) {
        let mut settings = Settings::clone(&self.now().0);
        let viewer = (self.refresh)(&self.node, &mut settings);
        self.set_now((Arc::new(settings), Arc::new(viewer)));
    }

    /// Says in which header a proxy that is to be trusted names the address of whoever asks.
    #[must_use]
    pub fn behind_proxy(self, header: Option<String>) -> Self {
        let (settings, viewer) = self.now();
        let mut settings = Settings::clone(&settings);
        settings.proxy_header = header.map(|header| header.to_ascii_lowercase());
        self.set_now((Arc::new(settings), viewer));
        self
    }

    /// Says that this node sends mail: what needs it is offered.
    #[must_use]
    pub fn sending_mail(self) -> Self {
        let (settings, viewer) = self.now();
        let mut settings = Settings::clone(&settings);
        settings.mail = true;
        self.set_now((Arc::new(settings), viewer));
        self
    }

    /// Returns the settings as they are now.
    #[must_use]
    pub fn settings(&self) -> Arc<Settings> {
        self.now().0
    }

    /// Returns the words of every language.
    #[must_use]
    pub fn catalogues(&self) -> &Catalogues {
        &self.words
    }

    /// Says by which address others reach the node, where nobody said so before it listened.
    pub fn set_public_url(&self, url: &str) {
        let (settings, viewer) = self.now();
        let mut settings = Settings::clone(&settings);
        url.trim_end_matches('/')
            .clone_into(&mut settings.public_url);
        self.set_now((Arc::new(settings), viewer));
    }

    fn now(&self) -> (Arc<Settings>, Arc<Viewer>) {
        self.now
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn set_now(&self, now: (Arc<Settings>, Arc<Viewer>)) {
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = now;
    }

    fn words(&self, lang: Lang) -> &Words {
        self.words.of(lang)
    }

    /// Answers one request. Runs on a database thread.
    #[must_use]
    pub fn answer(&self, request: &Request) -> Response {
        let began = Instant::now();
        let response = self.answer_inner(request);
        self.served.requests.fetch_add(1, Ordering::Relaxed);
        self.served
            .micros
            .fetch_add(began.elapsed().as_micros() as u64, Ordering::Relaxed);
        match response.status {
            404 if request.method == Method::Get => store::count_refused("request", "not_found"),
            405 => store::count_refused("request", "method_not_allowed"),
            _ => {}
        }
        if response.status >= 500 {
            self.served.errors.fetch_add(1, Ordering::Relaxed);
        }
        response
    }

    /// Answers one request; a panic in a handler is the answer 500.
    fn answer_safely(&self, request: &Request) -> Response {
        let site = std::panic::AssertUnwindSafe(self);
        let answer = || site.answer(request).unless_known(request);
        std::panic::catch_unwind(answer).unwrap_or_else(|_| {
            let text = b"a defect of the program; see its log\n".to_vec();
            Response::ok("text/plain; charset=utf-8", text).status(500)
        })
    }

    fn answer_inner(&self, request: &Request) -> Response {
        match request.path.as_str() {
            _ if request.method != Method::Get => {}
            "/assets/minga.css" => {
                return Response::asset("text/css; charset=utf-8", Body::Fixed(STYLE));
            }
            "/assets/minga.js" => {
                return Response::asset("text/javascript; charset=utf-8", Body::Fixed(SCRIPT));
            }
            "/assets/mark.svg" | "/favicon.ico" => {
                return Response::asset("image/svg+xml", Body::Fixed(MARK));
            }
            "/healthz" => return Response::ok("text/plain; charset=utf-8", b"ok\n".to_vec()),
            "/metrics" => return self.metrics(),
            _ => {}
        }
        if let Some(chosen) = chosen(request) {
            return chosen;
        }
        let lang = request.lang();
        let (settings, viewer) = self.now();
        let found = self.router.find(request.method, &request.path);
        let allowed = match found {
            Some(_) => None,
            None => self.router.allowed(&request.path),
        };
        let rest = found.map_or_else(String::new, |(_, rest)| crate::decode(rest));
        let words = self.words(lang);
        let guard = Guard::new(self.guard_key, &settings.public_url);
        let parts = Parts {
            request,
            words,
            settings: &settings,
            viewer: &viewer,
            guard: &guard,
            rest: &rest,
        };
        let answered = match found {
            Some((route, _)) => match route.answers {
                Answers::Acts(action) => self.act(&parts, action, route.signed),
                Answers::Shows(handler) => self.show(&parts, &|cx| handler(cx)),
            },
            None => self.show(&parts, &|cx| match allowed {
                Some(_) => Err(Problem {
                    status: 405,
                    code: "method_not_allowed",
                    detail: words.tf("problem-405", &[("path", request.path.as_str().into())]),
                    remedy: String::new(),
                }),
                None => self.fall_back(cx),
            }),
        };
        match (answered, allowed) {
            (Ok(answer), Some(methods)) if answer.status == 405 => answer.with("allow", methods),
            (Ok(answer), _) => answer,
            (Err(error), _) => {
                let problem = Problem::from(error);
                self.tell(request, &problem);
                let text = format!("{}\n", words.t("problem-failed"));
                Response::ok("text/plain; charset=utf-8", text.into_bytes()).status(problem.status)
            }
        }
    }

    /// Answers within one unit of work that reads.
    fn show(
        &self,
        parts: &Parts<'_>,
        handler: &dyn Fn(&Context<'_>) -> Result<Response, Problem>,
    ) -> Result<Response, store::StoreError> {
        self.node.store().read(|db| {
            let asker = self.asker(db, parts)?;
            let cx = Context {
                db,
                viewer: parts.viewer,
                request: parts.request,
                words: parts.words,
                node: &self.node,
                search: &self.search,
                texts: &self.texts,
                settings: parts.settings,
                rest: parts.rest,
                asker: asker.as_ref(),
                guard: parts.guard,
                visit: std::cell::RefCell::default(),
            };
            let answer = handler(&cx).unwrap_or_else(|problem| {
                self.tell(parts.request, &problem);
                cx.problem(&problem)
            });
            // What is shown to one who is signed in, or not any more, is for nobody else.
            let private = parts.guard.shown(parts.request).is_some();
            let answer = cx.with_visit(answer);
            Ok(if private {
                answer.with("cache-control", "private, no-cache")
            } else {
                answer
            })
        })
    }

    fn asker(
        &self,
        db: &store::Db<'_>,
        parts: &Parts<'_>,
    ) -> Result<Option<Asker>, store::StoreError> {
        match (self.identify, parts.guard.shown(parts.request)) {
            (Some(identify), Some(shown)) => identify(&self.node, db, &shown),
            _ => Ok(None),
        }
    }

    /// Runs an action, once it is clear that the form is one of ours.
    fn act(
        &self,
        parts: &Parts<'_>,
        action: crate::route::Action,
        signed: bool,
    ) -> Result<Response, store::StoreError> {
        let request = parts.request;
        let asker = if signed {
            None
        } else {
            self.node.store().read(|db| self.asker(db, parts))?
        };
        let acting = Acting {
            viewer: parts.viewer,
            request,
            words: parts.words,
            catalogues: &self.words,
            node: &self.node,
            search: &self.search,
            texts: &self.texts,
            settings: parts.settings,
            rest: parts.rest,
            asker: asker.as_ref(),
            guard: parts.guard,
        };
        // A token is shown by a program, never by a browser on its own.
        let trusted = match request.bearer() {
            _ if signed => true,
            Some(_) => asker.is_some(),
            None => parts.guard.is_ours(request, &parts.settings.public_url),
        };
        let answered = if trusted {
            action(&acting)
        } else if request.bearer().is_some() {
            Err(Problem::bad_token(parts.words))
        } else {
            store::count_refused("request", "foreign_form");
            Ok(crate::layout::foreign_form(&acting))
        };
        match &answered {
            Err(problem) if (400..500).contains(&problem.status) => {
                store::count_refused("request", problem.code);
            }
            Ok(answer) if !answer.mistakes.is_empty() => {
                store::count_refused("request", "mistakes");
            }
            _ => {}
        }
        let answer = answered.or_else(|problem| {
            self.tell(request, &problem);
            acting
                .read(|cx| Ok(cx.with_visit(cx.problem(&problem))))
                .map_err(|_| store::StoreError::Stopped)
        })?;
        if request.prefers("application/json") && !signed {
            return Ok(answer.for_program(parts.words));
        }
        Ok(answer)
    }

    /// Tells whoever keeps the node why it failed: the same reason once a minute.
    fn tell(&self, request: &Request, problem: &Problem) {
        if problem.status < 500 {
            return;
        }
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let (reason, at) = &mut *told;
        if *reason == problem.detail && at.elapsed() < Duration::from_secs(60) {
            return;
        }
        reason.clone_from(&problem.detail);
        *at = Instant::now();
        self.node.tell(&format!(
            "{} answers {}: {}",
            request.path, problem.status, problem.detail
        ));
    }

    /// Tells that the body of a request was not read.
    fn refuse(&self, request: &Request, unread: Unread) -> Response {
        let words = self.words(request.lang());
        let most = |bytes: usize| [("most", (bytes >> 20).into())];
        let (status, code, detail, remedy) = match unread {
            Unread::Large(bytes) => (
                413,
                "body_too_large",
                words.tf("body-large", &most(bytes)),
                words.t("body-large-remedy"),
            ),
            Unread::Late => (408, "body_late", words.t("body-late").to_owned(), ""),
            Unread::ManyFields => (
                400,
                "many_fields",
                words.tf("body-fields", &[("most", Form::MOST_FIELDS.into())]),
                "",
            ),
            Unread::Json => (400, "bad_json", words.t("body-json").to_owned(), ""),
            Unread::Parts => (400, "bad_form", words.t("body-parts").to_owned(), ""),
        };
        store::count_refused("request", code);
        let problem = Problem {
            status,
            code,
            detail,
            remedy: remedy.to_owned(),
        };
        let (settings, viewer) = self.now();
        let guard = Guard::new(self.guard_key, &settings.public_url);
        let parts = Parts {
            request,
            words,
            settings: &settings,
            viewer: &viewer,
            guard: &guard,
            rest: "",
        };
        self.show(&parts, &|cx| Ok(cx.problem(&problem)))
            .unwrap_or_else(|_| {
                let text = format!("{}\n", problem.detail);
                Response::ok("text/plain; charset=utf-8", text.into_bytes()).status(status)
            })
    }

    fn fall_back(&self, cx: &Context<'_>) -> Result<Response, Problem> {
        if cx.request.method == Method::Get {
            for handler in &self.fallbacks {
                match handler(cx) {
                    Err(problem) if problem.status == 404 => {}
                    other => return other,
                }
            }
        }
        let text = cx.words.tf(
            "problem-404-path",
            &[("path", crate::decode(&cx.request.path).as_str().into())],
        );
        Err(Problem::not_found(text))
    }

    fn metrics(&self) -> Response {
        let mut text = format!(
            "# TYPE minga_requests_total counter\nminga_requests_total {}\n\
             # TYPE minga_request_errors_total counter\nminga_request_errors_total {}\n\
             # TYPE minga_request_seconds_total counter\nminga_request_seconds_total {:.6}\n",
            self.served.requests.load(Ordering::Relaxed),
            self.served.errors.load(Ordering::Relaxed),
            self.served.micros.load(Ordering::Relaxed) as f64 / 1e6,
        );
        text.push_str("# TYPE minga_refused_total counter\n");
        for (what, code, count) in store::refusals() {
            text.push_str(&format!(
                "minga_refused_total{{what=\"{what}\",code=\"{code}\"}} {count}\n"
            ));
        }
        Response::ok("text/plain; version=0.0.4", text.into_bytes())
    }

    /// Serves until `stop` resolves. `ready` is told the address as soon as requests are taken.
    ///
    /// # Errors
    /// When the address cannot be listened on: it is in use, or not this machine's.
    pub fn serve(
        self: Arc<Self>,
        listen: SocketAddr,
        ready: impl FnOnce(SocketAddr),
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> std::io::Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(threads())
            .enable_all()
            .build()?;
        let refresher = self.clone();
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::bind(listen).await?;
            ready(listener.local_addr()?);
            tokio::spawn(async move {
                loop {
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    let site = refresher.clone();
                    let _ = tokio::task::spawn_blocking(move || site.refresh()).await;
                }
            });
            self.accept(listener, stop).await;
            Ok(())
        })
    }

    /// Takes connections until `stop` resolves, then lets those that are at work finish.
    async fn accept(
        self: Arc<Self>,
        listener: tokio::net::TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) {
        let mut http = hyper::server::conn::http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
        let graceful = GracefulShutdown::new();
        let mut stop = std::pin::pin!(stop);
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = &mut stop => break,
            };
            let Ok((stream, peer)) = accepted else {
                // No more files may be open: some will be closed soon.
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            };
            // An answer is written at once; waiting for more of it only delays its end.
            let _ = stream.set_nodelay(true);
            let site = self.clone();
            let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
                let site = site.clone();
                async move {
                    let request = request.map(AxumBody::new);
                    Ok::<_, Infallible>(take_request(site, request, Some(peer.ip())).await)
                }
            });
            let connection = http.serve_connection(TokioIo::new(stream), service);
            let watched = graceful.watch(connection);
            tokio::spawn(async move {
                // Whoever breaks off is gone: there is nobody to tell.
                let _ = watched.await;
            });
        }
        drop(listener);
        let _ = tokio::time::timeout(FINISH, graceful.shutdown()).await;
    }
}

/// How long a request may take to come in, and a connection to stay without one: who sends a byte now and
/// then must not hold a connection for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long answers that are under way may take when the node stops.
const FINISH: Duration = Duration::from_secs(3);

/// Remembers a language or a theme that was chosen by hand, and shows the page again.
fn chosen(request: &Request) -> Option<Response> {
    let lang = request
        .param("lang")
        .and_then(Lang::parse)
        .map(|l| ("lang", l.tag()));
    let theme = match request.param("theme") {
        Some("dark") => Some(("theme", "dark")),
        Some("light") => Some(("theme", "light")),
        Some("auto") => Some(("theme", "auto")),
        _ => None,
    };
    // A search narrows by `lang`; there it is no choice of the interface's language.
    let is_search = request.path == "/search" || request.path.starts_with("/api/");
    let ui = request
        .param("ui")
        .and_then(Lang::parse)
        .map(|l| ("ui", l.tag()));
    let (name, value) = theme.or(ui).or(lang.filter(|_| !is_search))?;
    let rest: Vec<String> = request
        .query
        .iter()
        .filter(|(key, _)| key != name)
        .map(|(key, value)| format!("{}={}", crate::encode(key), crate::encode(value)))
        .collect();
    // A path of two slashes would be another site's address, and browsers take `\` for one.
    let path = format!("/{}", request.path.trim_start_matches(['/', '\\']));
    let to = if rest.is_empty() {
        path
    } else {
        format!("{path}?{}", rest.join("&"))
    };
    Some(
        Response::redirect(303, &to)
            .with(
                "set-cookie",
                format!(
                    "{}={value}; Path=/; Max-Age=31536000; SameSite=Lax",
                    if name == "theme" { "theme" } else { "lang" }
                ),
            )
            .with("cache-control", "no-store"),
    )
}

/// Returns where a request came from: what a trusted proxy says, of a list its last entry; else who is connected.
fn address(settings: &Settings, headers: &HeaderMap, peer: Option<std::net::IpAddr>) -> String {
    let said = settings.proxy_header.as_deref().and_then(|name| {
        let lines = headers.get_all(name);
        let last = lines.iter().next_back()?.to_str().ok()?;
        let last = last.rsplit(',').next()?.trim().trim_start_matches("for=");
        last.trim_matches(['"', '[', ']']).parse().ok()
    });
    said.or(peer)
        .map_or_else(String::new, |found| found.to_string())
}

/// How many bodies of over [`SMALL`] bytes are held at once: others wait for their turn.
const MOST_AT_ONCE: usize = 16;
/// What is read where it arrives, in bytes; reading more takes long enough to be given a thread of its own.
const SMALL: usize = 256 << 10;
static LARGE_BODIES: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(MOST_AT_ONCE);

/// A form, or the bytes of a body that is none.
type Taken = Result<(Form, Vec<u8>), Unread>;

/// Reads a body of at most so many bytes: as a form where it is one, else as it is.
async fn read_body(body: AxumBody, most: usize, media_type: &str, path: &str) -> Taken {
    if most == 0 {
        // Nobody takes anything here: the answer says so.
        return Ok(<_>::default());
    }
    let small = axum::body::HttpBody::size_hint(&body)
        .upper()
        .is_some_and(|length| length <= SMALL as u64);
    let all = async {
        let turn = if small {
            None
        } else {
            LARGE_BODIES.acquire().await.ok()
        };
        (gathered(body, most).await, turn)
    };
    let (bytes, _turn) = match tokio::time::timeout(PATIENCE, all).await {
        Ok((gathered, turn)) => (gathered?, turn),
        Err(_) => return Err(Unread::Late),
    };
    let kind = media_type.split(';').next().unwrap_or_default().trim();
    // Every action takes its fields as JSON too; what stands below /api/ reads its own.
    let parse: fn(&[u8]) -> Taken = match kind {
        "multipart/form-data" => {
            return Ok((read_parts(media_type, bytes).await?, Vec::new()));
        }
        "application/x-www-form-urlencoded" => |bytes| Ok((Form::parse(bytes)?, Vec::new())),
        "application/json" if !path.starts_with("/api/") => {
            |bytes| Ok((Form::of_json(bytes)?, Vec::new()))
        }
        _ => |bytes| Ok((Form::default(), bytes.to_vec())),
    };
    if bytes.len() <= SMALL {
        return parse(&bytes);
    }
    // A defect in reading, or a node that stops: nothing was read.
    tokio::task::spawn_blocking(move || parse(&bytes))
        .await
        .unwrap_or(Err(Unread::Late))
}

/// Takes a body of at most so many bytes. What is larger is let go as it comes, up to four times as much: a browser
/// reads the answer only when it has sent all of it.
async fn gathered(body: AxumBody, most: usize) -> Result<axum::body::Bytes, Unread> {
    use futures_util::StreamExt as _;
    let mut parts = body.into_data_stream();
    let mut bytes = Vec::new();
    let mut length = 0_usize;
    while let Some(part) = parts.next().await {
        // Whoever breaks off hears nothing any more.
        let part = part.map_err(|_| Unread::Late)?;
        length += part.len();
        if length <= most {
            bytes.extend_from_slice(&part);
        } else if length > most.saturating_mul(4) {
            break;
        } else {
            bytes = Vec::new();
        }
    }
    if length > most {
        return Err(Unread::Large(most));
    }
    Ok(bytes.into())
}

/// Reads a form with files.
async fn read_parts(media_type: &str, body: axum::body::Bytes) -> Result<Form, Unread> {
    read_each_part(media_type, body)
        .await
        .map_err(|error| error.unwrap_or(Unread::Parts))
}

/// Reads a form with files; an error without a reason is one of their shape.
async fn read_each_part(media_type: &str, body: axum::body::Bytes) -> Result<Form, Option<Unread>> {
    let shape = |_: multer::Error| None;
    let boundary = multer::parse_boundary(media_type).map_err(shape)?;
    let body = futures_util::stream::once(std::future::ready(Ok::<_, Infallible>(body)));
    let mut parts = multer::Multipart::new(body, boundary);
    let mut form = Form::default();
    while let Some(part) = parts.next_field().await.map_err(shape)? {
        if form.fields.len() + form.files.len() >= Form::MOST_FIELDS {
            return Err(Some(Unread::ManyFields));
        }
        let field = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let bytes = part.bytes().await.map_err(shape)?;
        match file {
            Some(name) if name.is_empty() && bytes.is_empty() => {}
            Some(name) => form.files.push(Upload {
                field,
                name,
                bytes: bytes.to_vec(),
            }),
            None => {
                let text = crate::request::unix_lines(&String::from_utf8_lossy(&bytes));
                form.fields.push((field, text));
            }
        }
    }
    Ok(form)
}

async fn take_request(
    site: Arc<Site>,
    request: axum::extract::Request,
    peer: Option<std::net::IpAddr>,
) -> axum::response::Response {
    let (parts, body) = request.into_parts();
    let (method, head) = match parts.method.as_str() {
        "GET" => (Method::Get, false),
        "HEAD" => (Method::Get, true),
        "POST" => (Method::Post, false),
        _ => (Method::Other, false),
    };
    let media_type = header_text(&parts.headers, &header::CONTENT_TYPE);
    let read = if method == Method::Post {
        let most = site.router.most_body(method, parts.uri.path());
        read_body(body, most, &media_type, parts.uri.path()).await
    } else {
        Ok((Form::default(), Vec::new()))
    };
    let unread = read.as_ref().err().copied();
    let (form, body) = read.unwrap_or_default();
    let text = |name: header::HeaderName| header_text(&parts.headers, &name);
    let gzip = text(header::ACCEPT_ENCODING).contains("gzip");
    let request = Request {
        method,
        path: parts.uri.path().to_owned(),
        query: parts
            .uri
            .query()
            .map_or_else(Vec::new, Request::parse_query),
        accept: text(header::ACCEPT),
        accept_language: text(header::ACCEPT_LANGUAGE),
        if_none_match: text(header::IF_NONE_MATCH),
        gzip,
        cookies: text(header::COOKIE),
        host: text(header::HOST),
        origin: text(header::ORIGIN),
        fetch_site: text(header::HeaderName::from_static("sec-fetch-site")),
        authorization: text(header::AUTHORIZATION),
        user_agent: text(header::USER_AGENT),
        address: address(&site.now().0, &parts.headers, peer),
        media: media_type
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase(),
        form,
        body,
    };
    if let Some(unread) = unread {
        let refused = tokio::task::spawn_blocking(move || site.refuse(&request, unread)).await;
        return match refused {
            // What is left of the body is not read: the connection is of no use any more.
            Ok(response) => finish(response.with("connection", "close"), gzip, head),
            Err(_) => plain(StatusCode::SERVICE_UNAVAILABLE, "the node is stopping\n"),
        };
    }
    let waits = site.node.store().is_postgres() || site.router.waits(method, &request.path);
    if !waits {
        // Reading takes less than a hop to another thread and back would.
        return finish(site.answer_safely(&request), gzip, head);
    }
    match tokio::task::spawn_blocking(move || site.answer_safely(&request)).await {
        Ok(response) => finish(response, gzip, head),
        Err(_) => plain(StatusCode::SERVICE_UNAVAILABLE, "the node is stopping\n"),
    }
}

fn header_text(headers: &HeaderMap, name: &header::HeaderName) -> String {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned()
}

fn plain(status: StatusCode, text: &'static str) -> axum::response::Response {
    let mut response = axum::response::Response::new(AxumBody::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    response
}

/// The policy of every page: nothing from elsewhere, no script but our own, no frame around us.
const POLICY: &str = "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'";

fn finish(response: Response, gzip: bool, head: bool) -> axum::response::Response {
    let Response {
        status,
        headers,
        body,
        ..
    } = response;
    let media = headers
        .iter()
        .find(|(name, _)| *name == "content-type")
        .map(|(_, v)| v.clone());
    let page = media.as_deref().is_some_and(|m| m.starts_with("text/html"));
    let squeezes = media.as_deref().is_some_and(|m| {
        m.starts_with("text/") || m.contains("json") || m.contains("xml") || m.contains("svg")
    });
    let is_packed = matches!(body, Body::Packed(_));
    let (mut squeezed, fixed) = match body {
        Body::Whole(bytes) => (bytes, None),
        Body::Packed(bytes) if !gzip => {
            let mut whole = Vec::new();
            // What the build packed unpacks.
            let _ = flate2::read::GzDecoder::new(bytes).read_to_end(&mut whole);
            (whole, None)
        }
        Body::Fixed(bytes) | Body::Packed(bytes) => (Vec::new(), Some(bytes)),
    };
    let length = fixed.map_or(squeezed.len(), <[u8]>::len);
    let as_packed = is_packed && gzip;
    let encoded = gzip && squeezes && length > 1_000 && !is_packed;
    if encoded {
        let source = fixed.unwrap_or(&squeezed);
        let mut encoder = flate2::write::GzEncoder::new(
            Vec::with_capacity(length / 3),
            flate2::Compression::fast(),
        );
        if encoder.write_all(source).is_ok() {
            squeezed = encoder.finish().unwrap_or_default();
        }
    }
    let squeezed_length = squeezed.len();
    let body = match fixed {
        Some(bytes) if !encoded => AxumBody::from(bytes),
        _ => AxumBody::from(squeezed),
    };
    let sent = if encoded || fixed.is_none() {
        squeezed_length
    } else {
        length
    };
    let mut out = axum::response::Response::new(if head { AxumBody::empty() } else { body });
    if head {
        // What GET would send.
        out.headers_mut()
            .insert(header::CONTENT_LENGTH, sent.into());
    }
    *out.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let map = out.headers_mut();
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            if name == "set-cookie" {
                map.append(name, value);
            } else {
                map.insert(name, value);
            }
        }
    }
    if encoded || as_packed {
        map.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    if page {
        map.insert("content-security-policy", HeaderValue::from_static(POLICY));
        map.insert("referrer-policy", HeaderValue::from_static("same-origin"));
        map.insert(
            header::VARY,
            HeaderValue::from_static("accept, accept-language, accept-encoding, cookie"),
        );
        map.entry(header::CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-cache"));
    }
    map.insert(
        "x-content-type-options",
        HeaderValue::from_static("nosniff"),
    );
    out
}
