//! A profile that somebody keeps at an address of their own, fetched without reaching what is nobody's business.
//!
//! Whoever names an address makes this node ask there: so only public addresses of the internet are asked, never this
//! machine, its network, or the node itself, whatever a name resolves to and wherever an answer leads on.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

/// The longest profile that is read, in bytes.
const LONGEST: u64 = 1 << 20;
/// How long a profile may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// How often an answer may lead elsewhere.
const MOST_HOPS: u32 = 3;

/// Returns whether an address is one of the public internet.
///
/// Source: the special-purpose registries of RFC 6890, and RFC 4291, 6052, 6598, 8190, 9637.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => is_public_4(four),
        IpAddr::V6(six) => is_public_6(six),
    }
}

fn is_public_4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19)))
}

fn is_public_6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    // Addresses that stand for one of version 4 are judged as that.
    if let Some(four) = address.to_ipv4_mapped() {
        return is_public_4(four);
    }
    let four = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => four(high, low),
        [0x2002, high, low, ..] => four(high, low),
        // Global unicast, without documentation, benchmarks, ORCHID and Teredo.
        [0x2001, second, ..] => second >= 0x200 && second != 0xdb8,
        [0x3fff, second, ..] => second >= 0x1000,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// Why a profile was not fetched.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum FetchError {
    /// It is no address of the web.
    #[error("“{0}” is no web address; write it as https://example.org/profile.json")]
    Address(String),
    /// It leads to this node.
    #[error("“{0}” leads to this node itself, which knows already what it says")]
    Ourselves(String),
    /// It leads into a private network.
    #[error("“{0}” leads into a private network, where this node asks nothing")]
    Private(String),
    /// There is no answer that can be read.
    #[error("{0} does not give a profile: {1}")]
    Answer(String, String),
}

/// Resolves names to public addresses alone.
#[derive(Debug)]
struct Guarded {
    inner: DefaultResolver,
    allowed: fn(IpAddr) -> bool,
}

/// What the resolver says where an address is not public.
#[derive(Debug)]
struct NotPublic;

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the address is not public")
    }
}

impl std::error::Error for NotPublic {}

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &ureq::http::Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        // One that is not public makes all suspect: a name may resolve otherwise the next time.
        if found
            .iter()
            .all(|address: &SocketAddr| (self.allowed)(address.ip()))
        {
            return Ok(found);
        }
        Err(ureq::Error::Other(Box::new(NotPublic)))
    }
}

/// Fetches a profile: the text of its JSON. `ours` are the hosts, with their ports, under which this node is known.
///
/// # Errors
/// [`FetchError`].
pub fn profile(address: &str, ours: &[String]) -> Result<String, FetchError> {
    fetch(address, ours, is_public)
}

