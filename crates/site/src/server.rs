//! The server: takes requests, runs each handler on a database thread, writes the answers.

use crate::route::Router;
use crate::words::Words;
use crate::{Body, Capability, Context, Lang, MenuEntry, Method, Problem, Request, Response};
use axum::body::Body as AxumBody;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::convert::Infallible;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};
use store::{Node, Viewer};

/// The one style sheet.
const STYLE: &[u8] = include_bytes!("../assets/minga.css");
/// The mark, for the browser's tab.
const MARK: &[u8] = include_bytes!("../assets/mark.svg");

/// What pages say of the commons, and what follows from the configuration.
#[derive(Clone)]
pub struct Settings {
    /// The commons' name.
    pub name: String,
    /// The address of this node as others reach it, without a slash at its end.
    pub public_url: String,
    /// The menu.
    pub menu: Vec<MenuEntry>,
    /// The address of the style sheet, with its version.
    pub style_href: String,
    /// Whether the starter commons is shown.
    pub starter: bool,
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
    words: [Words; 2],
    router: Router,
    fallbacks: Vec<crate::Handler>,
    texts: Vec<crate::TextOf>,
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
        let catalogue = |lang: Lang, index: usize, own: &'static str| {
            let mut sources = vec![own];
            sources.extend(capabilities.iter().map(|c| c.words[index]));
            Words::new(lang, &sources).0
        };
        let words = [
            catalogue(Lang::Es, 0, include_str!("../words/es.ftl")),
            catalogue(Lang::En, 1, include_str!("../words/en.ftl")),
        ];
        let routes = capabilities.iter().flat_map(|c| c.routes.iter().copied());
        let version: u32 = STYLE.iter().fold(0x811c_9dc5, |hash, byte| {
            (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
        });
        let mut settings = Settings {
            name: name.to_owned(),
            public_url: public_url.trim_end_matches('/').to_owned(),
            menu: capabilities
                .iter()
                .flat_map(|c| c.menu.iter().copied())
                .collect(),
            style_href: format!("/assets/minga.css?v={version:08x}"),
            starter: false,
        };
        let viewer = refresh(&node, &mut settings);
        Self {
            router: Router::new(routes),
            fallbacks: capabilities.iter().filter_map(|c| c.fallback).collect(),
            texts: capabilities.iter().filter_map(|c| c.text).collect(),
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
        match lang {
            Lang::Es => &self.words[0],
            Lang::En => &self.words[1],
        }
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
            "/assets/minga.css" => return asset("text/css; charset=utf-8", STYLE),
            "/assets/mark.svg" | "/favicon.ico" => return asset("image/svg+xml", MARK),
            "/healthz" => return Response::ok("text/plain; charset=utf-8", b"ok\n".to_vec()),
            "/metrics" => return self.metrics(),
            _ => {}
        }
        if let Some(chosen) = chosen(request) {
            return chosen;
        }
        let lang = request
            .cookie("lang")
            .and_then(Lang::parse)
            .or_else(|| Lang::from_header(&request.accept_language))
            .unwrap_or(Lang::Es);
        let (settings, viewer) = self.now();
        let found = self.router.find(request.method, &request.path);
        let allowed = match found {
            Some(_) => None,
            None => self.router.allowed(&request.path),
        };
        let rest = found.map_or_else(String::new, |(_, rest)| crate::decode(rest));
        let answered = self.node.store().read(|db| {
            let cx = Context {
                db,
                viewer: &viewer,
                request,
                words: self.words(lang),
                node: &self.node,
                search: &self.search,
                texts: &self.texts,
                settings: &settings,
                rest: &rest,
            };
            let answer = match found {
                Some((route, _)) => (route.handler)(&cx),
                None if allowed.is_some() => {
                    let path = [("path", request.path.as_str().into())];
                    Err(Problem {
                        status: 405,
                        code: "method_not_allowed",
                        detail: cx.words.tf("problem-405", &path),
                        remedy: String::new(),
                    })
                }
                None => self.fall_back(&cx),
            };
            Ok::<_, store::StoreError>(answer.unwrap_or_else(|problem| {
                self.tell(request, &problem);
                let told = cx.problem(&problem);
                match allowed {
                    Some(methods) if problem.status == 405 => told.with("allow", methods),
                    _ => told,
                }
            }))
        });
        answered.unwrap_or_else(|error| {
            let problem = Problem::from(error);
            self.tell(request, &problem);
            let text = format!("{}\n", self.words(lang).t("problem-failed"));
            Response::ok("text/plain; charset=utf-8", text.into_bytes()).status(problem.status)
        })
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
        let text = format!(
            "# TYPE minga_requests_total counter\nminga_requests_total {}\n\
             # TYPE minga_request_errors_total counter\nminga_request_errors_total {}\n\
             # TYPE minga_request_seconds_total counter\nminga_request_seconds_total {:.6}\n",
            self.served.requests.load(Ordering::Relaxed),
            self.served.errors.load(Ordering::Relaxed),
            self.served.micros.load(Ordering::Relaxed) as f64 / 1e6,
        );
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
            let Ok((stream, _)) = accepted else {
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
                    Ok::<_, Infallible>(take_request(site, request).await)
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

fn asset(media: &'static str, bytes: &'static [u8]) -> Response {
    Response {
        status: 200,
        headers: vec![
            ("content-type", media.into()),
            (
                "cache-control",
                "public, max-age=31536000, immutable".into(),
            ),
        ],
        body: Body::Fixed(bytes),
    }
}

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

async fn take_request(
    site: Arc<Site>,
    request: axum::extract::Request,
) -> axum::response::Response {
    let (parts, body) = request.into_parts();
    let (method, head) = match parts.method.as_str() {
        "GET" => (Method::Get, false),
        "HEAD" => (Method::Get, true),
        "POST" => (Method::Post, false),
        _ => (Method::Other, false),
    };
    let body = if method == Method::Post {
        let whole = axum::body::to_bytes(body, Request::MOST_BODY);
        match tokio::time::timeout(PATIENCE, whole).await {
            Ok(Ok(bytes)) => bytes.to_vec(),
            Err(_) => {
                return plain(
                    StatusCode::REQUEST_TIMEOUT,
                    "the body did not come within a minute\n",
                );
            }
            Ok(Err(_)) => {
                return plain(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "the body is larger than 32 MiB\n",
                );
            }
        }
    } else {
        Vec::new()
    };
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
        body,
    };
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
    } = response;
    let media = headers
        .iter()
        .find(|(name, _)| *name == "content-type")
        .map(|(_, v)| v.clone());
    let page = media.as_deref().is_some_and(|m| m.starts_with("text/html"));
    let squeezes = media.as_deref().is_some_and(|m| {
        m.starts_with("text/") || m.contains("json") || m.contains("xml") || m.contains("svg")
    });
    let (mut squeezed, fixed) = match body {
        Body::Whole(bytes) => (bytes, None),
        Body::Fixed(bytes) => (Vec::new(), Some(bytes)),
    };
    let length = fixed.map_or(squeezed.len(), <[u8]>::len);
    let encoded = gzip && squeezes && length > 1_000;
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
    if encoded {
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
