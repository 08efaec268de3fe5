//! The connection to a mail server: sends what waits on the desk, and writes to who wants notices by mail.

use crate::output::{self, Failure};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, SmtpTransport, Transport};
use people::mail::{Letter, Office, Sent};
use site::Site;
use std::net::IpAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use store::{Node, StoreError};

/// How often the desk is looked at.
const TICK: Duration = Duration::from_millis(500);
/// How long a mail server may take for each of its answers.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long a letter that is just being sent may take when the node stops; then it is sent again at the next start.
const FAREWELL: Duration = Duration::from_secs(3);

/// Why `--smtp` and `--mail-from` do not say where mail goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PostError {
    /// The address of the server is none.
    #[error(
        "--smtp takes an address such as smtps://user:password@mail.example.org:465, smtp://user:password@mail.example.org:587?tls=required or smtp://127.0.0.1:25"
    )]
    Url,
    /// Mail would go over the network for everybody to read.
    #[error(
        "mail, and the password of its server, go without encryption to this machine alone: write smtps://… or smtp://…?tls=required in --smtp"
    )]
    Plain,
    /// It is not said whom mails are from.
    #[error("--smtp needs --mail-from too: the address that mails come from")]
    NoFrom,
    /// It is no address.
    #[error("--mail-from takes an address such as commons@example.org")]
    From,
}

/// Where mail goes, and whom it is from.
pub struct Post {
    transport: SmtpTransport,
    from: Address,
}

