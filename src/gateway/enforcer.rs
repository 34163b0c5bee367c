//! `[enforcers.NAME]`: files of Keycloak's Java policy enforcer, made into providers and routes.

mod probe;
mod routes;

use std::borrow::Cow;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde_json::json;

use self::routes::Routes;
use crate::config::{Config, EnforcerConfig, EnforcerFile, Problem, ProviderConfig, SecretRef, file_error};

/// The largest file that is read.
const MOST_BYTES: u64 = 8 * 1024 * 1024;

/// The configuration with all that the files come to, and what deserves a look in them.
pub(super) fn take_over<'a>(
    config: &'a Config,
    folder: &Path,
) -> Result<(Cow<'a, Config>, Vec<Problem>), Vec<Problem>> {
    if config.enforcers.is_empty() {
        return Ok((Cow::Borrowed(config), Vec::new()));
    }
    let mut taken = config.clone();
    let (mut problems, mut warnings) = (Vec::new(), Vec::new());
    for (name, section) in &config.enforcers {
        let mut one = One { name, section, problems: &mut problems, warnings: &mut warnings };
        one.take_over(&mut taken, folder);
    }
    if problems.is_empty() { Ok((Cow::Owned(taken), warnings)) } else { Err(problems) }
}

/// One file on its way.
struct One<'a> {
    name: &'a str,
    section: &'a EnforcerConfig,
    problems: &'a mut Vec<Problem>,
    warnings: &'a mut Vec<Problem>,
}

impl One<'_> {
    fn take_over(&mut self, config: &mut Config, folder: &Path) {
        let read = read(&folder.join(&self.section.file)).and_then(|text| EnforcerFile::parse(&text));
        let file = match read {
            Ok(file) => file,
            Err(fact) => return self.refuse(format!("`{}`: {fact}", self.section.file.display())),
        };
        for member in file.unused() {
            self.warn(format!("`{member}` of the file is not taken over"));
        }
        let provider = match &self.section.provider {
            Some(provider) => {
                for (member, is_given) in
                    [("settings", self.section.settings.is_some()), ("fetch", self.section.fetch)]
                {
                    if is_given {
                        let hint = format!("set `providers.{provider}.authorization.{member}`");
                        let fact = "settings belong to the provider, which is not made of the file";
                        self.problems
                            .push(Problem::new(format!("enforcers.{}.{member}", self.name), fact).hint(hint));
                    }
                }
                provider.clone()
            }
            None => {
                if let Some(provider) = self.provider(&file) {
                    self.insert_provider(config, provider);
                }
                self.name.to_owned()
            }
        };
        let made = Routes::of(&file.enforcer, self.name, &provider, self.section.upstream.as_deref());
        made.problems.into_iter().for_each(|fact| self.refuse(fact));
        made.warnings.into_iter().for_each(|fact| self.warn(fact));
        for (name, route) in made.routes {
            if config.routes.insert(name.clone(), route).is_some() {
                self.refuse(format!("there is a route `{name}` beside the one made of the file"));
            }
        }
    }

    fn provider(&mut self, file: &EnforcerFile) -> Option<ProviderConfig> {
        let adapter = &file.adapter;
        let (Some(realm), Some(url), Some(client)) =
            (&adapter.realm, &adapter.auth_server_url, &adapter.resource)
        else {
            self.refuse("the file does not name `realm`, `auth-server-url` and `resource`".to_owned());
            return None;
        };
        if [realm, url, client].iter().any(|value| value.contains("${")) {
            self.refuse("the file has a placeholder `${...}` in its realm, server or client".to_owned());
            return None;
        }
        if file.has_other_credentials() {
            self.refuse("the client of the file proves itself by something else than a secret".to_owned());
            return None;
        }
        self.warn(
            "`aud` of a token has to name the client; the java adapter does not look at it by default"
                .to_owned(),
        );
        let issuer = format!("{}/realms/{realm}", url.trim_end_matches('/'));
        let made: Option<ProviderConfig> =
            serde_json::from_value(json!({ "issuer": issuer, "client_id": client })).ok();
        let mut provider = made?;
        provider.client_secret =
            file.secret().map(|pointer| SecretRef::Json(self.section.file.clone(), pointer.to_owned()));
        provider.authorization.settings = self.section.settings.clone();
        provider.authorization.fetch = self.section.fetch;
        if self.section.fetch && provider.client_secret.is_none() {
            self.refuse("the file has no secret of the client to fetch settings with".to_owned());
        }
        Some(provider)
    }

    fn insert_provider(&mut self, config: &mut Config, provider: ProviderConfig) {
        if config.providers.insert(self.name.to_owned(), provider).is_some() {
            let name = self.name;
            let message = format!("there is a provider `{name}` beside the one made of the file");
            let hint = format!("to use it, set `enforcers.{name}.provider`");
            self.problems.push(Problem::new(format!("enforcers.{name}"), message).hint(hint));
        }
    }

    fn refuse(&mut self, message: String) {
        self.problems.push(Problem::new(format!("enforcers.{}.file", self.name), message));
    }

    fn warn(&mut self, message: String) {
        self.warnings.push(Problem::new(format!("enforcers.{}.file", self.name), message));
    }
}

fn read(path: &Path) -> Result<String, String> {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(MOST_BYTES + 1).read_to_string(&mut text));
    read.map_err(|error| format!("cannot be read: {}", file_error(&error)))?;
    if text.len() as u64 > MOST_BYTES {
        return Err("larger than 8 MiB".to_owned());
    }
    Ok(text)
}

#[cfg(test)]
mod tests;
