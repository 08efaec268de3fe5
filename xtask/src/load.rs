//! A load generator: HTTP/1.1 over kept connections, all of them in one thread.
//!
//! It shares the cores with the server that it measures, so it does as little as it can: requests are
//! written out beforehand, of an answer only the status and the length are read, and no thread is woken
//! for each.

use crate::process::Dice;
use crate::{Outcome, failed};
use mio::{Events, Interest, Poll, Token};
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
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

/// Sends `requests` over `connections`, each of which asks again as soon as it is answered: in turn if there
/// is one connection, else drawn at random.
pub(crate) fn run(
    address: SocketAddr,
    requests: &[Vec<u8>],
    connections: usize,
    until: Until,
) -> Outcome<Load> {
    if requests.is_empty() {
        return failed("there is nothing to ask for");
    }
    let mut load = Load::default();
    let mut dice = Dice::new(1);
    let mut sent = 0;
    let began = Instant::now();
    let mut next = || {
        let enough = match until {
            Until::Seconds(seconds) => began.elapsed() >= Duration::from_secs(seconds),
            Until::Requests(most) => sent >= most,
        };
        let which = if connections == 1 {
            sent % requests.len()
        } else {
            dice.below(requests.len())
        };
        sent += 1;
        (!enough).then(|| requests[which].as_slice())
    };
    let mut poll = Poll::new()?;
    let mut lanes = Vec::with_capacity(connections);
    let mut busy = 0;
    for index in 0..connections {
        let mut lane = Lane::open(address)?;
        poll.registry()
            .register(&mut lane.stream, Token(index), Interest::READABLE)?;
        if let Some(request) = next() {
            lane.send(request)?;
            busy += 1;
        }
        lanes.push(lane);
    }
    let mut events = Events::with_capacity(connections.max(8));
    let mut buffer = vec![0; 1 << 16];
    while busy > 0 {
        match poll.poll(&mut events, Some(PATIENCE)) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            other => other?,
        }
        if events.is_empty() {
            return failed("the node did not answer for a minute");
        }
        for event in &events {
            let lane = &mut lanes[event.token().0];
            // Readiness is told once: whatever has come is read. What does not fill the buffer was all.
            while let Some(read) = lane.read(&mut buffer)? {
                if let Some(answer) = lane.answer(&buffer[..read])? {
                    load.micros.push(answer.micros);
                    load.bytes += answer.bytes;
                    load.refused += usize::from(answer.status >= 400);
                    match next() {
                        Some(request) => lane.send(request)?,
                        None => busy -= 1,
                    }
                }
                if read < buffer.len() {
                    break;
                }
            }
        }
    }
    load.seconds = began.elapsed().as_secs_f64();
    load.micros.sort_unstable();
    Ok(load)
}

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// One of many kept connections, with the answer that it waits for.
struct Lane {
    stream: mio::net::TcpStream,
    asked: Instant,
    /// What has come of the answer's head.
    head: Vec<u8>,
    /// Once the head is there: its status, how long the whole answer is, and how much of it is missing.
    body: Option<(u16, u64, u64)>,
}

/// An answer that is there.
struct Answer {
    status: u16,
    bytes: u64,
    micros: u32,
}

impl Lane {
    fn open(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        Ok(Self {
            stream: mio::net::TcpStream::from_std(stream),
            asked: Instant::now(),
            head: Vec::new(),
            body: None,
        })
    }

    /// Asks. A request is far smaller than what the system keeps for a connection, so it goes out whole.
    fn send(&mut self, request: &[u8]) -> Outcome {
        self.asked = Instant::now();
        self.stream.write_all(request)?;
        Ok(())
    }

    /// Reads what has come; none if that was all.
    fn read(&mut self, buffer: &mut [u8]) -> Outcome<Option<usize>> {
        match self.stream.read(buffer) {
            Ok(0) => failed("the node closed the connection"),
            Ok(read) => Ok(Some(read)),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes in what was read; returns the answer when the last of it is there.
    fn answer(&mut self, read: &[u8]) -> Outcome<Option<Answer>> {
        let (status, whole, missing) = match self.body {
            Some((status, whole, missing)) => (status, whole, missing),
            None => {
                self.head.extend_from_slice(read);
                let Some(end) = self.head.windows(4).position(|four| four == b"\r\n\r\n") else {
                    return Ok(None);
                };
                let head = Head::of(&self.head[..end])?;
                let whole = end as u64 + 4 + head.length;
                let before = self.head.len() - read.len();
                (head.status, whole, whole - before as u64)
            }
        };
        let Some(missing) = missing.checked_sub(read.len() as u64) else {
            return failed("the node sent more than it said");
        };
        if missing > 0 {
            self.body = Some((status, whole, missing));
            return Ok(None);
        }
        self.head.clear();
        self.body = None;
        Ok(Some(Answer {
            status,
            bytes: whole,
            micros: u32::try_from(self.asked.elapsed().as_micros()).unwrap_or(u32::MAX),
        }))
    }
}

/// What is read of an answer's head.
#[derive(Default)]
struct Head {
    status: u16,
    length: u64,
}

impl Head {
    /// Reads the lines of a head.
    fn of(text: &[u8]) -> Outcome<Self> {
        let mut lines = text.split(|byte| *byte == b'\n');
        // `HTTP/1.1 200 OK`
        let first = lines.next().unwrap_or_default();
        let status = first.get(9..12).and_then(digits).unwrap_or(0) as u16;
        let name = b"content-length:";
        let length = lines.find_map(|line| {
            let (found, value) = line.split_at_checked(name.len())?;
            found
                .eq_ignore_ascii_case(name)
                .then(|| digits(value.trim_ascii()))?
        });
        match length {
            Some(length) => Ok(Self { status, length }),
            None if status == 204 || status == 304 => Ok(Self { status, length: 0 }),
            None => failed(format!(
                "an answer with status {status} does not state its length"
            )),
        }
    }
}

/// Fetches one address; returns the status and the body as text.
pub(crate) fn fetch(address: SocketAddr, path: &str) -> Outcome<(u16, String)> {
    let mut stream = BufReader::new(TcpStream::connect(address)?);
    stream.get_ref().set_read_timeout(Some(PATIENCE))?;
    stream.get_mut().write_all(&request(path, false))?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read_until(b'\n', &mut head)? == 0 {
            return failed("the node closed the connection");
        }
    }
    let head = Head::of(&head)?;
    let mut body = vec![0; head.length as usize];
    stream.read_exact(&mut body)?;
    Ok((head.status, String::from_utf8_lossy(&body).into_owned()))
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
