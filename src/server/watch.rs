//! Follows changes of the files that the configuration is made of.
//!
//! Folders are watched, not files: editors put a new file in the place of the old one, and Kubernetes swaps a link to a
//! folder of files. What has been seen is compared by content, so that other files in the same folder (a log, say) cause
//! no reload, and a reload that failed is not tried again before something changes.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::reload::Reloader;
use crate::config::{AuthorizationHeader, Config, SecretRef};

/// Files are written in several steps: wait until they rest.
const REST: Duration = Duration::from_millis(200);
/// But not for ever.
const PATIENCE: Duration = Duration::from_secs(2);

/// Follows changes until it is dropped.
#[derive(Debug)]
pub(super) struct Watch {
    messages: Sender<Message>,
}

#[derive(Debug)]
enum Message {
    Changed,
    Stop,
}

impl Watch {
    /// Starts the thread that waits for changes and reloads.
    pub(super) fn start(reloader: Arc<Reloader>) -> notify::Result<Self> {
        let (messages, received) = channel();
        let changed = messages.clone();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            // An error can mean that events were lost.
            if event.map_or(true, |event| !matches!(event.kind, EventKind::Access(_))) {
                // The receiver ends first when the gateway stops.
                let _ = changed.send(Message::Changed);
            }
        })?;
        let mut seen = Seen::look(&reloader);
        follow(&mut watcher, &seen);
        thread::Builder::new()
            .name("watch".to_owned())
            .spawn(move || {
                while wait_for_rest(&received) {
                    let now = Seen::look(&reloader);
                    if now == seen {
                        continue;
                    }
                    // The outcome is logged where it is known.
                    let _ = reloader.reload();
                    // The new configuration may name other files.
                    seen = Seen::look(&reloader);
                    if seen.differs_from(&now) {
                        // Written again in the meantime.
                        let _ = reloader.reload();
                    }
                    follow(&mut watcher, &seen);
                }
            })
            .map_err(notify::Error::io)?;
        Ok(Self { messages })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // The thread may have ended already.
        let _ = self.messages.send(Message::Stop);
    }
}

/// Waits for a change, and then until changes pause; `false` at the end.
fn wait_for_rest(messages: &Receiver<Message>) -> bool {
    if !matches!(messages.recv(), Ok(Message::Changed)) {
        return false;
    }
    let first = Instant::now();
    while first.elapsed() < PATIENCE {
        match messages.recv_timeout(REST) {
            Ok(Message::Changed) => (),
            Ok(Message::Stop) => return false,
            Err(_) => break,
        }
    }
    true
}

/// Watching a folder again does no harm, and finds one that was made anew.
fn follow(watcher: &mut RecommendedWatcher, seen: &Seen) {
    for folder in seen.folders() {
        if let Err(error) = watcher.watch(&folder, RecursiveMode::NonRecursive) {
            tracing::warn!(folder = %folder.display(), %error, "changes here are not noticed");
        }
    }
}

/// The files, with what was in them; `None` if one could not be read.
#[derive(Debug, PartialEq, Eq)]
struct Seen(BTreeMap<PathBuf, Option<u64>>);

impl Seen {
    fn look(reloader: &Reloader) -> Self {
        let Some(source) = &reloader.source else { return Self(BTreeMap::new()) };
        let folder = source.file.parent().unwrap_or(Path::new(""));
        let others = files_of(&reloader.config.lock()).into_iter().map(|file| folder.join(file));
        let files = others.chain([source.file.clone()]);
        Self(files.map(|file| (file.clone(), content(&file))).collect())
    }

    /// Whether a file that both have seen has changed.
    fn differs_from(&self, earlier: &Self) -> bool {
        self.0.iter().any(|(file, content)| earlier.0.get(file).is_some_and(|before| before != content))
    }

    /// The files' folders, and those of what they link to.
    fn folders(&self) -> BTreeSet<PathBuf> {
        let real = self.0.keys().filter_map(|file| file.canonicalize().ok());
        let files = self.0.keys().cloned().chain(real);
        let folder = |file: PathBuf| match file.parent() {
            Some(folder) if folder.as_os_str().is_empty() => PathBuf::from("."),
            Some(folder) => folder.to_owned(),
            None => file,
        };
        files.map(folder).collect()
    }
}

fn content(file: &Path) -> Option<u64> {
    let content = std::fs::read(file).ok()?;
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    Some(hasher.finish())
}

/// All files that a configuration names and that are read when it is compiled.
fn files_of(config: &Config) -> Vec<PathBuf> {
    let mut files = Vec::new();
    if let Some(tls) = &config.listener.tls {
        files.extend([tls.certificate.clone(), tls.key.clone()]);
    }
    for provider in config.providers.values() {
        files.extend(provider.ca.clone());
        files.extend(provider.jwks.pem.clone());
        files.extend(provider.authorization.settings.clone());
        files.extend(provider.client_secret.as_ref().and_then(secret_file));
    }
    for enforcer in config.enforcers.values() {
        files.push(enforcer.file.clone());
        files.extend(enforcer.settings.clone());
    }
    for upstream in config.upstreams.values() {
        let tls = &upstream.tls;
        files.extend([&tls.ca, &tls.certificate, &tls.key].into_iter().flatten().cloned());
    }
    let routes = config.routes.values().filter_map(|route| route.authorization_header.as_ref());
    for header in routes.chain([&config.identity.authorization_header]) {
        if let AuthorizationHeader::Replace(secret) = header {
            files.extend(secret_file(secret));
        }
    }
    files
}

fn secret_file(secret: &SecretRef) -> Option<PathBuf> {
    match secret {
        SecretRef::File(path) | SecretRef::Json(path, _) => Some(path.clone()),
        SecretRef::Env(_) => None,
    }
}

#[cfg(test)]
mod tests;
