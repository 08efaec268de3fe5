//! `minga import …`.

use crate::cli::{PlaceArgs, stop_flag};
use crate::output::{self, Failure, Progress, Status};
use crate::serve::open_indexes;
use clap::Subcommand;
use knowledge::import::Report;
use knowledge::import::mediawiki;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use store::Node;

/// What can be brought in.
#[derive(Subcommand)]
pub enum ImportCommand {
    /// A wiki: MediaWiki's XML export, plain or packed with gzip, bzip2 or zstd
    Mediawiki {
        /// The file
        file: PathBuf,
        /// The licence of the whole, as an SPDX identifier
        #[arg(long, value_name = "ID")]
        licence: Option<String>,
        /// Who is to be named as its authors
        #[arg(long, value_name = "TEXT")]
        attribution: Option<String>,
        /// A folder with the wiki's media files
        #[arg(long, value_name = "DIR")]
        files: Option<PathBuf>,
    },
    /// Initiatives: JSON Lines, JSON, GeoJSON, or a table (CSV)
    Initiatives {
        /// The files; a web address is a profile that its people keep (Murmurations)
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// What the list is called, where its rows do not say so; else the file's name
        #[arg(long, value_name = "NAME")]
        source: Option<String>,
        /// The licence of the list, where its rows do not say so
        #[arg(long, value_name = "ID", default_value = "")]
        licence: String,
        /// Who is to be named as its authors
        #[arg(long, value_name = "TEXT", default_value = "")]
        attribution: String,
        /// Which column holds which field, where its name does not tell: “Qué hace=description”
        #[arg(long = "column", value_name = "COLUMN=FIELD", value_parser = column)]
        columns: Vec<(String, String)>,
    },
    /// A bundle that another node exported
    Bundle {
        /// The file
        file: PathBuf,
    },
}

/// Brings something in.
///
/// # Errors
/// What stopped it; what was taken in before stays.
pub fn run(place: &PlaceArgs, command: &ImportCommand) -> Result<Status, Failure> {
    match command {
        ImportCommand::Mediawiki {
            file,
            licence,
            attribution,
            files,
        } => {
            // Before anybody is asked anything.
            std::fs::File::open(file)
                .map_err(|e| format!("{} cannot be opened: {e}", file.display()))?;
            if let Some(files) = files
                && !files.is_dir()
            {
                return Err(format!("--files {} is no folder", files.display()).into());
            }
            let licence = ask(
                licence.as_deref(),
                "licence",
                "The licence of the whole (for example CC-BY-SA-3.0): ",
            )?;
            let attribution = ask(
                attribution.as_deref(),
                "attribution",
                "Who is to be named as its authors: ",
            )?;
            let (Some(licence), Some(attribution)) = (licence, attribution) else {
                return Ok(Status::Refused);
            };
            if !is_licence(&licence) {
                return Err(format!(
                    "“{licence}” is no SPDX identifier of a licence, such as CC-BY-SA-3.0 or CC0-1.0; one that SPDX \
                     does not list is named as LicenseRef-…"
                )
                .into());
            }
            let node = place.open(4)?;
            let _alone = node.alone("import")?;
            let stop = stop_flag();
            let options = mediawiki::Options {
                licence,
                attribution,
                files: files.clone(),
                forms: initiatives::import::WIKI_FORMS.to_vec(),
                stop: stop.clone(),
            };
            let began = Instant::now();
            let mut progress = Progress::start();
            let outcome = mediawiki::import(&node, file, &options, &mut |at| {
                let fraction = at.bytes.0 as f64 / at.bytes.1.max(1) as f64;
                progress.show("pages", at.pages, fraction);
                if place.json {
                    // Nobody may be listening any more: that is no reason to stop.
                    let so_far = json!({"read": at.pages, "kept": at.kept});
                    let _ = output::line(&so_far.to_string());
                }
            });
            progress.end();
            let mut report = match outcome {
                Ok(report) => report,
                // The database cannot be written: then the index would say so once more.
                Err(error @ mediawiki::ImportError::Store(_)) => return Err(error.into()),
                Err(error) => {
                    index(place, &node, &stop)?;
                    return Err(error.into());
                }
            };
            initiatives_of(&node, &options, &mut report)?;
            index(place, &node, &stop)?;
            report.stopped = stop.load(Ordering::Relaxed);
            report.seconds = began.elapsed().as_secs_f64();
            tell(place, &report)?;
            if stop.load(Ordering::Relaxed) {
                output::say("stopped; the same command goes on from here");
                return Ok(Status::Failed);
            }
            Ok(Status::Done)
        }
        ImportCommand::Initiatives {
            files,
            source,
            licence,
            attribution,
            columns,
        } => {
            let options = initiatives::import::Options {
                source: source.clone(),
                licence: licence.clone(),
                attribution: attribution.clone(),
                columns: columns.iter().cloned().collect(),
                stop: stop_flag(),
            };
            lists(place, files, &options)
        }
        ImportCommand::Bundle { file } => bundle(place, file),
    }
}

