//! A load generator: HTTP/1.1 over kept connections, one thread and one blocking socket each.
//!
//! It shares the cores with the server that it measures, so it does as little as it can: requests are
//! written out beforehand, and of an answer only the status and the length are read.

use crate::process::Dice;
use crate::{Outcome, failed};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Returns the bytes that ask for `path`; `gzip` as browsers ask.
pub(crate) fn request(path: &str, gzip: bool) -> Vec<u8> {
    let encoding = if gzip {
        "Accept-Encoding: gzip\r\n"
    } else {
        ""
    };
    let accept = if path.starts_with("/api/") {
        "application/json"
    } else {
        "text/html"
    };
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\nAccept-Language: en\r\n{encoding}\r\n")
        .into_bytes()
}

/// When to stop.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Until {
    /// After so many seconds.
    Seconds(u64),
    /// After so many requests over all connections.
    Requests(usize),
}

/// What came back.
#[derive(Debug, Default)]
pub(crate) struct Load {
    /// Microseconds of each answer, sorted.
    micros: Vec<u32>,
    /// Answers with a status of 400 or more.
    pub(crate) refused: usize,
    bytes: u64,
    seconds: f64,
}

impl Load {
    pub(crate) fn per_second(&self) -> f64 {
        self.micros.len() as f64 / self.seconds
    }

    /// Returns the mean size of an answer in bytes, head included.
    pub(crate) fn mean_bytes(&self) -> u64 {
        self.bytes / self.micros.len().max(1) as u64
    }

    /// Returns the milliseconds within which `percent` of a hundred answers came.
    pub(crate) fn percentile(&self, percent: usize) -> f64 {
        // The nearest rank: the smallest value that has at least that share at or below it.
        let rank = (self.micros.len() * percent).div_ceil(100).max(1);
        self.micros
            .get(rank - 1)
            .map_or(f64::NAN, |micros| f64::from(*micros) / 1_000.0)
    }
}

/// Sends `requests` over `connections`: in turn if there is one connection, else drawn at random.
pub(crate) fn run(
    address: SocketAddr,
    requests: &[Vec<u8>],
    connections: usize,
    until: Until,
) -> Outcome<Load> {
    if requests.is_empty() {
        return failed("there is nothing to ask for");
    }
    let sent = AtomicUsize::new(0);
    let began = Instant::now();
    let parts: Vec<Outcome<Load>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..connections)
            .map(|index| {
                let sent = &sent;
                scope.spawn(move || {
                    let mut dice = Dice::new(index as u64 + 1);
                    let mut connection = Connection::open(address)?;
                    let mut load = Load::default();
                    loop {
                        let number = sent.fetch_add(1, Ordering::Relaxed);
                        let enough = match until {
                            Until::Seconds(seconds) => {
                                began.elapsed() >= Duration::from_secs(seconds)
                            }
                            Until::Requests(most) => number >= most,
                        };
                        if enough {
                            return Ok(load);
                        }
                        let which = if connections == 1 {
                            number % requests.len()
                        } else {
                            dice.below(requests.len())
                        };
                        let asked = Instant::now();
                        let (status, bytes) = connection.ask(&requests[which])?;
                        load.micros
                            .push(u32::try_from(asked.elapsed().as_micros()).unwrap_or(u32::MAX));
                        load.bytes += bytes;
                        load.refused += usize::from(status >= 400);
                    }
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| {
                thread
                    .join()
                    .unwrap_or_else(|_| failed("a connection failed"))
            })
            .collect()
    });
    let mut whole = Load {
        seconds: began.elapsed().as_secs_f64(),
        ..Load::default()
    };
    for part in parts {
        let part = part?;
        whole.micros.extend(part.micros);
        whole.bytes += part.bytes;
        whole.refused += part.refused;
    }
    whole.micros.sort_unstable();
    Ok(whole)
}

/// Fetches one address; returns the status and the body as text.
pub(crate) fn fetch(address: SocketAddr, path: &str) -> Outcome<(u16, String)> {
    let mut connection = Connection::open(address)?;
    connection.keep = Some(Vec::new());
    let (status, _) = connection.ask(&request(path, false))?;
    let body = connection.keep.take().unwrap_or_default();
    Ok((status, String::from_utf8_lossy(&body).into_owned()))
}

