//! `minga key`: keys of one's own, and devices that sign with theirs for a while.

use crate::output::{self, Failure, Status};
use crate::publish::{NodeArgs, Remote, send};
use clap::{Args, Subcommand};
use people::{DEVICE_KINDS, Decision, Profile, Revocation, accounts};
use record::{Delegation, Did, Draft, SecretKey, Signing};
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};
use store::Node;

#[derive(Subcommand)]
pub enum KeyCommand {
    /// Make a key in a file of its own, and say its name
    New {
        /// The file, which must not be there yet
        file: PathBuf,
    },
    /// Say the name of a key
    Show {
        /// The file
        file: PathBuf,
    },
    /// Let a device sign in your name for a while: prints the delegation, for a file beside the device's key
    Delegate(DelegateArgs),
    /// Take a key back: a device's, so that it signs in your name no more, or the one that you sign with
    Revoke(RevokeArgs),
}

#[derive(Args)]
pub struct DelegateArgs {
    /// The name of the device's key, as minga key show prints it
    #[arg(value_name = "DID")]
    device: String,
    /// The file of your key
    #[arg(long, env = "MINGA_KEY", value_name = "FILE")]
    key: PathBuf,
    /// For how many days
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(i64).range(1..=365))]
    days: i64,
    /// A kind of records that it may sign; more than one by repeating it
    #[arg(long = "kind", value_name = "KIND", default_values = DEVICE_KINDS)]
    kinds: Vec<String>,
}

#[derive(Args)]
pub struct RevokeArgs {
    /// The name of the key that is taken back
    #[arg(value_name = "DID")]
    taken: String,
    #[command(flatten)]
    signer: SignerArgs,
    #[command(flatten)]
    node: NodeArgs,
    /// Why, for everybody to read; a steward who says why takes it back for everybody
    #[arg(long, default_value = "")]
    reason: String,
}

/// With which key is signed, and in whose name.
#[derive(Args)]
pub struct SignerArgs {
    /// The file of your key, or of this device's
    #[arg(long, env = "MINGA_KEY", value_name = "FILE")]
    key: Option<PathBuf>,
    /// The file of the delegation by which this device signs in somebody's name
    #[arg(long, value_name = "FILE", requires = "key")]
    delegation: Option<PathBuf>,
}

/// A key that signs, as its owner or in the name of who delegated to it.
pub struct Signer {
    key: SecretKey,
    delegation: Option<Delegation>,
}

impl Signer {
    /// Reads key and delegation.
    ///
    /// # Errors
    /// When a file cannot be read, or does not hold what it should.
    pub fn read(args: &SignerArgs) -> Result<Self, Failure> {
        let key = args
            .key
            .as_deref()
            .ok_or("name the file of your key with --key; minga key new FILE makes one")?;
        let delegation = args
            .delegation
            .as_deref()
            .map(read_delegation)
            .transpose()?;
        Ok(Self {
            delegation,
            ..Self::of_key(key)?
        })
    }

    /// Reads a key that signs as its owner.
    ///
    /// # Errors
    /// When the file cannot be read, or holds no key.
    pub fn of_key(file: &Path) -> Result<Self, Failure> {
        Ok(Self {
            key: read_key(file)?,
            delegation: None,
        })
    }

    /// Signs a draft, and returns the record's bytes.
    ///
    /// # Errors
    /// When the delegation does not allow it, or the draft is not well formed.
    pub fn sign(&self, draft: Draft) -> Result<Vec<u8>, Failure> {
        let entropy: [u8; 26] = people::secrets::random()?;
        let signing = Signing::new(Node::now(), entropy);
        let record = match &self.delegation {
            Some(delegation) => draft.sign_delegated(&self.key, delegation, signing)?,
            None => draft.sign(&self.key, signing)?,
        };
        Ok(record.bytes().to_vec())
    }
}

