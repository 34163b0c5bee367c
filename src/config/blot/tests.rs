use std::path::Path;

use super::{Document, blot};

fn blotted(text: &str) -> String {
    let document = Document::parse(Path::new("gatecloak.toml"), text).ok();
    let blotted = blot(text, document.as_ref());
    assert_eq!(blotted.len(), text.len(), "places in the text must stay");
    blotted
}

#[test]
fn a_secret_written_out_is_blotted() {
    for text in [
        "[providers.a]\nclient_secret = \"hunter2\"",
        "[providers.a]\nclient_secrt = \"hunter2\"",
        "[providers]\na = { client-secret = 'hunter2', timeout = 1 }",
        "client_secret = [\"hunter2\"]",
        "client_secret = { value = \"hunter2\" }",
        "client_secret = \"\"\"\nhunter2\n\"\"\"",
        "[identity]\nauthorization_header = \"Basic hunter2\"",
        "[identity.authorization_header]\nreplace = \"hunter2\"",
        "access_token = \"hunter2\"",
        "password = \"hunter2\"",
    ] {
        assert!(!blotted(text).contains("hunter2"), "{text}");
    }
}

#[test]
fn a_secret_is_blotted_in_a_text_that_does_not_parse() {
    for text in
        ["client_secret = hunter2", "client_secret: hunter2 [", "a = { client_secret = \"hunter2\", = }"]
    {
        assert!(!blotted(text).contains("hunter2"), "{text}");
    }
}

#[test]
fn credentials_in_urls_are_blotted() {
    let text = "endpoints = [\"https://joe:hunter2@example.com\"]";
    assert_eq!(blotted(text), "endpoints = [\"https://***********@example.com\"]");
    assert_eq!(blotted("x = http://joe:hunter2@host ="), "x = http://***********@host =");
    assert_eq!(blotted("x = \"https://hunter2@host\""), "x = \"https://*******@host\"");
    assert_eq!(blotted("x = 'joe:hun/ter2@host'"), "x = '************@host'");
}

#[test]
fn what_is_no_secret_stays_readable() {
    for text in [
        "client_secret = \"file:/run/secrets/client\"",
        "client_secret = \"env:CLIENT\"",
        "[identity]\nauthorization_header = \"strip\"",
        "[providers.main.token]\nleeway = \"5s\"\naudience = [\"shop\"]",
        "issuer = \"https://sso.example.com/realms/shop\" # mail a@b.c",
    ] {
        assert_eq!(blotted(text), text);
    }
}
