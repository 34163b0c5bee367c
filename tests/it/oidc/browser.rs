//! As much of a browser as the login pages need: cookies, forms, and redirects one by one.

use std::collections::BTreeMap;

use reqwest::blocking::{Client, RequestBuilder};
use reqwest::redirect::Policy;

/// A browser without a window.
pub(super) struct Browser {
    http: Client,
    cookies: BTreeMap<String, String>,
}

/// What it sees.
pub(super) struct Page {
    /// Where it is sent to.
    pub(super) location: Option<String>,
    url: url::Url,
    text: String,
}

impl Browser {
    pub(super) fn new() -> Self {
        let http = Client::builder().redirect(Policy::none()).build().expect("an HTTP client");
        Self { http, cookies: BTreeMap::new() }
    }

    /// Opens an address, follows redirects within the server, logs in with the form that comes, and gives what comes then.
    pub(super) fn login(&mut self, url: &str, user: &str, password: &str) -> Page {
        let page = self.open(url);
        self.submit(&page, &[("username", user), ("password", password), ("credentialId", "")])
    }

    /// Opens an address, and follows redirects within the server.
    pub(super) fn open(&mut self, url: &str) -> Page {
        let mut page = self.see(self.http.get(url));
        let origin = |url: &str| url.split('/').take(3).map(str::to_owned).collect::<Vec<_>>();
        for _ in 0..10 {
            match &page.location {
                Some(next) if origin(next) == origin(url) => page = self.see(self.http.get(next)),
                _ => break,
            }
        }
        page
    }

    /// Sends the page's one form.
    pub(super) fn submit(&mut self, page: &Page, fields: &[(&str, &str)]) -> Page {
        let action = page.url.join(&page.form()).expect("a URL").to_string();
        let page = self.see(self.http.post(&action).form(fields));
        match &page.location {
            Some(next) if next.starts_with("http://127.0.0.1") => self.open(&next.clone()),
            _ => page,
        }
    }

    fn see(&mut self, request: RequestBuilder) -> Page {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = request.header("cookie", cookies.join("; ")).send().expect("an answer");
        for cookie in answer.headers().get_all("set-cookie") {
            let pair = cookie.to_str().expect("text").split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').expect("a cookie");
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let location = answer.headers().get("location").map(|value| value.to_str().expect("text").to_owned());
        let url = answer.url().clone();
        Page { location, url, text: answer.text().expect("a page") }
    }
}

impl Page {
    /// A parameter of the address that the browser is sent to.
    pub(super) fn parameter(&self, name: &str) -> String {
        let location = self.location.as_ref().unwrap_or_else(|| panic!("no redirect but {}", self.text));
        let url = url::Url::parse(location).expect("a URL");
        let found = url.query_pairs().find(|(own, _)| own == name);
        found.unwrap_or_else(|| panic!("no `{name}` in {location}")).1.into_owned()
    }

    /// The value of a hidden field.
    pub(super) fn field(&self, name: &str) -> Option<String> {
        let (_, rest) = self.text.split_once(&format!("name=\"{name}\""))?;
        let (_, rest) = rest.split('>').next()?.split_once("value=\"")?;
        Some(rest.split('"').next()?.to_owned())
    }

    fn form(&self) -> String {
        let found = self.text.split_once("<form").and_then(|(_, rest)| rest.split_once("action=\""));
        let (_, rest) = found.unwrap_or_else(|| panic!("no form: {:?} {}", self.location, self.text));
        rest.split('"').next().unwrap_or_default().replace("&amp;", "&")
    }
}
