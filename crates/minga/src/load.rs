//! Load for benchmarks: edits at a steady rate, beside a serving node.

use crate::cli::{PlaceArgs, stop_flag};
use crate::output::{self, Failure, Status};
use clap::Subcommand;
use people::accounts;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use store::Node;

/// Kinds of load.
#[derive(Subcommand)]
pub enum LoadCommand {
    /// Edit articles, evenly over all of them
    Edits {
        /// Edits a second
        #[arg(long, default_value_t = 10)]
        rate: u32,
        /// How long, in seconds
        #[arg(long, default_value_t = 20)]
        seconds: u64,
        /// Print the id of each edit as soon as it is acknowledged
        #[arg(long)]
        tell: bool,
    },
    /// Make people who may write as much as they like, and print a token of each
    People {
        /// How many
        #[arg(long, default_value_t = 500)]
        count: usize,
    },
    /// Hold the database's lock, as another program might
    Hold {
        /// How long, in seconds
        #[arg(long, default_value_t = 20)]
        seconds: u64,
    },
}

/// Makes load.
///
/// # Errors
/// When the database fails.
pub fn run(place: &PlaceArgs, command: &LoadCommand) -> Result<Status, Failure> {
    let node = place.open_existing(1)?;
    match command {
        LoadCommand::Edits {
            rate,
            seconds,
            tell,
        } => edits(&node, *rate, *seconds, *tell),
        LoadCommand::People { count } => people(&node, *count),
        LoadCommand::Hold { seconds } => hold(&node, Duration::from_secs(*seconds)),
    }
}

fn people(node: &Node, count: usize) -> Result<Status, Failure> {
    node.store()
        .write(|db| store::set_setting(db, knowledge::SETTING_LIMITS, "off"))?;
    for number in 0..count {
        let joins = accounts::Joins {
            handle: people::Handle::parse(&format!("writer-{number}"))?,
            name: people::PersonName::parse(&format!("Writer {number}"))?,
            languages: Vec::new(),
            mail: String::new(),
            way: accounts::Way::None,
            code: String::new(),
            words: String::new(),
            language: String::new(),
        };
        let joined = accounts::let_join(node, joins)?;
        output::line(&accounts::make_token(node, joined.id, "load", "write")?)?;
    }
    Ok(Status::Done)
}

fn hold(node: &Node, time: Duration) -> Result<Status, Failure> {
    node.store().write(move |_| {
        output::line("{\"holds\": true}")?;
        std::thread::sleep(time);
        Ok::<_, Failure>(())
    })?;
    Ok(Status::Done)
}

fn edits(node: &Node, rate: u32, seconds: u64, tell: bool) -> Result<Status, Failure> {
    let stop = stop_flag();
    let pause = Duration::from_secs_f64(1.0 / f64::from(rate.max(1)));
    let began = Instant::now();
    // Other articles each time: pages that are edited at every run would be a load of their own.
    let first = Node::now().as_millis();
    let (mut edits, mut slowest) = (0_u32, Duration::ZERO);
    while began.elapsed().as_secs() < seconds && !stop.load(Ordering::Relaxed) {
        let due = pause * edits;
        if let Some(wait) = due.checked_sub(began.elapsed()) {
            std::thread::sleep(wait);
        }
        let at = Instant::now();
        let Some(edit) = knowledge::edit_some(node, first + i64::from(edits))? else {
            return Err("there is no article to edit; import something first".into());
        };
        if tell {
            output::line(&format!("{{\"id\": \"{}\"}}", edit.id))?;
        }
        slowest = slowest.max(at.elapsed());
        edits += 1;
    }
    let text = format!(
        "{{\"edits\": {edits}, \"seconds\": {:.2}, \"slowest_ms\": {}}}",
        began.elapsed().as_secs_f64(),
        slowest.as_millis()
    );
    output::line(&text)?;
    Ok(Status::Done)
}
