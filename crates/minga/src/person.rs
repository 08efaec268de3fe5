//! `minga person`: what whoever keeps the node does for people with an account.

use crate::cli::PlaceArgs;
use crate::output::{self, Failure, Status};
use clap::Subcommand;
use people::accounts::{self, AccountError, Joins, Way};
use people::leave::Choice;
use people::{Act, Attestation, Claim, Decision, Handle, Joining, PersonName, desk};
use record::Did;
use serde_json::json;
use std::io::Write;
use std::path::PathBuf;
use store::Node;

#[derive(Subcommand)]
pub enum PersonCommand {
    /// Who has an account; with --json one row for each
    List,
    /// Make an account for somebody; they get in by one of its recovery codes
    Add {
        /// Their address in the commons: a-z, 0-9 and hyphens
        handle: String,
        /// What they are called
        #[arg(long)]
        name: String,
        /// The name of their own key, which they keep themselves: they publish by `minga publish`
        #[arg(long, value_name = "DID")]
        did: Option<String>,
    },
    /// Make new recovery codes for somebody who lost every way in; their sessions end
    Reset {
        /// Their address
        handle: String,
    },
    /// Make somebody a steward, or a steward no longer
    Steward {
        /// Their address
        handle: String,
        /// They are a steward no longer
        #[arg(long)]
        end: bool,
        /// Why, for everybody to read
        #[arg(long, default_value = "by whoever keeps the node")]
        reason: String,
    },
    /// Keep somebody from publishing, or let them publish again
    Block {
        /// Their address
        handle: String,
        /// They may publish again
        #[arg(long)]
        end: bool,
        /// Why, for everybody to read
        #[arg(long)]
        reason: String,
    },
    /// Take a key back for everybody: nothing that it signs is accepted any more
    Revoke {
        /// The address of whose key it is, or the key's name
        #[arg(value_name = "HANDLE-OR-DID")]
        whose: String,
        /// Why, for everybody to read
        #[arg(long)]
        reason: String,
    },
    /// Let somebody in who waits for it
    LetIn {
        /// Their address
        handle: String,
    },
    /// Vouch, in the name of the commons, for an organisation's legal form, or for a name that a person wrote under
    /// elsewhere
    Attest {
        /// The address of the organisation, or of the person
        handle: String,
        /// The name that the person claims; without it, the organisation's legal form is meant
        #[arg(long)]
        author_name: Option<String>,
        /// What was seen, for everybody to read
        #[arg(long)]
        reason: String,
    },
    /// Write what somebody published into a bundle that another node takes in
    Export {
        /// Their address
        handle: String,
        /// The file, which must not be there yet
        file: PathBuf,
    },
    /// Erase somebody's account, for one who asked for it and cannot do it themselves
    Erase {
        /// Their address
        handle: String,
        /// What becomes of what they published
        #[arg(long, value_parser = ["keep", "nameless", "withdraw"])]
        choice: String,
    },
    /// Make a link by which people can join
    Invite {
        /// How many people may use it
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(i64).range(1..=1_000))]
        uses: i64,
        /// Whoever comes in by it becomes a steward
        #[arg(long)]
        steward: bool,
        /// For how many days it is good
        #[arg(long, default_value_t = 14, value_parser = clap::value_parser!(i64).range(1..=365))]
        days: i64,
        /// The address of the commons, with which the link begins
        #[arg(long, env = "MINGA_PUBLIC_URL", value_name = "URL")]
        public_url: Option<String>,
    },
    /// Make a token with which a program acts for somebody
    Token {
        /// Their address
        handle: String,
        /// What the program is called
        #[arg(long)]
        label: String,
        /// What it may do
        #[arg(long, value_delimiter = ',', default_value = "write", value_parser = ["write", "profile", "steward"])]
        scope: Vec<String>,
    },
    /// Show how people come in, or change it
    Joining {
        /// The way; without it, the one that is set is shown
        #[arg(value_parser = ["open", "invitation", "approval"])]
        way: Option<String>,
    },
}

