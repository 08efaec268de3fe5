//! Passkeys: signing in with a device instead of a password (W3C Web Authentication, level 2).

use crate::accounts::AccountError;
use crate::secrets;
use crate::tables::desk::{self, AccountId, Passkey as Kept};
use record::Timestamp;
use serde::{Deserialize, Serialize};
use site::{Request, Settings};
use store::{Node, StoreError};
use url::{Host, Url};
use webauthn_rs::prelude::{
    CreationChallengeResponse, Passkey, PasskeyAuthentication, PasskeyRegistration,
    PublicKeyCredential, RegisterPublicKeyCredential, RequestChallengeResponse, Uuid, Webauthn,
    WebauthnBuilder,
};

/// How long a device may take: 10 minutes.
const PATIENCE_MS: i64 = 10 * 60 * 1_000;

/// Returns the address by which the asker's browser knows this node, if passkeys work there: they are bound to a
/// name, so an address in numbers has none; and browsers ask for https, but on `localhost`.
#[must_use]
pub fn origin(settings: &Settings, request: &Request) -> Option<Url> {
    let asked = Url::parse(&format!("http://{}", request.host)).ok();
    let local = asked.filter(|url| url.host() == Some(Host::Domain("localhost")));
    let origin = match local {
        Some(url) => url,
        None => Url::parse(&settings.public_url).ok()?,
    };
    let named = matches!(origin.host(), Some(Host::Domain(_)));
    let safe = origin.scheme() == "https" || origin.host_str() == Some("localhost");
    (named && safe).then_some(origin)
}

fn webauthn(origin: &Url, name: &str) -> Result<Webauthn, AccountError> {
    let host = origin.host_str().unwrap_or_default();
    WebauthnBuilder::new(host, origin)
        .and_then(|builder| builder.rp_name(name).build())
        .map_err(|_| AccountError::Wrong)
}

/// What a ceremony needs until its end.
#[derive(Serialize, Deserialize)]
enum Ceremony {
    /// A passkey is made.
    Makes(Box<PasskeyRegistration>),
    /// Somebody signs in to the account of 32 hexadecimal digits.
    SignsIn(String, Box<PasskeyAuthentication>),
}

/// What the page's script needs to ask the device.
#[derive(Serialize)]
pub struct Asked<T> {
    /// By which the end of the ceremony finds its beginning.
    pub ceremony: String,
    /// What `navigator.credentials` is given.
    pub options: T,
}

fn keep(node: &Node, ceremony: &Ceremony) -> Result<String, AccountError> {
    let name = secrets::token()?;
    let body = serde_json::to_string(ceremony).map_err(|_| AccountError::Wrong)?;
    let (id, now) = (secrets::kept(&name), Node::now());
    let expires = Timestamp::from_millis(now.as_millis() + PATIENCE_MS);
    node.store()
        .write(move |db| desk::begin_ceremony(db, &id, &body, now, expires))?;
    Ok(name)
}

fn take(node: &Node, name: &str) -> Result<Ceremony, AccountError> {
    let (id, now) = (secrets::kept(name), Node::now());
    let body = node
        .store()
        .write(move |db| desk::end_ceremony(db, &id, now))?
        .ok_or(AccountError::Wrong)?;
    serde_json::from_str(&body).map_err(|_| AccountError::Wrong)
}

/// Begins to make a passkey for somebody; `known` are those that they have.
///
/// # Errors
/// [`AccountError`].
pub fn begin_making(
    node: &Node,
    origin: &Url,
    site: &str,
    handle: &str,
    name: &str,
    known: &[Kept],
) -> Result<Asked<CreationChallengeResponse>, AccountError> {
    let known = known
        .iter()
        .filter_map(read)
        .map(|key| key.cred_id().clone())
        .collect();
    // A number that says nothing of the account: devices show the name.
    let user = Uuid::from_bytes(secrets::random()?);
    let (options, state) = webauthn(origin, site)?
        .start_passkey_registration(user, handle, name, Some(known))
        .map_err(|_| AccountError::Wrong)?;
    let ceremony = keep(node, &Ceremony::Makes(Box::new(state)))?;
    Ok(Asked { ceremony, options })
}