/// A mail server, as `--smtp` names it.
#[derive(Debug, PartialEq, Eq)]
struct Server {
    host: String,
    port: u16,
    security: Security,
    credentials: Option<(String, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Security {
    /// TLS from the first byte.
    Tls,
    /// TLS before anything is said.
    StartTls,
    /// None: within one machine.
    Plain,
}

impl Server {
    fn read(url: &str) -> Result<Self, PostError> {
        let url = url::Url::parse(url.trim()).map_err(|_| PostError::Url)?;
        let host = url.host_str().unwrap_or_default().to_owned();
        let bare = matches!(url.path(), "" | "/") && url.fragment().is_none();
        if host.is_empty() || !bare {
            return Err(PostError::Url);
        }
        let security = match (url.scheme(), url.query()) {
            ("smtps", None) => Security::Tls,
            ("smtp", Some("tls=required")) => Security::StartTls,
            ("smtp", None | Some("tls=none" | "tls=opportunistic")) if is_here(&host) => {
                Security::Plain
            }
            ("smtp", None | Some("tls=none" | "tls=opportunistic")) => {
                return Err(PostError::Plain);
            }
            _ => return Err(PostError::Url),
        };
        let usual = match security {
            Security::Tls => 465,
            Security::StartTls => 587,
            Security::Plain => 25,
        };
        let user = site::decode(url.username());
        let password = site::decode(url.password().unwrap_or_default());
        Ok(Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(usual),
            security,
            credentials: (!user.is_empty()).then_some((user, password)),
        })
    }
}

/// Returns whether a host is this machine, whatever a resolver says.
fn is_here(host: &str) -> bool {
    host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

impl Post {
    /// Reads where mail goes, and whom it is from. Nothing is contacted yet: a mail server that is down keeps no node
    /// from starting.
    ///
    /// # Errors
    /// [`PostError`] in one sentence, in which no password stands.
    pub fn read(url: &str, from: Option<&str>) -> Result<Self, Failure> {
        let server = Server::read(url)?;
        let from: Address = from
            .ok_or(PostError::NoFrom)?
            .trim()
            .parse()
            .map_err(|_| PostError::From)?;
        let tls = match server.security {
            Security::Plain => Tls::None,
            Security::Tls => Tls::Wrapper(TlsParameters::new(server.host.clone())?),
            Security::StartTls => Tls::Required(TlsParameters::new(server.host.clone())?),
        };
        let mut transport = SmtpTransport::builder_dangerous(server.host)
            .port(server.port)
            .tls(tls)
            .timeout(Some(PATIENCE))
            .hello_name(ClientId::Domain(from.domain().to_owned()));
        if let Some((user, password)) = server.credentials {
            transport = transport.credentials(Credentials::new(user, password));
        }
        Ok(Self {
            transport: transport.build(),
            from,
        })
    }

    /// Starts the thread that sends.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        self,
        node: Node,
        site: Arc<Site>,
        stop: Arc<AtomicBool>,
    ) -> std::io::Result<JoinHandle<()>> {
        std::thread::Builder::new()
            .name("mail".into())
            .spawn(move || {
                let mut told = Told::default();
                // Whoever starts the node anew may have mended what was in the way.
                node.store()
                    .write_later(|db| people::mail::hurry(db, Node::now()));
                while !stop.load(Ordering::Relaxed) {
                    if let Err(error) = self.send_due(&node, &site, &mut told) {
                        told.say(&format!(
                            "mail cannot be sent: {}",
                            output::sentence(&error)
                        ));
                    }
                    std::thread::sleep(TICK);
                }
            })
    }

    fn send_due(&self, node: &Node, site: &Site, told: &mut Told) -> Result<(), StoreError> {
        let settings = site.settings();
        let office = Office {
            node,
            commons: &settings.name,
            url: &settings.public_url,
            words: site.catalogues(),
        };
        people::mail::collect(office, Node::now())?;
        let mut send = |letter: &Letter| self.send(&settings.name, letter);
        let done = people::mail::deliver(node, Node::now(), &mut send)?;
        if done.dropped > 0 {
            output::say(&format!("mails given up: {}", done.dropped));
        }
        match done.reason {
            Some(reason) => told.say(&format!("mail waits: {reason}")),
            None if done.sent > 0 => told.forget(),
            None => {}
        }
        Ok(())
    }

    fn send(&self, commons: &str, letter: &Letter) -> Sent {
        // One letter that the library panics at does not keep back all others.
        let made = AssertUnwindSafe(|| self.message(commons, letter));
        let Ok(Some(message)) = catch_unwind(made) else {
            return Sent::Never;
        };
        match self.transport.send(&message) {
            Ok(_) => Sent::Taken,
            Err(error) => outcome(&error),
        }
    }

    /// Puts a message together; none where it is to nobody that mail can be sent to.
    fn message(&self, commons: &str, letter: &Letter) -> Option<Message> {
        let to: Address = letter.to.parse().ok()?;
        // A name over several lines is one that the library panics at.
        let commons = people::mail::one_line(commons);
        let header = |name: &'static str, value: String| {
            HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
        };
        let mut builder = Message::builder()
            .from(Mailbox::new(Some(commons), self.from.clone()))
            .to(Mailbox::new(None, to))
            .subject(letter.subject.clone())
            // The same at each try: a letter that came in twice is known again.
            .message_id(Some(format!("<{}@{}>", letter.id, self.from.domain())))
            .header(ContentType::TEXT_PLAIN)
            // RFC 3834: nobody's absence is answered to a program.
            .raw_header(header("Auto-Submitted", "auto-generated".to_owned()));
        if let Some(stop) = &letter.stop {
            // RFC 8058.
            builder = builder
                .raw_header(header("List-Unsubscribe", format!("<{stop}>")))
                .raw_header(header(
                    "List-Unsubscribe-Post",
                    "List-Unsubscribe=One-Click".to_owned(),
                ));
        }
        builder.body(letter.body.clone()).ok()
    }
}

/// Says what an error means for a letter. Mail servers name addresses in what they say, so that none of it is repeated.
fn outcome(error: &SmtpError) -> Sent {
    if let Some(code) = error.status() {
        return Sent::Refused(format!("the mail server answers {code}"));
    }
    if error.is_client() {
        let reason = "the mail server does not offer what is asked of it: TLS, signing in, or such addresses";
        return Sent::Refused(reason.to_owned());
    }
    use std::io::ErrorKind::{InvalidData, TimedOut, WouldBlock};
    let reason = match io_kind(error) {
        Some(TimedOut | WouldBlock) => "the mail server does not answer in time",
        // What TLS refuses comes as data that are not valid.
        Some(InvalidData) => {
            "the mail server shows no certificate that is trusted, or speaks no TLS"
        }
        _ => "the mail server cannot be reached",
    };
    Sent::Unreached(reason.to_owned())
}

/// Returns what kind of failure of the network is behind an error.
fn io_kind(error: &SmtpError) -> Option<std::io::ErrorKind> {
    let mut cause = std::error::Error::source(error);
    while let Some(because) = cause {
        if let Some(io) = because.downcast_ref::<std::io::Error>() {
            return Some(io.kind());
        }
        cause = because.source();
    }
    None
}