/// Runs a command.
///
/// # Errors
/// What failed, in one sentence.
pub fn run(place: &PlaceArgs, command: &PersonCommand) -> Result<Status, Failure> {
    let node = place.open_existing(1)?;
    let answer = |value: serde_json::Value| -> Result<(), Failure> {
        if place.json {
            output::line(&value.to_string())?;
        }
        Ok(())
    };
    let done = match command {
        PersonCommand::List => return list(place, &node),
        PersonCommand::Add { handle, name, did } => add(&node, handle, name, did.as_deref())
            .and_then(|codes| {
                output::say(
                    "the account is made; its recovery codes, of which each opens it once:",
                );
                for code in &codes {
                    output::say(code);
                }
                answer(json!({"handle": handle, "codes": codes}))
            }),
        PersonCommand::Reset { handle } => accounts::reset(&node, handle)
            .map_err(|error| named(error, handle))
            .and_then(|codes| {
                output::say("their sessions ended; new recovery codes, to be used at /recover:");
                for code in &codes {
                    output::say(code);
                }
                answer(json!({"handle": handle, "codes": codes}))
            }),
        PersonCommand::Steward {
            handle,
            end,
            reason,
        } => {
            let act = if *end { Act::Dismiss } else { Act::Appoint };
            decide(&node, handle, act, reason).and_then(|did| {
                output::say(&match act {
                    Act::Dismiss => format!("{handle} is a steward no longer"),
                    _ => format!("{handle} is a steward from now on; it stands at /decisions"),
                });
                answer(json!({"handle": handle, "did": did, "act": act.as_str()}))
            })
        }
        PersonCommand::Block {
            handle,
            end,
            reason,
        } => {
            let act = if *end { Act::Unblock } else { Act::Block };
            decide(&node, handle, act, reason).and_then(|did| {
                output::say(&match act {
                    Act::Unblock => format!("{handle} may publish again"),
                    _ => format!("{handle} publishes nothing from now on; it stands at /decisions"),
                });
                answer(json!({"handle": handle, "did": did, "act": act.as_str()}))
            })
        }
        PersonCommand::Revoke { whose, reason } => revoke(&node, whose, reason).and_then(|did| {
            output::say(&format!("nothing that {did} signs is accepted any more"));
            answer(json!({"did": did, "revoked": true}))
        }),
        PersonCommand::Invite {
            uses,
            steward,
            days,
            public_url,
        } => {
            let role = if *steward { "steward" } else { "member" };
            let code = accounts::invite(&node, accounts::KEEPER, role, "", *uses, *days)?;
            let path = format!("/join?code={code}");
            match public_url {
                Some(url) => {
                    output::say(&format!("they join at {}{path}", url.trim_end_matches('/')))
                }
                None => output::say(&format!(
                    "they join at the address of the commons and {path}"
                )),
            }
            answer(json!({"code": code, "path": path}))
        }
        PersonCommand::LetIn { handle } => {
            let id = account(&node, handle)?.id;
            accounts::let_in(&node, &id, None)
                .map_err(Failure::from)
                .and_then(|()| {
                    output::say(&format!("{handle} is a member"));
                    answer(json!({"handle": handle, "standing": "member"}))
                })
        }
        PersonCommand::Attest {
            handle,
            author_name,
            reason,
        } => attest(&node, handle, author_name.as_deref(), reason).and_then(|id| {
            output::say(&format!("the commons vouches for {handle}: {id}"));
            answer(json!({"handle": handle, "attestation": id}))
        }),
        PersonCommand::Export { handle, file } => {
            let did = account(&node, handle)?.did;
            let bytes = node.export_of(&did)?;
            let told = |error| format!("{}: {error}", file.display());
            let mut made = std::fs::File::create_new(file).map_err(told)?;
            made.write_all(&bytes).map_err(told)?;
            made.sync_all().map_err(told)?;
            output::say(&format!("{}: {} bytes", file.display(), bytes.len()));
            answer(json!({"handle": handle, "file": file, "bytes": bytes.len()}))
        }
        PersonCommand::Erase { handle, choice } => erase(&node, handle, choice).and_then(|()| {
            output::say(&format!("the account {handle} is erased"));
            answer(json!({"handle": handle, "erased": true, "choice": choice}))
        }),
        PersonCommand::Token {
            handle,
            label,
            scope,
        } => token(&node, handle, label, scope).and_then(|token| {
            output::say("the token, shown this once:");
            if !place.json {
                output::line(&token)?;
            }
            answer(json!({"handle": handle, "token": token}))
        }),
        PersonCommand::Joining { way } => joining(&node, way.as_deref()).and_then(|way| {
            output::say(&format!("people come in by: {way}"));
            answer(json!({"joining": way}))
        }),
    };
    match done {
        Ok(()) => Ok(Status::Done),
        Err(failure) => match failure.downcast::<AccountError>() {
            Ok(error)
                if matches!(
                    *error,
                    AccountError::Refused(_)
                        | AccountError::HandleTaken(_)
                        | AccountError::NameLooksAlike(_)
                ) =>
            {
                output::say(&format!("refused: {error}"));
                answer(json!({"error": error.to_string()}))?;
                Ok(Status::Refused)
            }
            Ok(error) => Err(error),
            Err(failure) => Err(failure),
        },
    }
}

fn named(error: AccountError, handle: &str) -> Failure {
    match error {
        AccountError::Wrong => {
            format!("nobody has the address “{handle}” here; see minga person list").into()
        }
        other => other.into(),
    }
}

fn add(node: &Node, handle: &str, name: &str, did: Option<&str>) -> Result<Vec<String>, Failure> {
    if let Some(did) = did {
        let did = Did::parse(did)?;
        let (handle, name) = (Handle::parse(handle)?, PersonName::parse(name)?);
        return Ok(accounts::let_join_with_key(node, handle, &name, did)?.codes);
    }
    let joins = Joins {
        handle: Handle::parse(handle)?,
        name: PersonName::parse(name)?,
        languages: Vec::new(),
        mail: String::new(),
        way: Way::None,
        code: String::new(),
        words: String::new(),
        language: String::new(),
    };
    Ok(accounts::let_join(node, joins)?.codes)
}

