//! The command line. Its commands, options and answers are doors that scripts rely on.

use crate::output::{Failure, Status};
use crate::{bundle, import, keys, load, person, publish, registry, serve, upkeep, verify};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use store::{BucketAddress, Node, Options, StoreError};

/// A commons in one program: knowledge that can be read, searched, taken away and checked.
#[derive(Parser)]
#[command(name = "minga", version, subcommand_required = false)]
pub struct Cli {
    #[command(flatten)]
    place: PlaceArgs,
    #[command(flatten)]
    serve: serve::ServeArgs,
    #[command(subcommand)]
    command: Option<Command>,
}

impl Cli {
    /// Returns whether programs listen.
    #[must_use]
    pub const fn json(&self) -> bool {
        self.place.json
    }
}

/// Where the node keeps its data.
#[derive(Args, Clone)]
pub struct PlaceArgs {
    /// Folder for database, keys, files and index
    #[arg(
        long,
        global = true,
        env = "MINGA_DATA",
        default_value = "./minga-data",
        value_name = "DIR"
    )]
    data: PathBuf,
    /// `postgres://…` instead of SQLite in the data folder
    #[arg(
        long,
        global = true,
        env = "MINGA_DATABASE",
        value_name = "URL",
        hide_env_values = true
    )]
    database: Option<String>,
    /// `s3://BUCKET/PREFIX` instead of the folder `blobs`; the key to it is in `AWS_ACCESS_KEY_ID` and
    /// `AWS_SECRET_ACCESS_KEY`, another provider's address in `MINGA_S3_ENDPOINT`
    #[arg(long, global = true, env = "MINGA_BLOBS", value_name = "URL")]
    blobs: Option<String>,
    /// How many seconds to wait while another process writes the database
    #[arg(
        long,
        global = true,
        env = "MINGA_WAIT",
        default_value_t = 20,
        value_name = "SECONDS"
    )]
    wait: u32,
    /// Answer with one JSON object as the last line of stdout
    #[arg(long, global = true)]
    pub json: bool,
}

impl PlaceArgs {
    /// Opens the node, with so many readers, and makes it where there is none.
    ///
    /// # Errors
    /// When the folder or database cannot be opened.
    pub fn open(&self, readers: usize) -> Result<Node, Failure> {
        Ok(Node::open(self.options(readers)?, registry::tables)?)
    }

    /// Opens the node whose backup was restored, with new keys if that had none.
    ///
    /// # Errors
    /// When the folder or database cannot be opened.
    pub fn open_anew(&self) -> Result<Node, Failure> {
        Ok(Node::open_anew(self.options(1)?, registry::tables)?)
    }

    /// Opens the node that is there: a slip in `--data` must not make another one.
    ///
    /// # Errors
    /// When there is none, or the folder or database cannot be opened.
    pub fn open_existing(&self, readers: usize) -> Result<Node, Failure> {
        let options = self.options(readers)?;
        if options.data.is_dir() && !Node::is_there(&options) || !options.data.exists() {
            let place = options.data.display().to_string();
            return Err(StoreError::Absent { place }.into());
        }
        Ok(Node::open(options, registry::tables)?)
    }

    fn options(&self, readers: usize) -> Result<Options, Failure> {
        let variable = |name: &str| std::env::var(name).ok();
        let bucket = self.blobs.as_deref();
        let bucket = bucket.map(|url| BucketAddress::read(url, variable));
        Ok(Options {
            seal_key: variable("MINGA_SEAL_KEY_FILE").map(PathBuf::from),
            bucket: bucket.transpose().map_err(Failure::from)?,
            data: self.data.clone(),
            database: self.database.clone(),
            readers,
            patience: Duration::from_secs(u64::from(self.wait)),
            told: crate::output::say,
        })
    }

    /// Returns whether the database is a server's.
    #[must_use]
    pub const fn is_remote(&self) -> bool {
        self.database.is_some()
    }

    /// Returns the folder of the search indexes.
    #[must_use]
    pub fn index(&self) -> PathBuf {
        self.data.join("index")
    }

    /// Returns the data folder.
    #[must_use]
    pub fn data(&self) -> &std::path::Path {
        &self.data
    }
}

