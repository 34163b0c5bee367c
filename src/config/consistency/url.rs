//! URLs of realms and endpoints.

use url::Url;

use crate::config::Problem;

/// The problem with a URL, if there is one. Credentials in it are refused, and then not repeated.
pub(super) fn check(key: &str, text: &str, with_path: bool) -> Option<Problem> {
    let expected =
        if with_path { "`https://HOST/PATH`" } else { "`http://HOST:PORT` or `https://HOST:PORT`" };
    let Ok(url) = Url::parse(text) else {
        let shown = if text.contains('@') { String::new() } else { format!(", found `{text}`") };
        let problem = Problem::new(key, format!("expected a URL such as {expected}{shown}"));
        return Some(if text.contains("://") {
            problem
        } else {
            problem.hint("write the scheme too: `http://...`")
        });
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Some(
            Problem::new(
                key,
                "the URL has a user name or a password in it, which would be shown in logs and `/config`",
            )
            .hint("send credentials by `authorization_header = { replace = \"file:PATH\" }`"),
        );
    }
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Some(Problem::new(key, format!("expected a URL such as {expected}")));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Some(Problem::new(key, "the URL has a query or a fragment"));
    }
    if !with_path && !matches!(url.path(), "" | "/") {
        return Some(
            Problem::new(key, format!("the URL has a path, `{}`", url.path()))
                .hint("the path sent is that of the request; `strip_prefix` of a route can cut a prefix off"),
        );
    }
    None
}
