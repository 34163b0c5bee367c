//! The calls of the demo: one table, printed for a person and made by `--check`.

use std::io;
use std::net::SocketAddr;

use super::issuer::Issuer;
use crate::testing::{RawClient, RawResponse};

/// A token that the calls use.
pub(super) struct Token {
    /// The name of the shell variable.
    pub(super) variable: &'static str,
    client: &'static str,
    user: &'static str,
    scope: &'static str,
}

/// The tokens. A user's password is the user's name.
pub(super) const TOKENS: [Token; 5] = [
    Token { variable: "ALICE", client: "web", user: "alice", scope: "" },
    Token { variable: "BOB", client: "web", user: "bob", scope: "" },
    Token { variable: "CAROL", client: "web", user: "carol", scope: "" },
    Token { variable: "ALICE_PHONE", client: "web", user: "alice", scope: "phone" },
    Token { variable: "ALICE_ELSEWHERE", client: "other", user: "alice", scope: "" },
];

impl Token {
    /// The line that puts it into its variable, with nothing but curl and sed.
    pub(super) fn line(&self, issuer: &str) -> String {
        let scope = if self.scope.is_empty() { String::new() } else { format!(" -d scope={}", self.scope) };
        let Self { variable, client, user, .. } = self;
        format!(
            "export {variable}=$(curl -s {issuer}/protocol/openid-connect/token -d grant_type=password \
             -d client_id={client} -d username={user} -d password={user}{scope} | \
             sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')"
        )
    }
}

