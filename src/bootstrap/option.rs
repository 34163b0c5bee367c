//! The options of Ansible's module `keycloak_client`: names, aliases, kinds.

use super::kind::Kind;
use crate::config;

/// One option.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opt {
    /// The name in files.
    pub(super) name: &'static str,
    /// Another name: for an option of the client the member of Keycloak's representation.
    pub(super) alias: Option<&'static str>,
    /// What it holds.
    pub(super) kind: Kind,
    /// What it is for.
    pub(super) part: Part,
}

/// What an option is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// How to reach the server and log in.
    Access,
    /// Which client, and what shall become of it.
    Task,
    /// A member of the client's representation, under the alias if there is one.
    Client,
}

const fn access(name: &'static str, alias: Option<&'static str>, kind: Kind) -> Opt {
    Opt { name, alias, kind, part: Part::Access }
}

const fn task(name: &'static str, alias: Option<&'static str>, kind: Kind) -> Opt {
    Opt { name, alias, kind, part: Part::Task }
}

const fn client(name: &'static str, alias: &'static str, kind: Kind) -> Opt {
    Opt { name, alias: Some(alias), kind, part: Part::Client }
}

const fn plain(name: &'static str, kind: Kind) -> Opt {
    Opt { name, alias: None, kind, part: Part::Client }
}

const STATES: &[&str] = &["present", "absent"];
const AUTHENTICATORS: &[&str] = &["client-secret", "client-jwt", "client-x509"];
const PROTOCOLS: &[&str] = &["openid-connect", "saml", "docker-v2"];
const BEHAVIORS: &[&str] = &["ignore", "patch", "idempotent"];

/// All of them.
pub(super) const OPTIONS: &[Opt] = &[
    access("auth_keycloak_url", Some("url"), Kind::Text),
    access("auth_client_id", None, Kind::Text),
    access("auth_client_secret", None, Kind::Secret),
    access("auth_realm", None, Kind::Text),
    access("auth_username", Some("username"), Kind::Text),
    access("auth_password", Some("password"), Kind::Secret),
    access("token", None, Kind::Secret),
    access("refresh_token", None, Kind::Secret),
    access("validate_certs", None, Kind::Truth),
    access("connection_timeout", None, Kind::Whole),
    access("http_agent", None, Kind::Text),
    task("state", None, Kind::Choice(STATES)),
    task("realm", None, Kind::Text),
    task("client_scopes_behavior", Some("clientScopesBehavior"), Kind::Choice(BEHAVIORS)),
    plain("id", Kind::Text),
    client("client_id", "clientId", Kind::Text),
    plain("name", Kind::Text),
    plain("description", Kind::Text),
    client("root_url", "rootUrl", Kind::Text),
    client("admin_url", "adminUrl", Kind::Text),
    client("base_url", "baseUrl", Kind::Text),
    plain("enabled", Kind::Truth),
    client("client_authenticator_type", "clientAuthenticatorType", Kind::Choice(AUTHENTICATORS)),
    plain("secret", Kind::Secret),
    client("registration_access_token", "registrationAccessToken", Kind::Secret),
    client("default_roles", "defaultRoles", Kind::Texts),
    client("redirect_uris", "redirectUris", Kind::Texts),
    client("web_origins", "webOrigins", Kind::Texts),
    client("not_before", "notBefore", Kind::Whole),
    client("bearer_only", "bearerOnly", Kind::Truth),
    client("consent_required", "consentRequired", Kind::Truth),
    client("standard_flow_enabled", "standardFlowEnabled", Kind::Truth),
    client("implicit_flow_enabled", "implicitFlowEnabled", Kind::Truth),
    client("direct_access_grants_enabled", "directAccessGrantsEnabled", Kind::Truth),
    client("service_accounts_enabled", "serviceAccountsEnabled", Kind::Truth),
    client("authorization_services_enabled", "authorizationServicesEnabled", Kind::Truth),
    client("public_client", "publicClient", Kind::Truth),
    client("frontchannel_logout", "frontchannelLogout", Kind::Truth),
    plain("protocol", Kind::Choice(PROTOCOLS)),
    plain("attributes", Kind::Object),
    client("full_scope_allowed", "fullScopeAllowed", Kind::Truth),
    client("node_re_registration_timeout", "nodeReRegistrationTimeout", Kind::Whole),
    client("registered_nodes", "registeredNodes", Kind::Object),
    client("client_template", "clientTemplate", Kind::Text),
    client("use_template_config", "useTemplateConfig", Kind::Truth),
    client("use_template_scope", "useTemplateScope", Kind::Truth),
    client("use_template_mappers", "useTemplateMappers", Kind::Truth),
    client("surrogate_auth_required", "surrogateAuthRequired", Kind::Truth),
    client("authorization_settings", "authorizationSettings", Kind::Object),
    client("protocol_mappers", "protocolMappers", Kind::Objects),
    client("always_display_in_console", "alwaysDisplayInConsole", Kind::Truth),
    client("authentication_flow_binding_overrides", "authenticationFlowBindingOverrides", Kind::Object),
    client("default_client_scopes", "defaultClientScopes", Kind::Texts),
    client("optional_client_scopes", "optionalClientScopes", Kind::Texts),
];

/// The option of that name or alias.
pub(super) fn find(name: &str) -> Option<&'static Opt> {
    OPTIONS.iter().find(|option| option.name == name || option.alias == Some(name))
}

/// The name that somebody may have meant.
pub(super) fn nearest(name: &str) -> Option<&'static str> {
    let names = OPTIONS.iter().flat_map(|option| [Some(option.name), option.alias]).flatten();
    config::nearest(name, names)
}
