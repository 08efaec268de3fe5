//! Blobs: the same stories in a folder and, where the feature `s3` is built in, in a bucket.

use std::io::Read;
use std::path::Path;
use store::{BlobHash, Blobs, BucketAddress, StoreError};

fn all(blobs: &Blobs, hash: &BlobHash) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut reader = blobs.get(hash).expect("asked")?;
    reader.read_to_end(&mut bytes).expect("read");
    Some(bytes)
}

/// What is true of blobs wherever they are.
fn contract(blobs: &Blobs, folder: &Path) {
    for bytes in [b"".to_vec(), b"one file".to_vec(), vec![7_u8; 300_000]] {
        let hash = BlobHash::of(&bytes);
        assert_eq!(all(blobs, &hash), None, "not there yet");
        let (stored, length) = blobs.put(&mut bytes.as_slice()).expect("stored");
        assert_eq!((stored, length), (hash, bytes.len() as u64));
        let again = blobs.put(&mut bytes.as_slice()).expect("stored again");
        assert_eq!(again, (hash, bytes.len() as u64), "twice is once");
        assert_eq!(all(blobs, &hash), Some(bytes));
        blobs.remove(&hash).expect("removed");
        assert_eq!(all(blobs, &hash), None);
        blobs.remove(&hash).expect("nothing to remove");
    }
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the line is cut"))
        }
    }
    assert!(blobs.put(&mut Broken).is_err());
    let left = std::fs::read_dir(folder)
        .expect("a folder")
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(".new"))
        .count();
    assert_eq!(left, 0, "nothing half-written stays");
}

fn address(endpoint: &str) -> BucketAddress {
    BucketAddress::read("s3://commons/wiki/files/", |name| {
        let value = match name {
            "MINGA_S3_ENDPOINT" => endpoint,
            "AWS_ACCESS_KEY_ID" => "reader",
            "AWS_SECRET_ACCESS_KEY" => "a secret",
            "AWS_REGION" => "nowhere-1",
            _ => return None,
        };
        Some(value.to_owned())
    })
    .expect("an address")
}

#[test]
fn a_folder_keeps_the_contract_and_damage_is_seen() {
    let folder = tempfile::tempdir().expect("a folder");
    let blobs = Blobs::folder(folder.path()).expect("opened");
    contract(&blobs, folder.path());
    let (hash, _) = blobs.put(&mut b"a harvest".as_slice()).expect("stored");
    let name = hash.to_string();
    let file = folder.path().join(&name[..2]).join(&name[2..4]).join(&name);
    std::fs::write(&file, b"a harvesT").expect("damaged");
    let mut reader = blobs.get(&hash).expect("asked").expect("there");
    let error = reader.read_to_end(&mut Vec::new()).expect_err("damaged");
    assert!(error.to_string().contains("damaged"), "{error}");
}

#[test]
fn an_address_of_a_bucket_says_what_it_lacks_and_never_its_secret() {
    let read = |url: &str, key: bool| {
        BucketAddress::read(url, |name| {
            (key && name.starts_with("AWS_")).then(|| "x".to_owned())
        })
    };
    assert!(
        read("/srv/blobs", true)
            .expect_err("no bucket")
            .contains("s3://")
    );
    assert!(
        read("s3:///x", true)
            .expect_err("no bucket")
            .contains("names no bucket")
    );
    let lacks = read("s3://commons", false).expect_err("no key");
    assert!(lacks.contains("AWS_ACCESS_KEY_ID"), "{lacks}");
    let found = read("s3://commons", true).expect("an address");
    assert_eq!(found.endpoint, "https://s3.x.amazonaws.com");
    let shown = format!("{:?}", address("http://127.0.0.1:1"));
    assert!(!shown.contains("a secret"), "{shown}");
    assert!(
        shown.contains("s3://commons/wiki/files at http://127.0.0.1:1"),
        "{shown}"
    );
}

#[cfg(not(feature = "s3"))]
#[test]
fn a_program_without_s3_says_how_to_get_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let error = Blobs::bucket(&address("http://127.0.0.1:1"), folder.path()).expect_err("refused");
    assert!(error.to_string().contains("--features s3"), "{error}");
    assert!(matches!(error, StoreError::Unwritable { .. }));
}

#[cfg(feature = "s3")]
mod bucket {
    use super::{StoreError, address, all, contract};
    use std::collections::HashMap;
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::sync::{Arc, Mutex};
    use store::{BlobHash, Blobs};

    /// Objects by path, and how many requests are still to be answered with 503.
    #[derive(Default)]
    struct Bucket {
        objects: HashMap<String, Vec<u8>>,
        faults: u32,
    }