/// A kept connection.
struct Connection {
    stream: BufReader<TcpStream>,
    line: Vec<u8>,
    /// Where bodies go; none if nobody looks at them.
    keep: Option<Vec<u8>>,
}

impl Connection {
    fn open(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        Ok(Self {
            stream: BufReader::with_capacity(1 << 16, stream),
            line: Vec::new(),
            keep: None,
        })
    }

    /// Sends a request and reads the whole answer; returns its status and its size.
    fn ask(&mut self, request: &[u8]) -> Outcome<(u16, u64)> {
        self.stream.get_mut().write_all(request)?;
        let mut status = 0;
        let mut length = None;
        let mut size = 0;
        loop {
            self.line.clear();
            let read = self.stream.read_until(b'\n', &mut self.line)?;
            if read == 0 {
                return failed("the node closed the connection");
            }
            size += read as u64;
            let line = self.line.trim_ascii_end();
            if line.is_empty() {
                break;
            }
            if status == 0 {
                // `HTTP/1.1 200 OK`
                status = line.get(9..12).and_then(digits).unwrap_or(0) as u16;
            } else if let Some((name, value)) = line.split_at_checked("content-length:".len())
                && name.eq_ignore_ascii_case(b"content-length:")
            {
                length = digits(value.trim_ascii());
            }
        }
        let length = match length {
            Some(length) => length,
            None if status == 204 || status == 304 => 0,
            None => {
                return failed(format!(
                    "an answer with status {status} does not state its length"
                ));
            }
        };
        self.read(length)?;
        Ok((status, size + length))
    }

    fn read(&mut self, length: u64) -> Outcome {
        let mut body = self.stream.by_ref().take(length);
        let read = match &mut self.keep {
            Some(kept) => body.read_to_end(kept)? as u64,
            None => std::io::copy(&mut body, &mut std::io::sink())?,
        };
        if read < length {
            failed("the node broke off in the middle of an answer")
        } else {
            Ok(())
        }
    }
}

fn digits(text: &[u8]) -> Option<u64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Load, Until, fetch, request, run};
    use std::io::{BufRead, BufReader, Write};
    use std::net::{SocketAddr, TcpListener};

    /// Answers every request with its own path, and with 404 where the path says so.
    fn echo() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                std::thread::spawn(move || {
                    let mut out = stream.try_clone().expect("a second handle");
                    let mut path = String::new();
                    for line in BufReader::new(stream).lines().map_while(Result::ok) {
                        if let Some(rest) = line.strip_prefix("GET ") {
                            path = rest.split(' ').next().unwrap_or_default().to_owned();
                        } else if line.is_empty() {
                            let status = if path == "/none" {
                                "404 Not Found"
                            } else {
                                "200 OK"
                            };
                            let length = path.len();
                            let answer = format!(
                                "HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n{path}"
                            );
                            out.write_all(answer.as_bytes()).expect("sent");
                        }
                    }
                });
            }
        });
        address
    }

    #[test]
    fn a_page_is_fetched_with_its_body() {
        let address = echo();
        assert_eq!(fetch(address, "/a").ok(), Some((200, "/a".to_owned())));
        assert_eq!(
            fetch(address, "/none").ok(),
            Some((404, "/none".to_owned()))
        );
    }

    #[test]
    fn requests_are_spread_and_counted() {
        let address = echo();
        let requests = [request("/a", false), request("/none", true)];
        let one = run(address, &requests, 1, Until::Requests(10)).expect("it runs");
        assert_eq!((one.micros.len(), one.refused), (10, 5));
        let many = run(address, &requests, 4, Until::Requests(40)).expect("it runs");
        assert_eq!(many.micros.len(), 40);
        assert!(many.per_second() > 0.0 && many.mean_bytes() > 30);
    }

    #[test]
    fn a_percentile_is_the_nearest_rank() {
        let load = Load {
            micros: (1..=200).map(|n| n * 1_000).collect(),
            ..Load::default()
        };
        assert!((load.percentile(50) - 100.0).abs() < 1e-9);
        assert!((load.percentile(99) - 198.0).abs() < 1e-9);
        assert!(Load::default().percentile(50).is_nan());
    }
}
