//! Blobs in a bucket that speaks S3.
//!
//! Requests are signed as AWS Signature Version 4 prescribes, in the query (`rusty-s3`), and sent by a
//! blocking client (`ureq`), since everything below `site` is synchronous.

use crate::{BucketAddress, StoreError};
use rusty_s3::{Credentials, S3Action, UrlStyle};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

/// How long a signed address is good for.
const SIGNED_FOR: Duration = Duration::from_secs(900);
/// How long a connection may take to stand.
const CONNECTING: Duration = Duration::from_secs(10);
/// How long one request may take in all: a large file over a slow line.
const WHOLE: Duration = Duration::from_secs(900);
/// How often a request is made that did not reach its end; each may be made twice.
const TRIES: u32 = 3;

/// A bucket, with the key to it.
pub(crate) struct Bucket {
    agent: ureq::Agent,
    bucket: rusty_s3::Bucket,
    credentials: Credentials,
    prefix: String,
    name: String,
}

impl std::fmt::Debug for Bucket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bucket({})", self.name)
    }
}

impl Bucket {
    pub(crate) fn new(address: &BucketAddress) -> Result<Self, StoreError> {
        let name = address.name();
        let wrong = |reason: String| StoreError::Unwritable {
            place: name.clone(),
            reason,
        };
        let endpoint = address
            .endpoint
            .parse()
            .map_err(|error| wrong(format!("its address cannot be read: {error}")))?;
        // The bucket stands in the path: every provider understands that, and no name has to resolve.
        let (bucket, region) = (address.bucket.clone(), address.region.clone());
        let bucket = rusty_s3::Bucket::new(endpoint, UrlStyle::Path, bucket, region)
            .map_err(|error| wrong(format!("its address cannot be one: {error}")))?;
        let credentials = match &address.token {
            Some(token) => Credentials::new_with_token(&address.key, &address.secret, token),
            None => Credentials::new(&address.key, &address.secret),
        };
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(CONNECTING))
            .timeout_global(Some(WHOLE))
            .build()
            .into();
        Ok(Self {
            agent,
            bucket,
            credentials,
            prefix: address.prefix.clone(),
            name,
        })
    }

    fn object(&self, name: &str) -> String {
        if self.prefix.is_empty() {
            name.to_owned()
        } else {
            format!("{}/{name}", self.prefix)
        }
    }

    /// Makes a request until it is answered, and judges the answer's status.
    fn ask(
        &self,
        name: &str,
        send: impl Fn() -> Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    ) -> Result<Option<ureq::http::Response<ureq::Body>>, StoreError> {
        let failed = |reason: String| StoreError::Io {
            place: format!("{name} in {}", self.name),
            source: std::io::Error::other(reason),
        };
        let mut tries = 0;
        loop {
            tries += 1;
            let reason = match send() {
                Ok(answer) if answer.status().is_success() => return Ok(Some(answer)),
                Ok(answer) if answer.status().as_u16() == 404 => return Ok(None),
                Ok(answer) => {
                    let status = answer.status();
                    let mut said = String::new();
                    let _ = answer
                        .into_body()
                        .into_reader()
                        .take(2_000)
                        .read_to_string(&mut said);
                    let reason = format!("the provider answered {status} {}", code(&said));
                    if !status.is_server_error() {
                        return Err(failed(reason));
                    }
                    reason
                }
                Err(error) => error.to_string(),
            };
            if tries == TRIES {
                return Err(failed(reason));
            }
            std::thread::sleep(Duration::from_millis(200 << tries));
        }
    }

    /// Stores a file under a name; what is there already under it has the same bytes, and stays.
    pub(crate) fn put(&self, name: &str, file: &Path) -> Result<(), StoreError> {
        let object = self.object(name);
        let head = self.bucket.head_object(Some(&self.credentials), &object);
        let there = self.ask(name, || {
            self.agent.head(head.sign(SIGNED_FOR).as_str()).call()
        })?;
        if there.is_some() {
            return Ok(());
        }
        let io = |error| StoreError::io(file, error);
        let length = std::fs::metadata(file).map_err(io)?.len();
        let put = self.bucket.put_object(Some(&self.credentials), &object);
        let sent = self.ask(name, || {
            // From its beginning each time.
            let bytes = File::open(file)?;
            self.agent
                .put(put.sign(SIGNED_FOR).as_str())
                .header("content-length", length)
                .header("content-type", "application/octet-stream")
                .send(&bytes)
        })?;
        match sent {
            Some(_) => Ok(()),
            None => Err(StoreError::Unwritable {
                place: self.name.clone(),
                reason: "there is no such bucket".to_owned(),
            }),
        }
    }

    /// Opens what stands under a name.
    pub(crate) fn get(&self, name: &str) -> Result<Option<Box<dyn Read + Send>>, StoreError> {
        let object = self.object(name);
        let get = self.bucket.get_object(Some(&self.credentials), &object);
        let answer = self.ask(name, || {
            self.agent.get(get.sign(SIGNED_FOR).as_str()).call()
        })?;
        Ok(answer
            .map(|answer| -> Box<dyn Read + Send> { Box::new(answer.into_body().into_reader()) }))
    }

    /// Removes what stands under a name, if something does.
    pub(crate) fn remove(&self, name: &str) -> Result<(), StoreError> {
        let object = self.object(name);
        let delete = self.bucket.delete_object(Some(&self.credentials), &object);
        self.ask(name, || {
            self.agent.delete(delete.sign(SIGNED_FOR).as_str()).call()
        })?;
        Ok(())
    }
}

/// The code in a provider's XML, such as `(AccessDenied)`; nothing if there is none.
fn code(said: &str) -> String {
    let between = |text: &str| -> Option<String> {
        let (_, rest) = text.split_once("<Code>")?;
        let (code, _) = rest.split_once("</Code>")?;
        Some(format!("({code})"))
    };
    between(said).unwrap_or_default()
}