    /// Serves a bucket that takes signed requests only, on a port of its own.
    fn serve() -> (String, Arc<Mutex<Bucket>>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let bucket = Arc::new(Mutex::new(Bucket::default()));
        let shared = bucket.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = shared.clone();
                std::thread::spawn(move || {
                    let _ = answer(stream, &shared);
                });
            }
        });
        (endpoint, bucket)
    }

    fn answer(stream: TcpStream, bucket: &Mutex<Bucket>) -> std::io::Result<()> {
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut stream = stream;
        loop {
            let mut first = String::new();
            if reader.read_line(&mut first)? == 0 {
                return Ok(());
            }
            let mut length = 0;
            loop {
                let mut line = String::new();
                reader.read_line(&mut line)?;
                if line.trim().is_empty() {
                    break;
                }
                let (name, value) = line.split_once(':').unwrap_or((&line, ""));
                if name.eq_ignore_ascii_case("content-length") {
                    length = value.trim().parse().unwrap_or(0);
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body)?;
            let mut words = first.split(' ');
            let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
            let (path, query) = target.split_once('?').unwrap_or((target, ""));
            let signed = query.contains("X-Amz-Algorithm=AWS4-HMAC-SHA256")
                && query.contains("X-Amz-Credential=reader%2F")
                && query.contains("nowhere-1%2Fs3%2Faws4_request")
                && query.contains("X-Amz-Signature=");
            let mut held = bucket.lock().expect("the bucket");
            let (status, sent) = if !signed {
                (403, b"<Error><Code>AccessDenied</Code></Error>".to_vec())
            } else if held.faults > 0 {
                held.faults -= 1;
                (503, b"<Error><Code>SlowDown</Code></Error>".to_vec())
            } else if !path.starts_with("/commons/wiki/files/") {
                (403, b"<Error><Code>AccessDenied</Code></Error>".to_vec())
            } else {
                match method {
                    "PUT" => {
                        held.objects.insert(path.to_owned(), body);
                        (200, Vec::new())
                    }
                    "DELETE" => {
                        held.objects.remove(path);
                        (204, Vec::new())
                    }
                    _ => match held.objects.get(path) {
                        Some(bytes) => (200, bytes.clone()),
                        None => (404, b"<Error><Code>NoSuchKey</Code></Error>".to_vec()),
                    },
                }
            };
            drop(held);
            write!(
                stream,
                "HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n",
                sent.len()
            )?;
            if method != "HEAD" {
                stream.write_all(&sent)?;
            }
        }
    }

    #[test]
    fn a_bucket_keeps_the_contract() {
        let (endpoint, bucket) = serve();
        let folder = tempfile::tempdir().expect("a folder");
        let blobs = Blobs::bucket(&address(&endpoint), folder.path()).expect("opened");
        contract(&blobs, folder.path());
        // A provider that is busy for a moment is asked again.
        bucket.lock().expect("the bucket").faults = 2;
        let (hash, _) = blobs.put(&mut b"seeds".as_slice()).expect("stored");
        assert_eq!(all(&blobs, &hash), Some(b"seeds".to_vec()));
        let name = hash.to_string();
        let path = format!("/commons/wiki/files/{}/{}/{name}", &name[..2], &name[2..4]);
        bucket
            .lock()
            .expect("the bucket")
            .objects
            .insert(path, b"weeds".to_vec());
        let mut reader = blobs.get(&hash).expect("asked").expect("there");
        let error = reader.read_to_end(&mut Vec::new()).expect_err("damaged");
        assert!(error.to_string().contains("damaged"), "{error}");
    }

    #[test]
    fn a_bucket_that_refuses_or_is_away_is_named_in_one_sentence() {
        let (endpoint, bucket) = serve();
        let folder = tempfile::tempdir().expect("a folder");
        let mut elsewhere = address(&endpoint);
        elsewhere.prefix = "another".to_owned();
        let blobs = Blobs::bucket(&elsewhere, folder.path()).expect("opened");
        let error = blobs
            .put(&mut b"x".as_slice())
            .expect_err("refused")
            .to_string();
        assert!(
            error.contains("403") && error.contains("s3://commons/another"),
            "{error}"
        );
        let refused = blobs.get(&BlobHash::of(b"x")).err();
        let error = refused.expect("refused").to_string();
        assert!(
            error.contains("403") && error.contains("AccessDenied"),
            "{error}"
        );
        bucket.lock().expect("the bucket").faults = 99;
        let blobs = Blobs::bucket(&address(&endpoint), folder.path()).expect("opened");
        let error = blobs
            .get(&BlobHash::of(b"x"))
            .err()
            .expect("busy")
            .to_string();
        assert!(
            error.contains("503") && error.contains("s3://commons"),
            "{error}"
        );
        let gone = Blobs::bucket(&address("http://127.0.0.1:1"), folder.path()).expect("opened");
        let error = gone.put(&mut b"x".as_slice()).expect_err("away");
        assert!(matches!(error, StoreError::Io { .. }), "{error}");
        let odd = Blobs::bucket(&address("no address"), folder.path()).expect_err("odd");
        assert!(odd.to_string().contains("cannot be read"), "{odd}");
    }
}
