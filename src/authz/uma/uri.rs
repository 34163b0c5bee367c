//! Resources by URI: `permission_resource_format=uri`.

use super::error::RequestError;
use super::form::Form;
use super::permission::{What, Wishes, is_blank, split};
use super::resolution::Stop;
use crate::authz::model::{Model, NotOne};
use crate::authz::surroundings::KeycloakVersion;

/// The wishes of a request whose resources are URIs.
pub(super) fn wishes(form: &Form, model: &Model) -> Result<Wishes, Stop> {
    let matching = form
        .first("permission_resource_matching_uri")
        .is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let mut wishes = Wishes::default();
    for value in form.all("permission") {
        let (uri, scopes) = split(value)?;
        if uri.is_empty() {
            if scopes.is_empty() {
                return Err(Stop::Error(RequestError::invalid_request("You must provide the uri")));
            }
            wishes.add(What::AnyWith, scopes);
            // Keycloak looks at no further ones.
            break;
        }
        if is_blank(uri) != Some(false) {
            return Err(Stop::request("a uri of blanks"));
        }
        match model.index.with_uri(uri) {
            [] => wishes.add(What::Found(matched(uri, matching, model)?), scopes),
            places => {
                for place in places {
                    wishes.add(What::Found(*place), scopes.clone());
                }
            }
        }
    }
    Ok(wishes)
}

/// The resource that the path matcher finds.
fn matched(uri: &str, matching: bool, model: &Model) -> Result<usize, Stop> {
    let unknown = || Stop::Error(RequestError::invalid_uri(uri));
    if !matching {
        return Err(unknown());
    }
    if model.surroundings.version != KeycloakVersion::Current && !is_normal(uri) {
        return Err(Stop::request("versions of keycloak differ in how they read this path"));
    }
    match model.match_uri(uri) {
        Ok(resource) => Ok(resource.place),
        Err(NotOne::None) => Err(unknown()),
        Err(NotOne::Several) => Err(Stop::request(
            "the uris of more than one resource could be meant, and the order of a hash map decides",
        )),
    }
}

/// Whether normalizing leaves the path as it is, for certain.
fn is_normal(path: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '~' | '.');
    let segments = path.strip_prefix('/').unwrap_or_default().split('/');
    path.starts_with('/')
        && path.chars().all(plain)
        && segments.into_iter().all(|segment| !matches!(segment, "" | "." | ".."))
}
