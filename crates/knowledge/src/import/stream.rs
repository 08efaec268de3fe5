//! Opens a dump, plain or compressed, as one stream of bytes; the compression is told by the first bytes.

use std::io::{self, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts the bytes that were taken from a file, for the progress bar.
pub struct Counted<R> {
    inner: R,
    taken: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.taken.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Says what a stream of one file is and how much of it was read.
pub struct Opened {
    /// The bytes of the dump, without compression.
    pub reader: Box<dyn Read + Send>,
    /// How many bytes of the file were taken so far.
    pub taken: Arc<AtomicU64>,
    /// The file's length in bytes.
    pub length: u64,
}

/// Opens a file.
///
/// # Errors
/// When the file cannot be opened or read.
pub fn open(file: &Path) -> io::Result<Opened> {
    let handle = std::fs::File::open(file)?;
    let length = handle.metadata()?.len();
    let taken = Arc::new(AtomicU64::new(0));
    let counted = Counted {
        inner: handle,
        taken: taken.clone(),
    };
    let mut buffered = BufReader::with_capacity(1 << 18, counted);
    let start = io::BufRead::fill_buf(&mut buffered)?;
    let reader: Box<dyn Read + Send> = if start.starts_with(b"BZh") {
        Box::new(bzip2::bufread::MultiBzDecoder::new(buffered))
    } else if start.starts_with(&[0x1f, 0x8b]) {
        Box::new(flate2::bufread::MultiGzDecoder::new(buffered))
    } else if start.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        Box::new(zstd::stream::read::Decoder::with_buffer(buffered)?)
    } else {
        Box::new(buffered)
    };
    Ok(Opened {
        reader,
        taken,
        length,
    })
}

/// Decompresses on a thread of its own, a few blocks ahead of the reader.
pub struct Ahead {
    blocks: crossbeam_channel::Receiver<io::Result<Vec<u8>>>,
    block: Vec<u8>,
    at: usize,
    over: bool,
}

/// One block: large enough to keep the threads apart, small enough for the memory.
const BLOCK: usize = 1 << 20;

impl Ahead {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(mut reader: Box<dyn Read + Send>) -> io::Result<Self> {
        let (give, blocks) = crossbeam_channel::bounded(8);
        std::thread::Builder::new()
            .name("unpack".into())
            .spawn(move || {
                loop {
                    let mut block = vec![0; BLOCK];
                    let mut filled = 0;
                    let mut failed = None;
                    while filled < BLOCK {
                        match reader.read(&mut block[filled..]) {
                            Ok(0) => break,
                            Ok(read) => filled += read,
                            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                            Err(error) => {
                                failed = Some(error);
                                break;
                            }
                        }
                    }
                    let last = filled < BLOCK;
                    block.truncate(filled);
                    if give.send(Ok(block)).is_err() {
                        return;
                    }
                    if let Some(error) = failed {
                        let _ = give.send(Err(error));
                        return;
                    }
                    if last {
                        return;
                    }
                }
            })?;
        Ok(Self {
            blocks,
            block: Vec::new(),
            at: 0,
            over: false,
        })
    }
}

impl Read for Ahead {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.block.len() {
            if self.over {
                return Ok(0);
            }
            match self.blocks.recv() {
                Ok(Ok(block)) => {
                    self.block = block;
                    self.at = 0;
                }
                Ok(Err(error)) => return Err(error),
                Err(_) => self.over = true,
            }
        }
        let some = buffer.len().min(self.block.len() - self.at);
        buffer[..some].copy_from_slice(&self.block[self.at..self.at + some]);
        self.at += some;
        Ok(some)
    }
}