/// What was told last: the same reason is told once.
#[derive(Default)]
struct Told(String);

impl Told {
    fn say(&mut self, text: &str) {
        if self.0 != text {
            output::say(text);
            text.clone_into(&mut self.0);
        }
    }

    fn forget(&mut self) {
        self.0.clear();
    }
}

/// Waits for the thread that sends, and not for ever: a mail server may take its time.
pub fn end(sender: JoinHandle<()>) {
    let began = Instant::now();
    while !sender.is_finished() && began.elapsed() < FAREWELL {
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[cfg(test)]
mod tests {
    use super::{Post, PostError, Security, Server};
    use people::mail::Letter;

    #[test]
    fn an_address_of_a_server_says_how_it_is_spoken_to() {
        let server = Server::read("smtps://ana%40a.org:p%3Aw@mail.example.org").expect("a server");
        assert_eq!(
            server,
            Server {
                host: "mail.example.org".to_owned(),
                port: 465,
                security: Security::Tls,
                credentials: Some(("ana@a.org".to_owned(), "p:w".to_owned())),
            }
        );
        for (url, port, security) in [
            (
                "smtp://mail.example.org?tls=required",
                587,
                Security::StartTls,
            ),
            (
                "smtp://mail.example.org:25/?tls=required",
                25,
                Security::StartTls,
            ),
            ("smtp://127.0.0.1:2525", 2525, Security::Plain),
            ("smtp://[::1]", 25, Security::Plain),
            ("smtp://localhost:1025", 1025, Security::Plain),
        ] {
            let server = Server::read(url).expect(url);
            assert_eq!((server.port, server.security), (port, security), "{url}");
        }
        for (url, error) in [
            ("smtp://mail.example.org:25", PostError::Plain),
            ("smtp://192.0.2.1:25?tls=opportunistic", PostError::Plain),
            ("smtp://127.0.0.1.example.org", PostError::Plain),
            ("smtp://localhost.example.org", PostError::Plain),
            ("http://mail.example.org", PostError::Url),
            ("mail.example.org:25", PostError::Url),
            ("smtps://mail.example.org?tls=none", PostError::Url),
            ("smtps://", PostError::Url),
            ("", PostError::Url),
        ] {
            assert_eq!(Server::read(url), Err(error), "{url}");
        }
    }

    #[test]
    fn what_people_write_makes_no_header() {
        let post = Post::read("smtp://127.0.0.1:2525", Some("commons@example.org")).expect("read");
        let mut letter = Letter {
            id: "00ff".to_owned(),
            to: "ana@example.org".to_owned(),
            subject: "Añil\r\nBcc: all@example.org".to_owned(),
            body: "Hello\n.\nBye\n".to_owned(),
            stop: Some("https://commons.example.org/unsubscribe?account=00&key=11".to_owned()),
        };
        let commons = "Barn\r\nBcc: all@example.org";
        let message = post.message(commons, &letter).expect("a message");
        let text = String::from_utf8(message.formatted()).expect("text");
        let (head, _) = text.split_once("\r\n\r\n").expect("a body");
        for line in head.split("\r\n") {
            assert!(!line.starts_with("Bcc"), "{text}");
        }
        assert!(
            head.contains("\r\nMessage-ID: <00ff@example.org>"),
            "{head}"
        );
        assert!(
            head.contains("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click"),
            "{head}"
        );
        assert_eq!(message.envelope().to().len(), 1);
        for bad in [
            "ana@example.org\r\nRCPT TO:<all@example.org>",
            "ana@example.org>, <all@example.org",
            "",
        ] {
            letter.to = bad.to_owned();
            assert!(post.message("Barn", &letter).is_none(), "{bad}");
        }
        for strange in [
            "josé@example.org",
            "ana@ñandú.example",
            "a'b+c=d@example.org",
            "=?utf-8?q?x?=@example.org",
        ] {
            letter.to = strange.to_owned();
            let message = post.message("", &letter).expect(strange);
            let text = String::from_utf8(message.formatted()).expect("text");
            assert_eq!(text.matches("\r\nTo: ").count(), 1, "{text}");
        }
    }
}
