//! `gatecloak token`: verifies and shows one token, each check ticked or crossed.

use std::io::{self, IsTerminal as _, Read as _};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::{Source, Terminal};
use crate::config::{LoadError, Loaded};
use crate::gateway::ProbeCaller;
use crate::token::{Provider, Providers, TokenError, TokenSource, UnverifiedToken, VerifiedToken};

/// The most that is read from standard input.
const INPUT_LIMIT: u64 = 1024 * 1024;

/// Arguments of `gatecloak token`.
#[derive(Debug, clap::Args)]
pub struct TokenArgs {
    /// Whose providers judge.
    #[command(flatten)]
    pub source: Source,
    /// The token; `-` or nothing reads it from standard input, which keeps it out of the shell's history
    #[arg(value_name = "TOKEN")]
    pub token: Option<String>,
}

/// Each check in the order in which it is made, with the codes of its failures.
const CHECKS: [(&str, &[&str]); 9] = [
    ("form", &["token_malformed", "token_oversized", "critical_header"]),
    ("issuer", &["issuer_unknown"]),
    ("algorithm", &["algorithm_unsupported"]),
    ("key", &["key_unknown", "keys_unavailable"]),
    ("signature", &["signature_invalid"]),
    ("type", &["type_mismatch"]),
    ("times", &["token_expired", "token_not_yet_valid", "times_implausible"]),
    ("audience", &["audience_mismatch", "authorized_party_mismatch"]),
    ("claims", &["token_bound", "claim_missing", "claim_invalid"]),
];