fn account(node: &Node, handle: &str) -> Result<desk::Account, Failure> {
    let found = node.store().read(|db| desk::account_of(db, handle))?;
    found.ok_or_else(|| named(AccountError::Wrong, handle))
}

fn decide(node: &Node, handle: &str, act: Act, reason: &str) -> Result<String, Failure> {
    let did = account(node, handle)?.did.to_string();
    let decision = Decision {
        act,
        about: did.clone(),
        value: String::new(),
        reason: reason.to_owned(),
    };
    accounts::decide(node, decision)?;
    Ok(did)
}

fn revoke(node: &Node, whose: &str, reason: &str) -> Result<String, Failure> {
    let key = if whose.starts_with("did:") {
        Did::parse(whose)?
    } else {
        account(node, whose)?.did
    };
    let did = key.to_string();
    accounts::revoke(node, key, reason)?;
    Ok(did)
}

fn attest(
    node: &Node,
    handle: &str,
    author_name: Option<&str>,
    reason: &str,
) -> Result<String, Failure> {
    let viewer = store::Viewer::public();
    let found = node.store().read(|db| {
        let (id, claim) = match author_name {
            Some(name) => match people::by_handle(db, &viewer, handle)? {
                Some(person) => (person.id, Claim::AuthorName(name.to_owned())),
                None => return Ok(None),
            },
            None => match people::organization(db, &viewer, handle)? {
                Some(here) => (here.id, Claim::Form(here.form)),
                None => return Ok(None),
            },
        };
        Ok::<_, store::StoreError>(people::full_id(db, &id)?.map(|id| (id, claim)))
    })?;
    let what = if author_name.is_some() {
        "person"
    } else {
        "organisation"
    };
    let (about, claim) =
        found.ok_or_else(|| format!("no {what} has the address “{handle}” here"))?;
    let said = Attestation {
        about,
        claim,
        behalf: None,
        reason: reason.to_owned(),
    };
    let draft = said.draft(node.keys().commons_did(), Node::now());
    match node.publish(draft, node.keys().commons())? {
        store::Outcome::Refused(refusal) => Err(AccountError::Refused(refusal).into()),
        store::Outcome::Accepted(accepted) | store::Outcome::Known(accepted) => {
            Ok(accepted.id.to_string())
        }
    }
}

fn erase(node: &Node, handle: &str, choice: &str) -> Result<(), Failure> {
    let account = account(node, handle)?;
    let choice = Choice::parse(choice).ok_or("choose keep, nameless or withdraw")?;
    let commons = node.keys().commons_did();
    let standing = node
        .store()
        .read(|db| people::standing(db, &commons, &account.did))?;
    let asker = site::Asker {
        account: account.id,
        unread: 0,
        did: account.did,
        handle: account.handle,
        name: account.name,
        steward: standing.steward,
        writes: standing.member,
        waits: false,
        signs_here: !account.sealed.is_empty(),
        scopes: Vec::new(),
    };
    Ok(people::leave::leave(node, &asker, choice)?)
}

fn joining(node: &Node, way: Option<&str>) -> Result<&'static str, Failure> {
    let Some(way) = way else {
        let commons = node.keys().commons_did();
        let set = node.store().read(|db| Joining::here(db, &commons))?;
        return Ok(set.as_str());
    };
    let way = Joining::parse(way).ok_or("choose open, invitation or approval")?;
    accounts::set(node, None, &[(Joining::SETTING, way.as_str().to_owned())])?;
    Ok(way.as_str())
}

fn token(node: &Node, handle: &str, label: &str, scopes: &[String]) -> Result<String, Failure> {
    let id = account(node, handle)?.id;
    Ok(accounts::make_token(node, id, label, &scopes.join(" "))?)
}

fn list(place: &PlaceArgs, node: &Node) -> Result<Status, Failure> {
    let commons = node.keys().commons_did();
    let rows = node.store().read(|db| {
        let mut rows = Vec::new();
        for account in desk::every_account(db)? {
            let standing = people::standing(db, &commons, &account.did)?;
            rows.push((account, standing));
        }
        Ok::<_, store::StoreError>(rows)
    })?;
    for (account, standing) in rows {
        let mut words = Vec::new();
        if standing.steward {
            words.push("steward");
        }
        if standing.blocked {
            words.push("blocked");
        }
        if standing.revoked {
            words.push("key taken back");
        }
        if standing.waiting {
            words.push("waiting");
        }
        if place.json {
            output::line(
                &json!({"handle": account.handle, "name": account.name, "did": account.did.as_str(),
                    "created": account.created.to_string(), "standing": words})
                .to_string(),
            )?;
        } else {
            output::line(&format!(
                "{}\t{}\t{}",
                account.handle,
                account.name,
                words.join(", ")
            ))?;
        }
    }
    Ok(Status::Done)
}
