//! Blobs: large files by their SHA-256, in a folder or in a bucket that speaks S3.

use crate::StoreError;
use crate::files::{make_folder, sync_folder};
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// The SHA-256 of a blob, by which records cite it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlobHash([u8; 32]);

impl BlobHash {
    /// Returns the hash of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Parses 64 hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 64
            || !text
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        {
            return None;
        }
        let mut bytes = [0; 32];
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(index * 2..index * 2 + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl std::fmt::Display for BlobHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A bucket, and whose it is.
#[derive(Clone, PartialEq, Eq)]
pub struct BucketAddress {
    /// `https://…` of the provider, without the bucket.
    pub endpoint: String,
    /// The region that requests are signed for: `us-east-1` where the provider has none.
    pub region: String,
    /// The bucket's name.
    pub bucket: String,
    /// What stands before each name in it, without slashes at its ends; may be empty.
    pub prefix: String,
    /// The access key's id.
    pub key: String,
    /// The access key's secret.
    pub secret: String,
    /// The token of a temporary key.
    pub token: Option<String>,
}

impl std::fmt::Debug for BucketAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BucketAddress({}, secret hidden)", self.name())
    }
}

impl BucketAddress {
    /// Reads `s3://bucket/prefix`, and the rest from `variable`: `MINGA_S3_ENDPOINT`, `AWS_REGION`,
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`.
    ///
    /// # Errors
    /// A sentence that says what is missing.
    pub fn read(url: &str, variable: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let rest = url.strip_prefix("s3://").ok_or_else(|| {
            format!("“{url}” is no address of a bucket; write s3://BUCKET/PREFIX")
        })?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if bucket.is_empty() {
            return Err(format!("“{url}” names no bucket; write s3://BUCKET/PREFIX"));
        }
        let needed = |name: &str| {
            variable(name)
                .filter(|value| !value.is_empty())
                .ok_or_else(|| format!("blobs in {url} need the variable {name}"))
        };
        let region = variable("AWS_REGION").unwrap_or_else(|| "us-east-1".to_owned());
        Ok(Self {
            endpoint: variable("MINGA_S3_ENDPOINT")
                .unwrap_or_else(|| format!("https://s3.{region}.amazonaws.com")),
            region,
            bucket: bucket.to_owned(),
            prefix: prefix.trim_matches('/').to_owned(),
            key: needed("AWS_ACCESS_KEY_ID")?,
            secret: needed("AWS_SECRET_ACCESS_KEY")?,
            token: variable("AWS_SESSION_TOKEN"),
        })
    }

    /// Returns what people call the place: `s3://bucket/prefix at https://…`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("s3://{}/{} at {}", self.bucket, self.prefix, self.endpoint)
    }
}

/// Where blobs are kept: `ab/cd/abcd…`, each whole or not at all.
#[derive(Clone, Debug)]
pub struct Blobs {
    /// The folder; where there is a bucket, new files are gathered in it.
    folder: PathBuf,
    #[cfg(feature = "s3")]
    bucket: Option<std::sync::Arc<crate::s3::Bucket>>,
}