#[derive(Subcommand)]
enum Command {
    /// Serve the commons (what `minga` alone does)
    Serve(serve::ServeArgs),
    /// Bring something in
    #[command(subcommand)]
    Import(import::ImportCommand),
    /// Write everything that is public into a signed bundle, or back into MediaWiki's XML
    Export(bundle::ExportArgs),
    /// Check a bundle, with no server and no network
    Verify {
        /// The bundle
        file: PathBuf,
    },
    /// Compute all tables and the search index anew from the log
    Rebuild,
    /// Replay the log aside and compare every table
    Check,
    /// Write a consistent copy of the node into an empty folder, while it serves
    Backup {
        /// The folder
        dir: PathBuf,
        /// Copy the keys too: whoever has them speaks for the commons
        #[arg(long)]
        with_keys: bool,
    },
    /// Bring a backup back into an empty data folder
    Restore {
        /// The backup's folder
        dir: PathBuf,
        /// A later bundle of this commons: what it says was withdrawn does not come back
        #[arg(long, value_name = "BUNDLE")]
        withdrawals: Option<PathBuf>,
    },
    /// People with an account on this node
    #[command(subcommand)]
    Person(person::PersonCommand),
    /// Keys of one's own
    #[command(subcommand)]
    Key(keys::KeyCommand),
    /// Make an account on a node with a key of one's own
    Join(publish::JoinArgs),
    /// Publish a text, or signed records, on a node with a key of one's own
    Publish(publish::PublishArgs),
    /// Single records
    #[command(subcommand)]
    Record(RecordCommand),
    /// The texts that stand in an empty commons
    #[command(subcommand)]
    Starter(StarterCommand),
    /// Load for benchmarks
    #[command(subcommand, hide = true)]
    Load(load::LoadCommand),
}

#[derive(Subcommand)]
enum RecordCommand {
    /// Verify JSON records, one a line; answers one JSON row for each
    Verify {
        /// The file, or `-` for stdin
        file: PathBuf,
        /// Judge expiry as of this moment instead of now
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
    },
}

#[derive(Subcommand)]
enum StarterCommand {
    /// Hide the starter's texts for good
    Hide,
}

/// Runs a command.
///
/// # Errors
/// What failed, in one sentence.
pub fn run(cli: Cli) -> Result<Status, Failure> {
    let place = &cli.place;
    match cli.command {
        None => serve::run(place, &cli.serve),
        Some(Command::Serve(args)) => serve::run(place, &args.or(cli.serve)),
        Some(Command::Import(command)) => import::run(place, &command),
        Some(Command::Export(args)) => bundle::export(place, &args),
        Some(Command::Verify { file }) => bundle::verify(place, &file),
        Some(Command::Rebuild) => upkeep::rebuild(place),
        Some(Command::Check) => upkeep::check(place),
        Some(Command::Backup { dir, with_keys }) => upkeep::backup(place, &dir, with_keys),
        Some(Command::Restore { dir, withdrawals }) => {
            upkeep::restore(place, &dir, withdrawals.as_deref())
        }
        Some(Command::Key(command)) => keys::key(&command, place.json),
        Some(Command::Join(args)) => publish::join(&args, place.json),
        Some(Command::Publish(args)) => publish::publish(&args, place.json),
        Some(Command::Person(command)) => person::run(place, &command),
        Some(Command::Record(RecordCommand::Verify { file, at })) => {
            verify::records(&file, at.as_deref())
        }
        Some(Command::Starter(StarterCommand::Hide)) => upkeep::hide_starter(place),
        Some(Command::Load(command)) => load::run(place, &command),
    }
}

/// Returns a flag that Ctrl-C, SIGTERM and the end of the terminal set.
#[must_use]
pub fn stop_flag() -> Arc<AtomicBool> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let stop = Arc::new(AtomicBool::new(false));
    // A handler that cannot be set leaves the default one, which ends the program; that is safe too.
    for signal in [SIGINT, SIGTERM] {
        let _ = signal_hook::flag::register(signal, stop.clone());
    }
    #[cfg(unix)]
    if !outlives_terminal() {
        let _ = signal_hook::flag::register(signal_hook::consts::SIGHUP, stop.clone());
    }
    stop
}

/// Whether the program was started to go on when its terminal ends, as `nohup` does.
#[cfg(unix)]
fn outlives_terminal() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    // SIGHUP is the first signal.
    ignored.is_some_and(|mask| mask & 1 == 1)
}
