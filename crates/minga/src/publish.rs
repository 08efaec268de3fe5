//! `minga publish` and `minga join`: publishing with a key of one's own, on a node anywhere.

use crate::keys::{Signer, SignerArgs};
use crate::output::{self, Failure, Status};
use clap::Args;
use knowledge::{Article, Kind, Media, Name};
use people::Profile;
use record::{Did, Draft, Hash, RecordId, Space};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::time::Duration;
use store::Node;

/// Which node is spoken to.
#[derive(Args)]
pub struct NodeArgs {
    /// The node
    #[arg(
        long,
        env = "MINGA_NODE",
        default_value = "http://127.0.0.1:7878",
        value_name = "URL"
    )]
    node: String,
}

#[derive(Args)]
pub struct PublishArgs {
    /// A Markdown text; or, ending in .json, .jsonl or .ndjson, records that were signed before, one a line
    #[arg(required_unless_present = "person")]
    file: Option<PathBuf>,
    #[command(flatten)]
    signer: SignerArgs,
    #[command(flatten)]
    node: NodeArgs,
    /// The page's title; without it, the text's first heading
    #[arg(long)]
    title: Option<String>,
    /// The language of a new page, as es, en, qu; a page that is there keeps its own
    #[arg(long, value_name = "CODE")]
    language: Option<String>,
    /// The text's licence; a page that is there keeps its own
    #[arg(long, default_value = "CC-BY-SA-4.0", value_name = "ID")]
    licence: String,
    /// What was changed, and why
    #[arg(long, default_value = "")]
    summary: String,
    /// Publish who you are instead of a text: your name
    #[arg(
        long,
        value_name = "NAME",
        requires = "handle",
        conflicts_with = "file"
    )]
    person: Option<String>,
    /// Your address in the commons, with --person
    #[arg(long, value_name = "HANDLE")]
    handle: Option<String>,
}

#[derive(Args)]
pub struct JoinArgs {
    /// The file of your key; minga key new FILE makes one
    #[arg(long, env = "MINGA_KEY", value_name = "FILE")]
    key: PathBuf,
    #[command(flatten)]
    node: NodeArgs,
    /// Your address in the commons: a-z, 0-9 and hyphens
    #[arg(long)]
    handle: String,
    /// What you are called
    #[arg(long)]
    name: String,
    /// What you do, for everybody to read; stewards who let people in read it first
    #[arg(long, default_value = "", value_name = "TEXT")]
    about: String,
    /// The code of an invitation
    #[arg(long, default_value = "")]
    code: String,
}

/// The longest answer that is read: a page of 8 MiB as HTML and as text.
const MOST: u64 = 64 << 20;

/// The node that is published to.
pub struct Remote {
    agent: ureq::Agent,
    base: String,
}

impl Remote {
    /// Reaches a node.
    #[must_use]
    pub fn new(args: &NodeArgs) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(60)))
            .http_status_as_error(false)
            .build();
        Self {
            agent: config.into(),
            base: args.node.trim_end_matches('/').to_owned(),
        }
    }

    fn told(&self, error: &ureq::Error) -> Failure {
        format!("{} does not answer: {error}", self.base).into()
    }

    fn read(&self, mut answer: ureq::http::Response<ureq::Body>) -> Result<(u16, Value), Failure> {
        let status = answer.status().as_u16();
        let text = answer
            .body_mut()
            .with_config()
            .limit(MOST)
            .read_to_string()
            .map_err(|error| self.told(&error))?;
        Ok((status, serde_json::from_str(&text).unwrap_or(Value::Null)))
    }

    fn get(&self, path: &str) -> Result<(u16, Value), Failure> {
        let answer = self
            .agent
            .get(format!("{}{path}", self.base))
            .header("accept", "application/json")
            .call();
        self.read(answer.map_err(|error| self.told(&error))?)
    }

    fn post(&self, path: &str, body: &[u8]) -> Result<(u16, Value), Failure> {
        // The command line speaks English, and so do the refusals that it passes on.
        let request = self
            .agent
            .post(format!("{}{path}", self.base))
            .header("accept-language", "en")
            .header("content-type", "application/x-ndjson");
        let answer = request.header("accept", "application/json").send(body);
        self.read(answer.map_err(|error| self.told(&error))?)
    }

    /// Returns which commons the node hosts.
    ///
    /// # Errors
    /// When it does not answer, or is none.
    pub fn commons(&self) -> Result<Did, Failure> {
        let (status, value) = self.get("/api/v1/commons")?;
        let did = value.get("commons").and_then(Value::as_str);
        match did {
            Some(did) if status == 200 => Ok(Did::parse(did)?),
            _ => Err(format!("{} is no node of a commons: it answers {status}", self.base).into()),
        }
    }
}

