//! `minga serve`.

use crate::cli::{PlaceArgs, stop_flag};
use crate::mail::{self, Post};
use crate::output::{self, Failure, Status};
use crate::registry;
use clap::Args;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, ToSocketAddrs};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use store::{Node, Viewer};

/// How it is served.
#[derive(Args, Clone)]
pub struct ServeArgs {
    /// Address to listen on; port 0 picks a free one
    #[arg(
        long,
        env = "MINGA_LISTEN",
        default_value_t = LISTEN,
        value_name = "ADDRESS",
        value_parser = listening
    )]
    listen: SocketAddr,
    /// The address that others reach the node by, behind a proxy
    #[arg(long, env = "MINGA_PUBLIC_URL", value_name = "URL", value_parser = address)]
    public_url: Option<String>,
    /// The header in which a proxy in front names the address of whoever asks, such as x-forwarded-for: only
    /// where every request comes through that proxy
    #[arg(long, env = "MINGA_PROXY_HEADER", value_name = "HEADER")]
    proxy_header: Option<String>,
    /// The name of the commons
    #[arg(long, env = "MINGA_NAME", default_value = NAME, value_name = "TEXT")]
    name: String,
    /// The server that takes mails: `smtps://user:password@host:465` or `smtp://user:password@host:587?tls=required`;
    /// `smtp://127.0.0.1:25` for one on this machine. Without it no mail is sent
    #[arg(long, env = "MINGA_SMTP", value_name = "URL", hide_env_values = true)]
    smtp: Option<String>,
    /// The address that mails come from
    #[arg(long, env = "MINGA_MAIL_FROM", value_name = "ADDRESS")]
    mail_from: Option<String>,
}

/// Reads an address to listen on; a name such as `localhost` stands for its first address, IPv4 before IPv6.
fn listening(text: &str) -> Result<SocketAddr, String> {
    let found: Vec<SocketAddr> = text
        .to_socket_addrs()
        .map(Iterator::collect)
        .unwrap_or_default();
    let best = found
        .iter()
        .find(|address| address.is_ipv4())
        .or(found.first());
    best.copied()
        .ok_or_else(|| "an address of this machine with a port, such as 127.0.0.1:7878".to_owned())
}

/// Reads the address of a node: links are made by adding a path to it.
fn address(text: &str) -> Result<String, String> {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/[]%".contains(c);
    if rest.is_empty() || rest.starts_with(['/', ':']) || !rest.chars().all(plain) {
        return Err("an address such as https://commons.example.org".to_owned());
    }
    Ok(text.trim_end_matches('/').to_owned())
}

/// Where a node listens unless it is told otherwise.
const LISTEN: SocketAddr = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 7878));
/// What a commons is called unless it is told otherwise.
const NAME: &str = "Minga";

impl ServeArgs {
    /// Takes from `outer`, the options before the word `serve`, what was not said after it.
    #[must_use]
    pub fn or(self, outer: Self) -> Self {
        Self {
            listen: if self.listen == LISTEN {
                outer.listen
            } else {
                self.listen
            },
            public_url: self.public_url.or(outer.public_url),
            proxy_header: self.proxy_header.or(outer.proxy_header),
            name: if self.name == NAME {
                outer.name
            } else {
                self.name
            },
            smtp: self.smtp.or(outer.smtp),
            mail_from: self.mail_from.or(outer.mail_from),
        }
    }
}

/// Serves until it is told to stop.
///
/// # Errors
/// When the data folder cannot be opened or the address is taken.
pub fn run(place: &PlaceArgs, args: &ServeArgs) -> Result<Status, Failure> {
    // Before a folder is made, or a large one opened, for nothing.
    let post = args.smtp.as_deref();
    let post = post.map(|url| Post::read(url, args.mail_from.as_deref()));
    let post = post.transpose()?;
    drop(std::net::TcpListener::bind(args.listen).map_err(|error| unheard(args, &error))?);
    // Whoever waits for a database server leaves its core to others.
    let at_once = site::threads() * if place.is_remote() { 4 } else { 1 };
    let node = place.open(at_once + 3)?;
    let loaded = knowledge::starter::load(&node)?;
    if loaded > 0 {
        output::say(&format!(
            "a new commons: loaded {loaded} starter texts into a space of their own"
        ));
    }
    let indexes = Arc::new(open_indexes(place, &node)?);
    let stop = stop_flag();
    let follower = follow(node.clone(), indexes.clone(), stop.clone())?;
    let public_url = args
        .public_url
        .clone()
        .unwrap_or_else(|| format!("http://{}", args.listen));
    let reloaded = indexes.clone();
    let code = people::accounts::first_link(&node)?;
    let site = site::Site::new(
        node.clone(),
        indexes,
        &registry::capabilities(),
        &args.name,
        &public_url,
        refresh,
    );
    let site = site.behind_proxy(args.proxy_header.clone());
    let shared = Arc::new(if post.is_some() {
        site.sending_mail()
    } else {
        site
    });
    let watched = stop.clone();
    let wait = async move {
        while !watched.load(Ordering::Relaxed) {
            tokio::time::sleep(Duration::from_millis(100)).await;
            reloaded.reload();
        }
    };
    let (named, url_given) = (shared.clone(), args.public_url.is_some());
    let (office, stopping) = (shared.clone(), stop.clone());
    let mut sender = None;
    let started = &mut sender;
    let served = shared.serve(
        args.listen,
        move |address| {
            let here = format!("http://{address}");
            if !url_given {
                named.set_public_url(&here);
            }
            // Links in mails begin with the address, which is known by now.
            *started = post.map(|post| post.start(node, office, stopping));
            let mut ready = serde_json::json!({"listening": here});
            output::say(&format!(
                "Minga is at {here} (data in {})",
                place.data().display()
            ));
            if let Some(code) = code {
                // Devices sign in at a name alone, and 127.0.0.1 is none.
                let named = here.replacen("//127.0.0.1:", "//localhost:", 1);
                let url = if url_given { public_url } else { named };
                let link = format!("{url}/join?code={code}");
                output::say(&format!(
                    "nobody keeps this commons yet; whoever opens this link first becomes its steward: {link}"
                ));
                ready["steward_link"] = link.into();
            }
            let _ = output::line(&ready.to_string());
        },
        wait,
    );
    stop.store(true, Ordering::Relaxed);
    let _ = follower.join();
    if let Some(Ok(sender)) = sender {
        mail::end(sender);
    }
    match served {
        Ok(()) => {
            output::say("stopped");
            Ok(Status::Done)
        }
        Err(error) => Err(unheard(args, &error)),
    }
}

