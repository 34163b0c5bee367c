//! Tokens, good ones and such with one thing wrong.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::SigningKey;
use super::keys::hs256;

/// A token in the making. [`Mint::new`] starts with a good access token as Keycloak makes it; each method after that
/// changes one thing.
#[derive(Clone, Debug)]
pub struct Mint {
    header: Map<String, Value>,
    claims: Map<String, Value>,
    raw_header: Option<Vec<u8>>,
    raw_payload: Option<Vec<u8>>,
}

impl Mint {
    /// An access token of `issuer` for the user `alice`, valid for five minutes, with no audience and no role.
    pub fn new(issuer: &str) -> Self {
        let now = now();
        let claims = json!({
            "exp": now + 300,
            "iat": now,
            "jti": format!("onrtro:{:032x}", fastrand::u128(..)),
            "iss": issuer,
            "sub": "5c7b1d6a-0000-4000-8000-000000000001",
            "typ": "Bearer",
            "azp": "web",
            "sid": "AAAAAAAAAAAAAAAAAAAAAAAA",
            "acr": "1",
            "realm_access": { "roles": [] },
            "scope": "email profile",
            "email_verified": true,
            "preferred_username": "alice",
        });
        let header = json!({ "typ": "JWT" });
        Self { header: object(header), claims: object(claims), raw_header: None, raw_payload: None }
    }

    /// `preferred_username`, with a `sub` of its own.
    #[must_use]
    pub fn user(self, name: &str) -> Self {
        let subject = super::idp::stable_id(name);
        self.claim("preferred_username", name).claim("sub", subject)
    }

    /// `sub`.
    #[must_use]
    pub fn subject(self, subject: &str) -> Self {
        self.claim("sub", subject)
    }

    /// `aud`, a single one.
    #[must_use]
    pub fn audience(self, audience: &str) -> Self {
        self.claim("aud", audience)
    }

    /// `aud`, several.
    #[must_use]
    pub fn audiences(self, audiences: &[&str]) -> Self {
        self.claim("aud", json!(audiences))
    }

    /// `azp`.
    #[must_use]
    pub fn client(self, client: &str) -> Self {
        self.claim("azp", client)
    }

    /// `realm_access.roles`.
    #[must_use]
    pub fn realm_roles(self, roles: &[&str]) -> Self {
        self.claim("realm_access", json!({ "roles": roles }))
    }

    /// `resource_access.CLIENT.roles`.
    #[must_use]
    pub fn client_roles(mut self, client: &str, roles: &[&str]) -> Self {
        let access = self.claims.entry("resource_access").or_insert_with(|| json!({}));
        if let Some(access) = access.as_object_mut() {
            access.insert(client.to_owned(), json!({ "roles": roles }));
        }
        self
    }

    /// `scope`, separated by spaces.
    #[must_use]
    pub fn scope(self, scope: &str) -> Self {
        self.claim("scope", scope)
    }

    /// `groups`.
    #[must_use]
    pub fn groups(self, groups: &[&str]) -> Self {
        self.claim("groups", json!(groups))
    }

    /// Permissions inside the token, as in an RPT: pairs of resource name and scopes.
    #[must_use]
    pub fn permissions(self, permissions: &[(&str, &[&str])]) -> Self {
        let permissions: Vec<_> = permissions
            .iter()
            .map(|(resource, scopes)| {
                json!({ "rsid": super::idp::stable_id(resource), "rsname": resource, "scopes": scopes })
            })
            .collect();
        self.claim("authorization", json!({ "permissions": permissions }))
    }

    /// Any claim.
    #[must_use]
    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.claims.insert(name.to_owned(), value.into());
        self
    }

    /// Without a claim.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.claims.remove(name);
        self
    }

    /// `exp` this many seconds from now.
    #[must_use]
    pub fn expires_in(self, seconds: i64) -> Self {
        self.claim("exp", now() + seconds)
    }

    /// Issued two hours and expired one hour ago.
    #[must_use]
    pub fn expired(self) -> Self {
        self.issued_in(-7200).expires_in(-3600)
    }

    /// `nbf` this many seconds from now.
    #[must_use]
    pub fn not_before_in(self, seconds: i64) -> Self {
        self.claim("nbf", now() + seconds)
    }

    /// `iat` this many seconds from now.
    #[must_use]
    pub fn issued_in(self, seconds: i64) -> Self {
        self.claim("iat", now() + seconds)
    }

    /// An ID token: Keycloak's `typ` is `ID`.
    #[must_use]
    pub fn typ_id(self) -> Self {
        self.claim("typ", "ID")
    }

    /// A refresh token: Keycloak's `typ` is `Refresh`.
    #[must_use]
    pub fn typ_refresh(self) -> Self {
        self.claim("typ", "Refresh")
    }

    /// A header parameter. `alg` and `kid` are taken from the key unless they are set here.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.header.insert(name.to_owned(), value.into());
        self
    }

    /// Header bytes as they are, in place of JSON that is made here.
    #[must_use]
    pub fn raw_header(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.raw_header = Some(bytes.into());
        self
    }

    /// Payload bytes as they are, in place of JSON that is made here: duplicate members, numbers of 60 digits, no JSON...
    #[must_use]
    pub fn raw_payload(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.raw_payload = Some(bytes.into());
        self
    }

    /// The claims as they are now.
    pub fn claims(&self) -> Value {
        Value::Object(self.claims.clone())
    }

    /// The token, signed.
    pub fn sign(&self, key: &SigningKey) -> String {
        let input = self.signing_input(key.algorithm().name(), Some(key.kid()));
        let signature = key.sign(input.as_bytes());
        join(&input, &signature)
    }

    /// The token with a signature in which one bit is turned.
    pub fn bad_signature(&self, key: &SigningKey) -> String {
        let input = self.signing_input(key.algorithm().name(), Some(key.kid()));
        let mut signature = key.sign(input.as_bytes());
        if let Some(byte) = signature.first_mut() {
            *byte ^= 1;
        }
        join(&input, &signature)
    }

    /// The token with the signature of another token: its claims were changed after it was signed.
    pub fn tampered(&self, key: &SigningKey, name: &str, value: impl Into<Value>) -> String {
        let signature = key.sign(self.signing_input(key.algorithm().name(), Some(key.kid())).as_bytes());
        let changed = self.clone().claim(name, value);
        join(&changed.signing_input(key.algorithm().name(), Some(key.kid())), &signature)
    }

    /// `alg: none` and no signature.
    pub fn alg_none(&self) -> String {
        join(&self.signing_input("none", None), &[])
    }

    /// `alg: HS256`, with the text of the public key as the secret.
    pub fn hs256_with_public_key(&self, key: &SigningKey) -> String {
        let input = self.signing_input("HS256", Some(key.kid()));
        let signature = hs256(key.public_pem().as_bytes(), input.as_bytes());
        join(&input, &signature)
    }

    fn signing_input(&self, algorithm: &str, kid: Option<&str>) -> String {
        let mut header = self.header.clone();
        header.entry("alg").or_insert_with(|| json!(algorithm));
        if let Some(kid) = kid {
            header.entry("kid").or_insert_with(|| json!(kid));
        }
        // `null` is how a test leaves a parameter out that would be filled in otherwise.
        header.retain(|_, value| !value.is_null());
        let header =
            self.raw_header.clone().unwrap_or_else(|| Value::Object(header).to_string().into_bytes());
        let claims = self.raw_payload.clone().unwrap_or_else(|| self.claims().to_string().into_bytes());
        format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims))
    }
}

/// Seconds since 1970.
pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

fn join(input: &str, signature: &[u8]) -> String {
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests;