impl Blobs {
    /// Opens the folder, making it if it is missing.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be made.
    pub fn folder(folder: &Path) -> Result<Self, StoreError> {
        make_folder(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
            #[cfg(feature = "s3")]
            bucket: None,
        })
    }

    /// Opens a bucket; `folder` is where new files are gathered before they are sent.
    ///
    /// # Errors
    /// [`StoreError`] when the address cannot be one, the folder cannot be made, or the program was built
    /// without `s3`.
    pub fn bucket(address: &BucketAddress, folder: &Path) -> Result<Self, StoreError> {
        #[cfg(feature = "s3")]
        {
            let bucket = crate::s3::Bucket::new(address)?;
            let mut blobs = Self::folder(folder)?;
            blobs.bucket = Some(std::sync::Arc::new(bucket));
            Ok(blobs)
        }
        #[cfg(not(feature = "s3"))]
        {
            let _ = folder;
            Err(StoreError::Unwritable {
                place: address.name(),
                reason: "this program was built without it; build it with `cargo build --release \
                         --features s3`"
                    .to_owned(),
            })
        }
    }

    /// Returns the path below the folder or the bucket's prefix: `ab/cd/abcd…`.
    fn name(hash: &BlobHash) -> String {
        let name = hash.to_string();
        format!("{}/{}/{name}", &name[..2], &name[2..4])
    }

    fn path(&self, hash: &BlobHash) -> PathBuf {
        self.folder.join(Self::name(hash))
    }

    /// Stores what `source` gives; returns its hash and length in bytes.
    ///
    /// # Errors
    /// [`StoreError`] when reading or writing fails; then nothing is kept.
    pub fn put(&self, source: &mut dyn Read) -> Result<(BlobHash, u64), StoreError> {
        let mut salt = [0; 8];
        let _ = getrandom::fill(&mut salt);
        let beside = self.folder.join(format!(
            ".new-{}-{}",
            std::process::id(),
            u64::from_le_bytes(salt)
        ));
        let written = self.write(source, &beside);
        // A file that has found its place is no longer here.
        let _ = fs::remove_file(&beside);
        written
    }

    fn write(&self, source: &mut dyn Read, beside: &Path) -> Result<(BlobHash, u64), StoreError> {
        let io = |e| StoreError::io(beside, e);
        let mut file = fs::File::create(beside).map_err(io)?;
        let mut hasher = Sha256::new();
        let mut length = 0;
        let mut buffer = vec![0; 1 << 16];
        loop {
            let read = source.read(&mut buffer).map_err(io)?;
            if read == 0 {
                break;
            }
            hasher.update(&buffer[..read]);
            file.write_all(&buffer[..read]).map_err(io)?;
            length += read as u64;
        }
        let hash = BlobHash(hasher.finalize().into());
        #[cfg(feature = "s3")]
        if let Some(bucket) = &self.bucket {
            drop(file);
            bucket.put(&Self::name(&hash), beside)?;
            return Ok((hash, length));
        }
        file.sync_all().map_err(io)?;
        let path = self.path(&hash);
        if let Some(parent) = path.parent() {
            make_folder(parent)?;
        }
        fs::rename(beside, &path).map_err(|e| StoreError::io(&path, e))?;
        // A record that cites the blob may be acknowledged right after.
        if let Some(parent) = path.parent() {
            sync_folder(parent)?;
        }
        Ok((hash, length))
    }

    /// Opens a blob for reading; none if it is not here. Its reader fails at the end if the bytes are not
    /// those that the hash is of.
    ///
    /// # Errors
    /// [`StoreError`] when it is here and cannot be read.
    pub fn get(&self, hash: &BlobHash) -> Result<Option<Box<dyn Read + Send>>, StoreError> {
        let checked = |inner: Box<dyn Read + Send>| -> Box<dyn Read + Send> {
            Box::new(Checked {
                inner,
                hasher: Sha256::new(),
                expected: *hash,
            })
        };
        #[cfg(feature = "s3")]
        if let Some(bucket) = &self.bucket {
            return Ok(bucket.get(&Self::name(hash))?.map(checked));
        }
        let path = self.path(hash);
        match fs::File::open(&path) {
            Ok(file) => Ok(Some(checked(Box::new(file)))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreError::io(&path, error)),
        }
    }

    /// Removes a blob, if it is here.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be removed.
    pub fn remove(&self, hash: &BlobHash) -> Result<(), StoreError> {
        #[cfg(feature = "s3")]
        if let Some(bucket) = &self.bucket {
            return bucket.remove(&Self::name(hash));
        }
        let path = self.path(hash);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(StoreError::io(&path, error))
            }
            _ => Ok(()),
        }
    }
}

/// A blob that is compared with its name while it is read.
struct Checked {
    inner: Box<dyn Read + Send>,
    hasher: Sha256,
    expected: BlobHash,
}

impl Read for Checked {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..read]);
        if read == 0 && !buffer.is_empty() {
            let found = BlobHash(self.hasher.clone().finalize().into());
            if found != self.expected {
                return Err(std::io::Error::new(
                    std::io::ErrorKind::InvalidData,
                    format!(
                        "the file {} is damaged: its bytes are others",
                        self.expected
                    ),
                ));
            }
        }
        Ok(read)
    }
}