/// Says why nobody can be heard at the address.
fn unheard(args: &ServeArgs, error: &std::io::Error) -> Failure {
    if error.kind() == std::io::ErrorKind::AddrInUse {
        return format!(
            "{} is in use by another program; choose another with --listen, or 127.0.0.1:0 for any free one",
            args.listen
        )
        .into();
    }
    format!("cannot listen on {}: {error}", args.listen).into()
}

/// What pages read anew each second: who sees what, what the commons is called, and whether the starter is shown.
fn refresh(node: &Node, settings: &mut site::Settings) -> Viewer {
    settings.starter = knowledge::starter::shown(node).unwrap_or(false);
    let commons = node.keys().commons_did();
    // What cannot be read now stays as it was.
    if let Ok((name, about)) = node.store().read(|db| people::commons_says(db, &commons)) {
        settings.name = name.unwrap_or_else(|| settings.given_name.clone());
        settings.about = about.unwrap_or_default();
    }
    if settings.starter {
        Viewer::of(vec![record::Space::public(), knowledge::starter::space()])
    } else {
        Viewer::public()
    }
}

/// Opens the search indexes; damaged or outdated ones are cleared, since they hold nothing of their own.
///
/// # Errors
/// When the folder cannot be used.
pub fn open_indexes(place: &PlaceArgs, node: &Node) -> Result<search::Indexes, Failure> {
    use search::SearchError::{Damaged, Outdated};
    knowledge::follow::also(node, "initiatives", initiatives::document);
    let folder = place.index();
    let indexes = search::Indexes::open(&folder)
        .map_err(|error| format!("{}: {}", folder.display(), output::sentence(&error)))?;
    for (space, _) in node.store().read(store::heads)? {
        if let Err(Damaged { .. } | Outdated { .. }) = indexes.suggest(&[space.as_str()], "a", 1) {
            output::say("the search index is damaged or of another version; it is made anew");
            indexes.clear(space.as_str())?;
        }
    }
    Ok(indexes)
}

/// How often the follower looks for something new.
const IDLE: Duration = Duration::from_millis(400);
/// How long it rests after it found some: each commit of the index costs as much for one page as for ten.
const BUSY: Duration = Duration::from_millis(1_000);

/// Starts the thread that enters into the index what was published, also by other processes.
fn follow(
    node: Node,
    indexes: Arc<search::Indexes>,
    stop: Arc<AtomicBool>,
) -> std::io::Result<std::thread::JoinHandle<()>> {
    std::thread::Builder::new()
        .name("follower".into())
        .spawn(move || {
            let mut told = String::new();
            while !stop.load(Ordering::Relaxed) {
                let mut pause = IDLE;
                match knowledge::follow::catch_up(&node, &indexes, &stop, &mut |_, _| {}) {
                    Ok(0) => {}
                    Ok(_) => {
                        pause = BUSY;
                        for (space, _) in node.store().read(store::heads).unwrap_or_default() {
                            let _ = node.store().write(move |db| store::save_tree(db, &space));
                        }
                    }
                    // Another process indexes; its work is seen when it is done.
                    Err(knowledge::follow::FollowError::Search(search::SearchError::Locked {
                        ..
                    })) => {}
                    Err(error) => {
                        let text = output::sentence(&error);
                        if text != told {
                            output::say(&format!("the search index cannot follow: {text}"));
                            told = text;
                        }
                    }
                }
                if let Err(error) = people::notices::catch_up(&node) {
                    let text = output::sentence(&error);
                    if text != told {
                        output::say(&format!("notices cannot follow: {text}"));
                        told = text;
                    }
                }
                std::thread::sleep(pause);
            }
        })
}
