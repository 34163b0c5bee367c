use http::HeaderValue;

use super::*;

#[test]
fn every_spelling_is_removed_and_nothing_else() {
    let spellings = Spellings::new(["X-User-Id", "x_roles"]);
    let mut headers = HeaderMap::new();
    for name in [
        "x-user-id",
        "X_USER_ID",
        "x.user.id",
        "x-user_id",
        "x-user.ID",
        "x!user~id",
        "x|user+id",
        "x-roles",
        "x_roles",
        "x-user-idx",
        "x-user",
        "xx-user-id",
        "x-userxid",
    ] {
        headers.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_static("1"));
    }
    spellings.remove(&mut headers);
    let mut left: Vec<_> = headers.keys().map(HeaderName::as_str).collect();
    left.sort_unstable();
    assert_eq!(left, ["x-user", "x-user-idx", "x-userxid", "xx-user-id"]);
}

#[test]
fn no_names_remove_nothing() {
    let mut headers = HeaderMap::new();
    headers.insert("x-user-id", HeaderValue::from_static("1"));
    Spellings::new::<&str>([]).remove(&mut headers);
    assert_eq!(headers.len(), 1);
}
