//! Who asks, and what shows that a form came from here.

use crate::{Form, Request};
use record::Did;

/// Somebody with an account, who is signed in or showed a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asker {
    /// The account's own id, which stands in no record.
    pub account: [u8; 16],
    /// The name of the key that signs what they publish.
    pub did: Did,
    /// Their address in this commons.
    pub handle: String,
    /// What they want to be called.
    pub name: String,
    /// Whether they act for the commons.
    pub steward: bool,
    /// Whether they may publish: not while they wait to be let in, and not while they are blocked.
    pub writes: bool,
    /// Whether they wait to be let in.
    pub waits: bool,
    /// Whether the node keeps their key, and signs what they write here.
    pub signs_here: bool,
    /// How many notices they have not seen.
    pub unread: i64,
    /// What a token allows; empty for a session, which allows everything.
    pub scopes: Vec<String>,
}

impl Asker {
    /// Returns whether the way by which they ask allows `scope`.
    #[must_use]
    pub fn allows(&self, scope: &str) -> bool {
        self.scopes.is_empty() || self.scopes.iter().any(|one| one == scope)
    }
}

/// What a request shows of who asks: at least one of both.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'r> {
    /// The cookie of a session.
    pub session: Option<&'r str>,
    /// A token: `Authorization: Bearer …`. Where it stands, the cookie does not count.
    pub bearer: Option<&'r str>,
}

/// The cookie of a session.
pub const SESSION: &str = "session";
/// The cookie of a visitor who has no session: it binds the forms that are shown to them.
const VISIT: &str = "visit";

/// What is done with cookies and form tokens on this node.
#[derive(Clone)]
pub(crate) struct Guard {
    key: [u8; 32],
    /// Whether others reach the node under https only.
    pub(crate) secure: bool,
}

impl Guard {
    pub(crate) fn new(key: [u8; 32], public_url: &str) -> Self {
        Self {
            key,
            secure: public_url.starts_with("https://"),
        }
    }

    /// Returns a cookie's name as browsers keep it: with the prefix that binds it to this host, where they allow it.
    pub(crate) fn cookie_name(&self, name: &str) -> String {
        if self.secure {
            format!("__Host-{name}")
        } else {
            name.to_owned()
        }
    }

    /// Returns the header that sets a cookie for `seconds`; 0 takes it away.
    pub(crate) fn cookie(&self, name: &str, value: &str, seconds: i64) -> String {
        let secure = if self.secure { "; Secure" } else { "" };
        format!(
            "{}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}",
            self.cookie_name(name)
        )
    }

    /// Returns the token of a request's forms, and the visitor's cookie that has to be set for it.
    ///
    /// `random` is asked for where the request has neither a session nor a visitor's cookie.
    pub(crate) fn token(
        &self,
        request: &Request,
        random: impl FnOnce() -> String,
    ) -> (String, Option<String>) {
        if let Some(held) = self.held(request) {
            return (self.token_of(held), None);
        }
        let visit = random();
        let token = self.token_of(&visit);
        (token, Some(self.cookie(VISIT, &visit, 86_400)))
    }

    /// Returns whether a form came from a page that this node showed to the same browser.
    pub(crate) fn is_ours(&self, request: &Request, public_url: &str) -> bool {
        if matches!(&*request.fetch_site, "cross-site" | "same-site") {
            return false;
        }
        let host_of = |url: &str| url.split("://").nth(1).unwrap_or_default().to_owned();
        let origin = host_of(&request.origin);
        let known =
            request.origin.is_empty() || origin == request.host || origin == host_of(public_url);
        let sent = request.form.text(Form::TOKEN);
        known
            && self
                .held(request)
                .is_some_and(|held| is_same(sent.as_bytes(), self.token_of(held).as_bytes()))
    }

    /// Returns what a request shows of who asks, if anything.
    pub(crate) fn shown<'r>(&self, request: &'r Request) -> Option<Shown<'r>> {
        let bearer = request.bearer();
        let session = if bearer.is_some() {
            None
        } else {
            self.session(request)
        };
        (bearer.is_some() || session.is_some()).then_some(Shown { session, bearer })
    }

    /// Returns the session's cookie.
    pub(crate) fn session<'r>(&self, request: &'r Request) -> Option<&'r str> {
        request.cookie(&self.cookie_name(SESSION))
    }

    fn held<'r>(&self, request: &'r Request) -> Option<&'r str> {
        let held = self
            .session(request)
            .or_else(|| request.cookie(&self.cookie_name(VISIT)));
        held.filter(|held| held.len() >= 32)
    }

    fn token_of(&self, cookie: &str) -> String {
        blake3::keyed_hash(&self.key, cookie.as_bytes()).to_hex()[..40].to_owned()
    }
}

/// Compares without telling by the time it takes how much was right.
fn is_same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::Guard;
    use crate::{Form, Request};

    fn asked(cookies: &str, token: &str) -> Request {
        Request {
            cookies: cookies.to_owned(),
            host: "commons.example".to_owned(),
            form: Form {
                fields: vec![(Form::TOKEN.to_owned(), token.to_owned())],
                files: Vec::new(),
            },
            ..Request::default()
        }
    }

    #[test]
    fn a_form_counts_only_with_the_token_of_the_same_browser_and_from_here() {
        let guard = Guard::new([7; 32], "https://commons.example");
        let visit = "v".repeat(43);
        let (token, cookie) = guard.token(&Request::default(), || visit.clone());
        let cookie = cookie.expect("a visitor without a cookie gets one");
        assert!(
            cookie.starts_with("__Host-visit=")
                && cookie.ends_with("; HttpOnly; SameSite=Lax; Secure")
        );
        let cookies = format!("__Host-visit={visit}");
        let url = "https://commons.example";
        assert!(guard.is_ours(&asked(&cookies, &token), url));
        assert!(!guard.is_ours(&asked(&cookies, ""), url));
        assert!(!guard.is_ours(&asked("", &token), url));
        assert!(!guard.is_ours(
            &asked(&format!("__Host-visit={}", "w".repeat(43)), &token),
            url
        ));
        // A cookie that another host of the domain could have set is not looked at.
        assert!(!guard.is_ours(&asked(&format!("visit={visit}"), &token), url));
        let mut elsewhere = asked(&cookies, &token);
        elsewhere.origin = "https://evil.example".to_owned();
        assert!(!guard.is_ours(&elsewhere, url));
        elsewhere.origin = "https://commons.example".to_owned();
        assert!(guard.is_ours(&elsewhere, url));
        elsewhere.fetch_site = "cross-site".to_owned();
        assert!(!guard.is_ours(&elsewhere, url));
    }
}