/// Publishes a file with a key of one's own.
///
/// # Errors
/// When file, key or node cannot be read. A refusal is a status.
pub fn publish(args: &PublishArgs, json: bool) -> Result<Status, Failure> {
    let remote = Remote::new(&args.node);
    let file = args.file.as_deref();
    let ends = file
        .and_then(Path::extension)
        .and_then(|end| end.to_str())
        .unwrap_or_default();
    let body = if matches!(ends, "json" | "jsonl" | "ndjson") {
        let file = file.unwrap_or(Path::new(""));
        std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?
    } else {
        let signer = Signer::read(&args.signer)?;
        let (draft, is_said) = match (&args.person, file) {
            (Some(name), _) => {
                let handle = args.handle.as_deref().unwrap_or_default();
                (person(&remote, name, handle, "")?, false)
            }
            (None, Some(file)) => text(&remote, args, file)?,
            (None, None) => return Err("name a file".into()),
        };
        let body = signer.sign(draft)?;
        if is_said {
            output::say("unchanged: the page says this already");
            if json {
                output::line(r#"{"records": [], "refused": 0}"#)?;
            }
            return Ok(Status::Done);
        }
        body
    };
    send(&remote, &body, json)
}

/// Sends signed records, and says what became of each.
///
/// # Errors
/// When the node does not answer. A refusal is a status.
pub fn send(remote: &Remote, body: &[u8], json: bool) -> Result<Status, Failure> {
    let (status, answer) = remote.post("/api/v1/records", body)?;
    let rows = answer
        .get("records")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    if rows.is_empty() {
        let detail = answer
            .get("detail")
            .and_then(Value::as_str)
            .unwrap_or_default();
        return Err(format!("{} answers {status}: {detail}", remote.base).into());
    }
    let field = |row: &Value, name: &str| {
        row.get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    for row in &rows {
        match &*field(row, "outcome") {
            "refused" => output::say(&format!(
                "refused ({}): {}; {}",
                field(row, "rule"),
                field(row, "reason"),
                field(row, "remedy")
            )),
            outcome => {
                let id = field(row, "id");
                output::say(&format!("{outcome}: {id}"));
                if id.contains("/article/") {
                    let address = format!("{}/things/{}", remote.base, site::encode(&id));
                    output::say(&format!("read it at {address}"));
                }
            }
        }
    }
    if json {
        output::line(&answer.to_string())?;
    }
    let refused = answer.get("refused").and_then(Value::as_u64).unwrap_or(0);
    Ok(if refused > 0 {
        Status::Refused
    } else {
        Status::Done
    })
}

/// Makes an account with a key of one's own.
///
/// # Errors
/// When key or node cannot be read. A refusal is a status.
pub fn join(args: &JoinArgs, json: bool) -> Result<Status, Failure> {
    let remote = Remote::new(&args.node);
    let signer = Signer::of_key(&args.key)?;
    let draft = person(&remote, &args.name, &args.handle, &args.about)?;
    let path = format!("/api/v1/join?code={}", site::encode(args.code.trim()));
    let (status, answer) = remote.post(&path, &signer.sign(draft)?)?;
    let field = |name: &str| answer.get(name).and_then(Value::as_str).unwrap_or_default();
    if status != 201 {
        let code = field("type").trim_start_matches("/problems/");
        if !(400..500).contains(&status) || code.is_empty() {
            return Err(format!("{} answers {status}: {}", remote.base, field("detail")).into());
        }
        output::say(&format!(
            "refused ({code}): {}; {}",
            field("detail"),
            field("remedy")
        ));
        if json {
            output::line(&answer.to_string())?;
        }
        return Ok(Status::Refused);
    }
    output::say("the account is made; its recovery codes, of which each opens it once:");
    for code in answer
        .get("codes")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        output::say(code.as_str().unwrap_or_default());
    }
    if !field("next").is_empty() {
        output::say(field("next"));
    }
    if json {
        output::line(&answer.to_string())?;
    }
    Ok(Status::Done)
}

fn person(remote: &Remote, name: &str, handle: &str, about: &str) -> Result<Draft, Failure> {
    let profile = Profile {
        handle: people::Handle::parse(handle)?.as_str().to_owned(),
        name: people::PersonName::parse(name)?.as_str().to_owned(),
        about: about.to_owned(),
        ..Profile::default()
    };
    Ok(profile.draft(remote.commons()?, Node::now(), None, Vec::new()))
}

/// Reads a text as a revision of its page, and whether the page says the same already.
fn text(remote: &Remote, args: &PublishArgs, file: &Path) -> Result<(Draft, bool), Failure> {
    let mut content =
        std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let heading = content
        .lines()
        .find_map(|line| line.strip_prefix("# "))
        .map(str::trim);
    let title = args
        .title
        .as_deref()
        .or(heading)
        .ok_or("the text has no heading “# …”: give its title with --title")?
        .to_owned();
    let name = Name::new(Kind::Article, &title)?.first_upper();
    // A heading that becomes the title is not said twice.
    if args.title.is_none()
        && let Some((before, after)) = content.split_once(&format!("# {title}\n"))
        && before.trim().is_empty()
    {
        content = after.trim_start_matches('\n').to_owned();
    }
    let commons = remote.commons()?;
    let (status, page) = remote.get(&format!(
        "/api/v1/articles/{}",
        site::encode_title(name.title())
    ))?;
    let field = |name: &str| page.get(name).and_then(Value::as_str).unwrap_or_default();
    let (thing, replaces, licence, language, attribution) = match status {
        200 => (
            Some(RecordId::parse(field("id"))?),
            vec![Hash::parse(field("revision"))?],
            field("licence").to_owned(),
            field("lang").to_owned(),
            field("attribution").to_owned(),
        ),
        404 => (
            None,
            Vec::new(),
            args.licence.clone(),
            args.language.clone().ok_or_else(|| {
                format!("“{title}” is a new page: say its language, as --language es")
            })?,
            String::new(),
        ),
        _ => return Err(format!("{} answers {status} for “{title}”", remote.base).into()),
    };
    if field("media_type") == "text/x-wiki" {
        return Err(format!("“{title}” is written in wikitext: revise it on its page").into());
    }
    let is_said = status == 200 && field("text") == content;
    let article = Article {
        name,
        content,
        media: Media::Markdown,
        language,
        licence,
        provenance: "written".to_owned(),
        summary: args.summary.clone(),
        attribution,
        contributor: String::new(),
        minor: false,
        translation_of: None,
        categories: page
            .get("categories")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|one| Some(one.as_str()?.to_owned()))
            .collect(),
        original: None,
        machine: String::new(),
        namespaces: Vec::new(),
        source: None,
        attachment: None,
    };
    let draft = article.draft(commons, Space::public(), Node::now(), thing, replaces);
    Ok((draft, is_said))
}