/// The tokens, as fetched.
pub(super) struct Tokens(Vec<(&'static str, String)>);

impl Tokens {
    /// Fetches each as its line does.
    pub(super) fn fetch(issuer: &Issuer) -> io::Result<Self> {
        let fetch = |token: &Token| {
            let mut parameters = vec![
                ("grant_type", "password"),
                ("client_id", token.client),
                ("username", token.user),
                ("password", token.user),
            ];
            if !token.scope.is_empty() {
                parameters.push(("scope", token.scope));
            }
            Ok((token.variable, issuer.grant(&parameters)?))
        };
        TOKENS.iter().map(fetch).collect::<io::Result<_>>().map(Self)
    }

    fn get(&self, variable: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| *name == variable).map(|(_, token)| token.as_str())
    }
}

/// What a call sends as its credential.
pub(super) enum Credential {
    /// Nothing.
    Nothing,
    /// The token in a variable.
    Token(&'static str),
    /// This text in place of a token.
    Text(&'static str),
}

/// One call and what it promises.
pub(super) struct Call {
    method: &'static str,
    target: &'static str,
    credential: Credential,
    /// A further header.
    header: Option<(&'static str, &'static str)>,
    /// The status promised.
    pub(super) status: u16,
    /// What must be in the answer, head or body, in small letters.
    shows: &'static str,
    /// What must not be in it.
    hides: Option<&'static str>,
    /// Why it gives that.
    pub(super) why: &'static str,
}

/// A `GET` without a credential, for the rest of a call to be filled in.
const GET: Call = Call {
    method: "GET",
    target: "/",
    credential: Credential::Nothing,
    header: None,
    status: 200,
    shows: "",
    hides: None,
    why: "",
};

/// The calls.
pub(super) const CALLS: [Call; 17] = [
    Call { shows: "\"path\":\"/\"", why: "the front page is public", ..GET },
    Call {
        header: Some(("X-Auth-Username", "root")),
        hides: Some("root"),
        why: "public too, and nobody can pass for somebody: the forged header does not reach the upstream",
        ..GET
    },
    Call {
        target: "/me",
        status: 401,
        shows: "www-authenticate: bearer",
        why: "a token is needed, and the challenge in WWW-Authenticate says so",
        ..GET
    },
    Call {
        target: "/me",
        credential: Credential::Text("not-a-token"),
        status: 401,
        shows: "invalid_token",
        why: "that is not a token of this realm: the challenge says invalid_token",
        ..GET
    },
    Call {
        target: "/me",
        credential: Credential::Token("ALICE_ELSEWHERE"),
        status: 401,
        shows: "invalid_token",
        why: "a good token, but made for another application: the gateway is not in its audience",
        ..GET
    },
    Call {
        target: "/me",
        credential: Credential::Token("ALICE"),
        shows: "\"x-auth-username\",\"alice\"",
        why: "a good token; the upstream learns who calls from x-auth-username and its like",
        ..GET
    },
    Call {
        target: "/reports/2026",
        credential: Credential::Token("ALICE"),
        shows: "\"path\":\"/reports/2026\"",
        why: "alice has the realm role manager",
        ..GET
    },
    Call {
        target: "/reports/2026",
        credential: Credential::Token("BOB"),
        status: 403,
        shows: "role_missing",
        why: "bob has a good token but not the role manager, which this route requires",
        ..GET
    },
    Call {
        target: "/contacts/7",
        credential: Credential::Token("ALICE"),
        status: 403,
        shows: "insufficient_scope",
        why: "this token was not asked for with scope=phone: the challenge says insufficient_scope",
        ..GET
    },
    Call {
        target: "/contacts/7",
        credential: Credential::Token("ALICE_PHONE"),
        shows: "\"path\":\"/contacts/7\"",
        why: "this one was",
        ..GET
    },
    Call {
        target: "/orders/1",
        credential: Credential::Token("BOB"),
        shows: "\"path\":\"/orders/1\"",
        why: "Keycloak grants bob, a reader, the scope view of the resource Orders",
        ..GET
    },
    Call {
        method: "PUT",
        target: "/orders/1",
        credential: Credential::Token("BOB"),
        status: 403,
        shows: "permission_denied",
        why: "the same path by PUT needs the scope edit, which Keycloak grants to managers only",
        ..GET
    },
    Call {
        method: "PUT",
        target: "/orders/1",
        credential: Credential::Token("ALICE"),
        shows: "\"method\":\"put\"",
        why: "alice is one",
        ..GET
    },
    Call {
        target: "/orders/1",
        credential: Credential::Token("CAROL"),
        status: 403,
        shows: "permission_denied",
        why: "carol has no role, and Keycloak grants nothing of Orders",
        ..GET
    },
    Call {
        target: "/prices/42",
        credential: Credential::Token("ALICE"),
        shows: "\"path\":\"/prices/42\"",
        why: "a policy on groups: alice is in /staff",
        ..GET
    },
    Call {
        target: "/orders/%2e%2e/reports/2026",
        credential: Credential::Token("BOB"),
        status: 400,
        why: "a path that can be read in two ways is refused before anything is decided about it",
        ..GET
    },
    Call {
        target: "/admin",
        credential: Credential::Token("ALICE"),
        status: 404,
        why: "no route, so nobody gets through",
        ..GET
    },
];

impl Call {
    /// The line to paste.
    pub(super) fn line(&self, gateway: SocketAddr) -> String {
        let mut line = "curl -i".to_owned();
        if self.target.contains('%') {
            line.push_str(" --path-as-is");
        }
        if self.method != "GET" {
            line.push_str(&format!(" -X {}", self.method));
        }
        match self.credential {
            Credential::Nothing => {}
            Credential::Token(variable) => {
                line.push_str(&format!(" -H \"Authorization: Bearer ${variable}\""))
            }
            Credential::Text(text) => line.push_str(&format!(" -H \"Authorization: Bearer {text}\"")),
        }
        if let Some((name, value)) = self.header {
            line.push_str(&format!(" -H \"{name}: {value}\""));
        }
        format!("{line} http://{gateway}{}", self.target)
    }

    /// Makes the call; the status if it gives what it promises, else what it gave.
    pub(super) fn make(&self, gateway: SocketAddr, tokens: &Tokens) -> Result<u16, String> {
        let bearer = match self.credential {
            Credential::Nothing => None,
            Credential::Token(variable) => Some(tokens.get(variable).unwrap_or_default()),
            Credential::Text(text) => Some(text),
        };
        let bearer = bearer.map(|token| format!("Bearer {token}"));
        let mut headers = Vec::new();
        headers.extend(bearer.as_deref().map(|value| ("Authorization", value)));
        headers.extend(self.header);
        let answer = RawClient::request(gateway, self.method, self.target, &headers, b"");
        self.judge(&answer.map_err(|error| format!("no answer ({error})"))?)
    }

    fn judge(&self, answer: &RawResponse) -> Result<u16, String> {
        if answer.status != self.status {
            return Err(format!("{} in place of {}", answer.status, self.status));
        }
        let mut text: String =
            answer.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        text.push_str(&answer.text());
        let text = text.to_lowercase();
        if !text.contains(self.shows) {
            return Err(format!("{}, but without `{}`", answer.status, self.shows));
        }
        match self.hides {
            Some(hidden) if text.contains(hidden) => Err(format!("{}, but with `{hidden}`", answer.status)),
            _ => Ok(answer.status),
        }
    }
}
