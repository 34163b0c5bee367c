//! `gatecloak explain`: how one request would be answered, and why, down to each policy.

mod json;
mod text;

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderName, HeaderValue};

use super::offline::Offline;
use super::token::Judgement;
use super::{Source, Terminal, claims_file, token};
use crate::gateway::{Explanation, Probe, ProbeAnswer, ProbeCaller};

/// Arguments of `gatecloak explain`.
#[derive(Debug, clap::Args)]
pub struct ExplainArgs {
    /// Whose routes and settings judge.
    #[command(flatten)]
    source: Source,
    /// The HTTP method
    #[arg(value_name = "METHOD")]
    method: String,
    /// The URL, or the path alone for routes of any host
    #[arg(value_name = "URL")]
    url: String,
    /// The caller's token: a file, `-` for standard input, or the token itself
    #[arg(long, value_name = "FILE|-|TOKEN", conflicts_with = "claims")]
    token: Option<String>,
    /// The claims of a token that has passed every check of its own (JSON file, or `-`)
    #[arg(long, value_name = "FILE")]
    claims: Option<PathBuf>,
    /// The provider of the claims, if they have no `iss`
    #[arg(long, value_name = "NAME", requires = "claims")]
    provider: Option<String>,
    /// A header field of the request, for claims that the route pushes; as often as needed
    #[arg(long, short = 'H', value_name = "NAME: VALUE", value_parser = header)]
    header: Vec<(HeaderName, HeaderValue)>,
    /// The client's address, for claims that the route pushes
    #[arg(long, value_name = "ADDRESS")]
    client_address: Option<IpAddr>,
    /// Print one JSON object in place of text
    #[arg(long)]
    json: bool,
}

/// What is known of the caller.
enum Caller {
    Nobody,
    Claims(String),
    Token(Box<Judgement>),
}

/// Exits with 0: allowed, 1: refused, 2: there is no answer, 3: it is not decided here.
pub(super) fn run(args: ExplainArgs, terminal: Terminal) -> ExitCode {
    match explain(&args, terminal) {
        Ok(explained) => {
            terminal.print(&if args.json { explained.as_json() } else { explained.as_text() });
            ExitCode::from(match explained.explanation.answer {
                ProbeAnswer::Allowed => 0,
                ProbeAnswer::AsksKeycloak | ProbeAnswer::Depends => 3,
                _ => 1,
            })
        }
        Err(Unanswered::Config(error)) => {
            terminal.refuse(&error);
            ExitCode::from(2)
        }
        Err(Unanswered::Call(error)) => {
            terminal.say(&format!("error: {error}"));
            ExitCode::from(2)
        }
    }
}

/// An explained request.
struct Explained {
    request: String,
    caller: Caller,
    explanation: Explanation,
}

/// Why nothing is explained.
enum Unanswered {
    Config(crate::config::LoadError),
    Call(String),
}

fn explain(args: &ExplainArgs, terminal: Terminal) -> Result<Explained, Unanswered> {
    let offline = Offline::load(&args.source).map_err(Unanswered::Config)?;
    let caller = caller(args, &offline, terminal)?;
    let request = format!("{} {}", args.method, args.url);
    let probe_caller = match &caller {
        Caller::Nobody => ProbeCaller::Nobody,
        Caller::Claims(claims) => ProbeCaller::Token {
            provider: args.provider.as_deref(),
            claims: claims.as_bytes(),
            introspected: false,
        },
        Caller::Token(judgement) => judgement.as_probe_caller(),
    };
    let headers: HeaderMap = args.header.iter().cloned().collect();
    let probe = Probe {
        request: &request,
        caller: probe_caller,
        headers: &headers,
        client: args.client_address,
        now: now(),
        open_ended: false,
    };
    let explanation = offline.gateway.explain(&probe).map_err(Unanswered::Call)?;
    Ok(Explained { request, caller, explanation })
}

fn caller(args: &ExplainArgs, offline: &Offline, terminal: Terminal) -> Result<Caller, Unanswered> {
    if let Some(provider) = &args.provider
        && !offline.gateway.config().providers.contains_key(provider)
    {
        return Err(Unanswered::Call(format!("there is no provider `{provider}`")));
    }
    if let Some(path) = &args.claims {
        return claims_file::read(path).map(Caller::Claims).map_err(Unanswered::Call);
    }
    let Some(given) = &args.token else { return Ok(Caller::Nobody) };
    let path = Path::new(given);
    let token = if given == "-" {
        token::read(terminal)
    } else if path.is_file() {
        claims_file::text(path)
    } else {
        Ok(given.clone())
    };
    let token = token.map_err(|error| Unanswered::Call(format!("the token cannot be read: {error}")))?;
    // With the providers that enforcers' files come to.
    let loaded = crate::config::Loaded { config: offline.gateway.config().clone(), ..offline.loaded.clone() };
    match token::judged(&loaded, &token) {
        Ok(judgement) => Ok(Caller::Token(Box::new(judgement))),
        Err(token::NotJudged::Config(error)) => Err(Unanswered::Config(error)),
        Err(token::NotJudged::Runtime(error)) => Err(Unanswered::Call(format!("no runtime: {error}"))),
    }
}

/// `NAME: VALUE`.
fn header(text: &str) -> Result<(HeaderName, HeaderValue), String> {
    let (name, value) = text.split_once(':').ok_or("it is not `NAME: VALUE`")?;
    let name = name.trim().parse().map_err(|_| "the name is none of a header field")?;
    let value = HeaderValue::from_str(value.trim()).map_err(|_| "the value is none of a header field")?;
    Ok((name, value))
}

/// Seconds since 1970.
pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