/// Brings in the initiatives that a wiki holds as forms, on the terms of the wiki.
fn initiatives_of(
    node: &Node,
    told: &mediawiki::Options,
    report: &mut Report,
) -> Result<(), Failure> {
    use initiatives::import;
    let Some(wiki) = report.forms.first().map(|form| form.site.clone()) else {
        return Ok(());
    };
    let forms: Vec<import::WikiForm> = std::mem::take(&mut report.forms)
        .into_iter()
        .map(|form| import::WikiForm {
            page: form.page,
            fields: form
                .fields
                .into_iter()
                .map(|field| (field.name, field.text, field.source))
                .collect(),
        })
        .collect();
    let options = import::Options {
        licence: told.licence.clone(),
        attribution: told.attribution.clone(),
        stop: told.stop.clone(),
        ..import::Options::default()
    };
    let taken = import::forms(node, &wiki, &forms, &options)?;
    output::say(&format!(
        "{} forms of initiatives: {} new, {} changed, {} as they were, {} refused; {} ways to reach persons were left out",
        taken.read, taken.added, taken.updated, taken.unchanged, taken.refused, taken.left_out
    ));
    for one in taken.problems {
        report.conflicts += u64::from(one.code == "kept");
        report.problem(one.file, one.code, one.what);
    }
    Ok(())
}

/// Reads which column holds which field.
fn column(text: &str) -> Result<(String, String), String> {
    match text.rsplit_once('=') {
        Some((column, field)) if !column.is_empty() => Ok((column.to_owned(), field.to_owned())),
        _ => Err("write it as COLUMN=FIELD, for example “Qué hace=description”".to_owned()),
    }
}

/// Returns the address of a profile that is named in the place of a file.
fn address(file: &Path) -> Option<&str> {
    let text = file.to_str()?;
    (text.starts_with("https://") || text.starts_with("http://")).then_some(text)
}

/// Brings lists of initiatives in.
fn lists(
    place: &PlaceArgs,
    files: &[PathBuf],
    options: &initiatives::import::Options,
) -> Result<Status, Failure> {
    for file in files.iter().filter(|file| address(file).is_none()) {
        std::fs::File::open(file)
            .map_err(|e| format!("{} cannot be opened: {e}", file.display()))?;
    }
    let node = place.open(4)?;
    let _alone = node.alone("import")?;
    let began = Instant::now();
    let mut report = Report::default();
    let mut left_out = 0;
    let public = std::env::var("MINGA_PUBLIC_URL").ok();
    let ours: Vec<String> = public
        .iter()
        .filter_map(|url| url::Url::parse(url).ok())
        .filter_map(|url| {
            Some(format!(
                "{}:{}",
                url.host_str()?,
                url.port_or_known_default()?
            ))
        })
        .collect();
    for file in files {
        let mut progress = Progress::start();
        let taken = match address(file) {
            Some(address) => match initiatives::import::fetch::profile(address, &ours) {
                Ok(text) => initiatives::import::profile(&node, address, &text, options),
                Err(error) => {
                    report.read += 1;
                    report.refused += 1;
                    report.problem(address, "profile", error.to_string());
                    continue;
                }
            },
            None => initiatives::import::import(&node, file, options, &mut |rows| {
                progress.show("rows", rows, 0.0);
            }),
        };
        progress.end();
        // What came before stays, and is found.
        let taken = match taken {
            Ok(taken) => taken,
            Err(error) => {
                index(place, &node, &options.stop)?;
                return Err(error.into());
            }
        };
        report.read += taken.read;
        report.added += taken.added;
        report.updated += taken.updated;
        report.unchanged += taken.unchanged;
        report.refused += taken.refused;
        left_out += taken.left_out;
        for one in taken.problems {
            report.conflicts += u64::from(one.code == "kept");
            report.problem(format!("{}, row {}", one.file, one.row), one.code, one.what);
        }
    }
    index(place, &node, &options.stop)?;
    report.stopped = options.stop.load(Ordering::Relaxed);
    report.seconds = began.elapsed().as_secs_f64();
    if left_out > 0 {
        output::say(&format!("{left_out} ways to reach persons were left out"));
    }
    tell(place, &report)?;
    if report.stopped {
        output::say("stopped; the same command goes on from here");
        return Ok(Status::Failed);
    }
    Ok(Status::Done)
}