/// Judges the token as the gateway would, by the providers of the configuration: 0 if it is good, 1 if it is not.
pub(super) fn run(args: TokenArgs, terminal: Terminal) -> ExitCode {
    let loaded = match args.source.load() {
        Ok(loaded) => loaded,
        Err(error) => return terminal.refuse(&error),
    };
    let token = match args.token.filter(|token| token != "-").map_or_else(|| read(terminal), Ok) {
        Ok(token) => token,
        Err(error) => {
            terminal.say(&format!("error: the token cannot be read from standard input: {error}"));
            return ExitCode::from(2);
        }
    };
    let judgement = match judged(&loaded, &token) {
        Ok(judgement) => judgement,
        Err(NotJudged::Config(error)) => return terminal.refuse(&error),
        Err(NotJudged::Runtime(error)) => {
            terminal.say(&format!("error: no runtime: {error}"));
            return ExitCode::FAILURE;
        }
    };
    terminal.print(&format!("{}\n\n{}", judgement.marks(), judgement.conclusion()));
    if let Some(claims) = claims(bare(&token)) {
        terminal.print(&format!("\n{claims:#}"));
    }
    if judgement.verdict.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What the providers say of a token.
pub(super) struct Judgement {
    verdict: Result<(Arc<Provider>, Arc<VerifiedToken>), TokenError>,
}

/// Why nothing is said.
pub(super) enum NotJudged {
    Config(LoadError),
    Runtime(io::Error),
}

/// Judges a token as the gateway would.
pub(super) fn judged(loaded: &Loaded, token: &str) -> Result<Judgement, NotJudged> {
    // Two threads: a call to the realm runs on one while the other waits for it.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.map_err(NotJudged::Runtime)?;
    let providers = providers(loaded, runtime.handle()).map_err(NotJudged::Config)?;
    Ok(Judgement { verdict: runtime.block_on(judge(&providers, loaded, bare(token))) })
}

fn bare(token: &str) -> &str {
    let token = token.trim();
    token.strip_prefix("Bearer ").unwrap_or(token)
}

pub(super) fn read(terminal: Terminal) -> io::Result<String> {
    if io::stdin().is_terminal() {
        terminal.say("paste the token, then end the input (Ctrl-D)");
    }
    let mut text = String::new();
    io::stdin().lock().take(INPUT_LIMIT).read_to_string(&mut text)?;
    Ok(text)
}

fn providers(loaded: &Loaded, control: &tokio::runtime::Handle) -> Result<Providers, LoadError> {
    let mut providers = Providers::default();
    let mut problems = Vec::new();
    for (name, config) in &loaded.config.providers {
        match Provider::build(name, config, loaded.folder(), control, None) {
            Ok(provider) => providers.all.push(Arc::new(provider)),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() {
        return Ok(providers);
    }
    Err(LoadError { file: loaded.file.clone(), text: loaded.text.clone(), problems })
}

/// The token's owner, or the first check that failed.
async fn judge(
    providers: &Providers,
    loaded: &Loaded,
    token: &str,
) -> Result<(Arc<Provider>, Arc<VerifiedToken>), TokenError> {
    let longest = loaded.config.providers.values().map(|provider| provider.token.max_bytes.get()).max();
    let unverified = UnverifiedToken::parse(token, longest.unwrap_or_default())?;
    let Some(issuer) = unverified.issuer.as_deref() else {
        return introspect(providers, token).await;
    };
    let provider = providers.by_issuer(issuer).ok_or(TokenError::IssuerUnknown)?;
    let mut verdict = provider.verify(&unverified, now());
    if matches!(verdict, Err(TokenError::KeyUnknown | TokenError::KeysUnavailable)) {
        provider.refetch_keys(token).await?;
        verdict = provider.verify(&unverified, now());
    }
    verdict.map(|verified| (Arc::clone(provider), Arc::new(verified)))
}

/// An opaque token names no issuer, so each is asked.
async fn introspect(
    providers: &Providers,
    token: &str,
) -> Result<(Arc<Provider>, Arc<VerifiedToken>), TokenError> {
    let mut refusal = TokenError::IntrospectionDisabled;
    for provider in &providers.all {
        match provider.introspect(token, false).await {
            Ok(verified) => return Ok((Arc::clone(provider), verified)),
            Err(error) => refusal = error,
        }
    }
    Err(refusal)
}

impl Judgement {
    /// A line for each check.
    pub(super) fn marks(&self) -> String {
        match &self.verdict {
            Ok((_, verified)) if verified.source == TokenSource::Signature => marks(None),
            Ok(_) => "\u{2713} introspection   the realm says that the token is active".to_owned(),
            Err(error) => marks(Some(error)),
        }
    }

    /// What comes of it.
    pub(super) fn conclusion(&self) -> String {
        match &self.verdict {
            Ok((provider, verified)) => format!(
                "good: a token of provider `{}`, usable for {} s",
                provider.name(),
                (verified.usable_until - now()).max(0)
            ),
            Err(error) => format!("refused: {error} ({})", error.code()),
        }
    }

    /// The stable code of the check that failed.
    pub(super) fn code(&self) -> Option<&'static str> {
        self.verdict.as_ref().err().map(TokenError::code)
    }

    /// The token's owner, as a caller of a probe.
    pub(super) fn as_probe_caller(&self) -> ProbeCaller<'_> {
        match &self.verdict {
            Ok((provider, verified)) => ProbeCaller::Token {
                provider: Some(provider.name()),
                claims: verified.principal.claims_json(),
                introspected: verified.source != TokenSource::Signature,
            },
            Err(error) => ProbeCaller::Refused(error.code()),
        }
    }
}

/// A line for each check: those before the failed one hold, those after it were not made.
fn marks(failed: Option<&TokenError>) -> String {
    let at = |error: &TokenError| CHECKS.iter().position(|(_, codes)| codes.contains(&error.code()));
    let line = |index: usize, name: &str| match failed.map(at) {
        None => format!("\u{2713} {name}"),
        Some(Some(failed)) if index < failed => format!("\u{2713} {name}"),
        Some(Some(failed)) if index == failed => format!("\u{2717} {name}"),
        // A failure outside of the list, such as an answer of the realm: nothing can be said of these.
        Some(_) => format!("- {name}"),
    };
    let lines: Vec<_> = CHECKS.iter().enumerate().map(|(index, (name, _))| line(index, name)).collect();
    lines.join("\n")
}

/// Header and claims of a JWS, for reading; the signature is never shown, since with it this would be the token.
fn claims(token: &str) -> Option<Value> {
    let mut parts = token.split('.');
    let mut part = || serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(parts.next()?).ok()?).ok();
    let (header, claims) = (part()?, part()?);
    Some(serde_json::json!({ "header": header, "claims": claims }))
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