fn fetch(
    address: &str,
    ours: &[String],
    allowed: fn(IpAddr) -> bool,
) -> Result<String, FetchError> {
    let mut next = address.to_owned();
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .build();
    let resolver = Guarded {
        inner: DefaultResolver::default(),
        allowed,
    };
    let agent = ureq::Agent::with_parts(config, DefaultConnector::default(), resolver);
    for _ in 0..=MOST_HOPS {
        let url = url::Url::parse(&next)
            .ok()
            .filter(|_| people::is_web_address(&next))
            .ok_or_else(|| FetchError::Address(next.clone()))?;
        let host = url.host_str().unwrap_or_default().to_lowercase();
        let port = url.port_or_known_default().unwrap_or(443);
        if ours.contains(&format!("{host}:{port}")) {
            return Err(FetchError::Ourselves(next));
        }
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        if bare.parse::<IpAddr>().is_ok_and(|ip| !allowed(ip)) {
            return Err(FetchError::Private(next));
        }
        let answer = agent
            .get(url.as_str())
            .header("accept", "application/json")
            .call();
        let mut answer = match answer {
            Ok(answer) => answer,
            Err(ureq::Error::Other(why)) if why.is::<NotPublic>() => {
                return Err(FetchError::Private(next));
            }
            Err(error) => return Err(FetchError::Answer(next, error.to_string())),
        };
        let status = answer.status().as_u16();
        if (300..400).contains(&status) {
            let to = answer.headers().get("location");
            let to = to.and_then(|to| to.to_str().ok()).unwrap_or_default();
            next = url
                .join(to)
                .map_err(|_| FetchError::Answer(next, format!("it leads on to “{to}”")))?
                .to_string();
            continue;
        }
        if status != 200 {
            return Err(FetchError::Answer(next, format!("it answers {status}")));
        }
        return answer
            .body_mut()
            .with_config()
            .limit(LONGEST)
            .read_to_string()
            .map_err(|error| FetchError::Answer(next, error.to_string()));
    }
    Err(FetchError::Answer(
        next,
        "one address leads to another without end".to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpListener;

    #[test]
    fn only_public_addresses_are_public() {
        let all = |list: &[&str], public: bool| {
            for text in list {
                let address: IpAddr = text.parse().expect("an address");
                assert_eq!(is_public(address), public, "{text}");
            }
        };
        all(
            &[
                "127.0.0.1",
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "0.0.0.0",
                "100.64.0.1",
                "192.0.2.1",
                "198.18.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "240.0.0.1",
                "::1",
                "::",
                "fe80::1",
                "fc00::1",
                "fd12::1",
                "ff02::1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "64:ff9b::7f00:1",
                "2002:7f00:1::1",
                "2001:db8::1",
                "2001::1",
                "3fff::1",
                "::127.0.0.1",
            ],
            false,
        );
        all(
            &[
                "8.8.8.8",
                "193.0.6.139",
                "100.128.0.1",
                "2a00:1450::1",
                "2001:67c:2e8::1",
                "64:ff9b::808:808",
            ],
            true,
        );
    }

    /// Answers each request with the next of some answers; returns the address.
    fn serve(answers: Vec<String>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        std::thread::spawn(move || {
            for answer in answers {
                let Ok((mut stream, _)) = listener.accept() else {
                    return;
                };
                let mut request = [0; 4096];
                let _ = stream.read(&mut request);
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        format!("http://{address}")
    }

    fn said(head: &str, body: &str) -> String {
        format!(
            "HTTP/1.1 {head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        )
    }

    #[test]
    fn what_is_private_is_never_asked() {
        let address = serve(vec![said("200 OK", "{}")]);
        assert_eq!(
            profile(&address, &[]),
            Err(FetchError::Private(address.clone()))
        );
        let named = address.replace("127.0.0.1", "localhost");
        assert_eq!(
            profile(&named, &[]),
            Err(FetchError::Private(named.clone()))
        );
        for odd in [
            "http://2130706433/",
            "http://0x7f.1/",
            "http://[::ffff:7f00:1]/",
            "http://127.1/",
        ] {
            assert_eq!(
                profile(odd, &[]),
                Err(FetchError::Private(odd.to_owned())),
                "{odd}"
            );
        }
        for none in [
            "file:///etc/passwd",
            "gopher://x",
            "https://a:b@example.org/",
            "x",
            "",
        ] {
            assert_eq!(
                profile(none, &[]),
                Err(FetchError::Address(none.to_owned())),
                "{none}"
            );
        }
        let ours = ["minga.example:443".to_owned()];
        let own = "https://MINGA.example/api/v1/x";
        assert_eq!(
            profile(own, &ours),
            Err(FetchError::Ourselves(own.to_owned()))
        );
    }

    #[test]
    fn an_answer_is_read_and_where_it_leads_is_judged_anew() {
        let anywhere: fn(IpAddr) -> bool = |_| true;
        let address = serve(vec![said("200 OK", "{\"name\":\"x\"}")]);
        assert_eq!(
            fetch(&address, &[], anywhere),
            Ok("{\"name\":\"x\"}".to_owned())
        );
        // Only the first place is public: the second is refused before it is asked.
        let first_only: fn(IpAddr) -> bool = |ip| ip == IpAddr::V4(Ipv4Addr::LOCALHOST);
        let address = serve(vec![said(
            "302 Found\r\nlocation: http://127.0.0.2:9/x",
            "",
        )]);
        let found = fetch(&address, &[], first_only);
        assert_eq!(
            found,
            Err(FetchError::Private("http://127.0.0.2:9/x".to_owned()))
        );
        let turn = said("302 Found\r\nlocation: /again", "");
        let address = serve(vec![turn.clone(), turn.clone(), turn.clone(), turn]);
        assert!(
            matches!(fetch(&address, &[], anywhere), Err(FetchError::Answer(_, why)) if why.contains("without end"))
        );
        let address = serve(vec![said("404 Not Found", "")]);
        assert!(
            matches!(fetch(&address, &[], anywhere), Err(FetchError::Answer(_, why)) if why.contains("404"))
        );
        let address = serve(vec![said("200 OK", &"x".repeat(2 << 20))]);
        assert!(matches!(
            fetch(&address, &[], anywhere),
            Err(FetchError::Answer(..))
        ));
    }
}