/// Ends making a passkey: what the device answered is verified.
///
/// # Errors
/// [`AccountError::Wrong`] where it does not answer what was asked, or too late.
pub fn end_making(
    node: &Node,
    origin: &Url,
    site: &str,
    ceremony: &str,
    credential: &str,
    label: &str,
) -> Result<Kept, AccountError> {
    let Ceremony::Makes(state) = take(node, ceremony)? else {
        return Err(AccountError::Wrong);
    };
    let answer: RegisterPublicKeyCredential =
        serde_json::from_str(credential).map_err(|_| AccountError::Wrong)?;
    let passkey = webauthn(origin, site)?
        .finish_passkey_registration(&answer, &state)
        .map_err(|_| AccountError::Wrong)?;
    Ok(Kept {
        id: <[u8]>::to_vec(passkey.cred_id().as_ref()),
        label: label.to_owned(),
        body: serde_json::to_string(&passkey).map_err(|_| AccountError::Wrong)?,
        created: Node::now().as_millis(),
        used: 0,
    })
}

/// Begins to sign somebody in by one of their passkeys.
///
/// # Errors
/// [`AccountError::Wrong`] where they have none.
pub fn begin_signing_in(
    node: &Node,
    origin: &Url,
    site: &str,
    handle: &str,
) -> Result<Asked<RequestChallengeResponse>, AccountError> {
    let (account, keys) = node.store().read(|db| {
        let account = desk::account_of(db, handle)?.ok_or(AccountError::Wrong)?;
        let keys = desk::passkeys(db, &account.id)?;
        Ok::<_, AccountError>((account.id, keys))
    })?;
    let keys: Vec<Passkey> = keys.iter().filter_map(read).collect();
    if keys.is_empty() {
        return Err(AccountError::Wrong);
    }
    let (options, state) = webauthn(origin, site)?
        .start_passkey_authentication(&keys)
        .map_err(|_| AccountError::Wrong)?;
    let account = account.iter().map(|byte| format!("{byte:02x}")).collect();
    let ceremony = keep(node, &Ceremony::SignsIn(account, Box::new(state)))?;
    Ok(Asked { ceremony, options })
}

/// Ends signing in: returns whose account it is.
///
/// # Errors
/// [`AccountError::Wrong`] where the device does not answer what was asked, or too late, or with a counter that
/// went back, as a copy of it would.
pub fn end_signing_in(
    node: &Node,
    origin: &Url,
    site: &str,
    ceremony: &str,
    credential: &str,
) -> Result<AccountId, AccountError> {
    let Ceremony::SignsIn(account, state) = take(node, ceremony)? else {
        return Err(AccountError::Wrong);
    };
    let answer: PublicKeyCredential =
        serde_json::from_str(credential).map_err(|_| AccountError::Wrong)?;
    let result = webauthn(origin, site)?
        .finish_passkey_authentication(&answer, &state)
        .map_err(|_| AccountError::Wrong)?;
    let id = u128::from_str_radix(&account, 16)
        .map_err(|_| AccountError::Wrong)?
        .to_be_bytes();
    let now = Node::now();
    node.store().write(move |db| {
        let keys = desk::passkeys(db, &id)?;
        let used: &[u8] = result.cred_id().as_ref();
        let kept = keys
            .iter()
            .find(|key| key.id == used)
            .ok_or(AccountError::Wrong)?;
        let mut key = read(kept).ok_or(AccountError::Wrong)?;
        key.update_credential(&result);
        let body = serde_json::to_string(&key).map_err(|_| AccountError::Wrong)?;
        desk::used_passkey(db, used, &body, now)?;
        Ok::<_, AccountError>(id)
    })
}

fn read(kept: &Kept) -> Option<Passkey> {
    serde_json::from_str(&kept.body).ok()
}

/// Adds a passkey to an account.
///
/// # Errors
/// [`StoreError`]; also where it is another account's.
pub fn add(node: &Node, id: AccountId, key: Kept) -> Result<(), StoreError> {
    node.store()
        .write(move |db| desk::add_passkey(db, &id, &key))
}