fn read_delegation(file: &Path) -> Result<Delegation, Failure> {
    let told = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
    let text = std::fs::read(file).map_err(|error| told(&error))?;
    let value = record::parse_strict(text.trim_ascii()).map_err(|error| told(&error))?;
    Ok(Delegation::verify(&value).map_err(|error| told(&error))?)
}

/// Makes or names a key, lets it sign for another one, or takes it back.
///
/// # Errors
/// When a file is there already, or cannot be written or read, or the node does not answer.
pub fn key(command: &KeyCommand, json: bool) -> Result<Status, Failure> {
    let did = match command {
        KeyCommand::New { file } => {
            let seed: [u8; 32] = people::secrets::random()?;
            let mut options = std::fs::OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            {
                use std::os::unix::fs::OpenOptionsExt;
                options.mode(0o600);
            }
            let told = |error| format!("{}: {error}", file.display());
            let mut handle = options.open(file).map_err(|error| match error.kind() {
                std::io::ErrorKind::AlreadyExists => format!(
                    "{}: there is a file already, and a key is never overwritten; name another file, or see what key it holds: minga key show {0}",
                    file.display()
                ),
                _ => told(error),
            })?;
            let text: String = seed.iter().map(|byte| format!("{byte:02x}")).collect();
            handle
                .write_all(format!("{text}\n").as_bytes())
                .map_err(told)?;
            handle.sync_all().map_err(told)?;
            output::say(
                "whoever has this file speaks for you: keep a copy where nobody else comes",
            );
            SecretKey::from_bytes(seed).did()
        }
        KeyCommand::Show { file } => read_key(file)?.did(),
        KeyCommand::Delegate(args) => return delegate(args),
        KeyCommand::Revoke(args) => return revoke(args, json),
    };
    if json {
        output::line(&json!({"did": did.as_str()}).to_string())?;
    } else {
        output::line(did.as_str())?;
    }
    Ok(Status::Done)
}

fn delegate(args: &DelegateArgs) -> Result<Status, Failure> {
    let key = read_key(&args.key)?;
    let device = Did::parse(&args.device)?;
    if device == key.did() {
        return Err("this is your own key: a device has one of its own".into());
    }
    for kind in [Profile::KIND, Decision::KIND] {
        if args.kinds.iter().any(|one| one == kind) {
            return Err(format!("no node takes a {kind} that a device signed").into());
        }
    }
    let delegation = accounts::delegate(&key, &device, args.kinds.clone(), args.days)?;
    output::say(&format!(
        "until {} this device signs in your name; minga key revoke {device} takes that back",
        delegation.until()
    ));
    output::line(&delegation.to_json().to_string())?;
    Ok(Status::Done)
}

fn revoke(args: &RevokeArgs, json: bool) -> Result<Status, Failure> {
    let key = Did::parse(&args.taken)?;
    let signer = Signer::read(&args.signer)?;
    if key == signer.key.did() {
        output::say("this is the key that you sign with: nobody can publish with it any more");
    }
    let remote = Remote::new(&args.node);
    let reason = args.reason.clone();
    let draft = Revocation { key, reason }.draft(remote.commons()?, Node::now());
    send(&remote, &signer.sign(draft)?, json)
}

fn read_key(file: &Path) -> Result<SecretKey, Failure> {
    let text =
        std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let text = text.trim();
    if text.starts_with('z') {
        return Ok(SecretKey::from_multibase(text)?);
    }
    let digits: Vec<u32> = text.chars().map_while(|c| c.to_digit(16)).collect();
    let bytes: Vec<u8> = digits
        .chunks_exact(2)
        .map(|pair| (pair[0] << 4 | pair[1]) as u8)
        .collect();
    let seed: Result<[u8; 32], _> = bytes.try_into();
    match seed {
        Ok(seed) if text.len() == 64 => Ok(SecretKey::from_bytes(seed)),
        _ => Err(format!(
            "{}: a key is 64 hexadecimal digits, or multibase that begins with z",
            file.display()
        )
        .into()),
    }
}