/// Whether a text names a licence: one of SPDX's list, the Peer Production Licence, which is not in it, or one
/// that somebody else describes. A slip here would stand on every page.
fn is_licence(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    let own = text.strip_prefix("LicenseRef-");
    spdx::license_id(text).is_some_and(|found| found.name == text)
        || matches!(text, "PPL" | "PPL-1.0")
        || own.is_some_and(|own| !own.is_empty() && own.chars().all(plain))
}

/// Takes an answer from the option, or from the person at the terminal.
fn ask(given: Option<&str>, name: &str, question: &str) -> Result<Option<String>, Failure> {
    use std::io::IsTerminal;
    if let Some(text) = given.map(str::trim).filter(|text| !text.is_empty()) {
        return Ok(Some(text.to_owned()));
    }
    if !std::io::stdin().is_terminal() {
        output::say(&format!(
            "minga: the import needs --{name}: others must know on which terms they may use the texts"
        ));
        return Ok(None);
    }
    output::say(question);
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    let line = line.trim().to_owned();
    Ok((!line.is_empty()).then_some(line))
}

fn bundle(place: &PlaceArgs, file: &Path) -> Result<Status, Failure> {
    let node = place.open(4)?;
    let _alone = node.alone("import")?;
    let began = Instant::now();
    let mut progress = Progress::start();
    let taken = node.import_bundle(file, |taken| progress.show("records", taken.read, 0.0))?;
    progress.end();
    let stop = stop_flag();
    index(place, &node, &stop)?;
    let mut report = Report {
        read: taken.read,
        added: taken.added,
        unchanged: taken.unchanged,
        refused: taken.refused.len() as u64,
        seconds: began.elapsed().as_secs_f64(),
        ..Report::default()
    };
    for (at, code, what) in taken.refused {
        report.problem(at, code, what);
    }
    tell(place, &report)?;
    Ok(Status::Done)
}

/// Brings the search index up to date, or waits for the process that does.
fn index(place: &PlaceArgs, node: &Node, stop: &Arc<AtomicBool>) -> Result<(), Failure> {
    use knowledge::follow::{FollowError, catch_up};
    let indexes = open_indexes(place, node)?;
    let mut progress = Progress::start();
    let patience = Instant::now();
    loop {
        let done = catch_up(node, &indexes, stop, &mut |done, total| {
            progress.show("indexed", done, done as f64 / total.max(1) as f64);
        });
        match done {
            Ok(_) => break,
            Err(FollowError::Search(search::SearchError::Locked { .. })) => {
                if patience.elapsed() > Duration::from_secs(600) || stop.load(Ordering::Relaxed) {
                    output::say("the serving node goes on with the search index");
                    break;
                }
                std::thread::sleep(Duration::from_millis(200));
            }
            Err(error) => return Err(error.into()),
        }
    }
    progress.end();
    for (space, _) in node.store().read(store::heads)? {
        node.store().write(move |db| store::save_tree(db, &space))?;
    }
    Ok(())
}

/// Tells what became of an import, to people and to programs.
fn tell(place: &PlaceArgs, report: &Report) -> Result<(), Failure> {
    output::say(&format!(
        "read {}: {} added, {} updated, {} unchanged, {} conflicts, {} refused, in {:.1} s",
        report.read,
        report.added,
        report.updated,
        report.unchanged,
        report.conflicts,
        report.refused,
        report.seconds
    ));
    let mut codes: std::collections::BTreeMap<&str, Vec<&knowledge::import::Problem>> =
        std::collections::BTreeMap::new();
    for problem in &report.problems {
        codes.entry(&problem.code).or_default().push(problem);
    }
    for (code, list) in codes {
        output::say(&format!("{code}: {}", list.len()));
        for problem in list.iter().take(5) {
            output::say(&format!("  {}: {}", problem.place, problem.what));
        }
        if list.len() > 5 {
            output::say(&format!(
                "  … and {} more (all of them with --json)",
                list.len() - 5
            ));
        }
    }
    if report.more_problems > 0 {
        output::say(&format!("{} problems more", report.more_problems));
    }
    if place.json {
        output::line(&serde_json::to_string(report)?)?;
    }
    Ok(())
}
